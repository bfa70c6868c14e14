//! Medians, quantiles and percentiles that ignore NaN.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::reduce::quantile::method::QuantileMethod;
use crate::kernel::reduce::quantile::{Nan, Place};

/// Computes the median of the elements that are not NaN.
///
/// *s\[(n − 1) / 2\], where s are the n elements that are not NaN in ascending order; between two positions the mean of
/// both*
///
/// As [`median`](crate::kernel::whole::median), but only all NaN, or no elements, give NaN. `scratch` has at least the
/// length of `a`.
///
/// # Panics
///
/// If `scratch` is shorter than `a`.
///
/// # Replaces
///
/// NumPy's `np.nanmedian(a)`, which copies the array, and ndarray-stats' `a.quantile_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanmedian;
///
/// let mut scratch = [0.0; 4];
/// assert_eq!(nanmedian(&array![3.0, f64::NAN, 1.0, 2.0], &mut scratch), 2.0);
/// ```
#[must_use]
#[track_caller]
pub fn nanmedian<A, D>(a: &ArrayRef<A, D>, scratch: &mut [A]) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::scratch("nanmedian", scratch, a.len());
    Place::Middle.among(a.view(), scratch, Nan::Skip)
}

/// Computes the median of each lane, ignoring NaN.
///
/// *out\[j\] = s\[(n − 1) / 2\], where s are the n elements of lane j that are not NaN in ascending order; between two
/// positions the mean of both*
///
/// As [`median_axis_into`](crate::kernel::median_axis_into), but a lane gives NaN only if it is all NaN, or has no
/// elements.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape of `a` without it, or `scratch` is shorter than the
/// axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanmedian(a, axis, out=out)`, which copies the array, and ndarray-stats' `a.quantile_axis_mut(..)`,
/// which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanmedian_axis_into;
///
/// let a = array![[1.0, f64::NAN, 3.0], [4.0, 6.0, 5.0]];
/// let (mut out, mut scratch) = (array![0.0, 0.0], [0.0; 3]);
/// nanmedian_axis_into(&a, Axis(1), &mut out, &mut scratch);
/// assert_eq!(out, array![2.0, 5.0]);
/// ```
#[track_caller]
pub fn nanmedian_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D::Smaller>,
    scratch: &mut [A],
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("nanmedian_axis_into", ("a", a), axis, out);
    check::scratch("nanmedian_axis_into", scratch, a.len_of(axis));
    Place::Middle.of_lanes(a, axis, out, scratch, Nan::Skip);
}

/// Computes the `q` quantile of the elements that are not NaN.
///
/// *s\[v\], where s are the n elements that are not NaN in ascending order and v the position that `method` defines*
///
/// As [`quantile`](crate::kernel::whole::quantile), but only all NaN, or no elements, give NaN. `scratch` has at least
/// the length of `a`.
///
/// # Panics
///
/// If `scratch` is shorter than `a`. If `q` does not lie between 0 and 1.
///
/// # Replaces
///
/// NumPy's `np.nanquantile(a, q, method=method)`, which copies the array, and ndarray-stats' `a.quantile_mut(..)`,
/// which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{QuantileMethod, whole::nanquantile};
///
/// let (a, mut scratch) = (array![3.0, f64::NAN, 1.0, 2.0], [0.0; 4]);
/// assert_eq!(nanquantile(&a, 0.5, QuantileMethod::Linear, &mut scratch), 2.0);
/// ```
#[must_use]
#[track_caller]
pub fn nanquantile<A, D>(a: &ArrayRef<A, D>, q: f64, method: QuantileMethod, scratch: &mut [A]) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::between_zero_and("nanquantile", ("q", q), 1.0);
    check::scratch("nanquantile", scratch, a.len());
    Place::Quantile(q, method).among(a.view(), scratch, Nan::Skip)
}

