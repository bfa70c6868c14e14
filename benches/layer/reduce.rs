//! Along an axis and over all: sums, moments, extrema, counts, norms, lane products.
//!
//! Arrays are in C order: axis 0 runs across the rows of memory, axis 1 along them.

use ndarray::{Array1, Array2, ArrayView1, Axis};
use ndarray_pool::Pool2;
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;
use rand::{SeedableRng, rngs::StdRng};

use super::pair::{Bench, number, pair};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let mut a = Array2::zeros((bench.side, bench.side));
    random_into(&StandardUniform, &mut a, &mut StdRng::seed_from_u64(1));
    over_all(bench, &a);
    for axis in [Axis(0), Axis(1)] {
        sums(bench, &a, axis);
        extrema(bench, &a, axis);
        truths(bench, &a, axis);
    }
    leased(bench, &a);
    products(bench, &a);
}

fn over_all(bench: &mut Bench<'_>, a: &Array2<f64>) {
    number!(bench, "whole::sum", a.sum(), whole::sum(a));
    // Numbers below one multiply to numbers too small to be normal, which take longer.
    let near_one = a.mapv(|x| 1.0 + (x - 0.5) / 1000.0);
    number!(bench, "whole::prod", near_one.product(), whole::prod(&near_one));
    number!(bench, "whole::mean", a.mean(), whole::mean(a));
    number!(bench, "whole::var", a.var(1.0), whole::var(a, 1.0));
    number!(bench, "whole::std", a.std(1.0), whole::std(a, 1.0));
    number!(bench, "whole::min", a.fold(f64::INFINITY, |m, &x| min(m, x)), whole::min(a));
    number!(
        bench,
        "whole::argmin",
        a.iter().enumerate().fold((0, a[[0, 0]]), first),
        whole::argmin(a)
    );
    number!(
        bench,
        "whole::count_nonzero",
        a.iter().filter(|&&x| x != 0.0).count(),
        whole::count_nonzero(a)
    );
    number!(bench, "whole::norm_l1", a.fold(0.0, |s, x| s + x.abs()), whole::norm_l1(a));
    number!(
        bench,
        "whole::nansum",
        a.fold(0.0, |s, &x| if x.is_nan() { s } else { s + x }),
        whole::nansum(a)
    );
    let (late, early) = (a.mapv(|x| x > 1.0), a.mapv(|x| x < 0.5));
    number!(bench, "whole::any, none", late.iter().any(|&x| x), whole::any(&late));
    number!(bench, "whole::any, soon", early.iter().any(|&x| x), whole::any(&early));
}

fn sums(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    pair!(bench, named("sum_axis_into"), a.sum_axis(axis), |out| sum_axis_into(a, axis, out));
    pair!(bench, named("prod_axis_into"), a.product_axis(axis), |out| {
        prod_axis_into(a, axis, out);
    });
    pair!(bench, named("mean_axis_into"), a.mean_axis(axis).unwrap(), |out| {
        mean_axis_into(a, axis, out);
    });
    pair!(bench, named("var_axis_into"), a.var_axis(axis, 1.0), |out| {
        var_axis_into(a, axis, 1.0, out);
    });
    pair!(bench, named("std_axis_into"), a.std_axis(axis, 1.0), |out| {
        std_axis_into(a, axis, 1.0, out);
    });
    pair!(
        bench,
        named("nansum_axis_into"),
        a.fold_axis(axis, 0.0, |&s, &x| if x.is_nan() { s } else { s + x }),
        |out| nansum_axis_into(a, axis, out)
    );
    pair!(
        bench,
        named("nanmean_axis_into"),
        a.fold_axis(axis, (0.0, 0.0), |&(s, n), &x| if x.is_nan() {
            (s, n)
        } else {
            (s + x, n + 1.0)
        })
        .mapv(|(s, n)| s / n),
        |out| nanmean_axis_into(a, axis, out)
    );
    pair!(bench, named("norm_l1_axis_into"), a.fold_axis(axis, 0.0, |s, x| s + x.abs()), |out| {
        norm_l1_axis_into(a, axis, out);
    });
    pair!(
        bench,
        named("norm_l2_axis_into"),
        a.fold_axis(axis, 0.0, |s, x| s + x * x).mapv(f64::sqrt),
        |out| norm_l2_axis_into(a, axis, out)
    );
    pair!(bench, named("reduce_axis_into"), a.fold_axis(axis, 0.0, |s, x| s + x), |out| {
        reduce_axis_into(a, axis, 0.0, out, |s, x| s + x);
    });
}

