//! Which standard number type an element has, where the trait bounds of a kernel do not say so.
//!
//! A mean asks for no more than `+` and `/`, so that any type with these has one. How its sum is kept in range depends
//! on whether elements are integers or floating-point numbers. The functions here compare type ids, which the compiler
//! knows: optimised code has no comparison left.

use std::any::TypeId;

#[cfg(feature = "complex")]
use num_complex::Complex;
use num_traits::Float;

use crate::kernel::engine::number::element::cast;

macro_rules! integers {
    ($($bytes:literal: $($integer:ident)*;)*) => {
        /// The value of a primitive integer; for a `u128`, its bits.
        #[inline(always)]
        pub(crate) fn widen<A: Copy + 'static>(x: A) -> i128 {
            match size_of::<A>() {
                $($bytes => {
                    $(if let Some(x) = cast::<A, $integer>(x) {
                        return x as i128;
                    })*
                })*
                _ => {}
            }
            unreachable!("not a standard integer")
        }

        /// The primitive integer with this value, which is in its range; for a `u128`, with these bits.
        #[inline(always)]
        pub(crate) fn narrow<A: Copy + 'static>(value: i128) -> A {
            match size_of::<A>() {
                $($bytes => {
                    $(if let Some(x) = cast::<$integer, A>(value as $integer) {
                        return x;
                    })*
                })*
                _ => {}
            }
            unreachable!("not a standard integer")
        }
    };
}

integers! {
    1: i8 u8;
    2: i16 u16;
    4: i32 u32 isize usize;
    8: i64 u64 isize usize;
    16: i128 u128;
}

/// Whether `A` is `u128`, whose values [`widen`] does not preserve.
pub(crate) fn is_u128<A: 'static>() -> bool {
    TypeId::of::<A>() == TypeId::of::<u128>()
}

/// A function that is applied to a floating-point number, or to both parts of a complex one.
pub(crate) trait Part {
    fn map<T: Float>(&self, part: T) -> T;
}

/// Whether `A` is a complex number of `f32` or `f64` (with the feature `complex`).
#[inline(always)]
pub(crate) fn is_complex<A: 'static>() -> bool {
    #[cfg(feature = "complex")]
    let complex = [TypeId::of::<Complex<f32>>(), TypeId::of::<Complex<f64>>()];
    #[cfg(not(feature = "complex"))]
    let complex = [];
    complex.contains(&TypeId::of::<A>())
}

/// Whether [`map_parts`] supports the type.
#[inline(always)]
pub(crate) fn has_parts<A: 'static>() -> bool {
    let is = TypeId::of::<A>();
    is == TypeId::of::<f32>() || is == TypeId::of::<f64>() || is_complex::<A>()
}

/// Applies `part` to an `f32`, an `f64`, or both parts of a complex number of these (with the feature `complex`).
/// `None` for any other type.
#[inline(always)]
pub(crate) fn map_parts<A: Copy + 'static>(x: A, part: &impl Part) -> Option<A> {
    macro_rules! try_each {
        ($($float:ident)*) => {$(
            if let Some(x) = cast::<A, $float>(x) {
                return cast(part.map(x));
            }
            #[cfg(feature = "complex")]
            if let Some(x) = cast::<A, Complex<$float>>(x) {
                return cast(Complex::new(part.map(x.re), part.map(x.im)));
            }
        )*};
    }
    try_each!(f32 f64);
    None
}

/// `x` with each part that is not finite replaced by the same part of `other`.
pub(crate) fn finite_parts_or<A: Copy + 'static>(x: A, other: A) -> A {
    #[cfg(feature = "complex")]
    macro_rules! try_each {
        ($($float:ident)*) => {$(
            let parts = (cast::<A, Complex<$float>>(x), cast::<A, Complex<$float>>(other));
            if let (Some(x), Some(other)) = parts {
                let part = |x: $float, other| if x.is_finite() { x } else { other };
                let parts = Complex::new(part(x.re, other.re), part(x.im, other.im));
                return cast(parts).expect("they are of this type");
            }
        )*};
    }
    #[cfg(feature = "complex")]
    try_each!(f32 f64);
    if is_finite(&x) { x } else { other }
}

/// Whether the number, or both of its parts, are finite; `true` for every type that [`map_parts`] does not support.
#[inline(always)]
pub(crate) fn is_finite<A: Copy + 'static>(x: &A) -> bool {
    !any_part(x, |part| !part.is_finite(), |part| !part.is_finite())
}

/// Whether the number, or one of its parts, is finite and larger than `share` times the largest number of its type.
#[inline(always)]
pub(crate) fn is_large<A: Copy + 'static>(x: &A, share: f64) -> bool {
    let least = (f32::MAX * share as f32, f64::MAX * share);
    any_part(
        x,
        |part| part.is_finite() & (part.abs() > least.0),
        |part| part.is_finite() & (part.abs() > least.1),
    )
}

#[inline(always)]
fn any_part<A: Copy + 'static>(
    x: &A,
    single: impl Fn(f32) -> bool,
    double: impl Fn(f64) -> bool,
) -> bool {
    macro_rules! try_each {
        ($($float:ident $is:ident)*) => {$(
            if let Some(x) = cast::<A, $float>(*x) {
                return $is(x);
            }
            #[cfg(feature = "complex")]
            if let Some(x) = cast::<A, Complex<$float>>(*x) {
                return $is(x.re) | $is(x.im);
            }
        )*};
    }
    try_each!(f32 single f64 double);
    false
}
