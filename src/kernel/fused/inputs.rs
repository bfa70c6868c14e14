//! The inputs of a formula as views of the shape of the output, as lanes, and as slices.
//!
//! Lists are nested pairs, `(first, (second, ()))`, so that a formula has any number of inputs and each trait two
//! implementations: of the empty list, and of one that begins with an input.

use std::marker::PhantomData;
use std::ops::Range;

use ndarray::{ArrayView, Axis, Dimension};

use crate::kernel::engine::axes::{Axes, steps_alike};
use crate::kernel::engine::cpu::stream::Footprint;
use crate::kernel::fused::block::{Block, Lanes, Splat};
use crate::kernel::fused::chunks::{self, Below, Flat, Rows};
use crate::kernel::fused::flow::{self, Flow, Needs};
use crate::kernel::fused::lanes::LanesOf;

/// An input of elements `A`.
#[derive(Debug)]
pub struct Of<A>(PhantomData<A>);

/// The element types of inputs, as a list, and what is done with inputs in each of their stages.
pub trait Inputs: 'static {
    /// Views of one shape.
    type Views<'a, D: Dimension>;
    /// Lanes that are still to come.
    type Lanes<'a, D: Dimension>;
    /// [`Flow`]s, which show block after block of a walk, copied where necessary.
    type Flows<'a, D: Dimension, const N: usize>;
    /// The [`Lanes`] of a block.
    type Blocks<'s>: Copy;
    /// One [`Splat`] each.
    type Splats<const N: usize>: Default;
    /// One slice each.
    type Slices<'s>: Copy;
    /// [`Flat`] elements of each, for a reduction.
    type Flats<'a, D: Dimension, const N: usize, const W: usize>;
    /// Lanes [`Below`] one another, for a reduction.
    type Belows<'a, D: Dimension, const N: usize, const W: usize>;
    /// [`Rows`] of each, for a reduction.
    type Rows<'s>: Copy;
    /// Chunks of each, for a reduction.
    type Chunks<'s, const W: usize>: Copy;

    /// The size of the largest element that a tile would hold.
    const LARGEST_BYTES: usize;

    /// The first, if there is one.
    fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> Option<&'v dyn Axes>;
    /// Calls `see` with the axes of each.
    fn each<D: Dimension>(views: &Self::Views<'_, D>, see: &mut dyn FnMut(&dyn Axes));
    /// Calls `change` with the axes of each.
    fn each_mut<D: Dimension>(
        views: &mut Self::Views<'_, D>,
        change: &mut dyn FnMut(&mut dyn Axes),
    );
    /// Adds the memory of each.
    fn add_to<D: Dimension>(views: &Self::Views<'_, D>, footprint: &mut Footprint);
    /// Each as one slice, if all are contiguous with these steps.
    fn slices<'s, D: Dimension>(
        views: &'s Self::Views<'_, D>,
        steps: &[isize],
    ) -> Option<Self::Blocks<'s>>;
    /// All lanes of views that are [regular](crate::kernel::fused::flow::regular).
    fn regular<'s, D: Dimension>(views: &'s Self::Views<'_, D>, along: Axis) -> Self::Blocks<'s>;
    /// The lanes of views whose axes are aligned.
    fn lanes<'s, D: Dimension>(views: &'s Self::Views<'_, D>, along: Axis) -> Self::Lanes<'s, D>;
    /// The next lane of each: contiguous, or one repeated element.
    fn next_lane<'s, D: Dimension>(lanes: &mut Self::Lanes<'s, D>) -> Self::Blocks<'s>;
    /// The flows of views whose axes are aligned.
    fn flows<'s, D: Dimension, const N: usize>(
        views: &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flows<'s, D, N>;
    /// What their flows need.
    fn needs<D: Dimension>(views: &Self::Views<'_, D>, along: Axis) -> Needs;
    /// Moves on to the next block.
    fn next<D: Dimension, const N: usize>(flows: &mut Self::Flows<'_, D, N>, block: Block);
    /// The block to which [`next`](Self::next) has moved.
    fn current<'s, D: Dimension, const N: usize>(
        flows: &'s Self::Flows<'_, D, N>,
    ) -> Self::Blocks<'s>;
    /// One lane of each in two parts.
    fn split(blocks: Self::Blocks<'_>, at: usize) -> (Self::Blocks<'_>, Self::Blocks<'_>);
    /// The elements `from..from + len` of lane number `lane`.
    fn part<'s, const N: usize>(
        blocks: &'s Self::Blocks<'_>,
        splats: &'s mut Self::Splats<N>,
        lane: usize,
        from: usize,
        len: usize,
    ) -> Self::Slices<'s>;
    /// Whether the lanes of any are one repeated element.
    fn repeat(blocks: &Self::Blocks<'_>) -> bool;

    /// The elements of views whose axes are aligned, lane after lane.
    fn flats<'s, D: Dimension, const N: usize, const W: usize>(
        views: &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flats<'s, D, N, W>;
    /// Whether blocks of them may be of any length.
    fn are_whole<D: Dimension, const N: usize, const W: usize>(
        flats: &Self::Flats<'_, D, N, W>,
    ) -> bool;
    /// Moves on to the block of the next `len` elements.
    fn next_flat<D: Dimension, const N: usize, const W: usize>(
        flats: &mut Self::Flats<'_, D, N, W>,
        len: usize,
    );
    /// That block from number `from` on, as rows that begin `below` elements apart.
    fn flat_rows<'s, D: Dimension, const N: usize, const W: usize>(
        flats: &'s Self::Flats<'_, D, N, W>,
        from: usize,
        below: usize,
        step: usize,
    ) -> Self::Rows<'s>;
    /// Makes a chunk of the end of that block.
    fn cut_tail<D: Dimension, const N: usize, const W: usize>(
        flats: &mut Self::Flats<'_, D, N, W>,
        from: usize,
    );
    /// That chunk.
    fn tail<'s, D: Dimension, const N: usize, const W: usize>(
        flats: &'s Self::Flats<'_, D, N, W>,
    ) -> Self::Rows<'s>;
    /// Whether the lanes of any would be copied to be read as rows.
    fn are_copied<D: Dimension>(views: &Self::Views<'_, D>, along: Axis) -> bool;
    /// The elements `columns` of the lanes of views that have elements.
    fn below<'s, D: Dimension, const N: usize, const W: usize>(
        views: &'s Self::Views<'_, D>,
        along: Axis,
        columns: Range<usize>,
    ) -> Self::Belows<'s, D, N, W>;
    /// Moves on to the next `count` lanes.
    fn next_below<D: Dimension, const N: usize, const W: usize>(
        lanes: &mut Self::Belows<'_, D, N, W>,
        count: usize,
    );
    /// These lanes.
    fn below_rows<'s, D: Dimension, const N: usize, const W: usize>(
        lanes: &'s Self::Belows<'_, D, N, W>,
    ) -> Self::Rows<'s>;
    /// The `count` chunks of a row for accumulators `place`, of which the first begins at `last` at the latest.
    fn chunks<'s, const W: usize>(
        rows: &Self::Rows<'s>,
        row: usize,
        place: usize,
        last: usize,
        count: usize,
    ) -> Self::Chunks<'s, W>;
    /// One of them.
    fn chunk<'s, const W: usize>(chunks: Self::Chunks<'s, W>, number: usize) -> Self::Slices<'s>;
}

