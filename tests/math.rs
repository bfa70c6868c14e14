//! The functions of `ndarray_pool::math`: accuracy against stored results, special cases, and the same bits in kernels.
//! (`tools/accuracy` measures them over many more arguments.)

use ndarray::{Array1, Array2, ArrayView1, s};
use ndarray_pool::{kernel, math};

const RESULTS: &str = include_str!("fixtures/functions.txt");

/// A function of one argument, for both types, and how far it may be from the correctly rounded result.
macro_rules! functions {
    ($visit:ident: $($name:ident $bound:literal $into:ident $inplace:ident;)*) => {
        $($visit!($name, $bound, $into, $inplace);)*
    };
    ($visit:ident) => {
        functions! { $visit:
            exp 1 exp_into exp_inplace;
            exp2 1 exp2_into exp2_inplace;
            expm1 1 expm1_into expm1_inplace;
            log 1 log_into log_inplace;
            log2 1 log2_into log2_inplace;
            log10 1 log10_into log10_inplace;
            log1p 1 log1p_into log1p_inplace;
            cbrt 1 cbrt_into cbrt_inplace;
            sin 1 sin_into sin_inplace;
            cos 1 cos_into cos_inplace;
            tan 2 tan_into tan_inplace;
            asin 1 arcsin_into arcsin_inplace;
            acos 1 arccos_into arccos_inplace;
            atan 1 arctan_into arctan_inplace;
            sinh 1 sinh_into sinh_inplace;
            cosh 1 cosh_into cosh_inplace;
            tanh 1 tanh_into tanh_inplace;
            asinh 1 arcsinh_into arcsinh_inplace;
            acosh 1 arccosh_into arccosh_inplace;
            atanh 1 arctanh_into arctanh_inplace;
            erf 1 erf_into erf_inplace;
            erfc 1 erfc_into erfc_inplace;
            lgamma 2 lgamma_into lgamma_inplace;
            expit 1 expit_into expit_inplace;
            log_expit 1 log_expit_into log_expit_inplace;
            softplus 1 softplus_into softplus_inplace;
        }
    };
}

fn double(bits: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(bits, 16).expect("bits are hexadecimal"))
}

fn single(bits: &str) -> f32 {
    f32::from_bits(u32::from_str_radix(bits, 16).expect("bits are hexadecimal"))
}

/// How many numbers lie between two of one sign.
fn distance(a: f64, b: f64) -> u64 {
    assert_eq!(a.is_sign_negative(), b.is_sign_negative(), "{a:e} and {b:e}");
    a.to_bits().abs_diff(b.to_bits())
}

fn short_distance(a: f32, b: f32) -> u64 {
    assert_eq!(a.is_sign_negative(), b.is_sign_negative(), "{a:e} and {b:e}");
    u64::from(a.to_bits().abs_diff(b.to_bits()))
}

/// Whether a result has its bound beside zeros of a function that are no numbers.
fn is_beside_zero(name: &str, x: f64, ours: f64, right: f64) -> bool {
    name == "lgamma" && x < 0.0 && right.abs() < 1.0 && (ours - right).abs() <= f64::EPSILON
}

/// The stored arguments and results of a function.
fn stored(name: &str, kind: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let start = format!("{name} {kind} ");
    let lines: Vec<_> = RESULTS.lines().filter_map(|line| line.strip_prefix(&start)).collect();
    assert!(lines.len() > 40, "there are results of {name} for {kind}");
    lines.into_iter().map(|line| line.split(' ').collect())
}

#[test]
fn results_are_within_their_bounds_of_the_correctly_rounded_ones() {
    macro_rules! check {
        ($name:ident, $bound:literal, $into:ident, $inplace:ident) => {
            for line in stored(stringify!($name), "f64") {
                let (x, right) = (double(line[0]), double(line[1]));
                let ours = math::$name(x);
                assert!(
                    is_beside_zero(stringify!($name), x, ours, right)
                        || distance(ours, right) <= $bound,
                    "{}({x:e}) = {ours:e}, not {right:e}",
                    stringify!($name)
                );
            }
            for line in stored(stringify!($name), "f32") {
                let (x, right) = (single(line[0]), single(line[1]));
                let ours = math::$name(x);
                assert!(
                    short_distance(ours, right) <= 1,
                    "{}({x:e}) = {ours:e}, not {right:e}",
                    stringify!($name)
                );
            }
        };
    }
    functions!(check);
}

