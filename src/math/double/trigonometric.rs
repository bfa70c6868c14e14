//! Sine, cosine, tangent.
//!
//! The angle is reduced to |r| ≤ π/4 and a quadrant; both polynomials are computed, and the quadrant selects. The sign
//! of the argument is put back last, so that it is right for zeros.

use super::parts::{fma, polynomial};
use super::quadrant::{Angle, reduce};

/// (sin r − r) / r³ as a function of r², to 2⁻⁵⁸.
const SIN: [f64; 6] = [
    -0.16666666666666632,
    0.008333333333322486,
    -0.0001984126982985332,
    2.755731370502856e-06,
    -2.505075988124143e-08,
    1.5896885907040324e-10,
];

/// (cos r − 1 + r²/2) / r⁴ as a function of r², to 2⁻⁶⁴.
const COS: [f64; 6] = [
    0.0416666666666666,
    -0.001388888888887447,
    2.480158728966698e-05,
    -2.7557314399353533e-07,
    2.087572902222268e-09,
    -1.1359919985051435e-11,
];

const SIGN: u64 = 1 << 63;

pub(crate) use super::quadrant::is_moderate;

#[inline(always)]
pub(crate) fn sin<const ALL: bool>(x: f64) -> f64 {
    let (angle, sign) = (reduce::<ALL>(x.abs()), x.to_bits() & SIGN);
    let q = angle.quadrant;
    let (sine, cosine) = sine_and_cosine(&angle);
    with_sign(if q & 1 == 0 { sine } else { cosine }, sign ^ ((q & 2) << 62))
}

#[inline(always)]
pub(crate) fn cos<const ALL: bool>(x: f64) -> f64 {
    let angle = reduce::<ALL>(x.abs());
    let q = angle.quadrant;
    let (sine, cosine) = sine_and_cosine(&angle);
    with_sign(if q & 1 == 0 { cosine } else { sine }, (q.wrapping_add(1) & 2) << 62)
}

#[inline(always)]
pub(crate) fn sin_cos<const ALL: bool>(x: f64) -> (f64, f64) {
    let (angle, sign) = (reduce::<ALL>(x.abs()), x.to_bits() & SIGN);
    let q = angle.quadrant;
    let (sine, cosine) = sine_and_cosine(&angle);
    let is_even = q & 1 == 0;
    (
        with_sign(if is_even { sine } else { cosine }, sign ^ ((q & 2) << 62)),
        with_sign(if is_even { cosine } else { sine }, (q.wrapping_add(1) & 2) << 62),
    )
}

#[inline(always)]
pub(crate) fn tan<const ALL: bool>(x: f64) -> f64 {
    let (angle, sign) = (reduce::<ALL>(x.abs()), x.to_bits() & SIGN);
    let odd = angle.quadrant & 1;
    let (sine, cosine) = sine_and_cosine(&angle);
    let (above, below) = if odd == 0 { (sine, cosine) } else { (cosine, sine) };
    with_sign(above / below, sign ^ (odd << 63))
}

/// Changes the sign where the bit is set.
#[inline(always)]
fn with_sign(x: f64, bit: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ bit)
}

/// Of `r + r_low`: the low part has a place in both sums, or they would miss half a unit of it.
#[inline(always)]
fn sine_and_cosine(&Angle { r, r_low, .. }: &Angle) -> (f64, f64) {
    let z = r * r;
    let half = 0.5 * z;
    let sine = r + fma(z * r, polynomial(&SIN, z), fma(-half, r_low, r_low));
    let start = 1.0 - half;
    let rest = (1.0 - start) - half;
    let cosine = start + (rest + fma(z * z, polynomial(&COS, z), -(r * r_low)));
    (sine, cosine)
}
