//! The values of a formula one after another, in the order of a walk through its inputs.

use ndarray::{Axis, Dimension};

use crate::kernel::fused::block::{Block, are_short};
use crate::kernel::fused::flow::Needs;
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::walk::Compute;

/// The list of the one output that the values of a formula are.
pub(super) type ValuesOf<T> = (T, ());

/// The values that are still to come, computed from copies of at most `N` elements where copies are necessary.
pub(super) struct Values<'a, X: Inputs, D: Dimension, const N: usize> {
    flows: X::Flows<'a, D, N>,
    needs: Needs,
    lane_len: usize,
    /// How many values of the current lane were computed.
    seen: usize,
    are_short: bool,
}

impl<'a, X: Inputs, D: Dimension, const N: usize> Values<'a, X, D, N> {
    /// The values of aligned inputs, which have elements, lane after lane along an axis.
    pub(super) fn of(ins: &'a X::Views<'_, D>, along: Axis) -> Self {
        let lens = X::first(ins).map_or(&[][..], |first| first.lens());
        let lane_len = lens.get(along.index()).copied().unwrap_or(1);
        let lanes = lens.iter().product::<usize>() / lane_len;
        let needs = X::needs(ins, along);
        let are_short = are_short(needs, lanes, lane_len) && lane_len <= N;
        Values { flows: X::flows(ins, along), needs, lane_len, seen: 0, are_short }
    }

    /// Computes the next values, as many as `tile` holds.
    pub(super) fn next<T: Copy + 'static>(
        &mut self,
        tile: &mut [T],
        compute: &mut Compute<'_, X, ValuesOf<T>>,
    ) {
        let mut at = 0;
        while at < tile.len() {
            let block = self.block(tile.len() - at);
            let len = block.lanes * block.len;
            X::next(&mut self.flows, block);
            let is_flat = block.flat || !self.needs.flat;
            let lane_len = if is_flat { len } else { block.len };
            compute(&X::current(&self.flows), (&mut tile[at..at + len], ()), lane_len);
            at += len;
        }
    }

    /// The next block of at most `most` values: whole lanes if there is room for one, else a part of one.
    fn block(&mut self, most: usize) -> Block {
        let is_copied = self.needs.tile || self.are_short;
        let most = if is_copied { most.min(N) } else { most };
        if self.seen == 0 && self.lane_len <= most {
            let lanes = if self.needs.lane && !self.are_short { 1 } else { most / self.lane_len };
            return Block { lanes, len: self.lane_len, flat: self.are_short };
        }
        let len = most.min(self.lane_len - self.seen);
        self.seen = (self.seen + len) % self.lane_len;
        Block { lanes: 1, len, flat: false }
    }
}
