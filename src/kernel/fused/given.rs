//! The inputs of a formula as the macro lists them: arrays, and old elements of outputs.

use ndarray::{ArrayRef, ArrayView, Dimension};

use crate::kernel::engine::check;
use crate::kernel::fused::inputs::{Inputs, Of};
use crate::kernel::fused::outputs::{Old, Outputs};

/// An array whose elements are inputs, with the name that the user gave it.
#[derive(Debug)]
pub struct Array<'a, A, D: Dimension> {
    name: &'static str,
    array: &'a ArrayRef<A, D>,
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

type ViewsOf<'a, I, D> = <<I as Given<'a>>::Inputs as Inputs>::Views<'a, D>;

/// A list of inputs.
pub trait Given<'a> {
    /// The arrays among them.
    type Inputs: Inputs;

    /// Broadcasts the arrays to the shape of `model`.
    #[track_caller]
    fn onto<M, D: Dimension>(self, name: &str, model: &ArrayRef<M, D>) -> ViewsOf<'a, Self, D>;
}

impl Given<'_> for () {
    type Inputs = ();

    #[inline]
    fn onto<M, D: Dimension>(self, _: &str, _: &ArrayRef<M, D>) {}
}

impl<'a, A: Copy + 'static, D1: Dimension, T: Given<'a>> Given<'a> for (Array<'a, A, D1>, T) {
    type Inputs = (Of<A>, T::Inputs);

    #[inline]
    #[track_caller]
    fn onto<M, D: Dimension>(
        self,
        name: &str,
        model: &ArrayRef<M, D>,
    ) -> (ArrayView<'a, A, D>, ViewsOf<'a, T, D>) {
        let (Array { name: argument, array }, tail) = self;
        let Some(view) = view_of(array, model.raw_dim()) else {
            check::cannot_broadcast("fused!", argument, array.shape(), name, model.shape());
        };
        (view, tail.onto(name, model))
    }
}

/// The view of an input, compiled once for its type.
#[inline]
fn view_of<A, D1: Dimension, D: Dimension>(
    array: &ArrayRef<A, D1>,
    dim: D,
) -> Option<ArrayView<'_, A, D>> {
    array.broadcast(dim)
}

impl<'a, const K: usize, T: Given<'a>> Given<'a> for (Own<K>, T) {
    type Inputs = T::Inputs;

    #[inline]
    #[track_caller]
    fn onto<M, D: Dimension>(self, name: &str, model: &ArrayRef<M, D>) -> ViewsOf<'a, T, D> {
        self.1.onto(name, model)
    }
}

/// Inputs of a formula that has no output of its own: the first is an array, to whose shape the others are broadcast.
pub trait GivenInputs<'a>: Given<'a> + Copy {
    /// The element type of the first.
    type First;
    /// Its number of axes.
    type Dim: Dimension;

    /// The first, with its name.
    fn model(&self) -> (&'static str, &ArrayRef<Self::First, Self::Dim>);

    /// Views of all.
    #[track_caller]
    fn views(self) -> ViewsOf<'a, Self, Self::Dim>;
}

impl<'a, A: Copy + 'static, D: Dimension, T: Given<'a> + Copy> GivenInputs<'a>
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
    fn views(self) -> ViewsOf<'a, Self, D> {
        let Array { name, array } = self.0;
        self.onto(name, array)
    }
}

/// What a formula takes for each element of outputs `E`: an element of each input, as a list.
pub trait Takes<'a, E: Outputs>: Given<'a> {
    /// The list.
    type Elements;

    /// The outputs whose old elements are in it: one bit each.
    const OWN: u8;

    /// The elements at a position.
    fn get(
        slices: &<Self::Inputs as Inputs>::Slices<'_>,
        at: usize,
        old: Old<'_, E>,
    ) -> Self::Elements;
}

impl<E: Outputs> Takes<'_, E> for () {
    type Elements = ();

    const OWN: u8 = 0;

    #[inline(always)]
    fn get(_: &(), _: usize, _: Old<'_, E>) {}
}

impl<'a, E: Outputs, A: Copy + 'static, D: Dimension, T: Takes<'a, E>> Takes<'a, E>
    for (Array<'a, A, D>, T)
{
    type Elements = (A, T::Elements);

    const OWN: u8 = T::OWN;

    #[inline(always)]
    fn get(
        (slice, tail): &<Self::Inputs as Inputs>::Slices<'_>,
        at: usize,
        old: Old<'_, E>,
    ) -> Self::Elements {
        (slice[at], T::get(tail, at, old))
    }
}

impl<'a, E: Outputs, const K: usize, T: Takes<'a, E>> Takes<'a, E> for (Own<K>, T)
where
    Own<K>: OldElement<E>,
{
    type Elements = (<Own<K> as OldElement<E>>::Element, T::Elements);

    const OWN: u8 = T::OWN | 1 << K;

    #[inline(always)]
    fn get(
        slices: &<Self::Inputs as Inputs>::Slices<'_>,
        at: usize,
        old: Old<'_, E>,
    ) -> Self::Elements {
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
