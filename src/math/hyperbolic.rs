//! Hyperbolic functions and their inverses.

use super::float::Float;

/// The hyperbolic sine.
///
/// NaN stays NaN. What is too large gives ∞ with its sign; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::sinh(0.0), 0.0);
/// assert_eq!(math::sinh(1e-20), 1e-20);
/// ```
#[inline(always)]
pub fn sinh<F: Float>(x: F) -> F {
    x.sinh()
}

/// The hyperbolic cosine.
///
/// NaN stays NaN. What is too large gives ∞.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::cosh(0.0), 1.0);
/// assert_eq!(math::cosh(1e3), f64::INFINITY);
/// ```
#[inline(always)]
pub fn cosh<F: Float>(x: F) -> F {
    x.cosh()
}

/// The hyperbolic tangent.
///
/// NaN stays NaN. ±∞ gives ±1; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::tanh(0.0), 0.0);
/// assert_eq!(math::tanh(50.0), 1.0);
/// ```
#[inline(always)]
pub fn tanh<F: Float>(x: F) -> F {
    x.tanh()
}

/// The number of which *x* is the hyperbolic sine.
///
/// NaN stays NaN. Infinities and zeros stay what they are. Nothing overflows.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::asinh(0.0), 0.0);
/// assert_eq!(math::asinh(1e-20), 1e-20);
/// ```
#[doc(alias = "arcsinh")]
#[inline(always)]
pub fn asinh<F: Float>(x: F) -> F {
    x.asinh()
}

/// The number, not negative, of which *x* is the hyperbolic cosine.
///
/// NaN stays NaN. Numbers below 1 give NaN, ∞ gives ∞. Nothing overflows.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::acosh(1.0), 0.0);
/// assert_eq!(math::acosh(f64::INFINITY), f64::INFINITY);
/// ```
#[doc(alias = "arccosh")]
#[inline(always)]
pub fn acosh<F: Float>(x: F) -> F {
    x.acosh()
}

/// The number of which *x* is the hyperbolic tangent.
///
/// NaN stays NaN. ±1 gives ±∞, numbers beyond give NaN; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::atanh(0.0), 0.0);
/// assert_eq!(math::atanh(1.0), f64::INFINITY);
/// ```
#[doc(alias = "arctanh")]
#[inline(always)]
pub fn atanh<F: Float>(x: F) -> F {
    x.atanh()
}
