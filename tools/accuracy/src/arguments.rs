//! Arguments, and how far two results are apart.

use std::fmt::LowerExp;

/// A type of arguments and results.
pub trait Argument: Copy + LowerExp {
    /// How many numbers of the type lie between two results; NaN is as far from any number as can be.
    fn distance(self, other: Self) -> u64;

    /// Two arguments.
    fn pair(source: &mut Source) -> (Self, Self);
}

impl Argument for f64 {
    fn distance(self, other: Self) -> u64 {
        if self.is_nan() || other.is_nan() {
            return if self.is_nan() && other.is_nan() { 0 } else { u64::MAX };
        }
        if self == 0.0 && other == 0.0 && self.is_sign_negative() != other.is_sign_negative() {
            return u64::MAX; // A zero has the right sign.
        }
        let place = |x: f64| {
            let magnitude = (x.to_bits() & !(1 << 63)) as i64;
            if x.is_sign_negative() { -magnitude } else { magnitude }
        };
        place(self).abs_diff(place(other))
    }

    fn pair(source: &mut Source) -> (f64, f64) {
        match source.bits() % 4 {
            0 => (source.between(-3.0, 3.0), source.between(-3.0, 3.0)),
            1 => {
                // Powers all over the range of results, of numbers near to one and far from it.
                let x = match source.bits() % 2 {
                    0 => 1.0 + source.scale(-40, -1) * source.sign(),
                    _ => source.scale(-1000, 1000),
                };
                (x, source.between(-1080.0, 1080.0) / x.log2())
            }
            2 => (source.scale(-60, 60) * source.sign(), source.scale(-60, 60) * source.sign()),
            _ => (source.any(), source.any()),
        }
    }
}

impl Argument for f32 {
    fn distance(self, other: Self) -> u64 {
        if self.is_nan() || other.is_nan() {
            return if self.is_nan() && other.is_nan() { 0 } else { u64::MAX };
        }
        if self == 0.0 && other == 0.0 && self.is_sign_negative() != other.is_sign_negative() {
            return u64::MAX;
        }
        let place = |x: f32| {
            let magnitude = i64::from(x.to_bits() & !(1 << 31));
            if x.is_sign_negative() { -magnitude } else { magnitude }
        };
        place(self).abs_diff(place(other))
    }

    fn pair(source: &mut Source) -> (f32, f32) {
        match source.bits() % 2 {
            0 => {
                let (x, y) = f64::pair(source);
                (x as f32, y as f32)
            }
            _ => (f32::from_bits(source.bits() as u32), f32::from_bits(source.bits() as u32)),
        }
    }
}

/// Random numbers (SplitMix64).
pub struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Self {
        Source(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn sign(&mut self) -> f64 {
        if self.bits() & 1 == 0 { 1.0 } else { -1.0 }
    }

    /// A positive number with an exponent between these bounds.
    fn scale(&mut self, low: i32, high: i32) -> f64 {
        let exponent = self.between(f64::from(low), f64::from(high)).floor() as i32;
        2.0_f64.powi(exponent) * (1.0 + self.unit())
    }

    /// Any pattern of bits.
    fn any(&mut self) -> f64 {
        f64::from_bits(self.bits())
    }

    /// An argument: uniform in one of the regions, log-uniform, near a multiple of π/2, near ±1 or ±½, any.
    pub fn argument(&mut self, regions: &[(f64, f64)]) -> f64 {
        match self.bits() % 8 {
            0..3 => {
                let (low, high) = regions[(self.bits() % regions.len() as u64) as usize];
                self.between(low, high)
            }
            3 => self.scale(-40, 12) * self.sign(),
            4 => self.scale(-1022, 1023) * self.sign(),
            5 => {
                let turns = self.scale(0, 40).floor() * self.sign();
                let x = turns * std::f64::consts::FRAC_PI_2;
                f64::from_bits(x.to_bits().wrapping_add(self.bits() % 64).wrapping_sub(32))
            }
            6 => {
                let at = if self.bits() % 2 == 0 { 1.0 } else { 0.5 };
                (at + self.scale(-53, -1) * self.sign()) * self.sign()
            }
            _ => self.any(),
        }
    }
}
