//! The reductions that several kernels share: sums and other combinations, counts, extrema, moments.

pub(crate) mod best;
pub(crate) mod combine;
pub(crate) mod moments;
