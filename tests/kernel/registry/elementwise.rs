//! Functions of one element, or of several at the same place.

use ndarray_pool::kernel::*;

use super::*;

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = arithmetic();
    entries.extend(truth_and_bits());
    entries.extend(minmax_and_select());
    entries.extend(division_and_special());
    entries.extend(super::functions::entries());
    entries
}

fn arithmetic() -> Vec<Entry> {
    vec![
        each(call!(copy_into(a: f64) -> out: f64), |a| a),
        each(
            call!(|c| map_into(a: f64) -> out: f64 { map_into(a, out, |x| 3.0 * x + 1.0) }),
            |a| 3.0 * a + 1.0,
        ),
        each(
            call!(|c| zip_map_into(a: f64, b: f64) -> out: f64 {
                zip_map_into(a, b, out, |x, y| x - 2.0 * y);
            }),
            |(a, b)| a - 2.0 * b,
        ),
        each(
            call!(|k| zip3_map_into(a: f64, b: f64, c: f64) -> out: f64 {
                zip3_map_into(a, b, c, out, f64::mul_add);
            }),
            |(a, b, c)| a.mul_add(b, c),
        ),
        each(
            call!(|k| zip4_map_into(a: f64, b: bool, c: f64, d: f64) -> out: f64 {
                zip4_map_into(a, b, c, d, out, |a, b, c, d| if b { a - c } else { c * d });
            }),
            |(a, b, c, d)| if b { a - c } else { c * d },
        ),
        each(
            call!(|k| zip5_map_into(a: f64, b: f64, c: f64, d: f64, e: f64) -> out: f64 {
                zip5_map_into(a, b, c, d, e, out, |a, b, c, d, e| a - b + c * d - e);
            }),
            |(a, b, c, d, e)| a - b + c * d - e,
        ),
        each(
            call!(|k| zip6_map_into(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) -> out: f64 {
                zip6_map_into(a, b, c, d, e, f, out, |a, b, c, d, e, f| a * b - c * d + e - f);
            }),
            |(a, b, c, d, e, f)| a * b - c * d + e - f,
        ),
        each(
            call!(|c| map_unzip_into(a: f64) -> first: f64, second: i64 {
                map_unzip_into(a, first, second, |a: f64| (a.sin(), a as i64));
            }),
            |a| (a.sin(), a as i64),
        ),
        each(call!(add_into(a: f64, b: f64) -> out: f64), |(a, b)| a + b),
        each(call!(sub_into(a: f64, b: f64) -> out: f64), |(a, b)| a - b),
        each(call!(mul_into(a: f64, b: f64) -> out: f64), |(a, b)| a * b),
        each(call!(div_into(a: f64, b: f64) -> out: f64), |(a, b)| a / b),
        each(
            call!(|c| axpby_into(a: f64, b: f64) -> out: f64 { axpby_into(a, b, 0.1, -0.7, out) }),
            |(a, b)| 0.1 * a + -0.7 * b,
        ),
        each(
            call!(|c| add_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                add_inplace(out, b);
            }),
            |(a, b)| a + b,
        ),
        each(
            call!(|c| sub_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                sub_inplace(out, b);
            }),
            |(a, b)| a - b,
        ),
        each(
            call!(|c| mul_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                mul_inplace(out, b);
            }),
            |(a, b)| a * b,
        ),
        each(
            call!(|c| div_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                div_inplace(out, b);
            }),
            |(a, b)| a / b,
        ),
        each(
            call!(|c| map_inplace(a: f64) -> out: f64 {
                out.assign(a);
                map_inplace(out, |x| 3.0 * x + 1.0);
            }),
            |a| 3.0 * a + 1.0,
        ),
        each(
            call!(|c| zip_map_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                zip_map_inplace(out, b, |x, y| x - 2.0 * y);
            }),
            |(a, b)| a - 2.0 * b,
        ),
    ]
}

fn truth_and_bits() -> Vec<Entry> {
    vec![
        each(call!(equal_into(a: f64, b: f64) -> out: bool), |(a, b)| a == b),
        each(call!(not_equal_into(a: f64, b: f64) -> out: bool), |(a, b)| a != b),
        each(call!(less_into(a: f64, b: f64) -> out: bool), |(a, b)| a < b),
        each(call!(less_equal_into(a: f64, b: f64) -> out: bool), |(a, b)| a <= b),
        each(call!(greater_into(a: f64, b: f64) -> out: bool), |(a, b)| a > b),
        each(call!(greater_equal_into(a: f64, b: f64) -> out: bool), |(a, b)| a >= b),
        each(call!(logical_and_into(a: bool, b: bool) -> out: bool), |(a, b)| a && b),
        each(call!(logical_or_into(a: bool, b: bool) -> out: bool), |(a, b)| a || b),
        each(call!(logical_xor_into(a: bool, b: bool) -> out: bool), |(a, b)| a != b),
        each(call!(logical_not_into(a: bool) -> out: bool), |a| !a),
        each(call!(bitwise_and_into(a: i64, b: i64) -> out: i64), |(a, b)| a & b),
        each(call!(bitwise_or_into(a: i64, b: i64) -> out: i64), |(a, b)| a | b),
        each(call!(bitwise_xor_into(a: i64, b: i64) -> out: i64), |(a, b)| a ^ b),
        each(call!(invert_into(a: i64) -> out: i64), |a| -1 - a),
        each(call!(left_shift_into(a: i64, b: u32) -> out: i64), |(a, b)| {
            (i128::from(a) << b) as i64
        }),
        each(call!(right_shift_into(a: i64, b: u32) -> out: i64), |(a, b)| {
            (i128::from(a) >> b) as i64
        }),
    ]
}

