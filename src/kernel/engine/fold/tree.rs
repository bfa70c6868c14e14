//! Pairwise reduction of a lane: blocks of elements, whose states are merged in a binary tree.
//!
//! ```text
//! tree(n) = block(n elements)                 if n <= FOLD_BLOCK
//!           merge(tree(half), tree(n - half)) otherwise; half is the largest power of two of blocks below n
//! ```
//!
//! This is pairwise summation, as NumPy has it for sums: rounding errors grow with the logarithm of the length. The
//! shape of the tree depends on the length alone, so results are the same for contiguous and for strided lanes.

use crate::kernel::engine::cpu::dispatch::{self, Baseline, Loop, Simd};
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::tuning::{FOLD_BLOCK, MIN_DISPATCHED_BLOCK};

/// The state of a sequence that has elements.
#[inline(always)]
pub(crate) fn of_run<R: Run, F: Fold<R::Element>>(run: R, fold: &F) -> F::State {
    match run.len() {
        ..=FOLD_BLOCK => of_block(run, 0, fold),
        // The tree of two blocks, without its calls.
        len if len <= 2 * FOLD_BLOCK => {
            let early = of_block(run.part(0, FOLD_BLOCK), 0, fold);
            fold.merge(early, of_block(run.part(FOLD_BLOCK, len - FOLD_BLOCK), FOLD_BLOCK, fold))
        }
        _ => of_blocks(run, fold),
    }
}

#[inline(never)]
fn of_blocks<R: Run, F: Fold<R::Element>>(run: R, fold: &F) -> F::State {
    tree(0, run.len(), &mut |at, len| of_block(run.part(at, len), at, fold), fold)
}

/// The state of a block whose first element is number `at`.
#[inline(always)]
pub(crate) fn of_block<R: Run, F: Fold<R::Element>>(block: R, at: usize, fold: &F) -> F::State {
    match block.len() {
        ..MIN_DISPATCHED_BLOCK => Baseline.run(Block { at, fold }, block),
        _ => dispatch::run(Block { at, fold }, block),
    }
}

struct Block<'f, F> {
    at: usize,
    fold: &'f F,
}

impl<R: Run, F: Fold<R::Element>> Loop<R> for Block<'_, F> {
    type Output = F::State;

    #[inline(always)]
    fn run<V: Simd>(self, _: V, block: R) -> F::State {
        self.fold.block::<V>(block, self.at)
    }
}

/// The state of `count` elements from number `at` on: `leaf` computes that of a block, and is called in order.
pub(crate) fn tree<A: Copy, F: Fold<A>>(
    at: usize,
    count: usize,
    leaf: &mut (impl FnMut(usize, usize) -> F::State + ?Sized),
    fold: &F,
) -> F::State {
    if count <= FOLD_BLOCK {
        return leaf(at, count);
    }
    let half = early_half(count);
    let early = tree(at, half, leaf, fold);
    let late = tree(at + half, count - half, leaf, fold);
    fold.merge(early, late)
}

/// How many of `count` elements, more than a block, belong to the early branch.
#[inline(always)]
pub(crate) fn early_half(count: usize) -> usize {
    FOLD_BLOCK << (count.div_ceil(FOLD_BLOCK) - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::engine::fold::kinds::combine::Combine;

    /// A state that records the tree: how many elements it has seen, and how deep they lie.
    #[test]
    fn the_tree_is_balanced_and_in_order() {
        let fold = Combine {
            lift: |_: u8| (1, 0_u32),
            combine: |early: (usize, u32), late: (usize, u32)| {
                assert!(early.0 >= late.0 && early.0.is_power_of_two());
                (early.0 + late.0, early.1.max(late.1) + 1)
            },
        };
        for count in [1, 255, 256, 257, 512, 513, 1280, 2000, 8192, 10_000] {
            let mut seen = 0;
            let mut leaf = |at, len| {
                assert_eq!(at, seen, "blocks come in order");
                seen += len;
                (len, 0)
            };
            let (len, depth) = tree(0, count, &mut leaf, &fold);
            assert_eq!((len, seen), (count, count));
            assert_eq!(depth, count.div_ceil(FOLD_BLOCK).next_power_of_two().ilog2());
        }
    }
}