#[test]
fn results_of_two_arguments_are_within_their_bounds() {
    macro_rules! check {
        ($($name:ident $bound:literal;)*) => {$(
            for line in stored(stringify!($name), "f64") {
                let (x, y, right) = (double(line[0]), double(line[1]), double(line[2]));
                let ours = math::$name(x, y);
                assert!(distance(ours, right) <= $bound, "{}({x:e}, {y:e}) = {ours:e}, not {right:e}", stringify!($name));
            }
            for line in stored(stringify!($name), "f32") {
                let (x, y, right) = (single(line[0]), single(line[1]), single(line[2]));
                let ours = math::$name(x, y);
                assert!(short_distance(ours, right) <= 1, "{}({x:e}, {y:e}) = {ours:e}, not {right:e}", stringify!($name));
            }
        )*};
    }
    check! { pow 2; hypot 1; atan2 1; }
}

/// Arguments of both types at which a function has exactly these results (NaN: any NaN).
macro_rules! special_cases {
    ($($f:ident: $($x:expr => $y:expr),*;)*) => {
        #[test]
        fn special_cases_are_those_of_annex_f() {
            $($(
                let (x, right): (f64, f64) = ($x, $y);
                let ours = math::$f(x);
                assert!(same(ours, right), "{}({x:e}) = {ours:e}, not {right:e}", stringify!($f));
                let short = f64::from(math::$f(x as f32));
                assert!(same(short, right), "{}({x:e}_f32) = {short:e}, not {right:e}", stringify!($f));
            )*)*
        }
    };
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

special_cases! {
    exp: 0.0 => 1.0, -0.0 => 1.0, INF => INF, -INF => 0.0, NAN => NAN, 1e30 => INF, -1e30 => 0.0;
    exp2: 0.0 => 1.0, -0.0 => 1.0, INF => INF, -INF => 0.0, NAN => NAN, 10.0 => 1024.0, -3.0 => 0.125;
    expm1: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -1.0, NAN => NAN, -1e30 => -1.0;
    log: 1.0 => 0.0, 0.0 => -INF, -0.0 => -INF, INF => INF, -1.0 => NAN, -INF => NAN, NAN => NAN;
    log2: 1.0 => 0.0, 0.0 => -INF, -0.0 => -INF, INF => INF, -1.0 => NAN, -INF => NAN, NAN => NAN, 8.0 => 3.0;
    log10: 1.0 => 0.0, 0.0 => -INF, -0.0 => -INF, INF => INF, -1.0 => NAN, NAN => NAN, 1e5 => 5.0;
    log1p: 0.0 => 0.0, -0.0 => -0.0, -1.0 => -INF, -2.0 => NAN, INF => INF, -INF => NAN, NAN => NAN;
    cbrt: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -INF, NAN => NAN, -27.0 => -3.0, 8.0 => 2.0;
    sin: 0.0 => 0.0, -0.0 => -0.0, INF => NAN, -INF => NAN, NAN => NAN;
    cos: 0.0 => 1.0, -0.0 => 1.0, INF => NAN, -INF => NAN, NAN => NAN;
    tan: 0.0 => 0.0, -0.0 => -0.0, INF => NAN, -INF => NAN, NAN => NAN;
    asin: 0.0 => 0.0, -0.0 => -0.0, 2.0 => NAN, -1.5 => NAN, INF => NAN, NAN => NAN;
    acos: 1.0 => 0.0, 2.0 => NAN, -1.5 => NAN, INF => NAN, NAN => NAN;
    atan: 0.0 => 0.0, -0.0 => -0.0, NAN => NAN;
    sinh: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -INF, NAN => NAN, -1e4 => -INF;
    cosh: 0.0 => 1.0, -0.0 => 1.0, INF => INF, -INF => INF, NAN => NAN, -1e4 => INF;
    tanh: 0.0 => 0.0, -0.0 => -0.0, INF => 1.0, -INF => -1.0, NAN => NAN, 100.0 => 1.0;
    asinh: 0.0 => 0.0, -0.0 => -0.0, INF => INF, -INF => -INF, NAN => NAN;
    acosh: 1.0 => 0.0, 0.5 => NAN, -2.0 => NAN, INF => INF, -INF => NAN, NAN => NAN;
    atanh: 0.0 => 0.0, -0.0 => -0.0, 1.0 => INF, -1.0 => -INF, 2.0 => NAN, -INF => NAN, NAN => NAN;
    erf: 0.0 => 0.0, -0.0 => -0.0, INF => 1.0, -INF => -1.0, NAN => NAN;
    erfc: 0.0 => 1.0, -0.0 => 1.0, INF => 0.0, -INF => 2.0, NAN => NAN;
    lgamma: 0.0 => INF, -0.0 => INF, 1.0 => 0.0, 2.0 => 0.0, -1.0 => INF, -3e9 => INF, INF => INF, -INF => INF, NAN => NAN;
    expit: 0.0 => 0.5, INF => 1.0, -INF => 0.0, NAN => NAN;
    log_expit: INF => -0.0, -INF => -INF, NAN => NAN;
    softplus: INF => INF, -INF => 0.0, NAN => NAN;
}

#[test]
fn powers_hypotenuses_and_angles_have_the_special_cases_of_annex_f() {
    let pow = [
        (NAN, 0.0, 1.0),
        (INF, -0.0, 1.0),
        (1.0, NAN, 1.0),
        (1.0, -INF, 1.0),
        (-1.0, INF, 1.0),
        (-1.0, -INF, 1.0),
        (NAN, 1.0, NAN),
        (2.0, NAN, NAN),
        (-2.0, 0.5, NAN),
        (-2.0, 3.0, -8.0),
        (-2.0, 2.0, 4.0),
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.0, 0.0),
        (-0.0, 0.5, 0.0),
        (0.0, -1.0, INF),
        (-0.0, -1.0, -INF),
        (-0.0, -2.0, INF),
        (-0.0, -0.5, INF),
        (0.0, -INF, INF),
        (0.5, INF, 0.0),
        (0.5, -INF, INF),
        (2.0, INF, INF),
        (-2.0, -INF, 0.0),
        (INF, 2.0, INF),
        (INF, -2.0, 0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.5, INF),
        (-INF, -3.0, -0.0),
        (-INF, -2.0, 0.0),
        (10.0, 1e30, INF),
        (10.0, -1e30, 0.0),
    ];
    for (x, y, right) in pow {
        assert!(same(math::pow(x, y), right), "{x}^{y} = {}", math::pow(x, y));
        let short = f64::from(math::pow(x as f32, y as f32));
        assert!(same(short, right), "{x}_f32^{y} = {short}");
    }
    let hypot =
        [(INF, NAN, INF), (NAN, -INF, INF), (NAN, 1.0, NAN), (-0.0, 0.0, 0.0), (-3.0, 4.0, 5.0)];
    for (x, y, right) in hypot {
        assert!(same(math::hypot(x, y), right), "hypot({x}, {y}) = {}", math::hypot(x, y));
        assert!(same(f64::from(math::hypot(x as f32, y as f32)), right), "hypot({x}_f32, {y})");
    }
    for y in [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN] {
        for x in [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN] {
            let (ours, right) = (math::atan2(y, x), f64::atan2(y, x));
            assert!(same(ours, right), "atan2({y}, {x}) = {ours}, not {right}");
            let (ours, right) = (math::atan2(y as f32, x as f32), right as f32);
            assert!(same(ours.into(), right.into()), "atan2({y}_f32, {x}) = {ours}, not {right}");
        }
    }
}

