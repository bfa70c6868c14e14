//! Kernels: functions that write their result into an array that is already there, and never allocate.
//!
//! | Family | Kernels |
//! |---|---|
//! | copying | [`copy_into`] |
//! | element by element | [`map_into`], [`zip_map_into`], [`zip3_map_into`], [`zip4_map_into`], [`zip5_map_into`], [`zip6_map_into`], [`add_into`], [`sub_into`], [`mul_into`], [`div_into`], [`axpby_into`] |
//! | element by element, in place | [`map_inplace`], [`zip_map_inplace`], [`add_inplace`], [`sub_inplace`], [`mul_inplace`], [`div_inplace`] |
//! | any formula of any number of arrays, and its reductions | the macro [`fused!`](crate::fused) |
//! | comparison | [`equal_into`], [`not_equal_into`], [`less_into`], [`less_equal_into`], [`greater_into`], [`greater_equal_into`] |
//! | logic | [`logical_and_into`], [`logical_or_into`], [`logical_xor_into`], [`logical_not_into`] |
//! | bits | [`bitwise_and_into`], [`bitwise_or_into`], [`bitwise_xor_into`], [`invert_into`], [`left_shift_into`], [`right_shift_into`] |
//! | maxima, minima, bounds | [`maximum_into`], [`minimum_into`], [`fmax_into`], [`fmin_into`], [`clamp_into`]; [`maximum_inplace`], [`minimum_inplace`], [`clamp_inplace`] |
//! | selecting and interpolating | [`where_into`], [`lerp_into`], [`lerp_inplace`] |
//! | division with remainder | [`remainder_into`], [`fmod_into`], [`floor_divide_into`], [`divmod_into`] |
//! | functions that std lacks | [`sign_into`], [`heaviside_into`], [`power_into`], [`logaddexp_into`], [`logaddexp2_into`] |
//! | mathematical functions | [`exp_into`], [`exp2_into`], [`expm1_into`], [`expit_into`], [`log_expit_into`], [`softplus_into`], [`log_into`], [`log2_into`], [`log10_into`], [`log1p_into`], [`cbrt_into`], [`sin_into`], [`cos_into`], [`tan_into`], [`arcsin_into`], [`arccos_into`], [`arctan_into`], [`sinh_into`], [`cosh_into`], [`tanh_into`], [`arcsinh_into`], [`arccosh_into`], [`arctanh_into`], [`erf_into`], [`erfc_into`], [`lgamma_into`], [`float_power_into`], [`hypot_into`], [`arctan2_into`] |
//! | the same in place | [`exp_inplace`], [`exp2_inplace`], [`expm1_inplace`], [`expit_inplace`], [`log_expit_inplace`], [`softplus_inplace`], [`log_inplace`], [`log2_inplace`], [`log10_inplace`], [`log1p_inplace`], [`cbrt_inplace`], [`sin_inplace`], [`cos_inplace`], [`tan_inplace`], [`arcsin_inplace`], [`arccos_inplace`], [`arctan_inplace`], [`sinh_inplace`], [`cosh_inplace`], [`tanh_inplace`], [`arcsinh_inplace`], [`arccosh_inplace`], [`arctanh_inplace`], [`erf_inplace`], [`erfc_inplace`], [`lgamma_inplace`] |
//! | two results | [`map_unzip_into`], [`modf_into`], [`frexp_into`] |
//! | the difference of two states of a loop | [`diff_into`], [`diff_norms`], [`diff_norms_into`] |
//! | rows in a given order | [`reorder_axis_into`] with a [`Permutation`] |
#![cfg_attr(
    feature = "rand",
    doc = "| rows in random order | [`shuffle_copy_into`], [`shuffle_axis_into`], [`shuffle_axis_inplace`], [`shuffle_diff_into`] |",
    doc = "| elements in random order | [`shuffle_elements_into`], [`shuffle_elements_inplace`] |",
    doc = "| random numbers | [`random_into`], [`random_blocks_into`] |"
)]
//! | reductions along an axis | [`sum_axis_into`], [`prod_axis_into`], [`mean_axis_into`], [`average_axis_into`], [`vecdot_axis_into`], [`var_axis_into`], [`std_axis_into`], [`ptp_axis_into`], [`min_axis_into`], [`max_axis_into`], [`argmin_axis_into`], [`argmax_axis_into`], [`any_axis_into`], [`all_axis_into`], [`count_nonzero_axis_into`], [`norm_l1_axis_into`], [`norm_l2_axis_into`], [`norm_max_axis_into`], [`median_axis_into`], [`quantile_axis_into`] with a [`QuantileMethod`], [`percentile_axis_into`], [`weighted_quantile_axis_into`], [`trapezoid_axis_into`] with a [`Spacing`], [`reduce_axis_into`], [`reduce_where_axis_into`] |
//! | exponentials of lanes | [`softmax_axis_into`], [`log_softmax_axis_into`], [`logsumexp_axis_into`] |
//! | reductions of segments of an axis | [`reduceat_axis_into`], [`add_reduceat_axis_into`] |
//! | reductions that ignore NaN | [`nansum_axis_into`], [`nanprod_axis_into`], [`nanmean_axis_into`], [`nanvar_axis_into`], [`nanstd_axis_into`], [`nanmin_axis_into`], [`nanmax_axis_into`], [`nanargmin_axis_into`], [`nanargmax_axis_into`], [`nanmedian_axis_into`], [`nanquantile_axis_into`], [`nanpercentile_axis_into`] |
//! | reductions of a whole array | [`whole`]: `whole::sum(&a)` and so on |
//! | products of matrices | [`matmul_into`], [`gemm_into`], [`affine_into`], [`pairwise_sqdist_into`] with a [`Workspace`]; [`matvec_into`], [`vecmat_into`], [`ger_inplace`] |
//! | products of tensors | [`dot_into`], [`inner_into`], [`tensordot_into`], [`einsum_into`], [`multi_dot_into`] |
//! | covariances | [`cov_into`], [`cov_weighted_into`] with [`Weights`], [`corrcoef_into`] with a [`Workspace`] |
//! | equations | [`cholesky_into`], [`solve_triangular_into`], [`solve_triangular_inplace`] of a [`Triangle`], with a [`LinalgError`] |
//! | running results along an axis | [`cumsum_axis_into`], [`cumprod_axis_into`], [`cummax_axis_into`], [`cummin_axis_into`], [`nancumsum_axis_into`], [`nancumprod_axis_into`], [`accumulate_axis_into`]; [`cumsum_axis_inplace`], [`cumprod_axis_inplace`], [`cummax_axis_inplace`], [`cummin_axis_inplace`], [`accumulate_axis_inplace`] |
//! | running results over all elements | [`cumsum_into`], [`cumprod_into`], [`nancumsum_into`], [`nancumprod_into`], [`accumulate_into`] |
//! | differences and gradients along an axis | [`diff_axis_into`], [`gradient_axis_into`] with a [`Spacing`] and an [`EdgeOrder`] |
//! | reading and writing by index | [`take_axis_into`], [`take_along_axis_into`], [`put_along_axis_inplace`], [`at_axis_inplace`], [`compress_axis_into`], [`choose_into`] |
//! | outer products | [`outer_into`], [`kron_into`] |
//! | joining and repeating | [`concatenate_axis_into`], [`stack_axis_into`], [`repeat_axis_into`], [`tile_into`], [`pad_into`] with [`Pad`] |
//! | moving along axes | [`roll_into`], [`roll_axis_into`], [`roll_axes_into`], [`roll_axis_inplace`], [`flip_axis_into`], [`flip_axis_inplace`], [`transpose_into`], [`permute_axes_into`] |
//! | triangles and diagonals | [`triu_into`], [`tril_into`], [`diag_into`], [`diagonal_into`] |
//! | searching and counting | [`searchsorted_into`] with [`Side`], [`digitize_into`] with [`Closed`], [`histogram_into`], [`bincount_into`] |
//!
//! With the feature `rayon`, `kernel::par` has the names and arguments of most of them for all cores.
//!
//! [`docs/numpy.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/numpy.md) has the call for each function of
//! NumPy.
//!
//! ```
//! use ndarray::{Array2, array};
//! use ndarray_pool::kernel::{add_into, mul_into};
//!
//! let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![10.0, 20.0]);
//! let mut out = Array2::zeros((2, 2)); // once, before the loop
//! for _ in 0..3 {
//!     add_into(&a, &b, &mut out); // nothing is allocated here
//! }
//! assert_eq!(out, array![[11.0, 22.0], [13.0, 24.0]]);
//! ```
//!
//! # What holds for every kernel
//!
//! - **Arguments** are `&ArrayRef` and `&mut ArrayRef`, to which arrays, views, slices of arrays and leases all
//!   coerce. Inputs come first, then parameters, then `out`; a closure or a generator of random numbers comes
//!   last. `_into` writes into `out`, `_inplace` changes its argument.
//! - **Layout.** Any strides and either memory order are correct, empty arrays and axes without elements too.
//!   Operands that are contiguous in the same order are fastest.
//! - **No allocation**, for arrays of up to six axes, and for `IxDyn` of up to four (beyond, ndarray itself
//!   allocates for shapes).
//! - **Mismatches panic** before anything is written, at the caller's line, with a message that names the kernel,
//!   the argument, its shape and the shape it needs.
//! - **Integers that overflow** wrap in release builds, as in NumPy. In debug builds the kernel panics at the caller's
//!   line, with a message that names the kernel and the element type (after core has printed its own message), and
//!   leaves `out` partly written. Where overflow checks are on but debug assertions are off, core's panic is the only
//!   one. A division by zero counts as a mismatch. Elements of other types do what their operators do.
//! - **The same bits** come out for the same inputs, layout and seed. Kernels that compute, move or draw elements one
//!   by one do not depend on memory order either; sums of floats may, in their last bits. Multiplications and additions
//!   are never fused silently.
//! - **No intermediate result fails** where the result is representable, unless an item's page says otherwise.
//! - **Overlap** of `out` with an input cannot be written in safe Rust.

