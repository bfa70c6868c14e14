//! The outputs of a formula, one to four: as the macro hands them over, as views, and as memory that a loop writes.

use std::ops::Range;

use ndarray::{ArrayRef, ArrayViewMut, ArrayViewMut1, Axis, Dimension};

use crate::kernel::engine::axes::{Axes, steps_alike};
use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::{OutputLoop, Simd};
use crate::kernel::engine::cpu::stream::{Fenced, Footprint};
use crate::kernel::fused::lanes::LanesOfMut;
use crate::kernel::fused::sink::{Sink, Streams};

/// An array that a formula writes, with the name that the user gave it.
#[derive(Debug)]
pub struct Out<'a, A, D: Dimension> {
    pub(super) name: &'static str,
    pub(super) array: &'a mut ArrayRef<A, D>,
}

/// The output `name`.
#[inline]
pub fn out<'a, A: Copy + 'static, D: Dimension>(
    name: &'static str,
    array: &'a mut ArrayRef<A, D>,
) -> Out<'a, A, D> {
    Out { name, array }
}

/// Outputs as the macro lists them.
pub trait GivenOutputs<'a> {
    /// Their element types.
    type Elements: Outputs;
    /// Their number of axes.
    type Dim: Dimension;

    /// The first, with its name.
    fn model(&self) -> (&'static str, &ArrayRef<<Self::Elements as Outputs>::P, Self::Dim>);

    /// Their views, all of the shape of the first.
    #[track_caller]
    fn views(self) -> <Self::Elements as OutputList>::Views<'a, Self::Dim>;
}

