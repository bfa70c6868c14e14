//! Every kernel by its name. A function holds those that ask the same of their elements and axes, and says whether
//! it knows the name.

mod elementwise;
mod floats;
mod moves;
mod ordered;
mod products;
mod ring;

use ndarray::{Ix0, Ix1, Ix2, Ix3, Ix4, IxDyn};
use num_complex::Complex;

use crate::case::{Case, In, Out};

/// Looks the case's kernel up in each of the groups.
macro_rules! groups {
    ($case:ident, $element:ty, $dim:ty: $($group:path),*) => {{
        let inputs = &In::<$element, $dim>::new(&$case.inputs);
        let outs = &mut Out::<$element, $dim>::new(&mut $case.outs);
        $($group(&$case.kernel, inputs, outs))||*
    }};
}

/// Groups for arrays of any rank, those for arrays without axes left out where there are none.
macro_rules! ranks {
    ($case:ident, $element:ty: [$($any:path),*] [$($axes:path),*]) => {
        match $case.rank {
            None => groups!($case, $element, IxDyn: $($any,)* $($axes),*),
            Some(0) => groups!($case, $element, Ix0: $($any),*),
            Some(1) => groups!($case, $element, Ix1: $($any,)* $($axes),*),
            Some(2) => groups!($case, $element, Ix2: $($any,)* $($axes),*),
            Some(3) => groups!($case, $element, Ix3: $($any,)* $($axes),*),
            Some(4) => groups!($case, $element, Ix4: $($any,)* $($axes),*),
            _ => false,
        }
    };
}

/// Without fixed ranks, for most elements: there are many kernels to compile.
macro_rules! dynamic {
    ($case:ident, $element:ty: $($group:path),*) => {
        $case.rank.is_none() && groups!($case, $element, IxDyn: $($group),*)
    };
}

macro_rules! integers {
    ($case:ident, $element:ty) => {
        dynamic!(
            $case, $element: moves::any, moves::axes, ordered::equal, ordered::counts, ordered::any,
            ordered::axes, ring::any, ring::axes, ring::means, ring::real, ring::real_axes,
            elementwise::remainders, elementwise::integers, elementwise::signs
        )
    };
}

macro_rules! complex {
    ($case:ident, $element:ty) => {
        dynamic!(
            $case, $element: moves::any, moves::axes, ordered::equal, ordered::counts, ring::any, ring::axes,
            ring::means, elementwise::complex_powers, products::any
        )
    };
}

/// Runs the kernel, if there is one of that name for such elements.
pub fn run(case: &mut Case) -> bool {
    match &case.element[..] {
        #[cfg(feature = "every-element")]
        "f64" => {
            ranks!(
                case, f64:
                [
                    moves::any, moves::draw, ordered::equal, ordered::any, ring::any, ring::mean, ring::real,
                    elementwise::remainders, elementwise::floats, floats::any
                ]
                [
                    moves::axes, ordered::counts, ordered::axes, ring::axes, ring::means, ring::real_axes,
                    floats::axes, floats::quantiles
                ]
            ) || dynamic!(case, f64: products::any, products::distances, products::real)
        }
        #[cfg(feature = "every-element")]
        "f32" => dynamic!(
            case, f32: moves::any, moves::draw, moves::axes, ordered::equal, ordered::counts, ordered::any,
            ordered::axes, ring::any, ring::axes, ring::means, ring::real, ring::real_axes,
            elementwise::remainders, elementwise::floats, floats::any, floats::axes, floats::quantiles,
            products::any, products::distances, products::real
        ),
        "i64" => integers!(case, i64) || dynamic!(case, i64: moves::draw),
        "i32" => integers!(case, i32) || dynamic!(case, i32: moves::draw),
        "i16" => integers!(case, i16) || dynamic!(case, i16: moves::draw),
        "u8" => integers!(case, u8) || dynamic!(case, u8: moves::draw),
        "usize" => integers!(case, usize) || dynamic!(case, usize: ordered::bincount),
        #[cfg(feature = "every-element")]
        "c128" => complex!(case, Complex<f64>),
        #[cfg(feature = "every-element")]
        "c64" => complex!(case, Complex<f32>),
        #[cfg(feature = "every-element")]
        "bool" => dynamic!(
            case, bool: moves::any, moves::draw, moves::axes, ordered::equal, ordered::counts, ordered::any,
            ordered::axes, elementwise::truths, elementwise::truths_axes, elementwise::bits
        ),
        _ => false,
    }
}
