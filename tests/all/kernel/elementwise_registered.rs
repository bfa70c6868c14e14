//! What holds for every kernel of `registry_elementwise`: right for every layout, nothing written beside an output,
//! bad arguments named before anything is written.

use ndarray::{Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};

use super::layout::Layout;
use super::mismatches::panic_of;
use super::registry_elementwise::{Entry, Visitor, walk};

#[test]
fn every_layout_gives_the_formula() {
    struct Layouts;
    impl Visitor for Layouts {
        fn visit<E: Entry>(&mut self) {
            in_every_layout::<E, Ix0>(&[]);
            for len in [0, 1, 5, 150] {
                in_every_layout::<E, Ix1>(&[len]);
            }
            for shape in [[3, 4], [1, 4], [4, 1], [0, 3], [3, 0], [3, 70]] {
                in_every_layout::<E, Ix2>(&shape);
            }
            for shape in [[2, 3, 4], [2, 0, 3], [3, 1, 2]] {
                in_every_layout::<E, Ix3>(&shape);
            }
            in_every_layout::<E, Ix4>(&[2, 1, 3, 2]);
            in_every_layout::<E, Ix5>(&[2, 1, 2, 3, 2]);
            in_every_layout::<E, Ix6>(&[1, 2, 2, 1, 2, 3]);
        }
    }
    walk(&mut Layouts);
}

/// Each layout of the first input with every layout of the outputs; the others are laid out alike, or otherwise.
fn in_every_layout<E: Entry, D: Dimension>(shape: &[usize]) {
    let (inputs, outs) = (Layout::all(shape.len()), Layout::distinct(shape.len()));
    let count = inputs.len();
    for (at, first) in inputs.iter().enumerate() {
        for (out_at, out) in outs.iter().enumerate() {
            let others = [&inputs[(at + out_at) % count], &inputs[(at + 2 * out_at) % count]];
            check::<E, D>(shape, [first, others[0], others[1]], out);
            if at % outs.len() == out_at {
                check::<E, IxDyn>(shape, [first, first, others[0]], out);
            }
            if at == out_at {
                check::<E, D>(shape, [first; 3], out); // one slice each, in any order
            }
        }
    }
}

fn check<E: Entry, D: Dimension>(shape: &[usize], inputs: [&Layout; 3], out: &Layout) {
    let mut entry = E::lay(&[shape; 5], &inputs, out);
    entry.run::<D>(|call| call());
    let context = || format!("on {shape:?}, inputs {inputs:?}, out {out:?}");
    entry.check().unwrap_or_else(|wrong| panic!("{wrong}, {}", context()));
}

#[test]
fn wrong_shapes_are_named() {
    struct WrongShapes;
    impl Visitor for WrongShapes {
        fn visit<E: Entry>(&mut self) {
            for bad in usize::from(E::is_inplace())..E::INPUTS.len() {
                refuses::<E>(
                    bad,
                    format!(
                        "{}: `{}` has shape [3, 5], \
                         which cannot be broadcast to the shape of `{}`, [3, 4]",
                        E::NAME,
                        E::INPUTS[bad],
                        E::TARGET
                    ),
                );
            }
            for (second, name) in E::OUTPUTS.iter().enumerate().skip(1) {
                refuses::<E>(
                    E::INPUTS.len() + second,
                    format!(
                        "{}: `{name}` has shape [3, 5], \
                         but must have the shape of `{}`, [3, 4]",
                        E::NAME,
                        E::TARGET
                    ),
                );
            }
        }
    }
    walk(&mut WrongShapes);
}

/// An argument of shape 3×5 among others of 3×4 is answered by the message.
fn refuses<E: Entry>(bad: usize, message: String) {
    let mut shapes = [&[3, 4][..]; 5];
    shapes[bad] = &[3, 5];
    let c = Layout::c(2);
    let mut entry = E::lay(&shapes, &[&c, &c, &c], &c);
    entry.run::<Ix2>(|call| {
        let panic = panic_of(call);
        assert_eq!(panic.message, message);
        let blamed = panic.file.ends_with("registry_elementwise.rs");
        assert!(blamed, "{} blames {}:{}", E::NAME, panic.file, panic.line);
    });
    assert!(entry.is_untouched(), "{} wrote before it looked", E::NAME);
}
