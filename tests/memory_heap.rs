//! The counting allocator, installed: what it counts, and that `no_alloc` catches what it must.
//!
//! Tests run in threads of their own, side by side. Figures of a thread are exact all the same;
//! figures of the process are compared with room for what the other tests hold meanwhile.
#![expect(unsafe_code, reason = "an allocator can be called directly only through unsafe methods")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::{ptr, thread};

use ndarray::Array;
use ndarray_pool::memory::heap::{self, Allocation, AllocationKind, CountingAllocator, HeapCounts};
use ndarray_pool::memory::{self, Trace, count_allocs, no_alloc};

#[global_allocator]
static COUNTER: CountingAllocator = CountingAllocator::system();

/// What `no_alloc` says about `f`; fails if it says nothing.
#[track_caller]
fn complaint<R>(f: impl FnOnce() -> R) -> String {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        no_alloc(f);
    }));
    *outcome.expect_err("no_alloc let an allocation pass").downcast::<String>().unwrap()
}

#[test]
fn no_alloc_catches_every_way_to_allocate() {
    let mut full = Vec::from([1_u64; 4]);
    let text = String::from("abc");
    let expected = |requests: &str, bytes: usize, first: &str| {
        format!(
            "no_alloc: the closure made {requests} for heap memory, {bytes} bytes in all; \
             the first was {first}"
        )
    };
    let one = "1 request";
    assert_eq!(complaint(|| vec![1.0_f64; 1000]), expected(one, 8000, "a new block of 8000 bytes"));
    assert_eq!(
        complaint(|| vec![0.0_f64; 1000]),
        expected(one, 8000, "a new block of zeros of 8000 bytes")
    );
    assert_eq!(
        complaint(|| Array::<f64, _>::zeros((10, 10))),
        expected(one, 800, "a new block of zeros of 800 bytes")
    );
    assert_eq!(
        complaint(|| black_box(Box::new(7_u32))),
        expected(one, 4, "a new block of 4 bytes")
    );
    assert_eq!(complaint(|| full.push(5)), expected(one, 64, "a reallocation to 64 bytes"));
    let message = complaint(|| black_box(Box::new(1_u8)));
    assert!(message.contains("memory, 1 byte in all; the first was a new block of 1 byte"));
    assert!(message.ends_with("1 byte"), "{message}");
    assert_eq!(complaint(|| text.clone()), expected(one, 3, "a new block of 3 bytes"));
    assert_eq!(
        complaint(|| (vec![1_u8; 10], vec![1_u8; 20], black_box(Box::new(1_u8)))),
        expected("3 requests", 31, "a new block of 10 bytes")
    );
    assert_eq!(
        complaint(|| black_box(Box::new(7_u8))),
        "no_alloc: the closure made 1 request for heap memory, 1 byte in all; the first was a new \
         block of 1 byte"
    );
    full.reserve_exact(100);
    assert!(complaint(|| full.shrink_to_fit()).ends_with("a reallocation to 40 bytes"));
}

#[test]
fn no_alloc_lets_everything_else_pass() {
    let mut block = vec![1.0; 100];
    let to_free = black_box(vec![1_u8; 1000]);
    let sum: f64 = no_alloc(|| {
        drop(to_free);
        block.clear();
        block.extend([2.0; 100]);
        block.iter().sum()
    });
    assert_eq!(sum, 200.0);
}

#[test]
fn panic_names_the_caller_and_comes_after_the_closure() {
    let hook = panic::take_hook();
    let (sender, places) = mpsc::channel();
    let this_thread = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == this_thread {
            let place = info.location().unwrap();
            let _ = sender.send((place.file().to_owned(), place.line()));
        } else {
            hook(info);
        }
    }));
    let mut has_returned = false;
    let line = line!() + 2;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        no_alloc(|| {
            drop(black_box(Box::new(1)));
            has_returned = true;
        });
    }));
    let _ = panic::take_hook();
    assert!(outcome.is_err());
    assert!(has_returned);
    assert_eq!(places.recv().unwrap(), (file!().to_owned(), line));
}

#[test]
fn regions_nest() {
    let (_, outer) = count_allocs(|| {
        let (_, first) = count_allocs(|| black_box(vec![1_u8; 30]));
        assert_eq!((first.counts.allocations, first.counts.allocated_bytes), (1, 30));
        let (_, second) = count_allocs(|| black_box(vec![1_u8; 50]));
        assert_eq!(second.first.unwrap().bytes, 50);
        let ((), quiet) = count_allocs(|| no_alloc(|| ()));
        assert_eq!(quiet, memory::RegionCounts::default());
    });
    assert_eq!((outer.counts.allocations, outer.counts.allocated_bytes), (2, 80));
    assert_eq!(outer.counts.deallocations, 2);
    assert_eq!(outer.first, Some(first_of(30)));

    let (_, outer) = count_allocs(|| {
        let kept = black_box(vec![1_u8; 7]);
        no_alloc(|| ());
        let (_, inner) = count_allocs(|| black_box(vec![1_u8; 9]));
        assert_eq!(inner.first, Some(first_of(9)));
        kept
    });
    assert_eq!(outer.first, Some(first_of(7)));

    assert!(complaint(no_alloc_of_nothing_then_a_box).contains("1 request"));
}