/// A view as one slice, if it is contiguous with these steps.
#[inline(never)]
fn slice_of<'v, A, D: Dimension>(
    view: &'v ArrayView<'_, A, D>,
    steps: &[isize],
) -> Option<&'v [A]> {
    let are_alike = steps_alike(view.shape(), view.strides(), steps);
    if are_alike { view.as_slice_memory_order() } else { None }
}

impl Inputs for () {
    type Views<'a, D: Dimension> = ();
    type Lanes<'a, D: Dimension> = ();
    type Flows<'a, D: Dimension, const N: usize> = ();
    type Blocks<'s> = ();
    type Splats<const N: usize> = ();
    type Slices<'s> = ();
    type Flats<'a, D: Dimension, const N: usize, const W: usize> = ();
    type Belows<'a, D: Dimension, const N: usize, const W: usize> = ();
    type Rows<'s> = ();
    type Chunks<'s, const W: usize> = ();

    const LARGEST_BYTES: usize = 0;

    fn first<D: Dimension>(_: &()) -> Option<&dyn Axes> {
        None
    }
    fn each<D: Dimension>(_: &(), _: &mut dyn FnMut(&dyn Axes)) {}
    fn each_mut<D: Dimension>(_: &mut (), _: &mut dyn FnMut(&mut dyn Axes)) {}
    fn add_to<D: Dimension>(_: &(), _: &mut Footprint) {}
    fn slices<D: Dimension>(_: &(), _: &[isize]) -> Option<()> {
        Some(())
    }
    fn regular<D: Dimension>(_: &(), _: Axis) {}
    fn lanes<D: Dimension>(_: &(), _: Axis) {}
    fn next_lane<'s, D: Dimension>(_: &mut Self::Lanes<'s, D>) -> Self::Blocks<'s> {}
    fn flows<D: Dimension, const N: usize>(_: &(), _: Axis) {}
    fn needs<D: Dimension>(_: &(), _: Axis) -> Needs {
        Needs::default()
    }
    fn next<D: Dimension, const N: usize>(_: &mut (), _: Block) {}
    fn current<D: Dimension, const N: usize>(_: &()) {}
    fn split(_: Self::Blocks<'_>, _: usize) -> (Self::Blocks<'_>, Self::Blocks<'_>) {
        ((), ())
    }
    #[inline(always)]
    fn part<'s, const N: usize>(
        _: &'s Self::Blocks<'_>,
        _: &'s mut (),
        _: usize,
        _: usize,
        _: usize,
    ) -> Self::Slices<'s> {
    }
    #[inline(always)]
    fn repeat(_: &Self::Blocks<'_>) -> bool {
        false
    }

    fn flats<D: Dimension, const N: usize, const W: usize>(_: &(), _: Axis) {}
    fn are_whole<D: Dimension, const N: usize, const W: usize>(_: &()) -> bool {
        true
    }
    fn next_flat<D: Dimension, const N: usize, const W: usize>(_: &mut (), _: usize) {}
    fn flat_rows<D: Dimension, const N: usize, const W: usize>(
        _: &(),
        _: usize,
        _: usize,
        _: usize,
    ) {
    }
    fn cut_tail<D: Dimension, const N: usize, const W: usize>(_: &mut (), _: usize) {}
    fn tail<D: Dimension, const N: usize, const W: usize>(_: &()) {}
    fn are_copied<D: Dimension>(_: &(), _: Axis) -> bool {
        false
    }
    fn below<D: Dimension, const N: usize, const W: usize>(_: &(), _: Axis, _: Range<usize>) {}
    fn next_below<D: Dimension, const N: usize, const W: usize>(_: &mut (), _: usize) {}
    fn below_rows<D: Dimension, const N: usize, const W: usize>(_: &()) {}
    #[inline(always)]
    fn chunks<'s, const W: usize>(
        _: &(),
        _: usize,
        _: usize,
        _: usize,
        _: usize,
    ) -> Self::Chunks<'s, W> {
    }
    #[inline(always)]
    fn chunk<'s, const W: usize>(_: Self::Chunks<'s, W>, _: usize) -> Self::Slices<'s> {}
}

