//! Logarithms.

use super::float::Float;

/// The natural logarithm.
///
/// NaN stays NaN. Zero of either sign gives −∞, ∞ gives ∞, negative numbers give NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::log(1.0), 0.0);
/// assert_eq!(math::log(std::f64::consts::E), 1.0);
/// ```
#[doc(alias = "ln")]
#[inline(always)]
pub fn log<F: Float>(x: F) -> F {
    x.log::<true>()
}

/// The logarithm to base 2.
///
/// NaN stays NaN. Powers of two are exact. Zero of either sign gives −∞, ∞ gives ∞, negative numbers give NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::log2(1.0), 0.0);
/// assert_eq!(math::log2(1024.0), 10.0);
/// ```
#[inline(always)]
pub fn log2<F: Float>(x: F) -> F {
    x.log2::<true>()
}

/// The logarithm to base 10.
///
/// NaN stays NaN. Zero of either sign gives −∞, ∞ gives ∞, negative numbers give NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::log10(1.0), 0.0);
/// assert_eq!(math::log10(1000.0), 3.0);
/// ```
#[inline(always)]
pub fn log10<F: Float>(x: F) -> F {
    x.log10::<true>()
}

/// *log(1 + x)*, without losing digits where *x* is small.
///
/// NaN stays NaN. −1 gives −∞, ∞ gives ∞, numbers below −1 give NaN; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::log1p(0.0), 0.0);
/// assert_eq!(math::log1p(1e-20), 1e-20);
/// ```
#[doc(alias = "ln_1p")]
#[inline(always)]
pub fn log1p<F: Float>(x: F) -> F {
    x.log1p::<true>()
}
