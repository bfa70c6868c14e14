//! Cube roots, powers to any exponent, hypotenuses.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::functions::{in_place, of_one, of_two, operations};
use crate::kernel::engine::check;
use crate::math::Float;

/// Computes the cube root of each element.
///
/// *out\[i\] = ∛a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `out`; elements are `f32` or `f64`.
///
/// NaN stays NaN. Roots of cubes of whole numbers are exact. Zeros and infinities keep their sign. Empty arrays are
/// fine. `a` and `out` cannot overlap: in place, use [`cbrt_inplace`].
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
/// NumPy's `np.cbrt(a, out=out)` and ndarray's `a.mapv(f64::cbrt)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::cbrt_into;
///
/// let mut out = Array1::zeros(2);
/// cbrt_into(&array![-8.0, 27.0], &mut out);
/// assert_eq!(out, array![-2.0, 3.0]);
/// ```
#[track_caller]
pub fn cbrt_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D: Dimension,
{
    of_one::<Cbrt, _, _>(check::broadcast("cbrt_into", "a", a, out), out);
}

/// Computes the cube root of each element, in place.
///
/// As [`cbrt_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.cbrt(a, out=a)` and ndarray's `a.mapv_inplace(f64::cbrt)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::cbrt_inplace;
///
/// let mut a = array![-8.0, 27.0];
/// cbrt_inplace(&mut a);
/// assert_eq!(a, array![-2.0, 3.0]);
/// ```
pub fn cbrt_inplace<A: Float, D: Dimension>(a: &mut ArrayRef<A, D>) {
    in_place::<Cbrt, _, _>(a);
}

/// Raises the elements of one array to the powers in another.
///
/// *out\[i\] = a\[i\]^b\[i\]*
///
/// `a` and `b` have any shapes that broadcast to the shape of `out`; elements are `f32` or `f64`. A number in place of
/// an array is `aview0(&x)`. For integers, complex numbers and integer exponents use
/// [`power_into`](crate::kernel::power_into).
///
/// Special cases are C's: anything to the power of zero is 1, and so is 1 to any power, NaN included; otherwise NaN
/// stays NaN. A negative number to a power that is no whole number gives NaN; zeros and infinities give zeros and
/// infinities, with the sign of the base if the exponent is an odd whole number. Empty arrays are fine. No operand can
/// overlap `out`.
///
/// A result is at most two units in the last place from the correctly rounded one, one for `f32`. It has the same bits
/// on every processor and in every layout.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.float_power(a, b, out=out)` and `np.power(a, b, out=out)`, and ndarray's `Zip` with `f64::powf`, which
/// computes one element at a time.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::float_power_into;
///
/// let mut out = Array1::zeros(2);
/// float_power_into(&array![4.0, 9.0], &aview0(&0.5), &mut out);
/// assert_eq!(out, array![2.0, 3.0]);
/// ```
#[doc(alias = "powf")]
#[doc(alias = "pow")]
#[doc(alias = "power")]
#[track_caller]
pub fn float_power_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Float,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("float_power_into", "a", a, out);
    let b = check::broadcast("float_power_into", "b", b, out);
    of_two::<FloatPower, _, _>(a, b, out);
}

/// Computes the hypotenuses of right triangles with these legs.
///
/// *out\[i\] = √(a\[i\]² + b\[i\]²)*
///
/// `a` and `b` have any shapes that broadcast to the shape of `out`; elements are `f32` or `f64`. A number in place of
/// an array is `aview0(&x)`.
///
/// An infinite leg gives ∞, even beside NaN; otherwise NaN stays NaN. No square overflows or loses digits. Empty arrays
/// are fine. No operand can overlap `out`.
///
/// A result is at most one unit in the last place from the correctly rounded one. It has the same bits on every
/// processor and in every layout.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.hypot(a, b, out=out)`, and ndarray's `Zip` with `f64::hypot`, which computes one element at a time.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::hypot_into;
///
/// let mut out = Array1::zeros(2);
/// hypot_into(&array![3.0, 3e200], &aview0(&4.0), &mut out);
/// assert_eq!(out, array![5.0, 3e200]);
/// ```
#[track_caller]
pub fn hypot_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Float,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("hypot_into", "a", a, out);
    let b = check::broadcast("hypot_into", "b", b, out);
    of_two::<Hypot, _, _>(a, b, out);
}

operations! {
    Cbrt: 1 (x,) cbrt;
    FloatPower: 2 (x, y) pow<ALL> unless pow_is_moderate;
    Hypot: 2 (x, y) hypot;
}
