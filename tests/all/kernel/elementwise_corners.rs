//! Element types and corners of comparisons, bounds, divisions and the like, beyond what NumPy's results show.

use ndarray::{Array1, Array2, array, aview0};
use ndarray_pool::kernel::*;

use super::mismatches::panic_of;

#[test]
fn anything_that_compares_has_bounds() {
    let (mut out, mut chars) = (array![0_u8, 0, 0], array!['a', 'b', 'c']);
    maximum_into(&array![1, 5, 9], &aview0(&5), &mut out);
    assert_eq!(out, array![5, 5, 9]);
    clamp_into(&array!['x', 'b', 'a'], 'b', 'd', &mut chars);
    assert_eq!(chars, array!['d', 'b', 'b']);
    let mut later = array![false, false];
    less_into(&array!['a', 'z'], &array!['b', 'c'], &mut later);
    assert_eq!(later, array![true, false]);
}

#[test]
fn nan_is_handed_on_or_not() {
    const NAN: f64 = f64::NAN;
    let (a, b) = (array![NAN, 1.0, NAN, 2.0], array![1.0, NAN, NAN, 1.0]);
    let mut out = Array1::zeros(4);
    maximum_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[NaN, NaN, NaN, 2]");
    minimum_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[NaN, NaN, NaN, 1]");
    fmax_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[1, 1, NaN, 2]");
    fmin_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[1, 1, NaN, 1]");
    clamp_into(&a, 1.5, NAN, &mut out);
    assert!(out.iter().all(|x| x.is_nan()));
    clamp_into(&a, 0.0, 1.5, &mut out);
    assert_eq!(format!("{out}"), "[NaN, 1, NaN, 1.5]");
}

#[test]
fn equal_zeros_are_told_apart_by_their_place() {
    let signs = |out: &Array1<f64>| out.mapv(f64::is_sign_negative).to_vec();
    let (a, b) = (array![0.0, -0.0], array![-0.0, 0.0]);
    let mut out = array![1.0, 1.0];
    for kernel in [maximum_into, minimum_into, fmax_into, fmin_into] {
        kernel(&a, &b, &mut out);
        assert_eq!(signs(&out), [true, false], "those of `b`");
    }
    clamp_into(&a, 0.0, 0.0, &mut out);
    assert_eq!(signs(&out), [false, true], "an element that equals its bounds is kept");
}

/// Python's rules: a = b · quotient + remainder, and the remainder has the sign of the divisor.
#[test]
fn integers_are_divided_as_python_does() {
    fn wide<A: TryInto<i128>>(n: A) -> i128 {
        n.try_into().unwrap_or_else(|_| panic!("it fits"))
    }
    fn check<A: FloorDiv + TryInto<i128> + TryFrom<i128>>(range: std::ops::RangeInclusive<i128>) {
        let all = || range.clone().filter_map(|n| A::try_from(n).ok());
        let a = Array1::from_iter(all()).insert_axis(ndarray::Axis(1));
        let b = Array1::from_iter(all().filter(|&b| wide(b) != 0));
        let mut quotient = Array2::from_elem((a.len(), b.len()), b[0]);
        let (mut remainder, mut one, mut trunc) =
            (quotient.clone(), quotient.clone(), quotient.clone());
        divmod_into(&a, &b, &mut quotient, &mut remainder);
        floor_divide_into(&a, &b, &mut one);
        assert!(one.iter().zip(&quotient).all(|(&x, &y)| wide(x) == wide(y)));
        remainder_into(&a, &b, &mut one);
        assert!(one.iter().zip(&remainder).all(|(&x, &y)| wide(x) == wide(y)));
        fmod_into(&a, &b, &mut trunc);
        for ((i, j), &q) in quotient.indexed_iter() {
            let (a, b, q) = (wide(a[[i, 0]]), wide(b[j]), wide(q));
            let r = wide(remainder[[i, j]]);
            assert_eq!(wide(trunc[[i, j]]), a % b, "{a} and {b}");
            assert!(r == 0 || (r < 0) == (b < 0) && r.abs() < b.abs(), "{a} and {b}: {r}");
            if q == a && b == -1 {
                continue; // the least integer by −1 stays itself
            }
            assert_eq!(b * q + r, a, "{a} and {b}");
        }
    }
    check::<i8>(-128..=127);
    check::<u8>(0..=255);
    check::<i32>(-9..=9);
    check::<u64>(0..=9);
    check::<i64>(i128::from(i64::MIN)..=i128::from(i64::MIN) + 3);
    check::<i128>(-9..=9);
}

