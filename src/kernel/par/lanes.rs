//! Reductions and running results along an axis: the lanes are divided among the threads, each lane is computed by one.

use std::ops::{Add, Div, Mul, Sub};

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::{Float, FromPrimitive, One, Zero};

use crate::kernel;
use crate::kernel::engine::check;
use crate::kernel::engine::pieces::{self, Without, Work};
use crate::math;

/// Kernels from lanes to one element each: `Work: name<element type: its bounds>(input, …; parameter: type) -> output
/// type;`
macro_rules! reductions {
    ($($work:ident: $name:ident<$A:ident: [$($bound:tt)*]>
        ($a:ident: $from:ty $(, $b:ident)? $(; $parameter:ident)?) -> $to:ty;)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](kernel::", stringify!($name), ") on all cores.")]
        ///
        /// The same bits on any number of threads; [`par`](crate::kernel::par) has what holds for all such kernels.
        #[track_caller]
        pub fn $name<$A, D>(
            $a: &ArrayRef<$from, D>,
            $($b: &ArrayRef<$A, D>,)?
            axis: Axis,
            $($parameter: $A,)?
            out: &mut ArrayRef<$to, D::Smaller>,
        ) where
            $A: Copy + Send + Sync + 'static + $($bound)*,
            D: RemoveAxis,
        {
            const NAME: &str = concat!("par::", stringify!($name));
            check::without_axis(NAME, (stringify!($a), $a), axis, out);
            $(check::same_shape(NAME, (stringify!($b), $b), (stringify!($a), $a));)?
            let Some(least) = Work::$work.pieces_of($a.len()) else {
                return kernel::$name($a, $($b,)? axis, $($parameter,)? out);
            };
            let operands = ($a.view(), (Without(out.view_mut(), axis), reductions!(@list $($b)?)));
            pieces::each(stringify!($name), least, Some(axis), operands, |operands| {
                let ($a, (Without(mut out, _), reductions!(@pattern $($b)?))) = operands;
                kernel::$name(&$a, $(&$b,)? axis, $($parameter,)? &mut out);
            });
        }
    )+};
    (@list) => { () };
    (@list $b:ident) => { ($b.view(), ()) };
    (@pattern) => { () };
    (@pattern $b:ident) => { ($b, ()) };
}

/// Kernels from lanes to lanes: `Work: name<element type: its bounds>;`
macro_rules! lanes_into {
    ($($work:ident: $name:ident<$A:ident: [$($bound:tt)*], $D:ident: $rank:ident>;)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](kernel::", stringify!($name), ") on all cores.")]
        ///
        /// The same bits on any number of threads; [`par`](crate::kernel::par) has what holds for all such kernels.
        #[track_caller]
        pub fn $name<$A, $D>(a: &ArrayRef<$A, $D>, axis: Axis, out: &mut ArrayRef<$A, $D>)
        where
            $A: Copy + Send + Sync + 'static + $($bound)*,
            $D: $rank,
        {
            const NAME: &str = concat!("par::", stringify!($name));
            check::axis(NAME, axis, ("a", a));
            check::same_shape(NAME, ("a", a), ("out", out));
            let Some(least) = Work::$work.pieces_of(a.len()) else { return kernel::$name(a, axis, out) };
            let operands = (out.view_mut(), (a.view(), ()));
            pieces::each(stringify!($name), least, Some(axis), operands, |(mut out, (a, ()))| {
                kernel::$name(&a, axis, &mut out);
            });
        }
    )+};
}

/// Kernels that change lanes: `Work: name<element type: its bounds>;`
macro_rules! lanes_inplace {
    ($($work:ident: $name:ident<$A:ident: [$($bound:tt)*]>;)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](kernel::", stringify!($name), ") on all cores.")]
        ///
        /// The same bits on any number of threads; [`par`](crate::kernel::par) has what holds for all such kernels.
        #[track_caller]
        pub fn $name<$A, D>(a: &mut ArrayRef<$A, D>, axis: Axis)
        where
            $A: Copy + Send + Sync + 'static + $($bound)*,
            D: Dimension,
        {
            check::axis(concat!("par::", stringify!($name)), axis, ("a", a));
            let Some(least) = Work::$work.pieces_of(a.len()) else { return kernel::$name(a, axis) };
            let operands = (a.view_mut(), ());
            pieces::each(stringify!($name), least, Some(axis), operands, |(mut a, ())| {
                kernel::$name(&mut a, axis);
            });
        }
    )+};
}

reductions! {
    Moving: sum_axis_into<A: [Zero]>(a: A) -> A;
    Moving: prod_axis_into<A: [One + Mul<Output = A>]>(a: A) -> A;
    Moving: mean_axis_into<A: [Zero + Div<Output = A> + FromPrimitive]>(a: A) -> A;
    Moving: var_axis_into<A: [Float]>(a: A; ddof) -> A;
    Moving: std_axis_into<A: [Float]>(a: A; ddof) -> A;
    Moving: vecdot_axis_into<A: [Zero + Mul<Output = A> + PartialOrd]>(a: A, b) -> A;
    Moving: min_axis_into<A: [PartialOrd]>(a: A) -> A;
    Moving: max_axis_into<A: [PartialOrd]>(a: A) -> A;
    Moving: ptp_axis_into<A: [PartialOrd + Sub<Output = A>]>(a: A) -> A;
    Moving: argmin_axis_into<A: [PartialOrd]>(a: A) -> usize;
    Moving: argmax_axis_into<A: [PartialOrd]>(a: A) -> usize;
    Moving: count_nonzero_axis_into<A: [PartialEq + Default]>(a: A) -> usize;
    Moving: norm_l1_axis_into<A: [Float]>(a: A) -> A;
    Moving: norm_l2_axis_into<A: [Float]>(a: A) -> A;
    Moving: norm_max_axis_into<A: [Float]>(a: A) -> A;
    Moving: nansum_axis_into<A: [Float]>(a: A) -> A;
    Moving: nanprod_axis_into<A: [Float]>(a: A) -> A;
    Moving: nanmean_axis_into<A: [Float]>(a: A) -> A;
    Moving: nanvar_axis_into<A: [Float]>(a: A; ddof) -> A;
    Moving: nanstd_axis_into<A: [Float]>(a: A; ddof) -> A;
    Moving: nanmin_axis_into<A: [PartialOrd]>(a: A) -> A;
    Moving: nanmax_axis_into<A: [PartialOrd]>(a: A) -> A;
    Computing: logsumexp_axis_into<A: [Float + math::Float]>(a: A) -> A;
}

lanes_into! {
    Computing: softmax_axis_into<A: [Float + math::Float], D: RemoveAxis>;
    Computing: log_softmax_axis_into<A: [Float + math::Float], D: RemoveAxis>;
    Moving: cumsum_axis_into<A: [Add<Output = A>], D: Dimension>;
    Moving: cumprod_axis_into<A: [Mul<Output = A>], D: Dimension>;
    Moving: cummax_axis_into<A: [PartialOrd], D: Dimension>;
    Moving: cummin_axis_into<A: [PartialOrd], D: Dimension>;
    Moving: nancumsum_axis_into<A: [Float], D: Dimension>;
    Moving: nancumprod_axis_into<A: [Float], D: Dimension>;
}

lanes_inplace! {
    Moving: cumsum_axis_inplace<A: [Add<Output = A>]>;
    Moving: cumprod_axis_inplace<A: [Mul<Output = A>]>;
    Moving: cummax_axis_inplace<A: [PartialOrd]>;
    Moving: cummin_axis_inplace<A: [PartialOrd]>;
}
