//! Exponential functions, and the logistic function with its kin.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes *eˣ* of each element.
///
/// *out\[i\] = e^a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −∞ gives 0; what is too large gives ∞, what is too small 0, by way of subnormal numbers. Empty arrays
/// are fine. `a` and `out` cannot overlap: in place, use [`exp_inplace`].
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
/// NumPy's `np.exp(a, out=out)` and ndarray's `a.mapv(f64::exp)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::exp_into;
///
/// let mut out = Array1::zeros(2);
/// exp_into(&array![0.0, 1.0], &mut out);
/// assert_eq!(out, array![1.0, std::f64::consts::E]);
/// ```
#[track_caller]
pub fn exp_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Exp, _, _>(check::broadcast("exp_into", "a", a, out), out);
}

/// Computes *eˣ* of each element, in place.
///
/// As [`exp_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.exp(a, out=a)` and ndarray's `a.mapv_inplace(f64::exp)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::exp_inplace;
///
/// let mut a = array![0.0, 1.0];
/// exp_inplace(&mut a);
/// assert_eq!(a, array![1.0, std::f64::consts::E]);
/// ```
pub fn exp_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Exp, _, _>(a);
}

/// Computes *2ˣ* of each element.
///
/// *out\[i\] = 2^a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Powers to whole numbers are exact. −∞ gives 0; what is too large gives ∞, what is too small 0, by way
/// of subnormal numbers. Empty arrays are fine. `a` and `out` cannot overlap: in place, use [`exp2_inplace`].
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
/// NumPy's `np.exp2(a, out=out)` and ndarray's `a.mapv(f64::exp2)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::exp2_into;
///
/// let mut out = Array1::zeros(2);
/// exp2_into(&array![-1.0, 10.0], &mut out);
/// assert_eq!(out, array![0.5, 1024.0]);
/// ```
#[track_caller]
pub fn exp2_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Exp2, _, _>(check::broadcast("exp2_into", "a", a, out), out);
}

/// Computes *2ˣ* of each element, in place.
///
/// As [`exp2_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.exp2(a, out=a)` and ndarray's `a.mapv_inplace(f64::exp2)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::exp2_inplace;
///
/// let mut a = array![-1.0, 10.0];
/// exp2_inplace(&mut a);
/// assert_eq!(a, array![0.5, 1024.0]);
/// ```
pub fn exp2_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Exp2, _, _>(a);
}

/// Computes *eˣ − 1* of each element, without losing digits where *x* is small.
///
/// *out\[i\] = e^a\[i\] − 1*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −∞ gives −1, what is too large ∞; −0 gives −0. Empty arrays are fine. `a` and `out` cannot overlap:
/// in place, use [`expm1_inplace`].
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
/// NumPy's `np.expm1(a, out=out)` and ndarray's `a.mapv(f64::exp_m1)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::expm1_into;
///
/// let mut out = Array1::zeros(2);
/// expm1_into(&array![0.0, 1e-20], &mut out);
/// assert_eq!(out, array![0.0, 1e-20]);
/// ```
#[doc(alias = "exp_m1")]
#[track_caller]
pub fn expm1_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Expm1, _, _>(check::broadcast("expm1_into", "a", a, out), out);
}

/// Computes *eˣ − 1* of each element, in place, without losing digits where *x* is small.
///
/// As [`expm1_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.expm1(a, out=a)` and ndarray's `a.mapv_inplace(f64::exp_m1)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::expm1_inplace;
///
/// let mut a = array![0.0, 1e-20];
/// expm1_inplace(&mut a);
/// assert_eq!(a, array![0.0, 1e-20]);
/// ```
#[doc(alias = "exp_m1")]
pub fn expm1_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Expm1, _, _>(a);
}

/// Computes the logistic function of each element.
///
/// *out\[i\] = 1 / (1 + e^−a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −∞ gives 0, ∞ gives 1. Nothing overflows, and results for very negative numbers are as accurate as
/// others. Empty arrays are fine. `a` and `out` cannot overlap: in place, use [`expit_inplace`].
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
/// SciPy's `scipy.special.expit(a, out=out)` and ndarray's `a.mapv(|x| 1.0 / (1.0 + (-x).exp()))`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::expit_into;
///
/// let mut out = Array1::zeros(2);
/// expit_into(&array![0.0, f64::INFINITY], &mut out);
/// assert_eq!(out, array![0.5, 1.0]);
/// ```
#[doc(alias = "sigmoid")]
#[doc(alias = "logistic")]
#[track_caller]
pub fn expit_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Expit, _, _>(check::broadcast("expit_into", "a", a, out), out);
}