fn no_alloc_of_nothing_then_a_box() -> Box<u8> {
    no_alloc(|| ());
    black_box(Box::new(1))
}

/// `Allocation` is non-exhaustive, so the expected value is made by asking for it.
fn first_of(bytes: usize) -> Allocation {
    let first = count_allocs(|| black_box(vec![1_u8; bytes])).1.first.unwrap();
    assert_eq!((first.kind, first.bytes), (AllocationKind::Alloc, bytes));
    first
}

#[test]
fn a_panic_inside_passes_through_and_leaves_the_books_in_order() {
    let outcome = catch_unwind(|| {
        no_alloc(|| {
            drop(black_box(vec![1_u8; 10]));
            panic::panic_any(42_i32);
        });
    });
    assert_eq!(*outcome.unwrap_err().downcast::<i32>().unwrap(), 42);
    no_alloc(|| ());

    let (inner, outer) = count_allocs(|| {
        catch_unwind(|| {
            count_allocs(|| {
                drop(black_box(vec![1_u8; 11]));
                panic::resume_unwind(Box::new(black_box(0_u8)));
            })
        })
        .is_err()
    });
    assert!(inner);
    assert_eq!(outer.first.unwrap().bytes, 11);
    assert!(outer.counts.allocations >= 2);
    no_alloc(|| ());
}

#[test]
fn other_threads_are_the_process_s_business() {
    let (to_worker, work) = mpsc::sync_channel::<usize>(1);
    let (to_us, done) = mpsc::sync_channel::<HeapCounts>(1);
    let worker = thread::spawn(move || {
        for bytes in work {
            let (block, seen) = count_allocs(|| black_box(vec![1_u8; bytes]));
            assert_eq!(block.len(), bytes);
            to_us.send(seen.counts).unwrap();
        }
    });
    // The first message through a channel makes this thread's part of it.
    to_worker.send(1).unwrap();
    done.recv().unwrap();

    let before = heap::process_counts().unwrap();
    let (theirs, ours) = count_allocs(|| {
        to_worker.send(50_000_000).unwrap();
        done.recv().unwrap()
    });
    let after = heap::process_counts().unwrap();
    assert_eq!((theirs.allocations, theirs.allocated_bytes), (1, 50_000_000));
    assert_eq!(ours.counts.allocated_bytes, 0);
    assert!(after.total.since(&before.total).allocated_bytes >= 50_000_000);
    drop(to_worker);
    worker.join().unwrap();
}

#[test]
fn process_knows_what_is_alive_and_what_was_at_most() {
    const BIG: u64 = 400_000_000; // far beyond what the other tests hold at once
    heap::reset_peak();
    let before = heap::process_counts().unwrap();
    let block = black_box(Vec::<u8>::with_capacity(BIG as usize));
    let during = heap::process_counts().unwrap();
    drop(block);
    let after = heap::process_counts().unwrap();
    let slack = 100_000_000;
    assert!(during.current_bytes.abs_diff(before.current_bytes + BIG) < slack);
    assert!(during.peak_bytes >= during.current_bytes);
    assert!(after.current_bytes.abs_diff(before.current_bytes) < slack);
    assert!(after.peak_bytes >= before.current_bytes + BIG - slack);
    heap::reset_peak();
    assert!(heap::process_counts().unwrap().peak_bytes < BIG);
}

#[test]
fn reallocations_give_back_the_old_size_and_ask_for_the_new() {
    let mut block = black_box(Vec::<u8>::with_capacity(100));
    block.push(1);
    let ((), grown) = count_allocs(|| block.reserve_exact(999));
    let counts = grown.counts;
    assert_eq!((counts.allocations, counts.reallocations, counts.deallocations), (0, 1, 0));
    assert_eq!((counts.allocated_bytes, counts.deallocated_bytes), (1000, 100));
    assert_eq!((counts.requests(), counts.net_bytes()), (1, 900));
    let ((), shrunk) = count_allocs(|| block.shrink_to(10));
    assert_eq!((shrunk.counts.reallocations, shrunk.counts.net_bytes()), (1, -990));
    assert_eq!(shrunk.first.unwrap().kind, AllocationKind::Realloc);
    let ((), freed) = count_allocs(|| drop(block));
    assert_eq!((freed.counts.requests(), freed.counts.net_bytes()), (0, -10));
    assert_eq!(freed.first, None);
}

