//! What a loop needs in scope: `use ndarray_pool::prelude::*;`
//!
//! Pools, arenas, guards, the patterns, the kernels of a first loop, and `fused!`. All other kernels are `kernel::name`, and
//! reductions of whole arrays `whole::name`.

pub use crate::arena::Arena;
pub use crate::budget::Budget;
pub use crate::error::PoolError;
pub use crate::fused;
pub use crate::kernel::{
    self, Permutation, add_inplace, add_into, axpby_into, copy_into, diff_into, diff_norms,
    div_inplace, div_into, map_inplace, map_into, mul_inplace, mul_into, reorder_axis_into,
    sub_inplace, sub_into, transpose_into, whole, zip_map_inplace, zip_map_into, zip3_map_into,
    zip4_map_into, zip5_map_into, zip6_map_into,
};
#[cfg(feature = "rand")]
pub use crate::kernel::{random_into, shuffle_axis_into, shuffle_copy_into, shuffle_diff_into};
pub use crate::pattern::{
    DoubleBuffer, History, RowBuilder, RowBuilder1, RowBuilder2, RowBuilder3,
};
pub use crate::pool::{Lease, OwnedLease, Pool, Pool1, Pool2, Pool3};
