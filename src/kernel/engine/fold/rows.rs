//! The walk across lanes: rows of memory that become one row of states.
//!
//! ```text
//! for each tile of columns:
//!     for every READS.rows rows:
//!         add them to accumulators (LANES columns each), READS.group rows at a time
//!         turn the accumulators into states
//!         merge these into the tree
//! ```
//!
//! The tree merges [`FOLD_BRANCHES`] states one after another, then as many of their results, and so on, so that
//! rounding errors grow with the logarithm of the number of rows. Rows are read as far as a tile is wide, in the order
//! of memory, which the hardware prefetcher follows.

use std::ops::Range as Numbers;

use ndarray::{ArrayViewMut, ArrayViewMut1, Axis, Dimension, Slice as Range};

use crate::kernel::engine::fold::columns::{Columns, column_of};
use crate::kernel::engine::fold::contract::{Fold, PerLane};
use crate::kernel::engine::fold::finish::{Finish, see_all};
use crate::kernel::engine::fold::line::Line;
use crate::kernel::engine::tuning::{
    FEW_TILE_ROWS, FOLD_BRANCHES, GATHERED_ROW, LANES, TILE_COLUMNS, TILE_COLUMNS_OF_FEW_ROWS,
    TILE_STACK_BYTES,
};

/// Calls `f` with the range of columns of each tile, at most `most` wide, and its part of `out`.
pub(crate) fn in_tiles<B, D: Dimension>(
    out: &mut ArrayViewMut<'_, B, D>,
    along: Axis,
    most: usize,
    mut f: impl FnMut(Range, ArrayViewMut<'_, B, D>),
) {
    let mut start = 0;
    for part in out.axis_chunks_iter_mut(along, most) {
        let width = part.len_of(along);
        f((start..start + width).into(), part);
        start += width;
    }
}

/// The most columns of a tile: their states on all levels of the tree have to fit on the stack, and so have the copies
/// of rows that are not contiguous.
pub(crate) fn columns_of<A: Copy, F: Fold<A>>(rows: usize, are_slices: bool) -> usize {
    if !are_slices {
        return GATHERED_ROW;
    }
    let most = TILE_STACK_BYTES / size_of::<F::States>().max(1);
    let sizes = [2048, 1024, 512, 64, 16]; // as `of_rows` has them
    let in_a_tile = sizes.into_iter().find(|&size| size <= most).unwrap_or(4);
    let widest = if rows <= FEW_TILE_ROWS { TILE_COLUMNS_OF_FEW_ROWS } else { TILE_COLUMNS };
    (in_a_tile / levels::<A, F>(rows) * LANES).clamp(LANES, widest)
}

/// How many states of a column are held at once: one on each level of the tree.
fn levels<A: Copy, F: Fold<A>>(rows: usize) -> usize {
    let mut levels = 1;
    let mut below = F::READS.rows.saturating_mul(FOLD_BRANCHES);
    while below < rows {
        below = below.saturating_mul(FOLD_BRANCHES);
        levels += 1;
    }
    levels
}

/// Folds the next rows, which have these numbers, into a lane of `out` that runs along them (across the lanes of the
/// input). `any` is any element.
pub(crate) fn of_rows<A, B, F>(
    rows: &mut dyn Lines<A, F>,
    numbers: Numbers<usize>,
    any: A,
    out: ArrayViewMut1<'_, B>,
    fold: &F,
    finish: &impl Finish<F::State, B>,
) where
    A: Copy,
    F: Fold<A>,
{
    match out.len().div_ceil(LANES) * levels::<A, F>(numbers.len()) {
        0..=4 => tile::<4, 4, _, _, _>(rows, numbers, any, out, fold, finish),
        5..=16 => tile::<16, 16, _, _, _>(rows, numbers, any, out, fold, finish),
        17..=64 => tile::<64, 64, _, _, _>(rows, numbers, any, out, fold, finish),
        65..=512 => tile::<512, 256, _, _, _>(rows, numbers, any, out, fold, finish),
        513..=1024 => tile::<1024, 256, _, _, _>(rows, numbers, any, out, fold, finish),
        _ => tile::<2048, 256, _, _, _>(rows, numbers, any, out, fold, finish),
    }
}

/// [`of_rows`] with room for `N` times [`LANES`] states and for `M` accumulators. (A function for each `N`, so that small
/// tiles take little of the stack.)
#[inline(never)]
fn tile<const N: usize, const M: usize, A, B, F>(
    rows: &mut dyn Lines<A, F>,
    numbers: Numbers<usize>,
    any: A,
    mut out: ArrayViewMut1<'_, B>,
    fold: &F,
    finish: &impl Finish<F::State, B>,
) where
    A: Copy,
    F: Fold<A>,
{
    let mut accumulators = [fold.accumulator(any); M];
    let mut states = [F::States::all(fold.state(&accumulators[0], 0, 1)); N];
    let width = out.len().max(LANES);
    let accumulators = &mut accumulators[..width.div_ceil(LANES)];
    RowTree { rows, fold }.fold(numbers.start, numbers.len(), accumulators, &mut states, true);
    for (place, mut out) in out.axis_chunks_iter_mut(Axis(0), LANES).enumerate() {
        if let Some(Ok(out)) = out.as_slice_mut().map(<&mut [B; LANES]>::try_from) {
            let states = states[place];
            *out = std::array::from_fn(|lane| finish.value(states.get(lane)));
            continue;
        }
        let seen = place * LANES - column_of(place, width);
        for (column, out) in out.into_iter().enumerate() {
            *out = finish.value(states[place].get(seen + column));
        }
    }
    see_all(finish, &out);
}

/// The tree that merges rows into one row of states.
///
/// Sides are passed as an argument and are not a field: as a field they would be reloaded after every store to the
/// tile.
struct RowTree<'a, A: Copy, F: Fold<A>> {
    rows: &'a mut dyn Lines<A, F>,
    fold: &'a F,
}

