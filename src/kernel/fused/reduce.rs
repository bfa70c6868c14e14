//! Reductions of formulas: values are combined as they are computed, `W` at a time, into `W` accumulators side by side.
//!
//! ```text
//! all elements, or long lanes       tree of blocks: chunk after chunk of a block to one chunk of accumulators
//! short lanes                       values of many lanes to the stack, each lane combined there
//! lanes across the rows of memory   tree of groups of rows: each chunk of columns to accumulators of its own
//! few columns                       the same, with `W` rows in place of one, and then these combined
//! ```
//!
//! The tree has the shape of that of our kernels, so that sums are as accurate. A formula is computed for a whole chunk
//! even where fewer elements are left: the last ones are repeated.

use ndarray::{ArrayViewMut, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::axes::{self, Axes, lanes_are_narrow};
use crate::kernel::engine::fold::kinds::combine::{Combine, merge_all};
use crate::kernel::engine::fold::tree::tree;
use crate::kernel::engine::tuning::{
    FOLD_BLOCK, FUSED_BLOCKS, FUSED_PANEL, FUSED_ROWS, FUSED_TILE, LANES,
    MAX_BUFFERED_ELEMENT_BYTES, SHORT_LINE,
};
use crate::kernel::fused::chunks::Steps;
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::order::{Operands, align};

/// What one call of the loop computes, of some [`Rows`](crate::kernel::fused::chunks::Rows).
///
/// ```text
/// for each array of accumulators:
///     for each of its chunks, `rows` of them at a time: combine one of each row into the accumulators
/// ```
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How many rows there are.
    pub(super) rows: usize,
    /// How many chunks each array of accumulators takes.
    pub(super) chunks: usize,
    /// Where a chunk begins at the latest.
    pub(super) last: usize,
    /// Whether accumulators begin with their first chunk, whatever they are.
    pub(super) fresh: bool,
}

/// The loop over chunks.
pub(super) type Reduce<'k, X, T, const W: usize> =
    dyn for<'i, 'o> FnMut(&<X as Inputs>::Rows<'i>, Plan, &'o mut [[T; W]]) + 'k;

/// A reduction of the values that `reduce` computes and combines.
pub(super) struct Reduction<'r, 'k, X: Inputs, T: Copy, C, const N: usize, const W: usize> {
    pub(super) reduce: &'r mut Reduce<'k, X, T, W>,
    pub(super) combine: C,
    /// Any value, for accumulators.
    pub(super) any: T,
    /// The accumulators of some blocks or lanes.
    sums: [[T; W]; FUSED_BLOCKS],
}

