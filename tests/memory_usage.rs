//! The kernel's figures, held against memory that the tests map and touch themselves.
//!
//! Small pages are asked for, so that the numbers of faults are certain. One test at a time looks
//! at the process. Under a sanitizer these tests say nothing: its shadow memory is in every figure.
#![cfg(target_os = "linux")]

mod process;

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::Instant;
use std::{str, thread};

use memmap2::{Advice, MmapMut};
use ndarray_pool::memory::{Trace, reset_peak, usage};

const MIB: i64 = 1024 * 1024;
const PAGE_BYTES: usize = 4096;

/// `mib` MiB of small pages that have all been touched.
fn touched(mib: i64) -> MmapMut {
    touched_pages((mib * MIB) as usize / PAGE_BYTES)
}

fn touched_pages(pages: usize) -> MmapMut {
    let mut block = MmapMut::map_anon(pages * PAGE_BYTES).unwrap();
    // A kernel without huge pages refuses the advice, and needs none.
    let _ = block.advise(Advice::NoHugePage);
    block.iter_mut().step_by(PAGE_BYTES).for_each(|byte| *byte = 1);
    block
}

/// Where `clear_refs` can be opened, resetting must work; elsewhere a test is skipped, and says so.
fn peak_can_be_reset() -> bool {
    let is_possible = File::options().write(true).open("/proc/self/clear_refs").is_ok();
    if !is_possible {
        eprintln!("skipped: this system does not let a process reset its peak");
    }
    is_possible
}

#[track_caller]
fn assert_mib(bytes: Option<i64>, expected_mib: i64) {
    let off = (bytes.unwrap() - expected_mib * MIB).abs();
    assert!(off <= MIB, "{bytes:?} bytes are not {expected_mib} MiB, give or take one");
}

#[test]
fn touched_memory_shows_as_rss_and_faults_and_goes_again() {
    let _alone = process::alone();
    let before = usage();
    let block = touched(64);
    let during = usage();
    drop(block);
    let after = usage();
    let growth = during.since(&before);
    assert_mib(growth.current_rss_bytes, 64);
    let faults = growth.minor_faults.unwrap();
    let pages = (64 * MIB) as u64 / PAGE_BYTES as u64;
    assert!((pages..pages + 100).contains(&faults), "{faults} faults for {pages} pages");
    assert!(growth.major_faults.unwrap() < 100);
    assert!(during.peak_rss_bytes >= during.current_rss_bytes);
    assert_mib(after.since(&before).current_rss_bytes, 0);
    assert!(after.peak_rss_bytes.unwrap() + MIB as u64 >= during.current_rss_bytes.unwrap());
}

#[test]
fn untouched_memory_does_not_show() {
    let _alone = process::alone();
    let before = usage();
    let block = MmapMut::map_anon((64 * MIB) as usize).unwrap();
    let growth = usage().since(&before);
    drop(block);
    assert_mib(growth.current_rss_bytes, 0);
    assert!(growth.minor_faults.unwrap() < 100);
}

#[test]
fn faults_of_other_threads_are_seen_even_when_they_have_ended() {
    let _alone = process::alone();
    let before = usage();
    thread::spawn(|| drop(touched(16))).join().unwrap();
    assert!(usage().since(&before).minor_faults.unwrap() >= 16 * MIB as u64 / PAGE_BYTES as u64);
}

#[test]
fn peak_begins_again_after_a_reset() {
    let _alone = process::alone();
    if !peak_can_be_reset() {
        return;
    }
    reset_peak().unwrap();
    let start = usage();
    drop(touched(64));
    assert_mib(usage().since(&start).peak_rss_bytes, 64);
    reset_peak().unwrap();
    assert_mib(usage().since(&start).peak_rss_bytes, 0);
}

#[test]
fn peak_of_a_loop_is_exact_to_a_tenth_of_an_array() {
    let _alone = process::alone();
    if !peak_can_be_reset() {
        return;
    }
    const ARRAY_MIB: i64 = 8;
    for held_arrays in 1..=20 {
        reset_peak().unwrap();
        let start = usage();
        let held: Vec<_> = (0..held_arrays).map(|_| touched(ARRAY_MIB)).collect();
        drop(held);
        let peak_bytes = usage().since(&start).peak_rss_bytes.unwrap();
        let peak_arrays = peak_bytes as f64 / (ARRAY_MIB * MIB) as f64;
        assert!((peak_arrays - held_arrays as f64).abs() < 0.1, "{peak_arrays} {held_arrays}");
    }
}

#[test]
fn rss_agrees_with_a_walk_of_the_page_tables() {
    let _alone = process::alone();
    let _block = touched(8);
    if !Path::new("/proc/self/smaps_rollup").exists() {
        eprintln!("skipped: this kernel has no smaps_rollup");
        return;
    }
    let walked_bytes = walked_rss_bytes();
    let counted_bytes = usage().current_rss_bytes.unwrap() as i64;
    assert!((counted_bytes - walked_bytes).abs() <= MIB, "{counted_bytes} {walked_bytes}");
}

