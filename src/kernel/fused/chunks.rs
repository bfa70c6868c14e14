//! Inputs as the loop of a reduction reads them: up to [`FUSED_ROWS`] slices at once, in chunks of `W` elements.
//!
//! ```text
//! Flat      elements one after another, whatever the lanes: blocks of them, in place or copied to the stack
//! Below     lanes below one another: some of them at once, as rows
//! ```

use std::ops::Range;

use ndarray::{ArrayView, ArrayView1, Axis, Dimension, s};

use crate::kernel::engine::tuning::FUSED_ROWS;
use crate::kernel::fused::lanes::LanesOf;

/// Rows of an input.
#[derive(Debug)]
pub struct Rows<'s, A> {
    rows: [&'s [A]; FUSED_ROWS],
    /// From the first chunk for one array of accumulators to that for the next; zero in rows of one repeated chunk.
    step: usize,
}

impl<A> Clone for Rows<'_, A> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Rows<'_, A> {}

impl<'s, A> Rows<'s, A> {
    /// Rows of a slice that begin `below` elements apart.
    fn of(slice: &'s [A], below: usize, step: usize) -> Self {
        Rows { rows: std::array::from_fn(|row| slice.get(row * below..).unwrap_or(&[])), step }
    }

    /// The `count` chunks of a row for accumulators `place`, of which the first begins at `last` at the latest.
    #[inline(always)]
    pub(super) fn chunks<const W: usize>(
        &self,
        row: usize,
        place: usize,
        last: usize,
        count: usize,
    ) -> &'s [[A; W]] {
        self.rows[row][(place * self.step).min(last)..][..count * W].as_chunks().0
    }
}

/// The elements of a view, lane after lane. Blocks of at most `N` elements are copied unless they are one slice.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct Flat<'a, A, D: Dimension, const N: usize, const W: usize> {
    /// What is left, if all lanes are one slice.
    whole: Option<&'a [A]>,
    others: LanesOf<'a, A, D>,
    /// What is left of the current lane.
    lane: ArrayView1<'a, A>,
    lane_len: usize,
    /// Whether all lanes are the same memory.
    are_same: bool,
    /// How many elements from the beginning of such a lane on are in the tile.
    reusable: usize,
    /// The current block, unless it is in the tile.
    now: &'a [A],
    len: usize,
    in_tile: bool,
    tile: Option<[A; N]>,
    /// The end of a block, and repetitions of its last element.
    tail: Option<[A; W]>,
}

impl<'a, A: Copy, D: Dimension, const N: usize, const W: usize> Flat<'a, A, D, N, W> {
    /// The elements of a view that has some.
    #[inline(never)]
    pub(super) fn of(view: &'a ArrayView<'_, A, D>, along: Axis) -> Self {
        let mut others = LanesOf::new(view, along);
        let lane = others.next().expect("there are elements");
        let mut outer = view.shape().iter().zip(view.strides()).take(along.index());
        Flat {
            whole: view.as_slice(),
            others,
            lane_len: lane.len(),
            lane,
            are_same: outer.all(|(&len, &step)| len == 1 || step == 0),
            reusable: 0,
            now: &[],
            len: 0,
            in_tile: false,
            tile: None,
            tail: None,
        }
    }

    /// Whether blocks may be of any length.
    pub(super) fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Moves on to the block of the next `len` elements.
    #[inline(never)]
    pub(super) fn next(&mut self, len: usize) {
        (self.len, self.in_tile) = (len, false);
        if let Some(left) = &mut self.whole {
            (self.now, *left) = left.split_at(len);
            return;
        }
        let is_lanes =
            self.lane.len().is_multiple_of(self.lane_len) && len.is_multiple_of(self.lane_len);
        if is_lanes && len <= self.reusable {
            self.in_tile = true;
            return;
        }
        self.reusable = if self.are_same && is_lanes { len } else { 0 };
        let mut copied = 0;
        while copied < len {
            if self.lane.is_empty() {
                self.lane = self.others.next().expect("as many elements as the first input has");
            }
            let piece = self.lane.len().min(len - copied);
            let (now, left) = self.lane.split_at(Axis(0), piece);
            self.lane = left;
            if piece == len
                && let Some(slice) = now.to_slice()
            {
                (self.now, self.reusable) = (slice, 0);
                return;
            }
            let tile = self.tile.get_or_insert_with(|| [now[0]; N]);
            let tile = &mut tile[copied..copied + piece];
            match (now.to_slice(), now.strides()) {
                (Some(slice), _) => tile.copy_from_slice(slice),
                (None, [0]) => tile.fill(now[0]),
                (None, _) => tile.iter_mut().zip(now).for_each(|(tile, &x)| *tile = x),
            }
            copied += piece;
        }
        self.in_tile = true;
    }

