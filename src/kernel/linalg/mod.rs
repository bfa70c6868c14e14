//! Linear algebra: products of matrices and vectors, outer and Kronecker products.

pub(crate) mod matvec;
pub(crate) mod outer;
