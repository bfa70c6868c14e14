//! The one source of draws for every shuffle.
//!
//! All shuffles are the forward form of Fisher and Yates: element i changes places with element j, drawn
//! uniformly from 0..=i, for i = 0, 1, …, n − 1. Because they draw the same numbers in the same order,
//! shuffling a [`Permutation`](crate::kernel::Permutation), shuffling into another array and shuffling in place agree
//! bit for bit. (Large arrays are thrown into buckets before: see [`buckets`](crate::kernel::random::buckets).)
//!
//! A word of the generator is worth several draws. Multiplied by a first bound its high half is the first draw,
//! and the low half is as good as a new word for the next bound: together they are one draw from the product of
//! the bounds, written in mixed digits. So one rejection for all keeps it exact (Brackett-Rozinsky and Lemire,
//! *Batched ranged random integer generation*, 2024). How many draws share a word depends on the position alone.
//! Words that would bias are left out, and the next one is taken. A block of positions tries this [`ROUNDS`] times at most and
//! then takes words as they come, so that a shuffle ends with every generator, even one that returns the same word for ever.
//! Random words do not come to that: one in 16 is left out at most, and a block takes 240 at most, so that the probability of
//! so many rounds is below 10⁻¹⁰⁰.
//! It is written out here so that a seed keeps its meaning when `rand` changes the way it draws from a range, and so
//! that a 32-bit machine shuffles as a 64-bit one does.

use rand::Rng;

/// Positions that are handed out together: a multiple of all numbers of draws that share a word.
const BLOCK: usize = 480;

/// How often words are fetched for a block of positions before biased ones are taken too.
const ROUNDS: usize = 256;

/// Hands out the draws of a shuffle of `len` elements, one by one.
///
/// `swap(position, other)`: the element at `position` changes places with the one at `other`. Nothing is drawn
/// for a single element.
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

/// The same draws in blocks: `apply(first, others)`, where the element at `first + k` changes places with the one
/// at `others[k]`.
///
/// In blocks, because many lanes may have to be shuffled alike: each block is applied to all of them, and
/// no list as long as the axis is needed.
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
/// A product of bounds stays below 2⁶⁰, so that one word in 16 at most is looked at twice.
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
            // With what follows in an `if`, the compiler arranged the loop so that it took half as long again.
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
    // Here, and not in a cold function: `take` would be read from memory again after every write then.
    while position < end {
        let count = DRAWS.min(end - position);
        let (others, _) = one_word::<DRAWS>(rng.next_u64(), position, count);
        take(position, &others[..count]);
        position += count;
    }
}

/// Fills `order` with a uniformly drawn order of its positions, each written as `name` writes it.
///
/// Position i is appended to the order of the positions before it and changes places with one of them or
/// itself: the inside-out form, which needs no list to begin with.
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

/// Uniform draws from `0..=first`, `0..=first + 1`, … as many as `count`, and what is left of the word.
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
/// What is left of the word is word · bounds mod 2⁶⁴. The draws are biased unless its first 2⁶⁴ mod bounds values are
/// left out, which is worth a division only if it is below the bounds at all.
#[cold]
#[inline(never)]
fn is_biased(left: u64, first: usize, count: usize) -> bool {
    let bounds: u64 = (first..first + count).map(|position| position as u64 + 1).product();
    left < bounds && left < bounds.wrapping_neg() % bounds
}

/// Hands out `count` uniform draws from `0..N`, a power of two: they are bits of a word, the highest first, which in weak
/// generators are the better ones. No word is left out.
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

/// As many as `StdRng` makes at once.
const WORDS: usize = 32;

/// The next words of the generator: `count`, or as many as the block has.
///
/// Fetched in blocks, because the code of `StdRng` is too long to be run in the middle of a shuffle: that took a fifth
/// to a third longer, though a word by itself costs the same either way.
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

    /// A generator that says what it is told to, and repeats the last word.
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
        // 2⁶⁴ mod 6 = 4, and what is left of zero is zero.
        assert_eq!(drawn(3, &[0, 0, u64::MAX, 0, 0]), (vec![0, 1, 2], 2));
        // Of all words the 6th part of 2⁶⁴, rounded up, and its multiples leave 2: too little. One more leaves 8.
        let sixth = u64::MAX / 6 + 1;
        assert_eq!(sixth.wrapping_mul(6), 2);
        assert_eq!(drawn(3, &[sixth, sixth + 1, 0, 0]), (vec![0, 0, 1], 2));
        // The same among words that are fetched together.
        assert_eq!(drawn(12, &[u64::MAX, 0, u64::MAX, 0, 0]), ((0..12).collect(), 2));
        // 2⁶⁴ mod 8 = 0: nothing is left out.
        assert!(!is_biased(0, 7, 1));
    }

    /// A word that would bias is left out so many times, and then taken.
    #[test]
    fn words_are_not_left_out_for_ever() {
        // Zero is left out wherever the bounds are no power of two.
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
