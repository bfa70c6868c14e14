//! Medians, quantiles and percentiles, selected in scratch memory that the caller lends.
//!
//! A selection reorders its elements, so each lane is copied to the scratch first. It takes time in proportion to
//! the length of the lane, where sorting would take more.

pub(crate) mod method;
pub(crate) mod nan;
pub(crate) mod weighted;

use std::cmp::Ordering;

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis, Zip};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::combine::Combine;
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::reduce::quantile::method::{QuantileMethod, between, middle};

/// Finds the median of all elements.
///
/// *s\[(n − 1) / 2\], s being the n elements in ascending order; between two places their mean*
///
/// `a` has any shape of n elements, and `scratch` at least n; what it held does not matter, and what it holds
/// afterwards has no meaning.
///
/// An even number of elements has two in the middle, whose mean it is: (x + y) / 2, and x/2 + y/2 where the sum does
/// not fit. NaN gives NaN, and so do no elements.
///
/// # Panics
///
/// If `scratch` is shorter than `a`.
///
/// # Replaces
///
/// NumPy's `np.median(a)`, which copies the array, and ndarray-stats' `a.quantile_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::median;
///
/// let mut scratch = [0.0; 4];
/// assert_eq!(median(&array![4.0, 1.0, 3.0, 2.0], &mut scratch), 2.5);
/// ```
#[must_use]
#[track_caller]
pub fn median<A, D>(a: &ArrayRef<A, D>, scratch: &mut [A]) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::scratch("median", scratch, a.len());
    Place::Middle.among(a.view(), scratch, Nan::Spread)
}

/// Finds the median of each lane.
///
/// *out\[j\] = s\[(n − 1) / 2\], s being the n elements of lane j in ascending order; between two places their
/// mean*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. `scratch` has at least the length of the axis; what it holds afterwards has no meaning.
///
/// An even number of elements has two in the middle, whose mean it is: (x + y) / 2, and x/2 + y/2 where the sum does
/// not fit. NaN in a lane gives NaN, and so does an axis without elements. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape of `a` without it, or `scratch` is shorter than the
/// axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.median(a, axis, out=out)`, which copies the array, and ndarray-stats' `a.quantile_axis_mut(..)`,
/// which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::median_axis_into;
///
/// let a = array![[1.0, 9.0, 3.0], [4.0, 6.0, 5.0]];
/// let (mut out, mut scratch) = (array![0.0, 0.0], [0.0; 3]);
/// median_axis_into(&a, Axis(1), &mut out, &mut scratch);
/// assert_eq!(out, array![3.0, 5.0]);
/// ```
#[track_caller]
pub fn median_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D::Smaller>,
    scratch: &mut [A],
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("median_axis_into", ("a", a), axis, out);
    check::scratch("median_axis_into", scratch, a.len_of(axis));
    Place::Middle.of_lanes(a, axis, out, scratch, Nan::Spread);
}

/// Finds the `q` quantile of all elements.
///
/// *s\[v\], s being the n elements in ascending order*
///
/// The place v is what `method` names: q · (n − 1), say, with [`QuantileMethod::Linear`], NumPy's default.
///
/// `a` has any shape of n elements, and `scratch` at least n; what it held does not matter, and what it holds
/// afterwards has no meaning.
///
/// Between two places the value lies on the line between the two elements there, computed as NumPy does: the error is
/// at most 2 ε times the larger of both, and of their distance. The value never leaves the two elements, it never
/// falls as `q` rises, and elements may be of any size. If just one of the two is infinite, the result is NaN or
/// infinite as in NumPy; between equal infinities it is that infinity, and at a place itself the element there (NumPy
/// gives NaN if one beside it is infinite). NaN gives NaN, and so do no elements.
///
/// # Panics
///
/// If `scratch` is shorter than `a`. If `q` does not lie between 0 and 1.
///
/// # Replaces
///
/// NumPy's `np.quantile(a, q, method=method)`, which copies the array, and ndarray-stats' `a.quantile_mut(..)`,
/// which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{QuantileMethod, whole::quantile};
///
/// let (a, mut scratch) = (array![4.0, 1.0, 3.0, 2.0], [0.0; 4]);
/// assert_eq!(quantile(&a, 0.5, QuantileMethod::Linear, &mut scratch), 2.5);
/// ```
#[must_use]
#[track_caller]
pub fn quantile<A, D>(a: &ArrayRef<A, D>, q: f64, method: QuantileMethod, scratch: &mut [A]) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::between_zero_and("quantile", ("q", q), 1.0);
    check::scratch("quantile", scratch, a.len());
    Place::Quantile(q, method).among(a.view(), scratch, Nan::Spread)
}

