//! Broadcasting, element types and the corners of the elementwise kernels.

use ndarray::{Array1, Array2, Array3, ArrayD, Axis, IxDyn, ShapeBuilder, Slice, arr0, array};
use ndarray_pool::kernel::*;
use proptest::prelude::*;

use super::layout::Layout;

#[test]
fn inputs_of_fewer_axes_broadcast() {
    let (plane, row, one) = (array![[1, 2, 3], [4, 5, 6]], array![10, 20, 30], arr0(100));
    let column = array![[1000], [2000]];
    let mut out = Array2::zeros((2, 3));
    add_into(&row, &plane, &mut out);
    assert_eq!(out, array![[11, 22, 33], [14, 25, 36]]);
    add_into(&column, &one, &mut out);
    assert_eq!(out, array![[1100, 1100, 1100], [2100, 2100, 2100]]);
    add_into(&one, &column, &mut out);
    assert_eq!(out, array![[1100, 1100, 1100], [2100, 2100, 2100]]);
    sub_into(&column, &row, &mut out);
    assert_eq!(out, array![[990, 980, 970], [1990, 1980, 1970]]);
    sub_into(&row, &column, &mut out);
    assert_eq!(out, array![[-990, -980, -970], [-1990, -1980, -1970]]);
    copy_into(&row, &mut out);
    assert_eq!(out, array![[10, 20, 30], [10, 20, 30]]);

    let mut cube = Array3::zeros((2, 2, 3));
    mul_into(&plane, &arr0(2), &mut cube);
    assert_eq!(cube, array![[[2, 4, 6], [8, 10, 12]], [[2, 4, 6], [8, 10, 12]]]);

    let mut empty = Array2::<i32>::zeros((0, 3));
    add_into(&row, &one, &mut empty);
    add_into(&Array2::zeros((1, 3)), &one, &mut empty);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Each input has a suffix of the axes of `out`, and one element along some of them.
    #[test]
    fn broadcasting_agrees_with_ndarray(
        shape in proptest::collection::vec(0_usize..5, 0..=4),
        skipped in [0_usize..5, 0..5],
        single in [0_u32..16, 0..16],
        layout in 0_usize..8,
    ) {
        let inputs = [0, 1].map(|k| {
            let kept = &shape[skipped[k].min(shape.len())..];
            let lens: Vec<usize> = kept
                .iter()
                .enumerate()
                .map(|(axis, &len)| if single[k] >> axis & 1 == 1 { 1 } else { len })
                .collect();
            let len = lens.iter().product::<usize>();
            ArrayD::from_shape_vec(lens, (0..len).map(|i| (i * i + k) as f64).collect()).unwrap()
        });
        let mut out = Layout::distinct(shape.len())[layout].lay(&ArrayD::zeros(&shape[..]));
        sub_into(&inputs[0], &inputs[1], &mut out.view_mut());
        let a = inputs[0].broadcast(&shape[..]).unwrap();
        let b = inputs[1].broadcast(&shape[..]).unwrap();
        prop_assert_eq!(&out.view(), &(&a - &b));
        prop_assert!(out.gaps_are_untouched());
    }
}

#[test]
fn closures_may_change_the_type() {
    let a = array![[1.5, -2.5], [f64::NAN, 0.0]];
    let mut signs = Array2::from_elem((2, 2).f(), false);
    map_into(&a, &mut signs, |x: f64| x.is_sign_negative());
    assert_eq!(signs, array![[false, true], [false, false]]);
    let mut larger = Array2::from_elem((2, 2), 0_u8);
    zip_map_into(&a, &signs.t(), &mut larger, |x, negative| u8::from(x > 0.0) + u8::from(negative));
    assert_eq!(larger, array![[1, 0], [1, 0]]);
}

/// A counting closure sees each element of `out` once, even where an input is broadcast.
#[test]
fn closures_run_once_an_element() {
    for shape in [(3, 4).set_f(false), (3, 4).set_f(true)] {
        let mut out = Array2::<u32>::zeros(shape);
        let mut calls = 0;
        let mut count = || {
            calls += 1;
            calls
        };
        map_into(&arr0(0), &mut out, |_: u32| count());
        zip_map_into(&arr0(0), &arr0(0), &mut out, |_: u32, _: u32| count());
        zip_map_into(&arr0(0), &array![0, 0, 0, 0], &mut out, |_: u32, _: u32| count());
        assert_eq!(calls, 36);
        let mut values: Vec<_> = out.into_iter().collect();
        values.sort();
        assert_eq!(values, (25..=36).collect::<Vec<_>>());
    }
}

