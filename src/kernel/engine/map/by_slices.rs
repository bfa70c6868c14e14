//! Elementwise walks for functions that are bound by computation, and are compiled as functions of slices.
//!
//! Such a function is a pointer here, so that one walk serves all of an element type, and a function costs three loops:
//! one for each instruction set. The walk looks for slices, and makes them where there are none:
//!
//! ```text
//! one slice   all operands are contiguous and have the same strides, or are a number
//! lanes       the lanes of the output are contiguous: those of an input are, too, or go through a tile in L1
//! pieces      otherwise: lane after lane is gathered into tiles, which are computed at once, and scattered
//! ```
//!
//! The loops take as many elements at once as are a few vectors of any processor. A remainder is computed together with
//! elements before it, a second time: so there is no loop over single elements, which takes ten times as long.

use std::marker::PhantomData;

use ndarray::{
    ArrayRef, ArrayView, ArrayView1, ArrayViewMut, ArrayViewMut1, Axis, Dimension, Ix3, s,
};

use crate::kernel::engine::axes::{align, is_one_element, steps_alike};
use crate::kernel::engine::cpu::dispatch::{self, OutputLoop, Simd};
use crate::kernel::engine::map::inputs::three_axes;
use crate::kernel::engine::map::places::Places;
use crate::kernel::engine::tuning::{FUNCTION_BLOCK, FUNCTION_STEP};

/// A function of elements, as a type: what is compiled for it has a short name, and can be shared between crates.
pub(crate) trait Elementwise<const N: usize, A> {
    /// Whether there are arguments for which [`moderate`](Self::moderate) is not right.
    const HAS_RARE: bool;

    /// Whether [`moderate`](Self::moderate) is right for these arguments.
    fn is_moderate(x: [A; N]) -> bool;
    /// The function where arguments are moderate, with the bits of [`any`](Self::any).
    fn moderate(x: [A; N]) -> A;
    /// The function.
    fn any(x: [A; N]) -> A;
}

/// A function of slices that are as long as the output.
pub(crate) type OfSlices<const N: usize, A> = fn([&[A]; N], &mut [A]);

/// `F` of the elements of slices, in the version for this processor.
#[inline(never)]
pub(crate) fn of_slices<const N: usize, A, F>(inputs: [&[A]; N], out: &mut [A])
where
    A: Copy + Default,
    F: Elementwise<N, A>,
{
    dispatch::run_widest_on_output(Each { inputs, f: PhantomData::<F> }, out);
}

struct Each<'a, const N: usize, A, F> {
    inputs: [&'a [A]; N],
    f: PhantomData<F>,
}

impl<const N: usize, A, F> OutputLoop<A, (), (), ()> for Each<'_, N, A, F>
where
    A: Copy + Default,
    F: Elementwise<N, A>,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, out: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        let (inputs, len) = (self.inputs, out.len());
        if len == 0 {
            return;
        }
        // Of fewer elements than a step, one is repeated.
        let mut short = inputs.map(|input| [input[0]; FUNCTION_STEP]);
        let mut short_out = [A::default(); FUNCTION_STEP];
        let mut at = 0;
        while at < len {
            let left = len - at;
            let part = match left {
                FUNCTION_STEP.. => at..at + left.min(FUNCTION_BLOCK),
                _ if len >= FUNCTION_STEP => len - FUNCTION_STEP..len,
                _ => 0..0,
            };
            at = if left < FUNCTION_STEP {
                len
            } else {
                at + part.len() / FUNCTION_STEP * FUNCTION_STEP
            };
            let (inputs, out) = if part.is_empty() {
                for (short, input) in short.iter_mut().zip(inputs) {
                    short[..len].copy_from_slice(&input[..len]);
                }
                (short.each_ref().map(|short| &short[..]), &mut short_out[..])
            } else {
                (inputs.map(|input| &input[part.clone()]), &mut out[part])
            };
            block::<N, A, F>(inputs, out);
        }
        if len < FUNCTION_STEP {
            out.copy_from_slice(&short_out[..len]);
        }
    }
}

/// All whole steps of a block (the compiler sees that nothing remains): computed for moderate arguments, and again if
/// there was another. (Looking at the arguments first would wait for memory while nothing is computed.)
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "the compiler sees that all slices have this index")]
fn block<const N: usize, A: Copy, F: Elementwise<N, A>>(inputs: [&[A]; N], out: &mut [A]) {
    let len = out.len() / FUNCTION_STEP * FUNCTION_STEP;
    let (inputs, out) = (inputs.map(|input| &input[..len]), &mut out[..len]);
    let items = |at: usize| inputs.map(|input| input[at]);
    let mut is_rare = false;
    for at in 0..len {
        out[at] = F::moderate(items(at));
        is_rare |= !F::is_moderate(items(at));
    }
    if F::HAS_RARE && is_rare {
        for at in 0..len {
            out[at] = F::any(items(at));
        }
    }
}