fn minmax_and_select() -> Vec<Entry> {
    vec![
        each(call!(maximum_into(a: f64, b: f64) -> out: f64), |(a, b)| a.max(b)),
        each(call!(minimum_into(a: f64, b: f64) -> out: f64), |(a, b)| a.min(b)),
        each(call!(fmax_into(a: f64, b: f64) -> out: f64), |(a, b)| a.max(b)),
        each(call!(fmin_into(a: f64, b: f64) -> out: f64), |(a, b)| a.min(b)),
        each(
            call!(|c| maximum_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                maximum_inplace(out, b);
            }),
            |(a, b)| a.max(b),
        ),
        each(
            call!(|c| minimum_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                minimum_inplace(out, b);
            }),
            |(a, b)| a.min(b),
        ),
        each(call!(|c| clamp_into(a: f64) -> out: f64 { clamp_into(a, -2.0, 7.0, out) }), |a| {
            a.clamp(-2.0, 7.0)
        }),
        each(
            call!(|c| clamp_inplace(a: f64) -> out: f64 {
                out.assign(a);
                clamp_inplace(out, -2.0, 7.0);
            }),
            |a| a.clamp(-2.0, 7.0),
        ),
        each(
            call!(where_into(cond: bool, a: f64, b: f64) -> out: f64),
            |(cond, a, b)| if cond { a } else { b },
        ),
        each(
            call!(|c| lerp_into(a: f64, b: f64) -> out: f64 { lerp_into(a, b, 0.25, out) }),
            |(a, b)| a * 0.75 + b * 0.25,
        ),
        each(
            call!(|c| lerp_inplace(a: f64, b: f64) -> out: f64 {
                out.assign(a);
                lerp_inplace(out, b, 0.75);
            }),
            |(a, b)| a * 0.25 + b * 0.75,
        ),
        choose(),
    ]
}

fn choose() -> Entry {
    places(
        call!(|c| choose_into(index: usize, a: usize, b: usize, d: usize) -> out: usize {
            choose_into(index, &[a, b, d], out);
        }),
        |shape, _, _| {
            let index = numbers(shape).mapv(|n| n * 7 % 3);
            let choices = [100, 200, 300].map(|more| numbers(shape).mapv(|n| n + more));
            Some((std::iter::once(index).chain(choices).collect(), shape.to_vec()))
        },
        |_, x, i| x[1 + x[0][i]][i],
    )
    .mistaken_inputs(
        [0],
        &[3, 5],
        "`index` has shape [3, 5], which cannot be broadcast to the shape of `out`, [3, 4]",
    )
    .mistaken_inputs(
        [2],
        &[3, 5],
        "`choices[1]` has shape [3, 5], \
             which cannot be broadcast to the shape of `out`, [3, 4]",
    )
    .mistaken_index(0, &[2, 1], 3, "`choices`, 3")
}

fn division_and_special() -> Vec<Entry> {
    vec![
        each(call!(remainder_into(a: f64, b: f64) -> out: f64), |(a, b)| {
            (a - b * (a / b).floor()).copysign(b)
        }),
        each(call!(fmod_into(a: f64, b: f64) -> out: f64), |(a, b)| {
            (a - b * (a / b).trunc()).copysign(a)
        }),
        each(call!(floor_divide_into(a: f64, b: f64) -> out: f64), |(a, b)| (a / b).floor()),
        each(call!(divmod_into(a: f64, b: f64) -> quotient: f64, remainder: f64), |(a, b)| {
            ((a / b).floor(), (a - b * (a / b).floor()).copysign(b))
        }),
        each(call!(sign_into(a: f64) -> out: f64), |a| {
            f64::from(u8::from(a > 0.0)) - f64::from(u8::from(a < 0.0))
        }),
        each(call!(heaviside_into(a: f64, b: f64) -> out: f64), |(a, b)| {
            if a == 0.0 { b } else { f64::from(u8::from(a > 0.0)) }
        }),
        each(call!(power_into(a: f64, b: f64) -> out: f64), |(a, b)| a.powf(b)),
        each(call!(logaddexp_into(a: f64, b: f64) -> out: f64), |(a, b)| {
            if a == b { a + 2_f64.ln() } else { a.max(b) + (-(a - b).abs()).exp().ln_1p() }
        }),
        each(call!(logaddexp2_into(a: f64, b: f64) -> out: f64), |(a, b)| match a == b {
            true => a + 1.0,
            false => a.max(b) + (-(a - b).abs()).exp2().ln_1p() * std::f64::consts::LOG2_E,
        }),
        each(call!(modf_into(a: f64) -> fraction: f64, whole: f64), |a| {
            (a.fract().copysign(a), a.trunc())
        }),
        each(call!(frexp_into(a: f64) -> mantissa: f64, exponent: i32), naive::frexp),
    ]
}
