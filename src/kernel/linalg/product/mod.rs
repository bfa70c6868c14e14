//! The product of two matrices, block by block.
//!
//! ```text
//! for each block of columns of `out` and `b`, as many as the workspace holds
//!     for each block of MATMUL_DEPTH terms of the sums
//!         pack this block of `b` as panels of NR columns                                (it stays in L2)
//!         for each block of rows of `a`, as many as L1 holds
//!             pack this block of `a` as panels of MR rows
//!             for each panel of `a`, and for each panel of `b`
//!                 add up a tile of MR×NR sums in registers, and write it to `out`
//! ```
//!
//! This is the scheme of K. Goto and R. van de Geijn (*Anatomy of high-performance matrix multiplication*, 2008), with
//! the factors exchanged, because rows of `out` are contiguous here.
//!
//! **Bits.** An element of `out` is a sum of blocks, added one after another. A block is a chain of `mul_add` that begins
//! with zero, term after term. The depth of a block is a constant. So the bits depend neither on the tile's shape, nor
//! on the size of the workspace, nor on the rows and columns that are computed together.
//!
//! Where columns of `out` are contiguous and rows are not, the factors change places and the transposed product is
//! computed, with the same bits (of real numbers: the two products that make an imaginary part would change places too).
//! Where neither are, rows are computed in a staging area and copied.
//!
//! **Complex numbers** are pairs of real ones: *a b* is *re(a) · (re b, im b) + im(a) · (−im b, re b)*. So a complex k×n
//! matrix is packed as a real one of 2k×2n, and the same tiles multiply both kinds.

pub(crate) mod deviations;
pub(crate) mod element;
mod pack;
pub(crate) mod target;
#[cfg(test)]
mod tests;
mod tile;

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2, Axis};

use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::tuning::{
    MATMUL_BLOCK_BYTES, MATMUL_DEPTH, MAX_MATMUL_WITHOUT_WORKSPACE,
};

use element::MatrixElement;
use pack::{Left, Right, pack};
use target::{Start, Target};
use tile::{Operation, Registers, Sweep, Tile};

/// The most rows of a tile, and the bytes of its longest row, in any version.
const MAX_TILE_ROWS: usize = 12;
const MAX_TILE_ROW_BYTES: usize = 128;

/// The most numbers of such a row.
const MAX_TILE_COLUMNS: usize = MAX_TILE_ROW_BYTES / size_of::<f32>();

/// *a · b + start*, which is written to `out`.
#[derive(Debug)]
pub struct Product<'a, A> {
    pub(crate) a: Factor<'a, A>,
    pub(crate) b: Factor<'a, A>,
    pub(crate) start: Start<'a, A>,
    pub(crate) out: ArrayViewMut2<'a, A>,
}

/// A matrix, and a number by which its elements are multiplied when they are packed (`None` is one).
#[derive(Clone, Debug)]
pub(crate) struct Factor<'a, A> {
    pub(crate) matrix: ArrayView2<'a, A>,
    pub(crate) scale: Option<A>,
}

impl<'a, A> Factor<'a, A> {
    pub(crate) fn of(matrix: ArrayView2<'a, A>) -> Self {
        Factor { matrix, scale: None }
    }
}

/// Computes a product in memory that suffices.
type Multiply<A> = fn(Product<'_, A>, Space<'_, <A as element::Parts>::Real>);

/// Memory for packed matrices.
#[derive(Debug)]
pub struct Space<'a, R> {
    /// A block of the right factor.
    right: &'a mut [R],
    /// A block of the left factor.
    left: &'a mut [R],
    /// Rows of `out`, if they are not contiguous.
    stage: &'a mut [R],
}

/// The numbers of a block of the left factor: a panel of the greatest depth, or more that are less deep.
const LEFT_LEN: usize = MAX_TILE_ROWS * MATMUL_DEPTH;

/// How many numbers suffice for products whose sums have at most `terms` terms, or `MATMUL_DEPTH`.
pub(crate) const fn stack_len(terms: usize) -> usize {
    terms * (MAX_TILE_COLUMNS + MAX_TILE_ROWS) + MAX_TILE_COLUMNS * MAX_TILE_ROWS
}

