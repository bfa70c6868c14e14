//! The report as one page for a browser: it loads nothing, and is readable in the light and in the
//! dark, on paper and on a narrow window.

use std::fmt::{self, Display, Formatter, Write};

use super::chart;
use super::figures::{GrowthRow, Summary};
use super::report::{NEGATIVE_GROWTH, Report, VariantReport, is_negative};
use super::sweep::Sweep;
use super::table::{arrays, conditions, is_told_apart, ratio, spread};
use super::words::{count, counted, fixed, mib, ms};

const STYLE: &str = include_str!("page.css");

/// The page of one comparison.
pub(super) fn report(report: &Report) -> String {
    let mut page = String::new();
    let about = format!("{}, on {}", conditions(report), report.date);
    open(&mut page, &report.title(), &about);
    for note in &report.notes {
        let _ = write!(page, "<p class=\"note\">{}</p>", Escaped(note));
    }
    page += "<ul class=\"findings\">";
    for finding in report.findings() {
        let _ = write!(page, "<li>{}</li>", Escaped(&finding));
    }
    page += "</ul>";
    bars(&mut page, report);
    if let Some(svg) = chart::memory(report) {
        let about = "Memory held over the time of one process for each variant, above what the \
                     process held before its set-up. A small vertical line marks the start of a pass. \
                     Where curves coincide, their colours alternate.";
        let caption = format!(
            "{about}{}",
            if report.counted_array_bytes().is_some() { " Grey lines: whole arrays." } else { "" }
        );
        figure(&mut page, &svg, &caption, &names(report));
    }
    if report.variants.iter().any(|variant| !variant.growth.is_empty()) {
        page += "<h2>Growth, mark by mark</h2><p class=\"note\">How much more memory is held after a step \
                 (current), and how much more was held at most during it (peak).</p><div class=\"columns\">";
        report.variants.iter().for_each(|variant| growth(&mut page, report, variant));
        page += "</div>";
        let mut rows = report.variants.iter().flat_map(|variant| &variant.growth);
        if rows.any(|row| is_negative(report, row)) {
            let _ = write!(page, "<p class=\"note\">{NEGATIVE_GROWTH}</p>");
        }
    }
    close(&mut page, report, "report.json");
    page
}

/// The page of a sweep.
pub(super) fn sweep(sweep: &Sweep) -> String {
    let mut page = String::new();
    let Some(first) = sweep.reports.first() else { return page };
    let sizes = counted(sweep.reports.len(), "size", "sizes");
    let about = format!("over {sizes}, on {}", first.date);
    open(&mut page, &first.name, &about);
    // What is true of one size only is no note on all.
    let is_common = |note: &&String| sweep.reports.iter().all(|report| report.notes.contains(note));
    for note in first.notes.iter().filter(is_common) {
        let _ = write!(page, "<p class=\"note\">{}</p>", Escaped(note));
    }
    if let Some((time, faults)) = chart::over_sizes(sweep) {
        figure(
            &mut page,
            &time,
            "The time of a pass, median. Both axes are logarithmic.",
            &names(first),
        );
        let about = "Page faults of a pass, per page of 4 KiB of an array: 2 means that two arrays \
                     are faulted in again in each pass. From 32 MiB on, glibc returns every freed \
                     block to the system at once. Where lines coincide, their colours alternate.";
        figure(&mut page, &faults, about, &names(first));
    }
    for report in &sweep.reports {
        let _ = write!(page, "<h2>{}</h2>", Escaped(&report.title()));
        bars(&mut page, report);
        page += "<ul class=\"findings\">";
        for finding in report.findings() {
            let _ = write!(page, "<li>{}</li>", Escaped(&finding));
        }
        page += "</ul>";
    }
    close(&mut page, first, "sweep.json");
    page
}

fn open(page: &mut String, title: &str, about: &str) {
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main>\
         <h1>{title}</h1><p class=\"about\">{about}</p>",
        title = Escaped(title),
        about = Escaped(about),
    );
}

fn close(page: &mut String, report: &Report, json_name: &str) {
    let _ = writeln!(
        page,
        "<footer><p>{}</p><p>All figures: <a href=\"{json_name}\">{json_name}</a>, \
         <a href=\"passes.csv\">passes.csv</a>. Made by ndarray-pool {}.</p></footer>\
         </main></body></html>",
        Escaped(&report.environment.to_string()),
        Escaped(&report.environment.crate_version),
    );
}

fn names(report: &Report) -> Vec<&str> {
    report.variants.iter().map(|variant| variant.name.as_str()).collect()
}

fn figure(page: &mut String, svg: &str, caption: &str, names: &[&str]) {
    *page += "<figure><p class=\"legend\">";
    for (index, name) in names.iter().enumerate() {
        let _ = write!(page, "<span>{}{}</span>", Swatch(index), Escaped(name));
    }
    let _ = write!(
        page,
        "</p><div class=\"chart\" role=\"img\" aria-label=\"{caption}\">{svg}</div>\
         <figcaption>{caption}</figcaption></figure>",
        caption = Escaped(caption),
    );
}

/// A figure with a bar: its text, and its size beside the others of its column.
type Bar = (String, Option<f64>);

/// A column of the table: its two lines of head, and what it says about a variant.
type Column = (&'static str, &'static str, fn(&Report, &Summary) -> Bar);