/// Integers cannot be divided by zero, and nothing is written before that is known.
#[test]
fn a_zero_divisor_is_named() {
    type Division = fn(&Array1<i32>, &Array1<i32>, &mut Array1<i32>);
    let kernels: [(&str, Division); 3] = [
        ("remainder_into", |a, b, out| remainder_into(a, b, out)),
        ("fmod_into", |a, b, out| fmod_into(a, b, out)),
        ("floor_divide_into", |a, b, out| floor_divide_into(a, b, out)),
    ];
    let (a, b) = (array![5, 6, 7], array![1, 2, 0]);
    for (name, kernel) in kernels {
        let mut out = array![9, 9, 9];
        let panic = panic_of(|| kernel(&a, &b, &mut out));
        let message = format!("{name}: `b` holds a zero, by which integers cannot be divided");
        assert_eq!(panic.message, message);
        assert!(panic.file.ends_with("elementwise_corners.rs"), "{name} blames {}", panic.file);
        assert_eq!(out, array![9, 9, 9], "{name} wrote before it looked");
        kernel(&array![5], &array![0], &mut Array1::zeros(0)); // nothing is divided
    }
    let (mut quotient, mut remainder) = (array![9, 9, 9], array![9, 9, 9]);
    let panic = panic_of(|| divmod_into(&a, &b, &mut quotient, &mut remainder));
    assert!(panic.message.starts_with("divmod_into: `b` holds a zero"), "{}", panic.message);
    assert_eq!((quotient, remainder), (array![9, 9, 9], array![9, 9, 9]));
}

#[test]
fn floats_divided_by_zero_are_no_panic() {
    let mut out = array![0.0, 0.0];
    floor_divide_into(&array![1.0, -1.0], &aview0(&0.0), &mut out);
    assert_eq!(out, array![f64::INFINITY, f64::NEG_INFINITY]);
}

#[test]
fn exponents_choose_the_function() {
    let mut out = array![0.0_f32, 0.0];
    power_into(&array![2.0, 3.0], &array![-1_i32, 2], &mut out);
    assert_eq!(out, array![0.5, 9.0]);
    let mut out = array![0_u8, 0];
    power_into(&array![2, 3], &array![7_u32, 5], &mut out);
    assert_eq!(out, array![128, 243]);
}

#[test]
fn wide_shifts_leave_the_sign() {
    let (a, counts) = (array![-1_i8, 64, 127], array![7_u32, 8, u32::MAX]);
    let mut out = array![0, 0, 0];
    left_shift_into(&a, &counts, &mut out);
    assert_eq!(out, array![-128, 0, 0]);
    right_shift_into(&a, &aview0(&100), &mut out);
    assert_eq!(out, array![-1, 0, 0]);
}

/// The way from one number to another ends where it should, and does not turn back in between.
#[test]
fn a_lerp_meets_its_ends() {
    let (a, b) = (array![0.1, 1e17, -3.0, 7.5], array![0.7, 0.3, 1e-30, 7.5]);
    let mut out = Array1::zeros(4);
    lerp_into(&a, &b, 0.0, &mut out);
    assert_eq!(out, a);
    lerp_into(&a, &b, 1.0, &mut out);
    assert_eq!(out, b);
    let mut before = a.clone();
    for step in 1..=100 {
        lerp_into(&a, &b, f64::from(step) / 100.0, &mut out);
        let onwards = (&out - &before) * (&b - &a);
        assert!(onwards.iter().all(|&step| step >= 0.0), "{before} to {out}");
        assert_eq!(out[3], 7.5);
        before.assign(&out);
    }
}

