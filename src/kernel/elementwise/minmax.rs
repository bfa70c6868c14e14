//! Elementwise maximum, minimum and clamp.
//!
//! The name says what NaN does: [`maximum_into`] and [`minimum_into`] propagate it, as arithmetic does, and so do the
//! clamps; [`fmax_into`] and [`fmin_into`] take the other operand, as `f64::max` does. None of them tells 0 from −0: of
//! equal elements the one of `b` is taken, as NumPy does on x86-64, and a clamp keeps what it was given.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::number::order::is_nan;
use crate::kernel::engine::{check, map};

/// Takes the larger of each pair of elements.
///
/// *out\[i\] = max(a\[i\], b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// NaN in either operand gives NaN. Of equal elements, 0 and −0 among them, the one of `b` is taken. Empty arrays are
/// fine. `out` cannot overlap the inputs: in place, use [`maximum_inplace`].
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.maximum(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::maximum_into;
///
/// let mut out = Array1::zeros(3);
/// maximum_into(&array![1.0, 5.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out.as_slice().unwrap()[..2], [2.0, 5.0]); // the third is NaN
/// assert!(out[2].is_nan());
/// ```
#[doc(alias = "max")]
#[track_caller]
pub fn maximum_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("maximum_into", "a", a, out);
    let b = check::broadcast("maximum_into", "b", b, out);
    map::zip_map(a, b, out, maximum);
}

/// Takes the smaller of each pair of elements.
///
/// *out\[i\] = min(a\[i\], b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`.
///
/// NaN in either operand gives NaN. Of equal elements, 0 and −0 among them, the one of `b` is taken. Empty arrays are
/// fine. `out` cannot overlap the inputs: in place, use [`minimum_inplace`].
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.minimum(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::minimum_into;
///
/// let mut out = Array1::zeros(3);
/// minimum_into(&array![1.0, 5.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out.as_slice().unwrap()[..2], [1.0, 2.0]); // the third is NaN
/// assert!(out[2].is_nan());
/// ```
#[doc(alias = "min")]
#[track_caller]
pub fn minimum_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("minimum_into", "a", a, out);
    let b = check::broadcast("minimum_into", "b", b, out);
    map::zip_map(a, b, out, minimum);
}

/// Takes the larger of each pair of elements, ignoring NaN.
///
/// *out\[i\] = max(a\[i\], b\[i\])*
///
/// As [`maximum_into`], but NaN stands for a missing number: the other operand is taken, and NaN only if both are NaN.
/// `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.fmax(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::fmax_into;
///
/// let mut out = Array1::zeros(3);
/// fmax_into(&array![1.0, 5.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![2.0, 5.0, 2.0]);
/// ```
#[doc(alias = "max")]
#[track_caller]
pub fn fmax_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("fmax_into", "a", a, out);
    let b = check::broadcast("fmax_into", "b", b, out);
    map::zip_map(a, b, out, fmax);
}

/// Takes the smaller of each pair of elements, ignoring NaN.
///
/// *out\[i\] = min(a\[i\], b\[i\])*
///
/// As [`minimum_into`], but NaN stands for a missing number: the other operand is taken, and NaN only if both are NaN.
/// `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.fmin(a, b, out=out)` and ndarray's `Zip::from(&a).and(&b).map_collect(..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::fmin_into;
///
/// let mut out = Array1::zeros(3);
/// fmin_into(&array![1.0, 5.0, f64::NAN], &aview0(&2.0), &mut out);
/// assert_eq!(out, array![1.0, 2.0, 2.0]);
/// ```
#[doc(alias = "min")]
#[track_caller]
pub fn fmin_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, b: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let a = check::broadcast("fmin_into", "a", a, out);
    let b = check::broadcast("fmin_into", "b", b, out);
    map::zip_map(a, b, out, fmin);
}

/// Takes the larger of each pair of elements, in place: a running maximum.
///
/// *a\[i\] ← max(a\[i\], b\[i\])*
///
/// As [`maximum_into`], bit for bit, with `b` of any shape that broadcasts to the shape of `a`. NaN in either operand
/// gives NaN, which then stays. `a` cannot overlap `b`.
///
/// # Panics
///
/// If `b` cannot be broadcast to the shape of `a`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.maximum(a, b, out=a)` and ndarray's `a.zip_mut_with(&b, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::maximum_inplace;
///
/// let mut highest = array![0.0, 0.0];
/// for reading in [array![1.0, -7.0], array![3.0, 2.0], array![2.0, -9.0]] {
///     maximum_inplace(&mut highest, &reading);
/// }
/// assert_eq!(highest, array![3.0, 2.0]);
/// ```
#[track_caller]
pub fn maximum_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>)
where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D: Dimension,
{
    let b = check::broadcast_to("maximum_inplace", ("b", b), ("a", a));
    map::update::update(a, b, maximum);
}

