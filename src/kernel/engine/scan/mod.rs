//! The walks of scans (running results): each result needs the one before it along the axis, and memory is walked in
//! order.
//!
//! ```text
//! axis has the narrowest step:  lane by lane, CHAINED_LANES of them interleaved
//! otherwise:                    row after row; the latest results of up to SCAN_COLUMNS lanes are on the stack
//! the same, streamed:           the file `streamed`
//! ```
//!
//! Interleaving hides latency: the next step of one lane does not depend on the last result of another.

mod streamed;

use std::array;

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut, ArrayViewMut1, Axis, Dimension};

use crate::kernel::engine::axes::{
    BehindFirst, align, first_before, lanes_are_narrow, slice_of_lanes, slice_of_lanes_mut,
    to_front,
};
use crate::kernel::engine::cpu::stream::{self, Block, Fill};
use crate::kernel::engine::map::run::fill_blocks;
use crate::kernel::engine::tuning::{
    CHAINED_LANES, MAX_BUFFERED_ELEMENT_BYTES, MAX_SEQUENTIAL_SCAN, MIN_DISPATCHED_SCAN_ROW,
    SCAN_COLUMNS,
};

/// `out[0] = first(a[0])`, `out[k] = step(out[k - 1], a[k])`, along `axis`.
pub(crate) fn scan<A, B, D>(
    mut a: ArrayView<'_, A, D>,
    axis: Axis,
    out: &mut ArrayRef<B, D>,
    first: impl Fn(A) -> B,
    mut step: impl FnMut(B, A) -> B,
) where
    A: Copy,
    B: Copy + 'static,
    D: Dimension,
{
    if out.is_empty() {
        return;
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    to_front(&mut out, axis);
    let along = align(&mut [&mut BehindFirst(&mut out), &mut BehindFirst(&mut a)]);
    if lanes_are_narrow(&out, along) || size_of::<B>() > MAX_BUFFERED_ELEMENT_BYTES {
        let len = a.len_of(Axis(0));
        if len <= MAX_SEQUENTIAL_SCAN
            && let (Some(a), Some(out)) = (slice_of_lanes(&a), slice_of_lanes_mut(out.view_mut()))
        {
            let lanes = a.chunks_exact(len).zip(out.chunks_exact_mut(len));
            return lanes.for_each(|(a, out)| short_lane(a, out, &first, &mut step));
        }
        return lanes(a, out, &first, &mut step);
    }
    let operand_bytes = stream::bytes_of(&a) + stream::bytes_of(&out);
    if stream::pays::<B>(operand_bytes) && streamed::have_long_rows(&a, &out, along) {
        return streamed::rows(a, out, along, &first, &mut step);
    }
    if let (Some(slice), Some(out)) = (a.to_slice(), out.as_slice_mut()) {
        let (a, len) = (slice, a.len_of(Axis(0)));
        return match out.len() / len {
            2 => columns::<2, _, _>(a, out, &first, &mut step),
            3 => columns::<3, _, _>(a, out, &first, &mut step),
            4 => columns::<4, _, _>(a, out, &first, &mut step),
            width => rows(a, out, width, &first, &mut step),
        };
    }
    in_chunks(a, out, along, &first, &mut step);
}

/// The walk along lanes of the first axis, [`CHAINED_LANES`] at a time.
fn lanes<A: Copy, B: Copy, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, B, D>,
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let (outs, lanes) = (out.lanes_mut(Axis(0)), a.lanes(Axis(0)));
    let (mut outs, mut lanes) = (outs.into_iter(), lanes.into_iter());
    while lanes.len() >= CHAINED_LANES {
        let lanes = array::from_fn(|_| lanes.next().expect("counted above"));
        let outs = array::from_fn(|_| outs.next().expect("as many"));
        lanes_beside::<CHAINED_LANES, _, _>(lanes, outs, first, step);
    }
    lanes.zip(outs).for_each(|(a, out)| lanes_beside([a], [out], first, step));
}

/// A lane of a few elements.
#[inline(always)]
fn short_lane<A: Copy, B: Copy>(
    a: &[A],
    out: &mut [B],
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let mut last = first(a[0]);
    out[0] = last;
    for (out, &x) in out.iter_mut().zip(a).skip(1) {
        last = step(last, x);
        *out = last;
    }
}

#[inline(always)]
fn short_lane_inplace<A: Copy>(lane: &mut [A], step: &mut impl FnMut(A, A) -> A) {
    let mut last = lane[0];
    for x in lane.iter_mut().skip(1) {
        last = step(last, *x);
        *x = last;
    }
}

