//! The logistic function, its logarithm, and the soft maximum of a number and zero: of *e^(−|x|)* in two parts, which
//! never overflows.

use super::exponential::{Parts, exp_parts};
use super::logarithm::log_of_one_plus;
use super::parts::{SHIFT, clamp, fast_two_sum, scaled_far, two_quotient, two_sum, two_to};

/// *1 / (1 + e⁻ˣ)*, written as *eˣ / (1 + eˣ)* for negative numbers.
#[inline(always)]
pub(crate) fn expit(x: f64) -> f64 {
    let Parts { k, high, low } = exp_parts(clamp(-x.abs(), -800.0, 0.0), 0.0);
    let scale = two_to(clamp(k, -200.0, 0.0) + SHIFT);
    let (below, below_low) = fast_two_sum(1.0, high * scale);
    let below_low = below_low + low * scale;
    let is_negative = x < 0.0;
    let above = if is_negative { (high, low) } else { (1.0, 0.0) };
    let (quotient, quotient_low) = two_quotient(above, (below, below_low));
    scaled_far(quotient + quotient_low, if is_negative { k } else { 0.0 })
}

/// *log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|))*.
#[inline(always)]
pub(crate) fn softplus(x: f64) -> f64 {
    let Parts { k, high, low } = exp_parts(clamp(-x.abs(), -800.0, 0.0), 0.0);
    let scale = if k < -900.0 { 0.0 } else { two_to(clamp(k, -900.0, 0.0) + SHIFT) };
    let small = log_of_one_plus(scaled_far(high, k), low * scale, 0.0);
    let (sum, sum_low) = two_sum(if x > 0.0 { x } else { 0.0 }, small);
    if x == f64::INFINITY { x } else { sum + sum_low }
}

/// *log(1 / (1 + e⁻ˣ))*.
#[inline(always)]
pub(crate) fn log_expit(x: f64) -> f64 {
    -softplus(-x)
}
