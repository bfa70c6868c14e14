//! The inputs of an elementwise kernel, as a list that may have any length: `(a, (b, ()))`.
//!
//! A list of views ([`Inputs`]) is cut into lists of lanes ([`Lane`]), and these give lists of slices ([`Slices`]) and
//! lists of elements, `(A, (B, ()))`, to which a [`Function`] is applied.

use std::slice;

use ndarray::{
    ArrayBase, ArrayView, ArrayView1, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, RawData,
};

use crate::kernel::engine::axes::{Axes, steps_alike};
use crate::kernel::engine::cpu::dispatch;
use crate::kernel::engine::cpu::stream::Extent;
use crate::kernel::engine::map::run::{OfMore, OfOne, OfTwo};
use crate::kernel::engine::tuning::MAX_TILE_ELEMENT_BYTES;

/// A function of as many elements as the list has.
pub(crate) trait Function<Items> {
    /// What it returns.
    type Output;

    /// Applies it to the elements.
    fn call(&mut self, items: Items) -> Self::Output;
}

macro_rules! functions {
    ($($list:ty, $pattern:pat => ($($item:ident)*);)*) => {$(
        impl<T, Z, $($item),*> Function<$list> for T
        where
            T: FnMut($($item),*) -> Z,
        {
            type Output = Z;

            #[inline(always)]
            #[expect(non_snake_case, reason = "elements have the names of their types")]
            fn call(&mut self, $pattern: $list) -> Z {
                self($($item),*)
            }
        }
    )*};
}

functions! {
    (A, ()), (A, ()) => (A);
    (A, (B, ())), (A, (B, ())) => (A B);
    (A, (B, (C, ()))), (A, (B, (C, ()))) => (A B C);
    (A, (B, (C, (D, ())))), (A, (B, (C, (D, ())))) => (A B C D);
    (A, (B, (C, (D, (E, ()))))), (A, (B, (C, (D, (E, ()))))) => (A B C D E);
    (A, (B, (C, (D, (E, (F, ())))))), (A, (B, (C, (D, (E, (F, ())))))) => (A B C D E F);
}

/// A function whose first argument is always the same.
struct WithFirst<F, A> {
    f: F,
    first: A,
}

impl<F: Function<(A, R)>, A: Copy, R> Function<R> for WithFirst<F, A> {
    type Output = F::Output;

    #[inline(always)]
    fn call(&mut self, rest: R) -> F::Output {
        self.f.call((self.first, rest))
    }
}

/// A function whose second argument is always the same.
struct WithSecond<F, B> {
    f: F,
    second: B,
}

impl<F: Function<(A, (B, R))>, A, B: Copy, R> Function<(A, R)> for WithSecond<F, B> {
    type Output = F::Output;

    #[inline(always)]
    fn call(&mut self, (first, rest): (A, R)) -> F::Output {
        self.f.call((first, (self.second, rest)))
    }
}

/// A list of views of the shape of the output.
pub(crate) trait Inputs<D: Dimension>: Axes {
    type Items;
    type Slices<'s>: Slices<Items = Self::Items>
    where
        Self: 's;
    type Cut<'s>: Inputs<Ix3, Items = Self::Items>
    where
        Self: 's;
    type Plane<'s>: Inputs<Ix2, Items = Self::Items>
    where
        Self: 's;
    type Lane<'s>: Lane<Items = Self::Items>
    where
        Self: 's;

    /// The size of the largest element.
    const ELEMENT_BYTES: usize;

    /// The memory behind all views.
    fn extent(&self) -> Extent;
    /// All views as slices in memory order, if each steps through memory as an array of these lengths and steps does, or
    /// was broadcast from one small element, which is all of its slice.
    fn as_slices(&self, lens: &[usize], steps: &[isize]) -> Option<Self::Slices<'_>>;
    /// The part of each view at a place along all axes but the last three.
    fn cut(&self, at: &[usize]) -> Self::Cut<'_>;
    /// The part of each view with three axes at a place along the first.
    fn plane(&self, at: usize) -> Self::Plane<'_>;
    /// The row of each view with two axes at a place along the first.
    fn lane(&self, at: usize) -> Self::Lane<'_>;
    /// How the views step along an axis.
    fn steps_along(&self, axis: Axis) -> Steps;
}

/// Which steps other than one there are along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Steps {
    /// A view that was broadcast repeats an element.
    pub(crate) repeat: bool,
    /// The elements of a view have gaps, or are in reverse.
    pub(crate) jump: bool,
}

