//! Sums of products of deviations, of which covariances are made, block by block.
//!
//! This is the scheme of products of matrices, for a matrix and its own transpose. Panels are centred after they are
//! packed, while they are in L1, so that no centred copy of the matrix is made. Of the result, the tiles on and below
//! the diagonal are computed.

use std::ops::Range;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, Axis};

use super::element::RealElement;
use super::pack::{Left, Right, pack};
use super::target::{Start, Target};
use super::tile::{Registers, Sweep, Tile, Times};
use super::{Blocks, LEFT_LEN, Space, block_lens, blocks, right_and_stage};
use crate::kernel::engine::cpu::dispatch::{Loop, Simd};
use crate::kernel::engine::tuning::MATMUL_DEPTH;

/// Observations of variables, and what is subtracted from them.
#[derive(Clone, Debug)]
pub(crate) struct Deviations<'a, R> {
    /// A row for each variable, a column for each observation.
    pub(crate) x: ArrayView2<'a, R>,
    /// The centre of each variable.
    pub(crate) centres: &'a [R],
    /// The weight of an observation is the product of these.
    pub(crate) weights: [Option<ArrayView1<'a, R>>; 2],
}

/// What is computed of [`Deviations`], where *d* is an element minus the centre of its variable.
#[derive(Debug)]
pub struct DeviationProducts<'a, R> {
    pub(crate) of: Deviations<'a, R>,
    /// Becomes *Σₖ w\[k\] d\[i, k\]*.
    pub(crate) sums: &'a mut [R],
    /// Becomes *Σₖ w\[k\] d\[i, k\] d\[j, k\]* for j ≤ i; above the diagonal it may be overwritten.
    pub(crate) products: Option<ArrayViewMut2<'a, R>>,
}

/// How many numbers [`DeviationProducts`] need in a workspace.
pub(crate) fn deviation_products_len<R: RealElement>(
    observations: usize,
    variables: usize,
) -> usize {
    let (right, stage) = right_and_stage::<R>(observations, variables);
    right + LEFT_LEN + stage
}

impl<R: RealElement> DeviationProducts<'_, R> {
    /// Computes them. `memory` has at least as many numbers as [`deviation_products_len`] says.
    pub(crate) fn compute(mut self, memory: &mut [R]) {
        let (variables, observations) = self.of.x.dim();
        if variables * observations == 0 {
            self.sums.fill(R::zero());
            self.products.iter_mut().for_each(|products| products.fill(R::zero()));
            return;
        }
        let (right, memory) = memory.split_at_mut(right_and_stage::<R>(observations, variables).0);
        let (left, stage) = memory.split_at_mut(LEFT_LEN);
        R::deviation_products(self, Space { right, left, stage });
    }
}

impl<R: RealElement> Blocks<R> for DeviationProducts<'_, R> {
    fn run<V: Simd, const MR: usize, const NR: usize, const HALF: usize>(
        self,
        simd: V,
        space: Space<'_, R>,
    ) where
        Registers: Tile<R, MR, NR> + Tile<R, MR, HALF>,
    {
        let DeviationProducts { of: deviations, sums, products } = self;
        let (p, n) = deviations.x.dim();
        let deep = n.min(MATMUL_DEPTH);
        let mut memory = [R::zero(); MATMUL_DEPTH];
        let Some(products) = products else {
            sums.fill(R::zero());
            for terms in blocks(0..n, deep) {
                let part = deviations.part(terms, &mut memory);
                for i in blocks(0..p, space.left.len() / deep / MR * MR) {
                    part.pack_left::<V, MR>(simd, i, space.left, sums);
                }
            }
            return;
        };
        let mut target = Target::new(products, &mut *space.stage);
        let room = (target.room(), space.left.len(), space.right.len());
        let (rows, columns) = block_lens::<R, MR, NR>(room, deep, p);
        for j in blocks(0..p, columns) {
            sums[j.start..].fill(R::zero());
            for terms in blocks(0..n, deep) {
                let (is_added, depth) = (terms.start > 0, terms.len());
                let part = deviations.part(terms, &mut memory);
                part.pack_right::<V, NR, HALF>(simd, j.clone(), space.right);
                // A block that is not whole comes first, where it has the fewest columns.
                let first = j.start..j.start + (p - j.start) % rows;
                let whole = blocks(first.end..p, rows);
                for i in Some(first).filter(|rows| !rows.is_empty()).into_iter().chain(whole) {
                    part.pack_left::<V, MR>(simd, i.clone(), space.left, sums);
                    let (left, right) = (space.left.as_chunks().0, &*space.right);
                    let sweep = Sweep::<_, _, MR, NR, HALF> {
                        left,
                        right,
                        depth,
                        operation: Times,
                        is_added,
                    };
                    // Panels are whole, but for the last one.
                    let end = j.end.min(j.start + (i.end - j.start).next_multiple_of(NR));
                    let start = if is_added { Start::Out(R::one()) } else { Start::Zero };
                    target.add(i, j.start..end, start, |rows| simd.run(sweep, rows));
                }
            }
        }
    }
}

