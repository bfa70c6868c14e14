//! The parent's side: one process, from its start until nothing of it is left.

use std::ffi::OsString;
use std::io::{self, stdout};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::error::IsolateError;
use super::handshake::{self, Event, Job, Stage, VARIABLE};
use super::parcel::{Parcel, Place};
use crate::child;
use crate::memory::rss_bytes_of;

/// How often the memory of a process is looked at, if that is limited.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// How often the parent checks that a silent process is still there. The closed socket tells it at
/// once, unless the step handed that on to another process.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// How a process is started, and what it may take.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    pub(super) time_limit: Option<Duration>,
    pub(super) memory_limit_bytes: Option<u64>,
    pub(super) address_space_bytes: Option<u64>,
    pub(super) child_args: Option<Vec<OsString>>,
    pub(super) place: Place,
}

/// The process of a step. When it is dropped, nothing is left of it.
#[derive(Debug)]
pub(super) struct Process {
    step: String,
    options: Options,
    start: Instant,
    pid: Pid,
    socket: UnixStream,
    /// Until it has been waited for: from then on its number may be another's.
    child: Mutex<Option<Child>>,
}

/// How a wait for an event ended.
enum Received {
    Nothing,
    Event(Event, Option<std::fs::File>),
    /// The other end of the socket is closed.
    End,
}

impl Process {
    /// Starts the process of `step`, with its job waiting for it.
    pub(super) fn start(step: &str, input: Parcel, options: &Options) -> io::Result<Self> {
        let start = Instant::now();
        let (socket, end) = UnixStream::pair()?;
        let job = Job {
            step: step.to_owned(),
            input: input.message,
            place: options.place.clone(),
            address_space_bytes: options.address_space_bytes,
        };
        handshake::send(&socket, &job, &[input.file.as_fd(), stdout().as_fd()])?;
        drop(input); // the child has it
        let mut command = child::command(&[], options.child_args.as_deref())?;
        command.env(VARIABLE, "1").stdin(std::os::fd::OwnedFd::from(end)).stdout(Stdio::null());
        let child = child::spawn(child::in_own_group(&mut command))?;
        drop(command); // with the child's end of the socket
        Ok(Self {
            step: step.to_owned(),
            options: options.clone(),
            start,
            pid: Pid::from_child(&child),
            socket,
            child: Mutex::new(Some(child)),
        })
    }

    pub(super) fn id(&self) -> u32 {
        self.pid.as_raw_nonzero().get() as u32
    }

    pub(super) fn step(&self) -> &str {
        &self.step
    }

    /// Waits until the process has ended or was ended, and for its result.
    pub(super) fn wait(&self) -> Result<Parcel, IsolateError> {
        let failed = IsolateError::io("wait for the process of a step");
        let (mut has_begun, mut last, mut has_ended) = (false, None, false);
        loop {
            let pause = match self.exceeded() {
                Ok(pause) => pause,
                // The outcome came before the limit was exceeded.
                Err(_) if last.is_some() => break,
                Err(exceeded) => {
                    self.end().map_err(&failed)?;
                    return Err(exceeded);
                }
            };
            // What it sent before it ended can still be received.
            let pause = if has_ended { Duration::ZERO } else { pause };
            match self.receive(pause).map_err(&failed)? {
                Received::Event(Event::Begun { pid }, _) if pid == self.id() => has_begun = true,
                Received::Event(Event::Begun { .. }, _) => {
                    let reason = "what `main` started before `Steps::start` took the step";
                    return Err(failed(io::Error::other(reason)));
                }
                Received::Event(event, file) => last = Some((event, file)),
                Received::End if self.has_ended().map_err(&failed)? => break,
                // It is about to end, as a rule.
                Received::End => thread::sleep(pause.min(Duration::from_micros(100))),
                Received::Nothing if has_ended => break,
                Received::Nothing => has_ended = self.has_ended().map_err(&failed)?,
            }
        }
        let status = self.end().map_err(&failed)?;
        match last {
            Some((event, file)) => self.outcome(event, file),
            None => Err(self.without_outcome(status, has_begun)),
        }
    }

