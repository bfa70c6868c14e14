//! What the guide's table says to write, at edges: without elements, with one, without axes, with three, with NaN alone, with
//! masks that are all true or all false. Beside NumPy, in every layout; and where NumPy raises an error, so do we, or tell it
//! by `None` or NaN.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::{Array1, ArrayD, ArrayRef, Axis, IxDyn, ShapeBuilder, Slice, Zip, array, aview0};
use ndarray_pool::kernel::*;

use super::Fixtures;

type Arr = ArrayRef<f64, IxDyn>;

/// A new array of some shape, in which nothing may be left as it is.
fn stale(shape: &[usize]) -> ArrayD<f64> {
    ArrayD::from_elem(shape, 777.25)
}

/// The shape with another length along an axis.
fn with_len(a: &Arr, axis: Axis, len: usize) -> ArrayD<f64> {
    let mut shape = a.shape().to_vec();
    shape[axis.index()] = len;
    stale(&shape)
}

fn without(a: &Arr, axis: Axis) -> Vec<usize> {
    let mut shape = a.shape().to_vec();
    shape.remove(axis.index());
    shape
}

fn chosen(a: &Arr) -> ArrayD<bool> {
    let mut number = 0;
    ArrayD::from_shape_fn(a.raw_dim(), |_| {
        number += 1;
        (number - 1) % 3 != 1
    })
}

fn numbers(counts: ArrayD<usize>) -> ArrayD<f64> {
    counts.mapv(|count| count as f64)
}

fn number(x: impl Into<Option<f64>>) -> Option<ArrayD<f64>> {
    x.into().map(|x| ArrayD::from_elem(IxDyn(&[]), x))
}

fn place(place: Option<usize>) -> Option<ArrayD<f64>> {
    number(place.map(|place| place as f64))
}

/// A reduction of all elements.
fn of_all(kernel: &str, a: &Arr) -> Option<ArrayD<f64>> {
    let (mut room, method) = (vec![0.0; a.len()], QuantileMethod::Linear);
    let flat = || ArrayD::from_shape_vec(vec![a.len()], a.iter().copied().collect()).unwrap();
    let where_ = |mask: ArrayD<bool>, init: f64, f: fn(f64, f64) -> f64| {
        let mask = ArrayD::from_shape_vec(vec![a.len()], mask.into_iter().collect()).unwrap();
        let mut out = stale(&[]);
        reduce_where_axis_into(&flat(), Axis(0), &mask, init, &mut out, f);
        out
    };
    match kernel {
        "sum" => number(whole::sum(a)),
        "prod" => number(whole::prod(a)),
        "mean" => number(whole::mean(a)),
        "std" => number(whole::std(a, 0.0)),
        "var" => number(whole::var(a, 1.0)),
        "min" => number(whole::min(a)),
        "max" => number(whole::max(a)),
        "ptp" => number(whole::ptp(a)),
        "argmin" => place(whole::argmin(a)),
        "argmax" => place(whole::argmax(a)),
        "count_nonzero" => place(Some(whole::count_nonzero(a))),
        "any" => place(Some(whole::any(&a.mapv(|x| x > 0.0)).into())),
        "all" => place(Some(whole::all(&a.mapv(|x| x > 0.0)).into())),
        "norm_l1" => number(whole::norm_l1(a)),
        "norm_l2" => number(whole::norm_l2(a)),
        "norm_max" => number(whole::norm_max(a)),
        "nansum" => number(whole::nansum(a)),
        "nanprod" => number(whole::nanprod(a)),
        "nanmean" => number(whole::nanmean(a)),
        "nanstd" => number(whole::nanstd(a, 0.0)),
        "nanvar" => number(whole::nanvar(a, 1.0)),
        "nanmin" => number(whole::nanmin(a)),
        "nanmax" => number(whole::nanmax(a)),
        "nanargmin" => place(whole::nanargmin(a)),
        "nanargmax" => place(whole::nanargmax(a)),
        "median" => number(whole::median(a, &mut room)),
        "nanmedian" => number(whole::nanmedian(a, &mut room)),
        "quantile" => number(whole::quantile(a, 0.25, method, &mut room)),
        "percentile" => number(whole::percentile(a, 75.0, method, &mut room)),
        "nanquantile" => number(whole::nanquantile(a, 0.25, method, &mut room)),
        "nanpercentile" => number(whole::nanpercentile(a, 75.0, method, &mut room)),
        "vecdot" => number(whole::vdot(a, a)),
        "sum_where" => Some(where_(chosen(a), 0.0, |sum, x| sum + x)),
        "max_where" => Some(where_(chosen(a), -1.0, nan_or_max)),
        "mean_where" => {
            let count = whole::count_nonzero(&chosen(a)) as f64;
            Some(where_(chosen(a), 0.0, |sum, x| sum + x) / count)
        }
        "sum_where_none" => Some(where_(chosen(a).mapv(|_| false), 0.0, |sum, x| sum + x)),
        "sum_where_all" => Some(where_(chosen(a).mapv(|_| true), 0.0, |sum, x| sum + x)),
        "fmax_reduce" => {
            let mut out = stale(&[]);
            reduce_axis_into(&flat(), Axis(0), f64::NEG_INFINITY, &mut out, f64::max);
            Some(out)
        }
        _ => panic!("no reduction {kernel}"),
    }
}

