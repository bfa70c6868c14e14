//! Filling one block after another from a source: whole blocks, with the overlap in front.

use ndarray::{Array, ArrayRef, Axis, Dimension, Slice};

use super::error::BlockError;
use super::source::RowSource;
use crate::error::PoolError;

/// A source, and what is between one block and the next.
pub(super) struct Filler<S: RowSource> {
    source: S,
    /// How many rows of a block the next one begins with.
    overlap: usize,
    /// Copies of these rows: the loop may have written over them.
    carried: Option<Array<S::Elem, S::Dim>>,
    next_row: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Going,
    Over,
    Failed,
}

/// What a block holds.
#[derive(Clone, Copy)]
pub(super) struct Filled {
    pub(super) rows: usize,
    /// The index of the first of them in the source.
    pub(super) first_row: usize,
    /// How many of them are those of the block before.
    pub(super) overlap: usize,
}

impl<S: RowSource> Filler<S> {
    pub(super) fn new(source: S) -> Self {
        Filler { source, overlap: 0, carried: None, next_row: 0, state: State::Going }
    }

    pub(super) fn overlap(&self) -> usize {
        self.overlap
    }

    /// Whether nothing was read so far.
    pub(super) fn is_new(&self) -> bool {
        self.state == State::Going && self.next_row == 0
    }

    /// While it is new.
    pub(super) fn set_overlap(&mut self, overlap: usize) {
        self.overlap = overlap;
    }

    pub(super) fn is_going(&self) -> bool {
        self.state == State::Going
    }

    /// What a loop says that is going no more.
    pub(super) fn ended(&self) -> Result<Option<Filled>, BlockError> {
        match self.state {
            State::Failed => Err(BlockError::Ended),
            _ => Ok(None),
        }
    }

    /// Fills a block as far as there are rows; `None` if there are no new ones.
    pub(super) fn fill(
        &mut self,
        block: &mut ArrayRef<S::Elem, S::Dim>,
    ) -> Result<Option<Filled>, BlockError> {
        if !self.is_going() {
            return self.ended();
        }
        // A panic of the source is a failure too.
        self.state = State::Failed;
        let (filled, is_over) = self.fill_rows(block)?;
        self.state = if is_over { State::Over } else { State::Going };
        Ok(filled)
    }

    fn fill_rows(
        &mut self,
        block: &mut ArrayRef<S::Elem, S::Dim>,
    ) -> Result<(Option<Filled>, bool), BlockError> {
        let block_rows = block.shape().first().copied().unwrap_or(0);
        if block_rows <= self.overlap {
            return Err(BlockError::FewRows { block_rows, overlap: self.overlap });
        }
        let overlap = if self.next_row == 0 { 0 } else { self.overlap };
        if let (Some(carried), 1..) = (&self.carried, overlap) {
            block.slice_axis_mut(Axis(0), Slice::from(..overlap)).assign(carried);
        }
        let (mut rows, mut is_over) = (overlap, false);
        while rows < block_rows && !is_over {
            let room = block_rows - rows;
            let mut rest = block.slice_axis_mut(Axis(0), Slice::from(rows..));
            let new = self.source.fill(&mut rest)?;
            assert!(
                new <= room,
                "a source says that it filled {new} rows, but had room for {room}"
            );
            (rows, is_over) = (rows + new, new == 0);
        }
        let new = rows - overlap;
        if new == 0 {
            return Ok((None, is_over));
        }
        if self.overlap > 0 && rows >= self.overlap {
            self.carry(block, rows)?;
        }
        let filled = Filled { rows, first_row: self.next_row - overlap, overlap };
        self.next_row += new;
        Ok((Some(filled), is_over))
    }

    /// Keeps the last of the rows, for the block that comes next.
    fn carry(&mut self, block: &ArrayRef<S::Elem, S::Dim>, rows: usize) -> Result<(), BlockError> {
        let last = block.slice_axis(Axis(0), Slice::from(rows - self.overlap..rows));
        if self.carried.is_none() {
            let mut copy = Vec::new();
            copy.try_reserve_exact(last.len()).map_err(|_| PoolError::Refused {
                bytes: last.len() * size_of::<S::Elem>(),
                os_error: None,
            })?;
            copy.resize(last.len(), bytemuck::Zeroable::zeroed());
            self.carried = Array::from_shape_vec(last.raw_dim(), copy).ok();
        }
        if let Some(carried) = &mut self.carried {
            carried.assign(&last);
        }
        Ok(())
    }
}

/// How many bytes so many rows take.
pub(super) fn bytes_of_rows<A, D: Dimension>(shape: &D, rows: usize) -> usize {
    let row = shape.slice().get(1..).unwrap_or(&[]);
    row.iter().fold(size_of::<A>(), |bytes, &len| bytes.saturating_mul(len)).saturating_mul(rows)
}
