//! Corners of differences, of slopes, and of the norms of a difference: exact where they can be, accurate where not, and
//! never blind to NaN.

use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayView3, Axis, ShapeBuilder, arr0, array, s};
use ndarray_pool::kernel::*;
use rand::distr::{StandardUniform, Uniform};

use crate::registry::naive::SplitMix;

#[test]
fn high_orders_of_differences() {
    let a = Array1::from_iter((0..40).map(|x: i64| x * x * x));
    let mut out = Array1::zeros(37);
    diff_axis_into(&a, Axis(0), 3, &mut out);
    assert_eq!(out, Array1::from_elem(37, 6));
    let rows = Array2::from_shape_fn((40, 50), |(i, j)| a[i] + j as i64);
    let mut out = Array2::ones((36, 50));
    diff_axis_into(&rows, Axis(0), 4, &mut out);
    assert_eq!(out, Array2::<i64>::zeros((36, 50)));
    let mut same = rows.clone();
    diff_axis_into(&rows, Axis(1), 0, &mut same);
    assert_eq!(same, rows);
}

/// Every order has the bits of first differences taken again and again, along both axes and in any layout.
#[test]
fn orders_of_differences_are_first_differences_in_turn() {
    let mut a = Array2::<f64>::zeros((23, 290));
    random_into(&StandardUniform, &mut a, &mut SplitMix(8));
    let wide = Array2::from_shape_fn((46, 580), |(i, j)| a[[22 - i / 2, j / 2]]);
    let spaced = wide.slice(s![..;-2, ..;2]);
    let f_order = a.t().as_standard_layout().into_owned();
    assert!(spaced == a && f_order.t() == a);
    for axis in [Axis(0), Axis(1)] {
        let mut expected = a.clone();
        for n in 0..=16 {
            for a in [a.view(), spaced, f_order.t()] {
                let mut memory = Array2::zeros((46, 290));
                let mut out = memory.slice_mut(s![..;2, ..]);
                let mut shape = a.raw_dim();
                shape[axis.index()] -= n;
                out.slice_collapse(s![..shape[0], ..shape[1]]);
                diff_axis_into(&a, axis, n, &mut out);
                assert_eq!(out, expected, "order {n} along {axis:?}, {:?}", a.strides());
                let mut plain = Array2::zeros(shape);
                diff_axis_into(&a, axis, n, &mut plain);
                assert_eq!(plain, expected, "order {n} along {axis:?}, {:?}", a.strides());
            }
            expected = expected.diff(1, axis);
        }
    }
}

/// Spacings that are powers of two are divided by as others are: the extreme ones, too.
#[test]
fn slopes_are_divided_by_the_spacing() {
    let a = array![0.0, 1e300, -3e-310, 7.5, f64::INFINITY, f64::NAN, 5e-324, -0.0, 1.0];
    let least = 5e-324;
    for spacing in [1.0, 0.5, -2.0, 0.3, least, 2_f64.powi(1022), f64::INFINITY, 0.0, f64::NAN] {
        let mut out = a.clone();
        gradient_axis_into(&a, Axis(0), spacing, EdgeOrder::First, &mut out);
        for k in 1..a.len() - 1 {
            let expected: f64 = (a[k + 1] - a[k - 1]) / (2.0 * spacing);
            let same =
                out[k].to_bits() == expected.to_bits() || (out[k].is_nan() && expected.is_nan());
            assert!(same, "{spacing:e} at {k}: {}, not {expected}", out[k]);
        }
    }
}

/// Rows of any length, one after the other or not, and axes longer than what is weighted at once, in both memory
/// orders, with other axes before them and behind.
#[test]
fn slopes_at_coordinates_are_those_of_their_lanes() {
    for shape in [[1, 70, 64], [1, 200, 3], [3, 130, 1], [1, 65, 200], [3, 66, 5], [2, 66, 520]] {
        let len = shape[1];
        let a = Array3::from_shape_fn(shape, |(h, i, j)| ((h + i * 7 + j * 13) % 31) as f64);
        let x: Array1<f64> = (0..len).map(|k| (k + k % 3) as f64).collect();
        for order in [EdgeOrder::First, EdgeOrder::Second] {
            let mut out = Array3::zeros(shape);
            let mut turned = Array3::zeros(out.t().dim());
            let mut apart = Array3::zeros((2, len, 2 * shape[2]));
            gradient_axis_into(&a, Axis(1), Spacing::At(&x), order, &mut out);
            gradient_axis_into(&a.t(), Axis(1), Spacing::At(&x), order, &mut turned);
            let mut every_second = apart.slice_mut(s![..1, .., ..;2]);
            let first = a.slice(s![..1, .., ..]);
            gradient_axis_into(&first, Axis(1), Spacing::At(&x), order, &mut every_second);
            assert_eq!((turned.t(), every_second.view()), (out.view(), out.slice(s![..1, .., ..])));
            for (lane, out) in a.lanes(Axis(1)).into_iter().zip(out.lanes(Axis(1))) {
                let mut slopes = Array1::zeros(len);
                gradient_axis_into(&lane, Axis(0), Spacing::At(&x), order, &mut slopes);
                assert_eq!(out, slopes, "{shape:?}");
            }
        }
    }
}

