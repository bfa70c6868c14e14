//! What a loop needs in scope: `use ndarray_pool::prelude::*;`
//!
//! Pools, guards, [`DoubleBuffer`] and every kernel.

pub use crate::error::PoolError;
pub use crate::kernel::*;
pub use crate::pattern::DoubleBuffer;
pub use crate::pool::{Lease, OwnedLease, Pool, Pool1, Pool2, Pool3};
