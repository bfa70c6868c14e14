//! Points: as many elements as the squares have, in rows of three.

use ndarray::{Array1, Array2, Axis, Zip, concatenate};
use ndarray_pool::kernel::*;

use super::pair::{Bench, pair};

const COLUMNS: usize = 3;

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let points = bench.side * bench.side / COLUMNS;
    let number = |(i, j)| (i * 7919 + j * 104_729) % 1009;
    let a = Array2::from_shape_fn((points, COLUMNS), |place| number(place) as f64 - 500.0);
    for axis in [Axis(0), Axis(1)] {
        reduced(bench, &a, axis);
        located(bench, &a, axis);
        walked(bench, &a, axis);
    }
    let centre = a.row(points / 2);
    pair!(bench, "sub_into, a row from points", &a - &centre, |out| sub_into(&a, &centre, out));
    let sizes = a.column(0).to_owned().insert_axis(Axis(1));
    pair!(bench, "div_into, points by a column", &a / &sizes, |out| div_into(&a, &sizes, out));
}

fn named(kernel: &str, axis: Axis) -> String {
    format!("{kernel}, points, axis {}", axis.index())
}

fn reduced(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    pair!(bench, named("sum_axis_into", axis), a.sum_axis(axis), |out| {
        sum_axis_into(a, axis, out);
    });
    pair!(bench, named("mean_axis_into", axis), a.mean_axis(axis).unwrap(), |out| {
        mean_axis_into(a, axis, out);
    });
    pair!(bench, named("var_axis_into", axis), a.var_axis(axis, 1.0), |out| {
        var_axis_into(a, axis, 1.0, out);
    });
    let weights: Array1<f64> = (0..a.len_of(axis)).map(|k| (1 + k % 4) as f64).collect();
    pair!(
        bench,
        named("average_axis_into", axis),
        match axis.index() {
            0 => weights.dot(a) / weights.sum(),
            _ => a.dot(&weights) / weights.sum(),
        },
        |out| average_axis_into(a, &weights, axis, out)
    );
    pair!(
        bench,
        named("norm_l2_axis_into", axis),
        a.fold_axis(axis, 0.0, |sum, x| sum + x * x).mapv_into(f64::sqrt),
        |out| norm_l2_axis_into(a, axis, out)
    );
}

fn located(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    pair!(
        bench,
        named("max_axis_into", axis),
        a.fold_axis(axis, f64::NEG_INFINITY, |&m, &x| if x > m || x.is_nan() { x } else { m }),
        |out| max_axis_into(a, axis, out)
    );
    pair!(
        bench,
        named("argmax_axis_into", axis),
        a.map_axis(axis, |lane| {
            let better = |best: (usize, f64), (i, &x)| if x > best.1 { (i, x) } else { best };
            lane.iter().enumerate().fold((0, f64::NEG_INFINITY), better).0
        }),
        |out| argmax_axis_into(a, axis, out)
    );
    let mask = a.map(|&x| x > 0.0);
    pair!(
        bench,
        named("count_nonzero_axis_into", axis),
        mask.fold_axis(axis, 0, |count, &is| count + usize::from(is)),
        |out| count_nonzero_axis_into(&mask, axis, out)
    );
}

fn walked(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    pair!(
        bench,
        named("cumsum_axis_into", axis),
        {
            let mut out = a.to_owned();
            out.accumulate_axis_inplace(axis, |&before, x| *x += before);
            out
        },
        |out| cumsum_axis_into(a, axis, out)
    );
    let len = a.len_of(axis);
    let order: Array1<usize> = (0..len).map(|i| (i * 7919 + 1) % len).collect();
    pair!(bench, named("take_axis_into", axis), a.select(axis, order.as_slice().unwrap()), |out| {
        take_axis_into(a, axis, &order, out);
    });
    pair!(
        bench,
        named("flip_axis_into", axis),
        {
            let (mut flipped, mut out) = (a.view(), Array2::zeros(a.dim()));
            flipped.invert_axis(axis);
            Zip::from(&mut out).and(&flipped).for_each(|out, &x| *out = x);
            out
        },
        |out| flip_axis_into(a, axis, out)
    );
    // (ndarray's own result lies in the order that suits it best.)
    let doubled = match axis.index() {
        0 => Array2::zeros((2 * a.nrows(), COLUMNS)),
        _ => Array2::zeros((a.nrows(), 2 * COLUMNS)),
    };
    pair!(
        bench,
        named("concatenate_axis_into", axis),
        concatenate(axis, &[a.view(), a.view()]).unwrap(),
        doubled.clone() => |out| concatenate_axis_into(&[a, a], axis, out)
    );
}
