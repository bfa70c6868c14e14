//! The inputs of a formula: as the macro hands them over, as views of the shape of the output, and as slices.
//!
//! Lists are nested pairs, `(first, (second, ()))`, so that a formula has any number of inputs and each trait three
//! implementations: the empty list, a list that begins with an array ([`Of`]), and one that begins with the old element
//! of an output ([`Own`]).

use std::marker::PhantomData;

use ndarray::{ArrayRef, ArrayView, Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::check;
use crate::kernel::fused::flow::{Flow, Needs};
use crate::kernel::fused::outputs::{Old, Outputs};
use crate::kernel::fused::order::{Footprint, steps_alike};

/// An array whose elements are inputs, with the name that the user gave it.
#[derive(Debug)]
pub struct Array<'a, A, D: Dimension> {
    pub(super) name: &'static str,
    pub(super) array: &'a ArrayRef<A, D>,
}

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

/// The element types of inputs, as a list, and what is done with inputs in each of their stages.
pub trait Inputs<E: Outputs>: 'static {
    /// What the formula takes.
    type Elements;
    /// Views of one shape.
    type Views<'a, D: Dimension>;
    /// [`Flow`]s, which show piece after piece of a walk.
    type Flows<'a, D: Dimension, const N: usize>;
    /// One slice of each.
    type Slices<'s>: Copy;

    /// The outputs whose old elements are inputs: one bit each.
    const OWN: u8;
    /// The size of the largest element that a tile would hold.
    const LARGEST_BYTES: usize;

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
    ) -> Option<Self::Slices<'s>>;
    /// The flows of views whose axes are aligned.
    fn flows<'s, D: Dimension, const N: usize>(
        views: &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flows<'s, D, N>;
    /// What the flows need.
    fn needs<D: Dimension, const N: usize>(flows: &Self::Flows<'_, D, N>) -> Needs;
    /// Moves on to the next `len` elements.
    fn next<D: Dimension, const N: usize>(flows: &mut Self::Flows<'_, D, N>, len: usize);
    /// The elements to which [`next`](Self::next) has moved.
    fn current<'s, D: Dimension, const N: usize>(
        flows: &'s Self::Flows<'_, D, N>,
    ) -> Self::Slices<'s>;
    /// The elements in this range.
    fn part(slices: Self::Slices<'_>, from: usize, to: usize) -> Self::Slices<'_>;
    /// The elements at a position, the old ones of the outputs among them.
    fn get(slices: &Self::Slices<'_>, at: usize, old: Old<'_, E>) -> Self::Elements;
}

impl<E: Outputs> Inputs<E> for () {
    type Elements = ();
    type Views<'a, D: Dimension> = ();
    type Flows<'a, D: Dimension, const N: usize> = ();
    type Slices<'s> = ();

    const OWN: u8 = 0;
    const LARGEST_BYTES: usize = 0;

    fn each<D: Dimension>(_: &(), _: &mut dyn FnMut(&dyn Axes)) {}
    fn each_mut<D: Dimension>(_: &mut (), _: &mut dyn FnMut(&mut dyn Axes)) {}
    fn add_to<D: Dimension>(_: &(), _: &mut Footprint) {}
    fn slices<'s, D: Dimension>(_: &'s (), _: &[isize]) -> Option<()> {
        Some(())
    }
    fn flows<'s, D: Dimension, const N: usize>(_: &'s (), _: Axis) {}
    fn needs<D: Dimension, const N: usize>(_: &()) -> Needs {
        Needs::default()
    }
    fn next<D: Dimension, const N: usize>(_: &mut (), _: usize) {}
    fn current<'s, D: Dimension, const N: usize>(_: &'s ()) {}
    #[inline(always)]
    fn part(_: Self::Slices<'_>, _: usize, _: usize) -> Self::Slices<'_> {}
    #[inline(always)]
    fn get(_: &(), _: usize, _: Old<'_, E>) {}
}

impl<E: Outputs, A: Copy + 'static, T: Inputs<E>> Inputs<E> for (Of<A>, T) {
    type Elements = (A, T::Elements);
    type Views<'a, D: Dimension> = (ArrayView<'a, A, D>, T::Views<'a, D>);
    type Flows<'a, D: Dimension, const N: usize> = (Flow<'a, A, D, N>, T::Flows<'a, D, N>);
    type Slices<'s> = (&'s [A], T::Slices<'s>);

    const OWN: u8 = T::OWN;
    const LARGEST_BYTES: usize =
        if size_of::<A>() > T::LARGEST_BYTES { size_of::<A>() } else { T::LARGEST_BYTES };

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
    ) -> Option<Self::Slices<'s>> {
        if !steps_alike(view.shape(), view.strides(), steps) {
            return None;
        }
        Some((view.as_slice_memory_order()?, T::slices(tail, steps)?))
    }

    fn flows<'s, D: Dimension, const N: usize>(
        (view, tail): &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flows<'s, D, N> {
        (Flow::of(view, along), T::flows(tail, along))
    }

    fn needs<D: Dimension, const N: usize>((flow, tail): &Self::Flows<'_, D, N>) -> Needs {
        flow.needs().and(T::needs(tail))
    }

    #[inline]
    fn next<D: Dimension, const N: usize>((flow, tail): &mut Self::Flows<'_, D, N>, len: usize) {
        flow.next(len);
        T::next(tail, len);
    }

    #[inline]
    fn current<'s, D: Dimension, const N: usize>(
        (flow, tail): &'s Self::Flows<'_, D, N>,
    ) -> Self::Slices<'s> {
        (flow.current(), T::current(tail))
    }

    #[inline(always)]
    fn part((slice, tail): Self::Slices<'_>, from: usize, to: usize) -> Self::Slices<'_> {
        (&slice[from..to], T::part(tail, from, to))
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
    type Flows<'a, D: Dimension, const N: usize> = T::Flows<'a, D, N>;
    type Slices<'s> = T::Slices<'s>;

    const OWN: u8 = T::OWN | 1 << K;
    const LARGEST_BYTES: usize = T::LARGEST_BYTES;

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
    ) -> Option<Self::Slices<'s>> {
        T::slices(views, steps)
    }

    fn flows<'s, D: Dimension, const N: usize>(
        views: &'s Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Flows<'s, D, N> {
        T::flows(views, along)
    }

    fn needs<D: Dimension, const N: usize>(flows: &Self::Flows<'_, D, N>) -> Needs {
        T::needs(flows)
    }

    #[inline]
    fn next<D: Dimension, const N: usize>(flows: &mut Self::Flows<'_, D, N>, len: usize) {
        T::next(flows, len);
    }

    #[inline]
    fn current<'s, D: Dimension, const N: usize>(
        flows: &'s Self::Flows<'_, D, N>,
    ) -> Self::Slices<'s> {
        T::current(flows)
    }

    #[inline(always)]
    fn part(slices: Self::Slices<'_>, from: usize, to: usize) -> Self::Slices<'_> {
        T::part(slices, from, to)
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
