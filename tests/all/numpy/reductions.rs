//! Reductions, scans and slopes: bit for bit where NumPy's operations are the same in the same order; sums, and
//! what is made of them, within a few units of what was added.

use ndarray::{Array1, Array2, ArrayView2, Axis, Ix2, ShapeBuilder, array};
use ndarray_npy::ReadableElement;
use ndarray_pool::kernel::whole::*;
use ndarray_pool::kernel::*;
use num_traits::{Float, FromPrimitive};

use super::{Fixtures, Ulps};

trait Real: Float + FromPrimitive + Ulps + ReadableElement + Default + 'static {}
impl Real for f32 {}
impl Real for f64 {}

/// How far from NumPy a result may be.
#[derive(Clone, Copy, Debug)]
enum Near {
    /// Equal (which −0 and 0 are, and here NaN and NaN).
    Exact,
    Ulps(u64),
    /// The same for roots of sums of squares. NumPy's are infinite if these overflow, and lose digits if they underflow.
    Roots(u64),
    /// Units of ε times the sum of absolute values.
    OfSize(u32),
    /// Four units in the last place; NumPy has NaN between two equal infinities, and beside one.
    Between,
}
use Near::{Between, Exact, OfSize, Roots, Ulps as Units};

type Run<A> = Box<dyn Fn(&ArrayView2<'_, A>, Option<Axis>) -> Vec<A>>;

/// A reduction of all elements, and along an axis.
fn over<A: Real, B: Clone + 'static>(
    neutral: B,
    to_number: impl Fn(B) -> A + 'static,
    whole: impl Fn(&ArrayView2<'_, A>) -> B + 'static,
    along: impl Fn(&ArrayView2<'_, A>, Axis, &mut Array1<B>) + 'static,
) -> Run<A> {
    Box::new(move |a, axis| {
        let Some(axis) = axis else { return vec![to_number(whole(a))] };
        let mut out = Array1::from_elem(a.len() / a.len_of(axis), neutral.clone());
        along(a, axis, &mut out);
        out.into_iter().map(&to_number).collect()
    })
}

/// The same for results of the type of the elements.
fn number<A: Real>(
    whole: impl Fn(&ArrayView2<'_, A>) -> A + 'static,
    along: impl Fn(&ArrayView2<'_, A>, Axis, &mut Array1<A>) + 'static,
) -> Run<A> {
    over(A::zero(), |x| x, whole, along)
}

/// A kernel whose `out` has `shorter` elements less along the axis.
fn along<A: Real>(
    shorter: usize,
    kernel: impl Fn(&ArrayView2<'_, A>, Axis, &mut Array2<A>) + 'static,
) -> Run<A> {
    Box::new(move |a, axis| {
        let axis = axis.expect("takes an axis");
        let mut shape = a.raw_dim();
        shape[axis.index()] = shape[axis.index()].saturating_sub(shorter);
        let mut out = Array2::zeros(shape);
        kernel(a, axis, &mut out);
        out.into_iter().collect()
    })
}

/// A scan without an axis.
fn flat<A: Real>(kernel: impl Fn(&ArrayView2<'_, A>, &mut Array1<A>) + 'static) -> Run<A> {
    Box::new(move |a, axis| {
        assert_eq!(axis, None);
        let mut out = Array1::zeros(a.len());
        kernel(a, &mut out);
        out.into_iter().collect()
    })
}

/// A reduction of the segments that the script names.
fn segments<A: Real>(
    kernel: impl Fn(&ArrayView2<'_, A>, &Array1<usize>, Axis, &mut Array2<A>) + 'static,
) -> Run<A> {
    Box::new(move |a, axis| {
        let axis = axis.expect("takes an axis");
        let mut shape = a.raw_dim();
        shape[axis.index()] = 5;
        let mut out = Array2::zeros(shape);
        kernel(a, &array![0, 2, 1, 1, 2], axis, &mut out);
        out.into_iter().collect()
    })
}

/// Slopes of samples that are not evenly spaced.
fn slopes_at<A: Real>(edge_order: EdgeOrder) -> Run<A> {
    along(0, move |a, axis, out| {
        let x = coordinates(a.len_of(axis));
        gradient_axis_into(a, axis, Spacing::At(&x), edge_order, out);
    })
}

/// The coordinates that the script has.
fn coordinates<A: Real>(len: usize) -> Array1<A> {
    let number = |k| A::from(k).expect("floats hold small numbers");
    (0..len).map(number).map(|k| k + k * k / number(64)).collect()
}

/// `np.maximum`.
fn nan_or_max<A: Real>(a: A, b: A) -> A {
    if a > b || a.is_nan() { a } else { b }
}

/// The quantiles by one method that the script asks for, with NaN or without.
fn by_method<A: Real>(method: QuantileMethod, skip_nan: bool) -> Run<A> {
    Box::new(move |a, axis| {
        let mut scratch = vec![A::zero(); a.len()];
        let mut quantiles = Vec::new();
        for q in [0.0, 0.1, 0.25, 0.5, 0.7] {
            let Some(axis) = axis else {
                let whole = if skip_nan { nanquantile } else { quantile };
                quantiles.push(whole(a, q, method, &mut scratch));
                continue;
            };
            let mut out = Array1::zeros(a.len() / a.len_of(axis));
            let along = if skip_nan { nanquantile_axis_into } else { quantile_axis_into };
            along(a, axis, q, method, &mut out, &mut scratch);
            quantiles.extend(out);
        }
        quantiles
    })
}

/// The quantiles with the weights that the script has.
fn weighted<A: Real>() -> Run<A> {
    Box::new(move |a, axis| {
        let mut scratch = vec![(A::zero(), A::zero()); a.len()];
        let weight = |k: usize| A::from(k * 5 % 7).expect("small") / A::from(4).expect("small");
        let mut quantiles = Vec::new();
        for q in [0.0, 0.1, 0.25, 0.5, 0.7] {
            let Some(axis) = axis else {
                let weights = Array1::from_shape_fn(a.len(), weight);
                let weights = weights.into_shape_with_order(a.raw_dim()).expect("as many");
                quantiles.push(weighted_quantile(a, &weights.view(), q, &mut scratch));
                continue;
            };
            let weights = Array1::from_shape_fn(a.len_of(axis), weight);
            let mut out = Array1::zeros(a.len() / a.len_of(axis));
            weighted_quantile_axis_into(a, &weights, axis, q, &mut out, &mut scratch);
            quantiles.extend(out);
        }
        quantiles
    })
}

/// Each method under its name in NumPy, and how near its results are.
const METHODS: [(&str, QuantileMethod, Near); 13] = [
    ("inverted_cdf", QuantileMethod::InvertedCdf, Exact),
    ("averaged_inverted_cdf", QuantileMethod::AveragedInvertedCdf, Between),
    ("closest_observation", QuantileMethod::ClosestObservation, Exact),
    ("interpolated_inverted_cdf", QuantileMethod::InterpolatedInvertedCdf, Between),
    ("hazen", QuantileMethod::Hazen, Between),
    ("weibull", QuantileMethod::Weibull, Between),
    ("linear", QuantileMethod::Linear, Between),
    ("median_unbiased", QuantileMethod::MedianUnbiased, Between),
    ("normal_unbiased", QuantileMethod::NormalUnbiased, Between),
    ("lower", QuantileMethod::Lower, Exact),
    ("higher", QuantileMethod::Higher, Exact),
    ("midpoint", QuantileMethod::Midpoint, Between),
    ("nearest", QuantileMethod::Nearest, Exact),
];

fn kernels<A: Real>() -> Vec<(&'static str, Near, Run<A>)> {
    let real = |x: f64| A::from(x).expect("a number");
    let place = |x: usize| A::from(x).expect("a small number");
    let truth = |x: bool| if x { A::one() } else { A::zero() };
    let (one, zero, step) = (A::one(), A::zero(), real(0.3));
    let scratch = || vec![A::zero(); 2000];
    let back = |a: &ArrayView2<'_, A>| a.slice(ndarray::s![..;-1, ..]).to_owned();
    macro_rules! number {
        ($whole:ident, $axis:ident $(, $argument:expr)*) => {
            number(
                move |a| $whole(a $(, $argument)*),
                move |a, axis, out| $axis(a, axis $(, $argument)*, out),
            )
        };
    }
    macro_rules! quantile {
        ($whole:ident, $axis:ident $(, $argument:expr)*) => {
            number(
                move |a| $whole(a $(, $argument)*, &mut scratch()),
                move |a, axis, out| $axis(a, axis $(, $argument)*, out, &mut scratch()),
            )
        };
    }
    macro_rules! places {
        ($whole:ident, $axis:ident) => {
            over(0, place, |a| $whole(a).unwrap(), |a, axis, out| $axis(a, axis, out))
        };
    }
    macro_rules! extremum {
        ($whole:ident, $axis:ident) => {
            number(|a| $whole(a).unwrap(), |a, axis, out| $axis(a, axis, out))
        };
    }
    vec![
        ("sum", OfSize(4), number!(sum, sum_axis_into)),
        ("prod", Units(40), number!(prod, prod_axis_into)),
        ("mean", OfSize(4), number!(mean, mean_axis_into)),
        ("var", Units(40), number!(var, var_axis_into, one)),
        ("std", Roots(40), number!(std, std_axis_into, zero)),
        ("min", Exact, extremum!(min, min_axis_into)),
        ("max", Exact, extremum!(max, max_axis_into)),
        ("argmin", Exact, places!(argmin, argmin_axis_into)),
        ("argmax", Exact, places!(argmax, argmax_axis_into)),
        ("ptp", Exact, extremum!(ptp, ptp_axis_into)),
        (
            "any",
            Exact,
            over(
                false,
                truth,
                move |a| any(&a.mapv(|x| x > real(0.1))),
                move |a, axis, out| any_axis_into(&a.mapv(|x| x > real(0.1)), axis, out),
            ),
        ),
        (
            "all",
            Exact,
            over(
                false,
                truth,
                move |a| all(&a.mapv(|x| x > real(-0.1))),
                move |a, axis, out| all_axis_into(&a.mapv(|x| x > real(-0.1)), axis, out),
            ),
        ),
        (
            "count_nonzero",
            Exact,
            over(
                0,
                place,
                |a| count_nonzero(a),
                |a, axis, out| count_nonzero_axis_into(a, axis, out),
            ),
        ),
        ("norm_l1", OfSize(4), number!(norm_l1, norm_l1_axis_into)),
        ("norm_l2", Roots(40), number!(norm_l2, norm_l2_axis_into)),
        ("norm_max", Exact, number!(norm_max, norm_max_axis_into)),
        (
            "vecdot",
            Units(1 << 12), // of products that cancel
            number(
                move |a| vdot(a, &back(a).view()),
                move |a, axis, out| vecdot_axis_into(a, &back(a).view(), axis, out),
            ),
        ),
        ("nansum", OfSize(4), number!(nansum, nansum_axis_into)),
        ("nanprod", Units(40), number!(nanprod, nanprod_axis_into)),
        ("nanmean", OfSize(4), number!(nanmean, nanmean_axis_into)),
        ("nanvar", Units(40), number!(nanvar, nanvar_axis_into, one)),
        ("nanstd", Roots(40), number!(nanstd, nanstd_axis_into, zero)),
        ("nanmin", Exact, extremum!(nanmin, nanmin_axis_into)),
        ("nanmax", Exact, extremum!(nanmax, nanmax_axis_into)),
        ("nanargmin", Exact, places!(nanargmin, nanargmin_axis_into)),
        ("nanargmax", Exact, places!(nanargmax, nanargmax_axis_into)),
        ("median", Exact, quantile!(median, median_axis_into)),
        ("nanmedian", Exact, quantile!(nanmedian, nanmedian_axis_into)),
        ("quantile", Between, quantile!(quantile, quantile_axis_into, 0.3, QuantileMethod::Linear)),
        (
            "nanquantile",
            Between,
            quantile!(nanquantile, nanquantile_axis_into, 0.3, QuantileMethod::Linear),
        ),
        (
            "percentile",
            Between,
            quantile!(percentile, percentile_axis_into, 90.0, QuantileMethod::Linear),
        ),
        (
            "nanpercentile",
            Between,
            quantile!(nanpercentile, nanpercentile_axis_into, 90.0, QuantileMethod::Linear),
        ),
        ("flat_cumsum", Exact, flat(|a, out| cumsum_into(a, out))),
        ("flat_cumprod", Exact, flat(|a, out| cumprod_into(a, out))),
        ("flat_nancumsum", Exact, flat(|a, out| nancumsum_into(a, out))),
        ("flat_nancumprod", Exact, flat(|a, out| nancumprod_into(a, out))),
        ("flat_cummax", Exact, flat(|a, out| accumulate_into(a, out, nan_or_max))),
        (
            "add_reduceat",
            OfSize(4),
            segments(|a, places, axis, out| add_reduceat_axis_into(a, axis, places, out)),
        ),
        (
            "max_reduceat",
            Exact,
            segments(|a, places, axis, out| reduceat_axis_into(a, axis, places, out, nan_or_max)),
        ),
        ("cumsum", Exact, along(0, |a, axis, out| cumsum_axis_into(a, axis, out))),
        ("cumprod", Exact, along(0, |a, axis, out| cumprod_axis_into(a, axis, out))),
        ("cummax", Exact, along(0, |a, axis, out| cummax_axis_into(a, axis, out))),
        ("cummin", Exact, along(0, |a, axis, out| cummin_axis_into(a, axis, out))),
        ("nancumsum", Exact, along(0, |a, axis, out| nancumsum_axis_into(a, axis, out))),
        ("nancumprod", Exact, along(0, |a, axis, out| nancumprod_axis_into(a, axis, out))),
        ("diff1", Exact, along(1, |a, axis, out| diff_axis_into(a, axis, 1, out))),
        ("diff3", Exact, along(3, |a, axis, out| diff_axis_into(a, axis, 3, out))),
        (
            "gradient",
            Exact,
            along(0, move |a, axis, out| gradient_axis_into(a, axis, step, EdgeOrder::First, out)),
        ),
        (
            "gradient_2",
            Exact,
            along(0, move |a, axis, out| gradient_axis_into(a, axis, step, EdgeOrder::Second, out)),
        ),
        ("weighted_quantile", Exact, weighted()),
        ("gradient_at", Exact, slopes_at(EdgeOrder::First)),
        ("gradient_at_2", Exact, slopes_at(EdgeOrder::Second)),
        (
            "trapezoid",
            OfSize(4),
            number(|_| unreachable!(), move |a, axis, out| trapezoid_axis_into(a, axis, step, out)),
        ),
        (
            "trapezoid_at",
            OfSize(40), // coordinates are some ten apart
            number(
                |_| unreachable!(),
                |a, axis, out| {
                    let x = coordinates(a.len_of(axis));
                    trapezoid_axis_into(a, axis, Spacing::At(&x), out);
                },
            ),
        ),
    ]
}

#[test]
fn results_are_numpys() {
    check_all::<f64>("f64", kernels());
    check_all::<f32>("f32", kernels());
}

#[test]
fn quantiles_by_every_method_are_numpys() {
    for (name, method, near) in METHODS {
        for (skip_nan, prefix) in [(false, "quantile"), (true, "nanquantile")] {
            let name = &format!("{prefix}_{name}");
            check_all::<f64>("f64", vec![(name, near, by_method(method, skip_nan))]);
            check_all::<f32>("f32", vec![(name, near, by_method(method, skip_nan))]);
        }
    }
}

/// NumPy's `where=` of a sum.
#[test]
fn masked_sums_are_numpys() {
    let fixtures = Fixtures::of("reductions");
    for case in fixtures.cases("masked_sum").iter().filter(|case| case.ends_with("f64")) {
        let a: Array2<f64> =
            fixtures.array(&format!("input.{case}.a")).into_dimensionality().unwrap();
        let mask = fixtures.array(&format!("masked_sum.{case}.mask"));
        let mask: Array2<bool> = mask.into_dimensionality().unwrap();
        let numpys = fixtures.array::<f64>(&format!("masked_sum.{case}.out"));
        let mut ours = Vec::new();
        for axis in [Axis(0), Axis(1)] {
            let mut sums = Array1::zeros(a.len() / a.len_of(axis));
            reduce_where_axis_into(&a, axis, &mask, 0.0, &mut sums, |sum, x| sum + x);
            ours.extend(sums);
        }
        assert_eq!(ours.len(), numpys.len());
        for (ours, numpys) in ours.iter().zip(&numpys) {
            let off = (ours - numpys).abs();
            let equal = ours == numpys || (ours.is_nan() && numpys.is_nan());
            assert!(
                equal || off <= 4.0 * f64::EPSILON * a.len() as f64,
                "{case}: {ours}, {numpys}"
            );
        }
    }
}

fn check_all<A: Real>(float: &str, kernels: Vec<(&str, Near, Run<A>)>) {
    let fixtures = Fixtures::of("reductions");
    for (name, near, run) in kernels {
        for case in fixtures.cases(name).iter().filter(|case| case.ends_with(float)) {
            if matches!(name, "var" | "std") && case.starts_with("offset_f32") {
                continue; // NumPy's mean is rounded to a multiple of 8, and its variance off by 5e-4
            }
            let numpys = fixtures.array::<A>(&format!("{name}.{case}.out"));
            let a = fixtures.array::<A>(&format!("input.{case}.a"));
            let a: Array2<A> = a.into_dimensionality::<Ix2>().unwrap();
            for (layout, memory) in layouts(&a).iter().enumerate() {
                let view = match layout {
                    2 => memory.slice(ndarray::s![..;-1, ..;-2]),
                    _ => memory.view(),
                };
                let mut ours = Vec::new();
                let scan = ["cum", "nancum", "diff", "grad", "trap", "add_", "max_"];
                if !scan.iter().any(|part| name.starts_with(part)) {
                    ours.extend(run(&view, None));
                }
                for axis in [Axis(0), Axis(1)] {
                    if ours.len() < numpys.len() && (axis == Axis(1) || a.ncols() <= 100) {
                        ours.extend(run(&view, Some(axis)));
                    }
                }
                assert_eq!(ours.len(), numpys.len(), "{name} of {case}");
                let infinite = a.iter().any(|x| x.is_infinite());
                // NumPy's sums overflow, and squares underflow too; those of means, deviations and norms here do not.
                let least = A::min_positive_value().sqrt() / A::epsilon();
                let may_overflow =
                    ["mean", "std", "average", "norm"].iter().any(|part| name.contains(part));
                let finite = a.iter().filter(|x| x.is_finite());
                let size = finite.fold(A::zero(), |size, x| size + x.abs());
                for (at, (&ours, &numpys)) in ours.iter().zip(&numpys).enumerate() {
                    let fits = ours == numpys
                        || (may_overflow && numpys.is_infinite() && ours.is_finite())
                        || (may_overflow && numpys.abs() < least && ours.abs() < least)
                        || match near {
                            Exact => ours.is_nan() && numpys.is_nan(),
                            Between => {
                                ours.ulps_from(numpys) <= 4
                                    || (infinite && numpys.is_nan() && !ours.is_nan())
                            }
                            Units(ulps) => ours.ulps_from(numpys) <= ulps,
                            Roots(ulps) => {
                                let square = ours * ours;
                                let (low, high) = (A::min_positive_value(), A::infinity());
                                ours.ulps_from(numpys) <= ulps
                                    || (square == high && ours != high && numpys == high)
                                    || (square < low && numpys * numpys < low)
                            }
                            OfSize(units) => {
                                (ours.is_nan() && numpys.is_nan())
                                    || (ours - numpys).abs()
                                        <= A::from(units).unwrap() * A::epsilon() * size
                            }
                        };
                    assert!(
                        fits,
                        "{name} of {case}, layout {layout}, result {at}: \
                         {ours:?}, NumPy has {numpys:?} ({near:?})"
                    );
                }
            }
        }
    }
}

/// In C order, in F order, and spaced and backwards (which the caller has to undo).
fn layouts<A: Real>(a: &Array2<A>) -> [Array2<A>; 3] {
    let (n, m) = a.dim();
    let mut f = Array2::zeros((n, m).f());
    f.assign(a);
    let wide = Array2::from_shape_fn((n, 2 * m), |(i, j)| match j % 2 {
        1 => a[[n - 1 - i, m - 1 - j / 2]],
        _ => A::nan(),
    });
    [a.clone(), f, wide]
}

/// Against exact arithmetic, on a mean of 10⁸ with spread 1 and on large terms that cancel: no further off than
/// NumPy, or than half a unit where NumPy happens to be closer still.
#[test]
fn sums_and_variances_are_as_accurate_as_numpys() {
    let fixtures = Fixtures::of("reductions");
    for case in ["offset_f64", "alternating_f64"] {
        let a = fixtures.array::<f64>(&format!("input.{case}.a"));
        let a: Array2<f64> = a.into_dimensionality().unwrap();
        let exact = |name: &str| fixtures.array::<f64>(&format!("exact.{case}.{name}"));
        let numpys = |name: &str| fixtures.array::<f64>(&format!("{name}.{case}.out"));
        let (mut sums, mut variances) = (Array1::zeros(a.nrows()), Array1::zeros(a.nrows()));
        for rows in [false, true] {
            // Along the narrowest step of memory, and across it.
            let (a, axis) = if rows {
                (a.t().as_standard_layout().into_owned(), Axis(0))
            } else {
                (a.clone(), Axis(1))
            };
            sum_axis_into(&a, axis, &mut sums);
            var_axis_into(&a, axis, 1.0, &mut variances);
            for (name, ours) in [("sum", &sums), ("var", &variances)] {
                let size = if name == "sum" { a.iter().map(|x| x.abs()).sum::<f64>() } else { 0.0 };
                let (mut off, mut numpys_off) = (0.0_f64, 0.0_f64);
                for ((exact, ours), numpys) in
                    exact(name).iter().zip(ours).zip(numpys(name).iter().skip(1))
                {
                    let unit = f64::EPSILON * exact.abs().max(size / a.nrows() as f64);
                    off = off.max((ours - exact).abs() / unit);
                    numpys_off = numpys_off.max((numpys - exact).abs() / unit);
                }
                assert!(
                    off <= numpys_off.max(2.0),
                    "{name} of {case}: {off} units, NumPy {numpys_off}"
                );
            }
        }
    }
}
