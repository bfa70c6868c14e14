//! Angles: trigonometric functions and their inverses.

use super::float::Float;

/// The sine of an angle in radians.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::sin(0.0), 0.0);
/// assert_eq!(math::sin(std::f64::consts::FRAC_PI_2), 1.0);
/// ```
#[inline(always)]
pub fn sin<F: Float>(x: F) -> F {
    x.sin::<true>()
}

/// The cosine of an angle in radians.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::cos(0.0), 1.0);
/// assert_eq!(math::cos(std::f64::consts::PI), -1.0);
/// ```
#[inline(always)]
pub fn cos<F: Float>(x: F) -> F {
    x.cos::<true>()
}

/// Sine and cosine together: they share most of their work.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::sin_cos(0.0), (0.0, 1.0));
/// ```
#[inline(always)]
pub fn sin_cos<F: Float>(x: F) -> (F, F) {
    x.sin_cos::<true>()
}

/// The tangent of an angle in radians.
///
/// NaN stays NaN. Results are right for all arguments, however large. ±∞ gives NaN; −0 gives −0.
///
/// At most two units in the last place from the correctly rounded result, one for `f32`.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::tan(0.0), 0.0);
/// assert_eq!(math::tan(1e-20), 1e-20);
/// ```
#[inline(always)]
pub fn tan<F: Float>(x: F) -> F {
    x.tan::<true>()
}

/// The angle, from −π/2 to π/2, of which *x* is the sine.
///
/// NaN stays NaN. Numbers beyond ±1 give NaN; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::asin(0.0), 0.0);
/// assert_eq!(math::asin(1.0), std::f64::consts::FRAC_PI_2);
/// ```
#[doc(alias = "arcsin")]
#[inline(always)]
pub fn asin<F: Float>(x: F) -> F {
    x.asin()
}

/// The angle, from 0 to π, of which *x* is the cosine.
///
/// NaN stays NaN. Numbers beyond ±1 give NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::acos(1.0), 0.0);
/// assert_eq!(math::acos(-1.0), std::f64::consts::PI);
/// ```
#[doc(alias = "arccos")]
#[inline(always)]
pub fn acos<F: Float>(x: F) -> F {
    x.acos()
}

/// The angle, from −π/2 to π/2, of which *x* is the tangent.
///
/// NaN stays NaN. ±∞ gives ±π/2; −0 gives −0.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::atan(1.0), std::f64::consts::FRAC_PI_4);
/// assert_eq!(math::atan(f64::INFINITY), std::f64::consts::FRAC_PI_2);
/// ```
#[doc(alias = "arctan")]
#[inline(always)]
pub fn atan<F: Float>(x: F) -> F {
    x.atan()
}

/// The angle, from −π to π, of the point *(x, y)*.
///
/// NaN stays NaN. The signs of both coordinates choose the quadrant, those of zeros too; infinities are directions.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::atan2(1.0, -1.0), 3.0 * std::f64::consts::FRAC_PI_4);
/// ```
#[doc(alias = "arctan2")]
#[inline(always)]
pub fn atan2<F: Float>(y: F, x: F) -> F {
    y.atan2(x)
}
