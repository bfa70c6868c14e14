//! A numeric loop should pay for its arrays once.
//!
//! In `y = f(x)` the new array is allocated before the old one is freed, so a loop with three live
//! arrays holds four. What the allocator gives back to the system is faulted in again, page by page,
//! in every pass. This crate is the `out=` layer and the buffer arena that [`ndarray`] leaves to its
//! users:
//!
//! - a [`Pool`] holds buffers of one shape, all paid for when it is built, and
//!   [leases](Pool::lease) them as arrays;
//! - the [kernels](kernel) write into existing arrays: what NumPy calls `out=`;
//! - [`blocks`] takes arrays larger than memory through the buffers of a pool;
//! - [`memory`] shows what a loop really holds, faults and allocates, so that you can see when a
//!   pool pays, and when it does not.
//!
//! ```
//! use ndarray_pool::prelude::*;
//! use ndarray_pool::rand::{SeedableRng, distr::StandardUniform, rngs::StdRng};
//!
//! # fn main() -> Result<(), PoolError> {
//! let mut rng = StdRng::seed_from_u64(1);
//! let pool = Pool2::<f64>::new((100, 100), 3)?; // one mapping, three buffers, paid for here
//! let (mut current, mut next, mut diff) = (pool.lease(), pool.lease(), pool.lease());
//! random_into(&StandardUniform, &mut current, &mut rng);
//! for _ in 0..10 {
//!     shuffle_copy_into(&current, &mut next, &mut rng); // next = rows of current in random order
//!     diff_into(&next, &current, &mut diff); // diff = next - current
//!     std::mem::swap(&mut current, &mut next); // swaps two guards, moves no data
//! } // nothing was allocated in this loop
//! assert!(diff.sum().abs() < 1e-9); // the same rows, in two orders
//! # Ok(())
//! # }
//! ```
//!
//! # Modules
//!
//! | Module | What it holds |
//! |---|---|
//! | [`prelude`] | what a loop needs in scope |
//! | the crate's root | [`Pool`] with [`Pool1`], [`Pool2`], [`Pool3`]; its guards [`Lease`] and [`OwnedLease`]; [`PoolBuilder`], [`PoolStats`], [`PoolError`] |
//! | [`Arena`], [`Budget`] | arrays of shapes that are not known in advance, under a limit in bytes |
//! | [`pattern`] | the shapes that loops take: [`DoubleBuffer`](pattern::DoubleBuffer), [`History`](pattern::History), [`RowBuilder`](pattern::RowBuilder) |
//! | [`blocks`] | arrays larger than memory: rows of `.npy` files, one leased block at a time, in and out |
//! | [`kernel`] | functions that write into `out` and never allocate |
//! | [`fused!`] | a formula of any number of arrays, in one pass |
//! | [`math`] | mathematical functions that become vector code |
//! | [`memory`] | what a process and a region of code do with memory |
//! | `compare` (a feature) | ways to write a loop, compared in clean processes: table, page, JSON |
//! | `isolate` (a feature, Unix only) | a step in a process of its own, which gives its memory back |
//!
//! Short programs to start from are in
//! [`docs/recipes.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/recipes.md).
//!
//! Pools and kernels do not know each other: both speak ndarray's
//! [`ArrayRef`](ndarray::ArrayRef), so a kernel writes into an array of your own just as well, and a
//! lease goes wherever a `&mut ArrayRef` is wanted. It is no `&Array2`; what to write where one is
//! wanted is in
//! [`docs/using-leases.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/using-leases.md).
//!
//! # Features
//!
//! | Feature | What it adds |
//! |---|---|
//! | `approx` | leases in `assert_abs_diff_eq!` and similar macros, as the first argument |
//! | `compare` | the module of that name: comparisons of your own loops |
//! | `complex` | `num_complex::Complex` elements, and `*=` with complex scalars |
//! | `isolate` | the module of that name: steps in processes of their own |
//! | `rand` (on by default) | random arrays and shuffles, and the crate `rand` re-exported with the features that the loop above needs; for `rand::rng()` depend on `rand` 0.10 yourself |
//! | `rayon` | kernels on all cores (`kernel::par`), and large pools prefaulted by all of them |
//! | `serde` | leases serialise as arrays do, plans are saved and loaded |
//!
//! # Platforms
//!
//! Linux on x86-64 is tested. Elsewhere an untested portable path is compiled: pools work without
//! advice on huge pages, and figures of memory that a system does not report are `None`.
#![cfg_attr(docsrs, feature(doc_cfg))]

// (loom models the pool alone, and kernels take long to compile.)
mod arena;
#[cfg(not(loom))]
pub mod blocks;
mod budget;
#[cfg(any(feature = "compare", all(feature = "isolate", unix)))]
mod child;
#[cfg(all(feature = "compare", not(loom)))]
#[cfg_attr(docsrs, doc(cfg(feature = "compare")))]
pub mod compare;
mod error;
#[cfg(all(feature = "isolate", unix))]
#[cfg_attr(docsrs, doc(cfg(all(feature = "isolate", unix))))]
pub mod isolate;
#[cfg(not(loom))]
pub mod kernel;
pub mod math;
pub mod memory;
pub mod pattern;
mod pool;
#[cfg(not(loom))]
pub mod prelude;

pub use bytemuck;
pub use ndarray;
#[cfg(feature = "rand")]
#[cfg_attr(docsrs, doc(cfg(feature = "rand")))]
pub use rand;

pub use crate::arena::{
    Arena, ArenaBuilder, ArenaOf, ArenaStats, Plan, PlanEntry, Scope, ScopeCounts, ScopeTable,
};
pub use crate::budget::Budget;
pub use crate::error::{BudgetHolder, Exhausted, FewAxes, OverBudget, PoolError, RowError};
pub use crate::pool::{
    Element, Guard, HugePages, Lease, OwnedLease, Pool, Pool1, Pool2, Pool3, PoolBuilder, PoolStats,
};

/// The code in the guides is tested too.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../README.md")]
    mod readme {}
    #[doc = include_str!("../docs/guide.md")]
    mod guide {}
    #[doc = include_str!("../docs/math.md")]
    mod math {}
    #[doc = include_str!("../docs/numpy.md")]
    mod numpy {}
    #[doc = include_str!("../docs/recipes.md")]
    mod recipes {}
    #[doc = include_str!("../docs/using-leases.md")]
    mod using_leases {}
    #[cfg(feature = "compare")]
    #[doc = include_str!("../docs/measuring.md")]
    mod measuring {}
    #[cfg(feature = "rayon")]
    #[doc = include_str!("../docs/scaling.md")]
    mod scaling {}
}
