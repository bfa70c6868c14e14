//! Random numbers from a distribution, written to an existing array.

use ndarray::{ArrayRef, Dimension};
use rand::Rng;
use rand::distr::Distribution;

/// Fills `out` with independent draws from a distribution.
///
/// *out\[i\] ~ dist*, with i in logical order (the last index varies fastest): the values that `dist.sample(rng)` gives in
/// turn
///
/// `out` has any shape and memory order: the draws are made in logical order, so the same seed gives the same
/// array in C and in F order, and one array of n×m takes the draws of n rows of m. `dist` is any distribution of
/// `rand` or `rand_distr`.
///
/// NaN results only if the distribution returns it. An empty `out` draws nothing. If `rng` is not random, a
/// distribution may wait forever for a word that it accepts: `Uniform` of integers does so with some generators that
/// always return the same word.
///
/// # Panics
///
/// Never by itself; a panic of the distribution or the generator leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `rng.random(out=out)`, `rng.standard_normal(out=out)` and those without `out` (`rng.normal(..)`,
/// `rng.integers(..)`); `Array::random_using(shape, dist, rng)` of ndarray-rand, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::kernel::random_into;
/// use rand::distr::Uniform;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let die = Uniform::new_inclusive(1, 6)?;
/// let mut throws = Array2::zeros((20, 5));
/// random_into(&die, &mut throws, &mut SmallRng::seed_from_u64(1));
/// assert!(throws.iter().all(|throw| (1..=6).contains(throw)));
/// # Ok::<(), rand::distr::uniform::Error>(())
/// ```
#[doc(alias = "standard_normal")]
#[doc(alias = "uniform")]
#[doc(alias = "integers")]
#[doc(alias = "sample")]
pub fn random_into<A, D, P, R>(dist: &P, out: &mut ArrayRef<A, D>, rng: &mut R)
where
    A: Copy + 'static,
    D: Dimension,
    P: Distribution<A> + ?Sized,
    R: Rng + ?Sized,
{
    // In logical order, whatever the memory order.
    match out.as_slice_mut() {
        Some(out) => out.fill_with(|| dist.sample(rng)),
        None => out.iter_mut().for_each(|out| *out = dist.sample(rng)),
    }
}
