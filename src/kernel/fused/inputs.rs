//! The inputs of a formula: as the macro hands them over, as views of the shape of the output, and as slices.
//!
//! Lists are nested pairs, `(first, (second, ()))`, so that a formula has any number of inputs and each trait three
//! implementations: the empty list, a list that begins with an array ([`Of`]), and one that begins with the old element
//! of an output ([`Own`]).

use std::marker::PhantomData;

use ndarray::{ArrayRef, ArrayView, Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::check;
use crate::kernel::fused::block::{Block, Lanes, Splat};
use crate::kernel::fused::flow::{self, Flow, Needs};
use crate::kernel::fused::lanes::LanesOf;
use crate::kernel::fused::order::{Footprint, steps_alike};
use crate::kernel::fused::outputs::{Old, Outputs};

/// An array whose elements are inputs, with the name that the user gave it.
#[derive(Debug)]
pub struct Array<'a, A, D: Dimension> {
    pub(super) name: &'static str,
    pub(super) array: &'a ArrayRef<A, D>,
}

impl<A, D: Dimension> Clone for Array<'_, A, D> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, D: Dimension> Copy for Array<'_, A, D> {}

/// The input `name`.
#[inline]
pub fn array<'a, A: Copy + 'static, D: Dimension>(
    name: &'static str,
    array: &'a ArrayRef<A, D>,
) -> Array<'a, A, D> {
    Array { name, array }
}

/// The element that output number `K` has before it is written.
#[derive(Clone, Copy, Debug)]
pub struct Own<const K: usize>;

/// An input of elements `A`.
#[derive(Debug)]
pub struct Of<A>(PhantomData<A>);

/// Inputs as the macro lists them.
pub trait Given<'a, E: Outputs> {
    /// What they are.
    type Inputs: Inputs<E>;

    /// Broadcasts them to the shape of `model`.
    #[track_caller]
    fn onto<M, D: Dimension>(
        self,
        name: &str,
        model: &ArrayRef<M, D>,
    ) -> <Self::Inputs as Inputs<E>>::Views<'a, D>;
}

impl<E: Outputs> Given<'_, E> for () {
    type Inputs = ();

    #[inline]
    fn onto<M, D: Dimension>(self, _: &str, _: &ArrayRef<M, D>) {}
}

impl<'a, E: Outputs, A: Copy + 'static, D1: Dimension, T: Given<'a, E>> Given<'a, E>
    for (Array<'a, A, D1>, T)
{
    type Inputs = (Of<A>, T::Inputs);

    #[inline]
    #[track_caller]
    fn onto<M, D: Dimension>(
        self,
        name: &str,
        model: &ArrayRef<M, D>,
    ) -> (ArrayView<'a, A, D>, <T::Inputs as Inputs<E>>::Views<'a, D>) {
        let (Array { name: argument, array }, tail) = self;
        let view = check::broadcast_to("fused!", (argument, array), (name, model));
        (view, tail.onto(name, model))
    }
}

impl<'a, E: Outputs, const K: usize, T: Given<'a, E>> Given<'a, E> for (Own<K>, T)
where
    Own<K>: OldElement<E>,
{
    type Inputs = (Own<K>, T::Inputs);

    #[inline]
    #[track_caller]
    fn onto<M, D: Dimension>(
        self,
        name: &str,
        model: &ArrayRef<M, D>,
    ) -> <T::Inputs as Inputs<E>>::Views<'a, D> {
        self.1.onto(name, model)
    }
}

/// Inputs of a formula without outputs: the first is an array, whose shape the others are broadcast to.
pub trait GivenInputs<'a, E: Outputs>: Given<'a, E> + Copy {
    /// The element type of the first.
    type First;
    /// Its number of axes.
    type Dim: Dimension;

    /// The first, with its name.
    fn model(&self) -> (&'static str, &ArrayRef<Self::First, Self::Dim>);

    /// Their views.
    #[track_caller]
    fn views(self) -> <Self::Inputs as Inputs<E>>::Views<'a, Self::Dim>;
}

impl<'a, E: Outputs, A: Copy + 'static, D: Dimension, T: Given<'a, E> + Copy> GivenInputs<'a, E>
    for (Array<'a, A, D>, T)
{
    type First = A;
    type Dim = D;

    #[inline]
    fn model(&self) -> (&'static str, &ArrayRef<A, D>) {
        (self.0.name, self.0.array)
    }

    #[inline]
    #[track_caller]
    fn views(self) -> <Self::Inputs as Inputs<E>>::Views<'a, D> {
        let Array { name, array } = self.0;
        self.onto(name, array)
    }
}

/// The element types of inputs, as a list, and what is done with inputs in each of their stages.
pub trait Inputs<E: Outputs>: 'static {
    /// What the formula takes.
    type Elements;
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

