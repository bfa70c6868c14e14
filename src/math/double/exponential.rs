//! *eˣ*, *2ˣ* and *eˣ − 1*.
//!
//! *x = k ln 2 + r* with |r| ≤ ½ ln 2, where *k ln 2* is subtracted in two parts, the first of which leaves no rounding
//! error behind a fused multiplication (Cody and Waite, 1980). *eʳ* is a polynomial, and *2ᵏ* is put together from bits.

use super::parts::{SHIFT, clamp, fast_two_sum, fma, polynomial, scaled, scaled_far, two_to};
use crate::math::constants::{LN2_HIGH, LN2_LOW, LOG2_E};

/// (eʳ − 1 − r) / r², to 2⁻⁵⁶ of eʳ.
pub(crate) const TAIL: [f64; 10] = [
    0.5000000000000012,
    0.166666666666667,
    0.041666666666515396,
    0.008333333333307234,
    0.001388888894702103,
    0.00019841269917321528,
    2.480148993747346e-05,
    2.755721635507523e-06,
    2.763128188739826e-07,
    2.511784416113084e-08,
];

/// (2ʳ − 1) / r, to 2⁻⁵⁷ of 2ʳ.
const TAIL_OF_TWO: [f64; 11] = [
    std::f64::consts::LN_2,
    0.24022650695910133,
    0.05550410866482169,
    0.009618129107593581,
    0.0013333558146386712,
    0.00015403530457822368,
    1.5252733862495579e-05,
    1.3215434926432023e-06,
    1.0178048027555006e-07,
    7.073843669593284e-09,
    4.457201326273106e-10,
];

/// Up to here, *eˣ* and *e⁻ˣ* are normal numbers.
const MODERATE: f64 = 708.0;

#[inline(always)]
pub(crate) fn exp_is_moderate(x: f64) -> bool {
    x.abs() <= MODERATE
}

#[inline(always)]
pub(crate) fn exp<const ALL: bool>(x: f64) -> f64 {
    let bounded = if ALL { clamp(x, -746.0, 710.0) } else { x };
    let shifted = fma(bounded, LOG2_E, SHIFT);
    let k = shifted - SHIFT;
    let r = fma(-k, LN2_LOW, fma(-k, LN2_HIGH, bounded));
    let power = fma(fma(polynomial(&TAIL, r), r, 1.0), r, 1.0);
    if ALL { scaled_far(power, k) } else { scaled(power, shifted) }
}

#[inline(always)]
pub(crate) fn exp2_is_moderate(x: f64) -> bool {
    x.abs() <= 1021.0
}

#[inline(always)]
pub(crate) fn exp2<const ALL: bool>(x: f64) -> f64 {
    let bounded = if ALL { clamp(x, -1080.0, 1025.0) } else { x };
    let shifted = bounded + SHIFT;
    let k = shifted - SHIFT;
    let power = power_of_two(bounded - k);
    if ALL { scaled_far(power, k) } else { scaled(power, shifted) }
}

/// *2ʳ* for |r| ≤ ½.
#[inline(always)]
pub(crate) fn power_of_two(r: f64) -> f64 {
    fma(polynomial(&TAIL_OF_TWO, r), r, 1.0)
}

/// *2ᵏ⁻¹ (1 + r) − ½* is summed with its error, and the tail of the polynomial added to that.
#[inline(always)]
pub(crate) fn expm1(x: f64) -> f64 {
    let bounded = clamp(x, -40.0, 710.0);
    let Reduced { k, r, r_low } = reduce(bounded);
    let tail = fma(r * r, polynomial(&TAIL, r), r_low);
    let scale = two_to((k - 1.0) + SHIFT);
    let offset = scale - 0.5;
    let offset_low = if scale < 0.5 { 0.0 } else { (scale - offset) - 0.5 };
    let (sum, low) = fast_two_sum(offset, scale * r);
    let half = sum + fma(scale, tail, low + offset_low);
    if x.abs() < TINY { x } else { half + half }
}

/// Numbers so small that *f(x) = x* for functions with slope one.
pub(crate) const TINY: f64 = 1.0 / (1u64 << 54) as f64;

/// *x = k ln 2 + r + r_low*.
pub(crate) struct Reduced {
    pub(crate) k: f64,
    pub(crate) r: f64,
    pub(crate) r_low: f64,
}

#[inline(always)]
pub(crate) fn reduce(x: f64) -> Reduced {
    let k = fma(x, LOG2_E, SHIFT) - SHIFT;
    let high = fma(-k, LN2_HIGH, x);
    let r = fma(-k, LN2_LOW, high);
    Reduced { k, r, r_low: fma(-k, LN2_LOW, high - r) }
}

/// *2ᵏ (high + low)*.
pub(crate) struct Parts {
    pub(crate) k: f64,
    pub(crate) high: f64,
    pub(crate) low: f64,
}

/// *e^(x + x_low)* of a number for which *k* is less than 2000, with some ten bits more than a number has.
#[inline(always)]
pub(crate) fn exp_parts(x: f64, x_low: f64) -> Parts {
    let Reduced { k, r, r_low } = reduce(x);
    let low = r_low + x_low;
    let square = r * r;
    let tail = square * polynomial(&TAIL, r);
    let (sum, sum_low) = fast_two_sum(1.0, r);
    // e^(r + low) = e^r (1 + low)
    let rest = fma(low, r + tail, low) + tail;
    let (high, low) = fast_two_sum(sum, sum_low + rest);
    Parts { k, high, low }
}
