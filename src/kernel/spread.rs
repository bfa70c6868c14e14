//! How far elements spread: variance, standard deviation, range; over an axis, and over all elements.
//!
//! Variances take one pass over memory: [`Moments`] keeps those of blocks, and merges them.

use std::ops::Sub;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use super::deviations::Spread;
use super::extrema::{largest, smallest};
use super::fold::{self, Fold};
use super::fold_kinds::Both;
use super::fold_moments::Moments;
use super::{check, check_reduce};

/// Computes the variance of all elements.
///
/// *Σ (a\[i\] − mean)² / max(n − ddof, 0)*
///
/// `a` has any shape of n elements.
///
/// **Accuracy.** The relative error is at most about (log₂ n + 100) ε, in any layout: what is rounded are distances
/// from a mean that is kept in two numbers, so that a large mean costs no digits. Where the variance is smaller than
/// the smallest normal number, and so has fewer digits, it is off by at most log₂ n + 3 times the smallest number,
/// times n / (n − ddof). `ddof` is taken off the number of elements: 0 for the variance of these numbers, 1 for an
/// estimate from a sample.
///
/// Elements may be of any size: the variance is infinite only if it is larger than the largest number. Where squares
/// have overflowed, the elements are read again, scaled.
///
/// NaN and infinities give NaN, and so does a `ddof` of NaN. No elements give NaN; n ≤ `ddof` gives infinity, or NaN
/// if all elements are equal, as NumPy has it.
///
/// # Replaces
///
/// NumPy's `np.var(a, ddof=ddof)` and ndarray's `a.var(ddof)`, which panics for n < `ddof`, and calls a library
/// function for every element.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::var;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(var(&a, 0.0), 1.25);
/// assert_eq!(var(&array![1e10, 1e10 + 1.0, 1e10 + 3.0], 0.0), 14.0 / 9.0);
/// ```
#[doc(alias = "variance")]
#[must_use]
pub fn var<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, false, false> { ddof }.of_all(a, &Moments)
}

/// Computes the variance of each lane.
///
/// *out\[j\] = Σᵢ (a\[i, j\] − meanⱼ)² / max(n − ddof, 0)*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. The axis has n elements.
///
/// **Accuracy.** The relative error is at most about (log₂ n + 100) ε, in any layout: what is rounded are distances
/// from a mean that is kept in two numbers, so that a large mean costs no digits. Where the variance is smaller than
/// the smallest normal number, and so has fewer digits, it is off by at most log₂ n + 3 times the smallest number,
/// times n / (n − ddof). `ddof` is taken off the number of elements: 0 for the variance of these numbers, 1 for an
/// estimate from a sample.
///
/// Elements may be of any size: the variance is infinite only if it is larger than the largest number. Where squares
/// have overflowed, the lane is read again, scaled.
///
/// NaN and infinities give NaN, and so does a `ddof` of NaN. An axis without elements gives NaN; n ≤ `ddof` gives
/// infinity, or NaN if all elements are equal, as NumPy has it. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.var(a, axis, ddof=ddof, out=out)` and ndarray's `a.var_axis(axis, ddof)`, which allocates, and calls
/// a library function for every element.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::var_axis_into;
///
/// let a = array![[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]];
/// let mut out = array![0.0, 0.0];
/// var_axis_into(&a, Axis(1), 1.0, &mut out);
/// assert_eq!(out, array![1.0, 100.0]);
/// ```
#[doc(alias = "var_axis")]
#[track_caller]
pub fn var_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("var_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, false, false> { ddof }.along_axis(a, axis, out, &Moments);
}