/// The element types of outputs, as a list, and what is done with outputs in each of their stages.
pub trait OutputList: 'static {
    /// Views of one shape.
    type Views<'a, D: Dimension>;
    /// Lanes that are still to come.
    type Lanes<'a, D: Dimension>;
    /// The part that is written next: a lane, or all of it.
    type Spans<'a>;
    /// [`Sink`]s, which take piece after piece of spans.
    type Sinks<'a, 'f, const N: usize>;
    /// What a loop writes.
    type Lent<'s>;

    /// The size of the largest element.
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
    /// Whether all are contiguous with these steps.
    fn are_slices<D: Dimension>(views: &Self::Views<'_, D>, steps: &[isize]) -> bool;
    /// Each as one slice; they are that.
    fn slices<'a, D: Dimension>(views: &'a mut Self::Views<'_, D>) -> Self::Lent<'a>;
    /// Spans of these slices.
    fn spans(slices: Self::Lent<'_>) -> Self::Spans<'_>;
    /// The lanes of each.
    fn lanes<'a, D: Dimension>(
        views: &'a mut Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Lanes<'a, D>;
    /// The next lane of each.
    fn next_lane<'a, D: Dimension>(lanes: &mut Self::Lanes<'a, D>) -> Option<Self::Spans<'a>>;
    /// Spans, which are contiguous, as slices.
    fn of_spans(spans: Self::Spans<'_>) -> Self::Lent<'_>;
    /// Whether any is streamed.
    fn any_streams(streams: Streams) -> bool;
    /// Sinks without a span.
    fn sinks<'a, 'f, const N: usize>() -> Self::Sinks<'a, 'f, N>;
    /// Begins the next span. With a fence, outputs are streamed where that pays.
    fn begin<'a, 'f, const N: usize>(
        sinks: &mut Self::Sinks<'a, 'f, N>,
        spans: Self::Spans<'a>,
        streams: Streams,
        fence: Option<&'f Fenced<'a>>,
    );
    /// Whether lanes along an axis are contiguous in each.
    fn have_slices<D: Dimension>(views: &Self::Views<'_, D>, along: Axis) -> bool;
    /// The memory for the next `len` elements. The outputs of which `own` has a bit hold their old elements there.
    fn lend<'s, const N: usize>(
        sinks: &'s mut Self::Sinks<'_, '_, N>,
        len: usize,
        own: u8,
    ) -> Self::Lent<'s>;
    /// Takes over what was written.
    fn done<const N: usize>(sinks: &mut Self::Sinks<'_, '_, N>, len: usize);
    /// Each in two parts.
    fn split(slices: Self::Lent<'_>, at: usize) -> (Self::Lent<'_>, Self::Lent<'_>);
}

impl OutputList for () {
    type Views<'a, D: Dimension> = ();
    type Lanes<'a, D: Dimension> = ();
    type Spans<'a> = ();
    type Sinks<'a, 'f, const N: usize> = ();
    type Lent<'s> = ();

    const LARGEST_BYTES: usize = 0;

    fn each<D: Dimension>(_: &(), _: &mut dyn FnMut(&dyn Axes)) {}
    fn each_mut<D: Dimension>(_: &mut (), _: &mut dyn FnMut(&mut dyn Axes)) {}
    fn add_to<D: Dimension>(_: &(), _: &mut Footprint) {}
    fn are_slices<D: Dimension>(_: &(), _: &[isize]) -> bool {
        true
    }
    fn slices<D: Dimension>(_: &mut ()) {}
    fn spans(_: Self::Lent<'_>) -> Self::Spans<'_> {}
    fn lanes<D: Dimension>(_: &mut (), _: Axis) {}
    fn next_lane<'a, D: Dimension>(_: &mut Self::Lanes<'a, D>) -> Option<Self::Spans<'a>> {
        Some(())
    }
    fn of_spans(_: Self::Spans<'_>) -> Self::Lent<'_> {}
    fn any_streams(_: Streams) -> bool {
        false
    }
    fn sinks<'a, 'f, const N: usize>() -> Self::Sinks<'a, 'f, N> {}
    fn begin<'a, 'f, const N: usize>(_: &mut (), _: (), _: Streams, _: Option<&'f Fenced<'a>>) {}
    fn have_slices<D: Dimension>(_: &(), _: Axis) -> bool {
        true
    }
    #[inline]
    fn lend<const N: usize>(_: &mut (), _: usize, _: u8) {}
    #[inline]
    fn done<const N: usize>(_: &mut (), _: usize) {}
    #[inline]
    fn split(_: Self::Lent<'_>, _: usize) -> (Self::Lent<'_>, Self::Lent<'_>) {
        ((), ())
    }
}

impl<A: Copy + 'static, T: OutputList> OutputList for (A, T) {
    type Views<'a, D: Dimension> = (ArrayViewMut<'a, A, D>, T::Views<'a, D>);
    type Lanes<'a, D: Dimension> = (LanesOfMut<'a, A, D>, T::Lanes<'a, D>);
    type Spans<'a> = (ArrayViewMut1<'a, A>, T::Spans<'a>);
    type Sinks<'a, 'f, const N: usize> = (Sink<'a, 'f, A, N>, T::Sinks<'a, 'f, N>);
    type Lent<'s> = (&'s mut [A], T::Lent<'s>);

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
    fn are_slices<D: Dimension>((view, tail): &Self::Views<'_, D>, steps: &[isize]) -> bool {
        steps_alike(view.shape(), view.strides(), steps)
            && view.as_slice_memory_order().is_some()
            && T::are_slices(tail, steps)
    }

    #[inline]
    fn slices<'a, D: Dimension>((view, tail): &'a mut Self::Views<'_, D>) -> Self::Lent<'a> {
        (view.as_slice_memory_order_mut().expect("looked at before"), T::slices(tail))
    }

    fn spans((slice, tail): Self::Lent<'_>) -> Self::Spans<'_> {
        (ArrayViewMut1::from(slice), T::spans(tail))
    }

    fn lanes<'a, D: Dimension>(
        (view, tail): &'a mut Self::Views<'_, D>,
        along: Axis,
    ) -> Self::Lanes<'a, D> {
        (LanesOfMut::new(view, along), T::lanes(tail, along))
    }

    #[inline(always)]
    fn next_lane<'a, D: Dimension>(
        (lanes, tail): &mut Self::Lanes<'a, D>,
    ) -> Option<Self::Spans<'a>> {
        Some((lanes.next()?, T::next_lane(tail)?))
    }

    #[inline(always)]
    fn of_spans((span, tail): Self::Spans<'_>) -> Self::Lent<'_> {
        (span.into_slice().expect("looked at before"), T::of_spans(tail))
    }

    #[inline]
    fn any_streams(streams: Streams) -> bool {
        streams.first::<A>() || T::any_streams(streams.others())
    }

    fn sinks<'a, 'f, const N: usize>() -> Self::Sinks<'a, 'f, N> {
        (Sink::new(), T::sinks())
    }

    fn begin<'a, 'f, const N: usize>(
        (sink, tail): &mut Self::Sinks<'a, 'f, N>,
        (span, spans): Self::Spans<'a>,
        streams: Streams,
        fence: Option<&'f Fenced<'a>>,
    ) {
        sink.begin(span, fence.filter(|_| streams.first::<A>()));
        T::begin(tail, spans, streams.others(), fence);
    }

    fn have_slices<D: Dimension>((view, tail): &Self::Views<'_, D>, along: Axis) -> bool {
        matches!(view.strides().get(along.index()), None | Some(1)) && T::have_slices(tail, along)
    }

    fn lend<'s, const N: usize>(
        (sink, tail): &'s mut Self::Sinks<'_, '_, N>,
        len: usize,
        own: u8,
    ) -> Self::Lent<'s> {
        (sink.lend(len, own & 1 != 0), T::lend(tail, len, own >> 1))
    }

    fn done<const N: usize>((sink, tail): &mut Self::Sinks<'_, '_, N>, len: usize) {
        sink.done(len);
        T::done(tail, len);
    }

    #[inline]
    fn split((slice, tail): Self::Lent<'_>, at: usize) -> (Self::Lent<'_>, Self::Lent<'_>) {
        let ((early, late), (earlier, later)) = (slice.split_at_mut(at), T::split(tail, at));
        ((early, earlier), (late, later))
    }
}

/// The old elements of outputs, before a loop writes them.
#[derive(Debug)]
pub struct Old<'o, E: Outputs> {
    pub(super) p: &'o [E::P],
    pub(super) q: &'o [E::Q],
    pub(super) r: &'o [E::R],
    pub(super) s: &'o [E::S],
}

