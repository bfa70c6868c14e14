//! Running results along an axis: sums, products, extrema, or those of any function.
//!
//! Results are computed from the first element of a lane to its last, one operation each, so they do not depend on
//! layout. (A plain sum is more accurate with [`sum_axis_into`](crate::kernel::sum_axis_into), which is pairwise.)

pub(crate) mod flat;
pub(crate) mod inplace;

use std::ops::{Add, Mul};

use ndarray::{ArrayRef, Axis, Dimension};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::number::order::{larger, smaller};
use crate::kernel::engine::scan::scan;

/// Computes the running sums along an axis.
///
/// *out\[k\] = a\[0\] + … + a\[k\]*
///
/// `a` and `out` have the same shape, with the axis `axis`.
///
/// Rounding errors are those of sequential summation: n ε for n numbers. NaN gives NaN from there on. Empty arrays are
/// fine. `out` cannot overlap `a`: in place, use [`cumsum_axis_inplace`](crate::kernel::cumsum_axis_inplace).
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then. Integers overflow as with the
/// operator: with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.cumsum(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`, or a loop.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cumsum_axis_into;
///
/// let a = array![[1, 2], [3, 4]];
/// let mut out = a.clone();
/// cumsum_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![[1, 2], [4, 6]]);
/// ```
#[doc(alias = "cumsum")]
#[doc(alias = "cumulative_sum")]
#[doc(alias = "add.accumulate")]
#[track_caller]
pub fn cumsum_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + Add<Output = A> + 'static,
    D: Dimension,
{
    check::axis("cumsum_axis_into", axis, ("a", a));
    check::same_shape("cumsum_axis_into", ("a", a), ("out", out));
    check::arithmetic::<A, _>("cumsum_axis_into", || {
        scan(a.view(), axis, out, |x| x, |sum, x| sum + x);
    });
}

/// Computes the running products along an axis.
///
/// *out\[k\] = a\[0\] · … · a\[k\]*
///
/// `a` and `out` have the same shape, with the axis `axis`.
///
/// NaN gives NaN from there on. Empty arrays are fine. `out` cannot overlap `a`: in place, use
/// [`cumprod_axis_inplace`](crate::kernel::cumprod_axis_inplace).
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then. Integers overflow as with the
/// operator: with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.cumprod(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`, or a loop.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cumprod_axis_into;
///
/// let a = array![[1, 2], [3, 4]];
/// let mut out = a.clone();
/// cumprod_axis_into(&a, Axis(1), &mut out);
/// assert_eq!(out, array![[1, 2], [3, 12]]);
/// ```
#[doc(alias = "cumprod")]
#[doc(alias = "cumulative_prod")]
#[doc(alias = "multiply.accumulate")]
#[track_caller]
pub fn cumprod_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + Mul<Output = A> + 'static,
    D: Dimension,
{
    check::axis("cumprod_axis_into", axis, ("a", a));
    check::same_shape("cumprod_axis_into", ("a", a), ("out", out));
    check::arithmetic::<A, _>("cumprod_axis_into", || {
        scan(a.view(), axis, out, |x| x, |product, x| product * x);
    });
}

/// Computes the running maxima along an axis.
///
/// *out\[k\] = max(a\[0\], …, a\[k\])*
///
/// `a` and `out` have the same shape, with the axis `axis`.
///
/// NaN gives NaN from there on. Of equal elements the last one is taken, −0 and 0 among them, as in
/// [`maximum_into`](crate::kernel::maximum_into). Empty arrays are fine. `out` cannot overlap `a`: in place, use
/// [`cummax_axis_inplace`](crate::kernel::cummax_axis_inplace).
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.maximum.accumulate(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`, or a
/// loop.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cummax_axis_into;
///
/// let a = array![[1, 5], [3, 4]];
/// let mut out = a.clone();
/// cummax_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![[1, 5], [3, 5]]);
/// ```
#[doc(alias = "cummax")]
#[doc(alias = "maximum.accumulate")]
#[track_caller]
pub fn cummax_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    check::axis("cummax_axis_into", axis, ("a", a));
    check::same_shape("cummax_axis_into", ("a", a), ("out", out));
    scan(a.view(), axis, out, |x| x, larger);
}