#[test]
fn nan_is_seen_wherever_it_is() {
    for len in [1, 7, 8, 9, 127, 128, 129, 300] {
        let current = Array1::<f64>::zeros(len);
        for at in 0..len {
            let mut next = Array1::ones(len);
            next[at] = f64::NAN;
            let norms = diff_norms(&next, &current);
            let all_nan = norms.l1.is_nan() && norms.l2.is_nan() && norms.max.is_nan();
            assert!(all_nan, "NaN at {at} of {len}: {norms:?}");
        }
    }
    let infinite = array![f64::INFINITY];
    assert!(diff_norms(&infinite, &infinite).max.is_nan(), "infinities that cancel are NaN");
    let norms = diff_norms(&infinite, &array![1.0]);
    assert_eq!((norms.l1, norms.l2, norms.max), (f64::INFINITY, f64::INFINITY, f64::INFINITY));
}

#[test]
fn the_largest_difference_is_found_wherever_it_is() {
    for len in [1, 8, 9, 128, 129, 300] {
        let current = Array1::from_elem(len, 0.5_f32);
        for at in 0..len {
            let mut next = current.clone();
            next[at] = -2.5;
            let norms = diff_norms(&next, &current);
            assert_eq!((norms.l1, norms.l2, norms.max), (3.0, 3.0, 3.0), "at {at} of {len}");
        }
    }
}

#[test]
fn empty_states_are_zero_apart() {
    let empty = Array2::<f64>::zeros((3, 0));
    let norms = diff_norms(&empty, &empty);
    assert_eq!((norms.l1, norms.l2, norms.max), (0.0, 0.0, 0.0));
}

#[test]
fn one_difference_is_its_own_norm() {
    for size in [5e-324, 1e-170, 0.1, 1e154, 1e155, f64::MAX] {
        let norms = diff_norms(&array![size], &array![0.0]);
        assert_eq!((norms.l1, norms.l2, norms.max), (size, size, size));
    }
}

/// The bound of the docs, on numbers that all err to the same side when they are added in a row.
#[test]
fn errors_keep_the_bound() {
    for (len, step) in [(1, 1), (100, 1), (127, 1), (128, 3), (1_000_000, 1), (333_333, 3)] {
        let wide = Array1::from_elem(len * step, 0.1_f32);
        let next = wide.slice(s![..;step as isize]);
        let norms = diff_norms(&next, &Array1::zeros(next.len()));
        let bound = ((next.len() as f64).log2() + 13.0) * f64::from(f32::EPSILON);
        let size = f64::from(0.1_f32);
        let (l1, l2) = (size * next.len() as f64, size * (next.len() as f64).sqrt());
        assert!((f64::from(norms.l1) / l1 - 1.0).abs() <= bound, "l1 of {len}: {norms:?}");
        assert!((f64::from(norms.l2) / l2 - 1.0).abs() <= bound, "l2 of {len}: {norms:?}");
        assert_eq!(norms.max, 0.1);
    }
    let naive: f32 = std::iter::repeat_n(0.1_f32, 1_000_000).sum();
    assert!((f64::from(naive) / 1e5 - 1.0).abs() > 1e-3, "a sum in a row would fail here");
}

/// Only the order of elements counts: not alignment, gaps between them, the other operands, or `out`.
#[test]
fn figures_have_the_same_bits_on_every_path() {
    let mut rng = SplitMix(2);
    let (mut next, mut current) = (Array2::zeros((37, 53)), Array2::zeros((37, 53)));
    random_into(&StandardUniform, &mut next, &mut rng);
    random_into(&Uniform::new(-1e6, 1e6).unwrap(), &mut current, &mut rng);
    let norms = diff_norms::<f64, _>(&next, &current);

    let wide = Array2::from_shape_fn((74, 159), |(i, j)| next[[i / 2, j / 3]]);
    let spaced = wide.slice(s![..;2, ..;3]);
    let f_order = {
        let mut copy = Array2::zeros((37, 53).f());
        copy_into(&current, &mut copy);
        copy
    };
    let mut out = Array2::zeros((37, 53));
    let mut f_out = Array2::zeros((37, 53).f());
    assert_eq!(diff_norms(&spaced, &f_order), norms);
    assert_eq!(diff_norms_into(&next, &current, &mut out), norms);
    assert_eq!(diff_norms_into(&spaced, &f_order, &mut f_out), norms);
    assert_eq!(out, f_out);
    assert_eq!(out, &next - &current);

    for offset in 0..4 {
        let mut memory = vec![0.0; next.len() + offset];
        memory[offset..].copy_from_slice(next.as_slice().unwrap());
        let shifted = ArrayView1::from(&memory[offset..]).into_shape_with_order((37, 53)).unwrap();
        assert_eq!(diff_norms(&shifted, &current), norms, "{offset} elements off");
    }
    // Turned alike, the memory order and so the bits stay.
    assert_eq!(diff_norms(&next.t(), &current.t()), norms);
    let (mut back, mut back_too) = (next.view(), current.view());
    back.invert_axis(Axis(1));
    back_too.invert_axis(Axis(1));
    assert_eq!(diff_norms(&back, &back_too), norms);

    // Windows that overlap: memory looks joined past an axis that it is not.
    let memory = Array1::from_iter(next.iter().map(|x| x * 3.1));
    let windows =
        ArrayView3::from_shape((40, 30, 4).strides((4, 2, 1)), memory.as_slice().unwrap());
    let (windows, zero) = (windows.unwrap(), arr0(0.0));
    let zeros = zero.broadcast((40, 30, 4)).unwrap();
    assert_eq!(diff_norms(&windows, &zeros), diff_norms(&windows.to_owned(), &zeros));
}
