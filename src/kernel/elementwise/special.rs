//! Functions of one or two numbers that std and `num_traits` lack, or define differently from NumPy.
//!
//! Mathematical functions have files of their own. All others are std's: [`map_into`](crate::kernel::map_into) and
//! [`zip_map_into`](crate::kernel::zip_map_into) take them as they are, as in `map_into(&a, &mut out, f64::floor)`.
//! `docs/numpy.md` says which is which.

use std::ops::Sub;

use ndarray::{ArrayRef, Dimension};
use num_traits::{Float, FloatConst, One, Pow, Zero};

use crate::kernel::elementwise::power::power;
use crate::kernel::engine::number::order::is_nan;
use crate::kernel::engine::{check, map};

/// Computes the sign of numbers: −1, 0 or 1.
///
/// *out\[i\] = 1 if a\[i\] > 0, −1 if a\[i\] < 0, 0 if a\[i\] = 0*
///
/// `a` has any shape that broadcasts to the shape of `out`. The elements are integers or floats. (Rust's
/// `f64::signum`, and so ndarray's, gives 1 for 0 and −1 for −0.)
///
/// NaN gives NaN; −0 gives 0. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.sign(a, out=out)`, and nearly ndarray's `a.signum()`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::sign_into;
///
/// let mut out = Array1::zeros(3);
/// sign_into(&array![-2.5, 0.0, 7.0], &mut out);
/// assert_eq!(out, array![-1.0, 0.0, 1.0]);
/// ```
#[doc(alias = "signum")]
#[track_caller]
pub fn sign_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Copy + PartialOrd + Zero + One + Sub<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    map::map(check::broadcast("sign_into", "a", a, out), out, sign);
}

fn sign<A: Copy + PartialOrd + Zero + One + Sub<Output = A>>(a: A) -> A {
    // A sum of comparisons, because branches would be mispredicted, and prevent vectorisation.
    let one_if = |holds| if holds { A::one() } else { A::zero() };
    let nan = if is_nan(a) { a } else { A::zero() };
    one_if(a > A::zero()) - one_if(a < A::zero()) + nan
}

/// Computes the Heaviside step function: 0 below zero, 1 above, and a value of your choice at zero.
///
/// *out\[i\] = 0 if a\[i\] < 0, b\[i\] if a\[i\] = 0, 1 if a\[i\] > 0*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. `b` is usually a number:
/// `aview0(&0.5)`.
///
/// NaN in `a` gives NaN; `b` is used only where `a` is zero. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.heaviside(a, b, out=out)`; ndarray and std have no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::heaviside_into;
///
/// let mut out = Array1::zeros(3);
/// heaviside_into(&array![-1.5, 0.0, 2.0], &aview0(&0.5), &mut out);
/// assert_eq!(out, array![0.0, 0.5, 1.0]);
/// ```
#[doc(alias = "step")]
#[track_caller]
pub fn heaviside_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + PartialOrd + Zero + One + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("heaviside_into", "a", a, out);
    let b = check::broadcast("heaviside_into", "b", b, out);
    map::zip_map(a, b, out, heaviside);
}

fn heaviside<A: Copy + PartialOrd + Zero + One>(a: A, b: A) -> A {
    let step = if a > A::zero() { A::one() } else { A::zero() };
    let step = if is_nan(a) { a } else { step };
    if a == A::zero() { b } else { step }
}

