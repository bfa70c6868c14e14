//! What reductions promise beyond layouts: NaN, what is refused, element types, bits, and bounds.

use ndarray::{Array1, Array2, ArrayView1, Axis, array, s};
use ndarray_pool::kernel::*;
use rand::distr::StandardUniform;

use crate::panics::panic_of;
use crate::registry::naive::SplitMix;

#[test]
fn nan_is_seen_wherever_it_is() {
    for len in [1, 15, 16, 17, 255, 256, 257, 600] {
        for at in 0..len {
            let mut a = Array1::from_elem(len, 2.0);
            a[at] = f64::NAN;
            let wide = a.view().insert_axis(Axis(1));
            let wide = wide.broadcast((len, 2)).unwrap();
            let (mut across, mut place) = (array![0.0, 0.0], array![9, 9]);
            for kernel in [min_axis_into, max_axis_into, sum_axis_into, norm_max_axis_into] {
                kernel(&wide, Axis(0), &mut across);
                assert!(across.iter().all(|x| x.is_nan()), "{at} of {len}: {across}");
            }
            argmin_axis_into(&wide, Axis(0), &mut place);
            assert_eq!((place[1], whole::argmax(&a)), (at, Some(at)));
            assert!(whole::min(&a).unwrap().is_nan() && whole::var(&a, 0.0).is_nan());
            assert_eq!(whole::nansum(&a), 2.0 * (len - 1) as f64);
            assert_eq!(whole::nanargmin(&a), (len > 1).then_some(usize::from(at == 0)));
        }
    }
}

/// Few values, so that the best of a lane stands in it several times, and NaN in some chunks of rows and not in others.
#[test]
fn extrema_across_rows_are_those_of_lanes() {
    let mut rng = SplitMix(5);
    for (rows, columns) in [(1, 16), (4, 33), (5, 17), (8, 40), (9, 15), (37, 64), (70, 530)] {
        for nan_in in [7, 300, u64::MAX] {
            let a = Array2::from_shape_fn((rows, columns), |_| match rng.next() {
                x if x.is_multiple_of(nan_in) => f64::NAN,
                x => (x % 40) as f64 - 20.0,
            });
            let [mut values, mut expected] = [(); 2].map(|()| Array1::zeros(columns));
            for (across, whole) in [
                (min_axis_into as fn(&_, _, &mut _), whole::min as fn(&_) -> _),
                (max_axis_into, whole::max),
                (nanmin_axis_into, whole::nanmin),
                (nanmax_axis_into, whole::nanmax),
            ] {
                across(&a, Axis(0), &mut values);
                expected.assign(&a.map_axis(Axis(0), |lane| whole(&lane).unwrap_or(f64::NAN)));
                let same = |(x, y): (&f64, &f64)| x == y || (x.is_nan() && y.is_nan());
                assert!(values.iter().zip(&expected).all(same), "{rows} x {columns}, {nan_in}");
            }
            let mut places = Array1::zeros(columns);
            argmin_axis_into(&a, Axis(0), &mut places);
            assert_eq!(places, a.map_axis(Axis(0), |lane| whole::argmin(&*lane).unwrap()));
            argmax_axis_into(&a, Axis(0), &mut places);
            assert_eq!(places, a.map_axis(Axis(0), |lane| whole::argmax(&*lane).unwrap()));
            if a.lanes(Axis(0)).into_iter().all(|lane| lane.iter().any(|x| !x.is_nan())) {
                nanargmin_axis_into(&a, Axis(0), &mut places);
                assert_eq!(places, a.map_axis(Axis(0), |lane| whole::nanargmin(&*lane).unwrap()));
            }
        }
    }
}

