//! Random numbers, and random orders of rows and of elements.
//!
//! All shuffles take their draws from `draw`.

#[cfg(feature = "rand")]
pub(crate) mod blocks;
#[cfg(feature = "rand")]
pub(crate) mod buckets;
#[cfg(feature = "rand")]
pub(crate) mod draw;
#[cfg(feature = "rand")]
pub(crate) mod elements;
#[cfg(feature = "rand")]
pub(crate) mod fill;
pub(crate) mod permutation;
#[cfg(feature = "rand")]
pub(crate) mod rows;
#[cfg(feature = "rand")]
pub(crate) mod rows_diff;
#[cfg(all(test, feature = "rand"))]
mod tests;
