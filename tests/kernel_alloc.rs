//! No kernel allocates: every entry of the registry runs under an allocator that counts.
//!
//! A binary of its own, because the allocator is the whole process's.
#![expect(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use ndarray::{
    Array, Axis, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, RemoveAxis, ShapeBuilder, Slice, arr0,
};

#[path = "all/kernel/registry.rs"]
#[expect(dead_code, reason = "formulas and messages are for other tests")]
mod registry;

use registry::{Kernel, Stage, Visitor, walk};

/// Counts what this thread asks of the system.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

impl Counting {
    fn count() {
        // A thread that is ending has no counter any more, and nothing to count either.
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
    }
}

// SAFETY: every method passes its arguments on to `System` as they are, and adds a counter that neither
// allocates (it is initialised at compile time and has no destructor) nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Counting::count();
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as above; `ptr` came from `System` through this allocator.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Counting::count();
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        Counting::count();
        // SAFETY: as in `dealloc`.
        unsafe { System.realloc(ptr, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations_in(call: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    call();
    ALLOCATIONS.get() - before
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations_in(|| drop(black_box(Box::new(1)))), 1);
    assert_eq!(allocations_in(|| drop(black_box(vec![0_u8; 9]))), 1);
    assert_eq!(allocations_in(|| drop(black_box(Array::<f64, _>::zeros((3, 3))))), 1);
    let mut list = vec![1];
    assert_eq!(allocations_in(|| black_box(&mut list).reserve(100)), 1);
    // Five axes are more than ndarray keeps without the heap.
    let five = Array::<f64, _>::zeros(IxDyn(&[1, 1, 1, 1, 1]));
    assert!(allocations_in(|| drop(black_box(five.view()))) > 0);
}

#[test]
fn no_kernel_allocates() {
    struct Allocations;
    impl Visitor for Allocations {
        fn visit<K: Kernel>(&mut self) {
            if !K::TAKES_AXIS {
                run_without_axes::<K>();
                run_in_all_layouts::<K, IxDyn>(IxDyn(&[]));
            }
            run_in_all_layouts::<K, _>(Ix1(5));
            run_in_all_layouts::<K, _>(Ix2(3, 4));
            run_in_all_layouts::<K, _>(Ix3(2, 3, 4));
            run_in_all_layouts::<K, _>(Ix4(2, 3, 1, 2));
            run_in_all_layouts::<K, _>(Ix5(2, 3, 1, 2, 2));
            run_in_all_layouts::<K, _>(Ix6(2, 1, 3, 2, 1, 2));
            for ndim in 1..=4 {
                run_in_all_layouts::<K, _>(IxDyn(&[3, 2, 4, 2][..ndim]));
            }
            run_in_all_layouts::<K, _>(Ix1(5000));
            run_in_all_layouts::<K, _>(Ix2(5000, 2));
            run_in_all_layouts::<K, _>(Ix2(0, 3));
        }
    }
    walk(&mut Allocations);
}

/// Inputs and `out` in C order, in F order, and spaced, in all combinations and along every axis.
fn run_in_all_layouts<K: Kernel, D: RemoveAxis>(dim: D) {
    const EVERY_OTHER: Slice = Slice { start: 0, end: None, step: 2 };
    let axes = || (0..dim.ndim()).map(Axis);
    let spaced = axes().fold(dim.clone(), |mut wide, axis| {
        wide[axis.index()] *= 2;
        wide
    });
    let memories = || {
        [
            Array::ones(dim.clone()),
            Array::ones(dim.clone().f()),
            Array::<f64, D>::ones(spaced.clone()),
        ]
    };
    let inputs = memories();
    for (input_layout, input) in inputs.iter().enumerate() {
        for (out_layout, mut out) in memories().into_iter().enumerate() {
            let (mut input, mut out) = (input.view(), out.view_mut());
            for axis in axes() {
                if input_layout == 2 {
                    input.slice_axis_inplace(axis, EVERY_OTHER);
                }
                if out_layout == 2 {
                    out.slice_axis_inplace(axis, EVERY_OTHER);
                }
            }
            let inputs = vec![input; K::INPUTS.len()];
            for axis in if K::TAKES_AXIS { 0..dim.ndim() } else { 0..1 } {
                let stage = Stage::new(out.shape(), Axis(axis));
                let count = allocations_in(|| K::run(&stage, &inputs, &mut out));
                let name = K::NAME;
                assert_eq!(count, 0, "{name} on {dim:?} along {axis}, {input_layout} {out_layout}");
            }
        }
    }
}

fn run_without_axes<K: Kernel>() {
    let (stage, one, mut out) = (Stage::new(&[], Axis(0)), arr0(1.0), arr0(0.0));
    let inputs = vec![one.view(); K::INPUTS.len()];
    let count = allocations_in(|| K::run_scalar(&stage, &inputs, &mut out));
    assert_eq!(count, 0, "{} on a scalar", K::NAME);
}