/// How many real numbers the product of an m×k and a k×n matrix needs in a workspace.
pub(crate) fn workspace_len<A: MatrixElement>(m: usize, k: usize, n: usize) -> usize {
    let len = |columns| {
        let (right, stage) = right_and_stage::<A>(k, columns);
        right + LEFT_LEN + stage
    };
    // Either factor may be the right one.
    if is_small(m, k, n) { 0 } else { len(n).max(len(m)) }
}

/// Whether the product needs no workspace.
fn is_small(m: usize, k: usize, n: usize) -> bool {
    m.max(k).max(n) <= MAX_MATMUL_WITHOUT_WORKSPACE || m.min(k).min(n) == 0
}

/// How many real numbers two of the parts of [`Space`] have for a right factor of k×n.
fn right_and_stage<A: MatrixElement>(k: usize, n: usize) -> (usize, usize) {
    let depth = k.saturating_mul(A::PARTS).min(MATMUL_DEPTH);
    let columns = n.saturating_mul(A::PARTS).min(most_columns::<A>());
    let columns = columns.next_multiple_of(MAX_TILE_ROW_BYTES / size_of::<A::Real>());
    (depth * columns, MAX_TILE_ROWS * columns)
}

/// The most columns of a block, counted in real numbers.
fn most_columns<A: MatrixElement>() -> usize {
    MATMUL_BLOCK_BYTES / MATMUL_DEPTH / size_of::<A::Real>()
}

impl<A: MatrixElement> Product<'_, A> {
    /// Computes the product. `memory` has at least as many elements as [`workspace_len`] says.
    pub(crate) fn compute(self, memory: &mut [A::Real]) {
        self.compute_by(A::multiply, memory);
    }

    /// The same by [`MatrixElement::multiply`](element::Parts::multiply) or a relative.
    pub(crate) fn compute_by(mut self, multiply: Multiply<A>, memory: &mut [A::Real]) {
        let (m, k, n) = (self.out.nrows(), self.a.matrix.ncols(), self.out.ncols());
        let vanishes = |factor: &Factor<A>| factor.scale.is_some_and(|scale| scale.is_zero());
        if self.out.is_empty() || k == 0 || vanishes(&self.a) || vanishes(&self.b) {
            return self.start.write(self.out);
        }
        let [below, beside] = [0, 1].map(|axis| self.out.strides()[axis].unsigned_abs());
        if below < beside && A::PARTS == 1 {
            self = self.transposed();
        }
        let (right, stage) = right_and_stage::<A>(k, self.out.ncols());
        if !is_small(m, k, n) || memory.len() >= right + LEFT_LEN + stage {
            let (right, memory) = memory.split_at_mut(right);
            let (left, stage) = memory.split_at_mut(LEFT_LEN);
            return multiply(self, Space { right, left, stage });
        }
        let panel = MAX_TILE_ROWS * k * A::PARTS;
        match self.out.is_standard_layout() {
            true if right <= 512 && panel <= 256 => self.compute_on_stack::<512, 256, 0>(multiply),
            true if panel <= 1024 => self.compute_on_stack::<4096, 1024, 0>(multiply),
            _ => self.compute_on_stack::<4096, LEFT_LEN, 1024>(multiply),
        }
    }

    /// Computes a product of small matrices. (A function for each size, because its stack is filled with zeros.)
    #[inline(never)]
    fn compute_on_stack<const RIGHT: usize, const LEFT: usize, const STAGE: usize>(
        self,
        multiply: Multiply<A>,
    ) {
        let zero = A::Real::default();
        let (mut right, mut left, mut stage) = ([zero; RIGHT], [zero; LEFT], [zero; STAGE]);
        let space = Space { right: &mut right, left: &mut left, stage: &mut stage };
        multiply(self, space);
    }

    /// Computes the product, which is not empty, in as little memory as [`stack_len`] says.
    pub(crate) fn compute_in(self, memory: &mut [A::Real]) {
        let (stage, memory) = memory.split_at_mut(MAX_TILE_COLUMNS * MAX_TILE_ROWS);
        let terms = memory.len() / (MAX_TILE_COLUMNS + MAX_TILE_ROWS);
        let (right, left) = memory.split_at_mut(terms * MAX_TILE_COLUMNS);
        A::multiply(self, Space { right, left, stage });
    }

    /// The product whose result is the transpose of this one.
    fn transposed(self) -> Self {
        let transposed =
            |Factor { matrix, scale }| Factor { matrix: matrix.reversed_axes(), scale };
        let start = match self.start {
            Start::Array(start) => Start::Array(start.reversed_axes()),
            start => start,
        };
        let (a, b) = (transposed(self.b), transposed(self.a));
        Product { a, b, start, out: self.out.reversed_axes() }
    }
}

