//! No step of an elementwise kernel fails where the result is representable, and the corners are NumPy's.
//!
//! References are exact: whole numbers times powers of two, or NumPy 2.4.6's own results.

use std::fmt::Debug;

use ndarray::{Array1, ArrayD, ArrayViewD, ArrayViewMutD, array, aview0};
use ndarray_pool::kernel::*;

use crate::panics::panic_of;
use crate::registry::layout::Layout;

/// Runs a kernel of two inputs on every layout, long runs and broadcast numbers among them. All have the same bits.
pub(super) fn on_every_layout<A, B>(
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
    let layouts = Layout::numbered(2);
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
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    pub(super) fn between(&mut self, from: i32, to: i32) -> i32 {
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
    check::<u8>();
    check::<u16>();
    check::<u32>();
    check::<u64>();
    check::<u128>();
    check::<usize>();
    check::<i16>();
    check::<i32>();
    check::<i64>();
    check::<i128>();
    check::<isize>();
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
        7_f64.powi(22),
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
        1.5_f64.powi(100) as f32,
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
