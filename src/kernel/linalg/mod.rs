//! Linear algebra: products of matrices, vectors and tensors, outer and Kronecker products, distances, covariances,
//! factorisations.

pub(crate) mod affine;
pub(crate) mod cholesky;
pub(crate) mod contraction;
pub(crate) mod covariance;
pub(crate) mod distance;
pub(crate) mod einsum;
pub(crate) mod error;
pub(crate) mod matmul;
pub(crate) mod matvec;
pub(crate) mod multi_dot;
pub(crate) mod outer;
pub(crate) mod product;
pub(crate) mod stack;
pub(crate) mod tensordot;
pub(crate) mod triangular;
pub(crate) mod workspace;
