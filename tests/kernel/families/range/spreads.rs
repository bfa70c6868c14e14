//! Variances and standard deviations of numbers that are large, small, or close to each other.

use ndarray::{Array1, Axis, array, aview1};
use ndarray_pool::kernel::*;

use super::{LENGTHS, Units, check_lane, is_within};

/// The bound that the pages state.
fn bound(n: usize, epsilon: f64) -> f64 {
    ((n as f64).log2() + 100.0) * epsilon
}

macro_rules! check {
    // The same of each element type: variance and deviation by every kernel that has them.
    ($float:ident, $units:expr, $exponent:expr, $layouts:expr) => {{
        let (units, exponent): (&Units, i32) = ($units, $exponent);
        let n = units.numbers.len();
        let lane: Vec<$float> = units.times_two_to(exponent);
        let (epsilon, smallest) = (f64::from($float::EPSILON), f64::from($float::from_bits(1)));
        for ddof in [0.0, 1.0] {
            let (exact, few) = (units.variance(ddof), (units.len().log2() + 3.0) * smallest);
            let is_variance = |x: $float| {
                let x = f64::from(x);
                let ratio = units.len() / (units.len() - ddof);
                let too_large =
                    x.is_infinite() && super::scaled(exact, 2 * exponent) > f64::from($float::MAX);
                too_large || is_within(x, exact, 2 * exponent, bound(n, epsilon), few * ratio)
            };
            let is_deviation = |x: $float| {
                let x = f64::from(x);
                let too_large = x.is_infinite()
                    && super::scaled(exact.sqrt(), exponent) > f64::from($float::MAX);
                too_large || is_within(x, exact.sqrt(), exponent, bound(n, epsilon), smallest)
            };
            let ddof = ddof as $float;
            let x = aview1(&lane);
            assert!(
                is_variance(whole::var(&x, ddof)),
                "{n}, 2^{exponent}: {:e}",
                whole::var(&x, ddof)
            );
            assert!(is_variance(whole::nanvar(&x, ddof)), "{n}, 2^{exponent}");
            assert!(
                is_deviation(whole::std(&x, ddof)),
                "{n}, 2^{exponent}: {:e}",
                whole::std(&x, ddof)
            );
            assert!(is_deviation(whole::nanstd(&x, ddof)), "{n}, 2^{exponent}");
            if $layouts {
                let with_nan: Vec<$float> = lane.iter().flat_map(|&x| [x, $float::NAN]).collect();
                check_lane(&lane, |a, axis, out| var_axis_into(a, axis, ddof, out), is_variance);
                check_lane(&lane, |a, axis, out| std_axis_into(a, axis, ddof, out), is_deviation);
                check_lane(
                    &with_nan,
                    |a, axis, out| nanvar_axis_into(a, axis, ddof, out),
                    is_variance,
                );
                check_lane(
                    &with_nan,
                    |a, axis, out| nanstd_axis_into(a, axis, ddof, out),
                    is_deviation,
                );
            }
        }
    }};
}

/// A mean far from zero costs no digits, wherever the lane lies.
#[test]
fn close_numbers_keep_the_bound() {
    let units = Units { numbers: vec![10_000_000_000, 10_000_000_001, 10_000_000_003] };
    assert_eq!(whole::var(&aview1(&units.times_two_to::<f64>(0)), 0.0), 14.0 / 9.0);
    check!(f64, &units, 0, true);
    for n in LENGTHS {
        for mean in [10_000_000_000, (1 << 53) - 40] {
            for spread in [1, 3, 30] {
                let mut units = Units::spread(n, spread);
                units.numbers.iter_mut().for_each(|x| *x += mean);
                check!(f64, &units, 0, spread == 3);
                units.numbers[0] -= 1_000_000; // the first element is far from the others
                check!(f64, &units, 0, n == 35 && spread == 3);
            }
        }
        let mut units = Units::spread(n, 3);
        units.numbers.iter_mut().for_each(|x| *x += (1 << 24) - 40);
        check!(f32, &units, 0, n < 200);
    }
}

/// Deviations have all their digits in the whole range, variances as far as they are in the range themselves.
#[test]
fn numbers_of_any_size_keep_the_bound() {
    for n in LENGTHS {
        let units = Units::spread(n, 1000);
        for exponent in super::exponents_of_f64() {
            check!(f64, &units, exponent, n == 35 && exponent.rem_euclid(8) < 4);
        }
        for exponent in super::exponents_of_f32() {
            check!(f32, &units, exponent, n == 35 && exponent.rem_euclid(8) < 4);
        }
    }
    check!(f32, &Units { numbers: vec![3, 3, -3, -3] }, 126, true);
}

