//! Reductions of parts of an axis: segments that begin at given indices, or the elements that a mask selects.

use std::convert::identity;

use ndarray::{ArrayRef, ArrayRef1, Axis, RemoveAxis, Zip};
use num_traits::Zero;

use crate::kernel::engine::check::Bound;
use crate::kernel::engine::copy::rows::runs_along;
use crate::kernel::engine::cpu::dispatch::Baseline;
use crate::kernel::engine::fold::kinds::combine::adding;
use crate::kernel::engine::fold::line::Line;
use crate::kernel::engine::fold::run::{Run, Slice};
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::engine::tuning::LANES;
use crate::kernel::engine::{check, copy};

/// Reduces each segment of an axis with any function.
///
/// *out\[…, j, …\] = f(… f(f(x₀, x₁), x₂) …)*, where x are the elements of a\[…, indices\[j\]..indices\[j + 1\],
/// …\], with j at the place of `axis`; the last segment reaches to the end
///
/// `a` has any length n along the axis, `indices` m elements below n, and `out` the shape of `a` with m positions along
/// the axis. Where `indices[j]` is not below `indices[j + 1]`, the segment is the element `indices[j]` alone, as NumPy
/// has it: there are no empty segments. Elements before the first index belong to no segment, and segments may overlap.
/// Each segment is reduced from its first element to its last; `f` is not called for segments of one element.
///
/// NaN reaches `f` like any value. No indices, and rows without elements, are fine. `out` cannot overlap the
/// inputs.
///
/// # Panics
///
/// If `a` has no such axis, `a` or `indices` does not fit `out`, or an index is not below the length of the axis;
/// nothing is written then. A panic of `f` passes through and leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `ufunc.reduceat(a, indices, axis, out=out)`, such as `np.maximum.reduceat`. ndarray has no such function.
/// For sums, [`add_reduceat_axis_into`] is faster and more accurate.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::reduceat_axis_into;
///
/// let a = array![[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]];
/// let mut largest = Array2::zeros((2, 3));
/// reduceat_axis_into(&a, Axis(1), &array![0, 2, 3], &mut largest, i32::max);
/// assert_eq!(largest, array![[3, 4, 5], [9, 6, 5]]);
/// ```
#[doc(alias = "ufunc.reduceat")]
#[doc(alias = "segment_reduce")]
#[track_caller]
pub fn reduceat_axis_into<A, D, F>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef1<usize>,
    out: &mut ArrayRef<A, D>,
    mut f: F,
) where
    A: Copy + 'static,
    D: RemoveAxis,
    F: FnMut(A, A) -> A,
{
    check_segments("reduceat_axis_into", a, indices, axis, out);
    if out.is_empty() {
        return;
    }
    if runs_along(a, axis) {
        for (out, a) in out.lanes_mut(axis).into_iter().zip(a.lanes(axis)) {
            for (out, segment) in out.into_iter().zip(segments(indices, a.len())) {
                let elements = a.slice_axis(Axis(0), segment.into()).into_iter().copied();
                *out = elements.reduce(&mut f).expect("a segment has elements");
            }
        }
        return;
    }
    for (position, segment) in segments(indices, a.len_of(axis)).enumerate() {
        let mut row = out.slice_axis_mut(axis, (position..position + 1).into());
        copy::copy(a.slice_axis(axis, (segment.start..segment.start + 1).into()), &mut row);
        for place in segment.skip(1) {
            let next = a.slice_axis(axis, (place..place + 1).into());
            Zip::from(&mut row).and(&next).for_each(|out, &x| *out = f(*out, x));
        }
    }
}

/// Adds the elements of each segment of an axis.
///
/// *out\[…, j, …\] = Σ a\[…, indices\[j\]..indices\[j + 1\], …\]*, with j at the place of `axis`; the last segment
/// reaches to the end
///
/// `a` has any length n along the axis, `indices` m elements below n, and `out` the shape of `a` with m positions along
/// the axis. Where `indices[j]` is not below `indices[j + 1]`, the segment is the element `indices[j]` alone, as NumPy
/// has it: there are no empty segments. Elements before the first index belong to no segment, and segments may overlap.
///
/// **Accuracy.** As [`sum_axis_into`](crate::kernel::sum_axis_into), for each segment.
///
/// NaN gives NaN. A segment that consists of a single −0 gives −0, as in NumPy; other sums begin with zero. No indices,
/// and rows without elements, are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no such axis, `a` or `indices` does not fit `out`, or an index is not below the length of the axis;
/// nothing is written then. Integers overflow as with `+`: with a panic where overflow checks are on, which leaves
/// `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.add.reduceat(a, indices, axis, out=out)`. ndarray has no such function; `a.slice_axis(axis,
/// segment).sum_axis(axis)` for each segment allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::add_reduceat_axis_into;
///
/// let hours = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]];
/// let mut shifts = Array2::zeros((2, 2));
/// add_reduceat_axis_into(&hours, Axis(0), &array![0, 3], &mut shifts);
/// assert_eq!(shifts, array![[9.0, 12.0], [7.0, 8.0]]);
/// ```
#[doc(alias = "add.reduceat")]
#[doc(alias = "segment_sum")]
#[track_caller]
pub fn add_reduceat_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef1<usize>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Zero + 'static,
    D: RemoveAxis,
{
    check_segments("add_reduceat_axis_into", a, indices, axis, out);
    if out.is_empty() {
        return;
    }
    check::arithmetic::<A, _>("add_reduceat_axis_into", || add_segments(a, indices, axis, out));
}

