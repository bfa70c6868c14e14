//! Minima and maxima, and their positions, that ignore NaN.

use std::convert::identity;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::best::best_of;
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::engine::number::order::{greater, is_nan, less};
use crate::kernel::reduce::minmax::{first, place};

/// Finds the smallest element that is not NaN.
///
/// *min a\[i\] over the a\[i\] that are not NaN*
///
/// As [`min`](crate::kernel::whole::min), but all NaN gives NaN.
///
/// # Replaces
///
/// NumPy's `np.nanmin(a)`, and in ndarray a fold with `f64::min`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanmin;
///
/// assert_eq!(nanmin(&array![2.0, f64::NAN, 1.0, 3.0]), Some(1.0));
/// assert!(nanmin(&array![f64::NAN]).unwrap().is_nan());
/// ```
#[doc(alias = "fmin.reduce")]
#[must_use]
pub fn nanmin<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &smallest_number())
}

/// Finds the smallest element of each lane that is not NaN.
///
/// *out\[j\] = minᵢ a\[i, j\] over those that are not NaN*
///
/// As [`min_axis_into`](crate::kernel::min_axis_into), but a lane gives NaN only if it is all NaN.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it; nothing is
/// written then.
///
/// # Replaces
///
/// NumPy's `np.nanmin(a, axis, out=out)`, and in ndarray `a.fold_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanmin_axis_into;
///
/// let a = array![[3.0, f64::NAN], [2.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanmin_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![2.0, 4.0]);
/// ```
#[doc(alias = "fmin.reduce")]
#[track_caller]
pub fn nanmin_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanmin_axis_into", ("a", a), axis, out);
    check::at_least("nanmin_axis_into", ("a", a), axis, 1);
    fold::along_axis(a.view(), axis, out, &smallest_number(), identity);
}

/// Finds the largest element that is not NaN.
///
/// *max a\[i\] over the a\[i\] that are not NaN*
///
/// As [`max`](crate::kernel::whole::max), but all NaN gives NaN.
///
/// # Replaces
///
/// NumPy's `np.nanmax(a)`, and in ndarray a fold with `f64::max`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanmax;
///
/// assert_eq!(nanmax(&array![2.0, f64::NAN, 1.0, 3.0]), Some(3.0));
/// assert!(nanmax(&array![f64::NAN]).unwrap().is_nan());
/// ```
#[doc(alias = "fmax.reduce")]
#[must_use]
pub fn nanmax<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &largest_number())
}

/// Finds the largest element of each lane that is not NaN.
///
/// *out\[j\] = maxᵢ a\[i, j\] over those that are not NaN*
///
/// As [`max_axis_into`](crate::kernel::max_axis_into), but a lane gives NaN only if it is all NaN.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it; nothing is
/// written then.
///
/// # Replaces
///
/// NumPy's `np.nanmax(a, axis, out=out)`, and in ndarray `a.fold_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanmax_axis_into;
///
/// let a = array![[3.0, f64::NAN], [2.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanmax_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![3.0, 4.0]);
/// ```
#[doc(alias = "fmax.reduce")]
#[track_caller]
pub fn nanmax_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanmax_axis_into", ("a", a), axis, out);
    check::at_least("nanmax_axis_into", ("a", a), axis, 1);
    fold::along_axis(a.view(), axis, out, &largest_number(), identity);
}

/// Finds the position of the smallest element that is not NaN, the first if there are several.
///
/// *i with a\[i\] = nanmin a, the first if there are several*
///
/// As [`argmin`](crate::kernel::whole::argmin). Positions count NaN too. All NaN, or no elements, give `None`. NaN is passed over
/// also where all else is infinite. (NumPy may give the position of a NaN.)
///
/// # Replaces
///
/// NumPy's `np.nanargmin(a)`, which copies the array, and in ndarray a fold over `a.indexed_iter()`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanargmin;
///
/// assert_eq!(nanargmin(&array![f64::NAN, 3.0, 1.0]), Some(2));
/// assert_eq!(nanargmin(&array![f64::NAN]), None);
/// ```
#[must_use]
pub fn nanargmin<A, D>(a: &ArrayRef<A, D>) -> Option<usize>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    let found = fold::of_all_in_order(a.view(), &first::<_, true>(less));
    found.and_then(|(value, place)| (!is_nan(value)).then_some(place))
}

