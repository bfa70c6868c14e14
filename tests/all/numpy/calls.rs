//! The calls in the guide's tables, as they stand there, on small arrays whose results are plain. (What NumPy
//! gives for many more is in the modules beside this one.)

use std::error::Error;

use ndarray::{Array1, Array2, Array3, Axis, Zip, array, aview0, aview1, s};
use ndarray_pool::kernel::*;
use rand::distr::weighted::WeightedIndex;
use rand::distr::{StandardUniform, Uniform};
use rand::{SeedableRng, rngs::SmallRng};
use rand_distr::{Exp1, Gamma, Normal, StandardNormal};

const NAN: f64 = f64::NAN;

/// The call, made on an `out` that has been cleared, gives what is expected.
macro_rules! gives {
    ($call:expr, $out:ident == $expected:expr) => {{
        let expected = $expected;
        let mut $out = expected.clone();
        $out.fill(Default::default());
        $call;
        assert_eq!($out, expected, "{}", stringify!($call));
    }};
}

/// The call changes its first argument into what is expected.
macro_rules! changes {
    ($call:expr, $a:ident == $expected:expr) => {{
        let mut $a = $a.clone();
        $call;
        assert_eq!($a, $expected, "{}", stringify!($call));
    }};
}

#[test]
fn reductions() {
    let (a, axis, ddof) = (array![[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]], Axis(1), 1.0);
    gives!(sum_axis_into(&a, axis, &mut out), out == array![6.0, 15.0]);
    gives!(prod_axis_into(&a, axis, &mut out), out == array![6.0, 120.0]);
    gives!(mean_axis_into(&a, axis, &mut out), out == array![2.0, 5.0]);
    gives!(var_axis_into(&a, axis, ddof, &mut out), out == array![1.0, 1.0]);
    gives!(std_axis_into(&a, axis, ddof, &mut out), out == array![1.0, 1.0]);
    gives!(ptp_axis_into(&a, axis, &mut out), out == array![2.0, 2.0]);
    gives!(min_axis_into(&a, axis, &mut out), out == array![1.0, 4.0]);
    gives!(max_axis_into(&a, axis, &mut out), out == array![3.0, 6.0]);
    gives!(argmin_axis_into(&a, axis, &mut out), out == array![1, 2]);
    gives!(argmax_axis_into(&a, axis, &mut out), out == array![0, 0]);
    let falling = a.slice(s![.., ..;-1]);
    gives!(argmax_axis_into(&falling, axis, &mut out), out == array![2, 2]);
    assert_eq!(whole::sum(&a), 21.0);
    assert_eq!(whole::prod(&a), 720.0);
    assert_eq!(whole::mean(&a), 3.5);
    assert_eq!(whole::var(&a, ddof), 3.5);
    assert_eq!(whole::std(&a, ddof), 3.5_f64.sqrt());
    assert_eq!(whole::ptp(&a), Some(5.0));
    assert_eq!((whole::min(&a), whole::max(&a)), (Some(1.0), Some(6.0)));
    assert_eq!((whole::argmin(&a), whole::argmax(&a)), (Some(1), Some(3)));
    assert_eq!(whole::sum(&a.diag()), 8.0);

    let (init, f) = (1.0, |largest: f64, x: f64| largest.max(x - 1.0));
    gives!(reduce_axis_into(&a, axis, init, &mut out, f), out == array![2.0, 5.0]);
    let (indices, f) = (array![0, 1], f64::max);
    gives!(
        reduceat_axis_into(&a, axis, &indices, &mut out, f),
        out == array![[3.0, 2.0], [6.0, 5.0]]
    );
    gives!(
        add_reduceat_axis_into(&a, axis, &indices, &mut out),
        out == array![[3.0, 3.0], [6.0, 9.0]]
    );
    let (mask, init, f) = (a.mapv(|x| x > 1.5), 0.0, |sum: f64, x: f64| sum + x);
    gives!(reduce_where_axis_into(&a, axis, &mask, init, &mut out, f), out == array![5.0, 15.0]);
    let a = array![[i32::MAX, 1], [2, 3]];
    let wide = array![i64::from(i32::MAX) + 1, 5];
    gives!(reduce_axis_into(&a, axis, 0_i64, &mut out, |sum, x| sum + i64::from(x)), out == wide);
}

