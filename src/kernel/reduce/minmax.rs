//! Minima and maxima, their positions, and the range between them, along an axis and over all elements.

use std::convert::identity;
use std::ops::Sub;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::best::{Better, First, largest, smallest};
use crate::kernel::engine::fold::kinds::combine::Both;
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::engine::number::order::{greater, less};

/// Finds the smallest element.
///
/// *min a\[i\]*
///
/// `a` has any shape. No elements give `None`. NaN and ±0 are treated as by
/// [`min_axis_into`]; [`nanmin`](crate::kernel::whole::nanmin) ignores NaN.
///
/// # Replaces
///
/// NumPy's `np.min(a)`, and in ndarray a fold, or ndarray-stats' `a.min()`, which is an error for NaN.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::min;
///
/// let a = array![[3.0, 1.0], [4.0, 2.0]];
/// assert_eq!(min(&a), Some(1.0));
/// assert!(min(&array![1.0, f64::NAN, 2.0]).unwrap().is_nan());
/// assert_eq!(min(&ndarray::Array1::<f64>::zeros(0)), None);
/// ```
#[doc(alias = "amin")]
#[doc(alias = "minimum.reduce")]
#[must_use]
pub fn min<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &smallest())
}

/// Finds the smallest element of each lane.
///
/// *out\[j\] = minᵢ a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// NaN in a lane gives NaN, wherever it stands: [`nanmin_axis_into`](crate::kernel::nanmin_axis_into) ignores NaN. An
/// axis without elements panics. 0 and −0 are equal, and either may be found. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.min(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)` or `a.fold_axis(axis, ..)`, which
/// allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::min_axis_into;
///
/// let a = array![[3.0, 1.0], [2.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// min_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![2.0, 1.0]);
/// ```
#[doc(alias = "amin")]
#[track_caller]
pub fn min_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("min_axis_into", ("a", a), axis, out);
    check::at_least("min_axis_into", ("a", a), axis, 1);
    fold::along_axis(a.view(), axis, out, &smallest(), identity);
}

/// Finds the largest element.
///
/// *max a\[i\]*
///
/// `a` has any shape. No elements give `None`. NaN and ±0 are treated as by
/// [`max_axis_into`]; [`nanmax`](crate::kernel::whole::nanmax) ignores NaN.
///
/// # Replaces
///
/// NumPy's `np.max(a)`, and in ndarray a fold, or ndarray-stats' `a.max()`, which is an error for NaN.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::max;
///
/// let a = array![[3.0, 1.0], [4.0, 2.0]];
/// assert_eq!(max(&a), Some(4.0));
/// assert!(max(&array![1.0, f64::NAN, 2.0]).unwrap().is_nan());
/// assert_eq!(max(&ndarray::Array1::<f64>::zeros(0)), None);
/// ```
#[doc(alias = "amax")]
#[doc(alias = "maximum.reduce")]
#[must_use]
pub fn max<A, D>(a: &ArrayRef<A, D>) -> Option<A>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &largest())
}

/// Finds the largest element of each lane.
///
/// *out\[j\] = maxᵢ a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// NaN in a lane gives NaN, wherever it stands: [`nanmax_axis_into`](crate::kernel::nanmax_axis_into) ignores NaN. An
/// axis without elements panics. 0 and −0 are equal, and either may be found. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.max(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)` or `a.fold_axis(axis, ..)`, which
/// allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::max_axis_into;
///
/// let a = array![[3.0, 1.0], [2.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// max_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![3.0, 4.0]);
/// ```
#[doc(alias = "amax")]
#[track_caller]
pub fn max_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("max_axis_into", ("a", a), axis, out);
    check::at_least("max_axis_into", ("a", a), axis, 1);
    fold::along_axis(a.view(), axis, out, &largest(), identity);
}

/// Finds the position of the smallest element, the first if there are several.
///
/// *i with a\[i\] = min a, the first if there are several*
///
/// `a` has any shape. Positions count elements in logical order, as `a.iter()` does, whatever the memory order.
///
/// The first NaN counts as the smallest element; [`nanargmin`](crate::kernel::whole::nanargmin) ignores NaN. No
/// elements give `None`.
///
/// # Replaces
///
/// NumPy's `np.argmin(a)`, and in ndarray a fold over `a.indexed_iter()`, or ndarray-stats' `a.argmin()`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::argmin;
///
/// let a = array![[3.0, 1.0], [4.0, 1.0], [4.0, 2.0]];
/// assert_eq!(argmin(&a), Some(1));
/// assert_eq!(argmin(&array![1.0, f64::NAN, 2.0]), Some(1));
/// ```
#[must_use]
pub fn argmin<A, D>(a: &ArrayRef<A, D>) -> Option<usize>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    fold::of_all_in_order(a.view(), &first::<_, false>(less)).map(place)
}

