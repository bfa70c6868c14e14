//! Laying several arrays, or one array several times, into one.
//!
//! Each part is one copy into the slice of `out` where it belongs, so contiguous parts are moved as blocks.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use super::gather::{gather_short_lanes, row_len, runs_along};
use super::runs::copy_run;
use super::stream::{self, Stream};
use super::{check, check_index, drive};

/// Lays arrays behind each other along an axis that they have.
///
/// *out\[…, n₀ + … + nₖ₋₁ + i, …\] = arrays\[k\]\[…, i, …\]*, with i at the place of `axis` and nₖ the length of
/// `arrays[k]` there
///
/// The arrays have the shape of `out` apart from the axis, along which their lengths add up to that of `out`.
/// They are listed as `&[&a, &b, &lease]`, which needs no heap.
///
/// NaN is moved like any value. Parts without elements are fine, and so is an empty list if `out` has no positions
/// along the axis. `out` cannot overlap the parts.
///
/// # Panics
///
/// If `out` has no such axis, a part does not fit it, or the lengths do not add up; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.concatenate([a, b], axis, out=out)` and ndarray's `concatenate(axis, &[a.view(), b.view()])`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::concatenate_axis_into;
///
/// let (a, b) = (array![[1, 2], [3, 4]], array![[5], [6]]);
/// let mut out = Array2::zeros((2, 4));
/// concatenate_axis_into(&[&a, &b, &b], Axis(1), &mut out);
/// assert_eq!(out, array![[1, 2, 5, 5], [3, 4, 6, 6]]);
/// ```
#[doc(alias = "concat")]
#[doc(alias = "hstack")]
#[doc(alias = "vstack")]
#[doc(alias = "append")]
#[track_caller]
pub fn concatenate_axis_into<A, D>(arrays: &[&ArrayRef<A, D>], axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("concatenate_axis_into", axis, ("out", out));
    check_index::parts_fit_apart_from("concatenate_axis_into", arrays, axis, out);
    let len = arrays.iter().map(|array| array.len_of(axis)).sum();
    let what = "the sum of the lengths of `arrays`";
    check_index::axis_len("concatenate_axis_into", ("out", out), axis, len, what);
    if join_short_lanes(arrays, axis, out) {
        return;
    }
    let mut rest = out.view_mut();
    for array in arrays {
        let (mut part, behind) = rest.split_at(axis, array.len_of(axis));
        drive::copy(array.view(), &mut part);
        rest = behind;
    }
}

/// [`concatenate_axis_into`] along the last axis, if all is in C order and lanes are a few elements long; else it says no.
fn join_short_lanes<A, D>(arrays: &[&ArrayRef<A, D>], axis: Axis, out: &mut ArrayRef<A, D>) -> bool
where
    A: Copy,
    D: Dimension,
{
    const SHORT: usize = 4;
    const BESIDE: usize = 256; // rows that stay in the nearest cache
    let width = out.len_of(axis);
    let fits = |array: &&ArrayRef<A, D>| array.is_standard_layout() && array.len_of(axis) <= SHORT;
    if out.is_empty() || axis.index() + 1 < out.ndim() || !arrays.iter().all(fits) {
        return false;
    }
    let Some(out) = out.as_slice_mut() else { return false };
    for (block, out) in out.chunks_mut(BESIDE * width).enumerate() {
        let mut start = 0;
        for array in arrays {
            let len = array.len_of(axis);
            let a = &array.as_slice().expect("looked at above")[block * BESIDE * len..];
            match len {
                1 => copy_columns::<1, _>(a, out, width, start),
                2 => copy_columns::<2, _>(a, out, width, start),
                3 => copy_columns::<3, _>(a, out, width, start),
                SHORT => copy_columns::<SHORT, _>(a, out, width, start),
                _ => {}
            }
            start += len;
        }
    }
    true
}

/// Copies rows of `N` elements to the columns from `start` on of rows of `width`.
fn copy_columns<const N: usize, A: Copy>(a: &[A], out: &mut [A], width: usize, start: usize) {
    for (out, row) in out.chunks_exact_mut(width).zip(a.as_chunks::<N>().0) {
        out[start..start + N].copy_from_slice(row);
    }
}

