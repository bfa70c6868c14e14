//! Which type an element is, where a kernel that is generic over its operators has to know.
//!
//! `A: Div` is all that a division asks for; but integers must be searched for zeros first, and complex numbers divided with
//! more care than their own `/` takes. Each question here is about types alone. The compiler answers it: in optimised code
//! one branch is left, and loops are vectorised as if it stood there by itself.

use std::any::{Any, TypeId};

use ndarray::{ArrayRef, Dimension};

use super::wide;

/// `x` as a `B`, if that is its type.
#[inline(always)]
pub(super) fn cast<A: Copy + 'static, B: Copy + 'static>(x: A) -> Option<B> {
    // Types of different layouts are told apart without a question, which unoptimised code would ask for each element.
    if const { size_of::<A>() != size_of::<B>() || align_of::<A>() != align_of::<B>() } {
        return None;
    }
    (&x as &dyn Any).downcast_ref().copied()
}

macro_rules! integers {
    (signed: $($signed:ty),*; unsigned: $($unsigned:ty),*) => {
        /// Whether the elements are integers of Rust.
        pub(super) fn are_integers<A: 'static>() -> bool {
            [$(TypeId::of::<$signed>(),)* $(TypeId::of::<$unsigned>()),*].contains(&TypeId::of::<A>())
        }

        #[inline(always)]
        fn is_zero<A: Copy + 'static>(x: A) -> bool {
            $(if let Some(x) = cast::<A, $signed>(x) {
                return x == 0;
            })*
            $(if let Some(x) = cast::<A, $unsigned>(x) {
                return x == 0;
            })*
            false
        }

        /// The bits of an integer of 64.
        #[inline(always)]
        fn bits<A: Copy + 'static>(x: A) -> u64 {
            $(if let Some(x) = cast::<A, $signed>(x) {
                return x as u64;
            })*
            $(if let Some(x) = cast::<A, $unsigned>(x) {
                return x as u64;
            })*
            0
        }

        /// The quotient of two signed integers of Rust, rounded towards zero. The least by −1 is itself.
        #[inline(always)]
        pub(super) fn wrapping_quotient<A: Copy + 'static>(a: A, b: A) -> Option<A> {
            $(if let Some(a) = cast::<A, $signed>(a) && let Some(b) = cast::<A, $signed>(b) {
                return cast(a.wrapping_div(b));
            })*
            None
        }
    };
}

integers!(signed: i32, i64, isize, i8, i16, i128; unsigned: u8, usize, u64, u32, u16, u128);

/// Wide integers are compared as floats, for which SSE2 has an instruction; of these −0 is zero too.
#[inline(always)]
fn may_be_zero<A: Copy + 'static>(x: A) -> bool {
    match size_of::<A>() {
        8 => f64::from_bits(bits(x)) == 0.0,
        _ => is_zero(x),
    }
}

/// Whether `b` holds an integer by which nothing can be divided.
pub(super) fn hold_integer_zero<A: Copy + 'static, D: Dimension>(b: &ArrayRef<A, D>) -> bool {
    let may_hold_zero = || match b.as_slice_memory_order() {
        Some(b) => wide::any(b, |b| may_be_zero(b)),
        None => true,
    };
    are_integers::<A>() && may_hold_zero() && b.iter().any(|&b| is_zero(b))
}
