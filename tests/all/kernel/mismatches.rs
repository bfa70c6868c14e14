//! A bad argument panics with one form of message, at the caller's line, before anything is written.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use ndarray::{Array2, ArrayD, Axis, array};
use ndarray_pool::kernel::*;

use super::layout::GAP;
use super::registry::{Kernel, Shapes, SplitMix, Stage, Visitor, walk};

#[test]
fn wrong_shapes_are_named() {
    struct WrongShapes;
    impl Visitor for WrongShapes {
        fn visit<K: Kernel>(&mut self) {
            for bad in 0..K::INPUTS.len() {
                let (good_shape, bad_shape) = ([3, 4], [3, 5]);
                let (name, bad_name) = (K::NAME, K::INPUTS[bad]);
                let message = match K::SHAPES {
                    Shapes::Broadcast => format!(
                        "{name}: `{bad_name}` has shape [3, 5], \
                         which cannot be broadcast to the shape of `out`, [3, 4]"
                    ),
                    Shapes::Same => format!(
                        "{name}: `{bad_name}` has shape [3, 5], \
                         but must have the shape of `out`, [3, 4]"
                    ),
                    Shapes::Count => format!(
                        "{name}: `out` has shape [3, 4], \
                         but must have as many elements as `{bad_name}`, 15"
                    ),
                    Shapes::First(first) => {
                        let (has, needs) = if bad == 0 { (4, 5) } else { (5, 4) };
                        format!(
                            "{name}: `{}` has shape [3, {has}], \
                             but must have the shape of `{first}`, [3, {needs}]",
                            K::INPUTS[1]
                        )
                    }
                    Shapes::Alone => continue,
                };
                let arrays: Vec<_> = (0..K::INPUTS.len())
                    .map(|k| Array2::<f64>::ones(if k == bad { bad_shape } else { good_shape }))
                    .collect();
                let inputs: Vec<_> = arrays.iter().map(|array| array.view()).collect();
                let mut out = Array2::from_elem(good_shape, GAP);
                let stage = Stage::new(&good_shape, Axis(0));
                let panic = panic_of(|| K::run(&stage, &inputs, &mut out));
                assert_eq!(panic.message, message);
                assert_caller_is_blamed(&panic, name);
                assert_eq!(
                    out,
                    Array2::from_elem(good_shape, GAP),
                    "{name} wrote before it looked"
                );
            }
        }
    }
    walk(&mut WrongShapes);
}

#[test]
fn a_missing_axis_is_named() {
    struct WrongAxis(usize);
    impl Visitor for WrongAxis {
        fn visit<K: Kernel>(&mut self) {
            if !K::TAKES_AXIS || ["shuffle_copy_into", "shuffle_diff_into"].contains(&K::NAME) {
                return; // always axis 0: see below
            }
            self.0 += 1;
            let a = Array2::<f64>::ones((3, 4));
            let mut out = a.clone();
            let stage = Stage::new(&[3, 4], Axis(2));
            let panic = panic_of(|| K::run(&stage, &[a.view()], &mut out));
            let message = format!("{}: `a` has shape [3, 4], which has no axis 2", K::NAME);
            assert_eq!(panic.message, message);
            assert_caller_is_blamed(&panic, K::NAME);
            assert_eq!(out, a, "{} wrote before it looked", K::NAME);
        }
    }
    let mut visitor = WrongAxis(0);
    walk(&mut visitor);
    assert!(visitor.0 >= 3, "no kernel takes an axis");
}

#[test]
fn an_array_without_rows_cannot_be_shuffled() {
    let (a, mut out) = (ArrayD::<f64>::ones(&[][..]), ArrayD::from_elem(&[][..], GAP));
    let mut rng = SplitMix(1);
    let panic = panic_of(|| shuffle_copy_into(&a, &mut out, &mut rng));
    assert_eq!(panic.message, "shuffle_copy_into: `a` has shape [], which has no axis 0");
    let mut diff = out.clone();
    let panic = panic_of(|| shuffle_diff_into(&a, &mut out, &mut diff, &mut rng));
    assert_eq!(panic.message, "shuffle_diff_into: `current` has shape [], which has no axis 0");
    assert_eq!((out[[]], diff[[]], rng.0), (GAP, GAP, 1), "nothing written, nothing drawn");
}

