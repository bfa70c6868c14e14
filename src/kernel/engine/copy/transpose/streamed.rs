//! Transposing copies with streaming stores: a cache line of each column of the output in turn.

use std::iter::StepBy;
use std::ops::Range;
use std::{array, mem};

use super::{Plane, blocks};
use crate::kernel::engine::cpu::stream::Stream;
use crate::kernel::engine::tuning::TRANSPOSED_COLUMNS;

/// The most rows between a cache line and the next one but one: of elements of four bytes.
const MOST_NEAR: usize = 32;

impl Plane {
    /// [`copy`](Self::copy) with streaming stores.
    pub(super) fn stream<'a, A: Copy + 'static>(
        self,
        part: impl Fn(usize, &Range<usize>) -> &'a [A],
        out: &mut Stream<'_, A>,
    ) {
        match mem::size_of::<A>() {
            4 => self.stream_lines::<A, 16>(part, out),
            8 => self.stream_lines::<A, 8>(part, out),
            _ => self.stream_lines::<A, 4>(part, out),
        }
    }

    /// [`stream`](Self::stream) for elements of which a cache line holds `LINE`.
    ///
    /// The lines of every `period`-th column begin at the same rows. These columns are written one after another, so that
    /// the rows they are read from do not change from line to line.
    fn stream_lines<'a, A: Copy + 'static, const LINE: usize>(
        self,
        part: impl Fn(usize, &Range<usize>) -> &'a [A],
        out: &mut Stream<'_, A>,
    ) {
        let period = LINE >> self.out_step.trailing_zeros().min(LINE.trailing_zeros());
        let mut near: [&[A]; MOST_NEAR] = [&[]; MOST_NEAR];
        for columns in blocks(self.columns, TRANSPOSED_COLUMNS) {
            for row in (0..self.rows + LINE).step_by(LINE) {
                let rows = row.saturating_sub(LINE)..(row + LINE).min(self.rows);
                let near = &mut near[..rows.len()];
                near.iter_mut().zip(rows.clone()).for_each(|(x, row)| *x = part(row, &columns));
                for at in 0..period.min(columns.len()) {
                    let start = self.out_start + (columns.start + at) * self.out_step;
                    let ahead = out.to_line(start);
                    // Up to the first cache line, then line by line.
                    let from = if row == 0 { 0 } else { row - LINE + ahead };
                    let to = (row + ahead).min(self.rows);
                    if from < to {
                        let near = &near[from - rows.start..to - rows.start];
                        let every = (at..columns.len()).step_by(period);
                        let step = self.out_step * period;
                        stream_columns::<A, LINE>(near, every, start + from, step, out);
                    }
                }
            }
        }
    }
}

/// Streams elements of these rows in some of their columns: those of the first to `place`, of each next one `step`
/// further.
#[inline(always)]
fn stream_columns<A: Copy + 'static, const LINE: usize>(
    rows: &[&[A]],
    columns: StepBy<Range<usize>>,
    place: usize,
    step: usize,
    out: &mut Stream<'_, A>,
) {
    let pairs = columns.zip((place..).step_by(step));
    if let Ok(rows) = <[&[A]; LINE]>::try_from(rows) {
        let rows = rows.map(|row| &row[..rows[0].len()]);
        for (column, place) in pairs {
            out.line(place, &array::from_fn::<_, LINE, _>(|k| rows[k][column]));
        }
        return;
    }
    for (column, place) in pairs {
        let mut edge = [rows[0][column]; LINE];
        let edge = &mut edge[..rows.len()];
        edge.iter_mut().zip(rows).for_each(|(edge, row)| *edge = row[column]);
        out.copy(place..place + edge.len(), edge);
    }
}
