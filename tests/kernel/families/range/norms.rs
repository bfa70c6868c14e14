//! Norms and ranges of numbers at both ends of the range.

use ndarray::{Array1, ArrayD, array, aview1};
use ndarray_pool::kernel::*;

use super::{LENGTHS, Units, check_lane, is_within};

macro_rules! check {
    ($float:ident, $units:expr, $exponent:expr, $layouts:expr) => {{
        let (units, exponent): (&Units, i32) = ($units, $exponent);
        let lane: Vec<$float> = units.times_two_to(exponent);
        let (epsilon, smallest) = (f64::from($float::EPSILON), f64::from($float::from_bits(1)));
        let exact = (units.squares() as f64).sqrt();
        let error = (2.0 * units.len().log2() + 30.0) * epsilon;
        let too_large = super::scaled(exact, exponent) > f64::from($float::MAX);
        let is_right = |ours: $float| {
            let ours = f64::from(ours);
            too_large && ours.is_infinite() || is_within(ours, exact, exponent, error, smallest)
        };
        let norm = whole::norm_l2(&aview1(&lane));
        assert!(is_right(norm), "{} · 2^{exponent}: {norm:e}", units.len());
        let (zeros, mut out) = (Array1::zeros(lane.len()), Array1::zeros(lane.len()));
        let norms = diff_norms(&aview1(&lane), &zeros);
        assert!(is_right(norms.l2), "{} · 2^{exponent}: {norms:?}", units.len());
        assert_eq!(norms, diff_norms_into(&zeros, &aview1(&lane), &mut out));
        if $layouts {
            check_lane(&lane, |a, axis, out| norm_l2_axis_into(a, axis, out), is_right);
        }
    }};
}

#[test]
fn lengths_of_any_size_keep_the_bound() {
    for n in LENGTHS {
        let units = Units::spread(n, 1000);
        for exponent in super::exponents_of_f64() {
            check!(f64, &units, exponent, n == 35 && exponent.rem_euclid(8) < 4);
        }
        for exponent in super::exponents_of_f32() {
            check!(f32, &units, exponent, n == 35 && exponent.rem_euclid(8) < 4);
        }
    }
    for unit in [1e200_f64, 1e-200] {
        let norm = whole::norm_l2(&array![3.0 * unit, -4.0 * unit]);
        assert!((norm / unit - 5.0).abs() <= 1e-15, "{norm:e}");
    }
    assert_eq!(whole::norm_l2(&array![5e-324]), 5e-324);
    assert_eq!(whole::norm_l2(&array![f64::MAX, 0.0]), f64::MAX);
    assert_eq!(whole::norm_l2(&array![f64::MAX, f64::MAX]), f64::INFINITY);
}

#[test]
fn nothing_has_no_length_and_nan_and_infinities_stay() {
    for (lane, norm) in [
        ([0.0, -0.0, 0.0], 0.0),
        ([1e200, f64::NEG_INFINITY, 1e-200], f64::INFINITY),
        ([f64::NAN, f64::INFINITY, 1e200], f64::NAN),
        ([f64::NAN, 1e-200, 0.0], f64::NAN),
    ] {
        let same = |x: f64| x == norm || x.is_nan() && norm.is_nan();
        check_lane(&lane, |a, axis, out| norm_l2_axis_into(a, axis, out), same);
        assert!(
            same(whole::norm_l2(&aview1(&lane)))
                && same(diff_norms(&aview1(&lane), &Array1::zeros(3)).l2)
        );
    }
}

/// Sums of absolute values and maxima grow no further than what they come to.
#[test]
fn other_norms_and_ranges() {
    let lane = [f64::MAX / 2.0, -f64::MAX / 2.0, 5e-324];
    check_lane(&lane, |a, axis, out| norm_l1_axis_into(a, axis, out), |x| x == f64::MAX);
    check_lane(&lane, |a, axis, out| norm_max_axis_into(a, axis, out), |x| x == f64::MAX / 2.0);
    check_lane(&lane, |a, axis, out| ptp_axis_into(a, axis, out), |x| x == f64::MAX);
    let small = [5e-324, -1e-323, 0.0];
    check_lane(&small, |a, axis, out| norm_l1_axis_into(a, axis, out), |x| x == 1.5e-323);
    check_lane(&small, |a, axis, out| ptp_axis_into(a, axis, out), |x| x == 1.5e-323);
}

/// Figures of differences do not depend on where they are written, or on the layout.
#[test]
fn differences_of_any_size() {
    for exponent in [-1070, -600, 0, 500, 1000] {
        let units = Units::spread(513, 1000);
        let a = Array1::from(units.times_two_to::<f64>(exponent));
        let b = a.slice(ndarray::s![..;-1]).to_owned();
        let squares: f64 =
            a.iter().zip(&b).map(|(a, b)| super::scaled(a - b, -exponent).powi(2)).sum();
        let mut out = Array1::zeros(a.len());
        let norms = diff_norms(&a, &b);
        assert_eq!(norms, diff_norms_into(&a, &b, &mut out));
        assert_eq!(norms, diff_norms(&a.slice(ndarray::s![..]), &b.view()));
        let error = 60.0 * f64::EPSILON;
        assert!(
            is_within(norms.l2, squares.sqrt(), exponent, error, 5e-324),
            "{exponent}: {norms:?}"
        );
        let wide = ArrayD::from_shape_fn(vec![1026], |i| a[i[0] / 2]);
        let spaced = wide.slice_each_axis(|_| ndarray::Slice::new(0, None, 2));
        let spaced = spaced.into_dimensionality::<ndarray::Ix1>().unwrap();
        let l2 = diff_norms(&spaced, &b.view()).l2;
        assert!(is_within(l2, squares.sqrt(), exponent, error, 5e-324), "{exponent}");
    }
    let infinite = diff_norms(&array![f64::MAX], &array![-f64::MAX]);
    assert_eq!(
        (infinite.l1, infinite.l2, infinite.max),
        (f64::INFINITY, f64::INFINITY, f64::INFINITY)
    );
    let same = diff_norms(&array![1e200, 1e-200], &array![1e200, 1e-200]);
    assert_eq!((same.l1, same.l2, same.max), (0.0, 0.0, 0.0));
}
