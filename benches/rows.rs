//! What it costs to append rows when their number is not known: time for the whole array, small
//! enough for the cache and too large for it, and the peak of memory.
//!
//! `cargo bench --bench rows`. Peaks are printed before the times; they are those of this one
//! process, so what the allocator kept from before makes them look smaller. For clean processes:
//! `cargo run --release --example rows`.
#![expect(clippy::print_stdout, reason = "peaks are no times, so criterion does not print them")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray::{Array2, Axis, concatenate};
use ndarray_pool::memory::{reset_peak, usage};
use ndarray_pool::prelude::*;

const WIDTH: usize = 8;
const MAX_ROWS: usize = 1_000_000_000;

type Way = (&'static str, fn(usize));

fn rows(c: &mut Criterion) {
    for count in [1_000, 1_000_000] {
        let ways: [Way; 4] = [
            ("RowBuilder", row_builder),
            ("Vec, then reshape", vec_reshape),
            ("push_row", push_row),
            ("chunks, concatenate", chunks_concatenate),
        ];
        for (name, way) in ways {
            let data_bytes = count * WIDTH * size_of::<f64>();
            println!(
                "{name}, {count} rows: peak {:.2} arrays",
                peak_of(way, count) / data_bytes as f64
            );
        }
        let mut group = c.benchmark_group(format!("rows/{count}"));
        group.sample_size(10).measurement_time(Duration::from_secs(2));
        group.warm_up_time(Duration::from_millis(300));
        for (name, way) in ways {
            group.bench_function(name, |b| b.iter(|| way(count)));
        }
        group.finish();
    }
}

fn row(at: usize) -> [f64; WIDTH] {
    [at as f64; WIDTH]
}

fn row_builder(count: usize) {
    let mut rows = RowBuilder2::new(WIDTH, MAX_ROWS).unwrap();
    (0..count).for_each(|at| rows.push(&row(black_box(at))));
    drop(black_box(rows.finish()));
}

fn vec_reshape(count: usize) {
    let mut numbers = Vec::new();
    (0..count).for_each(|at| numbers.extend_from_slice(&row(black_box(at))));
    black_box(Array2::from_shape_vec((count, WIDTH), numbers).unwrap());
}

fn push_row(count: usize) {
    let mut rows = Array2::zeros((0, WIDTH));
    (0..count).for_each(|at| rows.push_row((&row(black_box(at))).into()).unwrap());
    black_box(rows);
}

fn chunks_concatenate(count: usize) {
    let chunks: Vec<Array2<f64>> = (0..count / 1000)
        .map(|chunk| (0..1000).map(|at| row(black_box(chunk + at))).collect::<Vec<_>>().into())
        .collect();
    let views: Vec<_> = chunks.iter().map(|chunk| chunk.view()).collect();
    black_box(concatenate(Axis(0), &views).unwrap());
}

fn peak_of(way: fn(usize), count: usize) -> f64 {
    let _ = reset_peak();
    let before = usage();
    way(count);
    usage().since(&before).peak_rss_bytes.unwrap_or(0) as f64
}

criterion_group!(benches, rows);
criterion_main!(benches);