/// Some of the observations.
struct Part<'a, R> {
    x: ArrayView2<'a, R>,
    centres: &'a [R],
    weights: Option<&'a [R]>,
}

impl<R: RealElement> Deviations<'_, R> {
    /// Some of the observations, whose weights are multiplied in `memory`.
    fn part<'a>(
        &'a self,
        observations: Range<usize>,
        memory: &'a mut [R; MATMUL_DEPTH],
    ) -> Part<'a, R> {
        let memory = &mut memory[..observations.len()];
        memory.fill(R::one());
        for weights in self.weights.iter().flatten() {
            let weights = weights.slice_axis(Axis(0), observations.clone().into());
            memory.iter_mut().zip(&weights).for_each(|(product, &x)| *product = *product * x);
        }
        let weights = self.weights.iter().any(Option::is_some).then_some(&*memory);
        Part { x: self.x.slice_axis(Axis(1), observations.into()), centres: self.centres, weights }
    }
}

impl<R: RealElement> Part<'_, R> {
    /// Packs and centres rows of the left factor, and adds the sums of their deviations to `sums`.
    fn pack_left<V: Simd, const MR: usize>(
        &self,
        simd: V,
        rows: Range<usize>,
        left: &mut [R],
        sums: &mut [R],
    ) {
        pack::<R, Left, MR, MR>(left, self.x.slice_axis(Axis(0), rows.clone().into()), None);
        let panels = left.chunks_exact_mut(self.x.ncols() * MR);
        let lanes = self.centres[rows.clone()].chunks(MR).zip(sums[rows].chunks_mut(MR));
        for (panel, (centres, sums)) in panels.zip(lanes) {
            let more = simd.run(Centre { centres, weights: self.weights }, panel.as_chunks_mut().0);
            let more: [R; MR] = more;
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum = *sum + more);
        }
    }

    /// Packs and centres columns of the right factor.
    fn pack_right<V: Simd, const NR: usize, const HALF: usize>(
        &self,
        simd: V,
        columns: Range<usize>,
        right: &mut [R],
    ) {
        pack::<R, Right, NR, HALF>(right, self.x.slice_axis(Axis(0), columns.clone().into()), None);
        let panels = right.chunks_mut(self.x.ncols() * NR);
        for (panel, centres) in panels.zip(self.centres[columns].chunks(NR)) {
            let centre = Centre { centres, weights: None };
            if centres.len() > HALF {
                let _: [R; NR] = simd.run(centre, panel.as_chunks_mut().0);
            } else {
                let panel = &mut panel[..self.x.ncols() * HALF];
                let _: [R; HALF] = simd.run(centre, panel.as_chunks_mut().0);
            }
        }
    }
}

/// Subtracts the centres from a panel, multiplies by the weights, and returns the sums.
struct Centre<'a, R> {
    centres: &'a [R],
    weights: Option<&'a [R]>,
}

impl<R: RealElement, const W: usize> Loop<&mut [[R; W]]> for Centre<'_, R> {
    type Output = [R; W];

    #[inline(always)]
    fn run<V: Simd>(self, _: V, panel: &mut [[R; W]]) -> [R; W] {
        let mut centres = [R::zero(); W];
        centres[..self.centres.len()].copy_from_slice(self.centres);
        match self.weights {
            None => centre(panel, &centres, |_, x| x),
            Some(weights) => centre(panel, &centres, |k, x| weights[k] * x),
        }
    }
}

/// (Four terms have sums of their own, so that one addition need not wait for the one before.)
#[inline(always)]
fn centre<R: RealElement, const W: usize>(
    panel: &mut [[R; W]],
    centres: &[R; W],
    weighted: impl Fn(usize, R) -> R,
) -> [R; W] {
    let mut sums = [[R::zero(); W]; 4];
    for (group, terms) in panel.chunks_mut(4).enumerate() {
        for (k, (term, sums)) in terms.iter_mut().zip(&mut sums).enumerate() {
            for lane in 0..W {
                term[lane] = weighted(4 * group + k, term[lane] - centres[lane]);
                sums[lane] = sums[lane] + term[lane];
            }
        }
    }
    let [first, others @ ..] = sums;
    others.iter().fold(first, |sums, more| std::array::from_fn(|lane| sums[lane] + more[lane]))
}