/// Raises numbers to powers.
///
/// *out\[i\] = a\[i\] ^ b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The type of the exponents selects
/// the function:
///
/// - Floats to floats are `f64::powf`.
/// - Floats to integers are multiplied up to exponents of ±32, with the same bits on every processor. There are at most
///   n multiplications of 64 bits, so the relative error is at most |n|/2 ε (ε/2 more for an inverse; elements of `f32`
///   are rounded once, to the nearest number or one next to it). Larger exponents, and inverses of powers that would
///   overflow, are `powf`.
/// - Integers to `u8`, `u16`, `u32` or `usize` are `i64::pow`.
/// - Complex numbers (`num_complex`, with the feature `complex`) to integer exponents up to ±512, given as a float or a
///   complex number, are multiplied. So powers of Gaussian integers are exact as long as their parts are below 2⁵³.
///   Otherwise the error is at most (2 |n| + 2) ε times the magnitude of the power. For all other exponents the power
///   is exp(b · ln a), with an error of a few (1 + |b · ln a|) ε times its magnitude.
/// - Every other type that implements [`Pow`] by value does what its implementation does.
///
/// No step overflows or underflows where the power is representable.
///
/// NaN gives NaN, except in `x^0` and `1^y`, which are 1 as in C and NumPy (complex `1^y` is not). A negative float to
/// a power that is not an integer gives NaN. Complex zero to a power with a positive real part is zero, and to any
/// other power except zero NaN, as in NumPy. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. Integers that overflow wrap in
/// release builds and panic in debug builds, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.power(a, b, out=out)` and, for floats, `np.float_power`; in ndarray `a.powf(x)` for one exponent,
/// which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::power_into;
///
/// let mut out = Array1::zeros(3);
/// power_into(&array![1.0, 4.0, 9.0], &aview0(&1.5), &mut out);
/// assert_eq!(out, array![1.0, 8.0, 27.0]);
///
/// let mut powers = Array1::zeros(4);
/// power_into(&aview0(&-2_i64), &array![0_u32, 1, 2, 3], &mut powers);
/// assert_eq!(powers, array![1, -2, 4, -8]);
/// ```
#[doc(alias = "pow")]
#[doc(alias = "powf")]
#[doc(alias = "powi")]
#[doc(alias = "float_power")]
#[track_caller]
pub fn power_into<A, B, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<B, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Pow<B, Output = A> + 'static,
    B: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("power_into", "a", a, out);
    let b = check::broadcast("power_into", "b", b, out);
    check::arithmetic::<A, _>("power_into", || map::zip_map(a, b, out, power));
}

/// Adds numbers given by their logarithms, such as probabilities too small for a float.
///
/// *out\[i\] = ln(exp(a\[i\]) + exp(b\[i\]))*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. Only the difference of the two
/// is raised to a power, so nothing overflows.
///
/// NaN in either operand gives NaN. −∞ is the logarithm of zero: it leaves the other operand. Empty arrays are fine.
/// `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.logaddexp(a, b, out=out)`; ndarray and std have no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::logaddexp_into;
///
/// let mut out = Array1::zeros(2);
/// logaddexp_into(&array![-2000.0, f64::NEG_INFINITY], &array![-2000.0, -3.0], &mut out);
/// assert_eq!(out, array![-2000.0 + 2_f64.ln(), -3.0]);
/// ```
#[doc(alias = "logsumexp")]
#[track_caller]
pub fn logaddexp_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Float + FloatConst + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("logaddexp_into", "a", a, out);
    let b = check::broadcast("logaddexp_into", "b", b, out);
    map::zip_map_slow(a, b, out, |a: A, b| match Powers::of(a, b) {
        Powers::Equal => a + A::LN_2(),
        Powers::Apart { greater, by } => greater + (-by).exp().ln_1p(),
    });
}

/// Adds numbers given by their logarithms to base 2.
///
/// *out\[i\] = log₂(2^a\[i\] + 2^b\[i\])*
///
/// As [`logaddexp_into`] in everything else.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.logaddexp2(a, b, out=out)`; ndarray and std have no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::logaddexp2_into;
///
/// let mut out = Array1::zeros(2);
/// logaddexp2_into(&array![-2000.0, f64::NEG_INFINITY], &array![-2000.0, -3.0], &mut out);
/// assert_eq!(out, array![-1999.0, -3.0]);
/// ```
#[track_caller]
pub fn logaddexp2_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Float + FloatConst + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("logaddexp2_into", "a", a, out);
    let b = check::broadcast("logaddexp2_into", "b", b, out);
    map::zip_map_slow(a, b, out, |a: A, b| match Powers::of(a, b) {
        Powers::Equal => a + A::one(),
        Powers::Apart { greater, by } => greater + (-by).exp2().ln_1p() * A::LOG2_E(),
    });
}

/// Two exponents whose powers are to be added.
enum Powers<A> {
    /// Equal exponents; for infinite ones the difference would be NaN.
    Equal,
    /// Different exponents; both fields are NaN if one exponent is. (Found without a branch, which would be
    /// mispredicted.)
    Apart { greater: A, by: A },
}

impl<A: Float> Powers<A> {
    #[inline]
    fn of(a: A, b: A) -> Self {
        if a == b {
            return Powers::Equal;
        }
        let by = (a - b).abs();
        let greater = if a > b { a } else { b };
        Powers::Apart { greater: if is_nan(by) { by } else { greater }, by }
    }
}