#[test]
fn truth_counts_and_norms() {
    let (a, axis) = (array![[true, false], [true, true]], Axis(1));
    gives!(all_axis_into(&a, axis, &mut out), out == array![false, true]);
    gives!(any_axis_into(&a, axis, &mut out), out == array![true, true]);
    assert_eq!((whole::all(&a), whole::any(&a)), (false, true));
    gives!(count_nonzero_axis_into(&a, axis, &mut counts), counts == array![1, 2]);
    assert_eq!(whole::count_nonzero(&a), 3);

    let a = array![[3.0, -4.0], [0.0, 12.0]];
    gives!(norm_l1_axis_into(&a, axis, &mut out), out == array![7.0, 12.0]);
    gives!(norm_l2_axis_into(&a, axis, &mut out), out == array![5.0, 12.0]);
    gives!(norm_max_axis_into(&a, axis, &mut out), out == array![4.0, 12.0]);
    assert_eq!((whole::norm_l1(&a), whole::norm_l2(&a), whole::norm_max(&a)), (19.0, 13.0, 12.0));
}

#[test]
fn quantiles() {
    let (a, axis, mut scratch) = (array![[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]], Axis(1), [0.0; 6]);
    gives!(median_axis_into(&a, axis, &mut out, &mut scratch), out == array![2.0, 5.0]);
    assert_eq!(whole::median(&a, &mut scratch), 3.5);
    let (q, method) = (0.25, QuantileMethod::Linear);
    gives!(
        quantile_axis_into(&a, axis, q, method, &mut out, &mut scratch),
        out == array![1.5, 4.5]
    );
    assert_eq!(whole::quantile(&a, q, method, &mut scratch), 2.25);
    let (weights, mut pairs) = (array![1.0, 0.0, 3.0], [(0.0, 0.0); 6]);
    gives!(
        weighted_quantile_axis_into(&a, &weights, axis, q, &mut out, &mut pairs),
        out == array![2.0, 4.0]
    );
    let weights = array![[1.0, 0.0, 3.0], [4.0, 0.0, 0.0]];
    assert_eq!(whole::weighted_quantile(&a, &weights, q, &mut pairs), 2.0);
    let q = 25.0;
    gives!(
        percentile_axis_into(&a, axis, q, method, &mut out, &mut scratch),
        out == array![1.5, 4.5]
    );
    assert_eq!(whole::percentile(&a, q, method, &mut scratch), 2.25);
}

