//! No step of an elementwise kernel fails where the result is representable, and the corners are NumPy's.
//!
//! References are exact: whole numbers times powers of two, or NumPy 2.4.6's own results.

use std::fmt::Debug;

use ndarray::{Array1, ArrayD, ArrayViewD, ArrayViewMutD, array, aview0};
use ndarray_pool::kernel::*;

use super::layout::Layout;
use super::mismatches::panic_of;

/// Runs a kernel of two inputs on every layout, long runs and broadcast numbers among them. All have the same bits.
fn on_every_layout<A, B>(
    a: &[A],
    b: &[B],
    kernel: impl Fn(&ArrayViewD<'_, A>, &ArrayViewD<'_, B>, &mut ArrayViewMutD<'_, A>),
) -> Vec<A>
where
    A: Copy + PartialEq + Debug,
    B: Copy + PartialEq + Debug,
{
    let shape = [2, a.len().max(70)];
    let index = |i: usize| i % shape[1] % a.len();
    let filled = |i| (0..shape[0] * shape[1]).map(move |n| index(n) + i);
    let a_all = ArrayD::from_shape_vec(&shape[..], filled(0).map(|i| a[i]).collect()).unwrap();
    let b_all = ArrayD::from_shape_vec(&shape[..], filled(0).map(|i| b[i]).collect()).unwrap();
    let layouts = Layout::distinct(2);
    let mut first: Option<Vec<A>> = None;
    for (at, layout) in layouts.iter().enumerate() {
        let other = &layouts[(at + at / 2) % layouts.len()];
        let (a_laid, b_laid) = (layout.lay_among(&a_all, a[0]), other.lay_among(&b_all, b[0]));
        let mut out = layout.lay_among(&a_all, a[0]);
        kernel(&a_laid.view(), &b_laid.view(), &mut out.view_mut());
        let result: Vec<A> = out.view_mut().iter().copied().collect();
        let expected = first.get_or_insert_with(|| result.clone());
        assert_eq!(format!("{result:?}"), format!("{expected:?}"), "{layout:?}");
    }
    let first = first.expect("there are layouts");
    for (i, b) in b.iter().enumerate().take(30) {
        let mut out = a_all.clone();
        kernel(&a_all.view(), &aview0(b).into_dyn(), &mut out.view_mut());
        assert_eq!(format!("{:?}", out[[1, i]]), format!("{:?}", first[i]), "by one number");
    }
    first[..a.len()].to_vec()
}

/// Pseudo-random numbers below a bound.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn between(&mut self, from: i32, to: i32) -> i32 {
        let width = i64::from(to) - i64::from(from);
        (i64::from(from) + self.below(width as u64) as i64) as i32
    }
}

#[test]
fn integers_divided_by_zero_are_named_before_anything_is_written() {
    fn check<A: Copy + Debug + PartialEq + TryFrom<u8> + std::ops::Div<Output = A> + 'static>() {
        let n =
            |n: u8| A::try_from(n).unwrap_or_else(|_| panic!("every integer has small numbers"));
        for (len, place) in [(1, 0), (3, 2), (100, 50), (200, 199)] {
            let (a, mut b) = (Array1::from_elem(len, n(7)), Array1::from_elem(len, n(3)));
            b[place] = n(0);
            let mut out = Array1::from_elem(len, n(9));
            let (line, panic) = (line!(), panic_of(|| div_into(&a, &b, &mut out)));
            assert_eq!(
                panic.message,
                "div_into: `b` holds a zero, by which integers cannot be divided"
            );
            assert_eq!((panic.file.as_str(), panic.line), (file!(), line));
            assert!(out.iter().all(|&x| x == n(9)), "{}", std::any::type_name::<A>());
            let backwards = b.slice(ndarray::s![..;-1]);
            panic_of(|| div_into(&a, &backwards, &mut out));
            assert!(out.iter().all(|&x| x == n(9)));
        }
        div_into(&aview0(&n(7)), &aview0(&n(0)), &mut Array1::from_vec(vec![])); // nothing is divided
        let mut out = Array1::from_elem(2, n(9));
        div_into(&array![n(7), n(0)], &array![n(2), n(5)], &mut out);
        assert_eq!(out, array![n(3), n(0)]);
    }
    (
        check::<u8>(),
        check::<u16>(),
        check::<u32>(),
        check::<u64>(),
        check::<u128>(),
        check::<usize>(),
    );
    (check::<i16>(), check::<i32>(), check::<i64>(), check::<i128>(), check::<isize>());
}