/// Finds the `q` quantile of each lane.
///
/// *out\[j\] = s\[v\], s being the n elements of lane j in ascending order*
///
/// The place v is what `method` names: q · (n − 1), say, with [`QuantileMethod::Linear`], NumPy's default.
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. `scratch` has at least the length of the axis; what it holds afterwards has no meaning.
///
/// Between two places the value lies on the line between the two elements there, computed as NumPy does: the error is
/// at most 2 ε times the larger of both, and of their distance. The value never leaves the two elements, it never
/// falls as `q` rises, and elements may be of any size. If just one of the two is infinite, the result is NaN or
/// infinite as in NumPy; between equal infinities it is that infinity, and at a place itself the element there (NumPy
/// gives NaN if one beside it is infinite). NaN in a lane gives NaN, and so does an axis without elements. `out`
/// cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape of `a` without it, `q` does not lie between 0 and 1,
/// or `scratch` is shorter than the axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.quantile(a, q, axis, out=out, method=method)`, which copies the array, and ndarray-stats'
/// `a.quantile_axis_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::{QuantileMethod, quantile_axis_into};
///
/// let a = array![[1.0, 9.0, 3.0], [4.0, 6.0, 5.0]];
/// let (mut out, mut scratch) = (array![0.0, 0.0], [0.0; 3]);
/// quantile_axis_into(&a, Axis(1), 0.5, QuantileMethod::Linear, &mut out, &mut scratch);
/// assert_eq!(out, array![3.0, 5.0]);
/// ```
#[track_caller]
pub fn quantile_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    q: f64,
    method: QuantileMethod,
    out: &mut ArrayRef<A, D::Smaller>,
    scratch: &mut [A],
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("quantile_axis_into", ("a", a), axis, out);
    check::between_zero_and("quantile_axis_into", ("q", q), 1.0);
    check::scratch("quantile_axis_into", scratch, a.len_of(axis));
    Place::Quantile(q, method).of_lanes(a, axis, out, scratch, Nan::Spread);
}

/// Finds the `q`-th percentile of all elements.
///
/// *s\[v\], s being the n elements in ascending order*
///
/// The place v is what `method` names: q/100 · (n − 1), say, with [`QuantileMethod::Linear`], NumPy's default.
///
/// `a` has any shape of n elements, and `scratch` at least n; what it held does not matter, and what it holds
/// afterwards has no meaning.
///
/// Between two places the value lies on the line between the two elements there, computed as NumPy does: the error is
/// at most 2 ε times the larger of both, and of their distance. The value never leaves the two elements, it never
/// falls as `q` rises, and elements may be of any size. If just one of the two is infinite, the result is NaN or
/// infinite as in NumPy; between equal infinities it is that infinity, and at a place itself the element there (NumPy
/// gives NaN if one beside it is infinite). NaN gives NaN, and so do no elements.
///
/// # Panics
///
/// If `scratch` is shorter than `a`. If `q` does not lie between 0 and 100.
///
/// # Replaces
///
/// NumPy's `np.percentile(a, q, method=method)`, which copies the array, and ndarray-stats' `a.quantile_mut(..)`,
/// which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{QuantileMethod, whole::percentile};
///
/// let (a, mut scratch) = (array![4.0, 1.0, 3.0, 2.0], [0.0; 4]);
/// assert_eq!(percentile(&a, 50.0, QuantileMethod::Linear, &mut scratch), 2.5);
/// ```
#[must_use]
#[track_caller]
pub fn percentile<A, D>(a: &ArrayRef<A, D>, q: f64, method: QuantileMethod, scratch: &mut [A]) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::between_zero_and("percentile", ("q", q), 100.0);
    check::scratch("percentile", scratch, a.len());
    Place::Quantile(q / 100.0, method).among(a.view(), scratch, Nan::Spread)
}

