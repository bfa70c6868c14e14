//! *x = q π/2 + r*, the quadrant and the rest of an angle.
//!
//! **Up to 2³⁰** *q π/2* is subtracted in three parts (Cody and Waite). The first difference is exact: it is a multiple
//! of 2⁻⁵³ and less than 1. The error of the second is kept.
//!
//! **Beyond**, *x · 2/π* is computed modulo 4 (Payne and Hanek, 1983). The bits of 2/π from the place on that matters
//! for the exponent of *x* stand in a table, an entry for each 32 exponents, as four numbers of 53 bits. Products of
//! these with *x* are split into product and error; whole multiples of 4 are taken from the large ones, and the rest is
//! summed with errors, so that 2⁻¹²⁰ are right. No `f64` comes closer to a multiple of π/2 than 2⁻⁶².

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
    let is_near = is_moderate(x);
    Angle {
        quadrant: if is_near { near.quadrant } else { far.quadrant },
        r: if is_near { near.r } else { far.r },
        r_low: if is_near { near.r_low } else { far.r_low },
    }
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
    let x = if is_moderate(x) { 2.0 * MODERATE } else { x };
    // The entry, and the power of two that makes an integer of x for it.
    let entry = ((x.to_bits() >> 52).wrapping_sub(1023 + 20) / 32) & 31;
    let x = x * f64::from_bits((1023 + 32 - 32 * entry) << 52);
    let [first, second, third, fourth] = TABLE[entry as usize];
    let modulo = |y: f64| fma(-4.0, (0.25 * y).round_ties_even(), y);

    let (a, a_low) = two_product(x, first);
    let (b, b_low) = two_product(x, second);
    let (c, c_low) = two_product(x, third);
    let last = fma(x, fourth, c_low);
    let (sum, e1) = two_sum(modulo(a), modulo(a_low));
    let (sum, e2) = two_sum(sum, modulo(b));
    let shifted = sum + SHIFT;
    let rest = sum - (shifted - SHIFT);
    let (rest, e1) = two_sum(rest, e1);
    let (rest, e2) = two_sum(rest, e2);
    let (rest, e3) = two_sum(rest, b_low);
    let (rest, e4) = two_sum(rest, c);
    let low = ((e1 + e2) + (e3 + e4)) + last;
    let (rest, low) = two_sum(rest, low);

    let (r, product_low) = two_product(rest, HALF_PI);
    let r_low = product_low + fma(rest, HALF_PI_LOW, low * HALF_PI);
    Angle { quadrant: shifted.to_bits(), r, r_low }
}

/// For each entry, 2/π · 2^(32 entry − 32) modulo 4, in four parts of 53 bits.
static TABLE: [[f64; 4]; 32] = table();

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
