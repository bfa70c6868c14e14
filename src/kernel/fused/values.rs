//! The values of a formula as a reduction sees them: an object, so that one compiled reduction serves all formulas of one
//! type of values.

use std::ops::Range;

use ndarray::{Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::order::Operands;
use crate::kernel::fused::reduce::Plan;

/// The loop over chunks of inputs `X`.
pub(super) type Reduce<'k, X, T, const W: usize> =
    dyn for<'i, 'o> FnMut(&<X as Inputs>::Rows<'i>, Plan, &'o mut [[T; W]]) + 'k;

/// All values, in the places that the inputs give them.
pub(super) trait Values<T, const W: usize>: Operands {
    /// Shows `work` the values lane after lane, along an axis of aligned inputs that have elements.
    fn flat(&mut self, along: Axis, work: &mut dyn FnMut(&mut dyn Flat<T, W>));
    /// Shows `work` what reduces `columns` of the next lanes along an axis, as many as the plan has rows.
    fn below(&mut self, along: Axis, columns: Range<usize>, work: &mut dyn FnMut(&mut Below<T, W>));
    /// Whether any input would be copied for that.
    fn are_copied(&self, along: Axis) -> bool;
}

/// What reduces the next rows of some columns.
pub(super) type Below<'b, T, const W: usize> = dyn FnMut(Plan, &mut [[T; W]]) + 'b;

/// Values one after another, in blocks.
pub(super) trait Flat<T, const W: usize> {
    /// Whether blocks may be of any length.
    fn are_whole(&self) -> bool;
    /// Moves on to the block of the next `len` values.
    fn next(&mut self, len: usize);
    /// Reduces that block from number `from` on, in rows that begin `below` values apart.
    fn reduce(&mut self, rows: RowsOf, plan: Plan, out: &mut [[T; W]]);
    /// Computes its end from number `from` on, less than `W` values and repetitions of the last.
    fn tail(&mut self, from: usize, out: &mut [[T; W]]);
}

/// A block as rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowsOf {
    /// The number of the first value of the first row.
    pub(super) from: usize,
    /// From the beginning of a row to that of the next.
    pub(super) below: usize,
    /// From the first chunk for one array of accumulators to that for the next.
    pub(super) step: usize,
}

/// The values of inputs of which at most `N` elements are copied at once.
pub(super) struct Formula<'v, 'r, 'k, X: Inputs, T, D: Dimension, const N: usize, const W: usize> {
    pub(super) ins: X::Views<'v, D>,
    pub(super) reduce: &'r mut Reduce<'k, X, T, W>,
}

impl<X, T, D, const N: usize, const W: usize> Operands for Formula<'_, '_, '_, X, T, D, N, W>
where
    X: Inputs,
    D: Dimension,
{
    fn first(&self) -> &dyn Axes {
        X::first(&self.ins).expect("there is an input")
    }

    fn each(&self, see: &mut dyn FnMut(&dyn Axes)) {
        X::each(&self.ins, see);
    }

    fn each_mut(&mut self, change: &mut dyn FnMut(&mut dyn Axes)) {
        X::each_mut(&mut self.ins, change);
    }
}

impl<X, T, D, const N: usize, const W: usize> Values<T, W> for Formula<'_, '_, '_, X, T, D, N, W>
where
    X: Inputs,
    D: Dimension,
{
    fn flat(&mut self, along: Axis, work: &mut dyn FnMut(&mut dyn Flat<T, W>)) {
        // (Borrowed, because moving them copies their tiles.)
        let mut flats = X::flats::<D, N, W>(&self.ins, along);
        work(&mut Flats::<X, T, D, N, W> { flats: &mut flats, reduce: self.reduce });
    }

    fn below(
        &mut self,
        along: Axis,
        columns: Range<usize>,
        work: &mut dyn FnMut(&mut Below<T, W>),
    ) {
        let mut lanes = X::below::<D, N, W>(&self.ins, along, columns);
        work(&mut |plan, out| {
            X::next_below(&mut lanes, plan.rows);
            (self.reduce)(&X::below_rows(&lanes), plan, out);
        });
    }

    fn are_copied(&self, along: Axis) -> bool {
        X::are_copied(&self.ins, along)
    }
}

struct Flats<'f, 's, 'r, 'k, X: Inputs, T, D: Dimension, const N: usize, const W: usize> {
    flats: &'f mut X::Flats<'s, D, N, W>,
    reduce: &'r mut Reduce<'k, X, T, W>,
}

impl<X, T, D, const N: usize, const W: usize> Flat<T, W> for Flats<'_, '_, '_, '_, X, T, D, N, W>
where
    X: Inputs,
    D: Dimension,
{
    fn are_whole(&self) -> bool {
        X::are_whole(self.flats)
    }

    fn next(&mut self, len: usize) {
        X::next_flat(self.flats, len);
    }

    fn reduce(&mut self, RowsOf { from, below, step }: RowsOf, plan: Plan, out: &mut [[T; W]]) {
        (self.reduce)(&X::flat_rows(self.flats, from, below, step), plan, out);
    }

    fn tail(&mut self, from: usize, out: &mut [[T; W]]) {
        X::cut_tail(self.flats, from);
        (self.reduce)(&X::tail(self.flats), Plan::values(1), out);
    }
}
