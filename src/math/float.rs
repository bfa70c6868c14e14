//! Which code computes a function of which type.

use super::{double, single};

/// `f32` or `f64`, for which all functions of this module are defined.
///
/// Sealed: no other type can implement it.
pub trait Float: Functions + Copy + Default + PartialOrd + Send + Sync + 'static {}

impl Float for f32 {}
impl Float for f64 {}

/// The functions. Of those with a parameter `ALL`, the one with `false` is right where the argument is moderate.
pub trait Functions: Sized {
    fn exp<const ALL: bool>(self) -> Self;
    fn exp2<const ALL: bool>(self) -> Self;
    fn expm1(self) -> Self;
    fn log<const ALL: bool>(self) -> Self;
    fn log2<const ALL: bool>(self) -> Self;
    fn log10<const ALL: bool>(self) -> Self;
    fn log1p<const ALL: bool>(self) -> Self;
    fn pow<const ALL: bool>(self, exponent: Self) -> Self;
    fn cbrt(self) -> Self;
    fn hypot(self, other: Self) -> Self;
    fn sin<const ALL: bool>(self) -> Self;
    fn cos<const ALL: bool>(self) -> Self;
    fn sin_cos<const ALL: bool>(self) -> (Self, Self);
    fn tan<const ALL: bool>(self) -> Self;
    fn asin(self) -> Self;
    fn acos(self) -> Self;
    fn atan(self) -> Self;
    fn atan2(self, other: Self) -> Self;
    fn sinh(self) -> Self;
    fn cosh(self) -> Self;
    fn tanh(self) -> Self;
    fn asinh(self) -> Self;
    fn acosh(self) -> Self;
    fn atanh(self) -> Self;
    fn erf(self) -> Self;
    fn erfc(self) -> Self;
    fn lgamma<const ALL: bool>(self) -> Self;
    fn expit(self) -> Self;
    fn log_expit(self) -> Self;
    fn softplus(self) -> Self;

    fn exp_is_moderate(self) -> bool;
    fn exp2_is_moderate(self) -> bool;
    fn log_is_moderate(self) -> bool;
    fn log1p_is_moderate(self) -> bool;
    fn pow_is_moderate(self, exponent: Self) -> bool;
    fn angle_is_moderate(self) -> bool;
    fn lgamma_is_moderate(self) -> bool;
}

/// Functions of a type that call functions of modules.
macro_rules! functions {
    ($($name:ident $(<$all:ident>)? ($x:ident $(, $y:ident)?) -> $output:ty = $body:expr;)*) => {$(
        #[inline(always)]
        fn $name $(<const $all: bool>)? (self $(, $y: Self)?) -> $output {
            let $x = self;
            $body
        }
    )*};
}

impl Functions for f64 {
    functions! {
        exp<ALL>(x) -> f64 = double::exponential::exp::<ALL>(x);
        exp2<ALL>(x) -> f64 = double::exponential::exp2::<ALL>(x);
        expm1(x) -> f64 = double::exponential::expm1(x);
        log<ALL>(x) -> f64 = double::logarithm::log::<ALL>(x);
        log2<ALL>(x) -> f64 = double::logarithm::log2::<ALL>(x);
        log10<ALL>(x) -> f64 = double::logarithm::log10::<ALL>(x);
        log1p<ALL>(x) -> f64 = double::logarithm::log1p::<ALL>(x);
        pow<ALL>(x, y) -> f64 = double::power::pow::<ALL>(x, y);
        cbrt(x) -> f64 = double::cubic::cbrt(x);
        hypot(x, y) -> f64 = double::cubic::hypot(x, y);
        sin<ALL>(x) -> f64 = double::trigonometric::sin::<ALL>(x);
        cos<ALL>(x) -> f64 = double::trigonometric::cos::<ALL>(x);
        sin_cos<ALL>(x) -> (f64, f64) = double::trigonometric::sin_cos::<ALL>(x);
        tan<ALL>(x) -> f64 = double::trigonometric::tan::<ALL>(x);
        asin(x) -> f64 = double::inverse::asin(x);
        acos(x) -> f64 = double::inverse::acos(x);
        atan(x) -> f64 = double::inverse::atan(x);
        atan2(y, x) -> f64 = double::inverse::atan2(y, x);
        sinh(x) -> f64 = double::hyperbolic::sinh(x);
        cosh(x) -> f64 = double::hyperbolic::cosh(x);
        tanh(x) -> f64 = double::hyperbolic::tanh(x);
        asinh(x) -> f64 = double::hyperbolic::asinh(x);
        acosh(x) -> f64 = double::hyperbolic::acosh(x);
        atanh(x) -> f64 = double::hyperbolic::atanh(x);
        erf(x) -> f64 = double::error::erf(x);
        erfc(x) -> f64 = double::error::erfc(x);
        lgamma<ALL>(x) -> f64 = double::gamma::lgamma::<ALL>(x);
        expit(x) -> f64 = double::logistic::expit(x);
        log_expit(x) -> f64 = double::logistic::log_expit(x);
        softplus(x) -> f64 = double::logistic::softplus(x);
        exp_is_moderate(x) -> bool = double::exponential::exp_is_moderate(x);
        exp2_is_moderate(x) -> bool = double::exponential::exp2_is_moderate(x);
        log_is_moderate(x) -> bool = double::logarithm::log_is_moderate(x);
        log1p_is_moderate(x) -> bool = double::logarithm::log1p_is_moderate(x);
        pow_is_moderate(x, y) -> bool = double::power::is_moderate(x, y);
        angle_is_moderate(x) -> bool = double::trigonometric::is_moderate(x);
        lgamma_is_moderate(x) -> bool = double::gamma::is_moderate(x);
    }
}

