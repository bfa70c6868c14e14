//! Running steps: limits, and the ways to a result.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ndarray::{ArrayRef, Dimension};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::carried::{NotInto, Portable};
use super::error::IsolateError;
use super::parcel::{Parcel, ParcelError, Place};
use super::process::{Options, Process};

/// Runs steps, each in a process of its own.
///
/// [`Steps::start`](super::Steps::start) makes it. The methods that set a limit return a new runner,
/// for all steps that follow or for one: `steps.time_limit(limit).run(…)`.
#[derive(Clone)]
pub struct Runner {
    steps: Arc<[&'static str]>,
    options: Options,
}

impl Runner {
    pub(super) fn new(steps: Arc<[&'static str]>) -> Self {
        Self { steps, options: Options::default() }
    }

    /// How long a step may take, from the start of its process to the end of it. No limit is the
    /// default.
    ///
    /// A step that takes longer is ended, with all that it started in its process group, and is
    /// [`IsolateError::TimeLimit`].
    #[must_use]
    pub fn time_limit(&self, limit: Duration) -> Self {
        self.with(|options| options.time_limit = Some(limit))
    }

    /// How much memory a step may hold: the RSS of its process, in bytes, with its code and
    /// libraries (2 MiB and more). No limit is the default.
    ///
    /// The parent looks at it every 2 ms, and ends a process that holds more, with all that it
    /// started in its process group: [`IsolateError::MemoryLimit`]. So a step can hold more for a
    /// moment, by what it touches meanwhile (some MiB). Memory that it reserves and does not touch
    /// is not counted; nor is that of processes which it starts, nor the files in memory in which
    /// arrays travel. Linux only: elsewhere a step with this limit is
    /// [`IsolateError::Io`].
    #[must_use]
    pub fn memory_limit(&self, bytes: u64) -> Self {
        self.with(|options| options.memory_limit_bytes = Some(bytes))
    }

    /// How much address space a step may have: `RLIMIT_AS`, in bytes. No limit is the default.
    ///
    /// The system enforces it, so not a byte more is given. Each process that the step starts has the
    /// same limit. But what is counted is what was *reserved*, with the program, its
    /// libraries and the stacks and arenas of its threads (64 MiB for each thread with glibc), touched or
    /// not. An allocation beyond it fails: in Rust the process then aborts, which is
    /// [`IsolateError::Killed`] by signal 6 with this limit in it.
    #[must_use]
    pub fn address_space_limit(&self, bytes: u64) -> Self {
        self.with(|options| options.address_space_bytes = Some(bytes))
    }

    /// The arguments of the processes, in place of those of this one. They must lead the program to
    /// [`Steps::start`](super::Steps::start); a test needs them, see [the module](super).
    #[must_use]
    pub fn child_args<S: Into<OsString>>(&self, args: impl IntoIterator<Item = S>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        self.with(|options| options.child_args = Some(args))
    }

    /// Where arrays and other values travel: in files without a name in this directory. By default
    /// they are in memory (a memfd) on Linux, and in the directory for temporary files elsewhere.
    ///
    /// A file on a disk spares the memory of one copy of what travels.
    #[must_use]
    pub fn temporary_dir(&self, directory: impl Into<PathBuf>) -> Self {
        let directory = directory.into();
        self.with(|options| options.place = Place::Directory(directory))
    }

    /// Runs the step in a process of its own, and returns what it returns.
    ///
    /// `input` is what the step takes, or what is serialised alike: `&str` for `String`,
    /// [`Carried::of(&lease)`](super::Carried::of) for a `Carried<Array2<f64>>`.
    ///
    /// # Errors
    ///
    /// [`IsolateError`] tells them apart: no such step, other types, a panic, a process that ended
    /// early or was ended, a limit that was exceeded, a system without room.
    pub fn run<In, Out>(&self, step: &str, input: &In) -> Result<Out, IsolateError>
    where
        In: Serialize + ?Sized,
        Out: DeserializeOwned,
    {
        let process = self.start(step, input)?;
        unpack(step, process.wait()?)
    }

    /// Runs the step in a process of its own, and writes the array that it returns (a
    /// [`Carried`](super::Carried)) into `out`: a lease, an array, a view.
    ///
    /// The elements are read from a file straight into `out`, and nothing of their size is allocated.
    ///
    /// # Errors
    ///
    /// As for [`run`](Runner::run); and if the step's array has other elements
    /// ([`IsolateError::WrongTypes`]) or another shape ([`IsolateError::WrongShape`]) than `out`.
    /// `out` is then as it was.
    pub fn run_into<In, A, D>(
        &self,
        step: &str,
        input: &In,
        out: &mut ArrayRef<A, D>,
    ) -> Result<(), IsolateError>
    where
        In: Serialize + ?Sized,
        A: Portable,
        D: Dimension,
    {
        let process = self.start(step, input)?;
        unpack_into(step, process.wait()?, out)
    }

    /// Starts the step and does not wait, so that several run side by side.
    ///
    /// A thread of this process watches over it until it has ended.
    ///
    /// # Errors
    ///
    /// If there is no such step, or if the system does not start a process or does not let the input
    /// be written. [`Running::wait`] returns what goes wrong later.
    pub fn spawn<In>(&self, step: &str, input: &In) -> Result<Running, IsolateError>
    where
        In: Serialize + ?Sized,
    {
        let process = Arc::new(self.start(step, input)?);
        let watched = Arc::clone(&process);
        let thread = thread::Builder::new()
            .name("ndarray-pool-step".into())
            .spawn(move || watched.wait())
            .map_err(IsolateError::io("start a thread that watches over a step"))?;
        Ok(Running { process, thread: Some(thread) })
    }

    fn start<In: Serialize + ?Sized>(
        &self,
        step: &str,
        input: &In,
    ) -> Result<Process, IsolateError> {
        if !self.steps.contains(&step) {
            let known = self.steps.iter().map(|&name| name.to_owned()).collect();
            return Err(IsolateError::UnknownStep { step: step.to_owned(), known });
        }
        if self.options.memory_limit_bytes.is_some() && !cfg!(target_os = "linux") {
            let unsupported = std::io::ErrorKind::Unsupported.into();
            return Err(IsolateError::io("watch the memory of a process")(unsupported));
        }
        let input = Parcel::pack(input, &self.options.place).map_err(|e| match e {
            ParcelError::Io(e) => {
                IsolateError::io("put the input of a step into temporary space")(e)
            }
            ParcelError::Type(reason) => wrong_types(step, "what goes in", &reason),
        })?;
        Process::start(step, input, &self.options)
            .map_err(IsolateError::io("start this program anew"))
    }

    fn with(&self, set: impl FnOnce(&mut Options)) -> Self {
        let mut runner = self.clone();
        set(&mut runner.options);
        runner
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("steps", &self.steps).finish_non_exhaustive()
    }
}

/// A step that runs. Dropped before it was waited for, it is ended.
#[derive(Debug)]
#[must_use = "a step that nobody waits for is ended at once"]
pub struct Running {
    process: Arc<Process>,
    thread: Option<JoinHandle<Result<Parcel, IsolateError>>>,
}

impl Running {
    /// Waits for the step, and returns what it returns.
    ///
    /// # Errors
    ///
    /// As for [`Runner::run`].
    pub fn wait<Out: DeserializeOwned>(mut self) -> Result<Out, IsolateError> {
        let parcel = self.parcel()?;
        unpack(self.process.step(), parcel)
    }

