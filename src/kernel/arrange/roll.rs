//! Cyclic shifts: elements that are shifted beyond one end of an axis reappear at the other.

use ndarray::{ArrayRef, ArrayView, ArrayViewMut, ArrayViewMut1, Axis, Dimension, RemoveAxis};

use crate::kernel::arrange::flip;
use crate::kernel::engine::copy::rows::{row_len, runs_along};
use crate::kernel::engine::{check, copy};

/// Copies `a` with its elements shifted cyclically in logical order, regardless of its axes.
///
/// *out\[(i + shift) mod n\] = a\[i\]*, where i counts the n elements in logical order (the last index varies fastest)
///
/// `a` and `out` have the same shape, and any memory order: it does not change the result. A positive shift is towards
/// the end. To shift along an axis, see [`roll_axis_into`].
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` does not have the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.roll(a, shift)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::roll_into;
///
/// let mut out = Array2::zeros((2, 3));
/// roll_into(&array![[1, 2, 3], [4, 5, 6]], 1, &mut out);
/// assert_eq!(out, array![[6, 1, 2], [3, 4, 5]]);
/// ```
#[doc(alias = "roll")]
#[doc(alias = "rotate")]
#[track_caller]
pub fn roll_into<A, D>(a: &ArrayRef<A, D>, shift: isize, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: Dimension,
{
    check::same_shape("roll_into", ("a", a), ("out", out));
    if out.is_empty() {
        return; // avoids a division by zero
    }
    let back = back(shift, a.len());
    if let (Some(a), Some(out)) = (a.as_slice(), out.as_slice_mut()) {
        let (kept, fallen) = a.split_at(back);
        let (start, end) = out.split_at_mut(a.len() - back);
        copy::copy(fallen.into(), &mut ArrayViewMut1::from(start));
        copy::copy(kept.into(), &mut ArrayViewMut1::from(end));
    } else {
        let rolled = a.iter().skip(back).chain(a.iter().take(back));
        out.iter_mut().zip(rolled).for_each(|(out, &a)| *out = a);
    }
}

/// Copies `a` with its rows shifted cyclically along an axis.
///
/// *out\[…, (i + shift) mod n, …\] = a\[…, i, …\]*, with i at the place of `axis`, which is n long
///
/// `a` and `out` have the same shape. A positive shift is towards the end; any number is allowed. There are two copies
/// of slices, so contiguous rows are moved as blocks.
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap: see [`roll_axis_inplace`].
///
/// # Panics
///
/// If `a` has no such axis or does not have the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.roll(a, shift, axis)`, which allocates. ndarray has no such function; two `slice_axis` with
/// `assign` do the same.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::roll_axis_into;
///
/// let mut out = Array2::zeros((2, 3));
/// roll_axis_into(&array![[1, 2, 3], [4, 5, 6]], Axis(1), -1, &mut out);
/// assert_eq!(out, array![[2, 3, 1], [5, 6, 4]]);
/// ```
#[doc(alias = "roll")]
#[doc(alias = "shift")]
#[track_caller]
pub fn roll_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, shift: isize, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("roll_axis_into", axis, ("a", a));
    check::same_shape("roll_axis_into", ("a", a), ("out", out));
    if out.is_empty() {
        return; // avoids a division by zero
    }
    for (a, mut out) in halves(a.view(), out.view_mut(), shift, axis) {
        copy::copy(a, &mut out);
    }
}

