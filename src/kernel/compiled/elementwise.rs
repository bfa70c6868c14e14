//! Elementwise kernels. Each instance costs a build of this crate a third of a second, so what is seldom used with an
//! element type is left to the programs that use it.

use ndarray::{ArrayRef, Ix2};

use crate::kernel::{
    add_into, axpby_into, copy_into, div_into, less_into, maximum_into, minimum_into, mul_into,
    sub_into, where_into,
};

type Matrix<A> = ArrayRef<A, Ix2>;

macro_rules! floats {
    ($($name:ident: $element:ty;)*) => {$(
        /// Makes the instances for a type of floats.
        #[inline(never)]
        pub fn $name(
            a: &Matrix<$element>,
            b: &Matrix<$element>,
            out: &mut Matrix<$element>,
            holds: &mut Matrix<bool>,
        ) {
            copy_into(a, out);
            add_into(a, b, out);
            sub_into(a, b, out);
            mul_into(a, b, out);
            div_into(a, b, out);
            axpby_into(a, b, 1.0, 1.0, out);
            maximum_into(a, b, out);
            minimum_into(a, b, out);
            less_into(a, b, holds);
            where_into(holds, a, b, out);
        }
    )*};
}

macro_rules! integers {
    ($($name:ident: $element:ty;)*) => {$(
        /// Makes the instances for a type of integers.
        #[inline(never)]
        pub fn $name(
            a: &Matrix<$element>,
            b: &Matrix<$element>,
            out: &mut Matrix<$element>,
        ) {
            copy_into(a, out);
            add_into(a, b, out);
            sub_into(a, b, out);
            mul_into(a, b, out);
        }
    )*};
}

floats! {
    elementwise_f64: f64;
    elementwise_f32: f32;
}

integers! {
    elementwise_i64: i64;
    elementwise_i32: i32;
}

/// Makes the instances for bytes.
#[inline(never)]
pub fn elementwise_u8(a: &Matrix<u8>, out: &mut Matrix<u8>) {
    copy_into(a, out);
}
