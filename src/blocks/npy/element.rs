//! [`NpyElement`]: the types that a `.npy` file can be read as, and how its bytes become their values.

use bytemuck::{AnyBitPattern, cast_slice, cast_slice_mut};

use crate::pool::Element;

/// An element of `.npy` files: `f32`, `f64`, the integers of 8 to 64 bits, `bool`, and `Complex<f32>` and
/// `Complex<f64>` with the feature `complex`.
///
/// It cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an element of `.npy` files",
    label = "is not a plain number of NumPy",
    note = "f32, f64, i8 to i64, u8 to u64 and bool are, and complex numbers with the feature `complex`"
)]
pub trait NpyElement: Element + Raw {}

/// How the bytes in a file become elements and back.
pub trait Raw: Element {
    #[doc(hidden)]
    const STORED: Stored;

    /// The elements as they are stored by a machine like this one.
    #[doc(hidden)]
    fn bytes(elements: &[Self]) -> &[u8];

    /// The same to be written; `None` if there are bytes that are no element.
    #[doc(hidden)]
    fn bytes_mut(elements: &mut [Self]) -> Option<&mut [u8]>;

    /// The element nearest to a number; `None` if there is none.
    #[doc(hidden)]
    fn of(number: Number) -> Option<Self>;
}

/// A number of any of the types, without loss.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    Whole(i128),
    Real(f64),
    Complex(f64, f64),
}

/// The types of elements that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    C64,
    C128,
}

/// What converts to what: each to those that come after it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Bool,
    Whole,
    Real,
    Complex,
}

/// NumPy's letter and size, the name here, and the bytes of a part that has a byte order.
const TYPES: [(Stored, &str, &str, usize); 13] = [
    (Stored::Bool, "b1", "bool", 1),
    (Stored::I8, "i1", "i8", 1),
    (Stored::I16, "i2", "i16", 2),
    (Stored::I32, "i4", "i32", 4),
    (Stored::I64, "i8", "i64", 8),
    (Stored::U8, "u1", "u8", 1),
    (Stored::U16, "u2", "u16", 2),
    (Stored::U32, "u4", "u32", 4),
    (Stored::U64, "u8", "u64", 8),
    (Stored::F32, "f4", "f32", 4),
    (Stored::F64, "f8", "f64", 8),
    (Stored::C64, "c8", "Complex<f32>", 4),
    (Stored::C128, "c16", "Complex<f64>", 8),
];

impl Stored {
    /// By NumPy's code, `f8`.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        TYPES.iter().find(|(_, known, ..)| *known == code).map(|&(stored, ..)| stored)
    }

    fn entry(self) -> (&'static str, &'static str, usize) {
        let (_, code, name, part_bytes) = TYPES[self as usize];
        (code, name, part_bytes)
    }

    /// NumPy's letter and size, `f8`.
    pub(super) fn code(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn name(self) -> &'static str {
        self.entry().1
    }

    /// What has a byte order: half of a complex number.
    pub(super) fn part_bytes(self) -> usize {
        self.entry().2
    }

    pub(super) fn bytes(self) -> usize {
        self.part_bytes() * if self.class() == Class::Complex { 2 } else { 1 }
    }

    pub(super) fn converts_to(self, other: Stored) -> bool {
        self == other || self.class() <= other.class() && other.class() != Class::Bool
    }

    fn class(self) -> Class {
        match self {
            Stored::Bool => Class::Bool,
            Stored::F32 | Stored::F64 => Class::Real,
            Stored::C64 | Stored::C128 => Class::Complex,
            _ => Class::Whole,
        }
    }
}

/// Turns the parts of elements round, each of `part_bytes`.
pub(super) fn swap_bytes(bytes: &mut [u8], part_bytes: usize) {
    fn each<const N: usize>(bytes: &mut [u8]) {
        bytes.as_chunks_mut::<N>().0.iter_mut().for_each(|part| part.reverse());
    }
    match part_bytes {
        2 => each::<2>(bytes),
        4 => each::<4>(bytes),
        8 => each::<8>(bytes),
        _ => {}
    }
}

