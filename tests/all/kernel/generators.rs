//! Shuffles end with every generator, even one that a test makes up.

use std::convert::Infallible;

use ndarray::{Array1, Array2, Axis};
use ndarray_pool::kernel::*;
use rand::distr::{Bernoulli, StandardUniform, Uniform};
use rand::{Rng, TryRng};

/// Gives the words that a function makes of their numbers, and panics after so many that a shuffle has no use for them.
struct Words {
    word: fn(u64) -> u64,
    drawn: u64,
    most: u64,
}

impl TryRng for Words {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_u64() as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        assert!(self.drawn < self.most, "this would never end");
        self.drawn += 1;
        Ok((self.word)(self.drawn - 1))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for bytes in bytes.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            bytes.copy_from_slice(&word[..bytes.len()]);
        }
        Ok(())
    }
}

/// Generators that are not random, for calls that need about `draws` numbers.
fn each_generator(draws: usize, mut call: impl FnMut(&mut Words)) {
    let words: [fn(u64) -> u64; 6] =
        [|_| 0, |_| u64::MAX, |_| 1, |_| 1 << 63, |number| number, |number| number % 2 * u64::MAX];
    for word in words {
        call(&mut Words { word, drawn: 0, most: 20 * draws as u64 + 10_000 });
    }
}

/// Lengths on both sides of every change of method, and beyond.
const LENS: [usize; 8] = [0, 1, 2, 3, 130, 1000, 4100, 33_000];

fn assert_order(mut elements: Vec<usize>, what: &str) {
    elements.sort_unstable();
    assert!(elements.iter().copied().eq(0..elements.len()), "{what}");
}

#[test]
fn shuffles_of_rows_end() {
    for len in LENS {
        let a = Array1::from_iter(0..len);
        let mut out = Array1::zeros(len);
        each_generator(len, |rng| {
            shuffle_axis_into(&a, Axis(0), &mut out, rng);
            assert_order(out.to_vec(), "into");
        });
        each_generator(len, |rng| {
            shuffle_copy_into(&a, &mut out, rng);
            assert_order(out.to_vec(), "copy");
        });
        each_generator(len, |rng| {
            out.assign(&a);
            shuffle_axis_inplace(&mut out, Axis(0), rng);
            assert_order(out.to_vec(), "in place");
        });
        each_generator(len, |rng| {
            let mut order = Permutation::identity(len);
            order.shuffle(rng);
            assert_order(order.as_slice().to_vec(), "permutation");
        });
    }
    let current = Array2::from_shape_fn((500, 70), |(row, _)| row as f64);
    let (mut next, mut diff) = (current.clone(), current.clone());
    each_generator(500, |rng| {
        shuffle_diff_into(&current, &mut next, &mut diff, rng);
        assert_order(
            next.column(3).iter().map(|&row| row as usize).collect(),
            "with the difference",
        );
    });
}

/// (Large arrays, which are thrown into buckets first, are shuffled beside the code.)
#[test]
fn shuffles_of_elements_end() {
    for len in LENS {
        let a = Array1::from_iter(0..len);
        let mut out = Array1::zeros(len);
        each_generator(2 * len, |rng| {
            shuffle_elements_into(&a, &mut out, rng);
            assert_order(out.to_vec(), "elements");
        });
        each_generator(2 * len, |rng| {
            out.assign(&a);
            shuffle_elements_inplace(&mut out, rng);
            assert_order(out.to_vec(), "elements in place");
        });
    }
}

/// The same word for ever is every draw's own: the first of them with 0, the last with ones.
#[test]
fn constant_words_have_a_result() {
    let mut order = Permutation::identity(1000);
    order.shuffle(&mut Words { word: |_| u64::MAX, drawn: 0, most: 2000 });
    assert!(order.as_slice().iter().copied().eq(0..1000), "each stays");
    order.shuffle(&mut Words { word: |_| 0, drawn: 0, most: 30_000 });
    assert!(
        order.as_slice().iter().copied().eq([999].into_iter().chain(0..999)),
        "each moves by one"
    );
}

/// What draws one element after another ends where its distribution does. (rand's own range of integers does not with every
/// word that is repeated for ever, unless its length is a power of two.)
#[test]
fn random_numbers_end() {
    let mut out = Array1::zeros(1000);
    each_generator(1000, |rng| random_into(&StandardUniform, &mut out, rng));
    assert!(out.iter().all(|x: &f64| (0.0..1.0).contains(x)));
    each_generator(1000, |rng| random_into(&Uniform::new(-2.0, 3.0).unwrap(), &mut out, rng));
    assert!(out.iter().all(|x| (-2.0..3.0).contains(x)));
    let mut places = Array1::zeros(1000);
    each_generator(1000, |rng| random_into(&Uniform::new(0, 8).unwrap(), &mut places, rng));
    assert!(places.iter().all(|place| *place < 8_usize));
    let mut heads = Array1::from_elem(1000, false);
    each_generator(1000, |rng| random_into(&Bernoulli::new(0.5).unwrap(), &mut heads, rng));
}

/// Of random words few are left out, so that most of a shuffle's draws are worth their word.
#[test]
fn random_words_are_used() {
    // The numbers 0, 1, 2, … through the mixer of SplitMix64.
    let word = |number: u64| {
        let mut word = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    };
    let mut rng = Words { word, drawn: 0, most: 100_000 };
    Permutation::identity(100_000).shuffle(&mut rng);
    // Three or four draws share a word here, and one word in sixteen is left out at most.
    assert!((25_000..37_000).contains(&rng.drawn), "{}", rng.drawn);
}
