//! The functions of `f32`, computed in 64 bits and rounded once, so that they err by little more than half a unit.
//!
//! Where a shorter polynomial than that of `f64` pays, a function has its own; neither overflow nor subnormal numbers
//! need care in 64 bits.

pub(super) mod exponential;
pub(super) mod logarithm;
pub(super) mod trigonometric;
