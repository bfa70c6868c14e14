//! Without a counting allocator a region can find nothing: that must be said, never passed over.
#![expect(unsafe_code, reason = "an allocator can be called directly only through unsafe methods")]

use std::alloc::{GlobalAlloc, Layout};
use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray_pool::memory::{count_allocs, heap, no_alloc};

fn message_of(f: impl FnOnce()) -> String {
    *catch_unwind(AssertUnwindSafe(f)).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn the_missing_counter_is_reported_before_the_closure_runs() {
    let mut has_run = false;
    let message = message_of(|| no_alloc(|| has_run = true));
    assert_eq!(
        message,
        "no_alloc: allocations are not counted in this program. Install the counter with: \
         #[global_allocator] static COUNTER: CountingAllocator = CountingAllocator::system();"
    );
    let message = message_of(|| {
        count_allocs(|| has_run = true);
    });
    assert!(message.starts_with("count_allocs: allocations are not counted"), "{message}");
    assert!(!has_run);
}

#[test]
fn figures_are_none_rather_than_zero() {
    assert!(!heap::is_installed());
    assert_eq!(heap::thread_counts(), None);
    assert_eq!(heap::process_counts(), None);
}

#[test]
fn a_counter_that_is_not_the_global_allocator_does_not_count_as_installed() {
    let aside = heap::CountingAllocator::system();
    let layout = Layout::new::<u64>();
    // SAFETY: the layout has a size of 8 bytes.
    let block = unsafe { aside.alloc(layout) };
    assert!(!block.is_null());
    // SAFETY: `block` was made above with the same allocator and layout.
    unsafe { aside.dealloc(block, layout) };
    assert!(!heap::is_installed());
}
