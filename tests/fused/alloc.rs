//! No formula allocates, whatever its operands look like.
#![expect(clippy::reversed_empty_ranges, reason = "ndarray counts -1 from the end")]

use ndarray::{Array, Array1, Array2, Array4, Array6, ArrayD, Axis, Dimension, IxDyn, s};
use ndarray::{RemoveAxis, ShapeBuilder};
use ndarray_pool::fused;
use ndarray_pool::memory::count_allocs;
use ndarray_pool::memory::heap::CountingAllocator;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

#[track_caller]
fn allocates_nothing(call: impl FnOnce()) {
    assert_eq!(count_allocs(call).1.counts.requests(), 0);
}

/// Formulas of arrays of one rank.
fn of_rank<D: RemoveAxis>(shape: D)
where
    D::Smaller: Dimension,
{
    let a = Array::<f64, D>::ones(shape.clone());
    let f = Array::<f64, D>::ones(shape.clone().f());
    let row = Array1::<f64>::ones(shape[shape.ndim() - 1]);
    let mut column = a.clone();
    column.collapse_axis(Axis(shape.ndim() - 1), 0);
    let mut out = a.clone();
    allocates_nothing(|| {
        fused!(out = |a, b = a| a + b);
        fused!(out += |a, f, row| a * f * row);
        fused!(out = |out, column| out - column);
        assert!(fused!(sum | a, f, row, column | a * f * row * column) > 0.0);
        assert!(fused!(all | f, a | a == f));
        assert!(fused!(mean | a, f | a * f) == 1.0);
    });
    for axis in (0..shape.ndim()).map(Axis) {
        let mut sums = a.sum_axis(axis);
        allocates_nothing(|| {
            fused!(sum(axis) sums = |a, f, row| a * f * row);
            fused!(max(axis) sums = |f, column| f * column);
            fused!(mean(axis) sums = |f| f * 1.5e308);
        });
    }
}

#[test]
fn of_any_rank() {
    of_rank(ndarray::Ix1(900));
    of_rank(ndarray::Ix2(30, 40));
    of_rank(ndarray::Ix3(3, 4, 50));
    of_rank(Array4::<f64>::zeros((2, 3, 4, 5)).raw_dim());
    of_rank(ndarray::Ix5(2, 3, 2, 3, 4));
    of_rank(Array6::<f64>::zeros((2, 2, 1, 3, 2, 5)).raw_dim());
    of_rank(IxDyn(&[3, 4, 5]));
}

#[test]
fn of_many_outputs_and_gaps() {
    let u = Array2::<f64>::ones((60, 70));
    let (mut p, mut q) = (Array2::<f64>::zeros((58, 68)), Array2::<f32>::zeros((60, 140)));
    allocates_nothing(|| {
        let inner = s![1..-1, 1..-1];
        fused!((p, q = q.slice_mut(s![1..-1, ..;2]).slice_mut(s![.., 1..-1])) =
        |l = u.slice(s![1..-1, ..-2]), m = u.slice(inner), t = u.slice(s![..-2, 1..-1])| {
            (l + m + t, m as f32)
        });
    });
    assert!(p.iter().all(|&p| p == 3.0));
    assert_eq!(q.sum(), (58 * 68) as f32);
}

/// Large arrays are streamed, unless the last cache is larger than 64 MiB.
#[test]
fn of_large_arrays() {
    let a = Array2::<f64>::ones((2400, 2300));
    let row = Array1::<f64>::ones(2300);
    let mut out = Array2::<f64>::zeros((2400, 2300));
    let mut dynamic = ArrayD::<f64>::zeros(IxDyn(&[2400]));
    allocates_nothing(|| {
        fused!(out = |a, row| a + row);
        fused!((part = out.slice_mut(s![1.., 1..])) = |part, a = a.slice(s![..-1, ..-1])| part * a);
        fused!(sum(Axis(1)) dynamic = |a = a.view().into_dyn(), out, row| a * out * row);
    });
    assert_eq!(out.sum(), 2.0 * 2400.0 * 2300.0);
    assert_eq!(dynamic.sum(), 2.0 * 2400.0 * 2300.0);
}
