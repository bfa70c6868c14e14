//! Inverse sine, cosine and tangent.
//!
//! **asin, acos**: a polynomial up to ½; beyond, *asin x = π/2 − 2 asin √((1 − x)/2)*, with what is missing from the
//! root.
//!
//! **atan**: of the quotient of the smaller and the larger side, which is at most 1. Above tan π/8 that is turned by
//! π/4: *(a − b) / (a + b)*, so that the polynomial's argument is at most tan π/8. The quotient has two parts.

use super::parts::{clamp, fast_two_sum, fma, polynomial, two_quotient, two_sqrt, two_sum};
use crate::math::constants::{HALF_PI, HALF_PI_LOW, PI, PI_LOW, QUARTER_PI, QUARTER_PI_LOW};

/// (asin x − x) / x³ as a function of x², to 2⁻⁶⁰.
const ASIN: [f64; 13] = [
    0.16666666666666763,
    0.07499999999970129,
    0.04464285717525475,
    0.03038194267687628,
    0.022372215858321148,
    0.01735159640039483,
    0.013981007214578043,
    0.011397389823655523,
    0.010788756518565238,
    0.0036743980796037265,
    0.02178507545507008,
    -0.021108579354818673,
    0.03269691738831066,
];

/// (atan t − t) / t³ as a function of t², to 2⁻⁵⁹.
const ATAN: [f64; 11] = [
    -0.333333333333332,
    0.19999999999953819,
    -0.14285714280220485,
    0.11111110784669737,
    -0.09090897792481956,
    0.07692060826492263,
    -0.06663110870295509,
    0.058479376733161004,
    -0.05039516016245008,
    0.038069747489295605,
    -0.017912682333716696,
];

/// tan π/8
const TAN_EIGHTH: f64 = 0.4142135623730951;

#[inline(always)]
pub(crate) fn asin(x: f64) -> f64 {
    let Arc { is_large, root, rest } = arc(x.abs());
    let (high, low) = fast_two_sum(HALF_PI, -2.0 * root);
    let large = high + (low + fma(-2.0, rest, HALF_PI_LOW));
    let result = if is_large { large } else { root + rest };
    result.copysign(x)
}

#[inline(always)]
pub(crate) fn acos(x: f64) -> f64 {
    let Arc { is_large, root, rest } = arc(x.abs());
    let is_negative = x < 0.0;
    // 2 asin √((1 − |x|)/2) of 0 or of π; or asin x of π/2.
    let factor = if is_large { 2.0 } else { 1.0 };
    let (from, from_low) = match (is_large, is_negative) {
        (true, true) => (PI, PI_LOW),
        (true, false) => (0.0, 0.0),
        (false, _) => (HALF_PI, HALF_PI_LOW),
    };
    let sign = if is_large ^ is_negative { factor } else { -factor };
    let (high, low) = fast_two_sum(from, sign * root);
    high + (low + fma(sign, rest, from_low))
}

/// asin of `x`, or of √((1 − x)/2) if x > ½: `root + rest`.
struct Arc {
    is_large: bool,
    root: f64,
    rest: f64,
}

#[inline(always)]
fn arc(x: f64) -> Arc {
    let is_large = x > 0.5;
    let half = fma(-0.5, x, 0.5);
    let square = if is_large { half } else { x * x };
    let (root, root_low) = two_sqrt((half, 0.0));
    let (root, root_low) = if is_large { (root, root_low) } else { (x, 0.0) };
    Arc { is_large, root, rest: fma(root * square, polynomial(&ASIN, square), root_low) }
}

#[inline(always)]
pub(crate) fn atan(x: f64) -> f64 {
    // (Of 10²⁰ it is π/2.)
    let (high, low) = angle(clamp(x.abs(), 0.0, 1e20), 1.0);
    (high + low).copysign(x)
}

#[inline(always)]
pub(crate) fn atan2(y: f64, x: f64) -> f64 {
    const LARGE: f64 = f64::from_bits((1023 + 1000) << 52);
    const SMALL: f64 = f64::from_bits((1023 - 900) << 52);
    const DOWN: f64 = f64::from_bits((1023 - 100) << 52);
    const UP: f64 = f64::from_bits((1023 + 200) << 52);
    let (a, b) = (y.abs(), x.abs());
    let largest = if a > b { a } else { b };
    let scale = if largest > LARGE { DOWN } else { 1.0 };
    let scale = if largest < SMALL { UP } else { scale };
    // Two infinite sides are equal ones; beside one, a finite side is zero. Two zeros have the angle of an axis.
    let is_infinite = largest == f64::INFINITY;
    let side = |s: f64| {
        let beside = if s == f64::INFINITY { 1.0 } else { s * 0.0 };
        if is_infinite { beside } else { s * scale }
    };
    let (a, b) = (side(a), side(b));
    let (high, low) = angle(a, if largest == 0.0 { 1.0 } else { b });
    let (turned, turned_low) = fast_two_sum(PI, -high);
    let turned = turned + (turned_low + (PI_LOW - low));
    let result = if x.is_sign_negative() { turned } else { high + low };
    // (`b` may be NaN where `a` is larger.)
    let result = if x.is_nan() { x } else { result };
    result.copysign(y)
}

/// The angle of sides that are not negative and not both zero: atan(a/b), in two parts.
#[inline(always)]
fn angle(a: f64, b: f64) -> (f64, f64) {
    let is_steep = a > b;
    let (small, large) = if is_steep { (b, a) } else { (a, b) };
    let is_turned = small > TAN_EIGHTH * large;
    let (difference, difference_low) = two_sum(small, -large);
    let (sum, sum_low) = fast_two_sum(large, small);
    let above = if is_turned { (difference, difference_low) } else { (small, 0.0) };
    let below = if is_turned { (sum, sum_low) } else { (large, 0.0) };
    let (t, t_low) = two_quotient(above, below);
    let z = t * t;
    let rest = fma(z * t, polynomial(&ATAN, z), fma(-z, t_low, t_low));
    let (from, from_low) = match (is_turned, is_steep) {
        (true, _) => (QUARTER_PI, QUARTER_PI_LOW),
        (false, true) => (HALF_PI, HALF_PI_LOW),
        (false, false) => (0.0, 0.0),
    };
    let sign = if is_steep { -1.0 } else { 1.0 };
    let (high, low) = fast_two_sum(from, sign * t);
    (high, low + fma(sign, rest, from_low))
}
