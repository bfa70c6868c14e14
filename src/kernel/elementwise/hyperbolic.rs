//! Hyperbolic functions and their inverses.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the hyperbolic sine of each element.
///
/// *out\[i\] = (e^a\[i\] − e^−a\[i\]) / 2*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. What is too large gives ∞ with its sign; −0 gives −0. Empty arrays are fine. `a` and `out` cannot
/// overlap: in place, use [`sinh_inplace`].
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
/// NumPy's `np.sinh(a, out=out)` and ndarray's `a.mapv(f64::sinh)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::sinh_into;
///
/// let mut out = Array1::zeros(2);
/// sinh_into(&array![0.0, 1e-20], &mut out);
/// assert_eq!(out, array![0.0, 1e-20]);
/// ```
#[track_caller]
pub fn sinh_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Sinh, _, _>(check::broadcast("sinh_into", "a", a, out), out);
}

/// Computes the hyperbolic sine of each element, in place.
///
/// As [`sinh_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.sinh(a, out=a)` and ndarray's `a.mapv_inplace(f64::sinh)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::sinh_inplace;
///
/// let mut a = array![0.0, 1e-20];
/// sinh_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1e-20]);
/// ```
pub fn sinh_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Sinh, _, _>(a);
}

/// Computes the hyperbolic cosine of each element.
///
/// *out\[i\] = (e^a\[i\] + e^−a\[i\]) / 2*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. What is too large gives ∞. Empty arrays are fine. `a` and `out` cannot overlap: in place, use
/// [`cosh_inplace`].
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
/// NumPy's `np.cosh(a, out=out)` and ndarray's `a.mapv(f64::cosh)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::cosh_into;
///
/// let mut out = Array1::zeros(2);
/// cosh_into(&array![0.0, 1e3], &mut out);
/// assert_eq!(out, array![1.0, f64::INFINITY]);
/// ```
#[track_caller]
pub fn cosh_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Cosh, _, _>(check::broadcast("cosh_into", "a", a, out), out);
}

/// Computes the hyperbolic cosine of each element, in place.
///
/// As [`cosh_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.cosh(a, out=a)` and ndarray's `a.mapv_inplace(f64::cosh)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::cosh_inplace;
///
/// let mut a = array![0.0, 1e3];
/// cosh_inplace(&mut a);
/// assert_eq!(a, array![1.0, f64::INFINITY]);
/// ```
pub fn cosh_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Cosh, _, _>(a);
}

/// Computes the hyperbolic tangent of each element.
///
/// *out\[i\] = (e^a\[i\] − e^−a\[i\]) / (e^a\[i\] + e^−a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. ±∞ gives ±1; −0 gives −0. Empty arrays are fine. `a` and `out` cannot overlap: in place, use
/// [`tanh_inplace`].
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
/// NumPy's `np.tanh(a, out=out)` and ndarray's `a.mapv(f64::tanh)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::tanh_into;
///
/// let mut out = Array1::zeros(2);
/// tanh_into(&array![0.0, 50.0], &mut out);
/// assert_eq!(out, array![0.0, 1.0]);
/// ```
#[track_caller]
pub fn tanh_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Tanh, _, _>(check::broadcast("tanh_into", "a", a, out), out);
}

/// Computes the hyperbolic tangent of each element, in place.
///
/// As [`tanh_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.tanh(a, out=a)` and ndarray's `a.mapv_inplace(f64::tanh)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::tanh_inplace;
///
/// let mut a = array![0.0, 50.0];
/// tanh_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1.0]);
/// ```
pub fn tanh_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Tanh, _, _>(a);
}

