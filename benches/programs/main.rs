//! The hot loops of six programs, each written three ways: as one writes it first, with arithmetic that allocates; as
//! plain `Zip`s of ndarray, fused by hand and in place; and with `fused!`, on owned arrays and on leases. Then single
//! formulas beside loops over slices.
//!
//! `cargo bench -p ndarray-pool-benches --bench programs` prints the median time of a pass, and what it is of that of
//! the first way, then of the `Zip`s. The ways take turns, each in one process; `--test` runs each once, and compares
//! what they compute.
#![expect(clippy::print_stdout, reason = "a table of times is the result")]

mod adam;
mod bodies;
mod cavity;
mod embedding;
mod formula;
mod kmeans;
mod mixture;

use std::hint::black_box;
use std::time::Instant;

/// One way to write a loop.
struct Way<'a> {
    name: &'static str,
    /// A pass, which returns a number that all ways agree on.
    pass: Box<dyn FnMut() -> f64 + 'a>,
}

fn way<'a>(name: &'static str, pass: impl FnMut() -> f64 + 'a) -> Way<'a> {
    Way { name, pass: Box::new(pass) }
}

/// How often the ways take turns.
const ROUNDS: usize = 31;

/// How long a way runs in its turn.
const TURN_SECONDS: f64 = 0.02;

/// Compares the ways, of which the first is how one writes it first and the second is the `Zip`s.
fn contest(program: &str, mut ways: Vec<Way<'_>>) {
    let results: Vec<f64> = ways.iter_mut().map(|way| (way.pass)()).collect();
    for (way, result) in ways.iter().zip(&results) {
        let off = (result - results[0]).abs() / results[0].abs().max(1.0);
        assert!(off < 1e-9, "{program}, {}: {result}, not {}", way.name, results[0]);
    }
    if !is_bench() {
        return;
    }
    let mut times = vec![Vec::new(); ways.len()];
    let mut passes = vec![1; ways.len()];
    for round in 0..ROUNDS + 2 {
        for (k, way) in ways.iter_mut().enumerate() {
            let start = Instant::now();
            for _ in 0..passes[k] {
                black_box((way.pass)());
            }
            let seconds = start.elapsed().as_secs_f64() / passes[k] as f64;
            passes[k] = (TURN_SECONDS / seconds).clamp(1.0, 1e6) as usize;
            if round >= 2 {
                times[k].push(seconds); // the first turns set the number of passes
            }
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    println!("{program}");
    for (way, median) in ways.iter().zip(&medians) {
        let [of_first, of_zips] = [0, 1].map(|k| median / medians[k]);
        println!("  {:18} {:9.1} µs  {of_first:5.2}  {of_zips:5.2}", way.name, median * 1e6);
    }
}

fn is_bench() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    cavity::contest();
    bodies::contest();
    embedding::contest();
    adam::contest();
    mixture::contest();
    kmeans::contest();
    formula::contest();
}