#[test]
fn a_process_may_have_any_name() {
    let _alone = process::alone();
    let name = fs::read("/proc/self/comm").unwrap();
    let before = usage();
    for strange in [") S 1 (", "a b c d e f g", "VmRSS: 1 kB", "\nVmRSS: 1 kB\n"] {
        fs::write("/proc/self/comm", strange).unwrap();
        let growth = usage().since(&before);
        assert_mib(growth.current_rss_bytes, 0);
        assert!(growth.minor_faults.unwrap() < 1000, "{growth:?}");
        assert!(growth.major_faults.unwrap() < 1000, "{growth:?}");
    }
    fs::write("/proc/self/comm", name.trim_ascii()).unwrap();
}

#[test]
fn trace_separates_what_stays_from_what_passes() {
    let _alone = process::alone();
    if !peak_can_be_reset() {
        return;
    }
    let mut trace = Trace::with_capacity(4).array_bytes((8 * MIB) as usize);
    let kept = touched(8);
    trace.mark("kept");
    drop(touched(16));
    trace.mark("passing");
    let more = touched(8);
    trace.mark("more");
    drop(kept);
    trace.mark("freed");
    drop(more);

    let expected = [(8, 8, 8, 8), (0, 16, 8, 24), (8, 8, 16, 24), (-8, 0, 8, 24)];
    for (mark, (current, peak, total, total_peak)) in trace.marks().iter().zip(expected) {
        assert_mib(mark.growth.current_rss_bytes, current);
        assert_mib(mark.growth.peak_rss_bytes, peak);
        assert_mib(mark.total.current_rss_bytes, total);
        assert_mib(mark.total.peak_rss_bytes, total_peak);
    }
    assert_eq!(trace.total(), trace.marks()[3].total);
    assert!(trace.to_string().lines().last().unwrap().starts_with("freed"));
}

#[test]
fn a_mark_does_not_disturb_what_it_measures() {
    const MARKS: usize = 2000;
    let _alone = process::alone();
    let round = || {
        let mut trace = Trace::with_capacity(MARKS);
        for _ in 0..MARKS {
            trace.mark("quiet");
        }
        trace.total()
    };
    // What marks do they do in every round; what this process does besides, in some.
    let rounds = [(); 5].map(|()| round());
    let fewest_faults = rounds.iter().map(|total| total.minor_faults.unwrap()).min();
    let least_growth = rounds.iter().map(|total| total.current_rss_bytes.unwrap().abs()).min();
    assert!(fewest_faults < Some(8), "{rounds:?}");
    assert!(least_growth < Some(64 * 1024), "{rounds:?}");
}

// Two surveys of a kernel rather than tests, quoted in `docs/measuring.md`:
// `cargo test --release --test memory_usage -- --ignored --nocapture`.

#[test]
#[ignore = "a survey of this kernel, for docs/measuring.md"]
fn how_exact_the_kernel_s_figures_are() {
    let _alone = process::alone();
    if !peak_can_be_reset() {
        return;
    }
    (_, _) = (walked_rss_bytes(), usage()); // what reading itself touches is touched now
    let (mut rss_off, mut peak_low, mut peak_high) = (0, 0, 0);
    for trial in 0..2000 {
        let pages = 1 + (trial * 7919) % 3000;
        reset_peak().unwrap();
        // Touched on one thread and unmapped on another, so that more than one CPU counts.
        let block = thread::spawn(move || touched_pages(pages)).join().unwrap();
        let held_bytes = walked_rss_bytes();
        rss_off = rss_off.max((usage().current_rss_bytes.unwrap() as i64 - held_bytes).abs());
        drop(block);
        let peak_bytes = usage().peak_rss_bytes.unwrap() as i64;
        peak_low = peak_low.max(held_bytes - peak_bytes);
        peak_high = peak_high.max(peak_bytes - held_bytes);
    }
    eprintln!("RSS off by {rss_off} bytes; peak too low by {peak_low}, too high by {peak_high}");
    assert!(rss_off.max(peak_low).max(peak_high) < MIB);
}

#[test]
#[ignore = "a survey of this kernel, for docs/measuring.md"]
fn how_long_reading_takes() {
    let _alone = process::alone();
    for held_mib in [1, 128, 1024] {
        let _block = touched(held_mib);
        for file in ["status", "stat", "statm", "smaps_rollup"] {
            let path = format!("/proc/self/{file}");
            let rounds = 50;
            let start = Instant::now();
            for _ in 0..rounds {
                read(&path, &mut [0; 4096]);
            }
            let us = start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds);
            eprintln!("{file} with {held_mib} MiB touched: {us:.1} µs");
        }
    }
}

fn walked_rss_bytes() -> i64 {
    let mut buffer = [0; 4096];
    let rollup = read("/proc/self/smaps_rollup", &mut buffer);
    let rss = rollup.lines().find_map(|line| line.strip_prefix("Rss:")).unwrap();
    rss.trim().trim_end_matches(" kB").parse::<i64>().unwrap() * 1024
}

/// Reads without the heap, which would change what is read.
fn read<'a>(path: &str, buffer: &'a mut [u8]) -> &'a str {
    let length = File::open(path).unwrap().read(buffer).unwrap();
    str::from_utf8(&buffer[..length]).unwrap()
}
