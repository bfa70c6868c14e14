//! The logarithm of the gamma function.
//!
//! **Below 4½**, *x = n + t* with |t| ≤ ½, and *log Γ(x)* is that of *2 + t*, a polynomial with a factor *t*, and the
//! logarithm of what the recurrence *Γ(x + 1) = x Γ(x)* multiplies or divides it by: two factors at most, so that it has
//! no rounding error. **From there on**, Stirling's series: *(x − ½)(log x − 1) + ½ log 2π − ½ + q(1/x²) / x*. Both take
//! one logarithm, of two parts. **Below −½**, *Γ(−a) Γ(a) = −π / (a sin πa)* (Euler's reflection).

use super::parts::{SHIFT, fast_two_sum, fma, polynomial, two_product, two_sum};
use super::power::log_parts;

/// The slope of log Γ at 2: 1 less Euler's constant.
const SLOPE: f64 = 0.42278433509846713;
const SLOPE_LOW: f64 = 4.942915152430645e-18;

/// (log Γ(2 + t) − SLOPE t) / t², to 2⁻⁵⁵ of the logarithm.
const TAIL: [f64; 19] = [
    0.3224670334241132,
    -0.06735230105319813,
    0.02058080842778487,
    -0.007385551028669307,
    0.0028905103307162146,
    -0.001192753911961576,
    0.0005096695256292263,
    -0.00022315475146561257,
    9.94574959455291e-05,
    -4.492634345106535e-05,
    2.0507403181384094e-05,
    -9.438507494381952e-06,
    4.373531077697526e-06,
    -2.0447363976696264e-06,
    9.609758794607282e-07,
    -4.3073278612822034e-07,
    1.9679170328730006e-07,
    -1.3380378838341973e-07,
    6.908448756139793e-08,
];

/// ½ log 2π − ½.
const CONSTANT: f64 = 0.4189385332046727;

/// What is missing from Stirling's formula, times x, as a function of 1/x², to 2⁻⁵⁷ of the logarithm.
const STIRLING: [f64; 8] = [
    0.08333333333333291,
    -0.0027777777773534225,
    0.0007936506688150183,
    -0.0005952215013838064,
    0.000840565466145489,
    -0.0018682293877060865,
    0.005177050908699915,
    -0.010821180562141621,
];

/// (sin πf / πf − 1) / f² as a function of f², to 2⁻⁶¹.
const SIN_PI: [f64; 8] = [
    -1.6449340668482264,
    0.8117424252833467,
    -0.19075182412170444,
    0.026147847808517023,
    -0.002346080918879914,
    0.00014842794534570124,
    -6.972342454342624e-06,
    2.4526175759869097e-07,
];

/// Whether `x` is positive, a normal number, and not so large that the result might be infinite.
#[inline(always)]
pub(crate) fn is_moderate(x: f64) -> bool {
    (f64::MIN_POSITIVE..1e300).contains(&x)
}

#[inline(always)]
pub(crate) fn lgamma<const ALL: bool>(x: f64) -> f64 {
    if !ALL {
        let (high, low) = parts::<false>(x);
        return high + low;
    }
    let is_reflected = x < -0.5;
    let a = x.abs();
    let (high, low) = parts::<true>(if is_reflected { a } else { x });
    let plain = if high == f64::INFINITY { high } else { high + low };
    let (sine, sine_low) = log_of_reflection(a);
    let (sum, missing) = two_sum(high, sine);
    let reflected = -(sum + (missing + (low + sine_low)));
    let result = if is_reflected { reflected } else { plain };
    // (All numbers beyond 2⁵² are whole.)
    let is_pole = x <= 0.0 && x.trunc() == x;
    let result = if is_pole { f64::INFINITY } else { result };
    if x.is_nan() { x } else { result }
}

/// *log |Γ(x)|* of a number from −½ on, in two parts.
#[inline(always)]
fn parts<const ALL: bool>(x: f64) -> (f64, f64) {
    let is_inverse = x < 1.5;
    let is_far = x >= 4.5;
    // The number of which the logarithm is taken: below ½ |x| (1 + x), then x, 1, x − 1, (x − 1)(x − 2), at last x.
    let (above_one, above_one_low) = two_sum(1.0, x);
    let is_small = x < 0.5;
    let two = if x < 2.5 { 1.0 } else { x - 1.0 };
    let first = if is_inverse || is_far { x.abs() } else { two };
    let more = if x < 3.5 || is_far { 1.0 } else { x - 2.0 };
    let (second, second_low) = if is_small { (above_one, above_one_low) } else { (more, 0.0) };
    let (product, product_low) = two_product(first, second);
    let (log, log_low) = log_parts::<ALL>(product, fma(first, second_low, product_low));

    let n = if x < 2.5 { 2.0 } else { 3.0 };
    let n = if x < 3.5 { n } else { 4.0 };
    let n = if is_inverse { 1.0 } else { n };
    let t = if is_small { x } else { x - n };
    // (What is not used must not be computed from infinite numbers, or from those that become subnormal.)
    let t = if is_far { 0.0 } else { t };
    let (start, start_low) = two_product(t, SLOPE);
    let rest = fma(t * t, polynomial(&TAIL, t), fma(t, SLOPE_LOW, start_low));
    let (signed, signed_low) = if is_inverse { (-log, -log_low) } else { (log, log_low) };
    let (near, missing) = two_sum(signed, start);
    let near_low = missing + (signed_low + rest);

    let inverse = 1.0 / if is_far { x } else { 4.5 };
    let (less_one, missing) = fast_two_sum(log, -1.0);
    let half = x - 0.5;
    let half_low = (x - half) - 0.5;
    let (far, far_low) = two_product(half, less_one);
    let far_low = fma(half, missing + log_low, fma(half_low, less_one, far_low));
    let series = fma(inverse, polynomial(&STIRLING, inverse * inverse), CONSTANT);
    if is_far { (far, far_low + series) } else { (near, near_low) }
}

/// *log(a |sin πa| / π)* of a positive number, in two parts.
#[inline(always)]
fn log_of_reflection(a: f64) -> (f64, f64) {
    // (From 2⁵¹ to 2⁵², this is the nearest even number, and the distance is ½ all the same.)
    let distance = (a - ((a + SHIFT) - SHIFT)).abs();
    let z = distance * distance;
    let (ratio, ratio_low) = fast_two_sum(1.0, z * polynomial(&SIN_PI, z));
    let (product, product_low) = two_product(a, distance);
    let (sine, sine_low) = two_product(product, ratio);
    log_parts::<false>(sine, sine_low + fma(product, ratio_low, product_low * ratio))
}
