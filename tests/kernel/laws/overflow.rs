//! Integers that overflow panic in debug builds as a mismatch does: at the caller's line, with the kernel's name.

use ndarray::{Array0, Array1, Array2, Array3, Axis, array, aview0};
use ndarray_pool::kernel::*;

use crate::panics::panic_of;

/// The call, which stands in the line of the macro, overflows.
#[cfg(debug_assertions)]
macro_rules! overflows {
    ($name:literal $type:literal $why:literal: $call:expr) => {
        let panic = panic_of(|| _ = $call);
        let message =
            concat!($name, ": ", $type, " overflows: attempt to ", $why, " with overflow");
        assert_eq!(panic.message, message);
        assert_eq!((panic.file.as_str(), panic.line), (file!(), line!()), $name);
    };
}

#[cfg(debug_assertions)]
#[test]
fn elementwise_kernels_name_themselves_and_their_caller() {
    // Short and long, as one slice, as lanes, and with a number that is broadcast.
    for len in [1, 3, 40, 300] {
        let (a, mut out) = (Array1::from_elem(len, i32::MAX), Array1::zeros(len));
        let (one, two) = (Array1::from_elem(len, 1), Array1::from_elem(len, 2));
        let (least, twos) = (a.mapv(|_| i32::MIN), a.mapv(|_| 2_u32));
        let backwards = a.slice(ndarray::s![..;-1]);
        overflows! {"add_into" "i32" "add": add_into(&a, &one, &mut out)}
        overflows! {"add_into" "i32" "add": add_into(&a, &aview0(&1), &mut out)}
        overflows! {"add_into" "i32" "add": add_into(&backwards, &one, &mut out)}
        overflows! {"sub_into" "i32" "subtract": sub_into(&least, &one, &mut out)}
        overflows! {"mul_into" "i32" "multiply": mul_into(&a, &two, &mut out)}
        overflows! {"axpby_into" "i32" "add": axpby_into(&a, &one, 1, 1, &mut out)}
        overflows! {"axpby_into" "i32" "multiply": axpby_into(&a, &one, 2, 1, &mut out)}
        overflows! {"power_into" "i32" "multiply": power_into(&a, &twos, &mut out)}
    }
    let (a, mut out) = (array![200_u8], array![0]);
    overflows! {"add_into" "u8" "add": add_into(&a, &a, &mut out)}
}

/// All of these calls overflow, in the caller's file.
#[cfg(debug_assertions)]
macro_rules! all_overflow {
    ($($name:literal: $call:expr;)*) => {$(
        let panic = panic_of(|| { let _ = $call; });
        assert!(panic.message.starts_with(concat!($name, ": i32 overflows: ")), "{}", panic.message);
        assert_eq!(panic.file, file!(), $name);
    )*};
}

#[cfg(debug_assertions)]
#[test]
fn every_kernel_that_computes_names_itself() {
    let least = array![[i32::MIN, -1], [-1, i32::MIN]];
    let most = array![[i32::MAX, 1], [1, i32::MAX]];
    let large = array![[i32::MAX, i32::MAX], [i32::MAX, i32::MAX]];
    let lane = array![i32::MAX, i32::MAX];
    let mut out = Array2::<i32>::zeros((2, 2));
    let mut one = Array1::<i32>::zeros(2);
    let (x, y) = (Axis(0), Axis(1));
    all_overflow! {
        "add_into": add_into(&most, &large, &mut out);
        "sub_into": sub_into(&least, &most, &mut out);
        "mul_into": mul_into(&most, &large, &mut out);
        "axpby_into": axpby_into(&large, &large, 3, 2, &mut out);
        "power_into": power_into(&large, &aview0(&2_u32), &mut out);
        "diff_into": diff_into(&least, &most, &mut out);
        "kron_into": kron_into(&large, &array![[2]], &mut out);
        "sum_axis_into": sum_axis_into(&large, x, &mut one);
        "sum_axis_into": sum_axis_into(&large, y, &mut one);
        "prod_axis_into": prod_axis_into(&large, y, &mut one);
        "vecdot_axis_into": vecdot_axis_into(&large, &large, y, &mut one);
        "ptp_axis_into": ptp_axis_into(&array![[i32::MIN, i32::MAX], [0, 0]], y, &mut one);
        "matvec_into": matvec_into(&large, &lane, &mut one);
        "vecmat_into": vecmat_into(&lane, &large, &mut one);
        "sum": whole::sum(&large);
        "prod": whole::prod(&large);
        "vdot": whole::vdot(&large, &large);
        "ptp": whole::ptp(&array![i32::MIN, i32::MAX]);
        "cumsum_axis_into": cumsum_axis_into(&large, x, &mut out);
        "cumprod_axis_into": cumprod_axis_into(&large, y, &mut out);
        "cumsum_axis_inplace": cumsum_axis_inplace(&mut large.clone(), y);
        "cumprod_axis_inplace": cumprod_axis_inplace(&mut large.clone(), x);
        "cumsum_into": cumsum_into(&large, &mut Array1::zeros(4));
        "cumprod_into": cumprod_into(&large, &mut Array1::zeros(4));
        "diff_axis_into": diff_axis_into(&array![[i32::MAX, -2], [0, 0]], y, 1, &mut Array2::zeros((2, 1)));
        "add_reduceat_axis_into": add_reduceat_axis_into(&large, y, &array![0], &mut Array2::zeros((2, 1)));
    }
    let mut rng = rand::SeedableRng::seed_from_u64(1);
    let rng: &mut rand::rngs::SmallRng = &mut rng;
    let states =
        Array2::from_shape_fn((40, 200), |(i, _)| if i % 2 == 0 { i32::MIN } else { i32::MAX });
    let (mut next, mut diff) = (states.clone(), states.clone());
    all_overflow! {
        "shuffle_diff_into": shuffle_diff_into(&states, &mut next, &mut diff, &mut *rng);
    }
    let (stack, zero) = (Array3::from_elem((2, 3, 4), i32::MAX), Array0::<i32>::zeros(()));
    all_overflow! {
        "sum_axis_into": sum_axis_into(&stack, Axis(1), &mut Array2::zeros((2, 4)));
        "add_into": add_into(&aview0(&i32::MAX), &aview0(&1), &mut zero.clone());
    }
}

/// An overflow in a closure, and what the operators of other types panic with, is their own.
#[test]
fn other_panics_pass() {
    let panic = panic_of(|| map_into(&array![1], &mut array![0], |x: i32| panic!("no {x}")));
    assert_eq!(panic.message, "no 1");

    #[derive(Clone, Copy, PartialEq)]
    struct Odd;
    impl std::ops::Add for Odd {
        type Output = Odd;
        fn add(self, _: Odd) -> Odd {
            let file = "an operator".to_owned();
            panic!("{file} of its own")
        }
    }
    let (line, panic) =
        (line!(), panic_of(|| add_into(&array![Odd], &array![Odd], &mut array![Odd])));
    assert_eq!(panic.message, "an operator of its own");
    assert!(panic.file == file!() && panic.line < line, "where it was");
}

/// In release builds they wrap, as NumPy's do.
#[cfg(not(debug_assertions))]
#[test]
fn without_checks_integers_wrap() {
    let mut out = array![0_u8, 0];
    add_into(&array![200, 255], &aview0(&56), &mut out);
    assert_eq!(out, array![0, 55]);
    mul_into(&array![16, 17], &aview0(&16), &mut out);
    assert_eq!(out, array![0, 16]);
    assert_eq!(whole::sum(&Array1::from_elem(257, 255_u8)), 255);
}
