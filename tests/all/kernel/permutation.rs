//! `Permutation`: what it accepts, what it refuses, and what its methods promise.

use ndarray_pool::kernel::{Permutation, PermutationError};
use proptest::prelude::*;

use super::registry::{SplitMix, naive_order};

/// A seed keeps its meaning: this list may never change.
#[test]
fn a_seed_keeps_its_order() {
    let mut order = Permutation::identity(10);
    order.shuffle(&mut SplitMix(1));
    assert_eq!(order.as_slice(), naive_order(10, 1));
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
