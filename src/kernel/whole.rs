//! Reductions of whole arrays to one number: `whole::sum(&a)`.
//!
//! They have a module of their own because their names are everyday words (`any`, `min`, `std`), which a glob import
//! should not bring into scope. The forms along an axis, which write into an array, are in [`kernel`](super):
//! [`sum_axis_into`](super::sum_axis_into) and so on. Their pages have the details that both forms share.
//!
//! ```
//! use ndarray::array;
//! use ndarray_pool::kernel::whole;
//!
//! let a = array![[1.0, 2.0], [3.0, 4.0]];
//! assert_eq!(whole::mean(&a), 2.5);
//! assert_eq!(whole::argmax(&a), Some(3));
//! ```

pub use super::reduce::any_all::{all, any};
pub use super::reduce::average::average;
pub use super::reduce::count::count_nonzero;
pub use super::reduce::dot::vdot;
pub use super::reduce::mean::mean;
pub use super::reduce::minmax::{argmax, argmin, max, min, ptp};
pub use super::reduce::nan_mean::nanmean;
pub use super::reduce::nan_minmax::{nanargmax, nanargmin, nanmax, nanmin};
pub use super::reduce::nan_sum::{nanprod, nansum};
pub use super::reduce::nan_variance::{nanstd, nanvar};
pub use super::reduce::norm::{norm_l1, norm_l2, norm_max};
pub use super::reduce::quantile::nan::{nanmedian, nanpercentile, nanquantile};
pub use super::reduce::quantile::weighted::weighted_quantile;
pub use super::reduce::quantile::{median, percentile, quantile};
pub use super::reduce::sum::{prod, sum};
pub use super::reduce::variance::{std, var};