#[test]
fn without_nan() {
    let a = array![[3.0, NAN, 1.0, 2.0], [6.0, 5.0, 4.0, NAN]];
    let (axis, ddof, mut scratch) = (Axis(1), 1.0, [0.0; 8]);
    gives!(nansum_axis_into(&a, axis, &mut out), out == array![6.0, 15.0]);
    gives!(nanprod_axis_into(&a, axis, &mut out), out == array![6.0, 120.0]);
    gives!(nanmean_axis_into(&a, axis, &mut out), out == array![2.0, 5.0]);
    gives!(nanvar_axis_into(&a, axis, ddof, &mut out), out == array![1.0, 1.0]);
    gives!(nanstd_axis_into(&a, axis, ddof, &mut out), out == array![1.0, 1.0]);
    gives!(nanmin_axis_into(&a, axis, &mut out), out == array![1.0, 4.0]);
    gives!(nanmax_axis_into(&a, axis, &mut out), out == array![3.0, 6.0]);
    gives!(nanargmin_axis_into(&a, axis, &mut out), out == array![2, 2]);
    gives!(nanargmax_axis_into(&a, axis, &mut out), out == array![0, 0]);
    gives!(nanmedian_axis_into(&a, axis, &mut out, &mut scratch), out == array![2.0, 5.0]);
    assert_eq!(whole::nansum(&a), 21.0);
    assert_eq!(whole::nanprod(&a), 720.0);
    assert_eq!(whole::nanmean(&a), 3.5);
    assert_eq!(whole::nanvar(&a, ddof), 3.5);
    assert_eq!(whole::nanstd(&a, ddof), 3.5_f64.sqrt());
    assert_eq!((whole::nanmin(&a), whole::nanmax(&a)), (Some(1.0), Some(6.0)));
    assert_eq!((whole::nanargmin(&a), whole::nanargmax(&a)), (Some(2), Some(4)));
    assert_eq!(whole::nanmedian(&a, &mut scratch), 3.5);
    let (q, method) = (0.25, QuantileMethod::Linear);
    gives!(
        nanquantile_axis_into(&a, axis, q, method, &mut out, &mut scratch),
        out == array![1.5, 4.5]
    );
    assert_eq!(whole::nanquantile(&a, q, method, &mut scratch), 2.25);
    let q = 25.0;
    gives!(
        nanpercentile_axis_into(&a, axis, q, method, &mut out, &mut scratch),
        out == array![1.5, 4.5]
    );
    assert_eq!(whole::nanpercentile(&a, q, method, &mut scratch), 2.25);

    let a = array![[3.0, NAN, 2.0]];
    gives!(nancumsum_axis_into(&a, axis, &mut out), out == array![[3.0, 3.0, 5.0]]);
    gives!(nancumprod_axis_into(&a, axis, &mut out), out == array![[3.0, 3.0, 6.0]]);
    gives!(nancumsum_into(&a, &mut out), out == array![3.0, 3.0, 5.0]);
    gives!(nancumprod_into(&a, &mut out), out == array![3.0, 3.0, 6.0]);
}

#[test]
fn running_results_and_slopes() {
    let (a, axis, f) = (array![[1.0, 4.0, 2.0]], Axis(1), |sum: f64, x: f64| 2.0 * sum + x);
    gives!(cumsum_axis_into(&a, axis, &mut out), out == array![[1.0, 5.0, 7.0]]);
    gives!(cumprod_axis_into(&a, axis, &mut out), out == array![[1.0, 4.0, 8.0]]);
    gives!(cummax_axis_into(&a, axis, &mut out), out == array![[1.0, 4.0, 4.0]]);
    gives!(cummin_axis_into(&a, axis, &mut out), out == array![[1.0, 1.0, 1.0]]);
    gives!(accumulate_axis_into(&a, axis, &mut out, f), out == array![[1.0, 6.0, 14.0]]);
    gives!(cumsum_into(&a, &mut out), out == array![1.0, 5.0, 7.0]);
    gives!(cumprod_into(&a, &mut out), out == array![1.0, 4.0, 8.0]);
    gives!(accumulate_into(&a, &mut out, f), out == array![1.0, 6.0, 14.0]);
    changes!(cumsum_axis_inplace(&mut a, axis), a == array![[1.0, 5.0, 7.0]]);
    changes!(cumprod_axis_inplace(&mut a, axis), a == array![[1.0, 4.0, 8.0]]);
    changes!(cummax_axis_inplace(&mut a, axis), a == array![[1.0, 4.0, 4.0]]);
    changes!(cummin_axis_inplace(&mut a, axis), a == array![[1.0, 1.0, 1.0]]);
    changes!(accumulate_axis_inplace(&mut a, axis, f), a == array![[1.0, 6.0, 14.0]]);

    let (n, spacing) = (2, 0.5);
    gives!(diff_axis_into(&a, axis, n, &mut out), out == array![[-5.0]]);
    gives!(
        gradient_axis_into(&a, axis, spacing, EdgeOrder::First, &mut out),
        out == array![[6.0, 1.0, -4.0]]
    );
    gives!(trapezoid_axis_into(&a, axis, spacing, &mut out), out == array![2.75]);
    let (current, next) = (array![1.0, 2.0], array![4.0, 8.0]);
    gives!(diff_into(&next, &current, &mut out), out == array![3.0, 6.0]);
}

