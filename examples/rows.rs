//! An array whose number of rows is not known: four ways to collect a trajectory until it leaves a
//! box, and what each holds at its peak.
//!
//! ```text
//! cargo run --release --example rows
//! ```
//!
//! `RowBuilder` takes the data once. `Vec` and `push_row` double their capacity as they grow, which
//! glibc turns into moving page tables for large blocks (so that here the peak is the data too, at
//! the price of a fault on every page) and other allocators into a copy beside the original. A list
//! of chunks that is concatenated at the end holds everything twice.

use ndarray::{Array2, ArrayRef2, Axis, concatenate};
use ndarray_pool::compare::{Comparison, Run};
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

const ROWS: usize = 2_000_000;
/// What nobody will reach.
const MAX_ROWS: usize = 1_000_000_000;

/// A state of the trajectory: position, velocity, time, energy.
type State = [f64; 8];

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = Comparison::new("a trajectory whose length is not known before")
        .array_bytes(ROWS * size_of::<State>()) // the result
        .passes(1) // collects all of it
        .warm_up_passes(0)
        .repeats(3)
        .baseline("Vec, then reshape")
        .variant("RowBuilder", |run| collect(run, row_builder))
        .variant("Vec, then reshape", |run| collect(run, vec_reshape))
        .variant("push_row", |run| collect(run, push_row))
        .variant("chunks, concatenate", |run| collect(run, chunks_concatenate))
        .run()?;
    println!("{report}");
    Ok(report.require_figures()?)
}

fn collect(run: &mut Run, way: fn() -> f64) {
    let mut result = 0.0;
    run.passes(|_| result = way());
    run.outcome([result.to_bits()]);
}

fn row_builder() -> f64 {
    let mut rows = RowBuilder2::new(8, MAX_ROWS).expect("addresses for a billion rows");
    for state in trajectory() {
        rows.push(&state);
    }
    mean_square(&rows.finish())
}

fn vec_reshape() -> f64 {
    let mut numbers = Vec::new();
    for state in trajectory() {
        numbers.extend_from_slice(&state);
    }
    let rows = numbers.len() / 8;
    mean_square(&Array2::from_shape_vec((rows, 8), numbers).expect("whole rows"))
}

fn push_row() -> f64 {
    let mut rows = Array2::zeros((0, 8));
    for state in trajectory() {
        rows.push_row((&state).into()).expect("rows of 8");
    }
    mean_square(&rows)
}

/// As `numpy.concatenate` is used: a list of arrays, put together at the end.
fn chunks_concatenate() -> f64 {
    let mut chunks: Vec<Array2<f64>> = Vec::new();
    let mut states = trajectory().peekable();
    while states.peek().is_some() {
        let chunk: Vec<State> = states.by_ref().take(1000).collect();
        chunks.push(chunk.into());
    }
    let views: Vec<_> = chunks.iter().map(|chunk| chunk.view()).collect();
    mean_square(&concatenate(Axis(0), &views).expect("rows of 8"))
}

/// A planet that slowly spirals outward, until it leaves the box.
fn trajectory() -> impl Iterator<Item = State> {
    let mut at = 0_u32;
    std::iter::from_fn(move || {
        let time = f64::from(at) / 1000.0;
        let radius = 1.0 + time;
        at += 1;
        let (x, y) = (radius * (1.0 - time.fract()), radius * time.fract());
        (radius <= ROWS as f64 / 1000.0 + 0.9995).then_some([x, y, 0.0, -y, x, 0.0, time, radius])
    })
}

fn mean_square(rows: &ArrayRef2<f64>) -> f64 {
    assert_eq!(rows.nrows(), ROWS);
    rows.iter().map(|x| x * x).sum::<f64>() / rows.len() as f64
}