/// Work by the scheme above.
trait Blocks<R> {
    /// Does it with tiles of MR×NR, and of MR×HALF for the last few columns.
    fn run<V: Simd, const MR: usize, const NR: usize, const HALF: usize>(
        self,
        simd: V,
        space: Space<'_, R>,
    ) where
        Registers: Tile<R, MR, NR> + Tile<R, MR, HALF>;
}

/// A product whose terms are made by an operation.
struct ProductBy<'a, A, O>(Product<'a, A>, O);

impl<A: MatrixElement, O: Operation> Blocks<A::Real> for ProductBy<'_, A, O> {
    fn run<V: Simd, const MR: usize, const NR: usize, const HALF: usize>(
        self,
        simd: V,
        space: Space<'_, A::Real>,
    ) where
        Registers: Tile<A::Real, MR, NR> + Tile<A::Real, MR, HALF>,
    {
        let ProductBy(Product { a, b, start, out }, operation) = self;
        let (m, n, k) = (out.nrows(), out.ncols(), a.matrix.ncols());
        let deep = MATMUL_DEPTH / A::PARTS;
        let mut target = Target::new(out, &mut *space.stage);
        let room = (target.room(), space.left.len(), space.right.len());
        let (rows, columns) = block_lens::<A, MR, NR>(room, k.min(deep), n);
        for j in blocks(0..n, columns) {
            let b_block = b.matrix.slice_axis(Axis(1), j.clone().into());
            for terms in blocks(0..k, deep) {
                let b_block = b_block.slice_axis(Axis(0), terms.clone().into());
                pack::<A, Right, NR, HALF>(space.right, b_block.reversed_axes(), b.scale);
                let a_block = a.matrix.slice_axis(Axis(1), terms.clone().into());
                let depth = terms.len() * A::PARTS;
                for i in blocks(0..m, rows) {
                    let a_block = a_block.slice_axis(Axis(0), i.clone().into());
                    pack::<A, Left, MR, MR>(space.left, a_block, a.scale);
                    let start =
                        if terms.start == 0 { start.part(&i, &j) } else { Start::Out(A::one()) };
                    let (left, right) = (space.left.as_chunks().0, &*space.right);
                    let is_added = !start.is_zero();
                    let sweep =
                        Sweep::<_, _, MR, NR, HALF> { left, right, depth, operation, is_added };
                    target.add(i, j.clone(), start, |rows| simd.run(sweep, rows));
                }
            }
        }
    }
}

/// How many rows and columns a block has, of elements that are packed `depth` terms deep: as many as there is room for
/// in `out`, in the left and in the right block.
fn block_lens<A: MatrixElement, const MR: usize, const NR: usize>(
    (out, left, right): (usize, usize, usize),
    depth: usize,
    n: usize,
) -> (usize, usize) {
    let depth = depth * A::PARTS;
    let most = (out / MR).min(right / depth).min(most_columns::<A>()) / NR * NR / A::PARTS;
    let columns = n.div_ceil(n.div_ceil(most)).next_multiple_of(NR / A::PARTS);
    ((left / depth).min(out / columns.min(n) / A::PARTS) / MR * MR, columns)
}

/// A range in parts of `len`.
pub(crate) fn blocks(range: Range<usize>, len: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(len).map(move |first| first..end.min(first + len))
}
