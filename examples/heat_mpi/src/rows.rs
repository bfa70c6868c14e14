//! The whole grid through rank 0, a few rows at a time: no rank ever holds all of it.

use mpi::topology::CartesianCommunicator;
use mpi::traits::*;
use ndarray::{ArrayRef2, ArrayView2, ArrayViewMut2, s};
use ndarray_pool::prelude::*;

use crate::decomposition::Decomposition;
use crate::failure::{Failure, agree};
use crate::message::Form;

/// What rank 0 holds beside its block: large enough that files are written at full speed.
const PIECE_BYTES: usize = 4 << 20;

/// The way of rows between all ranks and rank 0. All ranks call its methods together.
pub struct Rows<'c> {
    pub cart: &'c CartesianCommunicator,
    pub decomposition: Decomposition,
    piece_rows: usize,
    /// One buffer of some rows of the whole grid, on rank 0.
    pool: Option<Pool2<f64>>,
}

impl<'c> Rows<'c> {
    pub fn new(
        cart: &'c CartesianCommunicator,
        decomposition: Decomposition,
    ) -> Result<Self, Failure> {
        let [rows, columns] = decomposition.grid();
        let piece_rows = (PIECE_BYTES / size_of::<f64>() / columns).clamp(1, rows);
        let pool = (cart.rank() == 0).then(|| Pool2::new((piece_rows, columns), 1)).transpose();
        Ok(Rows { cart, decomposition, piece_rows, pool: agree(cart, pool)? })
    }

    /// Shows the grid to `each` on rank 0, from top to bottom: the index of the first row, and rows.
    ///
    /// # Errors
    ///
    /// The first error of `each`, which is not called again after it.
    pub fn gather<E: ToString>(
        &self,
        own: ArrayView2<'_, f64>,
        mut each: impl FnMut(usize, &ArrayRef2<f64>) -> Result<(), E>,
    ) -> Result<(), Failure> {
        let (rank, mut outcome) = (self.cart.rank() as usize, Ok(()));
        let mut buffer = self.pool.as_ref().map(Pool2::lease);
        for (ranks, rows) in self.decomposition.pieces(self.piece_rows) {
            if let Some(buffer) = &mut buffer {
                let mut piece = buffer.slice_mut(s![..rows.len(), ..]);
                for rank in ranks {
                    let columns = self.decomposition.block(rank).columns;
                    let mut part = piece.slice_mut(s![.., columns]);
                    if rank == 0 {
                        copy_into(&own.slice(s![rows.clone(), ..]), &mut part);
                    } else {
                        let form = Form::of(&part);
                        let from = self.cart.process_at_rank(rank as i32);
                        from.receive_into(&mut form.receive(part));
                    }
                }
                if outcome.is_ok() {
                    outcome = each(rows.start, &piece);
                }
            } else if ranks.contains(&rank) {
                let first = self.decomposition.block(rank).rows.start;
                let part = own.slice(s![rows.start - first..rows.end - first, ..]);
                // Synchronous: MPI does not collect messages on rank 0 before it asks for them.
                let to = self.cart.process_at_rank(0);
                to.synchronous_send(&Form::of(&part).send(part));
            }
        }
        agree(self.cart, outcome)
    }

    /// The way back: lets `fill` write rows on rank 0, from top to bottom, and gives each rank its part of them.
    ///
    /// # Errors
    ///
    /// The first error of `fill`, which is not called again after it; what the ranks have then has no meaning.
    pub fn scatter<E: ToString>(
        &self,
        mut own: ArrayViewMut2<'_, f64>,
        mut fill: impl FnMut(usize, &mut ArrayRef2<f64>) -> Result<(), E>,
    ) -> Result<(), Failure> {
        let (rank, mut outcome) = (self.cart.rank() as usize, Ok(()));
        let mut buffer = self.pool.as_ref().map(Pool2::lease);
        for (ranks, rows) in self.decomposition.pieces(self.piece_rows) {
            if let Some(buffer) = &mut buffer {
                let mut piece = buffer.slice_mut(s![..rows.len(), ..]);
                if outcome.is_ok() {
                    outcome = fill(rows.start, &mut piece);
                }
                for rank in ranks {
                    let part = piece.slice(s![.., self.decomposition.block(rank).columns]);
                    if rank == 0 {
                        copy_into(&part, &mut own.slice_mut(s![rows.clone(), ..]));
                    } else {
                        let to = self.cart.process_at_rank(rank as i32);
                        to.send(&Form::of(&part).send(part));
                    }
                }
            } else if ranks.contains(&rank) {
                let first = self.decomposition.block(rank).rows.start;
                let part = own.slice_mut(s![rows.start - first..rows.end - first, ..]);
                let form = Form::of(&part);
                self.cart.process_at_rank(0).receive_into(&mut form.receive(part));
            }
        }
        agree(self.cart, outcome)
    }
}