/// Computes the number of which each element is the hyperbolic sine.
///
/// *out\[i\] = log(a\[i\] + √(a\[i\]² + 1))*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Infinities and zeros stay what they are. Nothing overflows. Empty arrays are fine. `a` and `out`
/// cannot overlap: in place, use [`arcsinh_inplace`].
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
/// NumPy's `np.arcsinh(a, out=out)` and ndarray's `a.mapv(f64::asinh)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::arcsinh_into;
///
/// let mut out = Array1::zeros(2);
/// arcsinh_into(&array![0.0, 1e-20], &mut out);
/// assert_eq!(out, array![0.0, 1e-20]);
/// ```
#[doc(alias = "asinh")]
#[track_caller]
pub fn arcsinh_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Arcsinh, _, _>(check::broadcast("arcsinh_into", "a", a, out), out);
}

/// Computes the number of which each element is the hyperbolic sine, in place.
///
/// As [`arcsinh_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.arcsinh(a, out=a)` and ndarray's `a.mapv_inplace(f64::asinh)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::arcsinh_inplace;
///
/// let mut a = array![0.0, 1e-20];
/// arcsinh_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1e-20]);
/// ```
#[doc(alias = "asinh")]
pub fn arcsinh_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Arcsinh, _, _>(a);
}

/// Computes the number, not negative, of which each element is the hyperbolic cosine.
///
/// *out\[i\] = log(a\[i\] + √(a\[i\]² − 1))*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Numbers below 1 give NaN, ∞ gives ∞. Nothing overflows. Empty arrays are fine. `a` and `out` cannot
/// overlap: in place, use [`arccosh_inplace`].
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
/// NumPy's `np.arccosh(a, out=out)` and ndarray's `a.mapv(f64::acosh)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::arccosh_into;
///
/// let mut out = Array1::zeros(2);
/// arccosh_into(&array![1.0, f64::INFINITY], &mut out);
/// assert_eq!(out, array![0.0, f64::INFINITY]);
/// ```
#[doc(alias = "acosh")]
#[track_caller]
pub fn arccosh_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Arccosh, _, _>(check::broadcast("arccosh_into", "a", a, out), out);
}

/// Computes the number, not negative, of which each element is the hyperbolic cosine, in place.
///
/// As [`arccosh_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.arccosh(a, out=a)` and ndarray's `a.mapv_inplace(f64::acosh)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::arccosh_inplace;
///
/// let mut a = array![1.0, f64::INFINITY];
/// arccosh_inplace(&mut a);
/// assert_eq!(a, array![0.0, f64::INFINITY]);
/// ```
#[doc(alias = "acosh")]
pub fn arccosh_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Arccosh, _, _>(a);
}

/// Computes the number of which each element is the hyperbolic tangent.
///
/// *out\[i\] = ½ log((1 + a\[i\]) / (1 − a\[i\]))*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. ±1 gives ±∞, numbers beyond give NaN; −0 gives −0. Empty arrays are fine. `a` and `out` cannot
/// overlap: in place, use [`arctanh_inplace`].
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
/// NumPy's `np.arctanh(a, out=out)` and ndarray's `a.mapv(f64::atanh)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::arctanh_into;
///
/// let mut out = Array1::zeros(2);
/// arctanh_into(&array![0.0, 1.0], &mut out);
/// assert_eq!(out, array![0.0, f64::INFINITY]);
/// ```
#[doc(alias = "atanh")]
#[track_caller]
pub fn arctanh_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Arctanh, _, _>(check::broadcast("arctanh_into", "a", a, out), out);
}

/// Computes the number of which each element is the hyperbolic tangent, in place.
///
/// As [`arctanh_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.arctanh(a, out=a)` and ndarray's `a.mapv_inplace(f64::atanh)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::arctanh_inplace;
///
/// let mut a = array![0.0, 1.0];
/// arctanh_inplace(&mut a);
/// assert_eq!(a, array![0.0, f64::INFINITY]);
/// ```
#[doc(alias = "atanh")]
pub fn arctanh_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Arctanh, _, _>(a);
}

operations! {
    Sinh: 1 (x,) sinh;
    Cosh: 1 (x,) cosh;
    Tanh: 1 (x,) tanh;
    Arcsinh: 1 (x,) asinh;
    Arccosh: 1 (x,) acosh;
    Arctanh: 1 (x,) atanh;
}
