//! Products of matrices.

use ndarray::{Dimension, IxDyn};
use ndarray_pool::kernel::*;

use crate::case::{Element, In, Out};

pub fn any<A, D>(name: &str, x: &In<'_, A, D>, out: &mut Out<'_, A, D>) -> bool
where
    A: Element + MatrixElement + std::ops::Neg<Output = A>,
    D: Dimension,
{
    if !["matmul_into", "gemm_into"].contains(&name) {
        return false;
    }
    let (a, b) = (x.any::<A, IxDyn>(0), x.any::<A, IxDyn>(1));
    let &[.., m, k] = a.shape() else { return false };
    let n = b.shape()[b.ndim() - 1];
    let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<A>(m, k, n));
    match name {
        "matmul_into" => matmul_into(&a, &b, &mut out.any::<A, IxDyn>(), &mut workspace),
        _ => {
            let (alpha, beta) = (-A::one(), A::zero());
            gemm_into(&a, &b, alpha, beta, &mut out.any::<A, IxDyn>(), &mut workspace);
        }
    }
    true
}
