//! Reductions of few columns, or of few rows: points, samples, colours. They are walked in ways of their own. (That they
//! follow their formulas is a law, in `layouts`.)

use ndarray::{Array1, Array2, Array3, ArrayView2, ArrayView3, Axis, ShapeBuilder, array, s};
use ndarray_pool::kernel::*;

use crate::registry::naive::SplitMix;

const AXES: [Axis; 2] = [Axis(0), Axis(1)];

/// As many columns as there are cases for, with rows that make one block and many, and a rest.
fn shapes() -> impl Iterator<Item = (usize, usize)> {
    let columns = (1..=9).chain([15, 16, 17]);
    let tall = columns.flat_map(|columns| [1, 5, 31, 64, 200, 1001].map(|rows| (rows, columns)));
    tall.chain([(3, 64), (7, 100), (8, 515), (9, 130)])
}

/// The same numbers in C order, in Fortran order, among others, and with both axes turned around and back.
fn layouts(a: &Array2<f64>, see: impl Fn(ArrayView2<'_, f64>)) {
    see(a.view());
    see(a.t().as_standard_layout().t());
    let mut apart = Array2::from_elem((2 * a.nrows(), 3 * a.ncols()), f64::NAN);
    apart.slice_mut(s![1..;2, ..;3]).assign(a);
    see(apart.slice(s![1..;2, ..;3]));
    let turned = a.slice(s![..;-1, ..;-1]).as_standard_layout().into_owned();
    see(turned.slice(s![..;-1, ..;-1]));
}

/// Whole numbers, which have exact sums, few enough that the best occurs more than once; some NaN if asked for.
fn numbers(shape: (usize, usize), nan_in: u64) -> Array2<f64> {
    let mut rng = SplitMix(shape.0 as u64 * 64 + shape.1 as u64);
    Array2::from_shape_simple_fn(shape, || match rng.next() >> 8 {
        x if x.is_multiple_of(nan_in) => f64::NAN,
        x => (x % 64) as f64 - 32.0,
    })
}

fn same(x: f64, y: f64) -> bool {
    x == y || x.is_nan() && y.is_nan()
}

#[test]
fn reductions_are_those_of_each_lane() {
    type Kernel = fn(&ndarray::ArrayRef2<f64>, Axis, &mut ndarray::ArrayRef1<f64>);
    type Whole = fn(&ndarray::ArrayRef1<f64>) -> Option<f64>;
    let kernels: [(Kernel, Whole); 8] = [
        (sum_axis_into, |lane| Some(whole::sum(lane))),
        (nansum_axis_into, |lane| Some(whole::nansum(lane))),
        (mean_axis_into, |lane| Some(whole::mean(lane))),
        (max_axis_into, whole::max),
        (nanmin_axis_into, whole::nanmin),
        (ptp_axis_into, whole::ptp),
        (norm_l1_axis_into, |lane| Some(whole::norm_l1(lane))),
        (norm_max_axis_into, |lane| Some(whole::norm_max(lane))),
    ];
    for shape in shapes() {
        for nan_in in [13, u64::MAX] {
            let a = numbers(shape, nan_in);
            for axis in AXES {
                layouts(&a, |a| {
                    let lanes = || a.lanes(axis).into_iter();
                    let mut out = Array1::zeros(lanes().len());
                    for (number, (kernel, whole)) in kernels.iter().enumerate() {
                        kernel(&a, axis, &mut out);
                        for (lane, &x) in lanes().zip(&out) {
                            let expected = whole(&lane.to_owned()).unwrap_or(f64::NAN);
                            assert!(same(x, expected), "{number}: {shape:?} {axis:?} {nan_in}");
                        }
                    }
                    let mut places = Array1::zeros(out.len());
                    argmax_axis_into(&a, axis, &mut places);
                    let expected = lanes().map(|lane| whole::argmax(&lane.to_owned()).unwrap());
                    assert_eq!(places, expected.collect::<Array1<_>>(), "{shape:?} {axis:?}");
                    let is_positive = a.map(|&x| x > 0.0);
                    count_nonzero_axis_into(&is_positive, axis, &mut places);
                    let mut any = Array1::from_elem(out.len(), false);
                    any_axis_into(&is_positive, axis, &mut any);
                    for ((lane, count), any) in
                        is_positive.lanes(axis).into_iter().zip(&places).zip(any)
                    {
                        let expected = lane.iter().filter(|&&is| is).count();
                        assert_eq!((*count, any), (expected, expected > 0), "{shape:?} {axis:?}");
                    }
                });
            }
        }
    }
}

/// Of numbers that round, at all layouts of one memory order, and with axes before and between.
#[test]
fn bits_do_not_depend_on_steps() {
    let mut rng = SplitMix(3);
    for (rows, columns) in [(70, 3), (200, 2), (1003, 7), (64, 15), (30, 9), (5, 40)] {
        let shape = (4, rows, columns);
        let a = Array3::from_shape_simple_fn(shape, || rng.next() as f64 * 1e-17 - 50.0);
        let mut apart = Array3::zeros((4, 2 * rows, 3 * columns));
        apart.slice_mut(s![.., ..;2, ..;3]).assign(&a);
        let apart = apart.slice(s![.., ..;2, ..;3]);
        for axis in [Axis(0), Axis(1), Axis(2)] {
            let lanes = a.map_axis(axis, |_| 0.0).raw_dim();
            let (mut out, mut other) = (Array2::zeros(lanes), Array2::zeros(lanes));
            for kernel in [sum_axis_into, nansum_axis_into, norm_l2_axis_into, mean_axis_into] {
                kernel(&a, axis, &mut out);
                kernel(&apart, axis, &mut other);
                assert_eq!(out, other, "{shape:?} {axis:?}");
            }
            var_axis_into(&a, axis, 1.0, &mut out);
            var_axis_into(&apart, axis, 1.0, &mut other);
            assert_eq!(out, other, "{shape:?} {axis:?}");
            for (lane, variance) in a.lanes(axis).into_iter().zip(&out) {
                let expected = lane.var(1.0);
                assert!((variance - expected).abs() <= 1e-12 * expected, "{shape:?} {axis:?}");
            }
        }
    }
}

#[test]
fn many_rows_are_all_added() {
    let a = Array2::from_shape_fn((70_001, 5), |(i, j)| (i * 5 + j) as f64);
    let (mut sums, mut places) = (Array1::zeros(5), Array1::zeros(5));
    sum_axis_into(&a, Axis(0), &mut sums);
    argmax_axis_into(&a, Axis(0), &mut places);
    assert_eq!(sums, a.sum_axis(Axis(0)));
    assert!(places.iter().all(|&place| place == 70_000), "{places}");
}

/// With overlapping windows, whose outer steps lie around those of the reduced axis.
#[test]
fn bits_do_not_depend_on_windows_or_on_out() {
    let data: Vec<f64> = (0..4000).map(|i| f64::from(i * 7919 % 1013).sqrt() / 3.0).collect();
    let a = ArrayView3::from_shape((20, 200, 8).strides((8, 2, 1)), &data).unwrap();
    let (mut out, mut other) = (Array2::zeros((20, 8)), Array2::zeros((20, 8).f()));
    sum_axis_into(&a, Axis(1), &mut out);
    sum_axis_into(&a, Axis(1), &mut other);
    assert_eq!(out, other);
    sum_axis_into(&a.to_owned(), Axis(1), &mut other);
    assert_eq!(out, other);
}

/// What fills up vectors must not overflow where no lane does.
#[test]
fn only_what_stands_in_a_lane_is_added() {
    let mut a = Array2::<u8>::zeros((14, 3));
    a[[3, 0]] = 200;
    let mut out = Array1::zeros(3);
    for check in [
        (|a, out| sum_axis_into(a, Axis(0), out)) as fn(&Array2<u8>, &mut Array1<u8>),
        |a, out| prod_axis_into(&a.map(|&x| x.max(1)), Axis(0), out),
        |a, out| vecmat_into(&Array1::ones(14), a, out),
        |a, out| vecdot_axis_into(a, &Array2::ones((14, 3)), Axis(0), out),
    ] {
        check(&a, &mut out);
        assert_eq!(out[0], 200);
        assert!(out.iter().skip(1).all(|&x| x < 2), "{out}");
    }
    let mut b = Array3::<u8>::zeros((12, 2, 4));
    b[[0, 0, 0]] = 100;
    let mut out = Array2::zeros((2, 4).f());
    sum_axis_into(&b, Axis(0), &mut out);
    assert_eq!((out[[0, 0]], out.sum()), (100, 100));
}

/// Large numbers that cancel those of the next row.
#[test]
fn what_cancels_from_row_to_row_is_added_in_order() {
    let mut rng = SplitMix(4);
    let mut next = || rng.next() as f64 * 1e-4;
    for columns in 2..=15 {
        let mut a = Array2::zeros((600, columns));
        for mut pair in a.axis_chunks_iter_mut(Axis(0), 2) {
            for column in 0..columns {
                let (large, small) = (next(), next() * 1e-15);
                (pair[[0, column]], pair[[1, column]]) = (large, small - large);
            }
        }
        let exact = a.map_axis(Axis(0), |lane| {
            lane.exact_chunks(2).into_iter().map(|pair| pair[0] + pair[1]).sum::<f64>()
        });
        let mut out = Array1::zeros(columns);
        sum_axis_into(&a, Axis(0), &mut out);
        // One rounding of the largest for each pair that two blocks share.
        let off = (&out - &exact).map(|x| x.abs()).fold(0.0, |off: f64, &x| off.max(x));
        assert!(off <= 64.0 * f64::EPSILON * 2e15, "{columns}: {off:e}");
    }
}

#[test]
fn reduce_keeps_the_order() {
    let a = Array2::from_shape_fn((200, 3), |(i, j)| (i * 3 + j) as f64);
    let mut out = array![0.0, 0.0, 0.0];
    for a in [a.view(), a.t().as_standard_layout().t()] {
        reduce_axis_into(&a, Axis(0), 1.0, &mut out, |value, x| 0.5 * value + x);
        let expected = a.map_axis(Axis(0), |lane| lane.fold(1.0, |value, x| 0.5 * value + x));
        assert_eq!(out, expected);
    }
}