impl Functions for f32 {
    functions! {
        exp<ALL>(x) -> f32 = single::exponential::exp(x);
        exp2<ALL>(x) -> f32 = single::exponential::exp2(x);
        expm1(x) -> f32 = double::exponential::expm1(f64::from(x)) as f32;
        log<ALL>(x) -> f32 = single::logarithm::log::<ALL>(x);
        log2<ALL>(x) -> f32 = single::logarithm::log2::<ALL>(x);
        log10<ALL>(x) -> f32 = single::logarithm::log10::<ALL>(x);
        log1p<ALL>(x) -> f32 = single::logarithm::log1p::<ALL>(x);
        pow<ALL>(x, y) -> f32 = single::exponential::pow(x, y);
        cbrt(x) -> f32 = double::cubic::cbrt(f64::from(x)) as f32;
        hypot(x, y) -> f32 = double::cubic::short_hypot(f64::from(x), f64::from(y)) as f32;
        sin<ALL>(x) -> f32 = single::trigonometric::sin::<ALL>(x);
        cos<ALL>(x) -> f32 = single::trigonometric::cos::<ALL>(x);
        sin_cos<ALL>(x) -> (f32, f32) =
            (single::trigonometric::sin::<ALL>(x), single::trigonometric::cos::<ALL>(x));
        tan<ALL>(x) -> f32 = single::trigonometric::tan::<ALL>(x);
        asin(x) -> f32 = double::inverse::asin(f64::from(x)) as f32;
        acos(x) -> f32 = double::inverse::acos(f64::from(x)) as f32;
        atan(x) -> f32 = double::inverse::atan(f64::from(x)) as f32;
        atan2(y, x) -> f32 = double::inverse::atan2(f64::from(y), f64::from(x)) as f32;
        sinh(x) -> f32 = double::hyperbolic::sinh(f64::from(x)) as f32;
        cosh(x) -> f32 = double::hyperbolic::cosh(f64::from(x)) as f32;
        tanh(x) -> f32 = double::hyperbolic::tanh(f64::from(x)) as f32;
        asinh(x) -> f32 = double::hyperbolic::asinh(f64::from(x)) as f32;
        acosh(x) -> f32 = double::hyperbolic::acosh(f64::from(x)) as f32;
        atanh(x) -> f32 = double::hyperbolic::atanh(f64::from(x)) as f32;
        erf(x) -> f32 = double::error::erf(f64::from(x)) as f32;
        erfc(x) -> f32 = double::error::erfc(f64::from(x)) as f32;
        lgamma<ALL>(x) -> f32 = double::gamma::lgamma::<ALL>(f64::from(x)) as f32;
        expit(x) -> f32 = double::logistic::expit(f64::from(x)) as f32;
        log_expit(x) -> f32 = double::logistic::log_expit(f64::from(x)) as f32;
        softplus(x) -> f32 = double::logistic::softplus(f64::from(x)) as f32;
        exp_is_moderate(_x) -> bool = true;
        exp2_is_moderate(_x) -> bool = true;
        log_is_moderate(x) -> bool = single::logarithm::is_moderate(x);
        log1p_is_moderate(x) -> bool = single::logarithm::log1p_is_moderate(x);
        pow_is_moderate(_x, _y) -> bool = true;
        angle_is_moderate(x) -> bool = single::trigonometric::is_moderate(x);
        lgamma_is_moderate(x) -> bool = double::gamma::is_moderate(f64::from(x));
    }
}
