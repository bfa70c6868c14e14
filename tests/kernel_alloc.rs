//! No kernel allocates: every entry of the registry runs under an allocator that counts.
//!
//! A binary of its own, because the allocator is the whole process's.

use ndarray::{
    Array, ArrayD, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, RemoveAxis,
    ShapeBuilder, Slice, arr0,
};
use ndarray_pool::kernel::*;
use ndarray_pool::memory::count_allocs;
use ndarray_pool::memory::heap::CountingAllocator;

#[path = "all/kernel/registry.rs"]
#[expect(dead_code, reason = "formulas and messages are for other tests")]
mod registry;

#[path = "all/kernel/layout.rs"]
mod layout;

#[path = "all/kernel/registry_elementwise.rs"]
#[expect(dead_code, reason = "formulas and messages are for other tests")]
mod registry_elementwise;

#[path = "all/kernel/gather/mod.rs"]
#[expect(dead_code, reason = "formulas and messages are for other tests")]
mod gather;

#[path = "all/kernel/registry_reductions.rs"]
#[expect(dead_code, reason = "formulas and messages are for other tests")]
mod registry_reductions;

use registry::{Kernel, Stage, Visitor, walk};
use registry_reductions::parts::{Aids, Element};
use registry_reductions::{Reduction, Slope, Whole};

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

fn allocations_in(call: impl FnOnce()) -> u64 {
    count_allocs(call).1.counts.requests()
}

