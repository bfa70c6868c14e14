//! Whether `compare` times a loop as criterion does: the same loop under both, five times for each
//! size, and how far their medians lie apart. `cargo bench --bench compare`; `docs/measuring.md`
//! quotes it.
//!
//! The loop is the seed loop in place: rows shuffled into another array, then the difference. It
//! neither faults nor allocates, so that a process that is new and one that has run for long do the
//! same work. The sizes are those at which a harness can disturb in different ways: at 64² a pass
//! takes two microseconds, at 300² what lies in the caches decides, at 1000² memory does.

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

/// The sides of the arrays, and how many passes warm the processor up: some 20 ms each.
const SIZES: [(usize, usize); 3] = [(64, 8_000), (300, 400), (1000, 25)];
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

fn pool(side: usize) -> Pool2<f64> {
    Pool2::new((side, side), 3).expect("three arrays fit")
}

/// What is timed once by each of the two, in a process of its own.
#[derive(Clone, Copy)]
struct Round {
    side: usize,
    warm_up_passes: usize,
    number: usize,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = args.iter().any(|arg| arg == "--bench");
    let round_after = |option: &str| {
        let mut numbers = args.iter().skip_while(|arg| *arg != option).skip(1);
        let mut number = || numbers.next()?.parse().ok();
        Some(Round { side: number()?, warm_up_passes: number()?, number: number()? })
    };
    if let Some(round) = round_after("--under-criterion") {
        under_criterion(round);
    } else if let Some(round) = round_after("--round") {
        compared_ms(round, is_bench); // a child goes straight to its round, in which it ends
    } else if !is_bench {
        // Run as a test: criterion would measure nothing.
        compared_ms(Round { side: 64, warm_up_passes: 1, number: 0 }, is_bench);
    } else {
        for (side, warm_up_passes) in SIZES {
            say(&format!("{side}²"));
            let agreeing = (0..RUNS).filter(|&run| agree(side, warm_up_passes, run)).count();
            say(&format!("within {} % in {agreeing} of {RUNS} runs", 100.0 * TOLERANCE));
        }
    }
}

/// Whether the medians of all rounds' medians agree.
fn agree(side: usize, warm_up_passes: usize, run: usize) -> bool {
    let (mut ours_ms, mut theirs_ms) = (Vec::new(), Vec::new());
    for number in run * ROUNDS..(run + 1) * ROUNDS {
        let round = Round { side, warm_up_passes, number };
        ours_ms.push(compared_ms(round, true));
        theirs_ms.push(criterion_ms(round));
    }
    let [ours_ms, theirs_ms] = [ours_ms, theirs_ms].map(|mut medians| {
        medians.sort_by(f64::total_cmp);
        medians[ROUNDS / 2]
    });
    let off = ours_ms / theirs_ms - 1.0;
    let percent = 100.0 * off;
    say(&format!("compare {ours_ms:.4} ms, criterion {theirs_ms:.4} ms: {percent:+.1} %"));
    off.abs() <= TOLERANCE
}

/// The median of a pass in clean processes.
fn compared_ms(round: Round, is_bench: bool) -> f64 {
    let Round { side, warm_up_passes, .. } = round;
    let (passes, bench) = if is_bench { (SAMPLES, "--bench") } else { (3, "--test") };
    let report = Comparison::new(round.name())
        .warm_up_passes(warm_up_passes)
        .passes(passes)
        .repeats(1)
        .child_args([bench, "--round"].map(String::from).into_iter().chain(round.args()))
        .variant("in place", |run: &mut Run| {
            let pool = pool(side);
            let mut seed_loop = SeedLoop::new(&pool);
            run.passes(|_| seed_loop.pass());
        })
        .run()
        .expect("the comparison runs");
    let summary = report.variants[0].summary.expect("the loop does not fail");
    summary.pass_ns.median as f64 / 1e6
}

/// The median of an iteration, as criterion writes it down in a process of its own.
fn criterion_ms(round: Round) -> f64 {
    let itself = std::env::current_exe().expect("this bench has an executable");
    let status = Command::new(itself)
        .args(["--bench", "--under-criterion"])
        .args(round.args())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("this bench can be started").success());
    let file = criterion_dir().join("seed loop").join(round.name()).join("new/estimates.json");
    let estimates = fs::read(file).expect("criterion wrote its estimates down");
    let estimates: serde_json::Value = serde_json::from_slice(&estimates).expect("it is JSON");
    estimates["median"]["point_estimate"].as_f64().expect("it has a median") / 1e6
}

/// Each sample is one iteration, as each of ours is one pass, unless a pass is so short that
/// criterion takes several: on a busy machine an average over many has every interruption in it,
/// and the median of single ones has not.
fn under_criterion(round: Round) {
    let pool = pool(round.side);
    let mut seed_loop = SeedLoop::new(&pool);
    Criterion::default()
        .output_directory(&criterion_dir())
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(SAMPLES as u64 / 10))
        .sample_size(SAMPLES)
        .benchmark_group("seed loop")
        .sampling_mode(SamplingMode::Flat)
        .bench_function(round.name(), |b| b.iter(|| seed_loop.pass()));
}

impl Round {
    fn name(self) -> String {
        format!("side {} round {}", self.side, self.number)
    }

    /// How a child is told of it.
    fn args(self) -> impl Iterator<Item = String> {
        [self.side, self.warm_up_passes, self.number].into_iter().map(|number| number.to_string())
    }
}

fn criterion_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("criterion-beside-compare")
}

#[expect(clippy::print_stdout, reason = "the comparison of the two is what this bench is for")]
fn say(text: &str) {
    println!("{text}");
}
