//! Functions of one number, and those with two results of one.

use ndarray_pool::kernel::*;

use super::ufuncs::{listed, same};

macro_rules! floats {
    ($float:ident) => {
        type F = $float;
        listed!("absolute", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::abs));
        listed!("arccos", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            arccos_into(&a, &mut out));
        listed!("arcsin", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            arcsin_into(&a, &mut out));
        listed!("arctan", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            arctan_into(&a, &mut out));
        listed!("around", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::round_ties_even));
        listed!("cbrt", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            cbrt_into(&a, &mut out));
        listed!("ceil", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::ceil));
        listed!("cos", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            cos_into(&a, &mut out));
        listed!("cosh", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            cosh_into(&a, &mut out));
        listed!("deg2rad", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::to_radians));
        listed!("degrees", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::to_degrees));
        listed!("exp", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            exp_into(&a, &mut out));
        listed!("exp2", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            exp2_into(&a, &mut out));
        listed!("expm1", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            expm1_into(&a, &mut out));
        listed!("fabs", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::abs));
        listed!("fix", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::trunc));
        listed!("floor", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::floor));
        listed!("isfinite", "F" within 0, (a: F = "unary.F.a") -> (out: bool),
            map_into(&a, &mut out, F::is_finite));
        listed!("isinf", "F" within 0, (a: F = "unary.F.a") -> (out: bool),
            map_into(&a, &mut out, F::is_infinite));
        listed!("isnan", "F" within 0, (a: F = "unary.F.a") -> (out: bool),
            map_into(&a, &mut out, F::is_nan));
        listed!("isneginf", "F" within 0, (a: F = "unary.F.a") -> (out: bool),
            map_into(&a, &mut out, |x: F| x == F::NEG_INFINITY));
        listed!("isposinf", "F" within 0, (a: F = "unary.F.a") -> (out: bool),
            map_into(&a, &mut out, |x: F| x == F::INFINITY));
        listed!("log", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            log_into(&a, &mut out));
        listed!("log10", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            log10_into(&a, &mut out));
        listed!("log1p", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            log1p_into(&a, &mut out));
        listed!("log2", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            log2_into(&a, &mut out));
        listed!("negative", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, |x: F| -x));
        listed!("positive", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            copy_into(&a, &mut out));
        listed!("rad2deg", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::to_degrees));
        listed!("radians", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::to_radians));
        listed!("reciprocal", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::recip));
        listed!("rint", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::round_ties_even));
        listed!("round", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::round_ties_even));
        listed!("sign", "F" within 0, (a: F = "unary.F.a") -> (out: F), sign_into(&a, &mut out));
        listed!("signbit", "F" within 0, (a: F = "unary.F.a") -> (out: bool),
            map_into(&a, &mut out, F::is_sign_negative));
        listed!("sin", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            sin_into(&a, &mut out));
        listed!("sinh", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            sinh_into(&a, &mut out));
        listed!("spacing", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out,
                |x: F| if x < 0.0 { x.next_down() - x } else { x.next_up() - x }));
        listed!("sqrt", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::sqrt));
        listed!("square", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, |x: F| x * x));
        listed!("tan", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            tan_into(&a, &mut out));
        listed!("tanh", "F" within 2, (a: F = "unary.F.a") -> (out: F),
            tanh_into(&a, &mut out));
        listed!("trunc", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, F::trunc));

        listed!("modf", "F" within 0, (a: F = "unary.F.a") -> (fraction: F, whole: F),
            modf_into(&a, &mut fraction, &mut whole));
        listed!("frexp", "F" within 0, (a: F = "unary.F.a") -> (mantissa: F, exponent: i32),
            frexp_into(&a, &mut mantissa, &mut exponent));
        same!("round_2", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, |x: F| (x * 100.0).round_ties_even() / 100.0));
        same!("around_2", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            map_into(&a, &mut out, |x: F| (x * 100.0).round_ties_even() / 100.0));
        let (min, max) = (-1.0, 0.5);
        same!("clip", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            clamp_into(&a, min, max, &mut out));
        same!("clip", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            { copy_into(&a, &mut out); clamp_inplace(&mut out, min, max) });
        same!("clip_crossed", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            clamp_into(&a, 2.0, -2.0, &mut out));
        same!("clip_nan", "F" within 0, (a: F = "unary.F.a") -> (out: F),
            clamp_into(&a, F::NAN, 2.0, &mut out));
        same!("where", "F" within 0, (a: F = "unary.F.a") -> (out: F), {
            let cond = a.mapv(|x| x > 0.0);
            where_into(&cond, &a, &ndarray::aview0(&-3.0), &mut out)
        });
    };
}

