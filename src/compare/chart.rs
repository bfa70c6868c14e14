//! The charts of the pages, drawn as SVG.
//!
//! Colours are written down as in [`SERIES`], [`INK`] and [`GUIDE`]. In the dark, the page's style
//! sheet finds them by these very values and puts others in their place.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::coincide::{self, Line, Scale};
use super::figures::{Curve, Summary};
use super::report::Report;
use super::sweep::Sweep;
use super::words::{mib, ms};

/// Told apart by people who see fewer colours too (after Okabe and Ito), and dark enough for white
/// paper. A ninth variant begins anew.
pub(super) const SERIES: [RGBColor; 8] = [
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xA0, 0x4F, 0x80),
    RGBColor(0x00, 0x8A, 0x66),
    RGBColor(0x9A, 0x70, 0x00),
    RGBColor(0x2B, 0x88, 0xB8),
    RGBColor(0x55, 0x55, 0x55),
    RGBColor(0x7B, 0x3F, 0xC0),
];
const INK: RGBColor = RGBColor(0x4A, 0x4F, 0x57);
const GUIDE: RGBColor = RGBColor(0xD8, 0xDC, 0xE1);

const SIZE: (u32, u32) = (960, 400);
const FONT: &str = "sans-serif";
const FONT_PX: u32 = 15;

/// More passes than these would be a solid line.
const MOST_TICKS: usize = 120;

/// Where glibc on 64-bit systems begins to give every freed block back at once, at the latest.
const GLIBC_LARGEST_THRESHOLD_MIB: f64 = 32.0;

type Error = Box<dyn std::error::Error>;

/// RSS over time, all variants on the same axes; `None` without a curve.
pub(super) fn memory(report: &Report) -> Option<String> {
    let curves: Vec<(usize, &Curve)> = report
        .variants
        .iter()
        .enumerate()
        .filter_map(|(index, variant)| Some((index, variant.curve.as_ref()?)))
        .filter(|(_, curve)| curve.time_ns.len() > 1)
        .collect();
    if curves.is_empty() {
        return None;
    }
    let mut svg = String::new();
    draw_memory(report, &curves, &mut svg).ok()?;
    Some(svg)
}

fn draw_memory(report: &Report, curves: &[(usize, &Curve)], svg: &mut String) -> Result<(), Error> {
    let unit_bytes = report.counted_array_bytes().unwrap_or(1 << 20) as f64;
    let held = |bytes: i64| bytes as f64 / unit_bytes;
    let all = || curves.iter().flat_map(|(_, curve)| &curve.held_bytes);
    let top = 1.08 * all().map(|&bytes| held(bytes)).fold(1.0, f64::max);
    let bottom = all().map(|&bytes| held(bytes)).fold(-0.02 * top, f64::min);
    let end_ns =
        curves.iter().flat_map(|(_, curve)| &curve.time_ns).max().map_or(1, |&ns| ns.max(1));
    let end_ms = ms(end_ns);
    let guides = whole_steps(top);

    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let y = Axis::linear(bottom..top, guides.clone());
    let mut chart = builder(&area).build_cartesian_2d(0.0..end_ms * 1.01, y)?;
    for &guide in &guides {
        let line = [(0.0, guide), (end_ms * 1.01, guide)];
        chart.draw_series(LineSeries::new(line, GUIDE.stroke_width(1)))?;
    }
    let unit = if report.counted_array_bytes().is_some() { "arrays held" } else { "MiB held" };
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(INK)
        .label_style((FONT, FONT_PX, &INK))
        .x_desc("ms since the variant began")
        .y_desc(unit)
        .x_label_formatter(&|ms| short(*ms))
        .y_label_formatter(&|held| short(*held))
        .draw()?;
    let lines: Lines = curves
        .iter()
        .map(|(_, curve)| {
            let points = curve.time_ns.iter().zip(&curve.held_bytes);
            points.map(|(&time_ns, &bytes)| (ms(time_ns), held(bytes))).collect()
        })
        .collect();
    for (&(index, _), line) in curves.iter().zip(&lines) {
        let color = SERIES[index % SERIES.len()];
        chart.draw_series(LineSeries::new(line.iter().copied(), color.stroke_width(2)))?;
    }
    let scales = [Scale::linear(0.0..end_ms * 1.01), Scale::linear(bottom..top)];
    for (line, piece) in coincide::pieces(&lines, &scales) {
        let color = SERIES[curves[line].0 % SERIES.len()];
        chart.draw_series(LineSeries::new(piece, color.stroke_width(2)))?;
    }
    for &(index, curve) in curves {
        let color = SERIES[index % SERIES.len()];
        let half = top * 0.018;
        let starts = curve.pass_start_ns.iter().filter(|&&start_ns| start_ns <= end_ns);
        for &start_ns in starts.take(MOST_TICKS) {
            let (x, y) = (ms(start_ns), held(held_at(curve, start_ns)));
            chart.draw_series(LineSeries::new([(x, y - half), (x, y + half)], color))?;
        }
    }
    drop(chart);
    area.present()?;
    Ok(())
}

