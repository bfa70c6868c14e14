//! *xʸ = 2^(y log₂ x)*, with a logarithm of two parts: one of 53 bits would lose the eleven that the exponent has.
//!
//! *log m = s (2 + s² (2/3 + s² p(s²)))* as in the logarithm; *s*, *s²*, the bracket and the products by which they are
//! joined have two parts, *p* has one. Some 2⁻⁶⁵ of log₂ x is wrong.

use super::exponential::power_of_two;
use super::parts::{
    SHIFT, clamp, fast_two_sum, fma, polynomial, scaled_far, split, split_with_scale, two_product,
    two_quotient,
};
use crate::math::constants::{
    LN2_SHORT, LN2_SHORT_LOW, LOG2_E, LOG2_E_LOW, TWO_THIRDS, TWO_THIRDS_LOW,
};

/// (log((1 + s) / (1 − s)) − 2 s − ⅔ s³) / s⁵ as a function of s², to 2⁻⁷² of the logarithm.
const TAIL: [f64; 8] = [
    0.3999999999999998,
    0.28571428571443847,
    0.22222222217787502,
    0.18181818844344003,
    0.15384558400733206,
    0.1333626568229005,
    0.11675754873088573,
    0.1198198087043459,
];

const TWO_54: f64 = (1u64 << 54) as f64;

/// Whether `x` is a normal positive number and `y` is a finite one.
#[inline(always)]
pub(crate) fn is_moderate(x: f64, y: f64) -> bool {
    (f64::MIN_POSITIVE..f64::INFINITY).contains(&x) && y.abs() < 1e300
}

#[inline(always)]
pub(crate) fn pow<const ALL: bool>(x: f64, y: f64) -> f64 {
    if !ALL {
        return two_to_product(y, log2_of(x));
    }
    let magnitude = x.abs();
    let is_small = magnitude < f64::MIN_POSITIVE;
    let (high, low) = log2_of(if is_small { magnitude * TWO_54 } else { magnitude });
    let (high, more) = fast_two_sum(high, if is_small { -54.0 } else { 0.0 });
    let low = low + more;
    // Of zero and infinity.
    let is_zero = magnitude == 0.0;
    let is_extreme = is_zero || magnitude == f64::INFINITY;
    let infinite = if is_zero { f64::NEG_INFINITY } else { f64::INFINITY };
    let (high, low) = if is_extreme { (infinite, 0.0) } else { (high, low) };
    with_special_cases(x, y, two_to_product(y, (high, low)))
}

/// *xʸ* of any numbers, given *|x|ʸ*, which may be NaN where it is 1.
#[inline(always)]
pub(crate) fn with_special_cases(x: f64, y: f64, power: f64) -> f64 {
    let magnitude = x.abs();
    let result = if magnitude == 1.0 { 1.0 } else { power };
    let is_whole = y.trunc() == y;
    let is_odd = is_whole && (0.5 * y).trunc() != 0.5 * y;
    let signed = if is_odd { -result } else { result };
    let is_extreme = magnitude == 0.0 || magnitude == f64::INFINITY;
    let of_negative = if is_whole || is_extreme { signed } else { f64::NAN };
    let result = if x.is_sign_negative() { of_negative } else { result };
    let result = if x.is_nan() || y.is_nan() { x + y } else { result };
    if x == 1.0 || y == 0.0 { 1.0 } else { result }
}

/// log₂ of a normal positive number, in two parts.
#[inline(always)]
fn log2_of(x: f64) -> (f64, f64) {
    let (k, m) = split(x);
    let f = m - 1.0;
    let below = 2.0 + f;
    let (log, log_low) = log_of_quotient((f, 0.0), (below, f - (below - 2.0)));
    let (high, low) = two_product(log, LOG2_E);
    let low = low + fma(log, LOG2_E_LOW, log_low * LOG2_E);
    let (sum, missing) = fast_two_sum(k, high);
    fast_two_sum(sum, missing + low)
}

/// log((1 + s) / (1 − s)) in two parts, of the quotient *s* of two numbers of two parts.
#[inline(always)]
pub(crate) fn log_of_quotient(above: (f64, f64), below: (f64, f64)) -> (f64, f64) {
    let (s, s_low) = two_quotient(above, below);
    let (z, z_low) = two_product(s, s);
    let z_low = fma(s + s, s_low, z_low);
    let (inner, inner_low) = fast_two_sum(TWO_THIRDS, z * polynomial(&TAIL, z));
    let inner_low = inner_low + TWO_THIRDS_LOW;
    let (y, y_low) = two_product(z, inner);
    let y_low = y_low + fma(z, inner_low, z_low * inner);
    let (bracket, bracket_low) = fast_two_sum(2.0, y);
    let bracket_low = bracket_low + y_low;
    let (log, log_low) = two_product(s, bracket);
    (log, log_low + fma(s, bracket_low, s_low * bracket))
}

/// The natural logarithm of a positive number of two parts, in two parts. With `ALL`, the number may be subnormal.
#[inline(always)]
pub(crate) fn log_parts<const ALL: bool>(x: f64, x_low: f64) -> (f64, f64) {
    let is_small = ALL && x < f64::MIN_POSITIVE;
    let (k, m, scale) = split_with_scale(if is_small { x * TWO_54 } else { x });
    let k = if is_small { k - 54.0 } else { k };
    let (f, low) = (m - 1.0, x_low * (0.5 * scale));
    let below = 2.0 + f;
    let (log, log_low) = log_of_quotient((f, low), (below, (f - (below - 2.0)) + low));
    let (sum, missing) = fast_two_sum(k * LN2_SHORT, log);
    (sum, missing + fma(k, LN2_SHORT_LOW, log_low))
}

#[inline(always)]
fn two_to_product(y: f64, (high, low): (f64, f64)) -> f64 {
    let (exponent, exponent_low) = two_product(y, high);
    let exponent_low = fma(y, low, exponent_low);
    let bounded = clamp(exponent, -1100.0, 1100.0);
    let exponent_low = if bounded == exponent { exponent_low } else { 0.0 };
    let k = (bounded + SHIFT) - SHIFT;
    scaled_far(power_of_two((bounded - k) + exponent_low), k)
}
