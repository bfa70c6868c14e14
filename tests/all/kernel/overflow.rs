//! Integers that overflow panic in debug builds as a mismatch does: at the caller's line, with the kernel's name.

use ndarray::{Array1, array, aview0};
use ndarray_pool::kernel::*;

use super::mismatches::panic_of;

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