/// The walk across lanes where rows have gaps. (A function of its own, as all that hold results on the stack: otherwise
/// large elements, which never come here, would reserve that stack as well.)
#[inline(never)]
fn in_chunks<A: Copy, B: Copy, D: Dimension>(
    mut a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, B, D>,
    along: Axis,
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let len = a.len_of(Axis(0));
    first_before(&mut out, along);
    let across = first_before(&mut a, along);
    let chunks = a.axis_chunks_iter(across, SCAN_COLUMNS);
    for (a, mut out) in chunks.zip(out.axis_chunks_iter_mut(across, SCAN_COLUMNS)) {
        let mut last = [first(*a.first().expect("chunks have elements")); SCAN_COLUMNS];
        let last = &mut last[..out.len_of(across)];
        for (at, (a, mut out)) in a.lanes(across).into_iter().zip(out.lanes_mut(across)).enumerate()
        {
            let is_first = at.is_multiple_of(len);
            if let (Some(a), Some(out)) = (a.to_slice(), out.as_slice_mut()) {
                let row = Row { a, last: &mut *last, first, step: &mut *step, is_first };
                fill_blocks(out, row);
            } else if is_first {
                follow(a, out, last, |_, x| first(x));
            } else {
                follow(a, out, last, &mut *step);
            }
        }
    }
}

/// `a[k] = step(a[k - 1], a[k])` along `axis`, from the second element on.
pub(crate) fn scan_inplace<A, D>(
    a: &mut ArrayRef<A, D>,
    axis: Axis,
    mut step: impl FnMut(A, A) -> A,
) where
    A: Copy,
    D: Dimension,
{
    if a.is_empty() {
        return;
    }
    let mut a = a.view_mut();
    to_front(&mut a, axis);
    let along = align(&mut [&mut BehindFirst(&mut a)]);
    if lanes_are_narrow(&a, along) || size_of::<A>() > MAX_BUFFERED_ELEMENT_BYTES {
        let len = a.len_of(Axis(0));
        if len <= MAX_SEQUENTIAL_SCAN
            && let Some(a) = slice_of_lanes_mut(a.view_mut())
        {
            return a.chunks_exact_mut(len).for_each(|lane| short_lane_inplace(lane, &mut step));
        }
        let mut lanes = a.lanes_mut(Axis(0)).into_iter();
        while lanes.len() >= CHAINED_LANES {
            let lanes = array::from_fn(|_| lanes.next().expect("counted above"));
            lanes_inplace::<CHAINED_LANES, _>(lanes, &mut step);
        }
        lanes.for_each(|lane| lanes_inplace([lane], &mut step));
        return;
    }
    let len = a.len_of(Axis(0));
    if let Some(a) = a.as_slice_mut() {
        return rows_inplace(a, a.len() / len, &mut step);
    }
    in_chunks_inplace(a, along, &mut step);
}

/// [`in_chunks`] in place.
#[inline(never)]
fn in_chunks_inplace<A: Copy, D: Dimension>(
    mut a: ArrayViewMut<'_, A, D>,
    along: Axis,
    step: &mut impl FnMut(A, A) -> A,
) {
    let len = a.len_of(Axis(0));
    let across = first_before(&mut a, along);
    for mut a in a.axis_chunks_iter_mut(across, SCAN_COLUMNS) {
        let mut last = [*a.first().expect("chunks have elements"); SCAN_COLUMNS];
        for (at, row) in a.lanes_mut(across).into_iter().enumerate() {
            if at % len == 0 {
                last.iter_mut().zip(row).for_each(|(last, x)| *last = *x);
            } else {
                row_inplace(row, &mut last, step);
            }
        }
    }
}

