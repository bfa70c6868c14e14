//! Kernels that work with indices: taking, putting, accumulating, searching and counting.

pub(crate) mod at;
pub(crate) mod histogram;
pub(crate) mod search;
pub(crate) mod take;
