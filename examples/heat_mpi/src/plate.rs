//! One rank's block of the plate, in two leases: the step, and the change that it made.
//!
//! The rule is the explicit one on five points. What is outside the grid, the edge of the plate, keeps its temperature:
//!
//! ```text
//! next = here + C (north + south + west + east - 4 here)
//! ```
//!
//! Each cell is computed by this formula from the same numbers, however the grid is cut, so any number of ranks gives the
//! same bits.

use std::mem;

use ndarray::{ArrayView2, ArrayViewMut2, s};
use ndarray_pool::prelude::*;

use crate::decomposition::Block;
use crate::halo::Halo;

/// Conductivity × time step / width of a cell squared. Above 1/4 the rule is unstable.
const C: f64 = 0.2;

/// A block with its halo of one cell, now and in the next step.
pub struct Plate<'p> {
    current: Lease<'p>,
    next: Lease<'p>,
}

impl<'p> Plate<'p> {
    /// The start: a hot disc in a cold plate, of which one edge is kept hot, and the others are kept cold.
    pub fn new(pool: &'p Pool2<f64>, grid: [usize; 2], block: &Block) -> Self {
        let mut current = pool.lease();
        for ((row, column), cell) in current.indexed_iter_mut() {
            *cell = start(grid, block.rows.start + row, block.columns.start + column);
        }
        // No step writes the halo where the plate ends, so both buffers have it from the start.
        let next = pool.lease_copy_of(&current);
        Plate { current, next }
    }

    /// The block without its halo.
    pub fn own(&self) -> ArrayView2<'_, f64> {
        self.current.slice(s![1..-1, 1..-1])
    }

    /// The block without its halo.
    pub fn own_mut(&mut self) -> ArrayViewMut2<'_, f64> {
        self.current.slice_mut(s![1..-1, 1..-1])
    }

    /// One step. What needs no halo is computed while the halo is on its way.
    pub fn step(&mut self, halo: &Halo<'_>) {
        let Plate { current, next } = self;
        halo.exchange(current, |own| advance(own, next.slice_mut(s![2..-2, 2..-2])));
        // The first and the last row, and what is left of the first and the last column.
        advance(current.slice(s![..3, ..]), next.slice_mut(s![1..2, 1..-1]));
        advance(current.slice(s![-3.., ..]), next.slice_mut(s![-2..-1, 1..-1]));
        advance(current.slice(s![1..-1, ..3]), next.slice_mut(s![2..-2, 1..2]));
        advance(current.slice(s![1..-1, -3..]), next.slice_mut(s![2..-2, -2..-1]));
        mem::swap(current, next); // two guards: no data moves
    }

    /// The largest change of a cell of this block in the last step.
    pub fn change(&self) -> f64 {
        let (now, before) = (self.own(), self.next.slice(s![1..-1, 1..-1]));
        fused!(max | now, before | f64::abs(now - before)).unwrap_or(0.0)
    }
}

/// Computes `next` from the cells that it replaces, and one more on each side.
fn advance(around: ArrayView2<'_, f64>, mut next: ArrayViewMut2<'_, f64>) {
    if next.is_empty() {
        return; // a block of one or two rows or columns has nothing within
    }
    fused!(next = |
        here = around.slice(s![1..-1, 1..-1]),
        north = around.slice(s![..-2, 1..-1]),
        south = around.slice(s![2.., 1..-1]),
        west = around.slice(s![1..-1, ..-2]),
        east = around.slice(s![1..-1, 2..]),
    | here + C * (north + south + west + east - 4.0 * here));
}

/// The temperature of a cell at the start. Rows and columns count from 1: 0 is the edge of the plate.
fn start([rows, columns]: [usize; 2], row: usize, column: usize) -> f64 {
    let is_within = (1..=rows).contains(&row) && (1..=columns).contains(&column);
    let [down, across] = [(row, rows), (column, columns)].map(|(at, all)| at as f64 / all as f64);
    let (from_centre_down, from_centre_across) = (down - 0.6, across - 0.35);
    let is_disc =
        from_centre_down * from_centre_down + from_centre_across * from_centre_across < 0.04;
    f64::from(u8::from(if is_within { is_disc } else { row == 0 }))
}
