//! Products of matrices and vectors.

use ndarray::{ArrayD, Ix1, Ix2};
use ndarray_pool::kernel::*;

use super::*;

/// A stack of matrices, one matrix of `len` columns, and their products.
fn stack_and_matrix(
    shape: &[usize],
    _: usize,
    len: isize,
) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let (&k, out) = shape.split_last()?;
    let out = [out, &[len as usize]].concat();
    (shape.len() >= 2).then(|| (vec![numbers(shape), numbers(&[k, len as usize])], out))
}

/// Two stacks of matrices.
fn stacks(shape: &[usize], axis: usize, len: isize) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let (mut inputs, out) = stack_and_matrix(shape, axis, len)?;
    let leading = &shape[..shape.len() - 2];
    inputs[1] = numbers(&[leading, inputs[1].shape()].concat());
    Some((inputs, out))
}

/// The sum that stands at a place of a product of stacks.
fn product_at(x: &[&ArrayD<f64>], place: &[usize]) -> f64 {
    let (&j, i) = place.split_last().expect("it has axes");
    let stack = &i[..i.len() - 1];
    let b = |l| match x[1].ndim() {
        2 => x[1][&[l, j][..]],
        _ => x[1][&*[stack, &[l, j]].concat()],
    };
    let k = x[0].shape()[i.len()];
    (0..k).fold(0.0, |sum, l| sum + x[0][&*[i, &[l]].concat()] * b(l))
}

fn workspace_for(a: &[usize], b: &[usize]) -> Workspace<'static> {
    let [.., m, k] = *a else { return Workspace::empty() };
    Workspace::with_bytes(matmul_workspace_bytes::<f64>(m, k, b[b.len() - 1]))
}

/// Mistakes of a product of a matrix and one of three columns.
fn with_mistakes(entry: Entry) -> Entry {
    entry
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[3, 3],
            "`b` has shape [3, 3], whose last two axes must be [4, 3]: \
             as many rows as `a` has columns",
        )
        .mistaken_out(
            &[4, 3],
            "`out` has shape [4, 3], whose last two axes must be [3, 3]: \
             the rows of `a` and the columns of `b`",
        )
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        float_places(
            call!(|c, probe| matmul_into(a: f64, b: f64 [Ix2]) -> out: f64 {
                let mut workspace = workspace_for(a.shape(), b.shape());
                probe(&mut || matmul_into(a, b, out, &mut workspace));
            }),
            stack_and_matrix,
            |_, x, place| product_at(x, place),
        )
        .parameters(&[1, 20]),
        with_mistakes(float_places(
            call!(|c, probe| matmul_into(a: f64, b: f64) -> out: f64 {
                let mut workspace = workspace_for(a.shape(), b.shape());
                probe(&mut || matmul_into(a, b, out, &mut workspace));
            }),
            stacks,
            |_, x, place| product_at(x, place),
        )),
        with_mistakes(float_places(
            call!(|c, probe| gemm_into(a: f64, b: f64) -> out: f64 {
                let mut workspace = workspace_for(a.shape(), b.shape());
                probe(&mut || gemm_into(a, b, 2.0, 0.0, out, &mut workspace));
            }),
            stacks,
            |_, x, place| 2.0 * product_at(x, place),
        )),
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
