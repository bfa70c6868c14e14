//! What a person reads: the headline, the table, the environment and one sentence.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::child::Figures;
use crate::input::Start;
use crate::options::Job;
use crate::variants::Variant;

/// A pass that takes at most so much more or less time is called equal.
const NOISE: f64 = 0.1;

pub(crate) fn headline(start: &Start, job: &Job) -> String {
    let (rows, cols) = start.shape;
    format!(
        "shuffle the rows of an array, take the difference: {} passes over arrays of {rows} × {cols} \
         {} ({:.2} MiB each)\n",
        job.passes,
        start.element_type.name(),
        mib(start.array_bytes() as u64),
    )
}

/// The variants compute the same, or the comparison is of no use.
pub(crate) fn check_same_bits(rows: &[(Variant, Figures)]) -> Result<(), String> {
    for (variant, figures) in rows {
        if figures.digest != rows[0].1.digest {
            let (one, other) = (rows[0].0.name(), variant.name());
            return Err(format!("{one} and {other} ended with different bits: this is a bug"));
        }
    }
    Ok(())
}

pub(crate) fn table(rows: &[(Variant, Figures)], array_bytes: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "                 peak memory         faults  allocations        time");
    let _ = writeln!(text, "variant          MiB   arrays        a pass       a pass   ms a pass");
    for (variant, figures) in rows {
        let _ = writeln!(
            text,
            "{:12}{:>8.2}{:>9.2}{:>14}{:>13}{:>12.3}",
            variant.name(),
            mib(figures.peak_bytes),
            arrays(figures, array_bytes),
            figures.faults_a_pass,
            figures.allocations_a_pass,
            ms(figures),
        );
    }
    let passes = "medians over the passes; peak above what the process held before its set-up";
    let _ = write!(text, "({passes};\n all variants ended with the same bits)");
    text
}

/// What the figures depend on besides the program.
pub(crate) fn environment() -> String {
    let huge_pages = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled")
        .ok()
        .and_then(|modes| Some(modes.split_once('[')?.1.split_once(']')?.0.to_owned()))
        .unwrap_or_else(|| "unknown".into());
    format!("huge pages: {huge_pages}; C library: {}", c_library())
}

fn c_library() -> String {
    let asked = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    match asked {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ if cfg!(target_env = "musl") => "musl".into(),
        _ => "unknown".into(),
    }
}

/// What was seen, in words: the first variant against the last, usually *allocating* against
/// *in place*.
pub(crate) fn sentence(rows: &[(Variant, Figures)], array_bytes: usize) -> String {
    let held = |row: &(Variant, Figures)| arrays(&row.1, array_bytes);
    let ((first, one), (last, other)) = (&rows[0], &rows[rows.len() - 1]);
    let mut text = format!("{} holds {:.1} arrays at its peak", first.name(), held(&rows[0]));
    if rows.len() == 1 {
        return text + "; run another variant beside it to compare.";
    }
    let _ = write!(text, ", {} {:.1}", last.name(), held(&rows[rows.len() - 1]));
    let (_, between) = rows[..rows.len() - 1].split_at(1);
    let alike: Vec<&str> = between
        .iter()
        .filter(|row| (held(row) - held(&rows[rows.len() - 1])).abs() < 0.1)
        .map(|row| row.0.name())
        .collect();
    match alike.as_slice() {
        [] => {}
        [name] => text += &format!(", and {name} no more"),
        names => text += &format!(", and {} no more", names.join(" and ")),
    }
    let _ = write!(
        text,
        ".\nA pass of {} makes {} allocations and {} page faults, a pass of {} {} and {}",
        first.name(),
        one.allocations_a_pass,
        one.faults_a_pass,
        last.name(),
        other.allocations_a_pass,
        other.faults_a_pass,
    );
    let ratio = ms(one) / ms(other);
    let [one_q1, _, one_q3] = one.pass_ns;
    let [other_q1, _, other_q3] = other.pass_ns;
    if (one_q1 <= other_q3 && other_q1 <= one_q3) || (ratio - 1.0).abs() <= NOISE {
        return text
            + ".\nThe times do not differ by more than the noise: here it saves memory alone.";
    }
    let (fast, times) = if ratio > 1.0 { (last, ratio) } else { (first, ratio.recip()) };
    let _ = write!(text, ".\n{} is {times:.1} times as fast", fast.name());
    // A fault for every second page of an array: memory went back to the system and came again.
    let pages = array_bytes as u64 / 4096;
    if ratio > 1.0 && one.faults_a_pass > pages / 2 && other.faults_a_pass == 0 {
        text += ", because what is freed goes back to the system here and is faulted in again\n\
                 in the next pass. Where the allocator keeps it, expect equal times";
    }
    text.push('.');
    text
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn arrays(figures: &Figures, array_bytes: usize) -> f64 {
    figures.peak_bytes as f64 / array_bytes as f64
}

fn ms(figures: &Figures) -> f64 {
    figures.pass_ns[1] as f64 / 1e6
}
