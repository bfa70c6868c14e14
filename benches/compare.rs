//! Whether `compare` times a loop as criterion does: the same loop under both, five times, and how
//! far their medians lie apart. `cargo bench --bench compare`; `docs/measuring.md` quotes it.
//!
//! The loop is the seed loop in place: rows shuffled into another array, then the difference. It
//! neither faults nor allocates, so that a process that is new and one that has run for long do the
//! same work.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, SamplingMode};
use ndarray_pool::compare::{Comparison, Run};
use ndarray_pool::prelude::*;
use rand::distr::StandardUniform;
use rand::{SeedableRng, rngs::StdRng};

const SIDE: usize = 1000;
const RUNS: usize = 5;

/// In a run the two take turns so often, because a busy machine is faster and slower by the second.
const ROUNDS: usize = 9;

/// How often either of them times the loop, in each round.
const SAMPLES: usize = 200;

/// The largest difference that is called agreement.
const TOLERANCE: f64 = 0.03;

/// The loop's arrays and what fills them.
struct SeedLoop<'p> {
    rng: StdRng,
    current: Lease<'p>,
    next: Lease<'p>,
    diff: Lease<'p>,
}

impl<'p> SeedLoop<'p> {
    fn new(pool: &'p Pool2<f64>) -> Self {
        let mut rng = StdRng::seed_from_u64(1);
        let (mut current, next, diff) = (pool.lease(), pool.lease(), pool.lease());
        random_into(&StandardUniform, &mut current, &mut rng);
        SeedLoop { rng, current, next, diff }
    }

    fn pass(&mut self) {
        shuffle_copy_into(&self.current, &mut self.next, &mut self.rng);
        diff_into(&self.next, &self.current, &mut self.diff);
        std::mem::swap(&mut self.current, &mut self.next);
        black_box(self.diff.as_ptr());
    }
}

fn pool() -> Pool2<f64> {
    Pool2::new((SIDE, SIDE), 3).expect("three arrays fit")
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = args.iter().any(|arg| arg == "--bench");
    let number_after = |option| {
        let number = args.iter().skip_while(|arg| *arg != option).nth(1)?;
        number.parse().ok()
    };
    if let Some(round) = number_after("--under-criterion") {
        under_criterion(round);
    } else if let Some(round) = number_after("--round") {
        compared_ms(round, is_bench); // a child goes straight to its round, in which it ends
    } else if !is_bench {
        compared_ms(0, is_bench); // run as a test: criterion would measure nothing
    } else {
        let agreeing = (0..RUNS).filter(|&run| agree(run)).count();
        say(&format!("within {} % in {agreeing} of {RUNS} runs", 100.0 * TOLERANCE));
    }
}

/// Whether the medians of all rounds' medians agree.
fn agree(run: usize) -> bool {
    let (mut ours_ms, mut theirs_ms) = (Vec::new(), Vec::new());
    for round in run * ROUNDS..(run + 1) * ROUNDS {
        ours_ms.push(compared_ms(round, true));
        theirs_ms.push(criterion_ms(round));
    }
    let [ours_ms, theirs_ms] = [ours_ms, theirs_ms].map(|mut medians| {
        medians.sort_by(f64::total_cmp);
        medians[ROUNDS / 2]
    });
    let off = ours_ms / theirs_ms - 1.0;
    let percent = 100.0 * off;
    say(&format!("compare {ours_ms:.3} ms, criterion {theirs_ms:.3} ms: {percent:+.1} %"));
    off.abs() <= TOLERANCE
}

/// The median of a pass in clean processes.
fn compared_ms(round: usize, is_bench: bool) -> f64 {
    let (passes, bench) = if is_bench { (SAMPLES, "--bench") } else { (3, "--test") };
    let report = Comparison::new(format!("round {round}"))
        .warm_up_passes(50)
        .passes(passes)
        .repeats(1)
        .child_args([bench, "--round", &round.to_string()])
        .variant("in place", |run: &mut Run| {
            let pool = pool();
            let mut seed_loop = SeedLoop::new(&pool);
            run.passes(|_| seed_loop.pass());
        })
        .run()
        .expect("the comparison runs");
    let summary = report.variants[0].summary.expect("the loop does not fail");
    summary.pass_ns.median as f64 / 1e6
}

/// The median of an iteration, as criterion writes it down in a process of its own.
fn criterion_ms(round: usize) -> f64 {
    let itself = std::env::current_exe().expect("this bench has an executable");
    let args = ["--bench", "--under-criterion", &round.to_string()];
    let status =
        Command::new(itself).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("this bench can be started").success());
    let file = criterion_dir().join("seed loop").join(round.to_string()).join("new/estimates.json");
    let estimates = fs::read(file).expect("criterion wrote its estimates down");
    let estimates: serde_json::Value = serde_json::from_slice(&estimates).expect("it is JSON");
    estimates["median"]["point_estimate"].as_f64().expect("it has a median") / 1e6
}

/// Each sample is one iteration, as each of ours is one pass: on a busy machine an average over many
/// has every interruption in it, and the median of single ones has not.
fn under_criterion(round: usize) {
    let pool = pool();
    let mut seed_loop = SeedLoop::new(&pool);
    Criterion::default()
        .output_directory(&criterion_dir())
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(SAMPLES as u64 / 10))
        .sample_size(SAMPLES)
        .benchmark_group("seed loop")
        .sampling_mode(SamplingMode::Flat)
        .bench_function(round.to_string(), |b| b.iter(|| seed_loop.pass()));
}

fn criterion_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("criterion-beside-compare")
}

#[expect(clippy::print_stdout, reason = "the comparison of the two is what this bench is for")]
fn say(text: &str) {
    println!("{text}");
}
