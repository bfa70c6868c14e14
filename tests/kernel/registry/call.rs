//! The call of a kernel behind an interface that knows neither element types nor ranks.

use std::marker::PhantomData;

use ndarray::ArrayD;

use super::Case;
use super::operand::{Element, Kind, Operand, Placed, filled};

/// Gets the bare call of a kernel: everything that a call needs has been made before.
pub(crate) type Probe<'a> = &'a mut dyn FnMut(&mut dyn FnMut());

/// Runs the kernel on arrays of so many axes, or on arrays whose type says nothing of them.
pub(crate) type Run =
    fn(&Case, &[Box<dyn Placed>], &mut [Box<dyn Placed>], rank: Option<usize>, Probe<'_>);

pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) filled: fn(&[usize], usize, Kind) -> Box<dyn Operand>,
    pub(crate) gaps: fn(&[usize]) -> Box<dyn Operand>,
}

impl Argument {
    pub(crate) fn of<A: Element>(name: &'static str) -> Self {
        Argument {
            name,
            filled: |shape, input, kind| Box::new(filled::<A>(shape, input, kind)),
            gaps: |shape| Box::new(ArrayD::from_elem(shape, A::GAP)),
        }
    }
}

/// A kernel from inputs of elements `I` to outputs of elements `O`, both tuples if there are several.
pub(crate) struct Call<I = (), O = ()> {
    pub(crate) name: &'static str,
    pub(crate) inputs: Vec<Argument>,
    pub(crate) outputs: Vec<Argument>,
    /// Whether it takes an axis, and so no arrays without one.
    pub(crate) takes_axis: bool,
    pub(crate) run: Run,
    pub(crate) types: PhantomData<fn(I) -> O>,
}

impl<I, O> Call<I, O> {
    pub(crate) fn untyped(self) -> Call {
        let Call { name, inputs, outputs, takes_axis, run, .. } = self;
        Call { name, inputs, outputs, takes_axis, run, types: PhantomData }
    }
}

/// `call!(name(input: type, …) -> output: type, …)` is the call of a kernel with these arguments in this order.
///
/// `; axis` behind the inputs passes the axis there. A kernel with other arguments has its call written out,
/// `call!(|c| name(…) -> … { name(…) })`, with the [`Case`] as `c`; what it needs besides arrays is made in a call
/// `|c, probe|`, which hands the bare call to the probe. Arrays have the number of axes `D` of the case, or those in
/// brackets behind their type.
macro_rules! call {
    ($name:ident($($in:ident: $from:ty $([$in_dim:ty])?),*)
        -> $($out:ident: $to:ty $([$out_dim:ty])?),+) => {
        call!(|case| $name($($in: $from $([$in_dim])?),*) -> $($out: $to $([$out_dim])?),+ {
            $name($($in,)* $($out),+)
        })
    };
    ($name:ident($($in:ident: $from:ty $([$in_dim:ty])?),*; axis)
        -> $($out:ident: $to:ty $([$out_dim:ty])?),+) => {
        call!(|case| $name($($in: $from $([$in_dim])?),*; axis) -> $($out: $to $([$out_dim])?),+ {
            $name($($in,)* case.axis, $($out),+)
        })
    };
    (|$case:ident| $name:ident $in:tt -> $($out:ident: $to:ty $([$out_dim:ty])?),+ $body:block) => {
        call!(|$case, probe| $name $in -> $($out: $to $([$out_dim])?),+ { probe(&mut || $body) })
    };
    (|$case:ident, $probe:ident| $name:ident($($in:ident: $from:ty $([$in_dim:ty])?),*)
        -> $($out:ident: $to:ty $([$out_dim:ty])?),+ $body:block) => {
        call!(@make Dimension false $case $probe $name
            [$($in: $from, [$($in_dim)?];)*] [$($out: $to, [$($out_dim)?];)+] $body)
    };
    (|$case:ident, $probe:ident| $name:ident($($in:ident: $from:ty $([$in_dim:ty])?),*; axis)
        -> $($out:ident: $to:ty $([$out_dim:ty])?),+ $body:block) => {
        call!(@make RemoveAxis true $case $probe $name
            [$($in: $from, [$($in_dim)?];)*] [$($out: $to, [$($out_dim)?];)+] $body)
    };
    (@make $bound:ident $takes_axis:literal $case:ident $probe:ident $name:ident
        [$($in:ident: $from:ty, [$($in_dim:ty)?];)*]
        [$($out:ident: $to:ty, [$($out_dim:ty)?];)+] $body:block) => {{
        #[allow(clippy::extra_unused_type_parameters, reason = "calls of one rank do not use it")]
        fn typed<D: ndarray::$bound>(
            $case: &Case,
            inputs: &[Box<dyn Placed>],
            outs: &mut [Box<dyn Placed>],
            $probe: Probe<'_>,
        ) {
            let [$($in),*] = inputs else { panic!("wrong number of inputs") };
            let [$($out),+] = outs else { panic!("wrong number of outputs") };
            $(let $in = &view::<$from, call!(@dim $($in_dim)?)>(&**$in);)*
            $(let $out = &mut view_mut::<$to, call!(@dim $($out_dim)?)>(&mut **$out);)+
            let _ = $case;
            $body
        }
        Call {
            name: stringify!($name),
            inputs: vec![$(Argument::of::<$from>(stringify!($in))),*],
            outputs: vec![$(Argument::of::<$to>(stringify!($out))),+],
            takes_axis: $takes_axis,
            run: |case, inputs, outs, rank, probe| {
                dispatch!($bound, rank, typed(case, inputs, outs, probe))
            },
            types: std::marker::PhantomData::<fn(call!(@types $($from),*)) -> call!(@types $($to),+)>,
        }
    }};
    (@types $one:ty) => { $one };
    (@types $($several:ty),*) => { ($($several),*) };
    (@dim) => { D };
    (@dim $dim:ty) => { $dim };
}
