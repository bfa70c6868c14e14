//! Every kernel is right for every layout of its operands, and writes nothing beside `out`.

use ndarray::{ArrayD, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, RemoveAxis};
use proptest::prelude::*;

use super::layout::{GAP, Laid, Layout};
use super::registry::{Kernel, Stage, Visitor, walk};

#[test]
fn every_layout_gives_the_formula() {
    const SHAPES: &[&[usize]] = &[
        &[],
        &[0],
        &[1],
        &[5],
        &[150],
        &[3, 4],
        &[1, 4],
        &[4, 1],
        &[0, 3],
        &[3, 0],
        &[3, 70],
        &[2, 3, 4],
        &[2, 0, 3],
        &[3, 1, 2],
        &[2, 1, 3, 2],
        &[2, 1, 2, 3, 2],
        &[1, 2, 2, 1, 2, 3],
    ];
    struct Layouts;
    impl Visitor for Layouts {
        fn visit<K: Kernel>(&mut self) {
            for shape in SHAPES {
                let (inputs, outs) = (Layout::all(shape.len()), Layout::distinct(shape.len()));
                for (at, first) in inputs.iter().enumerate() {
                    // The second input is laid out alike, or otherwise.
                    for second in [first, &inputs[(at + 1) % inputs.len()]] {
                        for out in &outs {
                            check::<K>(shape, &[first, second], out);
                        }
                    }
                }
            }
        }
    }
    walk(&mut Layouts);
}

/// Axes that are longer than the stack, and than a block of draws.
#[test]
fn long_axes_give_the_formula() {
    struct Long;
    impl Visitor for Long {
        fn visit<K: Kernel>(&mut self) {
            for shape in [&[5000][..], &[4096, 2], &[4097, 2], &[2, 4097]] {
                let outs = Layout::distinct(shape.len());
                for out in [&outs[0], &outs[1], &outs[5]] {
                    check::<K>(shape, &[&outs[0], &outs[0]], out);
                }
            }
        }
    }
    walk(&mut Long);
}

/// A shape of up to four axes and layouts for two inputs and `out`.
fn any_layouts() -> impl Strategy<Value = (Vec<usize>, [Layout; 3])> {
    let layout = |ndim: usize| {
        let order = Just((0..ndim).collect::<Vec<_>>()).prop_shuffle();
        let step = prop_oneof![Just(1_isize), Just(-1), Just(2), Just(-2), Just(3)];
        (order, proptest::collection::vec(step, ndim)).prop_map(move |(order, steps)| Layout {
            order,
            steps,
            ..Layout::c(ndim)
        })
    };
    proptest::collection::vec(0_usize..6, 0..=4).prop_flat_map(move |shape| {
        let ndim = shape.len();
        let repeated = proptest::collection::vec(any::<bool>(), ndim)
            .prop_map(move |repeats| Layout { repeats, ..Layout::c(ndim) });
        let input = prop_oneof![3 => layout(ndim), 1 => repeated];
        (Just(shape), input.clone(), input, layout(ndim))
            .prop_map(|(shape, a, b, out)| (shape, [a, b, out]))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn random_layouts_give_the_formula((shape, [a, b, out]) in any_layouts()) {
        struct Random<'a>(&'a [usize], [&'a Layout; 3]);
        impl Visitor for Random<'_> {
            fn visit<K: Kernel>(&mut self) {
                let Random(shape, [a, b, out]) = *self;
                check::<K>(shape, &[a, b], out);
            }
        }
        walk(&mut Random(&shape, [&a, &b, &out]));
    }
}

/// Runs a kernel along each of its axes, with `IxDyn` and with the static type, and compares with its formula.
fn check<K: Kernel>(shape: &[usize], inputs: &[&Layout; 2], out: &Layout) {
    let axes = if K::TAKES_AXIS { shape.len() } else { 1 };
    for axis in (0..axes).map(Axis) {
        let stage = Stage::new(shape, axis);
        let inputs: Vec<Laid> = K::INPUTS
            .iter()
            .enumerate()
            .map(|(k, _)| inputs[k].lay(&whole_numbers(shape, k)))
            .collect();
        let views: Vec<_> = inputs.iter().map(Laid::view).collect();
        let expected = K::formula(&stage, shape, &views);
        let compare = |mut laid: Laid, dims: &str| {
            let view = laid.view_mut();
            // Bits, because −0 is not 0.
            let same = view.iter().zip(&expected).all(|(x, y)| x.to_bits() == y.to_bits());
            assert!(
                same,
                "{} on {dims} along {axis:?} of {shape:?}, out {out:?}:\n{view}\n{expected}",
                K::NAME
            );
            assert!(laid.gaps_are_untouched(), "{} wrote beside out: {out:?}", K::NAME);
        };
        let mut laid = out.lay(&ArrayD::from_elem(shape, GAP));
        run::<K, IxDyn>(&stage, &inputs, &mut laid);
        compare(laid, "IxDyn");
        let mut laid = out.lay(&ArrayD::from_elem(shape, GAP));
        match shape.len() {
            0 => run_scalar::<K>(&stage, &inputs, &mut laid),
            1 => run::<K, Ix1>(&stage, &inputs, &mut laid),
            2 => run::<K, Ix2>(&stage, &inputs, &mut laid),
            3 => run::<K, Ix3>(&stage, &inputs, &mut laid),
            4 => run::<K, Ix4>(&stage, &inputs, &mut laid),
            5 => run::<K, Ix5>(&stage, &inputs, &mut laid),
            _ => run::<K, Ix6>(&stage, &inputs, &mut laid),
        }
        compare(laid, "its static type");
    }
}

fn run<K: Kernel, D: RemoveAxis>(stage: &Stage, inputs: &[Laid], out: &mut Laid) {
    let inputs: Vec<_> = inputs.iter().map(in_type::<D>).collect();
    let mut out = out.view_mut().into_dimensionality::<D>().expect("the shape has as many axes");
    K::run(stage, &inputs, &mut out);
}

fn run_scalar<K: Kernel>(stage: &Stage, inputs: &[Laid], out: &mut Laid) {
    let inputs: Vec<_> = inputs.iter().map(in_type::<Ix0>).collect();
    let mut out = out.view_mut().into_dimensionality::<Ix0>().expect("the shape has no axes");
    K::run_scalar(stage, &inputs, &mut out);
}

fn in_type<D: Dimension>(laid: &Laid) -> ndarray::ArrayView<'_, f64, D> {
    laid.view().into_dimensionality::<D>().expect("the shape has as many axes")
}

/// Whole numbers above zero: all different for the first input, a few that repeat for the second.
fn whole_numbers(shape: &[usize], input: usize) -> ArrayD<f64> {
    let numbers = (1_u32..).map(|n| f64::from(if input == 0 { n } else { n * 7 % 11 + 1 }));
    ArrayD::from_shape_vec(shape, numbers.take(shape.iter().product()).collect())
        .expect("as many numbers as the shape has")
}
