//! Elementwise arithmetic: sum, difference, product, quotient, and the linear combination of two arrays.
//!
//! Every kernel is a check for each input and one call of [`map`] with the operator. Division alone needs a second
//! formula ([`quotient`]).

use std::ops::{Add, Div, Mul, Sub};

use ndarray::{ArrayRef, Dimension};

use crate::kernel::elementwise::quotient;
use crate::kernel::engine::{check, map};

/// Adds two arrays.
///
/// *out\[i\] = a\[i\] + b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// NaN in either operand gives NaN. Empty arrays are fine. `out` cannot overlap the inputs: for `a = a + b`
/// see [`add_inplace`](crate::kernel::add_inplace).
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. Integers that overflow wrap in
/// release builds and panic in debug builds, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.add(a, b, out=out)` and ndarray's `&a + &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::add_into;
///
/// let mut out = Array2::zeros((2, 2));
/// add_into(&array![[1, 2], [3, 4]], &array![10, 20], &mut out);
/// assert_eq!(out, array![[11, 22], [13, 24]]);
/// ```
#[track_caller]
pub fn add_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Add<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("add_into", "a", a, out);
    let b = check::broadcast("add_into", "b", b, out);
    check::arithmetic::<A, _>("add_into", || map::zip_map(a, b, out, A::add));
}

/// Subtracts `b` from `a`.
///
/// *out\[i\] = a\[i\] − b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. For the difference of two
/// states of a loop see [`diff_into`](crate::kernel::diff_into), which does not broadcast and so catches a wrong shape.
///
/// NaN in either operand gives NaN. Empty arrays are fine. `out` cannot overlap the inputs: for `a = a - b`
/// see [`sub_inplace`](crate::kernel::sub_inplace).
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. Integers that overflow wrap in
/// release builds and panic in debug builds, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.subtract(a, b, out=out)` and ndarray's `&a - &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::sub_into;
///
/// let mut out = Array2::zeros((2, 2));
/// sub_into(&array![[11, 22], [13, 24]], &array![[10], [20]], &mut out);
/// assert_eq!(out, array![[1, 12], [-7, 4]]);
/// ```
#[doc(alias = "subtract")]
#[track_caller]
pub fn sub_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Sub<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("sub_into", "a", a, out);
    let b = check::broadcast("sub_into", "b", b, out);
    check::arithmetic::<A, _>("sub_into", || map::zip_map(a, b, out, A::sub));
}

/// Multiplies two arrays element by element.
///
/// *out\[i\] = a\[i\] · b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// NaN in either operand gives NaN, and so does zero times infinity. Empty arrays are fine. `out` cannot
/// overlap the inputs: for `a = a * b` see
/// [`mul_inplace`](crate::kernel::mul_inplace).
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. Integers that overflow wrap in
/// release builds and panic in debug builds, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.multiply(a, b, out=out)` and ndarray's `&a * &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, arr0, array};
/// use ndarray_pool::kernel::mul_into;
///
/// let mut out = Array2::zeros((2, 2));
/// mul_into(&array![[1, 2], [3, 4]], &arr0(10), &mut out);
/// assert_eq!(out, array![[10, 20], [30, 40]]);
/// ```
#[doc(alias = "multiply")]
#[doc(alias = "hadamard")]
#[track_caller]
pub fn mul_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Mul<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("mul_into", "a", a, out);
    let b = check::broadcast("mul_into", "b", b, out);
    check::arithmetic::<A, _>("mul_into", || map::zip_map(a, b, out, A::mul));
}

/// Divides `a` by `b`.
///
/// *out\[i\] = a\[i\] / b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// NaN in either operand gives NaN, and so does zero by zero; any other float by zero is infinite. Integers are divided
/// as `/` does, towards zero; the minimum divided by −1 is itself, in every build. Empty arrays are fine. `out` cannot
/// overlap the inputs: for `a = a / b` see
/// [`div_inplace`](crate::kernel::div_inplace).
///
/// Complex numbers (`num_complex`, with the feature `complex`) are divided without intermediate overflow or underflow,
/// which their `/` has from about 10¹⁵⁴ on. The error of each part is at most 3 ε times the magnitude of the quotient.
/// Division by zero divides each part by +0, as in NumPy. An infinite number divided by a finite one is infinite, and a
/// finite one divided by an infinite one is zero, as in C, where NumPy often gives NaN.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`, or if `b` holds an integer zero and `out` is not empty;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.divide(a, b, out=out)` for floats and complex numbers, and ndarray's `&a / &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::div_into;
///
/// let mut out = Array2::zeros((2, 2));
/// div_into(&array![[1.0, 2.0], [3.0, 4.0]], &array![2.0, 4.0], &mut out);
/// assert_eq!(out, array![[0.5, 0.5], [1.5, 1.0]]);
/// ```
#[doc(alias = "divide")]
#[doc(alias = "true_divide")]
#[track_caller]
pub fn div_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Div<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("div_into", "a", a, out);
    let repeated = check::broadcast("div_into", "b", b, out);
    check::divisors("div_into", ("b", b), out);
    quotient::zip_map(a, repeated, out);
}

/// Adds two arrays, each scaled by a number.
///
/// *out\[i\] = alpha · a\[i\] + beta · b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. Each product and the sum are
/// rounded on their own (no fused multiply-add), so the result has the bits of the formula on every machine. A product
/// that overflows is infinite, even where the sum of both would not be.
///
/// NaN in either operand or factor gives NaN. A factor of zero does not hide its array, because zero times NaN or
/// infinity is NaN. Empty arrays are fine. `out` cannot overlap the inputs: for `a = a + beta * b` write ndarray's
/// `a.scaled_add(beta, &b)`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. Integers that overflow wrap in
/// release builds and panic in debug builds, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `alpha * a + beta * b` with its three temporaries, and the same in ndarray, which allocates two.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::axpby_into;
///
/// let mut out = Array1::zeros(3);
/// axpby_into(&array![1.0, 2.0, 3.0], &array![4.0, 0.0, 8.0], 0.5, 0.25, &mut out);
/// assert_eq!(out, array![1.5, 1.0, 3.5]);
/// ```
#[doc(alias = "scaled_add")]
#[track_caller]
pub fn axpby_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    alpha: A,
    beta: A,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Add<Output = A> + Mul<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("axpby_into", "a", a, out);
    let b = check::broadcast("axpby_into", "b", b, out);
    check::arithmetic::<A, _>("axpby_into", || map::zip_map(a, b, out, combining(alpha, beta)));
}

/// The linear combination of two elements. (A function of its own, so that its closure is one type for any number of
/// axes.)
fn combining<A>(alpha: A, beta: A) -> impl Fn(A, A) -> A
where
    A: Copy + Add<Output = A> + Mul<Output = A>,
{
    move |a, b| alpha * a + beta * b
}
