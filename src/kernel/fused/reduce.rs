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
use crate::kernel::engine::cpu::dispatch::{OutputLoop, Simd, run_on_output};
use crate::kernel::engine::fold::kinds::combine::{Combine, merge_all};
use crate::kernel::engine::fold::tree::tree;
use crate::kernel::engine::tuning::{
    FOLD_BLOCK, FUSED_BLOCKS, FUSED_PANEL, FUSED_TILE, LANES, MAX_BUFFERED_ELEMENT_BYTES,
    SHORT_LINE,
};
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::order::{Operands, align};

/// What one call of the loop computes, of some [`Rows`](crate::kernel::fused::chunks::Rows).
///
/// ```text
/// for each array of accumulators:
///     for each row:
///         for each chunk of it, one behind another: combine it into the accumulators
/// ```
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How many rows there are.
    pub(super) rows: usize,
    /// How many chunks of each row an array of accumulators takes.
    pub(super) chunks: usize,
    /// Where the first begins at the latest.
    pub(super) last: usize,
    /// Whether accumulators begin with their first chunk, whatever they are.
    pub(super) fresh: bool,
    /// Whether chunks are combined. If not, there is one row, and each chunk goes to a place of its own.
    pub(super) combines: bool,
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
    T: Copy + 'static,
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

    /// Combines the values of each lane along `axis`, which has elements, and finishes its place in `out`.
    pub(super) fn along_axis<D: RemoveAxis>(
        mut self,
        mut ins: X::Views<'_, D>,
        axis: Axis,
        mut out: ArrayViewMut<'_, T, D::Smaller>,
        finish: &mut impl Finish<T>,
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
            if W > 1 && len < SHORT_LINE {
                return match out.as_slice_mut() {
                    Some(out) => self.short_lanes::<D>(len, &mut flats, out.iter_mut(), finish),
                    None => self.short_lanes::<D>(len, &mut flats, out.iter_mut(), finish),
                };
            }
            let mut results = out.iter_mut();
            if (W..=FOLD_BLOCK).contains(&len) {
                self.some_lanes::<D>(len, &mut flats, &mut results, finish);
            }
            for result in results {
                finish.finish(result, self.of_next(len, &mut flats));
            }
            return;
        }
        first_to::<X, D>(&mut ins, along.index());
        let across = Axis(along.index() + 1);
        if W > 1 && out.len_of(along) <= 2 * W {
            let mut flats = X::flats::<D, N, W>(&ins, across);
            for out in out.lanes_mut(along) {
                let sums = self.few_columns(len, out.len(), &mut flats);
                out.into_iter()
                    .zip(sums.as_flattened())
                    .for_each(|(out, &sum)| finish.finish(out, sum));
            }
        } else if out.len_of(along) <= 4 * W {
            self.across_rows::<D, 4>(&ins, across, out, finish);
        } else {
            self.across_rows::<D, { FUSED_PANEL / LANES }>(&ins, across, out, finish);
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
                let rows = X::flat_rows(flats, 0, 0, FOLD_BLOCK);
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
                let rows = X::flat_rows(flats, 0, 0, 0);
                (self.reduce)(&rows, Plan::along(chunks, at == 0), &mut sums);
            }
        }
        let [sums] = &mut sums;
        let left = len % W;
        if left > 0 {
            X::cut_tail(flats, len % N / W * W);
            (self.reduce)(&X::tail(flats), Plan::values(1), &mut tail);
            let tail = &tail[0][..left];
            if len < W {
                return of_few(tail, self.combine);
            }
            add(sums, tail, self.combine);
        }
        merge_all(*sums, self.combine)
    }

    /// Lanes of `len` values, of which several fit into a tile.
    fn short_lanes<'o, D: Dimension>(
        &mut self,
        len: usize,
        flats: &mut X::Flats<'_, D, N, W>,
        mut results: impl ExactSizeIterator<Item = &'o mut T>,
        finish: &mut impl Finish<T>,
    ) {
        let mut tile = [[self.any; W]; FUSED_TILE / LANES];
        // Whole chunks of lanes of any length, if there is room.
        let most = if N / len < W { N / len } else { N / len / W * W };
        while results.len() > 0 {
            let lanes = most.min(results.len());
            let values = self.values(lanes * len, flats, &mut tile);
            run_on_output(ShortLanes { len, combine: self.combine }, values);
            for (&combined, result) in values[..lanes].iter().zip(results.by_ref()) {
                finish.finish(result, combined);
            }
        }
    }

    /// Lanes of `len` values, from `W` to [`FOLD_BLOCK`], some at once. What is left of each behind whole chunks is the end
    /// of its last `W` elements. Leaves the last lanes, if they are too few.
    fn some_lanes<'o, D: Dimension>(
        &mut self,
        len: usize,
        flats: &mut X::Flats<'_, D, N, W>,
        results: &mut impl ExactSizeIterator<Item = &'o mut T>,
        finish: &mut impl Finish<T>,
    ) {
        let (sums, mut tails) = (&mut self.sums, [[self.any; W]; FUSED_BLOCKS]);
        let (chunks, tail) = (len / W, len % W);
        let lanes = if X::are_whole(flats) { FUSED_BLOCKS } else { (N / len).min(FUSED_BLOCKS) };
        if lanes < 2 {
            return;
        }
        while results.len() >= lanes {
            X::next_flat(flats, lanes * len);
            let rows = X::flat_rows(flats, 0, 0, len);
            (self.reduce)(&rows, Plan::along(chunks, true), &mut sums[..lanes]);
            if tail > 0 {
                let rows = X::flat_rows(flats, len - W, 0, len);
                (self.reduce)(&rows, Plan::along(1, true), &mut tails[..lanes]);
            }
            let lanes = sums[..lanes].iter_mut().zip(&tails).zip(results.by_ref());
            for ((sums, tails), result) in lanes {
                add(sums, &tails[W - tail..], self.combine);
                finish.finish(result, merge_all(*sums, self.combine));
            }
        }
    }

    /// The next `len` values, not combined.
    pub(super) fn values<'t, D: Dimension>(
        &mut self,
        len: usize,
        flats: &mut X::Flats<'_, D, N, W>,
        tile: &'t mut [[T; W]],
    ) -> &'t mut [T] {
        X::next_flat(flats, len);
        let chunks = len / W;
        let rows = X::flat_rows(flats, 0, 0, W);
        (self.reduce)(&rows, Plan::values(chunks), &mut tile[..chunks]);
        if !len.is_multiple_of(W) {
            X::cut_tail(flats, chunks * W);
            (self.reduce)(&X::tail(flats), Plan::values(1), &mut tile[chunks..=chunks]);
        }
        &mut tile.as_flattened_mut()[..len]
    }
}

