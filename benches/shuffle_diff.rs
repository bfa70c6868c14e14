//! The seed loop in four ways of writing it: copy an array with its rows shuffled, take the
//! difference. `cargo bench --bench shuffle_diff`
//!
//! All run in one process, so this is about time alone; what each holds at its peak shows
//! `cargo run --release --example shuffle_diff`. One iteration is one pass; what a loop keeps from
//! pass to pass (its arrays, the pool, the list of rows) is made before the clock starts.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ndarray::{Array2, Axis};
use ndarray_pool::prelude::*;
use rand::distr::StandardUniform;
use rand::{SeedableRng, rngs::StdRng};

fn seed_loop(c: &mut Criterion) {
    for n in [300, 1000, 2500] {
        let mut group = c.benchmark_group(format!("shuffle_diff/{n}"));
        group.sample_size(20).measurement_time(Duration::from_secs(3));
        group.warm_up_time(Duration::from_millis(500));
        let mut rng = StdRng::seed_from_u64(1);
        let mut start = Array2::<f64>::zeros((n, n));
        random_into(&StandardUniform, &mut start, &mut rng);

        group.bench_function(BenchmarkId::from_parameter("allocating"), |b| {
            let mut order = Permutation::identity(n);
            let mut a_current = start.clone();
            let mut a_diff = Array2::zeros((0, 0));
            b.iter(|| {
                order.shuffle(&mut rng);
                let a_next = a_current.select(Axis(0), order.as_slice());
                a_diff = &a_next - &a_current;
                a_current = a_next;
                black_box(a_diff.as_ptr());
            });
        });
        group.bench_function(BenchmarkId::from_parameter("drop first"), |b| {
            let mut order = Permutation::identity(n);
            let mut a_current = start.clone();
            let mut a_diff = Some(Array2::zeros((0, 0)));
            b.iter(|| {
                a_diff = None;
                order.shuffle(&mut rng);
                let a_next = a_current.select(Axis(0), order.as_slice());
                a_diff = Some(&a_next - &a_current);
                a_current = a_next;
                black_box(&a_diff);
            });
        });
        group.bench_function(BenchmarkId::from_parameter("idiomatic"), |b| {
            let mut order = Permutation::identity(n);
            let mut a_current = start.clone();
            b.iter(|| {
                order.shuffle(&mut rng);
                let a_next = a_current.select(Axis(0), order.as_slice());
                let a_diff = &a_next - &a_current;
                black_box(a_diff.as_ptr());
                a_current = a_next;
            });
        });
        group.bench_function(BenchmarkId::from_parameter("in place"), |b| {
            let pool = Pool2::<f64>::new((n, n), 3).unwrap();
            let mut a_current = pool.lease_copy_of(&start);
            let (mut a_next, mut a_diff) = (pool.lease(), pool.lease());
            b.iter(|| {
                shuffle_copy_into(&a_current, &mut a_next, &mut rng);
                diff_into(&a_next, &a_current, &mut a_diff);
                std::mem::swap(&mut a_current, &mut a_next);
                black_box(a_diff.as_ptr());
            });
        });
        group.finish();
    }
}

criterion_group!(benches, seed_loop);
criterion_main!(benches);