/// `np.maximum`.
fn nan_or_max(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

/// A reduction along an axis.
fn reduced(kernel: &str, a: &Arr, axis: Axis) -> Option<ArrayD<f64>> {
    let shape = without(a, axis);
    let mut out = stale(&shape);
    let mut counts = ArrayD::from_elem(&shape[..], 777_usize);
    let mut truth = ArrayD::from_elem(&shape[..], true);
    let (mut room, method) = (vec![0.0; a.len_of(axis)], QuantileMethod::Linear);
    let mask = match kernel {
        "sum_where_none" => chosen(a).mapv(|_| false),
        "sum_where_all" => chosen(a).mapv(|_| true),
        _ => chosen(a),
    };
    match kernel {
        "sum" => sum_axis_into(a, axis, &mut out),
        "prod" => prod_axis_into(a, axis, &mut out),
        "mean" => mean_axis_into(a, axis, &mut out),
        "std" => std_axis_into(a, axis, 0.0, &mut out),
        "var" => var_axis_into(a, axis, 1.0, &mut out),
        "min" => min_axis_into(a, axis, &mut out),
        "max" => max_axis_into(a, axis, &mut out),
        "ptp" => ptp_axis_into(a, axis, &mut out),
        "argmin" => argmin_axis_into(a, axis, &mut counts),
        "argmax" => argmax_axis_into(a, axis, &mut counts),
        "count_nonzero" => count_nonzero_axis_into(a, axis, &mut counts),
        "any" => any_axis_into(&a.mapv(|x| x > 0.0), axis, &mut truth),
        "all" => all_axis_into(&a.mapv(|x| x > 0.0), axis, &mut truth),
        "norm_l1" => norm_l1_axis_into(a, axis, &mut out),
        "norm_l2" => norm_l2_axis_into(a, axis, &mut out),
        "norm_max" => norm_max_axis_into(a, axis, &mut out),
        "nansum" => nansum_axis_into(a, axis, &mut out),
        "nanprod" => nanprod_axis_into(a, axis, &mut out),
        "nanmean" => nanmean_axis_into(a, axis, &mut out),
        "nanstd" => nanstd_axis_into(a, axis, 0.0, &mut out),
        "nanvar" => nanvar_axis_into(a, axis, 1.0, &mut out),
        "nanmin" => nanmin_axis_into(a, axis, &mut out),
        "nanmax" => nanmax_axis_into(a, axis, &mut out),
        "nanargmin" => nanargmin_axis_into(a, axis, &mut counts),
        "nanargmax" => nanargmax_axis_into(a, axis, &mut counts),
        "median" => median_axis_into(a, axis, &mut out, &mut room),
        "nanmedian" => nanmedian_axis_into(a, axis, &mut out, &mut room),
        "quantile" => quantile_axis_into(a, axis, 0.25, method, &mut out, &mut room),
        "percentile" => percentile_axis_into(a, axis, 75.0, method, &mut out, &mut room),
        "nanquantile" => nanquantile_axis_into(a, axis, 0.25, method, &mut out, &mut room),
        "nanpercentile" => nanpercentile_axis_into(a, axis, 75.0, method, &mut out, &mut room),
        "vecdot" => vecdot_axis_into(a, a, axis, &mut out),
        "sum_where" | "sum_where_none" | "sum_where_all" => {
            reduce_where_axis_into(a, axis, &mask, 0.0, &mut out, |sum, x| sum + x);
        }
        "max_where" => reduce_where_axis_into(a, axis, &mask, -1.0, &mut out, nan_or_max),
        "mean_where" => {
            reduce_where_axis_into(a, axis, &mask, 0.0, &mut out, |sum, x| sum + x);
            count_nonzero_axis_into(&mask, axis, &mut counts);
            out /= &numbers(counts.clone());
        }
        "fmax_reduce" => reduce_axis_into(a, axis, f64::NEG_INFINITY, &mut out, f64::max),
        _ => return along(kernel, a, axis),
    }
    Some(match kernel {
        "argmin" | "argmax" | "count_nonzero" | "nanargmin" | "nanargmax" => numbers(counts),
        "any" | "all" => truth.mapv(|is| is.into()),
        _ => out,
    })
}

/// What keeps the axis.
fn along(kernel: &str, a: &Arr, axis: Axis) -> Option<ArrayD<f64>> {
    let len = a.len_of(axis);
    let mut out = stale(a.shape());
    match kernel {
        "cumsum" => cumsum_axis_into(a, axis, &mut out),
        "cumprod" => cumprod_axis_into(a, axis, &mut out),
        "nancumsum" => nancumsum_axis_into(a, axis, &mut out),
        "nancumprod" => nancumprod_axis_into(a, axis, &mut out),
        "cummax" => cummax_axis_into(a, axis, &mut out),
        "cummin" => cummin_axis_into(a, axis, &mut out),
        "fmax_accumulate" => accumulate_axis_into(a, axis, &mut out, f64::max),
        "fmin_accumulate" => accumulate_axis_into(a, axis, &mut out, f64::min),
        "diff0" | "diff1" | "diff2" | "diff4" => {
            let n = kernel[4..].parse().unwrap();
            out = with_len(a, axis, len.saturating_sub(n));
            diff_axis_into(a, axis, n, &mut out);
        }
        "gradient" => gradient_axis_into(a, axis, 2.0, EdgeOrder::First, &mut out),
        "gradient_2" => gradient_axis_into(a, axis, 2.0, EdgeOrder::Second, &mut out),
        "flip" => flip_axis_into(a, axis, &mut out),
        "roll" => roll_axis_into(a, axis, 1, &mut out),
        "roll_far" => roll_axis_into(a, axis, -1001, &mut out),
        "repeat0" | "repeat2" => {
            let repeats = if kernel == "repeat0" { 0 } else { 2 };
            out = with_len(a, axis, repeats * len);
            repeat_axis_into(a, axis, repeats, &mut out);
        }
        "compress_none" => {
            out = with_len(a, axis, 0);
            compress_axis_into(a, axis, &Array1::from_elem(len, false), &mut out);
        }
        "compress_all" => compress_axis_into(a, axis, &Array1::from_elem(len, true), &mut out),
        "take_last" => {
            out = with_len(a, axis, 2);
            take_axis_into(a, axis, &array![len.wrapping_sub(1), 0], &mut out);
        }
        "take_none" => {
            out = with_len(a, axis, 0);
            take_axis_into(a, axis, &Array1::zeros(0), &mut out);
        }
        "concatenate" => {
            out = with_len(a, axis, 2 * len);
            concatenate_axis_into(&[a, a], axis, &mut out);
        }
        "stack" => {
            let mut shape = a.shape().to_vec();
            shape.insert(axis.index(), 2);
            out = stale(&shape);
            stack_axis_into(&[a, a], axis, &mut out);
        }
        "cumulative_sum_initial" | "cumulative_prod_initial" => {
            out = with_len(a, axis, len + 1);
            let (mut first, mut rest) = out.view_mut().split_at(axis, 1);
            match kernel {
                "cumulative_sum_initial" => {
                    first.fill(0.0);
                    cumsum_axis_into(a, axis, &mut rest);
                }
                _ => {
                    first.fill(1.0);
                    cumprod_axis_into(a, axis, &mut rest);
                }
            }
        }
        "trapezoid" => {
            out = stale(&without(a, axis));
            trapezoid_axis_into(a, axis, 0.5, &mut out);
        }
        _ => panic!("no kernel {kernel}"),
    }
    Some(out)
}

/// What takes all of the array, and gives one.
fn whole_array(kernel: &str, a: &Arr, shape: &[usize]) -> Option<ArrayD<f64>> {
    let mut out = stale(shape);
    let widths = |width| vec![(width, width); a.ndim()];
    let true_or_not = |is| ArrayD::from_elem(a.raw_dim(), is);
    match kernel {
        "flat_cumsum" => cumsum_into(a, &mut out),
        "flat_cumprod" => cumprod_into(a, &mut out),
        "flat_nancumsum" => nancumsum_into(a, &mut out),
        "flat_nancumprod" => nancumprod_into(a, &mut out),
        "flat_roll" => roll_into(a, -3, &mut out),
        "transpose" => transpose_into(a, &mut out),
        "tile2" | "tile0" => tile_into(a, &mut out),
        "pad_constant" => pad_into(a, &widths(1), Pad::Constant(-1.0), &mut out),
        "pad_edge" => pad_into(a, &widths(1), Pad::Edge, &mut out),
        "pad_reflect" => pad_into(a, &widths(2), Pad::Reflect, &mut out),
        "pad_symmetric" => pad_into(a, &widths(2), Pad::Symmetric, &mut out),
        "pad_wrap" => pad_into(a, &widths(2), Pad::Wrap, &mut out),
        "pad0" => pad_into(a, &widths(0), Pad::Edge, &mut out),
        "where_all" => where_into(&true_or_not(true), a, &aview0(&-1.0), &mut out),
        "where_none" => where_into(&true_or_not(false), a, &aview0(&-1.0), &mut out),
        "where_chosen" => where_into(&chosen(a), a, &aview0(&-1.0), &mut out),
        "clip" => clamp_into(a, -1.0, 2.0, &mut out),
        "round" => map_into(a, &mut out, f64::round_ties_even),
        "round_2" => map_into(a, &mut out, |x: f64| (x * 100.0).round_ties_even() / 100.0),
        "fix" => map_into(a, &mut out, f64::trunc),
        "isneginf" => map_into(a, &mut out, |x: f64| f64::from(u8::from(x == f64::NEG_INFINITY))),
        "isposinf" => map_into(a, &mut out, |x: f64| f64::from(u8::from(x == f64::INFINITY))),
        "extract" | "extract_none" | "extract_all" => {
            let mask = match kernel {
                "extract" => chosen(a),
                "extract_none" => true_or_not(false),
                _ => true_or_not(true),
            };
            let chosen = a.iter().zip(&mask).filter(|&(_, &chosen)| chosen);
            out.iter_mut().zip(chosen).for_each(|(out, (&x, _))| *out = x);
        }
        "kron" => kron_into(a, &ArrayD::from_elem(vec![2; a.ndim()], 0.5), &mut out),
        "sum_of_two_axes" | "max_of_two_axes" | "mean_of_two_axes" => {
            if a.ndim() < 2 {
                return of_all(kernel.trim_end_matches("_of_two_axes"), a);
            }
            let last = Axis(a.ndim() - 1);
            let mut partial = stale(&without(a, last));
            match kernel {
                "max_of_two_axes" => {
                    max_axis_into(a, last, &mut partial);
                    max_axis_into(&partial, Axis(0), &mut out);
                }
                _ => {
                    sum_axis_into(a, last, &mut partial);
                    sum_axis_into(&partial, Axis(0), &mut out);
                }
            }
            if kernel == "mean_of_two_axes" {
                out /= (a.len_of(Axis(0)) * a.len_of(last)) as f64;
            }
        }
        "copy_where" | "copy_where_none" => {
            let mask = if kernel == "copy_where" { chosen(a) } else { true_or_not(false) };
            out.fill(-1.0);
            Zip::from(&mut out).and(a).and(&mask).for_each(|out, &a, &is| {
                if is {
                    *out = a;
                }
            });
        }
        "floor_divide_where" => {
            out.fill(-1.0);
            let (mut divisors, mut quotients) = (stale(shape), stale(shape));
            let mask = a.mapv(|x| x != 0.0);
            where_into(&mask, a, &aview0(&1.0), &mut divisors);
            floor_divide_into(&aview0(&7.0), &divisors, &mut quotients);
            Zip::from(&mut out).and(&quotients).and(&mask).for_each(|out, &quotient, &is| {
                if is {
                    *out = quotient;
                }
            });
        }
        _ => return None,
    }
    Some(out)
}

fn layouts(a: &ArrayD<f64>) -> [ArrayD<f64>; 3] {
    let mut f_order = ArrayD::zeros(a.raw_dim().f());
    f_order.assign(a);
    let wide: Vec<usize> = a.shape().iter().map(|len| 2 * len).collect();
    let mut spaced = ArrayD::zeros(wide);
    for axis in 0..a.ndim() {
        spaced.slice_axis_inplace(Axis(axis), Slice::new(0, None, -2));
    }
    spaced.assign(a);
    [a.clone(), f_order, spaced]
}

/// Results whose rounding, or which of two zeros they are, is theirs: reductions, but for those that move elements or count.
const ROUNDED: [&str; 17] = [
    "sum",
    "mean",
    "std",
    "var",
    "norm_l2",
    "nansum",
    "nanmean",
    "nanstd",
    "nanvar",
    "median",
    "nanmedian",
    "quantile",
    "percentile",
    "nanquantile",
    "nanpercentile",
    "vecdot",
    "trapezoid",
];
const EITHER_ZERO: [&str; 9] = [
    "min",
    "max",
    "nanmin",
    "nanmax",
    "max_where",
    "fmax_reduce",
    "fmax_accumulate",
    "fmin_accumulate",
    "max_of_two_axes",
];

fn near(kernel: &str, ours: f64, theirs: f64) -> bool {
    if ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan() {
        return true;
    }
    let is_rounded = ROUNDED.contains(&kernel);
    (is_rounded || EITHER_ZERO.contains(&kernel)) && ours == theirs
        || is_rounded && (ours - theirs).abs() <= 4.0 * f64::EPSILON * theirs.abs()
}

/// Where we have a number and NumPy has none, as the pages say.
fn is_told(
    kernel: &str,
    case: &str,
    ours: Option<&ArrayD<f64>>,
    theirs: Option<&ArrayD<f64>>,
) -> bool {
    let all = |is: fn(&f64) -> bool| ours.is_some_and(|ours| ours.iter().all(is));
    match kernel {
        // NumPy raises an error where there are no elements, and has NaN beside infinities.
        "quantile" | "percentile" if theirs.is_none() => all(|x| x.is_nan()),
        "quantile" | "percentile" | "nanquantile" | "nanpercentile" => {
            case.starts_with("infinite") && all(|&x| x == f64::INFINITY)
        }
        // The order in which numbers are multiplied is another for other layouts.
        "prod" | "nanprod" => case.starts_with("tiny"),
        // Nothing overflows on the way.
        "gradient" | "gradient_2" => ours.zip(theirs).is_some_and(|(ours, theirs)| {
            ours.iter().zip(theirs).all(|(ours, theirs)| ours == theirs || theirs.is_infinite())
        }),
        // NumPy's squares over- or underflow.
        "var" | "std" | "nanvar" | "nanstd" | "norm_l2" => {
            ours.zip(theirs).is_some_and(|(ours, theirs)| {
                ours.iter().zip(theirs).all(|(&ours, &theirs)| {
                    let is_lost = theirs == 0.0 || theirs.is_infinite();
                    near(kernel, ours, theirs) || is_lost && ours.is_finite()
                })
            })
        }
        _ => false,
    }
}

#[test]
fn every_recipe_at_every_edge() {
    let fixtures = Fixtures::of("recipes");
    let names = fixtures.reader.borrow_mut().names().expect("the archive lists its arrays");
    let mut calls = 0;
    for name in names {
        let name = name.trim_end_matches(".npy");
        let [kernel, case, end @ ("out" | "raises")] = name.split('.').collect::<Vec<_>>()[..]
        else {
            continue;
        };
        let Some((array, axis)) = case.split_once('_') else { continue };
        let a: ArrayD<f64> = fixtures.array(&format!("arrays.{array}.a"));
        let theirs = (end == "out").then(|| fixtures.array::<f64>(name));
        let shape = theirs.as_ref().map_or(a.shape(), |theirs| theirs.shape());
        for (layout, a) in layouts(&a).iter().enumerate() {
            // A panic is what NumPy's error is. (It may have a backtrace in the output of a test that fails.)
            let ours = catch_unwind(AssertUnwindSafe(|| match axis.parse() {
                Ok(axis) => reduced(kernel, a, Axis(axis)),
                Err(_) => whole_array(kernel, a, shape).or_else(|| of_all(kernel, a)),
            }));
            let ours = ours.unwrap_or(None);
            let is_same = match (&ours, &theirs) {
                (Some(ours), Some(theirs)) => {
                    ours.shape() == theirs.shape()
                        && ours
                            .iter()
                            .zip(theirs)
                            .all(|(&ours, &theirs)| near(kernel, ours, theirs))
                }
                (ours, theirs) => ours.is_none() && theirs.is_none(),
            };
            assert!(
                is_same || is_told(kernel, case, ours.as_ref(), theirs.as_ref()),
                "{kernel} of {case}, layout {layout}: {ours:?}, NumPy has {theirs:?}"
            );
            calls += 1;
        }
    }
    assert!(calls > 6000, "{calls}");
}