impl<D: Dimension> Inputs<D> for () {
    type Items = ();
    type Slices<'s> = ();
    type Cut<'s> = ();
    type Plane<'s> = ();
    type Lane<'s> = ();

    const ELEMENT_BYTES: usize = 0;

    fn extent(&self) -> Extent {
        Extent::default()
    }
    fn as_slices(&self, _: &[usize], _: &[isize]) -> Option<()> {
        Some(())
    }
    fn cut(&self, _: &[usize]) {}
    fn plane(&self, _: usize) {}
    fn lane(&self, _: usize) {}
    fn steps_along(&self, _: Axis) -> Steps {
        Steps::default()
    }
}

impl<A: Copy, D: Dimension, R: Inputs<D>> Inputs<D> for (ArrayView<'_, A, D>, R) {
    type Items = (A, R::Items);
    type Slices<'s>
        = (&'s [A], R::Slices<'s>)
    where
        Self: 's;
    type Cut<'s>
        = (ArrayView<'s, A, Ix3>, R::Cut<'s>)
    where
        Self: 's;
    type Plane<'s>
        = (ArrayView<'s, A, Ix2>, R::Plane<'s>)
    where
        Self: 's;
    type Lane<'s>
        = (ArrayView1<'s, A>, R::Lane<'s>)
    where
        Self: 's;

    const ELEMENT_BYTES: usize =
        if size_of::<A>() > R::ELEMENT_BYTES { size_of::<A>() } else { R::ELEMENT_BYTES };

    #[inline]
    fn extent(&self) -> Extent {
        Extent::of(&self.0).with(self.1.extent())
    }
    #[inline]
    fn as_slices(&self, lens: &[usize], steps: &[isize]) -> Option<Self::Slices<'_>> {
        let slice = if steps_alike(lens, self.0.strides(), steps) {
            self.0.as_slice_memory_order()?
        } else if size_of::<A>() <= MAX_TILE_ELEMENT_BYTES
            && self.0.strides().iter().all(|&step| step == 0)
        {
            slice::from_ref(self.0.first()?)
        } else {
            return None;
        };
        Some((slice, self.1.as_slices(lens, steps)?))
    }
    fn cut(&self, at: &[usize]) -> Self::Cut<'_> {
        (three_axes(self.0.view(), at), self.1.cut(at))
    }
    #[inline]
    fn plane(&self, at: usize) -> Self::Plane<'_> {
        (plane(self.0.view(), at), self.1.plane(at))
    }
    #[inline]
    fn lane(&self, at: usize) -> Self::Lane<'_> {
        (lane(self.0.view(), at), self.1.lane(at))
    }
    #[inline]
    fn steps_along(&self, axis: Axis) -> Steps {
        let (rest, step) = (self.1.steps_along(axis), self.0.stride_of(axis));
        Steps { repeat: rest.repeat | (step == 0), jump: rest.jump | !matches!(step, 0 | 1) }
    }
}

/// No view: whatever has to be done to axes is done.
impl Axes for () {
    fn lens(&self) -> &[usize] {
        &[]
    }
    fn steps(&self) -> &[isize] {
        &[]
    }
    fn invert(&mut self, _: usize) {}
    fn swap(&mut self, _: usize, _: usize) {}
    fn merge(&mut self, _: usize, _: usize) {}
    fn can_merge(&self, _: usize, _: usize) -> bool {
        true
    }
}

/// The axes of all views. Lengths and steps are those of the first.
impl<A, D: Dimension, R: Axes> Axes for (ArrayView<'_, A, D>, R) {
    fn lens(&self) -> &[usize] {
        self.0.lens()
    }
    fn steps(&self) -> &[isize] {
        self.0.steps()
    }
    fn invert(&mut self, axis: usize) {
        self.0.invert(axis);
        self.1.invert(axis);
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.0.swap(a, b);
        self.1.swap(a, b);
    }
    fn merge(&mut self, take: usize, into: usize) {
        self.0.merge(take, into);
        self.1.merge(take, into);
    }
    fn can_merge(&self, take: usize, into: usize) -> bool {
        self.0.can_merge(take, into) && self.1.can_merge(take, into)
    }
}

