//! Vector norms, along an axis and over all elements: sum of magnitudes, Euclidean length, largest magnitude.
//!
//! Squares are summed as they are. Where they have overflowed, or may have lost digits, the elements are read again,
//! scaled ([`second_look`]).

use std::convert::identity;

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::best::largest_size;
use crate::kernel::engine::fold::kinds::combine::{adding_of, square};
use crate::kernel::engine::fold::second_look::{
    self, Moderate, SecondLook, are_from, of_all_times, scale_of_all, small_root,
};
use crate::kernel::engine::fold::{self};

/// Computes the 1-norm: the sum of absolute values.
///
/// *Σ |a\[i\]|*
///
/// `a` has any shape, and is taken as one vector. Accuracy and NaN are as for
/// [`norm_l1_axis_into`]. The norm of no elements is zero.
///
/// # Replaces
///
/// NumPy's `np.linalg.norm(a, 1)` of a vector, and in ndarray a fold; `norm_l1` is its name in ndarray-linalg.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::norm_l1;
///
/// assert_eq!(norm_l1(&array![[3.0], [-4.0]]), 7.0);
/// ```
#[doc(alias = "norm")]
#[doc(alias = "manhattan")]
#[must_use]
pub fn norm_l1<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &adding_of(A::abs)).unwrap_or_else(A::zero)
}

/// Computes the 1-norm of each lane: the sum of absolute values.
///
/// *out\[j\] = Σᵢ |a\[i, j\]|*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** The relative error is at most (2 log₂ n + 30) ε for n numbers.
///
/// NaN in a lane gives NaN. An axis without elements gives zero. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.linalg.norm(a, 1, axis)`, which has no `out`, and in ndarray `a.map_axis(axis, ..)`; both allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::norm_l1_axis_into;
///
/// let a = array![[3.0, -4.0], [-1.0, 2.0]];
/// let mut out = array![0.0, 0.0];
/// norm_l1_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![4.0, 6.0]);
/// ```
#[track_caller]
pub fn norm_l1_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("norm_l1_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &adding_of(A::abs), identity);
}

/// Computes the 2-norm: the Euclidean length, which is the Frobenius norm of a matrix.
///
/// *√(Σ a\[i\]²)*
///
/// `a` has any shape, and is taken as one vector. Accuracy and NaN are as for
/// [`norm_l2_axis_into`]. The norm of no elements is zero.
///
/// # Replaces
///
/// NumPy's `np.linalg.norm(a)`, and in ndarray a fold; `norm_l2` is its name in ndarray-linalg.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::norm_l2;
///
/// assert_eq!(norm_l2(&array![[3.0], [-4.0]]), 5.0);
/// assert_eq!(norm_l2(&array![1e200, 0.0]), 1e200);
/// ```
#[doc(alias = "norm")]
#[doc(alias = "frobenius")]
#[doc(alias = "euclidean")]
#[must_use]
pub fn norm_l2<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    norm_of_squares(a, fold::of_all(a.view(), &adding_of(square)).unwrap_or_else(A::zero))
}

/// The Euclidean length of all elements, from the sum of their squares: computed again where that may be wrong.
pub(crate) fn norm_of_squares<A, D>(a: &ArrayRef<A, D>, squares: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    let norm = squares.sqrt();
    match Lengths::of(a.len()).is_doubtful(norm) {
        true => scaled(a.view(), norm),
        false => norm,
    }
}

/// Computes the 2-norm of each lane: the Euclidean length.
///
/// *out\[j\] = √(Σᵢ a\[i, j\]²)*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** The relative error is at most (2 log₂ n + 30) ε for n numbers of any size: the norm is infinite only
/// if it is larger than the largest number. Where squares have overflowed, or may have lost digits, the lane is read
/// again, scaled.
///
/// NaN in a lane gives NaN. An axis without elements gives zero. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.linalg.norm(a, 2, axis)`, which has no `out`, and in ndarray `a.map_axis(axis, ..)`; both allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::norm_l2_axis_into;
///
/// let a = array![[0.0, -4.0], [3.0, 3.0]];
/// let mut out = array![0.0, 0.0];
/// norm_l2_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![3.0, 5.0]);
/// ```
#[track_caller]
pub fn norm_l2_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("norm_l2_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    let lengths = Lengths::of(a.len_of(axis));
    second_look::along_axis(a, axis, out, &adding_of(square), A::sqrt, &lengths);
}

/// Computes the maximum norm: the largest absolute value.
///
/// *max |a\[i\]|*
///
/// `a` has any shape, and is taken as one vector. The norm is exact. NaN gives NaN. The norm of no elements is zero.
///
/// # Replaces
///
/// NumPy's `np.linalg.norm(a, np.inf)` of a vector, and in ndarray a fold; `norm_max` is its name in
/// ndarray-linalg.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::norm_max;
///
/// assert_eq!(norm_max(&array![[3.0], [-4.0]]), 4.0);
/// ```
#[doc(alias = "norm")]
#[doc(alias = "chebyshev")]
#[must_use]
pub fn norm_max<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &largest_size()).unwrap_or_else(A::zero)
}

/// Computes the maximum norm of each lane: the largest absolute value.
///
/// *out\[j\] = maxᵢ |a\[i, j\]|*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// The norm is exact.
///
/// NaN in a lane gives NaN. An axis without elements gives zero. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.linalg.norm(a, np.inf, axis)`, which has no `out`, and in ndarray `a.map_axis(axis, ..)`; both
/// allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::norm_max_axis_into;
///
/// let a = array![[3.0, -4.0], [-1.0, 2.0]];
/// let mut out = array![0.0, 0.0];
/// norm_max_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![3.0, 4.0]);
/// ```
#[track_caller]
pub fn norm_max_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("norm_max_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &largest_size(), identity);
}

/// Doubts 2-norms whose squares have overflowed, or may have lost digits that matter.
struct Lengths<A> {
    least: A,
    moderate: Moderate<A>,
}

impl<A: Float> Lengths<A> {
    /// For norms of `n` elements.
    fn of(n: usize) -> Self {
        Lengths { least: small_root(n), moderate: Moderate::of(n) }
    }
}

impl<A: Float> SecondLook<A> for Lengths<A> {
    #[inline(always)]
    fn may_doubt(&self, norms: &[A]) -> bool {
        !are_from(norms, self.least)
    }

    #[inline(always)]
    fn is_doubtful(&self, norm: A) -> bool {
        !((norm >= self.least) & (norm <= A::max_value()))
    }

    fn is_extreme(&self, element: A) -> bool {
        self.moderate.is_extreme(element)
    }

    fn again(&self, lane: ArrayView1<'_, A>, norm: A) -> A {
        scaled(lane, norm)
    }
}

/// The 2-norm of scaled elements. It is `plain` if all are zero, or if one is infinite or NaN.
#[cold]
#[inline(never)]
fn scaled<A: Float, D: Dimension>(a: ArrayView<'_, A, D>, plain: A) -> A {
    let Some(scale) = scale_of_all(a.view()) else { return plain };
    let squares = of_all_times(a, scale.into, &adding_of(square));
    squares.map_or(plain, |squares| squares.sqrt() * scale.back)
}
