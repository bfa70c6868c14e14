//! Taking elements at indices (or where a mask is true), and putting elements at indices.
//!
//! [`take_axis_into`] takes whole rows, the `_along_axis` pair single elements. All indices are checked before the
//! first write, so that a bad one leaves `out` as it was; then each row or lane is moved in the memory order of `out`.

use ndarray::{ArrayRef, ArrayRef1, ArrayView1, ArrayViewMut1, Axis, Dimension, RemoveAxis, Zip};

use crate::kernel::engine::check;
use crate::kernel::engine::check::Bound;
use crate::kernel::engine::copy::rows::{gather, gather_as, runs_along, streams_rows};
use crate::kernel::engine::tuning::CHOSEN_ROWS;

/// Takes the rows along an axis that `indices` names.
///
/// *out\[…, i, …\] = a\[…, indices\[i\], …\]*, with i at the place of `axis`
///
/// `a` has any length n along the axis, `indices` m elements below n, and `out` the shape of `a` with m positions along
/// the axis. An index may occur any number of times. A slice of indices is passed as `&aview1(&[2, 0, 2])`. Rows that
/// are contiguous are moved as blocks.
///
/// NaN is moved like any value. No indices, and rows without elements, are fine; the indices are checked even then.
/// `out` cannot overlap the inputs. Indices count from the front: there are no negative ones.
///
/// # Panics
///
/// If `a` has no such axis, `a` or `indices` does not fit `out`, or an index is not below the length of the axis;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.take(a, indices, axis, out=out, mode='clip')` (without `mode` it makes a hidden copy of `out`) and
/// ndarray's `a.select(axis, &indices)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::take_axis_into;
///
/// let a = array![[0, 1], [10, 11], [20, 21]];
/// let mut out = Array2::zeros((4, 2));
/// take_axis_into(&a, Axis(0), &array![2, 0, 0, 1], &mut out);
/// assert_eq!(out, array![[20, 21], [0, 1], [0, 1], [10, 11]]);
/// ```
#[doc(alias = "select")]
#[doc(alias = "gather")]
#[doc(alias = "index_select")]
#[track_caller]
pub fn take_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef1<usize>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("take_axis_into", axis, ("a", a));
    check::same_shape_apart_from("take_axis_into", ("a", a), axis, ("out", out));
    check::len_of_axis("take_axis_into", ("indices", indices.len()), axis, ("out", out));
    let bound = Bound::AxisOf(axis, "a");
    check::all_below("take_axis_into", ("indices", indices), a.len_of(axis), bound);
    match indices.as_slice() {
        Some(indices) => gather(a, axis, |position| indices[position], out),
        None => gather(a, axis, |position| indices[position], out),
    }
}

/// Takes from each lane along an axis the elements at the indices in the same lane of `indices`.
///
/// *out\[…, i, …\] = a\[…, indices\[…, i, …\], …\]*, with i at the place of `axis`
///
/// `indices` and `out` have the same shape, and `a` the same apart from the length along the axis, n; indices are below
/// n, and may repeat. It applies the result of an argsort along an axis.
///
/// NaN is moved like any value. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no such axis, `indices` does not have the shape of `out` or `a` does not fit it, or an index is not
/// below the length of the axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.take_along_axis(a, indices, axis)`, which allocates. ndarray has no such function. (NumPy broadcasts
/// `a` and `indices` to each other: here a view of the wanted shape does, `&a.broadcast(shape).unwrap()`.)
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::take_along_axis_into;
///
/// let a = array![[30, 10, 20], [5, 6, 4]];
/// let order = array![[1, 2, 0], [2, 0, 1]]; // what an argsort would say
/// let mut sorted = Array2::zeros((2, 3));
/// take_along_axis_into(&a, Axis(1), &order, &mut sorted);
/// assert_eq!(sorted, array![[10, 20, 30], [4, 5, 6]]);
/// ```
#[doc(alias = "gather")]
#[track_caller]
pub fn take_along_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef<usize, D>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    const NAME: &str = "take_along_axis_into";
    check::axis(NAME, axis, ("a", a));
    check::same_shape_apart_from(NAME, ("a", a), axis, ("out", out));
    check::same_shape(NAME, ("indices", indices), ("out", out));
    let bound = Bound::AxisOf(axis, "a");
    check::all_below(NAME, ("indices", indices), a.len_of(axis), bound);
    if out.is_empty() {
        return;
    }
    if runs_along(out, axis) {
        let lanes = a.lanes(axis).into_iter().zip(indices.lanes(axis));
        for (out, (a, indices)) in out.lanes_mut(axis).into_iter().zip(lanes) {
            take_lane(a, indices, out);
        }
    } else {
        for (mut out, indices) in out.axis_iter_mut(axis).zip(indices.axis_iter(axis)) {
            Zip::from(&mut out)
                .and(&indices)
                .and(a.lanes(axis))
                .for_each(|out, &index, a| *out = a[index]);
        }
    }
}