/// `out[i] = f(inputs[0][i], …)`, in any order. Operands have one shape.
pub(crate) fn write<const N: usize, A, D>(
    mut inputs: [ArrayView<'_, A, D>; N],
    out: &mut ArrayRef<A, D>,
    f: OfSlices<N, A>,
) where
    A: Copy + Default + 'static,
    D: Dimension,
{
    let lanes = inputs.each_ref().map(|input| whole(input, out));
    if lanes.iter().all(Option::is_some)
        && let Some(out) = out.as_slice_memory_order_mut()
    {
        return write_lane(lanes.map(|lane| lane.expect("all are")), out, f);
    }
    if out.is_empty() {
        return;
    }
    let mut out = out.view_mut();
    let outer = out.ndim().saturating_sub(3);
    if outer > 0 {
        align_all(&mut inputs, &mut out);
    }
    let mut places = Places::new(outer);
    loop {
        let at = places.at();
        let inputs = inputs.each_ref().map(|input| three_axes(input.view(), at));
        write_part(inputs, three_axes(out.view_mut(), at), f);
        if !places.advance(out.shape()) {
            return;
        }
    }
}

/// `a[i] = f(a[i])`, in any order.
pub(crate) fn change<A, D>(a: &mut ArrayRef<A, D>, f: OfSlices<1, A>)
where
    A: Copy + Default + 'static,
    D: Dimension,
{
    if let Some(slice) = a.as_slice_memory_order_mut() {
        return change_slice(slice, f);
    }
    if a.is_empty() {
        return;
    }
    let mut a = a.view_mut();
    let along = align(&mut [&mut a]);
    for lane in a.lanes_mut(along) {
        change_lane(lane, f);
    }
}

#[inline(never)]
fn change_lane<A: Copy + Default>(mut lane: ArrayViewMut1<'_, A>, f: OfSlices<1, A>) {
    if let Some(slice) = lane.as_slice_mut() {
        return change_slice(slice, f);
    }
    let (mut tile, mut result) = ([A::default(); FUNCTION_BLOCK], [A::default(); FUNCTION_BLOCK]);
    for mut part in lane.axis_chunks_iter_mut(Axis(0), FUNCTION_BLOCK) {
        let (tile, result) = (&mut tile[..part.len()], &mut result[..part.len()]);
        tile.iter_mut().zip(&part).for_each(|(tile, &x)| *tile = x);
        f([tile], result);
        part.iter_mut().zip(result).for_each(|(x, result)| *x = *result);
    }
}

#[inline(never)]
fn change_slice<A: Copy + Default>(slice: &mut [A], f: OfSlices<1, A>) {
    let mut tile = [A::default(); FUNCTION_BLOCK];
    for part in slice.chunks_mut(FUNCTION_BLOCK) {
        let tile = &mut tile[..part.len()];
        tile.copy_from_slice(part);
        f([tile], part);
    }
}

/// A lane of an input.
#[derive(Clone, Copy)]
enum Lane<'a, A> {
    Slice(&'a [A]),
    Repeated(A),
    Strided(ArrayView1<'a, A>),
}

impl<'a, A: Copy> Lane<'a, A> {
    fn of(lane: ArrayView1<'a, A>) -> Self {
        match lane.to_slice() {
            Some(slice) => Lane::Slice(slice),
            None if lane.strides() == [0] => Lane::Repeated(lane[0]),
            None => Lane::Strided(lane),
        }
    }
}

/// All of an input as one lane, if it lies in memory as the output does, or is one number.
fn whole<'a, A: Copy, D: Dimension>(
    input: &'a ArrayView<'_, A, D>,
    out: &ArrayRef<A, D>,
) -> Option<Lane<'a, A>> {
    if steps_alike(out.shape(), input.strides(), out.strides()) {
        return input.as_slice_memory_order().map(Lane::Slice);
    }
    let is_number = is_one_element(input.shape(), input.strides());
    input.first().filter(|_| is_number).map(|&number| Lane::Repeated(number))
}

