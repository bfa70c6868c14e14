//! Linear algebra: products of matrices and vectors, outer and Kronecker products, distances,
//! covariances, factorisations.

pub(crate) mod affine;
pub(crate) mod cholesky;
pub(crate) mod covariance;
pub(crate) mod distance;
pub(crate) mod error;
pub(crate) mod matmul;
pub(crate) mod matvec;
pub(crate) mod outer;
pub(crate) mod product;
mod stack;
pub(crate) mod triangular;
pub(crate) mod workspace;
