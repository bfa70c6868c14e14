//! The one source of draws for every shuffle.
//!
//! All shuffles are the forward form of Fisher and Yates: element i changes places with element j, drawn
//! uniformly from 0..=i, for i = 0, 1, …, n − 1. Because they draw the same numbers in the same order,
//! shuffling a [`Permutation`](super::Permutation), shuffling into another array and shuffling in place agree
//! bit for bit. (Large arrays are thrown into buckets before: see [`buckets`](super::buckets).)
//!
//! A word of the generator is worth several draws. Multiplied by a first bound its high half is the first draw,
//! and the low half is as good as a new word for the next bound: together they are one draw from the product of
//! the bounds, written in mixed digits. So one rejection for all keeps it exact (Brackett-Rozinsky and Lemire,
//! *Batched ranged random integer generation*, 2024). How many draws share a word depends on the position alone.
//! It is written out here so that a seed keeps its meaning when `rand` changes the way it draws from a range, and so
//! that a 32-bit machine shuffles as a 64-bit one does.

use rand::Rng;

/// Positions that are handed out together: a multiple of all numbers of draws that share a word.
const BLOCK: usize = 480;

/// Hands out the draws of a shuffle of `len` elements, one by one.
///
/// `swap(position, other)`: the element at `position` changes places with the one at `other`. Nothing is drawn
/// for a single element.
#[inline]
pub(super) fn each<R: Rng + ?Sized>(len: usize, rng: &mut R, mut swap: impl FnMut(usize, usize)) {
    if len < 2 {
        (0..len).for_each(|only| swap(only, only));
        return;
    }
    for first in (0..len).step_by(BLOCK) {
        one_block(first, BLOCK.min(len - first), rng, &mut swap);
    }
}

