//! The walk across lanes: rows that become one row of states, tile by tile of columns.
//!
//! ```text
//! for each tile of columns:
//!     for every READS.rows rows:
//!         add them to accumulators (LANES columns each), READS.group rows at a time
//!         merge the accumulators, as states, into the tree
//!     write the results
//! ```
//!
//! The tree merges [`FOLD_BRANCHES`] states one after another, then as many of their results, and so on, so that
//! rounding errors grow with the logarithm of the number of rows. Its shape depends on that number alone.
//!
//! Rows are read as far as a tile is wide, in the order of memory, which the hardware prefetcher follows. Rows that are
//! not contiguous, and the transposed rows of many short lanes, are copied to the stack first, [`GATHERED_ROW`] columns
//! at a time.

use std::ops::Range;

use ndarray::{ArrayViewMut1, Axis};

use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd};
use crate::kernel::engine::fold::contract::{Fold, PerLane, column_of};
use crate::kernel::engine::fold::finish::Finish;
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::fold::source::Source;
use crate::kernel::engine::scratch::{capacity, with_scratch};
use crate::kernel::engine::tuning::{
    FOLD_BRANCHES, GATHERED_ROW, LANES, MAX_FOLD_LEVELS, MAX_ROWS_OF_NARROW_TILE, TILE_COLUMNS,
    TILE_STACK_BYTES,
};

/// Folds these rows of each column, and writes the result of each column to `out`.
pub(crate) fn fold_rows<S, B, F>(
    source: S,
    rows: Range<usize>,
    out: &mut ArrayViewMut1<'_, B>,
    fold: &F,
    finish: &impl Finish<F::State, B>,
) where
    S: Source,
    B: Copy,
    F: Fold<S::Element>,
{
    let is_slice = out.as_slice().is_some() && out.len() >= LANES;
    if let Some(out) = out.as_slice_mut().filter(|_| is_slice) {
        return fold_tiles(source, rows, false, fold, &mut |tile, columns| {
            let out = &mut out[columns];
            dispatch::run(Results { tile: &tile, finish }, &mut *out);
            finish.see(out);
        });
    }
    // Any element of the output initialises the results that are written to it.
    with_scratch(out.len().clamp(LANES, GATHERED_ROW), out[0], &mut |results| {
        fold_tiles(source, rows.clone(), true, fold, &mut |tile, columns| {
            let results = &mut results[..columns.len().max(LANES)];
            dispatch::run(Results { tile: &tile, finish }, &mut *results);
            finish.see(results);
            let mut out = out.slice_axis_mut(Axis(0), columns.into());
            out.iter_mut().zip(results).for_each(|(out, result)| *out = *result);
        });
    });
}