    /// Waits for the step, and writes the array that it returns into `out`.
    ///
    /// # Errors
    ///
    /// As for [`Runner::run_into`].
    pub fn wait_into<A: Portable, D: Dimension>(
        mut self,
        out: &mut ArrayRef<A, D>,
    ) -> Result<(), IsolateError> {
        let parcel = self.parcel()?;
        unpack_into(self.process.step(), parcel, out)
    }

    /// Whether the step is over, so that waiting for it takes no time.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// The id of its process. When the step is over, it may be another's.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    fn parcel(&mut self) -> Result<Parcel, IsolateError> {
        let thread = self.thread.take().expect("it is waited for once");
        thread.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = self.process.end();
            let _ = thread.join();
        }
    }
}

fn unpack<Out: DeserializeOwned>(step: &str, parcel: Parcel) -> Result<Out, IsolateError> {
    parcel.unpack().map_err(|e| not_read(step, e))
}

fn unpack_into<A: Portable, D: Dimension>(
    step: &str,
    parcel: Parcel,
    out: &mut ArrayRef<A, D>,
) -> Result<(), IsolateError> {
    parcel.unpack_into(out).map_err(|e| match e {
        NotInto::Parcel(e) => not_read(step, e),
        NotInto::Shape(found) => {
            let needed = out.shape().to_vec();
            IsolateError::WrongShape { step: step.to_owned(), found, needed }
        }
    })
}

fn not_read(step: &str, e: ParcelError) -> IsolateError {
    match e {
        ParcelError::Io(e) => IsolateError::io("read the result of a step")(e),
        ParcelError::Type(reason) => wrong_types(step, "what comes out", &reason),
    }
}

fn wrong_types(step: &str, what: &str, reason: &str) -> IsolateError {
    IsolateError::WrongTypes { step: step.to_owned(), reason: format!("{what}: {reason}") }
}
