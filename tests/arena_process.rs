//! What an arena does to its process: the peak of arrays that are replaced by larger ones, resident
//! bytes, and a system that refuses. One test at a time looks at the process. Under a sanitizer the
//! figures say nothing: its shadow memory is in them. (A million leases: `arena_soak`.)
#![cfg(target_os = "linux")]

#[path = "process/folder.rs"]
mod folder;
mod process;
#[path = "process/program.rs"]
mod program;

use ndarray::s;
use ndarray_pool::memory::{reset_peak, usage};
use ndarray_pool::prelude::*;

use self::program::{Folder, limited};

const MIB: i64 = 1 << 20;

/// The hardest case: in each of 200 passes an array is replaced by a larger one that is made from
/// it, while a small object of each pass stays alive.
#[test]
fn arrays_that_are_replaced_by_larger_ones_never_hold_more_than_two() {
    let _alone = process::alone();
    let mut small_objects = Vec::with_capacity(200);
    let arena = Arena::builder(&Budget::unlimited()).max_idle_bytes(0).build();
    reset_peak().unwrap();
    let before = usage();
    let mut state = arena.lease_filled::<f64, _>((200, 1000), 1.0);
    let mut last_bytes = 0;
    for pass in 1..=200 {
        let mut larger = arena.lease::<f64, _>((200 + 5 * pass, 1000));
        larger.slice_mut(s![..state.nrows(), ..]).assign(&state);
        larger.slice_mut(s![state.nrows().., ..]).fill(1.0);
        small_objects.push(vec![pass as u8; 1000]);
        last_bytes = 8 * (state.len() + larger.len()) as i64;
        state = larger;
        let peak = usage().since(&before).peak_rss_bytes.unwrap();
        assert!(peak < last_bytes + 2 * MIB, "pass {pass}: {peak} bytes for {last_bytes}");
    }
    assert_eq!((state.sum(), small_objects.len()), (1_200_000.0, 200));
    let peak = usage().since(&before).peak_rss_bytes.unwrap();
    assert!(peak > last_bytes - MIB, "two arrays must show: {peak} bytes for {last_bytes}");
}

#[test]
fn resident_bytes_are_those_that_were_touched() {
    let _alone = process::alone();
    let arena = Arena::builder(&Budget::unlimited()).prefault(false).build();
    let mut a = arena.lease::<f64, _>((100, 512)); // a page for each row
    assert_eq!(arena.stats().resident_bytes, Some(0));
    for row in [3, 50, 51] {
        a[[row, 7]] = 1.0;
    }
    assert_eq!(arena.stats().resident_bytes, Some(3 * 4096));
    assert_eq!(arena.stats().reserved_bytes, 100 * 4096);
}

#[test]
fn a_system_that_refuses_gets_idle_memory_back_first() {
    let _alone = process::alone();
    if Folder::of_program().is_none() {
        // A program with 1 GiB of address space.
        let (folder, limit) = (Folder::new(), "ulimit -v 1048576 &&");
        let test = "a_system_that_refuses_gets_idle_memory_back_first";
        let program = folder.program_by(limited(limit), test).spawn().unwrap();
        return folder.assert_passed(program, "");
    }
    let budget = Budget::unlimited();
    let arena = Arena::builder(&budget).prefault(false).build();
    let first = arena.lease::<u8, _>(500 << 20);
    drop(first);
    // Both do not fit into 1 GiB: the idle one goes.
    let second = arena.try_lease::<u8, _>(600 << 20).unwrap();
    assert_eq!(budget.reserved_bytes(), 600 << 20);
    let error = arena.try_lease::<u8, _>(700 << 20).unwrap_err();
    assert!(matches!(error, PoolError::Refused { os_error: Some(12), .. }), "{error:?}");
    let rows = RowBuilder2::<f64>::new(1000, 1_000_000).unwrap_err().to_string();
    let (start, end) = ("the system refused 80", " bytes of address space for a row builder with");
    assert!(rows.starts_with(start) && rows.contains(end), "{rows}");
    assert!(rows.ends_with("; with a smaller `max_rows` it needs less"), "{rows}");
    assert_eq!(budget.reserved_bytes(), 600 << 20);
    drop(second);
    assert_eq!(arena.lease_filled::<f64, _>((100, 100), 1.0).sum(), 10_000.0);
}
