//! Every kernel is right on every layout of its operands, writes nothing beside its outputs, and allocates nothing.

use super::formula::check_layouts;
use crate::registry::layout::{BACKWARDS, C, CUT, EVERY_OTHER, F, HALF_BACKWARDS, Layout, NARROW};
use crate::registry::{Case, Entry, tests_of};

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
        // A kernel with several parameters has as many cases.
        let most = if entry.parameters.len() > 1 { 60 } else { 700 };
        for shape in SMALL.iter().filter(|shape| shape.iter().product::<usize>() <= most) {
            let turns = if entry.call.inputs.len() > 1 { &[0, 1, 2, 5][..] } else { &[0] };
            // Of many cases, each layout of the first input is met in every third.
            let has_many = shape.len() > if entry.parameters.len() > 1 { 2 } else { 3 };
            let cases: Vec<Case> = entry.cases(shape).collect();
            let step = if has_many && cases.len() > 2 { 3 } else { 1 };
            for (number, case) in cases.iter().enumerate() {
                let layouts = Layouts::of(case);
                let firsts = layouts.inputs.first().map_or(vec![0], |all| different(all));
                let outs = different(&layouts.outs[0]);
                for &first in firsts.iter().skip(number % step).step_by(step) {
                    for &turn in turns {
                        let outs = outs.iter().copied();
                        let outs =
                            outs.filter(|out| turn == 0 || (out + first + turn).is_multiple_of(3));
                        layouts.check(entry, case, first, turn, outs);
                    }
                }
            }
        }
    }
}

/// The numbers of those that no earlier one is the same as.
fn different(layouts: &[Layout]) -> Vec<usize> {
    (0..layouts.len()).filter(|&n| !layouts[..n].contains(&layouts[n])).collect()
}

/// Longer than what is cut or listed at a time.
const MEDIUM: &[&[usize]] = &[&[2, 300], &[33, 40], &[2, 17, 18]];

/// Longer than a stack, a block of draws, a block or a tile of a reduction; steps that make transposed copies go in
/// squares.
const LARGE: &[&[usize]] = &[
    &[5000],
    &[4096, 2],
    &[4097, 2],
    &[2, 4097],
    &[3, 600],
    &[70, 70],
    &[70, 128],
    &[2, 1100],
    &[65, 2, 128],
];

mod large_arrays {
    use super::*;
    tests_of!(of_large_arrays);
}

fn of_large_arrays(entries: &[Entry]) {
    for entry in entries {
        let is_plain = entry.parameters.len() == 1;
        let large = LARGE.iter().filter(|_| is_plain);
        for shape in MEDIUM.iter().chain(large) {
            for case in entry.cases(shape) {
                let layouts = Layouts::of(&case);
                let pairs = [(C, &[C, F, NARROW][..]), (F, &[F]), (CUT, &[EVERY_OTHER])];
                let moves = ["transpose_into", "permute_axes_into"].contains(&entry.name());
                let most = match shape {
                    _ if moves || MEDIUM.contains(shape) => 3,
                    [_, _] if entry.call.takes_axis => 2, // tiles of either memory order
                    _ => 1,
                };
                for (first, outs) in pairs.into_iter().take(most) {
                    layouts.check(entry, &case, first, 0, outs.iter().copied());
                }
            }
        }
    }
}

mod few_columns {
    use super::*;
    tests_of!(of_few_columns: arrange, calculus, elementwise, formulas, index, reduce, scan);
}

/// Points, samples, colours: as many columns as there are cases for, with rows that make a block and many, and a rest.
/// Whole, transposed, backwards, with gaps, and with one element, a row or a column that is broadcast.
fn of_few_columns(entries: &[Entry]) {
    let tall = (1..=9).chain([15, 17]).flat_map(|columns| [31, 200].map(|rows| [rows, columns]));
    let others = [[1, 7], [5, 16], [1001, 3], [3, 64], [7, 100], [8, 515]];
    for shape in tall.chain(others) {
        for entry in entries {
            let parameter = entry.parameters[shape[1] % entry.parameters.len()];
            for case in entry.cases(&shape).filter(|case| case.parameter == parameter) {
                let layouts = Layouts::of(&case);
                let pairs = [
                    (C, C),
                    (F, F),
                    (HALF_BACKWARDS, BACKWARDS),
                    (NARROW, HALF_BACKWARDS),
                    (ONE_ELEMENT, EVERY_OTHER),
                ];
                for (first, out) in pairs {
                    layouts.check(entry, &case, first, 9 + shape[0] % 2, [out]);
                }
            }
        }
    }
}

/// The number of the last layout of an input of two axes.
const ONE_ELEMENT: usize = 10;

/// Those that each operand of a case can have.
struct Layouts {
    inputs: Vec<Vec<Layout>>,
    outs: Vec<Vec<Layout>>,
}

impl Layouts {
    fn of(case: &Case) -> Self {
        let inputs = case.inputs.iter().map(|input| Layouts::of_input(input.shape().len()));
        let outs = case.outs.iter().map(|out| Layout::numbered(out.len()).into());
        Layouts { inputs: inputs.collect(), outs: outs.collect() }
    }

    /// Those of an output, and elements that stand for all along an axis, or along all.
    fn of_input(ndim: usize) -> Vec<Layout> {
        let one = |axis| (0..ndim).map(|other| other == axis).collect();
        let mut repeats: Vec<Vec<bool>> = (0..ndim).map(one).collect();
        if ndim > 1 {
            repeats.push(vec![true; ndim]);
        }
        let repeated = repeats.into_iter().map(|repeats| Layout { repeats, ..Layout::c(ndim) });
        Layout::numbered(ndim).into_iter().chain(repeated).collect()
    }

    /// Checks the case in layouts that have numbers: that of the first input, how far the next ones' are away, and
    /// those of the outputs.
    fn check(
        &self,
        entry: &Entry,
        case: &Case,
        first: usize,
        turn: usize,
        outs: impl IntoIterator<Item = usize>,
    ) {
        let pick = |all: &[Vec<Layout>], number: usize| -> Vec<Layout> {
            let pick =
                |(k, all): (usize, &Vec<Layout>)| all[(number + k * turn) % all.len()].clone();
            all.iter().enumerate().map(pick).collect()
        };
        // Now and then also with a rank that is known when the program runs.
        let outs = outs.into_iter();
        let outs = outs.map(|number| (pick(&self.outs, number), number.is_multiple_of(4)));
        check_layouts(entry, case, &pick(&self.inputs, first), outs);
    }
}