/// Converts as many elements as `to` has, from bytes of the type `stored` in the order of this machine, aligned for
/// it. `Err` is the first that is no value of `A`.
pub(super) fn convert<A: Raw>(stored: Stored, from: &[u8], to: &mut [A]) -> Result<(), usize> {
    fn each<T, A>(
        from: &[u8],
        to: &mut [A],
        number: impl Fn(T) -> Option<Number>,
    ) -> Result<(), usize>
    where
        T: AnyBitPattern,
        A: Raw,
    {
        for (at, (from, to)) in cast_slice::<u8, T>(from).iter().zip(to).enumerate() {
            *to = number(*from).and_then(A::of).ok_or(at)?;
        }
        Ok(())
    }
    macro_rules! whole {
        ($type:ty) => {
            each(from, to, |x: $type| Some(Number::Whole(x.into())))
        };
    }
    match stored {
        Stored::Bool => each(from, to, |x: u8| (x < 2).then_some(Number::Whole(x.into()))),
        Stored::I8 => whole!(i8),
        Stored::I16 => whole!(i16),
        Stored::I32 => whole!(i32),
        Stored::I64 => whole!(i64),
        Stored::U8 => whole!(u8),
        Stored::U16 => whole!(u16),
        Stored::U32 => whole!(u32),
        Stored::U64 => whole!(u64),
        Stored::F32 => each(from, to, |x: f32| Some(Number::Real(x.into()))),
        Stored::F64 => each(from, to, |x: f64| Some(Number::Real(x))),
        Stored::C64 => {
            each(from, to, |[re, im]: [f32; 2]| Some(Number::Complex(re.into(), im.into())))
        }
        Stored::C128 => each(from, to, |[re, im]: [f64; 2]| Some(Number::Complex(re, im))),
    }
}

macro_rules! plain {
    ($($type:ty, $stored:ident, $of:expr;)*) => {$(
        impl NpyElement for $type {}

        impl Raw for $type {
            const STORED: Stored = Stored::$stored;

            fn bytes(elements: &[Self]) -> &[u8] {
                cast_slice(elements)
            }

            fn bytes_mut(elements: &mut [Self]) -> Option<&mut [u8]> {
                Some(cast_slice_mut(elements))
            }

            fn of(number: Number) -> Option<Self> {
                let of: fn(Number) -> Option<Self> = $of;
                of(number)
            }
        }
    )*};
}

macro_rules! whole {
    ($($type:ty, $stored:ident;)*) => {$(
        plain! { $type, $stored, |number| match number {
            Number::Whole(x) => x.try_into().ok(),
            Number::Real(_) | Number::Complex(..) => None,
        }; }
    )*};
}

whole! {
    i8, I8;
    i16, I16;
    i32, I32;
    i64, I64;
    u8, U8;
    u16, U16;
    u32, U32;
    u64, U64;
}

plain! {
    f32, F32, |number| match number {
        Number::Whole(x) => Some(x as f32),
        Number::Real(x) => Some(x as f32),
        Number::Complex(..) => None,
    };
    f64, F64, |number| match number {
        Number::Whole(x) => Some(x as f64),
        Number::Real(x) => Some(x),
        Number::Complex(..) => None,
    };
}

#[cfg(feature = "complex")]
plain! {
    num_complex::Complex<f32>, C64, |number| Some(match number {
        Number::Whole(x) => num_complex::Complex::new(x as f32, 0.0),
        Number::Real(x) => num_complex::Complex::new(x as f32, 0.0),
        Number::Complex(re, im) => num_complex::Complex::new(re as f32, im as f32),
    });
    num_complex::Complex<f64>, C128, |number| Some(match number {
        Number::Whole(x) => num_complex::Complex::new(x as f64, 0.0),
        Number::Real(x) => num_complex::Complex::new(x, 0.0),
        Number::Complex(re, im) => num_complex::Complex::new(re, im),
    });
}

impl NpyElement for bool {}

impl Raw for bool {
    const STORED: Stored = Stored::Bool;

    fn bytes(elements: &[Self]) -> &[u8] {
        cast_slice(elements)
    }

    fn bytes_mut(_: &mut [Self]) -> Option<&mut [u8]> {
        None
    }

    fn of(number: Number) -> Option<Self> {
        match number {
            Number::Whole(0) => Some(false),
            Number::Whole(1) => Some(true),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_types() {
        for (at, (stored, code, ..)) in TYPES.into_iter().enumerate() {
            assert_eq!(stored as usize, at);
            let bytes = code[1..].parse::<usize>().unwrap();
            assert_eq!(stored.bytes(), bytes, "{code}");
        }
    }

    #[test]
    fn numbers_go_to_what_holds_them() {
        use Stored::*;
        assert!(F32.converts_to(F64) && F64.converts_to(F32) && I64.converts_to(F32));
        assert!(Bool.converts_to(U8) && U8.converts_to(I64) && F64.converts_to(C64));
        assert!(!F64.converts_to(I64) && !U8.converts_to(Bool) && !C64.converts_to(F64));
        let mut to = [0_u8; 2];
        assert_eq!(convert(I16, cast_slice(&[255_i16, 256]), &mut to), Err(1));
        let mut to = [0.0_f32; 2];
        assert_eq!(convert(I64, cast_slice(&[i64::MAX, -1]), &mut to), Ok(()));
        assert_eq!(to, [9.223_372e18, -1.0]);
    }
}
