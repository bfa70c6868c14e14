//! What building a pool costs, and what its huge pages are good for. `cargo bench --bench pool`

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ndarray_pool::HugePages;
use ndarray_pool::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

const PAGES: [(&str, HugePages); 2] =
    [("huge pages", HugePages::Auto), ("small pages", HugePages::Never)];

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

criterion_group!(benches, build, pass);
criterion_main!(benches);
