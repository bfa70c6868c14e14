//! Products of matrices.

use ndarray::{Dimension, Ix2, IxDyn};
use ndarray_pool::kernel::*;

use crate::case::{Element, In, Out, refs};

pub fn any<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + MatrixElement + std::ops::Neg<Output = A>,
    D: Dimension,
{
    if tensors(name, x, out) {
        return true;
    }
    let known = ["matmul_into", "gemm_into", "affine_into", "ger_inplace"];
    if !known.contains(&name) {
        return false;
    }
    if name == "ger_inplace" {
        ger_inplace(&mut out.any(), &x.list::<A>(0), &x.list::<A>(1), x.number(2));
        return true;
    }
    let (a, b) = (x.any::<A, IxDyn>(0), x.any::<A, IxDyn>(1));
    let &[.., m, k] = a.shape() else { return false };
    let n = b.shape()[b.ndim() - 1];
    let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<A>(m, k, n));
    match name {
        "matmul_into" => matmul_into(&a, &b, &mut out.any::<A, IxDyn>(), &mut workspace),
        "affine_into" => {
            let (a, b) = (x.any::<A, Ix2>(0), x.any::<A, Ix2>(1));
            affine_into(&a, &b, &x.list::<A>(2), &mut out.any(), &mut workspace);
        }
        _ => {
            let (alpha, beta) = (-A::one(), A::zero());
            gemm_into(&a, &b, alpha, beta, &mut out.any::<A, IxDyn>(), &mut workspace);
        }
    }
    true
}

fn tensors<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + MatrixElement,
    D: Dimension,
{
    if name == "multi_dot_into" {
        let matrices = x.arrays(0).into_iter().map(|x| x.into_dimensionality::<Ix2>().unwrap());
        let matrices: Vec<_> = matrices.collect();
        let matrices = refs(&matrices);
        let mut workspace = Workspace::with_bytes(multi_dot_workspace_bytes(&matrices));
        multi_dot_into(&matrices, &mut out.any(), &mut workspace);
        return true;
    }
    if !["dot_into", "inner_into", "tensordot_into", "einsum_into"].contains(&name) {
        return false;
    }
    let (a, b) = (x.any::<A, IxDyn>(0), x.any::<A, IxDyn>(1));
    let mut out = out.any::<A, IxDyn>();
    let mut large = Workspace::with_bytes(matmul_workspace_bytes::<A>(3000, 3000, 3000));
    match name {
        "dot_into" => dot_into(&a, &b, &mut out, &mut large),
        "inner_into" => inner_into(&a, &b, &mut out, &mut large),
        "tensordot_into" => {
            let axes: Vec<usize> = x.ints()[1..].iter().map(|axis| axis.cast_unsigned()).collect();
            let (of_a, of_b) = axes.split_at(x.count(0));
            let bytes = tensordot_workspace_bytes(&a, &b, [of_a, of_b]);
            let mut workspace = Workspace::with_bytes(bytes);
            tensordot_into(&a, &b, [of_a, of_b], &mut out, &mut workspace);
        }
        _ => {
            let letters = x.ints().iter().map(|&byte| u8::try_from(byte).unwrap());
            let subscripts = String::from_utf8(letters.collect()).unwrap();
            let bytes = einsum_workspace_bytes(&subscripts, &a, &b);
            let mut workspace = Workspace::with_bytes(bytes);
            einsum_into(&subscripts, &a, &b, &mut out, &mut workspace);
        }
    }
    true
}

pub fn distances<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + RealElement,
    D: Dimension,
{
    if name != "pairwise_sqdist_into" {
        return false;
    }
    let (a, b) = (x.any::<A, Ix2>(0), x.any::<A, Ix2>(1));
    let bytes = matmul_workspace_bytes::<A>(a.nrows(), a.ncols(), b.nrows());
    pairwise_sqdist_into(&a, &b, &mut out.any(), &mut Workspace::with_bytes(bytes));
    true
}

/// Covariances, and systems of equations.
pub fn real<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + RealElement,
    D: Dimension,
{
    let known = [
        "cov_into",
        "corrcoef_into",
        "cov_weighted_into",
        "cholesky_into",
        "solve_triangular_into",
        "solve_triangular_inplace",
    ];
    if !known.contains(&name) {
        return false;
    }
    let a = x.any::<A, Ix2>(0);
    let most = a.nrows().max(a.ncols());
    let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<A>(most, most));
    match name {
        "cov_into" => cov_into(&a, x.axis(), x.number(1), &mut out.any(), &mut workspace),
        "corrcoef_into" => corrcoef_into(&a, x.axis(), &mut out.any(), &mut workspace),
        "cov_weighted_into" => {
            let (first, second) = (x.list::<A>(2), x.list::<A>(3));
            let weights = match x.int(1) {
                0 => Weights::Frequency(&first),
                1 => Weights::Analytic(&second),
                _ => Weights::Both(&first, &second),
            };
            let (axis, ddof) = (x.axis(), x.number(1));
            cov_weighted_into(&a, axis, weights, ddof, &mut out.any(), &mut workspace);
        }
        "cholesky_into" => cholesky_into(&a, &mut out.any()).expect("it is definite"),
        "solve_triangular_into" => {
            let b = x.any::<A, IxDyn>(1);
            let solved = solve_triangular_into(&a, &b, triangle(x.int(0)), &mut out.any());
            solved.expect("it is regular");
        }
        "solve_triangular_inplace" => {
            let solved =
                solve_triangular_inplace(&mut out.any::<A, IxDyn>(), &a, triangle(x.int(0)));
            solved.expect("it is regular");
        }
        _ => return false,
    }
    true
}

fn triangle(number: isize) -> Triangle {
    match number {
        0 => Triangle::Lower,
        1 => Triangle::Upper,
        2 => Triangle::UnitLower,
        _ => Triangle::UnitUpper,
    }
}
