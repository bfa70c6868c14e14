//! Kernels on all cores: what they say of wrong arguments, and what becomes of panics in a piece.

use std::collections::HashSet;
use std::sync::Mutex;
use std::thread;

use ndarray::{Array1, Array2, Axis, RemoveAxis, aview0};
use ndarray_pool::kernel::{Workspace, par, sum_axis_into};
use rayon::ThreadPoolBuilder;

use crate::allocations_in;
use crate::panics::panic_of;

/// Runs `work` in a pool of four threads, for which a few elements are enough.
fn on_threads<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    par::set_piece_len(Some(300));
    let pool = ThreadPoolBuilder::new().num_threads(4).build();
    pool.expect("threads start").install(work)
}

#[test]
fn wrong_arguments_are_found_before_anything_is_cut() {
    let (a, long) = (Array2::<f64>::zeros((50, 40)), Array1::<f64>::zeros(41));
    let (mut out, mut sums) = (Array2::<f64>::ones((50, 40)), Array1::<f64>::ones(41));
    on_threads(|| {
        for (panic, line, message) in [
            (
                panic_of(|| par::add_into(&a, &long, &mut out)),
                line!() - 1,
                "par::add_into: `b` has shape [41], which cannot be broadcast to the shape of `out`, [50, 40]",
            ),
            (
                panic_of(|| par::sum_axis_into(&a, Axis(0), &mut sums)),
                line!() - 1,
                "par::sum_axis_into: `out` has shape [41], \
                 but must have the shape of `a` without axis 0, [40]",
            ),
            (
                panic_of(|| par::take_axis_into(&a, Axis(0), &Array1::from_elem(50, 50), &mut out)),
                line!() - 1,
                "par::take_axis_into: `indices` holds 50 at [0], \
                 but must be below the length of axis 0 of `a`, 50",
            ),
        ] {
            assert_eq!((&*panic.message, panic.line, &*panic.file), (message, line, file!()));
        }
    });
    assert!(out.iter().all(|&x| x == 1.0), "nothing was written");
}

#[cfg(debug_assertions)]
#[test]
fn an_overflow_in_a_piece_is_reported_at_the_callers_line() {
    let mut a = Array2::<i32>::ones((50, 40));
    let (ones, mut out) = (a.clone(), a.clone());
    a[[49, 39]] = i32::MAX;
    on_threads(|| {
        let (panic, line) = (panic_of(|| par::add_into(&a, &ones, &mut out)), line!());
        let message = "par::add_into: i32 overflows: attempt to add with overflow";
        assert_eq!((&*panic.message, panic.line, &*panic.file), (message, line, file!()));
        let (panic, line) = (panic_of(|| _ = par::whole::sum(&a)), line!());
        let message = "par::whole::sum: i32 overflows: attempt to add with overflow";
        assert_eq!((&*panic.message, panic.line, &*panic.file), (message, line, file!()));
    });
}

#[test]
fn a_panic_of_a_users_function_passes_through() {
    let (a, mut out) = (Array1::from_iter(0..5000), Array1::zeros(5000));
    on_threads(|| {
        let panic = panic_of(|| {
            par::map_into(&a, &mut out, |x| if x == 4321 { panic!("no such number") } else { x });
        });
        assert!(panic.message.is_empty() || panic.message == "no such number");
        par::map_into(&a, &mut out, |x| x + 1);
    });
    assert_eq!(out, &a + 1);
}

#[test]
fn few_elements_are_left_to_the_calling_thread() {
    let threads_of = |len| {
        let (a, mut out) = (Array1::from_iter(0..len), Array1::zeros(len));
        let seen = Mutex::new(HashSet::new());
        par::map_into(&a, &mut out, |x| {
            seen.lock().expect("no panic").insert(thread::current().id());
            thread::yield_now();
            x
        });
        seen.into_inner().expect("no panic")
    };
    on_threads(|| assert_eq!(threads_of(599), HashSet::from([thread::current().id()])));
}

#[test]
fn a_product_takes_as_many_threads_as_the_workspace_has_room_for() {
    let a = Array2::from_shape_fn((70, 90), |(i, j)| (i * 7 + j * 3) as f64 / 8.0 - 20.0);
    let (mut plain, mut out) = (Array2::zeros((70, 70)), Array2::zeros((70, 70)));
    let one = ndarray_pool::kernel::matmul_workspace_bytes::<f64>(70, 90, 70);
    let mut workspace = Workspace::with_bytes(one);
    ndarray_pool::kernel::matmul_into(&a, &a.t(), &mut plain, &mut workspace);
    on_threads(|| {
        let all = par::matmul_workspace_bytes::<f64>(70, 90, 70);
        assert!(all > 3 * one);
        for bytes in [one, 2 * one, all] {
            let mut workspace = Workspace::with_bytes(bytes);
            out.fill(0.0);
            par::matmul_into(&a, &a.t(), &mut out, &mut workspace);
            assert_eq!(out, plain);
        }
        let panic =
            panic_of(|| par::matmul_into(&a, &a.t(), &mut out, &mut Workspace::with_bytes(1)));
        assert!(panic.message.starts_with("par::matmul_into: "), "{}", panic.message);
    });
}

#[test]
fn the_calling_thread_allocates_nothing() {
    let (a, mut out) = (Array2::<f64>::ones((100, 60)), Array2::zeros((100, 60)));
    let mut sums = Array1::zeros(60);
    on_threads(|| {
        let mut all = || {
            par::exp_into(&a, &mut out);
            par::sum_axis_into(&a, Axis(0), &mut sums);
            assert_eq!(par::whole::sum(&a), 6000.0);
        };
        all(); // rayon's queues grow
        assert_eq!(allocations_in(all), 0);
    });
}

/// Halves of these would have been walked another way than the whole, which makes other sums.
#[test]
fn repeated_elements_add_up_to_the_same_bits() {
    let one = aview0(&0.1);
    for shape in [[375, 1, 8], [1, 3000, 3], [2, 3000, 1], [12, 2, 125]] {
        let a = one.broadcast(shape).expect("one element fits any shape");
        for axis in [Axis(0), Axis(1), Axis(2)] {
            let shape = a.raw_dim().remove_axis(axis);
            let (mut plain, mut out) = (Array2::zeros(shape), Array2::zeros(shape));
            sum_axis_into(&a, axis, &mut plain);
            on_threads(|| par::sum_axis_into(&a, axis, &mut out));
            assert_eq!(out, plain, "{shape:?} along {axis:?}");
        }
    }
}
