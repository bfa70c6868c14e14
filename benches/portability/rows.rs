//! The rows of the table: what is compared, at which size, and which ratio is the goal.

use std::cell::RefCell;
use std::fmt;
use std::hint::black_box;
use std::sync::Mutex;

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, Zip};
use ndarray_pool::kernel::{
    bitwise_and_into, matvec_into, mean_axis_into, sum_axis_into, vecdot_axis_into,
};
use ndarray_pool::prelude::*;

use super::contest::{self, Contestant, Outcome};
use super::contestants::{Arrays, contestants};
use super::machine::Processor;

/// As fast, as far as can be told.
const AS_FAST: f64 = 0.97;
/// A strided output may take 1.3 times as long as a contiguous one.
const STRIDED: f64 = 0.77;

/// Lets contestants on arrays of this size take so many turns; ours is the first.
type Contest = Box<dyn Fn(Size, usize) -> Vec<Outcome>>;

pub(crate) struct Row {
    pub(crate) work: &'static str,
    pub(crate) size: Size,
    pub(crate) against: &'static str,
    /// The least ratio of the other's time to ours.
    pub(crate) goal: f64,
    pub(crate) contest: Contest,
}

/// Rows and columns.
#[derive(Clone, Copy)]
pub(crate) struct Size(pub(crate) usize, pub(crate) usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Size(rows, columns) if rows == columns => write!(f, "{rows}²"),
            Size(rows, columns) => write!(f, "{rows}×{columns}"),
        }
    }
}

impl Row {
    pub(crate) fn contains(&self, word: &str) -> bool {
        format!("{} {} {}", self.work, self.size, self.against).contains(word)
    }
}

pub(crate) fn all(processor: &Processor) -> Vec<Row> {
    let mut rows = Vec::new();
    seed_loops(&mut rows, processor);
    limits(&mut rows);
    transposes(&mut rows);
    strided_outputs(&mut rows);
    copies(&mut rows);
    integers(&mut rows);
    leases(&mut rows);
    rows
}

/// `shuffle_copy_into`, then `diff_into`.
fn seed_loops(rows: &mut Vec<Row>, processor: &Processor) {
    let mut add = |side, against, goal| {
        let contest = among(&["two kernels", against]);
        rows.push(Row { work: "seed loop", size: Size(side, side), against, goal, contest });
    };
    let in_place = [
        (64, AS_FAST),
        (300, 0.95),
        (700, AS_FAST),
        (1000, 1.2),
        (1500, 1.3),
        (2500, 1.5),
        (4000, 1.5),
    ];
    for (side, goal) in in_place {
        add(side, "ndarray in place, gathered", goal);
    }
    for side in [2500, 4000] {
        add(side, "ndarray allocating", if processor.is_zen_4() { 6.0 } else { 4.0 });
    }
}

/// Kernels that only move data, against hand-written loops with plain and with streaming stores.
fn limits(rows: &mut Vec<Row>) {
    let mut add = |work, names: &'static [&'static str]| {
        let contest = among(names);
        let (size, against) = (Size(2500, 2500), "better of plain and streaming loop");
        rows.push(Row { work, size, against, goal: 0.9, contest });
    };
    add("copy_into", &["copy_into", "copy, plain", "copy, streaming"]);
    add("diff_into", &["diff_into", "difference, plain", "difference, streaming"]);
    add("shuffle_copy_into", &["shuffle_copy_into", "copy, plain", "copy, streaming"]);
}