    fn block(&self) -> &[A] {
        match &self.tile {
            Some(tile) if self.in_tile => &tile[..self.len],
            _ => self.now,
        }
    }

    /// The current block from number `from` on, as rows that begin `below` elements apart.
    #[inline(never)]
    pub(super) fn rows(&self, from: usize, below: usize, step: usize) -> Rows<'_, A> {
        Rows::of(&self.block()[from..], below, step)
    }

    /// Makes the elements of the current block from number `from` on, less than `W`, a chunk.
    #[inline(never)]
    pub(super) fn cut_tail(&mut self, from: usize) {
        let end = &self.block()[from..];
        let mut tail = [*end.last().expect("a tail has elements"); W];
        tail[..end.len()].copy_from_slice(end);
        self.tail = Some(tail);
    }

    /// That chunk.
    #[inline(never)]
    pub(super) fn tail(&self) -> Rows<'_, A> {
        Rows::of(self.tail.as_ref().map_or(&[], |tail| tail), W, 0)
    }
}

/// The elements `columns` of the lanes of a view, of which some are read at once. Lanes with steps are copied; together
/// they have at most `N` elements.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct Below<'a, A, D: Dimension, const N: usize, const W: usize> {
    lanes: LanesOf<'a, A, D>,
    columns: Range<usize>,
    kind: Kind,
    /// What is left from `columns.start` on, if all lanes are one slice.
    left: &'a [A],
    /// The length of a lane.
    apart: usize,
    /// The current lanes.
    slices: [&'a [A]; FUSED_ROWS],
    repeated: Option<[[A; W]; FUSED_ROWS]>,
    tile: Option<[A; N]>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// All lanes are one slice.
    Whole,
    Slices,
    Repeated,
    Copied,
}

impl Kind {
    fn of<A, D: Dimension>(view: &ArrayView<'_, A, D>, lane: &ArrayView1<'_, A>) -> Self {
        match (lane.to_slice(), lane.strides()) {
            _ if view.is_standard_layout() => Kind::Whole,
            (Some(_), _) => Kind::Slices,
            (None, [0]) => Kind::Repeated,
            (None, _) => Kind::Copied,
        }
    }
}

/// Whether the lanes of a view that has elements would be copied.
#[inline(never)]
pub(super) fn are_copied<A, D: Dimension>(view: &ArrayView<'_, A, D>, along: Axis) -> bool {
    let first = LanesOf::new(view, along).next();
    first.is_some_and(|lane| Kind::of(view, &lane) == Kind::Copied)
}

impl<'a, A: Copy, D: Dimension, const N: usize, const W: usize> Below<'a, A, D, N, W> {
    #[inline(never)]
    pub(super) fn of(view: &'a ArrayView<'_, A, D>, along: Axis, columns: Range<usize>) -> Self {
        let lane = LanesOf::new(view, along).next().expect("there are elements");
        Below {
            lanes: LanesOf::new(view, along), // from the first lane on
            kind: Kind::of(view, &lane),
            left: view.as_slice().map_or(&[], |slice| &slice[columns.start..]),
            apart: lane.len(),
            slices: [&[]; FUSED_ROWS],
            repeated: None,
            tile: None,
            columns,
        }
    }

    /// Moves on to the next `count` lanes.
    #[inline(never)]
    pub(super) fn next(&mut self, count: usize) {
        let Range { start, end } = self.columns;
        if self.kind == Kind::Whole {
            for (row, slice) in self.slices[..count].iter_mut().enumerate() {
                *slice = &self.left[row * self.apart..];
            }
            self.left = self.left.get(count * self.apart..).unwrap_or(&[]);
            return;
        }
        for row in 0..count {
            let lane = self.lanes.next().expect("as many lanes as the first input has");
            match lane.to_slice() {
                Some(slice) => self.slices[row] = &slice[start..end],
                None if self.kind == Kind::Repeated => {
                    let first = lane[0];
                    self.repeated.get_or_insert([[first; W]; FUSED_ROWS])[row].fill(first);
                }
                None => {
                    let tile = self.tile.get_or_insert_with(|| [lane[0]; N]);
                    let tile = &mut tile[row * (end - start)..][..end - start];
                    let lane = lane.slice_move(s![start..end]);
                    tile.iter_mut().zip(lane).for_each(|(tile, &x)| *tile = x);
                }
            }
        }
    }

    /// The lanes to which [`next`](Self::next) has moved.
    #[inline(never)]
    pub(super) fn rows(&self) -> Rows<'_, A> {
        match (self.kind, &self.repeated, &self.tile) {
            (Kind::Repeated, Some(elements), _) => {
                let rows = elements.each_ref().map(|element| &element[..]);
                Rows { rows, step: 0 }
            }
            (Kind::Copied, _, Some(tile)) => Rows::of(tile, self.columns.len(), W),
            _ => Rows { rows: self.slices, step: W },
        }
    }
}
