//! All shuffles agree from the same seed, and so do memory orders and element types.

use ndarray::{Array1, Array2, Array3, Axis, ShapeBuilder};
use ndarray_pool::kernel::*;
use proptest::prelude::*;
use rand::distr::StandardUniform;
use rand_distr::StandardNormal;

use super::registry::{SplitMix, naive_order};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_three_ways_to_shuffle_agree(
        shape in [0_usize..9, 0..9, 0..9], axis in 0_usize..3, seed: u64, f_order: bool,
    ) {
        agree((shape[0], shape[1], shape[2]), Axis(axis), seed, f_order)?;
    }
}

/// On both sides of the length up to which the order is held on the stack.
#[test]
fn long_shuffles_agree() {
    for len in [479, 480, 481, 959, 962, 3_847, 4_095, 4_096, 4_097, 9_000, 32_643] {
        for f_order in [false, true] {
            agree((len, 2, 1), Axis(0), 3, f_order).unwrap();
            agree((1, 2, len), Axis(2), 4, f_order).unwrap();
        }
    }
}

fn agree(
    shape: (usize, usize, usize),
    axis: Axis,
    seed: u64,
    f_order: bool,
) -> Result<(), TestCaseError> {
    let numbers = 0_u32..(shape.0 * shape.1 * shape.2) as u32;
    let a = Array3::from_shape_vec(shape, numbers.collect()).unwrap();
    let mut into = Array3::zeros(shape.set_f(f_order));
    let (mut inplace, mut permuted) = (into.clone(), into.clone());

    let mut rng = SplitMix(seed);
    shuffle_axis_into(&a, axis, &mut into, &mut rng);

    let mut same = SplitMix(seed);
    copy_into(&a, &mut inplace);
    shuffle_axis_inplace(&mut inplace, axis, &mut same);
    prop_assert_eq!(&into, &inplace);
    prop_assert_eq!(rng.0, same.0, "as many numbers are drawn");

    let mut same = SplitMix(seed);
    let mut order = Permutation::identity(a.len_of(axis));
    order.shuffle(&mut same);
    reorder_axis_into(&a, axis, &order, &mut permuted);
    prop_assert_eq!(&into, &permuted);
    prop_assert_eq!(rng.0, same.0);

    if axis == Axis(0) {
        let mut rows = Array3::zeros(shape);
        shuffle_copy_into(&a, &mut rows, &mut SplitMix(seed));
        prop_assert_eq!(&into, &rows);
    }
    if a.len() == a.len_of(axis) {
        let mut elements = Array3::zeros(shape);
        shuffle_elements_into(&a, &mut elements, &mut SplitMix(seed));
        prop_assert_eq!(&into, &elements, "elements of one axis are its rows");
        copy_into(&a, &mut elements);
        shuffle_elements_inplace(&mut elements, &mut SplitMix(seed));
        prop_assert_eq!(&into, &elements);
    }
    Ok(())
}

/// On both sides of the lengths from which elements go into buckets: a seed keeps its order, and memory order does not
/// matter.
#[test]
fn large_shuffles_of_elements_keep_their_order() {
    for ((rows, columns), into, inplace) in [
        ((1, (5 << 18) - 1), 0x2a55_08bb_e50f_f584, 0x2a55_08bb_e50f_f584),
        ((2, 5 << 17), 0xd721_6836_6006_5908, 0x1a16_4e9d_1d67_e88d),
        ((3, 1 << 19), 0x2c04_ab46_cf73_9f1e, 0xb6f0_7e90_65b0_5a5c),
    ] {
        let len = rows * columns;
        let a = Array2::from_shape_vec((rows, columns), (0..len as u32).collect()).unwrap();
        let mut out = Array2::zeros((rows, columns));
        shuffle_elements_into(&a, &mut out, &mut SplitMix(1));
        assert_eq!(digest(&out), into, "{len}");
        let mut changed = a.clone();
        shuffle_elements_inplace(&mut changed, &mut SplitMix(1));
        assert_eq!(digest(&changed), inplace, "{len}, in place");
        if len == 5 << 18 {
            let mut f = Array2::zeros((rows, columns).f());
            shuffle_elements_into(&a, &mut f, &mut SplitMix(1));
            assert_eq!(f, out);
            f.assign(&a);
            shuffle_elements_into(&f, &mut out, &mut SplitMix(1));
            assert_eq!(digest(&out), into, "{len} from F order");
            shuffle_elements_inplace(&mut f, &mut SplitMix(1));
            assert_eq!(f, changed);
        }
        for result in [out, changed] {
            let mut seen = vec![false; len];
            result.iter().for_each(|&element| seen[element as usize] = true);
            assert!(!seen.contains(&false), "{len}: each element is there");
        }
    }
}

/// Two orders of the same elements are very unlikely to share it.
fn digest(elements: &Array2<u32>) -> u64 {
    elements.iter().fold(0, |digest: u64, &element| {
        (digest ^ u64::from(element)).wrapping_mul(0x0100_0000_01b3).rotate_left(7)
    })
}

#[test]
fn the_element_type_does_not_matter() {
    let order = naive_order(100, 6);
    macro_rules! shuffled {
        ($type:ty, $from:expr) => {{
            let a = Array1::from_iter((0..100_u8).map($from));
            let mut out = a.clone();
            shuffle_axis_into(&a, Axis(0), &mut out, &mut SplitMix(6));
            let expected: Array1<$type> = order.iter().map(|&i| $from(i as u8)).collect();
            assert_eq!(out, expected);
            shuffle_elements_into(&a, &mut out, &mut SplitMix(6));
            assert_eq!(out, expected);
        }};
    }
    shuffled!(u8, |i| i);
    shuffled!(bool, |i: u8| i > 41);
    shuffled!(i32, i32::from);
    shuffled!(f32, f32::from);
    shuffled!(f64, f64::from);
    shuffled!([f64; 3], |i| [f64::from(i); 3]);
    #[cfg(feature = "complex")]
    shuffled!(num_complex::Complex<f64>, |i| num_complex::Complex::new(f64::from(i), 1.0));
}

#[test]
fn random_numbers_ignore_the_memory_order() {
    let (mut c, mut f) = (Array2::<f64>::zeros((5, 7)), Array2::<f64>::zeros((5, 7).f()));
    random_into(&StandardNormal, &mut c, &mut SplitMix(9));
    random_into(&StandardNormal, &mut f, &mut SplitMix(9));
    assert_eq!(c, f);
    let mut row_by_row = Array2::<f64>::zeros((5, 7));
    let mut rng = SplitMix(9);
    for mut row in row_by_row.rows_mut() {
        random_into(&StandardNormal, &mut row, &mut rng);
    }
    assert_eq!(c, row_by_row);
    let (mut flags, mut words) = (Array1::from_elem(64, false), Array1::from_elem(64, 0_u8));
    random_into(&StandardUniform, &mut flags, &mut SplitMix(1));
    random_into(&StandardUniform, &mut words, &mut SplitMix(1));
    assert!(flags.iter().any(|&flag| flag) && words.iter().any(|&word| word > 99));
}
