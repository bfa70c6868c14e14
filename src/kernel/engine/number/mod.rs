//! What kernels ask of numbers that their type does not say.

pub(crate) mod element;
pub(crate) mod extended;
pub(crate) mod order;
pub(crate) mod standard;
