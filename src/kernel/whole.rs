//! Reductions of whole arrays to one number: `whole::sum(&a)`.
//!
//! They have a module of their own because their names are everyday words (`any`, `min`, `std`), which a glob
//! import should not bring along. The forms along an axis, which write into an array, stand beside the other
//! kernels: [`sum_axis_into`](super::sum_axis_into) and so on.
//!
//! ```
//! use ndarray::array;
//! use ndarray_pool::kernel::whole;
//!
//! let a = array![[1.0, 2.0], [3.0, 4.0]];
//! assert_eq!(whole::mean(&a), 2.5);
//! assert_eq!(whole::argmax(&a), Some(3));
//! ```

pub use super::count::{all, any, count_nonzero};
pub use super::extrema::{argmax, argmin, max, min};
pub use super::mean::mean;
pub use super::nan_extrema::{nanargmax, nanargmin, nanmax, nanmin};
pub use super::nan_quantile::{nanmedian, nanpercentile, nanquantile};
pub use super::nan_sums::{nanmean, nanprod, nanstd, nansum, nanvar};
pub use super::norms::{norm_l1, norm_l2, norm_max};
pub use super::quantile::{median, percentile, quantile};
pub use super::quantile_weighted::weighted_quantile;
pub use super::reduce::{prod, sum};
pub use super::spread::{ptp, std, var};
pub use super::weighted::{average, vdot};
