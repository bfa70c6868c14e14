//! What kernels of mathematical functions have in common: a type for each function, and the calls of the walk.

use ndarray::{ArrayRef, ArrayView, Dimension};

use crate::kernel::engine::map::by_slices::{self, Elementwise, of_slices};
use crate::math::Float;

/// Writes `F` of each element.
pub(crate) fn of_one<F, A, D>(a: ArrayView<'_, A, D>, out: &mut ArrayRef<A, D>)
where
    F: Elementwise<1, A>,
    A: Float,
    D: Dimension,
{
    by_slices::write([a], out, of_slices::<1, A, F>);
}

/// Replaces each element by `F` of it.
pub(crate) fn in_place<F, A, D>(a: &mut ArrayRef<A, D>)
where
    F: Elementwise<1, A>,
    A: Float,
    D: Dimension,
{
    by_slices::change(a, of_slices::<1, A, F>);
}

/// Writes `F` of the elements of two arrays.
pub(crate) fn of_two<F, A, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, A, D>,
    out: &mut ArrayRef<A, D>,
) where
    F: Elementwise<2, A>,
    A: Float,
    D: Dimension,
{
    by_slices::write([a, b], out, of_slices::<2, A, F>);
}

/// Types for functions of [`math`](crate::math): `Type: function;`, or `Type: function<ALL> unless is_moderate;` for
/// those with a cheaper form for moderate arguments.
macro_rules! operations {
    ($($Op:ident: $f:ident $(<$all:ident> unless $is_moderate:ident)?;)*) => {$(
        pub(crate) struct $Op;

        impl<A: Float> $crate::kernel::engine::map::by_slices::Elementwise<1, A> for $Op {
            const HAS_RARE: bool = [$(stringify!($is_moderate),)? ""].len() > 1;

            #[inline(always)]
            fn is_moderate([x]: [A; 1]) -> bool {
                let _ = x;
                true $(&& A::$is_moderate(x))?
            }
            #[inline(always)]
            fn moderate([x]: [A; 1]) -> A {
                A::$f $(::<{ const $all: bool = false; $all }>)? (x)
            }
            #[inline(always)]
            fn any([x]: [A; 1]) -> A {
                $crate::math::$f(x)
            }
        }
    )*};
}

/// The same for functions of two numbers.
macro_rules! operations_of_two {
    ($($Op:ident: $f:ident $(<$all:ident> unless $is_moderate:ident)?;)*) => {$(
        pub(crate) struct $Op;

        impl<A: Float> $crate::kernel::engine::map::by_slices::Elementwise<2, A> for $Op {
            const HAS_RARE: bool = [$(stringify!($is_moderate),)? ""].len() > 1;

            #[inline(always)]
            fn is_moderate([x, y]: [A; 2]) -> bool {
                let _ = (x, y);
                true $(&& A::$is_moderate(x, y))?
            }
            #[inline(always)]
            fn moderate([x, y]: [A; 2]) -> A {
                A::$f $(::<{ const $all: bool = false; $all }>)? (x, y)
            }
            #[inline(always)]
            fn any([x, y]: [A; 2]) -> A {
                $crate::math::$f(x, y)
            }
        }
    )*};
}

pub(crate) use {operations, operations_of_two};
