//! What a process of its own costs: start and end, and what travels.
//!
//! `cargo bench --bench isolate`. An empty step is beside `true`, the smallest program there is, started
//! and waited for; arrays that travel are beside a copy within the process.

use std::hint::black_box;
use std::process::Command;

use criterion::{Criterion, Throughput};
use ndarray::Array1;
use ndarray_pool::isolate::{Carried, Steps};
use ndarray_pool::prelude::*;

fn main() {
    let steps = Steps::new()
        .with("empty", |()| ())
        .with("ones", |n: usize| Carried(Array1::<f64>::ones(n)))
        .with("take", |Carried(a): Carried<Array1<f64>>| a.len())
        .start();
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);

    let mut group = criterion.benchmark_group("isolate/empty");
    group.bench_function("true", |b| b.iter(|| Command::new("/bin/true").status().unwrap()));
    group.bench_function("step", |b| b.iter(|| steps.run::<_, ()>("empty", &()).unwrap()));
    let is_bench = std::env::args().any(|arg| arg == "--bench");
    let held = black_box(vec![1_u8; if is_bench { 1 << 30 } else { 1 << 20 }]);
    group.bench_function("step of a process that holds 1 GiB", |b| {
        b.iter(|| steps.run::<_, ()>("empty", &()).unwrap());
    });
    drop(held);
    group.finish();

    let mut group = criterion.benchmark_group("isolate/array");
    for mib in [8, 128] {
        let n = (mib << 20) / 8;
        let pool = Pool1::<f64>::new(n, 2).unwrap();
        let (mut out, a) = (pool.lease_zeroed(), pool.lease_filled(1.0));
        group.throughput(Throughput::Bytes((mib << 20) as u64));
        group.bench_function(format!("copy/{mib} MiB"), |b| b.iter(|| copy_into(&a, &mut out)));
        group.bench_function(format!("made here/{mib} MiB"), |b| {
            b.iter(|| copy_into(&Array1::<f64>::ones(n), &mut out));
        });
        group.bench_function(format!("goes in/{mib} MiB"), |b| {
            b.iter(|| steps.run::<_, usize>("take", &Carried::of(&a)).unwrap());
        });
        group.bench_function(format!("comes out/{mib} MiB"), |b| {
            b.iter(|| steps.run_into("ones", &n, &mut out).unwrap());
        });
    }
    group.finish();
    criterion.final_summary();
}
