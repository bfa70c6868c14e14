//! What a lease of a known shape and its return cost: an arena, beside a pool and the heap.
//!
//! `cargo bench --bench arena`. The arena knows 1 or 200 shapes, of which the leases take each in
//! turn. On a machine with other work the medians are twice and more what the least of them is;
//! read them against the pool's. *growth* is a lease of a shape that is new, and its pool's return to the system.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::Array2;
use ndarray_pool::prelude::*;

const ROWS: usize = 64;

fn arena(c: &mut Criterion) {
    let mut group = c.benchmark_group("arena");
    group.sample_size(50).measurement_time(Duration::from_secs(2));
    group.warm_up_time(Duration::from_millis(500));

    let pool = Arc::new(Pool2::<f64>::new((ROWS, 64), 2).unwrap());
    group.bench_function("pool, lease_owned", |b| {
        b.iter(|| black_box(pool.lease_owned()).as_ptr());
    });
    for shapes in [1, 200] {
        let arena = Arena::new(&Budget::unlimited());
        let scope = arena.scope("scope");
        for (name, arena) in [("arena", &arena), ("scope of an arena", &*scope)] {
            let mut cols = 0;
            group.bench_function(format!("{name}, {shapes} shapes"), |b| {
                b.iter(|| {
                    cols = if cols < shapes { cols + 1 } else { 1 };
                    black_box(arena.lease::<f64, _>((ROWS, cols))).as_ptr()
                });
            });
        }
    }
    group.bench_function("Array2::zeros", |b| {
        b.iter(|| black_box(Array2::<f64>::zeros((black_box(ROWS), 64))).as_ptr());
    });

    let arena = Arena::new(&Budget::unlimited());
    group.bench_function("growth by 32 KiB", |b| {
        b.iter(|| {
            drop(black_box(arena.lease::<f64, _>((ROWS, 64))));
            arena.trim()
        });
    });
    group.finish();
}

criterion_group!(benches, arena);
criterion_main!(benches);