#[test]
fn products_of_tensors() {
    let (a, b) = (Array3::ones((3, 4, 5)), Array3::ones((4, 5, 2)));
    let (mut workspace, twenty) = (Workspace::empty(), Array2::from_elem((3, 2), 20.0));
    gives!(
        tensordot_into(&a, &b, [&[1, 2], &[0, 1]], &mut out, &mut workspace),
        out == twenty.clone()
    );
}

#[test]
fn products() {
    let (a, b, axis) = (array![[1.0, 2.0], [3.0, 4.0]], array![[5.0, 6.0], [7.0, 8.0]], Axis(0));
    gives!(vecdot_axis_into(&a, &b, axis, &mut out), out == array![26.0, 44.0]);
    gives!(vecdot_axis_into(&a, &b, Axis(1), &mut out), out == array![17.0, 53.0]);
    assert_eq!(whole::vdot(&a, &b), 70.0);
    let x = array![1.0, 10.0];
    gives!(matvec_into(&a, &x, &mut out), out == a.dot(&x));
    gives!(vecmat_into(&x, &a, &mut out), out == x.dot(&a));
    gives!(kron_into(&a, &b, &mut out), out == ndarray::linalg::kron(&a, &b));
    let mut workspace = Workspace::empty();
    gives!(matmul_into(&a, &b, &mut out, &mut workspace), out == a.dot(&b));
    gives!(dot_into(&a, &b, &mut out, &mut workspace), out == a.dot(&b));
    gives!(inner_into(&a, &b, &mut out, &mut workspace), out == a.dot(&b.t()));
    gives!(einsum_into("ij,jk->ik", &a, &b, &mut out, &mut workspace), out == a.dot(&b));
    let (c, product) = (b.clone(), a.dot(&b).dot(&b));
    let mut workspace = Workspace::with_bytes(multi_dot_workspace_bytes(&[&*a, &b, &c]));
    gives!(multi_dot_into(&[&a, &b, &c], &mut out, &mut workspace), out == product);
    let mut workspace = Workspace::with_bytes(1 << 10);
    gives!(
        einsum_into("ij,->j", &a, &aview0(&1.0), &mut out, &mut workspace),
        out == array![4.0, 6.0]
    );
    let mut out = Array2::ones((2, 2));
    gemm_into(&a, &b, 1.0, 1.0, &mut out, &mut workspace);
    assert_eq!(out, a.dot(&b) + 1.0);
    let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(2, 2));
    let (ddof, times, mut out) = (1.0, array![1.0, 1.0], Array2::zeros((2, 2)));
    cov_into(&a, axis, ddof, &mut out, &mut workspace);
    assert_eq!(out, array![[2.0, 2.0], [2.0, 2.0]]);
    let equal = out.clone();
    cov_weighted_into(&a, axis, Weights::Frequency(&times), ddof, &mut out, &mut workspace);
    assert_eq!(out, equal);
    corrcoef_into(&a, axis, &mut out, &mut workspace);
    assert!(out.iter().all(|&x: &f64| (x - 1.0).abs() < 1e-15));
    {
        let (a, mut l) = (array![[4.0, 2.0], [2.0, 10.0]], Array2::zeros((2, 2)));
        cholesky_into(&a, &mut l).unwrap();
        assert_eq!(l, array![[2.0, 0.0], [1.0, 3.0]]);
    }
    let weights = array![3.0, 1.0];
    gives!(average_axis_into(&a, &weights, axis, &mut out), out == array![1.5, 2.5]);
    let weights = array![[1.0, 0.0], [0.0, 3.0]];
    assert_eq!(whole::average(&a, &weights), 3.25);

    let (a, b, f) = (array![1.0, 2.0], array![3.0, 4.0], f64::atan2);
    let (products, angles) =
        (array![[3.0, 4.0], [6.0, 8.0]], array![[f(1., 3.), f(1., 4.)], [f(2., 3.), f(2., 4.)]]);
    gives!(mul_into(&a.view().insert_axis(Axis(1)), &b, &mut out), out == products.clone());
    gives!(outer_into(&a, &b, &mut out, |x, y| x * y), out == products);
    gives!(outer_into(&a, &b, &mut out, f), out == angles);
}

