//! Inputs as a walk reads them: block after block, each as [`Lanes`].
//!
//! Where lanes are contiguous, or repeat an element, these are the input's own memory. Elsewhere (lanes with steps, or
//! short ones) a block is copied to a tile on the stack, which L1 holds.

use ndarray::{ArrayView, ArrayView1, Axis, Dimension};

use crate::kernel::fused::block::{Block, Lanes};
use crate::kernel::fused::lanes::LanesOf;

/// An input, of which blocks of at most `N` elements are copied where they have to be.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct Flow<'a, A, D: Dimension, const N: usize> {
    source: Source<'a, A, D>,
    lane_len: usize,
    /// How many elements of the current lane were shown.
    seen: usize,
    /// The current block, if it is in place.
    now: Lanes<'a, A>,
    /// How many elements of the tile are the current block; zero if it is in place.
    in_tile: usize,
    /// Made when it is needed: an array of elements has to be filled.
    tile: Option<[A; N]>,
}

enum Source<'a, A, D: Dimension> {
    /// What is left of lanes that lie in one slice, equally far apart.
    Regular(Lanes<'a, A>),
    /// Other lanes: those that come, and the current one.
    Apart { others: LanesOf<'a, A, D>, lane: ArrayView1<'a, A> },
}

/// What flows ask of the blocks of a walk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// Blocks of one lane, or copied.
    pub(super) lane: bool,
    /// Blocks no larger than a tile.
    pub(super) tile: bool,
    /// Copies, if lanes are short.
    pub(super) flat: bool,
}

impl Needs {
    /// The needs of a view that has elements, lane after lane along its last axis.
    #[inline(never)]
    pub(super) fn of<A: Copy, D: Dimension>(view: &ArrayView<'_, A, D>, along: Axis) -> Self {
        let lane = view.lanes(along).into_iter().next().expect("there are elements");
        match regular(view, along) {
            Some(lanes) => Needs { flat: !is_flat(&lanes, lane.len()), ..Needs::default() },
            None => Needs { lane: true, tile: !matches!(lane.strides(), [0 | 1]), flat: true },
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Needs {
            lane: self.lane || other.lane,
            tile: self.tile || other.tile,
            flat: self.flat || other.flat,
        }
    }
}

impl<'a, A: Copy, D: Dimension, const N: usize> Flow<'a, A, D, N> {
    /// The elements of a view that has some, lane after lane along its last axis.
    #[inline(never)]
    pub(super) fn of(view: &'a ArrayView<'_, A, D>, along: Axis) -> Self {
        let mut others = LanesOf::new(view, along);
        let lane = others.next().expect("there are elements");
        let lane_len = lane.len();
        let source = match regular(view, along) {
            Some(lanes) => Source::Regular(lanes),
            None => Source::Apart { others, lane },
        };
        Flow { source, lane_len, seen: 0, now: Lanes::one(&[]), in_tile: 0, tile: None }
    }

    /// Moves on to the next block: some lanes, or a part of one.
    #[inline(never)]
    pub(super) fn next(&mut self, block: Block) {
        match &mut self.source {
            Source::Regular(lanes) if !block.flat || is_flat(lanes, self.lane_len) => {
                let from = if lanes.repeats() { 0 } else { self.seen };
                (self.now, self.in_tile) = (Lanes { slice: &lanes.slice[from..], ..*lanes }, 0);
                self.seen += block.len;
                if self.seen == self.lane_len {
                    self.seen = 0;
                    lanes.slice = lanes.slice.get(block.lanes * lanes.step..).unwrap_or(&[]);
                }
            }
            Source::Apart { lane, .. } if !block.flat && matches!(lane.strides(), [0 | 1]) => {
                let lanes = Lanes::of(lane);
                let from = if lanes.repeats() { 0 } else { self.seen };
                (self.now, self.in_tile) = (Lanes { slice: &lanes.slice[from..], ..lanes }, 0);
                self.seen += block.len;
                self.end_lane();
            }
            _ => self.copy(block),
        }
    }

    #[inline]
    pub(super) fn current(&self) -> Lanes<'_, A> {
        match &self.tile {
            Some(tile) if self.in_tile > 0 => Lanes::one(&tile[..self.in_tile]),
            _ => self.now,
        }
    }

    /// Takes the next lane if the current one was shown.
    #[inline]
    fn end_lane(&mut self) {
        if let Source::Apart { others, lane } = &mut self.source
            && self.seen == lane.len()
        {
            self.seen = 0;
            if let Some(next) = others.next() {
                *lane = next;
            }
        }
    }

    /// Copies the next block, which has at most `N` elements.
    #[inline(never)]
    fn copy(&mut self, block: Block) {
        let len = block.lanes * block.len;
        let in_tile = std::mem::replace(&mut self.in_tile, len);
        if let Source::Regular(lanes) = &mut self.source {
            if lanes.step == 0 && len <= in_tile {
                return; // the same lane again and again
            }
            let tile = self.tile.get_or_insert_with(|| [lanes.slice[0]; N]);
            for (k, tile) in tile[..len].chunks_exact_mut(block.len).enumerate() {
                let from = k * lanes.step;
                match lanes.repeats() {
                    true => tile.fill(lanes.slice[from]),
                    false => tile.copy_from_slice(&lanes.slice[from..][..block.len]),
                }
            }
            lanes.slice = lanes.slice.get(block.lanes * lanes.step..).unwrap_or(&[]);
            return;
        }
        for at in (0..len).step_by(block.len) {
            let Source::Apart { lane, .. } = &self.source else { return };
            let tile = self.tile.get_or_insert_with(|| [lane[0]; N]);
            let part = lane.slice_axis(Axis(0), (self.seen..self.seen + block.len).into());
            tile[at..].iter_mut().zip(part).for_each(|(tile, &x)| *tile = x);
            self.seen += block.len;
            self.end_lane();
        }
    }
}

/// The lanes of a view as slices of one slice, or as its elements, if they are equally far apart.
#[inline(never)]
pub(super) fn regular<'a, A: Copy, D: Dimension>(
    view: &'a ArrayView<'_, A, D>,
    along: Axis,
) -> Option<Lanes<'a, A>> {
    let lane = view.lanes(along).into_iter().next()?;
    if let Some(slice) = view.as_slice() {
        return Some(Lanes { slice, step: lane.len(), inner: 1 });
    }
    let repeats = lane.strides() == [0];
    if view.strides()[..along.index()].iter().all(|&step| step == 0) {
        return matches!(lane.strides(), [0 | 1]).then(|| Lanes::of(&lane));
    }
    if !repeats {
        return None;
    }
    let mut column = view.view();
    column.collapse_axis(along, 0);
    column.to_slice().map(|slice| Lanes { slice, step: 1, inner: 0 })
}

/// Whether all lanes are one slice.
fn is_flat<A: Copy>(lanes: &Lanes<'_, A>, lane_len: usize) -> bool {
    !lanes.repeats() && lanes.step == lane_len
}
