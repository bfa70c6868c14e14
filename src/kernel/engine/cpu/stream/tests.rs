//! Streams write exactly what they should, at every offset; and a switch with which tests of other files stream small
//! arrays.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::{Array2, ArrayRef, Dimension};

use super::*;
use crate::kernel::engine::tuning::MIN_STREAMED_BYTES;

thread_local! {
    pub(crate) static ALWAYS: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` as if every operand exceeded the cache.
pub(crate) fn streaming<T>(f: impl FnOnce() -> T) -> T {
    struct Back;
    impl Drop for Back {
        fn drop(&mut self) {
            ALWAYS.set(false);
        }
    }
    ALWAYS.set(true);
    let _back = Back;
    f()
}

#[test]
fn memory_that_is_seen_twice_is_there_once() {
    let (a, b) = (Array2::<f64>::zeros((10, 20)), Array2::<f64>::zeros((10, 20)));
    fn bytes_of_two<D: Dimension>(a: &ArrayRef<f64, D>, b: &ArrayRef<f64, D>) -> usize {
        let mut footprint = Footprint::default();
        footprint.add(a);
        footprint.add(b);
        footprint.bytes()
    }
    assert_eq!(bytes_of_two(&a, &a), 1600);
    assert_eq!(bytes_of_two(&a, &b), 3200);
    let (upper, lower) = a.view().split_at(ndarray::Axis(0), 5);
    assert_eq!(bytes_of_two(&upper, &lower), 1600);
    let (before, after) = (a.slice(ndarray::s![..-1, ..]), a.slice(ndarray::s![1.., ..]));
    assert_eq!(bytes_of_two(&before, &after), 1600);
    assert_eq!(bytes_of_two(&a.row(0), &a.row(1)), 320);
    let mut stencil = Footprint::default();
    stencil.add(&before);
    stencil.add(&b);
    stencil.add(&after);
    assert_eq!(stencil.bytes(), 3200, "views of `a` before and behind another array");
}

/// Every length and every offset within a cache line, with guards on both sides.
fn writes_exactly<B: Copy + PartialEq + std::fmt::Debug + 'static>(number: impl Fn(usize) -> B) {
    let (guard, stale) = (number(1000), number(1001));
    for start in 0..LINE_BYTES / mem::size_of::<B>().min(LINE_BYTES) {
        for len in 0..200 {
            let mut memory = vec![stale; start + len + 1];
            memory[start + len] = guard;
            memory[..start].fill(guard);
            let mut seen = 0;
            let fill = |at: usize, block: &mut [B]| {
                assert_eq!(at, seen);
                seen += block.len();
                block.iter_mut().enumerate().for_each(|(k, out)| *out = number(at + k));
            };
            Stream::over(&mut memory[start..start + len], |out| out.write_all(fill));
            assert_eq!(seen, len);
            assert!(memory[..start].iter().all(|&element| element == guard));
            assert_eq!(memory[start + len], guard);
            let written = memory[start..start + len].iter().enumerate();
            written.for_each(|(i, &out)| assert_eq!(out, number(i), "{start} {len}"));
        }
    }
}

#[test]
fn all_lengths_at_all_places_are_written_and_nothing_else() {
    writes_exactly(|i| i as f64);
    writes_exactly(|i| i as f32);
    writes_exactly(|i| i as u64);
    writes_exactly(|i| i as i32);
    #[cfg(feature = "complex")]
    writes_exactly(|i| num_complex::Complex::new(i as f64, -1.0));
}

#[test]
fn parts_are_written_in_any_order() {
    let a: Vec<f64> = (0..1000).map(f64::from).collect();
    let mut out = vec![-1.0; 1000];
    Stream::over(&mut out, |out| {
        for row in [7, 3, 9, 0, 1, 5] {
            out.copy(row * 100..(row + 1) * 100, &a[row * 100..][..100]);
        }
    });
    for (i, &out) in out.iter().enumerate() {
        let is_written = [7, 3, 9, 0, 1, 5].contains(&(i / 100));
        assert_eq!(out, if is_written { a[i] } else { -1.0 });
    }
}

#[test]
fn a_panic_of_the_caller_leaves_an_output_that_can_be_read() {
    let mut out = vec![0_u32; 500];
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let fill = |at: usize, block: &mut [_]| {
            assert!(at < 300, "as planned");
            block.fill(1);
        };
        Stream::over(&mut out, |out| out.write_all(fill));
    }));
    assert!(panicked.is_err());
    assert!(out[..300].iter().all(|&out| out == 1) && out[320..].iter().all(|&out| out == 0));
}

#[test]
fn only_plain_numbers_are_streamed() {
    assert!(!is_plain::<bool>() && !is_plain::<u8>() && !is_plain::<(u8, u32)>());
    assert!(!is_plain::<Option<u32>>() && !is_plain::<char>() && !is_plain::<u128>());
    let mut out = [(1_u8, 2_u32)];
    assert!(catch_unwind(AssertUnwindSafe(|| Stream::over(&mut out, |_| ()))).is_err());
}

#[test]
fn what_fits_into_the_cache_is_not_streamed() {
    assert!(!pays::<f64>(0) && !pays::<f64>(MIN_STREAMED_BYTES) && !pays::<bool>(usize::MAX));
    assert_eq!(pays::<f64>(usize::MAX), cfg!(target_arch = "x86_64"));
    assert_eq!(pays::<f64>(cache::stream_bytes()), cfg!(target_arch = "x86_64"));
    assert!(!pays::<f64>(cache::stream_bytes() - 1));
}

#[test]
fn repeated_memory_counts_once() {
    let a = Array2::<f64>::zeros((3, 5));
    assert_eq!(bytes_of(&a), 120);
    assert_eq!(bytes_of(&a.row(0).broadcast((100, 5)).unwrap()), 40);
    assert_eq!(bytes_of(&a.t()), 120);
    assert_eq!(bytes_of(&Array2::<f64>::zeros((0, 5))), 0);
}
