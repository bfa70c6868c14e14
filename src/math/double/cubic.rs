//! Cube roots and lengths of hypotenuses.

use super::parts::{SHIFT, fast_two_sum, fma, polynomial, scaled, two_product};

/// m^(−1/3) for m from 1 to 2, to 2⁻¹⁴.
const INVERSE: [f64; 5] = [
    1.6700086513522887,
    -1.1728857277515747,
    0.6954882406666448,
    -0.22124026282700593,
    0.028591397592294055,
];

const MANTISSA: u64 = (1 << 52) - 1;
const TWO_52: u64 = 0x4330_0000_0000_0000;
const ONE: u64 = 0x3ff0_0000_0000_0000;

/// The cube root. *x = 8^q · a* with *a* from ½ to 4; the inverse root of *a* is a polynomial and a step of third order,
/// the root *a · r²* is a step of Newton's with an exact residual.
#[inline(always)]
pub(crate) fn cbrt(x: f64) -> f64 {
    const TWO_54: f64 = (1u64 << 54) as f64;
    let magnitude = x.abs();
    let is_small = magnitude < f64::MIN_POSITIVE;
    let bits = (if is_small { magnitude * TWO_54 } else { magnitude }).to_bits();
    let m = f64::from_bits((bits & MANTISSA) | ONE);
    let exponent = f64::from_bits((bits >> 52) | TWO_52) - (f64::from_bits(TWO_52) + 1023.0);
    let shifted = fma(exponent, 1.0 / 3.0, SHIFT);
    let q = shifted - SHIFT;
    let third = fma(-3.0, q, exponent); // −1, 0 or 1
    let is_up = third > 0.5;
    let is_down = third < -0.5;
    let factor = if is_up { 2.0 } else { 1.0 };
    let factor = if is_down { 0.5 } else { factor };
    let inverse_root = if is_up { 0.7937005259840998 } else { 1.0 };
    let inverse_root = if is_down { 1.2599210498948732 } else { inverse_root };

    let r = polynomial(&INVERSE, m);
    let error = fma(-m, r * r * r, 1.0);
    let r = fma(r * error, fma(error, 2.0 / 9.0, 1.0 / 3.0), r) * inverse_root;
    let a = m * factor;
    let square = r * r;
    let root = a * square;
    let (power, power_low) = two_product(root, root);
    let residual = fma(power, root, -a) + power_low * root;
    let root = fma(residual * square, -1.0 / 3.0, root);
    let result = scaled(root, if is_small { shifted - 18.0 } else { shifted });
    let has_root = magnitude > 0.0 && magnitude < f64::INFINITY;
    if has_root { result.copysign(x) } else { x }
}

/// √(x² + y²): squares are summed with their errors, and the root is corrected by half a step of Newton's.
#[inline(always)]
pub(crate) fn hypot(x: f64, y: f64) -> f64 {
    const LARGE: f64 = f64::from_bits((1023 + 500) << 52);
    const SMALL: f64 = f64::from_bits((1023 - 400) << 52);
    const DOWN: f64 = f64::from_bits((1023 - 600) << 52);
    const UP: f64 = f64::from_bits((1023 + 600) << 52);
    let (x, y) = (x.abs(), y.abs());
    let (large, small) = if x < y { (y, x) } else { (x, y) };
    let is_large = large > LARGE;
    let is_small = large < SMALL;
    let scale = if is_large { DOWN } else { 1.0 };
    let scale = if is_small { UP } else { scale };
    let back = if is_large { UP } else { 1.0 };
    let back = if is_small { DOWN } else { back };
    let (a, b) = (large * scale, small * scale);
    let (a2, a2_low) = two_product(a, a);
    let (b2, b2_low) = two_product(b, b);
    let (sum, low) = fast_two_sum(a2, b2);
    let root = sum.sqrt();
    let residual = fma(-root, root, sum) + (low + (a2_low + b2_low));
    let corrected = root + residual / (root + root);
    let result = if large == 0.0 { 0.0 } else { corrected * back };
    // NaN is either of them here, unless the other is infinite.
    let result = if x.is_nan() || y.is_nan() { x + y } else { result };
    if x == f64::INFINITY || y == f64::INFINITY { f64::INFINITY } else { result }
}

/// [`hypot`] of numbers that have 24 bits and whose squares neither overflow nor become subnormal.
#[inline(always)]
pub(crate) fn short_hypot(x: f64, y: f64) -> f64 {
    let result = fma(x, x, y * y).sqrt();
    let is_infinite = x.abs() == f64::INFINITY || y.abs() == f64::INFINITY;
    if is_infinite { f64::INFINITY } else { result }
}