/// Computes the standard deviation of all elements.
///
/// *√(Σ (a\[i\] − mean)² / max(n − ddof, 0))*
///
/// `a` has any shape of n elements.
///
/// **Accuracy.** The relative error is at most about (log₂ n + 100) ε, in any layout: what is rounded are distances
/// from a mean that is kept in two numbers, so that a large mean costs no digits. `ddof` is taken off the number of
/// elements: 0 for the deviation of these numbers, 1 for an estimate from a sample.
///
/// Elements may be of any size, since the deviation is no larger than the largest of them. Where squares have
/// overflowed, or numbers are so small that they may have lost digits, the elements are read again, scaled.
///
/// NaN and infinities give NaN, and so does a `ddof` of NaN. No elements give NaN; n ≤ `ddof` gives infinity, or NaN
/// if all elements are equal, as NumPy has it.
///
/// # Replaces
///
/// NumPy's `np.std(a, ddof=ddof)` and ndarray's `a.std(ddof)`, which panics for n < `ddof`, and calls a library
/// function for every element.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::std;
///
/// let a = array![[1.0, 1.0], [5.0, 5.0]];
/// assert_eq!(std(&a, 0.0), 2.0);
/// ```
#[doc(alias = "standard_deviation")]
#[must_use]
pub fn std<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, true, false> { ddof }.of_all(a, &Moments)
}

/// Computes the standard deviation of each lane.
///
/// *out\[j\] = √(Σᵢ (a\[i, j\] − meanⱼ)² / max(n − ddof, 0))*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. The axis has n elements.
///
/// **Accuracy.** The relative error is at most about (log₂ n + 100) ε, in any layout: what is rounded are distances
/// from a mean that is kept in two numbers, so that a large mean costs no digits. `ddof` is taken off the number of
/// elements: 0 for the deviation of these numbers, 1 for an estimate from a sample.
///
/// Elements may be of any size, since the deviation is no larger than the largest of them. Where squares have
/// overflowed, or numbers are so small that they may have lost digits, the lane is read again, scaled.
///
/// NaN and infinities give NaN, and so does a `ddof` of NaN. An axis without elements gives NaN; n ≤ `ddof` gives
/// infinity, or NaN if all elements are equal, as NumPy has it. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.std(a, axis, ddof=ddof, out=out)` and ndarray's `a.std_axis(axis, ddof)`, which allocates, and calls
/// a library function for every element.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::std_axis_into;
///
/// let a = array![[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]];
/// let mut out = array![0.0, 0.0];
/// std_axis_into(&a, Axis(1), 1.0, &mut out);
/// assert_eq!(out, array![1.0, 10.0]);
/// ```
#[doc(alias = "std_axis")]
#[track_caller]
pub fn std_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("std_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, true, false> { ddof }.along_axis(a, axis, out, &Moments);
}

/// Computes the range of all elements: the largest less the smallest.
///
/// *max a\[i\] − min a\[i\]*
///
/// `a` has any shape.
///
/// NaN gives NaN. No elements give `None`.
///
/// # Panics
///
/// Integers overflow as `-` does: with a panic where overflow checks are on.
///
/// # Replaces
///
/// NumPy's `np.ptp(a)` (peak to peak), and in ndarray two folds.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::ptp;
///
/// assert_eq!(ptp(&array![[3.0, 1.0], [4.0, 2.0]]), Some(3.0));
/// ```
#[doc(alias = "range")]
#[doc(alias = "peak_to_peak")]
#[must_use]
#[track_caller]
pub fn ptp<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + Sub<Output = A> + 'static,
    D: Dimension,
{
    check::arithmetic::<A, _>("ptp", || fold::of_all(a.view(), &both_ends()).map(range))
}

/// Computes the range of each lane: the largest element less the smallest.
///
/// *out\[j\] = maxᵢ a\[i, j\] − minᵢ a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// NaN in a lane gives NaN. An axis without elements panics. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it;
/// nothing is written then. Integers overflow as `-` does: with a panic where overflow checks are on, which leaves
/// `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.ptp(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::ptp_axis_into;
///
/// let a = array![[3.0, 1.0], [2.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// ptp_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![1.0, 3.0]);
/// ```
#[track_caller]
pub fn ptp_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + PartialOrd + Sub<Output = A> + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("ptp_axis_into", ("a", a), axis, out);
    check_reduce::at_least("ptp_axis_into", ("a", a), axis, 1);
    check::arithmetic::<A, _>("ptp_axis_into", || {
        fold::along_axis(a.view(), axis, out, &both_ends(), range);
    });
}

/// The fold that keeps the smallest element and the largest; NaN wins.
fn both_ends<A: Copy + PartialOrd>() -> impl Fold<A, State = (A, A)> {
    Both(smallest(), largest())
}

fn range<A: Sub<Output = A>>((least, most): (A, A)) -> A {
    most - least
}
