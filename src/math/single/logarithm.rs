//! Logarithms: *log(1 + f) = f + f² p(f)*, which in 64 bits needs no care for leading terms, and no division. The
//! natural one is computed in 32 bits, twice as many numbers at a time; there the leading terms are summed with their
//! error.

use crate::math::constants::{LN2_HIGH, LOG2_E, LOG10_E};
use crate::math::double::parts::{fma, polynomial, split, split_with_scale};

/// (log(1 + f) − f) / f² for f from √½ − 1 to √2 − 1, to 2⁻³⁰.
const TAIL: [f64; 10] = [
    -0.4999999975374209,
    0.33333310791900556,
    -0.25000025666284353,
    0.20002221528392283,
    -0.16667691667905774,
    0.1421764845105127,
    -0.12407270271288233,
    0.11901148400516952,
    -0.11676559355735401,
    0.06725225216031522,
];

/// The same in 32 bits, to 2⁻²⁷.
const SHORT_TAIL: [f32; 9] = [
    -0.49999988,
    0.33333325,
    -0.25001585,
    0.20001975,
    -0.16609053,
    0.14181778,
    -0.13243203,
    0.12904854,
    -0.076217614,
];

const LOG10_2: f64 = std::f64::consts::LOG10_2;

#[inline(always)]
pub(crate) fn is_moderate(x: f32) -> bool {
    (f32::MIN_POSITIVE..f32::INFINITY).contains(&x)
}

#[inline(always)]
pub(crate) fn log1p_is_moderate(x: f32) -> bool {
    x > -1.0 && x < f32::INFINITY && x != 0.0
}

#[inline(always)]
pub(crate) fn log<const ALL: bool>(x: f32) -> f32 {
    const TWO_24: f32 = (1 << 24) as f32;
    const ONE: u32 = 1.0_f32.to_bits();
    const SQRT_HALF: u32 = 0x3f35_04f3;
    /// ln 2 with a first part of 15 bits, of which multiples by exponents are exact.
    const LN2: f32 = 0.693_145_75;
    const LN2_LOW: f32 = 1.4286068e-6;
    let is_small = ALL && x < f32::MIN_POSITIVE;
    let bits = (if is_small { x * TWO_24 } else { x }).to_bits().wrapping_add(ONE - SQRT_HALF);
    let k = ((bits >> 23) as i32 - if is_small { 127 + 24 } else { 127 }) as f32;
    let f = f32::from_bits((bits & 0x007f_ffff).wrapping_add(SQRT_HALF)) - 1.0;
    let mut tail = SHORT_TAIL[8];
    for coefficient in SHORT_TAIL[..8].iter().rev() {
        tail = tail.mul_add(f, *coefficient);
    }
    let high = k.mul_add(LN2, f);
    let low = k.mul_add(LN2, -high) + f;
    let result = high + (low + (f * f).mul_add(tail, k * LN2_LOW));
    if !ALL {
        return result;
    }
    let special = if x < 0.0 { f32::NAN } else { x };
    let special = if x == 0.0 { f32::NEG_INFINITY } else { special };
    if x > 0.0 && x < f32::INFINITY { result } else { special }
}

#[inline(always)]
pub(crate) fn log2<const ALL: bool>(x: f32) -> f32 {
    let x = f64::from(x);
    let (k, m) = split(x);
    or_special::<ALL>(x, fma(of_one_plus(m - 1.0), LOG2_E, k))
}

#[inline(always)]
pub(crate) fn log10<const ALL: bool>(x: f32) -> f32 {
    let x = f64::from(x);
    let (k, m) = split(x);
    or_special::<ALL>(x, fma(of_one_plus(m - 1.0), LOG10_E, k * LOG10_2))
}

#[inline(always)]
pub(crate) fn log1p<const ALL: bool>(argument: f32) -> f32 {
    let x = f64::from(argument);
    let sum = 1.0 + x;
    // What the sum has lost, where it counts.
    let low = x - (sum - 1.0);
    let (k, m, scale) = split_with_scale(sum);
    let result = or_special::<ALL>(sum, fma(k, LN2_HIGH, of_one_plus(m - 1.0) + low * 0.5 * scale));
    if ALL && x == 0.0 { argument } else { result }
}

/// *log(1 + f)*
#[inline(always)]
fn of_one_plus(f: f64) -> f64 {
    fma(f * f, polynomial(&TAIL, f), f)
}

#[inline(always)]
fn or_special<const ALL: bool>(x: f64, result: f64) -> f32 {
    if !ALL {
        return result as f32;
    }
    let special = if x < 0.0 { f64::NAN } else { x };
    let special = if x == 0.0 { f64::NEG_INFINITY } else { special };
    (if x > 0.0 && x < f64::INFINITY { result } else { special }) as f32
}
