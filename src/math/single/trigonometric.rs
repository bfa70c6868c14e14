//! Sine and cosine, by polynomials of degree 7 and 8. Beyond 2³⁰ the angle is reduced as for `f64`.

use crate::math::constants::{HALF_PI, HALF_PI_LOW, TWO_OVER_PI};
use crate::math::double::parts::{SHIFT, fma, polynomial};
use crate::math::double::quadrant;

/// (sin r − r) / r³ as a function of r², to 2⁻²⁸.
const SIN: [f64; 3] = [-0.16666654934293004, 0.00833217755976281, -0.000195172195398116];

/// (cos r − 1) / r² as a function of r², to 2⁻³³ of cos r.
const COS: [f64; 4] = [-0.5, 0.04166664685633748, -0.001388736696747637, 2.4438384062679953e-05];

const SIGN: u64 = 1 << 63;

#[inline(always)]
pub(crate) fn is_moderate(x: f32) -> bool {
    quadrant::is_moderate(f64::from(x))
}

#[inline(always)]
pub(crate) fn sin<const ALL: bool>(x: f32) -> f32 {
    let x = f64::from(x);
    let (q, r) = reduce::<ALL>(x.abs());
    let (sine, cosine) = sine_and_cosine(r);
    let sign = (x.to_bits() & SIGN) ^ ((q & 2) << 62);
    f64::from_bits(select(q, sine, cosine).to_bits() ^ sign) as f32
}

#[inline(always)]
pub(crate) fn cos<const ALL: bool>(x: f32) -> f32 {
    let (q, r) = reduce::<ALL>(f64::from(x).abs());
    let (sine, cosine) = sine_and_cosine(r);
    let sign = (q.wrapping_add(1) & 2) << 62;
    f64::from_bits(select(q, cosine, sine).to_bits() ^ sign) as f32
}

#[inline(always)]
pub(crate) fn tan<const ALL: bool>(x: f32) -> f32 {
    let x = f64::from(x);
    let (q, r) = reduce::<ALL>(x.abs());
    let (sine, cosine) = sine_and_cosine(r);
    let sign = (x.to_bits() & SIGN) ^ ((q & 1) << 63);
    let tangent = select(q, sine, cosine) / select(q, cosine, sine);
    f64::from_bits(tangent.to_bits() ^ sign) as f32
}

#[inline(always)]
fn reduce<const ALL: bool>(x: f64) -> (u64, f64) {
    let shifted = fma(x, TWO_OVER_PI, SHIFT);
    let q = shifted - SHIFT;
    let near = (shifted.to_bits(), fma(-q, HALF_PI_LOW, fma(-q, HALF_PI, x)));
    if !ALL {
        return near;
    }
    let far = quadrant::far(x);
    if quadrant::is_far(x) { (far.quadrant, far.r) } else { near }
}

/// `even` or `odd`, as the quadrant is.
#[inline(always)]
fn select(quadrant: u64, even: f64, odd: f64) -> f64 {
    if quadrant & 1 == 0 { even } else { odd }
}

#[inline(always)]
fn sine_and_cosine(r: f64) -> (f64, f64) {
    let z = r * r;
    (fma(z * r, polynomial(&SIN, z), r), fma(z, polynomial(&COS, z), 1.0))
}
