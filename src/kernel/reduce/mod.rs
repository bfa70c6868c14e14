//! Reductions: one result for each lane along an axis, or one for a whole array.
//!
//! Most are a [`Fold`](crate::kernel::engine::fold::contract::Fold) that the engine walks through memory. The
//! exceptions are in this file (any closure, strictly in order), in `any_all` (a search that ends early) and in
//! `quantile` (selection).

pub(crate) mod any_all;
pub(crate) mod average;
pub(crate) mod count;
pub(crate) mod dot;
pub(crate) mod mean;
pub(crate) mod minmax;
pub(crate) mod nan_mean;
pub(crate) mod nan_minmax;
pub(crate) mod nan_sum;
pub(crate) mod nan_variance;
pub(crate) mod norm;
pub(crate) mod quantile;
pub(crate) mod segments;
pub(crate) mod softmax;
pub(crate) mod sum;
pub(crate) mod variance;

use ndarray::{ArrayRef, Axis, RemoveAxis};

use crate::kernel::engine::check;
use crate::kernel::engine::fold::in_order;

/// Reduces each lane along an axis with any function.
///
/// *out\[j\] = f(… f(f(init, a\[0, j\]), a\[1, j\]) …, a\[n−1, j\])*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. The element types may differ.
///
/// Each lane is folded from its first element to its last; calls for different lanes are interleaved in no particular
/// order. Rounding errors grow as in sequential summation: for sums use
/// [`sum_axis_into`](crate::kernel::sum_axis_into).
///
/// NaN reaches `f` like any value. An axis without elements gives `init`. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then. A panic
/// of `f` passes through and leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `ufunc.reduce(a, axis, out=out, initial=init)` and ndarray's `a.fold_axis(axis, init, f)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::reduce_axis_into;
///
/// let a = array![[1_u8, 2], [4, 6]];
/// let mut out = array![0, 0];
/// reduce_axis_into(&a, Axis(0), 0, &mut out, |bits, x| bits | x);
/// assert_eq!(out, array![5, 6]);
/// ```
#[doc(alias = "fold_axis")]
#[doc(alias = "ufunc.reduce")]
#[track_caller]
pub fn reduce_axis_into<A, B, D, F>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    init: B,
    out: &mut ArrayRef<B, D::Smaller>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    D: RemoveAxis,
    F: FnMut(B, A) -> B,
{
    check::without_axis("reduce_axis_into", ("a", a), axis, out);
    in_order::along_axis(a.view(), axis, init, out, f);
}
