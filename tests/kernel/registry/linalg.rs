//! Products of matrices and vectors.

use ndarray::{ArrayD, Ix1, Ix2, Ix3};
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

/// *a\[i, j, l\]* and *b\[l, k, j\]*, with an `out` of *i* and *k*.
fn two_common_axes(
    shape: &[usize],
    _: usize,
    len: isize,
) -> Option<(Vec<ArrayD<usize>>, Vec<usize>)> {
    let &[n, m] = shape else { return None };
    let len = len as usize;
    Some((vec![numbers(&[n, m, 2]), numbers(&[2, len, m])], vec![n, len]))
}

fn two_sums(x: &[&ArrayD<f64>], place: &[usize]) -> f64 {
    let both = |j| (0..2).map(move |l| (j, l));
    let terms = (0..x[0].shape()[1]).flat_map(both);
    terms.fold(0.0, |sum, (j, l)| sum + x[0][[place[0], j, l]] * x[1][[l, place[1], j]])
}

/// A workspace of as many bytes as a kernel tells, or none if it tells no size for wrong arguments.
fn workspace_of(bytes: impl FnOnce() -> usize) -> Workspace<'static> {
    let bytes = std::panic::catch_unwind(std::panic::AssertUnwindSafe(bytes));
    Workspace::with_bytes(bytes.unwrap_or(0))
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
        with_mistakes(float_places(
            call!(|c, probe| matmul_into(a: f64, b: f64 [Ix2]) -> out: f64 {
                let mut workspace = workspace_for(a.shape(), b.shape());
                probe(&mut || matmul_into(a, b, out, &mut workspace));
            }),
            stack_and_matrix,
            |_, x, place| product_at(x, place),
        )),
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
        float_places(
            call!(|c, probe| dot_into(a: f64, b: f64 [Ix3]) -> out: f64 [D::Larger] {
                let k = b.shape()[1].max(1);
                let bytes = matmul_workspace_bytes::<f64>(a.len() / k, k, b.len() / k);
                let mut workspace = Workspace::with_bytes(bytes);
                probe(&mut || dot_into(a, b, out, &mut workspace));
            }),
            |shape, _, len| {
                let (&k, rest) = shape.split_last()?;
                let len = len as usize;
                let out = [rest, &[2, len]].concat();
                (shape.len() < 6).then(|| (vec![numbers(shape), numbers(&[2, k, len])], out))
            },
            |_, x, place| {
                let (last, i) = place.split_at(place.len() - 2);
                let k = x[1].shape()[1];
                (0..k)
                    .fold(0.0, |sum, l| sum + x[0][&*[last, &[l]].concat()] * x[1][[i[0], l, i[1]]])
            },
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[2, 3, 3],
            "`b` has length 3 along axis 1, but must have the length of axis 1 of `a`, 4",
        )
        .mistaken_out(
            &[3, 3, 2],
            "`out` has shape [3, 3, 2], but must have \
             the axes of `a` and then those of `b` that are not summed over, [3, 2, 3]",
        ),
        float_places(
            call!(|c, probe| inner_into(a: f64, b: f64 [Ix2]) -> out: f64 {
                let (n, k) = (b.shape()[0], b.shape()[1]);
                let bytes = matmul_workspace_bytes::<f64>(a.len() / k.max(1), k, n);
                let mut workspace = Workspace::with_bytes(bytes);
                probe(&mut || inner_into(a, b, out, &mut workspace));
            }),
            |shape, _, len| {
                let (&k, rest) = shape.split_last()?;
                let len = len as usize;
                Some((vec![numbers(shape), numbers(&[len, k])], [rest, &[len]].concat()))
            },
            |_, x, place| {
                let (&j, i) = place.split_last().expect("it has axes");
                let k = x[1].shape()[1];
                (0..k).fold(0.0, |sum, l| sum + x[0][&*[i, &[l]].concat()] * x[1][[j, l]])
            },
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[3, 3],
            "`b` has length 3 along axis 1, but must have the length of axis 1 of `a`, 4",
        ),
        float_places(
            call!(|c, probe| tensordot_into(a: f64 [Ix3], b: f64 [Ix3]) -> out: f64 [Ix2] {
                let axes: [&[usize]; 2] = [&[1, 2], &[2, 0]];
                let mut workspace = workspace_of(|| tensordot_workspace_bytes(a, b, axes));
                probe(&mut || tensordot_into(a, b, axes, out, &mut workspace));
            }),
            two_common_axes,
            |_, x, place| two_sums(x, place),
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[2, 3, 3],
            "`b` has length 3 along axis 2, but must have the length of axis 1 of `a`, 4",
        )
        .mistaken_out(
            &[4, 3],
            "`out` has shape [4, 3], but must have \
             the axes of `a` and then those of `b` that are not summed over, [3, 3]",
        ),
        float_places(
            call!(|c, probe| einsum_into(a: f64 [Ix3], b: f64 [Ix3]) -> out: f64 [Ix2] {
                let subscripts = "ijl, lkj -> ik";
                let mut workspace = workspace_of(|| einsum_workspace_bytes(subscripts, a, b));
                probe(&mut || einsum_into(subscripts, a, b, out, &mut workspace));
            }),
            two_common_axes,
            |_, x, place| two_sums(x, place),
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[2, 3, 3],
            "`subscripts` is \"ijl, lkj -> ik\", which needs length 4 for `j` of `a`, \
             but axis 2 of `b` has length 3",
        )
        .mistaken_out(
            &[4, 3],
            "`out` has shape [4, 3], but must have the lengths of \"ijl, lkj -> ik\", [3, 3]",
        ),
        float_places(
            call!(|c, probe| multi_dot_into(a: f64 [Ix2], b: f64 [Ix2], v: f64 [Ix2])
                -> out: f64 [Ix2] {
                let matrices = [&**a, b, v];
                let mut workspace = workspace_of(|| multi_dot_workspace_bytes(&matrices));
                probe(&mut || multi_dot_into(&matrices, out, &mut workspace));
            }),
            |shape, axis, len| {
                let (mut inputs, out) = stack_and_matrix(shape, axis, len)?;
                inputs.push(numbers(&[len as usize, 2]));
                (shape.len() == 2).then(|| (inputs, vec![out[0], 2]))
            },
            |_, x, place| {
                let n = x[1].shape()[1];
                (0..n).fold(0.0, |sum, j| sum + product_at(x, &[place[0], j]) * x[2][[j, place[1]]])
            },
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [2],
            &[4, 2],
            "`matrices[2]` has 4 rows, but must have as many as `matrices[1]` has columns, 3",
        )
        .mistaken_out(
            &[4, 2],
            "`out` has shape [4, 2], whose last two axes must be [3, 2]: \
             the rows of the first matrix and the columns of the last",
        ),
        float_places(
            call!(|c, probe| affine_into(x: f64 [Ix2], w: f64 [Ix2], bias: f64 [Ix1])
                -> out: f64 [Ix2] {
                let mut workspace = workspace_for(x.shape(), w.shape());
                probe(&mut || affine_into(x, w, bias, out, &mut workspace));
            }),
            |shape, axis, len| {
                let (mut inputs, out) = stack_and_matrix(shape, axis, len)?;
                inputs.push(numbers(&[len as usize]));
                (shape.len() == 2).then_some((inputs, out))
            },
            |_, x, place| x[2][[place[1]]] + product_at(x, place),
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[3, 3],
            "`w` has shape [3, 3], whose last two axes must be [4, 3]: \
             as many rows as `x` has columns",
        )
        .mistaken_inputs(
            [2],
            &[4],
            "`bias` has length 4, but must have the length of axis 1 of `w`, 3",
        )
        .mistaken_out(
            &[4, 3],
            "`out` has shape [4, 3], whose last two axes must be [3, 3]: \
             the rows of `x` and the columns of `w`",
        ),
        float_places(
            call!(|c, probe| pairwise_sqdist_into(a: f64 [Ix2], b: f64 [Ix2]) -> out: f64 [Ix2] {
                let mut workspace = workspace_for(a.shape(), b.t().shape());
                probe(&mut || pairwise_sqdist_into(a, b, out, &mut workspace));
            }),
            |shape, _, len| {
                let &[n, d] = shape else { return None };
                let points =
                    (vec![numbers(shape), numbers(&[len as usize, d])], vec![n, len as usize]);
                Some(points)
            },
            |_, x, place| {
                let (a, b) = (|l| x[0][[place[0], l]], |l| x[1][[place[1], l]]);
                let d = x[0].shape()[1];
                (0..d).fold(0.0, |sum, l| sum + (a(l) - b(l)) * (a(l) - b(l)))
            },
        )
        .parameters(&[1, 20, 3])
        .mistaken_inputs(
            [1],
            &[3, 3],
            "`b` has length 3 along axis 1, but must have as many coordinates as `a`, 4",
        )
        .mistaken_out(
            &[4, 3],
            "`out` has shape [4, 3], but must have the numbers of points, [3, 3]",
        ),
        float_places(
            call!(|c| ger_inplace(a: f64 [Ix2], x: f64 [Ix1], y: f64 [Ix1]) -> out: f64 [Ix2] {
                out.assign(a);
                ger_inplace(out, x, y, 2.0);
            }),
            |shape, _, _| {
                let &[n, m] = shape else { return None };
                Some((vec![numbers(shape), numbers(&[n]), numbers(&[m])], shape.to_vec()))
            },
            |_, x, i| x[0][i] + 2.0 * x[1][[i[0]]] * x[2][[i[1]]],
        )
        .mistaken_inputs(
            [1],
            &[4],
            "`x` has length 4, but must have the length of axis 0 of `a`, 3",
        )
        .mistaken_inputs(
            [2],
            &[3],
            "`y` has length 3, but must have the length of axis 1 of `a`, 4",
        ),
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
            "`v` has shape [3], whose last axis must have length 4: that of the rows of `a`",
        )
        .mistaken_out(
            &[4],
            "`out` has shape [4], whose last axis must have length 3: that of the columns of `a`",
        ),
        places(
            call!(matvec_into(a: usize [Ix2], v: usize [Ix3]) -> out: usize [Ix3]),
            |shape, _, _| {
                let &[n, m] = shape else { return None };
                Some((vec![numbers(shape), numbers(&[3, 2, m])], vec![3, 2, n]))
            },
            |_, x, i| {
                let m = x[0].shape()[1];
                (0..m).map(|j| x[0][[i[2], j]] * x[1][[i[0], i[1], j]]).sum()
            },
        )
        .mistaken_out(
            &[2, 2, 3],
            "`v` has shape [3, 2, 4], which cannot be broadcast to the stack of `out`, [2, 2, 4]",
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
            "`v` has shape [4], whose last axis must have length 3: that of the columns of `a`",
        )
        .mistaken_out(
            &[3],
            "`out` has shape [3], whose last axis must have length 4: that of the rows of `a`",
        ),
        places(
            call!(vecmat_into(v: usize [Ix2], a: usize [Ix3]) -> out: usize [Ix2]),
            |shape, _, _| {
                let &[n, m] = shape else { return None };
                Some((vec![numbers(&[2, n]), numbers(&[2, n, m])], vec![2, m]))
            },
            |_, x, j| {
                let n = x[0].shape()[1];
                (0..n).map(|i| x[0][[j[0], i]] * x[1][[j[0], i, j[1]]]).sum()
            },
        )
        .mistaken_out(
            &[3, 4],
            "`v` has shape [2, 3], which cannot be broadcast to the stack of `out`, [3, 3]",
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
