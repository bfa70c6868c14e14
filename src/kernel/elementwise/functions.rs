//! Mathematical functions: what their kernels have in common.
use ndarray::{ArrayRef, Dimension};
use crate::kernel::engine::check;
use crate::kernel::engine::map::by_slices::{self, Elementwise};
use crate::math::Float;

macro_rules! of_one {
    ($($(#[$meta:meta])* $into:ident, $inplace:ident, $Op:ident, $f:ident $(<$all:ident>)? $(, $is_moderate:ident)?;)*) => {$(
        struct $Op;
        impl<A: Float> Elementwise<1, A> for $Op {
            const HAS_RARE: bool = false $(|| { let _ = A::$is_moderate; true })?;
            #[inline(always)]
            fn is_moderate([_x]: [A; 1]) -> bool { true $(&& A::$is_moderate(_x))? }
            #[inline(always)]
            fn moderate([x]: [A; 1]) -> A { of_one!(@moderate A, $f, x $(, $all)?) }
            #[inline(always)]
            fn any([x]: [A; 1]) -> A { crate::math::$f(x) }
        }
        $(#[$meta])*
        #[track_caller]
        pub fn $into<A: Float, D1: Dimension, D: Dimension>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>) {
            by_slices::write([check::broadcast(stringify!($into), "a", a, out)], out, by_slices::of_slices::<1, A, $Op>);
        }
        pub fn $inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
            by_slices::change(a, by_slices::of_slices::<1, A, $Op>);
        }
    )*};
    (@moderate $A:ident, $f:ident, $x:ident, $all:ident) => { $A::$f::<false>($x) };
    (@moderate $A:ident, $f:ident, $x:ident) => { $A::$f($x) };
}
of_one! {
    exp_into, exp_inplace, Exp, exp<ALL>, exp_is_moderate;
    exp2_into, exp2_inplace, Exp2, exp2<ALL>, exp2_is_moderate;
    expm1_into, expm1_inplace, Expm1, expm1;
    log_into, log_inplace, Log, log<ALL>, log_is_moderate;
    log2_into, log2_inplace, Log2, log2<ALL>, log_is_moderate;
    log10_into, log10_inplace, Log10, log10<ALL>, log_is_moderate;
    log1p_into, log1p_inplace, Log1p, log1p<ALL>, log1p_is_moderate;
    cbrt_into, cbrt_inplace, Cbrt, cbrt;
    sin_into, sin_inplace, Sin, sin<ALL>, angle_is_moderate;
    cos_into, cos_inplace, Cos, cos<ALL>, angle_is_moderate;
    tan_into, tan_inplace, Tan, tan<ALL>, angle_is_moderate;
    arcsin_into, arcsin_inplace, Arcsin, asin;
    arccos_into, arccos_inplace, Arccos, acos;
    arctan_into, arctan_inplace, Arctan, atan;
    sinh_into, sinh_inplace, Sinh, sinh;
    cosh_into, cosh_inplace, Cosh, cosh;
    tanh_into, tanh_inplace, Tanh, tanh;
    arcsinh_into, arcsinh_inplace, Arcsinh, asinh;
    arccosh_into, arccosh_inplace, Arccosh, acosh;
    arctanh_into, arctanh_inplace, Arctanh, atanh;
}
