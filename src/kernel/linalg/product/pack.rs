//! Packing: matrices are copied to panels in the order in which tiles read them, as real numbers.
//!
//! A panel has `W` numbers for each term of the sums (for complex numbers, for each of the two terms that the parts of
//! the left factor make). The lanes of a panel are rows of the left factor or columns of the right one; both are seen
//! as an array of lanes×terms here. Panels with too few lanes are padded with zeros, whose products nobody reads.
//!
//! Packing computes nothing, so it is compiled once for all processors.

use ndarray::{ArrayView2, Axis};

use super::element::MatrixElement;

/// A factor: which numbers of a panel belong to an element.
pub(super) trait Side {
    /// How many lanes a panel of `width` numbers has.
    fn lanes<A: MatrixElement>(width: usize) -> usize;

    fn put<A: MatrixElement, const W: usize>(x: A, terms: &mut [[A::Real; W]], lane: usize);
}

/// The left factor: a panel has rows of it.
pub(super) struct Left;

/// The right factor: a panel has columns of it.
pub(super) struct Right;

impl Side for Left {
    #[inline(always)]
    fn lanes<A: MatrixElement>(width: usize) -> usize {
        width
    }

    #[inline(always)]
    fn put<A: MatrixElement, const W: usize>(x: A, terms: &mut [[A::Real; W]], lane: usize) {
        x.put_left(terms, lane);
    }
}

impl Side for Right {
    #[inline(always)]
    fn lanes<A: MatrixElement>(width: usize) -> usize {
        width / A::PARTS
    }

    #[inline(always)]
    fn put<A: MatrixElement, const W: usize>(x: A, terms: &mut [[A::Real; W]], lane: usize) {
        x.put_right(terms, lane);
    }
}

/// Packs a block, given as lanes×terms: panels of `WIDTH` numbers for each term, and a last one of `HALF` if that is
/// enough. Each element is multiplied by `scale` first.
pub(super) fn pack<A: MatrixElement, S: Side, const WIDTH: usize, const HALF: usize>(
    block: &mut [A::Real],
    mut lanes: ArrayView2<'_, A>,
    scale: Option<A>,
) {
    let depth = lanes.ncols() * A::PARTS;
    let mut panels = block;
    while lanes.nrows() > S::lanes::<A>(HALF) {
        let count = lanes.nrows().min(S::lanes::<A>(WIDTH));
        let (first, others) = lanes.split_at(Axis(0), count);
        let panel = panels.split_off_mut(..depth * WIDTH).expect("the block has room");
        pack_panel::<A, S, WIDTH>(panel.as_chunks_mut().0, first, scale);
        lanes = others;
    }
    if !lanes.is_empty() {
        let panel = &mut panels[..depth * HALF];
        pack_panel::<A, S, HALF>(panel.as_chunks_mut().0, lanes, scale);
    }
}

#[inline(never)]
fn pack_panel<A: MatrixElement, S: Side, const W: usize>(
    panel: &mut [[A::Real; W]],
    lanes: ArrayView2<'_, A>,
    scale: Option<A>,
) {
    let full = S::lanes::<A>(W);
    if lanes.nrows() < full {
        panel.fill([A::Real::default(); W]);
    }
    let groups = panel.chunks_exact_mut(A::PARTS);
    let (across, along) = (lanes.strides()[0], lanes.strides()[1]);
    if scale.is_none() && along == 1 && lanes.nrows() == full {
        let mut slices = [&[][..]; W];
        for (slice, lane) in slices.iter_mut().zip(lanes.outer_iter()) {
            *slice = &lane.to_slice().expect("terms are contiguous")[..groups.len()];
        }
        for (k, group) in groups.enumerate() {
            #[expect(
                clippy::needless_range_loop,
                reason = "as many as the compiler knows, not all"
            )]
            for lane in 0..S::lanes::<A>(W) {
                S::put(slices[lane][k], group, lane);
            }
        }
    } else if scale.is_none() && across == 1 && lanes.nrows() == full {
        for (group, column) in groups.zip(lanes.columns()) {
            let column = column.to_slice().expect("lanes are contiguous");
            for (lane, &x) in column[..S::lanes::<A>(W)].iter().enumerate() {
                S::put(x, group, lane);
            }
        }
    } else {
        for (lane, terms) in lanes.outer_iter().enumerate() {
            for (group, &x) in panel.chunks_exact_mut(A::PARTS).zip(terms) {
                S::put(scale.map_or(x, |scale| scale * x), group, lane);
            }
        }
    }
}
