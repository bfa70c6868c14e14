//! What the functions are made of: sums and products whose rounding error is known, polynomials, powers of two.

/// 1.5 · 2⁵²: a number of less than 2⁵¹ that is added to it is rounded to an integer, which stands in the low bits of
/// the sum (as two's complement).
pub(crate) const SHIFT: f64 = 6755399441055744.0;

/// 2⁵², whose low bits are an integer below 2⁵².
const TWO_52: u64 = 0x4330_0000_0000_0000;

/// The bits of a mantissa.
const MANTISSA: u64 = (1 << 52) - 1;

/// The bits of 1.
const ONE: u64 = 0x3ff0_0000_0000_0000;

/// The bits of √½, rounded so that the low half is zero.
const SQRT_HALF: u64 = 0x3fe6_a09e_0000_0000;

/// *a · b + c*, rounded once.
#[inline(always)]
pub(crate) fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// *a + b* and its rounding error (Knuth).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_in_sum = sum - a;
    (sum, (a - (sum - b_in_sum)) + (b - b_in_sum))
}

/// *a + b* and its rounding error, where *a* is 0 or no smaller than *b* (Dekker).
#[inline(always)]
pub(crate) fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, (a - sum) + b)
}

/// *a · b* and its rounding error.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, fma(a, b, -product))
}

/// The quotient of *a + a_low* and *b + b_low*, and what is missing from it.
#[inline(always)]
pub(crate) fn two_quotient((a, a_low): (f64, f64), (b, b_low): (f64, f64)) -> (f64, f64) {
    let inverse = 1.0 / b;
    let quotient = a * inverse;
    let rest = fma(-quotient, b, a) + fma(-quotient, b_low, a_low);
    (quotient, rest * inverse)
}

/// The root of *a + a_low*, and what is missing from it.
///
/// What is missing is divided in 32 bits, which are enough for it.
#[inline(always)]
pub(crate) fn two_sqrt((a, a_low): (f64, f64)) -> (f64, f64) {
    let root = a.sqrt();
    let rest = fma(-root, root, a) + a_low;
    // (Of zero: 0 / 1. A root that does not fit into 32 bits is not passed here.)
    let divisor = if root == 0.0 { 1.0 } else { root + root };
    (root, f64::from(rest as f32 / divisor as f32))
}

/// The polynomial with these coefficients, lowest first (Horner).
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut sum = coefficients[N - 1];
    let mut k = N - 1;
    while k > 0 {
        k -= 1;
        sum = fma(sum, x, coefficients[k]);
    }
    sum
}

/// *2ᵏ*, of `k + SHIFT`, where the result is a normal number.
#[inline(always)]
pub(crate) fn two_to(shifted: f64) -> f64 {
    f64::from_bits((shifted + 1023.0).to_bits() << 52)
}

/// *x · 2ᵏ*, of `k + SHIFT`, where *x* and the result are normal numbers.
#[inline(always)]
pub(crate) fn scaled(x: f64, shifted: f64) -> f64 {
    f64::from_bits(x.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// *x · 2ᵏ* for any *k* from −2040 to 2040, rounded once.
#[inline(always)]
pub(crate) fn scaled_far(x: f64, k: f64) -> f64 {
    let half = fma(k, 0.5, SHIFT);
    let rest = k - (half - SHIFT);
    (x * two_to(half)) * two_to(rest + SHIFT)
}

/// A normal positive number as *2ᵏ · m*, with *m* from √½ to √2: *k* and *m*.
#[inline(always)]
pub(crate) fn split(x: f64) -> (f64, f64) {
    let bits = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let m = (bits & MANTISSA).wrapping_add(SQRT_HALF);
    (f64::from_bits((bits >> 52) | TWO_52) - (f64::from_bits(TWO_52) + 1023.0), f64::from_bits(m))
}

/// [`split`], with *2¹⁻ᵏ* as well (0 for the largest numbers).
#[inline(always)]
pub(crate) fn split_with_scale(x: f64) -> (f64, f64, f64) {
    let bits = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let scale = (2 * ONE + (1 << 52)).wrapping_sub(bits & !MANTISSA);
    let (k, m) = split(x);
    (k, m, f64::from_bits(scale))
}

/// `x` within these bounds; NaN stays NaN.
#[inline(always)]
pub(crate) fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}
