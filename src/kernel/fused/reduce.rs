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

use ndarray::{ArrayViewMut, ArrayViewMut1, Axis, Dimension};

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
use crate::kernel::fused::values::{Flat, RowsOf, Values};

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

/// A reduction by `combine`.
pub(super) struct Reduction<T, C, const N: usize, const W: usize> {
    pub(super) combine: C,
    /// Any value, for accumulators.
    pub(super) any: T,
    /// The accumulators of some blocks or lanes.
    sums: [[T; W]; FUSED_BLOCKS],
}

impl<T, C, const N: usize, const W: usize> Reduction<T, C, N, W>
where
    T: Copy + 'static,
    C: Fn(T, T) -> T + Copy,
{
    /// The reduction by `combine`. Any value serves to fill accumulators.
    fn new(combine: C, any: T) -> Self {
        Reduction { combine, any, sums: [[any; W]; FUSED_BLOCKS] }
    }

    /// Combines all values. `None` if there are none.
    #[inline(never)]
    pub(super) fn of_all(values: &mut dyn Values<T, W>, combine: C, any: T) -> Option<T> {
        let (along, count) = aligned(values)?;
        let mut combined = None;
        values.flat(along, &mut |flat| {
            combined = Some(Self::new(combine, any).of_next(count, flat));
        });
        combined
    }

    /// Combines the values block by block until one block becomes `end`, and returns whether one did.
    #[inline(never)]
    pub(super) fn find(values: &mut dyn Values<T, W>, combine: C, end: T) -> bool
    where
        T: PartialEq,
    {
        let Some((along, count)) = aligned(values) else { return false };
        let mut found = false;
        values.flat(along, &mut |flat| {
            let this = Self::new(combine, end);
            let mut blocks = (0..count).step_by(FOLD_BLOCK).map(|at| FOLD_BLOCK.min(count - at));
            found = blocks.any(|len| this.of_block(len, flat) == end);
        });
        found
    }

    /// Combines the values of each lane along `axis`, which has elements, and finishes its place in `out`.
    #[inline(never)]
    pub(super) fn along_axis<D: Dimension>(
        values: &mut dyn Values<T, W>,
        axis: Axis,
        mut out: ArrayViewMut<'_, T, D>,
        finish: &mut impl Finish<T>,
        combine: C,
        any: T,
    ) {
        if out.is_empty() {
            return;
        }
        values.each_mut(&mut |view| {
            (0..axis.index()).rev().for_each(|place| view.swap(place, place + 1));
        });
        let along = axes::align(&mut [&mut BehindFirst { ins: values, out: &mut out }]);
        let first = values.first();
        let (ndim, len) = (first.lens().len(), first.lens()[0]);
        if lanes_are_narrow(first, along) {
            first_to(values, ndim - 1);
            return values.flat(Axis(ndim - 1), &mut |flat| {
                Self::new(combine, any).each_lane(len, flat, out.view_mut(), finish);
            });
        }
        first_to(values, along.index());
        let (across, columns) = (Axis(along.index() + 1), out.len_of(along));
        if W > 1 && columns <= 2 * W {
            values.flat(across, &mut |flat| {
                for out in out.lanes_mut(along) {
                    let sums = Self::few_columns(combine, any, len, columns, flat);
                    finish_all(out, sums.as_flattened(), finish);
                }
            });
        } else if columns <= 4 * W {
            Self::across_rows::<D, 4>(values, across, out, finish, combine, any);
        } else {
            Self::across_rows::<D, { FUSED_PANEL / LANES }>(
                values, across, out, finish, combine, any,
            );
        }
    }

    /// Lanes of `len` values, one behind another.
    fn each_lane<D: Dimension>(
        &mut self,
        len: usize,
        flat: &mut dyn Flat<T, W>,
        mut out: ArrayViewMut<'_, T, D>,
        finish: &mut impl Finish<T>,
    ) {
        if W > 1 && len < SHORT_LINE {
            return match out.as_slice_mut() {
                Some(out) => self.short_lanes(len, flat, out.iter_mut(), finish),
                None => self.short_lanes(len, flat, out.iter_mut(), finish),
            };
        }
        let mut results = out.iter_mut();
        if (W..=FOLD_BLOCK).contains(&len) {
            self.some_lanes(len, flat, &mut results, finish);
        }
        for result in results {
            finish.finish(result, self.of_next(len, flat));
        }
    }

    /// The next `len` values.
    fn of_next(&mut self, len: usize, flat: &mut dyn Flat<T, W>) -> T {
        if len <= FOLD_BLOCK {
            return self.of_block(len, flat);
        }
        let (combine, are_whole) = (self.combine, flat.are_whole());
        let leaf: &mut dyn FnMut(usize, usize) -> T = &mut |at, count| {
            let (place, left) = (at / FOLD_BLOCK % FUSED_BLOCKS, (len - at) / FOLD_BLOCK);
            if !are_whole || left == 0 {
                return self.of_block(count, flat);
            }
            // All operands are slices, so the loop computes several blocks.
            if place == 0 {
                let blocks = &mut self.sums[..FUSED_BLOCKS.min(left)];
                flat.next(blocks.len() * FOLD_BLOCK);
                let rows = RowsOf { step: FOLD_BLOCK, ..RowsOf::default() };
                flat.reduce(rows, Plan::along(FOLD_BLOCK / W, true), blocks);
            }
            merge_all(self.sums[place], combine)
        };
        tree(0, len, leaf, &Combine { lift: |value: T| value, combine })
    }

    /// The next `len` values, at most [`FOLD_BLOCK`].
    fn of_block(&self, len: usize, flat: &mut dyn Flat<T, W>) -> T {
        let (mut sums, mut tail) = ([[self.any; W]], [[self.any; W]]);
        for at in (0..len).step_by(N) {
            flat.next(N.min(len - at));
            let chunks = N.min(len - at) / W;
            if chunks > 0 {
                flat.reduce(RowsOf::default(), Plan::along(chunks, at == 0), &mut sums);
            }
        }
        let [sums] = &mut sums;
        let left = len % W;
        if left > 0 {
            flat.tail(len % N / W * W, &mut tail);
            let tail = &tail[0][..left];
            if len < W {
                return of_few(tail, self.combine);
            }
            add(sums, tail, self.combine);
        }
        merge_all(*sums, self.combine)
    }

    /// Lanes of `len` values, of which several fit into a tile.
    fn short_lanes<'o>(
        &mut self,
        len: usize,
        flat: &mut dyn Flat<T, W>,
        mut results: impl ExactSizeIterator<Item = &'o mut T>,
        finish: &mut impl Finish<T>,
    ) {
        let mut tile = [[self.any; W]; FUSED_TILE / LANES];
        // Whole chunks of lanes of any length, if there is room.
        let most = if N / len < W { N / len } else { N / len / W * W };
        while results.len() > 0 {
            let lanes = most.min(results.len());
            let values = values(lanes * len, flat, &mut tile);
            run_on_output(ShortLanes { len, combine: self.combine }, values);
            for (&combined, result) in values[..lanes].iter().zip(results.by_ref()) {
                finish.finish(result, combined);
            }
        }
    }

    /// Lanes of `len` values, from `W` to [`FOLD_BLOCK`], some at once. What is left of each behind whole chunks is the end
    /// of its last `W` elements. Leaves the last lanes, if they are too few.
    fn some_lanes<'o>(
        &mut self,
        len: usize,
        flat: &mut dyn Flat<T, W>,
        results: &mut impl ExactSizeIterator<Item = &'o mut T>,
        finish: &mut impl Finish<T>,
    ) {
        let (sums, mut tails) = (&mut self.sums, [[self.any; W]; FUSED_BLOCKS]);
        let (chunks, tail) = (len / W, len % W);
        let lanes = if flat.are_whole() { FUSED_BLOCKS } else { (N / len).min(FUSED_BLOCKS) };
        if lanes < 2 {
            return;
        }
        while results.len() >= lanes {
            flat.next(lanes * len);
            let rows = RowsOf { from: 0, below: 0, step: len };
            flat.reduce(rows, Plan::along(chunks, true), &mut sums[..lanes]);
            if tail > 0 {
                let ends = RowsOf { from: len - W, ..rows };
                flat.reduce(ends, Plan::along(1, true), &mut tails[..lanes]);
            }
            let lanes = sums[..lanes].iter_mut().zip(&tails).zip(results.by_ref());
            for ((sums, tails), result) in lanes {
                add(sums, &tails[W - tail..], self.combine);
                finish.finish(result, merge_all(*sums, self.combine));
            }
        }
    }
}