/// Computes the logistic function of each element, in place.
///
/// As [`expit_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// SciPy's `scipy.special.expit(a, out=a)` and ndarray's `a.mapv_inplace(|x| 1.0 / (1.0 + (-x).exp()))`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::expit_inplace;
///
/// let mut a = array![0.0, f64::INFINITY];
/// expit_inplace(&mut a);
/// assert_eq!(a, array![0.5, 1.0]);
/// ```
#[doc(alias = "sigmoid")]
#[doc(alias = "logistic")]
pub fn expit_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Expit, _, _>(a);
}

/// Computes the logarithm of the logistic function of each element.
///
/// *out\[i\] = −log(1 + e^−a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −∞ gives −∞, ∞ gives −0. Nothing overflows, and no digits are lost where the logistic function is
/// near 0 or 1. Empty arrays are fine. `a` and `out` cannot overlap: in place, use [`log_expit_inplace`].
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
/// SciPy's `scipy.special.log_expit(a, out=out)` and ndarray's `a.mapv(|x| -(-x).exp().ln_1p())`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::log_expit_into;
///
/// let mut out = Array1::zeros(2);
/// log_expit_into(&array![0.0, -1000.0], &mut out);
/// assert_eq!(out, array![-std::f64::consts::LN_2, -1000.0]);
/// ```
#[doc(alias = "logsigmoid")]
#[doc(alias = "log_sigmoid")]
#[track_caller]
pub fn log_expit_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<LogExpit, _, _>(check::broadcast("log_expit_into", "a", a, out), out);
}

/// Computes the logarithm of the logistic function of each element, in place.
///
/// As [`log_expit_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// SciPy's `scipy.special.log_expit(a, out=a)` and ndarray's `a.mapv_inplace(|x| -(-x).exp().ln_1p())`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::log_expit_inplace;
///
/// let mut a = array![0.0, -1000.0];
/// log_expit_inplace(&mut a);
/// assert_eq!(a, array![-std::f64::consts::LN_2, -1000.0]);
/// ```
#[doc(alias = "logsigmoid")]
#[doc(alias = "log_sigmoid")]
pub fn log_expit_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<LogExpit, _, _>(a);
}

/// Computes *log(1 + eˣ)* of each element, a smooth maximum of the element and zero.
///
/// *out\[i\] = log(1 + e^a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. −∞ gives 0, ∞ gives ∞. Nothing overflows. Empty arrays are fine. `a` and `out` cannot overlap: in
/// place, use [`softplus_inplace`].
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
/// NumPy's `np.logaddexp(a, 0, out=out)` and ndarray's `a.mapv(|x| x.exp().ln_1p())`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::softplus_into;
///
/// let mut out = Array1::zeros(2);
/// softplus_into(&array![0.0, 1000.0], &mut out);
/// assert_eq!(out, array![std::f64::consts::LN_2, 1000.0]);
/// ```
#[track_caller]
pub fn softplus_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Softplus, _, _>(check::broadcast("softplus_into", "a", a, out), out);
}

/// Computes *log(1 + eˣ)* of each element, in place, a smooth maximum of the element and zero.
///
/// As [`softplus_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.logaddexp(a, 0, out=a)` and ndarray's `a.mapv_inplace(|x| x.exp().ln_1p())`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::softplus_inplace;
///
/// let mut a = array![0.0, 1000.0];
/// softplus_inplace(&mut a);
/// assert_eq!(a, array![std::f64::consts::LN_2, 1000.0]);
/// ```
pub fn softplus_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Softplus, _, _>(a);
}

operations! {
    Exp: 1 (x,) exp<ALL> unless exp_is_moderate;
    Exp2: 1 (x,) exp2<ALL> unless exp2_is_moderate;
    Expm1: 1 (x,) expm1;
    Expit: 1 (x,) expit;
    LogExpit: 1 (x,) log_expit;
    Softplus: 1 (x,) softplus;
}
