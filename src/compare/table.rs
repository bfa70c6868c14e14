//! The report in a terminal: one table, a curve for each variant, the findings, the environment.

use std::fmt::{self, Write};

use super::figures::{Curve, Summary};
use super::report::Report;
use super::times;
use super::words::{count, counted, fixed, mib, ms};
use crate::memory::text::{Padded, plain, width};

/// How many characters a curve takes.
const CURVE_CHARS: usize = 60;

/// From nothing to the highest of all variants.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\n", plain(&self.title()), conditions(self))?;
        write_table(self, f)?;
        write_curves(self, f)?;
        writeln!(f)?;
        for finding in self.findings() {
            write_wrapped(f, &finding)?;
        }
        writeln!(f, "\n{}", self.environment)
    }
}

/// What ran, in one line.
pub(super) fn conditions(report: &Report) -> String {
    let mut text = counted(report.passes, "pass", "passes");
    if report.warm_up_passes > 0 {
        let _ = write!(text, " after {} for warm-up", report.warm_up_passes);
    }
    let processes = counted(report.repeats, "process", "processes");
    let _ = write!(text, ", in {processes} for each variant");
    if let Some(bytes) = report.array_bytes {
        let _ = write!(text, "; arrays of {:.2} MiB", mib(bytes as i64));
    }
    text
}

/// A column: its two lines of head, and what it says about a variant.
type Column = (&'static str, &'static str, fn(&Report, &Summary) -> String);

/// Without an array's size, these two are left out.
const IN_ARRAYS: [&str; 2] = ["arrays", "arrays at"];

const COLUMNS: [Column; 9] = [
    ("peak", "MiB", |_, s| fixed(s.peak_bytes.map(mib), 2)),
    ("arrays", "at peak", |r, s| fixed(arrays(r, s.peak_bytes), 2)),
    ("arrays at", "the end", |r, s| fixed(arrays(r, s.end_bytes), 2)),
    ("allocations", "a pass", |_, s| count(s.allocations_a_pass)),
    ("faults", "a pass", |_, s| count(s.faults_a_pass())),
    ("time", "ms a pass", |_, s| fixed(Some(ms(s.pass_ns.median)), 3)),
    ("middle half", "ms", |_, s| spread(s)),
    ("first", "pass, ms", |_, s| fixed(Some(ms(s.first_pass.time_ns)), 3)),
    ("×", "baseline", |r, s| fixed(ratio(r, s), 2)),
];

fn write_table(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|column| report.counted_array_bytes().is_some() || !IN_ARRAYS.contains(&column.0))
        .collect();
    let cells: Vec<Vec<String>> = report
        .variants
        .iter()
        .filter_map(|variant| variant.summary.as_ref())
        .map(|summary| columns.iter().map(|column| (column.2)(report, summary)).collect())
        .collect();
    let shown: Vec<String> = report.variants.iter().map(|v| plain(&v.name)).collect();
    let names = shown.iter().map(|name| width(name)).max().unwrap_or(0).max(7);
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(i, (above, below, _))| {
            let widest = cells.iter().map(|row| width(&row[i])).max().unwrap_or(0);
            2 + widest.max(width(above)).max(width(below))
        })
        .collect();
    write!(f, "{}", Padded("", names))?;
    columns.iter().zip(&widths).try_for_each(|(head, width)| write!(f, "{:>width$}", head.0))?;
    write!(f, "\n{}", Padded("variant", names))?;
    columns.iter().zip(&widths).try_for_each(|(head, width)| write!(f, "{:>width$}", head.1))?;
    writeln!(f)?;
    let mut cells = cells.iter();
    for (variant, name) in report.variants.iter().zip(&shown) {
        write!(f, "{}", Padded(name, names))?;
        match &variant.summary {
            None => write!(f, "  failed: {}", plain(variant.reason()))?,
            Some(_) => {
                let row = cells.next().expect("a row for each summary");
                row.iter()
                    .zip(&widths)
                    .try_for_each(|(cell, width)| write!(f, "{cell:>width$}"))?;
            }
        }
        writeln!(f)?;
    }
    Ok(())
}

fn write_curves(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let curves: Vec<(String, &Curve)> = report
        .variants
        .iter()
        .filter_map(|variant| Some((plain(&variant.name), variant.curve.as_ref()?)))
        .filter(|(_, curve)| !curve.time_ns.is_empty())
        .collect();
    let Some(top) = curves.iter().flat_map(|(_, curve)| &curve.held_bytes).max() else {
        return Ok(());
    };
    let held = match arrays(report, Some(*top)) {
        Some(arrays) => format!("{arrays:.2} arrays"),
        None => format!("{:.2} MiB", mib(*top)),
    };
    writeln!(f, "\nmemory held over the time of one process (█ is {held})")?;
    let names = curves.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    for (name, curve) in curves {
        let end_ns = *curve.time_ns.last().expect("it is not empty");
        let name = Padded(&name, names);
        writeln!(f, "{name}  {}  {:.0} ms", sparkline(curve, *top), ms(end_ns))?;
    }
    Ok(())
}

/// The highest sample in each stretch of time, as a bar; where there is none, the one before.
fn sparkline(curve: &Curve, top: i64) -> String {
    let end_ns = curve.time_ns.last().copied().unwrap_or(0).max(1);
    let mut stretches = [None; CURVE_CHARS];
    for (time_ns, held) in curve.time_ns.iter().zip(&curve.held_bytes) {
        let index = (u128::from(*time_ns) * CURVE_CHARS as u128 / u128::from(end_ns)) as usize;
        let stretch = &mut stretches[index.min(CURVE_CHARS - 1)];
        *stretch = (*stretch).max(Some(*held));
    }
    let mut last = 0;
    stretches
        .iter()
        .map(|stretch| {
            last = stretch.unwrap_or(last);
            let share = last.max(0) as f64 / top.max(1) as f64;
            LEVELS[((share * LEVELS.len() as f64) as usize).min(LEVELS.len() - 1)]
        })
        .collect()
}

/// At most a hundred characters a line; a sentence's further lines are indented.
fn write_wrapped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut column = 0;
    for word in text.split_whitespace() {
        if column > 0 && column + 1 + width(word) > 100 {
            f.write_str("\n  ")?;
            column = 2;
        } else if column > 0 {
            f.write_char(' ')?;
            column += 1;
        }
        f.write_str(word)?;
        column += width(word);
    }
    writeln!(f)
}

/// `None` where nothing is known of arrays.
pub(super) fn arrays(report: &Report, bytes: Option<i64>) -> Option<f64> {
    Some(bytes? as f64 / report.counted_array_bytes()? as f64)
}

/// The time in units of the baseline's.
pub(super) fn ratio(report: &Report, summary: &Summary) -> Option<f64> {
    let baseline = report.baseline_summary()?;
    Some(summary.pass_ns.median as f64 / baseline.pass_ns.median.max(1) as f64)
}

pub(super) fn spread(summary: &Summary) -> String {
    format!("{:.3} – {:.3}", ms(summary.pass_ns.q1), ms(summary.pass_ns.q3))
}

/// Whether the time of `summary` differs from the baseline's by more than the noise.
pub(super) fn is_told_apart(report: &Report, summary: &Summary) -> bool {
    report.baseline_summary().is_some_and(|base| times::speed_up(base, summary).is_some())
}
