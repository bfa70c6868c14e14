//! Orders and random numbers: all shuffles agree from the same seed and end with every generator, and a permutation
//! keeps what it promises.

use std::convert::Infallible;

use ndarray::{Array1, Array2, Array3, ArrayD, Axis, ShapeBuilder};
use ndarray_pool::kernel::*;
use proptest::prelude::*;
use rand::distr::{Bernoulli, StandardUniform, Uniform};
use rand::{Rng, TryRng};
use rand_distr::StandardNormal;

use crate::panics::panic_of;
use crate::registry::naive::{self, SplitMix};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_three_ways_to_shuffle_agree(
        shape in [0_usize..9, 0..9, 0..9], axis in 0_usize..3, seed: u64, f_order: bool,
    ) {
        agree((shape[0], shape[1], shape[2]), Axis(axis), seed, f_order)?;
    }
}

/// On both sides of the length up to which the order is held on the stack.
#[test]
fn long_shuffles_agree() {
    for len in [479, 480, 481, 959, 962, 3_847, 4_095, 4_096, 4_097, 9_000, 32_643] {
        for f_order in [false, true] {
            agree((len, 2, 1), Axis(0), 3, f_order).unwrap();
            agree((1, 2, len), Axis(2), 4, f_order).unwrap();
        }
    }
}

fn agree(
    shape: (usize, usize, usize),
    axis: Axis,
    seed: u64,
    f_order: bool,
) -> Result<(), TestCaseError> {
    let numbers = 0_u32..(shape.0 * shape.1 * shape.2) as u32;
    let a = Array3::from_shape_vec(shape, numbers.collect()).unwrap();
    let mut into = Array3::zeros(shape.set_f(f_order));
    let (mut inplace, mut permuted) = (into.clone(), into.clone());

    let mut rng = SplitMix(seed);
    shuffle_axis_into(&a, axis, &mut into, &mut rng);

    let mut same = SplitMix(seed);
    copy_into(&a, &mut inplace);
    shuffle_axis_inplace(&mut inplace, axis, &mut same);
    prop_assert_eq!(&into, &inplace);
    prop_assert_eq!(rng.0, same.0, "as many numbers are drawn");

    let mut same = SplitMix(seed);
    let mut order = Permutation::identity(a.len_of(axis));
    order.shuffle(&mut same);
    reorder_axis_into(&a, axis, &order, &mut permuted);
    prop_assert_eq!(&into, &permuted);
    prop_assert_eq!(rng.0, same.0);

    if axis == Axis(0) {
        let mut rows = Array3::zeros(shape);
        shuffle_copy_into(&a, &mut rows, &mut SplitMix(seed));
        prop_assert_eq!(&into, &rows);
    }
    if a.len() == a.len_of(axis) {
        let mut elements = Array3::zeros(shape);
        shuffle_elements_into(&a, &mut elements, &mut SplitMix(seed));
        prop_assert_eq!(&into, &elements, "elements of one axis are its rows");
        copy_into(&a, &mut elements);
        shuffle_elements_inplace(&mut elements, &mut SplitMix(seed));
        prop_assert_eq!(&into, &elements);
    }
    Ok(())
}

/// On both sides of the lengths from which elements go into buckets: a seed keeps its order, and memory order does not
/// matter.
#[test]
fn large_shuffles_of_elements_keep_their_order() {
    for ((rows, columns), into, inplace) in [
        ((1, (5 << 18) - 1), 0x2a55_08bb_e50f_f584, 0x2a55_08bb_e50f_f584),
        ((2, 5 << 17), 0xd721_6836_6006_5908, 0x1a16_4e9d_1d67_e88d),
        ((3, 1 << 19), 0x2c04_ab46_cf73_9f1e, 0xb6f0_7e90_65b0_5a5c),
    ] {
        let len = rows * columns;
        let a = Array2::from_shape_vec((rows, columns), (0..len as u32).collect()).unwrap();
        let mut out = Array2::zeros((rows, columns));
        shuffle_elements_into(&a, &mut out, &mut SplitMix(1));
        assert_eq!(digest(&out), into, "{len}");
        let mut changed = a.clone();
        shuffle_elements_inplace(&mut changed, &mut SplitMix(1));
        assert_eq!(digest(&changed), inplace, "{len}, in place");
        if len == 5 << 18 {
            let mut f = Array2::zeros((rows, columns).f());
            shuffle_elements_into(&a, &mut f, &mut SplitMix(1));
            assert_eq!(f, out);
            f.assign(&a);
            shuffle_elements_into(&f, &mut out, &mut SplitMix(1));
            assert_eq!(digest(&out), into, "{len} from F order");
            shuffle_elements_inplace(&mut f, &mut SplitMix(1));
            assert_eq!(f, changed);
        }
        for result in [out, changed] {
            let mut seen = vec![false; len];
            result.iter().for_each(|&element| seen[element as usize] = true);
            assert!(!seen.contains(&false), "{len}: each element is there");
        }
    }
}

