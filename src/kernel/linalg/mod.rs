//! Products of matrices and vectors.

pub(crate) mod matvec;
pub(crate) mod outer;
