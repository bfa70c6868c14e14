//! The walks of elementwise kernels with one output: as few and as long contiguous slices as the layouts allow.
//!
//! `&mut ArrayRef` says nothing to the compiler about aliasing, `&mut [A]` does; a loop over slices is vectorised, a
//! loop over strided elements is not. So each driver here tries, in this order:
//!
//! 1. **One slice.** All operands are contiguous and have the same strides: they are walked as they lie in memory,
//!    whatever their order. This is the common case, and it costs a few comparisons.
//! 2. **Lanes.** [`align`] reorders the axes of all operands so that `out` is walked through memory as evenly as
//!    possible, and merges axes where every operand permits it. What remains are lanes. In each lane an input is a
//!    slice, one repeated element (broadcasting), or evenly spaced elements.
//!
//! Either way, an output that would not stay in the cache is written with [streaming stores](stream).
//!
//! A copy between different memory orders is [transposed](transpose) in tiles where that pays, and otherwise left to
//! the `assign` of ndarray.
//!
//! The drivers decide only in which order elements are visited, so elementwise results never depend on layout. Operands
//! have equal shapes here: `check` made sure of that.

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut, ArrayViewMut1, Axis, Dimension, Zip};

use crate::kernel::engine::axes::{align, same_order};
use crate::kernel::engine::copy::transpose;
use crate::kernel::engine::cpu::stream;
use crate::kernel::engine::map::run::{Mapped, Zipped, copy_run, write_lane, write_run};
use crate::kernel::engine::tuning::{
    INTERLEAVED_LANES, MAX_TILE_ELEMENT_BYTES, MIN_COPIED_LANE_BYTES,
};

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
    if out.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let operand_bytes = stream::bytes_of(&a) + stream::bytes_of(out);
    let (mut turned_out, mut turned) = (out.view_mut(), a.clone());
    let along = align(&mut [&mut turned_out, &mut turned]);
    if let Some(read) = transpose::read_axis(&turned, along) {
        let streams = stream::pays_scattered::<A>(operand_bytes);
        transpose::copy(turned, turned_out, read, along, streams);
    } else if let Some(across) = beside_short(&turned_out, along, 3) {
        map_beside(turned, turned_out, across, |x| x);
    } else if turned_out.len_of(along) * size_of::<A>() < MIN_COPIED_LANE_BYTES {
        turned_out.assign(&turned); // which needs no view for each lane
    } else if matches!(turned.stride_of(along), 0 | 1) {
        let streams = stream::pays_in_lanes::<A>(operand_bytes, turned_out.len_of(along));
        let lanes = Zip::from(turned_out.lanes_mut(along)).and(turned.lanes(along));
        lanes.for_each(|out, a| copy_lane(a, out, streams));
    } else {
        // No lane is a slice or one repeated element. ndarray weighs the orders of both arrays against each other: it
        // reads pixels of three colours once, and not once for each colour.
        out.assign(&a);
    }
}

