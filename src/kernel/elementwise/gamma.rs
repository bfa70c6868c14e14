//! The logarithm of the gamma function.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the logarithm of the gamma function of each element.
///
/// *out\[i\] = log |Γ(a\[i\])|*, which is *log((a\[i\] − 1)!)* for whole numbers
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Zeros, negative whole numbers and ±∞ give ∞; 1 and 2 give 0. Empty arrays are fine. `a` and `out`
/// cannot overlap: in place, use [`lgamma_inplace`].
///
/// A result is at most two units in the last place from the correctly rounded one, one for `f32`; `f64` results of
/// negative numbers that lie between −1 and 1 are at most 2⁻⁵² off. It has the same bits on every processor and in
/// every layout. Blocks with negative numbers take about twice as long.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.special.gammaln(a, out=out)` and ndarray's `a.mapv(libm::lgamma)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::lgamma_into;
///
/// let mut out = Array1::zeros(3);
/// lgamma_into(&array![1.0, 3.0, -1.0], &mut out);
/// assert_eq!(out, array![0.0, std::f64::consts::LN_2, f64::INFINITY]);
/// ```
#[doc(alias = "gammaln_into")]
#[doc(alias = "gammaln")]
#[track_caller]
pub fn lgamma_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Lgamma, _, _>(check::broadcast("lgamma_into", "a", a, out), out);
}

/// Computes the logarithm of the gamma function of each element, in place.
///
/// As [`lgamma_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// SciPy's `scipy.special.gammaln(a, out=a)` and ndarray's `a.mapv_inplace(libm::lgamma)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::lgamma_inplace;
///
/// let mut a = array![1.0, 3.0];
/// lgamma_inplace(&mut a);
/// assert_eq!(a, array![0.0, std::f64::consts::LN_2]);
/// ```
#[doc(alias = "gammaln_inplace")]
pub fn lgamma_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Lgamma, _, _>(a);
}

operations! {
    Lgamma: 1 (x,) lgamma<ALL> unless lgamma_is_moderate;
}
