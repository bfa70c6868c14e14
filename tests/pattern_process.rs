//! What the patterns do to their process. One test at a time looks at it. Under a sanitizer the
//! figures say nothing: its shadow memory is in them.
#![cfg(target_os = "linux")]

mod process;

use ndarray_pool::memory::{Usage, reset_peak, usage};
use ndarray_pool::prelude::*;

const MIB: i64 = 1 << 20;

fn rss_growth(before: &Usage) -> i64 {
    usage().since(before).current_rss_bytes.unwrap()
}

#[test]
fn rows_take_memory_as_they_come_and_no_more() {
    let _alone = process::alone();
    reset_peak().unwrap();
    let before = usage();
    // 8 TB of addresses: more than the machine has memory.
    let mut rows = RowBuilder2::<f64>::new(1000, 1_000_000_000).unwrap();
    assert!(rss_growth(&before) < MIB / 2);
    let row = vec![1.0; 1000];
    for million_bytes in [1, 4, 16, 64, 128] {
        while rows.rows() < million_bytes * 125 {
            rows.push(&row);
        }
        let data_bytes = million_bytes as i64 * 1_000_000;
        let growth = usage().since(&before);
        let held = growth.current_rss_bytes.unwrap();
        // One huge page at most, and none in the first 32 MiB.
        let slack = if data_bytes < 32 * MIB { MIB / 2 } else { 5 * MIB / 2 };
        let range = data_bytes - MIB / 2..data_bytes + slack;
        assert!(range.contains(&held), "{held} bytes for {data_bytes}");
        let peak = growth.peak_rss_bytes.unwrap();
        assert!(peak < data_bytes + slack, "a peak of {peak} bytes for {data_bytes}");
    }
    let held = rss_growth(&before);
    let a = rows.finish();
    assert_eq!((a.len(), rss_growth(&before) - held < MIB / 4), (16_000_000, true));
    drop(a);
    assert!(rss_growth(&before) < MIB / 2, "{} bytes are left", rss_growth(&before));
}

#[test]
fn a_budget_is_charged_for_all_that_rows_take() {
    let _alone = process::alone();
    let budget = Budget::unlimited();
    let mut rows = RowBuilder2::<f64>::with_budget(1000, 1_000_000_000, &budget).unwrap();
    let (row, before) = (vec![1.0; 1000], usage());
    for million_bytes in [1, 10, 33, 34, 100] {
        while rows.rows() < million_bytes * 125 {
            rows.push(&row);
        }
        let charged = budget.reserved_bytes() as i64;
        let data_bytes = million_bytes as i64 * 1_000_000;
        let slack = if data_bytes <= 32 * MIB { 4096 } else { 2 * MIB }; // one page
        assert!((data_bytes..data_bytes + slack).contains(&charged), "{charged} for {data_bytes}");
        let held = rss_growth(&before);
        assert!(held <= charged + MIB / 4, "{held} bytes held, {charged} charged");
    }
}

#[test]
fn rows_that_were_hinted_at_fault_on_no_page() {
    let _alone = process::alone();
    let mut rows = RowBuilder2::<f64>::new(1000, 1_000_000).unwrap();
    let row = vec![1.0; 1000];
    rows.push(&row);
    rows.prefault(1000);
    let before = usage();
    (0..1000).for_each(|_| rows.push(&row));
    let faults = usage().since(&before).minor_faults.unwrap();
    assert!(faults < 10, "{faults} faults");
    (0..1000).for_each(|_| rows.push(&row));
    assert!(usage().since(&before).minor_faults.unwrap() > 1900, "without the hint they fault");
}
