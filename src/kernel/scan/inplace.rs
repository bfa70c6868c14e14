//! Running results along an axis, in place of the elements. Each kernel has the bits of its `_into` form.

use std::ops::{Add, Mul};

use ndarray::{ArrayRef, Axis, Dimension};

use crate::kernel::engine::check;
use crate::kernel::engine::number::order::{larger, smaller};
use crate::kernel::engine::scan::scan_inplace;

/// Computes the running sums along an axis, in place.
///
/// *a′\[k\] = a\[0\] + … + a\[k\]*, where a′ is what `a` holds afterwards
///
/// As [`cumsum_axis_into`](crate::kernel::cumsum_axis_into), bit for bit.
///
/// # Panics
///
/// If `a` has no axis `axis`. Integers overflow as with the operator: with a panic where overflow checks are on, which
/// leaves `a` partly changed.
///
/// # Replaces
///
/// NumPy's `np.cumsum(a, axis, out=a)`, and ndarray's `a.accumulate_axis_inplace(axis, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cumsum_axis_inplace;
///
/// let mut a = array![[1, 2], [3, 4]];
/// cumsum_axis_inplace(&mut a, Axis(0));
/// assert_eq!(a, array![[1, 2], [4, 6]]);
/// ```
#[doc(alias = "cumsum")]
#[doc(alias = "cumulative_sum")]
#[doc(alias = "add.accumulate")]
#[track_caller]
pub fn cumsum_axis_inplace<A, D>(a: &mut ArrayRef<A, D>, axis: Axis)
where
    A: Copy + Add<Output = A> + 'static,
    D: Dimension,
{
    check::axis("cumsum_axis_inplace", axis, ("a", a));
    check::arithmetic::<A, _>("cumsum_axis_inplace", || scan_inplace(a, axis, |sum, x| sum + x));
}

/// Computes the running products along an axis, in place.
///
/// *a′\[k\] = a\[0\] · … · a\[k\]*, where a′ is what `a` holds afterwards
///
/// As [`cumprod_axis_into`](crate::kernel::cumprod_axis_into), bit for bit.
///
/// # Panics
///
/// If `a` has no axis `axis`. Integers overflow as with the operator: with a panic where overflow checks are on, which
/// leaves `a` partly changed.
///
/// # Replaces
///
/// NumPy's `np.cumprod(a, axis, out=a)`, and ndarray's `a.accumulate_axis_inplace(axis, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cumprod_axis_inplace;
///
/// let mut a = array![[1, 2], [3, 4]];
/// cumprod_axis_inplace(&mut a, Axis(1));
/// assert_eq!(a, array![[1, 2], [3, 12]]);
/// ```
#[doc(alias = "cumprod")]
#[doc(alias = "cumulative_prod")]
#[doc(alias = "multiply.accumulate")]
#[track_caller]
pub fn cumprod_axis_inplace<A, D>(a: &mut ArrayRef<A, D>, axis: Axis)
where
    A: Copy + Mul<Output = A> + 'static,
    D: Dimension,
{
    check::axis("cumprod_axis_inplace", axis, ("a", a));
    check::arithmetic::<A, _>("cumprod_axis_inplace", || {
        scan_inplace(a, axis, |product, x| product * x);
    });
}

/// Computes the running maxima along an axis, in place.
///
/// *a′\[k\] = max(a\[0\], …, a\[k\])*, where a′ is what `a` holds afterwards
///
/// As [`cummax_axis_into`](crate::kernel::cummax_axis_into), bit for bit.
///
/// # Panics
///
/// If `a` has no axis `axis`.
///
/// # Replaces
///
/// NumPy's `np.maximum.accumulate(a, axis, out=a)`, and ndarray's `a.accumulate_axis_inplace(axis, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cummax_axis_inplace;
///
/// let mut a = array![[1, 5], [3, 4]];
/// cummax_axis_inplace(&mut a, Axis(0));
/// assert_eq!(a, array![[1, 5], [3, 5]]);
/// ```
#[doc(alias = "cummax")]
#[doc(alias = "maximum.accumulate")]
#[track_caller]
pub fn cummax_axis_inplace<A, D>(a: &mut ArrayRef<A, D>, axis: Axis)
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    check::axis("cummax_axis_inplace", axis, ("a", a));
    scan_inplace(a, axis, larger);
}

/// Computes the running minima along an axis, in place.
///
/// *a′\[k\] = min(a\[0\], …, a\[k\])*, where a′ is what `a` holds afterwards
///
/// As [`cummin_axis_into`](crate::kernel::cummin_axis_into), bit for bit.
///
/// # Panics
///
/// If `a` has no axis `axis`.
///
/// # Replaces
///
/// NumPy's `np.minimum.accumulate(a, axis, out=a)`, and ndarray's `a.accumulate_axis_inplace(axis, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::cummin_axis_inplace;
///
/// let mut a = array![[1, 5], [3, 4]];
/// cummin_axis_inplace(&mut a, Axis(0));
/// assert_eq!(a, array![[1, 5], [1, 4]]);
/// ```
#[doc(alias = "cummin")]
#[doc(alias = "minimum.accumulate")]
#[track_caller]
pub fn cummin_axis_inplace<A, D>(a: &mut ArrayRef<A, D>, axis: Axis)
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    check::axis("cummin_axis_inplace", axis, ("a", a));
    scan_inplace(a, axis, smaller);
}

/// Computes the running results of any function along an axis, in place.
///
/// *a′\[0\] = a\[0\], a′\[k\] = f(a′\[k − 1\], a\[k\])*, where a′ is what `a` holds afterwards
///
/// As [`accumulate_axis_into`](crate::kernel::accumulate_axis_into), bit for bit.
///
/// # Panics
///
/// If `a` has no axis `axis`. A panic of `f` passes through and leaves `a` partly changed.
///
/// # Replaces
///
/// NumPy's `ufunc.accumulate(a, axis, out=a)`, and ndarray's `a.accumulate_axis_inplace(axis, ..)`, whose closure
/// takes references.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::accumulate_axis_inplace;
///
/// let mut a = array![[1_u8, 2], [4, 6]];
/// accumulate_axis_inplace(&mut a, Axis(0), |bits, x| bits ^ x);
/// assert_eq!(a, array![[1, 2], [5, 4]]);
/// ```
#[doc(alias = "ufunc.accumulate")]
#[doc(alias = "scan")]
#[track_caller]
pub fn accumulate_axis_inplace<A, D, F>(a: &mut ArrayRef<A, D>, axis: Axis, f: F)
where
    A: Copy + 'static,
    D: Dimension,
    F: FnMut(A, A) -> A,
{
    check::axis("accumulate_axis_inplace", axis, ("a", a));
    scan_inplace(a, axis, f);
}
