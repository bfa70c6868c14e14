//! One function of each element: arithmetic, comparisons, logic, bounds, bits.

use ndarray::{Array2, Axis, Zip, aview0};
use ndarray_pool::kernel::*;
use num_integer::{div_floor, mod_floor};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::pair::{Bench, pair};

pub(crate) fn pairs(bench: &mut Bench<'_>) {
    let n = bench.side;
    // (The processor learns what comes next in numbers that repeat, and then favours the shorter loop.)
    let mut rng = StdRng::seed_from_u64(1);
    let mut numbers = || Array2::from_shape_simple_fn((n, n), || rng.random_range(-5.0..5.0));
    let (a, b) = (numbers(), numbers());
    arithmetic(bench, &a, &b);
    functions(bench, &a, &b);
    comparisons(bench, &a, &b);
    bits(bench, &a, &b);
}

fn arithmetic(bench: &mut Bench<'_>, a: &Array2<f64>, b: &Array2<f64>) {
    let (row, column) = (b.row(0), b.column(0).insert_axis(Axis(1)));
    pair!(bench, "copy_into", a.to_owned(), |out| copy_into(a, out));
    pair!(bench, "add_into", a + b, |out| add_into(a, b, out));
    pair!(bench, "add_into, a row", a + &row, |out| add_into(a, &row, out));
    pair!(bench, "add_into, a column", a + &column, |out| add_into(a, &column, out));
    pair!(bench, "add_into, a number", a + 1.0, |out| add_into(a, &aview0(&1.0), out));
    pair!(bench, "sub_into", a - b, |out| sub_into(a, b, out));
    pair!(bench, "mul_into", a * b, |out| mul_into(a, b, out));
    pair!(bench, "div_into", a / b, |out| div_into(a, b, out));
    pair!(bench, "diff_into", a - b, |out| diff_into(a, b, out));
    pair!(bench, "axpby_into", 2.0 * a + &(0.5 * b), |out| axpby_into(a, b, 2.0, 0.5, out));
    pair!(bench, "lerp_into", a + (b - a) * 0.25, |out| lerp_into(a, b, 0.25, out));
    pair!(bench, "fmod_into", a % b, |out| fmod_into(a, b, out));
    pair!(
        bench,
        "remainder_into",
        Zip::from(a).and(b).map_collect(|&a, &b| floored(a, b).1),
        |out| remainder_into(a, b, out)
    );
    pair!(
        bench,
        "floor_divide_into",
        Zip::from(a).and(b).map_collect(|&a, &b| floored(a, b).0),
        |out| floor_divide_into(a, b, out)
    );
    pair!(
        bench,
        "divmod_into",
        (
            Zip::from(a).and(b).map_collect(|&a, &b| floored(a, b).0),
            Zip::from(a).and(b).map_collect(|&a, &b| floored(a, b).1)
        ),
        |out| divmod_into(a, b, &mut out.0, &mut out.1)
    );
}

/// Python's quotient and remainder, signs of zeros and division by zero included.
fn floored(a: f64, b: f64) -> (f64, f64) {
    if b == 0.0 {
        return (a / b, f64::NAN);
    }
    let rest = a % b;
    let turn = rest != 0.0 && (rest < 0.0) != (b < 0.0);
    let quotient = (a - rest) / b - if turn { 1.0 } else { 0.0 };
    let rest = if turn { rest + b } else { rest };
    let rest = if rest == 0.0 { 0.0_f64.copysign(b) } else { rest };
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let whole = quotient.floor();
    (if quotient - whole > 0.5 { whole + 1.0 } else { whole }, rest)
}

fn functions(bench: &mut Bench<'_>, a: &Array2<f64>, b: &Array2<f64>) {
    pair!(bench, "map_into, sqrt", a.mapv(f64::sqrt), |out| map_into(a, out, f64::sqrt));
    pair!(bench, "map_into, floor", a.mapv(f64::floor), |out| map_into(a, out, f64::floor));
    pair!(bench, "map_into, exp", a.mapv(f64::exp), |out| map_into(a, out, f64::exp));
    pair!(bench, "map_into, sin", a.mapv(f64::sin), |out| map_into(a, out, f64::sin));
    pair!(bench, "map_into, a line", a.mapv(|x| 2.0 * x + 1.0), |out| {
        map_into(a, out, |x| 2.0 * x + 1.0);
    });
    pair!(
        bench,
        "zip_map_into, hypot",
        Zip::from(a).and(b).map_collect(|a, b| a.hypot(*b)),
        |out| zip_map_into(a, b, out, f64::hypot)
    );
    pair!(bench, "power_into", a.powf(2.5), |out| power_into(a, &aview0(&2.5), out));
    pair!(
        bench,
        "sign_into",
        a.mapv(|a| if a > 0.0 {
            1.0
        } else if a < 0.0 {
            -1.0
        } else {
            a + 0.0
        }),
        |out| sign_into(a, out)
    );
    pair!(
        bench,
        "heaviside_into",
        a.mapv(|a| match a {
            0.0 => 0.5,
            a if a.is_nan() => a,
            a => f64::from(u8::from(a > 0.0)),
        }),
        |out| heaviside_into(a, &aview0(&0.5), out)
    );
    pair!(
        bench,
        "logaddexp_into",
        Zip::from(a).and(b).map_collect(|a, b| a.max(*b) + (-(a - b).abs()).exp().ln_1p()),
        |out| logaddexp_into(a, b, out)
    );
    pair!(bench, "map_unzip_into, sin_cos", (a.sin(), a.cos()), |out| {
        map_unzip_into(a, &mut out.0, &mut out.1, f64::sin_cos);
    });
    pair!(bench, "modf_into", (a.fract(), a.trunc()), |out| {
        modf_into(a, &mut out.0, &mut out.1);
    });
}