/// Scans lanes of equal length, interleaved if all are contiguous.
#[inline(always)]
fn lanes_beside<const N: usize, A: Copy, B: Copy>(
    lanes: [ArrayView1<'_, A>; N],
    mut outs: [ArrayViewMut1<'_, B>; N],
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let len = lanes[0].len();
    let mut last = lanes.map(|lane| first(lane[0]));
    outs.iter_mut().zip(last).for_each(|(out, first)| out[0] = first);
    let slices = lanes.map(|lane| lane.to_slice());
    let are_slices = slices.iter().all(Option::is_some);
    if are_slices && outs.iter_mut().all(|out| out.as_slice_mut().is_some()) {
        let slices = slices.map(|lane| &lane.expect("looked at above")[..len]);
        let outs = outs.map(|out| &mut out.into_slice().expect("looked at above")[..len]);
        for at in 1..len {
            for k in 0..N {
                last[k] = step(last[k], slices[k][at]);
                outs[k][at] = last[k];
            }
        }
        return;
    }
    for ((lane, mut out), mut last) in lanes.into_iter().zip(outs).zip(last) {
        for (out, &x) in out.iter_mut().zip(lane).skip(1) {
            last = step(last, x);
            *out = last;
        }
    }
}

/// The walk across lanes for rows of a few elements, whose latest results stay in registers.
#[inline(never)]
fn columns<const N: usize, A: Copy, B: Copy>(
    a: &[A],
    out: &mut [B],
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let (rows, outs) = (a.as_chunks::<N>().0, out.as_chunks_mut::<N>().0);
    let mut last = rows[0].map(first);
    outs[0] = last;
    for (out, row) in outs.iter_mut().zip(rows).skip(1) {
        last = array::from_fn(|i| step(last[i], row[i]));
        *out = last;
    }
}

/// The walk across lanes for contiguous rows of `width` elements, [`SCAN_COLUMNS`] columns at a time.
#[inline(never)]
fn rows<A: Copy, B: Copy>(
    a: &[A],
    out: &mut [B],
    width: usize,
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    for start in (0..width).step_by(SCAN_COLUMNS) {
        let columns = SCAN_COLUMNS.min(width - start);
        let mut last = [first(a[start]); SCAN_COLUMNS];
        for at in (start..a.len()).step_by(width) {
            let (a, out) = (&a[at..at + columns], &mut out[at..at + columns]);
            let last = &mut last[..columns];
            let mut row = Row { a, last, first, step: &mut *step, is_first: at == start };
            if columns < MIN_DISPATCHED_SCAN_ROW {
                row.fill(0, out);
            } else {
                fill_blocks(out, row);
            }
        }
    }
}

/// Computes a row of results, and stores them in `last` as well.
struct Row<'r, A, B, F, G> {
    a: &'r [A],
    last: &'r mut [B],
    first: &'r F,
    step: &'r mut G,
    is_first: bool,
}

impl<A: Copy, B: Copy, F: Fn(A) -> B, G: FnMut(B, A) -> B> Fill<B> for Row<'_, A, B, F, G> {
    #[inline(always)]
    fn fill(&mut self, at: usize, out: &mut [B]) {
        let part = at..at + out.len();
        if let (Ok(&a), Ok(&last)) = (
            <&Block<A>>::try_from(&self.a[part.clone()]),
            <&Block<B>>::try_from(&self.last[part.clone()]),
        ) {
            // Both were loaded as a whole, so the compiler need not consider that `out` overlaps them.
            let next: Block<B> = match self.is_first {
                true => a.map(self.first),
                false => array::from_fn(|i| (self.step)(last[i], a[i])),
            };
            self.last[part].copy_from_slice(&next);
            out.copy_from_slice(&next);
            return;
        }
        let lasts = self.last[part.clone()].iter_mut().zip(out);
        for ((last, out), &x) in lasts.zip(&self.a[part]) {
            *last = if self.is_first { (self.first)(x) } else { (self.step)(*last, x) };
            *out = *last;
        }
    }
}

/// A row that follows on `last`, where its results are left.
#[inline(always)]
fn follow<'r, A: Copy + 'r, B: Copy + 'r>(
    a: impl IntoIterator<Item = &'r A>,
    out: impl IntoIterator<Item = &'r mut B>,
    last: &mut [B],
    mut step: impl FnMut(B, A) -> B,
) {
    for ((out, &x), last) in out.into_iter().zip(a).zip(last) {
        *last = step(*last, x);
        *out = *last;
    }
}

/// [`lanes_beside`] in place.
#[inline(always)]
fn lanes_inplace<const N: usize, A: Copy>(
    mut lanes: [ArrayViewMut1<'_, A>; N],
    step: &mut impl FnMut(A, A) -> A,
) {
    let len = lanes[0].len();
    let mut last = lanes.each_ref().map(|lane| lane[0]);
    if lanes.iter_mut().all(|lane| lane.as_slice_mut().is_some()) {
        let mut lanes = lanes.map(|lane| &mut lane.into_slice().expect("looked at above")[..len]);
        for at in 1..len {
            for (lane, last) in lanes.each_mut().into_iter().zip(&mut last) {
                *last = step(*last, lane[at]);
                lane[at] = *last;
            }
        }
        return;
    }
    for (lane, mut last) in lanes.into_iter().zip(last) {
        for x in lane.into_iter().skip(1) {
            last = step(last, *x);
            *x = last;
        }
    }
}

/// Scans contiguous rows from the second on: the latest results are in the row before.
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
