//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::input::ElementType;
use crate::variants::Variant;

pub(crate) const USAGE: &str = "\
What a numeric loop pays for its arrays, in four ways of writing it.

Usage: shuffle_diff [OPTIONS]

Options:
  --rows N          rows of each array [1000]
  --cols N          columns of each array [1000]
  --passes N        passes of the loop [10]
  --variants LIST   which, of allocating,drop-first,idiomatic,in-place [all]
  --seed N          seed of the random numbers [1]
  --input FILE.npy  start from this two-dimensional array of f32 or f64
                    instead of random numbers
  --help            print this
";

/// What the command line asks for.
pub(crate) enum Command {
    Help,
    Run(Job),
    Child(Child),
}

/// The whole experiment.
pub(crate) struct Job {
    pub(crate) shape: (usize, usize),
    pub(crate) passes: usize,
    pub(crate) variants: Vec<Variant>,
    pub(crate) seed: u64,
    pub(crate) input: Option<PathBuf>,
}

/// One variant, for the process that runs it. The program gives itself this command line.
pub(crate) struct Child {
    pub(crate) variant: Variant,
    pub(crate) shape: (usize, usize),
    pub(crate) passes: usize,
    pub(crate) seed: u64,
    pub(crate) element_type: ElementType,
    /// Whether the first array comes through standard input, and not from the random numbers.
    pub(crate) from_stdin: bool,
    /// Whether to show the growth at each step, and not to count and time.
    pub(crate) trace: bool,
}

impl Child {
    /// The command line that `parse` turns into this.
    pub(crate) fn to_args(&self) -> Vec<String> {
        let what = if self.trace { "trace" } else { "time" };
        let from = if self.from_stdin { "stdin" } else { "random" };
        let mut args = vec!["--child".into()];
        args.extend([what, self.variant.option(), self.element_type.name(), from].map(Into::into));
        args.extend([self.shape.0, self.shape.1, self.passes].map(|n| n.to_string()));
        args.push(self.seed.to_string());
        args
    }
}

pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    parse_words(args).map_err(|e| format!("{e} (--help tells the options)"))
}

fn parse_words(args: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(args);
    let (mut rows, mut cols) = (None, None);
    let mut job = Job {
        shape: (1000, 1000),
        passes: 10,
        variants: Variant::ALL.to_vec(),
        seed: 1,
        input: None,
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Long("rows") => rows = Some(at_least_one("--rows", parser.value()?)?),
            Long("cols") => cols = Some(at_least_one("--cols", parser.value()?)?),
            Long("passes") => job.passes = at_least_one("--passes", parser.value()?)?,
            Long("seed") => job.seed = parser.value()?.parse()?,
            Long("variants") => job.variants = variants(&parser.value()?.string()?)?,
            Long("input") => job.input = Some(parser.value()?.into()),
            Long("child") => return Ok(Command::Child(child(&mut parser)?)),
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    if job.input.is_some() && (rows.is_some() || cols.is_some()) {
        return Err("--input brings its own shape: leave out --rows and --cols".into());
    }
    job.shape = (rows.unwrap_or(job.shape.0), cols.unwrap_or(job.shape.1));
    Ok(Command::Run(job))
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

/// The words behind `--child`, in the order of [`Child::to_args`].
fn child(parser: &mut lexopt::Parser) -> Result<Child, lexopt::Error> {
    let mut words = parser.raw_args()?.map(|word| word.to_string_lossy().into_owned());
    let mut word = || words.next().ok_or("--child is for the program's own use");
    let trace = word()? == "trace";
    let variant = variants(&word()?)?[0];
    let element_type = ElementType::named(&word()?).ok_or("no such element type")?;
    let from_stdin = word()? == "stdin";
    let mut number = || word()?.parse().map_err(|_| "not a number");
    let (rows, cols, passes, seed): (u64, u64, u64, u64) =
        (number()?, number()?, number()?, number()?);
    let shape = (rows as usize, cols as usize);
    Ok(Child { variant, shape, passes: passes as usize, seed, element_type, from_stdin, trace })
}