/// Puts values into each lane of `a` along an axis, at the indices in the same lane of `indices`.
///
/// *a\[…, indices\[…, i, …\], …\] ← values\[…, i, …\]*, with i at the place of `axis`, from the first i to the last
///
/// `a` has the shape of `indices` apart from the length along the axis, n; indices are below n. `values` has any shape
/// that broadcasts to the shape of `indices`: one value is `&aview0(&x)`. Elements that no index names are unchanged.
/// **Where an index occurs more than once in a lane, the last value stays.**
///
/// NaN is moved like any value. Empty arrays are fine. `a` cannot overlap the other two.
///
/// # Panics
///
/// If `a` has no such axis, `a` does not fit `indices`, `values` cannot be broadcast to its shape, or an index is
/// not below the length of the axis; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.put_along_axis(a, indices, values, axis)` (which leaves open which of several values stays).
/// ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array, aview0};
/// use ndarray_pool::kernel::put_along_axis_inplace;
///
/// let mut a = array![[30, 10, 20], [5, 6, 4]];
/// put_along_axis_inplace(&mut a, Axis(1), &array![[0, 2], [1, 1]], &array![[7, 8], [1, 2]]);
/// assert_eq!(a, array![[7, 10, 8], [5, 2, 4]]);
///
/// put_along_axis_inplace(&mut a, Axis(1), &array![[0], [1]], &aview0(&0));
/// assert_eq!(a, array![[0, 10, 8], [5, 0, 4]]);
/// ```
#[doc(alias = "scatter")]
#[track_caller]
pub fn put_along_axis_inplace<A, D1, D>(
    a: &mut ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef<usize, D>,
    values: &ArrayRef<A, D1>,
) where
    A: Copy + 'static,
    D1: Dimension,
    D: RemoveAxis,
{
    const NAME: &str = "put_along_axis_inplace";
    check::axis(NAME, axis, ("a", a));
    check::same_shape_apart_from(NAME, ("a", a), axis, ("indices", indices));
    let values = check::broadcast_to(NAME, ("values", values), ("indices", indices));
    let bound = Bound::AxisOf(axis, "a");
    check::all_below(NAME, ("indices", indices), a.len_of(axis), bound);
    if indices.is_empty() {
        return;
    }
    if runs_along(a, axis) {
        let lanes = indices.lanes(axis).into_iter().zip(values.lanes(axis));
        for (mut a, (indices, values)) in a.lanes_mut(axis).into_iter().zip(lanes) {
            for (&index, &value) in indices.iter().zip(values) {
                a[index] = value;
            }
        }
    } else {
        for (indices, values) in indices.axis_iter(axis).zip(values.axis_iter(axis)) {
            Zip::from(a.lanes_mut(axis))
                .and(&indices)
                .and(&values)
                .for_each(|mut a, &index, &value| a[index] = value);
        }
    }
}

/// Takes the rows along an axis where `mask` is true.
///
/// *out\[…, i, …\] = a\[…, p\[i\], …\]*, with i at the place of `axis` and p\[i\] the position of the i-th true in
/// `mask`
///
/// `a` has any length n along the axis, `mask` n elements, m of them true, and `out` the shape of `a` with m positions
/// along the axis. (The caller counts how many are true, to make `out`: `mask.iter().filter(|&&keep| keep).count()`; a
/// slice of a larger buffer will do.) Neighbouring rows that are taken are moved together.
///
/// NaN is moved like any value. Empty arrays and masks without a true are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no such axis, `mask` not its length, `a` does not fit `out`, or the number of trues is not the length
/// of the axis of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.compress(mask, a, axis, out=out)` and `a[mask]`. ndarray has no such function; with a list of indices
/// `a.select(axis, &indices)` allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::compress_axis_into;
///
/// let a = array![[0, 1], [10, 11], [20, 21]];
/// let mut out = Array2::zeros((2, 2));
/// compress_axis_into(&a, Axis(0), &array![true, false, true], &mut out);
/// assert_eq!(out, array![[0, 1], [20, 21]]);
/// ```
#[doc(alias = "extract")]
#[doc(alias = "filter")]
#[track_caller]
pub fn compress_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    mask: &ArrayRef1<bool>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("compress_axis_into", axis, ("a", a));
    check::same_shape_apart_from("compress_axis_into", ("a", a), axis, ("out", out));
    check::len_of_axis("compress_axis_into", ("mask", mask.len()), axis, ("a", a));
    let kept = mask.iter().map(|&keep| usize::from(keep)).sum();
    check::true_count("compress_axis_into", ("mask", kept), axis, ("out", out));
    if out.is_empty() {
        return;
    }
    let streams = streams_rows(out);
    let (mut kept, mut start) = (places_of_trues(mask), 0);
    let places = &mut [0; CHOSEN_ROWS];
    while start < out.len_of(axis) {
        let len = CHOSEN_ROWS.min(out.len_of(axis) - start);
        let places = &mut places[..len];
        places.iter_mut().zip(&mut kept).for_each(|(place, kept)| *place = kept);
        let mut block = out.slice_axis_mut(axis, (start..start + len).into());
        gather_as(a, axis, |position| places[position], &mut block, streams);
        start += len;
    }
}

fn places_of_trues(mask: &ArrayRef1<bool>) -> impl Iterator<Item = usize> {
    mask.iter().enumerate().filter(|&(_, &keep)| keep).map(|(place, _)| place)
}

fn take_lane<A: Copy>(
    a: ArrayView1<'_, A>,
    indices: ArrayView1<'_, usize>,
    mut out: ArrayViewMut1<'_, A>,
) {
    match (a.to_slice(), indices.to_slice(), out.as_slice_mut()) {
        (Some(a), Some(indices), Some(out)) => {
            out.iter_mut().zip(indices).for_each(|(out, &index)| *out = a[index]);
        }
        _ => out.iter_mut().zip(indices).for_each(|(out, &index)| *out = a[index]),
    }
}
