//! Running sums and extrema, differences, slopes, areas, segments.

use ndarray::{Array1, Array2, ArrayView1, Axis, s};
use ndarray_pool::kernel::*;

use super::pair::{Bench, pair, rivals};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64);
    for axis in [Axis(0), Axis(1)] {
        running(bench, &a, axis);
        neighbours(bench, &a, axis);
    }
    pair!(
        bench,
        "cumsum_into",
        a.iter()
            .scan(0.0, |sum, x| {
                *sum += x;
                Some(*sum)
            })
            .collect::<Array1<f64>>(),
        |out| cumsum_into(&a, out)
    );
}

/// ndarray's `accumulate_axis_inplace` needs a copy of the array.
fn scanned(a: &Array2<f64>, axis: Axis, f: impl FnMut(&f64, &mut f64)) -> Array2<f64> {
    let mut result = a.to_owned();
    result.accumulate_axis_inplace(axis, f);
    result
}

fn running(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    pair!(bench, named("cumsum_axis_into"), scanned(a, axis, |&before, x| *x += before), |out| {
        cumsum_axis_into(a, axis, out);
    });
    pair!(bench, named("cumprod_axis_into"), scanned(a, axis, |&before, x| *x *= before), |out| {
        cumprod_axis_into(a, axis, out);
    });
    pair!(bench, named("cummax_axis_into"), scanned(a, axis, |&m, x| *x = larger(m, *x)), |out| {
        cummax_axis_into(a, axis, out);
    });
    pair!(
        bench,
        named("accumulate_axis_into"),
        scanned(a, axis, |&before, x| *x += 0.5 * before),
        |out| accumulate_axis_into(a, axis, out, |before, x| 0.5 * before + x)
    );
    pair!(
        bench,
        named("nancumsum_axis_into"),
        scanned(a, axis, |&sum, x| *x = if x.is_nan() { sum } else { sum + *x }),
        |out| nancumsum_axis_into(a, axis, out)
    );
    rivals!(
        bench,
        named("cummax_axis_inplace"),
        a.clone() => |out| out.accumulate_axis_inplace(axis, |&m, x| *x = larger(m, *x)),
        cummax_axis_inplace(out, axis)
    );
}

/// The larger one; NaN if either is.
fn larger(m: f64, x: f64) -> f64 {
    if m >= x || m.is_nan() { m } else { x }
}

/// Slopes of samples at the coordinates `x`, as NumPy computes them.
fn slopes_at(x: &Array1<f64>, a: &Array2<f64>, axis: Axis) -> Array2<f64> {
    let mut slopes = Array2::zeros(a.dim());
    let end = a.len_of(axis) - 1;
    let at = |i| a.index_axis(axis, i);
    slopes.index_axis_mut(axis, 0).assign(&(&(&at(1) - &at(0)) / (x[1] - x[0])));
    let last = x[end] - x[end - 1];
    slopes.index_axis_mut(axis, end).assign(&(&(&at(end) - &at(end - 1)) / last));
    let steps = x.diff(1, Axis(0));
    let (d, e) = (steps.slice(s![..-1]), steps.slice(s![1..]));
    let both = &d + &e;
    let weights = [-&e / (&d * &both), (&e - &d) / (&d * &e), &d / (&e * &both)];
    let [before, at, behind] = weights.map(|weights| match axis {
        Axis(0) => weights.insert_axis(Axis(1)),
        _ => weights.insert_axis(Axis(0)),
    });
    let part = |from: usize| a.slice_axis(axis, (from..from + end - 1).into());
    let inside = &part(0) * &before + &part(1) * &at + &part(2) * &behind;
    slopes.slice_axis_mut(axis, (1..end).into()).assign(&inside);
    slopes
}

fn neighbours(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    for order in [1, 2, 3] {
        pair!(
            bench,
            format!("diff_axis_into, n = {order}, axis {}", axis.index()),
            a.diff(order, axis),
            |out| { diff_axis_into(a, axis, order, out) }
        );
    }
    pair!(
        bench,
        named("gradient_axis_into"),
        {
            let mut slopes = Array2::zeros(a.dim());
            let end = a.len_of(axis) - 1;
            let at = |i| a.index_axis(axis, i);
            slopes.index_axis_mut(axis, 0).assign(&(&(&at(1) - &at(0)) / 0.5));
            slopes.index_axis_mut(axis, end).assign(&(&(&at(end) - &at(end - 1)) / 0.5));
            let (before, behind) =
                (a.slice_axis(axis, (..end as isize - 1).into()), a.slice_axis(axis, (2..).into()));
            slopes
                .slice_axis_mut(axis, (1..end as isize).into())
                .assign(&(&(&behind - &before) / 1.0));
            slopes
        },
        |out| gradient_axis_into(a, axis, 0.5, EdgeOrder::First, out)
    );
    let x: Array1<f64> = (0..a.len_of(axis)).map(|k| (k + k % 3) as f64).collect();
    pair!(bench, named("gradient_axis_into, at"), slopes_at(&x, a, axis), |out| {
        gradient_axis_into(a, axis, Spacing::At(&x), EdgeOrder::First, out);
    });
    let area =
        |y: ArrayView1<'_, f64>| -> f64 { (&y.slice(s![1..]) + &y.slice(s![..-1])).sum() * 0.25 };
    pair!(bench, named("trapezoid_axis_into"), a.map_axis(axis, area), |out| {
        trapezoid_axis_into(a, axis, 0.5, out);
    });
    let area_at = |y: ArrayView1<'_, f64>| -> f64 {
        let pairs = x.windows(2).into_iter().zip(y.windows(2));
        pairs.map(|(x, y)| (x[1] - x[0]) * (y[1] + y[0]) * 0.5).sum()
    };
    pair!(bench, named("trapezoid_axis_into, at"), a.map_axis(axis, area_at), |out| {
        trapezoid_axis_into(a, axis, Spacing::At(&x), out);
    });
    let starts: Array1<usize> = (0..a.len_of(axis)).step_by(16).collect();
    pair!(
        bench,
        named("add_reduceat_axis_into"),
        {
            let mut sums = a.select(axis, starts.as_slice().unwrap());
            let segments = a.axis_chunks_iter(axis, 16);
            sums.axis_iter_mut(axis)
                .zip(segments)
                .for_each(|(mut sum, segment)| sum.assign(&segment.sum_axis(axis)));
            sums
        },
        |out| add_reduceat_axis_into(a, axis, &starts, out)
    );
}