#[test]
fn squares_that_overflow_are_infinite_and_infinities_are_not() {
    let large =
        Array2::from_shape_fn((20, 20), |(i, j)| if (i + j) % 2 == 0 { 1e200 } else { 0.0 });
    let mut infinite = large.clone();
    infinite.row_mut(10).fill(f64::INFINITY);
    let mut out = Array1::zeros(20);
    var_axis_into(&large, Axis(0), 1.0, &mut out);
    assert!(out.iter().all(|x| *x == f64::INFINITY), "{out}");
    assert_eq!(whole::var(&large.column(0), 1.0), f64::INFINITY);
    var_axis_into(&infinite, Axis(0), 1.0, &mut out);
    assert!(out.iter().all(|x| x.is_nan()), "{out}");
    assert!(whole::var(&infinite.column(0), 1.0).is_nan());
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let a = array![[1.0, f64::NAN], [2.0, f64::NAN]];
    let mut place = array![7, 7];
    let panic = panic_of(|| nanargmin_axis_into(&a, Axis(0), &mut place));
    let message = "nanargmin_axis_into: `a` has shape [2, 2], \
                   and nothing but NaN in a lane along axis 0";
    assert_eq!(panic.message, message);
    assert_eq!(place, array![7, 7], "nothing is written");
    let (mut out, mut scratch) = (array![7.0, 7.0], [0.0; 1]);
    let panic = panic_of(|| median_axis_into(&a, Axis(0), &mut out, &mut scratch));
    assert_eq!(panic.message, "median_axis_into: `scratch` has length 1, but must have at least 2");
    for q in [-0.1, 1.1, f64::NAN] {
        let (axis, method) = (Axis(0), QuantileMethod::Linear);
        let mut call = || quantile_axis_into(&a, axis, q, method, &mut out, &mut [0.0; 2]);
        let panic = panic_of(&mut call);
        let message = format!("quantile_axis_into: `q` is {q}, but must lie between 0 and 1");
        assert_eq!(panic.message, message);
    }
    let panic = panic_of(|| _ = whole::percentile(&a, 101.0, QuantileMethod::Hazen, &mut [0.0; 4]));
    assert_eq!(panic.message, "percentile: `q` is 101, but must lie between 0 and 100");
    let one = array![[1.0, 2.0]];
    let mut slope = array![[7.0, 7.0]];
    let panic = panic_of(|| gradient_axis_into(&one, Axis(0), 1.0, EdgeOrder::First, &mut slope));
    let message = "gradient_axis_into: `a` has shape [1, 2], \
                   whose axis 0 must have at least 2 elements";
    assert_eq!(panic.message, message);
    let panic = panic_of(|| diff_axis_into(&one, Axis(1), 17, &mut Array2::zeros((1, 0))));
    assert_eq!(panic.message, "diff_axis_into: `n` is 17, but must be at most 16");
    let panic = panic_of(|| average_axis_into(&a, &array![1.0], Axis(0), &mut out));
    let message = "average_axis_into: `weights` has length 1, \
                   but must have the length of axis 0 of `a`, 2";
    assert_eq!(panic.message, message);
    assert_eq!((out, slope), (array![7.0, 7.0], array![[7.0, 7.0]]));
    assert!(panic.file == file!());
    for (weights, holds) in [
        (array![1.0, -2.0], "holds -2, but must hold finite numbers from zero on"),
        (array![f64::NAN, 1.0], "holds NaN, but must hold finite numbers from zero on"),
        (array![0.0, f64::INFINITY], "holds inf, but must hold finite numbers from zero on"),
        (array![0.0, 0.0], "has the sum 0, but must have one above zero"),
    ] {
        let (mut out, mut scratch) = (array![7.0, 7.0], [(0.0, 0.0); 2]);
        let panic = panic_of(|| {
            weighted_quantile_axis_into(&a, &weights, Axis(0), 0.5, &mut out, &mut scratch);
        });
        let message = format!("weighted_quantile_axis_into: `weights` {holds}");
        assert_eq!((panic.message, out), (message, array![7.0, 7.0]));
    }
    let none = Array1::<u8>::zeros(0);
    let panic = panic_of(|| _ = whole::mean(&none));
    assert_eq!(panic.message, "mean: no elements have no mean among integers");
}

#[test]
fn nothing_has_the_answers_of_numpy() {
    let none = Array1::<f64>::zeros(0);
    assert_eq!((whole::sum(&none), whole::prod(&none), whole::norm_max(&none)), (0.0, 1.0, 0.0));
    assert_eq!((whole::min(&none), whole::argmax(&none), whole::ptp(&none)), (None, None, None));
    assert!(whole::mean(&none).is_nan() && whole::std(&none, 0.0).is_nan());
    assert!(whole::median(&none, &mut []).is_nan() && whole::nanmedian(&none, &mut []).is_nan());
    assert!(!whole::any(&Array1::from_elem(0, true)) && whole::all(&Array1::from_elem(0, false)));
    // −0 is added to zero.
    assert!(whole::sum(&array![-0.0_f64, -0.0]).is_sign_positive());
}

#[test]
fn integers_and_truth_values() {
    let a = array![[3_i32, -1, 4], [1, -5, 9]];
    let (mut two, mut three) = (array![0, 0], array![0, 0, 0]);
    sum_axis_into(&a, Axis(0), &mut three);
    assert_eq!(three, array![4, -6, 13]);
    max_axis_into(&a, Axis(1), &mut two);
    assert_eq!((two, whole::prod(&a), whole::ptp(&a)), (array![4, 9], 540, Some(14)));
    let mut places = array![0, 0];
    argmin_axis_into(&a, Axis(1), &mut places);
    assert_eq!((places, whole::mean(&a)), (array![1, 1], 1));
    let mut out = a.clone();
    cummin_axis_into(&a, Axis(1), &mut out);
    assert_eq!(out, array![[3, -1, -1], [1, -5, -5]]);
    assert_eq!(whole::min(&array![false, true]), Some(false));
}

