//! Copies: between any two layouts, and of rows in any order.
//!
//! A copy between different memory orders is [transposed](transpose) in tiles where that pays, and otherwise left to
//! the `assign` of ndarray.

pub(crate) mod rows;
pub(crate) mod slice;
pub(crate) mod transpose;

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut, ArrayViewMut1, Axis, Dimension, Zip};

use crate::kernel::engine::axes::{align, same_order};
use crate::kernel::engine::copy::slice::copy_run;
use crate::kernel::engine::cpu::stream;
use crate::kernel::engine::tuning::{
    INTERLEAVED_LANES, MAX_TILE_ELEMENT_BYTES, MIN_COPIED_LANE_BYTES,
};

/// How elements are copied, where operands are not contiguous in the same order.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// In tiles, which are read along this axis.
    Transposed(Axis),
    /// Lanes of two or three elements, many at a time, across this axis.
    Interleaved(Axis),
    /// In lanes that are slices, or repeat an element.
    Lanes,
    /// In the order of the output, which needs no view of each lane.
    Assigned,
    /// In the order that ndarray finds between those of both arrays: it reads pixels of three colours once, and not
    /// once for each colour.
    Balanced,
}

impl Way {
    /// The way for operands that were aligned; `along` is the axis of the lanes.
    fn of<A, D: Dimension>(
        a: &ArrayView<'_, A, D>,
        out: &ArrayViewMut<'_, A, D>,
        along: Axis,
    ) -> Way {
        let len = out.len_of(along);
        let are_short = len <= 3 && size_of::<A>() <= MAX_TILE_ELEMENT_BYTES;
        let across = along.index().checked_sub(1).filter(|_| are_short).map(Axis);
        if let Some(read) = transpose::read_axis(a, along) {
            Way::Transposed(read)
        } else if let Some(across) = across
            && out.len_of(across) >= INTERLEAVED_LANES / 2
        {
            Way::Interleaved(across)
        } else if len * size_of::<A>() < MIN_COPIED_LANE_BYTES {
            Way::Assigned
        } else if matches!(a.stride_of(along), 0 | 1) {
            Way::Lanes
        } else {
            Way::Balanced
        }
    }
}

/// `out[i] = a[i]`, in any order.
pub(crate) fn copy<A, D>(a: ArrayView<'_, A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: Dimension,
{
    if same_order(&a, out)
        && let (Some(a), Some(out)) = (a.as_slice_memory_order(), out.as_slice_memory_order_mut())
    {
        return copy_run(a, out, stream::pays::<A>(size_of_val(a) + size_of_val(out)));
    }
    if !out.is_empty() {
        copy_in_parts(a, out);
    }
}

/// A copy between two layouts.
#[inline(never)]
fn copy_in_parts<A, D>(a: ArrayView<'_, A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: Dimension,
{
    let operand_bytes = stream::bytes_of(&a) + stream::bytes_of(out);
    let (mut turned_out, mut turned) = (out.view_mut(), a.clone());
    let along = align(&mut [&mut turned_out, &mut turned]);
    match Way::of(&turned, &turned_out, along) {
        Way::Transposed(read) => {
            let streams = stream::pays_scattered::<A>(operand_bytes);
            transpose::copy(turned, turned_out, read, along, streams);
        }
        Way::Interleaved(across) => {
            let blocks = turned.axis_chunks_iter(across, INTERLEAVED_LANES);
            let outs = turned_out.axis_chunks_iter_mut(across, INTERLEAVED_LANES);
            for (mut out, a) in outs.zip(blocks) {
                let lanes = Zip::from(out.lanes_mut(across)).and(a.lanes(across));
                lanes.for_each(|out, a| Zip::from(out).and(a).for_each(|out, &a| *out = a));
            }
        }
        Way::Lanes => {
            let streams = stream::pays_in_lanes::<A>(operand_bytes, turned_out.len_of(along));
            let lanes = Zip::from(turned_out.lanes_mut(along)).and(turned.lanes(along));
            lanes.for_each(|out, a| copy_lane(a, out, streams));
        }
        Way::Assigned => turned_out.assign(&turned),
        Way::Balanced => out.assign(&a),
    }
}

// Inlined: a call for each lane costs as much as 50 of its elements.
#[inline(always)]
fn copy_lane<A: Copy + 'static>(
    a: ArrayView1<'_, A>,
    mut out: ArrayViewMut1<'_, A>,
    streams: bool,
) {
    match (a.to_slice(), out.as_slice_mut()) {
        (Some(a), Some(out)) => copy_run(a, out, streams),
        (None, Some(out)) if a.strides() == [0] => out.fill(a[0]),
        _ => Zip::from(&mut out).and(&a).for_each(|out, &a| *out = a),
    }
}
