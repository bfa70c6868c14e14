//! `History` against a `VecDeque` of arrays, over leases, owned leases and arrays.

use std::collections::VecDeque;
use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayD, Axis, IxDyn, ShapeBuilder, array};
use ndarray_pool::prelude::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Step(i32),
    Push(i32),
    PanicHalfWay,
    DropOldest,
    Clear,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (-100..100).prop_map(Op::Step),
        3 => (-100..100).prop_map(Op::Push),
        1 => Just(Op::PanicHalfWay),
        2 => Just(Op::DropOldest),
        1 => prop::bool::weighted(0.3).prop_map(|clear| if clear { Op::Clear } else { Op::Step(1) }),
    ]
}

proptest! {
    #[test]
    fn it_behaves_as_a_deque_of_arrays(
        capacity in 1_usize..6,
        width in 0_usize..4,
        is_fortran in any::<bool>(),
        ops in prop::collection::vec(op(), 0..60),
    ) {
        let ring = Array2::from_elem((capacity + 1, width).set_f(is_fortran), -7);
        let mut history = History::new(ring);
        let mut model: VecDeque<Array1<i32>> = VecDeque::new(); // newest first
        for op in ops {
            match op {
                Op::Step(x) => {
                    // The new state depends on all past ones, in their order.
                    let expected = model.iter().enumerate().fold(
                        Array1::from_elem(width, x),
                        |sum, (age, state)| sum + state * (age as i32 + 1) % 1000,
                    );
                    let lens = history.step(|past, new| {
                        new.fill(x);
                        for (age, state) in past.iter().enumerate() {
                            new.zip_mut_with(&state, |new, x| *new += x * (age as i32 + 1) % 1000);
                        }
                        past.len()
                    });
                    prop_assert_eq!(lens, model.len());
                    model.push_front(expected);
                }
                Op::Push(x) => {
                    let state = Array1::from_iter((0..width as i32).map(|i| x + i));
                    history.push(&state);
                    model.push_front(state);
                }
                Op::PanicHalfWay => {
                    let half_way = std::panic::AssertUnwindSafe(|| history.step(|_, new| {
                        new.fill(-1);
                        std::panic::resume_unwind(Box::new(()))
                    }));
                    prop_assert!(std::panic::catch_unwind(half_way).is_err());
                }
                Op::DropOldest => prop_assert_eq!(history.drop_oldest(), model.pop_back().is_some()),
                Op::Clear => {
                    history.clear();
                    model.clear();
                }
            }
            model.truncate(capacity);
            prop_assert_eq!((history.len(), history.capacity()), (model.len(), capacity));
            prop_assert_eq!(history.is_empty(), model.is_empty());
            prop_assert!(history.iter().eq(model.iter().map(|state| state.view())));
            prop_assert!(history.iter().rev().eq(model.iter().rev().map(|state| state.view())));
            prop_assert_eq!(history.iter().len(), model.len());
            for (age, state) in model.iter().enumerate() {
                prop_assert_eq!(history.get(age), state.view());
            }
            let oldest_first = || model.iter().rev().map(|state| state.view());
            let (older, newer) = history.parts();
            prop_assert!(older.outer_iter().chain(newer.outer_iter()).eq(oldest_first()));
            match history.stacked() {
                Some(stacked) => prop_assert!(stacked.outer_iter().eq(oldest_first())),
                None => prop_assert!(!older.is_empty_axis() && !newer.is_empty_axis()),
            }
        }
    }
}

trait IsEmptyAxis {
    fn is_empty_axis(&self) -> bool;
}

impl IsEmptyAxis for ndarray::ArrayView2<'_, i32> {
    fn is_empty_axis(&self) -> bool {
        self.len_of(Axis(0)) == 0
    }
}

#[test]
fn states_stay_where_they_are() {
    let mut history = History::new(Array2::<f64>::zeros((4, 2)));
    for pass in 0..10 {
        history.push(&[f64::from(pass); 2]);
        let newest = history.newest().as_ptr();
        if pass > 1 {
            let oldest_but_one = history.get(1).as_ptr();
            history.step(|past, new| {
                assert_eq!(past.get(0).as_ptr(), newest);
                new.assign(&past.get(0));
            });
            assert_eq!(history.get(1).as_ptr(), newest);
            assert_eq!(history.get(2).as_ptr(), oldest_but_one);
        }
    }
}

#[test]
fn all_states_are_one_array_until_they_wrap_and_when_they_end_with_the_ring() {
    let mut history = History::new(Array2::<i32>::zeros((4, 1)));
    assert_eq!(history.stacked().unwrap().shape(), [0, 1]);
    for x in 0..3 {
        history.push(&[x]);
        assert_eq!(history.stacked().unwrap().len(), x as usize + 1);
    }
    assert_eq!(history.stacked().unwrap(), array![[0], [1], [2]]);
    let is_stacked: Vec<bool> = (3..11)
        .map(|x| {
            history.push(&[x]);
            history.stacked().is_some()
        })
        .collect();
    assert_eq!(is_stacked, [true, false, false, true, true, false, false, true]);
    assert_eq!(history.parts().0.len() + history.parts().1.len(), 3);
}

#[test]
fn it_takes_leases_and_owned_leases_of_any_rank() {
    let pool = Pool2::<f64>::new((3, 2), 1).unwrap();
    let mut leased = History::new(pool.lease_filled(f64::NAN));
    let shared = Arc::new(Pool3::<f64>::new((3, 2, 1), 1).unwrap());
    let mut owned = History::new(shared.lease_owned());
    let mut dynamic = History::new(ArrayD::<f64>::zeros(IxDyn(&[3, 2, 1])));
    for x in [1.0, 2.0, 3.0] {
        leased.push(&[x; 2]);
        owned.push(&[[x]; 2]);
        dynamic.push(&Array2::from_elem((2, 1), x).into_dyn());
    }
    assert_eq!(leased.past().iter().map(|x| x.sum()).collect::<Vec<_>>(), [6.0, 4.0]);
    assert_eq!(owned.get(1).sum(), 4.0);
    assert_eq!(dynamic.newest().sum(), 6.0);
    drop(leased.into_inner());
    pool.assert_all_returned();
}

#[test]
#[should_panic(expected = "History::new: `ring` has room for 1 state along its first axis, but \
                           must have room for 2 or more: one more than it is to remember")]
fn a_ring_needs_room_for_two() {
    History::new(Array2::<f64>::zeros((1, 3)));
}

#[test]
#[should_panic(expected = "History::get: age 1, but there is 1 state")]
fn an_age_that_is_not_there_panics() {
    let mut history = History::new(Array2::<f64>::zeros((3, 3)));
    history.push(&[0.0; 3]);
    history.get(1);
}

#[test]
fn a_state_of_another_shape_changes_nothing() {
    let mut history = History::new(Array2::<f64>::zeros((3, 3)));
    history.push(&[1.0; 3]);
    let push = std::panic::AssertUnwindSafe(|| history.push(&[1.0; 1]));
    let message = std::panic::catch_unwind(push).unwrap_err().downcast::<String>().unwrap();
    assert_eq!(
        *message,
        "History::push: `state` has shape [1], but must have the shape of a state, [3]"
    );
    assert_eq!(history.len(), 1);
}
