//! The walk of a scan across lanes, with streaming stores.
//!
//! ```text
//! for each STREAMED_SCAN_COLUMNS columns:
//!     the first row
//!     if cache lines begin at the same columns in all rows of the output:
//!         for every SCAN_ROWS rows:  a line of each in turn; the latest results stay in registers
//!     for each other row:            from the latest results, on the stack; the next row is prefetched
//! ```
//!
//! The latest results are on the stack because a row that was streamed is no longer in the cache. The next row is
//! prefetched because the hardware prefetcher, which follows a few rows side by side, stops at the end of each part of a
//! wide row.

use std::array;

use ndarray::{ArrayView, ArrayView1, ArrayViewMut, ArrayViewMut1, Axis, Dimension};

use super::follow;
use crate::kernel::engine::axes::first_before;
use crate::kernel::engine::cpu::prefetch;
use crate::kernel::engine::cpu::stream::{self, LINE_BYTES, Stream};
use crate::kernel::engine::scratch::with_scratch;
use crate::kernel::engine::tuning::{SCAN_ROWS, STREAMED_SCAN_COLUMNS};

/// Whether rows are slices that are worth a fence.
pub(super) fn have_long_rows<A, B, D: Dimension>(
    a: &ArrayView<'_, A, D>,
    out: &ArrayViewMut<'_, B, D>,
    along: Axis,
) -> bool {
    let across = Axis(along.index() + 1);
    out.ndim() > across.index()
        && (a.stride_of(across), out.stride_of(across)) == (1, 1)
        && stream::is_long_lane::<B>(out.len_of(across).min(STREAMED_SCAN_COLUMNS))
}

/// The scan along the first axis of an array with long rows along `along`, counted without the first.
#[inline(never)]
pub(super) fn rows<A: Copy, B: Copy + 'static, D: Dimension>(
    mut a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, B, D>,
    along: Axis,
    first: &impl Fn(A) -> B,
    step: &mut impl FnMut(B, A) -> B,
) {
    let len = a.len_of(Axis(0));
    let (to_next, out_to_next) = (a.stride_of(Axis(0)), out.stride_of(Axis(0)));
    let lie_alike = (out_to_next.unsigned_abs() * size_of::<B>()).is_multiple_of(LINE_BYTES);
    let together = if lie_alike { SCAN_ROWS } else { len };
    first_before(&mut out, along);
    let across = first_before(&mut a, along);
    let chunks = a.axis_chunks_iter(across, STREAMED_SCAN_COLUMNS);
    for (a, mut out) in chunks.zip(out.axis_chunks_iter_mut(across, STREAMED_SCAN_COLUMNS)) {
        let any = first(*a.first().expect("chunks have elements"));
        with_scratch(a.len_of(across), any, &mut |last| {
            let mut rows = a.lanes(across).into_iter().zip(out.lanes_mut(across));
            while let Some(top) = rows.next() {
                row(slices(top), to_next, last, &mut |_, x| first(x));
                for _ in 0..(len - 1) / together {
                    let group = array::from_fn(|_| rows.next().map(slices).expect("all rows"));
                    match size_of::<B>() {
                        4 => lines::<16, _, _>(group, last, step),
                        8 => lines::<8, _, _>(group, last, step),
                        _ => lines::<4, _, _>(group, last, step),
                    }
                }
                for one in rows.by_ref().take((len - 1) % together) {
                    row(slices(one), to_next, last, step);
                }
            }
        });
    }
}

type Pair<'r, A, B> = (&'r [A], &'r mut [B]);

fn slices<'r, A, B>((x, out): (ArrayView1<'r, A>, ArrayViewMut1<'r, B>)) -> Pair<'r, A, B> {
    let (x, out) = (x.to_slice(), out.into_slice());
    (x.expect("the elements of a row are neighbours"), out.expect("here too"))
}

/// The row after `last`, where its results are left. The next row of the input is `to_next` elements further.
fn row<A: Copy, B: Copy + 'static>(
    (x, out): Pair<'_, A, B>,
    to_next: isize,
    last: &mut [B],
    step: &mut impl FnMut(B, A) -> B,
) {
    let next = x.as_ptr().wrapping_offset(to_next);
    let fill = |at: usize, out: &mut [B]| {
        prefetch::block_into_l2(next.wrapping_add(at));
        let part = at..at + out.len();
        follow(&x[part.clone()], out, &mut last[part], &mut *step);
    };
    Stream::over(out, |out| out.write_in_turn(0..x.len(), fill));
}

/// Rows that are streamed together. A cache line has `LINE` elements, and those of all rows begin at the same columns.
#[inline(never)]
fn lines<const LINE: usize, A: Copy, B: Copy + 'static>(
    group: [Pair<'_, A, B>; SCAN_ROWS],
    last: &mut [B],
    step: &mut impl FnMut(B, A) -> B,
) {
    stream::fenced(|fence| {
        let mut group = group.map(|(x, out)| (&x[..last.len()], Stream::new(out, fence)));
        let head = group[0].1.to_line(0).min(last.len());
        let tail = head + (last.len() - head) / LINE * LINE;
        for start in (head..tail).step_by(LINE) {
            let last = last[start..].first_chunk_mut::<LINE>().expect("whole lines");
            let mut line = *last;
            for (x, out) in &mut group {
                let x = x[start..].first_chunk::<LINE>().expect("as long as `last`");
                line = array::from_fn(|i| step(line[i], x[i]));
                out.line(start, &line);
            }
            *last = line;
        }
        for part in [0..head, tail..last.len()] {
            for (x, out) in &mut group {
                let (x, last) = (&x[part.clone()], &mut last[part.clone()]);
                follow(x, out.plain(part.clone()), last, &mut *step);
            }
        }
    });
}
