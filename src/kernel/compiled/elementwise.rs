//! Elementwise kernels. Each instance costs a build of this crate some 0.6 seconds of CPU, so what is seldom used with an
//! element type is left to the programs that use it.

use ndarray::{ArrayRef, Ix2};

use crate::kernel::{
    add_into, axpby_into, copy_into, div_into, less_into, maximum_into, minimum_into, mul_into,
    sub_into, where_into,
};

type Matrix<A> = ArrayRef<A, Ix2>;

macro_rules! floats {
    ($($name:ident: $element:ty;)*) => {$(
        #[inline(never)]
        pub fn $name(a: &Matrix<$element>, b: &Matrix<$element>, out: &mut Matrix<$element>) {
            copy_into(a, out);
            add_into(a, b, out);
            sub_into(a, b, out);
            mul_into(a, b, out);
            axpby_into(a, b, 1.0, 1.0, out);
        }
    )*};
}

macro_rules! integers {
    ($($name:ident: $element:ty;)*) => {$(
        #[inline(never)]
        pub fn $name(
            a: &Matrix<$element>,
            b: &Matrix<$element>,
            out: &mut Matrix<$element>,
        ) {
            copy_into(a, out);
            add_into(a, b, out);
        }
    )*};
}

floats! {
    of_f64: f64;
    of_f32: f32;
}

integers! {
    of_i64: i64;
    of_i32: i32;
}

#[inline(never)]
pub fn of_u8(a: &Matrix<u8>, out: &mut Matrix<u8>) {
    copy_into(a, out);
}

#[inline(never)]
pub fn more_of_f64(
    a: &Matrix<f64>,
    b: &Matrix<f64>,
    out: &mut Matrix<f64>,
    holds: &mut Matrix<bool>,
) {
    div_into(a, b, out);
    maximum_into(a, b, out);
    minimum_into(a, b, out);
    less_into(a, b, holds);
    where_into(holds, a, b, out);
}
