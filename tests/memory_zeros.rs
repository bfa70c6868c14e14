//! Zeros stay untouched pages under the counting allocator: each figure comes from a clean process.
//!
//! The test runs its own executable once per allocator. A third one, which does what a counter
//! without `alloc_zeroed` does, shows that the test would see it.
#![cfg(target_os = "linux")]
#![expect(unsafe_code, reason = "the allocators under test are chosen at run time by a global one")]

mod process;

use std::alloc::{GlobalAlloc, Layout, System};
use std::env;
use std::hint::black_box;
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use ndarray::Array2;
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::memory::usage;

const ROLE: &str = "NDARRAY_POOL_TEST_ALLOCATOR";
const ARRAY_BYTES: i64 = 8_000_000;

const PLAIN: u8 = 0;
const COUNTING: u8 = 1;
const WRITING: u8 = 2;

#[global_allocator]
static CHOSEN: Chosen = Chosen { which: AtomicU8::new(PLAIN) };

static COUNTER: CountingAllocator = CountingAllocator::system();

/// All three take their memory from `System`, so blocks may be freed by another one than made them.
struct Chosen {
    which: AtomicU8,
}

// SAFETY: every block comes from `System` with the given layout and goes back there.
unsafe impl GlobalAlloc for Chosen {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.which.load(Relaxed) {
            // SAFETY: our caller's promises are handed on.
            COUNTING => unsafe { COUNTER.alloc(layout) },
            // SAFETY: as above.
            _ => unsafe { System.alloc(layout) },
        }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` came from `System`, directly or through the counter.
        unsafe { System.dealloc(block, layout) };
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match self.which.load(Relaxed) {
            // SAFETY: our caller's promises are handed on.
            COUNTING => unsafe { COUNTER.alloc_zeroed(layout) },
            WRITING => {
                // An optimizer that saw where the block comes from would ask for zeros instead.
                // SAFETY: as above.
                let block = black_box(unsafe { System.alloc(layout) });
                if !block.is_null() {
                    // SAFETY: `block` is as long as the layout says.
                    unsafe { block.write_bytes(0, layout.size()) };
                }
                block
            }
            // SAFETY: as above.
            _ => unsafe { System.alloc_zeroed(layout) },
        }
    }
}

#[test]
fn zeros_cost_the_same_few_pages_with_and_without_the_counter() {
    let plain = growth_in_child("plain");
    let counting = growth_in_child("counting");
    let writing = growth_in_child("writing");
    for (name, (vec_bytes, array_bytes)) in [("plain", plain), ("counting", counting)] {
        assert!(vec_bytes.abs() < 64 * 1024, "{name}: vec![0.0; n] grew RSS by {vec_bytes}");
        assert!(array_bytes.abs() < 64 * 1024, "{name}: zeros() grew RSS by {array_bytes}");
    }
    assert!((plain.0 - counting.0).abs() <= 16 * 1024, "{plain:?} {counting:?}");
    assert!(writing.0 > ARRAY_BYTES * 9 / 10, "the control does not touch its pages: {writing:?}");
    assert!(writing.1 > ARRAY_BYTES * 9 / 10, "the control does not touch its pages: {writing:?}");
}

/// What a vector and an array of a million zeros add to the RSS of a fresh process.
fn growth_in_child(role: &str) -> (i64, i64) {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(ROLE, role)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let line = text.split("growth:").nth(1).expect("the child reports").lines().next().unwrap();
    let mut figures = line.split_whitespace().map(|figure| figure.parse().unwrap());
    (figures.next().unwrap(), figures.next().unwrap())
}

/// The other side of `growth_in_child`; without the variable it has nothing to do.
#[test]
fn child() {
    let which = match env::var(ROLE).as_deref() {
        Ok("plain") => PLAIN,
        Ok("counting") => COUNTING,
        Ok("writing") => WRITING,
        _ => return,
    };
    let _alone = process::alone();
    CHOSEN.which.store(which, Relaxed);
    // Whatever the same does for the first time, it does now: in small, but with a mapping too.
    let warm_up = (black_box(vec![0.0_f64; 30_000]), black_box(Array2::<f64>::zeros((100, 300))));
    let _ = usage();
    drop(warm_up);
    let before = usage();
    let zeros = black_box(vec![0.0_f64; 1_000_000]);
    let between = usage();
    let more_zeros = black_box(Array2::<f64>::zeros((1000, 1000)));
    let after = usage();
    #[expect(clippy::print_stdout, reason = "this is how the figures reach the parent")]
    {
        println!(
            "growth: {} {}",
            between.since(&before).current_rss_bytes.unwrap(),
            after.since(&between).current_rss_bytes.unwrap()
        );
    }
    drop((zeros, more_zeros));
}
