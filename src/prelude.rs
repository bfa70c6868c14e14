//! What a loop needs in scope: `use ndarray_pool::prelude::*;`
//!
//! Pools, guards, the patterns and every kernel.

pub use crate::arena::Arena;
pub use crate::budget::Budget;
pub use crate::error::PoolError;
pub use crate::kernel::*;
pub use crate::pattern::{
    DoubleBuffer, History, RowBuilder, RowBuilder1, RowBuilder2, RowBuilder3,
};
pub use crate::pool::{Lease, OwnedLease, Pool, Pool1, Pool2, Pool3};
