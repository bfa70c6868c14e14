//! Hyperbolic functions and their inverses.
//!
//! With *x = k ln 2 + r* as for the exponential, *sinh x = sinh(k ln 2) cosh r + cosh(k ln 2) sinh r*, and so on: the
//! factors of *k* are sums of two powers of two, and those of *r* are two short polynomials. Leading terms are summed
//! with their errors.
//!
//! The inverse functions are logarithms *log(1 + u)* of a *u* in two parts.

use super::exponential::{Reduced, TINY, reduce};
use super::logarithm::log_of_one_plus;
use super::parts::{
    SHIFT, clamp, fast_two_sum, fma, polynomial, two_product, two_quotient, two_sqrt, two_sum,
    two_to,
};

/// (sinh r − r) / r³ as a function of r², to 2⁻⁶¹.
const SINH: [f64; 5] = [
    0.16666666666666677,
    0.008333333333321384,
    0.00019841269886822596,
    2.755724344333384e-06,
    2.5109324477111068e-08,
];

/// (cosh r − 1) / r² as a function of r², to 2⁻⁵⁷ of cosh r.
const COSH: [f64; 5] = [
    0.5,
    0.04166666666660284,
    0.0013888888927246323,
    2.480150812361578e-05,
    2.7625405678849106e-07,
];

/// From here on, *x² + 1* is *x²* in all that counts.
const LARGE: f64 = (1u64 << 28) as f64;

#[inline(always)]
pub(crate) fn sinh(x: f64) -> f64 {
    let (high, low) = halves(clamp(x.abs(), 0.0, 710.5)).0;
    let half = high + low;
    if x.abs() < TINY { x } else { (half + half).copysign(x) }
}

#[inline(always)]
pub(crate) fn cosh(x: f64) -> f64 {
    let (high, low) = halves(clamp(x.abs(), 0.0, 710.5)).1;
    let half = high + low;
    half + half
}

#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    // (Of 22 it is 1.)
    let (sinh, cosh) = halves(clamp(x.abs(), 0.0, 22.0));
    let (high, low) = two_quotient(fast_two_sum(sinh.0, sinh.1), fast_two_sum(cosh.0, cosh.1));
    if x.abs() < TINY { x } else { (high + low).copysign(x) }
}

/// Half of sinh and half of cosh of a number that is not negative, each in two parts.
#[inline(always)]
fn halves(x: f64) -> ((f64, f64), (f64, f64)) {
    let Reduced { k, r, r_low } = reduce(x);
    let z = r * r;
    let sinh_rest = fma(z * r, polynomial(&SINH, z), r_low);
    let cosh_rest = z * polynomial(&COSH, z);
    // A quarter of 2ᵏ and of 2⁻ᵏ; the latter no longer counts where it is bounded.
    let up = two_to((k - 2.0) + SHIFT);
    let down = two_to((-2.0 - clamp(k, 0.0, 100.0)) + SHIFT);
    let (plus, minus) = (up + down, up - down);
    let minus_low = (up - minus) - down;
    let part = |large: f64, small: f64, low: f64| {
        let (product, product_low) = two_product(small, r);
        let (sum, sum_low) = fast_two_sum(large, product);
        let rest = fma(large, cosh_rest, small * sinh_rest);
        (sum, rest + (sum_low + product_low + low))
    };
    (part(minus, plus, minus_low), part(plus, minus, 0.0))
}

#[inline(always)]
pub(crate) fn asinh(x: f64) -> f64 {
    // log(a + √(a² + 1)) = log(1 + a + a² / (1 + √(a² + 1))), or log a + log 2.
    let a = x.abs();
    let is_large = a > LARGE;
    let b = if is_large { 1.0 } else { a };
    let (square, square_low) = two_product(b, b);
    let (below, below_low) = two_sum(1.0, square);
    let (root, root_low) = two_sqrt((below, below_low + square_low));
    let (below, below_low) = two_sum(1.0, root);
    let (v, v_low) = two_quotient((square, square_low), (below, below_low + root_low));
    let (u, u_low) = two_sum(b, v);
    let (u, u_low) = if is_large { (a - 1.0, 0.0) } else { (u, u_low + v_low) };
    let result = log_of_one_plus(u, u_low, if is_large { 1.0 } else { 0.0 });
    (if a < f64::INFINITY { result } else { a }).copysign(x)
}

#[inline(always)]
pub(crate) fn acosh(x: f64) -> f64 {
    // log(x + √(x² − 1)) = log(1 + t + √(2t + t²)) with t = x − 1, or log x + log 2.
    let is_large = x > LARGE;
    let t = (if is_large { 2.0 } else { x }) - 1.0;
    let (square, square_low) = two_product(t, t);
    let (sum, sum_low) = two_sum(t + t, square);
    let (root, root_low) = two_sqrt((sum, sum_low + square_low));
    let (u, u_low) = two_sum(t, root);
    let (u, u_low) = if is_large { (x - 1.0, 0.0) } else { (u, u_low + root_low) };
    let result = log_of_one_plus(u, u_low, if is_large { 1.0 } else { 0.0 });
    let result = if x < f64::INFINITY { result } else { x };
    if x < 1.0 { f64::NAN } else { result }
}

#[inline(always)]
pub(crate) fn atanh(x: f64) -> f64 {
    // ½ log((1 + a) / (1 − a)) = ½ log(1 + 2a / (1 − a)).
    let a = x.abs();
    let below = 1.0 - a;
    let below_low = (1.0 - below) - a;
    let (u, u_low) = two_quotient((a + a, 0.0), (below, below_low));
    let result = 0.5 * log_of_one_plus(u, u_low, 0.0);
    let result = if a < 1.0 { result } else { f64::NAN };
    let result = if a == 1.0 { f64::INFINITY } else { result };
    result.copysign(x)
}
