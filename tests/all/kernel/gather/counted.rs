//! Finding places, and counting.

use ndarray::{Axis, Ix1};
use ndarray_pool::kernel::*;

use super::{Case, Entry, Probe, edges, numbers};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry {
            name: "searchsorted_into",
            parameters: &[0, 1],
            case: |shape, axis, side| {
                let inputs = vec![numbers(shape), edges(9)];
                Some(Case { inputs, out: shape.to_vec(), axis, parameter: side })
            },
            call: call!(|case, [values: D, sorted: Ix1], out: D, probe| {
                let side = if case.parameter == 0 { Side::Left } else { Side::Right };
                probe(&mut || searchsorted_into(&sorted, &values, side, &mut out));
            }),
            formula: |case, inputs, i| {
                let value = inputs[0][i] + case.parameter as usize;
                inputs[1].iter().filter(|&&edge| edge < value).count()
            },
            in_place: false,
            mistakes: &[(
                |case| case.out = vec![3, 5],
                "searchsorted_into: `values` has shape [3, 4], \
                 which cannot be broadcast to the shape of `out`, [3, 5]",
            )],
        },
        Entry {
            name: "digitize_into",
            parameters: &[0, 1, 2, 3],
            case: |shape, axis, parameter| {
                let mut edges = edges(9);
                if parameter > 1 {
                    edges.invert_axis(Axis(0));
                }
                let inputs = vec![numbers(shape), edges];
                Some(Case { inputs, out: shape.to_vec(), axis, parameter })
            },
            call: call!(|case, [values: D, edges: Ix1], out: D, probe| {
                let closed = if case.parameter % 2 == 0 { Closed::Left } else { Closed::Right };
                probe(&mut || digitize_into(&values, &edges, closed, &mut out));
            }),
            formula: |case, inputs, i| {
                let (value, edges) = (inputs[0][i], inputs[1].iter());
                let rises = inputs[1].first() <= inputs[1].last();
                match (rises, case.parameter % 2) {
                    (true, 0) => edges.filter(|&&edge| edge <= value).count(),
                    (true, _) => edges.filter(|&&edge| edge < value).count(),
                    (false, 0) => edges.filter(|&&edge| edge > value).count(),
                    (false, _) => edges.filter(|&&edge| edge >= value).count(),
                }
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.out = vec![3, 5],
                    "digitize_into: `values` has shape [3, 4], \
                     which cannot be broadcast to the shape of `out`, [3, 5]",
                ),
                (
                    |case| case.inputs[1][[2]] = 2,
                    "digitize_into: `edges` must rise or fall, but at 3 it does not",
                ),
            ],
        },
        Entry {
            name: "histogram_into",
            parameters: &[0, 1, 5],
            case: |shape, axis, count| {
                let count = count as usize;
                let inputs = vec![numbers(shape), edges(count + 1)];
                Some(Case { inputs, out: vec![count], axis, parameter: 0 })
            },
            call: call!(|case, [values: D, edges: Ix1], out: Ix1, probe| {
                probe(&mut || histogram_into(&values, &edges, &mut out));
            }),
            formula: |_, inputs, i| {
                let (low, high) = (inputs[1][[i[0]]], inputs[1][[i[0] + 1]]);
                let last = i[0] + 2 == inputs[1].len();
                let within = |value| low <= value && (value < high || last && value == high);
                inputs[0].iter().filter(|&&value| within(value)).count()
            },
            in_place: false,
            mistakes: &[
                (
                    |case| case.out = vec![6],
                    "histogram_into: `edges` has length 6, \
                     but must have one more than `out`, 7",
                ),
                (
                    |case| case.inputs[1][[3]] = 1,
                    "histogram_into: `edges` must rise, but at 3 it does not",
                ),
            ],
        },
        Entry {
            name: "bincount_into",
            parameters: &[7, 20],
            case: |shape, axis, count| {
                let values = numbers(shape).mapv(|n| n * 3 % 7);
                Some(Case { inputs: vec![values], out: vec![count as usize], axis, parameter: 0 })
            },
            call: call!(|case, [values: D], out: Ix1, probe| {
                probe(&mut || bincount_into(&values, &mut out));
            }),
            formula: |_, inputs, i| inputs[0].iter().filter(|&&value| value == i[0]).count(),
            in_place: false,
            mistakes: &[(
                |case| case.inputs[0][[1, 2]] = 20,
                "bincount_into: `values` holds 20 at [1, 2], \
                 but must be below the length of `out`, 20",
            )],
        },
    ]
}
