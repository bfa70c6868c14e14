//! Logarithms.
//!
//! *x = 2ᵏ m* with *m* from √½ to √2, *f = m − 1*, *s = f / (2 + f)*; then *log m = log((1 + s) / (1 − s)) = 2 s + s³
//! p(s²)*, written as *f − (f²/2 − s (f²/2 + s² p))*, so that the leading terms are exact (as in Sun's fdlibm). The
//! other bases multiply that by a constant of two parts.

use super::exponential::TINY;
use super::parts::{fast_two_sum, fma, polynomial, split, split_with_scale, two_product, two_sum};
use crate::math::constants::{
    LN2_SHORT, LN2_SHORT_LOW, LOG2_E, LOG2_E_LOW, LOG10_2_SHORT, LOG10_2_SHORT_LOW, LOG10_E,
    LOG10_E_LOW,
};

/// (log((1 + s) / (1 − s)) − 2 s) / s³ as a function of s², to 2⁻⁵⁸ of the logarithm.
const TAIL: [f64; 7] = [
    0.6666666666666734,
    0.39999999999416386,
    0.28571428742124444,
    0.22222198592040635,
    0.18183563662680563,
    0.1531406108793009,
    0.14795897787872236,
];

/// Whether `x` is a normal positive number.
#[inline(always)]
pub(crate) fn log_is_moderate(x: f64) -> bool {
    (f64::MIN_POSITIVE..f64::INFINITY).contains(&x)
}

#[inline(always)]
pub(crate) fn log<const ALL: bool>(x: f64) -> f64 {
    let (k, f) = exponent_and_rest::<ALL>(x);
    let Tail { square, rest } = tail(f);
    let high = fma(k, LN2_SHORT, f);
    let low = fma(k, LN2_SHORT, -high) + f;
    let result = high + (low - (square - fma(k, LN2_SHORT_LOW, rest)));
    if ALL { or_special(x, result) } else { result }
}

#[inline(always)]
pub(crate) fn log2<const ALL: bool>(x: f64) -> f64 {
    let (k, f) = exponent_and_rest::<ALL>(x);
    let (high, low) = in_base(f, LOG2_E, LOG2_E_LOW);
    let (sum, missing) = fast_two_sum(k, high);
    let result = sum + (missing + low);
    if ALL { or_special(x, result) } else { result }
}

#[inline(always)]
pub(crate) fn log10<const ALL: bool>(x: f64) -> f64 {
    let (k, f) = exponent_and_rest::<ALL>(x);
    let (high, low) = in_base(f, LOG10_E, LOG10_E_LOW);
    let (sum, missing) = fast_two_sum(k * LOG10_2_SHORT, high);
    let result = sum + (missing + fma(k, LOG10_2_SHORT_LOW, low));
    if ALL { or_special(x, result) } else { result }
}

#[inline(always)]
pub(crate) fn log1p_is_moderate(x: f64) -> bool {
    // (Zero has a sign.)
    x > -1.0 && x < f64::INFINITY && x.abs() >= TINY
}

#[inline(always)]
pub(crate) fn log1p<const ALL: bool>(x: f64) -> f64 {
    let result = log_of_one_plus(x, 0.0, 0.0);
    if !ALL {
        return result;
    }
    let result = if x > -1.0 && x < f64::INFINITY { result } else { special(1.0 + x) };
    if x.abs() < TINY { x } else { result }
}

/// *log(1 + x + x_low) + k ln 2*, for *x > −1* that is not infinite.
#[inline(always)]
pub(crate) fn log_of_one_plus(x: f64, x_low: f64, more: f64) -> f64 {
    let (sum, low) = two_sum(1.0, x);
    let (k, m, scale) = split_with_scale(sum);
    let (k, f, low) = (k + more, m - 1.0, (low + x_low) * (0.5 * scale));
    let s = f / (2.0 + f);
    let Tail { square, rest } = tail_of(f, s);
    // `low` divided by 1 + f = (1 + s) / (1 − s): a few bits of the factor are enough.
    let low = low * fma(fma(2.0, s, -2.0), s, 1.0);
    let high = fma(k, LN2_SHORT, f);
    let missing = fma(k, LN2_SHORT, -high) + f;
    high + (missing + (low - (square - fma(k, LN2_SHORT_LOW, rest))))
}

/// *log(1 + f) = f − square + rest*.
struct Tail {
    square: f64,
    rest: f64,
}

#[inline(always)]
fn tail(f: f64) -> Tail {
    tail_of(f, f / (2.0 + f))
}

#[inline(always)]
fn tail_of(f: f64, s: f64) -> Tail {
    let z = s * s;
    let square = 0.5 * f * f;
    Tail { square, rest: s * fma(z, polynomial(&TAIL, z), square) }
}

/// *log(1 + f)* times a constant of two parts, as a sum of two parts.
#[inline(always)]
fn in_base(f: f64, factor: f64, factor_low: f64) -> (f64, f64) {
    let Tail { square, rest } = tail(f);
    let (product, product_low) = two_product(f, factor);
    (product, fma(rest - square, factor, fma(f, factor_low, product_low)))
}

/// *k* and *f* of a positive number.
#[inline(always)]
fn exponent_and_rest<const ALL: bool>(x: f64) -> (f64, f64) {
    const TWO_54: f64 = (1u64 << 54) as f64;
    let is_small = ALL && x < f64::MIN_POSITIVE;
    let (k, m) = split(if is_small { x * TWO_54 } else { x });
    (if is_small { k - 54.0 } else { k }, m - 1.0)
}

#[inline(always)]
fn or_special(x: f64, result: f64) -> f64 {
    if x > 0.0 && x < f64::INFINITY { result } else { special(x) }
}

/// The logarithm of what is not finite and positive.
#[inline(always)]
fn special(x: f64) -> f64 {
    let x = if x < 0.0 { f64::NAN } else { x };
    if x == 0.0 { f64::NEG_INFINITY } else { x }
}
