//! Kernels allocate nothing where they go other ways than in the registry either.

use ndarray::{Array, Axis, Ix2, IxDyn};
use ndarray_pool::kernel::*;

use crate::allocations_in;
use crate::registry::naive::SplitMix;

/// Why arrays of five dynamic axes are not counted, and a sign that the tests here can fail.
#[test]
fn five_dynamic_axes_allocate_in_ndarray_itself() {
    let five = Array::<f64, _>::zeros(IxDyn(&[1, 1, 1, 1, 1]));
    assert!(allocations_in(|| drop(std::hint::black_box(five.view()))) > 0);
}

/// Large arrays go other ways than those of the registry.
#[test]
fn nor_does_one_of_large_arrays() {
    let a = Array::<u8, _>::ones((2, 5 << 17));
    let mut out = a.clone();
    let mut rng = SplitMix(1);
    assert_eq!(allocations_in(|| shuffle_elements_into(&a, &mut out, &mut rng)), 0);
    let mut a = Array::<u8, _>::ones(3 << 19);
    assert_eq!(allocations_in(|| shuffle_elements_inplace(&mut a, &mut rng)), 0);
}

/// Nor where it writes past the cache, as all of these do unless the last cache is larger than 64 MiB.
#[test]
fn nor_does_one_whose_arrays_leave_the_cache() {
    let a = Array::<f64, _>::ones((2400, 2300));
    let (mut out, mut diff) = (a.clone(), a.clone());
    let mut turned = Array::<f64, _>::ones((2300, 2400));
    let mut rng = SplitMix(1);
    assert_eq!(allocations_in(|| copy_into(&a, &mut out)), 0);
    assert_eq!(allocations_in(|| map_into(&a, &mut out, |x| x + 1.0)), 0);
    assert_eq!(allocations_in(|| add_into(&a, &a, &mut out)), 0);
    assert_eq!(allocations_in(|| transpose_into(&a, &mut turned)), 0);
    assert_eq!(allocations_in(|| flip_axis_into(&a, Axis(0), &mut out)), 0);
    assert_eq!(allocations_in(|| roll_axis_into(&a, Axis(1), 5, &mut out)), 0);
    assert_eq!(allocations_in(|| shuffle_copy_into(&a, &mut out, &mut rng)), 0);
    assert_eq!(allocations_in(|| shuffle_diff_into(&a, &mut out, &mut diff, &mut rng)), 0);
    for axis in [0, 1] {
        let mut part = out.slice_axis_mut(Axis(axis), (1..).into());
        assert_eq!(allocations_in(|| diff_axis_into(&a, Axis(axis), 1, &mut part)), 0);
    }
}

/// Elements near both ends of the range, whose sums and squares are out of range, so that lanes are reduced again.
#[test]
fn nor_does_one_of_extreme_numbers() {
    let number = |k: usize| [1e308, 1.5e308, 1e-200, 0.0][k % 4] / (1 + k % 3) as f64;
    let a = Array::from_shape_fn(Ix2(60, 70), |(i, j)| number(i + 4 * (j / 8)));
    for axis in [Axis(0), Axis(1)] {
        let mut out = Array::zeros(a.len() / a.len_of(axis));
        let weights = Array::from_shape_fn(a.len_of(axis), number);
        let mut scratch = vec![0.0; a.len_of(axis)];
        let count = allocations_in(|| {
            mean_axis_into(&a, axis, &mut out);
            nanmean_axis_into(&a, axis, &mut out);
            assert!(out.iter().all(|mean| mean.is_finite()));
            var_axis_into(&a, axis, 1.0, &mut out);
            std_axis_into(&a, axis, 0.0, &mut out);
            nanstd_axis_into(&a, axis, 0.0, &mut out);
            norm_l2_axis_into(&a, axis, &mut out);
            average_axis_into(&a, &weights, axis, &mut out);
            assert!(out.iter().all(|average| average.is_finite()));
            median_axis_into(&a, axis, &mut out, &mut scratch);
        });
        assert_eq!(count, 0, "along {axis:?}");
    }
    let count = allocations_in(|| {
        let _ = (whole::mean(&a), whole::std(&a, 1.0), whole::norm_l2(&a), whole::average(&a, &a));
        let _ = (whole::nanmean(&a), whole::nanvar(&a, 0.0), diff_norms(&a, &a.view()));
    });
    assert_eq!(count, 0);
}
