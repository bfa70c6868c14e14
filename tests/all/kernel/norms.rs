//! The norms of a difference: exact where they can be, accurate where not, and never blind to NaN.

use ndarray::{Array1, Array2, ArrayView1, ArrayView3, Axis, ShapeBuilder, arr0, array, s};
use ndarray_pool::kernel::*;
use rand::distr::{StandardUniform, Uniform};

use super::registry::SplitMix;

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
