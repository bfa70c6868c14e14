//! Columns of a tile to which rows are added.

use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd};
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::tuning::LANES;

/// Sides to which rows are added.
pub(crate) struct Columns<'a, F, S> {
    pub(crate) fold: &'a F,
    /// The number of the first row.
    pub(crate) at: usize,
    /// Whether there is nothing on the sides yet.
    pub(crate) fresh: bool,
    pub(crate) sides: &'a mut [S],
}

impl<F, S> Columns<'_, F, S> {
    /// All rows have as many elements, at least [`LANES`].
    #[inline(always)]
    pub(crate) fn add<R: Run, const N: usize>(self, rows: &[R; N])
    where
        F: Fold<R::Element, Side = S>,
    {
        dispatch::run(AddRows { columns: self, rows });
    }
}

struct AddRows<'r, 'c, F, S, R, const N: usize> {
    columns: Columns<'c, F, S>,
    rows: &'r [R; N],
}

impl<R: Run, F: Fold<R::Element>, const N: usize> Loop for AddRows<'_, '_, F, F::Side, R, N> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V) {
        let Columns { fold, at, fresh, sides } = self.columns;
        fold.rows::<V, _, N>(self.rows, at, sides, fresh);
    }
}

/// Each side with its first column.
#[inline(always)]
pub(crate) fn each_side<S>(sides: &mut [S], width: usize) -> impl Iterator<Item = (&mut S, usize)> {
    assert!(width >= LANES, "rows have a chunk at least");
    sides.iter_mut().enumerate().map(move |(place, side)| (side, column_of(place, width)))
}

/// The first column of a side: the last side begins early if it would not be full else, and has columns of the one
/// before it again.
#[inline(always)]
pub(crate) fn column_of(side: usize, width: usize) -> usize {
    (side * LANES).min(width - LANES)
}