/// What was held at a time: the last sample before it.
fn held_at(curve: &Curve, time_ns: u64) -> i64 {
    let after = curve.time_ns.partition_point(|&sampled_ns| sampled_ns <= time_ns);
    curve.held_bytes.get(after.saturating_sub(1)).copied().unwrap_or(0)
}

/// Time and faults over the sizes, two charts; `None` if nothing can be drawn.
pub(super) fn over_sizes(sweep: &Sweep) -> Option<(String, String)> {
    let time = |_: u64, summary: &Summary| Some(ms(summary.pass_ns.median));
    // A fault for each page of an array is one.
    let faults = |array_bytes: u64, summary: &Summary| {
        Some(summary.faults_a_pass()? as f64 * 4096.0 / array_bytes as f64)
    };
    let (times, faults) = (points(sweep, time), points(sweep, faults));
    let (mut time_svg, mut fault_svg) = (String::new(), String::new());
    draw_times(&times, &mut time_svg).ok()?;
    draw_faults(&faults, &mut fault_svg).ok()?;
    Some((time_svg, fault_svg))
}

/// For each variant its points: MiB of an array, and the figure.
type Lines = Vec<Line>;

fn points(sweep: &Sweep, figure: impl Fn(u64, &Summary) -> Option<f64>) -> Lines {
    let variants = sweep.reports.first().map_or(0, |report| report.variants.len());
    let of = |index: usize| {
        let mut line: Vec<(f64, f64)> = sweep
            .reports
            .iter()
            .filter_map(|report| {
                let bytes = report.array_bytes.filter(|&bytes| bytes > 0)?;
                let summary = report.variants.get(index)?.summary.as_ref()?;
                Some((mib(bytes as i64), figure(bytes, summary)?))
            })
            .collect();
        line.sort_by(|one, other| one.0.total_cmp(&other.0));
        line
    };
    (0..variants).map(of).collect()
}

fn draw_times(lines: &Lines, svg: &mut String) -> Result<(), Error> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let sizes = bounds(lines, |point| point.0).ok_or("no point")?;
    let times = bounds(lines, |point| point.1).ok_or("no point")?;
    let (x, y) = (Axis::logarithmic(sizes, 2.0), Axis::logarithmic(times, 10.0));
    let chart = builder(&area).build_cartesian_2d(x, y)?;
    draw_lines(chart, lines, "ms a pass")?;
    area.present()?;
    Ok(())
}

fn draw_faults(lines: &Lines, svg: &mut String) -> Result<(), Error> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let sizes = bounds(lines, |point| point.0).ok_or("no point")?;
    let top = bounds(lines, |point| point.1).ok_or("no point")?.end.max(1.0);
    let (x, y) = (Axis::logarithmic(sizes, 2.0), Axis::linear(-0.03 * top..top, whole_steps(top)));
    let chart = builder(&area).build_cartesian_2d(x, y)?;
    draw_lines(chart, lines, "faults a pass, for each page of an array")?;
    area.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn builder<'a, 'b>(area: &'a Area<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder.margin(12).x_label_area_size(46).y_label_area_size(58);
    builder
}

/// An axis with numbers where we want them.
struct Axis {
    scale: Scale,
    points: Vec<f64>,
}

impl Axis {
    fn linear(range: Range<f64>, points: Vec<f64>) -> Self {
        Self { scale: Scale::linear(range), points }
    }

