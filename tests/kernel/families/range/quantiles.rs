//! Quantiles lie between their neighbours and never fall as q rises, at both ends of the range too.

use ndarray::{ArrayD, ArrayViewD, Axis, array, aview1};
use ndarray_pool::kernel::*;

use super::check_lane;
use crate::registry::naive::SplitMix;

const METHODS: [QuantileMethod; 13] = [
    QuantileMethod::InvertedCdf,
    QuantileMethod::AveragedInvertedCdf,
    QuantileMethod::ClosestObservation,
    QuantileMethod::InterpolatedInvertedCdf,
    QuantileMethod::Hazen,
    QuantileMethod::Weibull,
    QuantileMethod::Linear,
    QuantileMethod::MedianUnbiased,
    QuantileMethod::NormalUnbiased,
    QuantileMethod::Lower,
    QuantileMethod::Higher,
    QuantileMethod::Midpoint,
    QuantileMethod::Nearest,
];

fn quantile_of(x: &[f64], q: f64, method: QuantileMethod) -> f64 {
    whole::quantile(&aview1(x), q, method, &mut vec![0.0; x.len()])
}

type Kernel = Box<dyn Fn(&ArrayViewD<'_, f64>, Axis, &mut ArrayD<f64>)>;

/// Each kernel that has a value between two elements, at this share.
fn kernels(q: f64, method: QuantileMethod) -> [Kernel; 4] {
    let room = |a: &ArrayViewD<'_, f64>| vec![0.0; a.len()];
    [
        Box::new(move |a, axis, out| quantile_axis_into(a, axis, q, method, out, &mut room(a))),
        Box::new(move |a, axis, out| nanquantile_axis_into(a, axis, q, method, out, &mut room(a))),
        Box::new(move |a, axis, out| {
            percentile_axis_into(a, axis, 100.0 * q, method, out, &mut room(a));
        }),
        Box::new(move |a, axis, out| {
            nanpercentile_axis_into(a, axis, 100.0 * q, method, out, &mut room(a));
        }),
    ]
}

#[test]
fn elements_may_lie_at_both_ends_of_the_range() {
    let lane = [-1e308, 1e308];
    for (q, expected) in [(0.0, -1e308), (0.25, -5e307), (0.5, 0.0), (0.75, 5e307), (1.0, 1e308)] {
        for kernel in kernels(q, QuantileMethod::Linear) {
            check_lane(&lane, kernel, |x| x == expected);
        }
        assert_eq!(quantile_of(&lane, q, QuantileMethod::Linear), expected);
    }
    for method in [QuantileMethod::Midpoint, QuantileMethod::AveragedInvertedCdf] {
        assert_eq!(quantile_of(&lane, 0.5, method), 0.0);
        assert_eq!(quantile_of(&[-f64::MAX, f64::MAX], 0.5, method), 0.0);
    }
    let (a, mut scratch) = (array![-f32::MAX, f32::MAX], [0.0; 2]);
    assert_eq!(whole::quantile(&a, 0.75, QuantileMethod::Linear, &mut scratch), f32::MAX / 2.0);
    assert_eq!(
        whole::nanpercentile(&a, 25.0, QuantileMethod::Linear, &mut scratch),
        -f32::MAX / 2.0
    );
}

#[test]
fn medians_of_large_and_of_small_numbers() {
    for (lane, median) in [
        ([1.7e308, 1.7e308], 1.7e308),
        ([f64::MAX, f64::MAX], f64::MAX),
        ([-f64::MAX, f64::MAX], 0.0),
        ([1e308, 1.5e308], 1.25e308),
        ([-1.5e308, -1e308], -1.25e308),
        ([5e-324, 1.5e-323], 1e-323),
        ([f64::MAX, f64::INFINITY], f64::INFINITY),
        ([1.0, 2.0], 1.5),
    ] {
        check_lane(
            &lane,
            |a, axis, out| median_axis_into(a, axis, out, &mut [0.0; 2]),
            |x| x == median,
        );
        check_lane(
            &lane,
            |a, axis, out| nanmedian_axis_into(a, axis, out, &mut [0.0; 2]),
            |x| x == median,
        );
        assert_eq!(whole::median(&aview1(&lane), &mut [0.0; 2]), median);
        assert_eq!(whole::nanmedian(&array![lane[0], f64::NAN, lane[1]], &mut [0.0; 3]), median);
    }
    assert!(whole::median(&array![f64::NEG_INFINITY, f64::INFINITY], &mut [0.0; 2]).is_nan());
    assert_eq!(whole::median(&array![f32::MAX / 2.0, f32::MAX], &mut [0.0; 2]), f32::MAX * 0.75);
}

/// Lanes of all kinds: both ends of the range, neighbours that differ in the last digit, signs that differ.
fn lanes() -> Vec<Vec<f64>> {
    let mut rng = SplitMix(11);
    let mut lanes = vec![
        vec![-f64::MAX, f64::MAX],
        vec![-f64::MAX, -1e308, 0.0, 1e308, f64::MAX],
        vec![1.0, 1.0_f64.next_up(), 1.0_f64.next_up().next_up()],
        vec![0.0, 5e-324, 1e-323],
        vec![-1.0, 1.0 + 3.0 * f64::EPSILON],
        vec![f64::MAX, f64::MAX.next_down()],
        vec![1e-310, 1e308],
    ];
    for _ in 0..300 {
        let n = 2 + rng.next() as usize % 6;
        // Any bits, but for the exponent of infinities and NaN; or digits that are close to each other.
        let close = rng.next().is_multiple_of(2);
        let mut next = || match rng.next() {
            bits if close => {
                (bits % 7) as f64 * f64::EPSILON + if bits & 8 == 0 { 1.0 } else { -1.0 }
            }
            bits => Some(f64::from_bits(bits)).filter(|x| x.is_finite()).unwrap_or(f64::MAX),
        };
        lanes.push((0..n).map(|_| next()).collect());
    }
    lanes
}

/// Shares that are close to each other, around those where the formula changes.
fn shares(n: usize) -> Vec<f64> {
    let mut shares: Vec<f64> = (0..=40).map(|k| f64::from(k) / 40.0).collect();
    for k in 0..=2 * n {
        for whole in [n, n - 1, n + 1] {
            let mut q = (k as f64 / (2 * whole) as f64).min(1.0);
            (0..3).for_each(|_| q = q.next_down());
            for _ in 0..7 {
                shares.push(q.clamp(0.0, 1.0));
                q = q.next_up();
            }
        }
    }
    shares.sort_by(f64::total_cmp);
    shares
}

#[test]
fn quantiles_never_fall_and_never_leave_the_elements() {
    for lane in lanes() {
        let mut sorted = lane.clone();
        sorted.sort_by(f64::total_cmp);
        for method in METHODS {
            let mut last = sorted[0];
            for q in shares(lane.len()) {
                let value = quantile_of(&lane, q, method);
                assert!(value >= last, "{method:?} of {sorted:?} at {q}: {value:e} after {last:e}");
                last = value;
            }
            assert!(last <= sorted[lane.len() - 1], "{method:?} of {sorted:?}: {last:e}");
            // Nothing is right of one element and left of another but what stands between both.
            for (k, pair) in sorted.windows(2).enumerate() {
                let q = (k as f64 + 0.3) / (sorted.len() - 1) as f64;
                if method == QuantileMethod::Linear
                    && q * ((sorted.len() - 1) as f64) < (k + 1) as f64
                {
                    let value = quantile_of(&lane, q, method);
                    assert!(pair[0] <= value && value <= pair[1], "{sorted:?} at {q}: {value:e}");
                }
            }
        }
    }
}

/// Shares that differ in `f64` may be the same in `f32`.
#[test]
fn quantiles_of_single_precision_never_fall() {
    let lane = [-1.0_f32, 1.0 + 3.0 * f32::EPSILON, 2.5];
    let mut last = f32::MIN;
    let half = (0.25 - 1e-9, 0.25 + 1e-9);
    for q in (0..=2000).map(|k| half.0 + (half.1 - half.0) * f64::from(k) / 2000.0) {
        let value = whole::quantile(&aview1(&lane), q, QuantileMethod::Linear, &mut [0.0; 3]);
        assert!(value >= last, "{q}: {value:e} after {last:e}");
        last = value;
    }
}

/// The bound that the pages state, on elements of single precision.
#[test]
fn values_between_two_elements_keep_the_bound() {
    let mut rng = SplitMix(12);
    for _ in 0..20_000 {
        let mut next = || (rng.next() >> 40) as f32 * 2.0_f32.powi((rng.next() % 9) as i32) - 1e7;
        let (x, y) = (next(), next());
        let (low, high) = (f64::from(x.min(y)), f64::from(x.max(y)));
        let q = (rng.next() >> 11) as f64 * 2.0_f64.powi(-53);
        let ours = whole::quantile(&array![x, y], q, QuantileMethod::Linear, &mut [0.0; 2]);
        let bound = 2.0 * f64::from(f32::EPSILON) * low.abs().max(high.abs()).max(high - low);
        let exact = low + (high - low) * q;
        assert!((f64::from(ours) - exact).abs() <= bound, "{q} between {x} and {y}: {ours}");
    }
}

/// Weights whose sum does not fit have a share like others.
#[test]
fn weights_may_be_as_large_as_numbers_are() {
    let (a, large) = (array![30.0, 10.0, 20.0], array![f64::MAX, f64::MAX, 1e308]);
    let mut scratch = [(0.0, 0.0); 3];
    for (q, expected) in [(0.0, 10.0), (0.3, 10.0), (0.5, 20.0), (0.7, 30.0), (1.0, 30.0)] {
        assert_eq!(whole::weighted_quantile(&a, &large, q, &mut scratch), expected, "{q}");
        let lane = [30.0, 10.0, 20.0];
        let kernel = |a: &ArrayViewD<'_, f64>, axis, out: &mut ArrayD<f64>| {
            weighted_quantile_axis_into(a, &large, axis, q, out, &mut [(0.0, 0.0); 3]);
        };
        check_lane(&lane, kernel, |x| x == expected);
        let small = array![1.7976e-311, 1.7976e-311, 1e-311];
        assert_eq!(whole::weighted_quantile(&a, &small, q, &mut scratch), expected, "{q}");
    }
    let (a, large) = (array![3.0_f32, 1.0], array![f32::MAX, f32::MAX]);
    assert_eq!(whole::weighted_quantile(&a, &large, 0.5, &mut [(0.0, 0.0); 2]), 1.0);
}
