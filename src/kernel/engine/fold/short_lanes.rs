//! Reductions of lanes of a few elements: many lanes are folded side by side.
//!
//! The overhead of a lane, which does not depend on its length, would dominate otherwise. So lanes are transposed to
//! the stack, [`SHORT_LANES_TILE`] at a time: element *k* of all these lanes makes row *k*, and rows are folded as
//! [`rows`](super::rows) folds them. The order within a lane is the same.

use std::marker::PhantomData;
use std::slice::ChunksExact;

use ndarray::{ArrayView1, ArrayViewMut, Dimension};

use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd};
use crate::kernel::engine::fold::columns::each_accumulator;
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::finish::Finish;
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::tuning::{
    LANES, MAX_SHORT_ROWS, MAX_TILE_ELEMENT_BYTES, MIN_SHORT_LANES, SHORT_LANES_TILE,
};

/// Whether lanes of `len` elements are short enough, and enough in number, to be folded side by side.
pub(crate) fn are_short<A>(len: usize, lanes: usize) -> bool {
    len < LANES && lanes >= MIN_SHORT_LANES && size_of::<A>() <= MAX_TILE_ELEMENT_BYTES
}

/// Whether lanes across `len` rows are few and long enough to be folded as short lanes are.
pub(crate) fn are_few<A>(len: usize, lanes: usize) -> bool {
    len <= MAX_SHORT_ROWS && are_short::<A>(len, lanes)
}

/// Short lanes of equal length, one after another in memory: of one array, or of two that a function joins. They are
/// read across: element *k* of many lanes at once.
pub(crate) trait Short {
    type Element: Copy;

    /// Any element.
    fn any(&self) -> Self::Element;

    /// Element number `at` of each lane from `first_lane` on, `room.len()` of them. They may be copied to `room`.
    fn row<'r>(
        &'r self,
        first_lane: usize,
        at: usize,
        room: &'r mut [Self::Element],
    ) -> &'r [Self::Element];
}

/// The lanes of one array, contiguous and one after another.
pub(crate) struct OfOne<'a, A> {
    pub(crate) elements: &'a [A],
    pub(crate) len: usize,
}

impl<A: Copy> Short for OfOne<'_, A> {
    type Element = A;

    #[inline(always)]
    fn any(&self) -> A {
        self.elements[0]
    }

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [A]) -> &'r [A] {
        room.iter_mut().zip(self.lanes(first_lane)).for_each(|(room, lane)| *room = lane[at]);
        room
    }
}

impl<'a, A> OfOne<'a, A> {
    #[inline(always)]
    fn lanes(&self, first_lane: usize) -> ChunksExact<'a, A> {
        self.elements[first_lane * self.len..].chunks_exact(self.len)
    }
}

/// One lane that stands for all, as broadcasting makes it.
pub(crate) struct Same<B>([B; LANES]);

impl<B: Copy> Same<B> {
    /// A lane of at most [`LANES`] elements.
    pub(crate) fn of(lane: ArrayView1<'_, B>) -> Self {
        let mut elements = [lane[0]; LANES];
        elements.iter_mut().zip(lane).for_each(|(element, &b)| *element = b);
        Same(elements)
    }
}

/// Lanes of two arrays, joined by `f`.
pub(crate) struct OfTwo<'f, P, Q, F> {
    pub(crate) a: P,
    pub(crate) b: Q,
    pub(crate) f: &'f F,
}

impl<A: Copy, B: Copy, C: Copy, F> Short for OfTwo<'_, OfOne<'_, A>, OfOne<'_, B>, F>
where
    F: Fn(A, B) -> C,
{
    type Element = C;

    #[inline(always)]
    fn any(&self) -> C {
        (self.f)(self.a.any(), self.b.any())
    }

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [C]) -> &'r [C] {
        let lanes = self.a.lanes(first_lane).zip(self.b.lanes(first_lane));
        room.iter_mut().zip(lanes).for_each(|(room, (a, b))| *room = (self.f)(a[at], b[at]));
        room
    }
}

impl<A: Copy, B: Copy, C: Copy, F> Short for OfTwo<'_, OfOne<'_, A>, Same<B>, F>
where
    F: Fn(A, B) -> C,
{
    type Element = C;

    #[inline(always)]
    fn any(&self) -> C {
        (self.f)(self.a.any(), self.b.0[0])
    }

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [C]) -> &'r [C] {
        let b = self.b.0[at];
        let lanes = self.a.lanes(first_lane);
        room.iter_mut().zip(lanes).for_each(|(room, a)| *room = (self.f)(a[at], b));
        room
    }
}

/// Lanes that run across a few rows of memory.
pub(crate) struct Across<'a, A>([&'a [A]; MAX_SHORT_ROWS]);

impl<'a, A> Across<'a, A> {
    /// The lanes across the next `len` rows, each a contiguous slice.
    pub(crate) fn of(rows: &mut impl Iterator<Item = ArrayView1<'a, A>>, len: usize) -> Self {
        let mut slices = [&[][..]; MAX_SHORT_ROWS];
        for (slice, row) in slices[..len].iter_mut().zip(rows) {
            *slice = row.to_slice().expect("rows are runs of memory");
        }
        Across(slices)
    }
}

