//! Every reduction is right for every layout of its operands, writes nothing beside `out`, and names what is wrong.

use ndarray::{
    Array, ArrayD, ArrayViewD, Axis, Dimension, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, RemoveAxis,
};

use super::layout::{Laid, Layout};
use super::mismatches::panic_of;
use super::registry_reductions::parts::{Aids, Element};
use super::registry_reductions::{Reduction, Slope, Visitor, Whole, walk};

const SHAPES: &[&[usize]] = &[
    &[0],
    &[1],
    &[5],
    &[700],
    &[3, 4],
    &[1, 4],
    &[4, 1],
    &[0, 3],
    &[3, 0],
    &[70, 3],
    &[3, 70],
    &[2, 3, 4],
    &[2, 0, 3],
    &[3, 1, 2],
    &[2, 1, 3, 2],
    &[2, 1, 2, 3, 2],
    &[1, 2, 2, 1, 2, 3],
];

/// Longer than blocks, tiles of rows, and tiles of columns.
const LONG: &[&[usize]] = &[&[2, 300], &[70, 70], &[2, 1100]];

#[test]
fn every_layout_gives_the_formula() {
    struct Layouts;
    impl Visitor for Layouts {
        fn reduction<K: Reduction>(&mut self) {
            for shape in SHAPES {
                for (at, layout) in Layout::all(shape.len()).iter().enumerate() {
                    check_reduction::<K>(shape, layout, at);
                }
            }
            for shape in LONG {
                for (at, layout) in Layout::distinct(shape.len()).iter().take(2).enumerate() {
                    check_reduction::<K>(shape, layout, at);
                }
            }
        }
        fn whole<K: Whole>(&mut self) {
            for shape in SHAPES.iter().chain(&[&[][..]]) {
                let layouts = Layout::all(shape.len());
                for (at, layout) in layouts.iter().enumerate() {
                    check_whole::<K>(shape, &[layout, &layouts[(at + 1) % layouts.len()]]);
                }
            }
        }
        fn slope<K: Slope>(&mut self) {
            for shape in SHAPES {
                for (at, layout) in Layout::all(shape.len()).iter().enumerate() {
                    check_slope::<K>(shape, layout, at);
                }
            }
        }
    }
    walk(&mut Layouts);
}

/// Runs a kernel along each axis, and compares lane by lane. `out` has one of its layouts in turn.
fn check_reduction<K: Reduction>(shape: &[usize], layout: &Layout, turn: usize) {
    let seconds = Layout::all(shape.len());
    for axis in (0..shape.len()).map(Axis) {
        let len = shape[axis.index()];
        if len == 0 && !K::OF_NOTHING {
            continue;
        }
        let mut aids = Aids::new(len);
        let second = &seconds[turn / 2];
        let inputs: Vec<Laid<K::In>> = (K::INPUTS.iter().enumerate())
            .map(|(k, _)| [layout, second][k].lay_among(&elements(shape, k, K::NAME), K::In::GAP))
            .collect();
        let views: Vec<_> = inputs.iter().map(Laid::view).collect();
        let mut out_shape = shape.to_vec();
        out_shape.remove(axis.index());
        let expected = ArrayD::from_shape_fn(&out_shape[..], |place: IxDyn| {
            let lanes: Vec<Vec<K::In>> = views.iter().map(|a| lane_of(a, axis, &place)).collect();
            let lanes: Vec<&[K::In]> = lanes.iter().map(|lane| &lane[..]).collect();
            K::formula(&lanes, &aids)
        });
        let outs = Layout::distinct(out_shape.len());
        let layout = &outs[(turn + axis.index()) % outs.len()];
        for dynamic in [true, false] {
            let gap = ArrayD::from_elem(&out_shape[..], K::Out::GAP);
            let mut out = layout.lay_among(&gap, K::Out::GAP);
            match (dynamic, shape.len()) {
                (true, _) => reduce::<K, IxDyn>(&views, axis, &mut aids, &mut out),
                (_, 1) => reduce::<K, Ix1>(&views, axis, &mut aids, &mut out),
                (_, 2) => reduce::<K, Ix2>(&views, axis, &mut aids, &mut out),
                (_, 3) => reduce::<K, Ix3>(&views, axis, &mut aids, &mut out),
                (_, 4) => reduce::<K, Ix4>(&views, axis, &mut aids, &mut out),
                (_, 5) => reduce::<K, Ix5>(&views, axis, &mut aids, &mut out),
                _ => reduce::<K, Ix6>(&views, axis, &mut aids, &mut out),
            }
            let same = out.view().iter().zip(&expected).all(|(x, y)| x.is_near(*y));
            let (name, view) = (K::NAME, out.view());
            assert!(
                same,
                "{name} along {axis:?} of {shape:?}, {layout:?}:\n{view:?}\n{expected:?}"
            );
            assert!(out.gaps_are_untouched(), "{name} wrote beside out: {layout:?}");
        }
    }
}

