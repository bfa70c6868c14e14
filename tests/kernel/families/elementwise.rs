//! Broadcasting, element types and the corners of functions of elements.

use ndarray::{
    Array1, Array2, Array3, ArrayD, Axis, IxDyn, ShapeBuilder, Slice, arr0, array, aview0,
};
use ndarray_pool::kernel::*;
use proptest::prelude::*;

use crate::panics::panic_of;
use crate::registry::layout::Layout;

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
        let mut out = Layout::numbered(shape.len())[layout].lay(&ArrayD::zeros(&shape[..]));
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

/// `out` does not broadcast: an input of more axes or longer ones is a mistake, even if it could be cut.
#[test]
fn out_is_never_broadcast() {
    let (a, b, mut out) = (array![[1, 2], [3, 4]], array![1, 2], array![0, 0]);
    let panic = panic_of(|| add_into(&a, &b, &mut out));
    assert_eq!(
        panic.message,
        "add_into: `a` has shape [2, 2], which cannot be broadcast to the shape of `out`, [2]"
    );
    let (a, b, mut out) = (array![1, 2, 3], array![1], array![0]);
    let panic = panic_of(|| add_into(&b, &a, &mut out));
    assert_eq!(
        panic.message,
        "add_into: `b` has shape [3], which cannot be broadcast to the shape of `out`, [1]"
    );
    assert_eq!(out, array![0]);
}

#[test]
fn anything_that_compares_has_bounds() {
    let (mut out, mut chars) = (array![0_u8, 0, 0], array!['a', 'b', 'c']);
    maximum_into(&array![1, 5, 9], &aview0(&5), &mut out);
    assert_eq!(out, array![5, 5, 9]);
    clamp_into(&array!['x', 'b', 'a'], 'b', 'd', &mut chars);
    assert_eq!(chars, array!['d', 'b', 'b']);
    let mut later = array![false, false];
    less_into(&array!['a', 'z'], &array!['b', 'c'], &mut later);
    assert_eq!(later, array![true, false]);
}

#[test]
fn nan_is_handed_on_or_not() {
    const NAN: f64 = f64::NAN;
    let (a, b) = (array![NAN, 1.0, NAN, 2.0], array![1.0, NAN, NAN, 1.0]);
    let mut out = Array1::zeros(4);
    maximum_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[NaN, NaN, NaN, 2]");
    minimum_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[NaN, NaN, NaN, 1]");
    fmax_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[1, 1, NaN, 2]");
    fmin_into(&a, &b, &mut out);
    assert_eq!(format!("{out}"), "[1, 1, NaN, 1]");
    clamp_into(&a, 1.5, NAN, &mut out);
    assert!(out.iter().all(|x| x.is_nan()));
    clamp_into(&a, 0.0, 1.5, &mut out);
    assert_eq!(format!("{out}"), "[NaN, 1, NaN, 1.5]");
}

#[test]
fn equal_zeros_are_told_apart_by_their_place() {
    let signs = |out: &Array1<f64>| out.mapv(f64::is_sign_negative).to_vec();
    let (a, b) = (array![0.0, -0.0], array![-0.0, 0.0]);
    let mut out = array![1.0, 1.0];
    for kernel in [maximum_into, minimum_into, fmax_into, fmin_into] {
        kernel(&a, &b, &mut out);
        assert_eq!(signs(&out), [true, false], "those of `b`");
    }
    clamp_into(&a, 0.0, 0.0, &mut out);
    assert_eq!(signs(&out), [false, true], "an element that equals its bounds is kept");
}

