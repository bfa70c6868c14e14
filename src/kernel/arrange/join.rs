//! Joining arrays along an axis that they have (concatenate), or along a new one (stack).
//!
//! Each part is one copy into its slice of `out`, so contiguous parts are moved as blocks. Lanes of a few elements are
//! joined interleaved.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::tuning::{JOINED_ROWS, MAX_JOINED_LANE};
use crate::kernel::engine::{check, copy};

/// Joins arrays along an existing axis.
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
    check::parts_fit_apart_from("concatenate_axis_into", arrays, axis, out);
    let len = arrays.iter().map(|array| array.len_of(axis)).sum();
    let what = "the sum of the lengths of `arrays`";
    check::axis_len("concatenate_axis_into", ("out", out), axis, len, what);
    if join_short_lanes(arrays, axis, out) {
        return;
    }
    let mut rest = out.view_mut();
    for array in arrays {
        let (mut part, behind) = rest.split_at(axis, array.len_of(axis));
        copy::copy(array.view(), &mut part);
        rest = behind;
    }
}

/// [`concatenate_axis_into`] along the last axis, for lanes of a few elements in C order. Returns `false`, and does
/// nothing, if the arrays are not that.
fn join_short_lanes<A, D>(arrays: &[&ArrayRef<A, D>], axis: Axis, out: &mut ArrayRef<A, D>) -> bool
where
    A: Copy,
    D: Dimension,
{
    let width = out.len_of(axis);
    let fits = |array: &&ArrayRef<A, D>| {
        array.is_standard_layout() && array.len_of(axis) <= MAX_JOINED_LANE
    };
    if out.is_empty() || axis.index() + 1 < out.ndim() || !arrays.iter().all(fits) {
        return false;
    }
    let Some(out) = out.as_slice_mut() else { return false };
    for (block, out) in out.chunks_mut(JOINED_ROWS * width).enumerate() {
        let mut start = 0;
        for array in arrays {
            let len = array.len_of(axis);
            let a = &array.as_slice().expect("looked at above")[block * JOINED_ROWS * len..];
            match len {
                1 => copy_columns::<1, _>(a, out, width, start),
                2 => copy_columns::<2, _>(a, out, width, start),
                3 => copy_columns::<3, _>(a, out, width, start),
                MAX_JOINED_LANE => copy_columns::<MAX_JOINED_LANE, _>(a, out, width, start),
                0 => {}
                _ => unreachable!("lanes were measured above"),
            }
            start += len;
        }
    }
    true
}

/// Copies rows of `N` elements into the columns from number `start` on of rows of `width` elements.
fn copy_columns<const N: usize, A: Copy>(a: &[A], out: &mut [A], width: usize, start: usize) {
    for (out, row) in out.chunks_exact_mut(width).zip(a.as_chunks::<N>().0) {
        out[start..start + N].copy_from_slice(row);
    }
}

/// Joins arrays of one shape along a new axis.
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
    check::len_of_axis("stack_axis_into", ("arrays", arrays.len()), axis, ("out", out));
    check::parts_fit_without("stack_axis_into", arrays, axis, out);
    for (position, array) in arrays.iter().enumerate() {
        let mut part = out.slice_axis_mut(axis, (position..position + 1).into());
        copy::copy(array.view().insert_axis(axis), &mut part);
    }
}
