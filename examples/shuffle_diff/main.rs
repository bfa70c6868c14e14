//! What a numeric loop pays for its arrays, in five ways of writing it.
//!
//! The loop copies an array with its rows shuffled and takes the difference:
//!
//! ```text
//! a_next = rows of a_current, in random order
//! a_diff = a_next - a_current
//! a_current = a_next
//! ```
//!
//! *allocating* reassigns variables that live outside the loop, *heap kept* is the same code with
//! glibc told to keep freed memory, *drop first* frees the variables before it reassigns them,
//! *idiomatic* declares them inside the loop, *in place* leases them from a pool. Each runs in
//! processes of its own: once to show how the process grows from step to step (printed of the first
//! and the last), then undisturbed to count and to time. All must compute the same bits.
//!
//! ```text
//! cargo run --release --example shuffle_diff
//! cargo run --release --example shuffle_diff -- --rows 2500 --cols 2500 --report report
//! cargo run --release --example shuffle_diff -- --sweep --report sweep
//! cargo run --release --example shuffle_diff -- --input FILE.npy --variants allocating,in-place
//! ```
mod input;
mod limits;
mod options;
mod variants;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use ndarray_pool::compare::{Comparison, Report, sweep};
use ndarray_pool::memory::heap::CountingAllocator;

use self::input::{ElementType, Start};
use self::options::{Command, Job, USAGE};
use self::variants::Variant;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

const NAME: &str = "shuffle the rows of an array, take the difference";

/// The sides of the arrays of a sweep. From 2048 on an array takes 32 MiB or more, and glibc gives
/// every freed block back.
const SWEEP_SIDES: [usize; 10] = [256, 512, 724, 1024, 1448, 1774, 2040, 2056, 2508, 2896];
const SWEEP_REPEATS: usize = 2;

fn main() -> ExitCode {
    let outcome = match options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => say(USAGE).map_err(Failure::from),
        Ok(Command::Run(job)) if job.is_sweep => run_sweep(&job),
        Ok(Command::Run(job)) => run(&job),
        Err(message) => Err(message.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { message, exit_code }) => {
            eprintln!("shuffle_diff: {message}");
            ExitCode::from(exit_code)
        }
    }
}

/// What a person is told, and the exit code: 1 for a run that failed, 2 for one that cannot begin.
struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    fn of_run(message: String) -> Self {
        Failure { message, exit_code: 1 }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure { message, exit_code: 2 }
    }
}

/// Compares the variants on arrays of one size.
fn run(job: &Job) -> Result<(), Failure> {
    let start = Start::of(job)?;
    limits::check_room(&start)?;
    if !job.is_json {
        say(&format!("{NAME}: {}\n\n", conditions(job, &start)))?;
    }
    let report = comparison(job, &start).run().map_err(|e| e.to_string())?;
    if job.is_json {
        say(&format!("{}\n", report.to_json()))?;
    } else {
        for &variant in &job.variants {
            say(&format!("{}: {}\n", variant.name(), variant.describe()))?;
        }
        let (first, last) = (job.variants[0], job.variants[job.variants.len() - 1]);
        for variant in if first == last { vec![first] } else { vec![first, last] } {
            let growth = report.growth_table(variant.name()).unwrap_or_default();
            say(&format!("\n{}, step by step\n\n{growth}", variant.name()))?;
        }
        say(&format!("\n{report}"))?;
    }
    save(job, |dir| report.save(dir))?;
    check(&report)
}

/// Compares them on arrays of many sizes.
fn run_sweep(job: &Job) -> Result<(), Failure> {
    let shape = |side| Start::random((side, side));
    limits::check_room(&shape(SWEEP_SIDES[SWEEP_SIDES.len() - 1]))?;
    let swept = sweep(SWEEP_SIDES, |side| comparison(job, &shape(side)).repeats(SWEEP_REPEATS));
    let swept = swept.map_err(|e| e.to_string())?;
    if job.is_json {
        say(&format!("{}\n", swept.to_json()))?;
    } else {
        say(&swept.to_string())?;
    }
    save(job, |dir| swept.save(dir))?;
    swept.reports.iter().try_for_each(check)
}

fn comparison<'a>(job: &Job, start: &Start) -> Comparison<'a> {
    // The first pass finds nothing to free, and the second is the first in which an old array is
    // alive beside all new ones: they say little about those that follow.
    let warm_up_passes = (job.passes - 1).min(2);
    let mut comparison = Comparison::new(NAME)
        .note(conditions(job, start))
        .array_bytes(start.array_bytes())
        .warm_up_passes(warm_up_passes)
        .passes(job.passes - warm_up_passes);
    for &variant in &job.variants {
        comparison = comparison.note(format!("{}: {}", variant.name(), variant.describe()));
        comparison = add(comparison, variant, job, start);
    }
    comparison
}

fn add<'a>(
    comparison: Comparison<'a>,
    variant: Variant,
    job: &Job,
    start: &Start,
) -> Comparison<'a> {
    let (seed, start) = (job.seed, start.clone());
    let env = variant.env().iter().copied();
    comparison.variant_with_env(variant.name(), env, move |run| match start.element_type {
        ElementType::F32 => variants::run::<f32>(variant, &start, seed, run),
        ElementType::F64 => variants::run::<f64>(variant, &start, seed, run),
    })
}

fn conditions(job: &Job, start: &Start) -> String {
    let ((rows, cols), element) = (start.shape, start.element_type.name());
    let mib = start.array_bytes() as f64 / f64::from(1 << 20);
    let passes = if job.passes == 1 { "1 pass".into() } else { format!("{} passes", job.passes) };
    format!("{passes} over arrays of {rows} × {cols} {element} ({mib:.2} MiB each)")
}

fn save<P>(job: &Job, to: impl FnOnce(&Path) -> io::Result<P>) -> Result<(), String> {
    let Some(dir) = &job.report else { return Ok(()) };
    to(dir).map(|_| ()).map_err(|e| format!("cannot write a report into {}: {e}", dir.display()))
}

/// All variants have figures and compute the same, or the comparison is of no use.
fn check(report: &Report) -> Result<(), Failure> {
    report.require_figures().map_err(|e| Failure::of_run(e.to_string()))?;
    match report.is_same_outcome() {
        Some(false) => {
            Err(Failure::of_run("the variants computed different bits: this is a bug".into()))
        }
        _ => Ok(()),
    }
}

/// Prints, and ends the program in peace if nobody reads on.
fn say(text: &str) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(|e| format!("cannot print: {e}")),
    }
}