#[test]
fn element_types() {
    fn four<A>(a: [A; 2], b: [A; 2]) -> [Vec<A>; 4]
    where
        A: Copy + std::ops::Add<Output = A> + std::ops::Sub<Output = A> + 'static,
        A: std::ops::Mul<Output = A> + std::ops::Div<Output = A>,
    {
        let (a, b) = (Array1::from(a.to_vec()), Array1::from(b.to_vec()));
        let mut outs = [a.clone(), a.clone(), a.clone(), a.clone()];
        add_into(&a, &b, &mut outs[0]);
        sub_into(&a, &b, &mut outs[1]);
        mul_into(&a, &b, &mut outs[2]);
        div_into(&a, &b, &mut outs[3]);
        outs.map(|out| out.to_vec())
    }
    assert_eq!(four([7_i32, -9], [2, 4]), [vec![9, -5], vec![5, -13], vec![14, -36], vec![3, -2]]);
    assert_eq!(four([7_u8, 9], [2, 4]), [vec![9, 13], vec![5, 5], vec![14, 36], vec![3, 2]]);
    assert_eq!(
        four([1.5_f32, 1.0], [0.5, 4.0]),
        [vec![2.0, 5.0], vec![1.0, -3.0], vec![0.75, 4.0], vec![3.0, 0.25]]
    );
    let (mut out, mut chars) = (array![true, true], array!['a', 'b']);
    copy_into(&arr0(false), &mut out);
    copy_into(&arr0('z'), &mut chars);
    assert_eq!((out, chars), (array![false, false], array!['z', 'z']));
}

#[cfg(feature = "complex")]
#[test]
fn complex_elements() {
    use num_complex::Complex;

    let (a, b) = (array![Complex::new(1.0, 2.0)], array![Complex::new(3.0, -1.0)]);
    let mut out = a.clone();
    axpby_into(&a, &b, Complex::i(), Complex::new(2.0, 0.0), &mut out);
    assert_eq!(out[0], Complex::new(4.0, -1.0));
    mul_into(&a, &b, &mut out);
    assert_eq!(out[0], Complex::new(5.0, 5.0));
    diff_into(&a, &b, &mut out);
    assert_eq!(out[0], Complex::new(-2.0, 3.0));
}

/// A fused multiply-add would give the tiny remainder of the product.
#[test]
fn nothing_is_fused() {
    let x = 1.0 + f64::EPSILON;
    let mut out = Array1::from_elem(64, 0.0);
    axpby_into(&Array1::from_elem(64, x), &Array1::from_elem(64, x * x), x, -1.0, &mut out);
    assert_eq!(out, Array1::from_elem(64, 0.0));
}

#[test]
fn nan_and_signed_zero_pass_through() {
    let odd = f64::from_bits(0x7ff8_0000_dead_beef);
    let mut out = array![0.0, 0.0, 0.0];
    copy_into(&array![odd, -0.0, f64::INFINITY], &mut out);
    assert_eq!(out.mapv(f64::to_bits), array![odd, -0.0, f64::INFINITY].mapv(f64::to_bits));
    axpby_into(&array![f64::NAN, f64::INFINITY, 1.0], &arr0(1.0), 0.0, 1.0, &mut out);
    assert!(out[0].is_nan() && out[1].is_nan(), "a factor of zero does not hide them");
    div_into(&array![1.0, -1.0, 0.0], &arr0(0.0), &mut out);
    assert_eq!((out[0], out[1], out[2].is_nan()), (f64::INFINITY, f64::NEG_INFINITY, true));
}

/// Views with any number of empty lanes or rows take no time.
#[test]
fn billions_of_empty_lanes_are_skipped() {
    let shape = IxDyn(&[1 << 40, 0]);
    let (a, b) = (ArrayD::<f64>::zeros(shape.clone()), ArrayD::<f64>::zeros(shape.clone()));
    let mut wide = ArrayD::<f64>::zeros(shape);
    let mut out = wide.slice_axis_mut(Axis(0), Slice::new(0, None, -3));
    let cut = |a: &ArrayD<f64>| a.slice_axis(Axis(0), Slice::new(0, None, 3)).into_owned();
    let (a, b) = (cut(&a), cut(&b));
    copy_into(&a, &mut out);
    map_into(&a, &mut out, |x| x);
    add_into(&a, &b, &mut out);
    assert_eq!(diff_norms_into(&a, &b, &mut out).l1, 0.0);
}