#[test]
fn no_nan_comes_of_numbers() {
    let large = array![[3e38_f32, 3e38], [-3e38, -3e38]];
    let mut out = array![0.0, 0.0];
    var_axis_into(&large, Axis(0), 0.0, &mut out);
    assert_eq!(out, array![f32::INFINITY, f32::INFINITY]);
    std_axis_into(&large, Axis(0), 0.0, &mut out);
    assert_eq!(out, array![3e38, 3e38]);
    let many = Array1::from_shape_fn(1000, |i| if i % 2 == 0 { 3e38_f32 } else { -3e38 });
    assert_eq!(whole::var(&many, 1.0), f32::INFINITY);
    assert_eq!(whole::std(&array![1e-170, -1e-170], 0.0), 1e-170);
    assert_eq!(whole::std(&array![f64::MAX, -f64::MAX], 0.0), f64::MAX);
    // Large numbers whose distances are small beside them.
    let large = [1e300, 1e300_f64.next_up(), 1e300_f64.next_up().next_up()];
    let step = large[1] - large[0];
    let deviation = whole::std(&aview1(&large), 1.0);
    assert!((deviation - step).abs() <= bound(3, f64::EPSILON) * step, "{deviation:e}");
}

#[test]
fn equal_numbers_do_not_spread() {
    for x in [0.0, 5e-324, 1e-200, 0.1, 5.0, 1e200, f64::MAX] {
        for n in LENGTHS {
            let lane = vec![x; n];
            let is_zero = |x: f64| x == 0.0;
            assert!(is_zero(whole::std(&aview1(&lane), 0.0)));
            assert!(is_zero(whole::nanvar(&aview1(&lane), 0.0)));
            if n < 200 {
                check_lane(&lane, |a, axis, out| var_axis_into(a, axis, 1.0, out), is_zero);
                check_lane(&lane, |a, axis, out| std_axis_into(a, axis, 0.0, out), is_zero);
                check_lane(&lane, |a, axis, out| nanstd_axis_into(a, axis, 0.0, out), is_zero);
            }
        }
    }
}

#[test]
fn infinities_and_nan_give_nan() {
    let is_nan = |x: f64| x.is_nan();
    for lane in
        [[1e200, f64::INFINITY, -1e200], [1e200, 1.0, f64::NAN], [f64::NEG_INFINITY, 1e-200, 0.0]]
    {
        check_lane(&lane, |a, axis, out| var_axis_into(a, axis, 1.0, out), is_nan);
        check_lane(&lane, |a, axis, out| std_axis_into(a, axis, 1.0, out), is_nan);
        assert!(is_nan(whole::var(&aview1(&lane), 0.0)) && is_nan(whole::std(&aview1(&lane), 0.0)));
        if lane.iter().any(|x| x.is_infinite()) {
            check_lane(&lane, |a, axis, out| nanvar_axis_into(a, axis, 0.0, out), is_nan);
            check_lane(&lane, |a, axis, out| nanstd_axis_into(a, axis, 0.0, out), is_nan);
        }
    }
}

/// As NumPy has it, for numbers of any size.
#[test]
fn corrections_that_leave_nothing() {
    for x in [[1.0, 2.0], [1e200, -1e200], [1e-200, -1e-200]] {
        let x = aview1(&x);
        for ddof in [2.0, 5.0, f64::INFINITY] {
            let equal = aview1(&[x[0]; 2]).to_owned();
            assert_eq!(whole::var(&x, ddof), f64::INFINITY, "{x} {ddof}");
            assert_eq!(whole::std(&x, ddof), f64::INFINITY, "{x} {ddof}");
            assert!(whole::var(&equal, ddof).is_nan() && whole::std(&equal, ddof).is_nan());
            assert!(whole::nanvar(&x, ddof).is_nan() && whole::nanstd(&x, ddof).is_nan());
        }
        for spread in [whole::var(&x, f64::NAN), whole::std(&x, f64::NAN)] {
            assert!(spread.is_nan(), "{x}: {spread}");
        }
        assert!(whole::nanvar(&x, f64::NAN).is_nan() && whole::nanstd(&x, f64::NAN).is_nan());
        let is_nan = |x: f64| x.is_nan();
        let lane = x.to_vec();
        for m in super::LANES {
            let lanes = vec![lane.clone(); m];
            for (name, results) in super::on_layouts(&lanes, 0.0, 0.0, |a, axis, out| {
                var_axis_into(a, axis, f64::NAN, out);
            }) {
                assert!(results.into_iter().all(is_nan), "{name}");
            }
        }
    }
}
