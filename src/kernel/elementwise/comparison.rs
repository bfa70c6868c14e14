//! Elementwise comparisons of two arrays, into truth values.
//!
//! To compare with one number without allocating an array for it, pass ndarray's `aview0(&number)`, as the examples
//! here do.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::{check, map};

/// Compares two arrays for equality, element by element.
///
/// *out\[i\] = (a\[i\] = b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`, which holds `bool`.
///
/// NaN equals nothing, itself included; −0 equals 0. Empty arrays are fine. `out` cannot
/// overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.equal(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(equal)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::equal_into;
///
/// let mut out = Array1::from_elem(3, false);
/// equal_into(&array![1.0, 2.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![false, true, false]);
/// ```
#[doc(alias = "eq")]
#[track_caller]
pub fn equal_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    A: Copy + PartialEq + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("equal_into", "a", a, out);
    let b = check::broadcast("equal_into", "b", b, out);
    map::zip_map(a, b, out, equal);
}

/// Compares two arrays for inequality, element by element.
///
/// *out\[i\] = (a\[i\] ≠ b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`, which holds `bool`.
///
/// NaN differs from everything, itself included (`not_equal_into(&a, &a, ..)` finds the NaNs); −0 does not differ from
/// 0. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.not_equal(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(not_equal)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::not_equal_into;
///
/// let mut out = Array1::from_elem(3, false);
/// not_equal_into(&array![1.0, 2.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![true, false, true]);
/// ```
#[doc(alias = "ne")]
#[track_caller]
pub fn not_equal_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    A: Copy + PartialEq + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("not_equal_into", "a", a, out);
    let b = check::broadcast("not_equal_into", "b", b, out);
    map::zip_map(a, b, out, not_equal);
}

/// Tells where `a` is less than `b`.
///
/// *out\[i\] = (a\[i\] < b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`, which holds `bool`.
///
/// A comparison with NaN is false; −0 is not less than 0. Empty arrays are fine. `out` cannot
/// overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.less(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(less)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::less_into;
///
/// let mut out = Array1::from_elem(3, false);
/// less_into(&array![1.0, 2.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![true, false, false]);
/// ```
#[doc(alias = "lt")]
#[track_caller]
pub fn less_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("less_into", "a", a, out);
    let b = check::broadcast("less_into", "b", b, out);
    map::zip_map(a, b, out, less);
}

/// Tells where `a` is less than `b`, or equal.
///
/// *out\[i\] = (a\[i\] ≤ b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`, which holds `bool`.
///
/// A comparison with NaN is false, so this is not the opposite of [`greater_into`]; −0 equals 0. Empty arrays are fine.
/// `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.less_equal(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(less_equal)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::less_equal_into;
///
/// let mut out = Array1::from_elem(3, false);
/// less_equal_into(&array![1.0, 2.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![true, true, false]);
/// ```
#[doc(alias = "le")]
#[track_caller]
pub fn less_equal_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("less_equal_into", "a", a, out);
    let b = check::broadcast("less_equal_into", "b", b, out);
    map::zip_map(a, b, out, less_equal);
}

/// Tells where `a` is greater than `b`.
///
/// *out\[i\] = (a\[i\] > b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`, which holds `bool`.
///
/// A comparison with NaN is false; 0 is not greater than −0. Empty arrays are fine. `out` cannot
/// overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.greater(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(greater)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::greater_into;
///
/// let mut out = Array1::from_elem(3, false);
/// greater_into(&array![1.0, 2.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![false, false, false]);
/// ```
#[doc(alias = "gt")]
#[track_caller]
pub fn greater_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("greater_into", "a", a, out);
    let b = check::broadcast("greater_into", "b", b, out);
    map::zip_map(a, b, out, greater);
}

/// Tells where `a` is greater than `b`, or equal.
///
/// *out\[i\] = (a\[i\] ≥ b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`, which holds `bool`.
///
/// A comparison with NaN is false, so this is not the opposite of [`less_into`]; −0 equals 0. Empty arrays are fine.
/// `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.greater_equal(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(greater_equal)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::greater_equal_into;
///
/// let mut out = Array1::from_elem(3, false);
/// greater_equal_into(&array![1.0, 2.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![false, true, false]);
/// ```
#[doc(alias = "ge")]
#[track_caller]
pub fn greater_equal_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<bool, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("greater_equal_into", "a", a, out);
    let b = check::broadcast("greater_equal_into", "b", b, out);
    map::zip_map(a, b, out, greater_equal);
}

// Functions and not closures: those of a kernel would be other types for each number of axes.

fn equal<A: PartialEq>(a: A, b: A) -> bool {
    a == b
}

fn not_equal<A: PartialEq>(a: A, b: A) -> bool {
    a != b
}

fn less<A: PartialOrd>(a: A, b: A) -> bool {
    a < b
}

fn less_equal<A: PartialOrd>(a: A, b: A) -> bool {
    a <= b
}

fn greater<A: PartialOrd>(a: A, b: A) -> bool {
    a > b
}

fn greater_equal<A: PartialOrd>(a: A, b: A) -> bool {
    a >= b
}
