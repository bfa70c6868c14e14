//! Bitwise operations on integers (and on `bool`): and, or, xor, not, shifts.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use ndarray::{ArrayRef, Dimension};
use num_traits::{CheckedShl, CheckedShr, PrimInt, WrappingShl, WrappingShr};

use crate::kernel::engine::map::run::any;
use crate::kernel::engine::{check, map};

/// Keeps the bits that both arrays have.
///
/// *out\[i\] = a\[i\] & b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The elements are integers, or
/// `bool`.
///
/// Empty arrays are fine. `out` cannot overlap the inputs: in place, write ndarray's `a &= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.bitwise_and(a, b, out=out)` and ndarray's `&a & &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::bitwise_and_into;
///
/// let mut out = Array1::zeros(2);
/// bitwise_and_into(&array![0b1100, 0b0010], &array![0b1010, 0b0011], &mut out);
/// assert_eq!(out, array![0b1000, 0b0010]);
/// ```
#[doc(alias = "bitand")]
#[track_caller]
pub fn bitwise_and_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + BitAnd<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("bitwise_and_into", "a", a, out);
    let b = check::broadcast("bitwise_and_into", "b", b, out);
    map::zip_map(a, b, out, A::bitand);
}

/// Joins the bits that at least one of two arrays has.
///
/// *out\[i\] = a\[i\] | b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The elements are integers, or
/// `bool`.
///
/// Empty arrays are fine. `out` cannot overlap the inputs: in place, write ndarray's `a |= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.bitwise_or(a, b, out=out)` and ndarray's `&a | &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::bitwise_or_into;
///
/// let mut out = Array1::zeros(2);
/// bitwise_or_into(&array![0b1100, 0b0010], &array![0b1010, 0b0011], &mut out);
/// assert_eq!(out, array![0b1110, 0b0011]);
/// ```
#[doc(alias = "bitor")]
#[track_caller]
pub fn bitwise_or_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + BitOr<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("bitwise_or_into", "a", a, out);
    let b = check::broadcast("bitwise_or_into", "b", b, out);
    map::zip_map(a, b, out, A::bitor);
}

/// Keeps the bits that exactly one of two arrays has.
///
/// *out\[i\] = a\[i\] ^ b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. The elements are integers, or
/// `bool`.
///
/// Empty arrays are fine. `out` cannot overlap the inputs: in place, write ndarray's `a ^= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.bitwise_xor(a, b, out=out)` and ndarray's `&a ^ &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::bitwise_xor_into;
///
/// let mut out = Array1::zeros(2);
/// bitwise_xor_into(&array![0b1100, 0b0010], &array![0b1010, 0b0011], &mut out);
/// assert_eq!(out, array![0b0110, 0b0001]);
/// ```
#[doc(alias = "bitxor")]
#[track_caller]
pub fn bitwise_xor_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + BitXor<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("bitwise_xor_into", "a", a, out);
    let b = check::broadcast("bitwise_xor_into", "b", b, out);
    map::zip_map(a, b, out, A::bitxor);
}

/// Inverts every bit.
///
/// *out\[i\] = !a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `out`. The elements are integers, or `bool`.
///
/// Empty arrays are fine. `a` and `out` cannot overlap: in place, write ndarray's `a.mapv_inplace(|a| !a)`.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.invert(a, out=out)` and ndarray's `!&a`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::invert_into;
///
/// let mut out = Array1::zeros(2);
/// invert_into(&array![0_u8, 0b1010_0000], &mut out);
/// assert_eq!(out, array![0xff, 0b0101_1111]);
/// ```
#[doc(alias = "bitwise_not")]
#[doc(alias = "bitwise_invert")]
#[track_caller]
pub fn invert_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Not<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    map::map(check::broadcast("invert_into", "a", a, out), out, A::not);
}

/// Shifts the bits of integers to the left.
///
/// *out\[i\] = a\[i\] · 2^b\[i\]*, without the bits that leave the integer
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. `b` counts bits, as `u32`.
///
/// A count of the integer's width or more gives zero, as in NumPy. (Rust's `<<` panics or takes the count modulo the
/// width.) Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.left_shift(a, b, out=out)` and ndarray's `&a << &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::left_shift_into;
///
/// let mut out = Array1::zeros(3);
/// left_shift_into(&array![1_u8, 0b1100_0001, 1], &array![3, 1, 8], &mut out);
/// assert_eq!(out, array![8, 0b1000_0010, 0]);
/// ```
#[doc(alias = "bitwise_left_shift")]
#[doc(alias = "shl")]
#[track_caller]
pub fn left_shift_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<u32, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: PrimInt + CheckedShl + WrappingShl + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("left_shift_into", "a", a, out);
    let counts = check::broadcast("left_shift_into", "b", b, out);
    match all_leave_something::<A, _>(b) {
        true => map::zip_map(a, counts, out, |a: A, b| a.wrapping_shl(b)),
        false => {
            map::zip_map(a, counts, out, |a: A, b| a.checked_shl(b).unwrap_or_else(A::zero));
        }
    }
}

/// Shifts the bits of integers to the right.
///
/// *out\[i\] = ⌊a\[i\] / 2^b\[i\]⌋*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`. `b` counts bits, as `u32`.
///
/// Negative numbers stay negative: the shift is arithmetic. A count of the integer's width or more leaves only the
/// sign, 0 or −1, as in NumPy. (Rust's `>>` panics or takes the count modulo the width.) Empty arrays are fine. `out`
/// cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.right_shift(a, b, out=out)` and ndarray's `&a >> &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::right_shift_into;
///
/// let mut out = Array1::zeros(3);
/// right_shift_into(&array![9_i8, -9, -9], &array![1, 1, 8], &mut out);
/// assert_eq!(out, array![4, -5, -1]);
/// ```
#[doc(alias = "bitwise_right_shift")]
#[doc(alias = "shr")]
#[track_caller]
pub fn right_shift_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<u32, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: PrimInt + CheckedShr + WrappingShr + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("right_shift_into", "a", a, out);
    let counts = check::broadcast("right_shift_into", "b", b, out);
    let sign = |a: A| if a < A::zero() { !A::zero() } else { A::zero() };
    match all_leave_something::<A, _>(b) {
        true => map::zip_map(a, counts, out, |a: A, b| a.wrapping_shr(b)),
        false => {
            map::zip_map(a, counts, out, |a: A, b| a.checked_shr(b).unwrap_or_else(|| sign(a)));
        }
    }
}

/// Whether all counts are less than the width of the integers.
///
/// Testing each count while shifting would prevent vectorisation: shifts took a fifth longer than with this test before
/// them. (`counts` are not broadcast yet, so they are short.)
fn all_leave_something<A, D: Dimension>(counts: &ArrayRef<u32, D>) -> bool {
    let leaves_nothing = |count| count as usize >= 8 * size_of::<A>();
    match counts.as_slice_memory_order() {
        Some(counts) => !any(counts, leaves_nothing),
        None => !counts.iter().any(|&count| leaves_nothing(count)),
    }
}
