//! Linear algebra: products of matrices, vectors and tensors, outer and Kronecker products, distances.

pub(crate) mod affine;
pub(crate) mod contraction;
pub(crate) mod distance;
pub(crate) mod einsum;
pub(crate) mod matmul;
pub(crate) mod matvec;
pub(crate) mod multi_dot;
pub(crate) mod outer;
pub(crate) mod product;
mod stack;
pub(crate) mod tensordot;
pub(crate) mod workspace;
