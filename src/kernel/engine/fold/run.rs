//! Sequences of elements as a [`Fold`](super::contract::Fold) reads them: slices, one repeated element, or two
//! sequences joined by a function.
//!
//! A [`Line`](super::line::Line) (a lane) or a [`Source`](super::source::Source) (rows across lanes) hands its elements over
//! as a [`Run`]: as they lie in memory where they are contiguous, otherwise after a copy to the stack.

use crate::kernel::engine::tuning::LANES;

/// A sequence of elements, cheap to copy, that is read by position or in chunks of [`LANES`]. Loops over a chunk are
/// vectorised.
pub(crate) trait Run: Copy {
    type Element: Copy;

    /// The number of elements.
    fn len(&self) -> usize;

    /// Element number `at`.
    fn get(&self, at: usize) -> Self::Element;

    /// The [`LANES`] elements from number `at` on, as a function of the position within the chunk.
    fn chunk(&self, at: usize) -> impl Fn(usize) -> Self::Element;

    /// The chunks from the first element on, without the remainder.
    fn chunks(&self) -> impl Iterator<Item = impl Fn(usize) -> Self::Element>;

    /// The `len` elements from number `at` on.
    fn part(&self, at: usize, len: usize) -> Self;
}

/// A contiguous slice.
pub(crate) struct Slice<'a, A> {
    elements: &'a [A],
}

impl<'a, A> Slice<'a, A> {
    #[inline(always)]
    pub(crate) fn of(elements: &'a [A]) -> Self {
        Slice { elements }
    }
}

impl<A> Clone for Slice<'_, A> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Slice<'_, A> {}

impl<A: Copy> Run for Slice<'_, A> {
    type Element = A;

    #[inline(always)]
    fn len(&self) -> usize {
        self.elements.len()
    }

    #[inline(always)]
    fn get(&self, at: usize) -> A {
        self.elements[at]
    }

    #[inline(always)]
    fn chunk(&self, at: usize) -> impl Fn(usize) -> A {
        let chunk: &[A; LANES] = self.elements[at..].first_chunk().expect("chunks lie in runs");
        |i| chunk[i]
    }

    #[inline(always)]
    fn chunks(&self) -> impl Iterator<Item = impl Fn(usize) -> A> {
        self.elements.as_chunks::<LANES>().0.iter().map(|chunk| |i| chunk[i])
    }

    #[inline(always)]
    fn part(&self, at: usize, len: usize) -> Self {
        Slice { elements: &self.elements[at..at + len] }
    }
}

/// One element, repeated.
#[derive(Clone, Copy)]
pub(crate) struct Repeat<A> {
    pub(crate) element: A,
    pub(crate) len: usize,
}

impl<A: Copy> Run for Repeat<A> {
    type Element = A;

    #[inline(always)]
    fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    fn get(&self, _: usize) -> A {
        self.element
    }

    #[inline(always)]
    fn chunk(&self, _: usize) -> impl Fn(usize) -> A {
        |_| self.element
    }

    #[inline(always)]
    fn chunks(&self) -> impl Iterator<Item = impl Fn(usize) -> A> {
        (0..self.len / LANES).map(|_| |_| self.element)
    }

    #[inline(always)]
    fn part(&self, _: usize, len: usize) -> Self {
        Repeat { element: self.element, len }
    }
}

/// Two sequences of equal length, joined by `f`.
pub(crate) struct Joined<'f, P, Q, F> {
    pub(crate) a: P,
    pub(crate) b: Q,
    pub(crate) f: &'f F,
}

impl<P: Copy, Q: Copy, F> Clone for Joined<'_, P, Q, F> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Copy, Q: Copy, F> Copy for Joined<'_, P, Q, F> {}

impl<P: Run, Q: Run, C: Copy, F: Fn(P::Element, Q::Element) -> C> Run for Joined<'_, P, Q, F> {
    type Element = C;

    #[inline(always)]
    fn len(&self) -> usize {
        self.a.len()
    }

    #[inline(always)]
    fn get(&self, at: usize) -> C {
        (self.f)(self.a.get(at), self.b.get(at))
    }

    #[inline(always)]
    fn chunk(&self, at: usize) -> impl Fn(usize) -> C {
        let (a, b) = (self.a.chunk(at), self.b.chunk(at));
        move |i| (self.f)(a(i), b(i))
    }

    #[inline(always)]
    fn chunks(&self) -> impl Iterator<Item = impl Fn(usize) -> C> {
        let f = self.f;
        self.a.chunks().zip(self.b.chunks()).map(move |(a, b)| move |i| f(a(i), b(i)))
    }

    #[inline(always)]
    fn part(&self, at: usize, len: usize) -> Self {
        Joined { a: self.a.part(at, len), b: self.b.part(at, len), f: self.f }
    }
}