    /// Ends the process and all that it started in its group, whatever state they are in, and says
    /// how it ended; `None` if that has been said before, or nobody knows.
    pub(super) fn end(&self) -> io::Result<Option<ExitStatus>> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut running) = child.take() else { return Ok(None) };
        if state(self.pid)? == State::Unknown {
            return Ok(None);
        }
        // It has not been waited for, so the number is its own. What it left in its group goes too.
        let _ = kill_process_group(self.pid, Signal::KILL);
        let _ = running.kill(); // it may have left its group
        running.wait().map(Some)
    }

    /// How long to wait before this is to be asked again, or what limit was exceeded.
    fn exceeded(&self) -> Result<Duration, IsolateError> {
        let mut pause = ASK_EVERY;
        if let Some(limit) = self.options.time_limit {
            let left = limit.saturating_sub(self.start.elapsed());
            if left.is_zero() {
                return Err(IsolateError::TimeLimit { step: self.step.clone(), limit });
            }
            pause = pause.min(left);
        }
        if let Some(limit_bytes) = self.options.memory_limit_bytes {
            let found_bytes = rss_bytes_of(self.id()).unwrap_or(0);
            if found_bytes > limit_bytes {
                let step = self.step.clone();
                return Err(IsolateError::MemoryLimit { step, limit_bytes, found_bytes });
            }
            pause = pause.min(LOOK_EVERY);
        }
        Ok(pause)
    }

    fn receive(&self, pause: Duration) -> io::Result<Received> {
        let mut sockets = [PollFd::new(&self.socket, PollFlags::IN)];
        let pause = Timespec::try_from(pause).map_err(io::Error::other)?;
        match poll(&mut sockets, Some(&pause)) {
            Ok(0) | Err(Errno::INTR) => return Ok(Received::Nothing),
            polled => polled?,
        };
        Ok(match handshake::receive(&self.socket)? {
            None => Received::End,
            Some((event, files)) => {
                Received::Event(event, files.into_iter().next().map(Into::into))
            }
        })
    }

    /// Whether it has ended, without waiting for it: its number stays its own.
    fn has_ended(&self) -> io::Result<bool> {
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(child.is_none() || state(self.pid)? != State::Running)
    }

    fn outcome(&self, event: Event, file: Option<std::fs::File>) -> Result<Parcel, IsolateError> {
        let step = self.step.clone();
        Err(match (event, file) {
            (Event::Finished { output }, Some(file)) => {
                return Ok(Parcel { file, message: output });
            }
            (Event::Finished { .. } | Event::Begun { .. }, _) => {
                let lost = io::Error::other("no file came with it");
                IsolateError::Io { doing: "receive the result of a step", source: lost }
            }
            (Event::Panicked { message, place }, _) => {
                IsolateError::Panicked { step, message, place }
            }
            (Event::Unknown { known }, _) => IsolateError::UnknownStep { step, known },
            (Event::WrongInput(reason), _) => {
                IsolateError::WrongTypes { step, reason: format!("what goes in: {reason}") }
            }
            (Event::WrongOutput(reason), _) => {
                IsolateError::WrongTypes { step, reason: format!("what comes out: {reason}") }
            }
            (Event::Refused { stage, os_error, text }, _) => IsolateError::Io {
                doing: match stage {
                    Stage::Begin => "prepare the process of a step",
                    Stage::ReadInput => "read the input of a step",
                    Stage::WriteOutput => "put the result of a step into temporary space",
                },
                source: os_error
                    .map_or_else(|| io::Error::other(text), io::Error::from_raw_os_error),
            },
        })
    }

    fn without_outcome(&self, status: Option<ExitStatus>, has_begun: bool) -> IsolateError {
        let step = self.step.clone();
        let Some(status) = status else {
            let unknown = io::Error::from(Errno::CHILD);
            return IsolateError::io("learn how the process of a step ended")(unknown);
        };
        match child::signal(status) {
            Some(signal) => {
                let address_space_bytes =
                    self.options.address_space_bytes.filter(|_| signal == Signal::ABORT.as_raw());
                IsolateError::Killed { step, signal, address_space_bytes }
            }
            None => {
                let code = status.code().unwrap_or_default();
                IsolateError::Exited { step, code, has_begun }
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// What is known about a child that this process has not waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Ended,
    /// It has ended, and the system has waited for it, because this process ignores `SIGCHLD`: its
    /// number may be another's.
    Unknown,
}

fn state(pid: Pid) -> io::Result<State> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::Pid(pid), options) {
        Ok(None) => Ok(State::Running),
        Ok(Some(_)) => Ok(State::Ended),
        Err(Errno::CHILD) => Ok(State::Unknown),
        Err(e) => Err(e.into()),
    }
}