/// Finds the position of the smallest element of each lane, the first if there are several.
///
/// *out\[j\] = i with a\[i, j\] = minₖ a\[k, j\], the first if there are several*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
///
/// The first NaN of a lane counts as its smallest element. An axis without elements panics. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.argmin(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::argmin_axis_into;
///
/// let a = array![[3.0, 1.0], [2.0, 4.0]];
/// let mut out = array![0, 0];
/// argmin_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![1, 0]);
/// ```
#[track_caller]
pub fn argmin_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<usize, D::Smaller>)
where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("argmin_axis_into", ("a", a), axis, out);
    check::at_least("argmin_axis_into", ("a", a), axis, 1);
    fold::along_axis(a.view(), axis, out, &first::<_, false>(less), place);
}

/// Finds the position of the largest element, the first if there are several.
///
/// *i with a\[i\] = max a, the first if there are several*
///
/// `a` has any shape. Positions count elements in logical order, as `a.iter()` does, whatever the memory order.
///
/// The first NaN counts as the largest element; [`nanargmax`](crate::kernel::whole::nanargmax) ignores NaN. No elements
/// give `None`.
///
/// # Replaces
///
/// NumPy's `np.argmax(a)`, and in ndarray a fold over `a.indexed_iter()`, or ndarray-stats' `a.argmax()`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::argmax;
///
/// let a = array![[3.0, 1.0], [4.0, 1.0], [4.0, 2.0]];
/// assert_eq!(argmax(&a), Some(2));
/// assert_eq!(argmax(&array![1.0, f64::NAN, 2.0]), Some(1));
/// ```
#[must_use]
pub fn argmax<A, D>(a: &ArrayRef<A, D>) -> Option<usize>
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    fold::of_all_in_order(a.view(), &first::<_, false>(greater)).map(place)
}

/// Finds the position of the largest element of each lane, the first if there are several.
///
/// *out\[j\] = i with a\[i, j\] = maxₖ a\[k, j\], the first if there are several*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
///
/// The first NaN of a lane counts as its largest element. An axis without elements panics. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.argmax(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::argmax_axis_into;
///
/// let a = array![[3.0, 1.0], [2.0, 4.0]];
/// let mut out = array![0, 0];
/// argmax_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![0, 1]);
/// ```
#[track_caller]
pub fn argmax_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<usize, D::Smaller>)
where
    A: Copy + PartialOrd + 'static,
    D: RemoveAxis,
{
    check::without_axis("argmax_axis_into", ("a", a), axis, out);
    check::at_least("argmax_axis_into", ("a", a), axis, 1);
    fold::along_axis(a.view(), axis, out, &first::<_, false>(greater), place);
}

/// The fold of the best element and the position of the first that equals it.
pub(crate) fn first<A: Copy + PartialOrd, const SKIP_NAN: bool>(
    wins: impl Fn(A, A) -> bool,
) -> impl Fold<A, State = (A, usize)> {
    First::<_, SKIP_NAN> { better: Better { wins } }
}

pub(crate) fn place<A>((_, place): (A, usize)) -> usize {
    place
}

/// Computes the range of all elements: the largest minus the smallest.
///
/// *max a\[i\] − min a\[i\]*
///
/// `a` has any shape.
///
/// NaN gives NaN. No elements give `None`.
///
/// # Panics
///
/// Integers overflow as with `-`: with a panic where overflow checks are on.
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

/// Computes the range of each lane: the largest element minus the smallest.
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
/// If `a` has no axis `axis`, that axis has no elements, or `out` does not have the shape of `a` without it; nothing is
/// written then. Integers overflow as with `-`: with a panic where overflow checks are on, which leaves `out` partly
/// written.
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
    check::without_axis("ptp_axis_into", ("a", a), axis, out);
    check::at_least("ptp_axis_into", ("a", a), axis, 1);
    check::arithmetic::<A, _>("ptp_axis_into", || {
        fold::along_axis(a.view(), axis, out, &both_ends(), range);
    });
}

/// The fold of the smallest and the largest element, in which NaN wins.
fn both_ends<A: Copy + PartialOrd>() -> impl Fold<A, State = (A, A)> {
    Both(smallest(), largest())
}

fn range<A: Sub<Output = A>>((least, most): (A, A)) -> A {
    most - least
}