impl<'r, 'k, X, T, C, const N: usize, const W: usize> Reduction<'r, 'k, X, T, C, N, W>
where
    X: Inputs,
    T: Copy,
    C: Fn(T, T) -> T + Copy,
{
    /// The reduction by `combine`. Any value serves to fill accumulators.
    pub(super) fn new(reduce: &'r mut Reduce<'k, X, T, W>, combine: C, any: T) -> Self {
        Reduction { reduce, combine, any, sums: [[any; W]; FUSED_BLOCKS] }
    }

    /// Combines the values of all elements. `None` if there are none.
    pub(super) fn of_all<D: Dimension>(mut self, mut ins: X::Views<'_, D>) -> Option<T> {
        let (along, count) = aligned::<X, D>(&mut ins)?;
        Some(self.of_next(count, &mut X::flats::<D, N, W>(&ins, along)))
    }

    /// Combines the values block by block until one block becomes `end`, and returns whether one did.
    pub(super) fn find<D: Dimension>(mut self, mut ins: X::Views<'_, D>, end: T) -> bool
    where
        T: PartialEq,
    {
        let Some((along, count)) = aligned::<X, D>(&mut ins) else { return false };
        let mut flats = X::flats::<D, N, W>(&ins, along);
        let mut blocks = (0..count).step_by(FOLD_BLOCK).map(|at| FOLD_BLOCK.min(count - at));
        blocks.any(|len| self.of_block(len, &mut flats) == end)
    }

    /// Combines the values of each lane along `axis`, which has elements, and shows the result to `write`, with its place
    /// in `out`.
    pub(super) fn along_axis<B, D: RemoveAxis>(
        mut self,
        mut ins: X::Views<'_, D>,
        axis: Axis,
        mut out: ArrayViewMut<'_, B, D::Smaller>,
        write: &mut dyn FnMut(&mut B, T),
    ) {
        if out.is_empty() {
            return;
        }
        X::each_mut(&mut ins, &mut |view| {
            (0..axis.index()).rev().for_each(|place| view.swap(place, place + 1));
        });
        let mut behind = BehindFirst::<X, D> { ins: &mut ins, out: &mut out };
        let along = axes::align(&mut [&mut behind]);
        let first = X::first(&ins).expect("there is an input");
        let (ndim, len) = (first.lens().len(), first.lens()[0]);
        if lanes_are_narrow(first, along) {
            first_to::<X, D>(&mut ins, ndim - 1);
            let mut flats = X::flats::<D, N, W>(&ins, Axis(ndim - 1));
            let mut results = out.iter_mut();
            if W > 1 && len < SHORT_LINE {
                return self.short_lanes::<_, D>(len, &mut flats, results, write);
            }
            if (W..=FOLD_BLOCK).contains(&len) {
                self.some_lanes::<_, D>(len, &mut flats, &mut results, write);
            }
            for result in results {
                write(result, self.of_next(len, &mut flats));
            }
            return;
        }
        first_to::<X, D>(&mut ins, along.index());
        let across = Axis(along.index() + 1);
        if W > 1 && out.len_of(along) <= 2 * W {
            let mut flats = X::flats::<D, N, W>(&ins, across);
            for out in out.lanes_mut(along) {
                let sums = self.few_columns(len, out.len(), &mut flats);
                out.into_iter().zip(sums.as_flattened()).for_each(|(out, &sum)| write(out, sum));
            }
        } else if out.len_of(along) <= 4 * W {
            self.across_rows::<B, D, 4>(&ins, across, out, write);
        } else {
            self.across_rows::<B, D, { FUSED_PANEL / LANES }>(&ins, across, out, write);
        }
    }

    /// The next `len` values.
    fn of_next<D: Dimension>(&mut self, len: usize, flats: &mut X::Flats<'_, D, N, W>) -> T {
        if len <= FOLD_BLOCK {
            return self.of_block(len, flats);
        }
        let (combine, are_whole) = (self.combine, X::are_whole(flats));
        let leaf: &mut dyn FnMut(usize, usize) -> T = &mut |at, count| {
            let (place, left) = (at / FOLD_BLOCK % FUSED_BLOCKS, (len - at) / FOLD_BLOCK);
            if !are_whole || left == 0 {
                return self.of_block(count, flats);
            }
            // All operands are slices, so the loop computes several blocks.
            if place == 0 {
                let blocks = &mut self.sums[..FUSED_BLOCKS.min(left)];
                X::next_flat(flats, blocks.len() * FOLD_BLOCK);
                let rows = X::flat_rows(flats, 0, W, along::<W>(FOLD_BLOCK));
                (self.reduce)(&rows, Plan::along(FOLD_BLOCK / W, true), blocks);
            }
            merge_all(self.sums[place], combine)
        };
        tree(0, len, leaf, &Combine { lift: |value: T| value, combine })
    }

    /// The next `len` values, at most [`FOLD_BLOCK`].
    fn of_block<D: Dimension>(&mut self, len: usize, flats: &mut X::Flats<'_, D, N, W>) -> T {
        let (mut sums, mut tail) = ([[self.any; W]], [[self.any; W]]);
        for at in (0..len).step_by(N) {
            X::next_flat(flats, N.min(len - at));
            let chunks = N.min(len - at) / W;
            if chunks > 0 {
                let rows = X::flat_rows(flats, 0, W, along::<W>(0));
                (self.reduce)(&rows, Plan::along(chunks, at == 0), &mut sums);
            }
        }
        let [sums] = &mut sums;
        let left = len % W;
        if left > 0 {
            X::cut_tail(flats, len % N / W * W);
            (self.reduce)(&X::tail(flats), Plan::VALUES, &mut tail);
            let tail = &tail[0][..left];
            if len < W {
                return of_few(tail, self.combine);
            }
            add(sums, tail, self.combine);
        }
        merge_all(*sums, self.combine)
    }

    /// Lanes of `len` values, of which several fit into a tile.
    fn short_lanes<'o, B: 'o, D: Dimension>(
        &mut self,
        len: usize,
        flats: &mut X::Flats<'_, D, N, W>,
        mut results: impl ExactSizeIterator<Item = &'o mut B>,
        write: &mut dyn FnMut(&mut B, T),
    ) {
        let mut tile = [[self.any; W]; FUSED_TILE / LANES];
        while results.len() > 0 {
            let lanes = (N / len).min(results.len());
            let values = self.values(lanes * len, flats, &mut tile);
            for (lane, result) in values.chunks_exact(len).zip(results.by_ref()) {
                write(result, of_short(lane, self.combine));
            }
        }
    }

    /// Lanes of `len` values, from `W` to [`FOLD_BLOCK`], some at once. What is left of each behind whole chunks is the end
    /// of its last `W` elements. Leaves the last lanes, if they are too few.
    fn some_lanes<'o, B: 'o, D: Dimension>(
        &mut self,
        len: usize,
        flats: &mut X::Flats<'_, D, N, W>,
        results: &mut impl ExactSizeIterator<Item = &'o mut B>,
        write: &mut dyn FnMut(&mut B, T),
    ) {
        let (sums, mut tails) = (&mut self.sums, [[self.any; W]; FUSED_BLOCKS]);
        let (chunks, tail) = (len / W, len % W);
        let lanes = if X::are_whole(flats) { FUSED_BLOCKS } else { N / len };
        if lanes < 2 {
            return;
        }
        while results.len() >= lanes {
            X::next_flat(flats, lanes * len);
            let rows = X::flat_rows(flats, 0, W, along::<W>(len));
            (self.reduce)(&rows, Plan::along(chunks, true), &mut sums[..lanes]);
            if tail > 0 {
                let steps = Steps { place: len, chunk: 0 };
                let rows = X::flat_rows(flats, len - W, 0, steps);
                (self.reduce)(&rows, Plan::VALUES, &mut tails[..lanes]);
            }
            let lanes = sums[..lanes].iter_mut().zip(&tails).zip(results.by_ref());
            for ((sums, tails), result) in lanes {
                add(sums, &tails[W - tail..], self.combine);
                write(result, merge_all(*sums, self.combine));
            }
        }
    }

    /// The next `len` values, not combined.
    pub(super) fn values<'t, D: Dimension>(
        &mut self,
        len: usize,
        flats: &mut X::Flats<'_, D, N, W>,
        tile: &'t mut [[T; W]],
    ) -> &'t [T] {
        X::next_flat(flats, len);
        let chunks = len / W;
        let rows = X::flat_rows(flats, 0, 0, apart::<W>());
        (self.reduce)(&rows, Plan::VALUES, &mut tile[..chunks]);
        if !len.is_multiple_of(W) {
            X::cut_tail(flats, chunks * W);
            (self.reduce)(&X::tail(flats), Plan::VALUES, &mut tile[chunks..=chunks]);
        }
        &tile.as_flattened()[..len]
    }
}