#[test]
fn numbers_taken_apart_go_together_again() {
    let numbers = [1.0, -0.1, 5e-324, -2.2e-308, f64::MAX, 0.0, -0.0, 3.5e-310, 1e300];
    let a = Array1::from(numbers.to_vec());
    let (mut mantissa, mut exponent) = (a.clone(), Array1::zeros(9));
    frexp_into(&a, &mut mantissa, &mut exponent);
    let mut out = Array1::zeros(9);
    zip_map_into(&mantissa, &exponent, &mut out, libm::ldexp);
    assert_eq!(out.mapv(f64::to_bits), a.mapv(f64::to_bits));
    assert!(mantissa.iter().all(|m| *m == 0.0 || (0.5..1.0).contains(&m.abs())), "{mantissa}");

    let (mut fraction, mut whole) = (a.clone(), a.clone());
    modf_into(&a, &mut fraction, &mut whole);
    add_into(&fraction, &whole, &mut out);
    assert_eq!(out.mapv(f64::to_bits), a.mapv(f64::to_bits));
}

#[test]
fn a_mask_and_numbers_broadcast() {
    let mut out = Array2::zeros((2, 3));
    where_into(&array![[true], [false]], &array![1, 2, 3], &aview0(&-1), &mut out);
    assert_eq!(out, array![[1, 2, 3], [-1, -1, -1]]);
    where_into(&aview0(&false), &aview0(&0), &array![[7], [8]], &mut out);
    assert_eq!(out, array![[7, 7, 7], [8, 8, 8]]);
}

#[cfg(feature = "complex")]
#[test]
fn complex_elements() {
    use num_complex::Complex;

    let (a, b) = (array![Complex::new(1.0_f64, 2.0)], array![Complex::new(0.0, -1.0)]);
    let (mut out, mut equal) = (a.clone(), array![true]);
    where_into(&array![false], &a, &b, &mut out);
    assert_eq!(out, b);
    equal_into(&a, &b, &mut equal);
    assert_eq!(equal, array![false]);
}

/// Of many counts one that leaves nothing is enough for the slower way; both give the same.
#[test]
fn shifts_by_the_width_leave_nothing_among_others() {
    let a = Array1::from_elem(100, -5_i64);
    for place in [0, 50, 99] {
        for count in [63, 64, 65, 128, u32::MAX] {
            let mut counts = Array1::from_elem(100, 2);
            counts[place] = count;
            let (mut left, mut right) = (Array1::zeros(100), Array1::zeros(100));
            left_shift_into(&a, &counts, &mut left);
            right_shift_into(&a, &counts, &mut right);
            for i in 0..100 {
                let beside = if i == place { count } else { 2 };
                assert_eq!(left[i], (-5_i64).checked_shl(beside).unwrap_or(0));
                assert_eq!(right[i], (-5_i64).checked_shr(beside).unwrap_or(-1));
            }
        }
    }
}

/// The least integer has the bits of −0 as a float; it divides as any number does.
#[test]
fn the_least_integer_divides() {
    let (a, mut out) = (array![i64::MIN, 7, -7], Array1::zeros(3));
    floor_divide_into(&a, &aview0(&i64::MIN), &mut out);
    assert_eq!(out, array![1, -1, 0]);
    let b = array![i64::MIN, 0, 1];
    let message = panic_of(|| fmod_into(&a, &b, &mut out)).message;
    assert!(message.contains("`b`"), "{message}");
    assert_eq!(out, array![1, -1, 0]);
}
