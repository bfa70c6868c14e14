//! Weighted averages of weights and elements at both ends of the range.

use ndarray::{Array1, ArrayD, ArrayViewD, Axis, aview1};
use ndarray_pool::kernel::*;

use super::{LENGTHS, Units, check_lane, scaled};

fn averaging(weights: &[f64]) -> impl Fn(&ArrayViewD<'_, f64>, Axis, &mut ArrayD<f64>) {
    let weights = Array1::from(weights.to_vec());
    move |a, axis, out| average_axis_into(a, &weights, axis, out)
}

/// Σ w x / Σ w of whole numbers times 2^`exponent`, and how far off it may be.
fn is_right<'a>(x: &'a Units, w: &'a [i128], exponent: i32) -> impl Fn(f64) -> bool + 'a {
    let products = || x.numbers.iter().zip(w).map(|(x, w)| x * w);
    let total = w.iter().sum::<i128>() as f64;
    let exact = products().sum::<i128>() as f64 / total;
    let sizes = products().map(i128::abs).sum::<i128>() as f64 / total;
    let error = (4.0 * x.len().log2() + 60.0) * f64::EPSILON * sizes;
    move |ours| (scaled(ours, -exponent) - exact).abs() <= error
}

#[test]
fn averages_fit_whatever_the_weights_and_elements_are() {
    for n in LENGTHS {
        let x = Units::spread(n, 1 << 20);
        let w: Vec<i128> = (0..n).map(|i| (i * 7 % 5) as i128 + i128::from(i == 0)).collect();
        for of_weights in [-1070, -800, -500, 0, 500, 1020] {
            for of_elements in [-1070, -800, -500, 0, 500, 1003] {
                let lane = x.times_two_to::<f64>(of_elements);
                let weights: Vec<f64> = w.iter().map(|&w| scaled(w as f64, of_weights)).collect();
                let is_right = is_right(&x, &w, of_elements);
                // Where digits run out, the average has few.
                let is_right =
                    |ours| of_elements == -1070 && f64::abs(ours) < 1e-300 || is_right(ours);
                let average = whole::average(&aview1(&lane), &aview1(&weights));
                assert!(is_right(average), "{of_weights} {of_elements}: {average:e}");
                if [3, 35].contains(&n) {
                    check_lane(&lane, averaging(&weights), is_right);
                }
            }
        }
    }
}

#[test]
fn subnormal_elements_are_averaged_to_the_last_digit() {
    let lane = [4.0, 8.0, 12.0].map(|x| scaled(x, -1074));
    let is_right = |x: f64| x == lane[1];
    for weight in [1e-300, 1.0, 1e300, f64::MAX] {
        check_lane(&lane, averaging(&[weight; 3]), is_right);
        assert!(is_right(whole::average(&aview1(&lane), &aview1(&[weight; 3]))));
    }
}

#[test]
fn what_has_no_average_is_nan_or_infinite() {
    let average = |x: &[f64], w: &[f64]| whole::average(&aview1(x), &aview1(w));
    assert_eq!(average(&[f64::MAX; 3], &[1.0; 3]), f64::MAX);
    assert_eq!(average(&[f64::MAX; 7], &[f64::MAX; 7]), f64::MAX);
    assert_eq!(average(&[1e308, f64::INFINITY], &[1e308, 1e308]), f64::INFINITY);
    assert_eq!(average(&[1e308, 1e308, f64::NEG_INFINITY], &[1.0; 3]), f64::NEG_INFINITY);
    assert!(average(&[1e308, f64::NAN], &[1e308, 1e308]).is_nan());
    assert!(average(&[1e308, 1.0], &[0.0, 0.0]).is_nan());
    assert!(average(&[1.0, 2.0], &[0.0, f64::NAN]).is_nan());
    assert_eq!(average(&[1.0, 2.0], &[1e308, -1e308]), f64::NEG_INFINITY);
    assert_eq!(average(&[0.0, 5.0], &[1.0, 0.0]), 0.0);
}
