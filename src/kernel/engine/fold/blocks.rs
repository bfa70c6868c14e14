//! Reductions across the rows of matrices with few columns: the rows are cut into a few blocks, which are folded side by
//! side.
//!
//! The overhead of a row, which does not depend on its length, would dominate otherwise. So the matrix is folded as one
//! of fewer, longer rows:
//!
//! ```text
//! cut the rows into b blocks of equal length
//! fold row k of every block, one behind the other, as row k of one matrix (module `tile`)
//! merge the states of the blocks in a tree
//! fold the remaining rows by themselves, and merge their states
//! ```
//!
//! Within a block rows stay in the order of memory, so that large numbers that cancel from row to row still do. The
//! number of blocks depends on the shape and on the order of the axes in memory alone, and everything is copied, so
//! results have the same bits for strided and for contiguous memory.

use std::ops::Range;

use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::source::Source;
use crate::kernel::engine::fold::tile::fold_tiles;
use crate::kernel::engine::tuning::{
    LANES, MAX_TILE_ELEMENT_BYTES, NARROW_CACHED_LEN, NARROW_COLUMNS, NARROW_COLUMNS_FROM_MEMORY,
    NARROW_LEN_PER_COLUMN,
};

/// The most elements that one row of each block makes together.
const MOST: usize = NARROW_COLUMNS + LANES;

/// Into how many blocks `rows` rows of `columns` columns are cut, if that pays. `inside` is how many columns lie within
/// one step from row to row.
pub(crate) fn blocks_of<A: Copy, F: Fold<A>>(
    rows: usize,
    inside: usize,
    columns: usize,
) -> Option<usize> {
    let are_few = inside < LANES && columns <= inside;
    if !are_few || size_of::<A>() > MAX_TILE_ELEMENT_BYTES || !F::IS_ANYWHERE {
        return None;
    }
    let most =
        if rows * inside > NARROW_CACHED_LEN { NARROW_COLUMNS_FROM_MEMORY } else { NARROW_COLUMNS };
    let enough = (rows * inside / NARROW_LEN_PER_COLUMN).clamp(LANES, most);
    let blocks = enough.div_ceil(inside);
    (blocks > 1 && rows >= 2 * blocks).then_some(blocks)
}

/// Folds each of the few columns, in `blocks` blocks of rows, and calls `take` with the number of each column and its
/// state.
#[inline(never)]
pub(crate) fn fold_blocks<S: Source, F: Fold<S::Element>>(
    source: S,
    rows: usize,
    blocks: usize,
    fold: &F,
    take: &mut dyn FnMut(usize, F::State),
) {
    let (columns, len) = (source.width(), rows / blocks);
    let mut states = [fold.state(&fold.accumulator(source.sample()), 0, 1); MOST];
    let (cut, side_by_side) = (source.cut(blocks, len), blocks * columns);
    states_of(cut, 0..len, &mut states[..side_by_side], fold);
    for (block, states) in states[..side_by_side].chunks_exact_mut(columns).enumerate() {
        states.iter_mut().for_each(|state| *state = fold.behind(*state, block * len));
    }
    let mut left = blocks;
    while left > 1 {
        for at in 0..left / 2 * columns {
            let early = at / columns * columns + at;
            states[at] = fold.merge(states[early], states[early + columns]);
        }
        if left % 2 == 1 {
            states.copy_within((left - 1) * columns..left * columns, left / 2 * columns);
        }
        left = left.div_ceil(2);
    }
    if blocks * len < rows {
        let (states, behind) = states.split_at_mut(columns);
        states_of(source.cut(1, rows), blocks * len..rows, &mut behind[..columns], fold);
        let pairs = states.iter_mut().zip(behind);
        pairs.for_each(|(early, late)| *early = fold.merge(*early, *late));
    }
    states[..columns].iter().enumerate().for_each(|(column, state)| take(column, *state));
}

/// Writes the states of these rows.
fn states_of<S: Source, F: Fold<S::Element>>(
    source: S,
    rows: Range<usize>,
    states: &mut [F::State],
    fold: &F,
) {
    fold_tiles(source, rows, true, fold, &mut |tile, columns| {
        let states = states[columns].iter_mut().enumerate();
        states.for_each(|(column, state)| *state = tile.state(column));
    });
}