/// A lane of the output that is a slice.
#[inline(never)]
fn write_lane<const N: usize, A: Copy + Default>(
    lanes: [Lane<'_, A>; N],
    out: &mut [A],
    f: OfSlices<N, A>,
) {
    let slices = lanes.each_ref().map(|lane| match lane {
        Lane::Slice(slice) => *slice,
        _ => &[],
    });
    if slices.iter().all(|slice| slice.len() == out.len()) {
        return f(slices, out);
    }
    let mut tiles = [[A::default(); FUNCTION_BLOCK]; N];
    for (tile, lane) in tiles.iter_mut().zip(&lanes) {
        if let Lane::Repeated(x) = lane {
            tile.fill(*x);
        }
    }
    let mut at = 0;
    for out in out.chunks_mut(FUNCTION_BLOCK) {
        let part = at..at + out.len();
        for (tile, lane) in tiles.iter_mut().zip(&lanes) {
            if let Lane::Strided(lane) = lane {
                let lane = lane.slice(s![part.clone()]);
                tile[..out.len()].iter_mut().zip(lane).for_each(|(tile, &x)| *tile = x);
            }
        }
        let mut inputs = tiles.each_ref().map(|tile| &tile[..out.len()]);
        for (input, slice) in inputs.iter_mut().zip(slices) {
            if !slice.is_empty() {
                *input = &slice[part.clone()];
            }
        }
        f(inputs, out);
        at = part.end;
    }
}

fn align_all<const N: usize, A, D: Dimension>(
    inputs: &mut [ArrayView<'_, A, D>; N],
    out: &mut ArrayViewMut<'_, A, D>,
) {
    match inputs.as_mut_slice() {
        [a] => align(&mut [out, a]),
        [a, b] => align(&mut [out, a, b]),
        _ => unreachable!("functions have one or two arguments"),
    };
}

#[inline(never)]
fn write_part<const N: usize, A: Copy + Default + 'static>(
    mut inputs: [ArrayView<'_, A, Ix3>; N],
    mut out: ArrayViewMut<'_, A, Ix3>,
    f: OfSlices<N, A>,
) {
    align_all(&mut inputs, &mut out);
    let [planes, rows, len] = *out.shape() else { return };
    if len >= FUNCTION_STEP && out.strides()[2] == 1 {
        for (plane, row) in (0..planes).flat_map(|plane| (0..rows).map(move |row| (plane, row))) {
            let mut out = out.view_mut().index_axis_move(Axis(0), plane);
            let mut out = out.index_axis_mut(Axis(0), row);
            let out = out.as_slice_mut().expect("its step is one");
            write_lane(inputs.each_ref().map(|input| Lane::of(lane(input, plane, row))), out, f);
        }
        return;
    }
    if len < FUNCTION_STEP && len < rows {
        // Longer lanes, of which a piece is gathered at once.
        inputs.iter_mut().for_each(|input| input.swap_axes(1, 2));
        out.swap_axes(1, 2);
    }
    let (mut tiles, mut result) =
        ([[A::default(); FUNCTION_BLOCK]; N], [A::default(); FUNCTION_BLOCK]);
    let (mut from, mut left) = (Place::default(), out.len());
    while left > 0 {
        let count = left.min(FUNCTION_BLOCK);
        let mut next = from;
        for (tile, input) in tiles.iter_mut().zip(&inputs) {
            next = gather(input, from, &mut tile[..count]);
        }
        f(tiles.each_ref().map(|tile| &tile[..count]), &mut result[..count]);
        scatter(&mut out, from, &result[..count]);
        (from, left) = (next, left - count);
    }
}

/// A place in an array with three axes.
#[derive(Clone, Copy, Default)]
struct Place {
    plane: usize,
    row: usize,
    at: usize,
}

impl Place {
    /// The place behind `count` elements of a lane, of which it sees no more.
    fn behind(self, count: usize, shape: &[usize]) -> Place {
        let Place { plane, row, at } = self;
        if at + count < shape[2] {
            Place { plane, row, at: at + count }
        } else if row + 1 < shape[1] {
            Place { plane, row: row + 1, at: 0 }
        } else {
            Place { plane: plane + 1, row: 0, at: 0 }
        }
    }
}

fn lane<'a, A>(array: &'a ArrayView<'_, A, Ix3>, plane: usize, row: usize) -> ArrayView1<'a, A> {
    array.index_axis(Axis(0), plane).index_axis_move(Axis(0), row)
}

/// Copies elements from a place on, lane after lane; returns the place behind them.
fn gather<A: Copy>(a: &ArrayView<'_, A, Ix3>, mut from: Place, mut tile: &mut [A]) -> Place {
    while !tile.is_empty() {
        let lane = lane(a, from.plane, from.row);
        let count = tile.len().min(lane.len() - from.at);
        let (head, rest) = tile.split_at_mut(count);
        let piece = lane.slice_axis(Axis(0), (from.at..from.at + count).into());
        head.iter_mut().zip(piece).for_each(|(tile, &x)| *tile = x);
        (tile, from) = (rest, from.behind(count, a.shape()));
    }
    from
}

/// Writes elements from a place on, lane after lane.
fn scatter<A: Copy>(out: &mut ArrayViewMut<'_, A, Ix3>, mut from: Place, mut tile: &[A]) {
    let shape = [out.shape()[0], out.shape()[1], out.shape()[2]];
    while let count @ 1.. = tile.len().min(shape[2] - from.at) {
        let (head, rest) = tile.split_at(count);
        let mut plane = out.index_axis_mut(Axis(0), from.plane);
        let mut lane = plane.index_axis_mut(Axis(0), from.row);
        let mut piece = lane.slice_axis_mut(Axis(0), (from.at..from.at + count).into());
        piece.iter_mut().zip(head).for_each(|(x, &result)| *x = result);
        (tile, from) = (rest, from.behind(count, &shape));
    }
}
