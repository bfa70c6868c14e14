//! Functions of two numbers: a column and a row of them, which broadcast.

use ndarray::Axis;
use ndarray_pool::kernel::*;

use super::ufuncs::{listed, same};

macro_rules! floats {
    ($float:ident) => {
        type F = $float;
        listed!("add", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            add_into(&a, &b, &mut out));
        listed!("arctan2", "F" within 2, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            arctan2_into(&a, &b, &mut out));
        listed!("copysign", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            zip_map_into(&a, &b, &mut out, F::copysign));
        listed!("divide", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            div_into(&a, &b, &mut out));
        listed!("equal", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: bool),
            equal_into(&a, &b, &mut out));
        listed!("floor_divide", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            floor_divide_into(&a, &b, &mut out));
        listed!("fmax", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            fmax_into(&a, &b, &mut out));
        listed!("fmin", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            fmin_into(&a, &b, &mut out));
        listed!("fmod", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            fmod_into(&a, &b, &mut out));
        listed!("greater", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: bool),
            greater_into(&a, &b, &mut out));
        listed!("greater_equal", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: bool),
            greater_equal_into(&a, &b, &mut out));
        listed!("heaviside", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            heaviside_into(&a, &b, &mut out));
        listed!("hypot", "F" within 2, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            hypot_into(&a, &b, &mut out));
        listed!("less", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: bool),
            less_into(&a, &b, &mut out));
        listed!("less_equal", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: bool),
            less_equal_into(&a, &b, &mut out));
        listed!("logaddexp", "F" within 2, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            logaddexp_into(&a, &b, &mut out));
        listed!("logaddexp2", "F" within 2, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            logaddexp2_into(&a, &b, &mut out));
        listed!("maximum", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            maximum_into(&a, &b, &mut out));
        listed!("minimum", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            minimum_into(&a, &b, &mut out));
        listed!("multiply", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            mul_into(&a, &b, &mut out));
        listed!("not_equal", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: bool),
            not_equal_into(&a, &b, &mut out));
        listed!("power", "F" within 2, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            power_into(&a, &b, &mut out));
        listed!("remainder", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            remainder_into(&a, &b, &mut out));
        listed!("subtract", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            sub_into(&a, &b, &mut out));

        listed!("divmod", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (quotient: F, remainder: F),
            divmod_into(&a, &b, &mut quotient, &mut remainder));
        same!("lerp", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            lerp_into(&a, &b, 0.3, &mut out));
        same!("lerp_late", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
            lerp_into(&a, &b, 0.7, &mut out));
        same!("lerp", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F), {
            copy_into(&a, &mut out);
            lerp_inplace(&mut out, &b, 0.3)
        });
        same!("maximum", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F), {
            copy_into(&a, &mut out);
            maximum_inplace(&mut out, &b)
        });
        same!("minimum", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F), {
            copy_into(&a, &mut out);
            minimum_inplace(&mut out, &b)
        });
        same!("outer", "F" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F), {
            let (a, b) = (a.index_axis(Axis(1), 0), b.index_axis(Axis(0), 0));
            mul_into(&a.view().insert_axis(Axis(1)), &b, &mut out)
        });
    };
}

#[test]
fn floats_of_64_bits() {
    floats!(f64);
    listed!("float_power", "f64" within 2, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
        float_power_into(&a, &b, &mut out));
    listed!("nextafter", "f64" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
        zip_map_into(&a, &b, &mut out, libm::nextafter));
    listed!("ldexp", "f64" within 0, (a: F = "binary.F.a", b: i32 = "ldexp.F.n") -> (out: F),
        zip_map_into(&a, &b, &mut out, libm::ldexp));
}

#[test]
fn floats_of_32_bits() {
    floats!(f32);
    same!("nextafter", "f32" within 0, (a: F = "binary.F.a", b: F = "binary.F.b") -> (out: F),
        zip_map_into(&a, &b, &mut out, libm::nextafterf));
    same!("ldexp", "f32" within 0, (a: F = "binary.F.a", b: i32 = "ldexp.F.n") -> (out: F),
        zip_map_into(&a, &b, &mut out, libm::ldexpf));
}

