//! What kernels ask of element types beyond their trait bounds: which type it is, how its values are ordered, and
//! arithmetic with a larger range.

pub(crate) mod element;
pub(crate) mod extended;
pub(crate) mod order;
pub(crate) mod standard;
