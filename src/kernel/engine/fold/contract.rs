//! The contract between a reduction and the engine: how elements become a state, and how two states become one.
//!
//! ```text
//! along lanes                             across lanes
//! for each block of a lane:               for each group of rows of a tile:
//!     state = fold.block(elements, at)        fold.rows(group, at, accumulators)
//!     merge it into the tree              after every READS.rows rows:
//!                                             state = fold.state(accumulator, column, count)
//!                                             merge it into the tree
//! ```

use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::tuning::{FOLD_ROWS, LANES};

/// A reduction: how elements become a state (a sum, a minimum, moments), and how two states are merged.
///
/// The engine chooses the walk and calls these methods. Along a lane, [`block`](Self::block) turns a block of elements
/// into a state. Across lanes, [`rows`](Self::rows) adds whole rows to accumulators, each of which holds [`LANES`]
/// columns, and [`state`](Self::state) reads the state of one column. Either way [`merge`](Self::merge) combines
/// states in an order that depends on lengths alone.
///
/// Methods with a parameter `V` are [compiled once for each instruction set](crate::kernel::engine::cpu::dispatch).
/// They can ask it, where wider vectors want another form of the same work.
pub(crate) trait Fold<A: Copy> {
    /// The partial result of some elements of one lane.
    type State: Copy;

    /// The accumulators of [`LANES`] columns side by side, to which rows are added.
    type Accumulators: Copy;

    /// The states of [`LANES`] lanes.
    type States: PerLane<State = Self::State>;

    /// How rows are read.
    const READS: Reads = Reads { rows: FOLD_ROWS, group: 4 };

    /// Whether an element counts the same at every position of its lane. If not, arrays of few columns are folded lane
    /// by lane.
    const IS_ANYWHERE: bool = true;

    /// The state of 1 to [`FOLD_BLOCK`](crate::kernel::engine::tuning::FOLD_BLOCK) elements, the first of which is
    /// number `at` of its lane.
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> Self::State;

    /// Adds `N` rows of equal length, the first of which is number `at`, to `accumulators`; if these are `fresh`, starts
    /// them with the rows instead. At most `READS.rows` rows are added to an accumulator.
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        accumulators: &mut [Self::Accumulators],
        fresh: bool,
    );

    /// The accumulator of one row, all of whose columns are `element`.
    fn accumulator(&self, element: A) -> Self::Accumulators;

    /// The state of column number `column` of an accumulator to which `count` rows were added.
    fn state(&self, accumulator: &Self::Accumulators, column: usize, count: usize) -> Self::State;

    /// The state of the elements of both; those of `early` stand before those of `late` in the lane.
    fn merge(&self, early: Self::State, late: Self::State) -> Self::State;

    /// The state of the same elements if they stand `by` positions further back in their lane. (A state that holds
    /// positions shifts them.)
    #[inline(always)]
    fn behind(&self, state: Self::State, _by: usize) -> Self::State {
        state
    }
}

/// The states of [`LANES`] lanes, laid out as a structure of arrays so that a loop over the lanes is vectorised.
pub(crate) trait PerLane: Copy {
    /// The state of one lane.
    type State: Copy;

    /// The same state for all lanes.
    fn all(state: Self::State) -> Self;

    /// The state of one lane.
    fn get(&self, lane: usize) -> Self::State;

    /// Replaces the state of each lane by `next(lane, state)`.
    fn update(&mut self, next: impl Fn(usize, Self::State) -> Self::State);
}

impl<S: Copy> PerLane for [S; LANES] {
    type State = S;

    #[inline(always)]
    fn all(state: S) -> Self {
        [state; LANES]
    }

    #[inline(always)]
    fn get(&self, lane: usize) -> S {
        self[lane]
    }

    #[inline(always)]
    fn update(&mut self, next: impl Fn(usize, S) -> S) {
        self.iter_mut().enumerate().for_each(|(lane, state)| *state = next(lane, *state));
    }
}

impl<P: PerLane, Q: PerLane> PerLane for (P, Q) {
    type State = (P::State, Q::State);

    #[inline(always)]
    fn all((p, q): Self::State) -> Self {
        (P::all(p), Q::all(q))
    }

    #[inline(always)]
    fn get(&self, lane: usize) -> Self::State {
        (self.0.get(lane), self.1.get(lane))
    }

    #[inline(always)]
    fn update(&mut self, next: impl Fn(usize, Self::State) -> Self::State) {
        let before = *self;
        self.0.update(|lane, _| next(lane, before.get(lane)).0);
        self.1.update(|lane, _| next(lane, before.get(lane)).1);
    }
}

/// The accumulators of [`LANES`] columns each, with the number of their first column, for rows of `width` elements.
#[inline(always)]
pub(crate) fn each_accumulator<S>(
    accumulators: &mut [S],
    width: usize,
) -> impl Iterator<Item = (&mut S, usize)> {
    assert!(width >= LANES, "rows have a chunk at least");
    accumulators
        .iter_mut()
        .enumerate()
        .map(move |(place, accumulator)| (accumulator, column_of(place, width)))
}

/// The first column of an accumulator. The last one begins early if it would not be full otherwise: some of its columns
/// are then also those of the one before it.
#[inline(always)]
pub(crate) fn column_of(accumulator: usize, width: usize) -> usize {
    (accumulator * LANES).min(width - LANES)
}

/// How a reduction reads rows.
#[derive(Clone, Copy)]
pub(crate) struct Reads {
    /// The most rows that are added to accumulators before these become states.
    pub(crate) rows: usize,
    /// Rows that are read together, 4 or 8: with more, accumulators are read and written less often; with fewer, memory
    /// is read in fewer places at once.
    pub(crate) group: usize,
}
