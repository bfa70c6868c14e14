//! What holds for kernels: for all of them by walking the registry, and for each family what a law cannot say.
//!
//! A binary of its own, because its allocator counts, and because kernels of so many types take long to compile.

use ndarray_pool::memory::count_allocs;
use ndarray_pool::memory::heap::CountingAllocator;

/// Calls the function for the rank, of which it has a type, or for any.
macro_rules! dispatch {
    (Dimension, $rank:expr, $typed:ident $arguments:tt) => {
        match $rank {
            Some(0) => $typed::<ndarray::Ix0> $arguments,
            rank => dispatch!(RemoveAxis, rank, $typed $arguments),
        }
    };
    (RemoveAxis, $rank:expr, $typed:ident $arguments:tt) => {
        match $rank {
            Some(1) => $typed::<ndarray::Ix1> $arguments,
            Some(2) => $typed::<ndarray::Ix2> $arguments,
            Some(3) => $typed::<ndarray::Ix3> $arguments,
            Some(4) => $typed::<ndarray::Ix4> $arguments,
            Some(5) => $typed::<ndarray::Ix5> $arguments,
            Some(6) => $typed::<ndarray::Ix6> $arguments,
            _ => $typed::<ndarray::IxDyn> $arguments,
        }
    };
}

mod families;
mod laws;
mod panics;
mod registry;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

fn allocations_in(call: impl FnOnce()) -> u64 {
    count_allocs(call).1.counts.requests()
}
