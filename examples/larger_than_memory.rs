//! An array larger than memory, standardised: each column to mean 0 and standard deviation 1.
//!
//! ```text
//! cargo run --release --example larger_than_memory
//! cargo run --release --example larger_than_memory -- --mib 4096 --dir /var/tmp
//! ```
//!
//! It makes a file, and then starts itself with less address space than the file has bytes: a quarter of it, by
//! `ulimit -v`. There it goes over the file twice, block by block. The first pass finds the moments of all columns, the
//! second writes the standardised rows to a second file. Then it compares finding the moments by blocks with
//! reading the file whole, without a limit. What it made it removes, also when it is interrupted.

use std::ffi::OsString;
use std::io::ErrorKind::BrokenPipe;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;

use ndarray::{Array1, Array2, Axis, Ix2};
use ndarray_pool::blocks::{BlockError, Moments, NpyRows, NpyWriter, read_npy_into};
use ndarray_pool::compare::Comparison;
use ndarray_pool::memory::heap::CountingAllocator;
use ndarray_pool::prelude::*;
use rand::SeedableRng;
use rand::distr::StandardUniform;
use rand::rngs::StdRng;

#[global_allocator]
static HEAP: CountingAllocator = CountingAllocator::system();

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const COLUMNS: usize = 512;
const BLOCK_BYTES: usize = 4 << 20;
const MIB: usize = 1 << 20;

/// What this process is for. The last two are for the processes that it starts.
const USAGE: &str = "usage: larger_than_memory [--mib N] [--dir PATH]";
const STANDARDISE: &str = "--standardise";
const COMPARE: &str = "--compare";

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let outcome = match &args[..] {
        [what, from, to] if what == STANDARDISE => standardise(from.as_ref(), to.as_ref()),
        [what, from] if what == COMPARE => compare(from.as_ref()),
        _ => all(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads on.
        Err(error) if error.downcast_ref().is_some_and(|e: &io::Error| e.kind() == BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("larger_than_memory: {error}");
            ExitCode::FAILURE
        }
    }
}

fn all(args: &[OsString]) -> Result<()> {
    let (mut mib, mut dir) = (512, std::env::temp_dir());
    for option in args.chunks(2) {
        match option {
            [name, value] if name == "--mib" => {
                mib = value.to_str().and_then(|text| text.parse().ok()).ok_or(USAGE)?;
            }
            [name, value] if name == "--dir" => dir = value.into(),
            _ => return Err(USAGE.into()),
        }
    }
    if mib < 256 {
        return Err("--mib must be at least 256: the program itself takes some".into());
    }
    let folder = Folder::make(&dir)?;
    let (from, to) = (folder.path.join("from.npy"), folder.path.join("to.npy"));
    let bytes = usize::checked_mul(mib, MIB).ok_or(USAGE)?.next_multiple_of(BLOCK_BYTES);
    let mut bar = Bar::new("making a file", bytes);
    make(&from, bytes, |bytes| bar.advance(bytes))?;
    drop(bar);

    let exe = std::env::current_exe()?;
    let mut limited = if cfg!(unix) {
        let mut shell = Command::new("sh");
        let limit = format!("ulimit -v {} && exec \"$0\" \"$@\"", mib * 1024 / 4);
        shell.arg("-c").arg(limit).arg(&exe);
        writeln!(
            io::stdout(),
            "a file of {mib} MiB, in a process that may address {} MiB",
            mib / 4
        )?;
        shell
    } else {
        Command::new(&exe)
    };
    let status = limited.arg(STANDARDISE).arg(&from).arg(&to).status()?;
    if !status.success() {
        return Err(format!("the process under the limit failed: {status}").into());
    }
    compare(&from)
}

/// Writes random numbers, with another mean and range in each column.
fn make(path: &Path, bytes: usize, mut report: impl FnMut(usize)) -> Result<()> {
    let rows = BLOCK_BYTES / COLUMNS / size_of::<f64>();
    let pool = Pool2::<f64>::new((rows, COLUMNS), 1)?;
    let (mut block, mut rng) = (pool.lease(), StdRng::seed_from_u64(1));
    let scale = Array1::from_iter((1..=COLUMNS).map(|column| column as f64));
    let mut out = NpyWriter::create(path)?;
    for _ in 0..bytes / BLOCK_BYTES {
        random_into(&StandardUniform, &mut block, &mut rng);
        block *= &scale;
        out.write(&block)?;
        report(BLOCK_BYTES);
    }
    Ok(out.finish()?)
}