/// Lays arrays of one shape behind each other along a new axis.
///
/// *out\[…, k, …\] = arrays\[k\]\[…, …\]*, with k at the place of `axis`
///
/// `out` has one axis more than the arrays: as many positions along `axis` as there are arrays, and without it
/// their shape. They are listed as `&[&a, &b, &lease]`, which needs no heap.
///
/// NaN is moved like any value. Empty arrays are fine, and so is an empty list if `out` has no positions along the
/// axis. `out` cannot overlap the parts.
///
/// # Panics
///
/// If `out` has no such axis, another length along it, or an array does not have the rest of its shape; nothing is
/// written then.
///
/// # Replaces
///
/// NumPy's `np.stack([a, b], axis, out=out)` and ndarray's `stack(axis, &[a.view(), b.view()])`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::stack_axis_into;
///
/// let (a, b) = (array![1, 2, 3], array![4, 5, 6]);
/// let (mut rows, mut columns) = (Array2::zeros((2, 3)), Array2::zeros((3, 2)));
/// stack_axis_into(&[&a, &b], Axis(0), &mut rows);
/// stack_axis_into(&[&a, &b], Axis(1), &mut columns);
/// assert_eq!(rows, array![[1, 2, 3], [4, 5, 6]]);
/// assert_eq!(columns, rows.t());
/// ```
#[doc(alias = "column_stack")]
#[doc(alias = "dstack")]
#[track_caller]
pub fn stack_axis_into<A, D>(
    arrays: &[&ArrayRef<A, D>],
    axis: Axis,
    out: &mut ArrayRef<A, D::Larger>,
) where
    A: Copy + 'static,
    D: Dimension,
{
    check::axis("stack_axis_into", axis, ("out", out));
    check::permutation_len("stack_axis_into", ("arrays", arrays.len()), axis, ("out", out));
    check_index::parts_fit_without("stack_axis_into", arrays, axis, out);
    for (position, array) in arrays.iter().enumerate() {
        let mut part = out.slice_axis_mut(axis, (position..position + 1).into());
        drive::copy(array.view().insert_axis(axis), &mut part);
    }
}

/// Repeats each row along an axis.
///
/// *out\[…, i, …\] = a\[…, ⌊i / repeats⌋, …\]*, with i at the place of `axis`
///
/// `out` has the shape of `a` with `repeats` times its length along the axis. (Another count for each row is
/// [`take_axis_into`](super::take_axis_into) with indices that repeat.) To repeat the array as a whole, see [`tile_into`].
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
    check_index::same_shape_apart_from("repeat_axis_into", ("a", a), axis, ("out", out));
    let len = a.len_of(axis).saturating_mul(repeats); // no axis is as long as where it saturates
    let what = "the length of `a` times `repeats`";
    check_index::axis_len("repeat_axis_into", ("out", out), axis, len, what);
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    if let (Some(len), Some(a)) = (row_len(a, axis), a.as_slice())
        && let Some(out) = out.as_slice_mut()
    {
        let streams = stream::pays_in_lanes::<A>(size_of_val(a) + size_of_val(out), len);
        if streams {
            let mut out = Stream::over(out);
            for row in 0..a.len() / len * repeats {
                out.copy(row * len..(row + 1) * len, &a[row / repeats * len..][..len]);
            }
            return;
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
        drive::copy(row, &mut rows);
    }
}

/// Repeats an array as a whole, as often as it fits into `out` along each axis.
///
/// *out\[i, j, …\] = a\[i mod n₀, j mod n₁, …\]*
///
/// Along each axis, `out` is a whole multiple of `a` (nothing is, too); `a` may lack leading axes, which then
/// count as one long. To repeat each row in its place, see [`repeat_axis_into`](super::repeat_axis_into).
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `out` is no whole multiple of `a` along every axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.tile(a, repeats)`, which allocates. (How often follows from `out` here.) ndarray has no such function.
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
    check_index::tiles("tile_into", ("a", a), out);
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
    drive::copy(tile, &mut corner);
    // What is filled is copied behind itself along the last axis, then along the one before it, …
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
            drive::copy(source.slice_axis(Axis(axis), (..len).into()), &mut target);
            filled += len;
        }
    }
}