    /// With a number at each power of `base`.
    fn logarithmic(range: Range<f64>, base: f64) -> Self {
        Self { points: powers(&range, base), scale: Scale::logarithmic(range) }
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        // What lies far outside, as the logarithm of nothing does, is drawn just outside.
        let share = self.scale.share(*value).clamp(-1.0, 2.0);
        from + (share * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.points.clone()
    }

    fn range(&self) -> Range<f64> {
        self.scale.range.clone()
    }
}

/// Axes, the guide at glibc's threshold, and a line with a dot for each size.
fn draw_lines(
    mut chart: ChartContext<'_, SVGBackend<'_>, Cartesian2d<Axis, Axis>>,
    lines: &Lines,
    unit: &str,
) -> Result<(), Error> {
    let scales = [chart.as_coord_spec().x_spec(), chart.as_coord_spec().y_spec()];
    let scales = scales.map(|axis| axis.scale.clone());
    let (sizes, figures) = (chart.x_range(), chart.y_range());
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GUIDE)
        .axis_style(INK)
        .label_style((FONT, FONT_PX, &INK))
        .x_desc("MiB of one array")
        .y_desc(unit)
        .x_label_formatter(&|mib| short(*mib))
        .y_label_formatter(&|figure| short(*figure))
        .draw()?;
    if sizes.contains(&GLIBC_LARGEST_THRESHOLD_MIB) {
        let at = |figure| (GLIBC_LARGEST_THRESHOLD_MIB, figure);
        let line = [at(figures.start), at(figures.end)];
        chart.draw_series(DashedLineSeries::new(line, 4, 4, INK.into()))?;
        let style = TextStyle::from((FONT, FONT_PX)).color(&INK);
        let style = style.pos(Pos::new(HPos::Right, VPos::Top));
        chart.draw_series([Text::new("32 MiB ", at(figures.end), style)])?;
    }
    for (index, line) in lines.iter().enumerate() {
        let color = SERIES[index % SERIES.len()];
        chart.draw_series(LineSeries::new(line.iter().copied(), color.stroke_width(2)))?;
    }
    for (index, piece) in coincide::pieces(lines, &scales) {
        let color = SERIES[index % SERIES.len()];
        chart.draw_series(LineSeries::new(piece, color.stroke_width(2)))?;
    }
    for (index, line) in lines.iter().enumerate() {
        let color = SERIES[index % SERIES.len()];
        // Dots that later ones cover are larger, and show as rings.
        let radius = |&point: &(f64, f64)| 4 + 2 * coincide::covering(lines, index, point, &scales);
        let dots = line.iter().map(|point| Circle::new(*point, radius(point), color.filled()));
        chart.draw_series(dots)?;
    }
    Ok(())
}

/// The least and the greatest, with some room; `None` without a point or with one that has no
/// logarithm.
fn bounds(lines: &Lines, of: impl Fn(&(f64, f64)) -> f64) -> Option<Range<f64>> {
    let all = || lines.iter().flatten().map(&of);
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    (least <= most).then(|| least.max(1e-6) * 0.8..most.max(1e-5) * 1.25)
}

/// The powers of `base` within `range`.
fn powers(range: &Range<f64>, base: f64) -> Vec<f64> {
    let exponent = |figure: f64| figure.ln() / base.ln();
    let (from, to) = (exponent(range.start).ceil() as i32, exponent(range.end).floor() as i32);
    (from..=to).map(|exponent| base.powi(exponent)).collect()
}

/// 0, 1, 2, … up to `top`, in steps so large that there are ten at most.
fn whole_steps(top: f64) -> Vec<f64> {
    let steps = [1.0, 2.0, 5.0].into_iter().cycle().zip((0..).map(|i| 10_f64.powi(i / 3)));
    let step = steps.map(|(one, ten)| one * ten).find(|step| top / step <= 10.0).unwrap_or(top);
    (0..).map(|i| f64::from(i) * step).take_while(|&guide| guide <= top).collect()
}

/// As few digits as tell it from its neighbours.
fn short(figure: f64) -> String {
    if figure == figure.round() || figure.abs() >= 100.0 {
        format!("{figure:.0}")
    } else if figure.abs() >= 1.0 {
        format!("{figure:.1}")
    } else {
        let text = format!("{figure:.3}");
        text.trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{powers, short, whole_steps};

    #[test]
    fn guides_stand_at_whole_numbers_and_are_few() {
        assert_eq!(whole_steps(4.3), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(whole_steps(14.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]);
        assert_eq!(whole_steps(480.0).last(), Some(&450.0));
        assert_eq!(powers(&(0.3..9.0), 2.0), [0.5, 1.0, 2.0, 4.0, 8.0]);
    }

    #[test]
    fn labels_are_short() {
        let labels = [0.0, 4.0, 0.25, 2.5, 1234.5, 0.5].map(short);
        assert_eq!(labels, ["0", "4", "0.25", "2.5", "1234", "0.5"]);
    }
}
