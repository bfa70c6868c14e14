//! Random numbers.

use ndarray::{ArrayRef, Dimension};
use rand::Rng;
use rand::distr::Distribution;
use rayon::prelude::*;

use crate::kernel;
use crate::kernel::engine::tuning::RANDOM_BLOCK;

/// [`random_blocks_into`](kernel::random_blocks_into) on all cores, where `out` is contiguous in logical order; otherwise one
/// thread draws. Results and blocks are the same.
///
/// Threads share `dist` and `rng_of`, so these must be `Sync`.
pub fn random_blocks_into<A, D, P, R>(
    dist: &P,
    out: &mut ArrayRef<A, D>,
    rng_of: impl Fn(u64) -> R + Sync,
) where
    A: Copy + Send + 'static,
    D: Dimension,
    P: Distribution<A> + Sync + ?Sized,
    R: Rng,
{
    match out.as_slice_mut() {
        Some(out) if out.len() > RANDOM_BLOCK => {
            out.par_chunks_mut(RANDOM_BLOCK).enumerate().for_each(|(block, out)| {
                let mut rng = rng_of(block as u64);
                out.fill_with(|| dist.sample(&mut rng));
            });
        }
        _ => kernel::random_blocks_into(dist, out, rng_of),
    }
}
