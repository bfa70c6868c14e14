//! Counts what a program asks of its heap: an allocator that forwards every call and keeps the
//! books.
//!
//! Install it once, in the program, test or bench that wants to know (a library never should):
//!
//! ```standalone_crate
//! use ndarray_pool::memory::heap::{self, CountingAllocator};
//! use std::hint::black_box;
//!
//! #[global_allocator]
//! static COUNTER: CountingAllocator = CountingAllocator::system();
//!
//! fn main() {
//!     let before = heap::thread_counts().expect("the counter is installed above");
//!     let block = black_box(vec![1.0_f64; 1000]);
//!     let made = heap::thread_counts().expect("as above").since(&before);
//!     assert_eq!((made.allocations, made.allocated_bytes), (1, 8000));
//!     drop(block);
//! }
//! ```
//!
//! Every request is booked twice: for the thread that made it ([`thread_counts`], cheap and
//! undisturbed by others; this is what [`no_alloc()`](super::no_alloc()) looks at) and for the
//! process ([`process_counts`], which sees all threads and knows how much was alive at most).
//!
//! What the figures do not say:
//!
//! - They count bytes *asked for*. What the allocator adds for itself, and what it keeps after a
//!   block was freed, shows in [`usage()`](super::usage()) only.
//! - A `realloc` counts as one request of its whole new size, because the block may have moved.
//!   While it moves, old and new exist at once; the peak here sees the new one alone.
//! - Memory that bypasses the global allocator (`mmap`, C libraries) is not counted. The pools of
//!   this crate live in a mapping: only their bookkeeping shows here.
//! - An allocation that the optimizer removed was never made, and is not counted.
//!
//! A request costs a few nanoseconds more than without the counter, and about 150 where two threads
//! do nothing but allocate, because the books of the process are shared (`docs/measuring.md`):
//! leave it out of timings of code that allocates a lot.
#![expect(
    unsafe_code,
    reason = "an allocator implements the unsafe trait `GlobalAlloc`; this file does nothing else"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A global allocator that forwards each call to `A` and counts it.
///
/// All four methods are forwarded as they come. This matters most for `alloc_zeroed`: a counter
/// that lets the default write the zeros turns `Array::zeros` into touched pages, and falsifies the
/// very figures it is there for. The allocator never panics, never allocates for itself and takes
/// no backtrace, in debug builds as in release.
///
/// Several of them in one program share one set of books. On a target whose thread-local variables
/// are made on first use by the heap itself, the counter cannot work; Linux, Windows and macOS have
/// real ones.
///
/// See [the module](self) for an example.
#[derive(Debug, Clone, Copy, Default)]
pub struct CountingAllocator<A: GlobalAlloc = System> {
    inner: A,
}

impl CountingAllocator<System> {
    /// A counter in front of the system's allocator, which is what a Rust program uses anyway.
    #[must_use]
    pub const fn system() -> Self {
        Self::new(System)
    }
}

impl<A: GlobalAlloc> CountingAllocator<A> {
    /// A counter in front of `inner`: jemalloc, mimalloc, or another wrapper.
    #[must_use]
    pub const fn new(inner: A) -> Self {
        Self { inner }
    }
}

// SAFETY: every method hands its arguments to the same method of `inner` and returns what that
// returned, so whatever `inner` guarantees holds here. The bookkeeping between touches no block,
// cannot unwind (wrapping arithmetic, `try_with`) and does not allocate (plain cells and atomics).
unsafe impl<A: GlobalAlloc> GlobalAlloc for CountingAllocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: our caller keeps the contract of `alloc`, which is the one of `inner`.
        let block = unsafe { self.inner.alloc(layout) };
        if !block.is_null() {
            book_allocation(AllocationKind::Alloc, layout.size());
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: our caller keeps the contract of `dealloc`; `block` came out of `inner`, as all
        // our blocks do.
        unsafe { self.inner.dealloc(block, layout) };
        book_deallocation(layout.size());
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: our caller keeps the contract of `alloc_zeroed`, which is the one of `inner`.
        let block = unsafe { self.inner.alloc_zeroed(layout) };
        if !block.is_null() {
            book_allocation(AllocationKind::AllocZeroed, layout.size());
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: our caller keeps the contract of `realloc`; `block` came out of `inner`, as all
        // our blocks do.
        let moved = unsafe { self.inner.realloc(block, layout, new_size) };
        if !moved.is_null() {
            book_reallocation(layout.size(), new_size);
        }
        moved
    }
}

/// What was asked of the heap since a thread, the process or a region began. It only ever grows.
///
/// Requests that the allocator refused are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct HeapCounts {
    /// New blocks: calls of `alloc` and `alloc_zeroed`.
    pub allocations: u64,
    /// Blocks that were made larger or smaller, in place or by moving: calls of `realloc`.
    pub reallocations: u64,
    /// Blocks given back: calls of `dealloc`.
    pub deallocations: u64,
    /// Bytes asked for. A reallocation counts its whole new size.
    pub allocated_bytes: u64,
    /// Bytes given back. A reallocation counts its whole old size.
    pub deallocated_bytes: u64,
}

