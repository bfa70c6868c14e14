//! The seed loop and single kernels beside other libraries, one Markdown table for each size of the square arrays.
//!
//! Every library runs in a process of its own (`children.rs`), started once. In each contest all take turns, forwards and
//! backwards, so that a machine that is faster or slower by the second is so for all. A turn repeats the contest for some
//! milliseconds. Before it is timed it does so for half as long, because the others have used the caches meanwhile:
//! with one call in place of that, the loop at 1000² took about twice as long. What takes longer than a turn is
//! called once.
//!
//! Before the first turn each contestant computes from the same known numbers, checks in its own process that rows were
//! moved whole and that the difference is the one of the two states, and answers with a fingerprint of the result,
//! which has to be the first contestant's.
//!
//! Biases, for us and against us:
//!
//! - Each draws the order of the rows with its own library's shuffle of a list of indices (ours within the kernel;
//!   where rows are swapped, as they are swapped). *Gather rows* has no draws: the order is given.
//! - Our arrays lie in a pool, on huge pages if the system gives them. NumPy asks for them too, unless told not to.
//!   Those of ndarray, Eigen and xtensor lie where their allocators put them.
//! - Rust is compiled for any processor of the architecture, as cargo does by default. NumPy chooses code for the one
//!   that it runs on. C++ is compiled for both.
//! - ndarray's process has little else in it. Whether its allocator gives memory back between the calls depends on that
//!   (`docs/notebook/faults.md`).
//! - For C++ and for slices, the fastest forms that we found were taken. One thread each.

use std::ptr;
use std::thread;
use std::time::Duration;

use crate::children::Answer;
use crate::environment;
use crate::rounds::median;
use crate::teams::{Program, Team};

/// In the nearest caches, in the last one, at its edge, and in memory.
const SIDES: [usize; 5] = [64, 300, 1000, 2500, 4000];
/// So that no shuffle leaves all rows where they are.
const MIN_SIDE: usize = 20;

/// The columns: by the name that children know, and a heading.
const CONTESTS: [(&str, &str); 11] = [
    ("loop", "seed loop"),
    ("copy", "copy"),
    ("difference", "difference"),
    ("shuffle", "shuffle rows"),
    ("gather", "gather rows"),
    ("sum0", "sum, axis 0"),
    ("sum1", "sum, axis 1"),
    ("var0", "var, axis 0"),
    ("transpose", "transpose"),
    ("diff0", "diff, axis 0"),
    ("diff1", "diff, axis 1"),
];

const PROGRAMS: [Program; 8] = [
    Program::Here,
    Program::Ndarray,
    Program::NumPy { huge_pages: true },
    Program::NumPy { huge_pages: false },
    Program::Cxx { library: "eigen", is_native: true },
    Program::Cxx { library: "eigen", is_native: false },
    Program::Cxx { library: "xtensor", is_native: true },
    Program::Cxx { library: "xtensor", is_native: false },
];

/// The rows: a heading, the place in [`PROGRAMS`], and which form of the contests. All are compared with the first.
const CONTESTANTS: [(&str, usize, &str); 15] = [
    ("ndarray-pool, kernel by kernel", 0, "/kernels"),
    ("ndarray-pool, fused", 0, "/fused"),
    ("ndarray, allocating", 1, "/allocating"),
    ("ndarray in place: its methods, rows swapped", 1, "/methods"),
    ("ndarray in place: slices, rows gathered", 1, "/slices"),
    ("NumPy, allocating", 2, "/allocating"),
    ("NumPy, `out=`", 2, "/out"),
    ("NumPy, `take(…, mode='clip', out=)`", 2, "/clip"),
    ("NumPy on small pages, allocating", 3, "/allocating"),
    ("NumPy on small pages, `out=`", 3, "/out"),
    ("NumPy on small pages, `take(…, mode='clip', out=)`", 3, "/clip"),
    ("Eigen, `-march=native`", 4, ""),
    ("Eigen", 5, ""),
    ("xtensor, `-march=native`", 6, ""),
    ("xtensor", 7, ""),
];

