//! How scans walk their arrays: each result needs the one before it on the axis, and memory is walked in order.
//!
//! Along an axis that is the narrowest step in memory, lane after lane; across it, row after row, with the last
//! results of up to [`WIDE`] lanes on the stack.

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut1, Axis, Dimension, Zip};

use super::drive;
use super::lane_axes::{BehindFirst, first_before, lanes_are_narrow, to_front};

/// Columns whose last results are kept on the stack.
const WIDE: usize = 1024;

/// `out[0] = first(a[0])`, `out[k] = step(out[k - 1], a[k])`.
pub(super) fn scan<A, B, D>(
    mut a: ArrayView<'_, A, D>,
    axis: Axis,
    out: &mut ArrayRef<B, D>,
    first: impl Fn(A) -> B,
    mut step: impl FnMut(B, A) -> B,
) where
    A: Copy,
    B: Copy,
    D: Dimension,
{
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    to_front(&mut out, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut out), &mut BehindFirst(&mut a)]);
    if lanes_are_narrow(&out, along) {
        let (out, a) = (out.lanes_mut(Axis(0)), a.lanes(Axis(0)));
        Zip::from(out).and(a).for_each(|out, a| lane(a, out, &first, &mut step));
        return;
    }
    let len = a.len_of(Axis(0));
    first_before(&mut out, along);
    let across = first_before(&mut a, along);
    for (a, mut out) in a.axis_chunks_iter(across, WIDE).zip(out.axis_chunks_iter_mut(across, WIDE))
    {
        let mut last = [first(*a.first().expect("chunks have elements")); WIDE];
        let rows = a.lanes(across).into_iter().zip(out.lanes_mut(across));
        for (at, (a, out)) in rows.enumerate() {
            if at % len == 0 {
                row(a, out, &mut last, |_, x| first(x));
            } else {
                row(a, out, &mut last, &mut step);
            }
        }
    }
}

/// `a[k] = step(a[k - 1], a[k])`, from the second element on.
pub(super) fn scan_inplace<A, D>(
    a: &mut ArrayRef<A, D>,
    axis: Axis,
    mut step: impl FnMut(A, A) -> A,
) where
    A: Copy,
    D: Dimension,
{
    if a.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let mut a = a.view_mut();
    to_front(&mut a, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut a)]);
    if lanes_are_narrow(&a, along) {
        a.lanes_mut(Axis(0)).into_iter().for_each(|lane| lane_inplace(lane, &mut step));
        return;
    }
    let len = a.len_of(Axis(0));
    if let Some(a) = a.as_slice_mut() {
        return rows_inplace(a, a.len() / len, &mut step);
    }
    let across = first_before(&mut a, along);
    for mut a in a.axis_chunks_iter_mut(across, WIDE) {
        let mut last = [*a.first().expect("chunks have elements"); WIDE];
        for (at, row) in a.lanes_mut(across).into_iter().enumerate() {
            if at % len == 0 {
                last.iter_mut().zip(row).for_each(|(last, x)| *last = *x);
            } else {
                row_inplace(row, &mut last, &mut step);
            }
        }
    }
}

fn lane<A: Copy, B: Copy>(
    a: ArrayView1<'_, A>,
    mut out: ArrayViewMut1<'_, B>,
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let mut last = first(a[0]);
    out[0] = last;
    if let (Some(a), Some(out)) = (a.as_slice(), out.as_slice_mut()) {
        for (out, &x) in out.iter_mut().zip(a).skip(1) {
            last = step(last, x);
            *out = last;
        }
    } else {
        for (out, &x) in out.iter_mut().zip(a).skip(1) {
            last = step(last, x);
            *out = last;
        }
    }
}

fn row<A: Copy, B: Copy>(
    a: ArrayView1<'_, A>,
    mut out: ArrayViewMut1<'_, B>,
    last: &mut [B],
    mut step: impl FnMut(B, A) -> B,
) {
    if let (Some(a), Some(out)) = (a.as_slice(), out.as_slice_mut()) {
        for ((out, &x), last) in out.iter_mut().zip(a).zip(last) {
            *last = step(*last, x);
            *out = *last;
        }
    } else {
        for ((out, &x), last) in out.iter_mut().zip(a).zip(last) {
            *last = step(*last, x);
            *out = *last;
        }
    }
}

fn lane_inplace<A: Copy>(mut lane: ArrayViewMut1<'_, A>, step: &mut impl FnMut(A, A) -> A) {
    let mut last = lane[0];
    let mut take = |x: &mut A| {
        last = step(last, *x);
        *x = last;
    };
    match lane.as_slice_mut() {
        Some(lane) => lane.iter_mut().skip(1).for_each(&mut take),
        None => lane.iter_mut().skip(1).for_each(&mut take),
    }
}

/// Rows of one block, from the second on: the last results are in the row before.
fn rows_inplace<A: Copy>(a: &mut [A], width: usize, step: &mut impl FnMut(A, A) -> A) {
    for start in (width..a.len()).step_by(width) {
        let (before, row) = a[start - width..start + width].split_at_mut(width);
        row.iter_mut().zip(before).for_each(|(x, last)| *x = step(*last, *x));
    }
}

fn row_inplace<A: Copy>(
    mut row: ArrayViewMut1<'_, A>,
    last: &mut [A],
    step: &mut impl FnMut(A, A) -> A,
) {
    let mut take = |x: &mut A, last: &mut A| {
        *last = step(*last, *x);
        *x = *last;
    };
    match row.as_slice_mut() {
        Some(row) => row.iter_mut().zip(last).for_each(|(x, last)| take(x, last)),
        None => row.iter_mut().zip(last).for_each(|(x, last)| take(x, last)),
    }
}