impl HeapCounts {
    /// How often memory was asked for: allocations and reallocations.
    #[must_use]
    pub const fn requests(&self) -> u64 {
        self.allocations.wrapping_add(self.reallocations)
    }

    /// Bytes asked for less bytes given back; negative for a thread that frees what others made.
    #[must_use]
    pub const fn net_bytes(&self) -> i64 {
        self.allocated_bytes.wrapping_sub(self.deallocated_bytes).cast_signed()
    }

    /// What was added since `earlier`, an older reading of the same books.
    ///
    /// # Example
    ///
    /// ```standalone_crate
    /// # use ndarray_pool::memory::heap::{self, CountingAllocator};
    /// # #[global_allocator]
    /// # static COUNTER: CountingAllocator = CountingAllocator::system();
    /// # fn main() {
    /// let earlier = heap::thread_counts().unwrap();
    /// drop(std::hint::black_box(vec![0_u8; 100]));
    /// let made = heap::thread_counts().unwrap().since(&earlier);
    /// assert_eq!((made.requests(), made.deallocations, made.net_bytes()), (1, 1, 0));
    /// # }
    /// ```
    #[must_use]
    pub const fn since(&self, earlier: &Self) -> Self {
        Self {
            allocations: self.allocations.wrapping_sub(earlier.allocations),
            reallocations: self.reallocations.wrapping_sub(earlier.reallocations),
            deallocations: self.deallocations.wrapping_sub(earlier.deallocations),
            allocated_bytes: self.allocated_bytes.wrapping_sub(earlier.allocated_bytes),
            deallocated_bytes: self.deallocated_bytes.wrapping_sub(earlier.deallocated_bytes),
        }
    }
}

/// The books of the whole process: all threads together, and how much is and was alive.
///
/// The figures are read one after the other: while other threads allocate they may be a few
/// requests apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct ProcessCounts {
    /// What was asked for since the process began.
    pub total: HeapCounts,
    /// Bytes alive now: asked for and not yet given back.
    pub current_bytes: u64,
    /// The most bytes that were alive at once since the process began, or since [`reset_peak`].
    pub peak_bytes: u64,
}

/// One request for memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Allocation {
    /// Which method of the allocator was called.
    pub kind: AllocationKind,
    /// How many bytes were asked for (a reallocation: its new size).
    pub bytes: usize,
}

/// Which method of the allocator a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AllocationKind {
    /// A new block: `Box::new`, `Vec::with_capacity`.
    Alloc,
    /// A new block of zeros: `vec![0.0; n]`, `Array::zeros`.
    AllocZeroed,
    /// An old block made larger or smaller: `Vec::push` beyond the capacity, `shrink_to_fit`.
    Realloc,
}

/// Whether a [`CountingAllocator`] is this program's global allocator.
///
/// The first call in a process finds out by making one allocation of a single byte; later calls
/// remember.
#[must_use]
pub fn is_installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let before = this_thread().allocations;
        // Without the black boxes the optimizer would remove a block that nobody reads.
        drop(black_box(Box::new(black_box(0_u8))));
        this_thread().allocations != before
    })
}

/// What the calling thread has asked of the heap since it began; `None` if no [`CountingAllocator`]
/// is installed.
#[must_use]
pub fn thread_counts() -> Option<HeapCounts> {
    is_installed().then(this_thread)
}

/// What all threads have asked of the heap; `None` if no [`CountingAllocator`] is installed.
#[must_use]
pub fn process_counts() -> Option<ProcessCounts> {
    is_installed().then(|| PROCESS.read())
}

/// Lets [`ProcessCounts::peak_bytes`] begin again at what is alive now.
///
/// A peak that another thread reaches and leaves during this call may be lost. This is the
/// allocator's peak; the kernel's has a [`reset_peak`](super::reset_peak) of its own.
pub fn reset_peak() {
    PROCESS.peak_bytes.store(PROCESS.current_bytes.load(Relaxed), Relaxed);
    // What another thread asked for between that load and that store must not be forgotten.
    PROCESS.peak_bytes.fetch_max(PROCESS.current_bytes.load(Relaxed), Relaxed);
}

/// Puts `first` where the first request of this thread is remembered and returns what was there.
/// The place is filled by the next request if it is empty. Regions use it, and put back what they
/// found.
pub(super) fn replace_first_request(first: Option<Allocation>) -> Option<Allocation> {
    BOOKS.try_with(|books| books.first_request.replace(first)).unwrap_or(None)
}

/// The books of one thread. Nothing in it needs a destructor, so it is usable until the thread's
/// very end.
struct ThreadBooks {
    counts: Cell<HeapCounts>,
    first_request: Cell<Option<Allocation>>,
}

