//! Calculus on samples along an axis: differences, gradients and integrals; and the difference of two states of a loop.

pub(crate) mod diff;
pub(crate) mod diff_axis;
pub(crate) mod gradient;
pub(crate) mod gradient_at;
pub(crate) mod samples;
pub(crate) mod spacing;
pub(crate) mod trapezoid;
pub(crate) mod triple;