/// What the limit of four axes for `IxDyn` comes from, and a sign that the tests here can fail.
#[test]
fn five_dynamic_axes_allocate_in_ndarray_itself() {
    let five = Array::<f64, _>::zeros(IxDyn(&[1, 1, 1, 1, 1]));
    assert!(allocations_in(|| drop(std::hint::black_box(five.view()))) > 0);
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

/// Large arrays go other ways than those of the registry.
#[test]
fn nor_does_one_of_large_arrays() {
    let a = Array::<u8, _>::ones((2, 5 << 17));
    let mut out = a.clone();
    let mut rng = registry::SplitMix(1);
    assert_eq!(allocations_in(|| shuffle_elements_into(&a, &mut out, &mut rng)), 0);
    let mut a = Array::<u8, _>::ones(3 << 19);
    assert_eq!(allocations_in(|| shuffle_elements_inplace(&mut a, &mut rng)), 0);
}

/// Nor where it writes past the cache, as all of these do unless the last cache is larger than 64 MiB.
#[test]
fn nor_does_one_whose_arrays_leave_the_cache() {
    let a = Array::<f64, _>::ones((2400, 2300));
    let (mut out, mut diff) = (a.clone(), a.clone());
    let mut turned = Array::<f64, _>::ones((2300, 2400));
    let mut rng = registry::SplitMix(1);
    assert_eq!(allocations_in(|| copy_into(&a, &mut out)), 0);
    assert_eq!(allocations_in(|| map_into(&a, &mut out, |x| x + 1.0)), 0);
    assert_eq!(allocations_in(|| add_into(&a, &a, &mut out)), 0);
    assert_eq!(allocations_in(|| transpose_into(&a, &mut turned)), 0);
    assert_eq!(allocations_in(|| flip_axis_into(&a, Axis(0), &mut out)), 0);
    assert_eq!(allocations_in(|| roll_axis_into(&a, Axis(1), 5, &mut out)), 0);
    assert_eq!(allocations_in(|| shuffle_copy_into(&a, &mut out, &mut rng)), 0);
    assert_eq!(allocations_in(|| shuffle_diff_into(&a, &mut out, &mut diff, &mut rng)), 0);
    for axis in [0, 1] {
        let mut part = out.slice_axis_mut(Axis(axis), (1..).into());
        assert_eq!(allocations_in(|| diff_axis_into(&a, Axis(axis), 1, &mut part)), 0);
    }
}

#[test]
fn no_reduction_allocates() {
    struct Allocations;
    impl registry_reductions::Visitor for Allocations {
        fn reduction<K: Reduction>(&mut self) {
            reduce_in_all_layouts::<K, _>(Ix1(600));
            reduce_in_all_layouts::<K, _>(Ix2(70, 4));
            reduce_in_all_layouts::<K, _>(Ix2(3, 600));
            reduce_in_all_layouts::<K, _>(Ix3(2, 3, 4));
            reduce_in_all_layouts::<K, _>(Ix4(2, 3, 1, 2));
            reduce_in_all_layouts::<K, _>(Ix5(2, 3, 1, 2, 2));
            reduce_in_all_layouts::<K, _>(Ix6(2, 1, 3, 2, 1, 2));
            for ndim in 1..=4 {
                reduce_in_all_layouts::<K, _>(IxDyn(&[3, 2, 4, 2][..ndim]));
            }
        }
        fn whole<K: Whole>(&mut self) {
            for shape in [&[][..], &[600], &[3, 600], &[3, 2, 4, 2]] {
                for a in memories(IxDyn(shape), K::In::number(1)) {
                    let (name, inputs) = (K::NAME, vec![a.view(); K::INPUTS.len()]);
                    let mut aids = Aids::new(a.len());
                    let count = allocations_in(|| _ = K::run(&inputs, &mut aids));
                    assert_eq!(count, 0, "{name} on {shape:?}");
                }
            }
        }
        fn slope<K: Slope>(&mut self) {
            for shape in [&[600][..], &[40, 70], &[3, 4, 5, 3]] {
                for axis in (0..shape.len()).map(Axis) {
                    let mut out_shape = shape.to_vec();
                    out_shape[axis.index()] = K::out_len(shape[axis.index()]);
                    for a in memories(IxDyn(shape), 1.0) {
                        for mut out in memories(IxDyn(&out_shape), 0.0) {
                            let count = allocations_in(|| K::run(&a, axis, &mut out));
                            assert_eq!(count, 0, "{} on {shape:?} along {axis:?}", K::NAME);
                        }
                    }
                }
            }
        }
    }
    registry_reductions::walk(&mut Allocations);
}

/// Elements near both ends of the range, whose sums and squares are out of range, so that lanes are reduced again.
#[test]
fn nor_does_one_of_extreme_numbers() {
    let number = |k: usize| [1e308, 1.5e308, 1e-200, 0.0][k % 4] / (1 + k % 3) as f64;
    let a = Array::from_shape_fn(Ix2(60, 70), |(i, j)| number(i + 4 * (j / 8)));
    for axis in [Axis(0), Axis(1)] {
        let mut out = Array::zeros(a.len() / a.len_of(axis));
        let weights = Array::from_shape_fn(a.len_of(axis), number);
        let mut scratch = vec![0.0; a.len_of(axis)];
        let count = allocations_in(|| {
            mean_axis_into(&a, axis, &mut out);
            nanmean_axis_into(&a, axis, &mut out);
            assert!(out.iter().all(|mean| mean.is_finite()));
            var_axis_into(&a, axis, 1.0, &mut out);
            std_axis_into(&a, axis, 0.0, &mut out);
            nanstd_axis_into(&a, axis, 0.0, &mut out);
            norm_l2_axis_into(&a, axis, &mut out);
            average_axis_into(&a, &weights, axis, &mut out);
            assert!(out.iter().all(|average| average.is_finite()));
            median_axis_into(&a, axis, &mut out, &mut scratch);
        });
        assert_eq!(count, 0, "along {axis:?}");
    }
    let count = allocations_in(|| {
        let _ = (whole::mean(&a), whole::std(&a, 1.0), whole::norm_l2(&a), whole::average(&a, &a));
        let _ = (whole::nanmean(&a), whole::nanvar(&a, 0.0), diff_norms(&a, &a.view()));
    });
    assert_eq!(count, 0);
}

/// Inputs and `out` in C order, and in F order, in all combinations and along every axis.
fn reduce_in_all_layouts<K: Reduction, D: RemoveAxis>(dim: D) {
    for axis in (0..dim.ndim()).map(Axis) {
        let mut aids = Aids::new(dim[axis.index()]);
        for a in memories(dim.clone(), K::In::number(1)) {
            for mut out in memories(dim.remove_axis(axis), K::Out::GAP) {
                let (name, inputs) = (K::NAME, vec![a.view(); K::INPUTS.len()]);
                let count = allocations_in(|| K::run(&inputs, axis, &mut aids, &mut out));
                assert_eq!(count, 0, "{name} on {dim:?} along {axis:?}");
            }
        }
    }
}

fn memories<A: Clone, D: Dimension>(dim: D, element: A) -> [Array<A, D>; 2] {
    let f_order = Array::from_elem(dim.clone().f(), element.clone());
    [Array::from_elem(dim, element), f_order]
}

fn run_without_axes<K: Kernel>() {
    let (stage, one, mut out) = (Stage::new(&[], Axis(0)), arr0(1.0), arr0(0.0));
    let inputs = vec![one.view(); K::INPUTS.len()];
    let count = allocations_in(|| K::run_scalar(&stage, &inputs, &mut out));
    assert_eq!(count, 0, "{} on a scalar", K::NAME);
}

#[test]
fn no_elementwise_kernel_allocates() {
    use layout::Layout;
    use registry_elementwise::{Entry, Visitor, walk};

    struct Allocations;
    impl Visitor for Allocations {
        fn visit<E: Entry>(&mut self) {
            count::<E, Ix0>(&[]);
            count::<E, Ix1>(&[5]);
            count::<E, Ix2>(&[3, 4]);
            count::<E, Ix3>(&[2, 3, 4]);
            count::<E, Ix4>(&[2, 3, 1, 2]);
            count::<E, Ix5>(&[2, 3, 1, 2, 2]);
            count::<E, Ix6>(&[2, 1, 3, 2, 1, 2]);
            (0..=4).for_each(|ndim| count::<E, IxDyn>(&[3, 2, 4, 2][..ndim]));
            count::<E, Ix1>(&[5000]);
            count::<E, Ix2>(&[0, 3]);
        }
    }
    fn count<E: Entry, D: Dimension>(shape: &[usize]) {
        let (inputs, outs) = (Layout::all(shape.len()), Layout::distinct(shape.len()));
        for (at, input) in inputs.iter().enumerate() {
            for out in &outs {
                let layouts = [input, &inputs[(at + 1) % inputs.len()], input];
                let mut entry = E::lay(&[shape; 5], &layouts[..E::INPUTS.len()], out);
                entry.run::<D>(|call| {
                    let count = allocations_in(call);
                    assert_eq!(count, 0, "{} on {shape:?}, {layouts:?}, {out:?}", E::NAME);
                });
            }
        }
    }
    walk(&mut Allocations);
}

/// The kernels that gather and assemble, on operands in C order, in F order, and backwards.
#[test]
fn no_kernel_that_gathers_allocates() {
    const SHAPES: &[&[usize]] =
        &[&[5], &[3, 4], &[0, 3], &[40, 50], &[2, 3, 4], &[2, 3, 1, 2], &[2, 3, 1, 2, 2], &[1; 6]];
    for entry in gather::entries() {
        let mut calls = 0;
        for (shape, axis, layout) in SHAPES
            .iter()
            .flat_map(|shape| (0..shape.len()).map(move |axis| (shape, axis)))
            .flat_map(|(shape, axis)| (0..3).map(move |layout| (shape, axis, layout)))
        {
            let cases = entry.parameters.iter().map(|&p| (entry.case)(shape, axis, p));
            for case in cases.flatten() {
                let lay_out = |array: ArrayD<usize>| {
                    let shape = array.raw_dim();
                    let mut laid = ArrayD::zeros(shape.set_f(layout == 1));
                    if layout == 2 {
                        (0..laid.ndim()).for_each(|axis| laid.invert_axis(Axis(axis)));
                    }
                    laid.assign(&array);
                    laid
                };
                let inputs: Vec<_> = case.inputs.iter().cloned().map(lay_out).collect();
                let inputs: Vec<_> = inputs.iter().map(|input| input.view()).collect();
                let mut out = lay_out(ArrayD::zeros(case.out.clone()));
                for static_types in [true, false] {
                    if !static_types && case.out.len().max(shape.len()) > 4 {
                        continue; // where ndarray itself allocates
                    }
                    (entry.call)(&case, &inputs, out.view_mut(), static_types, &mut |kernel| {
                        let count = allocations_in(kernel);
                        assert_eq!(count, 0, "{} of {case:?}, {layout}", entry.name);
                        calls += 1;
                    });
                }
            }
        }
        assert!(calls > 0, "{} was not called", entry.name);
    }
}
