//! Elements that are compared.

use ndarray::{Dimension, RemoveAxis};
use ndarray_pool::kernel::*;

use crate::case::{Element, In, Out};

pub fn equal<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + PartialEq + Default,
    D: Dimension,
{
    match name {
        "equal_into" => equal_into(&x.array(0), &x.array(1), &mut out.of()),
        "not_equal_into" => not_equal_into(&x.array(0), &x.array(1), &mut out.of()),
        "whole::count_nonzero" => out.number(whole::count_nonzero(&x.array(0))),
        _ => return false,
    }
    true
}

pub fn counts<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + PartialEq + Default,
    D: RemoveAxis,
{
    if name != "count_nonzero_axis_into" {
        return false;
    }
    count_nonzero_axis_into(&x.array(0), x.axis(), &mut out.any());
    true
}

pub fn any<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + PartialOrd,
    D: Dimension,
{
    let (side, closed) = match x.ints().first() {
        Some(1) => (Side::Right, Closed::Right),
        _ => (Side::Left, Closed::Left),
    };
    match name {
        "less_into" => less_into(&x.array(0), &x.array(1), &mut out.of()),
        "less_equal_into" => less_equal_into(&x.array(0), &x.array(1), &mut out.of()),
        "greater_into" => greater_into(&x.array(0), &x.array(1), &mut out.of()),
        "greater_equal_into" => greater_equal_into(&x.array(0), &x.array(1), &mut out.of()),
        "maximum_into" => maximum_into(&x.array(0), &x.array(1), &mut out.array()),
        "minimum_into" => minimum_into(&x.array(0), &x.array(1), &mut out.array()),
        "fmax_into" => fmax_into(&x.array(0), &x.array(1), &mut out.array()),
        "fmin_into" => fmin_into(&x.array(0), &x.array(1), &mut out.array()),
        "maximum_inplace" => maximum_inplace(&mut out.array(), &x.array(0)),
        "minimum_inplace" => minimum_inplace(&mut out.array(), &x.array(0)),
        "clamp_into" => clamp_into(&x.array(0), x.number(1), x.number(2), &mut out.array()),
        "clamp_inplace" => clamp_inplace(&mut out.array(), x.number(0), x.number(1)),
        "cummax_axis_into" => cummax_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "cummin_axis_into" => cummin_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "cummax_axis_inplace" => cummax_axis_inplace(&mut out.array(), x.axis()),
        "cummin_axis_inplace" => cummin_axis_inplace(&mut out.array(), x.axis()),
        "searchsorted_into" => searchsorted_into(&x.list::<A>(0), &x.array(1), side, &mut out.of()),
        "digitize_into" => digitize_into(&x.array(0), &x.list(1), closed, &mut out.of()),
        "histogram_into" => histogram_into(&x.array(0), &x.list(1), &mut out.any()),
        "whole::min" => out.maybe(whole::min(&x.array(0))),
        "whole::max" => out.maybe(whole::max(&x.array(0))),
        "whole::argmin" => out.maybe(whole::argmin(&x.array(0))),
        "whole::argmax" => out.maybe(whole::argmax(&x.array(0))),
        "whole::nanmin" => out.maybe(whole::nanmin(&x.array(0))),
        "whole::nanmax" => out.maybe(whole::nanmax(&x.array(0))),
        "whole::nanargmin" => out.maybe(whole::nanargmin(&x.array(0))),
        "whole::nanargmax" => out.maybe(whole::nanargmax(&x.array(0))),
        _ => return false,
    }
    true
}

pub fn axes<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + PartialOrd,
    D: RemoveAxis,
{
    match name {
        "min_axis_into" => min_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "max_axis_into" => max_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "argmin_axis_into" => argmin_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "argmax_axis_into" => argmax_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanmin_axis_into" => nanmin_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanmax_axis_into" => nanmax_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanargmin_axis_into" => nanargmin_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanargmax_axis_into" => nanargmax_axis_into(&x.array(0), x.axis(), &mut out.any()),
        _ => return false,
    }
    true
}

pub fn bincount<D: Dimension>(
    name: &str,
    x: &In<'_, usize, D>,
    out: &mut Out<'_, usize, D>,
) -> bool {
    if name != "bincount_into" {
        return false;
    }
    bincount_into(&x.array(0), &mut out.any());
    true
}
