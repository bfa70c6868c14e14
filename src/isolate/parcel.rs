//! A value on its way to another process: an unlinked file with its arrays, and behind them the rest
//! of it as MessagePack.
//!
//! ```text
//! file   |array|array| … |message|
//! ```
//!
//! An array ([`Carried`](super::Carried)) writes its elements to the file while the value around it
//! is serialised, and the message holds where they are. So the two have to know the file: while a
//! thread packs or unpacks, it is in a thread-local variable.

use std::any::type_name;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Where the files of parcels are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) enum Place {
    /// In memory where the system has such files (Linux), otherwise in the directory for temporary
    /// files.
    #[default]
    Memory,
    Directory(PathBuf),
}

/// A value in a file that has no name.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) file: File,
    pub(super) message: Extent,
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Extent {
    pub(super) offset: u64,
    pub(super) bytes: u64,
}

#[derive(Debug)]
pub(super) enum ParcelError {
    /// The system let nothing be written or read.
    Io(io::Error),
    /// The value is of a type that cannot travel, or is not of the type that was expected.
    Type(String),
}

impl Parcel {
    /// Writes `value` down.
    pub(super) fn pack<T: Serialize + ?Sized>(
        value: &T,
        place: &Place,
    ) -> Result<Self, ParcelError> {
        let open = Open { file: place.file().map_err(ParcelError::Io)?, end: 0, error: None };
        let (message, mut open) = open.during(|| rmp_serde::to_vec_named(value));
        let message = match message {
            Ok(message) => message,
            Err(e) => return Err(open.error_or(e.to_string())),
        };
        let extent = open.append(&message).map_err(ParcelError::Io)?;
        Ok(Self { file: open.file, message: extent })
    }

    /// Reads the value. Nobody else uses the file, so its memory is freed.
    pub(super) fn unpack<T: DeserializeOwned>(self) -> Result<T, ParcelError> {
        let Self { mut file, message: Extent { offset, bytes } } = self;
        let mut message = Vec::new();
        let read = file.seek(SeekFrom::Start(offset));
        let read = read.and_then(|_| (&file).take(bytes).read_to_end(&mut message));
        read.map_err(ParcelError::Io)?;
        let open = Open { file, end: offset, error: None };
        let (value, open) = open.during(|| rmp_serde::from_slice(&message));
        value.map_err(|e| {
            use rmp_serde::decode::Error::TypeMismatch;

            open.error_or(match e {
                TypeMismatch(found) => {
                    format!("{} was expected, but it is {found:?}", type_name::<T>())
                }
                e => e.to_string(),
            })
        })
    }
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// The parcel that a thread packs or unpacks.
pub(super) struct Open {
    pub(super) file: File,
    /// Where the next array goes.
    end: u64,
    /// What the system answered in the middle: it is the reason, not what serde makes of it.
    error: Option<io::Error>,
}

impl Open {
    /// Calls `body` with this parcel open, and takes it back.
    fn during<R>(self, body: impl FnOnce() -> R) -> (R, Self) {
        /// Closes it if `body` panics, too.
        struct Close(Option<Open>);
        impl Drop for Close {
            fn drop(&mut self) {
                OPEN.set(self.0.take());
            }
        }
        let close = Close(OPEN.replace(Some(self)));
        let result = body();
        let open = OPEN.take().expect("it is closed here alone");
        drop(close);
        (result, open)
    }

    /// Calls `body` with the open parcel of this thread; `None` if there is none. An error of the
    /// system is kept for whoever opened it.
    pub(super) fn with<R>(body: impl FnOnce(&mut Self) -> io::Result<R>) -> Option<io::Result<R>> {
        OPEN.with_borrow_mut(|open| {
            let open = open.as_mut()?;
            Some(body(open).map_err(|e| {
                let again = io::Error::from(e.kind());
                open.error = Some(e);
                again
            }))
        })
    }

    /// Writes `bytes` behind all that was written.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<Extent> {
        self.file.write_all(bytes)?;
        let extent = Extent { offset: self.end, bytes: bytes.len() as u64 };
        self.end += extent.bytes;
        Ok(extent)
    }

    fn error_or(self, reason: String) -> ParcelError {
        self.error.map_or(ParcelError::Type(reason), ParcelError::Io)
    }
}

impl Place {
    /// An empty file that has no name, and is gone when nobody has it open.
    fn file(&self) -> io::Result<File> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Memory => {
                use rustix::fs::{MemfdFlags, memfd_create};
                Ok(memfd_create("ndarray-pool", MemfdFlags::CLOEXEC)?.into())
            }
            #[cfg(not(target_os = "linux"))]
            Self::Memory => Self::Directory(std::env::temp_dir()).file(),
            Self::Directory(directory) => {
                #[cfg(target_os = "linux")]
                {
                    use rustix::fs::{Mode, OFlags, open};
                    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
                    if let Ok(file) = open(directory, flags, Mode::RUSR | Mode::WUSR) {
                        return Ok(file.into());
                    }
                }
                named_and_removed(directory)
            }
        }
    }
}

/// For systems and file systems without files that never had a name.
fn named_and_removed(directory: &std::path::Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name =
        format!("ndarray-pool-isolate-{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
    let path = directory.join(name);
    let mut options = File::options();
    let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
