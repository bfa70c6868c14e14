//! What a mathematical function costs on each way to it: a kernel, `map_into`, `fused!`, a loop of one's own, beside
//! std's function. Nanoseconds an element of 64² numbers, medians of alternating turns.
//!
//! ```text
//! cargo bench --bench math
//! RUSTFLAGS="-C target-cpu=native" cargo bench --bench math
//! ```

use std::hint::black_box;
use std::time::Instant;

use ndarray::Array1;
use ndarray_pool::{fused, kernel, math};

const LEN: usize = 64 * 64;

type Way<'a> = (&'a str, Box<dyn Fn(&Array1<f64>, &mut Array1<f64>)>);

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let is_test = !std::env::args().any(|arg| arg == "--bench");
    let turns = if is_test { 1 } else { 301 };
    let a = Array1::from_shape_fn(LEN, |i| 0.1 + 0.8 * (i * 7919 % LEN) as f64 / LEN as f64);
    let exp: [Way<'_>; 6] = [
        ("exp_into", Box::new(|a, out| kernel::exp_into(a, out))),
        ("map_into(math::exp)", Box::new(|a, out| kernel::map_into(a, out, math::exp))),
        ("fused!(math::exp)", Box::new(|a, out| fused!(out = |a| math::exp(a)))),
        ("own loop, math::exp", Box::new(|a, out| own_loop(a, out, math::exp))),
        ("own loop, f64::exp", Box::new(|a, out| own_loop(a, out, f64::exp))),
        ("map_into(f64::exp)", Box::new(|a, out| kernel::map_into(a, out, f64::exp))),
    ];
    let sin: [Way<'_>; 6] = [
        ("sin_into", Box::new(|a, out| kernel::sin_into(a, out))),
        ("map_into(math::sin)", Box::new(|a, out| kernel::map_into(a, out, math::sin))),
        ("fused!(math::sin)", Box::new(|a, out| fused!(out = |a| math::sin(a)))),
        ("own loop, math::sin", Box::new(|a, out| own_loop(a, out, math::sin))),
        ("own loop, f64::sin", Box::new(|a, out| own_loop(a, out, f64::sin))),
        ("map_into(f64::sin)", Box::new(|a, out| kernel::map_into(a, out, f64::sin))),
    ];
    let formula: [Way<'_>; 4] = [
        ("fused!, four functions", Box::new(|a, out| fused!(out = |a| four(a)))),
        ("map_into, four functions", Box::new(|a, out| kernel::map_into(a, out, four))),
        (
            "map_into, a plain closure",
            Box::new(|a, out| {
                kernel::map_into(a, out, |x| {
                    math::exp(-x) * math::sin(x) + math::log(1.0 + x) * math::tanh(x)
                });
            }),
        ),
        (
            "map_into, std's functions",
            Box::new(|a, out| {
                kernel::map_into(a, out, |x| (-x).exp() * x.sin() + (1.0 + x).ln() * x.tanh());
            }),
        ),
    ];
    for ways in [&exp[..], &sin[..], &formula[..]] {
        let mut times = vec![Vec::new(); ways.len()];
        let mut out = Array1::zeros(LEN);
        for _ in 0..turns {
            for ((_, way), times) in ways.iter().zip(&mut times) {
                let start = Instant::now();
                way(black_box(&a), black_box(&mut out));
                times.push(start.elapsed().as_secs_f64() * 1e9 / LEN as f64);
            }
        }
        for ((name, _), times) in ways.iter().zip(&mut times) {
            times.sort_by(f64::total_cmp);
            println!("{name:26} {:7.2} ns", times[times.len() / 2]);
        }
        println!();
    }
}

#[inline(always)]
fn four(x: f64) -> f64 {
    math::exp(-x) * math::sin(x) + math::log(1.0 + x) * math::tanh(x)
}

/// As one writes it: compiled for whatever the program is compiled for.
#[inline(always)]
fn own_loop(a: &Array1<f64>, out: &mut Array1<f64>, f: impl Fn(f64) -> f64) {
    out.iter_mut().zip(a).for_each(|(out, &a)| *out = f(a));
}