#[derive(Debug, PartialEq)]
pub struct Options {
    sides: Vec<usize>,
    contests: Vec<(&'static str, &'static str)>,
    /// As many as suit the size, or so many.
    rounds: Option<usize>,
    turn: Duration,
    python: String,
    cxx: String,
}

impl Options {
    pub const USAGE: &str = "[--quick] [--sides 64,300] [--only loop,copy] [--rounds N] \
                             [--python PATH] [--cxx PATH]";

    pub fn parse(args: &[&str]) -> Result<Self, String> {
        let mut options = Options {
            sides: SIDES.into(),
            contests: CONTESTS.into(),
            rounds: None,
            turn: Duration::from_millis(6),
            python: "python3".into(),
            cxx: "g++".into(),
        };
        let mut args = args.iter();
        while let Some(&option) = args.next() {
            if option == "--quick" {
                (options.rounds, options.turn) = (Some(1), Duration::ZERO);
                continue;
            }
            let value = *args.next().ok_or_else(|| format!("{option}: unknown, or no value"))?;
            let number = |text: &str| text.parse().map_err(|_| format!("{option}: {text}?"));
            match option {
                "--sides" => {
                    options.sides = value.split(',').map(number).collect::<Result<_, _>>()?;
                    if let Some(side) = options.sides.iter().find(|&&side| side < MIN_SIDE) {
                        return Err(format!("{option}: {side} is less than {MIN_SIDE}"));
                    }
                }
                "--only" => {
                    let contest = |name| CONTESTS.into_iter().find(|contest| contest.0 == name);
                    let all = value.split(',').map(|name| contest(name).ok_or(name));
                    options.contests = all
                        .collect::<Result<_, _>>()
                        .map_err(|name| format!("{option}: {name}?"))?;
                }
                "--rounds" => options.rounds = Some(number(value)?.max(1)),
                "--python" => options.python = value.into(),
                "--cxx" => options.cxx = value.into(),
                _ => return Err(format!("{option}: unknown")),
            }
        }
        Ok(options)
    }

    /// Where a call takes longer than a turn, rounds take their time.
    fn rounds(&self, side: usize) -> usize {
        self.rounds.unwrap_or(if side <= 1000 { 11 } else { 7 })
    }
}

pub fn run(options: &Options) {
    // Compilers take their time, so all start at once.
    let mut teams = thread::scope(|scope| {
        let (python, cxx) = (&options.python, &options.cxx);
        let starts = PROGRAMS.map(|program| scope.spawn(move || Team::start(program, python, cxx)));
        starts.map(|start| start.join().expect("starting does not panic"))
    });
    for &side in &options.sides {
        eprintln!("{side}² …");
        let measure = |&(contest, heading): &(&'static str, &'static str)| Column {
            heading,
            outcomes: measure(contest, side, &mut teams, options),
        };
        let columns: Vec<Column> = options.contests.iter().map(measure).collect();
        print_table(side, options.rounds(side), &columns, &teams);
    }
    print_environment(&teams, options);
}

/// A contest, with what became of all contestants.
struct Column {
    heading: &'static str,
    outcomes: Vec<Outcome>,
}

/// What became of a contestant in a contest.
enum Outcome {
    /// Seconds a call, round by round.
    Times(Vec<f64>),
    /// There is no such form, or its program does not take part.
    None,
    Wrong(String),
}

fn measure(contest: &str, side: usize, teams: &mut [Team], options: &Options) -> Vec<Outcome> {
    let mut first = None;
    let mut outcomes = Vec::new();
    for (_, team, form) in CONTESTANTS {
        outcomes.push(match teams[team].ask(&format!("check {contest}{form} {side}")) {
            Answer::Number(number) => {
                let first = *first.get_or_insert(number);
                if is_close(number, first) {
                    Outcome::Times(Vec::new())
                } else {
                    Outcome::Wrong(format!("a fingerprint of {number} in place of {first}"))
                }
            }
            Answer::None => Outcome::None,
            Answer::Wrong(error) => Outcome::Wrong(error),
        });
    }
    let mut calls = [0; CONTESTANTS.len()];
    for round in 0..options.rounds(side) {
        for k in 0..CONTESTANTS.len() {
            let k = if round % 2 == 0 { k } else { CONTESTANTS.len() - 1 - k };
            let Outcome::Times(times) = &mut outcomes[k] else { continue };
            let (_, team, form) = CONTESTANTS[k];
            let run = |calls| teams[team].ask(&format!("run {contest}{form} {side} {calls}"));
            match take_turn(run, &mut calls[k], options.turn) {
                Ok(seconds) => times.push(seconds),
                Err(outcome) => outcomes[k] = outcome,
            }
        }
    }
    outcomes
}

