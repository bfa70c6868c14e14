//! What is gathered from blocks against the kernels over everything at once.

use ndarray::{Array1, Array2, Array3, ArrayRef2, Axis, Ix2, Ix3, array, s};
use ndarray_pool::blocks::{self, Blocks, Counts, Extrema, Histogram, Moments, RowSource, Sums};
use ndarray_pool::kernel::*;
use ndarray_pool::prelude::*;

use crate::files::numbers;

/// The rows of an array, as a source.
fn rows_of(a: &Array2<f64>) -> impl RowSource<Elem = f64, Dim = Ix2> + use<> {
    let (a, mut next) = (a.clone(), 0);
    blocks::from_fn(move |rows: &mut ArrayRef2<f64>| {
        let new = rows.nrows().min(a.nrows() - next);
        rows.slice_mut(s![..new, ..]).assign(&a.slice(s![next..next + new, ..]));
        next += new;
        Ok(new)
    })
}

/// The mean and variance of numbers, in twice the digits: numbers are whole multiples of 2⁻⁶⁰ after a shift.
fn exact_moments(column: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = column.clone().count() as f64;
    let shift = column.clone().next().unwrap();
    let (mut sum, mut sum_low) = (0.0_f64, 0.0_f64);
    for x in column.clone() {
        let (x, t) = (x - shift, sum);
        sum = t + x;
        sum_low += if t.abs() >= x.abs() { (t - sum) + x } else { (x - sum) + t };
    }
    let mean = (sum + sum_low) / n;
    let (mut squares, mut low) = (0.0_f64, 0.0_f64);
    for x in column {
        let (d, t) = ((x - shift) - mean, squares);
        squares = t + d * d;
        low += (t - squares) + d * d;
    }
    (shift + mean, (squares + low) / n)
}

#[test]
fn moments_stay_within_their_bound_however_the_rows_are_cut() {
    let a = numbers(20_000, 6);
    for rows in [1, 7, 100, 3000, 20_000] {
        let mut moments = Moments::new(6);
        for block in a.axis_chunks_iter(Axis(0), rows) {
            moments.update(&block);
        }
        assert_eq!(moments.count(), 20_000);
        let (mean, var) = (moments.mean(), moments.var(0.0));
        let eps = f64::EPSILON;
        let pieces = (20_000 / rows.min(5461)) as f64;
        for (j, column) in a.columns().into_iter().enumerate() {
            let (true_mean, true_var) = exact_moments(column.iter().copied());
            let size = column.iter().map(|x| x.abs()).sum::<f64>() / 20_000.0;
            let of_kernel = (2.0 * (rows as f64).log2() + 30.0) * eps * size;
            let bound = of_kernel + (4.0 + 4.0 * pieces.ln()) * eps * 4.0 + eps * true_mean.abs();
            assert!((mean[j] - true_mean).abs() <= bound, "{rows}: {} {true_mean}", mean[j]);
            // The errors of the means of pieces come in with their squares, and with their product with distances.
            let bound = ((rows as f64).log2() + 100.0 + 8.0 + 8.0 * pieces.ln()) * eps * true_var
                + 2.0 * of_kernel * true_var.sqrt()
                + of_kernel * of_kernel;
            assert!((var[j] - true_var).abs() <= bound, "{rows}: {} {true_var}", var[j]);
        }
        let mut ends = Array1::zeros(6);
        min_axis_into(&a, Axis(0), &mut ends);
        assert_eq!(moments.min().unwrap(), ends);
        max_axis_into(&a, Axis(0), &mut ends);
        assert_eq!(moments.max().unwrap(), ends);
    }
}

/// Without what is rounded off being kept, thirty thousand merges would lose four digits.
#[test]
fn many_small_blocks_lose_no_digits() {
    let mut moments = Moments::<f64, Ix2>::new(1);
    let mut values = Vec::new();
    for n in 0..30_000_u32 {
        let x = 1e8 + f64::from(n % 7) * 0.1;
        values.push(x);
        moments.update(&array![[x]]);
    }
    let (mean, var) = exact_moments(values.iter().copied());
    assert!((moments.mean()[0] - mean).abs() <= 2.0 * f64::EPSILON * mean, "{}", moments.mean()[0]);
    assert!((moments.var(0.0)[0] - var).abs() <= 1e-7 * var, "{} {var}", moments.var(0.0)[0]);
}

#[test]
fn moments_of_one_piece_are_those_of_the_kernels() {
    let a = numbers(500, 3);
    let mut moments = Moments::new(3);
    moments.update(&a);
    let mut out = Array1::zeros(3);
    mean_axis_into(&a, Axis(0), &mut out);
    assert_eq!(moments.mean(), out);
    var_axis_into(&a, Axis(0), 0.0, &mut out);
    assert_eq!(moments.var(0.0), out);
    std_axis_into(&a, Axis(0), 1.0, &mut out);
    let std = moments.std(1.0);
    assert!(std.iter().zip(&out).all(|(x, y)| (x - y).abs() <= 4.0 * f64::EPSILON * y));
}

