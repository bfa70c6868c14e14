//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::variants::Variant;

pub(crate) const USAGE: &str = "\
What a numeric loop pays for its arrays, in five ways of writing it.

Usage: shuffle_diff [OPTIONS]

Options:
  --rows N          rows of each array [1000]
  --cols N          columns of each array [1000]
  --passes N        passes of the loop [10]
  --variants LIST   which, of allocating,heap-kept (the same code; glibc keeps
                    freed memory),drop-first,idiomatic,in-place and fused (in
                    place, in one pass over the arrays)
                    [the first five; of a sweep: all]
  --seed N          seed of the random numbers [1]
  --input FILE.npy  start from this two-dimensional array of f32 or f64
                    instead of random numbers
  --sweep           run on arrays from 0.5 to 64 MiB, instead of one size
  --report DIR      write a page with charts, JSON and CSV into DIR
  --json            print all figures as JSON, and nothing else
  --help            print this

Exit code: 0; 1 if a variant has no figures or computes something else; 2 if the
command line or the input will not do.
";

/// What the command line asks for.
pub(crate) enum Command {
    Help,
    Run(Job),
}

/// The whole experiment.
pub(crate) struct Job {
    pub(crate) shape: (usize, usize),
    pub(crate) passes: usize,
    pub(crate) variants: Vec<Variant>,
    pub(crate) seed: u64,
    pub(crate) input: Option<PathBuf>,
    pub(crate) is_sweep: bool,
    pub(crate) report: Option<PathBuf>,
    pub(crate) is_json: bool,
}

pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    parse_words(args).map_err(|e| format!("{e} (--help tells the options)"))
}

fn parse_words(args: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(args);
    let (mut rows, mut cols, mut chosen) = (None, None, None);
    let mut job = Job {
        shape: (1000, 1000),
        passes: 10,
        variants: Vec::new(),
        seed: 1,
        input: None,
        is_sweep: false,
        report: None,
        is_json: false,
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Long("rows") => rows = Some(at_least_one("--rows", parser.value()?)?),
            Long("cols") => cols = Some(at_least_one("--cols", parser.value()?)?),
            Long("passes") => job.passes = passes(parser.value()?)?,
            Long("seed") => job.seed = parser.value()?.parse()?,
            Long("variants") => chosen = Some(variants(&parser.value()?.string()?)?),
            Long("input") => job.input = Some(parser.value()?.into()),
            Long("sweep") => job.is_sweep = true,
            Long("report") => job.report = Some(parser.value()?.into()),
            Long("json") => job.is_json = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    let has_shape = rows.is_some() || cols.is_some();
    if job.input.is_some() && has_shape {
        return Err("--input brings its own shape: leave out --rows and --cols".into());
    }
    if job.is_sweep && (job.input.is_some() || has_shape) {
        return Err("--sweep has its own shapes: leave out --rows, --cols and --input".into());
    }
    let all = if job.is_sweep { &Variant::ALL[..] } else { &Variant::ALL[..5] };
    job.variants = chosen.unwrap_or_else(|| all.to_vec());
    job.shape = (rows.unwrap_or(job.shape.0), cols.unwrap_or(job.shape.1));
    Ok(Command::Run(job))
}

fn passes(value: OsString) -> Result<usize, lexopt::Error> {
    const MOST: usize = 1_000_000;
    let n = at_least_one("--passes", value)?;
    if n > MOST {
        return Err(format!("--passes is {n}, but must be at most {MOST}").into());
    }
    Ok(n)
}

fn at_least_one(option: &str, value: OsString) -> Result<usize, lexopt::Error> {
    let n: usize = value.parse()?;
    if n == 0 { Err(format!("{option} is 0, but must be at least 1").into()) } else { Ok(n) }
}

fn variants(list: &str) -> Result<Vec<Variant>, lexopt::Error> {
    let mut chosen = Vec::new();
    for name in list.split(',') {
        let Some(variant) = Variant::ALL.into_iter().find(|v| v.option() == name) else {
            let known = Variant::ALL.map(Variant::option).join(", ");
            return Err(format!("there is no variant {name:?}: choose from {known}").into());
        };
        if !chosen.contains(&variant) {
            chosen.push(variant);
        }
    }
    Ok(chosen)
}
