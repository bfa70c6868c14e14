//! *x = q π/2 + r*, the quadrant and the rest of an angle.
//!
//! **Up to 2³⁰** *q π/2* is subtracted in three parts (Cody and Waite). The first difference is exact: it is a multiple
//! of 2⁻⁵³ and less than 1. The error of the second is kept.
//!
//! **Beyond**, *x · 2/π* is computed modulo 4 (Payne and Hanek, 1983). The bits of 2/π from the place on that matters
//! for the exponent of *x* stand in a table, an entry for each 32 exponents, as four numbers of 53 bits. Products of
//! these with *x* are split into product and error; whole multiples of 4 are taken from the large ones, and the rest is
//! summed with errors, so that 2⁻¹²⁰ are right. No `f64` comes closer to a multiple of π/2 than 2⁻⁶². The low part of the
//! sum may be larger than a rounding error, but is small beside the high one.

use super::parts::{SHIFT, fma, two_product, two_sum};
use crate::math::constants::{HALF_PI, HALF_PI_LOW, HALF_PI_LOWEST, TWO_OVER_PI};

/// Up to here, the first way is right.
const MODERATE: f64 = (1u64 << 30) as f64;

/// An angle: `r + r_low` behind `quadrant` right angles.
pub(crate) struct Angle {
    pub(crate) quadrant: u64,
    pub(crate) r: f64,
    pub(crate) r_low: f64,
}

#[inline(always)]
pub(crate) fn is_moderate(x: f64) -> bool {
    x.abs() <= MODERATE
}

/// Of a number that is not negative.
#[inline(always)]
pub(crate) fn reduce<const ALL: bool>(x: f64) -> Angle {
    let near = near(x);
    if !ALL {
        return near;
    }
    let far = far(x);
    let is_far = is_far(x);
    Angle {
        quadrant: if is_far { far.quadrant } else { near.quadrant },
        r: if is_far { far.r } else { near.r },
        r_low: if is_far { far.r_low } else { near.r_low },
    }
}

/// Whether the second way is needed (infinite numbers are NaN by the first).
#[inline(always)]
pub(crate) fn is_far(x: f64) -> bool {
    x > MODERATE && x < f64::INFINITY
}

#[inline(always)]
fn near(x: f64) -> Angle {
    let shifted = fma(x, TWO_OVER_PI, SHIFT);
    let q = shifted - SHIFT;
    let first = fma(-q, HALF_PI, x);
    let (second, second_low) = two_product(q, HALF_PI_LOW);
    let (r, low) = two_sum(first, -second);
    let r_low = fma(-q, HALF_PI_LOWEST, low - second_low);
    Angle { quadrant: shifted.to_bits(), r, r_low }
}

#[inline(always)]
pub(crate) fn far(x: f64) -> Angle {
    // (What is not used must not be computed from subnormal numbers, which take a hundred times as long.)
    let bits = if x > MODERATE { x } else { 2.0 * MODERATE }.to_bits();
    // The entry, and x times the power of two that makes an integer of 53 to 85 bits of it.
    let entry = (bits - (1043 << 52)) >> 57;
    let x = f64::from_bits(bits - (entry << 57) + (32 << 52));
    let [first, second, third, fourth] = TABLE[entry as usize & 31];

    let (a, a_low) = two_product(x, first);
    let (b, b_low) = two_product(x, second);
    let (c, c_low) = two_product(x, third);
    let last = fma(x, fourth, c_low);
    let a = fma(-4.0, (0.25 * a).round_ties_even(), a);
    let (q1, a_low) = whole_and_rest(a_low);
    let (q2, b) = whole_and_rest(b);
    // (Exact: multiples of 2⁻⁵¹.)
    let sum = a + a_low;
    let shifted = (sum + b) + SHIFT;
    let sum = sum - (shifted - SHIFT);
    let (high, e1) = two_sum(sum, b);
    let (more, e2) = two_sum(b_low, c);
    let (rest, e3) = two_sum(high, more);
    let low = (e1 + e2) + (e3 + last);

    let (r, product_low) = two_product(rest, HALF_PI);
    let r_low = product_low + fma(rest, HALF_PI_LOW, low * HALF_PI);
    let quadrant = shifted.to_bits().wrapping_add(q1).wrapping_add(q2);
    Angle { quadrant, r, r_low }
}

#[inline(always)]
fn whole_and_rest(x: f64) -> (u64, f64) {
    let shifted = x + SHIFT;
    (shifted.to_bits(), x - (shifted - SHIFT))
}

/// For each entry, 2/π · 2^(32 entry − 32) modulo 4, in four parts of 53 bits.
const TABLE: [[f64; 4]; 32] = table();

const fn table() -> [[f64; 4]; 32] {
    let mut table = [[0.0; 4]; 32];
    let mut entry = 0;
    while entry < 32 {
        let mut part = 0;
        while part < 4 {
            // The first bit of the part; bit number 1 of 2/π has the value ½.
            let first = 32 * entry as i64 - 33 + 53 * part as i64;
            let mut bits = 0;
            let mut at = first;
            while at < first + 53 {
                bits = 2 * bits + bit(at);
                at += 1;
            }
            let unit = f64::from_bits(((1023 - 51 - 53 * part) as u64) << 52);
            table[entry][part] = bits as f64 * unit;
            part += 1;
        }
        entry += 1;
    }
    table
}

/// Bit number `at` of 2/π behind the point, counted from one.
const fn bit(at: i64) -> u64 {
    if at < 1 || at > 64 * TWO_OVER_PI_BITS.len() as i64 {
        return 0;
    }
    let at = at as usize - 1;
    TWO_OVER_PI_BITS[at / 64] >> (63 - at % 64) & 1
}

/// 2/π, 64 bits behind the point at a time.
const TWO_OVER_PI_BITS: [u64; 20] = [
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d,
];
