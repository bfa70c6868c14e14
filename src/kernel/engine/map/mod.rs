//! Elementwise walks: `out[i] = f(a[i], …)` for one to six inputs and one or two outputs, in any layout.
//!
//! `&mut ArrayRef` says nothing to the compiler about aliasing, `&mut [A]` does; a loop over slices is vectorised, a
//! loop over strided elements is not. So there are these [ways](Way) to walk, and [`write`] takes the first that fits:
//!
//! ```text
//! one slice    all operands are contiguous and have the same strides, or are a number: as they lie in memory, whatever
//!              their order
//!
//! (otherwise the axes of all operands are brought into the memory order of the output, and merged where all permit
//! it; what remains are lanes)
//!
//! slices       in each lane, all operands are contiguous
//! repeats      or repeat one element (broadcasting)
//! interleaved  lanes of a few elements: the first element of many lanes, then the second of each, and so on
//! strided      any lanes, element by element
//! ```
//!
//! An output that would not stay in the cache is written with [streaming stores](crate::kernel::engine::cpu::stream).
//!
//! The walk decides only in which order elements are visited, so elementwise results never depend on layout. Operands
//! have equal shapes here: `check` made sure of that.
//!
//! Only [`write`] knows the number of axes; whatever else is compiled for an operation and its element types serves
//! arrays of any.

pub(crate) mod by_slices;
pub(crate) mod checked;
mod function;
mod inputs;
mod outputs;
mod places;
pub(crate) mod run;
mod slices;
#[cfg(test)]
mod tests;
pub(crate) mod update;

use ndarray::{ArrayRef, ArrayView, Axis, Dimension, Ix3};

use crate::kernel::engine::axes::align;
use crate::kernel::engine::cpu::stream::{self, Footprint};
use crate::kernel::engine::map::function::Function;
use crate::kernel::engine::map::inputs::{Inputs, Lane, Rows};
use crate::kernel::engine::map::outputs::{OutLane, OutRows, OutSlices, Outputs};
use crate::kernel::engine::map::places::Places;
use crate::kernel::engine::map::slices::Slices;
use crate::kernel::engine::tuning::{
    INTERLEAVED_LANES, MAX_TILE_ELEMENT_BYTES, MIN_DISPATCHED_LANE, MIN_DISPATCHED_SLICE,
    MIN_STREAMED_BYTES, MIN_STREAMED_LANE_BYTES,
};