#[test]
fn both_outputs_of_a_step_are_looked_at_before_either_is_written() {
    let a = Array2::<f64>::ones((3, 4));
    for (next, diff, wrong) in [((4, 3), (3, 4), "next"), ((3, 4), (3, 5), "diff")] {
        let mut next = Array2::from_elem(next, GAP);
        let mut diff = Array2::from_elem(diff, GAP);
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
        assert!(panic.file.ends_with("mismatches.rs"));
        assert!(next.iter().chain(&diff).all(|&element| element == GAP) && rng.0 == 1);
    }
}

#[test]
fn a_permutation_of_another_length_is_named() {
    let a = Array2::<f64>::ones((3, 4));
    let mut out = Array2::from_elem((3, 4), GAP);
    let order = Permutation::identity(3);
    let panic = panic_of(|| reorder_axis_into(&a, Axis(1), &order, &mut out));
    assert_eq!(
        panic.message,
        "reorder_axis_into: `perm` has length 3, but must have the length of axis 1 of `a`, 4"
    );
    assert_eq!(out, Array2::from_elem((3, 4), GAP));
    let panic = panic_of(|| order.invert_into(&mut Permutation::identity(4)));
    assert_eq!(
        panic.message,
        "Permutation::invert_into: `out` has length 4, but must have the length of `self`, 3"
    );
    assert!(panic.file.ends_with("mismatches.rs"));
}

#[test]
fn the_line_of_the_caller_is_reported() {
    let (next, current, mut out) = (array![1.0, 2.0], array![1.0, 2.0, 3.0], array![0.0, 0.0]);
    let (line, panic) = (line!(), panic_of(|| diff_into(&next, &current, &mut out)));
    assert_eq!((panic.file.as_str(), panic.line), (file!(), line));
    assert_eq!(
        panic.message,
        "diff_into: `current` has shape [3], but must have the shape of `out`, [2]"
    );
}

/// `out` does not broadcast: an input of more axes or longer ones is a mistake, even if it could be cut.
#[test]
fn out_is_never_broadcast() {
    let (a, b, mut out) = (array![[1, 2], [3, 4]], array![1, 2], array![0, 0]);
    let panic = panic_of(|| add_into(&a, &b, &mut out));
    assert_eq!(
        panic.message,
        "add_into: `a` has shape [2, 2], which cannot be broadcast to the shape of `out`, [2]"
    );
    let (a, b, mut out) = (array![1, 2, 3], array![1], array![0]);
    let panic = panic_of(|| add_into(&b, &a, &mut out));
    assert_eq!(
        panic.message,
        "add_into: `b` has shape [3], which cannot be broadcast to the shape of `out`, [1]"
    );
    assert_eq!(out, array![0]);
}

pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// The calls of kernels that tests walk over are in the registry.
fn assert_caller_is_blamed(panic: &Panic, name: &str) {
    assert!(panic.file.ends_with("registry.rs"), "{name} blames {}:{}", panic.file, panic.line);
}

/// The panic of `call`, which must panic.
pub(crate) fn panic_of(call: impl FnOnce()) -> Panic {
    thread_local! {
        /// Set while this thread waits for a panic, which is then kept instead of printed.
        static CAUGHT: RefCell<Option<Option<Panic>>> = const { RefCell::new(None) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            CAUGHT.with_borrow_mut(|caught| match caught {
                Some(caught) => {
                    let location = info.location().expect("std gives a location");
                    *caught = Some(Panic {
                        message: info.payload().downcast_ref().cloned().unwrap_or_default(),
                        file: location.file().to_owned(),
                        line: location.line(),
                    });
                }
                None => usual(info),
            });
        }));
    });
    CAUGHT.set(Some(None));
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    let caught = CAUGHT.take().flatten();
    result.expect_err("the call has to panic");
    caught.expect("the hook has seen the panic")
}
