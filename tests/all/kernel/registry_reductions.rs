//! Every reduction once, as [`registry`](super::registry) has the kernels whose `out` has the shape of their inputs.
//!
//! A reduction over an axis writes an array without that axis ([`Reduction`]), one over all elements returns a
//! number ([`Whole`]), and a difference writes an array that is shorter or has ends ([`Slope`]). Their formulas
//! see lanes as plain slices.

use ndarray::{ArrayRef, ArrayView, Axis, Dimension, RemoveAxis};
use ndarray_pool::kernel::whole::*;
use ndarray_pool::kernel::*;

#[path = "reduction_parts.rs"]
pub(crate) mod parts;

use parts::{Aids, Element, naive};

/// Along an axis, into an array without it.
pub(crate) trait Reduction {
    const NAME: &'static str;
    const INPUTS: &'static [&'static str];
    /// Whether an axis without elements has a result.
    const OF_NOTHING: bool;
    type In: Element;
    type Out: Element;

    fn run<D: RemoveAxis>(
        inputs: &[ArrayView<'_, Self::In, D>],
        axis: Axis,
        aids: &mut Aids,
        out: &mut ArrayRef<Self::Out, D::Smaller>,
    );

    fn formula(lanes: &[&[Self::In]], aids: &Aids) -> Self::Out;
}