/// Makes the [`Reduction`] of a formula for `$work`, with arrays for many elements where these are small. (One of the two
/// is compiled.)
macro_rules! reduction {
    ($I:ident, $T:ty, $simd:expr, $formula:expr, $combine:expr, $any:expr, |$it:ident| $work:expr) => {{
        use $crate::kernel::engine::tuning::{FUSED_TILE, LANES};
        use $crate::kernel::fused::reduce::{Reduction, are_small};
        use $crate::kernel::fused::with_reduce;

        if const { are_small::<$I::Inputs, $T>() } {
            with_reduce::<$I, _, _, _, _, _, LANES>($simd, $formula, $combine, |reduce| {
                let $it = Reduction::<_, _, _, FUSED_TILE, LANES>::new(reduce, $combine, $any);
                $work
            })
        } else {
            with_reduce::<$I, _, _, _, _, _, 1>($simd, $formula, $combine, |reduce| {
                let $it = Reduction::<_, _, _, 1, 1>::new(reduce, $combine, $any);
                $work
            })
        }
    }};
}

pub(super) use reduction;

/// Whether inputs and values are small enough for arrays of many on the stack.
pub(super) const fn are_small<X: Inputs, T>() -> bool {
    X::LARGEST_BYTES <= MAX_BUFFERED_ELEMENT_BYTES && size_of::<T>() <= MAX_BUFFERED_ELEMENT_BYTES
}