/// NumPy: `np.int8(-128) // np.int8(-1)` is −128; in debug builds as in others.
#[test]
fn the_least_integer_by_minus_one_is_itself() {
    macro_rules! check {
        ($($integer:ident),*) => {$({
            let a = [$integer::MIN, 7, -7, $integer::MIN, $integer::MIN];
            let b = [-1, -1, 2, 1, $integer::MIN];
            let quotients = on_every_layout(&a, &b, |a, b, out| div_into(a, b, out));
            assert_eq!(quotients, [$integer::MIN, -7, -3, $integer::MIN, 1]);
        })*};
    }
    check!(i8, i16, i32, i64, i128, isize);
}

#[test]
fn zero_divisors_of_floats_and_of_other_types_are_their_own() {
    let mut out = array![7.0_f32, 7.0, 7.0];
    div_into(&array![1.0, -1.0, 0.0], &aview0(&0.0), &mut out);
    assert_eq!(format!("{out:?}").split(", s").next(), Some("[inf, -inf, NaN]"));
    let wrapped = std::num::Wrapping(1_i32);
    let panic = panic_of(|| {
        div_into(&aview0(&wrapped), &aview0(&std::num::Wrapping(0)), &mut array![wrapped]);
    });
    assert!(!panic.message.starts_with("div_into"), "{}", panic.message);
}

/// a + (b − a) · t, exactly, in integers.
#[test]
fn a_lerp_overflows_only_where_its_result_does() {
    const M: f64 = f64::MAX;
    let a = [-1e308, 1e308, -M, M, 0.0, 1e-310, -1.5e308, 5e-324, M, f64::INFINITY, f64::NAN, 1.0];
    let b = [1e308, -1e308, M, -M, M, -M, -0.5e308, 5e-324, M, -1.0, 1.0, 3.0];
    let lerp = |t: f64| {
        let into = on_every_layout(&a, &b, |a, b, out| lerp_into(a, b, t, out));
        let inplace = on_every_layout(&a, &b, |a, b, out| {
            out.assign(a);
            lerp_inplace(out, b, t);
        });
        assert_eq!(format!("{into:?}"), format!("{inplace:?}"), "t = {t}");
        into
    };
    assert_eq!(lerp(0.0)[..9], a[..9]);
    assert_eq!(lerp(1.0)[..9], b[..9]);
    assert_eq!(lerp(0.25)[..5], [-5e307, 5e307, -M / 2.0, M / 2.0, M / 4.0]);
    assert_eq!(lerp(0.5)[..4], [0.0; 4]);
    assert_eq!(lerp(0.75)[..4], [5e307, -5e307, M / 2.0, -M / 2.0]);
    let third = lerp(3.0);
    assert_eq!(third[6], 1.5e308, "beyond the ends, too");
    assert_eq!((third[2], third[7], third[11]), (f64::INFINITY, 5e-324, 7.0));
    let middle = lerp(0.5);
    assert!(middle[9].is_infinite() && middle[10].is_nan(), "{middle:?}");
    let mut last = lerp(0.0);
    for step in 1..=64 {
        let next = lerp(f64::from(step) / 64.0);
        for i in 0..9 {
            assert!(if b[i] >= a[i] { next[i] >= last[i] } else { next[i] <= last[i] }, "{i}");
        }
        last = next;
    }
    let (a, b) = ([-f32::MAX, 3e38, 1.0], [f32::MAX, -3e38, 2.0]);
    let quarter = on_every_layout(&a, &b, |a, b, out| lerp_into(a, b, 0.25, out));
    assert_eq!(quarter, [-f32::MAX / 2.0, 1.5e38, 1.25]);
}

