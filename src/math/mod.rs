//! Mathematical functions.
mod constants;
mod double;
mod float;
mod single;

pub use float::Float;

macro_rules! functions {
    ($($name:ident $(<$all:literal>)? ($x:ident $(, $y:ident)?);)*) => {$(
        #[inline(always)]
        pub fn $name<F: Float>($x: F $(, $y: F)?) -> F {
            F::$name $(::<$all>)? ($x $(, $y)?)
        }
    )*};
}
functions! { exp<true>(x); exp2<true>(x); expm1(x); log<true>(x); log2<true>(x); log10<true>(x); log1p<true>(x); pow<true>(x, y); cbrt(x); hypot(x, y); sin<true>(x); cos<true>(x); tan<true>(x); asin(x); acos(x); atan(x); atan2(y, x); sinh(x); cosh(x); tanh(x); asinh(x); acosh(x); atanh(x); }
