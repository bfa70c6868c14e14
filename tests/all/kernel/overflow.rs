//! Integers that overflow panic in debug builds as a mismatch does: at the caller's line, with the kernel's name.

use ndarray::{Array1, array, aview0};
#[cfg(debug_assertions)]
use ndarray::{Array2, Axis};
use ndarray_pool::kernel::*;

use super::mismatches::panic_of;
#[cfg(debug_assertions)]
use super::registry::SplitMix;

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

#[cfg(debug_assertions)]
#[test]
fn reductions_and_scans_name_themselves_and_their_caller() {
    for len in [2, 40, 300] {
        let most = Array2::from_elem((len, len), i32::MAX);
        let (a, square) = (most.row(0), most.view());
        let ends = Array2::from_shape_fn((len, len), |(i, j)| match i + j {
            n if n % 2 == 0 => i32::MAX,
            _ => i32::MIN,
        });
        let (twos, mut row, mut out) = (a.mapv(|_| 2), Array1::zeros(len), most.clone());
        let (opposite, mut long) = (ends.mapv(|x| !x), Array1::zeros(len * len));
        overflows! {"sum" "i32" "add": whole::sum(&square)}
        overflows! {"prod" "i32" "multiply": whole::prod(&square)}
        overflows! {"vdot" "i32" "multiply": whole::vdot(&a, &twos)}
        overflows! {"ptp" "i32" "subtract": whole::ptp(&ends)}
        for axis in [Axis(0), Axis(1)] {
            overflows! {"sum_axis_into" "i32" "add": sum_axis_into(&square, axis, &mut row)}
            overflows! {"prod_axis_into" "i32" "multiply": prod_axis_into(&square, axis, &mut row)}
            overflows! {"vecdot_axis_into" "i32" "multiply": vecdot_axis_into(&square, &square, axis, &mut row)}
            overflows! {"ptp_axis_into" "i32" "subtract": ptp_axis_into(&ends, axis, &mut row)}
            overflows! {"cumsum_axis_into" "i32" "add": cumsum_axis_into(&square, axis, &mut out)}
            overflows! {"cumprod_axis_into" "i32" "multiply": cumprod_axis_into(&square, axis, &mut out)}
            overflows! {"cumsum_axis_inplace" "i32" "add": cumsum_axis_inplace(&mut most.clone(), axis)}
            overflows! {"cumprod_axis_inplace" "i32" "multiply": cumprod_axis_inplace(&mut most.clone(), axis)}
            for n in [1, len - 1] {
                let mut shorter = ends.slice_axis(axis, (n.min(16)..).into()).to_owned();
                overflows! {"diff_axis_into" "i32" "subtract": diff_axis_into(&ends, axis, n.min(16), &mut shorter)}
            }
            let mut one = square.slice_axis(axis, (..1).into()).to_owned();
            overflows! {"add_reduceat_axis_into" "i32" "add": add_reduceat_axis_into(&square, &array![0], axis, &mut one)}
        }
        overflows! {"cumsum_into" "i32" "add": cumsum_into(&square, &mut long)}
        overflows! {"cumprod_into" "i32" "multiply": cumprod_into(&square, &mut long)}
        overflows! {"matvec_into" "i32" "multiply": matvec_into(&square, &twos, &mut row)}
        overflows! {"vecmat_into" "i32" "multiply": vecmat_into(&twos, &square, &mut row)}
        overflows! {"diff_into" "i32" "subtract": diff_into(&ends, &opposite, &mut out)}
        overflows! {"kron_into" "i32" "multiply": kron_into(&a, &twos, &mut long)}
    }
}

#[cfg(debug_assertions)]
#[test]
fn shuffles_name_themselves_and_their_caller() {
    for columns in [1, 3, 300] {
        // Every other row, some of which come in the place of the others.
        let end = |(i, _)| if i % 2 == 0 { i32::MIN } else { i32::MAX };
        let rows = Array2::from_shape_fn((40, columns), end);
        let (mut next, mut diff) = (rows.clone(), rows.clone());
        let mut rng = SplitMix(3);
        overflows! {"shuffle_diff_into" "i32" "subtract": shuffle_diff_into(&rows, &mut next, &mut diff, &mut rng)}
        let rows = rows.slice(ndarray::s![..;-1, ..]);
        overflows! {"shuffle_diff_into" "i32" "subtract": shuffle_diff_into(&rows, &mut next, &mut diff, &mut rng)}
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
