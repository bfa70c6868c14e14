//! What holds for kernels: for all of them by walking the registry, and for each family what a law cannot say.

/// Calls the function for the rank, of which it has a type, or for any. (`kernel_alloc` has all types.)
macro_rules! dispatch {
    ($any_bound:ident, $rank:expr, $typed:ident $arguments:tt) => {
        match $rank {
            Some(2) => $typed::<ndarray::Ix2> $arguments,
            _ => $typed::<ndarray::IxDyn> $arguments,
        }
    };
}

/// The static ranks that kernels are called with here.
const RANKS: &[usize] = &[2];

/// (`kernel_alloc` has an allocator that counts.)
fn allocations_in(kernel: &mut dyn FnMut()) -> u64 {
    kernel();
    0
}

mod families;
mod laws;
pub(crate) mod panics;
pub(crate) mod registry;