/// Finds the `q`-th percentile of each lane.
///
/// *out\[j\] = s\[v\], s being the n elements of lane j in ascending order*
///
/// The place v is what `method` names: q/100 · (n − 1), say, with [`QuantileMethod::Linear`], NumPy's default.
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. `scratch` has at least the length of the axis; what it holds afterwards has no meaning.
///
/// Between two places the value lies on the line between the two elements there, computed as NumPy does: the error is
/// at most 2 ε times the larger of both, and of their distance. The value never leaves the two elements, it never
/// falls as `q` rises, and elements may be of any size. If just one of the two is infinite, the result is NaN or
/// infinite as in NumPy; between equal infinities it is that infinity, and at a place itself the element there (NumPy
/// gives NaN if one beside it is infinite). NaN in a lane gives NaN, and so does an axis without elements. `out`
/// cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape of `a` without it, `q` does not lie between 0 and 100,
/// or `scratch` is shorter than the axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.percentile(a, q, axis, out=out, method=method)`, which copies the array, and ndarray-stats'
/// `a.quantile_axis_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::{QuantileMethod, percentile_axis_into};
///
/// let a = array![[1.0, 9.0, 3.0], [4.0, 6.0, 5.0]];
/// let (mut out, mut scratch) = (array![0.0, 0.0], [0.0; 3]);
/// percentile_axis_into(&a, Axis(1), 50.0, QuantileMethod::Linear, &mut out, &mut scratch);
/// assert_eq!(out, array![3.0, 5.0]);
/// ```
#[track_caller]
pub fn percentile_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    q: f64,
    method: QuantileMethod,
    out: &mut ArrayRef<A, D::Smaller>,
    scratch: &mut [A],
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("percentile_axis_into", ("a", a), axis, out);
    check::between_zero_and("percentile_axis_into", ("q", q), 100.0);
    check::scratch("percentile_axis_into", scratch, a.len_of(axis));
    Place::Quantile(q / 100.0, method).of_lanes(a, axis, out, scratch, Nan::Spread);
}

/// A place among sorted elements, whatever their number.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Middle,
    /// From 0 for the smallest to 1 for the largest.
    Quantile(f64, QuantileMethod),
}

/// What NaN does.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Nan {
    Spread,
    Skip,
}

impl Place {
    pub(crate) fn of_lanes<A: Float, D: RemoveAxis>(
        self,
        a: &ArrayRef<A, D>,
        axis: Axis,
        out: &mut ArrayRef<A, D::Smaller>,
        scratch: &mut [A],
        nan: Nan,
    ) {
        if out.is_empty() {
            return; // there may still be any number of empty lanes
        }
        Zip::from(out).and(a.lanes(axis)).for_each(|out, lane: ArrayView1<'_, A>| {
            *out = self.among(lane, scratch, nan);
        });
    }

    /// The value at this place among the elements, after they are copied to `scratch`.
    pub(crate) fn among<A: Float, D: Dimension>(
        self,
        elements: ArrayView<'_, A, D>,
        scratch: &mut [A],
        nan: Nan,
    ) -> A {
        // That NaN is among them is seldom. Where elements lie apart, it is told faster by a loop of its own.
        let scratch = &mut scratch[..elements.len()];
        let any_nan = match elements.as_slice() {
            Some(elements) => scratch.iter_mut().zip(elements).fold(false, |any, (copy, &x)| {
                *copy = x;
                any | x.is_nan()
            }),
            None => {
                let mut copies = scratch.iter_mut();
                elements
                    .iter()
                    .for_each(|&x| *copies.next().expect("there are as many copies") = x);
                scratch.iter().fold(false, |any, x| any | x.is_nan())
            }
        };
        let numbers = if any_nan {
            match nan {
                Nan::Spread => return A::nan(),
                Nan::Skip => numbers_first(scratch),
            }
        } else {
            scratch
        };
        match numbers {
            [] => A::nan(),
            numbers => self.select(numbers),
        }
    }

    /// The value at this place among numbers, which are reordered.
    fn select<A: Float>(self, numbers: &mut [A]) -> A {
        let last = numbers.len() - 1;
        let (place, part) = match self {
            Place::Middle => (last / 2, if last.is_multiple_of(2) { 0.0 } else { 0.5 }),
            Place::Quantile(q, method) => method.place(q, numbers.len()),
        };
        let (_, &mut low, above) = numbers.select_nth_unstable_by(place, ascending);
        if part == 0.0 || above.is_empty() {
            return low;
        }
        let high = fold::of_run(Slice::of(above), &least());
        match self {
            Place::Middle => middle(low, high),
            Place::Quantile(..) if low == high => low,
            Place::Quantile(..) => between(low, high, part),
        }
    }
}

/// The elements that are not NaN, after they were moved to the front.
fn numbers_first<A: Float>(elements: &mut [A]) -> &mut [A] {
    let mut count = 0;
    for at in 0..elements.len() {
        if !elements[at].is_nan() {
            elements[count] = elements[at];
            count += 1;
        }
    }
    &mut elements[..count]
}

/// The fold that finds the smallest number; there is no NaN among them.
fn least<A: Float>() -> impl Fold<A, State = A> {
    Combine { lift: |x| x, combine: |a, b| if b < a { b } else { a } }
}

/// The order of numbers; there is no NaN among them.
pub(crate) fn ascending<A: Float>(a: &A, b: &A) -> Ordering {
    if a < b {
        Ordering::Less
    } else if a > b {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}