/// The contestants of these names, of those that the bench `roofline` has.
fn among(names: &[&'static str]) -> Contest {
    let names = names.to_owned();
    Box::new(move |Size(side, _), rounds| {
        let arrays = Arrays::new(side);
        let mut all = contestants(&arrays);
        let mut take = |name: &&str| {
            let at = all.iter().position(|contestant| contestant.name == *name);
            all.swap_remove(at.expect("it is one of the contestants"))
        };
        let mut chosen: Vec<Contestant<'_>> = names.iter().map(&mut take).collect();
        contest::run(&mut chosen, rounds)
    })
}

fn transposes(rows: &mut Vec<Row>) {
    for (side, goal) in [(1000, 1.3), (1500, 2.0), (2500, 2.0)] {
        let contest: Contest = Box::new(|Size(side, _), rounds| {
            let pool = Pool2::new((side, side), 2).expect("two arrays fit");
            let arrays = (pool.lease_filled(1.0), pool.lease_filled(0.0));
            duel(rounds, arrays, |(a, out)| transpose_into(a, out), |(a, out)| out.assign(&a.t()))
        });
        let size = Size(side, side);
        rows.push(Row {
            work: "transpose_into",
            size,
            against: "out.assign(&a.t())",
            goal,
            contest,
        });
    }
}

/// What the kernels of strided outputs read.
struct Inputs {
    a: Array2<f64>,
    b: Array2<f64>,
    v: Array1<f64>,
}

/// Reductions of short lanes to a column of an array of eight.
fn strided_outputs(rows: &mut Vec<Row>) {
    let mut add = |work, size, kernel: fn(&Inputs, &mut ArrayRef1<f64>)| {
        let contest: Contest = Box::new(move |Size(rows, columns), rounds| {
            let number = |(i, j)| ((i * 31 + j * 17) % 101) as f64;
            let a = Array2::from_shape_fn((rows, columns), number);
            let inputs = Inputs { b: &a + 1.0, a, v: Array1::ones(columns) };
            let outputs = (Array2::ones((rows, 8)), Array1::ones(rows));
            duel(
                rounds,
                (inputs, outputs),
                |(inputs, (strided, _))| kernel(inputs, &mut strided.column_mut(3)),
                |(inputs, (_, contiguous))| kernel(inputs, contiguous),
            )
        });
        let against = "the same into a contiguous output";
        rows.push(Row { work, size, against, goal: STRIDED, contest });
    };
    let tall = Size(20_000, 8);
    add("sum_axis_into a column", tall, |i, out| sum_axis_into(&i.a, Axis(1), out));
    add("mean_axis_into a column", tall, |i, out| mean_axis_into(&i.a, Axis(1), out));
    add("vecdot_axis_into a column", tall, |i, out| vecdot_axis_into(&i.a, &i.b, Axis(1), out));
    add("matvec_into a column", tall, |i, out| matvec_into(&i.a, &i.v, out));
}

fn copies(rows: &mut Vec<Row>) {
    let contest: Contest = Box::new(|Size(side, _), rounds| {
        let pool = Pool2::new((side, side), 2).expect("two arrays fit");
        let arrays = (pool.lease_filled(1.0), pool.lease_filled(0.0));
        let to_owned = |(a, _): &mut (Lease<'_>, Lease<'_>)| drop(black_box(a.to_owned()));
        duel(rounds, arrays, |(a, out)| copy_into(a, out), to_owned)
    });
    let (work, against) = ("copy_into", "a.to_owned()");
    rows.push(Row { work, size: Size(64, 64), against, goal: AS_FAST, contest });
}

/// Two inputs and an output.
type Integers<'p> = [Lease<'p, i64>; 3];
type OnIntegers = fn(&mut Integers<'_>);

fn integers(rows: &mut Vec<Row>) {
    let mut add = |work, side, ours: OnIntegers, theirs: OnIntegers| {
        let contest: Contest = Box::new(move |Size(side, _), rounds| {
            let pool = Pool2::new((side, side), 3).expect("three arrays fit");
            duel(rounds, [5, 3, 0].map(|number| pool.lease_filled(number)), ours, theirs)
        });
        let (size, against) = (Size(side, side), "ndarray's Zip in place");
        rows.push(Row { work, size, against, goal: 0.9, contest });
    };
    for side in [64, 1000] {
        add(
            "add_into of i64",
            side,
            |[a, b, out]| add_into(a, b, out),
            |[a, b, out]| zip_in_place(a, b, out, |a, b| a + b),
        );
    }
    for side in [64, 1000] {
        add(
            "bitwise_and_into of i64",
            side,
            |[a, b, out]| bitwise_and_into(a, b, out),
            |[a, b, out]| zip_in_place(a, b, out, |a, b| a & b),
        );
    }
}

fn zip_in_place(
    a: &ArrayRef2<i64>,
    b: &ArrayRef2<i64>,
    out: &mut ArrayRef2<i64>,
    f: impl Fn(i64, i64) -> i64,
) {
    Zip::from(out).and(a).and(b).for_each(|out, &a, &b| *out = f(a, b));
}

/// A lease and its return on one thread, a hundred times a call.
fn leases(rows: &mut Vec<Row>) {
    const BUFFERS: usize = 8;
    const TIMES: usize = 100;
    let contest: Contest = Box::new(|Size(_, len), rounds| {
        let pool = Pool1::<f64>::new(len, BUFFERS).expect("some small buffers fit");
        let stack = Mutex::new(vec![vec![1.0; len].into_boxed_slice(); BUFFERS]);
        let lease = |_: &mut ()| {
            for _ in 0..TIMES {
                black_box(pool.lease().as_ptr());
            }
        };
        let pop_and_push = |_: &mut ()| {
            for _ in 0..TIMES {
                let buffer = stack.lock().expect("nobody panics").pop().expect("one is there");
                black_box(buffer.as_ptr());
                stack.lock().expect("nobody panics").push(buffer);
            }
        };
        duel(rounds, (), lease, pop_and_push)
    });
    let (work, against) = ("lease and return", "Mutex<Vec<Box<[f64]>>>, pop and push");
    rows.push(Row { work, size: Size(1, 4096), against, goal: 1.0, contest });
}

/// Two contestants that work on the same arrays.
fn duel<S>(
    rounds: usize,
    state: S,
    ours: impl Fn(&mut S),
    theirs: impl Fn(&mut S),
) -> Vec<Outcome> {
    let state = RefCell::new(state);
    let ours = Contestant::new("ours", 0, || ours(&mut state.borrow_mut()));
    let theirs = Contestant::new("theirs", 0, || theirs(&mut state.borrow_mut()));
    contest::run(&mut [ours, theirs], rounds)
}
