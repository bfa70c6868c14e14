//! Slices of all inputs of an elementwise loop, as a list: `(&[A], (&[B], ()))`.
//!
//! The first three become parameters of the loop, of which the compiler knows that they do not overlap the output.

use crate::kernel::engine::cpu::dispatch;
use crate::kernel::engine::map::function::{Function, WithFirst, WithSecond};
use crate::kernel::engine::map::run::{OfMore, OfOne, OfTwo};

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