#[test]
fn moments_of_few_and_strange_numbers_are_those_of_the_kernels() {
    let (inf, nan, max) = (f64::INFINITY, f64::NAN, f64::MAX);
    for column in [
        vec![],
        vec![3.0],
        vec![3.0, 3.0],
        vec![1.0, 2.0, inf, 4.0],
        vec![inf, 1.0],
        vec![inf, -inf, 1.0],
        vec![-inf, -inf],
        vec![1.0, nan, 2.0],
        vec![max, -max, max, -max],
        vec![max, max, max],
        vec![1e160, -1e160, 3e160],
        vec![1e-200, 2e-200],
        vec![5e-324, 1e-323, 0.0],
    ] {
        let n = column.len();
        let a = Array2::from_shape_vec((n, 1), column.clone()).unwrap();
        let mut moments = Moments::<f64, Ix2>::new(1);
        a.axis_chunks_iter(Axis(0), 1).for_each(|row| moments.update(&row));
        let mut out = Array1::zeros(1);
        let size = column.iter().map(|x| x.abs()).fold(0.0, f64::max) / 50.0;
        let near = |ours: f64, theirs: f64, size: f64| {
            ours.to_bits() == theirs.to_bits()
                || ours.is_nan() && theirs.is_nan()
                || (ours - theirs).abs() <= 1e-14 * theirs.abs().max(size)
        };
        mean_axis_into(&a, Axis(0), &mut out);
        assert!(
            near(moments.mean()[0], out[0], size),
            "mean of {a}: {} {}",
            moments.mean()[0],
            out[0]
        );
        for ddof in [0.0_f64, 1.0, 2.0, nan, -1.0] {
            var_axis_into(&a, Axis(0), ddof, &mut out);
            let ours = moments.var(ddof)[0];
            assert!(near(ours, out[0], 0.0), "var of {a}, {ddof}: {ours} {}", out[0]);
        }
        assert_eq!(moments.min().is_some(), n > 0);
    }
}

#[test]
fn moments_merge() {
    let a = numbers(3000, 4);
    let mut whole = Moments::new(4);
    whole.update(&a);
    for cut in [0, 1, 1000, 3000] {
        let (mut one, mut two) = (Moments::new(4), Moments::new(4));
        one.update(&a.slice(s![..cut, ..]));
        two.update(&a.slice(s![cut.., ..]));
        one.merge(&two);
        assert_eq!((one.count(), one.min(), one.max()), (3000, whole.min(), whole.max()));
        let near = |x: &Array1<f64>, y: &Array1<f64>, error: f64| {
            x.iter().zip(y).all(|(x, y)| (x - y).abs() <= error * y.abs().max(10.0))
        };
        assert!(near(&one.mean(), &whole.mean(), 1e-15));
        assert!(near(&one.var(1.0), &whole.var(1.0), 1e-8), "{} {}", one.var(1.0), whole.var(1.0));
    }
    let singles = a.mapv(|x| x as f32);
    let mut one = Moments::new(4);
    one.update(&singles);
    assert!((one.mean()[0] - singles.column(0).mean().unwrap()).abs() < 1e-4);
}

#[test]
fn integers_are_summed_exactly_and_floats_within_the_bound_of_a_block() {
    let a = Array2::from_shape_fn((1000, 3), |(i, j)| (i * i) as i64 - 300_000 * j as i64);
    let mut sums = Sums::new(3);
    a.axis_chunks_iter(Axis(0), 7).for_each(|block| sums.update(&block));
    assert_eq!(sums.sum(), a.sum_axis(Axis(0)));
    let mut small = Sums::<f64, Ix2>::new(1);
    for _ in 0..100_000 {
        small.update(&array![[0.1]]);
    }
    assert!((small.sum()[0] - 10_000.0).abs() < 1e-8 * 0.01, "{}", small.sum()[0]);
    let (mut one, mut two) = (Sums::new(1), Sums::new(1));
    one.update(&array![[1e16]]);
    two.update(&array![[1.0]]);
    two.update(&array![[-1e16]]);
    one.merge(&two);
    assert_eq!(one.sum()[0], 1.0);
    one.update(&array![[f64::INFINITY]]);
    one.update(&array![[1.0]]);
    assert_eq!(one.sum()[0], f64::INFINITY);
    let mut unsigned = Sums::new(());
    unsigned.update(&array![200_u8, 50]);
    unsigned.update(&array![5_u8]);
    assert_eq!(unsigned.sum()[()], 255);
}

