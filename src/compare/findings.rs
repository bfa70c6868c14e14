//! The figures in words: one sentence for each thing that somebody would ask.

use super::figures::{PassFigures, Summary};
use super::report::{Report, VariantReport, is_same};
use super::times::{self, Row, speed_up};
use super::words::list;
use crate::memory::text::plain;

/// RSS is not exact to less, so peaks that lie no further apart are called equal.
const RSS_NOISE_BYTES: f64 = 512.0 * 1024.0;

/// A tenth of an array cannot be told below this size.
const SMALL_ARRAY_BYTES: u64 = 4 << 20;

/// A processor that was idle reaches its speed after one or two milliseconds of work.
const COLD_NS: u128 = 2_000_000;

/// A page of memory, as faults come where huge pages are not used.
const PAGE_BYTES: u64 = 4096;

const NOT_THE_SAME_WORK: &str = "they do not do the same work, and the figures cannot be compared";

impl Report {
    /// What was seen, a sentence each, as it is printed under the table.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        all(self)
    }
}

/// All sentences about `report`.
fn all(report: &Report) -> Vec<String> {
    let rows: Vec<Row<'_>> = report
        .variants
        .iter()
        .filter_map(|variant| Some((variant.name.as_str(), variant.summary.as_ref()?)))
        .collect();
    let array_bytes = report.counted_array_bytes();
    let mut findings: Vec<String> = report.variants.iter().filter_map(failure).collect();
    if !report.environment.is_optimized {
        findings.push("This program was built without optimization: its times mean little.".into());
    }
    findings.extend(outcome(report));
    if let Some(baseline) = report.baseline_summary() {
        let base: Row<'_> = (&report.baseline, baseline);
        let others: Vec<Row<'_>> =
            rows.iter().copied().filter(|row| row.0 != report.baseline).collect();
        findings.extend(peaks(base, &others, array_bytes));
        findings.extend(a_pass("Page faults", &rows, Summary::faults_a_pass));
        findings.extend(a_pass("Allocations", &rows, |summary| summary.allocations_a_pass));
        findings.extend(times::findings(Some(base), &rows));
        findings.extend(refaults(base, &others, array_bytes));
        findings.extend(savings(base, &others, array_bytes));
    } else {
        findings.extend(times::findings(None, &rows));
    }
    findings.extend(rows.iter().filter_map(|&row| leak(row, array_bytes)));
    if report.array_bytes.is_some_and(|bytes| bytes < SMALL_ARRAY_BYTES) {
        findings.push(
            "The arrays are small: RSS is exact to a few hundred KiB, a large part of one array."
                .into(),
        );
    }
    findings.extend(cold(report));
    findings.extend(report.variants.iter().filter_map(env));
    // Names and the last words of a process are in them.
    findings.iter().map(|finding| plain(finding)).collect()
}

fn failure(variant: &VariantReport) -> Option<String> {
    let reason = variant.failures.first()?;
    let name = &variant.name;
    let failed = match variant.failures.len() {
        1 => "one of its processes failed".into(),
        count => format!("{count} of its processes failed"),
    };
    Some(match &variant.summary {
        None => format!("{name} has no figures: {reason}."),
        Some(_) => format!("{name} has figures, but {failed}: {reason}."),
    })
}

/// Nothing if nobody said what it computed.
fn outcome(report: &Report) -> Option<String> {
    let all = || report.variants.iter();
    match report.is_same_outcome() {
        Some(true) if report.variants.len() > 1 => {
            return Some("All variants computed the same bits.".into());
        }
        Some(true) => return None,
        Some(false) => {
            return Some(format!(
                "The variants did not compute the same bits: {NOT_THE_SAME_WORK}."
            ));
        }
        None if all().flat_map(VariantReport::outcomes).flatten().next().is_none() => return None,
        None => {}
    }
    let names = |is_so: &dyn Fn(&VariantReport) -> bool| -> Vec<&str> {
        all().filter(|variant| is_so(variant)).map(|variant| variant.name.as_str()).collect()
    };
    let is_known = |variant: &VariantReport| variant.outcomes().all(|outcome| outcome.is_some());
    let unfinished = names(&|variant| variant.repeats.is_empty());
    let partly = names(&|variant| !variant.repeats.is_empty() && !variant.has_finished());
    let silent = names(&|variant| variant.has_finished() && !is_known(variant));
    let reasons = [
        (unfinished, "did not finish"),
        (partly, "did not finish in every process"),
        (silent, "did not report an outcome"),
    ];
    let reasons = reasons.iter().filter(|(names, _)| !names.is_empty());
    let reasons: Vec<String> =
        reasons.map(|(names, what)| format!("{} {what}", list(names))).collect();
    let mut text = format!(
        "It is not known whether all variants computed the same bits: {}.",
        reasons.join("; ")
    );
    let known = names(&|variant| variant.has_finished() && is_known(variant));
    if known.len() > 1 {
        let outcomes = all().filter(|v| known.contains(&v.name.as_str()));
        let known = list(&known);
        text += &match is_same(outcomes.flat_map(VariantReport::outcomes)) {
            Some(true) => format!(" {known} computed the same bits."),
            _ => format!(" {known} did not compute the same bits: {NOT_THE_SAME_WORK}."),
        };
    }
    Some(text)
}

