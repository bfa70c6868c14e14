//! Differences, slopes and areas of evenly spaced samples along an axis.

use std::ops::Sub;

use ndarray::{ArrayRef, ArrayView1, ArrayViewMut1, Axis, Dimension, RemoveAxis, Slice, Zip};
use num_traits::Float;

use super::fold::{self, BehindFirst, first_before, lanes_are_narrow, to_front};
use super::reduce::{adding, from_zero};
use super::{check, check_reduce, drive};

/// The largest order of a difference: what is kept for one lane of the last samples has to fit on the stack.
const MOST: usize = 16;

/// Computes the n-th differences along an axis.
///
/// *d⁰ = a, dᵐ\[k\] = dᵐ⁻¹\[k + 1\] − dᵐ⁻¹\[k\], out = dⁿ*
///
/// `a` has any shape with the axis `axis`, and `out` the same shape, but with n elements less along the axis (none
/// if there are not so many). n is at most 16.
///
/// One difference is one subtraction, so higher orders have the roundings of taking first differences n times, but
/// no array in between; `n` = 0 copies.
///
/// NaN and infinities spread to the differences they take part in. Empty arrays are fine. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape told above, or `n` is above 16; nothing is written
/// then. Integers overflow as `-` does: with a panic where overflow checks are on, which leaves `out` partly
/// written.
///
/// # Replaces
///
/// NumPy's `np.diff(a, n, axis)`, which has no `out` and makes an array for each order, and ndarray's `a.diff(n,
/// axis)`, which makes several.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::diff_axis_into;
///
/// let a = array![[1, 4, 9, 16], [0, 0, 1, 0]];
/// let mut out = array![[0, 0], [0, 0]];
/// diff_axis_into(&a, Axis(1), 2, &mut out);
/// assert_eq!(out, array![[2, 2], [1, -2]]);
/// ```
#[doc(alias = "diff")]
#[track_caller]
pub fn diff_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, n: usize, out: &mut ArrayRef<A, D>)
where
    A: Copy + Sub<Output = A> + 'static,
    D: Dimension,
{
    check_reduce::shortened("diff_axis_into", ("a", a), axis, n, out);
    check_reduce::no_more_than("diff_axis_into", ("n", n), MOST);
    if out.is_empty() {
        return;
    }
    match n {
        0 => drive::copy(a.view(), out),
        1 => {
            let (later, earlier) = (Slice::from(1..), Slice::from(..-1));
            let (later, earlier) = (a.slice_axis(axis, later), a.slice_axis(axis, earlier));
            drive::zip_map(later, earlier, out, |later, earlier| later - earlier);
        }
        _ => differences(a, axis, n, out),
    }
}

/// Computes the slope of evenly spaced samples along an axis.
///
/// *out\[k\] = (a\[k + 1\] − a\[k − 1\]) / 2h; at the ends out\[0\] = (a\[1\] − a\[0\]) / h, and so at the other*
///
/// `a` and `out` have the same shape, with at least two elements along the axis `axis`; h is `spacing`.
///
/// Differences are second order inside and first order at the two ends, as is NumPy's default (`edge_order=1`).
///
/// NaN and infinities spread to their neighbours. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis` or not the shape of `out`, or the axis has less than two elements; nothing is written
/// then.
///
/// # Replaces
///
/// NumPy's `np.gradient(a, spacing, axis=axis)`, which has no `out`, and in ndarray a loop over `a.windows(..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::gradient_axis_into;
///
/// let a = array![0.0, 1.0, 4.0, 9.0];
/// let mut out = array![0.0, 0.0, 0.0, 0.0];
/// gradient_axis_into(&a, Axis(0), 0.5, &mut out);
/// assert_eq!(out, array![2.0, 4.0, 8.0, 10.0]);
/// ```
#[doc(alias = "gradient")]
#[doc(alias = "derivative")]
#[track_caller]
pub fn gradient_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    spacing: A,
    out: &mut ArrayRef<A, D>,
) where
    A: Float + 'static,
    D: Dimension,
{
    check::axis("gradient_axis_into", axis, ("a", a));
    check::same_shape("gradient_axis_into", ("a", a), ("out", out));
    check_reduce::at_least("gradient_axis_into", ("a", a), axis, 2);
    let twice = (A::one() + A::one()) * spacing;
    let mut slope = |later: Slice, earlier: Slice, place: Slice, distance: A| {
        let (later, earlier) = (a.slice_axis(axis, later), a.slice_axis(axis, earlier));
        let mut out = out.slice_axis_mut(axis, place);
        drive::zip_map(later, earlier, &mut out, |later, earlier| (later - earlier) / distance);
    };
    slope(Slice::from(1..2), Slice::from(..1), Slice::from(..1), spacing);
    slope(Slice::from(2..), Slice::from(..-2), Slice::new(1, Some(-1), 1), twice);
    slope(Slice::from(-1..), Slice::from(-2..-1), Slice::from(-1..), spacing);
}