fn extrema(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    pair!(
        bench,
        named("min_axis_into"),
        a.fold_axis(axis, f64::INFINITY, |&m, &x| min(m, x)),
        |out| min_axis_into(a, axis, out)
    );
    pair!(
        bench,
        named("nanmin_axis_into"),
        a.fold_axis(axis, f64::INFINITY, |m, &x| m.min(x)),
        |out| nanmin_axis_into(a, axis, out)
    );
    pair!(
        bench,
        named("ptp_axis_into"),
        a.fold_axis(axis, f64::NEG_INFINITY, |&m, &x| -min(-m, -x))
            - a.fold_axis(axis, f64::INFINITY, |&m, &x| min(m, x)),
        |out| ptp_axis_into(a, axis, out)
    );
    pair!(
        bench,
        named("argmin_axis_into"),
        a.map_axis(axis, |lane| lane.iter().enumerate().fold((0, lane[0]), first).0),
        |out| argmin_axis_into(a, axis, out)
    );
}

/// The smaller one; NaN if either is.
fn min(m: f64, x: f64) -> f64 {
    if x < m || x.is_nan() { x } else { m }
}

/// The first of the smallest, or of those that are NaN.
fn first(best: (usize, f64), (at, &x): (usize, &f64)) -> (usize, f64) {
    if x < best.1 || (x.is_nan() && !best.1.is_nan()) { (at, x) } else { best }
}

fn truths(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    let (none, soon) = (a.mapv(|x| x > 1.0), a.mapv(|x| x < 0.5));
    let any = |lane: ArrayView1<'_, bool>| lane.iter().any(|&x| x);
    pair!(bench, named("any_axis_into, none"), none.map_axis(axis, any), |out| {
        any_axis_into(&none, axis, out);
    });
    pair!(bench, named("any_axis_into, soon"), soon.map_axis(axis, any), |out| {
        any_axis_into(&soon, axis, out);
    });
    pair!(
        bench,
        named("count_nonzero_axis_into"),
        a.fold_axis(axis, 0, |n, &x| n + usize::from(x != 0.0)),
        |out| count_nonzero_axis_into(a, axis, out)
    );
    let mut scratch = vec![0.0; a.len_of(axis)];
    pair!(
        bench,
        named("median_axis_into"),
        a.map_axis(axis, |lane| {
            let mut lane = lane.to_vec();
            let half = lane.len() / 2;
            let (below, &mut upper, _) = lane.select_nth_unstable_by(half, f64::total_cmp);
            (below.iter().copied().fold(f64::NEG_INFINITY, f64::max) + upper) / 2.0
        }),
        |out| median_axis_into(a, axis, out, &mut scratch)
    );
}

/// The same of buffers that a pool leased, which lie on huge pages where the system has them; ndarray's lie on the heap.
fn leased(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let pool = Pool2::<f64>::new(a.dim(), 1).expect("one array fits");
    let lease = pool.lease_copy_of(a);
    for axis in [Axis(0), Axis(1)] {
        let named = |kernel| format!("{kernel}, axis {}, of a lease", axis.index());
        pair!(bench, named("sum_axis_into"), a.sum_axis(axis), |out| {
            sum_axis_into(&lease, axis, out);
        });
        pair!(bench, named("var_axis_into"), a.var_axis(axis, 1.0), |out| {
            var_axis_into(&lease, axis, 1.0, out);
        });
    }
}

fn products(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let v: Array1<f64> = (0..bench.side).map(|i| i as f64).collect();
    pair!(bench, "matvec_into", a.dot(&v), |out| matvec_into(a, &v, out));
    pair!(bench, "vecmat_into", v.dot(a), |out| vecmat_into(&v, a, out));
    number!(bench, "whole::vdot", a.row(0).dot(&v), whole::vdot(&a.row(0), &v));
    let b = a.t();
    pair!(
        bench,
        "vecdot_axis_into, axis 1",
        ndarray::Zip::from(a.rows()).and(a.rows()).map_collect(|a, b| a.dot(&b)),
        |out| vecdot_axis_into(a, a, Axis(1), out)
    );
    pair!(bench, "sum_axis_into, axis 0, F order", b.sum_axis(Axis(0)), |out| {
        sum_axis_into(&b, Axis(0), out);
    });
}