/// The work itself: two passes over a file of any length.
fn standardise(from: &Path, to: &Path) -> Result<()> {
    let rows = NpyRows::<f64, Ix2>::open(from)?;
    let pool = Arc::new(Pool2::new(rows.block_shape(BLOCK_BYTES), 3)?);
    writeln!(
        io::stdout(),
        "all that it holds: {}",
        rows.blocks(Arc::clone(&pool)).read_ahead(2).plan()
    )?;

    let bytes = rows.rows() * COLUMNS * size_of::<f64>();
    let mut bar = Bar::new("finding the moments", bytes);
    let moments = moments(&rows, &pool, |bytes| bar.advance(bytes))?;
    drop(bar);

    let (mean, std) = (moments.mean(), moments.std(0.0));
    let mut bar = Bar::new("writing the second file", bytes);
    let mut out = NpyWriter::create(to)?;
    let mut checked = Moments::new(COLUMNS);
    let mut blocks = rows.blocks(pool).read_ahead(2);
    while let Some(mut block) = blocks.next_block()? {
        *block -= &mean;
        *block /= &std;
        checked.update(&block);
        out.write(&block)?;
        bar.advance(block.len() * size_of::<f64>());
    }
    out.finish()?;
    drop(bar);
    let far = |numbers: Array1<f64>, from: f64| {
        numbers.iter().map(|x| (x - from).abs()).fold(0.0, f64::max)
    };
    writeln!(
        io::stdout(),
        "in the second file, means are 0 within {:.0e} and standard deviations 1 within {:.0e}",
        far(checked.mean(), 0.0),
        far(checked.std(0.0), 1.0),
    )?;
    Ok(())
}

fn moments(
    rows: &NpyRows<f64, Ix2>,
    pool: &Arc<Pool2<f64>>,
    mut report: impl FnMut(usize),
) -> std::result::Result<Moments, BlockError> {
    let mut moments = Moments::new(COLUMNS);
    rows.blocks(Arc::clone(pool)).read_ahead(2).for_each(|block| {
        moments.update(&block);
        report(block.len() * size_of::<f64>());
    })?;
    Ok(moments)
}

/// By blocks, and as one does it where memory is large enough.
fn compare(from: &Path) -> Result<()> {
    let rows = NpyRows::<f64, Ix2>::open(from)?;
    // What both find is the same but for roundings.
    let rounded = |numbers: &Array1<f64>| numbers.mapv(|x| (x * 1e6).round() as u64).to_vec();
    let report = Comparison::new("mean and standard deviation of each column of a file")
        .array_bytes(rows.rows() * COLUMNS * size_of::<f64>())
        .child_args([OsString::from(COMPARE), from.into()])
        .warm_up_passes(1)
        .passes(3)
        .repeats(3)
        .baseline("whole")
        .variant("whole", |run| {
            let mut found = None;
            run.passes(|_| {
                let mut a = Array2::<f64>::zeros((rows.rows(), COLUMNS));
                read_npy_into(from, &mut a).expect("the file is there");
                found = a.mean_axis(Axis(0)).zip(Some(a.std_axis(Axis(0), 0.0)));
            });
            let (mean, std) = found.expect("there was a pass");
            run.outcome(rounded(&mean).into_iter().chain(rounded(&std)));
        })
        .variant("by blocks", |run| {
            let pool = Pool2::new(rows.block_shape(BLOCK_BYTES), 3).expect("three blocks fit");
            let (pool, mut found) = (Arc::new(pool), None);
            run.passes(|_| found = Some(moments(&rows, &pool, |_| ()).expect("the file is there")));
            let found = found.expect("there was a pass");
            run.outcome(rounded(&found.mean()).into_iter().chain(rounded(&found.std(0.0))));
        })
        .run()?;
    writeln!(io::stdout(), "\n{report}")?;
    Ok(report.require_figures()?)
}

/// A folder for the files, gone at the end: a shell waits for this process, and removes it.
struct Folder {
    path: PathBuf,
    remover: Option<Child>,
}

impl Folder {
    fn make(dir: &Path) -> io::Result<Self> {
        let path = dir.join(format!("ndarray-pool-larger-{}", std::process::id()));
        std::fs::create_dir(&path)
            .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))?;
        // Its input ends with this process, however that ends; Ctrl-C is not for it.
        let remover = Command::new("sh")
            .args(["-c", "trap '' INT HUP TERM; cat >/dev/null; rm -rf -- \"$0\""])
            .arg(&path)
            .stdin(Stdio::piped())
            .spawn();
        Ok(Folder { path, remover: remover.ok() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        match &mut self.remover {
            Some(remover) => {
                drop(remover.stdin.take());
                let _ = remover.wait();
            }
            None => drop(std::fs::remove_dir_all(&self.path)),
        }
    }
}

/// How far it is, on a terminal.
struct Bar {
    what: &'static str,
    done: usize,
    bytes: usize,
    shown: Option<usize>,
}

impl Bar {
    fn new(what: &'static str, bytes: usize) -> Self {
        let mut bar = Bar { what, done: 0, bytes, shown: None };
        bar.advance(0);
        bar
    }

    fn advance(&mut self, bytes: usize) {
        const WIDTH: usize = 40;
        self.done += bytes;
        let full = self.done * WIDTH / self.bytes.max(1);
        if self.shown == Some(full) || !io::stderr().is_terminal() {
            return;
        }
        self.shown = Some(full);
        let (bar, mib) = ("█".repeat(full) + &"░".repeat(WIDTH - full.min(WIDTH)), self.done / MIB);
        let _ = write!(io::stderr(), "\r{:24} {bar} {mib} MiB", self.what);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.shown.is_some() {
            let _ = writeln!(io::stderr());
        }
    }
}
