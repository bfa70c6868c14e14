//! Random numbers block by block, from a generator for each block: the same array for any number of threads.

use ndarray::{ArrayRef, Dimension};
use rand::Rng;
use rand::distr::Distribution;

use crate::kernel::engine::tuning::RANDOM_BLOCK;

/// Fills `out` with independent draws from a distribution, each block of 4096 elements from a generator of its own.
///
/// *out\[i\] ~ dist*, with i in logical order; elements 4096 k to 4096 k + 4095 are what `dist.sample(rng_of(k))` gives
/// in turn
///
/// `out` has any shape and memory order, and the same numbers in all of them. `rng_of` makes the generator of a block
/// from its number: a generator with a counter or a stream number, set to that of the block, or one with a seed of its own.
/// Below, seed and number together are the key of a ChaCha generator.
///
/// This is [`random_into`](crate::kernel::random_into) for arrays that are drawn by several threads, or in parts:
/// `kernel::par::random_blocks_into`, with the feature `rayon`, gives the same numbers.
///
/// NaN results only if the distribution returns it. An empty `out` draws nothing.
///
/// # Panics
///
/// Never by itself; a panic of the distribution, of `rng_of` or of a generator leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `SeedSequence(seed).spawn(n)` with a generator for each part of an array, as its guide to parallel random
/// numbers has it.
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::kernel::random_blocks_into;
/// use rand::distr::StandardUniform;
/// use rand::{SeedableRng, rngs::StdRng};
///
/// let of_block = |block: u64| {
///     let mut key = [0; 32];
///     key[..8].copy_from_slice(&7_u64.to_le_bytes()); // the seed
///     key[8..16].copy_from_slice(&block.to_le_bytes());
///     StdRng::from_seed(key)
/// };
/// let mut a = Array2::<f64>::zeros((100, 100));
/// random_blocks_into(&StandardUniform, &mut a, of_block);
/// assert!(a.iter().all(|x| (0.0..1.0).contains(x)));
/// ```
#[doc(alias("parallel", "spawn", "jumped", "stream"))]
pub fn random_blocks_into<A, D, P, R>(
    dist: &P,
    out: &mut ArrayRef<A, D>,
    mut rng_of: impl FnMut(u64) -> R,
) where
    A: Copy + 'static,
    D: Dimension,
    P: Distribution<A> + ?Sized,
    R: Rng,
{
    if let Some(out) = out.as_slice_mut() {
        for (block, out) in (0..).zip(out.chunks_mut(RANDOM_BLOCK)) {
            let mut rng = rng_of(block);
            out.fill_with(|| dist.sample(&mut rng));
        }
        return;
    }
    let mut out = out.iter_mut();
    let blocks = out.len().div_ceil(RANDOM_BLOCK);
    for block in 0..blocks as u64 {
        let mut rng = rng_of(block);
        out.by_ref().take(RANDOM_BLOCK).for_each(|out| *out = dist.sample(&mut rng));
    }
}
