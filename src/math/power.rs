//! Powers, roots, lengths.

use super::float::Float;

/// *xʸ*.
///
/// Special cases are C's: anything to the power of zero is 1, and so is 1 to any power, NaN included. A negative
/// number to a power that is no whole number gives NaN; zeros and infinities give zeros and infinities, with the
/// sign of the base if the exponent is an odd whole number.
///
/// At most two units in the last place from the correctly rounded result, one for `f32`.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::pow(4.0, 0.5), 2.0);
/// assert_eq!(math::pow(-2.0_f32, 3.0), -8.0);
/// ```
#[doc(alias = "powf")]
#[inline(always)]
pub fn pow<F: Float>(x: F, y: F) -> F {
    x.pow::<true>(y)
}

/// The cube root.
///
/// NaN stays NaN. Roots of cubes of whole numbers are exact. Zeros and infinities keep their sign.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::cbrt(-8.0), -2.0);
/// assert_eq!(math::cbrt(27.0), 3.0);
/// ```
#[inline(always)]
pub fn cbrt<F: Float>(x: F) -> F {
    x.cbrt()
}

/// *√(x² + y²)*, where no square overflows or loses digits.
///
/// An infinite leg gives ∞, even beside NaN; otherwise NaN stays NaN.
///
/// At most one unit in the last place from the correctly rounded result.
///
/// ```
/// use ndarray_pool::math;
///
/// assert_eq!(math::hypot(3.0, 4.0), 5.0);
/// ```
#[inline(always)]
pub fn hypot<F: Float>(x: F, y: F) -> F {
    x.hypot(y)
}
