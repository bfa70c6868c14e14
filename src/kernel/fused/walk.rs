//! The walk of a formula through its operands: as few and as long slices as the layouts allow.
//!
//! ```text
//! all operands are contiguous in one order    one slice
//! otherwise                                   align the axes; for each span of the outputs (a lane, or all of them):
//!                                                 for each piece: slices of the inputs, or copies on the stack
//! ```
//!
//! Nothing here is compiled for an instruction set, nor knows the formula: the loop over a piece is called through an
//! object, once for each piece.

use ndarray::{Axis, Dimension};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::cpu::stream::{self, LINE_BYTES};
use crate::kernel::engine::tuning::{
    FUSED_TILE, MAX_BUFFERED_ELEMENT_BYTES, MIN_ALIGNED_LEN, MIN_FUSED_LANE,
};
use crate::kernel::fused::flow::Needs;
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::order::{Footprint, Operands, align};
use crate::kernel::fused::outputs::{OutputList, Outputs};

/// The loop over one piece: it computes as many elements as the slices hold.
pub(super) type Piece<'k, X, E> =
    dyn for<'i, 'o> FnMut(<X as Inputs<E>>::Slices<'i>, <E as OutputList>::Lent<'o>) + 'k;

/// Writes all elements of the outputs. All operands have the same shape.
pub(super) fn outputs<X, E, D>(
    mut outs: E::Views<'_, D>,
    ins: X::Views<'_, D>,
    piece: &mut Piece<'_, X, E>,
) where
    X: Inputs<E>,
    E: Outputs,
    D: Dimension,
{
    if E::first(&outs).lens().contains(&0) {
        return; // an empty array may still have any number of lanes
    }
    let mut footprint = Footprint::default();
    E::add_to(&outs, &mut footprint);
    X::add_to(&ins, &mut footprint);
    let operand_bytes = footprint.bytes();
    let steps = E::first(&outs).steps();
    if !E::any_streams(operand_bytes)
        && E::are_slices(&outs, steps)
        && let Some(slices) = X::slices(&ins, steps)
    {
        return one_slice::<X, E>(E::slices(&mut outs), slices, piece);
    }
    let mut all = All::<X, E, D> { outs, ins };
    let along = align(&mut all);
    if const { largest_bytes::<X, E>() <= MAX_BUFFERED_ELEMENT_BYTES } {
        in_pieces::<X, E, D, FUSED_TILE>(all, along, operand_bytes, piece);
    } else {
        in_pieces::<X, E, D, 1>(all, along, operand_bytes, piece);
    }
}

const fn largest_bytes<X: Inputs<E>, E: Outputs>() -> usize {
    if X::LARGEST_BYTES > E::LARGEST_BYTES { X::LARGEST_BYTES } else { E::LARGEST_BYTES }
}

struct All<'i, 'o, X: Inputs<E>, E: Outputs, D: Dimension> {
    outs: E::Views<'o, D>,
    ins: X::Views<'i, D>,
}

impl<X: Inputs<E>, E: Outputs, D: Dimension> Operands for All<'_, '_, X, E, D> {
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
fn one_slice<X: Inputs<E>, E: Outputs>(
    outs: E::Lent<'_>,
    ins: X::Slices<'_>,
    piece: &mut Piece<'_, X, E>,
) {
    let (addr, len) = E::place(&outs);
    let head = match size_of::<E::P>() {
        bytes if bytes >= 4 && len >= MIN_ALIGNED_LEN && addr.is_multiple_of(bytes) => {
            addr.wrapping_neg() % LINE_BYTES / bytes
        }
        _ => 0,
    };
    if head == 0 {
        return piece(ins, outs);
    }
    let (early, late) = E::split(outs, head);
    piece(X::part(ins, 0, head), early);
    piece(X::part(ins, head, len), late);
}

/// Piece after piece: of all of the outputs if they are contiguous, else of each of their lanes.
#[inline(never)]
fn in_pieces<X: Inputs<E>, E: Outputs, D: Dimension, const N: usize>(
    mut all: All<'_, '_, X, E, D>,
    along: Axis,
    operand_bytes: usize,
    piece: &mut Piece<'_, X, E>,
) {
    let first = E::first(&all.outs);
    let lane_len = first.lens().get(along.index()).copied().unwrap_or(1);
    let len = first.lens().iter().product();
    let is_whole = E::are_slices(&all.outs, first.steps());
    let mut flows = X::flows::<D, N>(&all.ins, along);
    let outs = &mut all.outs;
    stream::fenced(|fence| {
        let fence = E::any_streams(operand_bytes).then_some(fence);
        let mut sinks = E::sinks::<N>();
        let mut write = |span, len| {
            E::begin(&mut sinks, span, operand_bytes, fence);
            let pieces = Pieces::of(X::needs(&flows), E::need_tiles(&sinks), lane_len, len, N);
            for len in pieces {
                X::next(&mut flows, len);
                piece(X::current(&flows), E::lend(&mut sinks, len, X::OWN));
                E::done(&mut sinks, len);
            }
        };
        if is_whole {
            return write(E::spans(E::slices(outs)), len);
        }
        let mut lanes = E::lanes(outs, along);
        while let Some(lane) = E::next_lane(&mut lanes) {
            write(lane, lane_len);
        }
    });
}

/// The lengths of the pieces of a span.
struct Pieces {
    /// The most elements of a piece.
    most: usize,
    /// The length of a lane, at the end of which a piece ends too.
    lane_len: usize,
    /// How many elements of the lane are left.
    lane_left: usize,
    left: usize,
}

impl Pieces {
    /// Pieces of `len` elements in lanes of `lane_len`. If they need the tile, they have at most `tile` elements.
    fn of(needs: Needs, sink_needs_tile: bool, lane_len: usize, len: usize, tile: usize) -> Self {
        // Many lanes to a piece, if they are short, or if no input is better read lane by lane.
        let are_many = lane_len < MIN_FUSED_LANE || !needs.lanes && lane_len <= tile / 2;
        if are_many && lane_len < len && lane_len <= tile {
            let most = tile / lane_len * lane_len;
            return Pieces { most, lane_len: len, lane_left: len, left: len };
        }
        let most = if needs.tile || sink_needs_tile { tile } else { usize::MAX };
        Pieces { most, lane_len, lane_left: lane_len, left: len }
    }
}

impl Iterator for Pieces {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let len = self.most.min(self.lane_left).min(self.left);
        self.left -= len;
        self.lane_left -= len;
        if self.lane_left == 0 {
            self.lane_left = self.lane_len;
        }
        (len > 0).then_some(len)
    }
}
