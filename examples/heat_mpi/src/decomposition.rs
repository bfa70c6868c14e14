//! A grid cut into blocks, one for each rank.

use std::ops::Range;

/// A grid of rows × columns, cut into blocks by ranks in rows × ranks in columns.
///
/// Rank `r` has block `[r / columns, r % columns]`: the row-major order in which MPI numbers a Cartesian topology.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decomposition {
    grid: [usize; 2],
    ranks: [usize; 2],
}

/// The part of the grid that one rank computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

impl Decomposition {
    /// Of all ways to write `ranks` as a product, the one with the shortest cuts: fewest numbers travel. Of two that are
    /// equal, the one with more blocks below one another: rows are contiguous.
    ///
    /// # Errors
    ///
    /// If some rank would have no cell, or MPI could not count them.
    pub fn new(grid: [usize; 2], ranks: usize) -> Result<Self, String> {
        let [rows, columns] = grid;
        if rows.max(columns) > MOST {
            return Err(format!("a grid of {rows} × {columns} is too large: MPI counts to {MOST}"));
        }
        let all =
            (1..=ranks).filter(|&down| ranks.is_multiple_of(down)).map(|down| [down, ranks / down]);
        all.filter(|&[down, across]| down <= rows && across <= columns)
            .min_by_key(|&[down, across]| ((down - 1) * columns + (across - 1) * rows, across))
            .map(|ranks| Decomposition { grid, ranks })
            .ok_or_else(|| {
                format!("a grid of {rows} × {columns} cannot be cut into {ranks} blocks: use fewer ranks")
            })
    }

    /// Rows and columns.
    pub fn grid(&self) -> [usize; 2] {
        self.grid
    }

    /// How many blocks there are below one another, and side by side.
    pub fn ranks(&self) -> [usize; 2] {
        self.ranks
    }

    /// Blocks differ by at most one row and one column.
    pub fn block(&self, rank: usize) -> Block {
        let at = [rank / self.ranks[1], rank % self.ranks[1]];
        let [rows, columns] = [0, 1].map(|axis| {
            let cut = |at| at * self.grid[axis] / self.ranks[axis];
            cut(at[axis])..cut(at[axis] + 1)
        });
        Block { rows, columns }
    }

    /// The grid from top to bottom, in pieces of at most `most` rows that no block ends within: the ranks that share
    /// such a piece, and its rows.
    pub fn pieces(&self, most: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let across = self.ranks[1];
        (0..self.ranks[0]).flat_map(move |down| {
            let ranks = down * across..(down + 1) * across;
            let rows = self.block(ranks.start).rows;
            let end = rows.end;
            rows.step_by(most).map(move |row| (ranks.clone(), row..end.min(row + most)))
        })
    }
}

/// MPI counts with C's `int`.
const MOST: usize = i32::MAX as usize - 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_the_grid_once() {
        for (grid, ranks) in [([7, 5], 1), ([7, 5], 4), ([7, 5], 6), ([100, 3], 7), ([4, 4], 16)] {
            let decomposition = Decomposition::new(grid, ranks).unwrap();
            let mut seen = vec![0; grid[0] * grid[1]];
            for rank in 0..ranks {
                let Block { rows, columns } = decomposition.block(rank);
                assert!(!rows.is_empty() && !columns.is_empty(), "{grid:?} {ranks} {rank}");
                for row in rows {
                    columns.clone().for_each(|column| seen[row * grid[1] + column] += 1);
                }
            }
            assert!(seen.iter().all(|&n| n == 1), "{grid:?} {ranks}");
        }
    }

    #[test]
    fn blocks_differ_by_one_row_and_one_column_at_most() {
        let decomposition = Decomposition::new([103, 58], 12).unwrap();
        let of = |len: fn(Block) -> usize| {
            let sizes = (0..12).map(|rank| len(decomposition.block(rank)));
            sizes.clone().max().unwrap() - sizes.min().unwrap()
        };
        assert_eq!((of(|it| it.rows.len()), of(|it| it.columns.len())), (1, 1));
    }

    #[test]
    fn cuts_are_short() {
        let ranks = |grid, ranks| Decomposition::new(grid, ranks).unwrap().ranks();
        assert_eq!(ranks([1000, 1000], 4), [2, 2]);
        assert_eq!(ranks([1000, 1000], 2), [2, 1]); // rows are contiguous
        assert_eq!(ranks([100, 1000], 4), [1, 4]);
        assert_eq!(ranks([1000, 100], 4), [4, 1]);
        assert_eq!(ranks([1000, 1000], 7), [7, 1]);
        assert_eq!(ranks([3, 1000], 7), [1, 7]); // three rows are not enough for seven
    }

    #[test]
    fn a_grid_that_is_too_small_is_refused() {
        let refused = |grid, ranks| Decomposition::new(grid, ranks).unwrap_err();
        assert!(refused([1, 1], 2).contains("1 × 1 cannot be cut into 2 blocks"));
        assert!(refused([6, 6], 7).contains("use fewer ranks"));
        assert!(refused([1 << 40, 1], 1).contains("MPI counts to"));
    }

    #[test]
    fn pieces_are_the_rows_in_order() {
        let decomposition = Decomposition::new([10, 8], 4).unwrap();
        let pieces: Vec<_> = decomposition.pieces(3).collect();
        assert_eq!(pieces, [(0..2, 0..3), (0..2, 3..5), (2..4, 5..8), (2..4, 8..10)]);
    }
}
