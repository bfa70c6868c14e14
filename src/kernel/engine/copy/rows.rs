//! Copies of rows in an order that the caller gives: each row of the output is written once, in order, and read from
//! anywhere.
//!
//! Where the arrays do not fit into the cache, rows are streamed, and the next one is prefetched meanwhile.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::copy::copy;
use crate::kernel::engine::copy::slice::copy_slice;
use crate::kernel::engine::cpu::stream::{self, Stream};
use crate::kernel::engine::tuning::{INTERLEAVED_LANES, MAX_GATHERED_LANE, MAX_TILE_ELEMENT_BYTES};

/// `out[…, i, …] = a[…, source(i), …]`. The lengths along `axis` may differ.
pub(crate) fn gather<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    source: impl Fn(usize) -> usize,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    gather_as(a, axis, source, out, streams_rows(out));
}

/// Whether rows should be streamed to `out`. (As much is read from the other array.)
pub(crate) fn streams_rows<A: 'static, D: Dimension>(out: &ArrayRef<A, D>) -> bool {
    stream::pays::<A>(2 * stream::bytes_of(out))
}

/// [`gather`], streamed if `streams`: `out` may be part of a larger output, whose size decides.
pub(crate) fn gather_as<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    source: impl Fn(usize) -> usize,
    out: &mut ArrayRef<A, D>,
    streams: bool,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    if out.is_empty() {
        return; // an empty array may still have any number of rows
    }
    if let (Some(len), Some(out), Some(a)) = (row_len(out, axis), out.as_slice_mut(), a.as_slice())
    {
        let row = |position| &a[source(position) * len..][..len];
        if streams && stream::is_long_lane::<A>(len) {
            return Stream::over(out, |out| {
                let (rows, mut this) = (out.len() / len, row(0));
                for position in 0..rows {
                    let next = if position + 1 < rows { row(position + 1) } else { this };
                    out.copy_before(position * len..(position + 1) * len, this, next.as_ptr());
                    this = next;
                }
            });
        }
        for (position, out) in out.chunks_exact_mut(len).enumerate() {
            copy_row(row(position), out);
        }
    } else if gather_short_lanes(a, axis, &source, out) {
    } else if runs_along(out, axis) {
        for (mut out, a) in out.lanes_mut(axis).into_iter().zip(a.lanes(axis)) {
            match (a.to_slice(), out.as_slice_mut()) {
                (Some(a), Some(out)) => {
                    out.iter_mut().enumerate().for_each(|(i, out)| *out = a[source(i)]);
                }
                _ => out.iter_mut().enumerate().for_each(|(i, out)| *out = a[source(i)]),
            }
        }
    } else {
        for position in 0..out.len_of(axis) {
            let row = a.index_axis(axis, source(position));
            copy(row, &mut out.index_axis_mut(axis, position));
        }
    }
}

/// [`gather`] along contiguous lanes of a few elements, interleaved. Returns `false`, and does nothing, if the lanes of
/// either array are not that.
pub(crate) fn gather_short_lanes<A: Copy, D: Dimension>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    source: impl Fn(usize) -> usize,
    out: &mut ArrayRef<A, D>,
) -> bool {
    let is_last = axis.index() + 1 == out.ndim();
    let (len, source_len) = (out.len_of(axis), a.len_of(axis));
    if !is_last
        || len > MAX_GATHERED_LANE
        || source_len > MAX_GATHERED_LANE
        || size_of::<A>() > MAX_TILE_ELEMENT_BYTES
    {
        return false;
    }
    let (Some(out), Some(a)) = (out.as_slice_mut(), a.as_slice()) else { return false };
    for (out, a) in
        out.chunks_mut(INTERLEAVED_LANES * len).zip(a.chunks(INTERLEAVED_LANES * source_len))
    {
        for to in 0..len {
            let from = source(to);
            let lanes = out.chunks_exact_mut(len).zip(a.chunks_exact(source_len));
            lanes.for_each(|(out, a)| out[to] = a[from]);
        }
    }
    true
}

/// The number of elements of a row, if the rows along `axis` are contiguous one after another in C order and are worth
/// moving as blocks.
///
/// Views of rows would be as correct, but making one costs more than moving a short row: with blocks a 1,000,000×3
/// array of `f64` was shuffled four times as fast. Single elements are moved as a lane.
pub(crate) fn row_len<A, D: Dimension>(array: &ArrayRef<A, D>, axis: Axis) -> Option<usize> {
    let len = array.shape().iter().skip(1).product();
    (axis == Axis(0) && len > 1).then_some(len)
}

/// Whether no other axis of `array` takes shorter steps through memory than `axis`.
pub(crate) fn runs_along<A, D: Dimension>(array: &ArrayRef<A, D>, axis: Axis) -> bool {
    let step = array.stride_of(axis).unsigned_abs();
    let mut others = array.strides().iter().zip(array.shape());
    others.all(|(other, &len)| len <= 1 || step <= other.unsigned_abs())
}

/// `out[i] = row[i]`. Rows of two to four elements (coordinates, colours) are copied before a call of `memcpy` could
/// read their length.
#[inline(always)]
pub(crate) fn copy_row<A: Copy>(row: &[A], out: &mut [A]) {
    match (row, &mut *out) {
        ([a, b], [to_a, to_b]) => (*to_a, *to_b) = (*a, *b),
        ([a, b, c], [to_a, to_b, to_c]) => (*to_a, *to_b, *to_c) = (*a, *b, *c),
        ([a, b, c, d], [to_a, to_b, to_c, to_d]) => {
            (*to_a, *to_b, *to_c, *to_d) = (*a, *b, *c, *d);
        }
        _ => copy_slice(row, out),
    }
}