/// `out[i] = f(a[i])`, in any order.
pub(crate) fn map<A, B, D, F>(a: ArrayView<'_, A, D>, out: &mut ArrayRef<B, D>, f: F)
where
    A: Copy,
    B: Copy + 'static,
    D: Dimension,
    F: FnMut(A) -> B,
{
    write((a, ()), out.view_mut(), stream::pays::<B>, f);
}

/// `out[i] = f(a[i], b[i])`, in any order.
pub(crate) fn zip_map<A, B, C, D, F>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    f: F,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
    F: FnMut(A, B) -> C,
{
    write((a, (b, ())), out.view_mut(), stream::pays::<C>, f);
}

/// [`zip_map`] for a function that is slower than memory, and therefore never streamed: computing in blocks took up to
/// a fifth longer.
pub(crate) fn zip_map_slow<A, B, C, D, F>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    slow: F,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
    F: FnMut(A, B) -> C,
{
    write((a, (b, ())), out.view_mut(), |_| false, slow);
}

/// `out[i] = f(a[i], b[i], c[i])` for slices, not streamed.
pub(crate) fn zip3_map_slices<A, O, F>([a, b, c]: [&[A]; 3], out: &mut [O], f: F)
where
    A: Copy,
    O: Copy + 'static,
    F: FnMut(A, A, A) -> O,
{
    write_slices((a, (b, (c, ()))), out, false, f);
}

/// `(first[i], second[i]) = f(a[i])`, in any order.
pub(crate) fn map_unzip<A, B, C, D, F>(
    a: ArrayView<'_, A, D>,
    first: &mut ArrayRef<B, D>,
    second: &mut ArrayRef<C, D>,
    f: F,
) where
    A: Copy,
    B: Copy + 'static,
    C: Copy + 'static,
    D: Dimension,
    F: FnMut(A) -> (B, C),
{
    write((a, ()), (first.view_mut(), second.view_mut()), |_| false, f);
}

/// `(first[i], second[i]) = f(a[i], b[i])`, in any order.
pub(crate) fn zip_map_unzip<A, B, C, E, D, F>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    first: &mut ArrayRef<C, D>,
    second: &mut ArrayRef<E, D>,
    f: F,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    E: Copy + 'static,
    D: Dimension,
    F: FnMut(A, B) -> (C, E),
{
    write((a, (b, ())), (first.view_mut(), second.view_mut()), |_| false, f);
}

/// Writes `f` of the elements of all inputs to the output, or to both outputs. `streams` decides from the size of all
/// operands whether to stream. Returns the function.
#[inline]
pub(crate) fn write<D, I, O, F>(
    mut inputs: I,
    mut out: O,
    streams: impl FnOnce(usize) -> bool,
    mut f: F,
) -> F
where
    D: Dimension,
    I: Inputs<D>,
    O: Outputs<D>,
    F: Function<I::Items, Output = O::Items>,
{
    let streams = streams(operand_bytes(&inputs, &out));
    if let Some(inputs) = inputs.as_slices(out.lens(), out.steps())
        && let Some(out) = out.as_slices()
    {
        return write_slices(inputs, out, streams, f);
    }
    if out.lens().contains(&0) {
        return f;
    }
    let outer = out.lens().len().saturating_sub(3);
    // (Where types tell, the rest is not even compiled.)
    if const { matches!(D::NDIM, Some(..=3)) } || outer == 0 {
        return walk(inputs.cut(&[]), out.cut(&[]), streams, f);
    }
    align(&mut [&mut out, &mut inputs]);
    let mut places = Places::new(outer);
    loop {
        let at = places.at();
        f = walk(inputs.cut(at), out.cut(at), streams, f);
        if !places.advance(out.lens()) {
            return f;
        }
    }
}

/// The size of the memory behind all operands; if even the elements of all take less than what is ever streamed, theirs.
#[inline]
fn operand_bytes<D: Dimension, I: Inputs<D>, O: Outputs<D>>(inputs: &I, out: &O) -> usize {
    let len: usize = out.lens().iter().product();
    let most = len.saturating_mul(I::ALL_BYTES + O::ELEMENT_BYTES);
    if most < MIN_STREAMED_BYTES {
        return most;
    }
    let mut footprint = Footprint::default();
    inputs.add_to(&mut footprint);
    out.add_to(&mut footprint);
    footprint.bytes()
}

/// All elements of contiguous operands.
#[inline(never)]
fn write_slices<I, O, F>(inputs: I, out: O, streams: bool, f: F) -> F
where
    I: Slices,
    O: OutSlices,
    F: Function<I::Items, Output = O::Items>,
{
    let len = out.len();
    if !inputs.are_long(len) {
        return out.write_repeats(inputs, f, streams);
    }
    // A single branch for short slices; whether to stream is decided behind it.
    match len {
        ..MIN_DISPATCHED_SLICE => out.write_inline(inputs, f),
        _ => out.write(inputs, f, streams),
    }
}

/// How lanes are walked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// As slices.
    Slices,
    /// As slices and repeated elements.
    Repeats,
    /// Short lanes, many at a time.
    Interleaved,
    /// Element by element.
    Strided,
}

impl Way {
    /// Brings the axes of operands into the memory order of the output, merges them, and chooses a way.
    fn choose<I: Inputs<Ix3>, O: Outputs<Ix3>>(inputs: &mut I, out: &mut O) -> Way {
        align(&mut [out, inputs]);
        // As many rows as possible in each plane.
        if out.lens()[1] == 1 {
            out.swap(0, 1);
            inputs.swap(0, 1);
        } else if out.can_merge(0, 1) && inputs.can_merge(0, 1) {
            out.merge(0, 1);
            inputs.merge(0, 1);
        }
        let (along, across) = (inputs.steps_along(Axis(2)), inputs.steps_along(Axis(1)));
        let [_, rows, len] = *out.lens() else { return Way::Strided };
        // (What is repeated along both axes costs nothing more.)
        let short = if along.repeat && !across.repeat { 8 } else { 4 };
        let are_small = I::ELEMENT_BYTES.max(O::ELEMENT_BYTES) <= MAX_TILE_ELEMENT_BYTES;
        let are_many = rows >= INTERLEAVED_LANES / 2;
        if len <= short && are_many && O::ELEMENT_BYTES <= MAX_TILE_ELEMENT_BYTES {
            Way::Interleaved
        } else if len > 1 && (along.jump || out.jumps_along(Axis(2))) {
            Way::Strided
        } else if len == 1 || !along.repeat {
            Way::Slices
        } else if O::IS_ONE && are_small {
            Way::Repeats
        } else {
            Way::Strided
        }
    }
}

