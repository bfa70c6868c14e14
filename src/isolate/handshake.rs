//! What a parent and the process of a step say to each other, over a socket that is the standard
//! input of the child: first its job, then the child's words.
//!
//! A word is its length and MessagePack, and descriptors may go with it: the files of parcels, and
//! the parent's standard output. Words are short; what is long is in a parcel. That the socket is
//! closed tells each side, whatever the cause, that the other is gone.

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

/// So many descriptors go with one word at most.
const MOST_FILES: usize = 2;

/// A longer text is cut: a socket takes what is shorter at once, whether or not anybody reads.
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

/// What a child says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Word {
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

/// Says `word`. It does not wait for the other side.
pub(super) fn say(
    socket: &UnixStream,
    word: &impl Serialize,
    files: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let body = rmp_serde::to_vec(word).map_err(io::Error::other)?;
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

/// Waits for a word; `None` if the other side is gone.
pub(super) fn hear<T: DeserializeOwned>(
    socket: &UnixStream,
) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    let (mut length, mut filled, mut files) = ([0; 4], 0, Vec::new());
    while filled < length.len() {
        let (read, more) = receive(socket.as_fd(), &mut length[filled..])?;
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
    let word = rmp_serde::from_slice(&body).map_err(io::Error::other)?;
    Ok(Some((word, files)))
}

/// Reads some bytes and the descriptors that go with them; none if the other side is gone.
fn receive(socket: BorrowedFd<'_>, bytes: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FILES))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        match recvmsg(socket, &mut [IoSliceMut::new(bytes)], &mut control, RECEIVE) {
            Err(Errno::INTR) => {}
            // It closed its end and had not read all that was said to it.
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

    use super::{MOST_TEXT_BYTES, Word, cut, hear, say};

    #[test]
    fn words_arrive_in_their_order_with_their_files_and_then_the_end() {
        let (one, other) = UnixStream::pair().unwrap();
        let null = File::open("/dev/null").unwrap();
        say(&one, &Word::Begun { pid: 7 }, &[]).unwrap();
        let long = Word::WrongInput(cut("ü".repeat(1 << 20)));
        say(&one, &long, &[null.as_fd(), null.as_fd()]).unwrap();
        drop(one);
        let (word, files) = hear::<Word>(&other).unwrap().unwrap();
        assert_eq!((word, files.len()), (Word::Begun { pid: 7 }, 0));
        let (word, files) = hear::<Word>(&other).unwrap().unwrap();
        assert_eq!((word, files.len()), (long, 2));
        assert!(hear::<Word>(&other).unwrap().is_none());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("short".into()), "short");
        let text = cut(format!("a{}", "ü".repeat(1 << 20)));
        assert!(text.len() <= MOST_TEXT_BYTES + 3 && text.ends_with("ü…"), "{}", text.len());
    }
}
