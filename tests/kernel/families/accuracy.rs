//! Sums, means and variances against exact arithmetic, on data that is hard to add up.
//!
//! All data are whole multiples of a power of two, so that their sums and squares are whole numbers of 128 bits, and
//! what is exact is so by construction. (`tests/all/numpy/reductions.rs` holds the same against NumPy's results.)

use ndarray::{Array1, Array2, Axis};
use ndarray_pool::kernel::*;

use crate::registry::naive::SplitMix;

/// Numbers of unit 2⁻²⁴ around a mean, with spread 1.
fn around(mean: i128, n: usize) -> Vec<i128> {
    let mut rng = SplitMix(17);
    (0..n).map(|_| (mean << 24) + i128::from(rng.next() % (1 << 25)) - (1 << 24)).collect()
}

/// Large numbers of both signs that cancel but for something small.
fn alternating(n: usize) -> Vec<i128> {
    let mut rng = SplitMix(23);
    let pairs = (0..n / 2).flat_map(|_| {
        let (large, small) = (i128::from(rng.next() >> 14), i128::from(rng.next() % 1000));
        [large, small - large]
    });
    pairs.collect()
}

fn to_floats(units: &[i128], unit: f64) -> Vec<f64> {
    units
        .iter()
        .map(|&x| {
            let float = x as f64 * unit;
            assert_eq!((float / unit) as i128, x, "the data are floats");
            float
        })
        .collect()
}

/// Along memory, and across it beside other lanes, by a kernel that reduces.
fn along_both(x: &[f64], kernel: impl Fn(&Array2<f64>, Axis, &mut Array1<f64>)) -> [f64; 2] {
    let row = Array2::from_shape_fn((3, x.len()), |(i, k)| x[k] * [1.0, -1.0, 2.0][i]);
    let column = Array2::from_shape_fn((x.len(), 3), |(k, i)| row[[i, k]]);
    let (mut a, mut b) = (Array1::zeros(3), Array1::zeros(3));
    kernel(&row, Axis(1), &mut a);
    kernel(&column, Axis(0), &mut b);
    [a[0], b[0]]
}

const LENGTHS: [usize; 4] = [100, 1000, 4096, 50_000];

#[test]
fn sums_and_means_keep_their_bound() {
    for n in LENGTHS {
        for (units, unit) in [(around(100_000_000, n), 2_f64.powi(-24)), (alternating(n), 1.0)] {
            let x = to_floats(&units, unit);
            let exact = units.iter().sum::<i128>() as f64 * unit;
            let size = units.iter().map(|x| x.abs()).sum::<i128>() as f64 * unit;
            let bound = ((n as f64).log2() + 31.0) * f64::EPSILON / 2.0 * size;
            let [a, b] = along_both(&x, |a, axis, out| sum_axis_into(a, axis, out));
            for sum in [a, b, whole::sum(&Array1::from(x.clone()))] {
                assert!((sum - exact).abs() <= bound, "{n}: {sum}, exactly {exact}");
            }
            let count = n as f64;
            let [a, b] = along_both(&x, |a, axis, out| mean_axis_into(a, axis, out));
            for mean in [a, b, whole::mean(&Array1::from(x.clone()))] {
                let rounding = f64::EPSILON * (exact / count).abs();
                assert!((mean - exact / count).abs() <= bound / count + rounding, "{n}: {mean}");
            }
        }
    }
}

/// A mean of 10⁸ costs a variance in one pass (Σ x² − (Σ x)² / n) all its digits; here it costs none.
#[test]
fn variances_do_not_depend_on_the_mean() {
    for n in LENGTHS {
        let units = around(100_000_000, n);
        let x = to_floats(&units, 2_f64.powi(-24));
        // n Σ d² − (Σ d)², with the distances d from any number: here the mean that was asked for.
        let distances: Vec<i128> = units.iter().map(|x| x - (100_000_000_i128 << 24)).collect();
        let (sum, squares) =
            (distances.iter().sum::<i128>(), distances.iter().map(|d| d * d).sum::<i128>());
        let count = n as i128;
        let scaled = (count * squares - sum * sum) as f64 * 2_f64.powi(-48);
        let exact = scaled / (n as f64 * (n - 1) as f64);
        let bound = ((n as f64).log2() + 100.0) * f64::EPSILON * exact;
        let [a, b] = along_both(&x, |a, axis, out| var_axis_into(a, axis, 1.0, out));
        let [c, d] = along_both(&x, |a, axis, out| nanvar_axis_into(a, axis, 1.0, out));
        for variance in [a, b, c, d, whole::var(&Array1::from(x.clone()), 1.0)] {
            assert!((variance - exact).abs() <= bound, "{n}: {variance}, exactly {exact}");
        }
        let one_pass = {
            let (s, q) = x.iter().fold((0.0, 0.0), |(s, q), &x| (s + x, q + x * x));
            (q - s * s / n as f64) / (n - 1) as f64
        };
        assert!((one_pass - exact).abs() > bound, "the textbook's formula would fail here");
    }
}

/// Areas and segments are sums too.
#[test]
fn areas_and_segments_keep_the_bound_of_sums() {
    let n = 4096;
    for (units, unit) in [(around(100_000_000, n), 2_f64.powi(-24)), (alternating(n), 1.0)] {
        let x = to_floats(&units, unit);
        let size = units.iter().map(|x| x.abs()).sum::<i128>() as f64 * unit;
        let bound = ((n as f64).log2() + 31.0) * f64::EPSILON * size;
        let twice: i128 = 2 * units.iter().sum::<i128>() - units[0] - units[n - 1];
        let exact = twice as f64 * unit / 2.0;
        for area in along_both(&x, |y, axis, out| trapezoid_axis_into(y, axis, 1.0, out)) {
            assert!((area - exact).abs() <= bound, "{area}, exactly {exact}");
        }
        let starts = Array1::from(vec![0, 1000, 1001]);
        let row = Array1::from(x).insert_axis(Axis(0));
        let mut out = Array2::zeros((1, 3));
        add_reduceat_axis_into(&row, Axis(1), &starts, &mut out);
        for (part, sum) in [0..1000, 1000..1001, 1001..n].into_iter().zip(&out) {
            let exact = units[part].iter().sum::<i128>() as f64 * unit;
            assert!((sum - exact).abs() <= bound, "{sum}, exactly {exact}");
        }
    }
}
