//! The child's side: finding out that this process is one, and running the step that it is for.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::{env, panic, process, thread};

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, Signal};
use rustix::stdio;

use super::handshake::{Event, Job, Stage, VARIABLE, cut, receive, send};
use super::parcel::{Parcel, ParcelError, Place};
use crate::child::message_of;

/// A step without its types: a parcel in, a parcel out.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) run: Box<Run>,
}

pub(super) type Run = dyn Fn(Parcel, &Place) -> Result<Parcel, Failure>;

/// Why a step that did not panic has no result.
pub(super) enum Failure {
    Input(ParcelError),
    Output(ParcelError),
}

/// What this process is for, and the socket to its parent.
pub(super) struct Task {
    job: Job,
    input: Parcel,
    parent: UnixStream,
}

/// `None` in a process that no [`Runner`](super::Runner) started.
///
/// What a step starts inherits the variable and has no such socket for its standard input. If the
/// parent is gone by now, this does not return.
pub(super) fn task() -> Option<Task> {
    env::var_os(VARIABLE)?;
    let parent = UnixStream::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    parent.local_addr().ok()?;
    let Ok(Some((job, files))) = receive::<Job>(&parent) else { process::exit(1) };
    let Ok([input, output]) = <[OwnedFd; 2]>::try_from(files) else { process::exit(1) };
    let input = Parcel { file: File::from(input), message: job.input };
    let task = Task { job, input, parent };
    match task.begin(&output) {
        Ok(()) => Some(task),
        Err(e) => finish(&task.parent, &refused(Stage::Begin, &e), None),
    }
}

impl Task {
    /// Makes the process what a step expects, and tells the parent that it is there.
    fn begin(&self, output: &OwnedFd) -> io::Result<()> {
        // What the step starts must not read the socket. And what is printed is shown from here on
        // only: what came before was printed by the parent too.
        stdio::dup2_stdin(File::open("/dev/null")?)?;
        io::stdout().flush()?;
        stdio::dup2_stdout(output)?;
        let parent = self.parent.try_clone()?;
        thread::Builder::new().name("ndarray-pool-parent".into()).spawn(move || {
            // Nothing more is sent to a child: this returns when the parent is gone.
            let _ = receive::<Job>(&parent);
            end();
        })?;
        if let Some(bytes) = self.job.address_space_bytes {
            let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
            match rustix::process::setrlimit(Resource::As, limit) {
                // A stricter one is in force, and stays.
                Err(Errno::PERM) => {}
                set => set?,
            }
        }
        send(&self.parent, &Event::Begun { pid: process::id() }, &[])
    }

    /// Runs the one of `steps` that this process is for, sends the outcome, and ends the
    /// process.
    pub(super) fn run(self, steps: &[Step]) -> ! {
        let Self { job, input, parent } = self;
        let Some(step) = steps.iter().find(|step| step.name == job.step) else {
            let known = steps.iter().map(|step| step.name.to_owned()).collect();
            finish(&parent, &Event::Unknown { known }, None)
        };
        let places = PanicPlaces::watch(parent.try_clone());
        let body = AssertUnwindSafe(|| (step.run)(input, &job.place));
        match catch_unwind(body) {
            Ok(Ok(Parcel { file, message })) => {
                finish(&parent, &Event::Finished { output: message }, Some(&file))
            }
            Ok(Err(Failure::Input(ParcelError::Type(reason)))) => {
                finish(&parent, &Event::WrongInput(cut(reason)), None)
            }
            Ok(Err(Failure::Output(ParcelError::Type(reason)))) => {
                finish(&parent, &Event::WrongOutput(cut(reason)), None)
            }
            Ok(Err(Failure::Input(ParcelError::Io(e)))) => {
                finish(&parent, &refused(Stage::ReadInput, &e), None)
            }
            Ok(Err(Failure::Output(ParcelError::Io(e)))) => {
                finish(&parent, &refused(Stage::WriteOutput, &e), None)
            }
            Err(payload) => {
                let message = message_of(&*payload);
                let place = places.of(&message);
                finish(&parent, &Event::Panicked { message: cut(message), place }, None)
            }
        }
    }
}

fn refused(stage: Stage, e: &io::Error) -> Event {
    Event::Refused { stage, os_error: e.raw_os_error(), text: cut(e.to_string()) }
}

/// Sends the outcome and ends the process.
fn finish(parent: &UnixStream, outcome: &Event, file: Option<&File>) -> ! {
    let file = file.map(AsFd::as_fd);
    let sent = send(parent, outcome, file.as_slice());
    process::exit(match (sent, outcome) {
        (Ok(()), Event::Finished { .. }) => 0,
        (Ok(()), Event::Panicked { .. }) => 101,
        _ => 1,
    })
}

/// Ends this process and all that it started in its process group.
fn end() -> ! {
    let own = rustix::process::getpid();
    if rustix::process::getpgrp() == own {
        let _ = rustix::process::kill_current_process_group(Signal::KILL);
    }
    let _ = rustix::process::kill_process(own, Signal::KILL);
    process::abort()
}

/// Where panics were raised, which their payloads do not know.
struct PanicPlaces;

/// The last panic of this process: message, and place.
static LAST: Mutex<Option<(String, String)>> = Mutex::new(None);

impl PanicPlaces {
    /// Notes the place of each panic from now on; it is printed as before. Where a panic does not
    /// unwind, it is told to the parent at once.
    fn watch(parent: io::Result<UnixStream>) -> Self {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if let Some(place) = info.location() {
                let last = (message_of(info.payload()), place.to_string());
                *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
            }
            print(info);
            if let (true, Ok(parent)) = (cfg!(panic = "abort"), &parent) {
                let message = cut(message_of(info.payload()));
                let place = info.location().map(ToString::to_string);
                let _ = send(parent, &Event::Panicked { message, place }, &[]);
            }
        }));
        Self
    }

    /// The place of the panic with this message, if it was the last: a panic of another thread may
    /// have been handed on.
    fn of(&self, message: &str) -> Option<String> {
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
        last.filter(|(said, _)| said == message).map(|(_, place)| place)
    }
}
