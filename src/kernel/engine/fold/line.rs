//! Lanes with any step, of one array or of two: contiguous ones are folded as they lie, others block by block after a
//! copy to the stack.

use ndarray::{ArrayView1, Axis};

use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::gather::with_slice;
use crate::kernel::engine::fold::run::{Joined, Slice};
use crate::kernel::engine::fold::tree::{of_block, of_run, tree};

/// The state of a line that is not contiguous.
#[inline(never)]
fn of_gaps<L: Line, F: Fold<L::Element>>(line: L, fold: &F) -> F::State {
    tree(0, line.len(), &mut |at, len| line.part(at, len).block(at, fold), fold)
}

/// A lane with any step between its elements: of one array, or of two that a function joins ([`Pair`]).
///
/// It finds out whether its elements are contiguous, and hands them to a [`Fold`] as a [`Run`](super::run::Run): in
/// place if they are, otherwise after a copy to the stack.
pub(crate) trait Line: Copy {
    type Element: Copy;

    /// The number of elements.
    fn len(&self) -> usize;

    /// The `len` elements from number `at` on.
    fn part(&self, at: usize, len: usize) -> Self;

    /// The state of all elements, of which there is at least one.
    fn state<F: Fold<Self::Element>>(&self, fold: &F) -> F::State;

    /// The state of this line of 1 to [`FOLD_BLOCK`](crate::kernel::engine::tuning::FOLD_BLOCK) elements, the first of
    /// which counts as number `at`.
    fn block<F: Fold<Self::Element>>(&self, at: usize, fold: &F) -> F::State;
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
}

/// Two lines of equal length, joined by `f`.
pub(crate) struct Pair<'a, 'f, A, B, F> {
    pub(crate) a: ArrayView1<'a, A>,
    pub(crate) b: ArrayView1<'a, B>,
    pub(crate) f: &'f F,
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
}
