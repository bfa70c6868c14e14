//! Corners of taking, putting, finding and counting by index.

use ndarray::{Array1, Array2, Axis, ShapeBuilder, array, aview0, aview1};
use ndarray_pool::kernel::*;

use crate::panics::panic_of;

#[test]
fn lists_need_no_heap_and_no_indices() {
    let (none, mut out) = ([0_usize; 0], Array2::<f32>::ones((0, 3)));
    take_axis_into(&Array2::zeros((0, 3)), Axis(0), &aview1(&none), &mut out);
    concatenate_axis_into(&[], Axis(0), &mut out);
    stack_axis_into::<f32, ndarray::Ix1>(&[], Axis(0), &mut out);
    choose_into(&aview0(&5), &[] as &[&ndarray::ArrayRef1<f32>], &mut out);
}

/// The last of several values for one place stays, whichever way the walk goes.
#[test]
fn the_last_value_stays() {
    for f_order in [false, true] {
        let mut a = Array2::zeros((3, 4).set_f(f_order));
        put_along_axis_inplace(
            &mut a,
            Axis(1),
            &array![[1, 1, 1], [1, 1, 1], [1, 1, 1]],
            &array![[1, 2, 3]],
        );
        assert_eq!(a, array![[0, 3, 0, 0], [0, 3, 0, 0], [0, 3, 0, 0]]);
        let (places, values) =
            (array![[2, 0, 2, 0], [2, 0, 1, 0]], array![[1, 1, 1, 1], [2, 2, 2, 2]]);
        put_along_axis_inplace(&mut a, Axis(0), &places, &values);
        assert_eq!(a, array![[0, 2, 0, 2], [0, 3, 2, 0], [2, 3, 1, 0]]);
    }
}

#[test]
fn one_value_goes_to_every_place() {
    let mut a = array![[1, 2, 3], [4, 5, 6]];
    put_along_axis_inplace(&mut a, Axis(1), &array![[2], [0]], &aview0(&-1));
    assert_eq!(a, array![[1, 2, -1], [-1, 5, 6]]);
}

#[test]
fn masks_may_be_backwards_and_spaced() {
    let mask = array![true, false, false, true, true, false];
    let mut out = Array1::zeros(1);
    compress_axis_into(&array![1, 2, 3], Axis(0), &mask.slice(ndarray::s![..;-2]), &mut out);
    assert_eq!(out, array![2]);
    let mut rows = Array2::zeros((1, 2));
    let a = array![[1, 2], [3, 4], [5, 6]];
    compress_axis_into(&a, Axis(0), &mask.slice(ndarray::s![..;-2]), &mut rows);
    assert_eq!(rows, array![[3, 4]]);
}

#[test]
fn choices_and_values_broadcast() {
    let mut out = Array2::zeros((2, 3));
    let (rows, one) = (array![[1, 2, 3], [4, 5, 6]], array![[9]]);
    choose_into(&array![0, 1, 0], &[&rows, &one], &mut out);
    assert_eq!(out, array![[1, 9, 3], [4, 9, 6]]);
    let mut places = Array2::zeros((2, 3));
    searchsorted_into(&array![1, 2, 3], &array![[0], [9]], Side::Left, &mut places);
    assert_eq!(places, array![[0, 0, 0], [3, 3, 3]]);
}

#[test]
fn edges_that_are_no_edges_are_refused() {
    let (values, mut counts) = (array![0.5], array![7, 7]);
    let panic = panic_of(|| histogram_into(&values, &array![0.0, f64::NAN, 1.0], &mut counts));
    assert_eq!(panic.message, "histogram_into: `edges` must rise, but at 1 it does not");
    assert_eq!(counts, array![7, 7]);
    let mut places = array![7];
    let panic = panic_of(|| {
        digitize_into(&values, &array![0.0, 2.0, 1.0], Closed::Left, &mut places);
    });
    assert_eq!(panic.message, "digitize_into: `edges` must rise or fall, but at 2 it does not");
    assert_eq!(places, array![7]);
}

/// Indices that are far beyond are seen as well as those that are just beyond, wherever they stand.
#[test]
fn no_index_is_too_large_to_be_seen() {
    let a = Array1::<f64>::zeros(100);
    for beyond in [100, 101, usize::MAX / 2, usize::MAX / 2 + 1, usize::MAX - 99, usize::MAX] {
        for place in [0, 7, 36] {
            let mut indices = Array1::from_elem(37, 99);
            indices[place] = beyond;
            let mut out = Array1::ones(37);
            let message = panic_of(|| take_axis_into(&a, Axis(0), &indices, &mut out)).message;
            assert!(
                message.contains(&format!("`indices` holds {beyond} at [{place}]")),
                "{message}"
            );
            assert_eq!(out, Array1::<f64>::ones(37));
        }
    }
}

/// Few counts are kept beside `out`, many are not.
#[test]
fn few_and_many_are_counted() {
    for len in [1, 7, 1024, 1025, 3000] {
        let values: Array1<usize> = (0..5000).map(|i| i * i % len).collect();
        let mut counts = Array1::ones(len);
        bincount_into(&values, &mut counts);
        let count = |j| values.iter().filter(|&&value| value == j).count();
        assert!(counts.indexed_iter().all(|(j, &found)| found == count(j)), "{len}");
        let mut narrow = Array1::from_elem(len - 1, 5);
        let beyond = panic_of(|| bincount_into(&array![0, len - 1], &mut narrow)).message;
        assert!(beyond.contains("`values` holds"), "{beyond}");
        assert!(narrow.iter().all(|&count| count == 5), "{len}");
    }
}