#[test]
fn bounds_and_rounding() {
    let (a, min, max) = (array![-2.5, 0.5, 1.5, f64::INFINITY, f64::NEG_INFINITY], -1.0, 1.0);
    gives!(clamp_into(&a, min, max, &mut out), out == array![-1.0, 0.5, 1.0, 1.0, -1.0]);
    changes!(clamp_inplace(&mut a, min, max), a == array![-1.0, 0.5, 1.0, 1.0, -1.0]);
    let (even, zero) = (array![-2.0, 0.0, 2.0, a[3], a[4]], array![-2.0, 0.0, 1.0, a[3], a[4]]);
    gives!(map_into(&a, &mut out, f64::round_ties_even), out == even);
    gives!(map_into(&a, &mut out, f64::trunc), out == zero);
    let positive = array![false, false, false, true, false];
    gives!(map_into(&a, &mut out, |x: f64| x == f64::INFINITY), out == positive);
    let negative = array![false, false, false, false, true];
    gives!(map_into(&a, &mut out, |x: f64| x == f64::NEG_INFINITY), out == negative);
}

#[test]
fn taking_and_choosing() {
    let (a, b, axis) = (array![[1, 2, 3], [4, 5, 6]], array![[7, 8, 9], [10, 11, 12]], Axis(1));
    let indices = array![2, 0];
    gives!(take_axis_into(&a, axis, &indices, &mut out), out == array![[3, 1], [6, 4]]);
    let indices = array![[2], [0]];
    gives!(take_along_axis_into(&a, axis, &indices, &mut out), out == array![[3], [4]]);
    let values = array![[-1], [-2]];
    changes!(
        put_along_axis_inplace(&mut a, axis, &indices, &values),
        a == array![[1, 2, -1], [-2, 5, 6]]
    );
    let (indices, values, f) = (array![2, 2], array![[10, 20]], |x: i32, more: i32| x + more);
    changes!(
        at_axis_inplace(&mut a, axis, &indices, &values, f),
        a == array![[1, 2, 33], [4, 5, 36]]
    );
    let mask = array![true, false, true];
    gives!(compress_axis_into(&a, axis, &mask, &mut out), out == array![[1, 3], [4, 6]]);
    let mask = array![false, true];
    gives!(compress_axis_into(&a, Axis(0), &mask, &mut out), out == array![[4, 5, 6]]);
    let (index, cond) = (array![[0, 1, 0]], array![[true, false, true]]);
    gives!(choose_into(&index, &[&a, &b], &mut out), out == array![[1, 8, 3], [4, 11, 6]]);
    gives!(where_into(&cond, &a, &b, &mut out), out == array![[1, 8, 3], [4, 11, 6]]);
}

#[test]
fn joining_and_repeating() {
    let (a, b, axis) = (array![[1, 2]], array![[3, 4]], Axis(0));
    gives!(concatenate_axis_into(&[&a, &b], axis, &mut out), out == array![[1, 2], [3, 4]]);
    gives!(stack_axis_into(&[&a, &b], axis, &mut out), out == array![[[1, 2]], [[3, 4]]]);
    let (repeats, widths) = (2, [(0, 1), (1, 0)]);
    gives!(repeat_axis_into(&a, axis, repeats, &mut out), out == array![[1, 2], [1, 2]]);
    gives!(tile_into(&a, &mut out), out == array![[1, 2, 1, 2]]);
    gives!(pad_into(&a, &widths, Pad::Edge, &mut out), out == array![[1, 1, 2], [1, 1, 2]]);
}

