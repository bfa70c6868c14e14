//! Inputs as a walk reads them: piece after piece, each as a slice.
//!
//! Where the next elements are contiguous, the slice is their own memory. Elsewhere (lanes with steps, repeated elements,
//! pieces of several short lanes) they are copied to a tile on the stack, which L1 holds.

use ndarray::iter::LanesIter;
use ndarray::{ArrayRef, ArrayView1, Axis, Dimension};

/// An input, of which pieces of at most `N` elements are copied where they have to be.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct Flow<'a, A, D: Dimension, const N: usize> {
    source: Source<'a, A, D>,
    /// Made when it is needed: an array of elements has to be filled.
    tile: Option<[A; N]>,
    now: Now<'a, A>,
}

enum Source<'a, A, D: Dimension> {
    /// What is left of one slice.
    Slice(&'a [A]),
    /// A row that is repeated, the position within it, and the one with which the tile begins.
    Cycle { row: &'a [A], at: usize, tiled: Option<usize> },
    /// Lanes: those that come, the current one, and how many elements of it were shown.
    Lanes {
        others: LanesIter<'a, A, D::Smaller>,
        lane: ArrayView1<'a, A>,
        seen: usize,
        /// How many elements at the front of the tile are the one that the lane repeats.
        repeated: usize,
    },
}

/// The current piece.
enum Now<'a, A> {
    Slice(&'a [A]),
    Tile(usize),
}

/// What flows ask of the pieces of a walk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// Pieces no longer than a tile.
    pub(super) tile: bool,
    /// Pieces that end where a lane ends, because its memory can be read as it is.
    pub(super) lanes: bool,
}

impl Needs {
    pub(super) fn and(self, other: Self) -> Self {
        Needs { tile: self.tile || other.tile, lanes: self.lanes || other.lanes }
    }
}

impl<'a, A: Copy, D: Dimension, const N: usize> Flow<'a, A, D, N> {
    /// The elements of a view that has some, lane after lane along its last axis.
    pub(super) fn of(view: &'a ArrayRef<A, D>, along: Axis) -> Self {
        let source = if let Some(slice) = view.as_slice() {
            Source::Slice(slice)
        } else {
            let mut others = view.lanes(along).into_iter();
            let lane = others.next().expect("there are elements");
            let outer = &view.strides()[..along.index()];
            match lane.to_slice() {
                Some(row) if outer.iter().all(|&step| step == 0) => {
                    Source::Cycle { row, at: 0, tiled: None }
                }
                _ => Source::Lanes { others, lane, seen: 0, repeated: 0 },
            }
        };
        Flow { source, tile: None, now: Now::Tile(0) }
    }

    pub(super) fn needs(&self) -> Needs {
        match &self.source {
            Source::Lanes { lane, .. } => {
                let is_slice = lane.as_slice().is_some();
                Needs { tile: !is_slice, lanes: is_slice }
            }
            _ => Needs::default(),
        }
    }

    /// Moves on to the next `len` elements: at most `N`, unless they are contiguous.
    #[inline]
    pub(super) fn next(&mut self, len: usize) {
        match &mut self.source {
            Source::Slice(left) => {
                let (piece, rest) = left.split_at(len);
                (self.now, *left) = (Now::Slice(piece), rest);
            }
            Source::Lanes { lane, seen, .. }
                if *seen + len <= lane.len()
                    && let Some(slice) = lane.to_slice() =>
            {
                self.now = Now::Slice(&slice[*seen..*seen + len]);
                *seen += len;
                self.end_lane();
            }
            Source::Cycle { row, at, .. } if *at + len <= row.len() => {
                self.now = Now::Slice(&row[*at..*at + len]);
                *at = (*at + len) % row.len();
            }
            _ => self.copy(len),
        }
    }

    #[inline]
    pub(super) fn current(&self) -> &[A] {
        match (&self.now, &self.tile) {
            (Now::Slice(slice), _) => slice,
            (Now::Tile(len), Some(tile)) => &tile[..*len],
            (Now::Tile(_), None) => &[],
        }
    }

    /// Takes the next lane if the current one was shown.
    #[inline]
    fn end_lane(&mut self) {
        if let Source::Lanes { others, lane, seen, repeated } = &mut self.source
            && *seen == lane.len()
            && let Some(next) = others.next()
        {
            (*lane, *seen, *repeated) = (next, 0, 0);
        }
    }

    #[inline(never)]
    fn copy(&mut self, len: usize) {
        self.now = Now::Tile(len);
        match &mut self.source {
            Source::Slice(_) => unreachable!("a slice is never copied"),
            Source::Cycle { row, at, tiled } => {
                // Pieces that begin at the same position see the same tile.
                if *tiled != Some(*at) {
                    *tiled = Some(*at);
                    let tile = self.tile.get_or_insert_with(|| [row[0]; N]);
                    let (late, early) = (&row[*at..], &row[..*at]);
                    let cycle = late.iter().chain(early).cycle();
                    tile.iter_mut().zip(cycle).for_each(|(tile, &x)| *tile = x);
                }
                *at = (*at + len) % row.len();
            }
            Source::Lanes { .. } => self.copy_lanes(len),
        }
    }

    fn copy_lanes(&mut self, len: usize) {
        let mut filled = 0;
        while filled < len {
            let Source::Lanes { lane, seen, repeated, .. } = &mut self.source else { return };
            let part = (lane.len() - *seen).min(len - filled);
            let tile = self.tile.get_or_insert_with(|| [lane[0]; N]);
            let tile = &mut tile[filled..filled + part];
            if lane.strides() == [0] {
                if filled > 0 || part > *repeated {
                    tile.fill(lane[0]);
                    *repeated = if filled == 0 { part } else { 0 };
                }
            } else if let Some(slice) = lane.to_slice() {
                tile.copy_from_slice(&slice[*seen..*seen + part]);
            } else {
                let elements = lane.slice_axis(Axis(0), (*seen..).into());
                tile.iter_mut().zip(elements).for_each(|(tile, &x)| *tile = x);
            }
            filled += part;
            *seen += part;
            self.end_lane();
        }
    }
}