/// The same draws in blocks: `apply(first, others)`, where the element at `first + k` changes places with the one
/// at `others[k]`.
///
/// In blocks, because many lanes may have to be shuffled alike: each block is applied to all of them, and
/// no list as long as the axis is needed.
pub(super) fn in_blocks<R: Rng + ?Sized>(
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
        one_block(first, others.len(), rng, &mut |position, other| {
            others[position - first] = other;
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
    swap: &mut impl FnMut(usize, usize),
) {
    match first as u64 {
        0..960 => in_words::<6, R>(first, len, rng, swap),
        960..3_840 => in_words::<5, R>(first, len, rng, swap),
        3_840..32_640 => in_words::<4, R>(first, len, rng, swap),
        32_640..1_048_320 => in_words::<3, R>(first, len, rng, swap),
        1_048_320..1_073_741_760 => in_words::<2, R>(first, len, rng, swap),
        _ => in_words::<1, R>(first, len, rng, swap),
    }
}

#[inline]
fn in_words<const DRAWS: usize, R: Rng + ?Sized>(
    first: usize,
    len: usize,
    rng: &mut R,
    swap: &mut impl FnMut(usize, usize),
) {
    let end = first + len;
    let most = (end as u64).pow(DRAWS as u32);
    let mut position = first;
    while end - position >= DRAWS {
        let others = one_word::<DRAWS, R>(position, DRAWS, most, rng);
        for (k, other) in others.into_iter().enumerate() {
            swap(position + k, other);
        }
        position += DRAWS;
    }
    if position < end {
        let others = one_word::<DRAWS, R>(position, end - position, most, rng);
        for (k, &other) in others[..end - position].iter().enumerate() {
            swap(position + k, other);
        }
    }
}

/// Uniform draws from `0..=first`, `0..=first + 1`, … as many as `count`; the product of their bounds is `most` or
/// less.
#[inline]
fn one_word<const DRAWS: usize, R: Rng + ?Sized>(
    first: usize,
    count: usize,
    most: u64,
    rng: &mut R,
) -> [usize; DRAWS] {
    let bound = |k| if k < count { (first + k) as u64 + 1 } else { 1 };
    loop {
        let mut word = rng.next_u64();
        let mut others = [0; DRAWS];
        for (k, other) in others.iter_mut().enumerate() {
            let product = u128::from(word) * u128::from(bound(k));
            (*other, word) = ((product >> 64) as usize, product as u64);
        }
        // What is left of the word is word · bounds mod 2⁶⁴. The draws are biased unless its first 2⁶⁴ mod bounds
        // values are left out, which is worth a division only if it is below the bounds at all.
        if word >= most {
            return others;
        }
        let bounds: u64 = (0..DRAWS).map(bound).product();
        if word >= bounds || word >= bounds.wrapping_neg() % bounds {
            return others;
        }
    }
}

/// Uniform draws from `0..N`, several from each word.
pub(super) struct Below<'a, const N: usize, R: ?Sized> {
    rng: &'a mut R,
    word: u64,
    left: u32,
}

impl<'a, const N: usize, R: Rng + ?Sized> Below<'a, N, R> {
    const PER_WORD: u32 = u64::BITS / (u64::BITS - (N as u64 - 1).leading_zeros());
    const BOUNDS: u128 = (N as u128).pow(Self::PER_WORD);
    /// As many words less one power of N do not make whole rounds: 2⁶⁴ mod Nᵏ.
    const LEFT_OUT: u64 = ((1 << 64) % Self::BOUNDS) as u64;

    pub(super) fn new(rng: &'a mut R) -> Self {
        Below { rng, word: 0, left: 0 }
    }

    #[inline]
    pub(super) fn next(&mut self) -> usize {
        if self.left == 0 {
            self.word = self.fresh();
            self.left = Self::PER_WORD;
        }
        self.left -= 1;
        let product = u128::from(self.word) * N as u128;
        self.word = product as u64;
        (product >> 64) as usize
    }

    /// A word that is fit for all of its draws.
    #[inline]
    fn fresh(&mut self) -> u64 {
        loop {
            let word = self.rng.next_u64();
            if word.wrapping_mul(Self::BOUNDS as u64) >= Self::LEFT_OUT {
                return word;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rand::rngs::SmallRng;
    use rand::{SeedableRng, TryRng};

    use super::*;

    /// A generator that says what it is told to, and repeats the last word.
    struct Script<'a>(&'a [u64]);

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
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
            unreachable!("draws take whole words")
        }
    }

    /// Around every position at which fewer draws share a word.
    #[test]
    fn the_first_and_the_last_position_are_reached() {
        for first in [0, 480, 960, 3_360, 3_840, 32_160, 32_640, 1_047_840, 1_048_320] {
            for len in [1, 2, 5, 7, 8, 479, 480] {
                one_block(first, len, &mut Script(&[u64::MAX]), &mut |position, other| {
                    assert_eq!(other, position);
                });
                one_block(first, len, &mut Script(&[1]), &mut |_, other| assert_eq!(other, 0));
            }
        }
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn long_axes_have_draws_of_their_own() {
        for first in [1_073_741_280, 1_073_741_760, 480 << 32] {
            one_block(first, 480, &mut Script(&[u64::MAX]), &mut |position, other| {
                assert_eq!(other, position);
            });
        }
        let mut upper = 0;
        one_block(480 << 24, 480, &mut SmallRng::seed_from_u64(1), &mut |position, other| {
            upper += usize::from(other > position / 2);
        });
        assert!((190..290).contains(&upper), "{upper} of 480 in the upper half");
    }

    /// The draws that share a word are the digits of one draw below the product of their bounds.
    #[test]
    fn draws_are_the_digits_of_one() {
        let mut rng = SmallRng::seed_from_u64(5);
        for first in [0, 1, 7, 100, 955] {
            let word = rng.next_u64() | 1 << 63;
            let others = one_word::<6, _>(first, 6, 1 << 60, &mut Script(&[word]));
            let number = others
                .iter()
                .enumerate()
                .fold(0, |number, (k, &other)| number * (first + k + 1) as u128 + other as u128);
            let bounds: u128 = (0..6).map(|k| (first + k + 1) as u128).product();
            assert_eq!(number, (u128::from(word) * bounds) >> 64);
        }
    }

    #[test]
    fn a_draw_that_would_bias_is_drawn_again() {
        // 2⁶⁴ mod 6 = 4, and what is left of zero is zero.
        let mut rng = Script(&[0, 0, u64::MAX]);
        assert_eq!(one_word::<3, _>(0, 3, 6, &mut rng), [0, 1, 2]);
        // Of all words the 6th part of 2⁶⁴, rounded up, and its multiples leave 2: too little. One more leaves 8.
        let sixth = u64::MAX / 6 + 1;
        assert_eq!(sixth.wrapping_mul(6), 2);
        let mut rng = Script(&[sixth, sixth + 1]);
        assert_eq!(one_word::<3, _>(0, 3, 6, &mut rng), [0, 0, 1]);
        assert_eq!(rng.0.len(), 1, "both were drawn");
        // 2⁶⁴ mod 8 = 0: nothing is left out.
        assert_eq!(one_word::<1, _>(7, 1, 8, &mut Script(&[0])), [0]);
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

    /// The draws of one word, and the digits of one draw below the product of the bounds.
    fn below<const N: usize>(word: u64) -> (Vec<usize>, Vec<usize>) {
        let script = &mut Script(&[word]);
        let mut draws = Below::<N, _>::new(script);
        let count = Below::<N, Script<'_>>::PER_WORD;
        let drawn = (0..count).map(|_| draws.next()).collect();
        let mut number = (u128::from(word) * (N as u128).pow(count)) >> 64;
        let mut digits = vec![0; count as usize];
        for digit in digits.iter_mut().rev() {
            (*digit, number) = ((number % N as u128) as usize, number / N as u128);
        }
        (drawn, digits)
    }

    #[test]
    fn choices_are_the_digits_of_one() {
        for word in [u64::MAX, 1 << 63, 0x0123_4567_89ab_cdef] {
            for (drawn, digits) in
                [below::<2>(word), below::<3>(word), below::<16>(word), below::<255>(word)]
            {
                assert_eq!(drawn, digits);
            }
        }
    }

    #[test]
    fn a_choice_that_would_bias_is_drawn_again() {
        // 255⁸ leaves over 3 % of all words; a power of two, none.
        let script = &mut Script(&[0, u64::MAX]);
        assert_eq!(Below::<255, _>::new(script).next(), 254);
        assert_eq!(Below::<16, _>::new(&mut Script(&[0, u64::MAX])).next(), 0);
    }
}
