//! Where a reduction's elements come from: slices of memory, or of the stack where memory has gaps.
//!
//! A [`Line`] is a lane, or a row across lanes, of one array or of two that a function joins. It hands its elements
//! to a [`Fold`] as [`Run`]s, which are read in chunks of [`LANES`]: loops over a chunk become vector instructions.

use ndarray::{ArrayView1, Axis};

use super::fold::{Fold, of_block, of_gaps, of_run};
use super::fold_gather::{add_gathered, add_gathered_pairs, with_slice};
use super::fold_rows::Columns;

/// Elements in a chunk: as `f64`, they fill half of the vector registers of SSE2.
pub(super) const LANES: usize = 16;

/// Elements in a block: short enough to lie on the stack and for the error of adding in a row, long enough to
/// make the rest of the work cheap.
pub(super) const BLOCK: usize = 32 * LANES;

/// The most elements of a row that is first collected on the stack.
pub(super) const GATHERED: usize = 256;

/// Elements that are read one after another.
pub(super) trait Run: Copy {
    type Element: Copy;

    fn len(&self) -> usize;

    fn get(&self, at: usize) -> Self::Element;

    /// The [`LANES`] elements from number `at` on.
    fn chunk(&self, at: usize) -> impl Fn(usize) -> Self::Element;

    /// The chunks from the first element on, without what is left over of the last.
    fn chunks(&self) -> impl Iterator<Item = impl Fn(usize) -> Self::Element>;

    /// The `len` elements from number `at` on.
    fn part(&self, at: usize, len: usize) -> Self;
}

/// A run of memory.
pub(super) struct Slice<'a, A> {
    elements: &'a [A],
}

impl<'a, A> Slice<'a, A> {
    #[inline(always)]
    pub(super) fn of(elements: &'a [A]) -> Self {
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

/// One element again and again.
#[derive(Clone, Copy)]
pub(super) struct Repeat<A> {
    pub(super) element: A,
    pub(super) len: usize,
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

/// Two runs of equal length, joined by `f`.
pub(super) struct Joined<'f, P, Q, F> {
    pub(super) a: P,
    pub(super) b: Q,
    pub(super) f: &'f F,
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

/// Elements of an array, or of two, in a line.
pub(super) trait Line: Copy {
    type Element: Copy;

    fn len(&self) -> usize;

    /// The `len` elements from number `at` on.
    fn part(&self, at: usize, len: usize) -> Self;

    /// The state of all elements, of which there are some.
    fn state<F: Fold<Self::Element>>(&self, fold: &F) -> F::State;

    /// The state of 1 to [`BLOCK`] elements, the first of which counts as number `at`.
    fn block<F: Fold<Self::Element>>(&self, at: usize, fold: &F) -> F::State;

    /// Adds lines that lie below each other to the columns. Those that are not slices of memory have at most
    /// [`GATHERED`] elements.
    fn add<F: Fold<Self::Element>, const N: usize>(
        lines: [Self; N],
        columns: Columns<'_, F, F::Side>,
    );
}

impl<A: Copy> Line for ArrayView1<'_, A> {
    type Element = A;

    #[inline(always)]
    fn len(&self) -> usize {
        self.dim()
    }

    fn part(&self, at: usize, len: usize) -> Self {
        let mut part = *self;
        part.slice_axis_inplace(Axis(0), (at..at + len).into());
        part
    }

    #[inline(always)]
    fn state<F: Fold<A>>(&self, fold: &F) -> F::State {
        match self.as_slice() {
            Some(lane) => of_run(Slice::of(lane), fold),
            None => of_gaps(*self, fold),
        }
    }

    fn block<F: Fold<A>>(&self, at: usize, fold: &F) -> F::State {
        with_slice(self, |block| of_block(Slice::of(block), at, fold))
    }

    #[inline(always)]
    fn add<F: Fold<A>, const N: usize>(lines: [Self; N], columns: Columns<'_, F, F::Side>) {
        match slices(&lines) {
            Some(rows) => columns.add(&rows),
            None => add_gathered(&lines, columns),
        }
    }
}

/// Two lines of equal length, joined by `f`.
pub(super) struct Pair<'a, 'f, A, B, F> {
    pub(super) a: ArrayView1<'a, A>,
    pub(super) b: ArrayView1<'a, B>,
    pub(super) f: &'f F,
}

impl<A, B, F> Clone for Pair<'_, '_, A, B, F> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B, F> Copy for Pair<'_, '_, A, B, F> {}

impl<A: Copy, B: Copy, C: Copy, G: Fn(A, B) -> C> Line for Pair<'_, '_, A, B, G> {
    type Element = C;

    #[inline(always)]
    fn len(&self) -> usize {
        self.a.len()
    }

    fn part(&self, at: usize, len: usize) -> Self {
        Pair { a: self.a.part(at, len), b: self.b.part(at, len), f: self.f }
    }

    #[inline(always)]
    fn state<F: Fold<C>>(&self, fold: &F) -> F::State {
        match (self.a.as_slice(), self.b.as_slice()) {
            (Some(a), Some(b)) => {
                of_run(Joined { a: Slice::of(a), b: Slice::of(b), f: self.f }, fold)
            }
            _ => of_gaps(*self, fold),
        }
    }

    fn block<F: Fold<C>>(&self, at: usize, fold: &F) -> F::State {
        with_slice(&self.a, |a| {
            with_slice(&self.b, |b| {
                of_block(Joined { a: Slice::of(a), b: Slice::of(b), f: self.f }, at, fold)
            })
        })
    }

    #[inline(always)]
    fn add<F: Fold<C>, const N: usize>(lines: [Self; N], columns: Columns<'_, F, F::Side>) {
        let (f, a, b) = (lines[0].f, lines.map(|line| line.a), lines.map(|line| line.b));
        if let Some(rows) = slices(&a) {
            if b.iter().all(|b| b.strides() == [0]) {
                let join = |k: usize| {
                    let b = Repeat { element: b[k][0], len: b[k].len() };
                    Joined { a: rows[k], b, f }
                };
                return columns.add(&std::array::from_fn::<_, N, _>(join));
            }
            if let Some(others) = slices(&b) {
                let join = |k: usize| Joined { a: rows[k], b: others[k], f };
                return columns.add(&std::array::from_fn::<_, N, _>(join));
            }
        }
        add_gathered_pairs(&a, &b, f, columns);
    }
}

/// The lines, if all are slices of memory and long enough for a chunk.
#[inline(always)]
fn slices<'a, A, const N: usize>(lines: &[ArrayView1<'a, A>; N]) -> Option<[Slice<'a, A>; N]> {
    let is_slice = |line: &ArrayView1<'_, A>| line.len() >= LANES && line.strides() == [1];
    if !lines.iter().all(is_slice) {
        return None;
    }
    Some(std::array::from_fn(|k| Slice::of(lines[k].to_slice().expect("looked at above"))))
}
