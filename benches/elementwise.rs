//! Elementwise kernels beside what allocates in ndarray: `cargo bench --bench elementwise`
//!
//! Arrays are made before the clock starts; the allocating form makes its result, and drops it, in each
//! iteration.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::{Array2, Axis, Zip, aview0};
use ndarray_pool::kernel::*;

/// One group: the allocating form, which gives its result, and the kernel, which writes into an array.
macro_rules! pair {
    ($criterion:ident, $n:ident, $kernel:literal, $allocating:expr, |$out:ident| $into:expr) => {{
        let mut group = $criterion.benchmark_group(format!("elementwise/{}/{}", $kernel, $n));
        group.sample_size(10).measurement_time(Duration::from_millis(300));
        group.warm_up_time(Duration::from_millis(100));
        group.bench_function("allocating", |bencher| bencher.iter(|| black_box($allocating)));
        let mut array = $allocating;
        let $out = &mut array;
        group.bench_function("in place", |bencher| {
            bencher.iter(|| {
                $into;
                black_box($out.as_ptr());
            });
        });
        group.finish();
    }};
}

fn elementwise(c: &mut Criterion) {
    for n in [64, 1000, 2500] {
        let number = |(i, j)| ((i * 7919 + j * 104_729) % 1009) as f64 / 100.0 - 5.0;
        let a = Array2::<f64>::from_shape_fn((n, n), number);
        let b = Array2::<f64>::from_shape_fn((n, n), |(i, j)| number((j, i + 1)));
        let (p, q) = (a.mapv(|x| x > 0.0), b.mapv(|x| x > 1.0));
        let (i, k) = (a.mapv(|x| (x * 1e6) as i64), b.mapv(|x| (x * 1e3) as i64 | 1));
        let (counts, wide) = (b.mapv(|x| x.abs() as u32), b.mapv(|x| x.abs() as i64));

        pair!(c, n, "copy", a.to_owned(), |out| copy_into(&a, out));
        pair!(c, n, "add", &a + &b, |out| add_into(&a, &b, out));
        pair!(c, n, "add a row", &a + &b.row(0), |out| add_into(&a, &b.row(0), out));
        let column = b.column(0).insert_axis(Axis(1));
        pair!(c, n, "add a column", &a + &column, |out| add_into(&a, &column, out));
        pair!(c, n, "add a number", &a + 1.0, |out| add_into(&a, &aview0(&1.0), out));
        pair!(c, n, "sub", &a - &b, |out| sub_into(&a, &b, out));
        pair!(c, n, "mul", &a * &b, |out| mul_into(&a, &b, out));
        pair!(c, n, "div", &a / &b, |out| div_into(&a, &b, out));
        pair!(c, n, "axpby", 2.0 * &a + &(0.5 * &b), |out| axpby_into(&a, &b, 2.0, 0.5, out));
        pair!(c, n, "map sqrt", a.mapv(f64::sqrt), |out| map_into(&a, out, f64::sqrt));
        pair!(c, n, "map floor", a.mapv(f64::floor), |out| map_into(&a, out, f64::floor));
        pair!(c, n, "map exp", a.mapv(f64::exp), |out| map_into(&a, out, f64::exp));
        pair!(c, n, "hypot", Zip::from(&a).and(&b).map_collect(|a, b| a.hypot(*b)), |out| {
            zip_map_into(&a, &b, out, f64::hypot);
        });
        pair!(c, n, "diff", &a - &b, |out| diff_into(&a, &b, out));
        pair!(c, n, "less", Zip::from(&a).and(&b).map_collect(|a, b| a < b), |out| {
            less_into(&a, &b, out);
        });
        pair!(c, n, "equal", Zip::from(&a).and(&b).map_collect(|a, b| a == b), |out| {
            equal_into(&a, &b, out);
        });
        pair!(c, n, "not_equal", Zip::from(&a).and(&b).map_collect(|a, b| a != b), |out| {
            not_equal_into(&a, &b, out);
        });
        pair!(c, n, "less_equal", Zip::from(&a).and(&b).map_collect(|a, b| a <= b), |out| {
            less_equal_into(&a, &b, out);
        });
        pair!(c, n, "greater", Zip::from(&a).and(&b).map_collect(|a, b| a > b), |out| {
            greater_into(&a, &b, out);
        });
        pair!(c, n, "greater_equal", Zip::from(&a).and(&b).map_collect(|a, b| a >= b), |out| {
            greater_equal_into(&a, &b, out);
        });
        pair!(c, n, "less than a number", a.mapv(|a| a < 0.5), |out| {
            less_into(&a, &aview0(&0.5), out);
        });
        pair!(c, n, "logical_and", &p & &q, |out| logical_and_into(&p, &q, out));
        pair!(c, n, "logical_or", &p | &q, |out| logical_or_into(&p, &q, out));
        pair!(c, n, "logical_xor", &p ^ &q, |out| logical_xor_into(&p, &q, out));
        pair!(c, n, "logical_not", !&p, |out| logical_not_into(&p, out));
        pair!(c, n, "bitwise_and", &i & &k, |out| bitwise_and_into(&i, &k, out));
        pair!(c, n, "bitwise_or", &i | &k, |out| bitwise_or_into(&i, &k, out));
        pair!(c, n, "bitwise_xor", &i ^ &k, |out| bitwise_xor_into(&i, &k, out));
        pair!(c, n, "invert", !&i, |out| invert_into(&i, out));
        pair!(c, n, "left_shift", &i << &wide, |out| left_shift_into(&i, &counts, out));
        pair!(c, n, "right_shift", &i >> &wide, |out| right_shift_into(&i, &counts, out));
        pair!(c, n, "maximum", Zip::from(&a).and(&b).map_collect(|&a, &b| f64::max(a, b)), |out| {
            maximum_into(&a, &b, out);
        });
        pair!(c, n, "minimum", Zip::from(&a).and(&b).map_collect(|&a, &b| f64::min(a, b)), |out| {
            minimum_into(&a, &b, out);
        });
        pair!(c, n, "fmin", Zip::from(&a).and(&b).map_collect(|&a, &b| f64::min(a, b)), |out| {
            fmin_into(&a, &b, out);
        });
        pair!(c, n, "fmax", Zip::from(&a).and(&b).map_collect(|&a, &b| f64::max(a, b)), |out| {
            fmax_into(&a, &b, out);
        });
        pair!(c, n, "clamp", a.clamp(-1.0, 1.0), |out| clamp_into(&a, -1.0, 1.0, out));
        pair!(
            c,
            n,
            "where",
            Zip::from(&p).and(&a).and(&b).map_collect(|&p, &a, &b| if p { a } else { b }),
            |out| where_into(&p, &a, &b, out)
        );
        pair!(c, n, "lerp", &a + (&b - &a) * 0.25, |out| lerp_into(&a, &b, 0.25, out));
        pair!(c, n, "fmod", &a % &b, |out| fmod_into(&a, &b, out));
        pair!(c, n, "fmod of integers", &i % &k, |out| fmod_into(&i, &k, out));
        pair!(
            c,
            n,
            "floor_divide",
            Zip::from(&a).and(&b).map_collect(|a, b| a.div_euclid(*b)),
            |out| { floor_divide_into(&a, &b, out) }
        );
        let remainder = || Zip::from(&a).and(&b).map_collect(|a, b| a.rem_euclid(*b));
        pair!(c, n, "remainder", remainder(), |out| remainder_into(&a, &b, out));
        let mut rest = a.clone();
        pair!(c, n, "div_rem", (&a / &b, &a % &b).0, |out| div_rem_into(&a, &b, out, &mut rest));
        pair!(c, n, "power", a.powf(2.5), |out| power_into(&a, &aview0(&2.5), out));
        pair!(c, n, "sign", a.signum(), |out| sign_into(&a, out));
        let step = |x: f64| if x == 0.0 { 0.5 } else { f64::from(u8::from(x > 0.0)) };
        pair!(c, n, "heaviside", a.mapv(step), |out| heaviside_into(&a, &aview0(&0.5), out));
        let sum = |a: &f64, b: &f64| a.max(*b) + (-(a - b).abs()).exp().ln_1p();
        pair!(c, n, "logaddexp", Zip::from(&a).and(&b).map_collect(sum), |out| {
            logaddexp_into(&a, &b, out);
        });
        let mut cosine = a.clone();
        pair!(c, n, "sin_cos", (a.sin(), a.cos()).0, |out| {
            map_unzip_into(&a, out, &mut cosine, f64::sin_cos);
        });
        let mut whole = a.clone();
        pair!(c, n, "modf", (a.fract(), a.trunc()).0, |out| modf_into(&a, out, &mut whole));
    }
}

criterion_group!(benches, elementwise);
criterion_main!(benches);