/// Computes the `q` quantile of each lane, ignoring NaN.
///
/// *out\[j\] = s\[v\], where s are the n elements of lane j that are not NaN in ascending order and v the position that
/// `method` defines*
///
/// As [`quantile_axis_into`](crate::kernel::quantile_axis_into), but a lane gives NaN only if it is all NaN, or has no
/// elements.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape of `a` without it, `q` does not lie between 0 and 1,
/// or `scratch` is shorter than the axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanquantile(a, q, axis, out=out, method=method)`, which copies the array, and ndarray-stats'
/// `a.quantile_axis_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::{QuantileMethod, nanquantile_axis_into};
///
/// let a = array![[1.0, f64::NAN, 3.0], [4.0, 6.0, 5.0]];
/// let (mut out, mut scratch) = (array![0.0, 0.0], [0.0; 3]);
/// nanquantile_axis_into(&a, Axis(1), 0.5, QuantileMethod::Linear, &mut out, &mut scratch);
/// assert_eq!(out, array![2.0, 5.0]);
/// ```
#[track_caller]
pub fn nanquantile_axis_into<A, D>(
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
    check::without_axis("nanquantile_axis_into", ("a", a), axis, out);
    check::between_zero_and("nanquantile_axis_into", ("q", q), 1.0);
    check::scratch("nanquantile_axis_into", scratch, a.len_of(axis));
    Place::Quantile(q, method).of_lanes(a, axis, out, scratch, Nan::Skip);
}

/// Computes the `q`-th percentile of the elements that are not NaN.
///
/// *s\[v\], where s are the n elements that are not NaN in ascending order and v the position that `method` defines*
///
/// As [`nanquantile`] with q / 100 in the place of q.
///
/// # Panics
///
/// If `scratch` is shorter than `a`. If `q` does not lie between 0 and 100.
///
/// # Replaces
///
/// NumPy's `np.nanpercentile(a, q, method=method)`, which copies the array, and ndarray-stats'
/// `a.quantile_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{QuantileMethod, whole::nanpercentile};
///
/// let (a, mut scratch) = (array![3.0, f64::NAN, 1.0, 2.0], [0.0; 4]);
/// assert_eq!(nanpercentile(&a, 50.0, QuantileMethod::Linear, &mut scratch), 2.0);
/// ```
#[must_use]
#[track_caller]
pub fn nanpercentile<A, D>(
    a: &ArrayRef<A, D>,
    q: f64,
    method: QuantileMethod,
    scratch: &mut [A],
) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::between_zero_and("nanpercentile", ("q", q), 100.0);
    check::scratch("nanpercentile", scratch, a.len());
    Place::Quantile(q / 100.0, method).among(a.view(), scratch, Nan::Skip)
}

/// Computes the `q`-th percentile of each lane, ignoring NaN.
///
/// *out\[j\] = s\[v\], where s are the n elements of lane j that are not NaN in ascending order and v the position that
/// `method` defines*
///
/// As [`nanquantile_axis_into`] with q / 100 in the place of q.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape of `a` without it, `q` does not lie between 0 and 100,
/// or `scratch` is shorter than the axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanpercentile(a, q, axis, out=out, method=method)`, which copies the array, and ndarray-stats'
/// `a.quantile_axis_mut(..)`, which reorders it.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::{QuantileMethod, nanpercentile_axis_into};
///
/// let a = array![[1.0, f64::NAN, 3.0], [4.0, 6.0, 5.0]];
/// let (mut out, mut scratch) = (array![0.0, 0.0], [0.0; 3]);
/// nanpercentile_axis_into(&a, Axis(1), 50.0, QuantileMethod::Linear, &mut out, &mut scratch);
/// assert_eq!(out, array![2.0, 5.0]);
/// ```
#[track_caller]
pub fn nanpercentile_axis_into<A, D>(
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
    check::without_axis("nanpercentile_axis_into", ("a", a), axis, out);
    check::between_zero_and("nanpercentile_axis_into", ("q", q), 100.0);
    check::scratch("nanpercentile_axis_into", scratch, a.len_of(axis));
    Place::Quantile(q / 100.0, method).of_lanes(a, axis, out, scratch, Nan::Skip);
}
