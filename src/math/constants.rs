//! Constants as sums of two or three numbers: the first is the constant rounded, the others what is missing.

pub(crate) const LOG2_E: f64 = std::f64::consts::LOG2_E;
pub(crate) const LOG2_E_LOW: f64 = 2.0355273740931033e-17;

pub(crate) const LOG10_E: f64 = std::f64::consts::LOG10_E;
pub(crate) const LOG10_E_LOW: f64 = 1.098319650216765e-17;

pub(crate) const LN2_HIGH: f64 = std::f64::consts::LN_2;
pub(crate) const LN2_LOW: f64 = 2.3190468138462996e-17;

/// ln 2 with a first part of 33 bits, of which multiples up to 2²⁰ are exact.
pub(crate) const LN2_SHORT: f64 = 0.6931471804855391;
pub(crate) const LN2_SHORT_LOW: f64 = 7.440617110012397e-11;

/// log₁₀ 2 with a first part of 33 bits.
pub(crate) const LOG10_2_SHORT: f64 = 0.30102999560767785;
pub(crate) const LOG10_2_SHORT_LOW: f64 = 5.630334806675098e-11;

pub(crate) const HALF_PI: f64 = std::f64::consts::FRAC_PI_2;
pub(crate) const HALF_PI_LOW: f64 = 6.123233995736766e-17;
pub(crate) const HALF_PI_LOWEST: f64 = -1.4973849048591698e-33;

pub(crate) const TWO_OVER_PI: f64 = std::f64::consts::FRAC_2_PI;

pub(crate) const PI: f64 = std::f64::consts::PI;
pub(crate) const PI_LOW: f64 = 1.2246467991473532e-16;

pub(crate) const QUARTER_PI: f64 = std::f64::consts::FRAC_PI_4;
pub(crate) const QUARTER_PI_LOW: f64 = 3.061616997868383e-17;

pub(crate) const TWO_THIRDS: f64 = 2.0 / 3.0;
pub(crate) const TWO_THIRDS_LOW: f64 = 3.700743415417188e-17;
