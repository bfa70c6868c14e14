//! Logarithms.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the natural logarithm of each element.
///
/// *out\[i\] = log(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Zero of either sign gives −∞, ∞ gives ∞, negative numbers give NaN. Empty arrays are fine. `a` and
/// `out` cannot overlap: in place, use [`log_inplace`].
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
/// NumPy's `np.log(a, out=out)` and ndarray's `a.mapv(f64::ln)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::log_into;
///
/// let mut out = Array1::zeros(2);
/// log_into(&array![1.0, std::f64::consts::E], &mut out);
/// assert_eq!(out, array![0.0, 1.0]);
/// ```
#[doc(alias = "ln")]
#[track_caller]
pub fn log_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Log, _, _>(check::broadcast("log_into", "a", a, out), out);
}

/// Computes the natural logarithm of each element, in place.
///
/// As [`log_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.log(a, out=a)` and ndarray's `a.mapv_inplace(f64::ln)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::log_inplace;
///
/// let mut a = array![1.0, std::f64::consts::E];
/// log_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1.0]);
/// ```
#[doc(alias = "ln")]
pub fn log_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Log, _, _>(a);
}

/// Computes the logarithm to base 2 of each element.
///
/// *out\[i\] = log₂(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Powers of two are exact. Zero of either sign gives −∞, ∞ gives ∞, negative numbers give NaN. Empty
/// arrays are fine. `a` and `out` cannot overlap: in place, use [`log2_inplace`].
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
/// NumPy's `np.log2(a, out=out)` and ndarray's `a.mapv(f64::log2)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::log2_into;
///
/// let mut out = Array1::zeros(2);
/// log2_into(&array![1.0, 1024.0], &mut out);
/// assert_eq!(out, array![0.0, 10.0]);
/// ```
#[track_caller]
pub fn log2_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Log2, _, _>(check::broadcast("log2_into", "a", a, out), out);
}

/// Computes the logarithm to base 2 of each element, in place.
///
/// As [`log2_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.log2(a, out=a)` and ndarray's `a.mapv_inplace(f64::log2)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::log2_inplace;
///
/// let mut a = array![1.0, 1024.0];
/// log2_inplace(&mut a);
/// assert_eq!(a, array![0.0, 10.0]);
/// ```
pub fn log2_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Log2, _, _>(a);
}

/// Computes the logarithm to base 10 of each element.
///
/// *out\[i\] = log₁₀(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Zero of either sign gives −∞, ∞ gives ∞, negative numbers give NaN. Empty arrays are fine. `a` and
/// `out` cannot overlap: in place, use [`log10_inplace`].
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
/// NumPy's `np.log10(a, out=out)` and ndarray's `a.mapv(f64::log10)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::log10_into;
///
/// let mut out = Array1::zeros(2);
/// log10_into(&array![1.0, 1000.0], &mut out);
/// assert_eq!(out, array![0.0, 3.0]);
/// ```
#[track_caller]
pub fn log10_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Log10, _, _>(check::broadcast("log10_into", "a", a, out), out);
}

/// Computes the logarithm to base 10 of each element, in place.
///
/// As [`log10_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.log10(a, out=a)` and ndarray's `a.mapv_inplace(f64::log10)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::log10_inplace;
///
/// let mut a = array![1.0, 1000.0];
/// log10_inplace(&mut a);
/// assert_eq!(a, array![0.0, 3.0]);
/// ```
pub fn log10_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Log10, _, _>(a);
}

/// Computes *log(1 + x)* of each element, without losing digits where *x* is small.
///
/// *out\[i\] = log(1 + a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −1 gives −∞, ∞ gives ∞, numbers below −1 give NaN; −0 gives −0. Empty arrays are fine. `a` and
/// `out` cannot overlap: in place, use [`log1p_inplace`].
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
/// NumPy's `np.log1p(a, out=out)` and ndarray's `a.mapv(f64::ln_1p)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::log1p_into;
///
/// let mut out = Array1::zeros(2);
/// log1p_into(&array![0.0, 1e-20], &mut out);
/// assert_eq!(out, array![0.0, 1e-20]);
/// ```
#[doc(alias = "ln_1p")]
#[track_caller]
pub fn log1p_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Log1p, _, _>(check::broadcast("log1p_into", "a", a, out), out);
}

/// Computes *log(1 + x)* of each element, in place, without losing digits where *x* is small.
///
/// As [`log1p_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.log1p(a, out=a)` and ndarray's `a.mapv_inplace(f64::ln_1p)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::log1p_inplace;
///
/// let mut a = array![0.0, 1e-20];
/// log1p_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1e-20]);
/// ```
#[doc(alias = "ln_1p")]
pub fn log1p_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Log1p, _, _>(a);
}

operations! {
    Log: 1 (x,) log<ALL> unless log_is_moderate;
    Log2: 1 (x,) log2<ALL> unless log_is_moderate;
    Log10: 1 (x,) log10<ALL> unless log_is_moderate;
    Log1p: 1 (x,) log1p<ALL> unless log1p_is_moderate;
}
