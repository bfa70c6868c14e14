//! Questions about the element type, for kernels that are generic over operators only.
//!
//! `A: Div` is all that a division asks for; but integers must be searched for zeros first, and complex numbers divided
//! with more care than their own `/` takes. Each question here is about types alone, so the compiler answers it:
//! optimised code has one branch left, and loops are vectorised as if it were written without the others.

use std::any::{Any, TypeId};

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::map::run::any;

/// `x` as a `B`, if that is its type.
#[inline(always)]
pub(crate) fn cast<A: Copy + 'static, B: Copy + 'static>(x: A) -> Option<B> {
    if size_of::<A>() != size_of::<B>() {
        return None; // saves unoptimised code the comparison of type ids
    }
    (&x as &dyn Any).downcast_ref().copied()
}

macro_rules! integers {
    ($($integer:ty),*) => {
        /// Whether the elements are of a primitive integer type.
        pub(crate) fn are_integers<A: 'static>() -> bool {
            [$(TypeId::of::<$integer>()),*].contains(&TypeId::of::<A>())
        }

        #[inline(always)]
        fn is_zero<A: Copy + 'static>(x: A) -> bool {
            $(cast::<A, $integer>(x) == Some(0))||*
        }

        /// Integers of 8 bytes are compared as floats, for which SSE2 has an instruction; as a float, −0 is zero too.
        #[inline(always)]
        fn may_be_zero<A: Copy + 'static>(x: A) -> bool {
            let may_be_zero = |x: u64| f64::from_bits(x) == 0.0;
            match size_of::<A>() {
                8 => $(cast::<A, $integer>(x).is_some_and(|x| may_be_zero(x as u64)))||*,
                _ => is_zero(x),
            }
        }

        /// The quotient of two primitive integers, rounded towards zero. The minimum divided by −1 is itself.
        #[inline(always)]
        pub(crate) fn wrapping_quotient<A: Copy + 'static>(a: A, b: A) -> Option<A> {
            $(
                if let (Some(a), Some(b)) = (cast::<A, $integer>(a), cast::<A, $integer>(b)) {
                    return cast(a.wrapping_div(b));
                }
            )*
            None
        }
    };
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

/// Whether `b` holds an integer by which nothing can be divided.
pub(crate) fn hold_integer_zero<A: Copy + 'static, D: Dimension>(b: &ArrayRef<A, D>) -> bool {
    let may_hold_zero = || match b.as_slice_memory_order() {
        Some(b) => any(b, |b| may_be_zero(b)),
        None => true,
    };
    are_integers::<A>() && may_hold_zero() && b.iter().any(|&b| is_zero(b))
}