    /// The outputs whose old elements are inputs: one bit each.
    const OWN: u8;
    /// The size of the largest element that a tile would hold.
    const LARGEST_BYTES: usize;

    /// The first, if there is one.
    fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> Option<&'v dyn Axes>;
    /// The elements `from..to` along an axis of each.
    fn columns<'v, D: Dimension>(
        views: &'v Self::Views<'_, D>,
        axis: Axis,
        from: usize,
        to: usize,
    ) -> Self::Views<'v, D>;
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
    /// The elements at a position, the old ones of the outputs among them.
    fn get(slices: &Self::Slices<'_>, at: usize, old: Old<'_, E>) -> Self::Elements;
}

impl<E: Outputs> Inputs<E> for () {
    type Elements = ();
    type Views<'a, D: Dimension> = ();
    type Lanes<'a, D: Dimension> = ();
    type Flows<'a, D: Dimension, const N: usize> = ();
    type Blocks<'s> = ();
    type Splats<const N: usize> = ();
    type Slices<'s> = ();

    const OWN: u8 = 0;
    const LARGEST_BYTES: usize = 0;

    fn first<'v, D: Dimension>(_: &'v ()) -> Option<&'v dyn Axes> {
        None
    }
    fn columns<'v, D: Dimension>(_: &'v (), _: Axis, _: usize, _: usize) {}
    fn each<D: Dimension>(_: &(), _: &mut dyn FnMut(&dyn Axes)) {}
    fn each_mut<D: Dimension>(_: &mut (), _: &mut dyn FnMut(&mut dyn Axes)) {}
    fn add_to<D: Dimension>(_: &(), _: &mut Footprint) {}
    fn slices<'s, D: Dimension>(_: &'s (), _: &[isize]) -> Option<()> {
        Some(())
    }
    fn regular<'s, D: Dimension>(_: &'s (), _: Axis) {}
    fn lanes<'s, D: Dimension>(_: &'s (), _: Axis) {}
    fn next_lane<'s, D: Dimension>(_: &mut Self::Lanes<'s, D>) -> Self::Blocks<'s> {}
    fn flows<'s, D: Dimension, const N: usize>(_: &'s (), _: Axis) {}
    fn needs<D: Dimension>(_: &(), _: Axis) -> Needs {
        Needs::default()
    }
    fn next<D: Dimension, const N: usize>(_: &mut (), _: Block) {}
    fn current<'s, D: Dimension, const N: usize>(_: &'s ()) {}
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
    #[inline(always)]
    fn get(_: &(), _: usize, _: Old<'_, E>) {}
}

impl<E: Outputs, A: Copy + 'static, T: Inputs<E>> Inputs<E> for (Of<A>, T) {
    type Elements = (A, T::Elements);
    type Views<'a, D: Dimension> = (ArrayView<'a, A, D>, T::Views<'a, D>);
    type Lanes<'a, D: Dimension> = (LanesOf<'a, A, D>, T::Lanes<'a, D>);
    type Flows<'a, D: Dimension, const N: usize> = (Flow<'a, A, D, N>, T::Flows<'a, D, N>);
    type Blocks<'s> = (Lanes<'s, A>, T::Blocks<'s>);
    type Splats<const N: usize> = (Splat<A, N>, T::Splats<N>);
    type Slices<'s> = (&'s [A], T::Slices<'s>);

    const OWN: u8 = T::OWN;
    const LARGEST_BYTES: usize =
        if size_of::<A>() > T::LARGEST_BYTES { size_of::<A>() } else { T::LARGEST_BYTES };

    fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> Option<&'v dyn Axes> {
        Some(&views.0)
    }

    fn columns<'v, D: Dimension>(
        (view, tail): &'v Self::Views<'_, D>,
        axis: Axis,
        from: usize,
        to: usize,
    ) -> Self::Views<'v, D> {
        (view.slice_axis(axis, (from..to).into()), T::columns(tail, axis, from, to))
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
        if !steps_alike(view.shape(), view.strides(), steps) {
            return None;
        }
        let lane = Lanes::one(view.as_slice_memory_order()?);
        Some((lane, T::slices(tail, steps)?))
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

    #[inline(always)]
    fn next<D: Dimension, const N: usize>((flow, tail): &mut Self::Flows<'_, D, N>, block: Block) {
        flow.next(block);
        T::next(tail, block);
    }

    #[inline(always)]
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

    #[inline(always)]
    fn get((slice, tail): &Self::Slices<'_>, at: usize, old: Old<'_, E>) -> Self::Elements {
        (slice[at], T::get(tail, at, old))
    }
}

