//! How large arrays are: norms of lanes, and of all elements taken as one vector.

use std::convert::identity;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use super::check_reduce;
use super::extrema::{best_of, greater};
use super::fold::{self, Fold};
use super::reduce::adding_of;

/// Computes the 1-norm: the sum of absolute values.
///
/// *Σ |a\[i\]|*
///
/// `a` has any shape, and is taken as one vector.
///
/// **Accuracy.** The relative error is at most (2 log₂ n + 30) ε for n numbers.
///
/// NaN gives NaN. The norm of no elements is zero.
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
    check_reduce::without_axis("norm_l1_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &adding_of(A::abs), identity);
}

/// Computes the 2-norm: the Euclidean length, which is the Frobenius norm of a matrix.
///
/// *√(Σ a\[i\]²)*
///
/// `a` has any shape, and is taken as one vector.
///
/// **Accuracy.** The relative error is at most (2 log₂ n + 30) ε for n numbers. Squares are summed as they are: the
/// norm is infinite for elements from about 10¹⁵⁴ on for `f64` (10¹⁹ for `f32`), and loses those below about 10⁻¹⁵⁴
/// (10⁻¹⁹).
///
/// NaN gives NaN. The norm of no elements is zero.
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
    fold::of_all(a.view(), &adding_of(square)).map_or_else(A::zero, A::sqrt)
}

/// Computes the 2-norm of each lane: the Euclidean length.
///
/// *out\[j\] = √(Σᵢ a\[i, j\]²)*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** The relative error is at most (2 log₂ n + 30) ε for n numbers. Squares are summed as they are: the
/// norm is infinite for elements from about 10¹⁵⁴ on for `f64` (10¹⁹ for `f32`), and loses those below about 10⁻¹⁵⁴
/// (10⁻¹⁹).
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
    check_reduce::without_axis("norm_l2_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &adding_of(square), A::sqrt);
}

/// Computes the maximum norm: the largest absolute value.
///
/// *max |a\[i\]|*
///
/// `a` has any shape, and is taken as one vector.
///
/// It is exact.
///
/// NaN gives NaN. The norm of no elements is zero.
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
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// It is exact.
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
    check_reduce::without_axis("norm_max_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &largest_size(), identity);
}

fn square<A: Float>(x: A) -> A {
    x * x
}

/// The fold of the largest absolute value, in which NaN wins.
fn largest_size<A: Float>() -> impl Fold<A, State = A> {
    best_of::<_, false>(A::abs, greater)
}
