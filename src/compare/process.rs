//! One child process: starting it, waiting for it no longer than it may take, and saying how it
//! ended.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use super::child::{self, JOB_VARIABLE, Job, Outcome};
use super::comparison::Comparison;
use super::error::CompareError;

/// How often the parent looks whether a child has ended: rarely enough not to disturb it.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How much of a child's last words is repeated.
const LAST_WORDS_CHARS: usize = 300;

/// A directory of this process's own, gone when it is dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let name = format!(
                "ndarray-pool-compare-{}-{}",
                std::process::id(),
                COUNT.fetch_add(1, Relaxed)
            );
            let path = std::env::temp_dir().join(name);
            // It must not be there: what others may write to is not trusted with jobs.
            match fs::create_dir(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|()| Self(path)),
            }
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How a child ended.
pub(super) enum End {
    Handed(Outcome),
    /// Why there are no figures, in words.
    Failed(String),
    TimedOut,
}

/// Starts a process of this program for `job` and waits for what it hands over.
pub(super) fn run(
    comparison: &Comparison<'_>,
    job: &Job,
    scratch: &Scratch,
) -> Result<End, CompareError> {
    let job_path = scratch.path("job.json");
    let words_path = scratch.path("stderr.txt");
    let failed = CompareError::io("hand a job to a child");
    let _ = fs::remove_file(&job.result);
    let _ = fs::remove_file(child::taken(&job_path));
    child::write_json(&job_path, job).map_err(&failed)?;
    let words = File::create(&words_path).map_err(&failed)?;
    let mut process = command(comparison)
        .map_err(CompareError::io("find this program's own executable"))?
        .env(JOB_VARIABLE, &job_path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(words)
        .spawn()
        .map_err(CompareError::io("start this program anew"))?;
    let wait = CompareError::io("wait for a child");
    let Some(status) = wait_for(&mut process, comparison.time_limit).map_err(&wait)? else {
        end(&mut process, &child::taken(&job_path), comparison).map_err(&wait)?;
        return Ok(End::TimedOut);
    };
    if let Ok(outcome) = child::read_json(&job.result) {
        return Ok(End::Handed(outcome));
    }
    let has_come = child::taken(&job_path).exists();
    Ok(End::Failed(describe(status, has_come, &last_words(&words_path))))
}

fn command(comparison: &Comparison<'_>) -> io::Result<Command> {
    let executable = std::env::current_exe()?;
    let mut command = match comparison.child_wrapper.split_first() {
        None => Command::new(executable),
        Some((program, args)) => {
            let mut command = Command::new(program);
            command.args(args).arg(executable);
            command
        }
    };
    match &comparison.child_args {
        Some(args) => command.args(args),
        None => command.args(std::env::args_os().skip(1)),
    };
    Ok(command)
}

/// `None` if it runs on beyond the limit.
fn wait_for(process: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = process.try_wait()? {
            return Ok(Some(status));
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        thread::sleep(left.min(LOOK_EVERY));
    }
}

/// Ends a child by its handle. Behind a wrapper the handle is the wrapper's, so the child, which
/// wrote down its number when it took the job, is ended first, while the wrapper still waits for it.
fn end(process: &mut Child, taken: &Path, comparison: &Comparison<'_>) -> io::Result<()> {
    if !comparison.child_wrapper.is_empty()
        && let Ok(number) = fs::read_to_string(taken)
        && number.parse::<u32>().is_ok()
    {
        let _ = Command::new("kill").args(["-KILL", &number]).stderr(Stdio::null()).status();
    }
    process.kill()?;
    process.wait()?;
    Ok(())
}

fn describe(status: ExitStatus, has_come: bool, last_words: &str) -> String {
    let how = match (signal(status), status.code()) {
        (Some(9), _) => {
            "it was killed (signal 9): if nobody did, the system ran out of memory".into()
        }
        (Some(6), _) => "it aborted (signal 6)".into(),
        (Some(11), _) => "it was stopped for touching foreign memory (signal 11)".into(),
        (Some(number), _) => format!("it was ended by signal {number}"),
        (None, Some(0)) if has_come => "it ended in the middle, with exit code 0".into(),
        (None, Some(0)) => "it ended and had not come to this comparison (see `child_args`)".into(),
        (None, Some(code)) => format!("it ended early, with exit code {code}"),
        (None, None) => "it ended early".into(),
    };
    if last_words.is_empty() { how } else { format!("{how}; its last words: {last_words}") }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

/// The line that a child wrote last to its standard error; of a panic, the place and the message.
fn last_words(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let words = match lines.iter().rposition(|line| line.contains(" panicked at ")) {
        Some(place) => lines[place..].iter().take(2).copied().collect::<Vec<_>>().join(" "),
        None => lines.last().copied().unwrap_or_default().to_owned(),
    };
    words.chars().take(LAST_WORDS_CHARS).collect()
}