/// Around t = ½, where the formula changes, and for close, far and subnormal operands.
#[test]
fn a_lerp_never_turns_back() {
    let mut numbers = Numbers(3);
    for _ in 0..20_000 {
        let mut number = || {
            let exponent = match numbers.below(4) {
                0 => numbers.between(-1074, 1000),
                _ => numbers.between(-3, 3),
            };
            libm::ldexp(f64::from(numbers.between(-(1 << 30), 1 << 30)), exponent - 30)
                + libm::ldexp(f64::from(numbers.between(-9, 9)), exponent - 54)
        };
        let (a, b) = (number(), number());
        let half = 0.5_f64;
        let mut last = a;
        for t in [
            0.0,
            1e-300,
            0.3,
            half.next_down(),
            half,
            half.next_up(),
            0.7,
            1.0_f64.next_down(),
            1.0,
        ] {
            let mut out = [0.0];
            lerp_into(&aview0(&a), &aview0(&b), t, &mut ndarray::aview_mut1(&mut out));
            assert!(if a <= b { last <= out[0] } else { last >= out[0] }, "{a:e} {b:e} {t}");
            last = out[0];
        }
        assert_eq!(last, b);
    }
}

#[test]
fn powers_of_floats_to_whole_exponents_keep_their_digits() {
    // NumPy: np.power(np.float64(a), n).
    let a = [
        10.0,
        2.0,
        2.0,
        -2.0,
        10.0,
        1e-155,
        0.5,
        -0.0,
        f64::NAN,
        f64::INFINITY,
        1e200,
        -1e200,
        1e-200,
        7.0,
    ];
    let n = [-320, -1074, 1023, -1073, 308, -2, -1000, -3, 0, -1, -2, 3, -3, 22];
    let expected = [
        1e-320,
        5e-324,
        libm::ldexp(1.0, 1023),
        -1e-323,
        1e308,
        f64::INFINITY,
        libm::ldexp(1.0, 1000),
        f64::NEG_INFINITY,
        1.0,
        0.0,
        0.0,
        f64::NEG_INFINITY,
        f64::INFINITY,
        3_909_821_048_582_988_049.0,
    ];
    let powers = on_every_layout(&a, &n, |a, n, out| power_into(a, n, out));
    assert_eq!(powers[..2], expected[..2]);
    for (i, (power, expected)) in powers.iter().zip(expected).enumerate() {
        let close = (power - expected).abs() <= 4.0 * f64::EPSILON * expected.abs();
        assert!(*power == expected || close, "{} ^ {}: {power} {expected}", a[i], n[i]);
    }
    // An inverse power that is only just representable, and one that only just is not inverted.
    let powers = on_every_layout(&[1e-154_f64, 1e154, 1e155], &[-2, -2, -2], |a, n, out| {
        power_into(a, n, out);
    });
    for (power, expected) in powers.iter().zip([1e308, 1e-308, 1e-310]) {
        assert!((power / expected - 1.0).abs() < 1e-13, "{power:e}");
    }
    let a = [1e10_f32, 10.0, 2.0, 2.0, -3.0, 0.0, -0.0, 1.5, f32::MAX];
    let n = [-4_i32, -45, -149, 127, 5, 0, -1, 100, -1];
    let powers = on_every_layout(&a, &n, |a, n, out| power_into(a, n, out));
    let expected: [f32; 9] = [
        1e-40,
        1e-45,
        1e-45,
        1.7014118e38,
        -243.0,
        1.0,
        f32::NEG_INFINITY,
        4.0656118e17,
        2.938736e-39,
    ];
    assert_eq!(powers, expected);
}

