//! The handshake of a parent and its child: the job, the outcome, and the file that carries each.
//!
//! The parent names a file in an environment variable, starts the child, lets the
//! [guardian](super::guardian) know it, and only then writes the child's job to that file. The child
//! waits for its job and *takes* it by renaming the file. So a process that the variant starts in
//! turn, which inherits the variable, finds no job and cannot start an avalanche; and the parent of
//! a child that ended without a word knows whether it ever came this far.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use serde::{Deserialize, Serialize};

use super::error::CompareError;
use super::figures::{Curve, GrowthRow, Repeat};

/// Where the job's file is named.
pub(super) const JOB_VARIABLE: &str = "NDARRAY_POOL_COMPARE_JOB";

/// How long a child waits for its job: it is there within a millisecond, unless the parent was
/// stopped just then.
const JOB_LIMIT: Duration = Duration::from_secs(60);

/// What a child is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Job {
    /// Which comparison, by [`Comparison::key`](super::Comparison::key).
    pub(super) key: String,
    /// Which of its variants.
    pub(super) variant: String,
    /// Whether to watch memory over time and at marks, and not to time undisturbed.
    pub(super) is_watched: bool,
    /// Where the child has to be when it comes to its comparison, if that tells whether it was
    /// started in the right directory.
    pub(super) directory: Option<PathBuf>,
    /// Where the [`Outcome`] is awaited.
    pub(super) result: PathBuf,
    /// The reports of the comparisons that were over before, by their keys.
    pub(super) earlier: Vec<(String, PathBuf)>,
}

/// What a child hands back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Outcome {
    Finished(Box<Finished>),
    Panicked {
        message: String,
    },
    /// The variant returned and had not called [`Run::passes`](super::Run::passes).
    NoPasses,
    /// The child came to its comparison in another directory than the job's.
    Elsewhere,
}

/// A variant that came to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Finished {
    pub(super) repeat: Repeat,
    pub(super) watched: Option<Watched>,
}

/// What only a watched process knows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Watched {
    pub(super) curve: Curve,
    pub(super) growth: Vec<GrowthRow>,
}

/// Which side of the handshake this process is on.
pub(super) enum Position {
    Parent,
    Child(&'static Job),
}

/// Finds out, once.
pub(super) fn position() -> Result<Position, CompareError> {
    static JOB: OnceLock<Option<Job>> = OnceLock::new();
    let Some(path) = env::var_os(JOB_VARIABLE) else { return Ok(Position::Parent) };
    match JOB.get_or_init(|| wait_for_job(Path::new(&path))) {
        Some(job) => Ok(Position::Child(job)),
        None => Err(CompareError::Nested),
    }
}

/// `None` if there is none to come: another process took it, or the comparison is over.
fn wait_for_job(path: &Path) -> Option<Job> {
    let start = Instant::now();
    loop {
        if let Ok(job) = read_json(path) {
            return Some(job);
        }
        let may_come = path.parent().is_some_and(Path::is_dir) && !taken(path).exists();
        if !may_come || start.elapsed() > JOB_LIMIT {
            return None;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Whether this process was started by a comparison. It leaves no files where the parent's are.
pub(super) fn is_child() -> bool {
    env::var_os(JOB_VARIABLE).is_some()
}

/// What the file of a job is called after it was taken. It holds the number of the process.
pub(super) fn taken(job: &Path) -> PathBuf {
    job.with_extension("taken")
}

/// Claims the job for this process.
pub(super) fn take() -> Result<(), CompareError> {
    let job = PathBuf::from(env::var_os(JOB_VARIABLE).expect("a child has it"));
    let failed = CompareError::io("take a child's job");
    fs::rename(&job, taken(&job)).map_err(|_| CompareError::Nested)?;
    fs::write(taken(&job), process::id().to_string()).map_err(failed)
}

pub(super) fn write_json<T: Serialize>(path: &Path, value: &T) -> std::io::Result<()> {
    fs::write(path, serde_json::to_vec(value)?)
}

/// Whoever looks for the file finds all of it, or none.
pub(super) fn write_whole<T: Serialize>(path: &Path, value: &T) -> std::io::Result<()> {
    let part = path.with_extension("part");
    write_json(&part, value)?;
    fs::rename(part, path)
}

pub(super) fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> std::io::Result<T> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}
