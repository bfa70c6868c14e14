//! Arrays that are replaced by ever larger ones, while small objects of each pass stay alive: the
//! hardest case for an allocator, which finds no hole that is large enough.
//!
//! ```text
//! cargo run --release --example growing_arrays
//! ```
//!
//! Before the loop an input is read and dropped. Each pass then makes an array from the last, a row
//! larger, and keeps a kilobyte. Two arrays must live at once, the old and the new.
//!
//! *Arena* gives each old array back to the system before it makes the next, and writes the damped
//! old rows where they belong. *Allocating* is the loop as one writes it with expressions, so it
//! also holds `&state * DAMPING` for a moment: three arrays at once. The input that was freed has
//! taught glibc to keep arrays of this size on its heap, where the small objects lie between the
//! holes that old arrays leave, and no hole is ever large enough for the next array. *Allocating, no
//! input* shows that it hangs on that: without it glibc maps each array by itself, holds three, and
//! pays with a fault on every page.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod side_by_side;

use ndarray::{Array2, ArrayRef2, s};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;

use self::side_by_side::{Way, compare};

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

const PASSES: usize = 200;
const COLS: usize = 1000;
const DAMPING: f64 = 0.999;

fn rows(pass: usize) -> usize {
    1000 + pass
}

fn main() {
    let ways = [
        Way { name: "arena", before: read_input, run: arena },
        Way { name: "allocating", before: read_input, run: allocating },
        Way { name: "allocating, no input", before: || (), run: allocating },
    ];
    let title = format!("{PASSES} passes, each makes a larger array from the last");
    compare(&title, "the last array", rows(PASSES) * COLS * size_of::<f64>(), &ways);
}

fn arena() -> f64 {
    let arena = Arena::builder(&Budget::unlimited()).max_idle_bytes(0).build();
    let mut small_objects = Vec::new();
    let mut state = arena.lease_filled((rows(0), COLS), 1.0);
    for pass in 1..=PASSES {
        let mut larger = arena.lease((rows(pass), COLS));
        grow_into(&state, &mut larger);
        small_objects.push(vec![pass as u8; 1000]);
        state = larger; // the old one goes back to the arena
    }
    state.sum() + small_objects.len() as f64
}

fn allocating() -> f64 {
    let mut small_objects = Vec::new();
    let mut state = Array2::<f64>::ones((rows(0), COLS));
    for pass in 1..=PASSES {
        let mut larger = Array2::ones((rows(pass), COLS));
        larger.slice_mut(s![..state.nrows(), ..]).assign(&(&state * DAMPING));
        small_objects.push(vec![pass as u8; 1000]);
        state = larger;
    }
    state.sum() + small_objects.len() as f64
}

/// Reads 32 MB, and keeps nothing of it.
fn read_input() {
    assert_eq!(std::hint::black_box(Array2::<f64>::ones((4000, COLS))).sum(), 4_000_000.0);
}

/// The old rows, a little damped, and new ones.
fn grow_into(state: &ArrayRef2<f64>, larger: &mut ArrayRef2<f64>) {
    let (mut old, mut new) =
        larger.multi_slice_mut((s![..state.nrows(), ..], s![state.nrows().., ..]));
    map_into(state, &mut old, |x| x * DAMPING);
    new.fill(1.0);
}