impl<A: Copy> Short for Across<'_, A> {
    type Element = A;

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [A]) -> &'r [A] {
        &self.0[at][first_lane..][..room.len()]
    }

    #[inline(always)]
    fn any(&self) -> A {
        self.0[0][0]
    }
}

/// Folds the lanes and writes their results. There are as many lanes as elements of `out`, at least [`LANES`].
pub(crate) fn of_lanes<S: Short, B: Copy, D: Dimension, F: Fold<S::Element>>(
    lanes: S,
    len: usize,
    mut out: ArrayViewMut<'_, B, D>,
    fold: &F,
    finish: &impl Finish<F::State, B>,
) {
    let count = out.len();
    let short = ShortLanes { lanes: &lanes, len, fold, finish };
    let Some(out) = out.as_slice_mut() else {
        let mut outs = Apart { outs: Some(out.iter_mut()), done: 0 };
        return write_part(&short, 0, count, &mut outs);
    };
    // Results are inspected while they are in L1.
    let checked = 8 * SHORT_LANES_TILE;
    for first in (0..count).step_by(checked) {
        let first = first.min(count - LANES); // the last group overlaps the one before rather than being short
        let out = &mut out[first..count.min(first + checked)];
        write_part(&short, first, out.len(), &mut &mut *out);
        finish.see(out);
    }
}

/// Where the results of lanes are written.
trait Outs<B> {
    /// Writes the results of the lanes from number `at` on. Some of these may have been written before.
    fn put(&mut self, at: usize, results: [B; LANES], see: impl FnOnce(&[B]));
}

/// A slice, whose results are inspected later, many at a time.
impl<B: Copy> Outs<B> for &mut [B] {
    #[inline(always)]
    fn put(&mut self, at: usize, results: [B; LANES], _: impl FnOnce(&[B])) {
        self[at..at + LANES].copy_from_slice(&results);
    }
}

/// An output with steps between its elements. Each result is written as soon as its vector is computed: the stores to
/// many cache lines then overlap with the work on the next lanes.
struct Apart<O> {
    outs: Option<O>,
    /// How many results are written.
    done: usize,
}

impl<'o, B: Copy + 'o, O: Iterator<Item = &'o mut B>> Outs<B> for Apart<O> {
    #[inline(always)]
    fn put(&mut self, at: usize, results: [B; LANES], see: impl FnOnce(&[B])) {
        let new = &results[self.done - at..];
        // Taken out, so that the iterator stays in registers.
        let mut outs = self.outs.take().expect("put back below");
        new.iter().zip(&mut outs).for_each(|(&result, out)| *out = result);
        self.outs = Some(outs);
        self.done = at + LANES;
        see(&results);
    }
}

/// Short lanes, and what is done with them.
struct ShortLanes<'f, S, F, G> {
    lanes: &'f S,
    len: usize,
    fold: &'f F,
    finish: &'f G,
}

/// Writes the results of `count` lanes from number `first` on, in the version for this processor.
fn write_part<S, F, G, O, B>(
    short: &ShortLanes<'_, S, F, G>,
    first: usize,
    count: usize,
    outs: &mut O,
) where
    S: Short,
    F: Fold<S::Element>,
    G: Finish<F::State, B>,
    O: Outs<B>,
{
    dispatch::run(Part { short, first, count, results: PhantomData::<B> }, outs);
}

struct Part<'p, S, F, G, B> {
    short: &'p ShortLanes<'p, S, F, G>,
    first: usize,
    count: usize,
    results: PhantomData<B>,
}

impl<S, F, G, O, B> Loop<&mut O> for Part<'_, S, F, G, B>
where
    S: Short,
    F: Fold<S::Element>,
    G: Finish<F::State, B>,
    O: Outs<B>,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, outs: &mut O) {
        let Part { short: &ShortLanes { lanes, len, fold, finish }, first, count, .. } = self;
        let any = lanes.any();
        let mut room = [any; SHORT_LANES_TILE];
        let mut accumulators = [fold.accumulator(any); SHORT_LANES_TILE / LANES];
        for start in (0..count).step_by(SHORT_LANES_TILE) {
            let start = start.min(count - LANES); // as above
            let width = SHORT_LANES_TILE.min(count - start);
            let accumulators = &mut accumulators[..width.div_ceil(LANES)];
            for at in 0..len {
                let row = lanes.row(first + start, at, &mut room[..width]);
                fold.rows::<V, _, 1>(&[Slice::of(row)], at, accumulators, at == 0);
            }
            for (accumulator, column) in each_accumulator(accumulators, width) {
                let result = |lane| finish.value(fold.state(accumulator, lane, len));
                let results = std::array::from_fn(result);
                outs.put(start + column, results, |results| finish.see(results));
            }
        }
    }
}