const BARS: [Column; 6] = [
    ("peak", "arrays", |report, s| {
        let held = arrays(report, s.peak_bytes).or(s.peak_bytes.map(mib));
        (fixed(held, 2), held)
    }),
    ("end", "arrays", |report, s| {
        let held = arrays(report, s.end_bytes).or(s.end_bytes.map(mib));
        (fixed(held, 2), held)
    }),
    ("faults", "a pass", |_, s| (count(s.faults_a_pass()), s.faults_a_pass().map(|n| n as f64))),
    ("allocations", "a pass", |_, s| {
        (count(s.allocations_a_pass), s.allocations_a_pass.map(|n| n as f64))
    }),
    ("time", "ms a pass, middle half", |_, s| {
        let time_ms = ms(s.pass_ns.median);
        (format!("{time_ms:.3} <small>{}</small>", spread(s)), Some(time_ms))
    }),
    ("first pass", "ms", |_, s| {
        let time_ms = ms(s.first_pass.time_ns);
        (fixed(Some(time_ms), 3), Some(time_ms))
    }),
];

/// The table with a small bar under each figure.
fn bars(page: &mut String, report: &Report) {
    let unit = |below: &'static str| match (below, report.counted_array_bytes()) {
        ("arrays", None) => "MiB",
        _ => below,
    };
    *page += "<div class=\"wide\"><table class=\"bars\"><thead><tr><th>variant</th>";
    for (above, below, _) in BARS {
        let _ = write!(page, "<th>{above}<br><small>{}</small></th>", unit(below));
    }
    *page += "<th>time<br><small>× baseline</small></th></tr></thead><tbody>";
    let most = BARS.map(|(_, _, bar)| {
        let summaries = report.variants.iter().filter_map(|variant| variant.summary.as_ref());
        summaries.filter_map(|summary| bar(report, summary).1).fold(0.0, f64::max)
    });
    for (index, variant) in report.variants.iter().enumerate() {
        let _ = write!(page, "<tr><th>{}{}</th>", Swatch(index), Escaped(&variant.name));
        let Some(summary) = &variant.summary else {
            let columns = BARS.len() + 1;
            let why = Escaped(variant.reason());
            let _ =
                write!(page, "<td colspan=\"{columns}\" class=\"failed\">failed: {why}</td></tr>");
            continue;
        };
        for ((_, _, bar), most) in BARS.iter().zip(most) {
            let (text, size) = bar(report, summary);
            let percent =
                size.map_or(0.0, |size| 100.0 * size.max(0.0) / most.max(f64::MIN_POSITIVE));
            let style = format!(
                "width:{percent:.1}%;background:var(--series-{})",
                index % chart::SERIES.len()
            );
            let _ = write!(page, "<td>{text}<span class=\"bar\" style=\"{style}\"></span></td>");
        }
        let told_apart = if variant.name == report.baseline || is_told_apart(report, summary) {
            ""
        } else {
            " (noise)"
        };
        let times = fixed(ratio(report, summary), 2);
        let _ = write!(page, "<td>{times}{told_apart}</td></tr>");
    }
    *page += "</tbody></table></div>";
}

/// The growth table of one variant.
fn growth(page: &mut String, report: &Report, variant: &VariantReport) {
    if variant.growth.is_empty() {
        return;
    }
    let unit = if report.counted_array_bytes().is_some() { "arrays" } else { "MiB" };
    let _ = write!(
        page,
        "<table class=\"growth\"><caption>{}</caption><thead>\
         <tr><th colspan=\"2\"></th><th colspan=\"2\">since the last mark</th><th colspan=\"2\">since the start</th></tr>\
         <tr><th>pass</th><th>mark</th><th>current</th><th>peak</th><th>current</th><th>peak</th></tr>\
         </thead><tbody>",
        Escaped(&format!("{}, in {unit}", variant.name)),
    );
    for GrowthRow {
        pass,
        mark,
        current_bytes,
        peak_bytes,
        total_current_bytes,
        total_peak_bytes,
    } in &variant.growth
    {
        let pass = if *pass == 0 { "–".into() } else { pass.to_string() };
        let _ = write!(page, "<tr><td>{pass}</td><td>{}</td>", Escaped(mark));
        for bytes in [current_bytes, peak_bytes, total_current_bytes, total_peak_bytes] {
            let held = arrays(report, *bytes).or(bytes.map(mib));
            let _ = write!(page, "<td>{}</td>", fixed(held, 2));
        }
        *page += "</tr>";
    }
    *page += "</tbody></table>";
}

/// The colour of a variant.
struct Swatch(usize);

impl Display for Swatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let index = self.0 % chart::SERIES.len();
        write!(f, "<i class=\"swatch\" style=\"background:var(--series-{index})\"></i>")
    }
}

/// Text that stands for itself in a page, between tags and in quoted attributes. A page has no
/// control characters, so their escapes are shown.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\n' => f.write_str("<br>"),
            c if c.is_control() => write!(f, "{}", c.escape_default()),
            c => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Escaped, STYLE, chart};

    #[test]
    fn text_cannot_become_a_tag() {
        let text = Escaped("<script>\"a\" & b</script>").to_string();
        assert_eq!(text, "&lt;script&gt;&quot;a&quot; &amp; b&lt;/script&gt;");
        assert_eq!(Escaped("a\nb\u{0}").to_string(), "a<br>b\\u{0}");
    }

    #[test]
    fn the_style_sheet_knows_every_colour_of_the_charts() {
        for (index, color) in chart::SERIES.iter().enumerate() {
            let hex = format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2);
            assert!(STYLE.contains(&format!("--series-{index}: {hex}")), "{hex} in the light");
            for attribute in ["stroke", "fill"] {
                let rule =
                    format!("[{attribute}=\"{hex}\"] {{ {attribute}: var(--series-{index}) }}");
                assert!(STYLE.contains(&rule), "{rule}");
            }
        }
    }
}
