//! Functions of single elements that not every type has.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use ndarray::{Dimension, RemoveAxis};
use ndarray_pool::kernel::*;
use ndarray_pool::math;
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
    A: Element + Float + FloatConst + Pow<A, Output = A> + Pow<i32, Output = A> + math::Float,
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
        _ => return functions(name, x, out) || signs(name, x, out),
    }
    true
}

/// Mathematical functions: of one number, or of two.
fn functions<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + math::Float,
    D: Dimension,
{
    match name {
        "exp_into" => exp_into(&x.array(0), &mut out.array()),
        "exp_inplace" => exp_inplace(&mut out.array()),
        "exp2_into" => exp2_into(&x.array(0), &mut out.array()),
        "exp2_inplace" => exp2_inplace(&mut out.array()),
        "expm1_into" => expm1_into(&x.array(0), &mut out.array()),
        "expm1_inplace" => expm1_inplace(&mut out.array()),
        "expit_into" => expit_into(&x.array(0), &mut out.array()),
        "expit_inplace" => expit_inplace(&mut out.array()),
        "log_expit_into" => log_expit_into(&x.array(0), &mut out.array()),
        "log_expit_inplace" => log_expit_inplace(&mut out.array()),
        "softplus_into" => softplus_into(&x.array(0), &mut out.array()),
        "softplus_inplace" => softplus_inplace(&mut out.array()),
        "log_into" => log_into(&x.array(0), &mut out.array()),
        "log_inplace" => log_inplace(&mut out.array()),
        "log2_into" => log2_into(&x.array(0), &mut out.array()),
        "log2_inplace" => log2_inplace(&mut out.array()),
        "log10_into" => log10_into(&x.array(0), &mut out.array()),
        "log10_inplace" => log10_inplace(&mut out.array()),
        "log1p_into" => log1p_into(&x.array(0), &mut out.array()),
        "log1p_inplace" => log1p_inplace(&mut out.array()),
        "cbrt_into" => cbrt_into(&x.array(0), &mut out.array()),
        "cbrt_inplace" => cbrt_inplace(&mut out.array()),
        "sin_into" => sin_into(&x.array(0), &mut out.array()),
        "sin_inplace" => sin_inplace(&mut out.array()),
        "cos_into" => cos_into(&x.array(0), &mut out.array()),
        "cos_inplace" => cos_inplace(&mut out.array()),
        "tan_into" => tan_into(&x.array(0), &mut out.array()),
        "tan_inplace" => tan_inplace(&mut out.array()),
        "arcsin_into" => arcsin_into(&x.array(0), &mut out.array()),
        "arcsin_inplace" => arcsin_inplace(&mut out.array()),
        "arccos_into" => arccos_into(&x.array(0), &mut out.array()),
        "arccos_inplace" => arccos_inplace(&mut out.array()),
        "arctan_into" => arctan_into(&x.array(0), &mut out.array()),
        "arctan_inplace" => arctan_inplace(&mut out.array()),
        "sinh_into" => sinh_into(&x.array(0), &mut out.array()),
        "sinh_inplace" => sinh_inplace(&mut out.array()),
        "cosh_into" => cosh_into(&x.array(0), &mut out.array()),
        "cosh_inplace" => cosh_inplace(&mut out.array()),
        "tanh_into" => tanh_into(&x.array(0), &mut out.array()),
        "tanh_inplace" => tanh_inplace(&mut out.array()),
        "arcsinh_into" => arcsinh_into(&x.array(0), &mut out.array()),
        "arcsinh_inplace" => arcsinh_inplace(&mut out.array()),
        "arccosh_into" => arccosh_into(&x.array(0), &mut out.array()),
        "arccosh_inplace" => arccosh_inplace(&mut out.array()),
        "arctanh_into" => arctanh_into(&x.array(0), &mut out.array()),
        "arctanh_inplace" => arctanh_inplace(&mut out.array()),
        "erf_into" => erf_into(&x.array(0), &mut out.array()),
        "erf_inplace" => erf_inplace(&mut out.array()),
        "erfc_into" => erfc_into(&x.array(0), &mut out.array()),
        "erfc_inplace" => erfc_inplace(&mut out.array()),
        "lgamma_into" => lgamma_into(&x.array(0), &mut out.array()),
        "lgamma_inplace" => lgamma_inplace(&mut out.array()),
        "float_power_into" => float_power_into(&x.array(0), &x.array(1), &mut out.array()),
        "hypot_into" => hypot_into(&x.array(0), &x.array(1), &mut out.array()),
        "arctan2_into" => arctan2_into(&x.array(0), &x.array(1), &mut out.array()),
        _ => return false,
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
