//! One element in, two out: a number taken apart.

use ndarray::{ArrayRef, Dimension};
use num_traits::Float;

use super::{check, drive_more};

/// Applies `f`, which gives a pair, to each element of `a`, and writes the pairs into two arrays.
///
/// *(first\[i\], second\[i\]) = f(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `first` and `second`, which is one; all element types may
/// differ. `f` is called once for each element of `first`, in no particular order.
///
/// NaN reaches `f` like any value. If `first` is empty, `f` is not called. No output can overlap anything.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `first`, or if `second` does not have it; nothing is written then. A
/// panic of `f` passes through and leaves both outputs partly written.
///
/// # Replaces
///
/// NumPy's functions of two results with `out=(first, second)`, and in ndarray two walks, or `azip!`.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::map_unzip_into;
///
/// let (mut sines, mut cosines) = (Array1::zeros(2), Array1::zeros(2));
/// map_unzip_into(&array![0.0, 0.5], &mut sines, &mut cosines, f64::sin_cos);
/// assert_eq!(sines, array![0.0, 0.5_f64.sin()]);
/// assert_eq!(cosines, array![1.0, 0.5_f64.cos()]);
/// ```
#[doc(alias = "sin_cos")]
#[doc(alias = "unzip")]
#[track_caller]
pub fn map_unzip_into<A, B, C, D1, D, F>(
    a: &ArrayRef<A, D1>,
    first: &mut ArrayRef<B, D>,
    second: &mut ArrayRef<C, D>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    D1: Dimension,
    D: Dimension,
    F: FnMut(A) -> (B, C),
{
    let a = check::broadcast_to("map_unzip_into", ("a", a), ("first", first));
    check::same_shape("map_unzip_into", ("second", second), ("first", first));
    drive_more::map_unzip(a, first, second, f);
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
    drive_more::map_unzip(a, fraction, whole, |a: A| {
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
    drive_more::map_unzip(a, mantissa, exponent, |a: A| frexp(a, behind_point));
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