mod arrange;
mod calculus;
#[doc(hidden)]
pub mod compiled;
mod elementwise;
mod engine;
#[doc(hidden)]
pub mod fused;
mod index;
mod linalg;
#[cfg(feature = "rayon")]
#[cfg_attr(docsrs, doc(cfg(feature = "rayon")))]
pub mod par;
mod random;
mod reduce;
mod scan;
pub mod whole;

pub use arrange::diagonal::{diag_into, diagonal_into};
pub use arrange::flip::{flip_axis_inplace, flip_axis_into};
pub use arrange::join::{concatenate_axis_into, stack_axis_into};
pub use arrange::pad::{Pad, pad_into};
pub use arrange::repeat::{repeat_axis_into, tile_into};
pub use arrange::roll::{roll_axes_into, roll_axis_inplace, roll_axis_into, roll_into};
pub use arrange::transpose::{permute_axes_into, transpose_into};
pub use arrange::triangle::{tril_into, triu_into};
pub use calculus::diff::{DiffNorms, diff_into, diff_norms, diff_norms_into};
pub use calculus::diff_axis::diff_axis_into;
pub use calculus::gradient::gradient_axis_into;
pub use calculus::spacing::{EdgeOrder, Spacing};
pub use calculus::trapezoid::trapezoid_axis_into;
pub use elementwise::arithmetic::{add_into, axpby_into, div_into, mul_into, sub_into};
pub use elementwise::bits::{
    bitwise_and_into, bitwise_or_into, bitwise_xor_into, invert_into, left_shift_into,
    right_shift_into,
};
pub use elementwise::comparison::{
    equal_into, greater_equal_into, greater_into, less_equal_into, less_into, not_equal_into,
};
pub use elementwise::copy::copy_into;
pub use elementwise::division::{
    FloorDiv, divmod_into, floor_divide_into, fmod_into, remainder_into,
};
pub use elementwise::error_function::{erf_inplace, erf_into, erfc_inplace, erfc_into};
pub use elementwise::exponential::{
    exp_inplace, exp_into, exp2_inplace, exp2_into, expit_inplace, expit_into, expm1_inplace,
    expm1_into, log_expit_inplace, log_expit_into, softplus_inplace, softplus_into,
};
pub use elementwise::gamma::{lgamma_inplace, lgamma_into};
pub use elementwise::hyperbolic::{
    arccosh_inplace, arccosh_into, arcsinh_inplace, arcsinh_into, arctanh_inplace, arctanh_into,
    cosh_inplace, cosh_into, sinh_inplace, sinh_into, tanh_inplace, tanh_into,
};
pub use elementwise::inplace::{
    add_inplace, div_inplace, map_inplace, mul_inplace, sub_inplace, zip_map_inplace,
};
pub use elementwise::inverse_trigonometric::{
    arccos_inplace, arccos_into, arcsin_inplace, arcsin_into, arctan_inplace, arctan_into,
    arctan2_into,
};
pub use elementwise::logarithm::{
    log_inplace, log_into, log1p_inplace, log1p_into, log2_inplace, log2_into, log10_inplace,
    log10_into,
};
pub use elementwise::logic::{
    logical_and_into, logical_not_into, logical_or_into, logical_xor_into,
};
pub use elementwise::minmax::{
    clamp_inplace, clamp_into, fmax_into, fmin_into, maximum_inplace, maximum_into,
    minimum_inplace, minimum_into,
};
pub use elementwise::root::{cbrt_inplace, cbrt_into, float_power_into, hypot_into};
pub use elementwise::select::{choose_into, lerp_inplace, lerp_into, where_into};
pub use elementwise::special::{
    frexp_into, heaviside_into, logaddexp_into, logaddexp2_into, modf_into, power_into, sign_into,
};
pub use elementwise::trigonometric::{
    cos_inplace, cos_into, sin_inplace, sin_into, tan_inplace, tan_into,
};
pub use elementwise::zip::{
    zip_map_into, zip3_map_into, zip4_map_into, zip5_map_into, zip6_map_into,
};
pub use elementwise::{map_into, map_unzip_into};
pub use engine::cpu::cache::{set_stream_bytes, stream_bytes};
pub use index::at::at_axis_inplace;
pub use index::histogram::{bincount_into, histogram_into};
pub use index::search::{Closed, Side, digitize_into, searchsorted_into};
pub use index::take::{
    compress_axis_into, put_along_axis_inplace, take_along_axis_into, take_axis_into,
};
pub use linalg::affine::{affine_into, ger_inplace};
pub use linalg::cholesky::cholesky_into;
pub use linalg::covariance::{
    Weights, corrcoef_into, cov_into, cov_weighted_into, cov_workspace_bytes,
};
pub use linalg::distance::pairwise_sqdist_into;
pub use linalg::einsum::{einsum_into, einsum_workspace_bytes};
pub use linalg::error::LinalgError;
pub use linalg::matmul::{gemm_into, matmul_into, matmul_workspace_bytes};
pub use linalg::matvec::{Conjugate, matvec_into, vecmat_into};
pub use linalg::multi_dot::{multi_dot_into, multi_dot_workspace_bytes};
pub use linalg::outer::{kron_into, outer_into};
pub use linalg::product::element::{MatrixElement, RealElement};
pub use linalg::tensordot::{dot_into, inner_into, tensordot_into, tensordot_workspace_bytes};
pub use linalg::triangular::{Triangle, solve_triangular_inplace, solve_triangular_into};
pub use linalg::workspace::Workspace;
#[cfg(feature = "rand")]
pub use random::blocks::random_blocks_into;
#[cfg(feature = "rand")]
pub use random::elements::{shuffle_elements_inplace, shuffle_elements_into};
#[cfg(feature = "rand")]
pub use random::fill::random_into;
pub use random::permutation::{Permutation, PermutationError, reorder_axis_into};
#[cfg(feature = "rand")]
pub use random::rows::{shuffle_axis_inplace, shuffle_axis_into, shuffle_copy_into};
#[cfg(feature = "rand")]
pub use random::rows_diff::shuffle_diff_into;
pub use reduce::any_all::{all_axis_into, any_axis_into};
pub use reduce::average::average_axis_into;
pub use reduce::count::count_nonzero_axis_into;
pub use reduce::dot::vecdot_axis_into;
pub use reduce::mean::mean_axis_into;
pub use reduce::minmax::{
    argmax_axis_into, argmin_axis_into, max_axis_into, min_axis_into, ptp_axis_into,
};
pub use reduce::nan_mean::nanmean_axis_into;
pub use reduce::nan_minmax::{
    nanargmax_axis_into, nanargmin_axis_into, nanmax_axis_into, nanmin_axis_into,
};
pub use reduce::nan_sum::{nanprod_axis_into, nansum_axis_into};
pub use reduce::nan_variance::{nanstd_axis_into, nanvar_axis_into};
pub use reduce::norm::{norm_l1_axis_into, norm_l2_axis_into, norm_max_axis_into};
pub use reduce::quantile::method::QuantileMethod;
pub use reduce::quantile::nan::{
    nanmedian_axis_into, nanpercentile_axis_into, nanquantile_axis_into,
};
pub use reduce::quantile::weighted::weighted_quantile_axis_into;
pub use reduce::quantile::{median_axis_into, percentile_axis_into, quantile_axis_into};
pub use reduce::reduce_axis_into;
pub use reduce::segments::{add_reduceat_axis_into, reduce_where_axis_into, reduceat_axis_into};
pub use reduce::softmax::{log_softmax_axis_into, logsumexp_axis_into, softmax_axis_into};
pub use reduce::sum::{prod_axis_into, sum_axis_into};
pub use reduce::variance::{std_axis_into, var_axis_into};
pub use scan::flat::{accumulate_into, cumprod_into, cumsum_into, nancumprod_into, nancumsum_into};
pub use scan::inplace::{
    accumulate_axis_inplace, cummax_axis_inplace, cummin_axis_inplace, cumprod_axis_inplace,
    cumsum_axis_inplace,
};
pub use scan::{
    accumulate_axis_into, cummax_axis_into, cummin_axis_into, cumprod_axis_into, cumsum_axis_into,
    nancumprod_axis_into, nancumsum_axis_into,
};
