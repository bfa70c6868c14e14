//! Medians, quantiles and percentiles with NaN left out, selected in scratch memory that the caller lends.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::reduce::quantile::method::QuantileMethod;
use crate::kernel::reduce::quantile::{Nan, Place};

/// Finds the median of the elements that are not NaN.
///
/// *s\[(n − 1) / 2\], s being the n elements in ascending order; between two places their mean*
///
/// `a` has any shape of n elements, and `scratch` at least n; what it held does not matter, and what it holds
/// afterwards has no meaning.
///
/// An even number of elements has two in the middle, whose mean it is: (x + y) / 2, and x/2 + y/2 where the sum does
/// not fit. NaN is left out; nothing but NaN, or no elements, give NaN.
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

/// Finds the median of each lane, with NaN left out.
///
/// *out\[j\] = s\[(n − 1) / 2\], s being the n elements of lane j that are not NaN in ascending order; between two
/// places their mean*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m. `scratch` has at least the length of the axis; what it holds afterwards has no meaning.
///
/// An even number of elements has two in the middle, whose mean it is: (x + y) / 2, and x/2 + y/2 where the sum does
/// not fit. NaN is left out; lanes of nothing but NaN, or without elements, give NaN. `out` cannot overlap `a`.
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

/// Finds the `q` quantile of the elements that are not NaN.
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
/// gives NaN if one beside it is infinite). NaN is left out; nothing but NaN, or no elements, give NaN.
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

/// Finds the `q` quantile of each lane, with NaN left out.
///
/// *out\[j\] = s\[v\], s being the n elements of lane j that are not NaN in ascending order*
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
/// gives NaN if one beside it is infinite). NaN is left out; lanes of nothing but NaN, or without elements, give NaN.
/// `out` cannot overlap `a`.
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

/// Finds the `q`-th percentile of the elements that are not NaN.
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
/// gives NaN if one beside it is infinite). NaN is left out; nothing but NaN, or no elements, give NaN.
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

/// Finds the `q`-th percentile of each lane, with NaN left out.
///
/// *out\[j\] = s\[v\], s being the n elements of lane j that are not NaN in ascending order*
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
/// gives NaN if one beside it is infinite). NaN is left out; lanes of nothing but NaN, or without elements, give NaN.
/// `out` cannot overlap `a`.
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
