//! The plate as a PNG: each pixel is a cell, or of a large plate every second, third, … cell.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use mpi::traits::*;
use ndarray::{ArrayRef2, ArrayView2};
use png::{BitDepth, ColorType, Encoder, EncodingError, StreamWriter};

use crate::failure::{Failure, agree};
use crate::rows::Rows;

/// The longer side at most, in pixels.
const LONGEST: usize = 1024;

/// Colours from cold to hot, evenly spaced; the hotter the brighter, so it reads in grey as well.
const COLOURS: [[f64; 3]; 5] =
    [[8., 8., 32.], [80., 20., 110.], [190., 50., 80.], [250., 140., 30.], [255., 250., 190.]];

/// A picture that is to be drawn.
pub struct Picture {
    path: PathBuf,
    /// One pixel for so many cells.
    step: usize,
    /// On rank 0.
    out: Option<StreamWriter<'static, BufWriter<File>>>,
}

impl Picture {
    /// Opens the file: before hours of work, so that it fails before them.
    pub fn create(rows: &Rows<'_>, path: &Path) -> Result<Self, Failure> {
        let grid = rows.decomposition.grid();
        let step = grid[0].max(grid[1]).div_ceil(LONGEST);
        let [height, width] = grid.map(|cells| cells.div_ceil(step) as u32);
        let open = || {
            let mut encoder = Encoder::new(BufWriter::new(File::create(path)?), width, height);
            encoder.set_color(ColorType::Rgb);
            encoder.set_depth(BitDepth::Eight);
            encoder.write_header()?.into_stream_writer()
        };
        let out = (rows.cart.rank() == 0).then(open).transpose();
        let out = agree(rows.cart, out.map_err(|error| failed(path, error)))?;
        Ok(Picture { path: path.into(), step, out })
    }

    /// Draws the state of all ranks.
    pub fn draw(mut self, rows: &Rows<'_>, own: ArrayView2<'_, f64>) -> Result<(), Failure> {
        rows.gather(own, |first, piece| match &mut self.out {
            Some(out) => write(out, piece, first, self.step)
                .map_err(|error| failed(&self.path, error.into())),
            None => Ok(()),
        })?;
        let end = self.out.map_or(Ok(()), StreamWriter::finish);
        agree(rows.cart, end.map_err(|error| failed(&self.path, error)))
    }
}

fn failed(path: &Path, error: EncodingError) -> String {
    format!("cannot write {}: {error}", path.display())
}

/// Writes the pixels of rows of which the first has this index.
fn write(out: &mut impl Write, rows: &ArrayRef2<f64>, first: usize, step: usize) -> io::Result<()> {
    for row in rows.rows().into_iter().skip((step - first % step) % step).step_by(step) {
        for &heat in row.iter().step_by(step) {
            out.write_all(&colour(heat))?;
        }
    }
    Ok(())
}

fn colour(heat: f64) -> [u8; 3] {
    let at = heat.clamp(0.0, 1.0) * (COLOURS.len() - 1) as f64;
    let below = (at as usize).min(COLOURS.len() - 2);
    let [from, to] = [COLOURS[below], COLOURS[below + 1]];
    [0, 1, 2].map(|i| (from[i] + (at - below as f64) * (to[i] - from[i])).round() as u8)
}