/// Splits floats into their fractional and integer parts.
///
/// *whole\[i\] = trunc(a\[i\]), fraction\[i\] = a\[i\] − whole\[i\]*, both with the sign of *a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `fraction` and `whole`, which have the same shape. Both parts are
/// exact.
///
/// NaN gives two NaNs. Infinity is an integer, with a fraction of zero; zeros have the sign of their number. Empty
/// arrays are fine. The outputs cannot overlap `a` or each other.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `fraction`, or if `whole` does not have it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.modf(a, out=(fraction, whole))` and ndarray's `a.fract()` and `a.trunc()`, which allocate. (`fract`
/// of infinity is NaN.)
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::modf_into;
///
/// let (mut fraction, mut whole) = (Array1::zeros(3), Array1::zeros(3));
/// modf_into(&array![2.25, -0.5, f64::INFINITY], &mut fraction, &mut whole);
/// assert_eq!(fraction, array![0.25, -0.5, 0.0]);
/// assert_eq!(whole, array![2.0, 0.0, f64::INFINITY]);
/// ```
#[doc(alias = "fract")]
#[doc(alias = "trunc")]
#[track_caller]
pub fn modf_into<A, D1, D>(
    a: &ArrayRef<A, D1>,
    fraction: &mut ArrayRef<A, D>,
    whole: &mut ArrayRef<A, D>,
) where
    A: Float + 'static,
    D1: Dimension,
    D: Dimension,
{
    let a = check::broadcast_to("modf_into", ("a", a), ("fraction", fraction));
    check::same_shape("modf_into", ("whole", whole), ("fraction", fraction));
    map::map_unzip(a, fraction, whole, |a: A| {
        let whole = a.trunc();
        let fraction = if a.is_infinite() { A::zero() } else { a - whole };
        (fraction.copysign(a), whole)
    });
}

/// Splits floats into a mantissa from ½ to 1 and a power of two.
///
/// *a\[i\] = mantissa\[i\] · 2^exponent\[i\]*, where ½ ≤ |mantissa\[i\]| < 1
///
/// `a` has any shape that broadcasts to the shape of `mantissa` and `exponent`, which have the same shape. Both parts
/// are exact, also for subnormal numbers. For the inverse, see `ldexp` in
/// [`docs/numpy.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/numpy.md).
///
/// Zero, infinity and NaN are their own mantissa, with an exponent of 0. Empty arrays are fine. The outputs cannot
/// overlap `a` or each other.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `mantissa`, or if `exponent` does not have it; nothing is written
/// then.
///
/// # Replaces
///
/// NumPy's `np.frexp(a, out=(mantissa, exponent))`; ndarray and std have no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::frexp_into;
///
/// let (mut mantissa, mut exponent) = (Array1::zeros(3), Array1::zeros(3));
/// frexp_into(&array![1.0, -12.0, 0.0], &mut mantissa, &mut exponent);
/// assert_eq!((mantissa, exponent), (array![0.5, -0.75, 0.0], array![1, 4, 0]));
/// ```
#[track_caller]
pub fn frexp_into<A, D1, D>(
    a: &ArrayRef<A, D1>,
    mantissa: &mut ArrayRef<A, D>,
    exponent: &mut ArrayRef<i32, D>,
) where
    A: Float + 'static,
    D1: Dimension,
    D: Dimension,
{
    let a = check::broadcast_to("frexp_into", ("a", a), ("mantissa", mantissa));
    check::same_shape("frexp_into", ("exponent", exponent), ("mantissa", mantissa));
    // 2⁻⁶⁴: moves 64 binary digits behind the point.
    let behind_point = A::from(0.5_f64.powi(64)).expect("no float type is so narrow");
    map::map_unzip(a, mantissa, exponent, |a: A| frexp(a, behind_point));
}

fn frexp<A: Float>(a: A, behind_point: A) -> (A, i32) {
    let (digits, exponent, _) = a.integer_decode();
    if digits == 0 || !a.is_finite() {
        return (a, 0);
    }
    let unused = digits.leading_zeros();
    // As many digits as before, moved to the top, so the conversion is exact.
    let mantissa = A::from(digits << unused).expect("a float of 64 digits") * behind_point;
    (mantissa.copysign(a), i32::from(exponent) + 64 - unused as i32)
}