/// Takes the smaller of each pair of elements, in place: a running minimum.
///
/// *a\[i\] ← min(a\[i\], b\[i\])*
///
/// As [`minimum_into`], bit for bit, with `b` of any shape that broadcasts to the shape of `a`. NaN in either operand
/// gives NaN, which then stays. `a` cannot overlap `b`.
///
/// # Panics
///
/// If `b` cannot be broadcast to the shape of `a`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.minimum(a, b, out=a)` and ndarray's `a.zip_mut_with(&b, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::minimum_inplace;
///
/// let mut lowest = array![0.0, 0.0];
/// for reading in [array![1.0, -7.0], array![3.0, 2.0], array![2.0, -9.0]] {
///     minimum_inplace(&mut lowest, &reading);
/// }
/// assert_eq!(lowest, array![0.0, -9.0]);
/// ```
#[track_caller]
pub fn minimum_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>)
where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D: Dimension,
{
    let b = check::broadcast_to("minimum_inplace", ("b", b), ("a", a));
    map::update::update(a, b, minimum);
}

/// Limits elements to a range.
///
/// *out\[i\] = min(max(a\[i\], min), max)*
///
/// `a` has any shape that broadcasts to the shape of `out`. For bounds that differ from element to element, call
/// [`maximum_into`] with the lower and [`minimum_inplace`] with the upper ones.
///
/// NaN stays NaN, and a bound of NaN makes every element NaN. An element that equals a bound is kept (0 and −0 are
/// equal). Bounds in the wrong order give `max` everywhere, as in NumPy. (ndarray's `clamp` panics on such bounds.)
/// Empty arrays are fine. `a` and `out` cannot overlap: in place, use [`clamp_inplace`].
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.clip(a, min, max, out=out)` and ndarray's `a.clamp(min, max)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::clamp_into;
///
/// let mut out = Array1::zeros(3);
/// clamp_into(&array![-0.5, 0.5, 1.5], 0.0, 1.0, &mut out);
/// assert_eq!(out, array![0.0, 0.5, 1.0]);
/// ```
#[doc(alias = "clip")]
#[track_caller]
pub fn clamp_into<A, D1, D>(a: &ArrayRef<A, D1>, min: A, max: A, out: &mut ArrayRef<A, D>)
where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D: Dimension,
{
    let a = check::broadcast("clamp_into", "a", a, out);
    match nan_of(min, max) {
        Some(nan) => out.fill(nan),
        None => map::map(a, out, clamping(min, max)),
    }
}

/// Limits elements to a range, in place.
///
/// *a\[i\] ← min(max(a\[i\], min), max)*
///
/// As [`clamp_into`], bit for bit.
///
/// # Panics
///
/// Never.
///
/// # Replaces
///
/// NumPy's `np.clip(a, min, max, out=a)` and ndarray's `a.mapv_inplace(|a| a.clamp(min, max))`, which panics
/// on bounds in the wrong order.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::clamp_inplace;
///
/// let mut a = array![-5, 5, 15];
/// clamp_inplace(&mut a, 0, 10);
/// assert_eq!(a, array![0, 5, 10]);
/// ```
#[doc(alias = "clip")]
pub fn clamp_inplace<A, D>(a: &mut ArrayRef<A, D>, min: A, max: A)
where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    match nan_of(min, max) {
        Some(nan) => a.fill(nan),
        None => a.mapv_inplace(clamping(min, max)),
    }
}

// `if a > b { a } else { b }` is one instruction, and gives `b` if either is NaN. So the four functions differ in what
// they put in the place of `b`. (With the choice after the comparison, `maximum_into` took a tenth longer: the compiler
// makes a mask of either.)

fn maximum<A: Copy + PartialOrd>(a: A, b: A) -> A {
    let b = if is_nan(a) { a } else { b };
    if a > b { a } else { b }
}

fn minimum<A: Copy + PartialOrd>(a: A, b: A) -> A {
    let b = if is_nan(a) { a } else { b };
    if a < b { a } else { b }
}

fn fmax<A: Copy + PartialOrd>(a: A, b: A) -> A {
    let b = if is_nan(b) { a } else { b };
    if a > b { a } else { b }
}

fn fmin<A: Copy + PartialOrd>(a: A, b: A) -> A {
    let b = if is_nan(b) { a } else { b };
    if a < b { a } else { b }
}

/// Clamps to these bounds. (Not as a closure of a kernel, which would be another type for each number of axes.)
fn clamping<A: Copy + PartialOrd>(min: A, max: A) -> impl Fn(A) -> A {
    move |a| clamp(a, min, max)
}

fn clamp<A: Copy + PartialOrd>(a: A, min: A, max: A) -> A {
    let raised = if a < min { min } else { a };
    if raised > max { max } else { raised }
}

/// A bound that is NaN, and so makes everything NaN.
fn nan_of<A: Copy + PartialOrd>(min: A, max: A) -> Option<A> {
    [max, min].into_iter().find(|&bound| is_nan(bound))
}