impl<E: Outputs, const K: usize, T: Inputs<E>> Inputs<E> for (Own<K>, T)
where
    Own<K>: OldElement<E>,
{
    type Elements = (<Own<K> as OldElement<E>>::Element, T::Elements);
    type Views<'a, D: Dimension> = T::Views<'a, D>;
    type Lanes<'a, D: Dimension> = T::Lanes<'a, D>;
    type Flows<'a, D: Dimension, const N: usize> = T::Flows<'a, D, N>;
    type Blocks<'s> = T::Blocks<'s>;
    type Splats<const N: usize> = T::Splats<N>;
    type Slices<'s> = T::Slices<'s>;

    const OWN: u8 = T::OWN | 1 << K;
    const LARGEST_BYTES: usize = T::LARGEST_BYTES;

    fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> Option<&'v dyn Axes> {
        T::first(views)
    }

    fn columns<'v, D: Dimension>(
        views: &'v Self::Views<'_, D>,
        axis: Axis,
        from: usize,
        to: usize,
    ) -> Self::Views<'v, D> {
        T::columns(views, axis, from, to)
    }

    fn each<D: Dimension>(views: &Self::Views<'_, D>, see: &mut dyn FnMut(&dyn Axes)) {
        T::each(views, see);
    }

    fn each_mut<D: Dimension>(
        views: &mut Self::Views<'_, D>,
        change: &mut dyn FnMut(&mut dyn Axes),
    ) {
        T::each_mut(views, change);
    }

    fn add_to<D: Dimension>(views: &Self::Views<'_, D>, footprint: &mut Footprint) {
        T::add_to(views, footprint);
    }

    #[inline]
    fn slices<'s, D: Dimension>(
        views: &'s Self::Views<'_, D>,
        steps: &[isize],
    ) -> Option<Self::Blocks<'s>> {
        T::slices(views, steps)
    }

    fn regular<'s, D: Dimension>(views: &'s Self::Views<'_, D>, along: Axis) -> Self::Blocks<'s> {
        T::regular(views, along)
    }

    fn lanes<'s, D: Dimension>(views: &'s Self::Views<'_, D>, along: Axis) -> Self::Lanes<'s, D> {
        T::lanes(views, along)
    }

    #[inline(always)]
    fn next_lane<'s, D: Dimension>(lanes: &mut Self::Lanes<'s, D>) -> Self::Blocks<'s> {
        T::next_lane(lanes)
    }

    fn flows<'s, D: Dimension, const N: usize>(
        views: &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flows<'s, D, N> {
        T::flows(views, along)
    }

    fn needs<D: Dimension>(views: &Self::Views<'_, D>, along: Axis) -> Needs {
        T::needs(views, along)
    }

    #[inline(always)]
    fn next<D: Dimension, const N: usize>(flows: &mut Self::Flows<'_, D, N>, block: Block) {
        T::next(flows, block);
    }

    #[inline(always)]
    fn current<'s, D: Dimension, const N: usize>(
        flows: &'s Self::Flows<'_, D, N>,
    ) -> Self::Blocks<'s> {
        T::current(flows)
    }

    fn split(blocks: Self::Blocks<'_>, at: usize) -> (Self::Blocks<'_>, Self::Blocks<'_>) {
        T::split(blocks, at)
    }

    #[inline(always)]
    fn part<'s, const N: usize>(
        blocks: &'s Self::Blocks<'_>,
        splats: &'s mut Self::Splats<N>,
        lane: usize,
        from: usize,
        len: usize,
    ) -> Self::Slices<'s> {
        T::part(blocks, splats, lane, from, len)
    }

    #[inline(always)]
    fn repeat(blocks: &Self::Blocks<'_>) -> bool {
        T::repeat(blocks)
    }

    #[inline(always)]
    fn get(slices: &Self::Slices<'_>, at: usize, old: Old<'_, E>) -> Self::Elements {
        (<Own<K> as OldElement<E>>::get(old, at), T::get(slices, at, old))
    }
}

/// Where the old element of an output is read.
pub trait OldElement<E: Outputs> {
    /// Its type.
    type Element;
    /// The element at a position.
    fn get(old: Old<'_, E>, at: usize) -> Self::Element;
}

macro_rules! old_elements {
    ($($k:literal $type:ident $slice:ident)*) => {$(
        impl<E: Outputs> OldElement<E> for Own<$k> {
            type Element = E::$type;
            #[inline(always)]
            fn get(old: Old<'_, E>, at: usize) -> E::$type {
                old.$slice[at]
            }
        }
    )*};
}

old_elements! { 0 P p 1 Q q 2 R r 3 S s }
