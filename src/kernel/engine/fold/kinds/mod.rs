//! What reductions keep of their elements.

pub(crate) mod best;
pub(crate) mod combine;
pub(crate) mod moments;