/// Seconds a call. The first turn finds out how many calls there are in one.
fn take_turn(
    mut run: impl FnMut(u32) -> Answer,
    calls: &mut u32,
    turn: Duration,
) -> Result<f64, Outcome> {
    let mut run = |calls| match run(calls) {
        Answer::Number(seconds) => Ok(seconds),
        Answer::None => Err(Outcome::None),
        Answer::Wrong(error) => Err(Outcome::Wrong(error)),
    };
    if *calls == 0 {
        // The first call finds nothing in the caches, and says little about the next ones.
        let is_short = run(1)? < turn.as_secs_f64();
        *calls = if is_short { calls_within(turn, &mut run)? } else { 1 };
    }
    if *calls > 1 {
        run(*calls / 2)?;
    }
    Ok(run(*calls)? / f64::from(*calls))
}

fn calls_within(
    turn: Duration,
    mut run: impl FnMut(u32) -> Result<f64, Outcome>,
) -> Result<u32, Outcome> {
    let mut tried = 1;
    loop {
        let share = turn.as_secs_f64() / run(tried)?.max(1e-9);
        if share < 8.0 || tried > 100_000 {
            return Ok((f64::from(tried) * share).ceil().clamp(1.0, 1e6) as u32);
        }
        tried *= 8;
    }
}

/// Whether two sums of millions of numbers, added in different orders, are of the same numbers.
fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs() + 1e-6
}

fn print_table(side: usize, rounds: usize, columns: &[Column], teams: &[Team]) {
    let unit = Unit::of(&columns[0].outcomes[0]);
    println!("\n### {side}²\n");
    println!("In {}, and as multiples of the first row: medians of {rounds} rounds.\n", unit.name);
    let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
    println!("| | {} |\n|---|{}", headings.join(" | "), "---|".repeat(columns.len()));
    let mut notes = String::new();
    for (k, (name, team, _)) in CONTESTANTS.iter().enumerate() {
        if let Some(reason) = teams[*team].absence() {
            println!("| {name} | *{reason}* |{}", " |".repeat(columns.len() - 1));
            continue;
        }
        let cell = |column: &Column| cell(&column.outcomes[k], &column.outcomes[0], &unit);
        println!("| {name} | {} |", columns.iter().map(cell).collect::<Vec<_>>().join(" | "));
        for Column { heading, outcomes } in columns {
            if let Outcome::Wrong(error) = &outcomes[k] {
                notes += &format!("\n{name}, {heading}, is wrong: {error}");
            }
        }
    }
    println!("{notes}");
}

fn cell(outcome: &Outcome, first: &Outcome, unit: &Unit) -> String {
    match (outcome, first) {
        (Outcome::None, _) => "–".into(),
        (Outcome::Wrong(_), _) => "wrong".into(),
        (Outcome::Times(times), Outcome::Times(firsts)) if !ptr::eq(times, firsts) => {
            format!("{} ({:.2})", unit.show(median(times)), median(times) / median(firsts))
        }
        (Outcome::Times(times), _) => unit.show(median(times)),
    }
}

struct Unit {
    name: &'static str,
    in_a_second: f64,
}

impl Unit {
    /// One that suits the table in which the seed loop takes so long.
    fn of(seed_loop: &Outcome) -> Self {
        match seed_loop {
            Outcome::Times(times) if median(times) < 1e-3 => Unit { name: "µs", in_a_second: 1e6 },
            _ => Unit { name: "ms", in_a_second: 1e3 },
        }
    }

