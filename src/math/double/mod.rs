//! The functions of `f64`, a file for each theme.
//!
//! All are free of branches: where the range of an argument decides, both results are computed and one is selected,
//! which compilers turn into vector code. Where arguments of moderate size are much cheaper, a function has a parameter
//! `ALL`: without it, it is right for these alone, and gives them the same bits. Kernels use that form for blocks in
//! which nothing else occurs.

pub(super) mod cubic;
pub(super) mod error;
pub(super) mod exponential;
pub(super) mod gamma;
pub(super) mod hyperbolic;
pub(super) mod inverse;
pub(super) mod logarithm;
pub(super) mod logistic;
pub(super) mod parts;
pub(super) mod power;
pub(super) mod quadrant;
pub(super) mod trigonometric;