fn comparisons(bench: &mut Bench<'_>, a: &Array2<f64>, b: &Array2<f64>) {
    let (p, q) = (a.mapv(|x| x > 0.0), b.mapv(|x| x > 1.0));
    let (p, q) = (&p, &q);
    pair!(bench, "less_into", Zip::from(a).and(b).map_collect(|a, b| a < b), |out| {
        less_into(a, b, out);
    });
    pair!(bench, "less_equal_into", Zip::from(a).and(b).map_collect(|a, b| a <= b), |out| {
        less_equal_into(a, b, out);
    });
    pair!(bench, "greater_into", Zip::from(a).and(b).map_collect(|a, b| a > b), |out| {
        greater_into(a, b, out);
    });
    pair!(bench, "greater_equal_into", Zip::from(a).and(b).map_collect(|a, b| a >= b), |out| {
        greater_equal_into(a, b, out);
    });
    pair!(bench, "equal_into", Zip::from(a).and(b).map_collect(|a, b| a == b), |out| {
        equal_into(a, b, out);
    });
    pair!(bench, "not_equal_into", Zip::from(a).and(b).map_collect(|a, b| a != b), |out| {
        not_equal_into(a, b, out);
    });
    pair!(bench, "less_into, a number", a.mapv(|a| a < 0.5), |out| {
        less_into(a, &aview0(&0.5), out);
    });
    pair!(bench, "logical_and_into", p & q, |out| logical_and_into(p, q, out));
    pair!(bench, "logical_or_into", p | q, |out| logical_or_into(p, q, out));
    pair!(bench, "logical_xor_into", p ^ q, |out| logical_xor_into(p, q, out));
    pair!(bench, "logical_not_into", !p, |out| logical_not_into(p, out));
    pair!(
        bench,
        "maximum_into",
        Zip::from(a).and(b).map_collect(|&a, &b| if a > b || a.is_nan() { a } else { b }),
        |out| maximum_into(a, b, out)
    );
    pair!(
        bench,
        "minimum_into",
        Zip::from(a).and(b).map_collect(|&a, &b| if a < b || a.is_nan() { a } else { b }),
        |out| minimum_into(a, b, out)
    );
    pair!(bench, "fmax_into", Zip::from(a).and(b).map_collect(|&a, &b| f64::max(a, b)), |out| {
        fmax_into(a, b, out);
    });
    pair!(bench, "fmin_into", Zip::from(a).and(b).map_collect(|&a, &b| f64::min(a, b)), |out| {
        fmin_into(a, b, out);
    });
    pair!(bench, "clamp_into", a.clamp(-1.0, 1.0), |out| clamp_into(a, -1.0, 1.0, out));
    pair!(
        bench,
        "where_into",
        Zip::from(p).and(a).and(b).map_collect(|&p, &a, &b| if p { a } else { b }),
        |out| where_into(p, a, b, out)
    );
}

fn bits(bench: &mut Bench<'_>, a: &Array2<f64>, b: &Array2<f64>) {
    let (i, k) = (&a.mapv(|x| (x * 1e6) as i64), &b.mapv(|x| (x * 1e3) as i64 | 1));
    let (counts, wide) = (&b.mapv(|x| x.abs() as u32), &b.mapv(|x| x.abs() as i64));
    pair!(bench, "bitwise_and_into", i & k, |out| bitwise_and_into(i, k, out));
    pair!(bench, "bitwise_or_into", i | k, |out| bitwise_or_into(i, k, out));
    pair!(bench, "bitwise_xor_into", i ^ k, |out| bitwise_xor_into(i, k, out));
    pair!(bench, "invert_into", !i, |out| invert_into(i, out));
    pair!(bench, "left_shift_into", i << wide, |out| left_shift_into(i, counts, out));
    pair!(bench, "right_shift_into", i >> wide, |out| right_shift_into(i, counts, out));
    pair!(bench, "add_into, i64", i + k, |out| add_into(i, k, out));
    pair!(bench, "div_into, i64", i / k, |out| div_into(i, k, out));
    pair!(bench, "fmod_into, i64", i % k, |out| fmod_into(i, k, out));
    pair!(
        bench,
        "floor_divide_into, i64",
        Zip::from(i).and(k).map_collect(|&i, &k| div_floor(i, k)),
        |out| floor_divide_into(i, k, out)
    );
    pair!(
        bench,
        "remainder_into, i64",
        Zip::from(i).and(k).map_collect(|&i, &k| mod_floor(i, k)),
        |out| remainder_into(i, k, out)
    );
}
