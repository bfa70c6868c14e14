//! `DoubleBuffer` over leases, owned leases and arrays.

use std::sync::Arc;

use ndarray::{Array1, array};
use ndarray_pool::prelude::*;

#[test]
fn steps_swap_holders_and_move_no_data() {
    let pool = Pool1::<f64>::new(3, 2).unwrap();
    let mut state = DoubleBuffer::new(pool.lease_filled(1.0), pool.lease());
    let (first, second) = (state.current().as_ptr(), state.previous().as_ptr());
    for pass in 1..=4 {
        let sum = state.step(|current, next| {
            next.assign(current);
            *next += 1.0;
            next.sum()
        });
        assert_eq!(sum, 3.0 * (pass as f64 + 1.0));
        assert_eq!(state.current(), array![1.0, 1.0, 1.0] * (pass as f64 + 1.0));
        let expected = if pass % 2 == 1 { second } else { first };
        assert_eq!(state.current().as_ptr(), expected);
    }
    assert_eq!(state.previous(), array![4.0, 4.0, 4.0]);
    let (current, previous) = state.into_inner();
    assert_eq!(current[0] - previous[0], 1.0);
    drop((current, previous));
    pool.assert_all_returned();
}

#[test]
fn it_takes_owned_leases_and_arrays() {
    let pool = Arc::new(Pool1::<f64>::new(3, 2).unwrap());
    let mut leased = DoubleBuffer::new(pool.lease_owned(), pool.lease_owned());
    let mut owned = DoubleBuffer::new(Array1::<f64>::zeros(3), Array1::zeros(3));
    for _ in 0..3 {
        leased.step(|current, next| next.assign(&(current + 1.0)));
        owned.step(|current, next| next.assign(&(current + 1.0)));
    }
    assert_eq!(leased.current(), owned.current());
    leased.current_mut().fill(9.0);
    assert_eq!(leased.current().sum(), 27.0);
}

#[test]
fn a_panic_in_a_step_keeps_the_current_state() {
    let pool = Pool1::<f64>::new(3, 2).unwrap();
    let mut state = DoubleBuffer::new(pool.lease_filled(1.0), pool.lease());
    let step = std::panic::AssertUnwindSafe(|| {
        state.step(|_, next| {
            next.fill(7.0);
            panic!("half way");
        })
    });
    assert!(std::panic::catch_unwind(step).is_err());
    assert_eq!(state.current(), array![1.0, 1.0, 1.0]);
}

#[test]
#[should_panic(
    expected = "DoubleBuffer::new: `next` has shape [4], but must have the shape of `current`, [3]"
)]
fn shapes_must_agree() {
    DoubleBuffer::new(Array1::<f64>::zeros(3), Array1::zeros(4));
}
