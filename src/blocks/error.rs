//! [`BlockError`]: what can go wrong between a file and a block.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use crate::error::{Count, PoolError};

/// Why blocks could not be read or written. Errors of a file name the file, and errors of its header
/// name the field.
#[non_exhaustive]
pub enum BlockError {
    /// The system did not open the file, or did not report its kind.
    Open {
        /// The file.
        file: Box<Path>,
        /// What the system said.
        error: io::Error,
    },
    /// The file is a directory, a pipe or a device, which can neither be read at a position nor be replaced.
    NotRegular {
        /// The file.
        file: Box<Path>,
    },
    /// A field of the header is not what it must be.
    Header {
        /// The file.
        file: Box<Path>,
        /// `magic`, `version`, `header`, `descr`, `fortran_order` or `shape`.
        field: &'static str,
        /// What it is, and what it must be.
        reason: Box<str>,
    },
    /// The file ends before its data do.
    Truncated {
        /// The file.
        file: Box<Path>,
        /// How many bytes it has.
        found_bytes: u64,
        /// How many its header asks for.
        needed_bytes: u64,
    },
    /// The system did not let the file be read.
    Read {
        /// The file.
        file: Box<Path>,
        /// What the system said.
        error: io::Error,
    },
    /// An element is not a value of the type that is read.
    Value {
        /// The file.
        file: Box<Path>,
        /// The index of the row.
        row: usize,
        /// What it is, and what it must be.
        reason: Box<str>,
    },
    /// The system did not let the file be written. What was under its name before is untouched.
    Write {
        /// The file.
        file: Box<Path>,
        /// What the system said.
        error: io::Error,
    },
    /// The rows of a block, or all of an array, have another shape than those of the file.
    Shape {
        /// The file.
        file: Box<Path>,
        /// `rows` or `array`: what the shapes are of.
        what: &'static str,
        /// The shape in the file.
        in_file: Box<[usize]>,
        /// The shape in memory.
        in_memory: Box<[usize]>,
    },
    /// The buffers of the pool have no more rows than the overlap, so a block could have no new row.
    FewRows {
        /// How many rows a buffer has.
        block_rows: usize,
        /// How many of them are rows of the block before.
        overlap: usize,
    },
    /// The pool has no buffer left.
    Pool(PoolError),
    /// The system gave no thread to read ahead, or to compute.
    Thread(io::Error),
    /// A source of your own failed.
    Source(Box<dyn Error + Send + Sync>),
    /// An earlier error ended the loop or the writer: there may be rows that were never seen, or never written.
    Ended,
    /// Two passes over the same rows did not see the same: as a rule, not the same number of them.
    Changed {
        /// How many rows this pass saw.
        found_rows: usize,
        /// How many the first one saw.
        needed_rows: usize,
    },
}

impl BlockError {
    pub(super) fn header(file: &Path, field: &'static str, reason: impl Into<Box<str>>) -> Self {
        BlockError::Header { file: file.into(), field, reason: reason.into() }
    }
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BlockError::Open { file, error } => {
                write!(f, "cannot open {}: {error}", file.display())
            }
            BlockError::NotRegular { file } => {
                write!(f, "{} is not a regular file, but must be one", file.display())
            }
            BlockError::Header { file, field, reason } => {
                write!(f, "{}: `{field}` {reason}", file.display())
            }
            BlockError::Truncated { file, found_bytes, needed_bytes } => {
                let found = Count(usize::try_from(*found_bytes).unwrap_or(usize::MAX), "byte");
                write!(f, "{} has {found}, but its header asks for ", file.display())?;
                write!(f, "{needed_bytes}")
            }
            BlockError::Read { file, error } => {
                write!(f, "cannot read {}: {error}", file.display())
            }
            BlockError::Value { file, row, reason } => {
                write!(f, "row {row} of {} {reason}", file.display())
            }
            BlockError::Write { file, error } => {
                write!(f, "cannot write {}: {error}; what was under ", file.display())?;
                f.write_str("that name is untouched")
            }
            BlockError::Shape { file, what, in_file, in_memory } => {
                let (file, has) = (file.display(), if *what == "rows" { "rows of " } else { "" });
                let one = if *what == "rows" { "the block" } else { "the array" };
                write!(
                    f,
                    "{file} has {has}shape {in_file:?}, but {one} has {has}shape {in_memory:?}"
                )
            }
            BlockError::FewRows { block_rows, overlap } => {
                write!(f, "the buffers of the pool have {}, ", Count(*block_rows, "row"))?;
                write!(f, "but must have more than the overlap, which is {overlap}")
            }
            BlockError::Pool(error) => error.fmt(f),
            BlockError::Thread(error) => write!(f, "the system gave no thread: {error}"),
            BlockError::Source(error) => error.fmt(f),
            BlockError::Ended => f.write_str("an error before ended this"),
            BlockError::Changed { found_rows, needed_rows } if found_rows == needed_rows => {
                f.write_str("this pass saw other elements than the first one")
            }
            BlockError::Changed { found_rows, needed_rows } => {
                write!(f, "this pass saw {}, ", Count(*found_rows, "row"))?;
                write!(f, "but the first one saw {needed_rows}")
            }
        }
    }
}

/// `Debug` of an error is its text: `main` and `unwrap` print an error by `Debug`.
impl fmt::Debug for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for BlockError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            BlockError::Open { error, .. }
            | BlockError::Read { error, .. }
            | BlockError::Write { error, .. }
            | BlockError::Thread(error) => Some(error),
            BlockError::Source(error) => error.source(),
            _ => None,
        }
    }
}

impl From<PoolError> for BlockError {
    fn from(error: PoolError) -> Self {
        BlockError::Pool(error)
    }
}

/// For sources of your own, which read from files and sockets.
impl From<io::Error> for BlockError {
    fn from(error: io::Error) -> Self {
        BlockError::Source(error.into())
    }
}

/// For sources of your own: `.map_err(|e| BlockError::from(Box::from(e)))`.
impl From<Box<dyn Error + Send + Sync>> for BlockError {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        BlockError::Source(error)
    }
}