fn peaks(base: Row<'_>, others: &[Row<'_>], array_bytes: Option<u64>) -> Option<String> {
    let base_peak = base.1.peak_bytes?;
    let mut text = format!("{} holds {} at its peak", base.0, amount(base_peak, array_bytes));
    // Groups of variants that differ from the baseline by the same amount, in words.
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, summary) in others {
        let words = match peak_saving(base.1, summary, array_bytes)? {
            None => "the same".into(),
            Some(less) if less > 0 => format!("{} less", amount_in_words(less, array_bytes)),
            Some(more) => format!("{} more", amount_in_words(more.saturating_neg(), array_bytes)),
        };
        match groups.iter_mut().find(|group| group.0 == words) {
            Some(group) => group.1.push(name),
            None => groups.push((words, vec![name])),
        }
    }
    for (words, names) in groups {
        text += &format!("; {} {words}", list(&names));
    }
    Some(text + ".")
}

/// By how much the peak of `other` is lower: the outer `None` if a figure is missing, the inner if
/// the difference is within the noise.
#[expect(clippy::option_option, reason = "not known and not different are two things")]
fn peak_saving(base: &Summary, other: &Summary, array_bytes: Option<u64>) -> Option<Option<i64>> {
    let less = base.peak_bytes?.saturating_sub(other.peak_bytes?);
    let noise = array_bytes.map_or(0.0, |bytes| bytes as f64 / 10.0).max(RSS_NOISE_BYTES);
    Some((less.unsigned_abs() as f64 > noise).then_some(less))
}

/// `Page faults a pass: 3875 for allocating; 0 for in place and pool.`
fn a_pass(
    what: &str,
    rows: &[Row<'_>],
    figure: impl Fn(&Summary) -> Option<u64>,
) -> Option<String> {
    let mut groups: Vec<(u64, Vec<&str>)> = Vec::new();
    for (name, summary) in rows {
        let figure = figure(summary)?;
        match groups.iter_mut().find(|group| group.0 == figure) {
            Some(group) => group.1.push(name),
            None => groups.push((figure, vec![name])),
        }
    }
    let parts = groups.iter().map(|(figure, names)| format!("{figure} for {}", list(names)));
    Some(format!("{what} a pass: {}.", parts.collect::<Vec<_>>().join("; ")))
}

/// Why it is faster, where the faults tell.
fn refaults(base: Row<'_>, others: &[Row<'_>], array_bytes: Option<u64>) -> Option<String> {
    // What a loop keeps is faulted in once, and was not freed before.
    let kept_bytes = base.1.growth_bytes_a_pass.unwrap_or(0).max(0) as u64;
    let base_faults = base.1.faults_a_pass()?.saturating_sub(kept_bytes / PAGE_BYTES);
    let many = array_bytes.map_or(100, |bytes| bytes / PAGE_BYTES / 2).max(16);
    let is_cause = |other: &Row<'_>| {
        speed_up(base.1, other.1).is_some_and(|ratio| ratio > 1.0)
            && other.1.faults_a_pass().is_some_and(|faults| faults < base_faults / 10)
    };
    let frees = base.1.allocations_a_pass != Some(0);
    (frees && base_faults > many && others.iter().any(is_cause)).then(|| {
        format!(
            "Memory that {} frees goes back to the system and is faulted in again in the next pass; an \
             allocator that keeps freed memory avoids this.",
            base.0
        )
    })
}

/// What does not pay is said as plainly as what does.
fn savings(base: Row<'_>, others: &[Row<'_>], array_bytes: Option<u64>) -> Vec<String> {
    let with = |smaller: bool, faster: bool| -> Vec<&str> {
        let is_so = |other: &&Row<'_>| {
            let saving = peak_saving(base.1, other.1, array_bytes);
            let is_faster = speed_up(base.1, other.1).is_some_and(|ratio| ratio > 1.0);
            saving.is_some_and(|saving| saving.is_some_and(|less| less > 0) == smaller)
                && is_faster == faster
        };
        others.iter().filter(is_so).map(|row| row.0).collect()
    };
    let mut findings = Vec::new();
    let verb = |names: &[&str]| if names.len() == 1 { "saves" } else { "save" };
    let (nothing, memory) = (with(false, false), with(true, false));
    if !nothing.is_empty() {
        let (names, verb) = (list(&nothing), verb(&nothing));
        findings.push(format!("{names} {verb} neither memory nor time compared with {}.", base.0));
    }
    if !memory.is_empty() {
        findings.push(format!("{} {} memory, but no time.", list(&memory), verb(&memory)));
    }
    findings
}

