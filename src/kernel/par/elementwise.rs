//! Functions of elements: tables of names and arguments.

use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Not, Sub};

use ndarray::{ArrayRef, Dimension};
use num_traits::{Float, One, Zero};

use crate::kernel;
use crate::kernel::engine::check;
use crate::kernel::engine::pieces::{self, Work};
use crate::math;

/// Kernels that write a function of the elements of their inputs, which are broadcast to the shape of `out`:
/// `Work: name<element types: their bounds>(input: type [rank], …; parameter: type, …) -> output type;`
macro_rules! into {
    ($($work:ident: $name:ident<$($A:ident: [$($bound:tt)*]),*>
        ($($in:ident: $from:ty [$D:ident]),+ $(; $($parameter:ident: $type:ty),+)?) -> $to:ty;)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](kernel::", stringify!($name), ") on all cores.")]
        ///
        /// The same bits on any number of threads; [`par`](crate::kernel::par) has what holds for all such kernels.
        #[track_caller]
        pub fn $name<$($A,)* $($D,)+ D>(
            $($in: &ArrayRef<$from, $D>,)+
            $($($parameter: $type,)+)?
            out: &mut ArrayRef<$to, D>,
        ) where
            $($A: Copy + Send + Sync + 'static + $($bound)*,)*
            $($D: Dimension,)+
            D: Dimension,
        {
            $(let $in = check::broadcast(concat!("par::", stringify!($name)), stringify!($in), $in, out);)+
            let Some(least) = Work::$work.pieces_of(out.len()) else {
                return kernel::$name($(&$in,)+ $($($parameter,)+)? out);
            };
            pieces::each(
                stringify!($name),
                least,
                None,
                (out.view_mut(), into!(@list $($in)+)),
                |(mut out, into!(@list $($in)+))| {
                    kernel::$name($(&$in,)+ $($($parameter,)+)? &mut out);
                },
            );
        }
    )+};
    (@list) => { () };
    (@list $first:ident $($more:ident)*) => { ($first, into!(@list $($more)*)) };
}

/// Kernels that change their first argument: `Work: name<…>(argument: type; input: type [rank]; parameter: type, …);`
macro_rules! inplace {
    ($($work:ident: $name:ident<$A:ident: [$($bound:tt)*]>
        ($a:ident $(, $in:ident [$D:ident])? $(; $($parameter:ident: $type:ty),+)?);)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](kernel::", stringify!($name), ") on all cores.")]
        ///
        /// The same bits on any number of threads; [`par`](crate::kernel::par) has what holds for all such kernels.
        #[track_caller]
        pub fn $name<$A, $($D,)? D>(
            $a: &mut ArrayRef<$A, D>,
            $($in: &ArrayRef<$A, $D>,)?
            $($($parameter: $type,)+)?
        ) where
            $A: Copy + Send + Sync + 'static + $($bound)*,
            $($D: Dimension,)?
            D: Dimension,
        {
            $(let $in = check::broadcast_to(
                concat!("par::", stringify!($name)),
                (stringify!($in), $in),
                (stringify!($a), $a),
            );)?
            let Some(least) = Work::$work.pieces_of($a.len()) else {
                return kernel::$name($a, $(&$in,)? $($($parameter,)+)?);
            };
            pieces::each(
                stringify!($name),
                least,
                None,
                ($a.view_mut(), into!(@list $($in)?)),
                |(mut $a, into!(@list $($in)?))| {
                    kernel::$name(&mut $a, $(&$in,)? $($($parameter,)+)?);
                },
            );
        }
    )+};
}