/// Python's rules: a = b · quotient + remainder, and the remainder has the sign of the divisor.
#[test]
fn integers_are_divided_as_python_does() {
    fn wide<A: TryInto<i128>>(n: A) -> i128 {
        n.try_into().unwrap_or_else(|_| panic!("it fits"))
    }
    fn check<A: FloorDiv + TryInto<i128> + TryFrom<i128>>(range: std::ops::RangeInclusive<i128>) {
        let all = || range.clone().filter_map(|n| A::try_from(n).ok());
        let a = Array1::from_iter(all()).insert_axis(ndarray::Axis(1));
        let b = Array1::from_iter(all().filter(|&b| wide(b) != 0));
        let mut quotient = Array2::from_elem((a.len(), b.len()), b[0]);
        let (mut remainder, mut one, mut trunc) =
            (quotient.clone(), quotient.clone(), quotient.clone());
        divmod_into(&a, &b, &mut quotient, &mut remainder);
        floor_divide_into(&a, &b, &mut one);
        assert!(one.iter().zip(&quotient).all(|(&x, &y)| wide(x) == wide(y)));
        remainder_into(&a, &b, &mut one);
        assert!(one.iter().zip(&remainder).all(|(&x, &y)| wide(x) == wide(y)));
        fmod_into(&a, &b, &mut trunc);
        for ((i, j), &q) in quotient.indexed_iter() {
            let (a, b, q) = (wide(a[[i, 0]]), wide(b[j]), wide(q));
            let r = wide(remainder[[i, j]]);
            assert_eq!(wide(trunc[[i, j]]), a % b, "{a} and {b}");
            assert!(r == 0 || (r < 0) == (b < 0) && r.abs() < b.abs(), "{a} and {b}: {r}");
            if q == a && b == -1 {
                continue; // the least integer by −1 stays itself
            }
            assert_eq!(b * q + r, a, "{a} and {b}");
        }
    }
    check::<i8>(-128..=127);
    check::<u8>(0..=255);
    check::<i32>(-9..=9);
    check::<u64>(0..=9);
    check::<i64>(i128::from(i64::MIN)..=i128::from(i64::MIN) + 3);
    check::<i128>(-9..=9);
}

/// Integers cannot be divided by zero, and nothing is written before that is known.
#[test]
fn a_zero_divisor_is_named() {
    type Division = fn(&Array1<i32>, &Array1<i32>, &mut Array1<i32>);
    let kernels: [(&str, Division); 3] = [
        ("remainder_into", |a, b, out| remainder_into(a, b, out)),
        ("fmod_into", |a, b, out| fmod_into(a, b, out)),
        ("floor_divide_into", |a, b, out| floor_divide_into(a, b, out)),
    ];
    let (a, b) = (array![5, 6, 7], array![1, 2, 0]);
    for (name, kernel) in kernels {
        let mut out = array![9, 9, 9];
        let panic = panic_of(|| kernel(&a, &b, &mut out));
        let message = format!("{name}: `b` holds a zero, by which integers cannot be divided");
        assert_eq!(panic.message, message);
        assert!(panic.file == file!(), "{name} blames {}", panic.file);
        assert_eq!(out, array![9, 9, 9], "{name} wrote before it looked");
        kernel(&array![5], &array![0], &mut Array1::zeros(0)); // nothing is divided
    }
    let (mut quotient, mut remainder) = (array![9, 9, 9], array![9, 9, 9]);
    let panic = panic_of(|| divmod_into(&a, &b, &mut quotient, &mut remainder));
    assert!(panic.message.starts_with("divmod_into: `b` holds a zero"), "{}", panic.message);
    assert_eq!((quotient, remainder), (array![9, 9, 9], array![9, 9, 9]));
}

#[test]
fn floats_divided_by_zero_are_no_panic() {
    let mut out = array![0.0, 0.0];
    floor_divide_into(&array![1.0, -1.0], &aview0(&0.0), &mut out);
    assert_eq!(out, array![f64::INFINITY, f64::NEG_INFINITY]);
}

#[test]
fn exponents_choose_the_function() {
    let mut out = array![0.0_f32, 0.0];
    power_into(&array![2.0, 3.0], &array![-1_i32, 2], &mut out);
    assert_eq!(out, array![0.5, 9.0]);
    let mut out = array![0_u8, 0];
    power_into(&array![2, 3], &array![7_u32, 5], &mut out);
    assert_eq!(out, array![128, 243]);
}