/// Two orders of the same elements are very unlikely to share it.
fn digest(elements: &Array2<u32>) -> u64 {
    elements.iter().fold(0, |digest: u64, &element| {
        (digest ^ u64::from(element)).wrapping_mul(0x0100_0000_01b3).rotate_left(7)
    })
}

#[test]
fn the_element_type_does_not_matter() {
    let order = naive::order(100, 6);
    macro_rules! shuffled {
        ($type:ty, $from:expr) => {{
            let a = Array1::from_iter((0..100_u8).map($from));
            let mut out = a.clone();
            shuffle_axis_into(&a, Axis(0), &mut out, &mut SplitMix(6));
            let expected: Array1<$type> = order.iter().map(|&i| $from(i as u8)).collect();
            assert_eq!(out, expected);
            shuffle_elements_into(&a, &mut out, &mut SplitMix(6));
            assert_eq!(out, expected);
        }};
    }
    shuffled!(u8, |i| i);
    shuffled!(bool, |i: u8| i > 41);
    shuffled!(i32, i32::from);
    shuffled!(f32, f32::from);
    shuffled!(f64, f64::from);
    shuffled!([f64; 3], |i| [f64::from(i); 3]);
    #[cfg(feature = "complex")]
    shuffled!(num_complex::Complex<f64>, |i| num_complex::Complex::new(f64::from(i), 1.0));
}

#[test]
fn random_numbers_ignore_the_memory_order() {
    let (mut c, mut f) = (Array2::<f64>::zeros((5, 7)), Array2::<f64>::zeros((5, 7).f()));
    random_into(&StandardNormal, &mut c, &mut SplitMix(9));
    random_into(&StandardNormal, &mut f, &mut SplitMix(9));
    assert_eq!(c, f);
    let mut row_by_row = Array2::<f64>::zeros((5, 7));
    let mut rng = SplitMix(9);
    for mut row in row_by_row.rows_mut() {
        random_into(&StandardNormal, &mut row, &mut rng);
    }
    assert_eq!(c, row_by_row);
    let (mut flags, mut words) = (Array1::from_elem(64, false), Array1::from_elem(64, 0_u8));
    random_into(&StandardUniform, &mut flags, &mut SplitMix(1));
    random_into(&StandardUniform, &mut words, &mut SplitMix(1));
    assert!(flags.iter().any(|&flag| flag) && words.iter().any(|&word| word > 99));
}

/// A seed keeps its meaning: this list may never change.
#[test]
fn a_seed_keeps_its_order() {
    let mut order = Permutation::identity(10);
    order.shuffle(&mut SplitMix(1));
    assert_eq!(order.as_slice(), naive::order(10, 1));
    assert_eq!(order.as_slice(), [2, 7, 4, 1, 0, 6, 8, 3, 9, 5]);
}

#[test]
fn shuffling_forgets_the_order_before() {
    let (mut fresh, mut used) = (Permutation::identity(50), Permutation::identity(50));
    used.shuffle(&mut SplitMix(1));
    assert_ne!(fresh, used);
    used.shuffle(&mut SplitMix(2));
    fresh.shuffle(&mut SplitMix(2));
    assert_eq!(fresh, used);
    used.reset();
    assert_eq!(used, Permutation::identity(50));
}

#[test]
fn short_ones() {
    let empty = Permutation::identity(0);
    assert!(empty.is_empty() && Permutation::from_vec(vec![]) == Ok(empty));
    let mut one = Permutation::identity(1);
    let mut rng = SplitMix(3);
    one.shuffle(&mut rng);
    assert_eq!((one.as_slice(), one.len(), one.is_empty(), rng.0), (&[0][..], 1, false, 3));
}