impl Plan {
    /// Chunks that are not combined.
    pub(super) const VALUES: Plan = Plan { rows: 1, chunks: 1, last: usize::MAX, fresh: true };

    /// Chunk after chunk of a block.
    fn along(chunks: usize, fresh: bool) -> Self {
        Plan { rows: FUSED_ROWS, chunks, last: usize::MAX, fresh }
    }
}

/// The steps to read blocks that begin `place` elements apart, if each row has one of [`FUSED_ROWS`] chunks.
fn along<const W: usize>(place: usize) -> Steps {
    Steps { place, chunk: FUSED_ROWS * W }
}

/// The steps to read chunks of columns.
pub(super) fn apart<const W: usize>() -> Steps {
    Steps { place: W, chunk: 0 }
}

/// Combines each late value into the early one at its place.
pub(super) fn add<T: Copy>(early: &mut [T], late: &[T], combine: impl Fn(T, T) -> T) {
    early.iter_mut().zip(late).for_each(|(early, &late)| *early = combine(*early, late));
}

/// Combines the values of a short lane.
fn of_short<T: Copy>(values: &[T], combine: impl Fn(T, T) -> T) -> T {
    let (chunks, tail) = values.as_chunks::<4>();
    let Some((first, others)) = chunks.split_first() else { return of_few(tail, combine) };
    let mut sums = *first;
    others.iter().for_each(|chunk| add(&mut sums, chunk, &combine));
    add(&mut sums, tail, &combine);
    merge_all(sums, combine)
}

/// Combines some values, one after another.
fn of_few<T: Copy>(values: &[T], combine: impl Fn(T, T) -> T) -> T {
    values.iter().copied().reduce(combine).expect("lanes have elements")
}

/// Aligns inputs, of which the first decides; returns the axis of the lanes and the number of elements. `None` if they
/// have no elements.
fn aligned<X: Inputs, D: Dimension>(ins: &mut X::Views<'_, D>) -> Option<(Axis, usize)> {
    let count = X::first(ins)?.lens().iter().product();
    (count > 0).then(|| (align(&mut All::<X, D>(ins)), count))
}

struct All<'v, 'a, X: Inputs, D: Dimension>(&'v mut X::Views<'a, D>);

impl<X: Inputs, D: Dimension> Operands for All<'_, '_, X, D> {
    fn first(&self) -> &dyn Axes {
        X::first(self.0).expect("there is an input")
    }

    fn each(&self, see: &mut dyn FnMut(&dyn Axes)) {
        X::each(self.0, see);
    }

    fn each_mut(&mut self, change: &mut dyn FnMut(&mut dyn Axes)) {
        X::each_mut(self.0, change);
    }
}

/// All axes of the inputs but the first, and those of the output, for [`align`](axes::align).
struct BehindFirst<'v, 'a, X: Inputs, D: Dimension> {
    ins: &'v mut X::Views<'a, D>,
    out: &'v mut dyn Axes,
}

impl<X: Inputs, D: Dimension> Axes for BehindFirst<'_, '_, X, D> {
    fn lens(&self) -> &[usize] {
        self.out.lens()
    }

    fn steps(&self) -> &[isize] {
        &X::first(self.ins).expect("there is an input").steps()[1..]
    }

    fn invert(&mut self, axis: usize) {
        X::each_mut(self.ins, &mut |view| view.invert(axis + 1));
        self.out.invert(axis);
    }

    fn swap(&mut self, a: usize, b: usize) {
        X::each_mut(self.ins, &mut |view| view.swap(a + 1, b + 1));
        self.out.swap(a, b);
    }

    fn merge(&mut self, take: usize, into: usize) {
        X::each_mut(self.ins, &mut |view| view.merge(take + 1, into + 1));
        self.out.merge(take, into);
    }

    fn may_merge(&self, take: usize, into: usize) -> bool {
        let mut all = self.out.can_merge(take, into);
        X::each(self.ins, &mut |view| all = all && view.can_merge(take + 1, into + 1));
        all
    }
}

/// Moves the first axis of each input to `place`.
fn first_to<X, D>(ins: &mut X::Views<'_, D>, place: usize)
where
    X: Inputs,
    D: Dimension,
{
    X::each_mut(ins, &mut |view| (0..place).for_each(|at| view.swap(at, at + 1)));
}
