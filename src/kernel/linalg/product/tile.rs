//! The innermost loop: a tile of `out`, whose sums stay in registers.

use std::ops::Range;

use super::element::RealElement;
use crate::kernel::engine::cpu::dispatch::{Loop, Simd};

/// A packed block of the left factor times a packed block of the right one.
pub(super) struct Sweep<'a, R, O, const MR: usize, const NR: usize, const HALF: usize> {
    /// Panels of `MR` numbers for each term.
    pub(super) left: &'a [[R; MR]],
    /// Panels of `NR` numbers for each term; a last one for no more than `HALF` columns has `HALF`.
    pub(super) right: &'a [R],
    /// How many terms there are.
    pub(super) depth: usize,
    /// What the terms are.
    pub(super) operation: O,
    /// Whether the sums are added to what `out` holds, which is not read otherwise.
    pub(super) is_added: bool,
}

/// Rows of a matrix that is written to.
pub(super) struct Rows<'a, R> {
    /// The rows, each of which begins `step` numbers behind the one before.
    pub(super) numbers: &'a mut [R],
    pub(super) step: usize,
    /// The columns that are written.
    pub(super) columns: Range<usize>,
}

impl<R, O, const MR: usize, const NR: usize, const HALF: usize> Loop<Rows<'_, R>>
    for Sweep<'_, R, O, MR, NR, HALF>
where
    R: RealElement,
    O: Operation,
    Registers: Tile<R, MR, NR> + Tile<R, MR, HALF>,
{
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, rows: Rows<'_, R>) {
        let Rows { numbers, step, columns } = rows;
        let left = self.left.chunks_exact(self.depth);
        for (left, numbers) in left.zip(numbers.chunks_mut(MR * step)) {
            let mut rows = Rows { numbers, step, columns: columns.clone() };
            let mut right = self.right;
            while rows.columns.len() > HALF {
                let (panel, others) = right.split_at(self.depth * NR);
                self.multiply_panels::<NR>(left, panel, &mut rows);
                right = others;
            }
            if !rows.columns.is_empty() {
                self.multiply_panels::<HALF>(left, right, &mut rows);
            }
        }
    }
}

impl<R, O, const MR: usize, const NR: usize, const HALF: usize> Sweep<'_, R, O, MR, NR, HALF>
where
    R: RealElement,
    O: Operation,
{
    /// Writes the next `W` columns, or as many as are left.
    #[inline(always)]
    fn multiply_panels<const W: usize>(&self, left: &[[R; MR]], right: &[R], rows: &mut Rows<'_, R>)
    where
        Registers: Tile<R, MR, W>,
    {
        let sums = Registers::sums(left, right.as_chunks().0, self.operation);
        let width = rows.columns.len().min(W);
        for (row, sums) in rows.numbers.chunks_mut(rows.step).zip(&sums) {
            let row = &mut row[rows.columns.start..][..width];
            match row.first_chunk_mut::<W>() {
                Some(row) => self.write(row, sums),
                None => self.write_part(row, sums),
            }
        }
        rows.columns.start += width;
    }

    /// Writes fewer columns than a tile has, in pieces of lengths that the compiler knows.
    #[inline(always)]
    fn write_part(&self, row: &mut [R], sums: &[R]) {
        let mut first = 0;
        macro_rules! write_each {
            ($($len:literal)*) => {$(
                if row.len() & $len != 0 {
                    self.write(&mut row[first..first + $len], &sums[first..first + $len]);
                    first += $len;
                }
            )*};
        }
        write_each!(16 8 4 2 1);
        debug_assert_eq!(first, row.len(), "tiles have at most 32 columns");
    }

    #[inline(always)]
    fn write(&self, row: &mut [R], sums: &[R]) {
        if self.is_added {
            row.iter_mut().zip(sums).for_each(|(out, &sum)| *out = *out + sum);
        } else {
            row.iter_mut().zip(sums).for_each(|(out, &sum)| *out = sum);
        }
    }
}

/// What the terms of a sum are.
pub(super) trait Operation: Copy {
    /// The sum with one more term.
    fn add<R: RealElement>(self, left: R, right: R, sum: R) -> R;
}

/// *left · right*, as in products of matrices.
#[derive(Clone, Copy)]
pub(super) struct Times;

/// *(left − right)²*, as in distances of points.
#[derive(Clone, Copy)]
pub(super) struct SquaredDifference;

impl Operation for Times {
    #[inline(always)]
    fn add<R: RealElement>(self, left: R, right: R, sum: R) -> R {
        left.fused(right, sum)
    }
}

impl Operation for SquaredDifference {
    #[inline(always)]
    fn add<R: RealElement>(self, left: R, right: R, sum: R) -> R {
        let difference = left - right;
        difference.fused(difference, sum)
    }
}

/// `MR` rows of `NR` sums.
pub(super) trait Tile<R, const MR: usize, const NR: usize> {
    /// The sums over all terms, which are added one after another, beginning with zero.
    fn sums<O: Operation>(left: &[[R; MR]], right: &[[R; NR]], operation: O) -> [[R; NR]; MR];
}

/// Implements [`Tile`].
///
/// Each row is a variable of its own: the compiler holds an array in registers only where it knows all indices, and it
/// does not unroll a loop over so many rows.
pub(super) struct Registers;

macro_rules! tile {
    ($MR:literal: $($row:ident $i:literal),*) => {
        impl<R: RealElement, const NR: usize> Tile<R, $MR, NR> for Registers {
            #[inline(always)]
            fn sums<O: Operation>(
                left: &[[R; $MR]],
                right: &[[R; NR]],
                operation: O,
            ) -> [[R; NR]; $MR] {
                $(let mut $row = [R::default(); NR];)*
                for (left, right) in left.iter().zip(right) {
                    $(
                        for (sum, &right) in $row.iter_mut().zip(right) {
                            *sum = operation.add(left[$i], right, *sum);
                        }
                    )*
                }
                [$($row),*]
            }
        }
    };
}

tile!(6: a 0, b 1, c 2, d 3, e 4, f 5);
tile!(12: a 0, b 1, c 2, d 3, e 4, f 5, g 6, h 7, i 8, j 9, k 10, l 11);