#[test]
fn wide_shifts_leave_the_sign() {
    let (a, counts) = (array![-1_i8, 64, 127], array![7_u32, 8, u32::MAX]);
    let mut out = array![0, 0, 0];
    left_shift_into(&a, &counts, &mut out);
    assert_eq!(out, array![-128, 0, 0]);
    right_shift_into(&a, &aview0(&100), &mut out);
    assert_eq!(out, array![-1, 0, 0]);
}

#[test]
fn numbers_taken_apart_go_together_again() {
    let numbers = [1.0, -0.1, 5e-324, -2.2e-308, f64::MAX, 0.0, -0.0, 3.5e-310, 1e300];
    let a = Array1::from(numbers.to_vec());
    let (mut mantissa, mut exponent) = (a.clone(), Array1::zeros(9));
    frexp_into(&a, &mut mantissa, &mut exponent);
    let mut out = Array1::zeros(9);
    zip_map_into(&mantissa, &exponent, &mut out, libm::ldexp);
    assert_eq!(out.mapv(f64::to_bits), a.mapv(f64::to_bits));
    assert!(mantissa.iter().all(|m| *m == 0.0 || (0.5..1.0).contains(&m.abs())), "{mantissa}");

    let (mut fraction, mut whole) = (a.clone(), a.clone());
    modf_into(&a, &mut fraction, &mut whole);
    add_into(&fraction, &whole, &mut out);
    assert_eq!(out.mapv(f64::to_bits), a.mapv(f64::to_bits));
}

#[test]
fn a_mask_and_numbers_broadcast() {
    let mut out = Array2::zeros((2, 3));
    where_into(&array![[true], [false]], &array![1, 2, 3], &aview0(&-1), &mut out);
    assert_eq!(out, array![[1, 2, 3], [-1, -1, -1]]);
    where_into(&aview0(&false), &aview0(&0), &array![[7], [8]], &mut out);
    assert_eq!(out, array![[7, 7, 7], [8, 8, 8]]);
}

/// Of many counts one that leaves nothing is enough for the slower way; both give the same.
#[test]
fn shifts_by_the_width_leave_nothing_among_others() {
    let a = Array1::from_elem(100, -5_i64);
    for place in [0, 50, 99] {
        for count in [63, 64, 65, 128, u32::MAX] {
            let mut counts = Array1::from_elem(100, 2);
            counts[place] = count;
            let (mut left, mut right) = (Array1::zeros(100), Array1::zeros(100));
            left_shift_into(&a, &counts, &mut left);
            right_shift_into(&a, &counts, &mut right);
            for i in 0..100 {
                let beside = if i == place { count } else { 2 };
                assert_eq!(left[i], (-5_i64).checked_shl(beside).unwrap_or(0));
                assert_eq!(right[i], (-5_i64).checked_shr(beside).unwrap_or(-1));
            }
        }
    }
}

/// The least integer has the bits of −0 as a float; it divides as any number does.
#[test]
fn the_least_integer_divides() {
    let (a, mut out) = (array![i64::MIN, 7, -7], Array1::zeros(3));
    floor_divide_into(&a, &aview0(&i64::MIN), &mut out);
    assert_eq!(out, array![1, -1, 0]);
    let b = array![i64::MIN, 0, 1];
    let message = panic_of(|| fmod_into(&a, &b, &mut out)).message;
    assert!(message.contains("`b`"), "{message}");
    assert_eq!(out, array![1, -1, 0]);
}

#[cfg(feature = "complex")]
#[test]
fn complex_elements_are_compared_and_chosen() {
    use num_complex::Complex;

    let (a, b) = (array![Complex::new(1.0_f64, 2.0)], array![Complex::new(0.0, -1.0)]);
    let (mut out, mut equal) = (a.clone(), array![true]);
    where_into(&array![false], &a, &b, &mut out);
    assert_eq!(out, b);
    equal_into(&a, &b, &mut equal);
    assert_eq!(equal, array![false]);
}
