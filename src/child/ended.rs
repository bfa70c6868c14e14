//! How a child ended, in words.

use std::any::Any;
use std::process::ExitStatus;

/// The signal that ended a process, if one did.
#[cfg(unix)]
pub(crate) fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
pub(crate) fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

/// What a signal did to a process, after "it".
pub(crate) fn what_signal(number: i32) -> String {
    match number {
        9 => "was killed (signal 9): if nobody did, the system ran out of memory".into(),
        6 => "aborted (signal 6)".into(),
        11 => "was stopped for touching foreign memory (signal 11)".into(),
        _ => format!("was ended by signal {number}"),
    }
}

/// The text that a panic was raised with.
pub(crate) fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}