/// Over all elements.
pub(crate) trait Whole {
    const NAME: &'static str;
    const INPUTS: &'static [&'static str];
    type In: Element;

    /// The result, or [`NOTHING`].
    fn run<D: Dimension>(inputs: &[ArrayView<'_, Self::In, D>], aids: &mut Aids) -> f64;

    fn formula(inputs: &[&[Self::In]]) -> f64;
}

/// Along an axis, into an array of another length of that axis.
pub(crate) trait Slope {
    const NAME: &'static str;
    /// The shortest axis it takes.
    const LEAST: usize;

    fn out_len(len: usize) -> usize;

    fn run<D: Dimension>(a: &ArrayRef<f64, D>, axis: Axis, out: &mut ArrayRef<f64, D>);

    /// The element of `out` that is number `at` of its lane.
    fn formula(lane: &[f64], at: usize) -> f64;
}

/// The number for a result of `None`.
pub(crate) const NOTHING: f64 = -1e-300;

pub(crate) trait Visitor {
    fn reduction<K: Reduction>(&mut self);
    fn whole<K: Whole>(&mut self);
    fn slope<K: Slope>(&mut self);
}

/// Shows every reduction to the visitor.
pub(crate) fn walk(visitor: &mut impl Visitor) {
    walk_reductions(visitor);
    walk_wholes(visitor);
    walk_slopes(visitor);
}

pub(crate) fn names() -> Vec<&'static str> {
    struct Names(Vec<&'static str>);
    impl Visitor for Names {
        fn reduction<K: Reduction>(&mut self) {
            self.0.push(K::NAME);
        }
        fn whole<K: Whole>(&mut self) {
            self.0.push(K::NAME);
        }
        fn slope<K: Slope>(&mut self) {
            self.0.push(K::NAME);
        }
    }
    let mut names = Names(Vec::new());
    walk(&mut names);
    names.0
}

macro_rules! reductions {
    ($(
        $name:ident($($input:ident),*): $in:ty => $out_type:ty, of_nothing $of_nothing:expr;
        run |$axis:ident, $aids:ident, $out:ident| $run:expr;
        formula |$formula_aids:ident| $formula:expr;
    )*) => {
        fn walk_reductions(visitor: &mut impl Visitor) {
            $({
                struct Entry;
                impl Reduction for Entry {
                    const NAME: &'static str = stringify!($name);
                    const INPUTS: &'static [&'static str] = &[$(stringify!($input)),*];
                    const OF_NOTHING: bool = $of_nothing;
                    type In = $in;
                    type Out = $out_type;

                    fn run<D: RemoveAxis>(
                        inputs: &[ArrayView<'_, $in, D>],
                        $axis: Axis,
                        $aids: &mut Aids,
                        $out: &mut ArrayRef<$out_type, D::Smaller>,
                    ) {
                        let [$($input),*] = inputs else { panic!("wrong number of inputs") };
                        let _ = &$aids;
                        $run
                    }

                    fn formula(lanes: &[&[$in]], $formula_aids: &Aids) -> $out_type {
                        let [$($input),*] = *lanes else { panic!("wrong number of inputs") };
                        let _ = $formula_aids;
                        $formula
                    }
                }
                visitor.reduction::<Entry>();
            })*
        }
    };
}

macro_rules! wholes {
    ($(
        $name:ident($($input:ident),*): $in:ty;
        run |$aids:ident| $run:expr;
        formula $formula:expr;
    )*) => {
        fn walk_wholes(visitor: &mut impl Visitor) {
            $({
                struct Entry;
                impl Whole for Entry {
                    const NAME: &'static str = stringify!($name);
                    const INPUTS: &'static [&'static str] = &[$(stringify!($input)),*];
                    type In = $in;

                    fn run<D: Dimension>(
                        inputs: &[ArrayView<'_, $in, D>],
                        $aids: &mut Aids,
                    ) -> f64 {
                        let [$($input),*] = inputs else { panic!("wrong number of inputs") };
                        let _ = &$aids;
                        $run
                    }

                    fn formula(inputs: &[&[$in]]) -> f64 {
                        let [$($input),*] = *inputs else { panic!("wrong number of inputs") };
                        $formula
                    }
                }
                visitor.whole::<Entry>();
            })*
        }
    };
}

macro_rules! slopes {
    ($(
        $name:ident, at_least $least:expr, out_len |$len:ident| $out_len:expr;
        run |$a:ident, $axis:ident, $out:ident| $run:expr;
        formula |$lane:ident, $at:ident| $formula:expr;
    )*) => {
        fn walk_slopes(visitor: &mut impl Visitor) {
            $({
                struct Entry;
                impl Slope for Entry {
                    const NAME: &'static str = stringify!($name);
                    const LEAST: usize = $least;

                    fn out_len($len: usize) -> usize {
                        $out_len
                    }

                    fn run<D: Dimension>(
                        $a: &ArrayRef<f64, D>,
                        $axis: Axis,
                        $out: &mut ArrayRef<f64, D>,
                    ) {
                        $run
                    }

                    fn formula($lane: &[f64], $at: usize) -> f64 {
                        $formula
                    }
                }
                visitor.slope::<Entry>();
            })*
        }
    };
}

reductions! {
    sum_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| sum_axis_into(a, axis, out);
    formula |aids| a.iter().sum();

    prod_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| prod_axis_into(a, axis, out);
    formula |aids| a.iter().product();

    mean_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| mean_axis_into(a, axis, out);
    formula |aids| naive::mean(a);

    var_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| var_axis_into(a, axis, 1.0, out);
    formula |aids| naive::var(a, 1.0);

    std_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| std_axis_into(a, axis, 1.0, out);
    formula |aids| naive::var(a, 1.0).sqrt();

    min_axis_into(a): f64 => f64, of_nothing false;
    run |axis, aids, out| min_axis_into(a, axis, out);
    formula |aids| naive::least(a).unwrap();

    max_axis_into(a): f64 => f64, of_nothing false;
    run |axis, aids, out| max_axis_into(a, axis, out);
    formula |aids| naive::most(a).unwrap();

    argmin_axis_into(a): f64 => usize, of_nothing false;
    run |axis, aids, out| argmin_axis_into(a, axis, out);
    formula |aids| naive::argleast(a).unwrap();

    nanargmin_axis_into(a): f64 => usize, of_nothing false;
    run |axis, aids, out| nanargmin_axis_into(a, axis, out);
    formula |aids| naive::argleast(a).unwrap();

    argmax_axis_into(a): f64 => usize, of_nothing false;
    run |axis, aids, out| argmax_axis_into(a, axis, out);
    formula |aids| naive::argmost(a).unwrap();

    nanargmax_axis_into(a): f64 => usize, of_nothing false;
    run |axis, aids, out| nanargmax_axis_into(a, axis, out);
    formula |aids| naive::argmost(a).unwrap();

    ptp_axis_into(a): f64 => f64, of_nothing false;
    run |axis, aids, out| ptp_axis_into(a, axis, out);
    formula |aids| naive::most(a).unwrap() - naive::least(a).unwrap();

    any_axis_into(a): bool => bool, of_nothing true;
    run |axis, aids, out| any_axis_into(a, axis, out);
    formula |aids| a.contains(&true);

    all_axis_into(a): bool => bool, of_nothing true;
    run |axis, aids, out| all_axis_into(a, axis, out);
    formula |aids| !a.contains(&false);

    count_nonzero_axis_into(a): bool => usize, of_nothing true;
    run |axis, aids, out| count_nonzero_axis_into(a, axis, out);
    formula |aids| a.iter().filter(|&&x| x).count();

    norm_l1_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| norm_l1_axis_into(a, axis, out);
    formula |aids| a.iter().map(|x| x.abs()).sum();

    norm_l2_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| norm_l2_axis_into(a, axis, out);
    formula |aids| naive::dot(a, a).sqrt();

    norm_max_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| norm_max_axis_into(a, axis, out);
    formula |aids| a.iter().fold(0.0, |m, x| x.abs().max(m));

    vecdot_axis_into(a, b): f64 => f64, of_nothing true;
    run |axis, aids, out| vecdot_axis_into(a, b, axis, out);
    formula |aids| naive::dot(a, b);

    average_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| average_axis_into(a, &aids.weights, axis, out);
    formula |aids| {
        let weights = aids.weights.as_slice().unwrap();
        naive::dot(a, weights) / weights.iter().sum::<f64>()
    };

    nansum_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nansum_axis_into(a, axis, out);
    formula |aids| naive::numbers(a).iter().sum();

    nanprod_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanprod_axis_into(a, axis, out);
    formula |aids| naive::numbers(a).iter().product();

    nanmean_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanmean_axis_into(a, axis, out);
    formula |aids| naive::mean(&naive::numbers(a));

    nanvar_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanvar_axis_into(a, axis, 0.0, out);
    formula |aids| naive::var(&naive::numbers(a), 0.0);

    nanstd_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanstd_axis_into(a, axis, 0.0, out);
    formula |aids| naive::var(&naive::numbers(a), 0.0).sqrt();

    nanmin_axis_into(a): f64 => f64, of_nothing false;
    run |axis, aids, out| nanmin_axis_into(a, axis, out);
    formula |aids| naive::least(a).unwrap_or(f64::NAN);

    nanmax_axis_into(a): f64 => f64, of_nothing false;
    run |axis, aids, out| nanmax_axis_into(a, axis, out);
    formula |aids| naive::most(a).unwrap_or(f64::NAN);

    median_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| median_axis_into(a, axis, out, &mut aids.scratch);
    formula |aids| naive::quantile(a, 0.5);

    quantile_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| quantile_axis_into(a, axis, 0.3, QuantileMethod::Linear, out, &mut aids.scratch);
    formula |aids| naive::quantile(a, 0.3);

    percentile_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| percentile_axis_into(a, axis, 90.0, QuantileMethod::Linear, out, &mut aids.scratch);
    formula |aids| naive::quantile(a, 0.9);

    nanmedian_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanmedian_axis_into(a, axis, out, &mut aids.scratch);
    formula |aids| naive::quantile(&naive::numbers(a), 0.5);

    weighted_quantile_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| weighted_quantile_axis_into(a, &aids.weights, axis, 0.3, out, &mut aids.pairs);
    formula |aids| naive::weighted_quantile(a, aids.weights.as_slice().unwrap(), 0.3);

    nanquantile_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanquantile_axis_into(a, axis, 0.3, QuantileMethod::Linear, out, &mut aids.scratch);
    formula |aids| naive::quantile(&naive::numbers(a), 0.3);

    nanpercentile_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| nanpercentile_axis_into(a, axis, 90.0, QuantileMethod::Linear, out, &mut aids.scratch);
    formula |aids| naive::quantile(&naive::numbers(a), 0.9);

    reduce_axis_into(a): f64 => f64, of_nothing true;
    run |axis, aids, out| reduce_axis_into(a, axis, 1.0, out, |value, x| 0.5 * value - x);
    formula |aids| a.iter().fold(1.0, |value, x| 0.5 * value - x);

    reduce_where_axis_into(a, mask): bool => usize, of_nothing true;
    run |axis, aids, out| {
        reduce_where_axis_into(a, axis, mask, 1, out, |count, x| 2 * count % 997 + usize::from(x));
    };
    formula |aids| {
        let chosen = a.iter().zip(mask).filter(|(_, mask)| **mask);
        chosen.fold(1, |count, (x, _)| 2 * count % 997 + usize::from(*x))
    };

    trapezoid_axis_into(y): f64 => f64, of_nothing true;
    run |axis, aids, out| trapezoid_axis_into(y, axis, 0.5, out);
    formula |aids| y.windows(2).map(|pair| 0.25 * (pair[0] + pair[1])).sum();

    trapezoid_axis_into(y): f64 => f64, of_nothing true;
    run |axis, aids, out| {
        let x = naive::coordinates(y.shape(), axis);
        trapezoid_axis_into(y, axis, Spacing::At(&x), out);
    };
    formula |aids| {
        let areas = y.windows(2).enumerate();
        areas.map(|(k, pair)| 0.5 * naive::distance(k) * (pair[0] + pair[1])).sum()
    };
}

wholes! {
    sum(a): f64;
    run |aids| sum(a);
    formula a.iter().sum();

    prod(a): f64;
    run |aids| prod(a);
    formula a.iter().product();

    mean(a): f64;
    run |aids| mean(a);
    formula naive::mean(a);

    var(a): f64;
    run |aids| var(a, 1.0);
    formula naive::var(a, 1.0);

    std(a): f64;
    run |aids| std(a, 1.0);
    formula naive::var(a, 1.0).sqrt();

    min(a): f64;
    run |aids| min(a).unwrap_or(NOTHING);
    formula naive::least(a).unwrap_or(NOTHING);

    max(a): f64;
    run |aids| max(a).unwrap_or(NOTHING);
    formula naive::most(a).unwrap_or(NOTHING);

    argmin(a): f64;
    run |aids| argmin(a).map_or(NOTHING, |place| place as f64);
    formula naive::argleast(a).map_or(NOTHING, |place| place as f64);

    nanargmin(a): f64;
    run |aids| nanargmin(a).map_or(NOTHING, |place| place as f64);
    formula naive::argleast(a).map_or(NOTHING, |place| place as f64);

    argmax(a): f64;
    run |aids| argmax(a).map_or(NOTHING, |place| place as f64);
    formula naive::argmost(a).map_or(NOTHING, |place| place as f64);

    nanargmax(a): f64;
    run |aids| nanargmax(a).map_or(NOTHING, |place| place as f64);
    formula naive::argmost(a).map_or(NOTHING, |place| place as f64);

    ptp(a): f64;
    run |aids| ptp(a).unwrap_or(NOTHING);
    formula naive::most(a).map_or(NOTHING, |most| most - naive::least(a).unwrap());

    any(a): bool;
    run |aids| f64::from(any(a));
    formula f64::from(a.contains(&true));

    all(a): bool;
    run |aids| f64::from(all(a));
    formula f64::from(!a.contains(&false));

    count_nonzero(a): bool;
    run |aids| count_nonzero(a) as f64;
    formula a.iter().filter(|&&x| x).count() as f64;

    norm_l1(a): f64;
    run |aids| norm_l1(a);
    formula a.iter().map(|x| x.abs()).sum();

    norm_l2(a): f64;
    run |aids| norm_l2(a);
    formula naive::dot(a, a).sqrt();

    norm_max(a): f64;
    run |aids| norm_max(a);
    formula a.iter().fold(0.0, |m, x| x.abs().max(m));

    vdot(a, b): f64;
    run |aids| vdot(a, b);
    formula naive::dot(a, b);

    average(a, weights): f64;
    run |aids| average(a, weights);
    formula naive::dot(a, weights) / weights.iter().sum::<f64>();

    nansum(a): f64;
    run |aids| nansum(a);
    formula naive::numbers(a).iter().sum();

    nanprod(a): f64;
    run |aids| nanprod(a);
    formula naive::numbers(a).iter().product();

    nanmean(a): f64;
    run |aids| nanmean(a);
    formula naive::mean(&naive::numbers(a));

    nanvar(a): f64;
    run |aids| nanvar(a, 0.0);
    formula naive::var(&naive::numbers(a), 0.0);

    nanstd(a): f64;
    run |aids| nanstd(a, 0.0);
    formula naive::var(&naive::numbers(a), 0.0).sqrt();

    nanmin(a): f64;
    run |aids| nanmin(a).unwrap_or(NOTHING);
    formula naive::least(a).unwrap_or(if a.is_empty() { NOTHING } else { f64::NAN });

    nanmax(a): f64;
    run |aids| nanmax(a).unwrap_or(NOTHING);
    formula naive::most(a).unwrap_or(if a.is_empty() { NOTHING } else { f64::NAN });

    median(a): f64;
    run |aids| median(a, &mut aids.scratch);
    formula naive::quantile(a, 0.5);

    quantile(a): f64;
    run |aids| quantile(a, 0.3, QuantileMethod::Linear, &mut aids.scratch);
    formula naive::quantile(a, 0.3);

    percentile(a): f64;
    run |aids| percentile(a, 90.0, QuantileMethod::Linear, &mut aids.scratch);
    formula naive::quantile(a, 0.9);

    nanmedian(a): f64;
    run |aids| nanmedian(a, &mut aids.scratch);
    formula naive::quantile(&naive::numbers(a), 0.5);

    weighted_quantile(a, weights): f64;
    run |aids| weighted_quantile(a, weights, 0.7, &mut aids.pairs);
    formula naive::weighted_quantile(a, weights, 0.7);

    nanquantile(a): f64;
    run |aids| nanquantile(a, 0.3, QuantileMethod::Linear, &mut aids.scratch);
    formula naive::quantile(&naive::numbers(a), 0.3);

    nanpercentile(a): f64;
    run |aids| nanpercentile(a, 90.0, QuantileMethod::Linear, &mut aids.scratch);
    formula naive::quantile(&naive::numbers(a), 0.9);
}

slopes! {
    diff_axis_into, at_least 0, out_len |len| len.saturating_sub(2);
    run |a, axis, out| diff_axis_into(a, axis, 2, out);
    formula |lane, at| lane[at + 2] - 2.0 * lane[at + 1] + lane[at];

    gradient_axis_into, at_least 2, out_len |len| len;
    run |a, axis, out| gradient_axis_into(a, axis, 0.25, EdgeOrder::First, out);
    formula |lane, at| match at {
        0 => (lane[1] - lane[0]) * 4.0,
        at if at + 1 == lane.len() => (lane[at] - lane[at - 1]) * 4.0,
        at => (lane[at + 1] - lane[at - 1]) * 2.0,
    };

    gradient_axis_into, at_least 3, out_len |len| len;
    run |a, axis, out| gradient_axis_into(a, axis, 0.25, EdgeOrder::Second, out);
    formula |lane, at| match at {
        0 => -6.0 * lane[0] + 8.0 * lane[1] - 2.0 * lane[2],
        at if at + 1 == lane.len() => 2.0 * lane[at - 2] - 8.0 * lane[at - 1] + 6.0 * lane[at],
        at => (lane[at + 1] - lane[at - 1]) * 2.0,
    };

    gradient_axis_into, at_least 2, out_len |len| len;
    run |a, axis, out| {
        let x = naive::coordinates(a.shape(), axis);
        gradient_axis_into(a, axis, Spacing::At(&x), EdgeOrder::First, out);
    };
    formula |lane, at| match at {
        0 => (lane[1] - lane[0]) / naive::distance(0),
        at if at + 1 == lane.len() => (lane[at] - lane[at - 1]) / naive::distance(at - 1),
        at => naive::slope_of_parabola(lane, at),
    };

    gradient_axis_into, at_least 3, out_len |len| len;
    run |a, axis, out| {
        let x = naive::coordinates(a.shape(), axis);
        gradient_axis_into(a, axis, Spacing::At(&x), EdgeOrder::Second, out);
    };
    formula |lane, at| naive::slope_of_parabola(lane, at);
}
