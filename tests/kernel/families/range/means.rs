//! Means always fit: of integers of every width, and of floating-point numbers whose sum does not.

use ndarray::{Array1, Axis, array, aview1};
use ndarray_pool::kernel::*;

use super::{LANES, LENGTHS, Units, check_lane, on_layouts, scaled};
use crate::panics::panic_of;
use crate::registry::naive::SplitMix;

/// Σ x / n, towards zero, by quotients and remainders: neither outgrows the type.
macro_rules! exact_mean {
    ($numbers:expr, $wide:ty) => {{
        let n = $numbers.len() as $wide;
        let quotients: $wide = $numbers.iter().map(|&x| x as $wide / n).sum();
        let remainders: $wide = $numbers.iter().map(|&x| x as $wide % n).sum();
        let (floor, rest) = (quotients + remainders.div_euclid(n), remainders.rem_euclid(n));
        #[allow(unused_comparisons, reason = "unsigned types as well")]
        if floor < 0 && rest > 0 { floor + 1 } else { floor }
    }};
}

macro_rules! check_integers {
    ($($integer:ty as $wide:ty),*) => {$({
        let mut rng = SplitMix(9);
        let mut random = |_| ((u128::from(rng.next()) << 64) | u128::from(rng.next())) as $integer;
        for n in LENGTHS {
            let lanes: [Vec<$integer>; 6] = [
                vec![<$integer>::MAX; n],
                vec![<$integer>::MIN; n],
                (0..n).map(|i| if i % 3 == 0 { <$integer>::MIN } else { <$integer>::MAX }).collect(),
                (0..n).map(|i| if i % 3 == 0 { <$integer>::MAX } else { <$integer>::MIN }).collect(),
                (0..n).map(&mut random).collect(),
                (0..n).map(|i| (i % 7) as $integer).collect(),
            ];
            for m in LANES.into_iter().filter(|m| m * n <= 20_000) {
                let lanes: Vec<_> = lanes.iter().cycle().take(m).cloned().collect();
                let results = on_layouts(&lanes, <$integer>::MAX, 0, |a, axis, out| {
                    mean_axis_into(a, axis, out);
                });
                for (name, results) in results {
                    for (lane, ours) in lanes.iter().zip(results) {
                        let exact = exact_mean!(lane, $wide) as $integer;
                        assert_eq!(ours, exact, "{} {name}, {m} lanes of {n}", stringify!($integer));
                    }
                }
            }
            for lane in &lanes {
                let exact = exact_mean!(lane, $wide) as $integer;
                assert_eq!(whole::mean(&aview1(lane)), exact, "{}", stringify!($integer));
            }
        }
    })*};
}

#[test]
fn means_of_integers_fit() {
    check_integers!(i8 as i128, u8 as i128, i16 as i128, u16 as i128, i32 as i128, u32 as i128);
}

#[test]
fn means_of_wide_integers_fit() {
    check_integers!(i64 as i128, u64 as i128, isize as i128, usize as i128);
    check_integers!(i128 as i128, u128 as u128);
}

#[test]
fn means_of_integers_are_rounded_towards_zero() {
    assert_eq!(whole::mean(&Array1::from_elem(100, 16_000_i16)), 16_000);
    assert_eq!(whole::mean(&array![200_u8, 200]), 200);
    assert_eq!(whole::mean(&Array1::from_elem(300, 7_u8)), 7, "more than the type can count");
    assert_eq!((whole::mean(&array![3, 4]), whole::mean(&array![-3, -4])), (3, -3));
    assert_eq!(
        (whole::mean(&array![i128::MIN, 0]), whole::mean(&array![-3_i128, -4])),
        (i128::MIN / 2, -3)
    );
}

#[test]
fn no_integers_have_no_mean() {
    let (none, mut out) = (ndarray::Array2::<i32>::zeros((2, 0)), array![7, 7]);
    let panic = panic_of(|| mean_axis_into(&none, Axis(1), &mut out));
    assert_eq!(panic.message, "mean_axis_into: no elements have no mean among integers");
    assert!(panic.file == file!() && out == array![7, 7]);
    let panic = panic_of(|| _ = whole::mean(&none));
    assert_eq!(panic.message, "mean: no elements have no mean among integers");
    assert!(panic.file == file!());
}

/// Types that are no standard numbers are added and divided as they do it themselves.
#[test]
fn other_types_have_means_by_their_own_operations() {
    use std::num::Wrapping;
    let a = array![Wrapping(200_u8), Wrapping(200)];
    assert_eq!(whole::mean(&a), Wrapping(72));
    let panic = panic_of(|| _ = whole::mean(&Array1::from_elem(300, Wrapping(1_u8))));
    assert_eq!(panic.message, "mean: 300 elements are more than the element type can count");
    assert!(panic.file == file!());
}

/// With NaN in between for the kernels that skip it.
fn with_nan<A: num_traits::Float>(lane: &[A]) -> Vec<A> {
    lane.iter().flat_map(|&x| [x, A::nan()]).collect()
}

