//! Reports that were loaded from damaged files can be looked at and saved all the same (tests only).

use serde_json::{Value, json};

use super::report::Report;
use super::sweep::Sweep;
use super::{page, save};

/// A report with something in each of its fields.
fn report() -> Value {
    let pass = json!({
        "time_ns": 5_000_000, "minor_faults": 3, "major_faults": 1, "allocations": 2,
        "allocated_bytes": 900, "held_bytes": 4096,
    });
    let repeat = json!({
        "base_bytes": 9, "set_up_peak_bytes": 8, "passes_peak_bytes": 7, "is_peak_reset": true,
        "end_bytes": 6, "heap_peak_bytes": 5, "passes_minor_faults": 4, "passes_major_faults": 3,
        "process_minor_faults": 2, "process_allocations": 1, "set_up_ns": 10, "warm_up": [pass],
        "passes": [pass, pass], "outcome": "ab",
    });
    let quartiles = |ns: u64| json!({"min": ns, "q1": ns, "median": ns, "q3": ns, "max": ns});
    let variant = |name: &str, ns: u64| {
        json!({
            "name": name,
            "env": ["A=b"],
            "summary": {
                "peak_bytes": 30 << 20, "set_up_peak_bytes": 20 << 20, "passes_peak_bytes": 30 << 20,
                "end_bytes": 10 << 20, "growth_bytes_a_pass": 9 << 20, "heap_peak_bytes": 1,
                "allocations_a_pass": 1, "allocated_bytes_a_pass": 1, "minor_faults_a_pass": 4000,
                "major_faults_a_pass": 0, "pass_ns": quartiles(ns), "first_pass": pass,
            },
            "repeats": [repeat],
            "watched": repeat,
            "curve": {"time_ns": [1, 50, 90], "held_bytes": [0, 8, 9], "pass_start_ns": [2, 40]},
            "growth": [{
                "pass": 1, "mark": "step", "current_bytes": 1, "peak_bytes": 2,
                "total_current_bytes": 3, "total_peak_bytes": 4,
            }],
            "failures": ["it panicked"],
        })
    };
    json!({
        "name": "x", "size": 3, "notes": ["a note"], "date": "2026-11-30", "array_bytes": 8 << 20,
        "passes": 2, "warm_up_passes": 1, "repeats": 1, "baseline": "one",
        "variants": [variant("one", 9_000_000), variant("other", 1_000_000)],
        "environment": {
            "system": "s", "cpu": "c", "cpus": 2, "c_library": "l", "is_counting": true,
            "huge_pages": "never", "tunables": ["A=b"], "is_optimized": true, "crate_version": "0",
        },
    })
}

/// What may stand where a value was.
fn damages() -> Vec<Value> {
    let numbers =
        [json!(0), json!(1), json!(-1), json!(u64::MAX), json!(i64::MIN), json!(i64::MAX)];
    let texts = [json!(""), json!("long ".repeat(20_000)), json!("\u{1b}[2J\n")];
    [json!(null), json!([])].into_iter().chain(numbers).chain(texts).collect()
}

/// The places of all values in `value`, as JSON pointers.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.to_owned());
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, part)| (name.clone(), part)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, part)| (index.to_string(), part)).collect()
        }
        _ => return,
    };
    parts.into_iter().for_each(|(name, part)| places(part, &format!("{place}/{name}"), found));
}

#[test]
fn whatever_one_value_was_replaced_by_a_report_can_be_shown_and_written() {
    let whole = report();
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    let mut shown = 0;
    for place in &found {
        for damage in damages() {
            let mut damaged = whole.clone();
            *damaged.pointer_mut(place).unwrap() = damage;
            let Ok(report) = serde_json::from_value::<Report>(damaged) else { continue };
            shown += 1;
            let text = report.to_string();
            assert!(!text.contains('\u{1b}'), "{place}");
            let growth = report.growth_table("one").unwrap_or_default();
            assert!(!growth.contains('\u{1b}'), "{place}");
            let _ = report.require_figures();
            // What is written into files; the files themselves take long.
            let written = [page::report(&report), save::csv(&[&report]), report.to_json()];
            assert!(written.iter().all(|text| !text.is_empty()), "{place}");
            let swept = Sweep { reports: vec![report.clone(), report] };
            assert!(!swept.to_string().contains('\u{1b}'), "{place}");
            assert!(!page::sweep(&swept).is_empty(), "{place}");
        }
    }
    assert!(shown > 500, "{shown}");
}
