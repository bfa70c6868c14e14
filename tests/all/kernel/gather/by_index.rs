//! Taking, putting and choosing by index.

use ndarray::{ArrayD, Axis, Ix1, aview1};
use ndarray_pool::kernel::*;

use super::{Case, Entry, Probe, mask, moved_to, numbers, with_len};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry {
            name: "take_axis_into",
            parameters: &[0, 3, 7],
            case: |shape, axis, count| {
                let len = shape[axis];
                let count = if len == 0 { 0 } else { count as usize };
                let indices = ArrayD::from_shape_fn(vec![count], |i| (i[0] * 5 + 2) % len);
                Some(Case {
                    inputs: vec![numbers(shape), indices],
                    out: with_len(shape, axis, count),
                    axis,
                    parameter: count as isize,
                })
            },
            call: call!(|case, [a: D, indices: Ix1], out: D, probe| {
                probe(&mut || take_axis_into(&a, Axis(case.axis), &indices, &mut out));
            }),
            formula: |case, inputs, i| inputs[0][&*moved_to(i, case.axis, |i| inputs[1][[i]])],
            in_place: false,
            mistakes: &[
                (|case| case.axis = 2, "take_axis_into: `a` has shape [3, 4], which has no axis 2"),
                (
                    |case| case.out = vec![7, 5],
                    "take_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out` apart from axis 0, [7, 5]",
                ),
                (
                    |case| case.out = vec![6, 4],
                    "take_axis_into: `indices` has length 7, \
                     but must have the length of axis 0 of `out`, 6",
                ),
                (
                    |case| case.inputs[1][[6]] = 3,
                    "take_axis_into: `indices` holds 3 at [6], \
                     but must be below the length of axis 0 of `a`, 3",
                ),
            ],
        },
        Entry {
            name: "take_along_axis_into",
            parameters: &[0, 4],
            case: |shape, axis, count| {
                let len = shape[axis];
                let out = with_len(shape, axis, if len == 0 { 0 } else { count as usize });
                let indices = numbers(&out).mapv(|n| n * 7 % len);
                Some(Case { inputs: vec![numbers(shape), indices], out, axis, parameter: count })
            },
            call: call!(|case, [a: D, indices: D], out: D, probe| {
                probe(&mut || take_along_axis_into(&a, Axis(case.axis), &indices, &mut out));
            }),
            formula: |case, inputs, i| inputs[0][&*moved_to(i, case.axis, |_| inputs[1][i])],
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "take_along_axis_into: `a` has shape [3, 4], which has no axis 2",
                ),
                (
                    |case| case.out = vec![4, 5],
                    "take_along_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out` apart from axis 0, [4, 5]",
                ),
                (
                    |case| case.out = vec![3, 4],
                    "take_along_axis_into: `indices` has shape [4, 4], \
                     but must have the shape of `out`, [3, 4]",
                ),
                (
                    |case| case.inputs[1][[1, 3]] = 9,
                    "take_along_axis_into: `indices` holds 9 at [1, 3], \
                     but must be below the length of axis 0 of `a`, 3",
                ),
            ],
        },
        Entry {
            name: "put_along_axis_inplace",
            parameters: &[1, 5],
            case: |shape, axis, count| {
                let len = shape[axis];
                let place = with_len(shape, axis, if len == 0 { 0 } else { count as usize });
                let indices = numbers(&place).mapv(|n| n * 7 % len);
                let values = numbers(&place).mapv(|n| 1000 + n);
                let inputs = vec![numbers(shape), indices, values];
                Some(Case { inputs, out: shape.to_vec(), axis, parameter: count })
            },
            call: call!(|case, [a: D, indices: D, values: D], out: D, probe| {
                out.assign(&a);
                probe(&mut || {
                    put_along_axis_inplace(&mut out, Axis(case.axis), &indices, &values);
                });
            }),
            formula: |case, inputs, i| {
                let mut last = inputs[0][i];
                for place in 0..inputs[1].len_of(Axis(case.axis)) {
                    let from = moved_to(i, case.axis, |_| place);
                    if inputs[1][&*from] == i[case.axis] {
                        last = inputs[2][&*from];
                    }
                }
                last
            },
            in_place: true,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "put_along_axis_inplace: `a` has shape [3, 4], which has no axis 2",
                ),
                (
                    |case| case.inputs[1] = numbers(&[2, 5]),
                    "put_along_axis_inplace: `a` has shape [3, 4], \
                     but must have the shape of `indices` apart from axis 0, [2, 5]",
                ),
                (
                    |case| case.inputs[2] = numbers(&[4, 4]),
                    "put_along_axis_inplace: `values` has shape [4, 4], \
                     which cannot be broadcast to the shape of `indices`, [5, 4]",
                ),
                (
                    |case| case.inputs[1][[4, 0]] = 3,
                    "put_along_axis_inplace: `indices` holds 3 at [4, 0], \
                     but must be below the length of axis 0 of `a`, 3",
                ),
            ],
        },
        Entry {
            name: "at_axis_inplace",
            parameters: &[1, 5],
            case: |shape, axis, count| {
                let len = shape[axis];
                let count = if len == 0 { 0 } else { count as usize };
                let indices = ArrayD::from_shape_fn(vec![count], |i| (i[0] * 5 + 2) % len);
                let values = numbers(&with_len(shape, axis, count)).mapv(|n| 1000 + n);
                let inputs = vec![numbers(shape), indices, values];
                Some(Case { inputs, out: shape.to_vec(), axis, parameter: count as isize })
            },
            call: call!(|case, [a: D, indices: Ix1, values: D], out: D, probe| {
                out.assign(&a);
                probe(&mut || {
                    let axis = Axis(case.axis);
                    at_axis_inplace(&mut out, axis, &indices, &values, |a, value| 3 * a + value);
                });
            }),
            formula: |case, inputs, i| {
                let named = inputs[1].iter().enumerate().filter(|(_, at)| **at == i[case.axis]);
                named.fold(inputs[0][i], |element, (place, _)| {
                    3 * element + inputs[2][&*moved_to(i, case.axis, |_| place)]
                })
            },
            in_place: true,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "at_axis_inplace: `a` has shape [3, 4], which has no axis 2",
                ),
                (
                    |case| case.inputs[2] = numbers(&[4, 4]),
                    "at_axis_inplace: `values` has shape [4, 4], which cannot be broadcast to \
                     the shape of `a` with the length of `indices` along the axis, [5, 4]",
                ),
                (
                    |case| case.inputs[1][[4]] = 3,
                    "at_axis_inplace: `indices` holds 3 at [4], \
                     but must be below the length of axis 0 of `a`, 3",
                ),
            ],
        },
        Entry {
            name: "compress_axis_into",
            parameters: &[1, 2, 3],
            case: |shape, axis, step| {
                let kept = mask(shape[axis], step).iter().filter(|&&keep| keep).count();
                let out = with_len(shape, axis, kept);
                Some(Case { inputs: vec![numbers(shape)], out, axis, parameter: step })
            },
            call: call!(|case, [a: D], out: D, probe| {
                let len = a.shape().get(case.axis).map_or(0, |&len| len);
                let mask = mask(len, case.parameter);
                let mask = if case.parameter == -1 { &mask[1..] } else { &mask[..] };
                probe(&mut || compress_axis_into(&a, Axis(case.axis), &aview1(mask), &mut out));
            }),
            formula: |case, inputs, i| {
                let mask = mask(inputs[0].shape()[case.axis], case.parameter);
                let kept: Vec<usize> = (0..mask.len()).filter(|&i| mask[i]).collect();
                inputs[0][&*moved_to(i, case.axis, |i| kept[i])]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "compress_axis_into: `a` has shape [3, 4], which has no axis 2",
                ),
                (
                    |case| case.out = vec![2, 5],
                    "compress_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out` apart from axis 0, [2, 5]",
                ),
                (
                    |case| case.parameter = -1,
                    "compress_axis_into: `mask` has length 2, \
                     but must have the length of axis 0 of `a`, 3",
                ),
                (
                    |case| case.out = vec![2, 4],
                    "compress_axis_into: `mask` is true 3 times, \
                     but must be so the length of axis 0 of `out`, 2",
                ),
            ],
        },
        Entry {
            name: "choose_into",
            parameters: &[0],
            case: |shape, axis, parameter| {
                let index = numbers(shape).mapv(|n| n * 7 % 3);
                let choices = [100, 200, 300].map(|more| numbers(shape).mapv(|n| n + more));
                let inputs = std::iter::once(index).chain(choices).collect();
                Some(Case { inputs, out: shape.to_vec(), axis, parameter })
            },
            call: call!(|case, [index: D, a: D, b: D, c: D], out: D, probe| {
                probe(&mut || choose_into(&index, &[&a, &b, &c], &mut out));
            }),
            formula: |_, inputs, i| inputs[1 + inputs[0][i]][i],
            in_place: false,
            mistakes: &[
                (
                    |case| case.inputs[0] = numbers(&[3, 5]),
                    "choose_into: `index` has shape [3, 5], \
                     which cannot be broadcast to the shape of `out`, [3, 4]",
                ),
                (
                    |case| case.inputs[2] = numbers(&[3, 5]),
                    "choose_into: `choices[1]` has shape [3, 5], \
                     which cannot be broadcast to the shape of `out`, [3, 4]",
                ),
                (
                    |case| case.inputs[0][[2, 1]] = 3,
                    "choose_into: `index` holds 3 at [2, 1], \
                     but must be below the length of `choices`, 3",
                ),
            ],
        },
    ]
}
