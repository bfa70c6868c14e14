//! Laying arrays beside each other, repeated or with margins.

use ndarray::{Axis, Ix1};
use ndarray_pool::kernel::*;

use super::{Case, Entry, Probe, moved_to, numbers, widths, with_len};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry {
            name: "concatenate_axis_into",
            parameters: &[0, 2],
            case: |shape, axis, more| {
                let middle = with_len(shape, axis, more as usize);
                let inputs = vec![numbers(shape), numbers(&middle), numbers(shape)];
                let out = with_len(shape, axis, 2 * shape[axis] + more as usize);
                Some(Case { inputs, out, axis, parameter: more })
            },
            call: call!(|case, [a: D, b: D, c: D], out: D, probe| {
                probe(&mut || concatenate_axis_into(&[&a, &b, &c], Axis(case.axis), &mut out));
            }),
            formula: |case, inputs, i| {
                let mut at = i[case.axis];
                for input in inputs {
                    if at < input.len_of(Axis(case.axis)) {
                        return input[&*moved_to(i, case.axis, |_| at)];
                    }
                    at -= input.len_of(Axis(case.axis));
                }
                panic!("`out` is too long")
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "concatenate_axis_into: `out` has shape [8, 4], which has no axis 2",
                ),
                (
                    |case| case.inputs[1] = numbers(&[2, 5]),
                    "concatenate_axis_into: `arrays[1]` has shape [2, 5], \
                     but must have the shape of `out` apart from axis 0, [8, 4]",
                ),
                (
                    |case| case.out = vec![9, 4],
                    "concatenate_axis_into: `out` has length 9 along axis 0, \
                     but must have the sum of the lengths of `arrays`, 8",
                ),
            ],
        },
        Entry {
            name: "stack_axis_into",
            parameters: &[0, 1],
            case: |shape, axis, behind| {
                let axis = axis + behind as usize;
                let mut out = shape.to_vec();
                out.insert(axis, 2);
                // Seven axes are beyond what is promised.
                (shape.len() < 6).then(|| Case {
                    inputs: vec![numbers(shape), numbers(shape).mapv(|n| n + 100)],
                    out,
                    axis,
                    parameter: behind,
                })
            },
            call: call!(|case, [a: D, b: D], out: D::Larger, probe| {
                probe(&mut || stack_axis_into(&[&a, &b], Axis(case.axis), &mut out));
            }),
            formula: |case, inputs, i| {
                let mut from = i.to_vec();
                let number = from.remove(case.axis);
                inputs[number][&*from]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 3,
                    "stack_axis_into: `out` has shape [3, 2, 4], which has no axis 3",
                ),
                (
                    |case| case.out = vec![3, 3, 4],
                    "stack_axis_into: `arrays` has length 2, \
                     but must have the length of axis 1 of `out`, 3",
                ),
                (
                    |case| case.inputs[1] = numbers(&[2, 4]),
                    "stack_axis_into: `arrays[1]` has shape [2, 4], \
                     but must have the shape of `out` without axis 1, [3, 2, 4]",
                ),
            ],
        },
        Entry {
            name: "repeat_axis_into",
            parameters: &[0, 1, 3],
            case: |shape, axis, repeats| {
                let out = with_len(shape, axis, shape[axis] * repeats as usize);
                Some(Case { inputs: vec![numbers(shape)], out, axis, parameter: repeats })
            },
            call: call!(|case, [a: D], out: D, probe| {
                let repeats = case.parameter as usize;
                probe(&mut || repeat_axis_into(&a, Axis(case.axis), repeats, &mut out));
            }),
            formula: |case, inputs, i| {
                inputs[0][&*moved_to(i, case.axis, |i| i / case.parameter as usize)]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.axis = 2,
                    "repeat_axis_into: `a` has shape [3, 4], which has no axis 2",
                ),
                (
                    |case| case.out = vec![9, 5],
                    "repeat_axis_into: `a` has shape [3, 4], \
                     but must have the shape of `out` apart from axis 0, [9, 5]",
                ),
                (
                    |case| case.parameter = 2,
                    "repeat_axis_into: `out` has length 9 along axis 0, \
                     but must have the length of `a` times `repeats`, 6",
                ),
            ],
        },
        Entry {
            name: "tile_into",
            parameters: &[0, 1, 2, 5],
            case: |shape, axis, times| {
                let out = shape.iter().enumerate();
                let out = out.map(|(at, len)| len * if at == axis { times as usize } else { 3 });
                let inputs = vec![numbers(shape)];
                Some(Case { inputs, out: out.collect(), axis, parameter: times })
            },
            call: call!(|case, [a: D], out: D, probe| probe(&mut || tile_into(&a, &mut out))),
            formula: |_, inputs, i| {
                let from: Vec<usize> =
                    i.iter().zip(inputs[0].shape()).map(|(i, n)| i % n).collect();
                inputs[0][&*from]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.out = vec![15, 13],
                    "tile_into: `a` has shape [3, 4], \
                     whose whole multiples do not give the shape of `out`, [15, 13]",
                ),
                (
                    |case| case.inputs[0] = numbers(&[0, 4]),
                    "tile_into: `a` has shape [0, 4], \
                     whose whole multiples do not give the shape of `out`, [15, 12]",
                ),
            ],
        },
        Entry {
            name: "pad_into",
            parameters: &[0, 1, 2, 3, 4],
            case: |shape, axis, mode| {
                // Only a constant can stand beside nothing.
                let widths = widths(shape.len(), axis);
                let out = shape.iter().zip(&widths).map(|(n, (before, after))| n + before + after);
                (mode == 0 || shape[axis] > 0).then(|| Case {
                    inputs: vec![numbers(shape)],
                    out: out.collect(),
                    axis,
                    parameter: mode,
                })
            },
            call: call!(|case, [a: D], out: D, probe| {
                let widths = widths(out.ndim(), case.axis);
                let widths = if case.parameter < 0 { &widths[1..] } else { &widths };
                let mode = match case.parameter {
                    0 => Pad::Constant(5000),
                    1 => Pad::Edge,
                    2 => Pad::Reflect,
                    3 => Pad::Symmetric,
                    _ => Pad::Wrap,
                };
                probe(&mut || pad_into(&a, widths, mode, &mut out));
            }),
            formula: |case, inputs, i| {
                let before = widths(i.len(), case.axis)[case.axis].0;
                let len = inputs[0].len_of(Axis(case.axis)) as isize;
                let at = i[case.axis] as isize - before as isize;
                let inside = (0..len).contains(&at);
                // Step by step, as one would walk it by hand.
                let at = match case.parameter {
                    0 if !inside => return 5000,
                    1 => at.clamp(0, len - 1),
                    2 | 3 => (0..100).fold(at, |at, _| match at {
                        _ if len == 1 => 0,
                        at if at < 0 => -at - (case.parameter - 2),
                        at if at >= len => 2 * len - 2 - at + (case.parameter - 2),
                        at => at,
                    }),
                    4 => at.rem_euclid(len),
                    _ => at,
                };
                inputs[0][&*moved_to(i, case.axis, |_| at as usize)]
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.parameter = -1,
                    "pad_into: `widths` has length 1, but must have the number of axes of `a`, 2",
                ),
                (
                    |case| case.out = vec![3, 4],
                    "pad_into: `out` has shape [3, 4], \
                     but must have the shape of `a` with its margins, [15, 4]",
                ),
                (
                    |case| {
                        case.inputs[0] = numbers(&[0, 4]);
                        case.out = vec![12, 4];
                    },
                    "pad_into: `a` has shape [0, 4], \
                     but must have elements along axis 0 to fill a margin with",
                ),
            ],
        },
        Entry {
            name: "outer_into",
            parameters: &[1, 3],
            case: |shape, axis, len| {
                let (a, b) = (numbers(shape), numbers(&[len as usize]));
                let out = [shape, &[len as usize]].concat();
                // Seven axes are beyond what is promised.
                let fits = shape.len() < 6;
                fits.then(|| Case { inputs: vec![a, b], out, axis, parameter: len })
            },
            call: call!(|case, [a: D, b: Ix1], out: D::Larger, probe| {
                probe(&mut || outer_into(&a, &b, &mut out, |a, b| 3 * a + b));
            }),
            formula: |_, inputs, i| {
                let (last, first) = i.split_last().expect("there are two axes at least");
                3 * inputs[0][first] + inputs[1][[*last]]
            },
            in_place: false,
            mistakes: &[(
                |case| case.out = vec![4, 3, 3],
                "outer_into: `out` has shape [4, 3, 3], \
                 but must have the shape of `a` followed by that of `b`, [3, 4, 3]",
            )],
        },
        Entry {
            name: "kron_into",
            parameters: &[0],
            case: |shape, axis, parameter| {
                let b = numbers(&vec![2; shape.len()]);
                let out = shape.iter().map(|len| 2 * len).collect();
                Some(Case { inputs: vec![numbers(shape), b], out, axis, parameter })
            },
            call: call!(|case, [a: D, b: D], out: D, probe| {
                probe(&mut || kron_into(&a, &b, &mut out));
            }),
            formula: |_, inputs, i| {
                let block: Vec<usize> = i.iter().map(|i| i / 2).collect();
                let inner: Vec<usize> = i.iter().map(|i| i % 2).collect();
                inputs[0][&*block] * inputs[1][&*inner]
            },
            in_place: false,
            mistakes: &[(
                |case| case.out = vec![6, 9],
                "kron_into: `out` has shape [6, 9], \
                 but must have the shape of `a` times that of `b`, [6, 8]",
            )],
        },
    ]
}
