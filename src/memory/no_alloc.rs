//! Regions of code that must not allocate, or whose allocations are to be counted.

use super::heap::{self, Allocation, AllocationKind, HeapCounts};
use crate::error::Count;

/// Runs `f` and panics afterwards if this thread asked the heap for memory meanwhile.
///
/// The panic comes after `f` has returned, names the caller of `no_alloc`, and says how often
/// memory was asked for, how many bytes, and what the first request was. (To see *where* it was
/// made, run the program under a debugger or heap profiler; a backtrace taken inside an allocator
/// would itself allocate.) Freeing memory is allowed. Regions nest: what an inner one sees, the
/// outer one sees too. It works in release builds just as in debug builds.
///
/// It speaks for the calling thread alone. What `f` makes *other* threads allocate, such as rayon's
/// workers, is not seen; for these compare [`heap::process_counts`] before and after. Neither is
/// memory that does not come from the global allocator (`mmap`, C libraries), nor an allocation
/// that the optimizer removed.
///
/// A panic inside `f` passes through unchanged, whether or not it allocated.
///
/// The first region of a process makes one allocation of a single byte, before it begins, to find
/// out whether allocations are counted at all.
///
/// # Panics
///
/// If this thread allocated or reallocated inside `f`; and, before `f` runs, if no
/// [`CountingAllocator`](heap::CountingAllocator) is installed, because then nothing could ever be
/// found.
///
/// # Example
///
/// ```standalone_crate
/// use ndarray::Array1;
/// use ndarray_pool::memory::{heap::CountingAllocator, no_alloc};
///
/// #[global_allocator]
/// static COUNTER: CountingAllocator = CountingAllocator::system();
///
/// fn main() {
///     let (a, mut b) = (Array1::from_elem(1000, 2.0), Array1::from_elem(1000, 1.0));
///     no_alloc(|| b += &a); // writes into `b`
///     assert_eq!(b[999], 3.0);
///
///     let caught = std::panic::catch_unwind(|| no_alloc(|| &a + &a)); // makes a new array
///     let message = *caught.unwrap_err().downcast::<String>().unwrap();
///     assert!(message.contains("1 request"), "{message}");
///     assert!(message.contains("8000 bytes"), "{message}");
/// }
/// ```
#[track_caller]
pub fn no_alloc<R>(f: impl FnOnce() -> R) -> R {
    require_counter("no_alloc");
    let region = Region::enter();
    let result = f();
    if let RegionCounts { counts, first: Some(first) } = region.leave() {
        panic_about(counts, first);
    }
    result
}

/// Runs `f` and returns, beside its result, what this thread asked of the heap meanwhile.
///
/// The twin of [`no_alloc()`] for who wants the figures, with the same reach: this thread, the
/// global allocator, what the optimizer left. A panic inside `f` passes through unchanged.
///
/// # Panics
///
/// Before `f` runs, if no [`CountingAllocator`](heap::CountingAllocator) is installed: zeros that
/// come from not counting look too much like zeros that were counted. Ask [`heap::is_installed`]
/// first where a program works either way.
///
/// # Example
///
/// ```standalone_crate
/// use ndarray_pool::memory::{count_allocs, heap::CountingAllocator};
/// use std::hint::black_box;
///
/// #[global_allocator]
/// static COUNTER: CountingAllocator = CountingAllocator::system();
///
/// fn main() {
///     let (ones, seen) = count_allocs(|| black_box(vec![1.0_f64; 10]));
///     assert_eq!((seen.counts.allocations, seen.counts.net_bytes()), (1, 80));
///     assert_eq!(seen.first.unwrap().bytes, 80);
///     assert_eq!(ones.len(), 10);
/// }
/// ```
#[track_caller]
pub fn count_allocs<R>(f: impl FnOnce() -> R) -> (R, RegionCounts) {
    require_counter("count_allocs");
    let region = Region::enter();
    let result = f();
    (result, region.leave())
}

/// What one thread asked of the heap inside one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct RegionCounts {
    /// How often and how much.
    pub counts: HeapCounts,
    /// The first request for memory, if there was one.
    pub first: Option<Allocation>,
}

/// An open region. Dropping it, on return and on unwinding alike, gives the outer region its own
/// first request back, or ours if it had none yet.
struct Region {
    counts_before: HeapCounts,
    first_of_outer: Option<Allocation>,
}

impl Region {
    fn enter() -> Self {
        Self {
            counts_before: heap::thread_counts().unwrap_or_default(),
            first_of_outer: heap::replace_first_request(None),
        }
    }

    fn leave(self) -> RegionCounts {
        let first = heap::replace_first_request(None);
        let counts = heap::thread_counts().unwrap_or_default().since(&self.counts_before);
        heap::replace_first_request(first);
        RegionCounts { counts, first }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        let first = heap::replace_first_request(None);
        heap::replace_first_request(self.first_of_outer.or(first));
    }
}

#[track_caller]
fn require_counter(function: &str) {
    assert!(
        heap::is_installed(),
        "{function}: allocations are not counted in this program. Install the counter with: \
         #[global_allocator] static COUNTER: CountingAllocator = CountingAllocator::system();"
    );
}

#[cold]
#[track_caller]
fn panic_about(counts: HeapCounts, first: Allocation) -> ! {
    let kind = match first.kind {
        AllocationKind::Alloc => "a new block of",
        AllocationKind::AllocZeroed => "a new block of zeros of",
        AllocationKind::Realloc => "a reallocation to",
    };
    panic!(
        "no_alloc: the closure made {} for heap memory, {} in all; the first was {kind} {}",
        Count(counts.requests() as usize, "request"),
        Count(counts.allocated_bytes as usize, "byte"),
        Count(first.bytes, "byte"),
    );
}