/// The part of `array` at a place along all axes but the last three; with new axes in front, if it has fewer.
///
/// # Panics
///
/// If `at` has not an index for each axis but three.
pub(crate) fn three_axes<S: RawData, D: Dimension>(
    array: ArrayBase<S, D>,
    at: &[usize],
) -> ArrayBase<S, Ix3> {
    const SEEN: &str = "this number of axes was just seen";
    let first = Axis(0);
    match array.ndim() {
        0 => {
            let number = array.into_dimensionality::<Ix0>().expect(SEEN);
            number.insert_axis(first).insert_axis(first).insert_axis(first)
        }
        1 => {
            let row = array.into_dimensionality::<Ix1>().expect(SEEN);
            row.insert_axis(first).insert_axis(first)
        }
        2 => array.into_dimensionality::<Ix2>().expect(SEEN).insert_axis(first),
        3 => array.into_dimensionality().expect(SEEN),
        4 => {
            let array = array.into_dimensionality::<Ix4>().expect(SEEN);
            array.index_axis_move(first, at[0])
        }
        5 => {
            let array = array.into_dimensionality::<Ix5>().expect(SEEN);
            array.index_axis_move(first, at[0]).index_axis_move(first, at[1])
        }
        6 => {
            let array = array.into_dimensionality::<Ix6>().expect(SEEN);
            let array = array.index_axis_move(first, at[0]);
            array.index_axis_move(first, at[1]).index_axis_move(first, at[2])
        }
        _ => {
            // ndarray has allocated for so many axes, too.
            let part =
                at.iter().fold(array.into_dyn(), |array, &at| array.index_axis_move(first, at));
            part.into_dimensionality().expect("there is an index for each axis but three")
        }
    }
}

/// The part of an array of three axes at a place along the first.
#[inline]
pub(crate) fn plane<S: RawData, D: Dimension>(
    array: ArrayBase<S, D>,
    at: usize,
) -> ArrayBase<S, Ix2> {
    let array = array.into_dimensionality::<Ix3>().expect("there are three axes");
    array.index_axis_move(Axis(0), at)
}

/// The row of an array of two axes at a place along the first.
#[inline]
pub(crate) fn lane<S: RawData, D: Dimension>(
    array: ArrayBase<S, D>,
    at: usize,
) -> ArrayBase<S, Ix1> {
    let array = array.into_dimensionality::<Ix2>().expect("there are two axes");
    array.index_axis_move(Axis(0), at)
}

/// One lane of each input.
pub(crate) trait Lane {
    type Items;
    type Slices<'s>: Slices<Items = Self::Items>
    where
        Self: 's;

    /// Whether each lane has at least `len` elements.
    fn reaches(&self, len: usize) -> bool;
    /// Element number `at` of each lane.
    fn items(&self, at: usize) -> Self::Items;
    /// The lanes as slices. The slice of a lane that is not contiguous is its first element.
    fn as_slices(&self) -> Self::Slices<'_>;
}

impl Lane for () {
    type Items = ();
    type Slices<'s> = ();

    #[inline(always)]
    fn reaches(&self, _: usize) -> bool {
        true
    }
    #[inline(always)]
    fn items(&self, _: usize) {}
    #[inline(always)]
    fn as_slices(&self) {}
}

impl<A: Copy, R: Lane> Lane for (ArrayView1<'_, A>, R) {
    type Items = (A, R::Items);
    type Slices<'s>
        = (&'s [A], R::Slices<'s>)
    where
        Self: 's;

    #[inline(always)]
    fn reaches(&self, len: usize) -> bool {
        len <= self.0.len() && self.1.reaches(len)
    }
    #[inline(always)]
    fn items(&self, at: usize) -> Self::Items {
        (self.0[at], self.1.items(at))
    }
    #[inline(always)]
    fn as_slices(&self) -> Self::Slices<'_> {
        (self.0.to_slice().unwrap_or_else(|| slice::from_ref(&self.0[0])), self.1.as_slices())
    }
}

/// A slice of each input. One that is shorter than the output is a repeated element.
pub(crate) trait Slices: Copy {
    type Items;
    /// The first element of each slice, `N` times.
    type Blocks<const N: usize>;
    type OrBlocks<'b>: Slices<Items = Self::Items>
    where
        Self: 'b;

    /// How many slices there are.
    const COUNT: usize;
    /// The size of the largest element.
    const ELEMENT_BYTES: usize;

