//! `memory` from outside: what needs neither a counting allocator nor a quiet process.
//!
//! Beside it: `memory_heap` (allocator installed), `memory_missing_counter` (not installed),
//! `memory_usage` and `memory_zeros` (figures of a process that does nothing else).

use ndarray::{Array2, ArrayRef, Ix2, s};
use ndarray_pool::memory::{self, Trace, Usage, UsageGrowth, nbytes};

#[test]
fn nbytes_takes_whatever_derefs_to_an_array() {
    fn through_a_reference(array: &ArrayRef<f32, Ix2>) -> usize {
        nbytes(array)
    }
    let mut a = Array2::<f32>::zeros((6, 7));
    assert_eq!(nbytes(&a), 168);
    assert_eq!(nbytes(&a.view()), 168);
    assert_eq!(nbytes(&a.slice_mut(s![1..3, ..])), 56);
    assert_eq!(nbytes(&a.slice(s![.., ..;-2])), 96);
    assert_eq!(nbytes(&a.to_shared()), 168);
    assert_eq!(through_a_reference(&a), 168);
}

#[test]
fn plain_data_is_plain() {
    fn assert_plain<T: Copy + Eq + std::hash::Hash + std::fmt::Debug + Default + Send + Sync>() {}
    assert_plain::<Usage>();
    assert_plain::<UsageGrowth>();
    assert_plain::<memory::RegionCounts>();
    assert_plain::<memory::heap::HeapCounts>();
    assert_plain::<memory::heap::ProcessCounts>();
}

#[test]
fn trace_keeps_names_and_passes_beyond_its_capacity() {
    let mut trace = Trace::with_capacity(1);
    assert_eq!(trace.marks().len(), 0);
    trace.mark("set-up");
    for pass in 1..=2 {
        trace.start_pass();
        trace.mark("static");
        trace.mark(format!("owned {pass}"));
    }
    let seen: Vec<_> = trace.marks().iter().map(|mark| (mark.pass, mark.name.as_ref())).collect();
    let expected = [(0, "set-up"), (1, "static"), (1, "owned 1"), (2, "static"), (2, "owned 2")];
    assert_eq!(seen, expected);
    assert_eq!(trace.total(), trace.marks()[4].total);
}

#[cfg(not(target_os = "linux"))]
#[test]
fn elsewhere_nothing_is_guessed() {
    assert_eq!(memory::usage(), Usage::default());
    assert_eq!(memory::reset_peak().unwrap_err().kind(), std::io::ErrorKind::Unsupported);
}
