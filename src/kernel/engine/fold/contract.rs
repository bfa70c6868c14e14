//! What a reduction is to the engine: how elements become a state, and how two states become one.

use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::tuning::{FOLD_ROWS, LANES};

/// What is kept of some elements, and how.
///
/// Methods with a parameter `WIDE` are told for which processors they are [compiled](crate::kernel::engine::cpu::dispatch), in case that wide vectors
/// want another form of the same work.
pub(crate) trait Fold<A: Copy> {
    /// What is kept of some elements of a lane.
    type State: Copy;

    /// What is kept of a few lanes side by side while rows of them are read.
    type Side: Copy;

    /// The states of as many lanes.
    type States: Beside<State = Self::State>;

    /// How rows are read.
    const READS: Reads = Reads { rows: FOLD_ROWS, group: 4 };

    /// Whether elements count the same wherever they stand.
    const IS_ANYWHERE: bool = true;

    /// The state of 1 to [`FOLD_BLOCK`](crate::kernel::engine::tuning::FOLD_BLOCK) elements, the first of which is number `at` of its lane.
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> Self::State;

    /// Adds rows of equal length, the first of which is number `at`, to their `sides`, or starts these if they are
    /// `fresh`. No more than `READS.rows` are added.
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        sides: &mut [Self::Side],
        fresh: bool,
    );

    /// The side of columns of one row, which are all this element.
    fn side(&self, element: A) -> Self::Side;

    /// The state of one of the columns, after `count` rows.
    fn state(&self, side: &Self::Side, column: usize, count: usize) -> Self::State;

    /// The state of the elements of both; `early` stands before `late` in its lane.
    fn merge(&self, early: Self::State, late: Self::State) -> Self::State;

    /// What a state becomes if its elements stand `by` elements further behind.
    #[inline(always)]
    fn behind(&self, state: Self::State, _by: usize) -> Self::State {
        state
    }
}

/// States of [`LANES`] lanes, laid out so that a loop over the lanes becomes vector instructions.
pub(crate) trait Beside: Copy {
    /// What is kept of one lane.
    type State: Copy;

    /// The same state in all lanes.
    fn all(state: Self::State) -> Self;

    fn get(&self, lane: usize) -> Self::State;

    /// Gives each lane what `next` makes of its number and its state.
    fn update(&mut self, next: impl Fn(usize, Self::State) -> Self::State);
}

impl<S: Copy> Beside for [S; LANES] {
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

impl<P: Beside, Q: Beside> Beside for (P, Q) {
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

/// How a reduction reads rows.
#[derive(Clone, Copy)]
pub(crate) struct Reads {
    /// The most rows that are added to accumulators before these become states.
    pub(crate) rows: usize,
    /// Rows that are read together, 4 or 8: with more, accumulators are read and written less often; with fewer, memory
    /// is read in fewer places at once.
    pub(crate) group: usize,
}