/// What becomes of the combined values of a lane.
pub(super) trait Finish<T> {
    /// Makes a result of them.
    fn finish(&mut self, out: &mut T, combined: T);
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
    fn values(chunks: usize) -> Self {
        Plan { rows: 1, chunks, last: usize::MAX, fresh: true, combines: false }
    }

    /// Chunk after chunk of a block.
    fn along(chunks: usize, fresh: bool) -> Self {
        Plan { rows: 1, chunks, last: usize::MAX, fresh, combines: true }
    }
}

/// Combines each late value into the early one at its place.
#[inline(always)]
pub(super) fn add<T: Copy>(early: &mut [T], late: &[T], combine: impl Fn(T, T) -> T) {
    early.iter_mut().zip(late).for_each(|(early, &late)| *early = combine(*early, late));
}

/// The loop over short lanes, one behind another: moves what each makes to the front.
struct ShortLanes<C> {
    len: usize,
    combine: C,
}

impl<T: Copy, C: Fn(T, T) -> T> OutputLoop<T, (), (), ()> for ShortLanes<C> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, values: &mut [T], _: &mut [()], _: &mut [()], _: &mut [()]) {
        match self.len {
            ..8 => self.combine::<4, _>(values),
            8.. => self.combine::<8, _>(values),
        }
    }
}

impl<C> ShortLanes<C> {
    #[inline(always)]
    fn combine<const P: usize, T: Copy>(self, values: &mut [T])
    where
        C: Fn(T, T) -> T,
    {
        for lane in 0..values.len() / self.len {
            values[lane] = of_short::<P, _>(&values[lane * self.len..][..self.len], &self.combine);
        }
    }
}

/// Combines the values of a short lane, `P` at a time.
#[inline(always)]
fn of_short<const P: usize, T: Copy>(values: &[T], combine: impl Fn(T, T) -> T) -> T {
    let (chunks, tail) = values.as_chunks::<P>();
    let Some((first, others)) = chunks.split_first() else { return of_few(tail, combine) };
    let mut sums = *first;
    others.iter().for_each(|chunk| add(&mut sums, chunk, &combine));
    for (i, &value) in tail.iter().enumerate() {
        sums[i] = combine(sums[i], value);
    }
    merge_all(sums, combine)
}

/// Combines some values, one after another.
#[inline(always)]
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
