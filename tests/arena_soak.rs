//! A million random leases in 200 shapes, in a process of their own: what is left behind. Under a
//! sanitizer the figures say nothing: its shadow memory is in them.
#![cfg(target_os = "linux")]

mod process;

use ndarray::Ix2;
use ndarray_pool::OwnedLease;
use ndarray_pool::memory::{Usage, usage};
use ndarray_pool::prelude::*;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

const MIB: i64 = 1 << 20;

/// How many leases the soak makes: in a debug build it stays below some seconds.
const LEASES: usize = 1_000_000;
const SHAPES: usize = 200;
const HELD: usize = 100;

#[test]
fn a_million_leases_leave_nothing_behind() {
    let _alone = process::alone();
    let mut rng = SmallRng::seed_from_u64(1);
    // From 64 bytes to 512 KiB; most are small, as in most programs.
    let shapes: Vec<[usize; 2]> = (0..SHAPES)
        .map(|i| [1 + i, 1 << rng.random_range(3..if i % 10 == 0 { 9 } else { 6 })])
        .collect();
    let budget = Budget::new(16 << 20);
    let arena = Arena::new(&budget);
    let mut held: Vec<OwnedLease<f32, Ix2>> = Vec::with_capacity(HELD);
    let before = usage();
    for number in 0..LEASES {
        if held.len() == HELD {
            let at = rng.random_range(0..HELD);
            let old = held.swap_remove(at);
            assert_eq!(old[[0, 0]], old[[old.nrows() - 1, old.ncols() - 1]], "written by another");
        }
        let mut lease = arena.lease::<f32, _>(shapes[rng.random_range(0..SHAPES)]);
        let (rows, cols) = lease.dim();
        lease[[0, 0]] = number as f32;
        lease[[rows - 1, cols - 1]] = number as f32;
        held.push(lease);
        if number % 1000 == 0 {
            assert!(budget.reserved_bytes() <= budget.limit_bytes());
        }
    }
    assert!(budget.peak_reserved_bytes() <= budget.limit_bytes());
    held.iter_mut().for_each(|lease| lease.fill(1.0));
    arena.trim();
    let stats = arena.stats();
    assert_eq!((stats.leased, stats.reserved_bytes), (HELD, budget.reserved_bytes()));
    let over = rss_growth(&before) - stats.leased_bytes as i64;
    assert!(over < 2 * MIB, "{over} bytes more than the {} leased", stats.leased_bytes);
    held.clear();
    arena.trim();
    assert_eq!((budget.reserved_bytes(), arena.stats().pools), (0, 0));
    let left = rss_growth(&before);
    assert!(left < MIB, "{left} bytes are left");
}

fn rss_growth(before: &Usage) -> i64 {
    usage().since(before).current_rss_bytes.unwrap()
}
