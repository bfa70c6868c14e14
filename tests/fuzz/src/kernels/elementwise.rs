//! Functions of single elements that not every type has.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use ndarray::{Dimension, RemoveAxis};
use ndarray_pool::kernel::*;
use num_complex::Complex;
use num_traits::{
    CheckedShl, CheckedShr, Float, FloatConst, One, Pow, PrimInt, WrappingShl, WrappingShr, Zero,
};

use crate::case::{Element, In, Out};

pub fn remainders<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + FloorDiv,
    D: Dimension,
{
    match name {
        "remainder_into" => remainder_into(&x.array(0), &x.array(1), &mut out.array()),
        "fmod_into" => fmod_into(&x.array(0), &x.array(1), &mut out.array()),
        "floor_divide_into" => floor_divide_into(&x.array(0), &x.array(1), &mut out.array()),
        "divmod_into" => {
            let (mut quotient, mut remainder) = out.pair::<A, A>();
            divmod_into(&x.array(0), &x.array(1), &mut quotient, &mut remainder);
        }
        _ => return false,
    }
    true
}

pub fn signs<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + PartialOrd + Zero + One + std::ops::Sub<Output = A>,
    D: Dimension,
{
    if name != "sign_into" {
        return false;
    }
    sign_into(&x.array(0), &mut out.array());
    true
}

pub fn floats<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + Float + FloatConst + Pow<A, Output = A> + Pow<i32, Output = A>,
    D: Dimension,
{
    match name {
        "lerp_into" => lerp_into(&x.array(0), &x.array(1), x.number(2), &mut out.array()),
        "lerp_inplace" => lerp_inplace(&mut out.array(), &x.array(0), x.number(1)),
        "power_into" => power_into(&x.array(0), &x.array(1), &mut out.array()),
        "power_into:i32" => power_into(&x.array(0), &x.of::<i32>(1), &mut out.array()),
        "logaddexp_into" => logaddexp_into(&x.array(0), &x.array(1), &mut out.array()),
        "logaddexp2_into" => logaddexp2_into(&x.array(0), &x.array(1), &mut out.array()),
        "modf_into" => {
            let (mut fraction, mut whole) = out.pair::<A, A>();
            modf_into(&x.array(0), &mut fraction, &mut whole);
        }
        "frexp_into" => {
            let (mut mantissa, mut exponent) = out.pair::<A, i32>();
            frexp_into(&x.array(0), &mut mantissa, &mut exponent);
        }
        _ => return signs(name, x, out),
    }
    true
}

pub fn integers<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element
        + PrimInt
        + CheckedShl
        + CheckedShr
        + WrappingShl
        + WrappingShr
        + Pow<u32, Output = A>,
    D: Dimension,
{
    match name {
        "left_shift_into" => left_shift_into(&x.array(0), &x.of(1), &mut out.array()),
        "right_shift_into" => right_shift_into(&x.array(0), &x.of(1), &mut out.array()),
        "power_into" => power_into(&x.array(0), &x.of::<u32>(1), &mut out.array()),
        _ => return bits(name, x, out),
    }
    true
}

pub fn bits<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + BitAnd<Output = A> + BitOr<Output = A> + BitXor<Output = A> + Not<Output = A>,
    D: Dimension,
{
    match name {
        "bitwise_and_into" => bitwise_and_into(&x.array(0), &x.array(1), &mut out.array()),
        "bitwise_or_into" => bitwise_or_into(&x.array(0), &x.array(1), &mut out.array()),
        "bitwise_xor_into" => bitwise_xor_into(&x.array(0), &x.array(1), &mut out.array()),
        "invert_into" => invert_into(&x.array(0), &mut out.array()),
        _ => return false,
    }
    true
}

pub fn truths<D: Dimension>(name: &str, x: &In<'_, bool, D>, out: &mut Out<'_, bool, D>) -> bool {
    match name {
        "logical_and_into" => logical_and_into(&x.array(0), &x.array(1), &mut out.array()),
        "logical_or_into" => logical_or_into(&x.array(0), &x.array(1), &mut out.array()),
        "logical_xor_into" => logical_xor_into(&x.array(0), &x.array(1), &mut out.array()),
        "logical_not_into" => logical_not_into(&x.array(0), &mut out.array()),
        "whole::any" => out.number(whole::any(&x.array(0))),
        "whole::all" => out.number(whole::all(&x.array(0))),
        _ => return false,
    }
    true
}

pub fn truths_axes<D: RemoveAxis>(
    name: &str,
    x: &In<'_, bool, D>,
    out: &mut Out<'_, bool, D>,
) -> bool {
    match name {
        "any_axis_into" => any_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "all_axis_into" => all_axis_into(&x.array(0), x.axis(), &mut out.any()),
        _ => return false,
    }
    true
}

pub fn complex_powers<T, D>(
    name: &str,
    x: &In<'_, Complex<T>, D>,
    out: &mut Out<'_, Complex<T>, D>,
) -> bool
where
    T: Element,
    Complex<T>: Pow<Complex<T>, Output = Complex<T>> + Pow<T, Output = Complex<T>>,
    D: Dimension,
{
    match name {
        "power_into" => power_into(&x.array(0), &x.array(1), &mut out.array()),
        "power_into:real" => power_into(&x.array(0), &x.of::<T>(1), &mut out.array()),
        _ => return false,
    }
    true
}