into! {
    Moving: copy_into<A: []>(a: A [D1]) -> A;
    Moving: add_into<A: [Add<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: sub_into<A: [Sub<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: mul_into<A: [Mul<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: div_into<A: [Div<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: axpby_into<A: [Add<Output = A> + Mul<Output = A>]>(a: A [D1], b: A [D2]; alpha: A, beta: A) -> A;
    Moving: equal_into<A: [PartialEq]>(a: A [D1], b: A [D2]) -> bool;
    Moving: not_equal_into<A: [PartialEq]>(a: A [D1], b: A [D2]) -> bool;
    Moving: less_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> bool;
    Moving: less_equal_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> bool;
    Moving: greater_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> bool;
    Moving: greater_equal_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> bool;
    Moving: logical_and_into<>(a: bool [D1], b: bool [D2]) -> bool;
    Moving: logical_or_into<>(a: bool [D1], b: bool [D2]) -> bool;
    Moving: logical_xor_into<>(a: bool [D1], b: bool [D2]) -> bool;
    Moving: logical_not_into<>(a: bool [D1]) -> bool;
    Moving: bitwise_and_into<A: [BitAnd<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: bitwise_or_into<A: [BitOr<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: bitwise_xor_into<A: [BitXor<Output = A>]>(a: A [D1], b: A [D2]) -> A;
    Moving: invert_into<A: [Not<Output = A>]>(a: A [D1]) -> A;
    Moving: maximum_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> A;
    Moving: minimum_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> A;
    Moving: fmax_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> A;
    Moving: fmin_into<A: [PartialOrd]>(a: A [D1], b: A [D2]) -> A;
    Moving: clamp_into<A: [PartialOrd]>(a: A [D1]; min: A, max: A) -> A;
    Moving: where_into<A: []>(cond: bool [D1], a: A [D2], b: A [D3]) -> A;
    Moving: lerp_into<A: [Float]>(a: A [D1], b: A [D2]; t: A) -> A;
    Moving: sign_into<A: [PartialOrd + Zero + One + Sub<Output = A>]>(a: A [D1]) -> A;
    Moving: heaviside_into<A: [PartialOrd + Zero + One]>(a: A [D1], b: A [D2]) -> A;
    Computing: exp_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: exp2_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: expm1_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: expit_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: log_expit_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: softplus_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: log_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: log2_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: log10_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: log1p_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: cbrt_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: sin_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: cos_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: tan_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: arcsin_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: arccos_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: arctan_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: sinh_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: cosh_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: tanh_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: arcsinh_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: arccosh_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: arctanh_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: erf_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: erfc_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: lgamma_into<A: [math::Float]>(a: A [D1]) -> A;
    Computing: float_power_into<A: [math::Float]>(a: A [D1], b: A [D2]) -> A;
    Computing: hypot_into<A: [math::Float]>(a: A [D1], b: A [D2]) -> A;
    Computing: arctan2_into<A: [math::Float]>(a: A [D1], b: A [D2]) -> A;
}

inplace! {
    Moving: add_inplace<A: [Add<Output = A>]>(a, b [D1]);
    Moving: sub_inplace<A: [Sub<Output = A>]>(a, b [D1]);
    Moving: mul_inplace<A: [Mul<Output = A>]>(a, b [D1]);
    Moving: div_inplace<A: [Div<Output = A>]>(a, b [D1]);
    Moving: maximum_inplace<A: [PartialOrd]>(a, b [D1]);
    Moving: minimum_inplace<A: [PartialOrd]>(a, b [D1]);
    Moving: clamp_inplace<A: [PartialOrd]>(a; min: A, max: A);
    Moving: lerp_inplace<A: [Float]>(a, b [D1]; t: A);
    Computing: exp_inplace<A: [math::Float]>(a);
    Computing: exp2_inplace<A: [math::Float]>(a);
    Computing: expm1_inplace<A: [math::Float]>(a);
    Computing: expit_inplace<A: [math::Float]>(a);
    Computing: log_expit_inplace<A: [math::Float]>(a);
    Computing: softplus_inplace<A: [math::Float]>(a);
    Computing: log_inplace<A: [math::Float]>(a);
    Computing: log2_inplace<A: [math::Float]>(a);
    Computing: log10_inplace<A: [math::Float]>(a);
    Computing: log1p_inplace<A: [math::Float]>(a);
    Computing: cbrt_inplace<A: [math::Float]>(a);
    Computing: sin_inplace<A: [math::Float]>(a);
    Computing: cos_inplace<A: [math::Float]>(a);
    Computing: tan_inplace<A: [math::Float]>(a);
    Computing: arcsin_inplace<A: [math::Float]>(a);
    Computing: arccos_inplace<A: [math::Float]>(a);
    Computing: arctan_inplace<A: [math::Float]>(a);
    Computing: sinh_inplace<A: [math::Float]>(a);
    Computing: cosh_inplace<A: [math::Float]>(a);
    Computing: tanh_inplace<A: [math::Float]>(a);
    Computing: arcsinh_inplace<A: [math::Float]>(a);
    Computing: arccosh_inplace<A: [math::Float]>(a);
    Computing: arctanh_inplace<A: [math::Float]>(a);
    Computing: erf_inplace<A: [math::Float]>(a);
    Computing: erfc_inplace<A: [math::Float]>(a);
    Computing: lgamma_inplace<A: [math::Float]>(a);
}