impl<A: Copy, F: Fold<A>> RowTree<'_, A, F> {
    /// Writes the states of the next `count` rows, from number `at` on, to the beginning of `states`, or merges them
    /// into those if they are not `fresh`. The rest of `states` is scratch for the levels below.
    fn fold(
        &mut self,
        at: usize,
        count: usize,
        accumulators: &mut [F::Accumulators],
        states: &mut [F::States],
        fresh: bool,
    ) {
        if count <= F::READS.rows {
            self.read(at, count, accumulators);
            return self.merge_all(count, accumulators, states, fresh);
        }
        if !fresh {
            let (states, behind) = states.split_at_mut(accumulators.len());
            self.fold(at, count, accumulators, behind, true);
            for (early, late) in states.iter_mut().zip(behind) {
                early.update(|lane, early| self.fold.merge(early, late.get(lane)));
            }
            return;
        }
        let mut branch = F::READS.rows;
        while branch * FOLD_BRANCHES < count {
            branch *= FOLD_BRANCHES;
        }
        for done in (0..count).step_by(branch) {
            self.fold(at + done, branch.min(count - done), accumulators, states, done == 0);
        }
    }

    /// Adds the next rows to the accumulators.
    fn read(&mut self, at: usize, count: usize, accumulators: &mut [F::Accumulators]) {
        let fold = self.fold;
        let mut done = 0;
        while done < count {
            let columns =
                Columns { fold, at: at + done, fresh: done == 0, accumulators: &mut *accumulators };
            const { assert!(F::READS.group == 4 || F::READS.group == 8) };
            if count - done >= F::READS.group {
                self.rows.add_group(columns);
                done += F::READS.group;
            } else {
                self.rows.add_one(columns);
                done += 1;
            }
        }
    }

    /// Turns the accumulators, to which `count` rows were added, into states, and writes these to `states` or merges them
    /// into it.
    fn merge_all(
        &self,
        count: usize,
        accumulators: &[F::Accumulators],
        states: &mut [F::States],
        fresh: bool,
    ) {
        for (states, accumulator) in states.iter_mut().zip(accumulators) {
            let late = |lane| self.fold.state(accumulator, lane, count);
            match fresh {
                true => states.update(|lane, _| late(lane)),
                false => states.update(|lane, early| self.fold.merge(early, late(lane))),
            }
        }
    }
}

/// Rows one below the other, consumed from the first to the last: any iterator of [`Line`]s.
///
/// It is used as `dyn Lines`, so that the walk across rows is compiled once for each reduction and not for each layout.
pub(crate) trait Lines<A: Copy, F: Fold<A>> {
    /// Adds the next row to the columns.
    fn add_one(&mut self, columns: Columns<'_, F, F::Accumulators>);

    /// Adds the next rows, a group of [`Fold::READS`], to the columns.
    fn add_group(&mut self, columns: Columns<'_, F, F::Accumulators>);
}

impl<A, I, L, F> Lines<A, F> for I
where
    A: Copy,
    I: Iterator<Item = L>,
    L: Line<Element = A>,
    F: Fold<A>,
{
    fn add_one(&mut self, columns: Columns<'_, F, F::Accumulators>) {
        L::add::<F, 1>(std::array::from_fn(|_| next(self)), columns);
    }

    fn add_group(&mut self, columns: Columns<'_, F, F::Accumulators>) {
        match F::READS.group {
            8 => L::add::<F, 8>(std::array::from_fn(|_| next(self)), columns),
            _ => L::add::<F, 4>(std::array::from_fn(|_| next(self)), columns),
        }
    }
}

#[inline(always)]
fn next<L>(lines: &mut impl Iterator<Item = L>) -> L {
    lines.next().expect("there are rows for each lane of `out`")
}
