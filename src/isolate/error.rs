//! Why a step brought no result.

use std::time::Duration;
use std::{error, fmt, io};

/// Why a step brought no result. Its process has ended, with all that it started in its group.
#[non_exhaustive]
pub enum IsolateError {
    /// No step of this name was registered.
    #[non_exhaustive]
    UnknownStep {
        /// The name that was asked for.
        step: String,
        /// The names of the steps there are.
        known: Vec<String>,
    },
    /// The step takes another type than the caller passes, or returns another than it expects.
    #[non_exhaustive]
    WrongTypes {
        /// The name of the step.
        step: String,
        /// What was found, and what was expected.
        reason: String,
    },
    /// The array that the step returned has another shape than the one it was to be written into,
    /// which is as it was.
    #[non_exhaustive]
    WrongShape {
        /// The name of the step.
        step: String,
        /// The shape of the step's array.
        found: Vec<usize>,
        /// The shape of the array to write into.
        needed: Vec<usize>,
    },
    /// The step panicked.
    #[non_exhaustive]
    Panicked {
        /// The name of the step.
        step: String,
        /// The message of the panic.
        message: String,
        /// Its file, line and column, where they are known.
        place: Option<String>,
    },
    /// The process ended without a result.
    #[non_exhaustive]
    Exited {
        /// The name of the step.
        step: String,
        /// The exit code of the process.
        code: i32,
        /// Whether it had reached the step; if not, it ended before
        /// [`Steps::start`](super::Steps::start).
        has_begun: bool,
    },
    /// A signal ended the process.
    #[non_exhaustive]
    Killed {
        /// The name of the step.
        step: String,
        /// The number of the signal.
        signal: i32,
        /// The limit on its address space, if it had one: where it aborted (signal 6), that is the
        /// likely cause.
        address_space_bytes: Option<u64>,
    },
    /// The step took longer than its limit.
    #[non_exhaustive]
    TimeLimit {
        /// The name of the step.
        step: String,
        /// The limit.
        limit: Duration,
    },
    /// The step held more memory than its limit.
    #[non_exhaustive]
    MemoryLimit {
        /// The name of the step.
        step: String,
        /// The limit.
        limit_bytes: u64,
        /// The RSS that was found.
        found_bytes: u64,
    },
    /// The system refused what the step needs: a process, or space for an array.
    #[non_exhaustive]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system answered.
        source: io::Error,
    },
}

impl IsolateError {
    /// For `map_err`: what was being done when the system refused.
    pub(super) fn io(doing: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }
}

impl fmt::Display for IsolateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownStep { step, known } if known.is_empty() => {
                write!(f, "there is no step {step:?}: none was registered")
            }
            Self::UnknownStep { step, known } => {
                write!(f, "there is no step {step:?}, but {known:?}")
            }
            Self::WrongTypes { step, reason } => write!(f, "step {step:?}: {reason}"),
            Self::WrongShape { step, found, needed } => write!(
                f,
                "step {step:?} returned an array of shape {found:?}, but it is to be written into \
                 one of shape {needed:?}"
            ),
            Self::Panicked { step, message, place: Some(place) } => {
                write!(f, "step {step:?} panicked at {place}: {message}")
            }
            Self::Panicked { step, message, place: None } => {
                write!(f, "step {step:?} panicked: {message}")
            }
            Self::Exited { step, code, has_begun: true } => {
                write!(f, "step {step:?} ended its process in the middle, with exit code {code}")
            }
            Self::Exited { step, code, has_begun: false } => write!(
                f,
                "the process of step {step:?} ended with exit code {code} and had not come to \
                 `Steps::start` (see `Runner::child_args`)"
            ),
            Self::Killed { step, signal, address_space_bytes } => {
                let what = crate::child::what_signal(*signal);
                write!(f, "the process of step {step:?} {what}")?;
                match address_space_bytes {
                    Some(bytes) => write!(
                        f,
                        "; its address space was limited to {bytes} bytes, and memory beyond that \
                         was refused"
                    ),
                    None => Ok(()),
                }
            }
            Self::TimeLimit { step, limit } => {
                write!(f, "step {step:?} took longer than {limit:?} and was ended")
            }
            Self::MemoryLimit { step, limit_bytes, found_bytes } => write!(
                f,
                "step {step:?} held {found_bytes} bytes of memory, but {limit_bytes} is its limit: \
                 it was ended"
            ),
            Self::Io { doing, source } => write!(f, "cannot {doing}: {source}"),
        }
    }
}

/// As it is displayed: `main` and `unwrap` print an error by `Debug`.
impl fmt::Debug for IsolateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for IsolateError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