    /// Whether each slice has `len` elements.
    fn are_long(self, len: usize) -> bool;
    /// A block of each slice.
    fn blocks<const N: usize>(self) -> Self::Blocks<N>;
    /// Each slice of `len` elements, and blocks in place of the others.
    fn or_blocks<'b, const N: usize>(
        self,
        len: usize,
        blocks: &'b Self::Blocks<N>,
    ) -> Self::OrBlocks<'b>
    where
        Self: 'b;

    /// Element number `at` of each slice.
    fn items(self, at: usize) -> Self::Items;
    /// `len` elements of each slice, from number `at` on.
    fn part(self, at: usize, len: usize) -> Self;
    /// [`part`](Self::part) of slices of `whole` elements. All others are blocks of one repeated element.
    fn part_or_block(self, whole: usize, at: usize, len: usize) -> Self;

    /// Computes all of `out`. A repeated element becomes a part of the function.
    fn write<O, F>(self, f: F, streams: bool, out: &mut [O]) -> F
    where
        O: Copy + 'static,
        F: Function<Self::Items, Output = O>;
    /// [`write`](Self::write) for a list that begins with `a`, and continues with this one. Of all slices, only the first
    /// of this list may be a repeated element.
    fn write_behind<A, O, F>(self, a: &[A], f: F, streams: bool, out: &mut [O]) -> F
    where
        A: Copy,
        O: Copy + 'static,
        F: Function<(A, Self::Items), Output = O>;
    /// Computes all of `out`, in the version for this processor, and returns the function. With a `BLOCK` other than
    /// zero, slices may be blocks of so many elements.
    fn dispatch<const BLOCK: usize, O, F>(self, f: F, streams: bool, out: &mut [O]) -> F
    where
        O: Copy + 'static,
        F: Function<Self::Items, Output = O>;
    /// [`dispatch`](Self::dispatch) of a list that begins with `a`, and continues with this one.
    fn dispatch_behind<const BLOCK: usize, A, O, F>(
        self,
        a: &[A],
        f: F,
        streams: bool,
        out: &mut [O],
    ) -> F
    where
        A: Copy,
        O: Copy + 'static,
        F: Function<(A, Self::Items), Output = O>;
    /// The same behind two.
    fn dispatch_behind_two<const BLOCK: usize, A, B, O, F>(
        self,
        a: &[A],
        b: &[B],
        f: F,
        streams: bool,
        out: &mut [O],
    ) -> F
    where
        A: Copy,
        B: Copy,
        O: Copy + 'static,
        F: Function<(A, (B, Self::Items)), Output = O>;
}

impl Slices for () {
    type Items = ();
    type Blocks<const N: usize> = ();
    type OrBlocks<'b> = ();

    const COUNT: usize = 0;
    const ELEMENT_BYTES: usize = 0;

    #[inline(always)]
    fn are_long(self, _: usize) -> bool {
        true
    }
    #[inline(always)]
    fn blocks<const N: usize>(self) {}
    #[inline(always)]
    fn or_blocks<'b, const N: usize>(self, _: usize, (): &'b ())
    where
        Self: 'b,
    {
    }
    #[inline(always)]
    fn write<O, F>(self, f: F, streams: bool, out: &mut [O]) -> F
    where
        O: Copy + 'static,
        F: Function<(), Output = O>,
    {
        self.dispatch::<0, O, F>(f, streams, out)
    }
    #[inline(always)]
    fn write_behind<A, O, F>(self, a: &[A], f: F, streams: bool, out: &mut [O]) -> F
    where
        A: Copy,
        O: Copy + 'static,
        F: Function<(A, ()), Output = O>,
    {
        self.dispatch_behind::<0, A, O, F>(a, f, streams, out)
    }
    #[inline(always)]
    fn items(self, _: usize) {}
    #[inline(always)]
    fn part(self, _: usize, _: usize) {}
    #[inline(always)]
    fn part_or_block(self, _: usize, _: usize, _: usize) {}
    #[inline(always)]
    fn dispatch<const BLOCK: usize, O, F>(self, mut f: F, _: bool, out: &mut [O]) -> F
    where
        O: Copy + 'static,
        F: Function<(), Output = O>,
    {
        out.iter_mut().for_each(|out| *out = f.call(()));
        f
    }
    #[inline(always)]
    fn dispatch_behind<const BLOCK: usize, A, O, F>(
        self,
        a: &[A],
        f: F,
        streams: bool,
        out: &mut [O],
    ) -> F
    where
        A: Copy,
        O: Copy + 'static,
        F: Function<(A, ()), Output = O>,
    {
        let work = OfOne::<F, BLOCK> { f, streams };
        dispatch::run_on_slices(work, a, &[(); 0], &[(); 0], out)
    }
    #[inline(always)]
    fn dispatch_behind_two<const BLOCK: usize, A, B, O, F>(
        self,
        a: &[A],
        b: &[B],
        f: F,
        streams: bool,
        out: &mut [O],
    ) -> F
    where
        A: Copy,
        B: Copy,
        O: Copy + 'static,
        F: Function<(A, (B, ())), Output = O>,
    {
        dispatch::run_on_slices(OfTwo::<F, BLOCK> { f, streams }, a, b, &[(); 0], out)
    }
}