/// All types of exponents that floats take; `powi` differs from machine to machine, this does not.
#[test]
fn whole_exponents_of_all_types_are_one() {
    macro_rules! check {
        ($($integer:ty),*) => {$(
            let n: [$integer; 4] = [0, 1, 13, 100];
            let powers = on_every_layout(&[1e10_f64, -2.5, 1.1, 1.1], &n, |a, n, out| power_into(a, n, out));
            assert_eq!(powers[..2], [1.0, -2.5]);
            assert!((powers[2] / 3.452_271_214_393_104 - 1.0).abs() < 3e-15, "{}", powers[2]);
            assert!((powers[3] / 13_780.612_339_822_38 - 1.0).abs() < 1e-15, "{}", powers[3]);
        )*};
    }
    check!(i8, u8, i16, u16, i32);
    let mut out = array![0.0];
    power_into(&array![1e10], &array![-32_i8], &mut out);
    assert!((out[0] / 1e-320 - 1.0_f64).abs() < 1e-3, "{out}");
    // A float's whole exponents and the bound of the page, (|n| / 2) ε, on powers that are whole numbers.
    for n in 1..=32_i32 {
        let mut out = array![0.0];
        power_into(&array![3.0], &array![n], &mut out);
        let exact = 3_i64.checked_pow(n as u32).expect("3^32 fits") as f64;
        assert!((out[0] - exact).abs() <= f64::from(n) / 2.0 * f64::EPSILON * exact, "3^{n}");
        power_into(&array![3.0], &array![-n], &mut out);
        let bound = (f64::from(n) / 2.0 + 1.0) * f64::EPSILON / exact;
        assert!((out[0] - 1.0 / exact).abs() <= bound, "3^-{n}");
    }
}

#[test]
fn logarithms_of_sums_at_the_ends_of_the_range() {
    const INF: f64 = f64::INFINITY;
    let a = [INF, -INF, INF, INF, -INF, 1e308, 1.7e308, -1.7e308];
    let b = [INF, -INF, -INF, f64::NAN, f64::NAN, 1e308, -1.7e308, 1.7e308];
    // NumPy: np.logaddexp(a, b), and the same of np.logaddexp2.
    let expected = "[inf, -inf, inf, NaN, NaN, 1e308, 1.7e308, 1.7e308]";
    let sums = on_every_layout(&a, &b, |a, b, out| logaddexp_into(a, b, out));
    assert_eq!(format!("{sums:?}"), expected);
    let sums = on_every_layout(&a, &b, |a, b, out| logaddexp2_into(a, b, out));
    assert_eq!(format!("{sums:?}"), expected);
}

#[cfg(feature = "complex")]
mod complex {
    use num_complex::{Complex, Complex32, Complex64};

    use super::*;

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    fn c(re: f64, im: f64) -> Complex64 {
        Complex::new(re, im)
    }

    fn quotients(a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
        on_every_layout(a, b, |a, b, out| div_into(a, b, out))
    }

    /// NaN is NaN, and zeros have their signs.
    fn assert_same(a: Complex64, b: Complex64, what: impl Debug) {
        assert_eq!(format!("{a:?}"), format!("{b:?}"), "{what:?}");
    }