/// `out[i] = f(a[i])`, in any order.
pub(crate) fn map<A, B, D>(a: ArrayView<'_, A, D>, out: &mut ArrayRef<B, D>, f: impl FnMut(A) -> B)
where
    A: Copy,
    B: Copy + 'static,
    D: Dimension,
{
    let operand_bytes = stream::bytes_of(&a) + stream::bytes_of(out);
    map_as(&a, out, stream::pays::<B>(operand_bytes), f);
}

/// [`map`], streamed if `streams`.
#[inline(always)]
fn map_as<A, B, D>(
    a: &ArrayView<'_, A, D>,
    out: &mut ArrayRef<B, D>,
    streams: bool,
    mut f: impl FnMut(A) -> B,
) where
    A: Copy,
    B: Copy + 'static,
    D: Dimension,
{
    if same_order(a, out)
        && let (Some(a), Some(out)) = (a.as_slice_memory_order(), out.as_slice_memory_order_mut())
    {
        return write_run(Mapped { a, f }, out, streams);
    }
    if out.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let (mut out, mut a) = (out.view_mut(), a.view());
    let along = align(&mut [&mut out, &mut a]);
    if let Some(across) = beside_short(&out, along, 4) {
        return map_beside(a, out, across, f);
    }
    let streams = streams && stream::is_long_lane::<B>(out.len_of(along));
    Zip::from(out.lanes_mut(along))
        .and(a.lanes(along))
        .for_each(|out, a| map_lane(a, out, streams, &mut f));
}

/// `out[i] = f(a[i], b[i])`, in any order.
pub(crate) fn zip_map<A, B, C, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    f: impl FnMut(A, B) -> C,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
{
    let operand_bytes = stream::bytes_of_two(&a, &b) + stream::bytes_of(out);
    zip_map_as(&a, &b, out, stream::pays::<C>(operand_bytes), f);
}

/// [`zip_map`] for a function that is slower than memory, and therefore never streamed: computing in blocks took up to
/// a fifth longer.
pub(crate) fn zip_map_slow<A, B, C, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    slow: impl FnMut(A, B) -> C,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
{
    zip_map_as(&a, &b, out, false, slow);
}

/// [`zip_map`], streamed if `streams`.
pub(crate) fn zip_map_as<A, B, C, D>(
    a: &ArrayView<'_, A, D>,
    b: &ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    streams: bool,
    mut f: impl FnMut(A, B) -> C,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
{
    if same_order(a, out)
        && same_order(b, out)
        && let (Some(a), Some(b), Some(out)) =
            (a.as_slice_memory_order(), b.as_slice_memory_order(), out.as_slice_memory_order_mut())
    {
        return write_run(Zipped { a, b, f }, out, streams);
    }
    if out.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    if let Some(b) = number(b) {
        return map_as(a, out, streams, move |a| f(a, b));
    }
    if let Some(a) = number(a) {
        return map_as(b, out, streams, move |b| f(a, b));
    }
    let (mut out, mut a, mut b) = (out.view_mut(), a.view(), b.view());
    let along = align(&mut [&mut out, &mut a, &mut b]);
    let repeats = out.ndim() > 0 && (a.stride_of(along) == 0 || b.stride_of(along) == 0);
    if let Some(across) = beside_short(&out, along, if repeats { 8 } else { 4 }) {
        return zip_map_beside(a, b, out, across, f);
    }
    let streams = streams && stream::is_long_lane::<C>(out.len_of(along));
    Zip::from(out.lanes_mut(along))
        .and(a.lanes(along))
        .and(b.lanes(along))
        .for_each(|out, a, b| zip_map_lane(a, b, out, streams, &mut f));
}

/// The axis next to `along`, if lanes along that are at most `short` long, and so many that a walk across them is
/// faster.
#[inline]
fn beside_short<A, D: Dimension>(out: &ArrayRef<A, D>, along: Axis, short: usize) -> Option<Axis> {
    let across = Axis(along.index().checked_sub(1)?);
    let is_worth_it = out.len_of(along) <= short && out.len_of(across) >= INTERLEAVED_LANES / 2;
    (is_worth_it && size_of::<A>() <= MAX_TILE_ELEMENT_BYTES).then_some(across)
}

/// [`map`] across short lanes. (Not inlined: with this code in the same function, the loop over longer lanes took a
/// third longer.)
#[inline(never)]
fn map_beside<A: Copy, B, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, B, D>,
    across: Axis,
    mut f: impl FnMut(A) -> B,
) {
    let blocks = a.axis_chunks_iter(across, INTERLEAVED_LANES);
    for (mut out, a) in out.axis_chunks_iter_mut(across, INTERLEAVED_LANES).zip(blocks) {
        let lanes = Zip::from(out.lanes_mut(across)).and(a.lanes(across));
        lanes.for_each(|out, a| Zip::from(out).and(a).for_each(|out, &a| *out = f(a)));
    }
}

/// [`zip_map`] across short lanes.
#[inline(never)]
fn zip_map_beside<A: Copy, B: Copy, C, D: Dimension>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    mut out: ArrayViewMut<'_, C, D>,
    across: Axis,
    mut f: impl FnMut(A, B) -> C,
) {
    let blocks = a
        .axis_chunks_iter(across, INTERLEAVED_LANES)
        .zip(b.axis_chunks_iter(across, INTERLEAVED_LANES));
    for (mut out, (a, b)) in out.axis_chunks_iter_mut(across, INTERLEAVED_LANES).zip(blocks) {
        let lanes = Zip::from(out.lanes_mut(across)).and(a.lanes(across)).and(b.lanes(across));
        lanes.for_each(|out, a, b| {
            Zip::from(out).and(a).and(b).for_each(|out, &a, &b| *out = f(a, b));
        });
    }
}

/// The one element behind a view, if it was made of one by broadcasting.
#[inline]
fn number<A: Copy, D: Dimension>(view: &ArrayView<'_, A, D>) -> Option<A> {
    if view.strides().iter().all(|&step| step == 0) { view.first().copied() } else { None }
}

/// One lane of an input, distinguished by what makes the loop over it fast.
pub(crate) enum Lane<'a, A> {
    /// The elements are contiguous.
    Slice(&'a [A]),
    /// One element is repeated: the lane was broadcast.
    Repeat(A),
    /// The elements are evenly spaced.
    Strided,
}

impl<'a, A: Copy> Lane<'a, A> {
    #[inline]
    pub(crate) fn of(view: ArrayView1<'a, A>) -> Self {
        if let Some(slice) = view.to_slice() {
            Lane::Slice(slice)
        } else if view.strides() == [0] {
            Lane::Repeat(view[0]) // an empty lane is a slice, so there is an element
        } else {
            Lane::Strided
        }
    }
}

