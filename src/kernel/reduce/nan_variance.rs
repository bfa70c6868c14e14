//! Variances and standard deviations that ignore NaN, along an axis and over all elements.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::moments::NanMoments;
use crate::kernel::reduce::variance::Spread;

/// Computes the variance of all elements that are not NaN.
///
/// *Σ (a\[i\] − mean)² / (n − ddof) over the n elements a\[i\] that are not NaN*
///
/// As [`var`](crate::kernel::whole::var), but n ≤ `ddof` numbers give NaN, as in NumPy.
///
/// # Replaces
///
/// NumPy's `np.nanvar(a, ddof=ddof)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanvar;
///
/// assert_eq!(nanvar(&array![1.0, f64::NAN, 3.0], 0.0), 1.0);
/// ```
#[must_use]
pub fn nanvar<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, false, true> { ddof }.of_all(a, &NanMoments)
}

/// Computes the variance of each lane, ignoring NaN.
///
/// *out\[j\] = Σᵢ (a\[i, j\] − meanⱼ)² / (nⱼ − ddof) over the nⱼ elements of the lane that are not NaN*
///
/// As [`var_axis_into`](crate::kernel::var_axis_into), but lanes with nⱼ ≤ `ddof` numbers give NaN, as in NumPy.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanvar(a, axis, ddof=ddof, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`,
/// which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanvar_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanvar_axis_into(&a, Axis(0), 0.0, &mut out);
/// assert_eq!(out, array![1.0, 0.0]);
/// ```
#[track_caller]
pub fn nanvar_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanvar_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, false, true> { ddof }.along_axis(a, axis, out, &NanMoments);
}

/// Computes the standard deviation of all elements that are not NaN.
///
/// *√(Σ (a\[i\] − mean)² / (n − ddof)) over the n elements a\[i\] that are not NaN*
///
/// As [`std`](crate::kernel::whole::std), but n ≤ `ddof` numbers give NaN, as in NumPy.
///
/// # Replaces
///
/// NumPy's `np.nanstd(a, ddof=ddof)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanstd;
///
/// assert_eq!(nanstd(&array![1.0, f64::NAN, 5.0], 0.0), 2.0);
/// ```
#[must_use]
pub fn nanstd<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, true, true> { ddof }.of_all(a, &NanMoments)
}

/// Computes the standard deviation of each lane, ignoring NaN.
///
/// *out\[j\] = √(Σᵢ (a\[i, j\] − meanⱼ)² / (nⱼ − ddof)) over the nⱼ elements of the lane that are not NaN*
///
/// As [`std_axis_into`](crate::kernel::std_axis_into), but lanes with nⱼ ≤ `ddof` numbers give NaN, as in NumPy.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanstd(a, axis, ddof=ddof, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`,
/// which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanstd_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanstd_axis_into(&a, Axis(0), 0.0, &mut out);
/// assert_eq!(out, array![1.0, 0.0]);
/// ```
#[track_caller]
pub fn nanstd_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanstd_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, true, true> { ddof }.along_axis(a, axis, out, &NanMoments);
}