    #[test]
    fn quotients_of_great_and_small_numbers() {
        let cases = [
            (c(1.0, 1.0), c(1e200, 1e200), c(1e-200, 0.0)),
            (c(1e200, 1e200), c(1e200, 1e200), c(1.0, 0.0)),
            (c(3.0, -4.0), c(1e-200, 1e-200), c(-5e199, -3.5e200)),
            (c(1.0, 1e-200), c(1e-150, 0.0), c(1e150, 1e-50)),
            (c(1e308, 1e308), c(1e308, 1e308), c(1.0, 0.0)), // NumPy: nan+0j
            (c(1e308, -1e308), c(0.0, 1e308), c(-1.0, -1.0)),
            (c(5e-324, 5e-324), c(5e-324, 5e-324), c(1.0, 0.0)), // NumPy: inf+nanj
            (c(1.0, 1.0), c(5e-324, 5e-324), c(INF, 0.0)),       // NumPy: inf+nanj
            (c(1e-310, 2e-310), c(1e-310, 0.0), c(1.0, 2.0)),
            (c(0.0, 0.0), c(1e-300, 1e300), c(0.0, 0.0)),
            (c(1e300, 1e-300), c(1e300, 0.0), c(1.0, 0.0)),
            (c(6.0, 8.0), c(3.0, 4.0), c(2.0, 0.0)),
        ];
        let (a, b): (Vec<_>, Vec<_>) = cases.iter().map(|&(a, b, _)| (a, b)).unzip();
        for (quotient, (a, b, expected)) in quotients(&a, &b).into_iter().zip(cases) {
            let bound = 4.0 * f64::EPSILON * expected.norm_sqr().sqrt();
            let close = |x: f64, y: f64| x == y || (x - y).abs() <= bound;
            let fine = close(quotient.re, expected.re) && close(quotient.im, expected.im);
            assert!(fine || quotient == expected, "{a} / {b}: {quotient}, not {expected}");
        }
    }

    /// Numbers of a few digits times powers of two, whose quotients are known to one rounding.
    #[test]
    fn quotients_of_all_sizes_are_within_their_bound() {
        let mut numbers = Numbers(1);
        let (mut a, mut b, mut expected) = (vec![], vec![], vec![]);
        for _ in 0..6000 {
            let mut part = || i64::from(numbers.between(-(1 << 20), 1 << 20));
            let (p, q, r, s) = (part(), part(), part(), part());
            let (p, q, s) = match numbers.below(8) {
                0 => (0, q, s),
                1 => (p, 0, s),
                2 => (p, q, 0),
                _ => (p, q, s),
            };
            let (j, k) = (numbers.between(-1074, 1003), numbers.between(-1074, 1003));
            let norm = r * r + s * s;
            if norm == 0 {
                continue;
            }
            let scaled = |x: i64, by: i32| libm::ldexp(x as f64, by);
            a.push(c(scaled(p, j), scaled(q, j)));
            b.push(c(scaled(r, k), scaled(s, k)));
            let exact = |x: i64| libm::ldexp(x as f64 / norm as f64, j - k);
            expected.push(c(exact(p * r + q * s), exact(q * r - p * s)));
        }
        for (i, quotient) in quotients(&a, &b).into_iter().enumerate() {
            let size = expected[i].re.abs().hypot(expected[i].im.abs());
            let bound = 3.0 * f64::EPSILON * size + 5e-324;
            let close = |x: f64, y: f64| x == y || (x - y).abs() <= bound;
            let fine = close(quotient.re, expected[i].re) && close(quotient.im, expected[i].im);
            assert!(fine, "{} / {}: {quotient}, not {}", a[i], b[i], expected[i]);
        }
    }

    /// By a real number, each part is divided for itself, however different in size they are.
    #[test]
    fn parts_do_not_spoil_each_other() {
        let parts = [1e-300_f64, 1e-200, 1e-100, 1.0, 3.0, 1e100, 1e200, 1e300, 0.0];
        let cases: Vec<_> = parts
            .iter()
            .flat_map(|&re| parts.iter().map(move |&im| (re, im)))
            .flat_map(|(re, im)| parts[..8].iter().map(move |&by| (re, im, by)))
            .filter(|&(re, im, by)| (re / by).is_finite() && (im / by).is_finite())
            .collect();
        let a: Vec<_> = cases.iter().map(|&(re, im, _)| c(re, im)).collect();
        let real: Vec<_> = cases.iter().map(|&(_, _, by)| c(by, 0.0)).collect();
        let imaginary: Vec<_> = cases.iter().map(|&(_, _, by)| c(0.0, by)).collect();
        let close =
            |x: f64, y: f64| x == y || (x - y).abs() <= 4.0 * f64::EPSILON * y.abs() + 5e-324;
        let by_real = quotients(&a, &real);
        let by_imaginary = quotients(&a, &imaginary);
        for (i, &(re, im, by)) in cases.iter().enumerate() {
            let (x, y) = (by_real[i], by_imaginary[i]);
            assert!(close(x.re, re / by) && close(x.im, im / by), "({re} + {im}i) / {by}: {x}");
            assert!(close(y.re, im / by) && close(y.im, -re / by), "({re} + {im}i) / {by}i: {y}");
        }
    }