/// What is done with the states of a tile, which has this range of the columns.
type TakeTile<'t, A, F> = dyn for<'f> FnMut(Folded<'f, A, F>, Range<usize>) + 't;

/// Folds these rows of each column, and calls `take` with the states of each tile and the range of its columns. Tiles
/// are at most [`GATHERED_ROW`] columns wide if they have to be `narrow`.
#[inline(never)]
pub(crate) fn fold_tiles<S: Source, F: Fold<S::Element>>(
    source: S,
    rows: Range<usize>,
    narrow: bool,
    fold: &F,
    take: &mut TakeTile<'_, S::Element, F>,
) {
    let (width, levels) = (source.width(), levels::<S::Element, F>(rows.len()));
    let is_read_in_place = source.is_read_in_place(width);
    let group = if rows.len() < F::READS.group { 1 } else { F::READS.group };
    let copies = |columns: usize| {
        if is_read_in_place { 0 } else { group * columns.max(LANES) }
    };
    // The columns of a tile: as many as its memory has room for on the stack.
    let bytes = |columns: usize| {
        let accumulators = columns.div_ceil(LANES);
        let copied_bytes = size_of::<S::First>() + size_of::<S::Second>();
        capacity(accumulators).saturating_mul(size_of::<F::Accumulators>())
            + capacity(levels * accumulators).saturating_mul(size_of::<F::States>())
            + capacity(copies(columns)).saturating_mul(copied_bytes)
    };
    let mut most = match is_read_in_place && !narrow {
        true => widest(rows.len()),
        false => GATHERED_ROW,
    };
    while most > LANES && bytes(most) > TILE_STACK_BYTES {
        most /= 2;
    }
    let together = source.copied_together();
    if together < most {
        most -= most % together;
    }
    let most = most.min(width);
    let accumulator = fold.accumulator(source.sample());
    let state = F::States::all(fold.state(&accumulator, 0, 1));
    let (first, second) = source.samples();
    with_scratch(most.div_ceil(LANES), accumulator, &mut |accumulators| {
        with_scratch(levels * accumulators.len(), state, &mut |states| {
            with_scratch(copies(most), first, &mut |first| {
                with_scratch(copies(most), second, &mut |second| {
                    for start in (0..width).step_by(most) {
                        // The last tile begins early rather than being short.
                        let from = start.min(width - LANES.min(width));
                        let columns = from..width.min(start + most);
                        let used = columns.len().div_ceil(LANES);
                        let accumulators = &mut accumulators[..used];
                        let tile = Tile { source: &source, rows: &rows, columns: &columns, fold };
                        let copies = (&mut *first, &mut *second);
                        tile.fold(Memory { accumulators, states, copies });
                        let states = &states[..used.min(states.len())];
                        let (rows, padded) = (rows.len(), columns.len().max(LANES));
                        take(Folded { fold, accumulators, states, rows, columns: padded }, columns);
                    }
                });
            });
        });
    });
}

/// The most columns of a tile that is read and written in place.
fn widest(rows: usize) -> usize {
    if rows <= MAX_ROWS_OF_NARROW_TILE { GATHERED_ROW } else { TILE_COLUMNS }
}

/// How many states of a column are held at once: one on each level of the tree. None are needed where all rows are
/// added to the same accumulators.
fn levels<A: Copy, F: Fold<A>>(rows: usize) -> usize {
    let (mut levels, mut below) = (0, F::READS.rows);
    while below < rows {
        below = below.saturating_mul(FOLD_BRANCHES);
        levels += 1;
    }
    levels
}

/// A tile all of whose rows were added.
pub(crate) struct Folded<'t, A: Copy, F: Fold<A>> {
    fold: &'t F,
    accumulators: &'t [F::Accumulators],
    /// The states of all columns, if there was a tree. Otherwise they are taken from the accumulators.
    states: &'t [F::States],
    rows: usize,
    columns: usize,
}

impl<A: Copy, F: Fold<A>> Folded<'_, A, F> {
    /// The state of column number `column`.
    pub(crate) fn state(&self, column: usize) -> F::State {
        let place = column / LANES;
        let lane = column - column_of(place, self.columns);
        match self.states.get(place) {
            Some(states) => states.get(lane),
            None => self.fold.state(&self.accumulators[place], lane, self.rows),
        }
    }
}

/// Writes the results of a tile.
struct Results<'t, A: Copy, F: Fold<A>, G> {
    tile: &'t Folded<'t, A, F>,
    finish: &'t G,
}

impl<A, B, F, G> Loop<&mut [B]> for Results<'_, A, F, G>
where
    A: Copy,
    F: Fold<A>,
    G: Finish<F::State, B>,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, out: &mut [B]) {
        let Results { tile: &Folded { fold, accumulators, states, rows, columns }, finish } = self;
        for (place, accumulator) in accumulators.iter().enumerate() {
            let out = &mut out[column_of(place, columns)..][..LANES];
            match states.get(place) {
                Some(states) => {
                    for (lane, out) in out.iter_mut().enumerate() {
                        *out = finish.value(states.get(lane));
                    }
                }
                None => {
                    for (lane, out) in out.iter_mut().enumerate() {
                        *out = finish.value(fold.state(accumulator, lane, rows));
                    }
                }
            }
        }
    }
}

/// The rows and columns of a tile.
struct Tile<'t, S, F> {
    source: &'t S,
    rows: &'t Range<usize>,
    columns: &'t Range<usize>,
    fold: &'t F,
}

/// The memory of a tile, on the stack.
struct Memory<'m, C, P, X, Y> {
    accumulators: &'m mut [C],
    /// The states of all columns on each level of the tree.
    states: &'m mut [P],
    /// Room for copies of rows.
    copies: (&'m mut [X], &'m mut [Y]),
}