macro_rules! integers {
    ($integer:ident) => {
        type F = $integer;
        listed!("bitwise_and", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: F),
            bitwise_and_into(&a, &b, &mut out));
        listed!("bitwise_or", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: F),
            bitwise_or_into(&a, &b, &mut out));
        listed!("bitwise_xor", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: F),
            bitwise_xor_into(&a, &b, &mut out));
        same!("maximum", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: F),
            maximum_into(&a, &b, &mut out));
        same!("minimum", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: F),
            minimum_into(&a, &b, &mut out));
        same!("equal", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: bool),
            equal_into(&a, &b, &mut out));
        same!("less", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: bool),
            less_into(&a, &b, &mut out));
        same!("greater_equal", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.b") -> (out: bool),
            greater_equal_into(&a, &b, &mut out));
        same!("floor_divide", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.divisors") -> (out: F),
            floor_divide_into(&a, &b, &mut out));
        same!("remainder", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.divisors") -> (out: F),
            remainder_into(&a, &b, &mut out));
        same!("fmod", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.divisors") -> (out: F),
            fmod_into(&a, &b, &mut out));
        same!("divmod", "F" within 0, (a: F = "integers.F.a", b: F = "integers.F.divisors") -> (quotient: F, remainder: F),
            divmod_into(&a, &b, &mut quotient, &mut remainder));
        listed!("left_shift", "F" within 0, (a: F = "integers.F.a", b: u32 = "integers.F.counts") -> (out: F),
            left_shift_into(&a, &b, &mut out));
        listed!("right_shift", "F" within 0, (a: F = "integers.F.a", b: u32 = "integers.F.counts") -> (out: F),
            right_shift_into(&a, &b, &mut out));
        same!("power", "F" within 0, (a: F = "powers.F.a", b: u32 = "powers.F.b") -> (out: F),
            power_into(&a, &b, &mut out));
    };
}

#[test]
fn signed_integers() {
    integers!(i32);
    // NumPy's results stop short of the least and greatest integers, whose multiples no integer holds.
    listed!("gcd", "i32" within 0, (a: F = "gcd.i32.a", b: F = "gcd.i32.b") -> (out: F),
        zip_map_into(&a, &b, &mut out, num_integer::gcd));
    listed!("lcm", "i32" within 0, (a: F = "lcm.i32.a", b: F = "lcm.i32.b") -> (out: F),
        zip_map_into(&a, &b, &mut out, num_integer::lcm));
}

#[test]
fn unsigned_integers() {
    integers!(u8);
    same!("gcd", "u8" within 0, (a: F = "gcd.u8.a", b: F = "gcd.u8.b") -> (out: F),
        zip_map_into(&a, &b, &mut out, num_integer::gcd));
}

#[test]
fn truth() {
    type F = f64;
    listed!("logical_and", "bool" within 0, (a: bool = "bools.bool.a", b: bool = "bools.bool.b") -> (out: bool),
        logical_and_into(&a, &b, &mut out));
    listed!("logical_or", "bool" within 0, (a: bool = "bools.bool.a", b: bool = "bools.bool.b") -> (out: bool),
        logical_or_into(&a, &b, &mut out));
    listed!("logical_xor", "bool" within 0, (a: bool = "bools.bool.a", b: bool = "bools.bool.b") -> (out: bool),
        logical_xor_into(&a, &b, &mut out));
    same!("bitwise_and", "bool" within 0, (a: bool = "bools.bool.a", b: bool = "bools.bool.b") -> (out: bool),
        bitwise_and_into(&a, &b, &mut out));
    same!("equal", "bool" within 0, (a: bool = "bools.bool.a", b: bool = "bools.bool.b") -> (out: bool),
        equal_into(&a, &b, &mut out));
}

#[cfg(feature = "complex")]
#[test]
fn complex_numbers() {
    use num_complex::Complex;
    type F = f64;
    type C = Complex<f64>;
    let factor = C::new(2.0, -3.0);
    same!("multiply", "c64" within 1, (a: C = "complexes.c64.b") -> (out: C),
        mul_into(&a, &ndarray::aview0(&factor), &mut out));
    same!("equal", "c64" within 0, (a: C = "complexes.c64.a") -> (out: bool),
        equal_into(&a, &a.t(), &mut out));
}