thread_local! {
    static BOOKS: ThreadBooks =
        const { ThreadBooks { counts: Cell::new(NOTHING), first_request: Cell::new(None) } };
}

const NOTHING: HeapCounts = HeapCounts {
    allocations: 0,
    reallocations: 0,
    deallocations: 0,
    allocated_bytes: 0,
    deallocated_bytes: 0,
};

/// The books of the process, on a cache line that nothing else shares. Relaxed suffices: they are
/// sums, and order nothing. `deallocated_bytes` is the difference of two others, which saves an
/// atomic addition on every request.
#[repr(align(64))]
struct ProcessBooks {
    allocations: AtomicU64,
    reallocations: AtomicU64,
    deallocations: AtomicU64,
    allocated_bytes: AtomicU64,
    current_bytes: AtomicU64,
    peak_bytes: AtomicU64,
}

static PROCESS: ProcessBooks = ProcessBooks {
    allocations: AtomicU64::new(0),
    reallocations: AtomicU64::new(0),
    deallocations: AtomicU64::new(0),
    allocated_bytes: AtomicU64::new(0),
    current_bytes: AtomicU64::new(0),
    peak_bytes: AtomicU64::new(0),
};

impl ProcessBooks {
    /// One addition on one word decides what was alive at any moment, so the peak is exact over what
    /// is booked, with any number of threads. (A block is booked as freed just after it was: one that
    /// another thread is given in between counts twice for that moment.)
    #[inline]
    fn grow(&self, bytes: u64) {
        let current_bytes = self.current_bytes.fetch_add(bytes, Relaxed).wrapping_add(bytes);
        // Looking first spares the common case, where there is no new peak, an atomic write.
        if current_bytes > self.peak_bytes.load(Relaxed) {
            self.peak_bytes.fetch_max(current_bytes, Relaxed);
        }
    }

    fn read(&self) -> ProcessCounts {
        let current_bytes = self.current_bytes.load(Relaxed);
        let allocated_bytes = self.allocated_bytes.load(Relaxed);
        ProcessCounts {
            total: HeapCounts {
                allocations: self.allocations.load(Relaxed),
                reallocations: self.reallocations.load(Relaxed),
                deallocations: self.deallocations.load(Relaxed),
                allocated_bytes,
                deallocated_bytes: allocated_bytes.wrapping_sub(current_bytes),
            },
            current_bytes,
            peak_bytes: self.peak_bytes.load(Relaxed),
        }
    }
}

#[inline]
fn book_allocation(kind: AllocationKind, size: usize) {
    let bytes = size as u64;
    book_for_thread(Some(Allocation { kind, bytes: size }), |counts| {
        counts.allocations = counts.allocations.wrapping_add(1);
        counts.allocated_bytes = counts.allocated_bytes.wrapping_add(bytes);
    });
    PROCESS.allocations.fetch_add(1, Relaxed);
    PROCESS.allocated_bytes.fetch_add(bytes, Relaxed);
    PROCESS.grow(bytes);
}

#[inline]
fn book_reallocation(old_size: usize, new_size: usize) {
    let (old_bytes, new_bytes) = (old_size as u64, new_size as u64);
    let request = Allocation { kind: AllocationKind::Realloc, bytes: new_size };
    book_for_thread(Some(request), |counts| {
        counts.reallocations = counts.reallocations.wrapping_add(1);
        counts.allocated_bytes = counts.allocated_bytes.wrapping_add(new_bytes);
        counts.deallocated_bytes = counts.deallocated_bytes.wrapping_add(old_bytes);
    });
    PROCESS.reallocations.fetch_add(1, Relaxed);
    PROCESS.allocated_bytes.fetch_add(new_bytes, Relaxed);
    if new_bytes >= old_bytes {
        PROCESS.grow(new_bytes - old_bytes);
    } else {
        PROCESS.current_bytes.fetch_sub(old_bytes - new_bytes, Relaxed);
    }
}

#[inline]
fn book_deallocation(size: usize) {
    let bytes = size as u64;
    book_for_thread(None, |counts| {
        counts.deallocations = counts.deallocations.wrapping_add(1);
        counts.deallocated_bytes = counts.deallocated_bytes.wrapping_add(bytes);
    });
    PROCESS.deallocations.fetch_add(1, Relaxed);
    PROCESS.current_bytes.fetch_sub(bytes, Relaxed);
}

/// `try_with` instead of `with`, because an allocator must not panic.
#[inline]
fn book_for_thread(request: Option<Allocation>, add: impl FnOnce(&mut HeapCounts)) {
    let _ = BOOKS.try_with(|books| {
        let mut counts = books.counts.get();
        add(&mut counts);
        books.counts.set(counts);
        if request.is_some() && books.first_request.get().is_none() {
            books.first_request.set(request);
        }
    });
}

fn this_thread() -> HeapCounts {
    BOOKS.try_with(|books| books.counts.get()).unwrap_or(NOTHING)
}