#[test]
fn lists_that_are_no_permutation_are_refused() {
    let refusal = |list: &[usize]| Permutation::try_from(list.to_vec()).unwrap_err().to_string();
    assert_eq!(refusal(&[1]), "not a permutation: entry 0 is 1, but must be below 1");
    assert_eq!(refusal(&[0, 1, 7]), "not a permutation: entry 2 is 7, but must be below 3");
    assert_eq!(refusal(&[2, 0, 2]), "not a permutation: entry 2 is 2, which occurs before it");
    // The bit that marks what was seen is no way in.
    let marked = 1_usize << (usize::BITS - 1);
    let error = Permutation::from_vec(vec![0, marked | 1]).unwrap_err();
    assert!(matches!(error, PermutationError::OutOfRange { position: 1, len: 2, .. }));
    // What `main` prints, and `unwrap`.
    assert_eq!(format!("{error:?}"), error.to_string());
    let error = Permutation::from_vec(vec![0, 0]).unwrap_err();
    assert_eq!(format!("{error:#?}"), "not a permutation: entry 1 is 0, which occurs before it");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn exactly_the_permutations_are_accepted(list in proptest::collection::vec(0_usize..6, 0..6)) {
        let mut sorted = list.clone();
        sorted.sort();
        let is_permutation = sorted.iter().copied().eq(0..list.len());
        match Permutation::from_vec(list.clone()) {
            Ok(order) => {
                prop_assert!(is_permutation);
                prop_assert_eq!(order.as_slice(), list);
            }
            Err(_) => prop_assert!(!is_permutation),
        }
    }

    #[test]
    fn an_inverse_undoes(list in Just((0..40).collect::<Vec<usize>>()).prop_shuffle()) {
        let order = Permutation::from_vec(list).unwrap();
        let (mut back, mut again) = (Permutation::identity(40), Permutation::identity(40));
        order.invert_into(&mut back);
        prop_assert!((0..40).all(|i| back.as_slice()[order.as_slice()[i]] == i));
        back.invert_into(&mut again);
        prop_assert_eq!(again, order);
    }
}

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

#[test]
fn an_array_without_rows_cannot_be_shuffled() {
    let (a, mut out) = (ArrayD::<f64>::ones(&[][..]), ArrayD::from_elem(&[][..], -1e300));
    let mut rng = SplitMix(1);
    let panic = panic_of(|| shuffle_copy_into(&a, &mut out, &mut rng));
    assert_eq!(panic.message, "shuffle_copy_into: `a` has shape [], which has no axis 0");
    let mut diff = out.clone();
    let panic = panic_of(|| shuffle_diff_into(&a, &mut out, &mut diff, &mut rng));
    assert_eq!(panic.message, "shuffle_diff_into: `current` has shape [], which has no axis 0");
    assert_eq!((out[[]], diff[[]], rng.0), (-1e300, -1e300, 1), "nothing written, nothing drawn");
}

#[test]
fn a_permutation_of_another_length_is_named() {
    let a = Array2::<f64>::ones((3, 4));
    let mut out = Array2::from_elem((3, 4), -1e300);
    let order = Permutation::identity(3);
    let panic = panic_of(|| reorder_axis_into(&a, Axis(1), &order, &mut out));
    assert_eq!(
        panic.message,
        "reorder_axis_into: `perm` has length 3, but must have the length of axis 1 of `a`, 4"
    );
    assert_eq!(out, Array2::from_elem((3, 4), -1e300));
    let panic = panic_of(|| order.invert_into(&mut Permutation::identity(4)));
    assert_eq!(
        panic.message,
        "Permutation::invert_into: `out` has length 4, but must have the length of `self`, 3"
    );
    assert!(panic.file == file!());
}

#[test]
fn both_outputs_of_a_step_are_looked_at_before_either_is_written() {
    let a = Array2::<f64>::ones((3, 4));
    for (next, diff, wrong) in [((4, 3), (3, 4), "next"), ((3, 4), (3, 5), "diff")] {
        let mut next = Array2::from_elem(next, -1e300);
        let mut diff = Array2::from_elem(diff, -1e300);
        let mut rng = SplitMix(1);
        let panic = panic_of(|| shuffle_diff_into(&a, &mut next, &mut diff, &mut rng));
        let has = if wrong == "next" { next.shape() } else { diff.shape() };
        assert_eq!(
            panic.message,
            format!(
                "shuffle_diff_into: `{wrong}` has shape {has:?}, \
                 but must have the shape of `current`, [3, 4]"
            )
        );
        assert!(panic.file == file!());
        assert!(next.iter().chain(&diff).all(|&element| element == -1e300) && rng.0 == 1);
    }
}
