//! An integer that overflows where overflow checks are on: the panic names the kernel, in the caller's file.
#![cfg(debug_assertions)]

use ndarray::{Array0, Array1, Array2, Array3, ArrayRef2, Axis, array, aview0};
use ndarray_pool::kernel::*;

use super::mismatches::{Panic, panic_of};

const MAX: i32 = i32::MAX;

fn assert_names(panic: &Panic, kernel: &str) {
    let start = format!("{kernel}: i32 overflows: attempt to ");
    assert!(panic.message.starts_with(&start), "{kernel}: {}", panic.message);
    assert!(panic.message.ends_with(" with overflow"), "{kernel}: {}", panic.message);
    assert_eq!(panic.file, file!(), "{kernel}");
}

/// Each call overflows.
macro_rules! overflows {
    ($($kernel:literal: $call:expr;)*) => {$(
        assert_names(&panic_of(|| { let _ = $call; }), $kernel);
    )*};
}

#[test]
fn every_kernel_that_computes_names_itself() {
    let least = array![[i32::MIN, -1], [-1, i32::MIN]];
    let most = array![[MAX, 1], [1, MAX]];
    let large = array![[MAX, MAX], [MAX, MAX]];
    let lane = array![MAX, MAX];
    let mut out = Array2::<i32>::zeros((2, 2));
    let mut one = Array1::<i32>::zeros(2);
    let (x, y) = (Axis(0), Axis(1));
    overflows! {
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
        "ptp_axis_into": ptp_axis_into(&array![[i32::MIN, MAX], [0, 0]], y, &mut one);
        "matvec_into": matvec_into(&large, &lane, &mut one);
        "vecmat_into": vecmat_into(&lane, &large, &mut one);
        "sum": whole::sum(&large);
        "prod": whole::prod(&large);
        "vdot": whole::vdot(&large, &large);
        "ptp": whole::ptp(&array![i32::MIN, MAX]);
        "cumsum_axis_into": cumsum_axis_into(&large, x, &mut out);
        "cumprod_axis_into": cumprod_axis_into(&large, y, &mut out);
        "cumsum_axis_inplace": cumsum_axis_inplace(&mut large.clone(), y);
        "cumprod_axis_inplace": cumprod_axis_inplace(&mut large.clone(), x);
        "cumsum_into": cumsum_into(&large, &mut Array1::zeros(4));
        "cumprod_into": cumprod_into(&large, &mut Array1::zeros(4));
        "diff_axis_into": diff_axis_into(&array![[MAX, -1], [0, 0]], y, 1, &mut Array2::zeros((2, 1)));
        "add_reduceat_axis_into": add_reduceat_axis_into(&large, &array![0], y, &mut Array2::zeros((2, 1)));
    }
    let mut rng = rand::SeedableRng::seed_from_u64(1);
    let rng: &mut rand::rngs::SmallRng = &mut rng;
    let states = Array2::from_shape_fn((40, 200), |(i, _)| if i % 2 == 0 { i32::MIN } else { MAX });
    let (mut next, mut diff) = (states.clone(), states.clone());
    overflows! {
        "shuffle_diff_into": shuffle_diff_into(&states, &mut next, &mut diff, &mut *rng);
    }
    let (stack, zero) = (Array3::from_elem((2, 3, 4), MAX), Array0::<i32>::zeros(()));
    overflows! {
        "sum_axis_into": sum_axis_into(&stack, Axis(1), &mut Array2::zeros((2, 4)));
        "add_into": add_into(&aview0(&MAX), &aview0(&1), &mut zero.clone());
    }
}

/// What a closure of the user does is none of a kernel's business.
#[test]
fn a_panic_of_user_code_passes_as_it_is() {
    let a = array![[MAX, MAX]];
    let add = |a: i32, b: i32| a.checked_add(b).expect("my own message");
    let run = |out: &mut ArrayRef2<i32>| zip_map_into(&a, &a, out, add);
    let panic = panic_of(|| run(&mut a.clone()));
    assert_eq!(panic.message, "my own message");
}
