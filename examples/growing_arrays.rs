//! Arrays that are replaced by ever larger ones, while small objects of each pass stay alive: the
//! hardest case for an allocator, which finds no hole that is large enough.
//!
//! ```text
//! cargo run --release --example growing_arrays
//! ```
//!
//! Each pass makes an array from the last, a row larger, and keeps a kilobyte. Two arrays must live
//! at once, the old and the new.
//!
//! *Arena* gives each old array back to the system before it makes the next, and writes the damped
//! old rows where they belong. *Allocating* is the loop as one writes it with expressions, so it
//! also holds `&state * DAMPING` for a moment: three arrays at once. Before the loop an input was read
//! and freed, which has taught glibc to keep arrays of this size on its heap. There the small objects lie
//! between the holes that old arrays leave, and no hole is ever large enough for the next array.
//! *Allocating, no input* shows that it hangs on that: without it glibc maps each array by itself,
//! holds three, and pays with a fault on every page.

use ndarray::{Array2, ArrayRef2, s};
use ndarray_pool::compare::Comparison;
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

const PASSES: usize = 200;
const COLS: usize = 1000;
const DAMPING: f64 = 0.999;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report =
        Comparison::new("arrays that are replaced by larger ones, while small objects live")
            .array_bytes((1000 + PASSES) * COLS * size_of::<f64>()) // the last and largest
            .passes(PASSES)
            .warm_up_passes(0)
            .repeats(3)
            .baseline("allocating")
            .variant("arena", |run| {
                read_input();
                let arena = Arena::builder(&Budget::unlimited()).max_idle_bytes(0).build();
                let mut small_objects = Vec::new();
                let mut state = arena.lease_filled((1000, COLS), 1.0);
                run.passes(|_| {
                    let mut larger = arena.lease((state.nrows() + 1, COLS));
                    grow_into(&state, &mut larger);
                    small_objects.push(vec![1_u8; 1000]);
                    state = larger; // the old one goes back to the arena
                });
                run.outcome(state.iter().map(|x| x.to_bits()));
            })
            .variant("allocating", |run| {
                read_input();
                allocating(run);
            })
            .variant("allocating, no input", allocating)
            .run()?;
    println!("{report}");
    Ok(report.require_figures()?)
}

fn allocating(run: &mut ndarray_pool::compare::Run) {
    let mut small_objects = Vec::new();
    let mut state = Array2::<f64>::ones((1000, COLS));
    run.passes(|_| {
        let mut larger = Array2::ones((state.nrows() + 1, COLS));
        larger.slice_mut(s![..state.nrows(), ..]).assign(&(&state * DAMPING));
        small_objects.push(vec![1_u8; 1000]);
        state = larger;
    });
    run.outcome(state.iter().map(|x| x.to_bits()));
}

/// Reads something a little larger than the largest array, and keeps nothing of it.
fn read_input() {
    let input = Array2::<f64>::ones((1000 + PASSES + 20, COLS));
    assert_eq!(std::hint::black_box(input)[[0, 0]], 1.0);
}

/// The old rows, a little damped, and new ones.
fn grow_into(state: &ArrayRef2<f64>, larger: &mut ArrayRef2<f64>) {
    let (mut old, mut new) =
        larger.multi_slice_mut((s![..state.nrows(), ..], s![state.nrows().., ..]));
    map_into(state, &mut old, |x| x * DAMPING);
    new.fill(1.0);
}