/// Copies `a` with its elements shifted cyclically along every axis at once.
///
/// *out\[(i + s₀) mod n₀, (j + s₁) mod n₁, …\] = a\[i, j, …\]*, with s for `shifts`
///
/// `a` and `out` have the same shape; `shifts` holds one number for each axis, zero for no shift. Each element is moved
/// once, however many axes are shifted. With half the length of each axis it centres the zero frequency of a spectrum
/// (`fftshift`).
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` does not have the shape of `out`, or `shifts` not as many numbers as axes; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.roll(a, shifts, axes)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::roll_axes_into;
///
/// let mut out = Array2::zeros((2, 3));
/// roll_axes_into(&array![[1, 2, 3], [4, 5, 6]], &[1, -1], &mut out);
/// assert_eq!(out, array![[5, 6, 4], [2, 3, 1]]);
/// ```
#[doc(alias = "roll")]
#[doc(alias = "fftshift")]
#[doc(alias = "ifftshift")]
#[track_caller]
pub fn roll_axes_into<A, D>(a: &ArrayRef<A, D>, shifts: &[isize], out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: Dimension,
{
    check::same_shape("roll_axes_into", ("a", a), ("out", out));
    let what = "the number of axes of `a`";
    check::len_is("roll_axes_into", ("shifts", shifts.len()), a.ndim(), what);
    if !out.is_empty() {
        roll_from(a.view(), out.view_mut(), shifts, Axis(0));
    }
}

/// Shifts the rows of `a` cyclically along an axis, in place.
///
/// *a\[…, (i + shift) mod n, …\] ← a\[…, i, …\]*, with i at the place of `axis`, which is n long
///
/// A positive shift is towards the end; any number is allowed, and its negative undoes it. Along the first axis of
/// arrays in C order, and wherever the axis has the narrowest step in memory, elements are rotated as by std's
/// `rotate_right`; otherwise rows are swapped, each twice. [`roll_axis_into`] with another array is faster.
///
/// NaN is moved like any value. Empty arrays are fine.
///
/// # Panics
///
/// If `a` has no such axis.
///
/// # Replaces
///
/// NumPy's `a[...] = np.roll(a, shift, axis)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::roll_axis_inplace;
///
/// let mut a = array![[1, 2], [3, 4], [5, 6]];
/// roll_axis_inplace(&mut a, Axis(0), 1);
/// assert_eq!(a, array![[5, 6], [1, 2], [3, 4]]);
/// ```
#[doc(alias = "roll")]
#[doc(alias = "rotate_right")]
#[doc(alias = "rotate_left")]
#[track_caller]
pub fn roll_axis_inplace<A, D>(a: &mut ArrayRef<A, D>, axis: Axis, shift: isize)
where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("roll_axis_inplace", axis, ("a", a));
    if a.is_empty() {
        return; // avoids a division by zero
    }
    let back = back(shift, a.len_of(axis));
    let (by_lanes, row_len) = (runs_along(a, axis), row_len(a, axis));
    if let (Some(len), Some(a)) = (row_len, a.as_slice_mut()) {
        a.rotate_left(back * len);
    } else if by_lanes {
        for mut lane in a.lanes_mut(axis) {
            match lane.as_slice_mut() {
                Some(lane) => lane.rotate_left(back),
                None => rotate(lane, back, Axis(0)),
            }
        }
    } else {
        rotate(a.view_mut(), back, axis);
    }
}

/// The number of elements at the start of an axis of `len` that are at its end after the shift.
fn back(shift: isize, len: usize) -> usize {
    // `len` is no larger than `isize::MAX` bytes, and the remainder below it.
    (len - shift.rem_euclid(len as isize) as usize) % len
}

/// [`roll_axes_into`] along `axis` and the axes after it: `a` is split in two along every axis in turn.
fn roll_from<A: Copy + 'static, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, A, D>,
    shifts: &[isize],
    axis: Axis,
) {
    let [shift, others @ ..] = shifts else {
        return copy::copy(a, &mut out);
    };
    for (a, out) in halves(a, out, *shift, axis) {
        if !out.is_empty() {
            roll_from(a, out, others, Axis(axis.index() + 1));
        }
    }
}

/// The two parts of `a` that a shift keeps together, each with its part of `out`.
fn halves<'a, 'out, A, D: Dimension>(
    a: ArrayView<'a, A, D>,
    out: ArrayViewMut<'out, A, D>,
    shift: isize,
    axis: Axis,
) -> [(ArrayView<'a, A, D>, ArrayViewMut<'out, A, D>); 2] {
    let len = a.len_of(axis);
    let back = back(shift, len);
    let (kept, fallen) = a.split_at(axis, back);
    let (start, end) = out.split_at(axis, len - back);
    [(fallen, start), (kept, end)]
}

/// Brings the rows from number `back` on to the front: reversing both parts, and then the whole, restores the order
/// within each part.
fn rotate<A, D: Dimension>(mut a: ArrayViewMut<'_, A, D>, back: usize, axis: Axis) {
    let (kept, fallen) = a.view_mut().split_at(axis, back);
    flip::reverse(kept, axis);
    flip::reverse(fallen, axis);
    flip::reverse(a, axis);
}