    /// NumPy 2.4.6: `np.divide`. Where it gives NaN for what mathematics knows (an infinite number by a finite one, a finite
    /// one by an infinite one), the result is that of C's Annex G.
    #[test]
    fn quotients_of_zeros_infinities_and_nan() {
        let cases = [
            (c(1.0, 1.0), c(0.0, 0.0), c(INF, INF)),
            (c(1.0, 0.0), c(0.0, 0.0), c(INF, NAN)),
            (c(0.0, 0.0), c(0.0, 0.0), c(NAN, NAN)),
            (c(-1.0, 2.0), c(-0.0, 0.0), c(-INF, INF)),
            (c(0.0, INF), c(0.0, 0.0), c(NAN, INF)),
            (c(NAN, NAN), c(0.0, 0.0), c(NAN, NAN)),
            (c(1.0, 1.0), c(INF, 0.0), c(0.0, 0.0)),
            (c(1.0, 1.0), c(1.0, INF), c(0.0, -0.0)),
            (c(INF, 1.0), c(1.0, 1.0), c(INF, -INF)),
            (c(INF, INF), c(1.0, 1.0), c(INF, NAN)),
            (c(INF, 1.0), c(1.0, 0.0), c(INF, NAN)),
            (c(NAN, 1.0), c(1.0, 1.0), c(NAN, NAN)),
            (c(1.0, 1.0), c(NAN, 1.0), c(NAN, NAN)),
            (c(INF, INF), c(INF, INF), c(NAN, NAN)),
            (c(1.0, 1.0), c(INF, INF), c(0.0, 0.0)), // NumPy: nan+nanj
            (c(INF, NAN), c(1.0, 1.0), c(INF, -INF)), // NumPy: nan+nanj
            (c(INF, INF), c(1.0, 0.0), c(INF, INF)), // NumPy: nan+nanj
        ];
        let (a, b): (Vec<_>, Vec<_>) = cases.iter().map(|&(a, b, _)| (a, b)).unzip();
        for (quotient, (a, b, expected)) in quotients(&a, &b).into_iter().zip(cases) {
            if a.re == INF && a.im.is_nan() {
                assert!(
                    quotient.re.is_infinite() || quotient.im.is_infinite(),
                    "{a} / {b}: {quotient}"
                );
            } else {
                assert_same(quotient, expected, (a, b));
            }
        }
    }

    /// The formula of num_complex, where that neither overflows nor underflows.
    #[test]
    fn ordinary_quotients_have_the_bits_of_the_operator() {
        let a: Vec<_> = (0..300).map(|i| c(f64::from(i) - 7.3, 1.0 / f64::from(i + 1))).collect();
        let b: Vec<_> = (0..300).map(|i| c(0.1 + f64::from(i), 3.0 - f64::from(i * i))).collect();
        for (i, quotient) in quotients(&a, &b).into_iter().enumerate() {
            assert_same(quotient, a[i] / b[i], (a[i], b[i]));
        }
    }

