//! The walks of elementwise kernels with three inputs, or with two outputs.
//!
//! Three inputs are tried as one slice each first, as in [`walk`](crate::kernel::engine::map::walk). Two outputs are
//! walked in lanes from the start; operands that are contiguous in the same order are merged into a single lane.

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut1, Dimension, Zip};

use crate::kernel::engine::axes::{align, same_order};
use crate::kernel::engine::cpu::stream;
use crate::kernel::engine::map::run::{Zipped3, write_lane, write_run};
use crate::kernel::engine::map::walk::{Lane, zip_map_lane};

/// `out[i] = f(a[i], b[i], c[i])`, in any order.
pub(crate) fn zip3_map<A, B, C, O, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    c: ArrayView<'_, C, D>,
    out: &mut ArrayRef<O, D>,
    f: impl FnMut(A, B, C) -> O,
) where
    A: Copy,
    B: Copy,
    C: Copy,
    O: Copy + 'static,
    D: Dimension,
{
    let read_bytes = stream::bytes_of(&a) + stream::bytes_of(&b) + stream::bytes_of(&c);
    zip3_map_as(a, b, c, out, stream::pays::<O>(read_bytes + stream::bytes_of(out)), f);
}

/// [`zip3_map`], streamed if `streams`: the caller decides by the size of operands of which these may be a part.
pub(crate) fn zip3_map_as<A, B, C, O, D>(
    mut a: ArrayView<'_, A, D>,
    mut b: ArrayView<'_, B, D>,
    mut c: ArrayView<'_, C, D>,
    out: &mut ArrayRef<O, D>,
    streams: bool,
    mut f: impl FnMut(A, B, C) -> O,
) where
    A: Copy,
    B: Copy,
    C: Copy,
    O: Copy + 'static,
    D: Dimension,
{
    if same_order(&a, out)
        && same_order(&b, out)
        && same_order(&c, out)
        && let (Some(a), Some(b), Some(c), Some(out)) = (
            a.as_slice_memory_order(),
            b.as_slice_memory_order(),
            c.as_slice_memory_order(),
            out.as_slice_memory_order_mut(),
        )
    {
        return write_run(Zipped3 { a, b, c, f }, out, streams);
    }
    if out.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let mut out = out.view_mut();
    let along = align(&mut [&mut out, &mut a, &mut b, &mut c]);
    let streams = streams && stream::is_long_lane::<O>(out.len_of(along));
    Zip::from(out.lanes_mut(along))
        .and(a.lanes(along))
        .and(b.lanes(along))
        .and(c.lanes(along))
        .for_each(|out, a, b, c| zip3_map_lane(a, b, c, out, streams, &mut f));
}

/// `(first[i], second[i]) = f(a[i])`, in any order.
pub(crate) fn map_unzip<A, B, C, D>(
    mut a: ArrayView<'_, A, D>,
    first: &mut ArrayRef<B, D>,
    second: &mut ArrayRef<C, D>,
    mut f: impl FnMut(A) -> (B, C),
) where
    A: Copy,
    D: Dimension,
{
    if first.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let (mut first, mut second) = (first.view_mut(), second.view_mut());
    let along = align(&mut [&mut first, &mut second, &mut a]);
    Zip::from(first.lanes_mut(along))
        .and(second.lanes_mut(along))
        .and(a.lanes(along))
        .for_each(|first, second, a| map_unzip_lane(a, first, second, &mut f));
}

/// `(first[i], second[i]) = f(a[i], b[i])`, in any order.
pub(crate) fn zip_map_unzip<A, B, C, E, D>(
    mut a: ArrayView<'_, A, D>,
    mut b: ArrayView<'_, B, D>,
    first: &mut ArrayRef<C, D>,
    second: &mut ArrayRef<E, D>,
    mut f: impl FnMut(A, B) -> (C, E),
) where
    A: Copy,
    B: Copy,
    D: Dimension,
{
    if first.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let (mut first, mut second) = (first.view_mut(), second.view_mut());
    let along = align(&mut [&mut first, &mut second, &mut a, &mut b]);
    Zip::from(first.lanes_mut(along))
        .and(second.lanes_mut(along))
        .and(a.lanes(along))
        .and(b.lanes(along))
        .for_each(|first, second, a, b| match Lane::of(b) {
            Lane::Repeat(b) => map_unzip_lane(a, first, second, &mut |a| f(a, b)),
            _ => zip_map_unzip_lane(a, b, first, second, &mut f),
        });
}

#[inline(always)]
fn zip3_map_lane<A: Copy, B: Copy, C: Copy, O: Copy + 'static>(
    a: ArrayView1<'_, A>,
    b: ArrayView1<'_, B>,
    c: ArrayView1<'_, C>,
    mut out: ArrayViewMut1<'_, O>,
    streams: bool,
    f: &mut impl FnMut(A, B, C) -> O,
) {
    match (a.to_slice(), b.to_slice(), c.to_slice(), out.as_slice_mut()) {
        (Some(a), Some(b), Some(c), Some(out)) => write_lane(Zipped3 { a, b, c, f }, out, streams),
        _ => zip3_map_other_lane(a, b, c, out, streams, f),
    }
}

/// A lane in which not all operands are slices.
#[inline(never)]
fn zip3_map_other_lane<A: Copy, B: Copy, C: Copy, O: Copy + 'static>(
    a: ArrayView1<'_, A>,
    b: ArrayView1<'_, B>,
    c: ArrayView1<'_, C>,
    mut out: ArrayViewMut1<'_, O>,
    streams: bool,
    f: &mut impl FnMut(A, B, C) -> O,
) {
    match (Lane::of(a), Lane::of(b), Lane::of(c)) {
        (Lane::Repeat(a), ..) => zip_map_lane(b, c, out, streams, &mut |b, c| f(a, b, c)),
        (_, Lane::Repeat(b), _) => zip_map_lane(a, c, out, streams, &mut |a, c| f(a, b, c)),
        (.., Lane::Repeat(c)) => zip_map_lane(a, b, out, streams, &mut |a, b| f(a, b, c)),
        _ => Zip::from(&mut out)
            .and(&a)
            .and(&b)
            .and(&c)
            .for_each(|out, &a, &b, &c| *out = f(a, b, c)),
    }
}

fn map_unzip_lane<A: Copy, B, C>(
    a: ArrayView1<'_, A>,
    mut first: ArrayViewMut1<'_, B>,
    mut second: ArrayViewMut1<'_, C>,
    f: &mut impl FnMut(A) -> (B, C),
) {
    if let (Lane::Slice(a), Some(first), Some(second)) =
        (Lane::of(a), first.as_slice_mut(), second.as_slice_mut())
    {
        for ((first, second), &a) in first.iter_mut().zip(second).zip(a) {
            (*first, *second) = f(a);
        }
    } else {
        Zip::from(&mut first)
            .and(&mut second)
            .and(&a)
            .for_each(|first, second, &a| (*first, *second) = f(a));
    }
}

fn zip_map_unzip_lane<A: Copy, B: Copy, C, E>(
    a: ArrayView1<'_, A>,
    b: ArrayView1<'_, B>,
    mut first: ArrayViewMut1<'_, C>,
    mut second: ArrayViewMut1<'_, E>,
    f: &mut impl FnMut(A, B) -> (C, E),
) {
    Zip::from(&mut first)
        .and(&mut second)
        .and(&a)
        .and(&b)
        .for_each(|first, second, &a, &b| (*first, *second) = f(a, b));
}
