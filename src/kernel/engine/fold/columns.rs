//! The accumulators of a tile: columns to which groups of rows are added.

use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd};
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::tuning::LANES;

/// The accumulators of neighbouring columns, and what is known of the rows that are added next.
///
/// Side number *k* has [`LANES`] columns from [`column_of`] *k* on. It is passed by value from the walk to
/// [`Fold::rows`], through the choice of an instruction set.
pub(crate) struct Columns<'a, F, S> {
    pub(crate) fold: &'a F,
    /// The number of the first row that is added, along the lane.
    pub(crate) at: usize,
    /// Whether nothing was added to the accumulators yet.
    pub(crate) fresh: bool,
    pub(crate) accumulators: &'a mut [S],
}

impl<F, S> Columns<'_, F, S> {
    /// Adds rows of equal length, at least [`LANES`].
    #[inline(always)]
    pub(crate) fn add<R: Run, const N: usize>(self, rows: &[R; N])
    where
        F: Fold<R::Element, Accumulators = S>,
    {
        dispatch::run(AddRows(self), rows);
    }
}

struct AddRows<'c, F, S>(Columns<'c, F, S>);

impl<R: Run, F: Fold<R::Element>, const N: usize> Loop<&[R; N]>
    for AddRows<'_, F, F::Accumulators>
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, rows: &[R; N]) {
        let Columns { fold, at, fresh, accumulators } = self.0;
        fold.rows::<V, _, N>(rows, at, accumulators, fresh);
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