// Inlined: a call for each lane costs as much as 50 of its elements.
#[inline(always)]
fn copy_lane<A: Copy + 'static>(
    a: ArrayView1<'_, A>,
    mut out: ArrayViewMut1<'_, A>,
    streams: bool,
) {
    match (Lane::of(a), out.as_slice_mut()) {
        (Lane::Slice(a), Some(out)) => copy_run(a, out, streams),
        (Lane::Repeat(a), Some(out)) => out.fill(a),
        _ => Zip::from(&mut out).and(&a).for_each(|out, &a| *out = a),
    }
}

#[inline(always)]
fn map_lane<A: Copy, B: Copy + 'static>(
    a: ArrayView1<'_, A>,
    mut out: ArrayViewMut1<'_, B>,
    streams: bool,
    f: &mut impl FnMut(A) -> B,
) {
    match (Lane::of(a), out.as_slice_mut()) {
        (Lane::Slice(a), Some(out)) => write_run(Mapped { a, f }, out, streams),
        _ => Zip::from(&mut out).and(&a).for_each(|out, &a| *out = f(a)),
    }
}

#[inline(always)]
pub(crate) fn zip_map_lane<A: Copy, B: Copy, C: Copy + 'static>(
    a: ArrayView1<'_, A>,
    b: ArrayView1<'_, B>,
    mut out: ArrayViewMut1<'_, C>,
    streams: bool,
    f: &mut impl FnMut(A, B) -> C,
) {
    match (a.to_slice(), b.to_slice(), out.as_slice_mut()) {
        (Some(a), Some(b), Some(out)) => write_lane(Zipped { a, b, f }, out, streams),
        _ => zip_map_other_lane(a, b, out, streams, f),
    }
}

/// A lane in which not all operands are slices.
#[inline(never)]
fn zip_map_other_lane<A: Copy, B: Copy, C: Copy + 'static>(
    a: ArrayView1<'_, A>,
    b: ArrayView1<'_, B>,
    mut out: ArrayViewMut1<'_, C>,
    streams: bool,
    f: &mut impl FnMut(A, B) -> C,
) {
    match (Lane::of(a), Lane::of(b), out.as_slice_mut()) {
        (Lane::Slice(a), Lane::Repeat(b), Some(out)) => {
            write_run(Mapped { a, f: |a| f(a, b) }, out, streams);
        }
        (Lane::Repeat(a), Lane::Slice(b), Some(out)) => {
            write_run(Mapped { a: b, f: |b| f(a, b) }, out, streams);
        }
        _ => Zip::from(&mut out).and(&a).and(&b).for_each(|out, &a, &b| *out = f(a, b)),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, ShapeBuilder, s};

    use super::*;

    /// The lanes of two operands after `align`: how many, and how long.
    fn lanes(
        mut out: ArrayView<'_, f64, ndarray::Ix3>,
        a: &ArrayRef<f64, ndarray::Ix3>,
    ) -> [usize; 2] {
        let mut a = a.broadcast(out.raw_dim()).expect("a test's shapes broadcast");
        let along = align(&mut [&mut out, &mut a]);
        assert_eq!(out.shape(), a.shape());
        [out.lanes(along).into_iter().count(), out.len_of(along)]
    }

    #[test]
    fn contiguous_memory_is_one_lane_in_any_order() {
        let (c, f) = (Array3::zeros((2, 3, 4)), Array3::zeros((2, 3, 4).f()));
        assert_eq!(lanes(c.view(), &c), [1, 24]);
        assert_eq!(lanes(f.view(), &f), [1, 24]);
        assert_eq!(lanes(c.t(), &c.t()), [1, 24]);
        assert_eq!(lanes(c.slice(s![..;-1, .., ..;-1]), &c.slice(s![..;-1, .., ..;-1])), [1, 24]);
        let turned = c.view().permuted_axes([1, 2, 0]);
        assert_eq!(lanes(turned, &turned), [1, 24]);
    }

    #[test]
    fn lanes_run_along_the_memory_of_out() {
        let (c, f) = (Array3::zeros((2, 3, 4)), Array3::zeros((2, 3, 4).f()));
        assert_eq!(lanes(c.view(), &f), [6, 4]);
        assert_eq!(lanes(f.view(), &c), [12, 2]);
        assert_eq!(lanes(c.slice(s![.., .., ..3]), &c.slice(s![.., .., ..3])), [6, 3]);
        assert_eq!(lanes(c.slice(s![.., ..2, ..]), &c.slice(s![.., ..2, ..])), [2, 8]);
    }

    #[test]
    fn axes_melt_around_broadcasting() {
        let c = Array3::zeros((2, 3, 4));
        assert_eq!(lanes(c.view(), &Array3::zeros((1, 1, 4))), [6, 4]);
        assert_eq!(lanes(c.view(), &Array3::zeros((1, 3, 4))), [2, 12]);
        assert_eq!(lanes(c.view(), &Array3::zeros((2, 1, 1))), [2, 12]);
        assert_eq!(lanes(c.view(), &Array3::zeros((1, 1, 1))), [1, 24]);
    }
}