fn leak(row: Row<'_>, array_bytes: Option<u64>) -> Option<String> {
    let growth = row.1.growth_bytes_a_pass?;
    let least = array_bytes.map_or(256 << 10, |bytes| (bytes / 20).max(16 << 10));
    (growth > least as i64).then(|| {
        format!(
            "{} grows by {} in each pass, to {} at the end: it does not free what it allocates.",
            row.0,
            amount(growth, array_bytes),
            row.1.end_bytes.map_or("an unknown amount".into(), |end| amount(end, array_bytes)),
        )
    })
}

/// What it ran with and the others did not.
fn env(variant: &VariantReport) -> Option<String> {
    let settings = variant.env.join(", ");
    (!settings.is_empty()).then(|| format!("{} ran with {settings}.", variant.name))
}

/// Where passes are so short that a quarter of them, or more, ran before the processor was warm.
fn cold(report: &Report) -> Option<String> {
    let is_cold = |variant: &&VariantReport| {
        variant.repeats.iter().any(|repeat| {
            let time_ns = |passes: &[PassFigures]| -> u128 {
                passes.iter().map(|pass| u128::from(pass.time_ns)).sum()
            };
            time_ns(&repeat.warm_up) + time_ns(&repeat.passes) / 4 < COLD_NS
        })
    };
    let names: Vec<&str> =
        report.variants.iter().filter(is_cold).map(|variant| variant.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "The timed passes of {} are so short that the processor may not have reached its full \
             speed: add warm-up passes, a few milliseconds in total.",
            list(&names)
        )
    })
}

/// `4.0 arrays`, or `30.6 MiB` where nothing is known of arrays.
fn amount(bytes: i64, array_bytes: Option<u64>) -> String {
    match array_bytes {
        Some(array_bytes) => format!("{:.1} arrays", bytes as f64 / array_bytes as f64),
        None => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
    }
}

/// `one array`, where it is one, two or three.
fn amount_in_words(bytes: i64, array_bytes: Option<u64>) -> String {
    let arrays = array_bytes.map_or(0.0, |array_bytes| bytes as f64 / array_bytes as f64);
    let whole = [(1.0, "one array"), (2.0, "two arrays"), (3.0, "three arrays")];
    let found = whole.iter().find(|(count, _)| (arrays - count).abs() < 0.15);
    found.map_or_else(|| amount(bytes, array_bytes), |(_, words)| (*words).into())
}

#[cfg(test)]
mod tests {
    use super::super::environment::Environment;
    use super::super::figures::{GrowthRow, PassFigures, Quartiles, Repeat, Summary};
    use super::super::page;
    use super::super::report::{Report, VariantReport};

    const ARRAY_BYTES: u64 = 8 << 20;

    fn summary(arrays: f64, faults: u64, pass_ms: [u64; 3]) -> Summary {
        let [q1, median, q3] = pass_ms.map(|ms| ms * 1_000_000);
        let bytes = Some((arrays * ARRAY_BYTES as f64) as i64);
        Summary {
            peak_bytes: bytes,
            end_bytes: bytes,
            growth_bytes_a_pass: Some(0),
            allocations_a_pass: Some(faults / 1000),
            minor_faults_a_pass: Some(faults),
            major_faults_a_pass: Some(0),
            pass_ns: Quartiles { min: q1, q1, median, q3, max: q3 },
            ..Summary::default()
        }
    }

    fn findings(variants: &[(&str, Summary)]) -> Vec<String> {
        let named = |&(name, summary): &(&str, Summary)| VariantReport {
            summary: Some(summary),
            ..VariantReport::named(name)
        };
        report(variants.iter().map(named).collect()).findings()
    }

    #[test]
    fn what_pays_is_said_with_its_cause() {
        let allocating = summary(4.01, 4000, [80, 85, 90]);
        let in_place = summary(3.0, 0, [8, 9, 10]);
        let expected = [
            "allocating holds 4.0 arrays at its peak; in place one array less.",
            "Page faults a pass: 4000 for allocating; 0 for in place.",
            "Allocations a pass: 4 for allocating; 0 for in place.",
            "in place is 9.4 times as fast as allocating.",
            "Memory that allocating frees goes back to the system and is faulted in again in the next \
             pass; an allocator that keeps freed memory avoids this.",
        ];
        assert_eq!(findings(&[("allocating", allocating), ("in place", in_place)]), expected);
    }

