//! The engine: how kernels check their arguments and walk through memory. No kernel is defined here, and the engine
//! knows none.
//!
//! | Module | Job |
//! |---|---|
//! | [`check`] | every check of arguments, and every message |
//! | [`axes`] | brings axes into memory order, and merges them |
//! | [`tuning`] | every threshold |
//! | [`map`] | elementwise walks |
//! | [`fold`] | reductions |
//! | [`mod@scan`] | running results |
//! | [`mod@copy`] | copies between any two layouts, and of rows in any order |
//! | [`number`] | what kernels ask of element types beyond their trait bounds |
//! | `pieces` | cuts operands into pieces, for several threads |
//! | [`cpu`] | instruction sets, cache sizes, streaming stores, prefetch |

pub(crate) mod axes;
pub(crate) mod check;
pub(crate) mod copy;
pub(crate) mod cpu;
pub(crate) mod fold;
pub(crate) mod map;
pub(crate) mod number;
#[cfg(feature = "rayon")]
pub(crate) mod pieces;
pub(crate) mod scan;
pub(crate) mod scratch;
#[cfg(all(test, feature = "rand"))]
mod tests;
pub(crate) mod tuning;
