//! The kernels beside the ufuncs take whatever elements the operation makes sense for.

use ndarray::{Array1, Array2, Axis, array, aview0};
use ndarray_pool::kernel::*;

/// The same calls for one type, on numbers that all types have.
macro_rules! real_numbers {
    ($($test:ident: $type:ty),*) => {$(
        #[test]
        fn $test() {
            let x = |numbers: &[u8]| Array1::from_iter(numbers.iter().map(|&n| n as $type));
            let (a, mut out) = (x(&[1, 4, 9, 16, 25, 36, 49]), x(&[0; 7]));
            let none = 0 as $type;
            cumsum_into(&a, &mut out);
            assert_eq!(out, x(&[1, 5, 14, 30, 55, 91, 140]));
            accumulate_into(&a, &mut out, |last, x| if last > x { last } else { x });
            assert_eq!(out, a);
            let mut product = x(&[0; 3]);
            cumprod_into(&x(&[2, 3, 4]), &mut product);
            assert_eq!(product, x(&[2, 6, 24]));
            for (n, expected) in [(1, &[3, 5, 7, 9, 11, 13][..]), (2, &[2; 5]), (3, &[0; 4]), (6, &[0])] {
                let mut out = x(&vec![9; 7 - n]);
                diff_axis_into(&a, Axis(0), n, &mut out);
                assert_eq!(out, x(expected), "order {n}");
            }
            let mut sums = x(&[0; 3]);
            add_reduceat_axis_into(&a, Axis(0), &array![0, 2, 6], &mut sums);
            assert_eq!(sums, x(&[5, 86, 49]));
            reduceat_axis_into(&a, Axis(0), &array![0, 2, 6], &mut sums, |x, y| y - x);
            assert_eq!(sums[0], 3 as $type);
            let mut table = Array2::from_elem((2, 2), none);
            outer_into(&x(&[2, 3]), &x(&[5, 7]), &mut table, |x, y| x * y);
            assert_eq!(table.into_raw_vec_and_offset().0, x(&[10, 14, 15, 21]).to_vec());
            at_axis_inplace(&mut sums, Axis(0), &array![1, 1], &aview0(&(2 as $type)), |_, y| y);
            assert_eq!(sums[1], 2 as $type);
            let (mask, mut chosen) = (a.mapv(|x| x > 9 as $type), ndarray::arr0(none));
            reduce_where_axis_into(&a, Axis(0), &mask, none, &mut chosen, |sum, x| sum + x);
            assert_eq!(chosen[()], 126 as $type);
        }
    )*};
}

real_numbers!(f64_numbers: f64, f32_numbers: f32, i32_numbers: i32, i64_numbers: i64, usize_numbers: usize);

#[test]
fn quantiles_of_both_floats() {
    let (a, mut scratch) = (array![4_f32, 1.0, 3.0, 2.0], [0_f32; 4]);
    assert_eq!(whole::quantile(&a, 0.4, QuantileMethod::Hazen, &mut scratch), 2.1);
    let (a, mut scratch) = (array![4_f64, 1.0, 3.0, 2.0], [0_f64; 4]);
    assert_eq!(whole::quantile(&a, 0.4, QuantileMethod::Hazen, &mut scratch), 2.1);
}

#[cfg(feature = "complex")]
#[test]
fn complex_numbers() {
    use num_complex::Complex64 as C;
    let a = array![C::new(1.0, 1.0), C::new(0.0, 2.0), C::new(3.0, -1.0), C::new(0.0, 1.0)];
    let mut out = a.clone();
    cumsum_into(&a, &mut out);
    assert_eq!(out[3], C::new(4.0, 3.0));
    cumprod_into(&a, &mut out);
    assert_eq!(out[1], C::new(-2.0, 2.0));
    let mut differences = array![C::default(), C::default()];
    diff_axis_into(&a, Axis(0), 2, &mut differences);
    assert_eq!(differences[0], C::new(4.0, -4.0));
    add_reduceat_axis_into(&a, Axis(0), &array![0, 2], &mut differences);
    assert_eq!(differences, array![C::new(1.0, 3.0), C::new(3.0, 0.0)]);
    let mut table = Array2::from_elem((1, 4), C::default());
    outer_into(&array![C::i()], &a, &mut table, |x, y| x * y);
    assert_eq!(table[[0, 1]], C::new(-2.0, 0.0));
}

/// Copies of every size of element, from every place in a page to every other: whole arrays, rows, and shifted by one.
#[test]
fn elements_of_any_size_are_copied() {
    fn check<A: Copy + PartialEq + std::fmt::Debug + 'static>(element: impl Fn(usize) -> A) {
        for len in [1, 15, 16, 17, 127, 128, 129, 300, 2100, 5000] {
            let a = Array1::from_iter((0..len + 3).map(&element));
            for (from, to) in [(0, 0), (0, 1), (1, 0), (2, 3)] {
                let mut out = Array1::from_elem(len + 4, element(len + 9));
                let expected = out.clone();
                copy_into(
                    &a.slice(ndarray::s![from..from + len]),
                    &mut out.slice_mut(ndarray::s![to..to + len]),
                );
                for (at, &out) in out.iter().enumerate() {
                    let inside = (to..to + len).contains(&at);
                    assert_eq!(
                        out,
                        if inside { a[at - to + from] } else { expected[at] },
                        "{len} {from} {to}"
                    );
                }
            }
        }
    }
    check(|n| n as u8);
    check(|n| n as u16);
    check(|n| n as f32);
    check(|n| n as f64);
    check(|n| [n as f32; 3]);
    check(|n| [n as u64; 2]);
    check(|n| [n as f64; 5]);
    check(|_| ());
}