impl<A: Copy + 'static, T: Inputs> Inputs for (Of<A>, T) {
    type Views<'a, D: Dimension> = (ArrayView<'a, A, D>, T::Views<'a, D>);
    type Lanes<'a, D: Dimension> = (LanesOf<'a, A, D>, T::Lanes<'a, D>);
    type Flows<'a, D: Dimension, const N: usize> = (Flow<'a, A, D, N>, T::Flows<'a, D, N>);
    type Blocks<'s> = (Lanes<'s, A>, T::Blocks<'s>);
    type Splats<const N: usize> = (Splat<A, N>, T::Splats<N>);
    type Slices<'s> = (&'s [A], T::Slices<'s>);
    type Flats<'a, D: Dimension, const N: usize, const W: usize> =
        (Flat<'a, A, D, N, W>, T::Flats<'a, D, N, W>);
    type Belows<'a, D: Dimension, const N: usize, const W: usize> =
        (Below<'a, A, D, N, W>, T::Belows<'a, D, N, W>);
    type Rows<'s> = (Rows<'s, A>, T::Rows<'s>);
    type Chunks<'s, const W: usize> = (&'s [[A; W]], T::Chunks<'s, W>);

    const LARGEST_BYTES: usize =
        if size_of::<A>() > T::LARGEST_BYTES { size_of::<A>() } else { T::LARGEST_BYTES };

    fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> Option<&'v dyn Axes> {
        Some(&views.0)
    }

    fn each<D: Dimension>((view, tail): &Self::Views<'_, D>, see: &mut dyn FnMut(&dyn Axes)) {
        see(view);
        T::each(tail, see);
    }

    fn each_mut<D: Dimension>(
        (view, tail): &mut Self::Views<'_, D>,
        change: &mut dyn FnMut(&mut dyn Axes),
    ) {
        change(view);
        T::each_mut(tail, change);
    }

    fn add_to<D: Dimension>((view, tail): &Self::Views<'_, D>, footprint: &mut Footprint) {
        footprint.add(view);
        T::add_to(tail, footprint);
    }

    #[inline]
    fn slices<'s, D: Dimension>(
        (view, tail): &'s Self::Views<'_, D>,
        steps: &[isize],
    ) -> Option<Self::Blocks<'s>> {
        Some((Lanes::one(slice_of(view, steps)?), T::slices(tail, steps)?))
    }

    fn regular<'s, D: Dimension>(
        (view, tail): &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Blocks<'s> {
        (flow::regular(view, along).expect("looked at before"), T::regular(tail, along))
    }

    fn lanes<'s, D: Dimension>(
        (view, tail): &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Lanes<'s, D> {
        (LanesOf::new(view, along), T::lanes(tail, along))
    }

    #[inline(always)]
    fn next_lane<'s, D: Dimension>((lanes, tail): &mut Self::Lanes<'s, D>) -> Self::Blocks<'s> {
        let lane = lanes.next().expect("as many as the outputs have");
        (Lanes::of(&lane), T::next_lane(tail))
    }

    fn flows<'s, D: Dimension, const N: usize>(
        (view, tail): &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flows<'s, D, N> {
        (Flow::of(view, along), T::flows(tail, along))
    }

    fn needs<D: Dimension>((view, tail): &Self::Views<'_, D>, along: Axis) -> Needs {
        Needs::of(view, along).and(T::needs(tail, along))
    }

    fn next<D: Dimension, const N: usize>((flow, tail): &mut Self::Flows<'_, D, N>, block: Block) {
        flow.next(block);
        T::next(tail, block);
    }

    fn current<'s, D: Dimension, const N: usize>(
        (flow, tail): &'s Self::Flows<'_, D, N>,
    ) -> Self::Blocks<'s> {
        (flow.current(), T::current(tail))
    }

    fn split((lanes, tail): Self::Blocks<'_>, at: usize) -> (Self::Blocks<'_>, Self::Blocks<'_>) {
        let ((early, late), (earlier, later)) = (lanes.split(at), T::split(tail, at));
        ((early, earlier), (late, later))
    }

    #[inline(always)]
    fn part<'s, const N: usize>(
        (lanes, tail): &'s Self::Blocks<'_>,
        (splat, splats): &'s mut Self::Splats<N>,
        lane: usize,
        from: usize,
        len: usize,
    ) -> Self::Slices<'s> {
        (lanes.part(splat, lane, from, len), T::part(tail, splats, lane, from, len))
    }

    #[inline(always)]
    fn repeat((lanes, tail): &Self::Blocks<'_>) -> bool {
        lanes.repeats() || T::repeat(tail)
    }

    fn flats<'s, D: Dimension, const N: usize, const W: usize>(
        (view, tail): &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flats<'s, D, N, W> {
        (Flat::of(view, along), T::flats(tail, along))
    }

    fn are_whole<D: Dimension, const N: usize, const W: usize>(
        (flat, tail): &Self::Flats<'_, D, N, W>,
    ) -> bool {
        flat.is_whole() && T::are_whole(tail)
    }

    fn next_flat<D: Dimension, const N: usize, const W: usize>(
        (flat, tail): &mut Self::Flats<'_, D, N, W>,
        len: usize,
    ) {
        flat.next(len);
        T::next_flat(tail, len);
    }

    fn flat_rows<'s, D: Dimension, const N: usize, const W: usize>(
        (flat, tail): &'s Self::Flats<'_, D, N, W>,
        from: usize,
        below: usize,
        step: usize,
    ) -> Self::Rows<'s> {
        (flat.rows(from, below, step), T::flat_rows(tail, from, below, step))
    }

    fn cut_tail<D: Dimension, const N: usize, const W: usize>(
        (flat, tail): &mut Self::Flats<'_, D, N, W>,
        from: usize,
    ) {
        flat.cut_tail(from);
        T::cut_tail(tail, from);
    }

    fn tail<'s, D: Dimension, const N: usize, const W: usize>(
        (flat, tail): &'s Self::Flats<'_, D, N, W>,
    ) -> Self::Rows<'s> {
        (flat.tail(), T::tail(tail))
    }

    fn are_copied<D: Dimension>((view, tail): &Self::Views<'_, D>, along: Axis) -> bool {
        chunks::are_copied(view, along) || T::are_copied(tail, along)
    }

    fn below<'s, D: Dimension, const N: usize, const W: usize>(
        (view, tail): &'s Self::Views<'_, D>,
        along: Axis,
        columns: Range<usize>,
    ) -> Self::Belows<'s, D, N, W> {
        (Below::of(view, along, columns.clone()), T::below(tail, along, columns))
    }

    fn next_below<D: Dimension, const N: usize, const W: usize>(
        (lanes, tail): &mut Self::Belows<'_, D, N, W>,
        count: usize,
    ) {
        lanes.next(count);
        T::next_below(tail, count);
    }

    fn below_rows<'s, D: Dimension, const N: usize, const W: usize>(
        (lanes, tail): &'s Self::Belows<'_, D, N, W>,
    ) -> Self::Rows<'s> {
        (lanes.rows(), T::below_rows(tail))
    }

    #[inline(always)]
    fn chunks<'s, const W: usize>(
        (rows, tail): &Self::Rows<'s>,
        row: usize,
        place: usize,
        last: usize,
        count: usize,
    ) -> Self::Chunks<'s, W> {
        (rows.chunks(row, place, last, count), T::chunks(tail, row, place, last, count))
    }

    #[inline(always)]
    fn chunk<'s, const W: usize>(
        (chunks, tail): Self::Chunks<'s, W>,
        number: usize,
    ) -> Self::Slices<'s> {
        (&chunks[number], T::chunk(tail, number))
    }
}
