//! Triangles and diagonals.

use ndarray::{Ix1, Ix2};
use ndarray_pool::kernel::*;

use super::{Case, Entry, Probe, column_less_row, diagonal_len, numbers, same_shape};

pub(super) fn entries() -> Vec<Entry> {
    const DIAGONALS: &[isize] = &[0, 1, -1, 2, -2, 9, -9, isize::MAX, isize::MIN];
    let triangle: fn(&[usize], usize, isize) -> Option<Case> =
        |shape, axis, k| (shape.len() >= 2).then(|| same_shape(shape, axis, k)).flatten();
    vec![
        Entry {
            name: "triu_into",
            parameters: DIAGONALS,
            case: triangle,
            call: call!(|case, [a: D], out: D, probe| {
                probe(&mut || triu_into(&a, case.parameter, &mut out));
            }),
            formula: |case, inputs, i| match column_less_row(i) >= case.parameter {
                true => inputs[0][i],
                false => 0,
            },
            in_place: false,
            mistakes: &[
                (
                    |case| {
                        case.inputs[0] = numbers(&[3]);
                        case.out = vec![3];
                    },
                    "triu_into: `a` has shape [3], but must have two axes or more",
                ),
                (
                    |case| case.out = vec![4, 3],
                    "triu_into: `a` has shape [3, 4], but must have the shape of `out`, [4, 3]",
                ),
            ],
        },
        Entry {
            name: "tril_into",
            parameters: DIAGONALS,
            case: triangle,
            call: call!(|case, [a: D], out: D, probe| {
                probe(&mut || tril_into(&a, case.parameter, &mut out));
            }),
            formula: |case, inputs, i| match column_less_row(i) <= case.parameter {
                true => inputs[0][i],
                false => 0,
            },
            in_place: false,
            mistakes: &[
                (
                    |case| {
                        case.inputs[0] = numbers(&[3]);
                        case.out = vec![3];
                    },
                    "tril_into: `a` has shape [3], but must have two axes or more",
                ),
                (
                    |case| case.out = vec![4, 3],
                    "tril_into: `a` has shape [3, 4], but must have the shape of `out`, [4, 3]",
                ),
            ],
        },
        Entry {
            name: "diag_into",
            parameters: DIAGONALS,
            case: |shape, axis, k| {
                let &[rows, columns] = shape else { return None };
                let inputs = vec![numbers(&[diagonal_len(rows, columns, k)])];
                Some(Case { inputs, out: shape.to_vec(), axis, parameter: k })
            },
            call: call!(|case, [values: Ix1], out: Ix2, probe| {
                let _ = std::marker::PhantomData::<D>;
                probe(&mut || diag_into(&values, case.parameter, &mut out));
            }),
            formula: |case, inputs, i| match column_less_row(i) == case.parameter {
                true => inputs[0][i[0].min(i[1])],
                false => 0,
            },
            in_place: false,
            mistakes: &[(
                |case| case.parameter = 3,
                "diag_into: `values` has length 0, \
                 but must have the length of the diagonal of `out`, 1",
            )],
        },
        Entry {
            name: "diagonal_into",
            parameters: DIAGONALS,
            case: |shape, axis, k| {
                let &[rows, columns] = shape else { return None };
                let out = vec![diagonal_len(rows, columns, k)];
                Some(Case { inputs: vec![numbers(shape)], out, axis, parameter: k })
            },
            call: call!(|case, [a: Ix2], out: Ix1, probe| {
                let _ = std::marker::PhantomData::<D>;
                probe(&mut || diagonal_into(&a, case.parameter, &mut out));
            }),
            formula: |case, inputs, i| {
                let k = case.parameter;
                inputs[0][[i[0] + k.min(0).unsigned_abs(), i[0] + k.max(0).unsigned_abs()]]
            },
            in_place: false,
            mistakes: &[(
                |case| case.parameter = -1,
                "diagonal_into: `out` has length 0, \
                 but must have the length of the diagonal of `a`, 2",
            )],
        },
    ]
}
