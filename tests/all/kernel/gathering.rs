//! The kernels that gather and assemble: the tests that walk their registry, and what it cannot say.

use ndarray::{ArrayD, ArrayViewD, Dimension, IxDyn};

use super::gather::{Case, Entry, entries};
use super::layout::{Element, Laid, Layout};
use super::mismatches::panic_of;

const SHAPES: &[&[usize]] = &[
    &[0],
    &[1],
    &[5],
    &[3, 4],
    &[1, 4],
    &[4, 1],
    &[0, 3],
    &[3, 0],
    &[2, 3, 4],
    &[2, 0, 3],
    &[3, 1, 2],
    &[2, 1, 3, 2],
    &[2, 1, 2, 3, 2],
    &[1, 2, 2, 1, 2, 3],
];

#[test]
fn every_layout_gives_the_formula() {
    for entry in entries() {
        for shape in SHAPES {
            for case in cases(&entry, shape) {
                let every = (0..8).flat_map(|out| [out, 0, out + 4].map(|first| (out, first)));
                // With many axes there are many cases, and each of the layouts is met in another one.
                check(&entry, &case, every.step_by(if shape.len() > 2 { 4 } else { 1 }));
            }
        }
    }
}

/// Steps through memory that make transposed copies go in squares.
#[test]
fn crowded_arrays_are_transposed() {
    for entry in
        entries().iter().filter(|e| ["transpose_into", "permute_axes_into"].contains(&e.name))
    {
        for shape in [&[70, 128][..], &[65, 2, 128]] {
            for case in cases(entry, shape) {
                check(entry, &case, [(0, 0), (1, 1), (2, 0), (0, 3), (3, 4), (5, 5)]);
            }
        }
    }
}

/// Longer than what is listed, or cut, at a time.
#[test]
fn larger_arrays_give_the_formula() {
    for entry in entries() {
        for shape in [&[33, 40][..], &[2, 17, 18]] {
            for case in cases(&entry, shape) {
                check(&entry, &case, [(0, 0), (0, 1), (6, 4)]);
            }
        }
    }
}

#[test]
fn mistakes_are_named_before_anything_is_written() {
    for entry in entries() {
        assert!(!entry.mistakes.is_empty(), "{} cannot go wrong?", entry.name);
        for (spoil, message) in entry.mistakes {
            let parameter = *entry.parameters.last().expect("there is a parameter");
            let mut case = (entry.case)(&[3, 4], 0, parameter).expect("it takes this shape");
            spoil(&mut case);
            for static_types in [true, false] {
                let mut out = ArrayD::from_elem(case.out.clone(), usize::GAP);
                let before = if entry.in_place { case.inputs[0].clone() } else { out.clone() };
                let inputs: Vec<_> = case.inputs.iter().map(|input| input.view()).collect();
                let mut seen = false;
                (entry.call)(&case, &inputs, out.view_mut(), static_types, &mut |kernel| {
                    let panic = panic_of(kernel);
                    assert_eq!(panic.message, *message);
                    let blamed = panic.file.contains("kernel/gather/");
                    assert!(blamed, "{} blames {}:{}", entry.name, panic.file, panic.line);
                    seen = true;
                });
                assert!(seen, "{} was not called", entry.name);
                assert_eq!(out, before, "{} wrote before it looked", entry.name);
            }
        }
    }
}

/// The cases of an entry for a shape: along each of its axes, with each of its parameters.
fn cases<'a>(entry: &'a Entry, shape: &'a [usize]) -> impl Iterator<Item = Case> + 'a {
    (0..shape.len()).flat_map(move |axis| {
        entry.parameters.iter().filter_map(move |&parameter| (entry.case)(shape, axis, parameter))
    })
}

/// Runs the kernel with static types and without, and compares with the formula. Each of `layouts` names one of
/// `out` and one of the first input; the other inputs are laid out otherwise.
fn check(entry: &Entry, case: &Case, layouts: impl IntoIterator<Item = (usize, usize)>) {
    let formula = |inputs: &[ArrayViewD<'_, usize>]| {
        ArrayD::from_shape_fn(&case.out[..], |i: IxDyn| (entry.formula)(case, inputs, i.slice()))
    };
    let plain: Vec<_> = case.inputs.iter().map(|input| input.view()).collect();
    let plainly_expected = formula(&plain);
    for (out, first) in layouts {
        let inputs: Vec<Laid<usize>> = case
            .inputs
            .iter()
            .enumerate()
            .map(|(k, input)| {
                let layouts = Layout::all(input.ndim());
                layouts[(first + 5 * k) % layouts.len()].lay(input)
            })
            .collect();
        let views: Vec<_> = inputs.iter().map(Laid::view).collect();
        // Where an input repeats an element, it is another one.
        let expected = if views == plain { &plainly_expected } else { &formula(&views) };
        let out = &Layout::distinct(case.out.len())[out];
        for static_types in [true, false] {
            let mut laid = out.lay(&ArrayD::from_elem(&case.out[..], usize::GAP));
            (entry.call)(case, &views, laid.view_mut(), static_types, &mut |kernel| kernel());
            let (name, view) = (entry.name, laid.view());
            assert_eq!(view, expected, "{name} of {case:?}, {first} to {out:?}");
            assert!(laid.gaps_are_untouched(), "{name} wrote beside out: {out:?}");
        }
    }
}
