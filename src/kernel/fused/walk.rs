//! The walk of a formula through its operands: as few and as long slices as the layouts allow.
//!
//! ```text
//! all operands are contiguous in one order    one slice
//! otherwise                                   align the axes; for each span of the outputs (a lane, or all of them):
//!                                                 for each block of lanes: compute it from the inputs' own memory, or
//!                                                 from copies on the stack
//! ```
//!
//! Nothing here is compiled for an instruction set, nor knows the formula: the loop over a block is called through an
//! object, once for each block.

use ndarray::{Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::cpu::stream::{self, Footprint, LINE_BYTES};
use crate::kernel::engine::tuning::{
    FUSED_TILE, MAX_BUFFERED_ELEMENT_BYTES, MIN_ALIGNED_LEN, STREAMED_SHARE,
};
use crate::kernel::fused::block::{Blocks, are_short};
use crate::kernel::fused::flow::Needs;
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::order::{Operands, align};
use crate::kernel::fused::outputs::{OutputList, Outputs};
use crate::kernel::fused::sink::Streams;

/// The loop over a block: it computes as many elements as the outputs have, in lanes of a length.
pub(super) type Compute<'k, X, E> =
    dyn for<'i, 'o> FnMut(&<X as Inputs>::Blocks<'i>, <E as OutputList>::Lent<'o>, usize) + 'k;

/// Writes all elements of the outputs, of which those with a bit in `own` are read as well. All operands have the same
/// shape.
#[inline(never)]
pub(super) fn outputs<X, E, D>(
    mut outs: E::Views<'_, D>,
    ins: X::Views<'_, D>,
    own: u8,
    compute: &mut Compute<'_, X, E>,
) where
    X: Inputs,
    E: Outputs,
    D: Dimension,
{
    if E::first(&outs).lens().contains(&0) {
        return;
    }
    let mut footprint = Footprint::default();
    E::add_to(&outs, &mut footprint);
    let out_bytes = footprint.bytes();
    X::add_to(&ins, &mut footprint);
    // A streamed output is written to the stack first, which takes longer than it saves if more is read.
    let saves = footprint.bytes() <= STREAMED_SHARE.saturating_mul(out_bytes);
    let streams = Streams { operand_bytes: if saves { footprint.bytes() } else { 0 }, own };
    let steps = E::first(&outs).steps();
    if !E::any_streams(streams)
        && E::are_slices(&outs, steps)
        && let Some(slices) = X::slices(&ins, steps)
    {
        return one_slice::<X, E>(E::slices(&mut outs), slices, compute);
    }
    let mut all = All::<X, E, D> { outs, ins };
    let walk = Walk::of(&mut all, streams);
    if !walk.copies {
        walk.in_place::<X, E, D>(all, compute);
    } else if const { largest_bytes::<X, E>() <= MAX_BUFFERED_ELEMENT_BYTES } {
        walk.in_blocks::<X, E, D, FUSED_TILE>(all, compute);
    } else {
        walk.in_blocks::<X, E, D, 1>(all, compute);
    }
}

const fn largest_bytes<X: Inputs, E: Outputs>() -> usize {
    if X::LARGEST_BYTES > E::LARGEST_BYTES { X::LARGEST_BYTES } else { E::LARGEST_BYTES }
}

struct All<'i, 'o, X: Inputs, E: Outputs, D: Dimension> {
    outs: E::Views<'o, D>,
    ins: X::Views<'i, D>,
}

impl<X: Inputs, E: Outputs, D: Dimension> Operands for All<'_, '_, X, E, D> {
    fn first(&self) -> &dyn Axes {
        E::first(&self.outs)
    }

    fn each(&self, see: &mut dyn FnMut(&dyn Axes)) {
        E::each(&self.outs, see);
        X::each(&self.ins, see);
    }

    fn each_mut(&mut self, change: &mut dyn FnMut(&mut dyn Axes)) {
        E::each_mut(&mut self.outs, change);
        X::each_mut(&mut self.ins, change);
    }
}

/// All at once, but for the elements before the first cache line of the output: from there on each store of a vector
/// stays within a line.
fn one_slice<X: Inputs, E: Outputs>(
    outs: E::Lent<'_>,
    ins: X::Blocks<'_>,
    compute: &mut Compute<'_, X, E>,
) {
    let ((_, len), head) = (E::place(&outs), before_line::<E>(&outs));
    if head == 0 {
        return compute(&ins, outs, len);
    }
    let ((early, late), (early_ins, late_ins)) = (E::split(outs, head), X::split(ins, head));
    compute(&early_ins, early, head);
    compute(&late_ins, late, len - head);
}

/// How many elements of the first output lie before its first cache line; zero if it is too short to gain.
fn before_line<E: Outputs>(outs: &E::Lent<'_>) -> usize {
    let ((addr, len), bytes) = (E::place(outs), size_of::<E::P>());
    let gains = bytes >= 4 && len >= MIN_ALIGNED_LEN && addr.is_multiple_of(bytes);
    if gains { addr.wrapping_neg() % LINE_BYTES / bytes } else { 0 }
}

/// How operands that are not one slice are walked.
struct Walk {
    along: Axis,
    lanes: usize,
    lane_len: usize,
    /// Whether the outputs are contiguous, in the order of the lanes.
    is_whole: bool,
    needs: Needs,
    streams: Streams,
    /// Whether blocks are copied to the stack.
    copies: bool,
}

impl Walk {
    /// Aligns the operands, and chooses.
    fn of<X: Inputs, E: Outputs, D: Dimension>(
        all: &mut All<'_, '_, X, E, D>,
        streams: Streams,
    ) -> Self {
        let along = align(all);
        let first = E::first(&all.outs);
        let lane_len = first.lens().get(along.index()).copied().unwrap_or(1);
        let lanes = first.lens().iter().product::<usize>() / lane_len;
        let is_whole = E::are_slices(&all.outs, first.steps());
        let mut needs = X::needs(&all.ins, along);
        needs.tile |= E::any_streams(streams) || !E::have_slices(&all.outs, along);
        let copies = needs.tile || are_short(needs, lanes, lane_len);
        Walk { along, lanes, lane_len, is_whole, needs, streams, copies }
    }

    /// Without a copy: all lanes at once if they are equally far apart in each operand, else one after another.
    #[inline(never)]
    fn in_place<X: Inputs, E: Outputs, D: Dimension>(
        &self,
        mut all: All<'_, '_, X, E, D>,
        compute: &mut Compute<'_, X, E>,
    ) {
        if self.is_whole && !self.needs.lane {
            let ins = X::regular(&all.ins, self.along);
            return compute(&ins, E::slices(&mut all.outs), self.lane_len);
        }
        let mut ins = X::lanes(&all.ins, self.along);
        let mut outs = E::lanes(&mut all.outs, self.along);
        while let Some(lane) = E::next_lane(&mut outs) {
            compute(&X::next_lane(&mut ins), E::of_spans(lane), self.lane_len);
        }
    }

    /// Block after block, copied where necessary: of all of the outputs if they are contiguous, else of each of their
    /// lanes.
    #[inline(never)]
    fn in_blocks<X: Inputs, E: Outputs, D: Dimension, const N: usize>(
        &self,
        mut all: All<'_, '_, X, E, D>,
        compute: &mut Compute<'_, X, E>,
    ) {
        let mut flows = X::flows::<D, N>(&all.ins, self.along);
        let outs = &mut all.outs;
        stream::fenced(|fence| {
            let fence = E::any_streams(self.streams).then_some(fence);
            let mut sinks = E::sinks::<N>();
            let mut write = |span, lanes, head| {
                E::begin(&mut sinks, span, self.streams, fence);
                for block in Blocks::of(self.needs, lanes, self.lane_len, N, head) {
                    X::next(&mut flows, block);
                    let len = block.lanes * block.len;
                    let lane_len = if block.flat { len } else { block.len };
                    compute(
                        &X::current(&flows),
                        E::lend(&mut sinks, len, self.streams.own),
                        lane_len,
                    );
                    E::done(&mut sinks, len);
                }
            };
            if self.is_whole {
                let slices = E::slices(outs);
                let head = before_line::<E>(&slices);
                return write(E::spans(slices), self.lanes, head);
            }
            let mut span = E::lanes(outs, self.along);
            while let Some(lane) = E::next_lane(&mut span) {
                write(lane, 1, 0);
            }
        });
    }
}
