//! Reducing segments of an axis.

use ndarray::{ArrayD, ArrayViewD, Axis, Ix1};
use ndarray_pool::kernel::*;

use super::{Case, Entry, Probe, moved_to, numbers, with_len};

const PARAMETERS: &[isize] = &[0, 1, 2, 5];

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry {
            name: "reduceat_axis_into",
            parameters: PARAMETERS,
            case: segments,
            call: call!(|case, [a: D, indices: Ix1], out: D, probe| {
                probe(&mut || {
                    let step = |x, y| (2 * x + y) % 997;
                    reduceat_axis_into(&a, Axis(case.axis), &indices, &mut out, step);
                });
            }),
            formula: |case, inputs, i| {
                segment(case, inputs, i).into_iter().reduce(|x, y| (2 * x + y) % 997).unwrap()
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "reduceat_axis_into: `a` has shape [3, 4], which has no axis 2",
                ),
                (
                    |case| case.out = vec![5, 5],
                    "reduceat_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out` apart from axis 0, [5, 5]",
                ),
                (
                    |case| case.out = vec![6, 4],
                    "reduceat_axis_into: `indices` has length 5, \
                     but must have the length of axis 0 of `out`, 6",
                ),
                (
                    |case| case.inputs[1][[2]] = 3,
                    "reduceat_axis_into: `indices` holds 3 at [2], \
                     but must be below the length of axis 0 of `a`, 3",
                ),
            ],
        },
        Entry {
            name: "add_reduceat_axis_into",
            parameters: PARAMETERS,
            case: segments,
            call: call!(|case, [a: D, indices: Ix1], out: D, probe| {
                probe(&mut || add_reduceat_axis_into(&a, Axis(case.axis), &indices, &mut out));
            }),
            formula: |case, inputs, i| segment(case, inputs, i).iter().sum(),
            in_place: false,
            mistakes: &[
                (
                    |case| case.out = vec![6, 4],
                    "add_reduceat_axis_into: `indices` has length 5, \
                     but must have the length of axis 0 of `out`, 6",
                ),
                (
                    |case| case.inputs[1][[4]] = 3,
                    "add_reduceat_axis_into: `indices` holds 3 at [4], \
                     but must be below the length of axis 0 of `a`, 3",
                ),
            ],
        },
    ]
}

/// Segments that follow each other, with some elements in front of the first; one element alone where they fall.
fn segments(shape: &[usize], axis: usize, count: isize) -> Option<Case> {
    let len = shape[axis];
    let count = if len == 0 { 0 } else { count as usize };
    let indices = ArrayD::from_shape_fn(vec![count], |i| (i[0] * 3 + 1) % len);
    let out = with_len(shape, axis, count);
    Some(Case { inputs: vec![numbers(shape), indices], out, axis, parameter: count as isize })
}

fn segment(case: &Case, inputs: &[ArrayViewD<'_, usize>], i: &[usize]) -> Vec<usize> {
    let (indices, number) = (&inputs[1], i[case.axis]);
    let start = indices[[number]];
    let end = indices.get([number + 1]).copied().unwrap_or(inputs[0].len_of(Axis(case.axis)));
    let element = |place| inputs[0][&*moved_to(i, case.axis, |_| place)];
    if start < end { (start..end).map(element).collect() } else { vec![element(start)] }
}
