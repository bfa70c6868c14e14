//! The error function and its complement.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the error function of each element.
///
/// *out\[i\] = 2/√π ∫₀^a\[i\] e^−t² dt*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. ±∞ gives ±1; −0 gives −0. Empty arrays are fine. `a` and `out` cannot overlap: in place, use
/// [`erf_inplace`].
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.special.erf(a, out=out)` and ndarray's `a.mapv(libm::erf)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::erf_into;
///
/// let mut out = Array1::zeros(2);
/// erf_into(&array![0.0, 7.0], &mut out);
/// assert_eq!(out, array![0.0, 1.0]);
/// ```
#[track_caller]
pub fn erf_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Erf, _, _>(check::broadcast("erf_into", "a", a, out), out);
}

/// Computes the error function of each element, in place.
///
/// As [`erf_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// SciPy's `scipy.special.erf(a, out=a)` and ndarray's `a.mapv_inplace(libm::erf)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::erf_inplace;
///
/// let mut a = array![0.0, 7.0];
/// erf_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1.0]);
/// ```
pub fn erf_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Erf, _, _>(a);
}

/// Computes the complementary error function of each element, which is accurate where it is small.
///
/// *out\[i\] = 1 − erf(a\[i\]) = 2/√π ∫ e^−t² dt from a\[i\] on*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −∞ gives 2, ∞ gives 0. Empty arrays are fine. `a` and `out` cannot overlap: in place, use
/// [`erfc_inplace`].
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.special.erfc(a, out=out)` and ndarray's `a.mapv(libm::erfc)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::erfc_into;
///
/// let mut out = Array1::zeros(2);
/// erfc_into(&array![0.0, -7.0], &mut out);
/// assert_eq!(out, array![1.0, 2.0]);
/// ```
#[track_caller]
pub fn erfc_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Erfc, _, _>(check::broadcast("erfc_into", "a", a, out), out);
}

/// Computes the complementary error function of each element, in place, which is accurate where it is small.
///
/// As [`erfc_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// SciPy's `scipy.special.erfc(a, out=a)` and ndarray's `a.mapv_inplace(libm::erfc)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::erfc_inplace;
///
/// let mut a = array![0.0, -7.0];
/// erfc_inplace(&mut a);
/// assert_eq!(a, array![1.0, 2.0]);
/// ```
pub fn erfc_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Erfc, _, _>(a);
}

operations! {
    Erf: 1 (x,) erf;
    Erfc: 1 (x,) erfc;
}
