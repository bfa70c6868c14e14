//! Trigonometric functions.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the sine of each element, an angle in radians.
///
/// *out\[i\] = sin(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN; −0 gives −0. Empty arrays are fine.
/// `a` and `out` cannot overlap: in place, use [`sin_inplace`].
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
/// NumPy's `np.sin(a, out=out)` and ndarray's `a.mapv(f64::sin)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::sin_into;
///
/// let mut out = Array1::zeros(2);
/// sin_into(&array![0.0, std::f64::consts::FRAC_PI_2], &mut out);
/// assert_eq!(out, array![0.0, 1.0]);
/// ```
#[track_caller]
pub fn sin_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Sin, _, _>(check::broadcast("sin_into", "a", a, out), out);
}

/// Computes the sine of each element, in place, an angle in radians.
///
/// As [`sin_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.sin(a, out=a)` and ndarray's `a.mapv_inplace(f64::sin)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::sin_inplace;
///
/// let mut a = array![0.0, std::f64::consts::FRAC_PI_2];
/// sin_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1.0]);
/// ```
pub fn sin_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Sin, _, _>(a);
}

/// Computes the cosine of each element, an angle in radians.
///
/// *out\[i\] = cos(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN. Empty arrays are fine. `a` and
/// `out` cannot overlap: in place, use [`cos_inplace`].
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
/// NumPy's `np.cos(a, out=out)` and ndarray's `a.mapv(f64::cos)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::cos_into;
///
/// let mut out = Array1::zeros(2);
/// cos_into(&array![0.0, std::f64::consts::PI], &mut out);
/// assert_eq!(out, array![1.0, -1.0]);
/// ```
#[track_caller]
pub fn cos_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Cos, _, _>(check::broadcast("cos_into", "a", a, out), out);
}

/// Computes the cosine of each element, in place, an angle in radians.
///
/// As [`cos_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.cos(a, out=a)` and ndarray's `a.mapv_inplace(f64::cos)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::cos_inplace;
///
/// let mut a = array![0.0, std::f64::consts::PI];
/// cos_inplace(&mut a);
/// assert_eq!(a, array![1.0, -1.0]);
/// ```
pub fn cos_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Cos, _, _>(a);
}

/// Computes the tangent of each element, an angle in radians.
///
/// *out\[i\] = tan(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN; −0 gives −0. Empty arrays are fine.
/// `a` and `out` cannot overlap: in place, use [`tan_inplace`].
///
/// A result is at most two units in the last place from the correctly rounded one, one for `f32`. It has the same bits
/// on every processor and in every layout.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.tan(a, out=out)` and ndarray's `a.mapv(f64::tan)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::tan_into;
///
/// let mut out = Array1::zeros(2);
/// tan_into(&array![0.0, 1e-20], &mut out);
/// assert_eq!(out, array![0.0, 1e-20]);
/// ```
#[track_caller]
pub fn tan_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Tan, _, _>(check::broadcast("tan_into", "a", a, out), out);
}

/// Computes the tangent of each element, in place, an angle in radians.
///
/// As [`tan_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.tan(a, out=a)` and ndarray's `a.mapv_inplace(f64::tan)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::tan_inplace;
///
/// let mut a = array![0.0, 1e-20];
/// tan_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1e-20]);
/// ```
pub fn tan_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Tan, _, _>(a);
}

operations! {
    Sin: 1 (x,) sin<ALL> unless angle_is_moderate;
    Cos: 1 (x,) cos<ALL> unless angle_is_moderate;
    Tan: 1 (x,) tan<ALL> unless angle_is_moderate;
}
