//! Reversing the order along an axis.

use std::mem;

use ndarray::{ArrayRef, ArrayViewMut, Axis, Dimension, RemoveAxis, Zip};

use crate::kernel::engine::copy::rows::{copy_row, gather_short_lanes, row_len, runs_along};
use crate::kernel::engine::cpu::stream::{self, Stream};
use crate::kernel::engine::{check, copy};

/// Copies `a` with the order of the rows along an axis reversed.
///
/// *out\[…, i, …\] = a\[…, n − 1 − i, …\]*, with i at the place of `axis`, which is n long
///
/// `a` and `out` have the same shape. Rows that are contiguous are moved as blocks. (Where a view is enough,
/// ndarray's `invert_axis` moves nothing.)
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap: see [`flip_axis_inplace`].
///
/// # Panics
///
/// If `a` has no such axis or does not have the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `out[...] = np.flip(a, axis)` and ndarray's `a.slice(s![..;-1, ..]).to_owned()`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::flip_axis_into;
///
/// let mut out = Array2::zeros((2, 3));
/// flip_axis_into(&array![[1, 2, 3], [4, 5, 6]], Axis(1), &mut out);
/// assert_eq!(out, array![[3, 2, 1], [6, 5, 4]]);
/// ```
#[doc(alias = "flip")]
#[doc(alias = "flipud")]
#[doc(alias = "fliplr")]
#[doc(alias = "invert_axis")]
#[doc(alias = "reverse")]
#[track_caller]
pub fn flip_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("flip_axis_into", axis, ("a", a));
    check::same_shape("flip_axis_into", ("a", a), ("out", out));
    if out.is_empty() {
        return;
    }
    if let (Some(len), Some(a)) = (row_len(a, axis), a.as_slice())
        && let Some(out) = out.as_slice_mut()
    {
        let rows = a.chunks_exact(len).rev();
        if stream::pays_in_lanes::<A>(size_of_val(a) + size_of_val(out), len) {
            Stream::over(out, |out| {
                rows.enumerate().for_each(|(i, row)| out.copy(i * len..(i + 1) * len, row));
            });
        } else {
            rows.zip(out.chunks_exact_mut(len)).for_each(|(row, out)| copy_row(row, out));
        }
    } else if gather_short_lanes(a, axis, |i| a.len_of(axis) - 1 - i, out) {
    } else if runs_along(out, axis) && runs_along(a, axis) {
        for (mut out, a) in out.lanes_mut(axis).into_iter().zip(a.lanes(axis)) {
            match (a.to_slice(), out.as_slice_mut()) {
                (Some(a), Some(out)) => {
                    out.iter_mut().zip(a.iter().rev()).for_each(|(out, &a)| *out = a);
                }
                _ => out.iter_mut().zip(a.iter().rev()).for_each(|(out, &a)| *out = a),
            }
        }
    } else {
        let mut flipped = a.view();
        flipped.invert_axis(axis);
        copy::copy(flipped, out);
    }
}

/// Reverses the order of the rows along an axis, in place.
///
/// *a\[…, i, …\] ← a\[…, n − 1 − i, …\]*, with i at the place of `axis`, which is n long
///
/// Rows are swapped in pairs, so each is read and written once. Flipping twice changes nothing.
///
/// NaN is moved like any value. Empty arrays are fine.
///
/// # Panics
///
/// If `a` has no such axis.
///
/// # Replaces
///
/// NumPy's `a[...] = np.flip(a, axis)`, which makes a hidden copy. ndarray has no such function (its `invert_axis`
/// changes the view, not the memory).
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::flip_axis_inplace;
///
/// let mut a = array![[1, 2], [3, 4], [5, 6]];
/// flip_axis_inplace(&mut a, Axis(0));
/// assert_eq!(a, array![[5, 6], [3, 4], [1, 2]]);
/// ```
#[doc(alias = "flip")]
#[doc(alias = "reverse")]
#[track_caller]
pub fn flip_axis_inplace<A, D>(a: &mut ArrayRef<A, D>, axis: Axis)
where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("flip_axis_inplace", axis, ("a", a));
    if a.is_empty() {
        return;
    }
    if runs_along(a, axis) {
        for mut lane in a.lanes_mut(axis) {
            match lane.as_slice_mut() {
                Some(lane) => lane.reverse(),
                None => reverse(lane, Axis(0)),
            }
        }
    } else {
        reverse(a.view_mut(), axis);
    }
}

/// Swaps the first half with the second, which is walked backwards.
pub(crate) fn reverse<A, D: Dimension>(a: ArrayViewMut<'_, A, D>, axis: Axis) {
    let len = a.len_of(axis);
    let (low, rest) = a.split_at(axis, len / 2);
    let (_, mut high) = rest.split_at(axis, len % 2);
    high.invert_axis(axis);
    Zip::from(low).and(high).for_each(mem::swap);
}
