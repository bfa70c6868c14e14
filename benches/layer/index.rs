//! Taking by index, finding and counting.

use ndarray::{Array1, Array2, Axis};
use ndarray_pool::kernel::*;

use super::pair::{Bench, pair};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i * 31 + j * 17 % 101) as f64);
    by_index(bench, &a, Axis(0));
    by_index(bench, &a, Axis(1));
    counted(bench, &a);
}

fn by_index(bench: &mut Bench<'_>, a: &Array2<f64>, axis: Axis) {
    let named = |kernel| format!("{kernel}, axis {}", axis.index());
    let n = bench.side;
    let order: Array1<usize> = (0..n).map(|i| i * 7919 % n).collect();
    pair!(bench, named("take_axis_into"), a.select(axis, order.as_slice().unwrap()), |out| {
        take_axis_into(a, axis, &order, out);
    });
    let places = a.mapv(|x| x as usize * 7919 % n);
    pair!(
        bench,
        named("take_along_axis_into"),
        Array2::from_shape_fn((n, n), |(i, j)| match axis.index() {
            0 => a[[places[[i, j]], j]],
            _ => a[[i, places[[i, j]]]],
        }),
        |out| take_along_axis_into(a, axis, &places, out)
    );
    let mask: Array1<bool> = (0..n).map(|i| i % 3 != 1).collect();
    let kept: Vec<usize> = (0..n).filter(|&i| mask[i]).collect();
    pair!(bench, named("compress_axis_into"), a.select(axis, &kept), |out| {
        compress_axis_into(a, axis, &mask, out);
    });
}

fn counted(bench: &mut Bench<'_>, a: &Array2<f64>) {
    let values = &a.mapv(|x| (x * 0.37) % 100.0);
    let edges = &Array1::linspace(0.0, 100.0, 101);
    let below = |value: f64| edges.as_slice().unwrap().partition_point(|&edge| edge < value);
    pair!(bench, "searchsorted_into", values.mapv(below), |out| {
        searchsorted_into(edges, values, Side::Left, out);
    });
    let numbers = &values.mapv(|value| value as usize);
    pair!(
        bench,
        "bincount_into",
        {
            let mut counts = Array1::<usize>::zeros(100);
            numbers.for_each(|&at| counts[at] += 1);
            counts
        },
        |out| bincount_into(numbers, out)
    );
    pair!(
        bench,
        "histogram_into",
        {
            let mut counts = Array1::<usize>::zeros(100);
            values.for_each(|&x| counts[below(x).saturating_sub(1)] += 1);
            counts
        },
        |out| histogram_into(values, edges, out)
    );
}
