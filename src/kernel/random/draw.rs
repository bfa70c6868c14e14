//! The one source of draws for every shuffle.
//!
//! All shuffles are the forward form of Fisher–Yates: for i = 0, 1, …, n − 1, element i is swapped with element j,
//! drawn uniformly from 0..=i. Because they draw the same numbers in the same order, shuffling a
//! [`Permutation`](crate::kernel::Permutation), shuffling into another array and shuffling in place agree bit for bit.
//! (Large arrays are distributed to buckets before: see [`buckets`](crate::kernel::random::buckets).)
//!
//! One word of the generator yields several draws. Multiplied by the first bound, its high half is the first draw, and
//! the low half is as good as a new word for the next bound: together they are one draw from the product of the bounds,
//! written in mixed radix. So one rejection test for all draws of a word keeps them exact (Brackett-Rozinsky and
//! Lemire, *Batched ranged random integer generation*, 2024). The position alone decides how many draws share a word.
//!
//! Words that would cause a bias are rejected, and the next one is taken. For a block of positions this is tried at
//! most [`ROUNDS`] times; then words are taken as they come, so that a shuffle ends with every generator, even one that
//! always returns the same word. With random words this does not happen: at most one in 16 is rejected, and a block
//! takes at most 240, so that the probability of so many rounds is below 10⁻¹⁰⁰.
//!
//! The method is implemented here so that a seed keeps its meaning when `rand` changes how it draws from a range, and
//! so that a 32-bit machine shuffles as a 64-bit one does.

use rand::Rng;

/// Positions whose draws are handed out together: a multiple of every number of draws that share a word.
const BLOCK: usize = 480;

/// How often words are fetched for a block of positions before biased ones are accepted too.
const ROUNDS: usize = 256;

/// Hands out the draws of a shuffle of `len` elements, one by one.
///
/// `swap(position, other)`: the element at `position` is swapped with the one at `other`. Nothing is drawn for a single
/// element.
#[inline]
pub(crate) fn each<R: Rng + ?Sized>(len: usize, rng: &mut R, mut swap: impl FnMut(usize, usize)) {
    if len < 2 {
        (0..len).for_each(|only| swap(only, only));
        return;
    }
    for first in (0..len).step_by(BLOCK) {
        one_block(first, BLOCK.min(len - first), rng, &mut |position, others| {
            for (k, &other) in others.iter().enumerate() {
                swap(position + k, other);
            }
        });
    }
}

/// The draws of [`each`] in blocks: `apply(first, others)`, where the element at `first + k` is swapped with the one at
/// `others[k]`.
///
/// With blocks, many lanes can be shuffled alike: each block is applied to all of them, and no list as long as the axis
/// is needed.
pub(crate) fn in_blocks<R: Rng + ?Sized>(
    len: usize,
    rng: &mut R,
    mut apply: impl FnMut(usize, &[usize]),
) {
    if len < 2 {
        return apply(0, &[0][..len]);
    }
    let mut block = [0; BLOCK];
    for first in (0..len).step_by(BLOCK) {
        let others = &mut block[..BLOCK.min(len - first)];
        one_block(first, others.len(), rng, &mut |position, few| {
            others[position - first..][..few.len()].copy_from_slice(few);
        });
        apply(first, others);
    }
}

/// The draws for `len` positions from `first` on, which is a multiple of [`BLOCK`].
///
/// The product of the bounds stays below 2⁶⁰, so that at most one word in 16 needs the second test.
#[inline]
fn one_block<R: Rng + ?Sized>(
    first: usize,
    len: usize,
    rng: &mut R,
    take: &mut impl FnMut(usize, &[usize]),
) {
    match first as u64 {
        0..960 => in_words::<6, R>(first, len, rng, take),
        960..3_840 => in_words::<5, R>(first, len, rng, take),
        3_840..32_640 => in_words::<4, R>(first, len, rng, take),
        32_640..1_048_320 => in_words::<3, R>(first, len, rng, take),
        1_048_320..1_073_741_760 => in_words::<2, R>(first, len, rng, take),
        _ => in_words::<1, R>(first, len, rng, take),
    }
}

#[inline]
fn in_words<const DRAWS: usize, R: Rng + ?Sized>(
    first: usize,
    len: usize,
    rng: &mut R,
    take: &mut impl FnMut(usize, &[usize]),
) {
    let end = first + len;
    let most = (end as u64).pow(DRAWS as u32);
    let mut position = first;
    for _ in 0..ROUNDS {
        if end - position < DRAWS {
            break;
        }
        for word in words((end - position) / DRAWS, rng, &mut [[0; 8]; WORDS]) {
            let (others, left) = one_word::<DRAWS>(word, position, DRAWS);
            // (With the rest of the loop body in an `if`, the compiler arranged it so that it took half as long again.)
            if left < most && is_biased(left, position, DRAWS) {
                continue;
            }
            take(position, &others);
            position += DRAWS;
        }
    }
    for _ in 0..ROUNDS {
        let count = end - position;
        if count == 0 {
            return;
        } else if count >= DRAWS {
            break;
        }
        let (others, left) = one_word::<DRAWS>(rng.next_u64(), position, count);
        if left >= most || !is_biased(left, position, count) {
            take(position, &others[..count]);
            position = end;
        }
    }
    // Not in a cold function: `take` would then be reloaded from memory after every store.
    while position < end {
        let count = DRAWS.min(end - position);
        let (others, _) = one_word::<DRAWS>(rng.next_u64(), position, count);
        take(position, &others[..count]);
        position += count;
    }
}

