//! Elementwise logic on truth values.
//!
//! These take `bool` alone: NumPy's "truth of a number" is better expressed by a comparison
//! ([`not_equal_into`](crate::kernel::not_equal_into) with zero). To change an array in place, use ndarray's `a &= &b`,
//! `a |= &b`, `a ^= &b` and `a.mapv_inplace(|a| !a)`.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::{check, map};

/// Tells where both arrays are true.
///
/// *out\[i\] = a\[i\] ∧ b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// Empty arrays are fine. `out` cannot overlap the inputs: in place, write ndarray's `a &= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.logical_and(a, b, out=out)` for arrays of `bool`, and ndarray's `&a & &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::logical_and_into;
///
/// let mut out = Array1::from_elem(4, false);
/// logical_and_into(&array![true, true, false, false], &array![true, false, true, false], &mut out);
/// assert_eq!(out, array![true, false, false, false]);
/// ```
#[track_caller]
pub fn logical_and_into<D1, D2, D>(
    a: &ArrayRef<bool, D1>,
    b: &ArrayRef<bool, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("logical_and_into", "a", a, out);
    let b = check::broadcast("logical_and_into", "b", b, out);
    map::zip_map(a, b, out, bool::bitand);
}

/// Tells where at least one of two arrays is true.
///
/// *out\[i\] = a\[i\] ∨ b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// Empty arrays are fine. `out` cannot overlap the inputs: in place, write ndarray's `a |= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.logical_or(a, b, out=out)` for arrays of `bool`, and ndarray's `&a | &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::logical_or_into;
///
/// let mut out = Array1::from_elem(4, false);
/// logical_or_into(&array![true, true, false, false], &array![true, false, true, false], &mut out);
/// assert_eq!(out, array![true, true, true, false]);
/// ```
#[track_caller]
pub fn logical_or_into<D1, D2, D>(
    a: &ArrayRef<bool, D1>,
    b: &ArrayRef<bool, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("logical_or_into", "a", a, out);
    let b = check::broadcast("logical_or_into", "b", b, out);
    map::zip_map(a, b, out, bool::bitor);
}

/// Tells where exactly one of two arrays is true.
///
/// *out\[i\] = a\[i\] ⊕ b\[i\]*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// Empty arrays are fine. `out` cannot overlap the inputs: in place, write ndarray's `a ^= &b`.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.logical_xor(a, b, out=out)` for arrays of `bool`, and ndarray's `&a ^ &b`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::logical_xor_into;
///
/// let mut out = Array1::from_elem(4, false);
/// logical_xor_into(&array![true, true, false, false], &array![true, false, true, false], &mut out);
/// assert_eq!(out, array![false, true, true, false]);
/// ```
#[track_caller]
pub fn logical_xor_into<D1, D2, D>(
    a: &ArrayRef<bool, D1>,
    b: &ArrayRef<bool, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("logical_xor_into", "a", a, out);
    let b = check::broadcast("logical_xor_into", "b", b, out);
    map::zip_map(a, b, out, bool::bitxor);
}

/// Tells where an array is false.
///
/// *out\[i\] = ¬a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `out`.
///
/// Empty arrays are fine. `a` and `out` cannot overlap: in place, write ndarray's `a.mapv_inplace(|a| !a)`.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.logical_not(a, out=out)` for arrays of `bool`, and ndarray's `!&a`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::logical_not_into;
///
/// let mut out = Array1::from_elem(2, false);
/// logical_not_into(&array![true, false], &mut out);
/// assert_eq!(out, array![false, true]);
/// ```
#[track_caller]
pub fn logical_not_into<D1, D>(a: &ArrayRef<bool, D1>, out: &mut ArrayRef<bool, D>)
where
    D1: Dimension,
    D: Dimension,
{
    map::map(check::broadcast("logical_not_into", "a", a, out), out, bool::not);
}
