//! Corners of running results.

use ndarray::{Array2, Axis};
use ndarray_pool::kernel::*;

/// On a stack as threads have it.
#[test]
fn scans_of_large_elements_need_no_stack() {
    let a = Array2::from_elem((3, 5), [1_u8; 9000]);
    let mut out = a.clone();
    accumulate_axis_into(&a, Axis(0), &mut out, |sum, x| [sum[0] + x[8999]; 9000]);
    assert!(out.row(2).iter().all(|x| x[8999] == 3));
    accumulate_axis_inplace(&mut out, Axis(0), |sum, x| [sum[0] + x[0]; 9000]);
    assert!(out.row(2).iter().all(|x| x[0] == 6));
}

/// NaN goes on to the end of its lane, and into no other.
#[test]
fn nan_stays_in_its_lane() {
    for (rows, columns) in (1..=17).flat_map(|columns| [5, 31, 64, 200].map(|rows| (rows, columns)))
    {
        let number = |i: usize, j: usize| match ((i * columns + j) * 2_654_435_761) >> 8 {
            x if x.is_multiple_of(67) => f64::NAN,
            x => (x % 64) as f64 - 32.0,
        };
        let a = Array2::from_shape_fn((rows, columns), |(i, j)| number(i, j));
        let turned = a.t().as_standard_layout().into_owned();
        for (a, axis) in
            [a.view(), turned.t()].into_iter().flat_map(|a| [(a, Axis(0)), (a, Axis(1))])
        {
            let mut expected = a.to_owned();
            expected.accumulate_axis_inplace(axis, |&last, x| *x += last);
            let (mut out, mut inplace) = (Array2::zeros(a.raw_dim()), a.to_owned());
            cumsum_axis_into(&a, axis, &mut out);
            cumsum_axis_inplace(&mut inplace, axis);
            for found in [&out, &inplace] {
                let mut pairs = found.iter().zip(&expected);
                let is_same = pairs.all(|(x, y)| x == y || x.is_nan() && y.is_nan());
                assert!(is_same, "{rows} x {columns} along {axis:?}");
            }
        }
    }
}
