//! The functions, what they should be, and where they are interesting.

use core_math as right;
use ndarray_pool::math;

/// A function and the correctly rounded one.
pub struct Unary<T> {
    pub ours: fn(T) -> T,
    pub right: fn(T) -> T,
}

/// The same of two arguments.
pub struct Binary<T> {
    pub ours: fn(T, T) -> T,
    pub right: fn(T, T) -> T,
}

/// A function of one argument.
pub struct Function {
    pub name: &'static str,
    /// How far a result of `f64` may be from the correctly rounded one.
    pub bound: u64,
    pub double: Unary<f64>,
    pub single: Unary<f32>,
    /// Where half of the arguments lie.
    pub regions: &'static [(f64, f64)],
    /// Whether results of negative numbers below 1 are measured in units of the last place of 1: beside zeros of the
    /// function that are no numbers.
    pub has_zeros: bool,
}

macro_rules! functions {
    ($($name:ident, $bound:literal, $double:ident, $single:ident, $regions:expr $(, $zeros:literal)?;)*) => {
        &[$(Function {
            name: stringify!($name),
            bound: $bound,
            double: Unary { ours: math::$name, right: right::$double },
            single: Unary { ours: math::$name, right: right::$single },
            regions: &$regions,
            has_zeros: [$(stringify!($zeros),)? ""].len() > 1,
        }),*]
    };
}

macro_rules! pairs {
    ($($name:ident, $bound:literal, $double:ident, $single:ident;)*) => {
        &[$((
            stringify!($name),
            $bound,
            Binary { ours: math::$name, right: right::$double },
            Binary { ours: math::$name, right: right::$single },
        )),*]
    };
}

/// Name, bound, the functions of `core-math`, regions.
pub const FUNCTIONS: &[Function] = functions! {
    exp, 1, exp, expf, [(-750.0, 715.0), (-10.0, 10.0), (-746.0, -707.0), (709.0, 710.0)];
    exp2, 1, exp2, exp2f, [(-1080.0, 1030.0), (-10.0, 10.0), (-1076.0, -1020.0)];
    expm1, 1, expm1, expm1f, [(-50.0, 715.0), (-2.0, 2.0), (-40.0, 40.0), (709.0, 710.0)];
    log, 1, log, logf, [(0.0, 10.0), (0.5, 2.0), (0.9, 1.1), (0.0, 1e-307)];
    log2, 1, log2, log2f, [(0.0, 10.0), (0.5, 2.0), (0.9, 1.1), (0.0, 1e-307)];
    log10, 1, log10, log10f, [(0.0, 10.0), (0.5, 2.0), (0.9, 1.1), (0.0, 1e-307)];
    log1p, 1, log1p, log1pf, [(-1.0, 10.0), (-0.5, 1.0), (-0.1, 0.1), (-1.0, -0.99)];
    cbrt, 1, cbrt, cbrtf, [(0.0, 10.0), (0.5, 8.0), (-1e-307, 1e-307)];
    sin, 1, sin, sinf, [(-10.0, 10.0), (-1.0, 1.0), (-1e6, 1e6), (1e8, 1e10)];
    cos, 1, cos, cosf, [(-10.0, 10.0), (-1.0, 1.0), (-1e6, 1e6), (1e8, 1e10)];
    tan, 2, tan, tanf, [(-10.0, 10.0), (-1.0, 1.0), (-1e6, 1e6), (1e8, 1e10)];
    asin, 1, asin, asinf, [(-1.0, 1.0), (0.4, 0.6), (0.9, 1.0)];
    acos, 1, acos, acosf, [(-1.0, 1.0), (0.4, 0.6), (0.9, 1.0), (-1.0, -0.9)];
    atan, 1, atan, atanf, [(-1.0, 1.0), (-10.0, 10.0), (0.3, 0.5), (2.0, 3.0)];
    sinh, 1, sinh, sinhf, [(-1.0, 1.0), (-30.0, 30.0), (-711.0, 711.0)];
    cosh, 1, cosh, coshf, [(-1.0, 1.0), (-30.0, 30.0), (-711.0, 711.0)];
    tanh, 1, tanh, tanhf, [(-1.0, 1.0), (-5.0, 5.0), (-25.0, 25.0)];
    asinh, 1, asinh, asinhf, [(-1.0, 1.0), (-10.0, 10.0), (-1e9, 1e9)];
    acosh, 1, acosh, acoshf, [(1.0, 2.0), (1.0, 10.0), (1.0, 1e9)];
    atanh, 1, atanh, atanhf, [(-1.0, 1.0), (-0.1, 0.1), (0.9, 1.0)];
    erf, 1, erf, erff, [(-1.0, 1.0), (-6.0, 6.0), (0.8, 1.2)];
    erfc, 1, erfc, erfcf, [(-1.0, 1.0), (-6.0, 28.0), (0.0, 5.0)];
    lgamma, 2, lgamma, lgammaf, [(0.0, 1.0), (0.0, 5.0), (1.0, 3.0), (5.0, 200.0), (-10.0, 0.0), (-2.5, -2.4)], "zeros";
};

/// The functions of two arguments.
pub const PAIRS: &[(&str, u64, Binary<f64>, Binary<f32>)] = pairs! {
    pow, 2, pow, powf;
    hypot, 1, hypot, hypotf;
    atan2, 1, atan2, atan2f;
};
