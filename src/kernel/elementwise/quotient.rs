//! The quotient of two elements: `/` where it is right, and a slower formula where it is not.
//!
//! Integers are divided by `/`, except that the minimum divided by −1 wraps. The operator of complex numbers divides by
//! *c² + d²*, which overflows from 10¹⁵⁴ on and underflows below 10⁻¹⁵⁴, where the quotient may well be representable.
//! So:
//!
//! 1. Where both numbers are of ordinary magnitude, this cannot happen, and the formula is used as it is: the bits are
//!    those of `/`. The bounds leave room for what a product may lose when it underflows.
//! 2. Other finite numbers are scaled by powers of two first, and the quotient is scaled back. Numbers of 32 bits are
//!    converted to 64 bits before that.
//! 3. Zero, infinities and NaN follow the rules of C (Annex G), except that division by zero divides each part by +0,
//!    as in NumPy.

use std::ops::Div;

use ndarray::{ArrayRef, ArrayView, Dimension};

use crate::kernel::engine::map;
#[cfg(feature = "complex")]
use crate::kernel::engine::map::checked;
use crate::kernel::engine::number::element;

/// `out[i] = a[i] / b[i]`.
pub(crate) fn zip_map<A, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, A, D>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Div<Output = A> + 'static,
    D: Dimension,
{
    #[cfg(feature = "complex")]
    if complex::are_complex::<A>() {
        return checked::zip_map(a, b, out, complex::quick, complex::careful);
    }
    map::zip_map(a, b, out, plain);
}

/// `a[i] = a[i] / b[i]`.
pub(crate) fn update<A, D>(a: &mut ArrayRef<A, D>, b: ArrayView<'_, A, D>)
where
    A: Copy + Div<Output = A> + 'static,
    D: Dimension,
{
    #[cfg(feature = "complex")]
    if complex::are_complex::<A>() {
        return checked::update(a, b, complex::quick, complex::careful);
    }
    map::update::update(a, b, plain);
}

/// `a / b` by the quick formula. The minimum of an integer type divided by −1 is itself.
#[inline(always)]
fn plain<A: Copy + Div<Output = A> + 'static>(a: A, b: A) -> A {
    element::wrapping_quotient(a, b).unwrap_or_else(|| a / b)
}

#[cfg(feature = "complex")]
pub(crate) mod complex {
    use std::any::TypeId;
    use std::ops::Div;

    use num_complex::{Complex, Complex32, Complex64};
    use num_traits::Float;

    use crate::kernel::engine::number::element::cast;