impl<S: Source, F: Fold<S::Element>> Tile<'_, S, F> {
    /// Adds all rows.
    fn fold(&self, memory: Memory<'_, F::Accumulators, F::States, S::First, S::Second>) {
        let Memory { accumulators, states, copies: (first, second) } = memory;
        let mut tree = Tree { counts: [0; MAX_FOLD_LEVELS], width: accumulators.len() };
        // (The first condition is known to the compiler, which drops the tree where there never is one.)
        let has_tree = F::READS.rows < usize::MAX && !states.is_empty();
        for row in self.rows.clone().step_by(F::READS.rows) {
            let count = (self.rows.end - row).min(F::READS.rows);
            self.add(row, count, accumulators, (first, second));
            if has_tree {
                tree.push(self.fold, states, accumulators, count);
            }
        }
        if has_tree {
            tree.collapse(self.fold, states);
        }
    }

    /// Adds `count` rows from number `row` on to the accumulators, starting them anew.
    fn add(
        &self,
        row: usize,
        count: usize,
        accumulators: &mut [F::Accumulators],
        (first, second): (&mut [S::First], &mut [S::Second]),
    ) {
        let Tile { source, columns, fold, .. } = *self;
        let mut done = 0;
        while count - done >= F::READS.group {
            let rows = AddRows { fold, at: row + done, fresh: done == 0 };
            let copies = (&mut *first, &mut *second);
            match F::READS.group {
                8 => dispatch::run(
                    rows,
                    (&source.rows::<8>(rows.at, columns, copies), &mut *accumulators),
                ),
                _ => dispatch::run(
                    rows,
                    (&source.rows::<4>(rows.at, columns, copies), &mut *accumulators),
                ),
            }
            done += F::READS.group;
        }
        while done < count {
            let rows = AddRows { fold, at: row + done, fresh: done == 0 };
            let copies = (&mut *first, &mut *second);
            dispatch::run(rows, (&source.rows::<1>(rows.at, columns, copies), &mut *accumulators));
            done += 1;
        }
    }
}

/// Adds a group of rows to accumulators. (Chosen for each group and not for a whole tile: with reading in the same
/// function, loops over the columns kept fewer values in registers.)
struct AddRows<'f, F> {
    fold: &'f F,
    /// The number of the first row.
    at: usize,
    /// Whether the accumulators start with it.
    fresh: bool,
}

impl<F> Clone for AddRows<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for AddRows<'_, F> {}

impl<R: Run, F: Fold<R::Element>, const N: usize> Loop<(&[R; N], &mut [F::Accumulators])>
    for AddRows<'_, F>
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, (rows, accumulators): (&[R; N], &mut [F::Accumulators])) {
        self.fold.rows::<V, _, N>(rows, self.at, accumulators, self.fresh);
    }
}

/// The tree of a tile: on each level, how many states of the level below were merged, [`FOLD_BRANCHES`] at most.
struct Tree {
    counts: [usize; MAX_FOLD_LEVELS],
    /// The accumulators of the tile; each level has as many states.
    width: usize,
}

impl Tree {
    /// Merges the accumulators, to which `count` rows were added, into the lowest level. (Once for so many rows, so that
    /// a version for each instruction set would be code without gain.)
    #[inline(never)]
    fn push<A: Copy, F: Fold<A>>(
        &mut self,
        fold: &F,
        states: &mut [F::States],
        accumulators: &[F::Accumulators],
        count: usize,
    ) {
        let mut level = 0;
        while self.counts[level] == FOLD_BRANCHES {
            self.carry(fold, states, level);
            level += 1;
        }
        for (states, accumulator) in states.iter_mut().zip(accumulators) {
            let late = |lane| fold.state(accumulator, lane, count);
            match self.counts[0] {
                0 => states.update(|lane, _| late(lane)),
                _ => states.update(|lane, early| fold.merge(early, late(lane))),
            }
        }
        self.counts[0] += 1;
    }

    /// Merges a level into the one above it.
    #[inline(never)]
    fn carry<A: Copy, F: Fold<A>>(&mut self, fold: &F, states: &mut [F::States], level: usize) {
        let (above, below) = states.split_at_mut((level + 1) * self.width);
        let (late, early) = (&above[level * self.width..], &mut below[..self.width]);
        match self.counts[level + 1] {
            0 => early.copy_from_slice(late),
            _ => {
                for (early, late) in early.iter_mut().zip(late) {
                    early.update(|lane, early| fold.merge(early, late.get(lane)));
                }
            }
        }
        self.counts[level + 1] += 1;
        self.counts[level] = 0;
    }

    /// Merges all levels; the result is on the lowest.
    fn collapse<A: Copy, F: Fold<A>>(&mut self, fold: &F, states: &mut [F::States]) {
        let top = self.counts.iter().rposition(|&count| count > 0).expect("rows were added");
        for level in 0..top {
            self.carry(fold, states, level);
        }
        states.copy_within(top * self.width..(top + 1) * self.width, 0);
    }
}
