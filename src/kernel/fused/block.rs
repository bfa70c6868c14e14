//! A block of a formula: some lanes of equal length, contiguous in the outputs, which one call of the loop computes.

use std::slice;

use ndarray::{ArrayView1, IndexLonger};

use crate::kernel::engine::tuning::{FUSED_SPLAT_BYTES, MIN_FUSED_LANE};
use crate::kernel::fused::flow::Needs;

/// The size of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// How many lanes.
    pub(super) lanes: usize,
    /// The length of each, or of a part of a single one.
    pub(super) len: usize,
    /// Whether they are computed as one long lane, for which operands are copied where necessary.
    pub(super) flat: bool,
}

/// The blocks of a span of `lanes` lanes.
pub(super) struct Blocks {
    most: Block,
    head: usize,
    lane_len: usize,
    /// How many elements of the current lane are left.
    lane_left: usize,
    lanes_left: usize,
}

impl Blocks {
    /// Blocks of at most `tile` elements if they need a tile. If lanes are longer, the first block has `head` elements,
    /// behind which a cache line begins.
    pub(super) fn of(
        needs: Needs,
        lanes: usize,
        lane_len: usize,
        tile: usize,
        head: usize,
    ) -> Self {
        let flat = are_short(needs, lanes, lane_len) && lane_len <= tile;
        let most_lanes = match needs.tile || flat {
            true => tile / lane_len,
            false => lanes,
        };
        let most = Block {
            lanes: if needs.lane && !flat { 1 } else { most_lanes.max(1) },
            len: if needs.tile { tile } else { lane_len },
            flat,
        };
        Blocks { most, head, lane_len, lane_left: lane_len, lanes_left: lanes }
    }
}

/// Whether lanes are so short that copies of many are computed faster.
pub(super) fn are_short(needs: Needs, lanes: usize, lane_len: usize) -> bool {
    needs.flat && lanes > 1 && lane_len < MIN_FUSED_LANE
}

impl Iterator for Blocks {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        if self.lanes_left == 0 {
            return None;
        }
        if self.lane_left == self.lane_len && self.lane_len <= self.most.len {
            let lanes = self.most.lanes.min(self.lanes_left);
            self.lanes_left -= lanes;
            return Some(Block { lanes, len: self.lane_len, flat: self.most.flat });
        }
        let most = match std::mem::take(&mut self.head) {
            0 => self.most.len,
            head => head.min(self.most.len),
        };
        let len = most.min(self.lane_left);
        self.lane_left -= len;
        if self.lane_left == 0 {
            (self.lane_left, self.lanes_left) = (self.lane_len, self.lanes_left - 1);
        }
        Some(Block { lanes: 1, len, flat: false })
    }
}

/// The lanes of an input within a block: slices of one slice, or one repeated element each.
#[derive(Debug)]
pub struct Lanes<'s, A> {
    pub(super) slice: &'s [A],
    /// From the beginning of a lane to that of the next.
    pub(super) step: usize,
    /// From one element of a lane to the next: 1, or 0 if a lane is one repeated element. (A whole word, because `bool`
    /// with its padding is copied in pieces, for which the processor waits.)
    pub(super) inner: usize,
}

impl<A> Clone for Lanes<'_, A> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Lanes<'_, A> {}

impl<'s, A: Copy> Lanes<'s, A> {
    /// A single lane.
    #[inline(always)]
    pub(super) fn one(slice: &'s [A]) -> Self {
        Lanes { slice, step: 0, inner: 1 }
    }

    /// A single lane, which is contiguous or repeats an element, and is not empty.
    #[inline(always)]
    pub(super) fn of(lane: &ArrayView1<'s, A>) -> Self {
        match lane.to_slice() {
            Some(slice) => Lanes::one(slice),
            None => Lanes { slice: slice::from_ref(lane.index(0)), step: 0, inner: 0 },
        }
    }

    /// Whether lanes are one repeated element.
    #[inline(always)]
    pub(super) fn repeats(&self) -> bool {
        self.inner == 0
    }

    /// A single lane, not of one element, in two parts.
    pub(super) fn split(self, at: usize) -> (Self, Self) {
        let (early, late) = self.slice.split_at(at);
        (Lanes::one(early), Lanes::one(late))
    }

    /// The elements `from..from + len` of a lane. If the lane repeats an element, `len` is at most `N`, and
    /// the first part comes first.
    #[inline(always)]
    pub(super) fn part<'p, const N: usize>(
        &'p self,
        splat: &'p mut Splat<A, N>,
        lane: usize,
        from: usize,
        len: usize,
    ) -> &'p [A] {
        if !self.repeats() {
            return &self.slice[lane * self.step + from..][..len];
        }
        let element = self.slice[lane * self.step];
        let Aligned(splat) = splat.0.get_or_insert(Aligned([element; N]));
        if from == 0 {
            splat[..len].fill(element);
        }
        &splat[..len]
    }
}

/// One element, repeated, for the loop to read as a slice. (Aligned, because vectors that are read shortly after they
/// were written must not cross cache lines.)
#[derive(Debug)]
pub struct Splat<A, const N: usize>(Option<Aligned<[A; N]>>);

#[derive(Debug)]
#[repr(align(64))]
struct Aligned<T>(T);

impl<A, const N: usize> Default for Splat<A, N> {
    #[inline(always)]
    fn default() -> Self {
        Splat(None)
    }
}

/// How many elements of a lane are computed at once if any input repeats its element, of which buffers hold `most`.
pub(super) const fn splat_len(largest_bytes: usize, most: usize) -> usize {
    match FUSED_SPLAT_BYTES.checked_div(largest_bytes) {
        Some(0) => 1,
        Some(len) if len < most => len,
        _ => most,
    }
}