impl<E: Outputs> Clone for Old<'_, E> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Outputs> Copy for Old<'_, E> {}

/// A list of one to four outputs, whose slices are parameters of a loop. Those that there are not have elements `()`.
pub trait Outputs: OutputList {
    /// The first element type.
    type P: Copy + 'static;
    /// The second.
    type Q: Copy + 'static;
    /// The third.
    type R: Copy + 'static;
    /// The fourth.
    type S: Copy + 'static;
    /// What a formula returns: an element, or a tuple of them.
    type Value;
    /// Writes the elements at a position.
    fn store(
        value: Self::Value,
        at: usize,
        p: &mut [Self::P],
        q: &mut [Self::Q],
        r: &mut [Self::R],
        s: &mut [Self::S],
    );

    /// A part of each.
    #[expect(clippy::type_complexity, reason = "four slices")]
    fn part<'o>(
        p: &'o mut [Self::P],
        q: &'o mut [Self::Q],
        r: &'o mut [Self::R],
        s: &'o mut [Self::S],
        part: Range<usize>,
    ) -> (&'o mut [Self::P], &'o mut [Self::Q], &'o mut [Self::R], &'o mut [Self::S]);

    /// Runs a loop over the slices.
    fn run<V: Simd, L>(slices: Self::Lent<'_>, simd: V, work: L)
    where
        L: OutputLoop<Self::P, Self::Q, Self::R, Self::S, Output = ()>;

    /// The first, which decides the order of a walk.
    fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> &'v dyn Axes;

    /// The address and the length of the first slice.
    fn place(slices: &Self::Lent<'_>) -> (usize, usize);
}

/// A list, as a type or as a pattern.
macro_rules! list {
    () => { () };
    ($head:ident $($tail:ident)*) => { ($head, list!($($tail)*)) };
}

/// The list of [`Out`]s of these elements.
macro_rules! given {
    ($a:lifetime $dim:ident) => { () };
    ($a:lifetime $dim:ident $head:ident $($tail:ident)*) => {
        (Out<$a, $head, $dim>, given!($a $dim $($tail)*))
    };
}

macro_rules! outputs {
    ($value:ty, $elements:pat =>
     $($type:ident $slice:ident $element:ident)*; $($missing:ident $none:ident)*) => {
        impl<'a, Dim: Dimension, $($type: Copy + 'static),*> GivenOutputs<'a>
            for given!('a Dim $($type)*)
        {
            type Elements = list!($($type)*);
            type Dim = Dim;

            #[inline]
            fn model(&self) -> (&'static str, &ArrayRef<P, Dim>) {
                (self.0.name, &*self.0.array)
            }

            #[inline]
            #[track_caller]
            fn views(self) -> <Self::Elements as OutputList>::Views<'a, Dim> {
                let (model, list!($($slice)*)) = (self.model(), &self);
                $(check::same_shape("fused!", ($slice.name, &*$slice.array), model);)*
                let list!($($slice)*) = self;
                outputs!(@views $($slice)*)
            }
        }

        impl<$($type: Copy + 'static),*> Outputs for list!($($type)*) {
            $(type $type = $type;)*
            $(type $missing = ();)*
            type Value = $value;

            #[inline(always)]
            fn store(
                $elements: $value,
                at: usize,
                $($slice: &mut [$type],)*
                $($none: &mut [()],)*
            ) {
                $($slice[at] = $element;)*
            }

            #[inline(always)]
            fn part<'o>(
                $($slice: &'o mut [$type],)*
                $($none: &'o mut [()],)*
                part: Range<usize>,
            ) -> (&'o mut [P], &'o mut [Self::Q], &'o mut [Self::R], &'o mut [Self::S]) {
                ($(&mut $slice[part.clone()],)* $($none),*)
            }

            #[inline(always)]
            fn run<V: Simd, L>(list!($($slice)*): Self::Lent<'_>, simd: V, work: L)
            where
                L: OutputLoop<Self::P, Self::Q, Self::R, Self::S, Output = ()>,
            {
                $(let $none = &mut [];)*
                simd.run_on_outputs(work, $($slice,)* $($none),*);
            }

            fn first<'v, D: Dimension>(views: &'v Self::Views<'_, D>) -> &'v dyn Axes {
                &views.0
            }

            #[inline]
            fn place(slices: &Self::Lent<'_>) -> (usize, usize) {
                (slices.0.as_ptr().addr(), slices.0.len())
            }
        }
    };
    (@views) => { () };
    (@views $head:ident $($tail:ident)*) => {
        ($head.array.view_mut(), outputs!(@views $($tail)*))
    };
}

outputs! { P, x => P p x; Q _q R _r S _s }
outputs! { (P, Q), (x, y) => P p x Q q y; R _r S _s }
outputs! { (P, Q, R), (x, y, z) => P p x Q q y R r z; S _s }
outputs! { (P, Q, R, S), (x, y, z, w) => P p x Q q y R r z S s w; }
