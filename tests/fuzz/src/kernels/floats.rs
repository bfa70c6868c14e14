//! Reductions, scans and slopes of floats.

use ndarray::{Dimension, RemoveAxis};
use ndarray_pool::kernel::*;
use num_traits::Float;

use crate::case::{Element, In, Out};

/// Which NumPy's names stand for, in the order of its documentation.
const METHODS: [QuantileMethod; 13] = [
    QuantileMethod::InvertedCdf,
    QuantileMethod::AveragedInvertedCdf,
    QuantileMethod::ClosestObservation,
    QuantileMethod::InterpolatedInvertedCdf,
    QuantileMethod::Hazen,
    QuantileMethod::Weibull,
    QuantileMethod::Linear,
    QuantileMethod::MedianUnbiased,
    QuantileMethod::NormalUnbiased,
    QuantileMethod::Lower,
    QuantileMethod::Higher,
    QuantileMethod::Midpoint,
    QuantileMethod::Nearest,
];

pub fn any<A: Element + Float, D: Dimension>(
    name: &str,
    x: &In<'_, A, D>,
    out: &mut Out<'_, A, D>,
) -> bool {
    match name {
        "nancumsum_axis_into" => nancumsum_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "nancumprod_axis_into" => nancumprod_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "nancumsum_into" => nancumsum_into(&x.array(0), &mut out.array()),
        "nancumprod_into" => nancumprod_into(&x.array(0), &mut out.array()),
        "diff_norms" => out.list(&norms(diff_norms(&x.array(0), &x.array(1)))),
        "diff_norms_into" => {
            let found = diff_norms_into(&x.array(0), &x.array(1), &mut out.array());
            out.list(&norms(found));
        }
        "gradient_axis_into" => {
            let order = if x.int(1) == 1 { EdgeOrder::First } else { EdgeOrder::Second };
            let coordinates = x.list(1);
            let spacing =
                if x.int(2) == 0 { Spacing::Even(x.number(1)) } else { Spacing::At(&coordinates) };
            gradient_axis_into(&x.array(0), x.axis(), spacing, order, &mut out.array());
        }
        "whole::average" => out.number(whole::average(&x.array(0), &x.array(1))),
        "whole::var" => out.number(whole::var(&x.array(0), x.number(1))),
        "whole::std" => out.number(whole::std(&x.array(0), x.number(1))),
        "whole::norm_l1" => out.number(whole::norm_l1(&x.array(0))),
        "whole::norm_l2" => out.number(whole::norm_l2(&x.array(0))),
        "whole::norm_max" => out.number(whole::norm_max(&x.array(0))),
        "whole::nansum" => out.number(whole::nansum(&x.array(0))),
        "whole::nanprod" => out.number(whole::nanprod(&x.array(0))),
        "whole::nanmean" => out.number(whole::nanmean(&x.array(0))),
        "whole::nanvar" => out.number(whole::nanvar(&x.array(0), x.number(1))),
        "whole::nanstd" => out.number(whole::nanstd(&x.array(0), x.number(1))),
        _ => return whole_quantiles(name, x, out),
    }
    true
}

fn norms<A>(norms: DiffNorms<A>) -> [A; 3] {
    [norms.l1, norms.l2, norms.max]
}

fn whole_quantiles<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + Float,
    D: Dimension,
{
    if !name.starts_with("whole::") {
        return false;
    }
    let a = x.array(0);
    let scratch = &mut vec![A::nan(); a.len()];
    let method = || METHODS[x.count(0)];
    match name {
        "whole::median" => out.number(whole::median(&a, scratch)),
        "whole::quantile" => out.number(whole::quantile(&a, x.number(1), method(), scratch)),
        "whole::percentile" => out.number(whole::percentile(&a, x.number(1), method(), scratch)),
        "whole::nanmedian" => out.number(whole::nanmedian(&a, scratch)),
        "whole::nanquantile" => out.number(whole::nanquantile(&a, x.number(1), method(), scratch)),
        "whole::nanpercentile" => {
            out.number(whole::nanpercentile(&a, x.number(1), method(), scratch))
        }
        "whole::weighted_quantile" => {
            let scratch = &mut vec![(A::nan(), A::nan()); a.len()];
            out.number(whole::weighted_quantile(&a, &x.array(2), x.number(1), scratch));
        }
        _ => return false,
    }
    true
}

pub fn quantiles<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + Float,
    D: RemoveAxis,
{
    if !name.ends_with("_axis_into") {
        return false;
    }
    let (a, axis) = (x.array(0), x.axis());
    if axis.index() >= a.ndim() {
        return false;
    }
    let scratch = &mut vec![A::nan(); a.len_of(axis)];
    let method = || METHODS[x.count(1)];
    match name {
        "median_axis_into" => median_axis_into(&a, axis, &mut out.any(), scratch),
        "nanmedian_axis_into" => nanmedian_axis_into(&a, axis, &mut out.any(), scratch),
        "quantile_axis_into" => {
            quantile_axis_into(&a, axis, x.number(1), method(), &mut out.any(), scratch);
        }
        "percentile_axis_into" => {
            percentile_axis_into(&a, axis, x.number(1), method(), &mut out.any(), scratch);
        }
        "nanquantile_axis_into" => {
            nanquantile_axis_into(&a, axis, x.number(1), method(), &mut out.any(), scratch);
        }
        "nanpercentile_axis_into" => {
            nanpercentile_axis_into(&a, axis, x.number(1), method(), &mut out.any(), scratch);
        }
        "weighted_quantile_axis_into" => {
            let scratch = &mut vec![(A::nan(), A::nan()); a.len_of(axis)];
            weighted_quantile_axis_into(&a, &x.list(2), axis, x.number(1), &mut out.any(), scratch);
        }
        _ => return false,
    }
    true
}

pub fn axes<A: Element + Float + ndarray_pool::math::Float, D: RemoveAxis>(
    name: &str,
    x: &In<'_, A, D>,
    out: &mut Out<'_, A, D>,
) -> bool {
    match name {
        "average_axis_into" => average_axis_into(&x.array(0), &x.list(1), x.axis(), &mut out.any()),
        "var_axis_into" => var_axis_into(&x.array(0), x.axis(), x.number(1), &mut out.any()),
        "std_axis_into" => std_axis_into(&x.array(0), x.axis(), x.number(1), &mut out.any()),
        "softmax_axis_into" => softmax_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "log_softmax_axis_into" => log_softmax_axis_into(&x.array(0), x.axis(), &mut out.array()),
        "logsumexp_axis_into" => logsumexp_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "norm_l1_axis_into" => norm_l1_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "norm_l2_axis_into" => norm_l2_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "norm_max_axis_into" => norm_max_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "trapezoid_axis_into" => {
            let coordinates = x.list(1);
            let spacing =
                if x.int(1) == 0 { Spacing::Even(x.number(1)) } else { Spacing::At(&coordinates) };
            trapezoid_axis_into(&x.array(0), x.axis(), spacing, &mut out.any());
        }
        "nansum_axis_into" => nansum_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanprod_axis_into" => nanprod_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanmean_axis_into" => nanmean_axis_into(&x.array(0), x.axis(), &mut out.any()),
        "nanvar_axis_into" => nanvar_axis_into(&x.array(0), x.axis(), x.number(1), &mut out.any()),
        "nanstd_axis_into" => nanstd_axis_into(&x.array(0), x.axis(), x.number(1), &mut out.any()),
        _ => return false,
    }
    true
}