impl<C: Copy, R: Slices> Slices for (&[C], R) {
    type Items = (C, R::Items);
    type Blocks<const N: usize> = ([C; N], R::Blocks<N>);
    type OrBlocks<'b>
        = (&'b [C], R::OrBlocks<'b>)
    where
        Self: 'b;

    const COUNT: usize = 1 + R::COUNT;
    const ELEMENT_BYTES: usize =
        if size_of::<C>() > R::ELEMENT_BYTES { size_of::<C>() } else { R::ELEMENT_BYTES };

    #[inline(always)]
    fn are_long(self, len: usize) -> bool {
        self.0.len() == len && self.1.are_long(len)
    }
    #[inline(always)]
    fn blocks<const N: usize>(self) -> Self::Blocks<N> {
        ([self.0[0]; N], self.1.blocks())
    }
    #[inline(always)]
    fn or_blocks<'b, const N: usize>(
        self,
        len: usize,
        blocks: &'b Self::Blocks<N>,
    ) -> Self::OrBlocks<'b>
    where
        Self: 'b,
    {
        (if self.0.len() == len { self.0 } else { &blocks.0 }, self.1.or_blocks(len, &blocks.1))
    }
    #[inline(always)]
    fn write<O, F>(self, f: F, streams: bool, out: &mut [O]) -> F
    where
        O: Copy + 'static,
        F: Function<Self::Items, Output = O>,
    {
        if self.0.len() == out.len() {
            return self.1.write_behind(self.0, f, streams, out);
        }
        self.1.write(WithFirst { f, first: self.0[0] }, streams, out).f
    }
    #[inline(always)]
    fn write_behind<A, O, F>(self, a: &[A], f: F, streams: bool, out: &mut [O]) -> F
    where
        A: Copy,
        O: Copy + 'static,
        F: Function<(A, Self::Items), Output = O>,
    {
        if self.0.len() == out.len() {
            return self.dispatch_behind::<0, A, O, F>(a, f, streams, out);
        }
        let f = WithSecond { f, second: self.0[0] };
        self.1.dispatch_behind::<0, A, O, _>(a, f, streams, out).f
    }
    #[inline(always)]
    fn items(self, at: usize) -> Self::Items {
        (self.0[at], self.1.items(at))
    }
    #[inline(always)]
    fn part(self, at: usize, len: usize) -> Self {
        (&self.0[at..][..len], self.1.part(at, len))
    }
    #[inline(always)]
    fn part_or_block(self, whole: usize, at: usize, len: usize) -> Self {
        let from = if self.0.len() == whole { at } else { 0 };
        (&self.0[from..][..len], self.1.part_or_block(whole, at, len))
    }
    #[inline(always)]
    fn dispatch<const BLOCK: usize, O, F>(self, f: F, streams: bool, out: &mut [O]) -> F
    where
        O: Copy + 'static,
        F: Function<Self::Items, Output = O>,
    {
        self.1.dispatch_behind::<BLOCK, C, O, F>(self.0, f, streams, out)
    }
    #[inline(always)]
    fn dispatch_behind<const BLOCK: usize, A, O, F>(
        self,
        a: &[A],
        f: F,
        streams: bool,
        out: &mut [O],
    ) -> F
    where
        A: Copy,
        O: Copy + 'static,
        F: Function<(A, Self::Items), Output = O>,
    {
        self.1.dispatch_behind_two::<BLOCK, A, C, O, F>(a, self.0, f, streams, out)
    }
    #[inline(always)]
    fn dispatch_behind_two<const BLOCK: usize, A, B, O, F>(
        self,
        a: &[A],
        b: &[B],
        f: F,
        streams: bool,
        out: &mut [O],
    ) -> F
    where
        A: Copy,
        B: Copy,
        O: Copy + 'static,
        F: Function<(A, (B, Self::Items)), Output = O>,
    {
        let work = OfMore::<F, R, BLOCK> { f, rest: self.1, streams };
        dispatch::run_on_slices(work, a, b, self.0, out)
    }
}
