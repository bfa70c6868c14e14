//! Signs of zero, which no comparison of numbers sees: as NumPy has them, in every layout.
//!
//! `np.maximum` of 0 and −0 is the second on most machines, and so here on all; the largest element so far goes with it.

use ndarray::{Array1, Array2, ArrayD, ArrayRef, Axis, Dimension, Ix2, ShapeBuilder, array, s};
use ndarray_pool::kernel::*;

use super::{Fixtures, assert_within};

const P: f64 = 0.0;
const N: f64 = -0.0;

fn signs<D: Dimension>(a: &ArrayRef<f64, D>) -> Vec<bool> {
    assert!(a.iter().all(|&x| x == 0.0), "zeros alone have their sign compared: {a}");
    a.iter().map(|x| x.is_sign_negative()).collect()
}

#[test]
fn the_second_of_equals_is_the_largest_so_far() {
    for zeros in [[N, P], [P, N], [N, N], [P, P]] {
        let a = Array1::from(zeros.to_vec());
        let mut larger = array![7.0];
        maximum_into(&a.slice(s![..1]), &a.slice(s![1..]), &mut larger);
        let expected = [zeros[0].is_sign_negative(), larger[0].is_sign_negative()];
        let mut out = Array1::zeros(2);
        cummax_axis_into(&a, Axis(0), &mut out);
        assert_eq!(signs(&out), expected, "{zeros:?}");
        cummin_axis_into(&a, Axis(0), &mut out);
        assert_eq!(signs(&out), expected, "{zeros:?}");
    }
}

/// The zeros, in rows and columns of many lengths, since scans of short ones have loops of their own.
#[test]
fn scans_of_zeros_are_numpys() {
    let fixtures = Fixtures::of("edges");
    type Into = fn(&ArrayRef<f64, Ix2>, Axis, &mut ArrayRef<f64, Ix2>);
    type InPlace = fn(&mut ArrayRef<f64, Ix2>, Axis);
    let kernels: [(&str, Into, Option<InPlace>); 6] = [
        ("cumsum", cumsum_axis_into, Some(cumsum_axis_inplace)),
        ("cumprod", cumprod_axis_into, Some(cumprod_axis_inplace)),
        ("cummax", cummax_axis_into, Some(cummax_axis_inplace)),
        ("cummin", cummin_axis_into, Some(cummin_axis_inplace)),
        ("nancumsum", nancumsum_axis_into, None),
        ("nancumprod", nancumprod_axis_into, None),
    ];
    for (name, into, in_place) in kernels {
        for case in fixtures.cases("zeros") {
            let a: ArrayD<f64> = fixtures.array(&format!("zeros.{case}.a"));
            let a: Array2<f64> = a.into_dimensionality().unwrap();
            for axis in [Axis(0), Axis(1)] {
                let theirs = fixtures.array(&format!("{name}.{case}_{}.out", axis.index()));
                for layout in 0..3 {
                    let context = format!("{name} of {case}, {axis:?}, layout {layout}");
                    let mut memory = in_layout(layout, &a);
                    let mut a = turned(layout, &mut memory);
                    let mut out_memory = in_layout(layout, &Array2::from_elem(a.dim(), 7.0));
                    let mut out = turned(layout, &mut out_memory);
                    into(&a, axis, &mut out);
                    assert_within(&out, &theirs, 0, &context);
                    if let Some(in_place) = in_place {
                        in_place(&mut a, axis);
                        assert_within(&a, &theirs, 0, &format!("{context}, in place"));
                    }
                }
            }
        }
    }
}

/// In C order, in F order, and with gaps and backwards.
fn in_layout(layout: usize, a: &Array2<f64>) -> Array2<f64> {
    let (n, m) = a.dim();
    let mut memory = match layout {
        0 => Array2::zeros((n, m)),
        1 => Array2::zeros((n, m).f()),
        _ => Array2::zeros((n, 2 * m)),
    };
    turned(layout, &mut memory).assign(a);
    memory
}

fn turned(layout: usize, memory: &mut Array2<f64>) -> ndarray::ArrayViewMut2<'_, f64> {
    match layout {
        2 => memory.slice_mut(s![..;-1, ..;-2]),
        _ => memory.view_mut(),
    }
}

#[test]
fn scans_without_an_axis_are_numpys() {
    let fixtures = Fixtures::of("edges");
    for (name, kernel) in [
        ("flat_cumsum", cumsum_into as fn(&ArrayRef<f64, Ix2>, &mut ArrayRef<f64, _>)),
        ("flat_cumprod", cumprod_into),
        ("flat_nancumsum", nancumsum_into),
        ("flat_nancumprod", nancumprod_into),
    ] {
        for case in fixtures.cases("zeros") {
            let a: ArrayD<f64> = fixtures.array(&format!("zeros.{case}.a"));
            let a: Array2<f64> = a.into_dimensionality().unwrap();
            let mut out = Array1::zeros(a.len());
            kernel(&a, &mut out);
            assert_within(&out, &fixtures.array(&format!("{name}.{case}.out")), 0, name);
        }
    }
}

#[test]
fn segments_keep_the_sign_that_sums_lose() {
    let a = Array1::from_elem(40, N);
    let (indices, mut out) = (array![0, 1, 3, 20], Array1::zeros(4));
    add_reduceat_axis_into(&a, Axis(0), &indices, &mut out);
    assert_eq!(signs(&out), [true; 4]);
    assert!(whole::sum(&a).is_sign_positive(), "NumPy's sums begin with zero");
    reduceat_axis_into(&a, Axis(0), &indices, &mut out, |sum, x| sum + x);
    assert_eq!(signs(&out), [true; 4]);
    let spaced = Array1::from_elem(80, N);
    add_reduceat_axis_into(&spaced.slice(s![..;2]), Axis(0), &indices, &mut out);
    assert_eq!(signs(&out), [true; 4]);
    let rows = Array2::from_shape_fn((40, 3), |(_, column)| [N, P, N][column]);
    let mut out = Array2::zeros((4, 3));
    add_reduceat_axis_into(&rows, Axis(0), &indices, &mut out);
    assert!(out.rows().into_iter().all(|row| signs(&row) == [true, false, true]));
}
