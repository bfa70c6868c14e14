//! What a parent and the process of a step send each other, over a socket that is the standard input
//! of the child: first its job, then what happens to it.
//!
//! A message is its length and MessagePack, and descriptors may go with it: the files of parcels,
//! and the parent's standard output. Messages are short; what is long is in a parcel. The closed
//! socket tells each side, whatever the cause, that the other is gone.

use std::io::{self, IoSlice, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::parcel::{Extent, Place};

/// It is set in the process of a step, and what that starts inherits it: whether a process is one,
/// its standard input tells.
pub(super) const VARIABLE: &str = "NDARRAY_POOL_ISOLATE";

/// So many descriptors go with one message at most.
const MOST_FILES: usize = 2;

/// A longer text is cut: a socket takes a shorter one at once, whether or not anybody reads.
const MOST_TEXT_BYTES: usize = 16 << 10;

/// Descriptors are not for what a step starts.
#[cfg(target_os = "linux")]
const RECEIVE: RecvFlags = RecvFlags::CMSG_CLOEXEC;
#[cfg(not(target_os = "linux"))]
const RECEIVE: RecvFlags = RecvFlags::empty();

/// What a child is told. Two descriptors go with it: the file of its input, and the standard output
/// of the parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) step: String,
    pub(super) input: Extent,
    /// Where its result is put.
    pub(super) place: Place,
    pub(super) address_space_bytes: Option<u64>,
}

/// What happens to a child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Event {
    /// The process with this id has come to its step.
    Begun {
        pid: u32,
    },
    /// The file of the result goes with it.
    Finished {
        output: Extent,
    },
    Panicked {
        message: String,
        place: Option<String>,
    },
    Unknown {
        known: Vec<String>,
    },
    WrongInput(String),
    /// The result is of a type that cannot travel.
    WrongOutput(String),
    /// The system let something not be done.
    Refused {
        stage: Stage,
        os_error: Option<i32>,
        text: String,
    },
}

/// What a child was about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    Begin,
    ReadInput,
    WriteOutput,
}

/// Sends `message`. It does not wait for the other side.
pub(super) fn send(
    socket: &UnixStream,
    message: &impl Serialize,
    files: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let body = rmp_serde::to_vec(message).map_err(io::Error::other)?;
    let mut whole = u32::try_from(body.len()).map_err(io::Error::other)?.to_ne_bytes().to_vec();
    whole.extend(body);
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FILES))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !files.is_empty() {
        assert!(control.push(SendAncillaryMessage::ScmRights(files)), "there is room for them");
    }
    let sent = sendmsg(socket, &[IoSlice::new(&whole)], &mut control, SendFlags::empty())?;
    match sent == whole.len() {
        true => Ok(()),
        false => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// Waits for a message; `None` if the other side is gone.
pub(super) fn receive<T: DeserializeOwned>(
    socket: &UnixStream,
) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    let (mut length, mut filled, mut files) = ([0; 4], 0, Vec::new());
    while filled < length.len() {
        let (read, more) = receive_some(socket.as_fd(), &mut length[filled..])?;
        files.extend(more);
        if read == 0 {
            return Ok(None);
        }
        filled += read;
    }
    let mut body = vec![0; u32::from_ne_bytes(length) as usize];
    match (&mut &*socket).read_exact(&mut body) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let message = rmp_serde::from_slice(&body).map_err(io::Error::other)?;
    Ok(Some((message, files)))
}

/// Reads some bytes and the descriptors that go with them; none if the other side is gone.
fn receive_some(socket: BorrowedFd<'_>, bytes: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FILES))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        match recvmsg(socket, &mut [IoSliceMut::new(bytes)], &mut control, RECEIVE) {
            Err(Errno::INTR) => {}
            // It closed its end and had not read all that was sent.
            Err(Errno::CONNRESET) => return Ok((0, Vec::new())),
            received => break received?,
        }
    };
    let files = control.drain().flat_map(|message| match message {
        RecvAncillaryMessage::ScmRights(files) => files.collect(),
        _ => Vec::new(),
    });
    let files: Vec<OwnedFd> = files.collect();
    #[cfg(not(target_os = "linux"))]
    for file in &files {
        rustix::io::fcntl_setfd(file, rustix::io::FdFlags::CLOEXEC)?;
    }
    Ok((received.bytes, files))
}

/// `text`, or the beginning of it.
pub(super) fn cut(mut text: String) -> String {
    if text.len() > MOST_TEXT_BYTES {
        let end = (0..=MOST_TEXT_BYTES).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    use super::{Event, MOST_TEXT_BYTES, cut, receive, send};

    #[test]
    fn messages_arrive_in_their_order_with_their_files_and_then_the_end() {
        let (one, other) = UnixStream::pair().unwrap();
        let null = File::open("/dev/null").unwrap();
        send(&one, &Event::Begun { pid: 7 }, &[]).unwrap();
        let long = Event::WrongInput(cut("ü".repeat(1 << 20)));
        send(&one, &long, &[null.as_fd(), null.as_fd()]).unwrap();
        drop(one);
        let (event, files) = receive::<Event>(&other).unwrap().unwrap();
        assert_eq!((event, files.len()), (Event::Begun { pid: 7 }, 0));
        let (event, files) = receive::<Event>(&other).unwrap().unwrap();
        assert_eq!((event, files.len()), (long, 2));
        assert!(receive::<Event>(&other).unwrap().is_none());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("short".into()), "short");
        let text = cut(format!("a{}", "ü".repeat(1 << 20)));
        assert!(text.len() <= MOST_TEXT_BYTES + 3 && text.ends_with("ü…"), "{}", text.len());
    }
}
