//! Quotients and powers of complex numbers: none fails where it is representable, and the corners are NumPy's.

use std::fmt::Debug;

use ndarray_pool::kernel::*;
use num_complex::{Complex, Complex32, Complex64};

use super::elementwise::{Numbers, on_every_layout};

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
    let close = |x: f64, y: f64| x == y || (x - y).abs() <= 4.0 * f64::EPSILON * y.abs() + 5e-324;
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
        assert!(close(power.re, expected.re) && close(power.im, expected.im), "{a}^{b}: {power}");
    }
    // The distance of a subnormal number from zero is not rounded to a subnormal number on the way.
    let (least, root_of_least) = (f64::from_bits(1), 2_f64.powi(-537));
    let [small, ordinary] =
        [powers(&[c(4.0 * least, least)], &[c(0.5, 0.0)]), powers(&[c(4.0, 1.0)], &[c(0.5, 0.0)])];
    assert!((small[0] / root_of_least - ordinary[0]).norm() < 1e-12, "{}", small[0]);
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
