//! What can go wrong with a pool. Errors carry no heap memory of their own: a failing
//! [`try_lease`](crate::Pool::try_lease) allocates nothing.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

/// How many holders an [`Exhausted`] error remembers.
const SHOWN_HOLDERS: usize = 8;

/// Why a pool could not be built or could not lease a buffer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PoolError {
    /// The pool was asked for zero buffers.
    NoBuffers,
    /// The buffers together would not fit into the address space.
    TooLarge {
        /// How many buffers were asked for.
        buffers: usize,
        /// How many elements each would have; `None` if the axes that are not zero alone have a
        /// product of more than `isize::MAX`, which no array may have.
        elements: Option<usize>,
        /// The size of one element.
        element_bytes: usize,
    },
    /// The system refused the memory.
    Refused {
        /// How many bytes were asked for in one piece.
        bytes: usize,
        /// The system's own error number, where it gave one.
        os_error: Option<i32>,
    },
    /// Every buffer is leased.
    Exhausted(Exhausted),
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PoolError::NoBuffers => f.write_str("a pool has zero buffers, but needs at least one"),
            PoolError::TooLarge { buffers, elements, element_bytes } => {
                write!(f, "a pool of {buffers} buffers of ")?;
                match elements {
                    Some(elements) => write!(f, "{elements}")?,
                    None => write!(f, "more than {}", isize::MAX)?,
                }
                write!(
                    f,
                    " elements of {element_bytes} bytes is too large: it must fit into {} bytes",
                    isize::MAX
                )
            }
            PoolError::Refused { bytes, os_error } => {
                write!(f, "the system refused {bytes} bytes of memory for a pool")?;
                match os_error {
                    Some(code) => write!(f, ": {}", std::io::Error::from_raw_os_error(*code)),
                    None => Ok(()),
                }
            }
            PoolError::Exhausted(exhausted) => exhausted.fmt(f),
        }
    }
}

impl std::error::Error for PoolError {}

/// No buffer was free: which pool, and the source lines that hold its buffers.
#[derive(Clone, Debug)]
pub struct Exhausted {
    label: Arc<Label>,
    holders: [Option<&'static Location<'static>>; SHOWN_HOLDERS],
    /// How many holders there were besides.
    more: usize,
    waited: Option<Duration>,
}

impl Exhausted {
    pub(crate) fn new(
        label: Arc<Label>,
        mut holders: impl Iterator<Item = &'static Location<'static>>,
        waited: Option<Duration>,
    ) -> Self {
        let mut shown = [None; SHOWN_HOLDERS];
        for place in &mut shown {
            *place = holders.next();
        }
        Exhausted { label, holders: shown, more: holders.count(), waited }
    }

    /// The name given to [`PoolBuilder::name`](crate::PoolBuilder::name).
    pub fn pool_name(&self) -> Option<&str> {
        self.label.name.as_deref()
    }

    /// The shape of the pool's buffers.
    pub fn shape(&self) -> &[usize] {
        &self.label.shape
    }

    /// How many buffers the pool has; all of them were leased.
    pub fn buffers(&self) -> usize {
        self.label.buffers
    }

    /// The source lines that hold the first eight buffers;
    /// [`Pool::holders`](crate::Pool::holders) gives all.
    pub fn holders(&self) -> impl Iterator<Item = &'static Location<'static>> + '_ {
        self.holders.iter().flatten().copied()
    }
}

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.waited {
            Some(waited) => write!(f, "no buffer became free within {waited:?} in {}", self.label)?,
            None => write!(f, "no buffer is free in {}", self.label)?,
        }
        for (i, holder) in self.holders().enumerate() {
            write!(f, "{}{holder}", if i == 0 { "; leased at " } else { ", " })?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, ", and {more} more (Pool::holders gives all)"),
        }
    }
}

/// What a pool is called in messages: shared with its errors, so that making one copies nothing.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) name: Option<Box<str>>,
    pub(crate) shape: Box<[usize]>,
    pub(crate) buffers: usize,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "pool {name:?}")?,
            None => f.write_str("the pool")?,
        }
        let plural = if self.buffers == 1 { "" } else { "s" };
        write!(f, " of {} buffer{plural} of shape {:?}", self.buffers, self.shape)
    }
}
