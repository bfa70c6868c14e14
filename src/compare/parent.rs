//! The parent's side: which child runs when, and what becomes of its figures.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::comparison::Comparison;
use super::environment::Environment;
use super::error::CompareError;
use super::handshake::{Job, Outcome, write_json};
use super::process::{End, Launcher};
use super::progress::Progress;
use super::report::{Report, VariantReport};

/// The comparisons of this process by their keys; the report of each that is over, for the children
/// of those that follow.
static COMPARISONS: Mutex<Vec<(String, Option<Report>)>> = Mutex::new(Vec::new());

/// Runs every variant, first watched, then timed, and reports.
pub(super) fn run(comparison: Comparison<'_>) -> Result<Report, CompareError> {
    let key = comparison.key();
    let mut launcher = Launcher::new(&comparison)?;
    let earlier = begin(&key, &launcher)?;
    let outcome = run_children(&comparison, &key, &earlier, &mut launcher);
    let mut comparisons = COMPARISONS.lock().unwrap_or_else(PoisonError::into_inner);
    match &outcome {
        Ok(report) => {
            let this = comparisons.iter_mut().find(|(other, _)| *other == key);
            this.expect("it was begun").1 = Some(report.clone());
        }
        Err(_) => comparisons.retain(|(other, _)| *other != key),
    }
    outcome
}

fn run_children(
    comparison: &Comparison<'_>,
    key: &str,
    earlier: &[(String, PathBuf)],
    launcher: &mut Launcher<'_>,
) -> Result<Report, CompareError> {
    let names: Vec<&str> = comparison.variants.iter().map(|v| v.name.as_str()).collect();
    let mut variants: Vec<VariantReport> =
        comparison.variants.iter().map(VariantReport::of).collect();
    let mut progress = Progress::new(names.len() * (comparison.repeats + 1));
    let mut has_timed_out = vec![false; names.len()];
    for round in 0..=comparison.repeats {
        for turn in 0..names.len() {
            // Forwards, then backwards: no variant always follows the same one.
            let index = if round % 2 == 0 { turn } else { names.len() - 1 - turn };
            progress.step(&format!("{key}: {}", names[index]));
            if has_timed_out[index] {
                continue; // it would most likely hang again
            }
            let job = Job {
                key: key.to_owned(),
                variant: names[index].to_owned(),
                is_watched: round == 0,
                directory: None,
                result: launcher.path("figures.json"),
                earlier: earlier.to_vec(),
            };
            let end = launcher.run(&job)?;
            has_timed_out[index] = matches!(end, End::TimedOut);
            enter(&mut variants[index], end, comparison);
        }
    }
    drop(progress);
    variants.iter_mut().for_each(VariantReport::sum_up);
    Ok(report(comparison, variants))
}

fn enter(variant: &mut VariantReport, end: End, comparison: &Comparison<'_>) {
    match end {
        End::Handed(Outcome::Finished(finished)) => match finished.watched {
            None => variant.repeats.push(finished.repeat),
            Some(watched) => {
                variant.watched = Some(finished.repeat);
                variant.curve = Some(watched.curve);
                variant.growth = watched.growth;
            }
        },
        End::Handed(Outcome::Panicked { message }) => {
            variant.failures.push(format!("it panicked: {message}"));
        }
        End::Handed(Outcome::NoPasses) => {
            variant.failures.push("it returned and had not called `passes`".into());
        }
        End::Handed(Outcome::Elsewhere) => {
            variant.failures.push("it came to this comparison in another directory".into());
        }
        End::Failed(reason) | End::Lost(reason) => variant.failures.push(reason),
        End::TimedOut => {
            let limit = comparison.time_limit;
            variant.failures.push(format!("it took longer than {limit:?} and was ended"));
        }
    }
}

/// Claims the key, and writes down the reports of all comparisons that are over.
fn begin(key: &str, launcher: &Launcher<'_>) -> Result<Vec<(String, PathBuf)>, CompareError> {
    let mut comparisons = COMPARISONS.lock().unwrap_or_else(PoisonError::into_inner);
    if comparisons.iter().any(|(other, _)| other == key) {
        return Err(CompareError::invalid(format!(
            "a comparison called {key:?} has run in this process before: a child could not tell \
             which of the two it is for"
        )));
    }
    let mut earlier = Vec::new();
    for (index, (other, report)) in comparisons.iter().enumerate() {
        if let Some(report) = report {
            let path = launcher.path(&format!("earlier-{index}.json"));
            write_json(&path, report).map_err(CompareError::io("write an earlier report down"))?;
            earlier.push((other.clone(), path));
        }
    }
    comparisons.push((key.to_owned(), None));
    Ok(earlier)
}

fn report(comparison: &Comparison<'_>, variants: Vec<VariantReport>) -> Report {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs() / 86_400);
    Report {
        name: comparison.name.clone(),
        size: comparison.size,
        notes: comparison.notes.clone(),
        date: date_of(days),
        array_bytes: comparison.array_bytes,
        passes: comparison.passes,
        warm_up_passes: comparison.warm_up_passes,
        repeats: comparison.repeats,
        baseline: comparison.baseline_name().to_owned(),
        variants,
        environment: Environment::read(),
    }
}

/// The date so many days after 1970-01-01. Years are counted from March, so that the day that leap
/// years add is their last.
fn date_of(days: u64) -> String {
    let days = days + 719_468; // since 0000-03-01
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = 400 * era + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date_of;

    #[test]
    fn dates() {
        let known = [(0, "1970-01-01"), (11_016, "2000-02-29"), (19_782, "2024-02-29")];
        for (days, date) in known.into_iter().chain([(20_778, "2026-11-21"), (365, "1971-01-01")]) {
            assert_eq!(date_of(days), date);
        }
    }
}
