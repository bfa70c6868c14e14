//! Medians, quantiles and percentiles, selected in scratch memory that the caller lends.
//!
//! A selection reorders its elements, so each lane is copied to the scratch first. Its time grows linearly with the
//! length of the lane; sorting would take longer.

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

/// Computes the median of all elements.
///
/// *s\[(n − 1) / 2\], where s are the n elements in ascending order; between two positions the mean of both*
///
/// `a` has any shape of n elements, and `scratch` at least n. Everything else is as for
/// [`median_axis_into`]. No elements give NaN.
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

/// Computes the median of each lane.
///
/// *out\[j\] = s\[(n − 1) / 2\], where s are the n elements of lane j in ascending order; between two positions the
/// mean of both*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// `scratch` has at least the length of the axis; its contents do not matter before, and have no meaning afterwards.
///
/// The median of an even number of elements is the mean of the two in the middle: (x + y) / 2, or x/2 + y/2 where the
/// sum overflows. NaN in a lane gives NaN, and so does an axis without elements. `out` cannot overlap `a`.
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

/// Computes the `q` quantile of all elements.
///
/// *s\[v\], where s are the n elements in ascending order and v the position that `method` defines*
///
/// `a` has any shape of n elements, and `scratch` at least n. Everything else is as for
/// [`quantile_axis_into`]. No elements give NaN.
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

/// Computes the `q` quantile of each lane.
///
/// *out\[j\] = s\[v\], where s are the n elements of lane j in ascending order and v the position that `method`
/// defines*
///
/// The position v is, for example, q · (n − 1) with [`QuantileMethod::Linear`], NumPy's default.
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// `scratch` has at least the length of the axis; its contents do not matter before, and have no meaning afterwards.
///
/// Between two positions the two elements there are interpolated linearly, as NumPy does: the error is at most 2 ε
/// times the larger of both, and of their distance. The value stays between the two elements, it is monotonic in `q`,
/// and elements may be of any magnitude. If exactly one of the two is infinite, the result is NaN or infinite as in
/// NumPy. Between equal infinities it is that infinity, and at a position itself it is the element there (NumPy gives
/// NaN if a neighbour is infinite). NaN in a lane gives NaN, and so does an axis without elements. `out` cannot overlap
/// `a`.
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

/// Computes the `q`-th percentile of all elements.
///
/// *s\[v\], where s are the n elements in ascending order and v the position that `method` defines*
///
/// As [`quantile`] with q / 100 in the place of q.
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

/// Computes the `q`-th percentile of each lane.
///
/// *out\[j\] = s\[v\], where s are the n elements of lane j in ascending order and v the position that `method`
/// defines*
///
/// As [`quantile_axis_into`] with q / 100 in the place of q: v is, for example, q/100 · (n − 1) with
/// [`QuantileMethod::Linear`].
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

/// A position among sorted elements, whatever their number.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Middle,
    /// From 0 for the smallest to 1 for the largest.
    Quantile(f64, QuantileMethod),
}

/// What to do with NaN.
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
            return;
        }
        Zip::from(out).and(a.lanes(axis)).for_each(|out, lane: ArrayView1<'_, A>| {
            *out = self.among(lane, scratch, nan);
        });
    }

    /// Copies the elements to `scratch`, and returns the value at this position among them.
    pub(crate) fn among<A: Float, D: Dimension>(
        self,
        elements: ArrayView<'_, A, D>,
        scratch: &mut [A],
        nan: Nan,
    ) -> A {
        // NaN is rare. Where elements are not contiguous, a separate loop over the copy finds it faster.
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

    /// The value at this position among numbers, which it reorders.
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

/// Moves the elements that are not NaN to the front, and returns them.
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

/// The fold of the smallest number, where there is no NaN.
fn least<A: Float>() -> impl Fold<A, State = A> {
    Combine { lift: |x| x, combine: |a, b| if b < a { b } else { a } }
}

/// The order of numbers, where there is no NaN.
pub(crate) fn ascending<A: Float>(a: &A, b: &A) -> Ordering {
    if a < b {
        Ordering::Less
    } else if a > b {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}