/// Fills `order` with a uniformly drawn order of its positions, each represented by `name(position)`.
///
/// Position i is appended to the order of the positions before it, and swapped with one of them or itself: the
/// inside-out form, which needs no list to begin with.
#[inline]
pub(crate) fn order<I, R>(order: &mut [I], name: impl Fn(usize) -> I, rng: &mut R)
where
    I: Copy,
    R: Rng + ?Sized,
{
    each(order.len(), rng, |last, other| {
        order[last] = order[other];
        order[other] = name(last);
    });
}

/// Uniform draws from `0..=first`, `0..=first + 1`, …, `count` of them, and the remainder of the word.
#[inline]
fn one_word<const DRAWS: usize>(
    mut word: u64,
    first: usize,
    count: usize,
) -> ([usize; DRAWS], u64) {
    let mut others = [0; DRAWS];
    for (k, other) in others.iter_mut().enumerate() {
        let bound = if k < count { (first + k) as u64 + 1 } else { 1 };
        let product = u128::from(word) * u128::from(bound);
        (*other, word) = ((product >> 64) as usize, product as u64);
    }
    (others, word)
}

/// Whether the draws of a word are biased.
///
/// The remainder of the word is word · bounds mod 2⁶⁴. The draws are biased unless the first 2⁶⁴ mod bounds values of
/// the remainder are rejected. This is worth a division only if the remainder is below the bounds at all.
#[cold]
#[inline(never)]
fn is_biased(left: u64, first: usize, count: usize) -> bool {
    let bounds: u64 = (first..first + count).map(|position| position as u64 + 1).product();
    left < bounds && left < bounds.wrapping_neg() % bounds
}

/// Hands out `count` uniform draws from `0..N`, where N is a power of two: bits of a word, the highest first, which are
/// the better ones in weak generators. No word is rejected.
#[inline]
pub(crate) fn below<const N: usize, R: Rng + ?Sized>(
    count: usize,
    rng: &mut R,
    mut take: impl FnMut(usize),
) {
    const { assert!(N > 1 && N.is_power_of_two()) };
    let bits = N.ilog2();
    let per_word = (u64::BITS / bits) as usize;
    let mut left = count;
    let mut split = |mut word: u64, draws| {
        for _ in 0..draws {
            take((word >> (u64::BITS - bits)) as usize);
            word <<= bits;
        }
    };
    while left >= per_word {
        for word in words(left / per_word, rng, &mut [[0; 8]; WORDS]) {
            split(word, per_word);
            left -= per_word;
        }
    }
    if left > 0 {
        split(rng.next_u64(), left);
    }
}

/// As many words as `StdRng` generates at once.
const WORDS: usize = 32;

