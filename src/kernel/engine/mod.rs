//! How kernels check their arguments and walk through memory. No kernel is defined here, and nothing here knows one.

pub(crate) mod axes;
pub(crate) mod check;
pub(crate) mod copy;
pub(crate) mod cpu;
pub(crate) mod fold;
pub(crate) mod map;
pub(crate) mod number;
pub(crate) mod scan;
#[cfg(all(test, feature = "rand"))]
mod tests;
pub(crate) mod tuning;
