//! The one source of draws for every shuffle.
//!
//! All shuffles are the forward form of Fisher and Yates: element i changes places with element j, drawn
//! uniformly from 0..=i, for i = 1, 2, …, n − 1. Because they draw the same numbers in the same order,
//! shuffling a [`Permutation`](super::Permutation), shuffling into another array and shuffling in place agree
//! bit for bit.
//!
//! A draw is Lemire's multiply-and-reject method (*Fast random integer generation in an interval*, 2019), written
//! out here so that a seed keeps its meaning when `rand` changes the way it draws from a range, and so
//! that a 32-bit machine shuffles as a 64-bit one does.

use rand::Rng;

/// Draws of one block of [`in_blocks`]: enough to make the walk between blocks cheap, little stack.
const BLOCK: usize = 512;

/// Hands out the draws of a shuffle of `len` elements, in blocks.
///
/// `apply(first, others)`: for each k, the element at `first + k` changes places with the one at `others[k]`.
/// In blocks, because many lanes may have to be shuffled alike: each block is applied to all of them, and
/// no list as long as the axis is needed.
pub(super) fn in_blocks<R: Rng + ?Sized>(
    len: usize,
    rng: &mut R,
    mut apply: impl FnMut(usize, &[usize]),
) {
    let mut block = [0; BLOCK];
    for first in (0..len).step_by(BLOCK) {
        let others = &mut block[..BLOCK.min(len - first)];
        for (k, other) in others.iter_mut().enumerate() {
            *other = index_up_to(first + k, rng);
        }
        apply(first, others);
    }
}

/// A uniform draw from `0..=last`. A single choice uses up no random number.
#[inline]
pub(super) fn index_up_to<R: Rng + ?Sized>(last: usize, rng: &mut R) -> usize {
    if last == 0 {
        return 0;
    }
    // Lossless both ways: `usize` has at most 64 bits, and a draw is not above `last`.
    match u32::try_from(last).ok().and_then(|last| last.checked_add(1)) {
        Some(bound) => below_u32(bound, rng) as usize,
        None => below_u64(last as u64 + 1, rng) as usize,
    }
}

/// A uniform draw from `0..bound`, for a bound above zero.
///
/// The high half of `draw * bound` is in the range. It is biased unless the low half leaves out the first
/// 2³² mod `bound` values, which is worth a division only if the low half is below `bound` at all.
#[inline]
fn below_u32<R: Rng + ?Sized>(bound: u32, rng: &mut R) -> u32 {
    let mut product = u64::from(rng.next_u32()) * u64::from(bound);
    if (product as u32) < bound {
        let left_out = bound.wrapping_neg() % bound;
        while (product as u32) < left_out {
            product = u64::from(rng.next_u32()) * u64::from(bound);
        }
    }
    (product >> 32) as u32
}

/// The same with twice the width, for axes of 2³² elements and more.
#[cold]
fn below_u64<R: Rng + ?Sized>(bound: u64, rng: &mut R) -> u64 {
    let mut product = u128::from(rng.next_u64()) * u128::from(bound);
    if (product as u64) < bound {
        let left_out = bound.wrapping_neg() % bound;
        while (product as u64) < left_out {
            product = u128::from(rng.next_u64()) * u128::from(bound);
        }
    }
    (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rand::rngs::SmallRng;
    use rand::{SeedableRng, TryRng};

    use super::*;

    /// A generator that says what it is told to.
    struct Script<'a>(&'a [u64]);

    impl TryRng for Script<'_> {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            self.try_next_u64().map(|word| u32::try_from(word).expect("a script for u32"))
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            let (&first, rest) = self.0.split_first().expect("one more draw than the script has");
            self.0 = rest;
            Ok(first)
        }
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
            unreachable!("draws are words")
        }
    }

    #[test]
    fn the_first_and_the_last_value_are_reached() {
        let most = u64::from(u32::MAX);
        for last in [1, 2, 9, 4095, u32::MAX as usize - 1] {
            assert_eq!(index_up_to(last, &mut Script(&[most])), last);
            assert_eq!(index_up_to(last, &mut Script(&[1])), 0);
        }
    }

    #[test]
    fn a_draw_that_would_bias_is_drawn_again() {
        // 2³² mod 3 = 1: of all words exactly the zero is left out.
        let mut rng = Script(&[0, 0, 1]);
        assert_eq!(index_up_to(2, &mut rng), 0);
        assert!(rng.0.is_empty());
        // 2⁶⁴ mod (2³³ + 1) is above zero: a low half of zero is drawn again.
        let bound = (1_u64 << 33) + 1;
        let mut rng = Script(&[0, u64::MAX]);
        assert_eq!(below_u64(bound, &mut rng), bound - 1);
        assert!(rng.0.is_empty());
    }

    #[test]
    fn a_single_choice_draws_nothing() {
        assert_eq!(index_up_to(0, &mut Script(&[])), 0);
    }

    #[test]
    fn blocks_hand_out_every_position_once() {
        for len in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 3] {
            let (mut blocks, mut seen) = (SmallRng::seed_from_u64(3), 0);
            let mut one_by_one = blocks.clone();
            in_blocks(len, &mut blocks, |first, others| {
                assert_eq!(first, seen);
                for &other in others {
                    assert_eq!(other, index_up_to(seen, &mut one_by_one));
                    seen += 1;
                }
            });
            assert_eq!(seen, len);
        }
    }

    #[test]
    fn one_word_is_enough_for_a_power_of_two() {
        let mut rng = Script(&[0]);
        assert_eq!(index_up_to(7, &mut rng), 0);
        assert!(rng.0.is_empty());
    }

    #[test]
    fn long_axes_use_wide_draws() {
        let last = u32::MAX as usize + 5;
        assert_eq!(index_up_to(last, &mut Script(&[u64::MAX])), last);
        let mut rng = SmallRng::seed_from_u64(1);
        let above = (0..1_000).filter(|_| index_up_to(1 << 33, &mut rng) > 1 << 32).count();
        assert!((400..600).contains(&above), "{above} of 1000 in the upper half");
    }
}