/// Walks operands with three axes lane by lane.
#[inline(never)]
fn walk<I, O, F>(mut inputs: I, mut out: O, streams: bool, f: F) -> F
where
    I: Inputs<Ix3>,
    O: Outputs<Ix3>,
    F: Function<I::Items, Output = O::Items>,
{
    let way = Way::choose(&mut inputs, &mut out);
    let streams = streams && out.lens()[2] * O::ELEMENT_BYTES >= MIN_STREAMED_LANE_BYTES;
    match way {
        Way::Slices => contiguous(inputs, out, streams, f),
        Way::Repeats => repeats(inputs, out, streams, f),
        Way::Interleaved => {
            out.swap(1, 2);
            inputs.swap(1, 2);
            strided(inputs, out, INTERLEAVED_LANES, f)
        }
        Way::Strided => strided(inputs, out, usize::MAX, f),
    }
}

/// Lanes that are slices.
#[inline(never)]
fn contiguous<I, O, F>(inputs: I, mut out: O, streams: bool, mut f: F) -> F
where
    I: Inputs<Ix3>,
    O: Outputs<Ix3>,
    F: Function<I::Items, Output = O::Items>,
{
    for plane in 0..out.lens()[0] {
        let (inputs, mut out) = (inputs.plane(plane), out.plane(plane));
        for (mut out, inputs) in out.rows().zip(inputs.rows()) {
            // The compiler tests this before the loops.
            let (Some(out), Some(inputs)) = (out.as_slices(), inputs.as_slices()) else {
                unreachable!("all steps are one")
            };
            f = match out.len() {
                ..MIN_DISPATCHED_LANE => out.write_inline(inputs, f),
                _ => out.write(inputs, f, streams),
            };
        }
    }
    f
}

/// Lanes that are slices, or repeat an element.
#[inline(never)]
fn repeats<I, O, F>(inputs: I, mut out: O, streams: bool, mut f: F) -> F
where
    I: Inputs<Ix3>,
    O: Outputs<Ix3>,
    F: Function<I::Items, Output = O::Items>,
{
    for plane in 0..out.lens()[0] {
        let (inputs, mut out) = (inputs.plane(plane), out.plane(plane));
        for (mut out, inputs) in out.rows().zip(inputs.rows()) {
            f = repeat(&inputs, &mut out, streams, f);
        }
    }
    f
}

/// A lane of each input that is a slice, or repeats an element. (Not inlined: the loops over lanes would be compiled
/// once for each combination of these.)
#[inline(never)]
fn repeat<I, O, F>(inputs: &I, out: &mut O, streams: bool, f: F) -> F
where
    I: Lane,
    O: OutLane,
    F: Function<I::Items, Output = O::Items>,
{
    let Some(out) = out.as_slices() else { unreachable!("the output has steps of one") };
    out.write_repeats(inputs.as_slices_or_first(), f, streams)
}

/// Any lanes, up to `most` elements of each before the next has its turn.
#[inline(never)]
fn strided<I, O, F>(inputs: I, mut out: O, most: usize, mut f: F) -> F
where
    I: Inputs<Ix3>,
    O: Outputs<Ix3>,
    F: Function<I::Items, Output = O::Items>,
{
    let [planes, _, len] = *out.lens() else { return f };
    for plane in 0..planes {
        let (inputs, mut out) = (inputs.plane(plane), out.plane(plane));
        for start in (0..len).step_by(most) {
            let end = len.min(start.saturating_add(most));
            for (mut out, inputs) in out.rows().zip(inputs.rows()) {
                assert!(out.reaches(end) && inputs.reaches(end), "all have one shape");
                for at in start..end {
                    out.set(at, f.call(inputs.items(at)));
                }
            }
        }
    }
    f
}
