//! Quantiles by counting against the kernel that sorts.

use ndarray::{Array1, Array2, Axis, Ix1, Ix2, array};
use ndarray_pool::blocks::{BlockError, Countable, Quantiles};
use ndarray_pool::kernel::{QuantileMethod, quantile_axis_into};
use ndarray_pool::rand::rngs::StdRng;
use ndarray_pool::rand::{RngExt, SeedableRng};

const WANTED: [f64; 6] = [0.0, 0.1, 0.5, 0.77, 0.999, 1.0];

const METHODS: [QuantileMethod; 6] = [
    QuantileMethod::Linear,
    QuantileMethod::Hazen,
    QuantileMethod::MedianUnbiased,
    QuantileMethod::AveragedInvertedCdf,
    QuantileMethod::Nearest,
    QuantileMethod::Midpoint,
];

/// Counts in blocks of seven rows; says how many passes it took.
fn check<A: Countable>(a: &Array2<A>, method: QuantileMethod, bytes: usize) -> usize {
    let columns = a.ncols();
    let mut quantiles = Quantiles::new(&WANTED, method, columns, bytes);
    let mut passes = 0;
    loop {
        a.axis_chunks_iter(Axis(0), 7).for_each(|block| quantiles.update(&block));
        passes += 1;
        if quantiles.end_pass().unwrap() {
            break;
        }
    }
    let (mut out, mut scratch) =
        (Array1::from_elem(columns, A::zero()), vec![A::zero(); a.nrows()]);
    for (which, q) in WANTED.into_iter().enumerate() {
        quantile_axis_into(a, Axis(0), q, method, &mut out, &mut scratch);
        let ours = quantiles.quantile(which);
        for (ours, kernel) in ours.iter().zip(&out) {
            let is_same = ours == kernel || ours.is_nan() && kernel.is_nan();
            let (ours, kernel) = (ours.to_f64(), kernel.to_f64());
            assert!(is_same, "{method:?} {q}: {ours:?}, but {kernel:?}");
        }
    }
    passes
}

#[test]
fn quantiles_have_the_bits_of_the_kernel() {
    let mut rng = StdRng::seed_from_u64(3);
    for (rows, all_bits) in
        [(1, &[4, 9][..]), (2, &[4]), (3, &[9]), (100, &[4, 9]), (2001, &[4, 9, 12])]
    {
        let kinds: [fn(&mut StdRng) -> f64; 5] = [
            |rng| rng.random::<f64>(),
            |rng| rng.random::<f64>() - 0.5,
            |rng| f64::from(rng.random_range(0..4_u8)),
            |rng| (rng.random::<f64>() * 1400.0 - 700.0).exp(),
            |rng| f64::from_bits(4_607_182_418_800_017_408 + rng.random_range(0..99_u64)),
        ];
        let a = Array2::from_shape_fn((rows, 5), |(_, j)| kinds[j](&mut rng));
        for method in METHODS {
            for &bits in all_bits {
                let passes = check(&a, method, (8 << bits) * 5 * WANTED.len());
                let most = 64_usize.div_ceil(bits);
                assert!(passes >= 2 && passes <= most, "{passes} of {most} passes");
                if rows <= 1 << bits {
                    assert_eq!(passes, 2, "{rows} rows, {bits} bits");
                }
                let singles = a.mapv(|x| x as f32);
                assert!(
                    check(&singles, method, (8 << bits) * 5 * WANTED.len())
                        <= 32_usize.div_ceil(bits)
                );
            }
        }
    }
}

#[test]
fn strange_numbers_are_in_their_order() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let a = array![
        [inf, 0.0, nan, -inf, 5e-324, f64::MAX],
        [1.0, -0.0, 1.0, -inf, -5e-324, f64::MAX],
        [-inf, 0.0, 2.0, 3.0, 0.0, -f64::MAX],
        [2.0, -0.0, 3.0, 4.0, 1.0, -f64::MAX],
    ];
    for method in METHODS {
        check(&a, method, 128 * 6 * WANTED.len());
        check(&a, method, 1 << 20);
    }
}

#[test]
fn no_rows_and_no_quantiles_are_answered() {
    let mut none = Quantiles::<f64, Ix2>::new(&[0.5], QuantileMethod::Linear, 2, 1 << 12);
    assert!(none.end_pass().unwrap());
    assert!(none.quantile(0).iter().all(|x| x.is_nan()));
    let mut nothing = Quantiles::<f64, Ix2>::new(&[], QuantileMethod::Linear, 2, 0);
    nothing.update(&array![[1.0, 2.0]]);
    assert!(nothing.end_pass().unwrap());
    let mut lane = Quantiles::<f32, Ix1>::new(&[0.5], QuantileMethod::Linear, (), 1 << 12);
    for _ in 0..2 {
        lane.update(&array![3.0, 1.0, 2.0]);
        lane.end_pass().unwrap();
    }
    assert_eq!(lane.quantile(0)[()], 2.0);
}

#[test]
fn another_number_of_rows_is_noticed() {
    let mut quantiles = Quantiles::<f64, Ix2>::new(&[0.5], QuantileMethod::Linear, 1, 1 << 12);
    quantiles.update(&array![[1.0], [2.0]]);
    assert!(!quantiles.end_pass().unwrap());
    quantiles.update(&array![[1.0], [2.0], [3.0]]);
    let error = quantiles.end_pass().unwrap_err();
    assert!(matches!(error, BlockError::Changed { found_rows: 3, needed_rows: 2, .. }));
    assert_eq!(error.to_string(), "this pass saw 3 rows, but the first one saw 2");
    // A pass with as many rows, but other elements; and one that was given up.
    quantiles.update(&array![[7e9], [-7e9]]);
    let error = quantiles.end_pass().unwrap_err();
    assert_eq!(error.to_string(), "this pass saw other elements than the first one");
    quantiles.update(&array![[1.0]]);
    quantiles.restart_pass();
    quantiles.update(&array![[1.0], [2.0]]);
    assert!(quantiles.end_pass().unwrap());
    assert_eq!(quantiles.quantile(0), array![1.5]);
}

#[test]
#[should_panic(expected = "a quantile is 1.5, but must lie between 0 and 1")]
fn a_quantile_is_a_share() {
    let _ = Quantiles::<f64, Ix2>::new(&[1.5], QuantileMethod::Linear, 1, 1 << 12);
}

#[test]
#[should_panic(expected = "`bytes` is 100, but must be at least 256 for 2 slots")]
fn slots_need_room() {
    let _ = Quantiles::<f64, Ix2>::new(&[0.5], QuantileMethod::Linear, 2, 100);
}
