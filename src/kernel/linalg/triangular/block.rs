//! A triangle that fits into L1, and the memory of products on the stack.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, aview_mut1, aview1};

use super::super::product::element::RealElement;
use super::super::product::{blocks, stack_len};
use crate::kernel::engine::cpu::dispatch::{OutputLoop, Simd, run_widest_on_output};
use crate::kernel::engine::tuning::{MATMUL_DEPTH, TRIANGLE_SIDE};

/// A number for each of some columns that are solved for side by side.
type Columns<R> = [R; TRIANGLE_SIDE];

/// A triangular matrix of at most `TRIANGLE_SIDE` rows, in the order in which equations are solved: for an upper one,
/// from the last row and column to the first.
pub(crate) struct Block<R> {
    /// By columns: number `j` of element `i` is in row `j` and column `i`.
    columns: [Columns<R>; TRIANGLE_SIDE],
    len: usize,
    pub(crate) is_upper: bool,
    pub(crate) is_unit: bool,
}

impl<R: RealElement> Block<R> {
    /// The lower (or upper) triangle of a matrix.
    pub(crate) fn of(matrix: ArrayView2<'_, R>, is_upper: bool, is_unit: bool) -> Self {
        let columns = [[R::zero(); TRIANGLE_SIDE]; TRIANGLE_SIDE];
        let mut block = Block { columns, len: matrix.nrows(), is_upper, is_unit };
        let mut row = [R::zero(); TRIANGLE_SIDE];
        for i in 0..block.len {
            aview_mut1(&mut row[..block.len]).assign(&matrix.row(block.place(i)));
            for j in 0..i + usize::from(!is_unit) {
                block.columns[j][i] = row[block.place(j)];
            }
        }
        block
    }

    /// Where the row is that is number `i` in order.
    fn place(&self, i: usize) -> usize {
        if self.is_upper { self.len - 1 - i } else { i }
    }

    /// Replaces each column of `b` by the solution for it.
    pub(crate) fn solve(&self, mut b: ArrayViewMut2<'_, R>) {
        if b.is_empty() {
            return;
        }
        let mut tile = [[R::zero(); TRIANGLE_SIDE]; TRIANGLE_SIDE];
        for columns in blocks(0..b.ncols(), TRIANGLE_SIDE) {
            let mut b = b.slice_axis_mut(Axis(1), columns.into());
            let width = b.ncols();
            for (i, row) in tile[..self.len].iter_mut().enumerate() {
                aview_mut1(&mut row[..width]).assign(&b.row(self.place(i)));
            }
            run_widest_on_output(Solve(self), &mut tile[..self.len]);
            for (i, row) in tile[..self.len].iter().enumerate() {
                b.row_mut(self.place(i)).assign(&aview1(&row[..width]));
            }
        }
    }

    /// Replaces the lower triangle by its Cholesky factor. Returns the row in which there is none.
    pub(crate) fn factor(&mut self) -> Option<usize> {
        run_widest_on_output(Factor, &mut self.columns[..self.len])
    }

    /// Writes the lower triangle to a matrix, with zeros above it.
    pub(crate) fn write(&self, mut matrix: ArrayViewMut2<'_, R>) {
        for (i, mut row) in matrix.outer_iter_mut().enumerate() {
            let mut numbers = [R::zero(); TRIANGLE_SIDE];
            for (number, column) in numbers.iter_mut().zip(&self.columns[..=i]) {
                *number = column[i];
            }
            row.assign(&aview1(&numbers[..self.len]));
        }
    }
}

/// Solves the equations one after another.
struct Solve<'a, R>(&'a Block<R>);

impl<R: RealElement> OutputLoop<Columns<R>, (), (), ()> for Solve<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, rows: &mut [Columns<R>], _: &mut [()], _: &mut [()], _: &mut [()]) {
        let Solve(block) = self;
        for i in 0..rows.len().min(TRIANGLE_SIDE) {
            let (solved, others) = rows.split_at_mut(i);
            let mut x = others[0];
            for (solved, column) in solved.iter().zip(&block.columns) {
                let factor = -column[i];
                x.iter_mut().zip(solved).for_each(|(x, &solved)| *x = factor.fused(solved, *x));
            }
            if !block.is_unit {
                x.iter_mut().for_each(|x| *x = *x / block.columns[i][i]);
            }
            others[0] = x;
        }
    }
}

/// Computes a Cholesky factor, column by column.
struct Factor;

impl<R: RealElement> OutputLoop<Columns<R>, (), (), ()> for Factor {
    type Output = Option<usize>;

    #[inline(always)]
    fn run<V: Simd>(
        self,
        _: V,
        columns: &mut [Columns<R>],
        _: &mut [()],
        _: &mut [()],
        _: &mut [()],
    ) -> Option<usize> {
        const LANES: usize = 8;
        for j in 0..columns.len().min(TRIANGLE_SIDE) {
            let mut column = columns[j];
            let square = column[j];
            if square.is_nan() || square <= R::zero() {
                return Some(j);
            }
            let pivot = square.sqrt();
            let lanes = column.as_chunks_mut::<LANES>().0;
            lanes[j / LANES..].iter_mut().for_each(|lanes| *lanes = lanes.map(|x| x / pivot));
            column[j] = pivot;
            columns[j] = column;
            for (i, other) in (j + 1..TRIANGLE_SIDE).zip(&mut columns[j + 1..]) {
                let factor = -column[i];
                // Elements above the diagonal that share a vector with others have no meaning.
                let lanes = &column.as_chunks::<LANES>().0[i / LANES..];
                let others = &mut other.as_chunks_mut::<LANES>().0[i / LANES..];
                for (other, lanes) in others.iter_mut().zip(lanes) {
                    for (x, &y) in other.iter_mut().zip(lanes) {
                        *x = factor.fused(y, *x);
                    }
                }
            }
        }
        None
    }
}

/// Calls `work` with memory of the stack for products with blocks of a matrix of `n` rows, if it has several.
pub(crate) fn with_memory<R: RealElement, T>(n: usize, work: impl FnOnce(&mut [R]) -> T) -> T {
    const FEW: usize = 64;
    match n.saturating_sub(TRIANGLE_SIDE) {
        0 => work(&mut []),
        1..=FEW => with_numbers::<{ stack_len(FEW) }, R, T>(work),
        _ => with_numbers::<{ stack_len(MATMUL_DEPTH) }, R, T>(work),
    }
}

/// (A function for each size, because its stack is filled with zeros.)
#[inline(never)]
fn with_numbers<const LEN: usize, R: RealElement, T>(work: impl FnOnce(&mut [R]) -> T) -> T {
    work(&mut [R::zero(); LEN])
}