fn reduce<K: Reduction, D: RemoveAxis>(
    inputs: &[ArrayViewD<'_, K::In>],
    axis: Axis,
    aids: &mut Aids,
    out: &mut Laid<K::Out>,
) {
    let inputs: Vec<_> = inputs.iter().map(|a| a.clone().into_dimensionality().unwrap()).collect();
    let mut out = out.view_mut().into_dimensionality::<D::Smaller>().unwrap();
    K::run::<D>(&inputs, axis, aids, &mut out);
}

fn check_whole<K: Whole>(shape: &[usize], layouts: &[&Layout; 2]) {
    let mut aids = Aids::new(shape.iter().product());
    let inputs: Vec<Laid<K::In>> = (K::INPUTS.iter().enumerate())
        .map(|(k, _)| layouts[k].lay_among(&elements(shape, k, K::NAME), K::In::GAP))
        .collect();
    let views: Vec<_> = inputs.iter().map(Laid::view).collect();
    let logical: Vec<Vec<K::In>> = views.iter().map(|a| a.iter().copied().collect()).collect();
    let logical: Vec<&[K::In]> = logical.iter().map(|a| &a[..]).collect();
    let expected = K::formula(&logical);
    let result = K::run(&views, &mut aids);
    assert!(result.is_near(expected), "{} of {shape:?}: {result}, not {expected}", K::NAME);
    let views: Option<Vec<_>> =
        views.into_iter().map(|a| a.into_dimensionality::<Ix2>().ok()).collect();
    if let Some(views) = views {
        assert_eq!(K::run(&views, &mut aids).to_bits(), result.to_bits(), "{}: Ix2", K::NAME);
    }
}

fn check_slope<K: Slope>(shape: &[usize], layout: &Layout, turn: usize) {
    for axis in (0..shape.len()).map(Axis) {
        let len = shape[axis.index()];
        if len < K::LEAST {
            continue;
        }
        let a = layout.lay(&elements(shape, 0, K::NAME));
        let mut out_shape = shape.to_vec();
        out_shape[axis.index()] = K::out_len(len);
        let expected = ArrayD::from_shape_fn(&out_shape[..], |place: IxDyn| {
            let mut others = place.slice().to_vec();
            let at = others.remove(axis.index());
            K::formula(&lane_of(&a.view(), axis, &IxDyn(&others)), at)
        });
        let outs = Layout::distinct(shape.len());
        let layout = &outs[(turn + axis.index()) % outs.len()];
        let mut out = layout.lay(&ArrayD::from_elem(&out_shape[..], f64::GAP));
        K::run(&a.view(), axis, &mut out.view_mut());
        assert_eq!(out.view(), expected, "{} along {axis:?} of {shape:?}, {layout:?}", K::NAME);
        assert!(out.gaps_are_untouched(), "{} wrote beside out: {layout:?}", K::NAME);
    }
}

#[test]
fn mismatches_are_named() {
    struct Mismatches;
    impl Visitor for Mismatches {
        fn reduction<K: Reduction>(&mut self) {
            let (name, first) = (K::NAME, K::INPUTS[0]);
            let message = format!(
                "{name}: `out` has shape [5], \
                 but must have the shape of `{first}` without axis 0, [4]"
            );
            panics::<K>([3, 4], [3, 4], Axis(0), [5], &message);
            let message = format!("{name}: `{first}` has shape [3, 4], which has no axis 2");
            panics::<K>([3, 4], [3, 4], Axis(2), [4], &message);
            if !K::OF_NOTHING {
                let message =
                    format!("{name}: `{first}` has shape [0, 4], whose axis 0 has no elements");
                panics::<K>([0, 4], [0, 4], Axis(0), [4], &message);
            }
            if let Some(second) = K::INPUTS.get(1) {
                let message = format!(
                    "{name}: `{second}` has shape [3, 5], \
                     but must have the shape of `{first}`, [3, 4]"
                );
                panics::<K>([3, 4], [3, 5], Axis(0), [4], &message);
            }
        }
        fn whole<K: Whole>(&mut self) {
            let Some(second) = K::INPUTS.get(1) else { return };
            let a: [_; 2] = [elements(&[3, 4], 0, K::NAME), elements(&[3, 5], 0, K::NAME)];
            let panic = panic_of(|| {
                K::run(&[a[0].view(), a[1].view()], &mut Aids::new(12));
            });
            let message = format!(
                "{}: `{second}` has shape [3, 5], but must have the shape of `{}`, [3, 4]",
                K::NAME,
                K::INPUTS[0]
            );
            assert_eq!(panic.message, message);
            assert!(panic.file.ends_with("registry_reductions.rs"), "{}", panic.file);
        }
        fn slope<K: Slope>(&mut self) {
            let a = Array::from_elem((4, 3), 1.0);
            let mut out = Array::from_elem((4, 3), f64::GAP);
            let panic = panic_of(|| K::run(&a, Axis(2), &mut out));
            assert!(panic.message.ends_with("`a` has shape [4, 3], which has no axis 2"));
            let mut out = Array::from_elem((4, 4), f64::GAP);
            let panic = panic_of(|| K::run(&a, Axis(0), &mut out));
            let message = match K::NAME {
                "diff_axis_into" => {
                    "diff_axis_into: `out` has shape [4, 4], \
                     but must have the shape of `a` with axis 0 shorter by 2, [2, 3]"
                }
                _ => {
                    "gradient_axis_into: `a` has shape [4, 3], \
                     but must have the shape of `out`, [4, 4]"
                }
            };
            assert_eq!(panic.message, message);
            assert!(panic.file.ends_with("registry_reductions.rs"), "{}", panic.file);
            assert!(out.iter().all(|&x| x == f64::GAP), "{} wrote before it looked", K::NAME);
        }
    }
    walk(&mut Mismatches);
}

fn panics<K: Reduction>(a: [usize; 2], b: [usize; 2], axis: Axis, out: [usize; 1], message: &str) {
    let inputs = [elements(&a, 0, K::NAME), elements(&b, 0, K::NAME)];
    let inputs: Vec<_> = (inputs.iter().take(K::INPUTS.len()))
        .map(|a| a.view().into_dimensionality::<Ix2>().unwrap())
        .collect();
    let mut out = Array::from_elem(out, K::Out::GAP);
    let mut aids = Aids::new(a.get(axis.index()).copied().unwrap_or(0));
    let panic = panic_of(|| K::run(&inputs, axis, &mut aids, &mut out));
    assert_eq!(panic.message, message);
    assert!(panic.file.ends_with("registry_reductions.rs"), "{} blames {}", K::NAME, panic.file);
    assert!(out.iter().all(|&x| x == K::Out::GAP), "{} wrote before it looked", K::NAME);
}

fn lane_of<A: Copy>(a: &ArrayViewD<'_, A>, axis: Axis, place: &IxDyn) -> Vec<A> {
    let mut index = place.slice().to_vec();
    index.insert(axis.index(), 0);
    (0..a.len_of(axis))
        .map(|k| {
            index[axis.index()] = k;
            a[&index[..]]
        })
        .collect()
}

/// Elements that repeat now and then; for kernels that leave NaN out, every fifth is NaN. (Where it stands
/// decides whether `nanargmin` has an answer at all: that is tested by hand.)
fn elements<A: Element>(shape: &[usize], input: usize, kernel: &str) -> ArrayD<A> {
    let nan = kernel.starts_with("nan") && !kernel.starts_with("nanarg");
    let len = shape.iter().product();
    let numbers =
        (0..len).map(|n| if nan && n % 5 == 4 { A::NAN } else { A::number(n + 3 * input) });
    ArrayD::from_shape_vec(shape, numbers.collect()).expect("as many as the shape has")
}
