//! Corners of joining, repeating and moving.

use ndarray::{Array1, Array2, Array3, Axis, array, s};
use ndarray_pool::kernel::*;

use crate::panics::panic_of;

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
