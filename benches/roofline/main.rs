//! How near the kernels come to what this machine can do: `cargo bench --bench roofline`
//!
//! A loop that moves more than it computes cannot be faster than the memory behind it. Plain hand-written loops
//! (`probe.rs`) measure that limit in the same process, in turns with the kernels that they judge, so each figure is
//! a share of what the machine can do at that moment. The table is Markdown; `-- --charts DIR` draws time
//! against size as SVG, with the limit drawn in.
//!
//! Biases. Arrays lie on huge pages where the system gives them, those of ndarray's loops on the heap, where a
//! program that uses ndarray has them. Each contestant runs for some milliseconds at a stretch, so small arrays
//! are in the cache, and the predictor knows the loop.

mod chart;
mod contest;
mod contestants;
mod probe;

use std::path::PathBuf;

use self::contest::Outcome;
use self::contestants::{Arrays, contestants};

/// In the nearest caches, in the last one, at its edge, and in memory.
const SIDES: [usize; 5] = [64, 300, 1000, 2500, 4000];
const CHARTED_SIDES: [usize; 18] = [
    32, 64, 100, 150, 200, 300, 450, 600, 800, 1000, 1200, 1450, 1800, 2100, 2500, 3000, 3500, 4000,
];
const ROUNDS: usize = 15;
/// A table has the medians of so many runs.
const RUNS: usize = 5;

/// The limits, of which each kernel has one: what is read and written once.
const READ: &[&str] = &["read"];
const COPY: &[&str] = &["copy, plain", "copy, streaming"];
const DIFFERENCE: &[&str] = &["difference, plain", "difference, streaming"];

/// The kernels, and the limits whose times they have to be held against (a step of the loop: two of them).
const KERNELS: [(&str, &[&[&str]]); 13] = [
    ("copy_into", &[COPY]),
    ("shuffle_copy_into", &[COPY]),
    ("transpose_into", &[COPY]),
    ("diff_axis_into, axis 0", &[COPY]),
    ("diff_axis_into, axis 1", &[COPY]),
    ("diff_into", &[DIFFERENCE]),
    ("add_into", &[DIFFERENCE]),
    ("whole::sum", &[READ]),
    ("sum_axis_into, axis 0", &[READ]),
    ("sum_axis_into, axis 1", &[READ]),
    ("var_axis_into, axis 0", &[READ]),
    ("var_axis_into, axis 1", &[READ]),
    ("two kernels", &[COPY, DIFFERENCE]),
];
/// Other ways to write the seed loop.
const LOOPS: [&str; 4] =
    ["fused", "ndarray in place, gathered", "ndarray in place, swapped", "ndarray allocating"];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // Run as a test.
        print_table(20, &contest::run(&mut contestants(&Arrays::new(20)), 1));
        return;
    }
    let mut charts = args.iter().skip_while(|arg| *arg != "--charts").skip(1).map(PathBuf::from);
    if let Some(dir) = charts.next() {
        let sizes = CHARTED_SIDES.map(|side| (side, measure(side)));
        chart::save(&dir, &sizes).expect("the charts can be written");
    } else {
        SIDES.iter().for_each(|&side| print_table(side, &contest::of_runs(RUNS, || measure(side))));
    }
}

fn measure(side: usize) -> Vec<Outcome> {
    contest::run(&mut contestants(&Arrays::new(side)), ROUNDS)
}

/// What the limits of a kernel take together, each in the faster one of its ways.
fn limit(outcomes: &[Outcome], limits: &[&[&str]]) -> f64 {
    let least =
        |ways: &&[&str]| ways.iter().map(|way| time(outcomes, way)).fold(f64::MAX, f64::min);
    limits.iter().map(least).sum()
}

fn time(outcomes: &[Outcome], name: &str) -> f64 {
    outcomes.iter().find(|outcome| outcome.name == name).expect("it took part").median
}

#[expect(clippy::print_stdout, reason = "the table is what this bench is for")]
fn print_table(side: usize, outcomes: &[Outcome]) {
    println!("\n### {side}²\n\n| limit | ms | GB/s |\n|---|---|---|");
    for name in [READ, COPY, DIFFERENCE].concat() {
        let outcome = outcomes.iter().find(|outcome| outcome.name == name).expect("it took part");
        let rate = outcome.bytes as f64 / outcome.median / 1e9;
        println!("| {name} | {} | {rate:.1} |", ms(outcome.median));
    }
    println!("\n| kernel | ms | limit, ms | share of the limit |\n|---|---|---|---|");
    for (name, limits) in KERNELS {
        let (time, limit) = (time(outcomes, name), limit(outcomes, limits));
        println!("| {name} | {} | {} | {:.2} |", ms(time), ms(limit), limit / time);
    }
    println!("\n| seed loop | ms | two kernels take | fused takes |\n|---|---|---|---|");
    let (two, fused) = (time(outcomes, "two kernels"), time(outcomes, "fused"));
    println!("| two kernels | {} | 1.00 | |", ms(two));
    for name in LOOPS {
        let time = time(outcomes, name);
        println!("| {name} | {} | 1 / {:.2} | 1 / {:.2} |", ms(time), time / two, time / fused);
    }
}

fn ms(seconds: f64) -> String {
    format!("{:.*}", if seconds < 1e-3 { 4 } else { 2 }, 1e3 * seconds)
}