#[cfg(feature = "complex")]
#[test]
fn complex_numbers() {
    use num_complex::Complex64 as C;
    let a = array![[C::new(1.0, 1.0), C::new(0.0, 2.0)], [C::new(3.0, -1.0), C::new(1.0, 0.0)]];
    let mut out = array![C::default(), C::default()];
    sum_axis_into(&a, Axis(0), &mut out);
    assert_eq!(out, array![C::new(4.0, 0.0), C::new(1.0, 2.0)]);
    mean_axis_into(&a, Axis(0), &mut out);
    assert_eq!(out, array![C::new(2.0, 0.0), C::new(0.5, 1.0)]);
    prod_axis_into(&a, Axis(1), &mut out);
    assert_eq!(out, array![C::new(-2.0, 2.0), C::new(3.0, -1.0)]);
    let mut sums = a.clone();
    cumsum_axis_inplace(&mut sums, Axis(0));
    assert_eq!(sums[[1, 1]], C::new(1.0, 2.0));
}

/// Alignment, gaps and the layout of `out` change no bit.
#[test]
fn the_same_order_has_the_same_bits() {
    let mut a = Array2::<f64>::zeros((70, 613));
    random_into(&StandardUniform, &mut a, &mut SplitMix(3));
    let wide = Array2::from_shape_fn((140, 1839), |(i, j)| a[[i / 2, j / 3]]);
    let spaced = wide.slice(s![..;2, ..;3]);
    for axis in [Axis(0), Axis(1)] {
        let mut out = Array1::zeros(a.len() / a.len_of(axis));
        let mut other = Array1::zeros(2 * out.len());
        let mut other = other.slice_mut(s![..;-2]);
        sum_axis_into(&a, axis, &mut out);
        sum_axis_into(&spaced, axis, &mut other);
        assert_eq!(out, other);
        var_axis_into(&a, axis, 1.0, &mut out);
        var_axis_into(&spaced, axis, 1.0, &mut other);
        assert_eq!(out, other);
    }
    assert_eq!(whole::sum(&a), whole::sum(&spaced));
    for offset in 1..4 {
        let mut memory = vec![0.0; a.len() + offset];
        memory[offset..].copy_from_slice(a.as_slice().unwrap());
        let shifted = ArrayView1::from(&memory[offset..]).into_shape_with_order((70, 613)).unwrap();
        assert_eq!(whole::std(&shifted, 0.0), whole::std(&a, 0.0));
    }
}

/// The bound of the docs, on numbers that all err to the same side when they are added in a row.
#[test]
fn errors_keep_the_bound() {
    let n = 1 << 20;
    let bound = (2.0 * f64::from(n).log2() + 28.0) * f64::from(f32::EPSILON);
    let exact = f64::from(0.1_f32) * f64::from(n);
    let rows = Array2::from_elem((n as usize, 2), 0.1_f32);
    let mut out = array![0.0, 0.0];
    sum_axis_into(&rows, Axis(0), &mut out);
    for sum in [out[0], out[1], whole::sum(&rows.column(1)), whole::sum(&rows) / 2.0] {
        assert!((f64::from(sum) / exact - 1.0).abs() <= bound, "{sum}");
    }
    let naive: f32 = rows.column(0).iter().sum();
    assert!((f64::from(naive) / exact - 1.0).abs() > bound, "a sum in a row would fail here");
    // Equal numbers do not spread, however large they are.
    var_axis_into(&rows, Axis(0), 0.0, &mut out);
    assert_eq!(
        (out, whole::var(&Array1::from_elem(1000, 1e8 + 0.1), 0.0)),
        (array![0.0, 0.0], 0.0)
    );
}

/// Blocks of 256 elements are cut out of lanes of every length, one element before their end too.
#[test]
fn blocks_cross_the_ends_of_lanes() {
    for len in [1, 2, 3, 15, 85, 255, 256, 257] {
        let wide = Array2::from_shape_fn((3000 / len, len + 1), |(i, j)| i * (len + 1) + j);
        let gapped = wide.slice(s![.., ..len]);
        let expected: usize = gapped.iter().sum();
        assert_eq!(whole::sum(&gapped), expected, "lanes of {len}");
        assert_eq!(whole::vdot(&gapped, &gapped), gapped.iter().map(|x| x * x).sum::<usize>());
        assert_eq!(whole::argmax(&gapped), Some(gapped.len() - 1));
    }
}
