//! Pairwise summation of a stream of elements, with the same bits however memory was cut.
//!
//! Elements are added to several accumulators per block, and the sums of blocks are merged pairwise, as a binary
//! counter carries: the rounding error grows with the logarithm of the number of blocks.

use num_traits::Zero;

/// Accumulators of a block, and the elements of the block: they define the order of the sum.
pub(crate) const NORM_LANES: usize = 8;
pub(crate) const NORM_BLOCK: usize = 16 * NORM_LANES;

/// A running sum over sums of blocks of equal length (the last one may be shorter).
pub(crate) struct Pairwise<A> {
    /// `sums[k]` holds the sum of 2ᵏ blocks if bit k of `blocks` is set, and is stale if not.
    sums: [A; usize::BITS as usize],
    blocks: usize,
}

impl<A: Copy + Zero> Pairwise<A> {
    pub(crate) fn new() -> Self {
        Pairwise { sums: [A::zero(); usize::BITS as usize], blocks: 0 }
    }

    #[inline]
    pub(crate) fn push(&mut self, mut sum: A) {
        let carries = self.blocks.trailing_ones() as usize;
        for earlier in &self.sums[..carries] {
            sum = *earlier + sum;
        }
        self.sums[carries] = sum;
        self.blocks += 1;
    }

    pub(crate) fn total(&self) -> A {
        let held = (0..self.sums.len()).filter(|k| self.blocks >> k & 1 == 1);
        held.map(|k| self.sums[k]).reduce(|late, early| early + late).unwrap_or_else(A::zero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_counted_once() {
        for blocks in 0..200_u64 {
            let mut sum = Pairwise::new();
            (1..=blocks).for_each(|block| sum.push(block));
            assert_eq!(sum.total(), blocks * (blocks + 1) / 2, "{blocks} blocks");
        }
    }

    #[test]
    fn errors_grow_with_the_logarithm() {
        let blocks = 1 << 20;
        let mut sum = Pairwise::new();
        (0..blocks).for_each(|_| sum.push(0.1_f32));
        let exact = f64::from(0.1_f32) * f64::from(blocks);
        let error = (f64::from(sum.total()) - exact).abs() / exact;
        assert!(error <= 21.0 * f64::from(f32::EPSILON), "{error:e}");
        let in_a_row = (0..blocks).fold(0.0_f32, |sum, _| sum + 0.1);
        assert!((f64::from(in_a_row) - exact).abs() / exact > 1e-3, "the test could not fail");
    }
}
