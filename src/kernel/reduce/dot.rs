//! Dot products of lanes along an axis, and of whole arrays: the pairwise sums of products, which are formed on the
//! fly.

use std::ops::Mul;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Zero;

use crate::kernel::engine::fold::kinds::combine::{adding, from_zero};
use crate::kernel::engine::{check, fold};

/// Computes the dot product of two arrays, taken as vectors.
///
/// *Σ a\[i\] b\[i\]*
///
/// `a` and `b` have the same shape. Accuracy, NaN and the types of elements are as for
/// [`vecdot_axis_into`]. No elements give zero. `a` and `b` may overlap, since nothing
/// is written.
///
/// # Panics
///
/// If `b` does not have the shape of `a`.
///
/// # Replaces
///
/// NumPy's `np.vdot(a, b)` and, for vectors, ndarray's `a.dot(&b)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::vdot;
///
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0, 0.0], [0.0, 1.0]]);
/// assert_eq!(vdot(&a, &b), 5.0);
/// ```
#[doc(alias = "dot")]
#[doc(alias = "inner")]
#[must_use]
#[track_caller]
pub fn vdot<A, D>(a: &ArrayRef<A, D>, b: &ArrayRef<A, D>) -> A
where
    A: Copy + Zero + Mul<Output = A> + PartialOrd + 'static,
    D: Dimension,
{
    check::same_shape("vdot", ("b", b), ("a", a));
    check::arithmetic::<A, _>("vdot", || {
        fold::of_all_of_two(a.view(), b.view(), &A::mul, &adding()).map_or_else(A::zero, from_zero)
    })
}

/// Computes the dot product of each pair of lanes.
///
/// *out\[j\] = Σᵢ a\[i, j\] b\[i, j\]*
///
/// `a` and `b` have the same shape with the axis `axis`, and `out` has it without that axis: n×m and n×m along
/// `Axis(0)` give m. Elements are real numbers, as their bound `PartialOrd` implies: for complex ones NumPy conjugates
/// the first factor.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 29) ε Σ |a\[i\] b\[i\]| for n products, each of which is
/// rounded by itself.
///
/// NaN in a lane gives NaN. An axis without elements gives zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no axis `axis`, `b` does not have the shape of `a`, or `out` does not have it without `axis`; nothing
/// is written then.
///
/// # Replaces
///
/// NumPy's `np.vecdot(a, b, axis=axis, out=out)`, and ndarray's `(&a * &b).sum_axis(axis)`, which allocates twice.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::vecdot_axis_into;
///
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0, 1.0], [10.0, 10.0]]);
/// let mut out = array![0.0, 0.0];
/// vecdot_axis_into(&a, &b, Axis(1), &mut out);
/// assert_eq!(out, array![3.0, 70.0]);
/// ```
#[doc(alias = "vecdot")]
#[doc(alias = "inner")]
#[doc(alias = "dot")]
#[track_caller]
pub fn vecdot_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    b: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Copy + Zero + Mul<Output = A> + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("vecdot_axis_into", ("a", a), axis, out);
    check::same_shape("vecdot_axis_into", ("b", b), ("a", a));
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    check::arithmetic::<A, _>("vecdot_axis_into", || {
        fold::along_axis_of_two(a.view(), b.view(), &A::mul, axis, out, &adding(), from_zero);
    });
}