#[test]
fn every_call_reaches_the_inner_allocator_with_its_arguments() {
    let mut place = 0_u64;
    let block = (&raw mut place).cast::<u8>();
    let layout = Layout::new::<u64>();
    for answer in [block, ptr::null_mut()] {
        let calls = RefCell::new(Vec::with_capacity(4));
        let counter = CountingAllocator::new(Recorder { calls: &calls, answer });
        let ((), seen) = count_allocs(|| {
            // SAFETY: the layout has a size above zero.
            assert_eq!(unsafe { counter.alloc(layout) }, answer);
            // SAFETY: as above.
            assert_eq!(unsafe { counter.alloc_zeroed(layout) }, answer);
            // SAFETY: `Recorder` takes any block, and looks at none; the new size is above zero.
            assert_eq!(unsafe { counter.realloc(block, layout, 24) }, answer);
            // SAFETY: `Recorder` takes any block, and looks at none.
            unsafe { counter.dealloc(block, layout) };
        });
        let expected = [
            Call("alloc", None, layout, 0),
            Call("alloc_zeroed", None, layout, 0),
            Call("realloc", Some(block), layout, 24),
            Call("dealloc", Some(block), layout, 0),
        ];
        assert_eq!(*calls.borrow(), expected);
        let is_refused = answer.is_null();
        let requests = (seen.counts.allocations, seen.counts.reallocations);
        assert_eq!(requests, if is_refused { (0, 0) } else { (2, 1) });
        assert_eq!(seen.first.is_none(), is_refused, "what was refused is not counted");
    }
}

#[derive(Debug, PartialEq)]
struct Call(&'static str, Option<*mut u8>, Layout, usize);

/// Remembers what it was asked and always gives the same answer.
struct Recorder<'a> {
    calls: &'a RefCell<Vec<Call>>,
    answer: *mut u8,
}

impl Recorder<'_> {
    fn record(&self, call: Call) -> *mut u8 {
        self.calls.borrow_mut().push(call);
        self.answer
    }
}

// SAFETY: it is called by the test above alone, which uses no block it gets.
unsafe impl GlobalAlloc for Recorder<'_> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.record(Call("alloc", None, layout, 0))
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.record(Call("dealloc", Some(block), layout, 0));
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        self.record(Call("alloc_zeroed", None, layout, 0))
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        self.record(Call("realloc", Some(block), layout, new_size))
    }
}

#[test]
fn the_books_stay_open_until_a_thread_s_very_end() {
    /// Allocates when its thread takes down its variables.
    struct AtTheEnd(mpsc::SyncSender<u64>);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            let (_, seen) = count_allocs(|| black_box(vec![1_u8; 5]));
            let _ = self.0.send(seen.counts.allocated_bytes);
        }
    }
    thread_local! {
        static GUARD: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || GUARD.with(|guard| *guard.borrow_mut() = Some(AtTheEnd(sender))))
        .join()
        .unwrap();
    assert_eq!(receiver.recv().unwrap(), 5);
}

#[test]
fn looking_allocates_nothing() {
    let mut trace = Trace::with_capacity(3);
    let earlier = memory::usage();
    no_alloc(|| {
        black_box(memory::usage().since(&earlier));
        let _ = black_box(memory::reset_peak());
        black_box(heap::thread_counts());
        black_box(heap::process_counts());
        trace.mark("a");
        trace.start_pass();
        trace.mark("b");
        trace.mark("c");
    });
    assert_eq!(trace.marks().len(), 3);
    assert!(complaint(|| trace.mark("beyond the capacity")).contains("reallocation"));
}

#[test]
fn allocators_wrap_each_other() {
    const WRAPPED: CountingAllocator<CountingAllocator<System>> =
        CountingAllocator::new(CountingAllocator::new(System));
    assert!(heap::is_installed());
    let layout = Layout::new::<u64>();
    let (block, seen) = count_allocs(|| {
        // SAFETY: the layout has a size of 8 bytes.
        unsafe { WRAPPED.alloc_zeroed(layout) }
    });
    assert_eq!(seen.counts.allocations, 2, "each of the two counts");
    assert_eq!(seen.first.unwrap().kind, AllocationKind::AllocZeroed);
    // SAFETY: the block was made above, with this layout, and holds eight zeroed bytes.
    assert_eq!(unsafe { block.cast::<u64>().read() }, 0);
    // SAFETY: as above; nobody uses it afterwards.
    unsafe { WRAPPED.dealloc(block, layout) };
}