/// Finds the position of the smallest element of each lane that is not NaN, the first if there are several.
///
/// *out\[j\] = i with a\[i, j\] = nanminₖ a\[k, j\], the first if there are several*
///
/// As [`argmin_axis_into`](crate::kernel::argmin_axis_into), but a lane that is all NaN has no such position, and
/// panics, as NumPy raises an error.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it, or if a
/// lane is all NaN; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanargmin(a, axis, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanargmin_axis_into;
///
/// let a = array![[3.0, f64::NAN], [2.0, 4.0]];
/// let mut out = array![0, 0];
/// nanargmin_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![1, 1]);
/// ```
#[track_caller]
pub fn nanargmin_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<usize, D::Smaller>,
) where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanargmin_axis_into", ("a", a), axis, out);
    check::at_least("nanargmin_axis_into", ("a", a), axis, 1);
    check::a_number_in_each_lane("nanargmin_axis_into", ("a", a), axis);
    fold::along_axis(a.view(), axis, out, &first::<_, true>(less), place);
}

/// Finds the position of the largest element that is not NaN, the first if there are several.
///
/// *i with a\[i\] = nanmax a, the first if there are several*
///
/// As [`argmax`](crate::kernel::whole::argmax). Positions count NaN too. All NaN, or no elements, give `None`. NaN is passed over
/// also where all else is infinite. (NumPy may give the position of a NaN.)
///
/// # Replaces
///
/// NumPy's `np.nanargmax(a)`, which copies the array, and in ndarray a fold over `a.indexed_iter()`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanargmax;
///
/// assert_eq!(nanargmax(&array![f64::NAN, 3.0, 1.0]), Some(1));
/// assert_eq!(nanargmax(&array![f64::NAN]), None);
/// ```
#[must_use]
pub fn nanargmax<A, D>(a: &ArrayRef<A, D>) -> Option<usize>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    let found = fold::of_all_in_order(a.view(), &first::<_, true>(greater));
    found.and_then(|(value, place)| (!is_nan(value)).then_some(place))
}

/// Finds the position of the largest element of each lane that is not NaN, the first if there are several.
///
/// *out\[j\] = i with a\[i, j\] = nanmaxₖ a\[k, j\], the first if there are several*
///
/// As [`argmax_axis_into`](crate::kernel::argmax_axis_into), but a lane that is all NaN has no such position, and
/// panics, as NumPy raises an error.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it, or if a
/// lane is all NaN; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanargmax(a, axis, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanargmax_axis_into;
///
/// let a = array![[3.0, f64::NAN], [2.0, 4.0]];
/// let mut out = array![0, 0];
/// nanargmax_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![0, 1]);
/// ```
#[track_caller]
pub fn nanargmax_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<usize, D::Smaller>,
) where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanargmax_axis_into", ("a", a), axis, out);
    check::at_least("nanargmax_axis_into", ("a", a), axis, 1);
    check::a_number_in_each_lane("nanargmax_axis_into", ("a", a), axis);
    fold::along_axis(a.view(), axis, out, &first::<_, true>(greater), place);
}

/// The fold of minima, in which NaN loses.
fn smallest_number<A: Copy + PartialOrd>() -> impl Fold<A, State = A> {
    best_of::<_, true>(identity, less)
}

/// The fold of maxima, in which NaN loses.
fn largest_number<A: Copy + PartialOrd>() -> impl Fold<A, State = A> {
    best_of::<_, true>(identity, greater)
}
