//! One child process: starting it, waiting for it no longer than it may take, and saying how it
//! ended.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::comparison::Comparison;
use super::error::CompareError;
use super::guardian::{self, Guardian};
use super::handshake::{self, JOB_VARIABLE, Job, Outcome};
use super::scratch::Scratch;
use super::start;
use crate::child;

/// How often the parent looks whether a child has ended: rarely enough not to disturb it.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How much of a child's last words is repeated.
const LAST_WORDS_CHARS: usize = 300;

/// How a child ended.
pub(super) enum End {
    Handed(Outcome),
    /// Why there are no figures, in words.
    Failed(String),
    /// The same of a child that did not come to the comparison.
    Lost(String),
    TimedOut,
}

/// Starts the children of one comparison. When it is dropped, none is left, and no file.
pub(super) struct Launcher<'a> {
    comparison: &'a Comparison<'a>,
    job_path: PathBuf,
    words_path: PathBuf,
    has_started: bool,
    // In this order: what the guardian looks after goes first.
    scratch: Scratch,
    guardian: Guardian,
}

impl<'a> Launcher<'a> {
    pub(super) fn new(comparison: &'a Comparison<'a>) -> Result<Self, CompareError> {
        let scratch = Scratch::new().map_err(CompareError::io("make a temporary directory"))?;
        let guardian = Guardian::of(scratch.dir());
        let (job_path, words_path) = (scratch.path("job.json"), scratch.path("stderr.txt"));
        Ok(Self { comparison, job_path, words_path, has_started: false, scratch, guardian })
    }

    /// Where a file called `name` can be handed to a child.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path(name)
    }

    /// Runs a process of this program for `job` and returns what it hands over.
    pub(super) fn run(&mut self, job: &Job) -> Result<End, CompareError> {
        // A directory that was removed has no name, and children start in it all the same.
        let Ok(present) = std::env::current_dir() else { return self.run_in(None, job) };
        let directories = start::directories(&present);
        if let [known] = &directories[..] {
            return self.run_in(Some(known), job);
        }
        let probe = Job { directory: Some(present.clone()), ..job.clone() };
        for directory in &directories {
            match self.run_in(Some(directory), &probe)? {
                End::Lost(_) | End::Handed(Outcome::Elsewhere) => {}
                end => {
                    start::settle(directory);
                    return Ok(end);
                }
            }
        }
        // Nowhere does it come to where this process is. What goes wrong is said by the child.
        start::settle(&present);
        self.run_in(Some(&present), job)
    }

    fn run_in(&mut self, directory: Option<&Path>, job: &Job) -> Result<End, CompareError> {
        let failed = CompareError::io("hand a job to a child");
        for old in [&job.result, &self.job_path, &handshake::taken(&self.job_path)] {
            let _ = fs::remove_file(old);
        }
        let words = File::create(&self.words_path).map_err(&failed)?;
        let mut process = match self.start(directory, words, job) {
            Ok(process) => process,
            // What was measured so far is not lost.
            Err(e) if self.has_started => return Ok(End::Lost(format!("it was not started: {e}"))),
            Err(e) => return Err(CompareError::io("start this program anew")(e)),
        };
        self.has_started = true;
        // The guardian knows a child before that knows its job: none can be left alone with one.
        self.guardian.watch(&process);
        let handed = handshake::write_whole(&self.job_path, job).map_err(&failed);
        let end = handed.and_then(|()| self.wait_for_figures(&mut process, job));
        if end.is_err() {
            let _ = guardian::end(&mut process, None);
        }
        self.guardian.release();
        let _ = fs::remove_file(handshake::taken(&self.job_path));
        end
    }

    fn wait_for_figures(&self, process: &mut Child, job: &Job) -> Result<End, CompareError> {
        let wait = CompareError::io("wait for a child");
        let taken = handshake::taken(&self.job_path);
        let Some(status) = wait_for(process, self.comparison.time_limit).map_err(&wait)? else {
            let child = fs::read_to_string(taken).ok().and_then(|number| number.parse().ok());
            guardian::end(process, child).map_err(&wait)?;
            return Ok(End::TimedOut);
        };
        if let Some(refusal) = self.refused_preload(job) {
            return Ok(End::Failed(refusal));
        }
        if let Ok(outcome) = handshake::read_json(&job.result) {
            return Ok(End::Handed(outcome));
        }
        let has_come = taken.exists();
        let reason = describe(status, has_come, &last_words(&self.words_path));
        Ok(if has_come { End::Failed(reason) } else { End::Lost(reason) })
    }

    /// The line in which the loader says that it ignores a library: the figures would be those of another variant.
    fn refused_preload(&self, job: &Job) -> Option<String> {
        let is_preloading = self.env(job).iter().any(|(name, _)| name == "LD_PRELOAD");
        let words = fs::read(&self.words_path).ok().filter(|_| is_preloading)?;
        let words = String::from_utf8_lossy(&words);
        let line = words.lines().find(|line| line.contains("cannot be preloaded"))?;
        let line = line.trim().trim_end_matches(": ignored.");
        Some(format!("a library was not preloaded: {line}"))
    }

    /// The variables that the variant of `job` sets.
    fn env(&self, job: &Job) -> &[(OsString, OsString)] {
        let of_job = self.comparison.variants.iter().find(|variant| variant.name == job.variant);
        of_job.map_or(&[], |variant| &variant.env)
    }

    fn start(&self, directory: Option<&Path>, words: File, job: &Job) -> io::Result<Child> {
        let comparison = self.comparison;
        let mut command =
            child::command(&comparison.child_wrapper, comparison.child_args.as_deref())?;
        command.envs(self.env(job).iter().map(|(name, value)| (name, value)));
        command.env(JOB_VARIABLE, &self.job_path);
        directory.map(|directory| command.current_dir(directory));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(words);
        child::spawn(child::in_own_group(&mut command))
    }
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

fn describe(status: ExitStatus, has_come: bool, last_words: &str) -> String {
    let how = match (child::signal(status), status.code()) {
        (Some(number), _) => format!("it {}", child::what_signal(number)),
        (None, Some(0)) if has_come => "it ended in the middle, with exit code 0".into(),
        (None, Some(0)) => "it ended and had not come to this comparison (see `child_args`)".into(),
        (None, Some(code)) => format!("it ended early, with exit code {code}"),
        (None, None) => "it ended early".into(),
    };
    if last_words.is_empty() {
        how
    } else {
        format!("{how}; last line on standard error: {last_words}")
    }
}

/// The line that a child wrote last to its standard error; of a panic, the place and the message;
/// how much memory it was refused.
fn last_words(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = |is_it: fn(&str) -> bool| lines.iter().rposition(|line| is_it(line));
    let words = match last(|line| line.contains(" panicked at ")) {
        Some(place) => lines[place..].iter().take(2).copied().collect::<Vec<_>>().join(" "),
        // The runtime says something about backtraces after that.
        None => match last(|line| line.starts_with("memory allocation of ")).or(last(|_| true)) {
            Some(place) => lines[place].to_owned(),
            None => String::new(),
        },
    };
    words.chars().take(LAST_WORDS_CHARS).collect()
}
