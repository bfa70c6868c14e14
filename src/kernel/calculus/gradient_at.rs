//! Gradients of samples at coordinates: weighted sums of three samples.
//!
//! The weights of a position are computed once and used for all lanes. Where an intermediate result leaves the range,
//! the slope is computed again with an unbounded exponent.

use std::ops::Range;

use ndarray::{ArrayRef, ArrayRef1, Dimension, Zip};
use num_traits::Float;

use crate::kernel::calculus::samples::Samples;
use crate::kernel::calculus::spacing::{EdgeOrder, half};
use crate::kernel::calculus::triple::{Ordinary, Position, Triple, counting_doubts, weights};
use crate::kernel::engine::copy::rows::runs_along;
use crate::kernel::engine::map;
use crate::kernel::engine::tuning::{GRADIENT_BLOCK, GRADIENT_CONTIGUOUS_ROW, GRADIENT_ROW};

impl<A: Float + 'static, D: Dimension> Samples<'_, A, D> {
    /// The slopes of samples at the coordinates `x`.
    pub(crate) fn slopes_at(
        &self,
        x: &ArrayRef1<A>,
        edge_order: EdgeOrder,
        out: &mut ArrayRef<A, D>,
    ) {
        let last = self.last;
        self.inside_at(x, out);
        match edge_order {
            EdgeOrder::First => {
                let half = half::<A>();
                let ends = [1, last].map(|k| [x[k] - x[k - 1], half * x[k] - half * x[k - 1]]);
                self.difference_at_ends(ends, out);
            }
            EdgeOrder::Second => {
                self.weighted(Triple::at(x, 0, Position::First), 0, 0, out);
                self.weighted(Triple::at(x, last - 2, Position::Last), last - 2, last, out);
            }
        }
    }

    /// The slopes between the ends.
    fn inside_at(&self, x: &ArrayRef1<A>, out: &mut ArrayRef<A, D>) {
        let row_len = out.len() / (self.last + 1);
        let contiguous_len: usize = self.a.shape()[self.axis.0 + 1..].iter().product();
        let are_rows_short = (2..GRADIENT_CONTIGUOUS_ROW).contains(&contiguous_len);
        if let (true, Some(a), Some(out)) = (are_rows_short, self.a.as_slice(), out.as_slice_mut())
        {
            self.in_blocks(x, |weights, places| {
                in_short_rows(a, out, contiguous_len, self.last + 1, weights, places);
            });
        } else if row_len >= GRADIENT_ROW && !runs_along(out, self.axis) {
            let inside = |k| Triple::at(x, k - 1, Position::Inside);
            (1..self.last).for_each(|k| self.weighted(inside(k), k - 1, k, out));
        } else {
            self.in_blocks(x, |weights, places| self.in_lanes(out, weights, places));
        }
    }

    /// Calls `fill` with blocks of positions between the ends, and the weights there.
    fn in_blocks(&self, x: &ArrayRef1<A>, mut fill: impl FnMut(Weights<'_, A>, Range<usize>)) {
        let ordinary = Ordinary::new();
        for start in (1..self.last).step_by(GRADIENT_BLOCK) {
            let places = start..self.last.min(start + GRADIENT_BLOCK);
            let mut block = [[A::zero(); 3]; GRADIENT_BLOCK];
            let mut are_certain = true;
            let mut fill_in = |block: &mut [A; 3], [a, b, c]: [A; 3]| {
                let [d, e] = [b - a, c - b];
                *block = weights(Position::Inside, d, e);
                are_certain &= ordinary.are([d, e]);
            };
            match x.as_slice() {
                Some(x) => {
                    let x = x[start - 1..places.end + 1].windows(3);
                    let blocks = block.iter_mut().zip(x);
                    blocks.for_each(|(block, x)| fill_in(block, [x[0], x[1], x[2]]));
                }
                None => {
                    let blocks = block.iter_mut().zip(places.clone());
                    blocks.for_each(|(block, k)| fill_in(block, [x[k - 1], x[k], x[k + 1]]));
                }
            }
            let weights = &block[..places.len()];
            fill(Weights { weights, are_certain, x, first: start }, places);
        }
    }

    fn in_lanes(&self, out: &mut ArrayRef<A, D>, weights: Weights<'_, A>, places: Range<usize>) {
        let samples = self.part(places.start - 1..places.end + 1);
        let mut out = out.slice_axis_mut(self.axis, places.into());
        Zip::from(out.lanes_mut(self.axis)).and(samples.lanes(self.axis)).for_each(
            |mut out, samples| {
                let mut uncertain = u64::from(!weights.are_certain);
                let mut plain = |[a, b, c]: [A; 3], weights: &[A; 3]| {
                    counting_doubts(*weights, &mut uncertain)(a, b, c)
                };
                match samples.as_slice() {
                    Some(samples) => {
                        let samples = samples.windows(3);
                        for ((out, weights), a) in out.iter_mut().zip(weights.weights).zip(samples)
                        {
                            *out = plain([a[0], a[1], a[2]], weights);
                        }
                    }
                    None => {
                        for (k, (out, weights)) in out.iter_mut().zip(weights.weights).enumerate() {
                            *out = plain([samples[k], samples[k + 1], samples[k + 2]], weights);
                        }
                    }
                }
                if uncertain > 0 {
                    let three = |k| [samples[k], samples[k + 1], samples[k + 2]];
                    out.indexed_iter_mut().for_each(|(k, out)| *out = weights.settled(k, three(k)));
                }
            },
        );
    }
}

/// Fills the rows at `places` of each array of `rows` rows; `a` and `out` are sequences of such arrays.
fn in_short_rows<A: Float + 'static>(
    a: &[A],
    out: &mut [A],
    row_len: usize,
    rows: usize,
    weights: Weights<'_, A>,
    places: Range<usize>,
) {
    let part = places.start * row_len..places.end * row_len;
    let arrays = a.chunks_exact(rows * row_len).zip(out.chunks_exact_mut(rows * row_len));
    for (a, out) in arrays {
        let out = &mut out[part.clone()];
        let rows = |from: usize| a[from..][..part.len()].chunks_exact(row_len);
        let samples =
            || rows(part.start - row_len).zip(rows(part.start)).zip(rows(part.start + row_len));
        let mut uncertain = u64::from(!weights.are_certain);
        for ((out, ((a, b), c)), &weights) in
            out.chunks_exact_mut(row_len).zip(samples()).zip(weights.weights)
        {
            let f = counting_doubts(weights, &mut uncertain);
            map::zip3_map_slices([a, b, c], out, f);
        }
        if uncertain > 0 {
            for (k, (out, ((a, b), c))) in out.chunks_exact_mut(row_len).zip(samples()).enumerate()
            {
                for (((out, &a), &b), &c) in out.iter_mut().zip(a).zip(b).zip(c) {
                    *out = weights.settled(k, [a, b, c]);
                }
            }
        }
    }
}

/// The weights of a block of positions between the ends.
#[derive(Clone, Copy)]
struct Weights<'w, A> {
    weights: &'w [[A; 3]],
    /// Whether no intermediate result left the range when they were computed.
    are_certain: bool,
    x: &'w ArrayRef1<A>,
    /// The position of the first weights.
    first: usize,
}

impl<A: Float> Weights<'_, A> {
    /// The slope at a position of the block, by [`Triple::settled`].
    #[cold]
    #[inline(never)]
    fn settled(&self, number: usize, samples: [A; 3]) -> A {
        Triple::at(self.x, self.first + number - 1, Position::Inside).settled(samples)
    }
}
