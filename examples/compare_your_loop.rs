//! Compares ways to write a loop: copy this file, put your own loop into it, and run it with
//! `cargo run --release --example compare_your_loop`.

use ndarray::Array2;
use ndarray_pool::compare::{Comparison, HEAP_KEPT, Run};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system(); // counts allocations

const N: usize = 1500;

fn allocating(run: &mut Run) {
    let mut y = Array2::<f64>::ones((N, N)); // the set-up
    run.passes(|_| y = &y * 0.9 + y.mapv(f64::sin) * 0.1); // one pass of the loop
    run.outcome(y.iter().map(|y| y.to_bits())); // must be the same for all variants
}

fn in_place(run: &mut Run) {
    let pool = Pool2::<f64>::new((N, N), 1).expect("one array fits");
    let mut y = pool.lease_filled(1.0);
    run.passes(|_| y.mapv_inplace(|y| y * 0.9 + y.sin() * 0.1));
    run.outcome(y.iter().map(|y| y.to_bits()));
}

#[expect(clippy::print_stdout, reason = "this is what the program is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = Comparison::new("explicit steps of y' = sin(y) - y")
        .array_bytes(N * N * size_of::<f64>()) // so that the report counts in arrays
        .variant("allocating", allocating)
        .variant_with_env("heap kept", HEAP_KEPT, allocating) // the same; glibc keeps what is freed
        .variant("in place", in_place)
        .run()?; // each variant runs in processes of its own
    println!("{report}");
    println!("{}", report.save("target/compare")?.display()); // a page with charts
    Ok(report.require_figures()?) // an error if a variant failed
}
