//! Kernels on all cores, with the feature `rayon`: the names and arguments of the plain kernels, in the caller's [rayon]
//! pool.
//!
//! They are for arrays of half a million elements or more, and of 131,072 or more for functions that compute (`exp` and its
//! kin, your own). Smaller ones are left to the plain kernel, at no cost.
//!
//! ```
//! use ndarray::{Array2, Axis};
//! use ndarray_pool::kernel::{self, par};
//!
//! let a = Array2::from_shape_fn((1000, 1000), |(i, j)| (i + j) as f64);
//! let (mut roots, mut sums) = (Array2::zeros((1000, 1000)), ndarray::Array1::zeros(1000));
//! par::map_into(&a, &mut roots, f64::sqrt);
//! par::sum_axis_into(&roots, Axis(1), &mut sums);
//!
//! let mut again = ndarray::Array1::zeros(1000);
//! kernel::sum_axis_into(&roots, Axis(1), &mut again);
//! assert_eq!(sums, again); // bit for bit, on any number of threads
//! ```
//!
//! | Family | Kernels |
//! |---|---|
//! | copying, arithmetic, comparison, logic, bits, bounds, selecting | [`copy_into`], [`add_into`], [`sub_into`], [`mul_into`], [`div_into`], [`axpby_into`], [`equal_into`] and so on, [`logical_and_into`] and so on, [`bitwise_and_into`] and so on, [`invert_into`], [`maximum_into`], [`minimum_into`], [`fmax_into`], [`fmin_into`], [`clamp_into`], [`where_into`], [`lerp_into`], [`sign_into`], [`heaviside_into`]; in place where the plain ones are |
//! | your own functions | [`map_into`], [`zip_map_into`], [`zip3_map_into`] to [`zip6_map_into`], [`map_inplace`], [`zip_map_inplace`] |
//! | mathematical functions | those of [`math`](crate::math), into an array and in place: [`exp_into`], [`exp_inplace`] and so on; others by [`map_into`] |
//! | reductions along an axis | [`sum_axis_into`], [`prod_axis_into`], [`mean_axis_into`], [`var_axis_into`], [`std_axis_into`], [`vecdot_axis_into`], [`min_axis_into`], [`max_axis_into`], [`ptp_axis_into`], [`argmin_axis_into`], [`argmax_axis_into`], [`count_nonzero_axis_into`], [`norm_l1_axis_into`], [`norm_l2_axis_into`], [`norm_max_axis_into`], [`logsumexp_axis_into`]; of those that ignore NaN [`nansum_axis_into`], [`nanprod_axis_into`], [`nanmean_axis_into`], [`nanvar_axis_into`], [`nanstd_axis_into`], [`nanmin_axis_into`], [`nanmax_axis_into`] |
//! | reductions of a whole array | [`whole`] |
//! | lanes | [`softmax_axis_into`], [`log_softmax_axis_into`]; [`cumsum_axis_into`], [`cumprod_axis_into`], [`cummax_axis_into`], [`cummin_axis_into`], also in place, [`nancumsum_axis_into`], [`nancumprod_axis_into`] |
//! | transposing, taking, shuffling | [`transpose_into`], [`permute_axes_into`], [`take_axis_into`], [`reorder_axis_into`] |
//! | products of matrices | [`matmul_into`], [`gemm_into`], with a workspace of [`matmul_workspace_bytes`]: in the plain kernel's, one thread computes |
#![cfg_attr(
    feature = "rand",
    doc = "| random | [`shuffle_axis_into`], [`shuffle_copy_into`], [`random_blocks_into`] |"
)]
//!
//! Formulas run on all cores with `par` in front: [`fused!(par out = |a, b| a + b)`](crate::fused). For whatever is not
//! here, cut the arrays yourself (`axis_chunks_iter_mut` of ndarray and rayon's `zip`), and call the plain kernel for each
//! part.
//!
//! # What is not divided
//!
//! - **Small arrays**: below 524,288 elements; below 131,072 for functions that compute (mathematical ones, your own, softmax
//!   and its kin); below 16 million multiplications for products. Rayon is not even asked. (Elements are counted, not time:
//!   if a function of yours takes a microsecond, call rayon yourself.)
//! - **Lanes** of reductions and running results: three lanes occupy three threads at most. Along the first axis of an
//!   array in C order, pieces have 512 columns or more, so fewer than 1024 are computed by one thread.
//! - Reductions of formulas (`fused!(sum …)`); [whole] arrays with gaps between lanes of less than 64 elements.
//!
//! # What holds for every one of them
//!
//! - **The same bits** as those of the plain kernel, on any number of threads. Operands are cut where no result depends on
//!   it: between elements, between lanes, where the tree of a sum branches.
//! - **The pool** is the one that the call is made in: rayon's global one (`RAYON_NUM_THREADS` sets its threads), or that of
//!   `ThreadPool::install`. Pools of [arrays](crate::Pool) have nothing to do with it.
//! - **Memory.** Nothing is allocated per element or per piece. Rayon's queues grow a few times as a program begins, and
//!   a call from outside of the pool enters a queue, for which rayon allocates a block now and then.
//! - **Panics.** Shapes and indices are checked first, on the calling thread, and messages begin with `par::`. A panic in
//!   a piece, of a function of yours or of an integer that overflows, ends the call when the pieces that had begun are
//!   done; `out` is left partly written. An overflow is reported at the caller's line, as the plain kernel does.
//! - **Caches.** Whether an output is written with streaming stores is decided for the whole operation, not for each piece
//!   ([`stream_bytes`](crate::kernel::stream_bytes)).
//!
//! Memory-bound kernels gain only the bandwidth that further cores add.
//! [`docs/scaling.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/scaling.md) has figures.
//!
//! [rayon]: https://docs.rs/rayon

mod closures;
mod elementwise;
mod lanes;
mod moves;
mod products;
#[cfg(feature = "rand")]
mod random;
pub mod whole;

pub use closures::*;
pub use elementwise::*;
pub use lanes::*;
pub use moves::*;
pub use products::*;
#[cfg(feature = "rand")]
pub use random::*;

/// Sets how many elements are enough for a piece, whatever is done with them. For tests: no result depends on it.
#[doc(hidden)]
pub fn set_piece_len(len: Option<usize>) {
    crate::kernel::engine::pieces::set_piece_len(len);
}
