//! Where this machine falls short of the goals for speed: `cargo bench --bench portability`
//!
//! Prints what the figures depend on, then a table of ratios: how many times as long the other way takes as the kernel.
//! A row is *held* if the ratio reaches its goal, else **short**. It takes less than two minutes; a word restricts it
//! to rows that contain the word (`-- transpose`). A figure is the median of up to nine runs on new arrays, each a
//! ratio of medians of nine turns, forwards and backwards; `rows.rs` has the goals and what is compared.
//!
//! Nothing fails: a time is no assertion. A row that is short once by a few hundredths, beside busy neighbours, says
//! little; look at it again with its word.
//!
//! Biases. In the seed loops ours has its arrays in a pool, which lies on huge pages where the system gives them, and
//! ndarray's lie on the heap, as in `roofline`. Everywhere else both use the same inputs, and write to the same output
//! where both write to one. All memory but that of allocating contestants is touched before the clock starts.

#[expect(dead_code, reason = "rates are of no interest here, nor are times without their ratio")]
#[path = "../roofline/contest.rs"]
mod contest;
#[path = "../roofline/contestants.rs"]
mod contestants;
mod machine;
#[path = "../roofline/probe.rs"]
mod probe;
mod rows;

use std::time::{Duration, Instant};

use self::contest::Outcome;
use self::rows::{Row, Size};

const ROUNDS: usize = 9;
const RUNS: usize = 9;
/// A row begins no further run after this.
const ENOUGH: Duration = Duration::from_secs(2);
/// The longest side when the bench is run as a test.
const TEST_SIDE: usize = 20;

#[expect(clippy::print_stdout, reason = "what is not a figure is said here")]
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let is_test = !args.iter().any(|arg| arg == "--bench");
    let words: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let processor = machine::processor();
    let rows: Vec<Row> = rows::all(&processor)
        .into_iter()
        .filter(|row| words.is_empty() || words.iter().any(|word| row.contains(word)))
        .collect();
    if rows.is_empty() {
        println!("No row contains any of {words:?}.");
        return;
    }
    machine::print(&processor);
    if is_test {
        println!("\nRun as a test, with sides of at most {TEST_SIDE}: the figures mean nothing.");
    }
    print_table(&rows, is_test);
}

#[expect(clippy::print_stdout, reason = "the table is what this bench is for")]
fn print_table(rows: &[Row], is_test: bool) {
    let width = |text: fn(&Row) -> String| {
        rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0)
    };
    let (work, side) = (width(|row| row.work.into()), width(|row| row.size.to_string()));
    let against = width(|row| row.against.into());
    println!("\nFound: how many times as long the other way takes; more is better.\n");
    println!(
        "| {:work$} | {:side$} | {:against$} | goal | found | mark      |",
        "work", "side", "against"
    );
    let [work_rule, side_rule, against_rule] =
        [work, side, against].map(|width| "-".repeat(width + 2));
    println!("|{work_rule}|{side_rule}|{against_rule}|-----:|------:|-----------|");
    let mut held = 0;
    for row in rows {
        // What is printed is what is judged.
        let found = (100.0 * measure(row, is_test)).round() / 100.0;
        let is_held = found >= row.goal;
        held += usize::from(is_held);
        println!(
            "| {:work$} | {:side$} | {:against$} | {:4.2} | {found:5.2} | {:9} |",
            row.work,
            row.size.to_string(),
            row.against,
            row.goal,
            match is_held {
                _ if is_test => "ran",
                true => "held",
                false => "**short**",
            },
        );
    }
    match is_test {
        true => println!("\n{} ran", rows.len()),
        false => println!("\n{held} of {} held", rows.len()),
    }
}

/// The ratio of a row: the median of several runs on new arrays, or if it is a test that of one on small ones.
fn measure(row: &Row, is_test: bool) -> f64 {
    if is_test {
        let Size(rows, columns) = row.size;
        return ratio(&(row.contest)(Size(rows.min(TEST_SIDE), columns.min(TEST_SIDE)), 1));
    }
    let start = Instant::now();
    let mut ratios = vec![ratio(&(row.contest)(row.size, ROUNDS))];
    while ratios.len() < RUNS && start.elapsed() < ENOUGH {
        ratios.push(ratio(&(row.contest)(row.size, ROUNDS)));
    }
    contest::median(&mut ratios)
}

/// How many times as long the best of the others takes as ours, the first.
fn ratio(outcomes: &[Outcome]) -> f64 {
    let [ours, others @ ..] = outcomes else { unreachable!("a contest has contestants") };
    others.iter().map(|other| other.median).fold(f64::INFINITY, f64::min) / ours.median
}