/// Integrates evenly spaced samples along an axis by the trapezoidal rule.
///
/// *out\[j\] = Σₖ h (y\[k + 1, j\] + y\[k, j\]) / 2*
///
/// `y` has any shape with the axis `axis`, and `out` the shape of `y` without that axis; h is `spacing`.
///
/// **Accuracy.** Rounding errors are at most (log₂ n + 31) ε Σ h |y\[k\]|. The areas are summed as
/// [`sum_axis_into`](super::sum_axis_into) sums.
///
/// NaN gives NaN. Less than two samples enclose no area: zero. `out` cannot overlap `y`.
///
/// # Panics
///
/// If `y` has no axis `axis`, or `out` does not have the shape of `y` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.trapezoid(y, dx=spacing, axis=axis)`, which has no `out` and makes three arrays, and in ndarray
/// `y.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::trapezoid_axis_into;
///
/// let y = array![[0.0, 0.0], [1.0, 3.0], [2.0, 0.0]];
/// let mut out = array![0.0, 0.0];
/// trapezoid_axis_into(&y, Axis(0), 2.0, &mut out);
/// assert_eq!(out, array![4.0, 6.0]);
/// ```
#[doc(alias = "trapz")]
#[doc(alias = "integrate")]
#[track_caller]
pub fn trapezoid_axis_into<A, D>(
    y: &ArrayRef<A, D>,
    axis: Axis,
    spacing: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("trapezoid_axis_into", ("y", y), axis, out);
    if y.len_of(axis) < 2 {
        return out.fill(A::zero());
    }
    let area = area(spacing);
    let (later, earlier) = (Slice::from(1..), Slice::from(..-1));
    let (later, earlier) = (y.slice_axis(axis, later), y.slice_axis(axis, earlier));
    fold::along_axis_of_two(later, earlier, &area, axis, out, &adding(), from_zero);
}

/// What gives the area between two samples.
fn area<A: Float>(spacing: A) -> impl Fn(A, A) -> A {
    let two = A::one() + A::one();
    move |later, earlier| spacing * (later + earlier) / two
}

/// Differences of order two and above: the last difference of each order is kept until the next sample.
fn differences<A, D>(a: &ArrayRef<A, D>, axis: Axis, n: usize, out: &mut ArrayRef<A, D>)
where
    A: Copy + Sub<Output = A>,
    D: Dimension,
{
    let (mut a, mut out) = (a.view(), out.view_mut());
    to_front(&mut a, axis);
    to_front(&mut out, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut out), &mut BehindFirst(&mut a)]);
    if lanes_are_narrow(&out, along) {
        let (out, a) = (out.lanes_mut(Axis(0)), a.lanes(Axis(0)));
        return Zip::from(out).and(a).for_each(|out, a| differences_of_lane(a, n, out));
    }
    let len = a.len_of(Axis(0));
    first_before(&mut out, along);
    let across = first_before(&mut a, along);
    let chunks = a.axis_chunks_iter(across, COLUMNS).zip(out.axis_chunks_iter_mut(across, COLUMNS));
    for (a, mut out) in chunks {
        let mut last = [[*a.first().expect("chunks have elements"); COLUMNS]; MOST];
        let mut out_rows = out.lanes_mut(across).into_iter();
        for (at, row) in a.lanes(across).into_iter().enumerate() {
            let mut differences = [row[0]; COLUMNS];
            differences.iter_mut().zip(row).for_each(|(difference, &x)| *difference = x);
            let order = (at % len).min(n);
            for last in &mut last[..order] {
                for (difference, last) in differences.iter_mut().zip(last) {
                    (*difference, *last) = (*difference - *last, *difference);
                }
            }
            if order < n {
                last[order] = differences;
            } else if let Some(out) = out_rows.next() {
                out.into_iter().zip(differences).for_each(|(out, difference)| *out = difference);
            }
        }
    }
}

/// Lanes that are walked side by side.
const COLUMNS: usize = 16;

fn differences_of_lane<A>(a: ArrayView1<'_, A>, n: usize, mut out: ArrayViewMut1<'_, A>)
where
    A: Copy + Sub<Output = A>,
{
    let mut last = [a[0]; MOST];
    let mut next = |at: usize, mut difference: A| {
        let order = at.min(n);
        for last in &mut last[..order] {
            (difference, *last) = (difference - *last, difference);
        }
        if order < n {
            last[order] = difference;
        }
        difference
    };
    let mut samples = a.iter().copied().enumerate();
    samples.by_ref().take(n).for_each(|(at, x)| _ = next(at, x));
    out.iter_mut().zip(samples).for_each(|(out, (at, x))| *out = next(at, x));
}