/// The next words of the generator: `count`, or as many as a block has.
///
/// They are fetched in blocks, because the code of `StdRng` is too long to run in the middle of a shuffle: that took a
/// fifth to a third longer, though a word by itself costs the same either way.
#[inline]
fn words<R: Rng + ?Sized>(
    count: usize,
    rng: &mut R,
    block: &mut [[u8; 8]; WORDS],
) -> impl Iterator<Item = u64> {
    let block = &mut block[..WORDS.min(count)];
    rng.fill_bytes(block.as_flattened_mut());
    block.iter().map(|word| u64::from_le_bytes(*word))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::convert::Infallible;

    use rand::rngs::SmallRng;
    use rand::{SeedableRng, TryRng};

    use super::*;

    /// A generator that returns given words, and then repeats the last one.
    pub(in crate::kernel) struct Script<'a>(pub(in crate::kernel) &'a [u64]);

    impl TryRng for Script<'_> {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            unreachable!("draws take whole words")
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            let (&first, rest) = self.0.split_first().expect("a script is not empty");
            self.0 = if rest.is_empty() { self.0 } else { rest };
            Ok(first)
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            for bytes in bytes.as_chunks_mut().0 {
                *bytes = self.next_u64().to_le_bytes();
            }
            Ok(())
        }
    }

    /// Around every position at which fewer draws share a word.
    #[test]
    fn the_first_and_the_last_position_are_reached() {
        for first in [0, 480, 960, 3_360, 3_840, 32_160, 32_640, 1_047_840, 1_048_320] {
            for len in [1, 2, 5, 7, 8, 479, 480] {
                one_block(first, len, &mut Script(&[u64::MAX]), &mut |position, others| {
                    assert!(others.iter().copied().eq(position..position + others.len()));
                });
                one_block(first, len, &mut Script(&[1]), &mut |_, others| {
                    assert!(others.iter().all(|&other| other == 0));
                });
            }
        }
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn long_axes_have_draws_of_their_own() {
        for first in [1_073_741_280, 1_073_741_760, 480 << 32] {
            one_block(first, 480, &mut Script(&[u64::MAX]), &mut |position, others| {
                assert!(others.iter().copied().eq(position..position + others.len()));
            });
        }
        let mut upper = 0;
        one_block(480 << 24, 480, &mut SmallRng::seed_from_u64(1), &mut |position, others| {
            upper += others.iter().filter(|&&other| other > position / 2).count();
        });
        assert!((190..290).contains(&upper), "{upper} of 480 in the upper half");
    }

    /// The draws that share a word are the digits of one draw below the product of their bounds.
    #[test]
    fn draws_are_the_digits_of_one() {
        let mut rng = SmallRng::seed_from_u64(5);
        for first in [0, 1, 7, 100, 955] {
            let word = rng.next_u64();
            let (others, left) = one_word::<6>(word, first, 6);
            let number = others
                .iter()
                .enumerate()
                .fold(0, |number, (k, &other)| number * (first + k + 1) as u128 + other as u128);
            let bounds: u128 = (0..6).map(|k| (first + k + 1) as u128).product();
            assert_eq!(number << 64 | u128::from(left), u128::from(word) * bounds);
        }
    }

    /// All draws of a shuffle, and how many words are left.
    fn drawn(len: usize, words: &[u64]) -> (Vec<usize>, usize) {
        let (mut rng, mut drawn) = (Script(words), Vec::new());
        each(len, &mut rng, |_, other| drawn.push(other));
        (drawn, rng.0.len())
    }

    #[test]
    fn words_that_would_bias_are_left_out() {
        // 2⁶⁴ mod 6 = 4, and the remainder of the word zero is zero.
        assert_eq!(drawn(3, &[0, 0, u64::MAX, 0, 0]), (vec![0, 1, 2], 2));
        // A sixth of 2⁶⁴, rounded up, leaves a remainder of 2, which is too small. One more leaves 8.
        let sixth = u64::MAX / 6 + 1;
        assert_eq!(sixth.wrapping_mul(6), 2);
        assert_eq!(drawn(3, &[sixth, sixth + 1, 0, 0]), (vec![0, 0, 1], 2));
        // The same for words that are fetched together.
        assert_eq!(drawn(12, &[u64::MAX, 0, u64::MAX, 0, 0]), ((0..12).collect(), 2));
        // 2⁶⁴ mod 8 = 0: nothing is rejected.
        assert!(!is_biased(0, 7, 1));
    }

    /// A word that causes a bias is rejected so many times, and then accepted.
    #[test]
    fn words_are_not_left_out_for_ever() {
        // Zero is rejected wherever the bounds are not a power of two.
        for (zeros, expected) in
            [(ROUNDS - 1, [0, 1, 2]), (ROUNDS, [0, 1, 2]), (ROUNDS + 1, [0, 0, 0])]
        {
            let mut words = vec![0; zeros];
            words.push(u64::MAX);
            assert_eq!(drawn(3, &words).0, expected, "{zeros}");
        }
        // With every number of draws in a word: none of these ends otherwise.
        for first in [0, 960, 3_840, 32_640, 1_048_320] {
            for word in [0, 1, u64::MAX] {
                let mut count = 0;
                one_block(first, BLOCK, &mut Script(&[word]), &mut |_, others| {
                    count += others.len();
                });
                assert_eq!(count, BLOCK);
            }
        }
    }

    #[test]
    fn a_single_element_draws_nothing() {
        for len in [0, 1] {
            let mut handed_out = 0;
            each(len, &mut Script(&[]), |position, other| {
                assert_eq!((position, other), (0, 0));
                handed_out += 1;
            });
            assert_eq!(handed_out, len);
            in_blocks(len, &mut Script(&[]), |_, others| assert_eq!(others, &[0][..len]));
        }
    }

    #[test]
    fn blocks_hand_out_every_position_once() {
        for len in [0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 8 * BLOCK + 3] {
            let mut one_by_one = Vec::new();
            each(len, &mut SmallRng::seed_from_u64(3), |_, other| one_by_one.push(other));
            let mut seen = 0;
            in_blocks(len, &mut SmallRng::seed_from_u64(3), |first, others| {
                assert_eq!(first, seen);
                assert_eq!(others, &one_by_one[first..first + others.len()]);
                seen += others.len();
            });
            assert_eq!((seen, one_by_one.len()), (len, len));
        }
    }

    #[test]
    fn draws_below_a_power_of_two_are_bits() {
        for count in [0, 1, 9, 10, 11, 320, 321, 1000] {
            let (mut rng, mut drawn) = (SmallRng::seed_from_u64(1), Vec::new());
            below::<64, _>(count, &mut rng, |draw| drawn.push(draw));
            let mut again = SmallRng::seed_from_u64(1);
            let words: Vec<u64> = (0..count.div_ceil(10)).map(|_| again.next_u64()).collect();
            let bits = (0..count).map(|k| (words[k / 10] >> (58 - 6 * (k % 10))) as usize % 64);
            assert!(drawn.iter().copied().eq(bits), "{count}");
            assert_eq!(rng, again, "{count}: no word is drawn in vain");
        }
    }
}