/// Computes the running minima along an axis.
///
/// *out\[k\] = min(a\[0\], …, a\[k\])*
///
/// `a` and `out` have the same shape, with the axis `axis`.
///
/// NaN gives NaN from there on. Of equal elements the last one is taken, −0 and 0 among them, as in
/// [`minimum_into`](crate::kernel::minimum_into). Empty arrays are fine. `out` cannot overlap `a`: in place, use
/// [`cummin_axis_inplace`](crate::kernel::cummin_axis_inplace).
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.minimum.accumulate(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`, or a
/// loop.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cummin_axis_into;
///
/// let a = array![[1, 5], [3, 4]];
/// let mut out = a.clone();
/// cummin_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![[1, 5], [1, 4]]);
/// ```
#[doc(alias = "cummin")]
#[doc(alias = "minimum.accumulate")]
#[track_caller]
pub fn cummin_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    check::axis("cummin_axis_into", axis, ("a", a));
    check::same_shape("cummin_axis_into", ("a", a), ("out", out));
    scan(a.view(), axis, out, |x| x, smaller);
}

/// Computes the running sums along an axis, with zero in the place of NaN.
///
/// *out\[k\] = Σ a\[i\] over the i ≤ k whose a\[i\] is not NaN*
///
/// As [`cumsum_axis_into`] otherwise. Infinities of both signs give NaN from there on.
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nancumsum(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`, or a loop.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nancumsum_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = a.clone();
/// nancumsum_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![[1.0, 0.0], [4.0, 4.0]]);
/// ```
#[doc(alias = "nancumsum")]
#[track_caller]
pub fn nancumsum_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Float + 'static,
    D: Dimension,
{
    check::axis("nancumsum_axis_into", axis, ("a", a));
    check::same_shape("nancumsum_axis_into", ("a", a), ("out", out));
    scan(a.view(), axis, out, |x| number_or(x, A::zero()), |sum, x| sum + number_or(x, A::zero()));
}

/// Computes the running products along an axis, with one in the place of NaN.
///
/// *out\[k\] = Π a\[i\] over the i ≤ k whose a\[i\] is not NaN*
///
/// As [`cumprod_axis_into`] otherwise. Zero times infinity gives NaN from there on.
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nancumprod(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`, or a loop.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nancumprod_axis_into;
///
/// let a = array![[2.0, f64::NAN], [3.0, 4.0]];
/// let mut out = a.clone();
/// nancumprod_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![[2.0, 1.0], [6.0, 4.0]]);
/// ```
#[doc(alias = "nancumprod")]
#[track_caller]
pub fn nancumprod_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Float + 'static,
    D: Dimension,
{
    check::axis("nancumprod_axis_into", axis, ("a", a));
    check::same_shape("nancumprod_axis_into", ("a", a), ("out", out));
    scan(
        a.view(),
        axis,
        out,
        |x| number_or(x, A::one()),
        |product, x| product * number_or(x, A::one()),
    );
}

/// Computes the running results of any function along an axis.
///
/// *out\[0\] = a\[0\], out\[k\] = f(out\[k − 1\], a\[k\])*
///
/// `a` and `out` have the same shape, with the axis `axis`.
///
/// Each lane is computed from its first element to its last; calls for different lanes are interleaved in no particular
/// order. `f` is not called for the first elements.
///
/// NaN reaches `f` like any value. Empty arrays are fine. `out` cannot overlap `a`: in place, use
/// [`accumulate_axis_inplace`](crate::kernel::accumulate_axis_inplace).
///
/// # Panics
///
/// If `a` has no axis `axis`, or not the shape of `out`; nothing is written then. A panic of `f` passes through and
/// leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `ufunc.accumulate(a, axis, out=out)`, and in ndarray a clone with `accumulate_axis_inplace`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::accumulate_axis_into;
///
/// let a = array![[1_u8, 2], [4, 6]];
/// let mut out = a.clone();
/// accumulate_axis_into(&a, Axis(0), &mut out, |bits, x| bits ^ x);
/// assert_eq!(out, array![[1, 2], [5, 4]]);
/// ```
#[doc(alias = "ufunc.accumulate")]
#[doc(alias = "scan")]
#[track_caller]
pub fn accumulate_axis_into<A, D, F>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>, f: F)
where
    A: Copy + 'static,
    D: Dimension,
    F: FnMut(A, A) -> A,
{
    check::axis("accumulate_axis_into", axis, ("a", a));
    check::same_shape("accumulate_axis_into", ("a", a), ("out", out));
    scan(a.view(), axis, out, |x| x, f);
}

pub(crate) fn number_or<A: Float>(x: A, neutral: A) -> A {
    if x.is_nan() { neutral } else { x }
}
