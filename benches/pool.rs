//! What building a pool costs, and what its huge pages are good for. `cargo bench --bench pool`
//!
//! The first table is of pools that several threads touch: the numbers of threads take turns, and the table has medians.
#![expect(clippy::print_stdout, reason = "the first table is not criterion's")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ndarray_pool::HugePages;
use ndarray_pool::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

#[expect(dead_code, reason = "here contestants have clocks of their own")]
#[path = "roofline/contest.rs"]
mod contest;

const PAGES: [(&str, HugePages); 2] =
    [("huge pages", HugePages::Auto), ("small pages", HugePages::Never)];

/// Pools whose pages one thread and two touch. The clock stops before the pool is dropped.
fn touch(_: &mut Criterion) {
    let is_test = !std::env::args().any(|arg| arg == "--bench");
    let (sizes, rounds): (&[usize], _) =
        if is_test { (&[256], 1) } else { (&[256, 512, 1024], 15) };
    let teams = [1, 2].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
    });
    println!(
        "| pool | pages | one thread, ms | two threads, ms | two / one |\n|---|---|--:|--:|--:|"
    );
    for &mib in sizes {
        for (name, pages) in PAGES {
            let mut times = [Vec::new(), Vec::new()];
            for round in 0..rounds {
                for team in if round % 2 == 0 { [0, 1] } else { [1, 0] } {
                    let builder = Pool1::<f64>::builder(mib << 17).buffers(1).huge_pages(pages);
                    let (seconds, pool) = teams[team].install(|| {
                        let start = Instant::now();
                        let pool = builder.build().expect("it fits");
                        (start.elapsed().as_secs_f64(), pool)
                    });
                    drop(pool);
                    times[team].push(seconds);
                }
            }
            let [one, two] = times.each_mut().map(|times| contest::median(times) * 1e3);
            println!("| {mib} MiB | {name} | {one:.2} | {two:.2} | {:.2} |", two / one);
        }
    }
}

/// A pool of 128 MB and its end, beside a `Vec` of that size that is touched.
fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build 128 MB");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for (name, pages) in PAGES {
        group.bench_function(BenchmarkId::new("pool", name), |b| {
            b.iter(|| {
                Pool2::<f64>::builder((2000, 2000)).buffers(4).huge_pages(pages).build().unwrap()
            });
        });
    }
    group.bench_function("vec", |b| b.iter(|| vec![black_box(1.0_f64); 16_000_000]));
    group.finish();
}

/// One pass of the seed loop on huge and on small pages.
fn pass(c: &mut Criterion) {
    for n in [1000, 2500] {
        let mut group = c.benchmark_group(format!("pass/{n}"));
        group.sample_size(20).measurement_time(Duration::from_secs(3));
        for (name, pages) in PAGES {
            let builder = Pool2::<f64>::builder((n, n)).buffers(3).huge_pages(pages);
            let pool = builder.build().unwrap();
            let mut a_current = pool.lease_filled(1.0);
            let (mut a_next, mut a_diff) = (pool.lease(), pool.lease());
            let mut rng = StdRng::seed_from_u64(1);
            group.bench_function(name, |b| {
                b.iter(|| {
                    shuffle_copy_into(&a_current, &mut a_next, &mut rng);
                    diff_into(&a_next, &a_current, &mut a_diff);
                    std::mem::swap(&mut a_current, &mut a_next);
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, touch, build, pass);
criterion_main!(benches);