    #[test]
    fn narrow_quotients() {
        let n = |re: f32, im: f32| Complex32::new(re, im);
        let a = [
            n(1.0, 1.0),
            n(3.0, -4.0),
            n(1e30, 1e30),
            n(1e-45, 1e-45),
            n(6.0, 8.0),
            n(1.0, -2.0),
            n(1.0, 1e-30),
        ];
        let b = [
            n(1e30, 1e30),
            n(1e-30, 1e-30),
            n(1e30, 1e30),
            n(1e-45, 1e-45),
            n(3.0, 4.0),
            n(0.0, 0.0),
            n(1e-20, 0.0),
        ];
        let quotients = on_every_layout(&a, &b, |a, b, out| div_into(a, b, out));
        let expected = [
            n(1e-30, 0.0),
            n(-5e29, -3.5e30),
            n(1.0, 0.0),
            n(1.0, 0.0),
            n(2.0, 0.0),
            n(f32::INFINITY, f32::NEG_INFINITY),
            n(1e20, 1e-10),
        ];
        for (quotient, expected) in quotients.into_iter().zip(expected) {
            let close = |x: f32, y: f32| x == y || (x - y).abs() <= 3.0 * f32::EPSILON * y.abs();
            let fine = close(quotient.re, expected.re) && close(quotient.im, expected.im);
            assert!(fine, "{quotient}, not {expected}");
        }
    }

    fn powers(a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
        on_every_layout(a, b, |a, b, out| power_into(a, b, out))
    }

    /// Gaussian integers, as long as their parts are exact in floats; real exponents and complex ones.
    #[test]
    fn whole_powers_are_exact() {
        let (mut a, mut n, mut expected) = (vec![], vec![], vec![]);
        for (re, im) in [(-1, 0), (0, 1), (1, 1), (2, -1), (-3, 2), (0, -2), (5, 0)] {
            let mut exact = (1_i64, 0_i64);
            for exponent in 0..=512_u32 {
                if exact.0.abs().max(exact.1.abs()) >= 1 << 50 {
                    break;
                }
                a.push(c(re as f64, im as f64));
                n.push(f64::from(exponent));
                expected.push(c(exact.0 as f64, exact.1 as f64));
                exact = (exact.0 * re - exact.1 * im, exact.0 * im + exact.1 * re);
            }
        }
        let complex: Vec<_> = n.iter().map(|&n| c(n, 0.0)).collect();
        assert_eq!(powers(&a, &complex), expected);
        assert_eq!(on_every_layout(&a, &n, |a, n, out| power_into(a, n, out)), expected);
        let narrow = on_every_layout(
            &[Complex32::new(0.0, 1.0), Complex32::new(-1.0, 0.0), Complex32::new(1e30, 1e30)],
            &[Complex32::new(2.0, 0.0), Complex32::new(4.0, 0.0), Complex32::new(-1.0, 0.0)],
            |a, b, out| power_into(a, b, out),
        );
        assert_eq!(
            narrow,
            [Complex32::new(-1.0, 0.0), Complex32::new(1.0, 0.0), Complex32::new(5e-31, -5e-31)]
        );
    }

