//! Shuffling all elements of an array, regardless of its axes.
//!
//! Up to 5 · 2¹⁸ elements this is the shuffle of Fisher–Yates; beyond, elements are distributed to [`buckets`] that are
//! shuffled by themselves. So from the same seed, the elements of a large array get another order than the rows of an
//! array with as many rows.

use ndarray::{ArrayRef, Dimension};
use rand::Rng;

use crate::kernel::engine::check;
use crate::kernel::engine::tuning::{BUCKETS, MIN_BUCKETED, MIN_BUCKETED_INPLACE};
use crate::kernel::random::buckets;

/// Copies `a` with all of its elements in random order.
///
/// *out\[i\] = a\[p\[i\]\]*, where i counts the n elements in logical order (the last index varies fastest) and p is
/// one of the n! orders, each equally likely
///
/// `a` and `out` have the same shape, and any memory order: neither it nor the element type changes the result, and
/// `out` is fastest in C order. The copy and the shuffle are one pass over memory and one in the cache: large arrays
/// are distributed to buckets that fit into the cache, and these are shuffled.
///
/// Each element takes 20 to 30 random bits, and 2 or 3 elements share a word of the generator. Up to 5 · 2¹⁸ elements
/// they are drawn as [`Permutation::shuffle`](crate::kernel::Permutation::shuffle) draws them, and `p` is its order.
/// The call returns with every generator, even one that always returns the same word.
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap: see
/// [`shuffle_elements_inplace`].
///
/// # Panics
///
/// If `a` does not have the shape of `out`; nothing is written or drawn then.
///
/// # Replaces
///
/// NumPy's `rng.permuted(a, out=out)`; `out.assign(&a)` and `out.as_slice_mut().unwrap().shuffle(&mut rng)` of ndarray
/// and rand.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::shuffle_elements_into;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let mut out = Array2::zeros((2, 3));
/// shuffle_elements_into(&array![[0, 1, 2], [3, 4, 5]], &mut out, &mut SmallRng::seed_from_u64(1));
///
/// let mut elements = out.into_raw_vec_and_offset().0;
/// elements.sort();
/// assert_eq!(elements, [0, 1, 2, 3, 4, 5]);
/// ```
#[doc(alias = "permuted")]
#[track_caller]
pub fn shuffle_elements_into<A, D, R>(a: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>, rng: &mut R)
where
    A: Copy + 'static,
    D: Dimension,
    R: Rng + ?Sized,
{
    check::same_shape("shuffle_elements_into", ("a", a), ("out", out));
    match (a.as_slice(), out.as_slice_mut()) {
        (Some(a), Some(out)) => {
            buckets::shuffle_into::<BUCKETS, _, _, _>(a.iter().copied(), out, MIN_BUCKETED, rng);
        }
        (None, Some(out)) => {
            buckets::shuffle_into::<BUCKETS, _, _, _>(a.iter().copied(), out, MIN_BUCKETED, rng);
        }
        (_, None) => {
            buckets::shuffle_into::<BUCKETS, _, _, _>(a.iter().copied(), out, MIN_BUCKETED, rng);
        }
    }
}

/// Shuffles all elements of `a`, in place.
///
/// *a\[i\] ← a\[p\[i\]\]*, where i counts the n elements in logical order (the last index varies fastest) and p is one
/// of the n! orders, each equally likely
///
/// `a` has any memory order: neither it nor the element type changes the result, and C order is fastest.
/// [`shuffle_elements_into`] with another array is faster. From the same seed it gives the same result up to 5 · 2¹⁸
/// elements, and another one beyond.
///
/// NaN is moved like any value. Empty arrays are fine.
///
/// # Panics
///
/// Never by itself; a panic of the generator leaves the elements in some order.
///
/// # Replaces
///
/// NumPy's `rng.permuted(a, out=a)`; `a.as_slice_mut().unwrap().shuffle(&mut rng)` of ndarray and rand.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::shuffle_elements_inplace;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let mut a = array![[0, 1, 2], [3, 4, 5]];
/// shuffle_elements_inplace(&mut a, &mut SmallRng::seed_from_u64(1));
///
/// let mut elements = a.into_raw_vec_and_offset().0;
/// elements.sort();
/// assert_eq!(elements, [0, 1, 2, 3, 4, 5]);
/// ```
#[doc(alias = "permuted")]
pub fn shuffle_elements_inplace<A, D, R>(a: &mut ArrayRef<A, D>, rng: &mut R)
where
    A: Copy + 'static,
    D: Dimension,
    R: Rng + ?Sized,
{
    let range = 0..a.len();
    match a.as_slice_mut() {
        Some(a) => buckets::shuffle::<BUCKETS, _, _, _>(a, range, MIN_BUCKETED_INPLACE, rng),
        None => buckets::shuffle::<BUCKETS, _, _, _>(a, range, MIN_BUCKETED_INPLACE, rng),
    }
}
