//! Shifting, turning around and transposing.

use ndarray::Axis;
use ndarray_pool::kernel::*;

use super::{
    Case, Entry, Probe, axis_first, flipped_along, numbers, rolled_along, same_shape, shifted,
};

pub(super) fn entries() -> Vec<Entry> {
    const SHIFTS: &[isize] = &[0, 1, -2, 7, isize::MIN, isize::MAX];
    vec![
        Entry {
            name: "roll_into",
            parameters: SHIFTS,
            case: same_shape,
            call: call!(|case, [a: D], out: D, probe| {
                probe(&mut || roll_into(&a, case.parameter, &mut out));
            }),
            formula: |case, inputs, i| {
                let place = i.iter().zip(inputs[0].shape()).fold(0, |at, (i, n)| at * n + i);
                let mut place = shifted(place, case.parameter, inputs[0].len());
                let mut from = inputs[0].shape().to_vec();
                for len in from.iter_mut().rev() {
                    (*len, place) = (place % *len, place / *len);
                }
                inputs[0][&*from]
            },
            in_place: false,
            mistakes: &[(
                |case| case.out = vec![4, 3],
                "roll_into: `a` has shape [3, 4], but must have the shape of `out`, [4, 3]",
            )],
        },
        Entry {
            name: "roll_axis_into",
            parameters: SHIFTS,
            case: same_shape,
            call: call!(|case, [a: D], out: D, probe| {
                probe(&mut || roll_axis_into(&a, Axis(case.axis), case.parameter, &mut out));
            }),
            formula: rolled_along,
            in_place: false,
            mistakes: &[
                (|case| case.axis = 2, "roll_axis_into: `a` has shape [3, 4], which has no axis 2"),
                (
                    |case| case.out = vec![4, 3],
                    "roll_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out`, [4, 3]",
                ),
            ],
        },
        Entry {
            name: "roll_axes_into",
            parameters: &[1, -5],
            case: same_shape,
            call: call!(|case, [a: D], out: D, probe| {
                let shifts = [0, 1, 2, 3, 4, 5].map(|axis| case.parameter * axis + 1);
                let shifts = &shifts[..if case.axis < 9 { out.ndim() } else { 1 }];
                probe(&mut || roll_axes_into(&a, shifts, &mut out));
            }),
            formula: |case, inputs, i| {
                let lens = i.iter().zip(inputs[0].shape()).enumerate();
                let from: Vec<usize> = lens
                    .map(|(axis, (&i, &n))| shifted(i, case.parameter * axis as isize + 1, n))
                    .collect();
                inputs[0][&*from]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.out = vec![4, 3],
                    "roll_axes_into: `a` has shape [3, 4], \
                     but must have the shape of `out`, [4, 3]",
                ),
                (
                    |case| case.axis = 9,
                    "roll_axes_into: `shifts` has length 1, \
                     but must have the number of axes of `a`, 2",
                ),
            ],
        },
        Entry {
            name: "roll_axis_inplace",
            parameters: SHIFTS,
            case: same_shape,
            call: call!(|case, [a: D], out: D, probe| {
                out.assign(&a);
                probe(&mut || roll_axis_inplace(&mut out, Axis(case.axis), case.parameter));
            }),
            formula: rolled_along,
            in_place: true,
            mistakes: &[(
                |case| case.axis = 2,
                "roll_axis_inplace: `a` has shape [3, 4], which has no axis 2",
            )],
        },
        Entry {
            name: "flip_axis_into",
            parameters: &[0],
            case: same_shape,
            call: call!(|case, [a: D], out: D, probe| {
                probe(&mut || flip_axis_into(&a, Axis(case.axis), &mut out));
            }),
            formula: flipped_along,
            in_place: false,
            mistakes: &[
                (|case| case.axis = 2, "flip_axis_into: `a` has shape [3, 4], which has no axis 2"),
                (
                    |case| case.out = vec![4, 3],
                    "flip_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out`, [4, 3]",
                ),
            ],
        },
        Entry {
            name: "flip_axis_inplace",
            parameters: &[0],
            case: same_shape,
            call: call!(|case, [a: D], out: D, probe| {
                out.assign(&a);
                probe(&mut || flip_axis_inplace(&mut out, Axis(case.axis)));
            }),
            formula: flipped_along,
            in_place: true,
            mistakes: &[(
                |case| case.axis = 2,
                "flip_axis_inplace: `a` has shape [3, 4], which has no axis 2",
            )],
        },
        Entry {
            name: "transpose_into",
            parameters: &[0],
            case: |shape, axis, parameter| {
                let out = shape.iter().rev().copied().collect();
                Some(Case { inputs: vec![numbers(shape)], out, axis, parameter })
            },
            call: call!(|case, [a: D], out: D, probe| probe(&mut || transpose_into(&a, &mut out))),
            formula: |_, inputs, i| {
                let from: Vec<usize> = i.iter().rev().copied().collect();
                inputs[0][&*from]
            },
            in_place: false,
            mistakes: &[(
                |case| case.out = vec![3, 4],
                "transpose_into: `out` has shape [3, 4], \
                 but must have the shape of `a` in reverse, [4, 3]",
            )],
        },
        Entry {
            name: "permute_axes_into",
            // The axis goes to the front; or the order is none.
            parameters: &[0],
            case: |shape, axis, parameter| {
                let order = axis_first(axis, shape.len());
                let out = order.iter().map(|&axis| shape[axis]).collect();
                Some(Case { inputs: vec![numbers(shape)], out, axis, parameter })
            },
            call: call!(|case, [a: D], out: D, probe| {
                let mut axes = D::zeros(a.ndim());
                let order = axis_first(case.axis.min(a.ndim() - 1), a.ndim());
                axes.slice_mut().copy_from_slice(&order);
                axes[0] = case.axis;
                probe(&mut || permute_axes_into(&a, axes.clone(), &mut out));
            }),
            formula: |case, inputs, i| {
                let mut from = vec![0; i.len()];
                let order = axis_first(case.axis, i.len());
                i.iter().zip(order).for_each(|(&i, axis)| from[axis] = i);
                inputs[0][&*from]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "permute_axes_into: `axes` is [2, 0], \
                     but must name each of the 2 axes of `a` once",
                ),
                (
                    |case| case.out = vec![4, 3],
                    "permute_axes_into: `out` has shape [4, 3], \
                     but must have the shape of `a` in the order [0, 1], [3, 4]",
                ),
            ],
        },
    ]
}
