//! What the command line asks for.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

pub const USAGE: &str = "\
Heat in a plate, on any number of MPI ranks.

Usage: mpirun -n RANKS heat_mpi [OPTIONS]

Options:
  --rows N          rows of the grid [512]
  --cols N          columns of the grid [512]
  --steps N         maximum number of steps [1000]
  --tolerance X     end when no cell changes by more than X in a step [0: never]
  --check N         find the largest change in every Nth step [10]
  --save FILE.npy   write the temperatures at the end
  --every N         and in every Nth step
  --resume FILE.npy start from these temperatures, saved by any number of ranks
  --picture FILE    draw the last state as PNG
  --panic-at N      let the last rank panic in step N, to see what happens then
  --help            print this

Exit code: 0; 1 if the command line, a file or the system will not do. Then one
rank says why. (mpirun adds words of its own; mpirun -q does not.)
";

/// Rows and columns, unless the command line or a checkpoint says otherwise.
pub const GRID: [usize; 2] = [512, 512];

pub struct Options {
    /// `None` if neither rows nor columns were given.
    pub grid: Option<[usize; 2]>,
    pub steps: usize,
    pub tolerance: f64,
    pub check: usize,
    pub save: Option<PathBuf>,
    pub every: Option<usize>,
    pub resume: Option<PathBuf>,
    pub picture: Option<PathBuf>,
    pub panic_at: Option<usize>,
}

/// `None` if help is wanted.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options {
        grid: None,
        steps: 1000,
        tolerance: 0.0,
        check: 10,
        save: None,
        every: None,
        resume: None,
        picture: None,
        panic_at: None,
    };
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("rows") => {
                options.grid.get_or_insert(GRID)[0] = at_least_one(&mut parser, "--rows")?;
            }
            Long("cols") => {
                options.grid.get_or_insert(GRID)[1] = at_least_one(&mut parser, "--cols")?;
            }
            Long("steps") => options.steps = at_least_one(&mut parser, "--steps")?,
            Long("check") => options.check = at_least_one(&mut parser, "--check")?,
            Long("every") => options.every = Some(at_least_one(&mut parser, "--every")?),
            Long("panic-at") => options.panic_at = Some(at_least_one(&mut parser, "--panic-at")?),
            Long("tolerance") => options.tolerance = parser.value()?.parse()?,
            Long("save") => options.save = Some(parser.value()?.into()),
            Long("resume") => options.resume = Some(parser.value()?.into()),
            Long("picture") => options.picture = Some(parser.value()?.into()),
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    if options.tolerance.is_nan() || options.tolerance < 0.0 {
        let found = options.tolerance;
        return Err(format!("--tolerance is {found}, but must be 0 or more").into());
    }
    if options.every.is_some() && options.save.is_none() {
        return Err("--every needs --save FILE.npy".into());
    }
    Ok(Some(options))
}

fn at_least_one(parser: &mut lexopt::Parser, option: &str) -> Result<usize, lexopt::Error> {
    let n = parser.value()?.parse()?;
    if n == 0 { Err(format!("{option} is 0, but must be at least 1").into()) } else { Ok(n) }
}
