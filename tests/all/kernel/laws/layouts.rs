//! Every kernel is right on every layout of its operands, writes nothing beside its outputs, and allocates nothing.
//!
//! These tests are in the binary `kernel_alloc`, which has an allocator that counts and the types of every rank: kernels
//! are compiled for all of them, so that it is done once.

use super::formula::check_layouts;
use crate::kernel::registry::layout::Layout;
use crate::kernel::registry::{Case, Entry, tests_of};

/// Of every rank, with axes of one element and of none.
const SMALL: &[&[usize]] = &[
    &[],
    &[0],
    &[1],
    &[5],
    &[150],
    &[700],
    &[3, 4],
    &[1, 4],
    &[4, 1],
    &[0, 3],
    &[3, 0],
    &[3, 70],
    &[70, 3],
    &[2, 3, 4],
    &[2, 0, 3],
    &[3, 1, 2],
    &[2, 1, 3, 2],
    &[2, 1, 2, 3, 2],
    &[1, 2, 2, 1, 2, 3],
];

mod every_layout {
    use super::*;
    tests_of!(of_small_arrays);
}

/// Each layout of the first input with every layout of the outputs; the others are laid out alike, and otherwise.
fn of_small_arrays(entries: &[Entry]) {
    for entry in entries {
        for shape in SMALL {
            let turns = if entry.call.inputs.len() > 1 { &[0, 1, 2, 5][..] } else { &[0] };
            for case in entry.cases(shape) {
                let firsts =
                    case.inputs.first().map_or(1, |a| layouts_of_input(a.shape().len()).len());
                let outs = 0..Layout::distinct(case.outs[0].len()).len();
                // With many axes there are many cases, and each of the layouts is met in another one.
                let step = if shape.len() > 2 && entry.parameters.len() > 1 { 3 } else { 1 };
                for first in (0..firsts).step_by(step) {
                    for &turn in turns {
                        let outs =
                            outs.clone().filter(|out| turn == 0 || (out + first + turn) % 3 == 0);
                        check(entry, &case, shape.len(), first, turn, outs);
                    }
                }
            }
        }
    }
}

/// Longer than a stack, a block of draws, a block or a tile of a reduction; steps that make transposed copies go in
/// squares.
const LARGE: &[&[usize]] = &[
    &[5000],
    &[4096, 2],
    &[4097, 2],
    &[2, 4097],
    &[2, 300],
    &[3, 600],
    &[33, 40],
    &[70, 70],
    &[70, 128],
    &[2, 1100],
    &[2, 17, 18],
    &[65, 2, 128],
];

mod large_arrays {
    use super::*;
    tests_of!(of_large_arrays);
}

fn of_large_arrays(entries: &[Entry]) {
    for entry in entries {
        let few =
            |shape: &&&[usize]| shape.iter().product::<usize>() * entry.parameters.len() <= 20_000;
        for shape in LARGE.iter().filter(few) {
            for case in entry.cases(shape) {
                let outs = [0, 1, 5].map(|out| out % Layout::distinct(case.outs[0].len()).len());
                for (first, outs) in [(0, &outs[..]), (1, &outs[1..2]), (6, &outs[..1])] {
                    check(entry, &case, shape.len(), first, 0, outs.iter().copied());
                }
            }
        }
    }
}

/// Runs the kernel in all types there are for its rank, and compares with the formula. The layouts have numbers: that of
/// the first input, how far the next ones' are away, and those of the outputs.
fn check(
    entry: &Entry,
    case: &Case,
    ndim: usize,
    first: usize,
    turn: usize,
    outs: impl IntoIterator<Item = usize>,
) {
    let pick = |layouts: Vec<Layout>, number: usize| layouts[number % layouts.len()].clone();
    let inputs = case.inputs.iter().enumerate();
    let inputs: Vec<_> = inputs
        .map(|(k, input)| pick(layouts_of_input(input.shape().len()), first + k * turn))
        .collect();
    let outs = outs.into_iter().map(|number| {
        let outs = case.outs.iter().enumerate();
        outs.map(|(k, out)| pick(Layout::distinct(out.len()), number + k * turn)).collect()
    });
    check_layouts(entry, case, ndim, &inputs, outs);
}

/// The layouts that an input can have: those of an output, and elements that stand for all along an axis, or along all.
fn layouts_of_input(ndim: usize) -> Vec<Layout> {
    let one = |axis| (0..ndim).map(|other| other == axis).collect();
    let mut repeats: Vec<Vec<bool>> = (0..ndim).map(one).collect();
    if ndim > 1 {
        repeats.push(vec![true; ndim]);
    }
    let repeated = repeats.into_iter().map(|repeats| Layout { repeats, ..Layout::c(ndim) });
    Layout::distinct(ndim).into_iter().chain(repeated).collect()
}