/// Arguments of every size, with special ones among them.
fn arguments(len: usize) -> Array1<f64> {
    let special = [0.0, -0.0, INF, -INF, NAN, 5e-324, -1e-310, 1.0, -1.0, 1e300, -700.0, 1e6, 0.5];
    Array1::from_shape_fn(len, |i| match i % 97 {
        k @ 0..13 if i > 200 => special[k],
        _ => ((i * 7919 % 10007) as f64 / 1000.0 - 5.0) * 1.5_f64.powi(i as i32 % 9 - 4),
    })
}

#[test]
fn kernels_have_the_bits_of_the_functions_in_any_layout_and_length() {
    let a = arguments(2500);
    let short = a.mapv(|x| x as f32);
    macro_rules! check {
        ($name:ident, $bound:literal, $into:ident, $inplace:ident) => {
            for len in [0, 1, 7, 31, 32, 33, 100, 1023, 1024, 1025, 1060, 2500] {
                let a = a.slice(s![..len]);
                let right = a.mapv(math::$name);
                let mut out = Array1::zeros(len);
                kernel::$into(&a, &mut out);
                assert_same(out.view(), right.view(), stringify!($into));
                let mut changed = a.to_owned();
                kernel::$inplace(&mut changed);
                assert_same(changed.view(), right.view(), stringify!($inplace));

                let (short, right) = (short.slice(s![..len]), short.slice(s![..len]).mapv(math::$name));
                let mut out = Array1::zeros(len);
                kernel::$into(&short, &mut out);
                let (out, right) = (out.mapv(f64::from), right.mapv(f64::from));
                assert_same(out.view(), right.view(), stringify!($into));
            }
            // Lanes with steps, in either direction.
            let mut wide = Array2::from_elem((50, 100), 7.0);
            let grid = a.to_shape((50, 50)).expect("it has as many elements");
            kernel::$into(&grid.t(), &mut wide.slice_mut(s![..;-1, ..;2]));
            let (out, right) = (wide.slice(s![..;-1, ..;2]), grid.t().mapv(math::$name));
            assert_same(out.flatten().view(), right.flatten().view(), stringify!($into));
            assert!(wide.slice(s![.., 1..;2]).iter().all(|&x| x == 7.0), "gaps are left alone");
            wide.slice_mut(s![..;-1, ..;2]).assign(&grid);
            kernel::$inplace(&mut wide.slice_mut(s![..;-1, ..;2]));
            let (out, right) = (wide.slice(s![..;-1, ..;2]), grid.mapv(math::$name));
            assert_same(out.flatten().view(), right.flatten().view(), stringify!($inplace));
        };
    }
    functions!(check);
}

