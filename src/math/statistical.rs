//! Functions of statistics: the error function, the gamma function, the logistic function and its kin.

use super::float::Float;

/// The logistic function, *1 / (1 + e⁻ˣ)*.
///
/// NaN stays NaN. −∞ gives 0, ∞ gives 1. Nothing overflows, and results for very negative numbers are as accurate
/// as others.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::expit(0.0), 0.5);
/// assert_eq!(math::expit(f64::INFINITY), 1.0);
/// ```
#[doc(alias = "sigmoid")]
#[inline(always)]
pub fn expit<F: Float>(x: F) -> F {
    x.expit()
}

/// The logarithm of the logistic function, *−log(1 + e⁻ˣ)*.
///
/// NaN stays NaN. −∞ gives −∞, ∞ gives −0. Nothing overflows, and no digits are lost where the logistic function is
/// near 0 or 1.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::log_expit(0.0), -std::f64::consts::LN_2);
/// assert_eq!(math::log_expit(-1000.0), -1000.0);
/// ```
#[inline(always)]
pub fn log_expit<F: Float>(x: F) -> F {
    x.log_expit()
}

/// *log(1 + eˣ)*, a smooth maximum of *x* and zero.
///
/// NaN stays NaN. −∞ gives 0, ∞ gives ∞. Nothing overflows.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::softplus(0.0), std::f64::consts::LN_2);
/// assert_eq!(math::softplus(1000.0), 1000.0);
/// ```
#[inline(always)]
pub fn softplus<F: Float>(x: F) -> F {
    x.softplus()
}

/// The error function, *2/√π ∫ e^(−t²) dt* from 0 to *x*.
///
/// NaN stays NaN. ±∞ gives ±1; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::erf(0.0), 0.0);
/// assert_eq!(math::erf(7.0), 1.0);
/// ```
#[inline(always)]
pub fn erf<F: Float>(x: F) -> F {
    x.erf()
}

/// The complementary error function, *1 − erf x*, accurate where it is small.
///
/// NaN stays NaN. −∞ gives 2, ∞ gives 0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::erfc(0.0), 1.0);
/// assert_eq!(math::erfc(-7.0), 2.0);
/// ```
#[inline(always)]
pub fn erfc<F: Float>(x: F) -> F {
    x.erfc()
}

/// *log |Γ(x)|*, the logarithm of the gamma function: *log((x − 1)!)* for whole numbers.
///
/// NaN stays NaN. Zeros, negative whole numbers and ±∞ give ∞; 1 and 2 give 0.
///
/// At most two units in the last place from the correctly rounded result, one for `f32`. Of negative numbers, results
/// between −1 and 1 are at most 2⁻⁵² off: there the function has zeros at numbers that no `f64` is.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::lgamma(1.0), 0.0);
/// assert_eq!(math::lgamma(11.0), 3_628_800_f64.ln());
/// ```
#[doc(alias = "gammaln")]
#[doc(alias = "ln_gamma")]
#[inline(always)]
pub fn lgamma<F: Float>(x: F) -> F {
    x.lgamma::<true>()
}
