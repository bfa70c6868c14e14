//! Wrong operands panic at the user's line, with the names of the user's, and before anything is written.

#![forbid(unsafe_code)] // which formulas need not (ndarray's `s!` does)

use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Mutex;

use ndarray::{Array1, Array2, Axis, array};
use ndarray_pool::fused;
use ndarray_pool::prelude::*;

/// Asserts on the message of a panic, and that it comes from this file.
#[track_caller]
fn panics_with(message: &str, call: impl FnOnce()) {
    static HOOK: Mutex<()> = Mutex::new(());
    let _one_at_a_time = HOOK.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let lines = std::sync::Arc::new(Mutex::new(Vec::new()));
    let (seen, before) = (lines.clone(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        seen.lock().unwrap().push(info.location().map(|at| at.file().to_owned()));
    }));
    let result = catch_unwind(AssertUnwindSafe(call));
    std::panic::set_hook(before);
    let payload = result.expect_err("it does not panic");
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or(payload.downcast_ref::<&str>().copied());
    assert_eq!(text, Some(message));
    let last = lines.lock().unwrap().last().cloned().flatten();
    assert_eq!(last.as_deref(), Some(Location::caller().file()));
}

#[test]
fn messages_name_the_arrays() {
    let (a, b) = (Array2::<f64>::zeros((2, 4)), Array2::<f64>::zeros((3, 4)));
    let mut out = Array2::from_elem((2, 4), 7.0);
    panics_with(
        "fused!: `b` has shape [3, 4], which cannot be broadcast to the shape of `out`, [2, 4]",
        || fused!(out = |a, b| a + b),
    );
    panics_with(
        "fused!: `part` has shape [4, 3], which cannot be broadcast to the shape of `row`, [4]",
        || fused!((row = out.row_mut(0)) += |part = b.t()| part),
    );
    let mut other = Array2::zeros((3, 4));
    panics_with(
        "fused!: `other` has shape [3, 4], but must have the shape of `out`, [2, 4]",
        || fused!((out, other) = |a| (a, a)),
    );
    panics_with(
        "fused!: `b` has shape [3, 4], which cannot be broadcast to the shape of `a`, [2, 4]",
        || assert_eq!(fused!(sum | a, b | a + b), 0.0),
    );
    assert!(out.iter().all(|&x| x == 7.0) && other.iter().all(|&x| x == 0.0));
}

#[test]
fn messages_name_the_axis() {
    let (a, b) = (Array2::<f64>::zeros((2, 4)), Array2::<f64>::zeros((3, 4)));
    let mut out = Array1::from_elem(4, 7.0);
    panics_with("fused!: `a` has shape [2, 4], which has no axis 2", || {
        fused!(sum(Axis(2)) out = |a| a);
    });
    panics_with(
        "fused!: `out` has shape [4], but must have the shape of `a` without axis 1, [2]",
        || fused!(mean(Axis(1)) out = |a| a),
    );
    panics_with(
        "fused!: `b` has shape [3, 4], which cannot be broadcast to the shape of `a`, [2, 4]",
        || fused!(min(Axis(0)) out = |a, b| a + b),
    );
    let none = Array2::<f64>::zeros((0, 4));
    panics_with("fused!: `none` has shape [0, 4], whose axis 0 has no elements", || {
        fused!(max(Axis(0)) out = |none| none);
    });
    assert!(out.iter().all(|&x| x == 7.0));
}

#[test]
fn a_panic_in_the_formula_passes_through_and_loses_no_buffer() {
    let pool = Pool1::<f64>::new(1000, 1).unwrap();
    let a = Array1::range(0.0, 1000.0, 1.0);
    for _ in 0..3 {
        let mut lease = pool.lease_filled(-1.0);
        panics_with("777 is too large", || {
            fused!(
                lease = |a| {
                    assert!(a != 777.0, "{a} is too large");
                    a
                }
            );
        });
        assert!(lease.iter().zip(&a).all(|(&x, &a)| x == -1.0 || x == a));
        fused!(lease = |a| a + 1.0);
        assert_eq!(lease[999], 1000.0);
    }
    panics_with("777 is too large", || {
        let _: f64 = fused!(
            sum | a | {
                assert!(a != 777.0, "{a} is too large");
                a
            }
        );
    });
    assert_eq!(a[777], 777.0);
}

/// As every kernel does in builds with debug assertions; in others, integers wrap.
#[test]
#[cfg(debug_assertions)]
fn sums_of_integers_that_overflow_say_so() {
    let a = array![200_u8, 100];
    panics_with("fused!: u8 overflows: attempt to add with overflow", || {
        let _: u8 = fused!(sum | a | a);
    });
}
