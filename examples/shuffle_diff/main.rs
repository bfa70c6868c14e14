//! What a numeric loop pays for its arrays, in four ways of writing it.
//!
//! The loop copies an array with its rows shuffled and takes the difference:
//!
//! ```text
//! a_next = rows of a_current, in random order
//! a_diff = a_next - a_current
//! a_current = a_next
//! ```
//!
//! *allocating* reassigns variables that live outside the loop, *drop first* frees them before it
//! does, *idiomatic* declares them inside the loop, *in place* leases them from a pool. Each runs
//! in a process of its own, twice: once to show how the process grows from step to step, once
//! undisturbed to count and to time. All four must end with the same bits.
//!
//! ```text
//! cargo run --release --example shuffle_diff
//! cargo run --release --example shuffle_diff -- --rows 2500 --cols 2500
//! cargo run --release --example shuffle_diff -- --input FILE.npy --variants allocating,in-place
//! ```
mod child;
mod input;
mod limits;
mod options;
mod report;
mod variants;

use std::io::{self, Write};
use std::process::ExitCode;

use ndarray_pool::memory::heap::CountingAllocator;

use self::options::{Command, Job, USAGE};

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

fn main() -> ExitCode {
    let outcome = match options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => say(USAGE),
        Ok(Command::Run(job)) => run(job),
        Ok(Command::Child(child)) => child::run(child).and_then(|text| say(&text)),
        Err(message) => Err(message),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("shuffle_diff: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs every variant in processes of its own and prints what they saw.
fn run(job: Job) -> Result<(), String> {
    let start = input::Start::of(&job)?;
    limits::check_room(&start)?;
    say(&report::headline(&start, &job))?;

    let mut rows = Vec::new();
    for &variant in &job.variants {
        let table = child::trace(variant, &start, &job)?;
        say(&format!("\n{}: {}\n\n{table}", variant.name(), variant.describe()))?;
        rows.push((variant, child::time(variant, &start, &job)?));
    }
    report::check_same_bits(&rows)?;
    let (table, sentence) =
        (report::table(&rows, start.array_bytes()), report::sentence(&rows, start.array_bytes()));
    say(&format!("\n{table}\n{}\n\n{sentence}\n", report::environment()))
}

/// Prints, and ends the program in peace if nobody reads on.
fn say(text: &str) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(|e| format!("cannot print: {e}")),
    }
}