#[test]
fn extrema_counts_and_histograms_have_the_bits_of_the_kernels() {
    let a = Array3::from_shape_fn((100, 2, 3), |(i, j, k)| {
        if (i, j, k) == (57, 1, 2) { f64::NAN } else { ((i * 37 + j * 11 + k) % 50) as f64 - 20.0 }
    });
    let (mut extrema, mut counts) = (Extrema::<f64, Ix3>::new((2, 3)), Counts::<Ix3>::new((2, 3)));
    let edges = Array1::from_iter((-4..=4).map(|n| f64::from(n) * 5.0));
    let mut histogram = Histogram::new(edges.clone());
    let mut halves = (extrema.clone(), counts.clone(), histogram.clone());
    for (at, block) in a.axis_chunks_iter(Axis(0), 9).enumerate() {
        let (extrema, counts, histogram) = match at {
            0..4 => (&mut extrema, &mut counts, &mut histogram),
            _ => (&mut halves.0, &mut halves.1, &mut halves.2),
        };
        extrema.update(&block);
        counts.update(&block);
        histogram.update(&block);
    }
    extrema.merge(&halves.0);
    counts.merge(&halves.1);
    histogram.merge(&halves.2);
    let bits = |a: ndarray::ArrayView2<f64>| a.mapv(f64::to_bits);
    let mut out = Array2::zeros((2, 3));
    min_axis_into(&a, Axis(0), &mut out);
    assert_eq!(bits(extrema.min().unwrap()), bits(out.view()));
    max_axis_into(&a, Axis(0), &mut out);
    assert_eq!(bits(extrema.max().unwrap()), bits(out.view()));
    let mut nonzero = Array2::zeros((2, 3));
    count_nonzero_axis_into(&a, Axis(0), &mut nonzero);
    assert_eq!((counts.nonzero(), counts.rows()), (nonzero.view(), 100));
    let mut bins = Array1::zeros(8);
    histogram_into(&a, &edges, &mut bins);
    assert_eq!(histogram.counts(), bins);
}

#[test]
fn products_are_those_of_the_kernels() {
    let (a, v) = (numbers(1000, 40), numbers(40, 1).remove_axis(Axis(1)));
    let (mut whole, mut ours) = (Array1::zeros(1000), Array1::zeros(1000));
    ndarray_pool::kernel::matvec_into(&a, &v, &mut whole);
    for (rows, overlap) in [(1, 0), (7, 0), (1000, 0), (7, 3)] {
        let pool = Pool2::<f64>::new((rows, 40), 1).unwrap();
        ours.fill(0.0);
        let rows = Blocks::new(rows_of(&a), &pool).overlap(overlap);
        blocks::matvec_into(rows, &v, &mut ours).unwrap();
        assert_eq!(ours, whole);
    }
    let v = numbers(1000, 1).remove_axis(Axis(1));
    let (mut whole, mut ours) = (Array1::zeros(40), Array1::zeros(40));
    ndarray_pool::kernel::vecmat_into(&v, &a, &mut whole);
    for (rows, overlap) in [(1, 0), (7, 0), (1000, 0), (7, 3)] {
        let pool = Pool2::<f64>::new((rows, 40), 1).unwrap();
        let rows = Blocks::new(rows_of(&a), &pool).overlap(overlap);
        blocks::vecmat_into(&v, rows, &mut ours).unwrap();
        let size: f64 = v.iter().map(|x| x.abs() * 2e6).sum();
        assert!((&ours - &whole).iter().all(|error| error.abs() <= 50.0 * f64::EPSILON * size));
    }
}

#[test]
#[should_panic(
    expected = "matvec_into: `a` has more than 999 rows, but must have as many as `out` has elements"
)]
fn a_product_of_too_many_rows_is_refused() {
    let pool = Pool2::<f64>::new((100, 4), 1).unwrap();
    let rows = Blocks::new(rows_of(&numbers(1000, 4)), &pool);
    let _ = blocks::matvec_into(rows, &Array1::zeros(4), &mut Array1::zeros(999));
}

#[test]
#[should_panic(
    expected = "vecmat_into: `a` has 1000 rows, but must have as many as `v` has elements, 1001"
)]
fn a_product_of_too_few_rows_is_refused() {
    let pool = Pool2::<f64>::new((100, 4), 1).unwrap();
    let rows = Blocks::new(rows_of(&numbers(1000, 4)), &pool);
    let _ = blocks::vecmat_into(&Array1::zeros(1001), rows, &mut Array1::zeros(4));
}

#[test]
#[should_panic(
    expected = "Moments::update: the rows of the block have shape [3], but must have shape [4]"
)]
fn rows_of_another_shape_are_refused() {
    Moments::<f64, Ix2>::new(4).update(&numbers(5, 3));
}
