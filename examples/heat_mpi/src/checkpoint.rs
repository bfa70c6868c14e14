//! The temperatures in a `.npy` file, which is whole under its name or not there; and back, on any number of ranks.
//!
//! Rank 0 alone touches the file, so machines need not share a file system.

use std::path::Path;

use mpi::topology::SimpleCommunicator;
use mpi::traits::*;
use ndarray::{ArrayView2, ArrayViewMut2, Ix2};
use ndarray_pool::blocks::{BlockError, NpyRows, NpyWriter, RowSource};
use ndarray_pool::fused;

use crate::failure::{Failure, agree};
use crate::rows::Rows;

/// Finds out whether a file can be written here, before there is anything to write.
pub fn check(ranks: &impl CommunicatorCollectives, path: &Path) -> Result<(), Failure> {
    agree(ranks, create(ranks, path)).map(drop)
}

/// Writes the state of all ranks. Until that is done the old file stays, whoever dies meanwhile.
pub fn save(rows: &Rows<'_>, own: ArrayView2<'_, f64>, path: &Path) -> Result<(), Failure> {
    let mut out = agree(rows.cart, create(rows.cart, path))?;
    rows.gather(own, |_, piece| out.as_mut().map_or(Ok(()), |out| out.write(piece)))?;
    agree(rows.cart, out.map_or(Ok(()), NpyWriter::finish))
}

/// The writer, on rank 0.
fn create(
    ranks: &impl CommunicatorCollectives,
    path: &Path,
) -> Result<Option<NpyWriter>, BlockError> {
    (ranks.rank() == 0).then(|| NpyWriter::create(path)).transpose()
}

/// A checkpoint to start from.
pub struct Source {
    /// Rows and columns.
    pub grid: [usize; 2],
    /// On rank 0.
    file: Option<NpyRows<f64, Ix2>>,
}

impl Source {
    /// Opens a file, which must have the grid that was asked for, if one was.
    pub fn open(
        ranks: &SimpleCommunicator,
        path: &Path,
        wanted: Option<[usize; 2]>,
    ) -> Result<Self, Failure> {
        let open = || -> Result<_, String> {
            let file = NpyRows::<f64, Ix2>::open(path).map_err(|error| error.to_string())?;
            let (found, name) = (grid_of(&file), path.display());
            let [rows, columns] = found;
            if found.contains(&0) {
                return Err(format!("{name} has a grid of {rows} × {columns}: no cells"));
            }
            match wanted.filter(|&wanted| wanted != found) {
                Some([down, across]) => Err(format!(
                    "{name} has a grid of {rows} × {columns}, but --rows and --cols ask for {down} × {across}"
                )),
                None => Ok(file),
            }
        };
        let file = agree(ranks, (ranks.rank() == 0).then(open).transpose())?;
        let mut grid = file.as_ref().map_or([0; 2], grid_of);
        ranks.process_at_rank(0).broadcast_into(&mut grid);
        Ok(Source { grid, file })
    }

    /// Gives each rank its part.
    pub fn read(mut self, rows: &Rows<'_>, own: ArrayViewMut2<'_, f64>) -> Result<(), Failure> {
        rows.scatter(own, |first, piece| {
            let Some(file) = &mut self.file else { return Ok(()) };
            file.fill(piece)?;
            match fused!(all | piece | f64::is_finite(piece)) {
                true => Ok(()),
                false => {
                    let last = first + piece.nrows() - 1;
                    let what = format!("there is a NaN or an infinity in rows {first} to {last}");
                    Err(BlockError::Source(what.into()))
                }
            }
        })
    }
}

fn grid_of(file: &NpyRows<f64, Ix2>) -> [usize; 2] {
    [file.shape()[0], file.shape()[1]]
}