#[test]
fn moving_along_axes() {
    let (a, axis, shift, shifts) = (array![[1, 2, 3], [4, 5, 6]], Axis(1), 1, [1, -1]);
    gives!(roll_axis_into(&a, axis, shift, &mut out), out == array![[3, 1, 2], [6, 4, 5]]);
    changes!(roll_axis_inplace(&mut a, axis, shift), a == array![[3, 1, 2], [6, 4, 5]]);
    gives!(roll_axes_into(&a, &shifts, &mut out), out == array![[5, 6, 4], [2, 3, 1]]);
    gives!(roll_into(&a, shift, &mut out), out == array![[6, 1, 2], [3, 4, 5]]);
    gives!(flip_axis_into(&a, axis, &mut out), out == array![[3, 2, 1], [6, 5, 4]]);
    changes!(flip_axis_inplace(&mut a, axis), a == array![[3, 2, 1], [6, 5, 4]]);
    gives!(transpose_into(&a, &mut out), out == array![[1, 4], [2, 5], [3, 6]]);
    let k = 1;
    gives!(triu_into(&a, k, &mut out), out == array![[0, 2, 3], [0, 0, 6]]);
    gives!(tril_into(&a, k, &mut out), out == array![[1, 2, 0], [4, 5, 6]]);
    gives!(diagonal_into(&a, k, &mut out), out == array![2, 6]);
    let values = array![7];
    gives!(diag_into(&values, k, &mut out), out == array![[0, 7], [0, 0]]);

    let a = array![[[1, 2, 3], [4, 5, 6]]];
    let moved = |axes| a.view().permuted_axes::<[usize; 3]>(axes).to_owned();
    gives!(permute_axes_into(&a, [2, 0, 1], &mut out), out == moved([2, 0, 1]));
    gives!(permute_axes_into(&a, [1, 2, 0], &mut out), out == moved([1, 2, 0]));
    gives!(permute_axes_into(&a, [1, 0, 2], &mut out), out == moved([1, 0, 2]));
}

#[test]
fn finding_and_counting() {
    let (values, edges) = (array![0.5, 1.0, 2.5], array![0.0, 1.0, 2.0, 3.0]);
    let sorted = edges.clone();
    gives!(histogram_into(&values, &edges, &mut counts), counts == array![1, 1, 1]);
    gives!(digitize_into(&values, &edges, Closed::Left, &mut places), places == array![1, 2, 3]);
    gives!(searchsorted_into(&sorted, &values, Side::Left, &mut places), places == array![1, 1, 3]);
    let values = array![2, 0, 2];
    gives!(bincount_into(&values, &mut counts), counts == array![1, 0, 2]);
    let weights = array![0.5, 1.0, 0.25];
    gives!(
        at_axis_inplace(&mut sums, Axis(0), &values, &weights, |sum, weight| sum + weight),
        sums == array![1.0, 0.0, 0.75]
    );
    let (places, n) = (array![1, 2, 3], 3);
    gives!(
        at_axis_inplace(&mut sums, Axis(0), &places, &weights, |sum, weight| sum + weight),
        sums == array![0.0, 0.5, 1.0, 0.25, 0.0]
    );
    assert_eq!(edges.len(), n + 1);
}

