//! The `out=` layer and buffer arena of [`ndarray`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
pub mod kernel;
pub mod memory;
pub mod pattern;
mod pool;
pub mod prelude;

pub use ndarray;
pub use rand;

pub use crate::error::{Exhausted, PoolError};
pub use crate::pool::{
    Element, Guard, HugePages, Lease, OwnedLease, Pool, Pool1, Pool2, Pool3, PoolBuilder, PoolStats,
};
