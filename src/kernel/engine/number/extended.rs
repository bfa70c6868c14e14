//! Floating-point numbers whose exponent has no bounds, for results that are representable although an intermediate is
//! not.
//!
//! A number is *digits · 2^exponent*. Each operation rounds once, as the one of `A` does, and none over- or underflows.
//! An operation takes some 20 ns, so kernels use them only where plain arithmetic fails.

use std::ops::{Add, Div, Mul, Neg, Sub};

use num_traits::{Float, pow};

/// *digits · 2^exponent*.
///
/// `digits` is zero, or a whole number of as many binary digits as `A` has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unbounded<A> {
    digits: A,
    exponent: i32,
}

impl<A: Float> Unbounded<A> {
    /// The number `x`, which is finite.
    pub(crate) fn of(x: A) -> Self {
        debug_assert!(x.is_finite());
        let (whole, exponent) = decoded(x);
        // Only the digits of a subnormal number are too few, and are normalised here.
        let (digits, shift) = decoded(whole);
        Unbounded { digits, exponent: exponent + shift }
    }

    /// *2^exponent · x*, where x is finite.
    fn scaled(x: A, exponent: i32) -> Self {
        let x = Unbounded::of(x);
        Unbounded { exponent: x.exponent + exponent, ..x }
    }

    /// The nearest number of type `A`: infinite beyond its range.
    pub(crate) fn to_float(self) -> A {
        const BEYOND: i32 = 4096; // beyond every exponent of `f64`
        if self.digits.is_zero() {
            return self.digits;
        }
        // In two steps. The first is exact, so that the result is rounded once.
        let exponent = self.exponent.clamp(-BEYOND, BEYOND);
        let first = exponent / 2;
        self.digits * power_of_two(first) * power_of_two(exponent - first)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.digits.is_zero()
    }
}

/// *x* as a whole number and an exponent: *x = whole · 2^exponent*.
fn decoded<A: Float>(x: A) -> (A, i32) {
    let (digits, exponent, sign) = x.integer_decode();
    let digits = A::from(digits).expect("a float holds its own digits");
    (if sign < 0 { -digits } else { digits }, exponent.into())
}

fn power_of_two<A: Float>(exponent: i32) -> A {
    let power = pow(A::one() + A::one(), exponent.unsigned_abs() as usize);
    if exponent < 0 { power.recip() } else { power }
}

impl<A: Float> Neg for Unbounded<A> {
    type Output = Self;
    fn neg(self) -> Self {
        Unbounded { digits: -self.digits, ..self }
    }
}

impl<A: Float> Add for Unbounded<A> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        /// So many digits apart, the smaller number is less than half a unit in the last place (ulp) of the larger.
        const APART: i32 = 64;
        if self.is_zero() || other.is_zero() {
            return if self.is_zero() { other } else { self };
        }
        let (large, small) =
            if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        match large.exponent - small.exponent {
            gap @ 0..=APART => {
                Unbounded::scaled(large.digits + small.digits * power_of_two(-gap), large.exponent)
            }
            _ => large,
        }
    }
}

impl<A: Float> Sub for Unbounded<A> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<A: Float> Mul for Unbounded<A> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Unbounded::scaled(self.digits * other.digits, self.exponent + other.exponent)
    }
}

/// The divisor is not zero.
impl<A: Float> Div for Unbounded<A> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        Unbounded::scaled(self.digits / other.digits, self.exponent - other.exponent)
    }
}

/// A compensated sum (Neumaier): the rounding errors of its additions are added up separately, so that the total is
/// rounded twice, however many numbers it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum<A> {
    sum: Unbounded<A>,
    errors: Unbounded<A>,
}

impl<A: Float> Sum<A> {
    pub(crate) fn zero() -> Self {
        let zero = Unbounded::of(A::zero());
        Sum { sum: zero, errors: zero }
    }

    pub(crate) fn add(&mut self, x: Unbounded<A>) {
        let sum = self.sum + x;
        let of_x = sum - self.sum;
        let error = (self.sum - (sum - of_x)) + (x - of_x);
        *self = Sum { sum, errors: self.errors + error };
    }

    pub(crate) fn total(self) -> Unbounded<A> {
        self.sum + self.errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers at the ends of the range, and numbers with all digits.
    fn numbers() -> Vec<f64> {
        let some =
            [0.0, 1.0, 0.1, 3.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.5e-323, 1e-310, 1e300];
        some.iter().flat_map(|&x| [x, -x, x / 3.0, x * 0.7]).collect()
    }

    #[test]
    fn numbers_come_back() {
        for x in numbers() {
            assert_eq!(Unbounded::of(x).to_float().to_bits(), x.to_bits(), "{x:e}");
            let x = x as f32;
            if x.is_finite() {
                assert_eq!(Unbounded::of(x).to_float().to_bits(), x.to_bits(), "{x:e}");
            }
        }
    }

    #[test]
    fn operations_round_as_those_of_floats_do() {
        let u = Unbounded::<f64>::of;
        for a in numbers() {
            for b in numbers() {
                let results = [
                    (u(a) + u(b), a + b, 0.0),
                    (u(a) - u(b), a - b, 0.0),
                    (u(a) * u(b), a * b, f64::MIN_POSITIVE),
                ];
                let quotient = (b != 0.0).then(|| (u(a) / u(b), a / b, f64::MIN_POSITIVE));
                for (ours, plain, least) in results.into_iter().chain(quotient) {
                    // A result that underflows is rounded a second time.
                    let ours = ours.to_float();
                    let off = if plain.abs() < least { 5e-324 } else { 0.0 };
                    assert!(
                        ours == plain || (ours - plain).abs() <= off,
                        "{a:e} {b:e}: {ours:e}, {plain:e}"
                    );
                }
            }
        }
    }

    #[test]
    fn nothing_on_the_way_leaves_the_range() {
        let u = Unbounded::<f64>::of;
        let ten = u(1e300) * u(1e300) / u(1e299) / u(1e300);
        assert_eq!(ten.to_float(), 10.0);
        assert_eq!((u(1e-300) * u(1e-300) / u(1e-300)).to_float(), 1e-300);
        assert_eq!((u(f64::MAX) + u(f64::MAX) - u(f64::MAX)).to_float(), f64::MAX);
        assert_eq!((u(f64::MAX) * u(f64::MAX)).to_float(), f64::INFINITY);
        assert_eq!((u(5e-324) * u(-5e-324)).to_float(), 0.0);
        assert_eq!((u(5e-324) / u(2.0) + u(5e-324)).to_float(), 1e-323); // the tie goes to the even one
        let u = Unbounded::<f32>::of;
        assert_eq!((u(1e30) * u(1e30) / u(1e29) / u(1e30)).to_float(), 10.0);
        assert_eq!((u(1e-45) * u(0.5) * u(3.0)).to_float(), 3e-45);
    }

    #[test]
    fn sums_keep_what_is_small() {
        let mut sum = Sum::zero();
        for x in [1.0, 1e100, 1.0, -1e100, f64::MAX, f64::MAX, -f64::MAX, -f64::MAX] {
            sum.add(Unbounded::of(x));
        }
        assert_eq!(sum.total().to_float(), 2.0);
    }
}
