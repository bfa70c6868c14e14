//! What looking at memory costs: a reading, a mark, and the counting of one allocation.
//!
//! `cargo bench --bench memory`; `docs/measuring.md` quotes it.
#![expect(unsafe_code, reason = "an allocator can be called directly only through unsafe methods")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use criterion::{Criterion, criterion_group, criterion_main};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::memory::{Trace, reset_peak, usage};

fn readings(c: &mut Criterion) {
    let mut group = c.benchmark_group("memory");
    group.bench_function("usage", |b| b.iter(usage));
    group.bench_function("reset_peak", |b| b.iter(|| reset_peak().is_ok()));
    group.bench_function("mark", |b| {
        b.iter_batched_ref(
            || Trace::with_capacity(1),
            |trace| trace.mark("step"),
            criterion::BatchSize::PerIteration,
        );
    });
}

/// The allocators are called directly: nothing else is measured, and nothing is optimized away.
fn allocations(c: &mut Criterion) {
    let counting = CountingAllocator::system();
    for bytes in [64, 32 * 1024] {
        let mut group = c.benchmark_group(format!("alloc and dealloc of {bytes} bytes"));
        group.bench_function("system", |b| b.iter(|| make_and_free(&System, bytes)));
        group.bench_function("counting", |b| b.iter(|| make_and_free(&counting, bytes)));
        beside_another_thread(&System, bytes, || {
            group.bench_function("system, two threads", |b| {
                b.iter(|| make_and_free(&System, bytes));
            });
        });
        beside_another_thread(&counting, bytes, || {
            group.bench_function("counting, two threads", |b| {
                b.iter(|| make_and_free(&counting, bytes));
            });
        });
    }
}

/// Runs `f` while another thread makes and frees blocks without a pause.
fn beside_another_thread(allocator: &(impl GlobalAlloc + Sync), bytes: usize, f: impl FnOnce()) {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Relaxed) {
                make_and_free(allocator, bytes);
            }
        });
        f();
        is_over.store(true, Relaxed);
    });
}

fn make_and_free(allocator: &impl GlobalAlloc, bytes: usize) {
    let layout = Layout::from_size_align(bytes, 8).expect("a small size and a power of two");
    // SAFETY: the size is above zero.
    let block = black_box(unsafe { allocator.alloc(layout) });
    assert!(!block.is_null());
    // SAFETY: `block` was made above by the same allocator with the same layout.
    unsafe { allocator.dealloc(block, layout) };
}

criterion_group!(benches, readings, allocations);
criterion_main!(benches);