#[test]
fn floats_of_64_bits() {
    floats!(f64);
    // std's own lose digits near 1, and overflow at half of the greatest number.
    listed!("arccosh", "f64" within 2, (a: F = "unary.F.a") -> (out: F),
        arccosh_into(&a, &mut out));
    listed!("arcsinh", "f64" within 2, (a: F = "unary.F.a") -> (out: F),
        arcsinh_into(&a, &mut out));
    listed!("arctanh", "f64" within 2, (a: F = "unary.F.a") -> (out: F),
        arctanh_into(&a, &mut out));
}

#[test]
fn floats_of_32_bits() {
    floats!(f32);
    same!("arccosh", "f32" within 2, (a: F = "unary.F.a") -> (out: F),
        arccosh_into(&a, &mut out));
    same!("arcsinh", "f32" within 2, (a: F = "unary.F.a") -> (out: F),
        arcsinh_into(&a, &mut out));
    same!("arctanh", "f32" within 2, (a: F = "unary.F.a") -> (out: F),
        arctanh_into(&a, &mut out));
}

macro_rules! integers {
    ($integer:ident) => {
        type F = $integer;
        listed!("invert", "F" within 0, (a: F = "integers.F.a") -> (out: F),
            invert_into(&a, &mut out));
        same!("sign", "F" within 0, (a: F = "integers.F.a") -> (out: F), sign_into(&a, &mut out));
    };
}

#[test]
fn integers() {
    {
        integers!(i32);
        listed!("bitwise_count", "i32" within 0, (a: i32 = "integers.i32.a") -> (out: u8),
            map_into(&a, &mut out, |x: i32| x.unsigned_abs().count_ones() as u8));
    }
    {
        integers!(u8);
        same!("bitwise_count", "u8" within 0, (a: u8 = "integers.u8.a") -> (out: u8),
            map_into(&a, &mut out, |x: u8| x.count_ones() as u8));
    }
}

#[test]
fn truth_and_dates() {
    type F = f64;
    listed!("logical_not", "bool" within 0, (a: bool = "bools.bool.a") -> (out: bool),
        logical_not_into(&a, &mut out));
    same!("invert", "bool" within 0, (a: bool = "bools.bool.a") -> (out: bool),
        invert_into(&a, &mut out));
    listed!("isnat", "i64" within 0, (a: i64 = "dates.i64.a") -> (out: bool),
        map_into(&a, &mut out, |t: i64| t == i64::MIN));
}

#[cfg(feature = "complex")]
#[test]
fn complex_numbers() {
    use num_complex::Complex;
    type F = f64;
    type C = Complex<f64>;
    listed!("conjugate", "c64" within 0, (a: C = "complexes.c64.a") -> (out: C),
        map_into(&a, &mut out, |z: Complex<f64>| z.conj()));
    same!("absolute", "c64" within 1, (a: C = "complexes.c64.a") -> (out: F),
        map_into(&a, &mut out, |z: Complex<f64>| z.norm()));
    same!("negative", "c64" within 0, (a: C = "complexes.c64.a") -> (out: C),
        map_into(&a, &mut out, |z: C| -z));
    same!("positive", "c64" within 0, (a: C = "complexes.c64.a") -> (out: C),
        copy_into(&a, &mut out));
}