#[test]
fn random_numbers() -> Result<(), Box<dyn Error>> {
    let mut rng = SmallRng::seed_from_u64(1);
    let mut out = Array1::from_elem(2000, NAN);
    random_into(&StandardUniform, &mut out, &mut rng);
    assert!((whole::mean(&out) - 0.5).abs() < 0.05);
    random_into(&Exp1, &mut out, &mut rng);
    assert!((whole::mean(&out) - 1.0).abs() < 0.2 && whole::min(&out) >= Some(0.0));
    let shape = 3.0;
    random_into(&Gamma::new(shape, 1.0)?, &mut out, &mut rng);
    assert!((whole::mean(&out) - 3.0).abs() < 0.3);
    random_into(&StandardNormal, &mut out, &mut rng);
    assert!(whole::mean(&out).abs() < 0.2);
    let (mean, std_dev) = (5.0, 2.0);
    random_into(&Normal::new(mean, std_dev)?, &mut out, &mut rng);
    assert!((whole::std(&out, 0.0) - 2.0).abs() < 0.2);
    let (low, high) = (2.0, 4.0);
    random_into(&Uniform::new(low, high)?, &mut out, &mut rng);
    assert!((whole::mean(&out) - 3.0).abs() < 0.1);
    let rng_of = SmallRng::seed_from_u64;
    random_blocks_into(&StandardUniform, &mut out, rng_of);
    assert!((whole::mean(&out) - 0.5).abs() < 0.05);
    let mut again = out.clone();
    par::random_blocks_into(&StandardUniform, &mut again, rng_of);
    assert_eq!(again, out);
    Ok(())
}

#[test]
fn random_orders_and_choices() -> Result<(), Box<dyn Error>> {
    let (mut rng, axis, n, m) = (SmallRng::seed_from_u64(1), Axis(0), 50, 10);
    let mut a = Array1::from_iter(0..n).insert_axis(Axis(1)) + &array![[0, n]];
    let unshuffled = a.clone();
    let total = a.sum();
    let mut out = a.clone();
    shuffle_copy_into(&a, &mut out, &mut rng);
    assert!(out != a && out.rows().into_iter().all(|row| row[1] == row[0] + n));
    shuffle_axis_into(&a, axis, &mut out, &mut rng);
    assert!(out != a && out.rows().into_iter().all(|row| row[1] == row[0] + n));
    shuffle_elements_into(&a, &mut out, &mut rng);
    assert!(out.column(0).sum() != a.column(0).sum() && out.sum() == total);
    shuffle_elements_inplace(&mut a, &mut rng);
    assert!(a.column(0).sum() != unshuffled.column(0).sum() && a.sum() == total);
    a.assign(&unshuffled);
    Zip::from(a.lanes(axis))
        .and(out.lanes_mut(axis))
        .for_each(|a, mut out| shuffle_copy_into(&a, &mut out, &mut rng));
    assert_eq!(out.sum_axis(axis), a.sum_axis(axis));
    assert!(out.rows().into_iter().any(|row| row[1] != row[0] + n), "each lane by itself");

    let (mut out, mut indices) = (out.slice_move(s![..m, ..]), Array1::from_elem(m, n));
    random_into(&Uniform::new(0, n)?, &mut indices, &mut rng);
    take_axis_into(&a, axis, &indices, &mut out);
    assert_eq!(out.column(0), indices);
    let p = array![0.0, 1.0, 0.0];
    random_into(&WeightedIndex::new(&p)?, &mut indices, &mut rng);
    assert!(indices.iter().all(|&index| p[index] > 0.0));
    let mut order = Permutation::identity(n);
    order.shuffle(&mut rng);
    take_axis_into(&a, axis, &aview1(&order.as_slice()[..m]), &mut out);
    assert_eq!(out.column(0).to_vec(), order.as_slice()[..m]);

    shuffle_axis_inplace(&mut a, axis, &mut rng);
    assert!(a != unshuffled && a.sum() == total);
    Ok(())
}

#[cfg(feature = "complex")]
#[test]
fn complex_products() {
    use num_complex::Complex;

    let c = Complex::new;
    let x = array![c(0.0, 1.0), c(2.0, -1.0)];
    let a = array![[c(1.0, 2.0), c(3.0, -1.0)], [c(0.0, 0.0), c(0.0, 1.0)]];
    let numpys = array![c(2.0, -1.0), c(-2.0, -1.0)]; // np.vecmat(x, a)
    gives!(vecmat_into(&x, &a, &mut out), out == numpys);
    let numpys = array![c(3.0, -4.0), c(1.0, 2.0)]; // np.matvec(a, x)
    gives!(matvec_into(&a, &x, &mut out), out == numpys);
}
