//! Time against size, as SVG: nanoseconds an element, so that a loop bound by nothing but its own instructions is a
//! level line, and what a cache no longer holds is a step.

use std::error::Error;
use std::fs;
use std::path::Path;

use plotters::element::DashedPathElement;
use plotters::prelude::*;

use crate::contest::Outcome;
use crate::{COPY, DIFFERENCE, limit, time};

/// Told apart by people who see fewer colours too (after Okabe and Ito).
const COLOURS: [RGBColor; 5] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0x00, 0x8A, 0x66),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0xA0, 0x4F, 0x80),
    RGBColor(0x9A, 0x70, 0x00),
];
const INK: RGBColor = RGBColor(0x4A, 0x4F, 0x57);
const SIZE: (u32, u32) = (960, 480);

type Limits = [&'static [&'static str]];

/// Writes a chart of the seed loop and one of single kernels.
pub(crate) fn save(dir: &Path, sizes: &[(usize, Vec<Outcome>)]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(dir)?;
    draw(
        &dir.join("seed-loop.svg"),
        "The seed loop: shuffle rows, take the difference",
        &[
            "fused",
            "two kernels",
            "ndarray in place, gathered",
            "ndarray in place, swapped",
            "ndarray allocating",
        ],
        &[("copy + difference", &[COPY, DIFFERENCE])],
        sizes,
    )?;
    draw(
        &dir.join("kernels.svg"),
        "Single kernels, and what their traffic takes at least",
        &["copy_into", "shuffle_copy_into", "diff_into", "transpose_into"],
        &[("copy", &[COPY]), ("difference", &[DIFFERENCE])],
        sizes,
    )
}

fn draw(
    file: &Path,
    title: &str,
    names: &[&str],
    limits: &[(&str, &Limits)],
    sizes: &[(usize, Vec<Outcome>)],
) -> Result<(), Box<dyn Error>> {
    let ns = |side: usize, seconds: f64| (side as f64, 1e9 * seconds / (side * side) as f64);
    let line = |of: &dyn Fn(&[Outcome]) -> f64| -> Vec<(f64, f64)> {
        sizes.iter().map(|(side, outcomes)| ns(*side, of(outcomes))).collect()
    };
    let lines: Vec<_> = names.iter().map(|name| line(&|outcomes| time(outcomes, name))).collect();
    let dashed: Vec<_> =
        limits.iter().map(|(_, ways)| line(&|outcomes| limit(outcomes, ways))).collect();
    let all = || lines.iter().chain(&dashed).flatten().map(|point| point.1);
    let (low, high) = (all().fold(f64::MAX, f64::min), all().fold(0.0, f64::max));
    let (first, last) = (sizes[0].0 as f64, sizes[sizes.len() - 1].0 as f64);

    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20).into_font().color(&INK))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d((first..last).log_scale(), (0.8 * low..1.3 * high).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("side n of the n × n arrays of f64")
        .y_desc("ns an element")
        .x_label_formatter(&|side| format!("{side:.0}"))
        .y_label_formatter(&|ns| format!("{}", (100.0 * ns).round() / 100.0))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .light_line_style(WHITE)
        .draw()?;
    for (k, (points, (name, _))) in dashed.into_iter().zip(limits).enumerate() {
        let style = INK.mix(if k == 0 { 1.0 } else { 0.5 }).stroke_width(2);
        chart
            .draw_series(DashedLineSeries::new(points, 6, 4, style))?
            .label(format!("limit: {name}"))
            .legend(move |(x, y)| DashedPathElement::new([(x, y), (x + 22, y)], 6, 4, style));
    }
    for ((points, name), colour) in lines.into_iter().zip(names).zip(COLOURS) {
        let style = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points, style))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .label_font(("sans-serif", 15).into_font().color(&INK))
        .draw()?;
    area.present()?;
    Ok(())
}