macro_rules! check_floats {
    ($float:ident, $digits:expr) => {{
        // Units of which the largest float is 2^$digits − 1.
        let unit = $float::MAX_EXP - $digits;
        for n in LENGTHS {
            for most in [1_i128 << ($digits - 1), (1 << $digits) - 1] {
                let mut units = Units::spread(n, most);
                for one_sign in [false, true] {
                    if one_sign {
                        units.numbers.iter_mut().for_each(|x| *x = (*x).abs().max(most / 2));
                    }
                    let lane: Vec<$float> = units.times_two_to(unit);
                    let sizes: f64 = units.numbers.iter().map(|x| x.abs() as f64).sum();
                    let epsilon = f64::from($float::EPSILON);
                    let error = (2.0 * units.len().log2() + 30.0) * epsilon * sizes / units.len();
                    let is_right = |ours: $float| {
                        let ours = scaled(f64::from(ours), -unit);
                        (ours - units.mean()).abs() <= error
                    };
                    check_lane(&lane, |a, axis, out| mean_axis_into(a, axis, out), is_right);
                    check_lane(
                        &with_nan(&lane),
                        |a, axis, out| nanmean_axis_into(a, axis, out),
                        is_right,
                    );
                    let lane = Array1::from(lane);
                    assert!(is_right(whole::mean(&lane)) && is_right(whole::nanmean(&lane)));
                    let ones = Array1::ones(n);
                    assert!(is_right(whole::average(&lane, &ones)));
                }
            }
            let lane = vec![$float::MAX; n];
            let is_right =
                |x: $float| x.is_finite() && x / $float::MAX >= 1.0 - 20.0 * $float::EPSILON;
            check_lane(&lane, |a, axis, out| mean_axis_into(a, axis, out), is_right);
            check_lane(&lane, |a, axis, out| nanmean_axis_into(a, axis, out), is_right);
        }
    }};
}

#[test]
fn means_of_large_numbers_fit() {
    check_floats!(f64, 53);
    check_floats!(f32, 24);
}

/// What does not fit because an element is infinite or NaN stays as it is.
#[test]
fn means_of_infinities() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for (lane, mean) in [
        ([1e308, 1e308, -inf], -inf),
        ([1e308, inf, 1e308], inf),
        ([inf, -inf, 1e308], nan),
        ([1e308, nan, 1e308], nan),
    ] {
        let is_right = |x: f64| x == mean || x.is_nan() && mean.is_nan();
        check_lane(&lane, |a, axis, out| mean_axis_into(a, axis, out), is_right);
        assert!(is_right(whole::mean(&aview1(&lane))));
        let numbers = |x: f64| x == mean || x.is_nan() && lane[0].is_infinite() || x == 1e308;
        check_lane(&lane, |a, axis, out| nanmean_axis_into(a, axis, out), numbers);
    }
    assert!(whole::nanmean(&array![nan, nan]).is_nan());
    assert_eq!(whole::nanmean(&array![nan, 1.5e308, 1.5e308]), 1.5e308);
}

#[cfg(feature = "complex")]
#[test]
fn means_of_complex_numbers_are_those_of_their_parts() {
    use num_complex::Complex;
    let (re, im) = (Units::spread(35, (1 << 53) - 1), Units::spread(35, 1 << 40));
    let (re, im) = (re.times_two_to::<f64>(971), im.times_two_to::<f64>(0));
    let lane: Vec<_> = re.iter().zip(&im).map(|(&re, &im)| Complex::new(re, im)).collect();
    let expected = Complex::new(whole::mean(&aview1(&re)), whole::mean(&aview1(&im)));
    for m in LANES {
        let lanes = vec![lane.clone(); m];
        let blank = Complex::new(0.0, 0.0);
        let results = on_layouts(&lanes, blank, blank, |a, axis, out| mean_axis_into(a, axis, out));
        for (name, results) in results {
            for mean in results {
                let off = (mean.re - expected.re).abs() / expected.re.abs();
                assert!(off <= 1e-13, "{name}, {m} lanes: {mean}, not {expected}");
                assert!(
                    (mean.im - expected.im).abs() <= 1e-13 * expected.im.abs(),
                    "{name}: {mean}"
                );
            }
        }
    }
    assert_eq!(
        whole::mean(&Array1::from_elem(3, Complex::new(f32::MAX, 1.0))),
        Complex::new(f32::MAX, 1.0)
    );
    let infinite = array![Complex::new(f64::INFINITY, 1.0), Complex::new(1.0, 2.0)];
    assert_eq!(whole::mean(&infinite), Complex::new(f64::INFINITY, 1.5));

    // What is done for one part leaves the other alone, small as it may be.
    let least = f64::from_bits(1);
    for doubtful in [f64::MAX, f64::INFINITY] {
        let lane = Array1::from_elem(3, Complex::new(least, doubtful));
        assert_eq!(whole::mean(&lane), lane[0]);
        let lane = lane.mapv(|z| Complex::new(z.im, z.re));
        assert_eq!(whole::mean(&lane), lane[0]);
    }
}
