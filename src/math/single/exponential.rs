//! *eˣ*, *2ˣ* and *xʸ*.

use crate::math::constants::{LN2_HIGH, LOG2_E};
use crate::math::double::logarithm::log2;
use crate::math::double::parts::{SHIFT, clamp, fma, polynomial, scaled};
use crate::math::double::power;

/// eʳ for |r| ≤ ½ ln 2, to 2⁻²⁹.
const EXP: [f64; 7] = [
    1.0000000005544576,
    1.0000000363397057,
    0.4999999206745038,
    0.16666420078484526,
    0.04166822787278142,
    0.00837482401416448,
    0.00138367508000844,
];

/// 2ʳ for |r| ≤ ½, to 2⁻²⁹.
const EXP2: [f64; 7] = [
    1.0000000005541034,
    0.6931472057367751,
    0.24022646886520482,
    0.05550328772589483,
    0.009618489373387927,
    0.0013399933794288,
    0.00015345715739192945,
];

#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // (Beyond these bounds, the result is zero or infinite.)
    let x = clamp(f64::from(x), -200.0, 200.0);
    let shifted = fma(x, LOG2_E, SHIFT);
    let r = fma(-(shifted - SHIFT), LN2_HIGH, x);
    (scaled(polynomial(&EXP, r), shifted) + 0.0 * x) as f32
}

#[inline(always)]
pub(crate) fn exp2(x: f32) -> f32 {
    two_to(f64::from(x))
}

#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    let (x, y) = (f64::from(x), f64::from(y));
    let magnitude = two_to(y * log2::<true>(x.abs()));
    power::with_special_cases(x, y, f64::from(magnitude)) as f32
}

#[inline(always)]
fn two_to(x: f64) -> f32 {
    let x = clamp(x, -200.0, 200.0);
    let shifted = x + SHIFT;
    (scaled(polynomial(&EXP2, x - (shifted - SHIFT)), shifted) + 0.0 * x) as f32
}
