//! Products of matrices and vectors.

use ndarray::{Ix1, Ix2};
use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        places(
            call!(matvec_into(a: usize [Ix2], v: usize [Ix1]) -> out: usize [Ix1]),
            |shape, _, _| {
                let &[n, m] = shape else { return None };
                Some((vec![numbers(shape), numbers(&[m])], vec![n]))
            },
            |_, x, i| (0..x[1].len()).map(|j| x[0][[i[0], j]] * x[1][[j]]).sum(),
        )
        .mistaken_inputs(
            [1],
            &[3],
            "`v` has length 3, but must have the length of axis 1 of `a`, 4",
        )
        .mistaken_out(
            &[4],
            "`out` has shape [4], but must have the shape of `a` without axis 1, [3]",
        ),
        places(
            call!(vecmat_into(v: usize [Ix1], a: usize [Ix2]) -> out: usize [Ix1]),
            |shape, _, _| {
                let &[n, m] = shape else { return None };
                Some((vec![numbers(&[n]), numbers(shape)], vec![m]))
            },
            |_, x, j| (0..x[0].len()).map(|i| x[0][[i]] * x[1][[i, j[0]]]).sum(),
        )
        .mistaken_inputs(
            [0],
            &[4],
            "`v` has length 4, but must have the length of axis 0 of `a`, 3",
        )
        .mistaken_out(
            &[3],
            "`out` has shape [3], but must have the shape of `a` without axis 0, [4]",
        ),
        places(
            call!(|c| outer_into(a: usize, b: usize [Ix1]) -> out: usize [D::Larger] {
                outer_into(a, b, out, |a, b| 3 * a + b);
            }),
            |shape, _, len| {
                let len = len as usize;
                let operands = (vec![numbers(shape), numbers(&[len])], [shape, &[len]].concat());
                (shape.len() < 6).then_some(operands) // seven axes are beyond what is promised
            },
            |_, x, i| {
                let (last, first) = i.split_last().expect("`out` has an axis more than `a`");
                3 * x[0][first] + x[1][[*last]]
            },
        )
        .parameters(&[1, 3])
        .mistaken_out(
            &[4, 3, 3],
            "`out` has shape [4, 3, 3], \
             but must have the shape of `a` followed by that of `b`, [3, 4, 3]",
        ),
        places(
            call!(kron_into(a: usize, b: usize) -> out: usize),
            |shape, _, _| {
                let b = numbers(&vec![2; shape.len()]);
                Some((vec![numbers(shape), b], shape.iter().map(|len| 2 * len).collect()))
            },
            |_, x, i| {
                let block: Vec<usize> = i.iter().map(|i| i / 2).collect();
                let inner: Vec<usize> = i.iter().map(|i| i % 2).collect();
                x[0][&*block] * x[1][&*inner]
            },
        )
        .mistaken_out(
            &[6, 9],
            "`out` has shape [6, 9], but must have the shape of `a` times that of `b`, [6, 8]",
        ),
    ]
}