    /// Whether the elements are complex numbers.
    pub(crate) fn are_complex<A: 'static>() -> bool {
        [TypeId::of::<Complex64>(), TypeId::of::<Complex32>()].contains(&TypeId::of::<A>())
    }

    /// `a / b` by the quick formula, and whether that is right.
    #[inline(always)]
    pub(crate) fn quick<A: Copy + Div<Output = A> + 'static>(a: A, b: A) -> (A, bool) {
        (a / b, is_certain(a, b))
    }

    /// `a / b` by the careful formula.
    pub(crate) fn careful<A: Copy + Div<Output = A> + 'static>(a: A, b: A) -> A {
        with_care(a, b).unwrap_or_else(|| a / b)
    }

    /// Whether the quick formula is right for these complex numbers.
    #[inline(always)]
    fn is_certain<A: Copy + 'static>(a: A, b: A) -> bool {
        if let (Some(a), Some(b)) = (cast::<A, Complex64>(a), cast::<A, Complex64>(b)) {
            return are_usual(a, b);
        }
        if let (Some(a), Some(b)) = (cast::<A, Complex32>(a), cast::<A, Complex32>(b)) {
            return are_usual(a, b);
        }
        true
    }

    /// Whether both numbers are of ordinary magnitude. (Without branches, which would prevent vectorisation.)
    #[inline(always)]
    fn are_usual<T: Part>(a: Complex<T>, b: Complex<T>) -> bool {
        let (size, norm) = (a.re.abs() + a.im.abs(), b.re * b.re + b.im * b.im);
        let is_large = (size >= T::SIZES.0) | (size == T::zero());
        is_large & (size <= T::SIZES.1) & (norm >= T::NORMS.0) & (norm <= T::NORMS.1)
    }

    trait Part: Float {
        const SIZES: (Self, Self);
        const NORMS: (Self, Self);
    }

    impl Part for f64 {
        const SIZES: (f64, f64) = (power_of_two(-700), power_of_two(500));
        const NORMS: (f64, f64) = (power_of_two(-240), power_of_two(1000));
    }

    impl Part for f32 {
        const SIZES: (f32, f32) = (power_of_two(-60) as f32, power_of_two(70) as f32);
        const NORMS: (f32, f32) = (power_of_two(-60) as f32, power_of_two(100) as f32);
    }

    /// The quotient by the careful formula, if the elements are complex numbers.
    #[cold]
    #[inline(never)]
    fn with_care<A: Copy + 'static>(a: A, b: A) -> Option<A> {
        if let (Some(a), Some(b)) = (cast::<A, Complex64>(a), cast::<A, Complex64>(b)) {
            return cast(divided(a, b));
        }
        if let (Some(a), Some(b)) = (cast::<A, Complex32>(a), cast::<A, Complex32>(b)) {
            return cast(narrow(divided(widen(a), widen(b))));
        }
        None
    }

    /// *a · b̄*.
    fn numerator(a: Complex64, b: Complex64) -> Complex64 {
        Complex::new(a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im)
    }

    /// *|b|²*.
    fn norm(b: Complex64) -> f64 {
        b.re * b.re + b.im * b.im
    }

    /// `a / b`, right for all numbers.
    pub(crate) fn divided(a: Complex64, b: Complex64) -> Complex64 {
        if b.re == 0.0 && b.im == 0.0 {
            return Complex::new(a.re / 0.0, a.im / 0.0);
        }
        if is_finite(a) && is_finite(b) {
            if b.im == 0.0 {
                return Complex::new(a.re / b.re, a.im / b.re);
            }
            if b.re == 0.0 {
                return Complex::new(a.im / b.im, -a.re / b.im);
            }
            // Scaled as far up as products allow: then small parts do not underflow in sums with large ones.
            let ((a, a_exponent), (b, b_exponent)) = (scaled(a, 500), scaled(b, 510));
            let Complex { re, im } = numerator(a, b);
            let norm = norm(b) * power_of_two(-1020);
            let quotient = Complex::new(re / norm, im / norm);
            return times_power_of_two(quotient, a_exponent - b_exponent - 1020);
        }
        let quotient = a / b;
        if !(quotient.re.is_nan() && quotient.im.is_nan()) {
            return quotient;
        }
        // An infinite part makes a number infinite, whatever the other one is.
        let direction = |z: Complex64| {
            let along = |part: f64| if part.is_infinite() { 1.0_f64 } else { 0.0 }.copysign(part);
            Complex::new(along(z.re), along(z.im))
        };
        if is_infinite(a) && is_finite(b) {
            let Complex { re, im } = numerator(direction(a), b);
            Complex::new(f64::INFINITY * re, f64::INFINITY * im)
        } else if is_infinite(b) && is_finite(a) {
            let Complex { re, im } = numerator(a, direction(b));
            Complex::new(0.0 * re, 0.0 * im)
        } else {
            quotient
        }
    }

    pub(crate) fn is_finite(z: Complex64) -> bool {
        z.re.is_finite() && z.im.is_finite()
    }

    fn is_infinite(z: Complex64) -> bool {
        z.re.is_infinite() || z.im.is_infinite()
    }

    /// A finite number as *scaled · 2^exponent*, where the larger part of `scaled` is in the range from 2^to to 2^(to +
    /// 1), or zero.
    pub(crate) fn scaled(z: Complex64, to: i32) -> (Complex64, i32) {
        const SUBNORMAL: i32 = 64; // a number times 2^SUBNORMAL is not subnormal
        let largest = z.re.abs().max(z.im.abs());
        let exponent = match largest.is_normal() {
            true => exponent_of(largest),
            false => exponent_of(largest * power_of_two(SUBNORMAL)) - SUBNORMAL,
        };
        (times_power_of_two(z, to - exponent), exponent - to)
    }

    /// *⌊log₂ x⌋* of a normal number.
    fn exponent_of(x: f64) -> i32 {
        (x.to_bits() >> 52 & 0x7ff) as i32 - 1023
    }

    /// *z · 2^exponent*, rounded once (unless the result underflows).
    pub(crate) fn times_power_of_two(z: Complex64, exponent: i32) -> Complex64 {
        // In three steps, because the largest factors are not representable.
        let exponent = exponent.clamp(-3000, 3000);
        let (third, rest) = (exponent / 3, exponent - exponent / 3 * 2);
        let (third, rest) = (power_of_two(third), power_of_two(rest));
        Complex::new(z.re * third * third * rest, z.im * third * third * rest)
    }

    const fn power_of_two(exponent: i32) -> f64 {
        f64::from_bits(((1023 + exponent) as u64) << 52)
    }

    pub(crate) fn widen(z: Complex32) -> Complex64 {
        Complex::new(f64::from(z.re), f64::from(z.im))
    }

    pub(crate) fn narrow(z: Complex64) -> Complex32 {
        Complex::new(z.re as f32, z.im as f32)
    }
}
