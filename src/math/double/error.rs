//! The error function and its complement.
//!
//! **Up to 1**, *erf x = x + x q(x²)*, and up to ¾ *erfc x = 1 − erf x*. **Beyond**, *erfc x = e^(−x²) p(t) / (1 + 2x)*
//! with *t = (x − 3)/(x + 3)*, where *p* varies little between 0 and 28 (after Shepherd and Laframboise, 1981). For erfc,
//! the square and the exponential have two parts, and so has the quotient.

use super::exponential::{Parts, exp, exp_parts};
use super::parts::{
    SHIFT, clamp, fast_two_sum, fma, polynomial, scaled_far, two_product, two_quotient, two_to,
};

/// erf x / x − 1 as a function of x², to 2⁻⁵⁶.
const ERF: [f64; 13] = [
    0.1283791670955126,
    -0.376126389031841,
    0.11283791670971095,
    -0.026866170648029947,
    0.005223977652674089,
    -0.0008548328534347991,
    0.00012055386126774897,
    -1.4926879550503746e-05,
    1.6481023436773067e-06,
    -1.6556706851446378e-07,
    1.601008944987482e-08,
    -1.6451544152784635e-09,
    1.431955233236919e-10,
];

/// (1 + 2x) erfc(x) e^(x²) − 1¼ as a function of t, to 2⁻⁵⁴.
const ERFC: [f64; 23] = [
    0.003008058269729648,
    -0.1356211061245806,
    -0.04756229435344942,
    0.12964515870269347,
    -0.11927366341538194,
    0.06830802734620352,
    -0.02377051491694544,
    0.0025293917821076484,
    0.001888690337154369,
    -0.0007798319851084036,
    -0.00010515962165423373,
    0.0001250978778216591,
    4.948550348824613e-06,
    -2.009573903883355e-05,
    -7.282932862615231e-07,
    3.462163706722429e-06,
    3.4958350524198137e-07,
    -6.026952496689424e-07,
    -1.3109218590026574e-07,
    9.023712204121612e-08,
    3.250519206667345e-08,
    -8.010905460219383e-09,
    -3.9982548578572354e-09,
];

/// (1 + 2x) erfc(x) e^(x²) as a function of t for x from 1 to 6.5, to 2⁻⁵⁶ of erf.
const ERF_FAR: [f64; 15] = [
    1.253008058269729,
    -0.13562110612458128,
    -0.047562294352790795,
    0.12964515871636179,
    -0.11927366330771058,
    0.06830802758573702,
    -0.0237705166650188,
    0.0025293786807146002,
    0.001888666595965681,
    -0.0007797594675916518,
    -0.00010474288446711793,
    0.0001256922765343584,
    4.262532968065435e-06,
    -2.3742623763507897e-05,
    -6.121195841798543e-06,
];

#[inline(always)]
pub(crate) fn erf(x: f64) -> f64 {
    let a = x.abs();
    let near = fma(x, polynomial(&ERF, x * x), x);
    // (Of 6.5 it is 1.) What is taken from 1 is small, and needs no second parts.
    let bounded = clamp(a, 1.0, 6.5);
    let t = (bounded - 3.0) / (bounded + 3.0);
    let complement = exp::<false>(-bounded * bounded) * polynomial(&ERF_FAR, t);
    let far = 1.0 - complement / (bounded + bounded + 1.0);
    if a < 1.0 { near } else { far.copysign(x) }
}

#[inline(always)]
pub(crate) fn erfc(x: f64) -> f64 {
    let a = x.abs();
    let Parts { k, high, low } = complement(clamp(a, 0.0, 28.0));
    let right = scaled_far(high + low, k);
    let scale = two_to(clamp(k, -200.0, 0.0) + SHIFT);
    let (left, left_low) = fast_two_sum(2.0, -(high * scale));
    let left = left + fma(-low, scale, left_low);
    let (near, near_low) = fast_two_sum(1.0, -x);
    let near = near + fma(-x, polynomial(&ERF, x * x), near_low);
    let far = if x < 0.0 { left } else { right };
    if a < 0.75 { near } else { far }
}

/// erfc of a number from ¾ to 28.
#[inline(always)]
fn complement(x: f64) -> Parts {
    let t = (x - 3.0) / (x + 3.0);
    let (p, p_low) = fast_two_sum(1.25, polynomial(&ERFC, t));
    let (square, square_low) = two_product(x, x);
    let Parts { k, high, low } = exp_parts(-square, -square_low);
    let (above, above_low) = two_product(high, p);
    let above_low = above_low + fma(high, p_low, low * p);
    let (high, low) = two_quotient((above, above_low), fast_two_sum(x + x, 1.0));
    Parts { k, high, low }
}
