//! Powers of floats and complex numbers to integer exponents, and of complex numbers to any exponent.
//!
//! `f64::powi` inverts a power that has overflowed or lost its digits, and num_complex computes every power from
//! angles, which turns *i²* into −1 + 1.2 · 10⁻¹⁶ *i*. So:
//!
//! - **A float to a small integer exponent** is multiplied, by repeated squaring: at most `n − 1` roundings, and the
//!   same bits on every processor. Inverses of powers that overflow or become subnormal, and larger exponents, are left
//!   to `f64::powf`. Floats of 32 bits are multiplied in 64 bits, where neither happens before it does to the result.
//! - **A complex number to an integer exponent** is multiplied too, first as it is. If the power is too large or too
//!   small, or has to be inverted, the number is scaled by a power of two, and the result is scaled back.
//! - **A complex number to any other exponent** is *exp(b · ln a)*, whose parts are combined so that no factor
//!   overflows before the product does.

use num_traits::Pow;

use crate::kernel::engine::number::element::cast;

/// The largest exponent of a float for which the power is multiplied.
const MOST_MULTIPLIED: u32 = 32;

/// *a^b*, without a failing intermediate result where the power is representable.
#[inline]
pub(crate) fn power<A, B>(a: A, b: B) -> A
where
    A: Copy + Pow<B, Output = A> + 'static,
    B: Copy + 'static,
{
    if let Some(n) = whole(b) {
        if let Some(power) = cast(a).and_then(|a| cast(float_to_whole(a, n))) {
            return power;
        }
        if let Some(power) = cast(a).and_then(|a: f32| cast(float_to_whole(f64::from(a), n) as f32))
        {
            return power;
        }
    }
    #[cfg(feature = "complex")]
    if let Some(power) = complex::power_of(a, b) {
        return power;
    }
    a.pow(b)
}

/// An exponent of an integer type to which floats can be raised.
#[inline(always)]
fn whole<B: Copy + 'static>(b: B) -> Option<i32> {
    cast::<B, i32>(b)
        .or_else(|| cast::<B, i8>(b).map(i32::from))
        .or_else(|| cast::<B, u8>(b).map(i32::from))
        .or_else(|| cast::<B, i16>(b).map(i32::from))
        .or_else(|| cast::<B, u16>(b).map(i32::from))
}

#[inline]
fn float_to_whole(a: f64, n: i32) -> f64 {
    let magnitude = n.unsigned_abs();
    if magnitude > MOST_MULTIPLIED {
        return a.powf(f64::from(n));
    }
    let power = multiplied(a, magnitude);
    if n >= 0 {
        power
    } else if power.is_normal() {
        1.0 / power
    } else {
        a.powf(f64::from(n))
    }
}

/// *a^n* by repeated squaring.
#[inline]
fn multiplied(a: f64, mut n: u32) -> f64 {
    let (mut power, mut square) = (1.0, a);
    loop {
        if n & 1 == 1 {
            power *= square;
        }
        n >>= 1;
        if n == 0 {
            return power;
        }
        square *= square;
    }
}

#[cfg(feature = "complex")]
mod complex {
    use num_complex::{Complex, Complex32, Complex64};

    use crate::kernel::elementwise::quotient::complex::{
        divided, is_finite, narrow, scaled, times_power_of_two, widen,
    };
    use crate::kernel::engine::number::element::cast;

    /// The largest exponent of a complex number for which the power is multiplied: no such power of a number from ½ to
    /// √2 overflows.
    const MOST_MULTIPLIED: f64 = 512.0;

    const ONE: Complex64 = Complex::new(1.0, 0.0);

    /// The power, if the base is a complex number and the exponent is a complex number or a float.
    #[inline(always)]
    pub(crate) fn power_of<A: Copy + 'static, B: Copy + 'static>(a: A, b: B) -> Option<A> {
        let exponent = || {
            cast::<B, Complex64>(b)
                .or_else(|| cast::<B, Complex32>(b).map(widen))
                .or_else(|| cast::<B, f64>(b).map(Complex64::from))
                .or_else(|| cast::<B, f32>(b).map(|b| Complex64::from(f64::from(b))))
        };
        if let Some(a) = cast::<A, Complex64>(a) {
            return cast(power(a, exponent()?));
        }
        let a = cast::<A, Complex32>(a)?;
        cast(narrow(power(widen(a), exponent()?)))
    }

    fn power(a: Complex64, b: Complex64) -> Complex64 {
        if b.re == 0.0 && b.im == 0.0 {
            ONE
        } else if a.re == 0.0 && a.im == 0.0 {
            // As in NumPy: the modulus is 0^b.re for a positive real part, and nothing is known for any other exponent.
            let part = if b.re > 0.0 { 0.0 } else { f64::NAN };
            Complex::new(part, part)
        } else if b.im == 0.0 && b.re.trunc() == b.re && b.re.abs() <= MOST_MULTIPLIED {
            to_whole(a, b.re as i32)
        } else {
            by_logarithm(a, b)
        }
    }

    fn to_whole(a: Complex64, n: i32) -> Complex64 {
        let power = |a| multiplied(a, n.unsigned_abs());
        let inverted = |power| if n < 0 { divided(ONE, power) } else { power };
        let plain = power(a);
        let size = plain.re.abs().max(plain.im.abs());
        let is_certain = n > 0 && is_finite(plain) && size >= 1e-200;
        if is_certain || !is_finite(a) {
            return inverted(plain);
        }
        let (scaled, exponent) = scaled(a, -1);
        times_power_of_two(inverted(power(scaled)), exponent * n)
    }

    /// *a^n* by repeated squaring, where n > 0. (It never multiplies by one, which would turn infinite parts into NaN.)
    fn multiplied(a: Complex64, mut n: u32) -> Complex64 {
        let (mut power, mut square) = (None, a);
        loop {
            if n & 1 == 1 {
                power = Some(power.map_or(square, |power| power * square));
            }
            n >>= 1;
            match power {
                Some(power) if n == 0 => return power,
                _ => square = square * square,
            }
        }
    }

    /// *exp(b · ln a)* of a number that is not zero.
    fn by_logarithm(a: Complex64, b: Complex64) -> Complex64 {
        let (modulus, angle) = (a.re.hypot(a.im), a.im.atan2(a.re));
        let turn = angle * b.re;
        let is_rounded_well = modulus.is_normal() || !is_finite(a);
        if b.im == 0.0 && is_rounded_well {
            let power = modulus.powf(b.re);
            if power.is_normal() && turn.is_finite() {
                return Complex::new(power * turn.cos(), power * turn.sin());
            }
        }
        let logarithm = match is_rounded_well {
            true => modulus.ln(),
            false => {
                let (scaled, exponent) = scaled(a, 0);
                scaled.re.hypot(scaled.im).ln() + f64::from(exponent) * std::f64::consts::LN_2
            }
        };
        let times = |factor: f64, x: f64| if factor == 0.0 { 0.0 } else { factor * x };
        exp(logarithm * b.re - times(b.im, angle), turn + times(b.im, logarithm))
    }

    /// *exp(re + im · i)*.
    fn exp(re: f64, im: f64) -> Complex64 {
        if !im.is_finite() && re.is_infinite() {
            // As in C: the magnitude is known, the direction is not.
            return if re < 0.0 { Complex::ZERO } else { Complex::new(re, f64::NAN) };
        }
        let half = (re / 2.0).exp();
        Complex::new(half * im.cos() * half, half * im.sin() * half)
    }
}