    #[test]
    fn what_does_not_pay_is_said_too() {
        let base = summary(3.0, 0, [8, 9, 10]);
        let same = summary(3.02, 0, [9, 10, 11]);
        let smaller = summary(2.0, 0, [9, 10, 11]);
        let slower = summary(4.5, 0, [30, 31, 32]);
        let all =
            findings(&[("base", base), ("same", same), ("smaller", smaller), ("slower", slower)]);
        let text = all.join("\n");
        for sentence in [
            "base holds 3.0 arrays at its peak; same the same; smaller one array less; slower 1.5 \
             arrays more.",
            "From fastest to slowest: base, same, smaller, slower. Of any two, the one named first is \
             faster, except base, same and smaller, whose times differ by less than the noise.",
            "same and slower save neither memory nor time compared with base.",
            "smaller saves memory, but no time.",
            "slower takes 3.4 times as long as base.",
        ] {
            assert!(text.contains(sentence), "{sentence}\n---\n{text}");
        }
        assert!(!text.contains("faulted in again"), "{text}");
    }

    #[test]
    fn a_negative_growth_has_a_footnote() {
        let row = |pass, bytes| GrowthRow {
            pass,
            mark: "step".into(),
            current_bytes: Some(bytes),
            ..GrowthRow::default()
        };
        let of = |growth: Vec<GrowthRow>| {
            let report = report(vec![VariantReport { growth, ..VariantReport::named("one") }]);
            (report.growth_table("one").unwrap(), page::report(&report))
        };
        let array = ARRAY_BYTES as i64;
        let (text, page) = of(vec![row(1, array), row(2, -array)]);
        assert!(
            text.ends_with("Negative: memory was freed and went back to the system.\n"),
            "{text}"
        );
        assert!(page.contains("Negative: memory was freed"));
        // What prints as 0.00 needs no explanation, and a pass that is not shown gets none.
        let (text, page) = of(vec![row(1, array), row(2, -array / 1000)]);
        assert!(!text.contains("Negative") && !page.contains("Negative"), "{text}");
        let (text, page) = of(vec![row(1, array), row(7, -array)]);
        assert!(!text.contains("Negative") && page.contains("Negative"), "{text}");
    }

    #[test]
    fn the_environment_of_a_variant_is_named() {
        let mut report = report(vec![VariantReport::named("one"), VariantReport::named("kept")]);
        report.variants[1].env = vec!["A=1".into(), "B=2".into()];
        assert!(report.to_string().contains("kept ran with A=1, B=2."), "{report}");
        assert!(!report.to_string().contains("one ran with"), "{report}");
    }

    fn report(variants: Vec<VariantReport>) -> Report {
        Report {
            name: "x".into(),
            size: None,
            notes: vec![],
            date: String::new(),
            array_bytes: Some(ARRAY_BYTES),
            passes: 10,
            warm_up_passes: 1,
            repeats: 1,
            baseline: variants[0].name.clone(),
            variants,
            environment: Environment { is_optimized: true, ..Environment::default() },
        }
    }

    #[test]
    fn arrays_that_rss_cannot_count_are_not_counted() {
        let one = VariantReport {
            summary: Some(summary(0.5, 0, [8, 9, 10])),
            ..VariantReport::named("one")
        };
        let mut report = report(vec![one]);
        assert!(report.to_string().contains("arrays at"), "{report}");
        report.array_bytes = Some(200);
        assert!(report.findings()[0].contains("one holds 4.0 MiB at its peak"), "{report}");
        assert!(!report.to_string().contains("arrays at"), "{report}");
    }

    #[test]
    fn a_loop_that_is_over_at_once_is_told_to_warm_up() {
        let of = |warm_up_ns: u64| {
            let pass = |time_ns| PassFigures { time_ns, ..PassFigures::default() };
            let repeat = Repeat {
                warm_up: vec![pass(warm_up_ns)],
                passes: vec![pass(3000); 200],
                ..Repeat::default()
            };
            let short = VariantReport { repeats: vec![repeat], ..VariantReport::named("short") };
            report(vec![short]).findings().join("\n")
        };
        assert!(of(1_000_000).contains("The timed passes of short are so short"));
        assert!(!of(3_000_000).contains("are so short"));
    }

    #[test]
    fn what_is_kept_grows() {
        let leaking = Summary {
            growth_bytes_a_pass: Some(ARRAY_BYTES as i64),
            ..summary(12.0, 2048, [8, 9, 10])
        };
        let text = findings(&[("leaking", leaking)]).join("\n");
        let sentence = "leaking grows by 1.0 arrays in each pass, to 12.0 arrays at the end";
        assert!(text.contains(sentence), "{text}");
    }
}