    /// With as many digits as tell something.
    fn show(&self, seconds: f64) -> String {
        let time = self.in_a_second * seconds;
        format!("{time:.*}", if time < 1.0 { 3 } else { usize::from(time < 10.0) + 1 })
    }
}

fn print_environment(teams: &[Team], options: &Options) {
    let mut about: Vec<&str> = teams.iter().filter_map(|team| team.about.as_deref()).collect();
    about.dedup();
    println!("{}.", environment::describe());
    println!("{}.", about.join("; "));
    println!("{}.", environment::compilers(&options.cxx));
    println!(
        "What allocating forms take for arrays below 32 MiB depends on whether the allocator gives memory back \
         between the calls."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_apart() {
        let options =
            Options::parse(&["--sides", "64,300", "--python", "py", "--only", "var0,loop"]);
        let options = options.expect("they are right");
        assert_eq!((options.rounds(64), options.rounds(4000)), (11, 7));
        assert_eq!((options.python.as_str(), options.cxx.as_str()), ("py", "g++"));
        assert_eq!(options.sides, [64, 300]);
        assert_eq!(options.contests, [("var0", "var, axis 0"), ("loop", "seed loop")]);
        assert_eq!(Options::parse(&["--rounds", "3"]).unwrap().rounds(64), 3);
        assert_eq!(Options::parse(&[]).unwrap().contests, CONTESTS);
        for (wrong, error) in [
            (&["--sides"][..], "--sides: unknown, or no value"),
            (&["--sides", "64,x"], "--sides: x?"),
            (&["--sides", "64,5"], "--sides: 5 is less than 20"),
            (&["--only", "copy,paste"], "--only: paste?"),
            (&["--size", "64"], "--size: unknown"),
        ] {
            assert_eq!(Options::parse(wrong), Err(error.into()));
        }
    }

    #[test]
    fn a_turn_is_as_long_as_asked() {
        let mut asked = Vec::new();
        let mut calls = 0;
        let mut run = |calls: u32| {
            asked.push(calls);
            Answer::Number(f64::from(calls) * 1e-5)
        };
        let turn = Duration::from_millis(5);
        let mut seconds = || take_turn(&mut run, &mut calls, turn).ok().expect("it answers");
        assert!((seconds() - 1e-5).abs() < 1e-12);
        assert!((seconds() - 1e-5).abs() < 1e-12);
        assert_eq!(asked, [1, 1, 8, 64, 250, 500, 250, 500]);

        // What is longer is called once, and without a call before.
        let (mut asked, mut calls) = (0, 0);
        let slow = |calls: u32| {
            asked += calls;
            Answer::Number(0.1)
        };
        assert_eq!(take_turn(slow, &mut calls, turn).ok(), Some(0.1));
        assert_eq!((asked, calls), (2, 1));
    }

    #[test]
    fn cells_tell_what_became_of_a_contestant() {
        let times = |times: &[f64]| Outcome::Times(times.into());
        let (first, other) = (times(&[2e-3, 1e-3, 3e-3]), times(&[4e-3, 3e-3, 3e-3]));
        let ms = Unit::of(&first);
        assert_eq!(cell(&first, &first, &ms), "2.00");
        assert_eq!(cell(&other, &first, &ms), "3.00 (1.50)");
        assert_eq!(cell(&other, &Outcome::None, &ms), "3.00");
        assert_eq!(cell(&Outcome::None, &first, &ms), "–");
        assert_eq!(cell(&Outcome::Wrong("a sum".into()), &first, &ms), "wrong");
    }

    #[test]
    fn a_table_has_one_unit() {
        let unit = |time| Unit::of(&Outcome::Times(vec![time]));
        let shown = [0.123_456e-6, 1.234e-6, 98.76e-6, 1234e-6].map(|s| unit(1e-6).show(s));
        assert_eq!(shown, ["0.123", "1.23", "98.8", "1234.0"]);
        assert_eq!(format!("{} {}", unit(0.02).show(0.02), unit(0.02).name), "20.0 ms");
    }
}
