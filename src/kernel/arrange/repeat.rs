//! Repeating rows along an axis, and tiling with whole arrays.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::copy::rows::{gather_short_lanes, row_len, runs_along};
use crate::kernel::engine::copy::slice::copy_run;
use crate::kernel::engine::cpu::stream::{self, Stream};
use crate::kernel::engine::{check, copy};

/// Repeats each row along an axis.
///
/// *out\[…, i, …\] = a\[…, ⌊i / repeats⌋, …\]*, with i at the place of `axis`
///
/// `out` has the shape of `a` with `repeats` times its length along the axis. (For a count of its own for each row, use
/// [`take_axis_into`](crate::kernel::take_axis_into) with repeated indices.) To repeat the array as a whole, see
/// [`tile_into`].
///
/// NaN is moved like any value. Empty arrays and `repeats` of zero are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` has no such axis, or does not fit `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.repeat(a, repeats, axis)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::repeat_axis_into;
///
/// let mut out = Array2::zeros((2, 6));
/// repeat_axis_into(&array![[1, 2, 3], [4, 5, 6]], Axis(1), 2, &mut out);
/// assert_eq!(out, array![[1, 1, 2, 2, 3, 3], [4, 4, 5, 5, 6, 6]]);
/// ```
#[doc(alias = "repeat")]
#[doc(alias = "upsample")]
#[track_caller]
pub fn repeat_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    repeats: usize,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("repeat_axis_into", axis, ("a", a));
    check::same_shape_apart_from("repeat_axis_into", ("a", a), axis, ("out", out));
    let len = a.len_of(axis).saturating_mul(repeats); // no axis is as long as the value at which it saturates
    let what = "the length of `a` times `repeats`";
    check::axis_len("repeat_axis_into", ("out", out), axis, len, what);
    if out.is_empty() {
        return;
    }
    if let (Some(len), Some(a)) = (row_len(a, axis), a.as_slice())
        && let Some(out) = out.as_slice_mut()
    {
        let streams = stream::pays_in_lanes::<A>(size_of_val(a) + size_of_val(out), len);
        if streams {
            return Stream::over(out, |out| {
                for row in 0..a.len() / len * repeats {
                    out.copy(row * len..(row + 1) * len, &a[row / repeats * len..][..len]);
                }
            });
        }
        let rows = out.chunks_exact_mut(len * repeats).zip(a.chunks_exact(len));
        for (out, a) in rows {
            out.chunks_exact_mut(len).for_each(|out| copy_run(a, out, false));
        }
        return;
    }
    if gather_short_lanes(a, axis, |i| i / repeats, out) {
        return;
    }
    if runs_along(out, axis) {
        for (mut out, a) in out.lanes_mut(axis).into_iter().zip(a.lanes(axis)) {
            match out.as_slice_mut() {
                Some(out) => {
                    let runs = out.chunks_exact_mut(repeats).zip(a);
                    runs.for_each(|(out, &a)| out.fill(a));
                }
                None => {
                    let elements = a.iter().flat_map(|a| std::iter::repeat_n(a, repeats));
                    out.iter_mut().zip(elements).for_each(|(out, &a)| *out = a);
                }
            }
        }
        return;
    }
    for position in 0..a.len_of(axis) {
        let row = a.slice_axis(axis, (position..position + 1).into());
        let start = position * repeats;
        let mut rows = out.slice_axis_mut(axis, (start..start + repeats).into());
        let row = row.broadcast(rows.raw_dim()).expect("one row broadcasts to several");
        copy::copy(row, &mut rows);
    }
}

/// Repeats an array as a whole, as often as it fits into `out` along each axis.
///
/// *out\[i, j, …\] = a\[i mod n₀, j mod n₁, …\]*
///
/// Along each axis, the length of `out` is a multiple of that of `a` (zero is one); `a` may lack leading axes, which
/// then count as having length one. To repeat each row in its place, see
/// [`repeat_axis_into`].
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If the length of `out` is not a multiple of that of `a` along every axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.tile(a, repeats)`, which allocates. (Here the repeats follow from `out`.) ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::tile_into;
///
/// let mut out = Array2::zeros((2, 6));
/// tile_into(&array![1, 2, 3], &mut out);
/// assert_eq!(out, array![[1, 2, 3, 1, 2, 3], [1, 2, 3, 1, 2, 3]]);
/// ```
#[doc(alias = "repeat")]
#[doc(alias = "repmat")]
#[track_caller]
pub fn tile_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D1: Dimension,
    D: Dimension,
{
    check::tiles("tile_into", ("a", a), out);
    if out.is_empty() {
        return; // `a` may be empty, and then there is no first tile
    }
    let missing = out.ndim() - a.ndim();
    let len_of_tile = |axis: usize| if axis < missing { 1 } else { a.shape()[axis - missing] };
    let mut corner = out.view_mut();
    for axis in 0..corner.ndim() {
        corner.slice_axis_inplace(Axis(axis), (..len_of_tile(axis)).into());
    }
    let tile = a.broadcast(corner.raw_dim()).expect("leading axes are one long");
    copy::copy(tile, &mut corner);
    // The filled part is copied after itself along the last axis, then along the one before it, …
    for axis in (0..out.ndim()).rev() {
        let mut filled = len_of_tile(axis);
        let mut tiles = out.view_mut();
        for outer in 0..axis {
            tiles.slice_axis_inplace(Axis(outer), (..len_of_tile(outer)).into());
        }
        while filled < tiles.len_of(Axis(axis)) {
            let (source, mut target) = tiles.view_mut().split_at(Axis(axis), filled);
            let len = filled.min(target.len_of(Axis(axis)));
            target.slice_axis_inplace(Axis(axis), (..len).into());
            copy::copy(source.slice_axis(Axis(axis), (..len).into()), &mut target);
            filled += len;
        }
    }
}
