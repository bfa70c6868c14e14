//! Exponential functions.

use super::float::Float;

/// *eˣ*.
///
/// NaN stays NaN. −∞ gives 0; what is too large gives ∞, what is too small 0, by way of subnormal numbers.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::exp(0.0), 1.0);
/// assert_eq!(math::exp(1.0), std::f64::consts::E);
/// ```
#[inline(always)]
pub fn exp<F: Float>(x: F) -> F {
    x.exp::<true>()
}

/// *2ˣ*.
///
/// NaN stays NaN. Powers to whole numbers are exact. −∞ gives 0; what is too large gives ∞, what is too small 0, by
/// way of subnormal numbers.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::exp2(-1.0), 0.5);
/// assert_eq!(math::exp2(10.0), 1024.0);
/// ```
#[inline(always)]
pub fn exp2<F: Float>(x: F) -> F {
    x.exp2::<true>()
}

/// *eˣ − 1*, without losing digits where *x* is small.
///
/// NaN stays NaN. −∞ gives −1, what is too large ∞; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::expm1(0.0), 0.0);
/// assert_eq!(math::expm1(1e-20), 1e-20);
/// ```
#[doc(alias = "exp_m1")]
#[inline(always)]
pub fn expm1<F: Float>(x: F) -> F {
    x.expm1()
}
