//! The whole layer beside ndarray: `cargo bench --bench layer` for criterion's judgement, and
//! `cargo bench --bench layer -- --duel` for a table of ratios.
//!
//! Each kernel writes into an array that was there before; beside it stands what makes its result in ndarray: its own
//! function, or, where it has none, what one writes with it for the same result. All arrays lie on the heap, those of the
//! kernels too.
//!
//! Criterion times one after the other, which a noisy machine can favour. A duel lets both take turns, five times in
//! five runs (`--runs N` for others), and prints the median of the runs as Markdown: how many times as long ndarray takes.
//! `--side N`, once or more, chooses other sizes than 64, 1000 and 2500; any other word restricts the duel to the kernels
//! with it in their names.

mod arrange;
mod elementwise;
mod few_columns;
mod index;
mod linalg;
mod pair;
mod random;
mod reduce;
mod scan;

use criterion::Criterion;

use self::pair::{Bench, Duel, Judge, Once, Row, median};

const SIDES: [usize; 3] = [64, 1000, 2500];
const RUNS: usize = 5;

/// What a duel was asked for.
struct Asked {
    filter: String,
    sides: Vec<usize>,
    runs: usize,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        all(&mut Once, &[20]);
    } else if args.iter().any(|arg| arg == "--duel") {
        let Asked { filter, sides, runs } = asked_for(&args);
        let mut duel = Duel { filter, rows: Vec::new() };
        (0..runs).for_each(|_| all(&mut duel, &sides));
        print_table(&mut duel.rows, &sides);
    } else {
        let mut criterion = Criterion::default().configure_from_args();
        all(&mut criterion, &SIDES);
        criterion.final_summary();
    }
}

fn all(judge: &mut dyn Judge, sides: &[usize]) {
    for &side in sides {
        elementwise::pairs(&mut Bench { family: "elementwise", side, judge });
        reduce::pairs(&mut Bench { family: "reduce", side, judge });
        scan::pairs(&mut Bench { family: "scan", side, judge });
        index::pairs(&mut Bench { family: "index", side, judge });
        arrange::pairs(&mut Bench { family: "arrange", side, judge });
        linalg::pairs(&mut Bench { family: "linalg", side, judge });
        random::pairs(&mut Bench { family: "random", side, judge });
        few_columns::pairs(&mut Bench { family: "few_columns", side, judge });
    }
}

fn asked_for(args: &[String]) -> Asked {
    let mut asked = Asked { filter: String::new(), sides: Vec::new(), runs: RUNS };
    let mut args = args.iter();
    let number = |arg: Option<&String>| -> usize {
        arg.and_then(|arg| arg.parse().ok()).expect("--side and --runs take a number")
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--bench" | "--duel" => {}
            "--side" => asked.sides.push(number(args.next())),
            "--runs" => asked.runs = number(args.next()).max(1),
            word => asked.filter = word.to_owned(),
        }
    }
    if asked.sides.is_empty() {
        asked.sides = SIDES.to_vec();
    }
    asked
}

#[expect(clippy::print_stdout, reason = "the table is what a duel is for")]
fn print_table(rows: &mut [Row], sides: &[usize]) {
    let heads: String = sides.iter().map(|side| format!(" {side}² |")).collect();
    println!("| kernel | ndarray |{heads}\n|---|---|{}", "---|".repeat(sides.len()));
    for row in rows {
        let form = row.form.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        let ratio = |(_, ratios): &mut (usize, Vec<f64>)| match median(ratios) {
            slower if slower < 0.97 => format!(" **{slower:.2}** |"),
            ratio => format!(" {ratio:.2} |"),
        };
        let ratios: String = row.ratios.iter_mut().map(ratio).collect();
        println!("| `{}` | `{form}` |{ratios}", row.name);
    }
}