/// Sums segment by segment. There is at least one segment, and rows have elements.
fn add_segments<A, D>(
    a: &ArrayRef<A, D>,
    indices: &ArrayRef1<usize>,
    axis: Axis,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Zero + 'static,
    D: RemoveAxis,
{
    if runs_along(a, axis) {
        for (out, a) in out.lanes_mut(axis).into_iter().zip(a.lanes(axis)) {
            let segments = out.into_iter().zip(segments(indices, a.len()));
            match a.as_slice() {
                Some(a) => segments.for_each(|(out, segment)| {
                    let segment = Slice::of(&a[segment]);
                    *out = match segment.len() {
                        ..=LANES => adding().block::<Baseline>(segment, 0), // without a call
                        _ => fold::of_run(segment, &adding()),
                    };
                }),
                None => segments.for_each(|(out, segment)| {
                    *out = a.part(segment.start, segment.len()).state(&adding());
                }),
            }
        }
        return;
    }
    for (position, segment) in segments(indices, a.len_of(axis)).enumerate() {
        let segment = a.slice_axis(axis, segment.into());
        let mut row = out.index_axis_mut(axis, position);
        fold::along_axis(segment, axis, &mut row, &adding(), identity);
    }
}

/// Reduces along an axis the elements where `mask` is true, with any function.
///
/// *out\[j\] = f(… f(f(init, x₀), x₁) …)*, where x are the elements of lane j at which the mask is true
///
/// `a` has any shape with the axis `axis`, `mask` the same, and `out` the shape of `a` without that axis: n×m
/// along `Axis(0)` gives m. (A mask of another shape fits as `&mask.broadcast(a.dim()).unwrap()`.)
///
/// Each lane is reduced from its first element to its last; calls for different lanes are interleaved in no particular
/// order. Where the mask selects no element of a lane, its result is `init`. NaN reaches `f` like any value. `out`
/// cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no axis `axis`, `mask` does not have its shape, or `out` does not have it without the axis; nothing
/// is written then. A panic of `f` passes through and leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `ufunc.reduce(a, axis, out=out, initial=init, where=mask)`, and so `np.sum`, `np.max` and others with
/// `where=`. In ndarray it is a `Zip` of lanes.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::reduce_where_axis_into;
///
/// let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// let mask = array![[true, false, true], [false, true, false]];
/// let mut out = array![0.0, 0.0];
/// reduce_where_axis_into(&a, Axis(1), &mask, 0.0, &mut out, |sum, x| sum + x);
/// assert_eq!(out, array![4.0, 5.0]);
/// ```
#[doc(alias = "ufunc.reduce")]
#[doc(alias = "masked")]
#[track_caller]
pub fn reduce_where_axis_into<A, B, D, F>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    mask: &ArrayRef<bool, D>,
    init: B,
    out: &mut ArrayRef<B, D::Smaller>,
    mut f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    D: RemoveAxis,
    F: FnMut(B, A) -> B,
{
    check::without_axis("reduce_where_axis_into", ("a", a), axis, out);
    check::same_shape("reduce_where_axis_into", ("mask", mask), ("a", a));
    out.fill(init);
    if out.is_empty() {
        return;
    }
    if runs_along(a, axis) {
        Zip::from(out).and(a.lanes(axis)).and(mask.lanes(axis)).for_each(|out, a, mask| {
            let chosen = a.into_iter().zip(mask).filter(|&(_, &chosen)| chosen);
            *out = chosen.fold(init, |value, (&x, _)| f(value, x));
        });
        return;
    }
    for (a, mask) in a.axis_iter(axis).zip(mask.axis_iter(axis)) {
        Zip::from(&mut *out).and(&a).and(&mask).for_each(|out, &x, &chosen| {
            if chosen {
                *out = f(*out, x);
            }
        });
    }
}

#[track_caller]
fn check_segments<A, D: RemoveAxis>(
    kernel: &str,
    a: &ArrayRef<A, D>,
    indices: &ArrayRef1<usize>,
    axis: Axis,
    out: &ArrayRef<A, D>,
) {
    check::axis(kernel, axis, ("a", a));
    check::same_shape_apart_from(kernel, ("a", a), axis, ("out", out));
    check::len_of_axis(kernel, ("indices", indices.len()), axis, ("out", out));
    let bound = Bound::AxisOf(axis, "a");
    check::all_below(kernel, ("indices", indices), a.len_of(axis), bound);
}

/// The positions of each segment of an axis of `len` elements.
fn segments(
    indices: &ArrayRef1<usize>,
    len: usize,
) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    // By index: zipping an iterator of starts with one of ends takes longer than a short segment.
    (0..indices.len()).map(move |at| {
        let start = indices[at];
        let end = *indices.get(at + 1).unwrap_or(&len);
        start..end.max(start + 1)
    })
}