#[test]
fn kernels_of_two_arrays_have_the_bits_of_the_functions() {
    let (a, b) = (arguments(2500), arguments(2560).slice_move(s![60..]));
    macro_rules! check {
        ($($name:ident $into:ident;)*) => {$(
            let right = Array1::from_shape_fn(2500, |i| math::$name(a[i], b[i]));
            let mut out = Array1::zeros(2500);
            kernel::$into(&a, &b, &mut out);
            assert_same(out.view(), right.view(), stringify!($into));

            let (row, mut out) = (b.slice(s![..50]), Array2::zeros((50, 50)));
            let grid = a.to_shape((50, 50)).expect("it has as many elements");
            kernel::$into(&grid.t(), &row, &mut out);
            let right = Array2::from_shape_fn((50, 50), |(i, j)| math::$name(grid[(j, i)], row[j]));
            assert_same(out.flatten().view(), right.flatten().view(), stringify!($into));
        )*};
    }
    check! { pow float_power_into; hypot hypot_into; atan2 arctan2_into; }
}

#[track_caller]
fn assert_same(ours: ArrayView1<'_, f64>, right: ArrayView1<'_, f64>, kernel: &str) {
    for (i, (&ours, &right)) in ours.iter().zip(right).enumerate() {
        assert!(same(ours, right), "{kernel}: number {i} is {ours:e}, not {right:e}");
    }
}

#[test]
fn sine_and_cosine_together_are_those_alone() {
    for x in arguments(1000) {
        let (sine, cosine) = math::sin_cos(x);
        assert!(same(sine, math::sin(x)) && same(cosine, math::cos(x)), "of {x:e}");
    }
}

#[test]
fn small_parts_are_not_halved_before_they_are_scaled() {
    for k in 1..100 {
        let tiny = f64::from_bits(k);
        assert_eq!(math::asinh(tiny), tiny);
        assert_eq!(math::log1p(tiny), tiny);
    }
    assert!(distance(math::softplus(-707.994_227_744_183_1), 3.326_700_253_952_898e-308) <= 1);
    assert_eq!(math::softplus(-744.5), math::exp(-744.5));
}
