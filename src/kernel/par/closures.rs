//! Functions of the user's. They are shared by all threads, and so called by reference.

use ndarray::{ArrayRef, Dimension};

use crate::kernel;
use crate::kernel::engine::check;
use crate::kernel::engine::pieces::{self, Work};

/// Kernels that write a function of the elements of their inputs: `name(input: type [rank], …)`.
macro_rules! into {
    ($($(#[$lint:meta])? $name:ident($($in:ident: $A:ident [$D:ident]),+);)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](kernel::", stringify!($name), ") on all cores.")]
        ///
        /// The same bits on any number of threads; [`par`](crate::kernel::par) has what holds for all such kernels.
        /// Threads share `f`, so it must be `Fn` and `Sync`.
        #[track_caller]
        $(#[$lint])?
        pub fn $name<$($A,)+ O, $($D,)+ D, F>($($in: &ArrayRef<$A, $D>,)+ out: &mut ArrayRef<O, D>, f: F)
        where
            $($A: Copy + Sync + 'static,)+
            O: Copy + Send + 'static,
            $($D: Dimension,)+
            D: Dimension,
            F: Fn($($A),+) -> O + Sync,
        {
            $(let $in = check::broadcast(concat!("par::", stringify!($name)), stringify!($in), $in, out);)+
            let Some(least) = Work::Computing.pieces_of(out.len()) else {
                return kernel::$name($(&$in,)+ out, f);
            };
            pieces::each(
                stringify!($name),
                least,
                None,
                (out.view_mut(), into!(@list $($in)+)),
                |(mut out, into!(@list $($in)+))| kernel::$name($(&$in,)+ &mut out, &f),
            );
        }
    )+};
    (@list) => { () };
    (@list $first:ident $($more:ident)*) => { ($first, into!(@list $($more)*)) };
}

into! {
    map_into(a: A [D1]);
    zip_map_into(a: A [D1], b: B [D2]);
    zip3_map_into(a: A [D1], b: B [D2], c: C [D3]);
    zip4_map_into(a: A [D1], b: B [D2], c: C [D3], d: E [D4]);
    zip5_map_into(a: A [D1], b: B [D2], c: C [D3], d: E [D4], e: G [D5]);
    #[expect(clippy::too_many_arguments, reason = "as many arrays as the name says")]
    zip6_map_into(a: A [D1], b: B [D2], c: C [D3], d: E [D4], e: G [D5], f0: H [D6]);
}

/// [`map_inplace`](kernel::map_inplace) on all cores.
///
/// Threads share `f`, so it must be `Fn` and `Sync`.
#[track_caller]
pub fn map_inplace<A, D, F>(a: &mut ArrayRef<A, D>, f: F)
where
    A: Copy + Send + Sync,
    D: Dimension,
    F: Fn(A) -> A + Sync,
{
    let Some(least) = Work::Computing.pieces_of(a.len()) else { return kernel::map_inplace(a, f) };
    pieces::each("map_inplace", least, None, (a.view_mut(), ()), |(mut a, ())| {
        kernel::map_inplace(&mut a, &f);
    });
}

/// [`zip_map_inplace`](kernel::zip_map_inplace) on all cores.
///
/// Threads share `f`, so it must be `Fn` and `Sync`.
#[track_caller]
pub fn zip_map_inplace<A, B, D1, D, F>(a: &mut ArrayRef<A, D>, b: &ArrayRef<B, D1>, f: F)
where
    A: Copy + Send + Sync + 'static,
    B: Copy + Sync + 'static,
    D1: Dimension,
    D: Dimension,
    F: Fn(A, B) -> A + Sync,
{
    let b = check::broadcast_to("par::zip_map_inplace", ("b", b), ("a", a));
    let Some(least) = Work::Computing.pieces_of(a.len()) else {
        return kernel::zip_map_inplace(a, &b, f);
    };
    let operands = (a.view_mut(), (b, ()));
    pieces::each("zip_map_inplace", least, None, operands, |(mut a, (b, ()))| {
        kernel::zip_map_inplace(&mut a, &b, &f);
    });
}
