//! What a lease and its return cost, beside the other ways to get a buffer of 32 KiB.
//!
//! `cargo bench --bench lease`. Contents are not part of it, except that `vec![0.0; n]` and
//! `lease_zeroed` give zeros: the others give stale memory. With two threads both do the same
//! without a pause and the time is that of one of them.

use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use ndarray_pool::prelude::*;

const LEN: usize = 4096;
const BUFFERS: usize = 8;

fn lease(c: &mut Criterion) {
    let pool = Pool1::<f64>::new(LEN, BUFFERS).unwrap();
    let shared = std::sync::Arc::new(Pool1::<f64>::new(LEN, BUFFERS).unwrap());
    let stack = Mutex::new(vec![vec![0.0_f64; LEN]; BUFFERS]);

    for threads in [1, 2] {
        let mut group = c.benchmark_group(format!("lease/{threads}"));
        group.sample_size(50).measurement_time(Duration::from_secs(2));
        group.warm_up_time(Duration::from_millis(500));
        measure(&mut group, threads, "lease", || {
            black_box(pool.lease().as_ptr());
        });
        measure(&mut group, threads, "lease_owned", || {
            black_box(shared.lease_owned().as_ptr());
        });
        measure(&mut group, threads, "lease_zeroed", || {
            black_box(pool.lease_zeroed().as_ptr());
        });
        measure(&mut group, threads, "malloc", || {
            black_box(Vec::<f64>::with_capacity(LEN).as_ptr());
        });
        measure(&mut group, threads, "vec![0.0; n]", || {
            black_box(vec![0.0_f64; LEN].as_ptr());
        });
        measure(&mut group, threads, "Mutex<Vec>", || {
            let buffer = stack.lock().unwrap().pop().unwrap();
            black_box(buffer.as_ptr());
            stack.lock().unwrap().push(buffer);
        });
        group.finish();
    }
}

/// Times `f` on this thread, alone or while another thread does the same.
fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    threads: usize,
    name: &str,
    f: impl Fn() + Sync,
) {
    group.bench_function(name, |b| {
        b.iter_custom(|iterations| {
            let done = AtomicBool::new(false);
            let started = AtomicBool::new(threads == 1);
            std::thread::scope(|scope| {
                if threads == 2 {
                    scope.spawn(|| {
                        started.store(true, Ordering::Release);
                        while !done.load(Ordering::Relaxed) {
                            f();
                        }
                    });
                }
                while !started.load(Ordering::Acquire) {
                    std::hint::spin_loop();
                }
                let start = Instant::now();
                for _ in 0..iterations {
                    f();
                }
                let elapsed = start.elapsed();
                done.store(true, Ordering::Relaxed);
                elapsed
            })
        });
    });
}

criterion_group!(benches, lease);
criterion_main!(benches);