    #[test]
    fn powers_of_great_and_small_numbers() {
        let cases = [
            (c(1e-80, 0.0), c(-4.0, 0.0), c(INF, 0.0)), // NumPy: inf+nanj
            (c(1e200, 1e200), c(2.0, 0.0), c(0.0, INF)), // NumPy: nan+infj
            (c(1e200, 1e200), c(-2.0, 0.0), c(0.0, 0.0)), // NumPy: nan+nanj
            (c(1e160, 0.0), c(-2.0, 0.0), c(1e-320, 0.0)),
            (c(0.0, 1e154), c(-2.0, 0.0), c(-1e-308, 0.0)),
            (c(1e-155, 1e-155), c(-2.0, 0.0), c(0.0, -INF)),
            (c(1e-100, 1e-100), c(-3.0, 0.0), c(-2.5e299, -2.5e299)),
            (c(1e-154, 1e-154), c(2.0, 0.0), c(0.0, 2e-308)),
            (c(1e-250, 0.0), c(1.0, 0.0), c(1e-250, 0.0)),
            (c(4.0, 0.0), c(-0.5, 0.0), c(0.5, 0.0)),
            (c(3.0, 4.0), c(0.5, 0.0), c(2.0, 1.0)),
            (c(0.0, 1.0), c(-3.0, 0.0), c(0.0, 1.0)),
            (c(1.7e308, 0.0), c(0.5, 0.0), c(1.3038404810405297e154, 0.0)),
            (c(1.5e308, 1.5e308), c(0.5, 0.0), c(1.345607733249115e154, 5.5736897274590134e153)),
            (c(-8.0, 0.0), c(1.0 / 3.0, 0.0), c(1.0, 1.732050807568877)), // NumPy
            (c(1e308, 1e308), c(1.0, 500.0), c(-1.1184379007005939e136, -4.011455996328046e137)), // NumPy
        ];
        let (a, b): (Vec<_>, Vec<_>) = cases.iter().map(|&(a, b, _)| (a, b)).unzip();
        for (power, (a, b, expected)) in powers(&a, &b).into_iter().zip(cases) {
            // (1 + |b ln a|) ε, times the bound of the page.
            let exponent = 1.0 + b.re.hypot(b.im) * (a.re.abs().max(a.im.abs()).ln().abs() + 4.0);
            let size = expected.re.abs().max(expected.im.abs());
            let bound = 4.0 * f64::EPSILON * exponent * size + 5e-324;
            let close = |x: f64, y: f64| x == y || (x - y).abs() <= bound;
            assert!(
                close(power.re, expected.re) && close(power.im, expected.im),
                "{a}^{b}: {power}"
            );
        }
    }

    /// NumPy 2.4.6: `np.power`.
    #[test]
    fn powers_of_zeros_infinities_and_nan() {
        let zero = c(0.0, 0.0);
        let cases = [
            (zero, zero, c(1.0, 0.0)),
            (zero, c(1.0, 0.0), zero),
            (zero, c(0.5, 0.0), zero),
            (zero, c(1.0, 1.0), zero),
            (c(-0.0, 0.0), c(3.0, 0.0), zero),
            (zero, c(INF, 0.0), zero),
            (zero, c(-1.0, 0.0), c(NAN, NAN)),
            (zero, c(0.0, 1.0), c(NAN, NAN)),
            (zero, c(-2.0, 1.0), c(NAN, NAN)),
            (zero, c(NAN, 0.0), c(NAN, NAN)),
            (c(NAN, NAN), zero, c(1.0, 0.0)),
            (c(INF, 0.0), zero, c(1.0, 0.0)),
            (c(INF, 0.0), c(2.0, 0.0), c(INF, NAN)),
            (c(INF, INF), c(1.0, 0.0), c(INF, INF)),
            (c(INF, INF), c(2.0, 0.0), c(NAN, INF)),
            (c(INF, 0.0), c(0.5, 0.0), c(INF, NAN)),
            (c(NAN, 1.0), c(2.0, 0.0), c(NAN, NAN)),
            (c(1.0, 0.0), c(NAN, 0.0), c(NAN, NAN)),
            (c(1.0, 0.0), c(INF, 0.0), c(NAN, NAN)),
            (c(2.0, 0.0), c(INF, 0.0), c(INF, NAN)),
            (c(2.0, 1.0), c(0.5, NAN), c(NAN, NAN)),
            (c(2.0, -0.0), c(2.0, 0.0), c(4.0, -0.0)),
            (c(2.0, 0.0), c(-1.0, 0.0), c(0.5, 0.0)),
        ];
        let (a, b): (Vec<_>, Vec<_>) = cases.iter().map(|&(a, b, _)| (a, b)).unzip();
        for (power, (a, b, expected)) in powers(&a, &b).into_iter().zip(cases) {
            assert_same(power, expected, (a, b));
        }
        // What mathematics knows: the inverse of infinity is zero. NumPy: nan+nanj.
        assert_eq!(powers(&[c(INF, 0.0)], &[c(-2.0, 0.0)])[0], zero);
        assert_eq!(powers(&[c(2.0, 0.0)], &[c(-INF, 0.0)])[0], zero);
    }
}
