//! Arrays larger than memory: one leased block of rows at a time.
//!
//! An array that is only walked over once need not be built. A loop over blocks takes the rows of a file, or of any
//! [source](RowSource), through the buffers of a pool: [`plan`](Blocks::plan) says before it runs what it
//! will hold, and nothing is allocated between two blocks.
//!
//! | To | use |
//! |---|---|
//! | read a `.npy` file block by block | [`NpyRows`], and its loop, [`Blocks`] |
//! | let a thread read while the loop computes | [`Blocks::read_ahead`], from an `Arc` of the pool |
//! | compute on several threads, with the same bits for any number | [`Blocks::par_map`] |
//! | move a window over all rows | [`Blocks::overlap`] |
//! | take rows from elsewhere | [`RowSource`], [`from_fn`] |
//! | write rows into a `.npy` file | [`NpyWriter`] |
//! | save an array or a lease, and read it back in place | [`write_npy`], [`read_npy_into`] |
//! | look at a file before its type is known | [`NpyHeader`] |
//! | find moments, sums, extrema, counts of each column | [`Moments`], [`Sums`], [`Extrema`], [`Counts`] |
//! | count in bins, find quantiles | [`Histogram`], [`Quantiles`] |
//! | multiply by a vector | [`matvec_into`], [`vecmat_into`] |
//!
//! ```
//! use std::sync::Arc;
//! use ndarray_pool::blocks::{Moments, NpyRows, NpyWriter};
//! use ndarray_pool::ndarray::Ix2;
//! use ndarray_pool::prelude::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = std::env::temp_dir();
//! # let (from, to) = (
//! #     dir.join(format!("ndarray-pool-doc-standard-{}.npy", std::process::id())),
//! #     dir.join(format!("ndarray-pool-doc-standard-{}-out.npy", std::process::id())),
//! # );
//! # ndarray_pool::blocks::write_npy(&from, &ndarray::Array2::from_shape_fn((5000, 3), |(i, j)| (i % 10 + j) as f64))?;
//! let rows = NpyRows::<f64, Ix2>::open(&from)?; // of any length
//! let pool = Arc::new(Pool2::new(rows.block_shape(4 << 20), 3)?); // all the memory this takes
//!
//! let mut moments = Moments::new(rows.row_shape());
//! rows.blocks(Arc::clone(&pool)).read_ahead(2).for_each(|block| moments.update(&block))?;
//!
//! let (mean, std) = (moments.mean(), moments.std(0.0));
//! let mut out = NpyWriter::create(&to)?;
//! let mut blocks = rows.blocks(pool).read_ahead(2);
//! while let Some(mut block) = blocks.next_block()? {
//!     *block -= &mean;
//!     *block /= &std;
//!     out.write(&block)?;
//! }
//! out.finish()?; // until here there is no file under this name, or the old one
//! # std::fs::remove_file(&from)?;
//! # std::fs::remove_file(&to)?;
//! # Ok(())
//! # }
//! ```
//!
//! Files are read and never mapped. A file that is shortened while it is read is an error that names it, and so is a
//! malformed header. No header makes the reader hang or panic, or allocate more than a few kilobytes.

mod ahead;
mod columns;
mod error;
mod filler;
mod looped;
mod npy;
mod par_map;
mod plan;
mod source;

pub use columns::{
    Countable, Counts, Extrema, Histogram, Moments, Quantiles, Sums, matvec_into, vecmat_into,
};
pub use error::BlockError;
pub use looped::{Block, BlockOf, Blocks, PoolHandle};
pub use npy::{NpyElement, NpyHeader, NpyRows, NpyWriter, read_npy_into, write_npy};
pub use plan::BlockPlan;
pub use source::{FromFn, RowSource, from_fn};
