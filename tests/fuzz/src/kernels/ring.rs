//! Elements that are added and multiplied.

use std::ops::{Add, Div, Mul, Sub};

use ndarray::{Axis, Dimension, IxDyn, RemoveAxis};
use ndarray_pool::kernel::*;
use num_traits::{FromPrimitive, One, Zero};

use super::moves::{order, rng};
use crate::case::{Element, In, Out};

pub trait Ring:
    Element
    + Zero
    + One
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Conjugate
{
}

impl<A> Ring for A where
    A: Element
        + Zero
        + One
        + Add<Output = A>
        + Sub<Output = A>
        + Mul<Output = A>
        + Div<Output = A>
        + Conjugate
{
}

pub fn any<A: Ring, D: Dimension>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool {
    match name {
        "add_into" => add_into(&x.array(0), &x.array(1), &mut out.array()),
        "sub_into" => sub_into(&x.array(0), &x.array(1), &mut out.array()),
        "mul_into" => mul_into(&x.array(0), &x.array(1), &mut out.array()),
        "div_into" => div_into(&x.array(0), &x.array(1), &mut out.array()),
        "add_inplace" => add_inplace(&mut out.array(), &x.array(0)),
        "sub_inplace" => sub_inplace(&mut out.array(), &x.array(0)),
        "mul_inplace" => mul_inplace(&mut out.array(), &x.array(0)),
        "div_inplace" => div_inplace(&mut out.array(), &x.array(0)),
        "axpby_into" => {
            axpby_into(&x.array(0), &x.array(1), x.number(2), x.number(3), &mut out.array());
        }
        "diff_into" => diff_into(&x.array(0), &x.array(1), &mut out.array()),
        "diff_axis_into" => diff_axis_into(&x.array(0), x.axis(), x.count(1), &mut out.array()),
        "cumsum_axis_into" => cumsum_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "cumprod_axis_into" => cumprod_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "cumsum_axis_inplace" => cumsum_axis_inplace(&mut out.array(), x.axis()),
        "cumprod_axis_inplace" => cumprod_axis_inplace(&mut out.array(), x.axis()),
        "cumsum_into" => cumsum_into(&x.array(0), &mut out.array()),
        "cumprod_into" => cumprod_into(&x.array(0), &mut out.array()),
        "kron_into" => kron_into(&x.array(0), &x.array(1), &mut out.array()),
        "triu_into" => triu_into(&x.array(0), x.int(0), &mut out.array()),
        "tril_into" => tril_into(&x.array(0), x.int(0), &mut out.array()),
        "whole::sum" => out.number(whole::sum(&x.array(0))),
        "whole::prod" => out.number(whole::prod(&x.array(0))),
        "diag_into" => diag_into(&x.list::<A>(0), x.int(0), &mut out.any()),
        "diagonal_into" => diagonal_into(&x.any::<A, _>(0), x.int(0), &mut out.any()),
        "matvec_into" => matvec_into(&x.array(0), &x.array(1), &mut out.any::<A, IxDyn>()),
        "vecmat_into" => vecmat_into(&x.array(0), &x.array(1), &mut out.any::<A, IxDyn>()),
        _ => return false,
    }
    true
}

pub fn axes<A: Ring, D: RemoveAxis>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool {
    match name {
        "sum_axis_into" => sum_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "prod_axis_into" => prod_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "add_reduceat_axis_into" => {
            add_reduceat_axis_into(&x.array(0), x.axis(), &x.list(1), &mut out.array());
        }
        "shuffle_diff_into" => {
            let a = x.array(0);
            let (mut next, mut diff) = out.pair();
            shuffle_diff_into(&a, &mut next, &mut diff, &mut rng(x));
            out.list(&order(a.len_of(Axis(0)), &mut rng(x)));
        }
        _ => return false,
    }
    true
}

/// Whose elements are real.
pub fn real<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Ring + PartialOrd,
    D: Dimension,
{
    match name {
        "heaviside_into" => heaviside_into(&x.array(0), &x.array(1), &mut out.array()),
        "whole::ptp" => out.maybe(whole::ptp(&x.array(0))),
        "whole::vdot" => out.number(whole::vdot(&x.array(0), &x.array(1))),
        _ => return false,
    }
    true
}

pub fn real_axes<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Ring + PartialOrd,
    D: RemoveAxis,
{
    match name {
        "ptp_axis_into" => ptp_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "vecdot_axis_into" => {
            vecdot_axis_into(&x.array(0), &x.array(1), x.axis(), &mut out.any());
        }
        _ => return false,
    }
    true
}

pub fn means<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Ring + FromPrimitive,
    D: RemoveAxis,
{
    if name != "mean_axis_into" {
        return mean(name, x, out);
    }
    mean_axis_into(&x.array(0), x.axis(), &mut out.any());
    true
}

/// That of a whole array, which may have no axes.
pub fn mean<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Ring + FromPrimitive,
    D: Dimension,
{
    if name != "whole::mean" {
        return false;
    }
    out.number(whole::mean(&x.array(0)));
    true
}
