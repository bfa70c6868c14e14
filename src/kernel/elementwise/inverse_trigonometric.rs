//! Angles of given sines, cosines and tangents.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, of_two, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the angle, in radians from −π/2 to π/2, of which each element is the sine.
///
/// *out\[i\] = arcsin(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Numbers beyond ±1 give NaN; −0 gives −0. Empty arrays are fine. `a` and `out` cannot overlap: in
/// place, use [`arcsin_inplace`].
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.arcsin(a, out=out)` and ndarray's `a.mapv(f64::asin)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::arcsin_into;
///
/// let mut out = Array1::zeros(2);
/// arcsin_into(&array![0.0, 1.0], &mut out);
/// assert_eq!(out, array![0.0, std::f64::consts::FRAC_PI_2]);
/// ```
#[doc(alias = "asin")]
#[track_caller]
pub fn arcsin_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Arcsin, _, _>(check::broadcast("arcsin_into", "a", a, out), out);
}

/// Computes the angle, in radians from −π/2 to π/2, of which each element is the sine, in place.
///
/// As [`arcsin_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.arcsin(a, out=a)` and ndarray's `a.mapv_inplace(f64::asin)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::arcsin_inplace;
///
/// let mut a = array![0.0, 1.0];
/// arcsin_inplace(&mut a);
/// assert_eq!(a, array![0.0, std::f64::consts::FRAC_PI_2]);
/// ```
#[doc(alias = "asin")]
pub fn arcsin_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Arcsin, _, _>(a);
}

/// Computes the angle, in radians from 0 to π, of which each element is the cosine.
///
/// *out\[i\] = arccos(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Numbers beyond ±1 give NaN. Empty arrays are fine. `a` and `out` cannot overlap: in place, use
/// [`arccos_inplace`].
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.arccos(a, out=out)` and ndarray's `a.mapv(f64::acos)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::arccos_into;
///
/// let mut out = Array1::zeros(2);
/// arccos_into(&array![1.0, -1.0], &mut out);
/// assert_eq!(out, array![0.0, std::f64::consts::PI]);
/// ```
#[doc(alias = "acos")]
#[track_caller]
pub fn arccos_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Arccos, _, _>(check::broadcast("arccos_into", "a", a, out), out);
}

/// Computes the angle, in radians from 0 to π, of which each element is the cosine, in place.
///
/// As [`arccos_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.arccos(a, out=a)` and ndarray's `a.mapv_inplace(f64::acos)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::arccos_inplace;
///
/// let mut a = array![1.0, -1.0];
/// arccos_inplace(&mut a);
/// assert_eq!(a, array![0.0, std::f64::consts::PI]);
/// ```
#[doc(alias = "acos")]
pub fn arccos_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Arccos, _, _>(a);
}

/// Computes the angle, in radians from −π/2 to π/2, of which each element is the tangent.
///
/// *out\[i\] = arctan(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. ±∞ gives ±π/2; −0 gives −0. Empty arrays are fine. `a` and `out` cannot overlap: in place, use
/// [`arctan_inplace`].
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.arctan(a, out=out)` and ndarray's `a.mapv(f64::atan)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::arctan_into;
///
/// let mut out = Array1::zeros(2);
/// arctan_into(&array![1.0, f64::INFINITY], &mut out);
/// assert_eq!(out, array![std::f64::consts::FRAC_PI_4, std::f64::consts::FRAC_PI_2]);
/// ```
#[doc(alias = "atan")]
#[track_caller]
pub fn arctan_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Arctan, _, _>(check::broadcast("arctan_into", "a", a, out), out);
}

/// Computes the angle, in radians from −π/2 to π/2, of which each element is the tangent, in place.
///
/// As [`arctan_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.arctan(a, out=a)` and ndarray's `a.mapv_inplace(f64::atan)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::arctan_inplace;
///
/// let mut a = array![1.0, f64::INFINITY];
/// arctan_inplace(&mut a);
/// assert_eq!(a, array![std::f64::consts::FRAC_PI_4, std::f64::consts::FRAC_PI_2]);
/// ```
#[doc(alias = "atan")]
pub fn arctan_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Arctan, _, _>(a);
}

/// Computes the angle, in radians from −π to π, of the points with these coordinates.
///
/// *out\[i\] = the angle between the positive x axis and (x\[i\], y\[i\])*
///
/// `y` and `x` have any shapes that broadcast to the shape of `out`; elements are `f32` or `f64`. A number in place of
/// an array is `aview0(&x)`.
///
/// The signs of both coordinates choose the quadrant, those of zeros too, and two zeros have the angle of an axis.
/// Infinities are directions. NaN stays NaN. Empty arrays are fine. No operand can overlap `out`.
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `y` or `x` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.arctan2(y, x, out=out)`, and ndarray's `Zip` with `f64::atan2`, which computes one element at a time.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::arctan2_into;
///
/// let mut out = Array1::zeros(2);
/// arctan2_into(&array![0.0, 1.0], &aview0(&-1.0), &mut out);
/// assert_eq!(out, array![std::f64::consts::PI, 3.0 * std::f64::consts::FRAC_PI_4]);
/// ```
#[doc(alias = "atan2")]
#[track_caller]
pub fn arctan2_into<A, D1, D2, D>(
    y: &ArrayRef<A, D1>,
    x: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Float,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let y = check::broadcast("arctan2_into", "y", y, out);
    let x = check::broadcast("arctan2_into", "x", x, out);
    of_two::<Arctan2, _, _>(y, x, out);
}

operations! {
    Arcsin: 1 (x,) asin;
    Arccos: 1 (x,) acos;
    Arctan: 1 (x,) atan;
    Arctan2: 2 (x, y) atan2;
}
