//! Element types, operands that broadcast, duplicates and other corners of the kernels that gather and assemble.

use ndarray::{Array1, Array2, Array3, Axis, ShapeBuilder, array, aview0, aview1, s};
use ndarray_pool::kernel::*;

use super::mismatches::panic_of;

#[test]
fn lists_need_no_heap_and_no_indices() {
    let (none, mut out) = ([0_usize; 0], Array2::<f32>::ones((0, 3)));
    take_axis_into(&Array2::zeros((0, 3)), Axis(0), &aview1(&none), &mut out);
    concatenate_axis_into(&[], Axis(0), &mut out);
    stack_axis_into::<f32, ndarray::Ix1>(&[], Axis(0), &mut out);
    choose_into(&aview0(&5), &[] as &[&ndarray::ArrayRef1<f32>], &mut out);
}

#[test]
fn billions_of_empty_rows_are_skipped() {
    let huge = usize::MAX >> 20;
    let (a, mut out) = (Array2::<u8>::zeros((huge, 0)), Array2::<u8>::zeros((huge, 0)));
    let none: Array1<usize> = Array1::zeros(0);
    take_axis_into(&a, Axis(1), &none, &mut out);
    compress_axis_into(&a, Axis(1), &Array1::from_elem(0, true), &mut out);
    repeat_axis_into(&a, Axis(1), 3, &mut out);
    tile_into(&a, &mut out);
    flip_axis_into(&a, Axis(0), &mut out);
    flip_axis_inplace(&mut out, Axis(0));
    roll_axis_into(&a, Axis(0), 3, &mut out);
    roll_axis_inplace(&mut out, Axis(0), 3);
    roll_axes_into(&a, &[1, 1], &mut out);
    triu_into(&a, 0, &mut out);
    pad_into(&a, &[(0, 0), (0, 0)], Pad::Wrap, &mut out);
    kron_into(&a, &Array2::zeros((1, 4)), &mut out);
    transpose_into(&a, &mut Array2::zeros((0, huge)));
    bincount_into(&Array2::zeros((huge, 0)), &mut array![1]);
    concatenate_axis_into(&[&a, &a], Axis(1), &mut out);
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
fn tiles_may_lack_axes() {
    let mut out = Array3::zeros((2, 2, 4));
    tile_into(&array![[1, 2]], &mut out);
    assert_eq!(out, array![[[1, 2, 1, 2], [1, 2, 1, 2]], [[1, 2, 1, 2], [1, 2, 1, 2]]]);
    let panic = panic_of(|| tile_into(&array![[1, 2]], &mut array![0, 0]));
    assert_eq!(
        panic.message,
        "tile_into: `a` has shape [1, 2], whose whole multiples do not give the shape of `out`, [2]"
    );
}

#[test]
fn margins_differ_on_every_side() {
    let mut out = Array2::zeros((5, 4));
    let a = array![[1, 2], [3, 4]];
    pad_into(&a, &[(1, 2), (2, 0)], Pad::Edge, &mut out);
    assert_eq!(out, array![[1, 1, 1, 2], [1, 1, 1, 2], [3, 3, 3, 4], [3, 3, 3, 4], [3, 3, 3, 4]]);
    pad_into(&a, &[(1, 2), (2, 0)], Pad::Wrap, &mut out);
    assert_eq!(out, array![[3, 4, 3, 4], [1, 2, 1, 2], [3, 4, 3, 4], [1, 2, 1, 2], [3, 4, 3, 4]]);
    let mut out = Array2::zeros((2, 3));
    pad_into(&Array2::zeros((0, 3)), &[(1, 1), (0, 0)], Pad::Constant(8), &mut out);
    assert_eq!(out, array![[8, 8, 8], [8, 8, 8]]);
    let mut out = Array2::<u8>::zeros((0, 5));
    pad_into(&Array2::zeros((0, 3)), &[(0, 0), (1, 1)], Pad::Wrap, &mut out);
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

/// In both memory orders, and beside blocks of 32.
#[test]
fn transposing_twice_changes_nothing() {
    for (rows, columns) in [(1, 100), (15, 100), (16, 16), (33, 31), (64, 32), (100, 65)] {
        let a = Array2::from_shape_fn((rows, columns), |(i, j)| (100 * i + j) as u16);
        let (mut turned, mut back) =
            (Array2::zeros((columns, rows)), Array2::zeros((rows, columns)));
        transpose_into(&a, &mut turned);
        assert_eq!(turned, a.t());
        transpose_into(&turned, &mut back);
        assert_eq!(back, a);
        copy_into(&a.t(), &mut turned.view_mut());
        assert_eq!(turned, a.t());
    }
}

#[test]
fn an_order_of_axes_names_each_once() {
    let (a, mut out) = (Array3::<u8>::zeros((2, 2, 2)), Array3::ones((2, 2, 2)));
    for axes in [[0, 0, 1], [0, 1, 3]] {
        let panic = panic_of(|| permute_axes_into(&a, axes, &mut out));
        assert_eq!(
            panic.message,
            format!(
                "permute_axes_into: `axes` is {axes:?}, but must name each of the 3 axes of `a` once"
            )
        );
    }
    assert_eq!(out, Array3::<u8>::ones((2, 2, 2)));
}

#[test]
fn the_element_type_does_not_matter() {
    macro_rules! moved {
        ($type:ty, $from:expr) => {{
            let a = Array2::from_shape_fn((40, 50), |(i, j)| $from((i * 7 + j) as u8));
            let mut out = Array2::from_elem((50, 40), $from(0_u8));
            transpose_into(&a, &mut out);
            assert_eq!(out, a.t());
            let mut out = a.clone();
            roll_axis_into(&a, Axis(0), 3, &mut out);
            assert_eq!(out.row(3), a.row(0));
            roll_axis_inplace(&mut out, Axis(0), -3);
            assert_eq!(out, a);
            let mut out = Array2::from_elem((80, 50), $from(0_u8));
            concatenate_axis_into(&[&a, &a], Axis(0), &mut out);
            assert_eq!(out.row(41), a.row(1));
            let twice: Array1<usize> = (0..80).map(|i| i % 40).collect();
            take_axis_into(&a, Axis(0), &twice, &mut out);
            assert_eq!(out.row(41), a.row(1));
        }};
    }
    moved!(bool, |i: u8| i % 3 == 1);
    moved!(u8, |i| i);
    moved!(i32, i32::from);
    moved!(f32, f32::from);
    moved!(f64, f64::from);
    moved!([f64; 3], |i| [f64::from(i); 3]);
    #[cfg(feature = "complex")]
    moved!(num_complex::Complex<f64>, |i| num_complex::Complex::new(f64::from(i), 1.0));
}

#[cfg(feature = "complex")]
#[test]
fn complex_numbers_multiply_and_vanish() {
    use num_complex::Complex64;
    let i = Complex64::i();
    let (a, mut out) = (array![[i, i], [i, i]], array![[i, i], [i, i]]);
    tril_into(&a, 0, &mut out);
    assert_eq!(out, array![[i, 0.0.into()], [i, i]]);
    kron_into(&a, &array![[i]], &mut out);
    assert_eq!(out, Array2::from_elem((2, 2), Complex64::from(-1.0)));
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

/// A few long rows, woven into one array and taken apart again, whole and with gaps.
#[test]
fn colours_are_woven_and_taken_apart() {
    for colours in 1..=9 {
        let planes = Array3::from_shape_fn((colours, 5, 40), |(c, i, j)| 1000 * c + 40 * i + j);
        let mut pixels = Array3::zeros((5, 40, colours));
        permute_axes_into(&planes, [1, 2, 0], &mut pixels);
        assert!(pixels.indexed_iter().all(|((i, j, c), &x)| x == planes[[c, i, j]]));
        let mut back = Array3::zeros((colours, 5, 40));
        permute_axes_into(&pixels, [2, 0, 1], &mut back);
        assert_eq!(back, planes);

        let part = planes.slice(s![.., 1..4, 3..37]);
        let mut pixels = Array3::zeros((3, 34, colours));
        permute_axes_into(&part, [1, 2, 0], &mut pixels);
        assert!(pixels.indexed_iter().all(|((i, j, c), &x)| x == part[[c, i, j]]));
        let mut wide = Array3::zeros((6, 68, colours));
        let mut out = wide.slice_mut(s![..;2, ..;2, ..]);
        permute_axes_into(&part, [1, 2, 0], &mut out);
        assert_eq!(out, pixels);
        assert_eq!(wide.sum(), pixels.sum());
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
