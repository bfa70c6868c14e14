//! Results over all blocks: each accumulator takes one block after another.
//!
//! They call the crate's kernels for each block. What they keep does not grow with the number of blocks, and taking a
//! block allocates nothing.

mod counts;
mod extrema;
mod moments;
mod products;
mod quantile_keys;
mod quantiles;
mod running;
mod sums;

pub use counts::{Counts, Histogram};
pub use extrema::Extrema;
pub use moments::Moments;
pub use products::{matvec_into, vecmat_into};
pub use quantile_keys::Countable;
pub use quantiles::Quantiles;
pub use sums::Sums;

use ndarray::{Array, Dimension, ShapeBuilder};

use crate::pool::Element;

/// An array of zeros of one of these accumulators.
fn zeros<A: Element, D: Dimension>(shape: D) -> Array<A, D> {
    Array::from_shape_simple_fn(shape.into_shape_with_order(), A::zeroed)
}

/// Panics if a block has rows of another shape than the accumulator.
#[track_caller]
fn check_rows(name: &str, rows: &[usize], needed: &[usize]) {
    assert!(
        rows == needed,
        "{name}: the rows of the block have shape {rows:?}, but must have shape {needed:?}"
    );
}
