//! Running results over all elements in logical order, as if the array had one axis: NumPy's scans without `axis=`.
//!
//! In logical order the last index varies fastest, whatever the memory order.

use std::ops::{Add, Mul};

use ndarray::{ArrayRef, Dimension};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::scan::number_or;

/// Computes the running sums over all elements.
///
/// *out\[i\] = a\[0\] + … + a\[i\]*, where i counts the elements in logical order (the last index varies fastest)
///
/// `a` has any shape, and `out` any with as many elements: one axis as in NumPy, or the shape of `a`. Along an axis it
/// is [`cumsum_axis_into`](crate::kernel::cumsum_axis_into).
///
/// Rounding errors are those of sequential summation: n ε for n numbers. NaN gives NaN from there on. Empty arrays are
/// fine. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `out` does not have as many elements as `a`; nothing is written then. Integers overflow as with `+`: with a panic
/// where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.cumsum(a, out=out)`, and in ndarray a loop.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::cumsum_into;
///
/// let mut out = array![0, 0, 0, 0];
/// cumsum_into(&array![[1, 2], [3, 4]], &mut out);
/// assert_eq!(out, array![1, 3, 6, 10]);
/// ```
#[doc(alias = "cumsum")]
#[doc(alias = "cumulative_sum")]
#[track_caller]
pub fn cumsum_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Add<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    check::same_count("cumsum_into", ("out", out), ("a", a));
    check::arithmetic::<A, _>("cumsum_into", || scan(a, out, |x| x, |sum, x| sum + x));
}

/// Computes the running products over all elements.
///
/// *out\[i\] = a\[0\] · … · a\[i\]*, where i counts the elements in logical order (the last index varies fastest)
///
/// `a` has any shape, and `out` any with as many elements: one axis as in NumPy, or the shape of `a`. Along an axis it
/// is [`cumprod_axis_into`](crate::kernel::cumprod_axis_into).
///
/// NaN gives NaN from there on. Empty arrays are fine. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `out` does not have as many elements as `a`; nothing is written then. Integers overflow as with `*`: with a panic
/// where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.cumprod(a, out=out)`, and in ndarray a loop.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::cumprod_into;
///
/// let mut out = array![0, 0, 0, 0];
/// cumprod_into(&array![[1, 2], [3, 4]], &mut out);
/// assert_eq!(out, array![1, 2, 6, 24]);
/// ```
#[doc(alias = "cumprod")]
#[doc(alias = "cumulative_prod")]
#[track_caller]
pub fn cumprod_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Mul<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    check::same_count("cumprod_into", ("out", out), ("a", a));
    check::arithmetic::<A, _>("cumprod_into", || scan(a, out, |x| x, |product, x| product * x));
}

/// Computes the running sums over all elements, with zero in the place of NaN.
///
/// *out\[i\] = Σ a\[k\] over the k ≤ i whose a\[k\] is not NaN*, where i and k count the elements in logical order
///
/// As [`cumsum_into`] otherwise. Infinities of both signs give NaN from there on. Along an axis it is
/// [`nancumsum_axis_into`](crate::kernel::nancumsum_axis_into).
///
/// # Panics
///
/// If `out` does not have as many elements as `a`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nancumsum(a, out=out)`, which copies the array, and in ndarray a loop.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::nancumsum_into;
///
/// let mut out = array![0.0, 0.0, 0.0, 0.0];
/// nancumsum_into(&array![[1.0, f64::NAN], [3.0, 4.0]], &mut out);
/// assert_eq!(out, array![1.0, 1.0, 4.0, 8.0]);
/// ```
#[doc(alias = "nancumsum")]
#[track_caller]
pub fn nancumsum_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float + 'static,
    D1: Dimension,
    D: Dimension,
{
    check::same_count("nancumsum_into", ("out", out), ("a", a));
    scan(a, out, |x| number_or(x, A::zero()), |sum, x| sum + number_or(x, A::zero()));
}

/// Computes the running products over all elements, with one in the place of NaN.
///
/// *out\[i\] = Π a\[k\] over the k ≤ i whose a\[k\] is not NaN*, where i and k count the elements in logical order
///
/// As [`cumprod_into`] otherwise. Zero times infinity gives NaN from there on. Along an axis it is
/// [`nancumprod_axis_into`](crate::kernel::nancumprod_axis_into).
///
/// # Panics
///
/// If `out` does not have as many elements as `a`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nancumprod(a, out=out)`, which copies the array, and in ndarray a loop.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::nancumprod_into;
///
/// let mut out = array![0.0, 0.0, 0.0, 0.0];
/// nancumprod_into(&array![[2.0, f64::NAN], [3.0, 4.0]], &mut out);
/// assert_eq!(out, array![2.0, 2.0, 6.0, 24.0]);
/// ```
#[doc(alias = "nancumprod")]
#[track_caller]
pub fn nancumprod_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Float + 'static,
    D1: Dimension,
    D: Dimension,
{
    check::same_count("nancumprod_into", ("out", out), ("a", a));
    scan(a, out, |x| number_or(x, A::one()), |product, x| product * number_or(x, A::one()));
}

/// Computes the running results of any function over all elements.
///
/// *out\[0\] = a\[0\], out\[i\] = f(out\[i − 1\], a\[i\])*, where i counts the elements in logical order (the last
/// index varies fastest)
///
/// `a` has any shape, and `out` any with as many elements: one axis, or the shape of `a`. Along an axis it is
/// [`accumulate_axis_into`](crate::kernel::accumulate_axis_into). `f` is not called for the first element; `f64::max`
/// gives the largest number so far.
///
/// NaN reaches `f` like any value. Empty arrays are fine. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `out` does not have as many elements as `a`; nothing is written then. A panic of `f` passes through and
/// leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `ufunc.accumulate(a.ravel(), out=out)`, which may copy, and in ndarray a loop.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::accumulate_into;
///
/// let mut out = array![0, 0, 0, 0];
/// accumulate_into(&array![[1, 5], [3, 7]], &mut out, i32::max);
/// assert_eq!(out, array![1, 5, 5, 7]);
/// ```
#[doc(alias = "ufunc.accumulate")]
#[doc(alias = "scan")]
#[track_caller]
pub fn accumulate_into<A, D1, D, F>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>, f: F)
where
    A: Copy + 'static,
    D1: Dimension,
    D: Dimension,
    F: FnMut(A, A) -> A,
{
    check::same_count("accumulate_into", ("out", out), ("a", a));
    scan(a, out, |x| x, f);
}

/// `out[0] = first(a[0])`, `out[i] = step(out[i - 1], a[i])`.
fn scan<A: Copy, D1: Dimension, D: Dimension>(
    a: &ArrayRef<A, D1>,
    out: &mut ArrayRef<A, D>,
    first: impl Fn(A) -> A,
    step: impl FnMut(A, A) -> A,
) {
    match (a.as_slice(), out.as_slice_mut()) {
        (Some(a), Some(out)) => walk(a, out, first, step),
        _ => walk(a, out, first, step),
    }
}

fn walk<'a, A: Copy + 'a>(
    a: impl IntoIterator<Item = &'a A>,
    out: impl IntoIterator<Item = &'a mut A>,
    first: impl Fn(A) -> A,
    mut step: impl FnMut(A, A) -> A,
) {
    let mut pairs = out.into_iter().zip(a);
    let Some((out, &x)) = pairs.next() else { return };
    let mut last = first(x);
    *out = last;
    pairs.for_each(|(out, &x)| {
        last = step(last, x);
        *out = last;
    });
}
