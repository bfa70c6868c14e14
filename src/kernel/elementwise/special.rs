//! Functions of one or two numbers that neither std nor `num_traits` has, or has otherwise than NumPy.
//!
//! All others are std's, and [`map_into`](crate::kernel::map_into) and [`zip_map_into`](crate::kernel::zip_map_into) take them as
//! they are: `map_into(&a, &mut out, f64::sin)`. `docs/numpy.md` says which is which.

use std::ops::Sub;

use ndarray::{ArrayRef, Dimension};
use num_traits::{Float, FloatConst, One, Pow, Zero};

use crate::kernel::elementwise::power::power;
use crate::kernel::engine::number::order::is_nan;
use crate::kernel::engine::{check, map};

/// Tells the sign of numbers: −1, 0 or 1.
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
    // A sum of comparisons, because branches would be mispredicted, and keep vector registers idle.
    let one_if = |holds| if holds { A::one() } else { A::zero() };
    map::map(check::broadcast("sign_into", "a", a, out), out, move |a: A| {
        let nan = if is_nan(a) { a } else { A::zero() };
        one_if(a > A::zero()) - one_if(a < A::zero()) + nan
    });
}

/// Steps from 0 to 1 where `a` passes zero, with a value of your choice at zero.
///
/// *out\[i\] = 0 if a\[i\] < 0, b\[i\] if a\[i\] = 0, 1 if a\[i\] > 0*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. `b` is usually a number:
/// `aview0(&0.5)`.
///
/// NaN in `a` gives NaN; `b` is looked at where `a` is zero and nowhere else. Empty arrays are fine. `out` cannot
/// overlap the inputs.
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
    map::zip_map(a, b, out, |a: A, b| {
        let step = if a > A::zero() { A::one() } else { A::zero() };
        let step = if is_nan(a) { a } else { step };
        if a == A::zero() { b } else { step }
    });
}

/// Raises numbers to powers.
///
/// *out\[i\] = a\[i\] ^ b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The type of the exponents
/// chooses the function:
///
/// - Floats to floats are `f64::powf`.
/// - Floats to integers are multiplied up to exponents of ±32, with the same bits on every processor: n multiplications of
///   64 bits at most, so within |n|/2 ε (half of an ε more for an inverse; elements of `f32` are rounded once, to the
///   nearest or next to it). Larger exponents, and inverses that would overflow on the way, are `powf`.
/// - Integers to `u8`, `u16`, `u32` or `usize` are `i64::pow`.
/// - Complex numbers (`num_complex`, with the feature `complex`) to whole exponents up to ±512, given as a float or a complex
///   number, are multiplied. So powers of Gaussian integers are exact as long as their parts are below 2⁵³. The
///   error is otherwise within (2 |n| + 2) ε of the size of the power, and for all other exponents, which go by exp(b · ln a),
///   within a few (1 + |b · ln a|) ε.
/// - Everything else that implements [`Pow`] by value does what that does.
///
/// No step overflows or underflows where the power is representable.
///
/// NaN gives NaN, but for `x^0` and `1^y`, which are 1 as in C and NumPy (complex `1^y` is not); a negative float to a power
/// that is not whole gives NaN. Complex zero to a power with a real part above zero is zero, and to any other but zero NaN,
/// as in NumPy. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. Integers that overflow panic in
/// debug builds, which leaves `out` partly written, and wrap in release builds.
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

/// Adds numbers that are given by their logarithms, such as probabilities too small for a float.
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

/// Adds numbers that are given by their logarithms to base 2.
///
/// *out\[i\] = log₂(2^a\[i\] + 2^b\[i\])*
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

/// Two exponents of powers that are to be added.
enum Powers<A> {
    /// Infinities too, whose difference would be NaN.
    Equal,
    /// Both are NaN if one of them is. (Found without a branch, which would go either way.)
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

/// Splits floats into what stands behind the point and what stands before it.
///
/// *whole\[i\] = trunc(a\[i\]), fraction\[i\] = a\[i\] − whole\[i\]*, both with the sign of *a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `fraction` and `whole`, which is one. Both parts are exact.
///
/// NaN gives two NaNs. Infinity is whole, with a fraction of zero; both zeros have their number's sign. Empty arrays are
/// fine. No output can overlap anything.
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

/// Splits floats into a number from ½ to 1 and a power of two.
///
/// *a\[i\] = mantissa\[i\] · 2^exponent\[i\]*, where ½ ≤ |mantissa\[i\]| < 1
///
/// `a` has any shape that broadcasts to the shape of `mantissa` and `exponent`, which is one. Both parts are exact,
/// of subnormal numbers too. To put them together again, see `ldexp` in the guide's table.
///
/// Zero, infinity and NaN are their own mantissa, with an exponent of 0. Empty arrays are fine. No output can overlap
/// anything.
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
    // Two to the power of −64: turns 64 digits before the point into digits behind it.
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