/// The next `len` values, not combined.
pub(super) fn values<'t, T, const W: usize>(
    len: usize,
    flat: &mut dyn Flat<T, W>,
    tile: &'t mut [[T; W]],
) -> &'t mut [T] {
    flat.next(len);
    let chunks = len / W;
    let rows = RowsOf { step: W, ..RowsOf::default() };
    flat.reduce(rows, Plan::values(chunks), &mut tile[..chunks]);
    if !len.is_multiple_of(W) {
        flat.tail(chunks * W, &mut tile[chunks..=chunks]);
    }
    &mut tile.as_flattened_mut()[..len]
}

/// What becomes of the combined values of a lane.
pub(super) trait Finish<T> {
    /// Makes a result of them.
    fn finish(&mut self, out: &mut T, combined: T);
}

/// Finishes the places of `out` with these values.
#[inline]
pub(super) fn finish_all<T: Copy>(
    out: ArrayViewMut1<'_, T>,
    combined: &[T],
    finish: &mut impl Finish<T>,
) {
    out.into_iter().zip(combined).for_each(|(out, &combined)| finish.finish(out, combined));
}

/// Shows `$work` the [`Values`] of a formula, and a [`Reduction`] with arrays for many elements where these are small. (One
/// of the two is compiled.)
macro_rules! reduction {
    ($I:ident, $T:ty, $simd:expr, $formula:expr, $combine:expr, $ins:expr,
     |$it:ident: $Reduction:ident| $work:expr) => {{
        use $crate::kernel::engine::tuning::{FUSED_TILE, LANES};
        use $crate::kernel::fused::reduce::{Reduction, are_small};
        use $crate::kernel::fused::values::Formula;
        use $crate::kernel::fused::with_reduce;

        if const { are_small::<$I::Inputs, $T>() } {
            type $Reduction<T, C> = Reduction<T, C, FUSED_TILE, LANES>;
            with_reduce::<$I, _, _, _, _, _, LANES>($simd, $formula, $combine, |reduce| {
                let $it = &mut Formula::<_, _, $I::Dim, FUSED_TILE, LANES> { ins: $ins, reduce };
                $work
            })
        } else {
            type $Reduction<T, C> = Reduction<T, C, 1, 1>;
            with_reduce::<$I, _, _, _, _, _, 1>($simd, $formula, $combine, |reduce| {
                let $it = &mut Formula::<_, _, $I::Dim, 1, 1> { ins: $ins, reduce };
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
    pub(super) fn values(chunks: usize) -> Self {
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
fn aligned<T, const W: usize>(values: &mut dyn Values<T, W>) -> Option<(Axis, usize)> {
    let count = values.first().lens().iter().product();
    (count > 0).then(|| (align(values), count))
}

/// All axes of the inputs but the first, and those of the output, for [`align`](axes::align).
struct BehindFirst<'v> {
    ins: &'v mut dyn Operands,
    out: &'v mut dyn Axes,
}

impl Axes for BehindFirst<'_> {
    fn lens(&self) -> &[usize] {
        self.out.lens()
    }

    fn steps(&self) -> &[isize] {
        &self.ins.first().steps()[1..]
    }

    fn invert(&mut self, axis: usize) {
        self.ins.each_mut(&mut |view| view.invert(axis + 1));
        self.out.invert(axis);
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.ins.each_mut(&mut |view| view.swap(a + 1, b + 1));
        self.out.swap(a, b);
    }

    fn merge(&mut self, take: usize, into: usize) {
        self.ins.each_mut(&mut |view| view.merge(take + 1, into + 1));
        self.out.merge(take, into);
    }

    fn may_merge(&self, take: usize, into: usize) -> bool {
        let mut all = self.out.can_merge(take, into);
        self.ins.each(&mut |view| all = all && view.can_merge(take + 1, into + 1));
        all
    }
}

/// Moves the first axis of each input to `place`.
fn first_to(ins: &mut dyn Operands, place: usize) {
    ins.each_mut(&mut |view| (0..place).for_each(|at| view.swap(at, at + 1)));
}
