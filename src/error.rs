//! Errors of pools and of what is built on pools. They own no heap memory: a failing
//! [`try_lease`](crate::Pool::try_lease) allocates nothing. (The exceptions are [`OverBudget`], where a limit was
//! reached but memory did not run out, and an invalid [`Plan`](crate::Plan).)

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

/// `Debug` of an error is its text, because `main` and `unwrap` print errors by `Debug`.
macro_rules! debug_as_display {
    ($($error:ty),*) => {$(
        impl fmt::Debug for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

debug_as_display!(PoolError, Exhausted, OverBudget, RowError, FewAxes);

/// Why a pool could not be built or could not lease a buffer.
#[derive(Clone)]
#[non_exhaustive]
pub enum PoolError {
    /// The pool was asked for zero buffers.
    NoBuffers,
    /// The buffers together would not fit into the address space.
    TooLarge {
        /// How many buffers were asked for.
        buffers: usize,
        /// How many elements each would have; `None` if the product of the nonzero axes alone exceeds `isize::MAX`,
        /// which no array may have.
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
    /// The [`Budget`](crate::Budget) does not have enough bytes left.
    OverBudget(Box<OverBudget>),
    /// The rows of a [`RowBuilder`](crate::pattern::RowBuilder) need more address space than there is, or than the
    /// system provides. With a smaller `max_rows` they need less.
    NoAddressSpace {
        /// How many rows there could be.
        max_rows: usize,
        /// How many bytes the system was asked for; `None` if there cannot be so many.
        bytes: Option<usize>,
        /// The system's own error number, where it gave one.
        os_error: Option<i32>,
    },
    /// A row of a [`Plan`](crate::Plan) from a file describes an impossible array.
    InvalidPlan {
        /// Which one: the index in [`Plan::entries`](crate::Plan::entries).
        row: usize,
        /// The name of the field.
        field: &'static str,
        /// What it is, and what it must be.
        reason: Box<str>,
    },
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PoolError::NoBuffers => f.write_str("a pool has zero buffers, but needs at least one"),
            PoolError::TooLarge { buffers, elements, element_bytes } => {
                write!(f, "a pool of {} of ", Count(*buffers, "buffer"))?;
                match elements {
                    Some(elements) => write!(f, "{}", Count(*elements, "element"))?,
                    None => write!(f, "more than {} elements", isize::MAX)?,
                }
                let element_bytes = Count(*element_bytes, "byte");
                write!(f, " of {element_bytes} is too large: it must fit into {} bytes", isize::MAX)
            }
            PoolError::Refused { bytes, os_error } => {
                write!(f, "the system refused {} of memory for a pool", Count(*bytes, "byte"))?;
                write_os_error(f, *os_error)
            }
            PoolError::Exhausted(exhausted) => exhausted.fmt(f),
            PoolError::OverBudget(over_budget) => over_budget.fmt(f),
            PoolError::NoAddressSpace { max_rows, bytes, os_error } => {
                match bytes {
                    Some(bytes) => {
                        let bytes = Count(*bytes, "byte");
                        write!(f, "the system refused {bytes} of address space for ")?;
                        write!(f, "a row builder with a `max_rows` of {max_rows}")?;
                    }
                    None => {
                        write!(
                            f,
                            "a row builder with a `max_rows` of {max_rows} needs more than "
                        )?;
                        write!(f, "{} bytes of address space", isize::MAX)?;
                    }
                }
                write_os_error(f, *os_error)?;
                f.write_str("; with a smaller `max_rows` it needs less")
            }
            PoolError::InvalidPlan { row, field, reason } => {
                write!(f, "`entries[{row}].{field}` of the plan {reason}")
            }
        }
    }
}

impl std::error::Error for PoolError {}

fn write_os_error(f: &mut fmt::Formatter<'_>, code: Option<i32>) -> fmt::Result {
    code.map_or(Ok(()), |code| write!(f, ": {}", std::io::Error::from_raw_os_error(code)))
}

/// No buffer was free: which pool, and the source lines that hold its buffers.
#[derive(Clone)]
pub struct Exhausted {
    label: Arc<Label>,
    lines: [Option<&'static Location<'static>>; SHOWN_LINES],
    /// How many buffers each of them holds.
    buffers: [u32; SHOWN_LINES],
    /// How many buffers are held by other lines.
    more: usize,
    waited: Option<Duration>,
}

/// How many source lines an [`Exhausted`] error remembers.
const SHOWN_LINES: usize = 6;

impl Exhausted {
    /// `holders` has one source line for each buffer.
    pub(crate) fn new(
        label: Arc<Label>,
        holders: impl Iterator<Item = &'static Location<'static>>,
        waited: Option<Duration>,
    ) -> Self {
        let (lines, buffers) = ([None; SHOWN_LINES], [0; SHOWN_LINES]);
        let mut this = Exhausted { label, lines, buffers, more: 0, waited };
        for at in holders {
            let is_place = |line: &Option<_>| line.is_none_or(|line| line == at);
            match this.lines.iter().position(is_place) {
                Some(place) => {
                    this.lines[place] = Some(at);
                    this.buffers[place] = this.buffers[place].saturating_add(1);
                }
                None => this.more += 1,
            }
        }
        this
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

    /// The source lines that hold the buffers, each once, in the order of the buffers: the first
    /// six. [`Pool::holders`](crate::Pool::holders) gives the line of each buffer.
    pub fn holders(&self) -> impl Iterator<Item = &'static Location<'static>> + '_ {
        self.lines.iter().flatten().copied()
    }
}

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.waited {
            Some(waited) => write!(f, "no buffer became free within {waited:?} in {}", self.label)?,
            None => write!(f, "no buffer is free in {}", self.label)?,
        }
        for (i, (line, &buffers)) in self.holders().zip(&self.buffers).enumerate() {
            f.write_str(if i == 0 { "; leased at " } else { ", " })?;
            AtLine(line, buffers as usize).fmt(f)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, ", and {more} more (Pool::holders gives all)"),
        }
    }
}

/// A source line and how many leases of it there are: `src/main.rs:12:23`, `5 × src/main.rs:12:23`.
pub(crate) struct AtLine(pub(crate) &'static Location<'static>, pub(crate) usize);

impl fmt::Display for AtLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AtLine(line, 1) => line.fmt(f),
            AtLine(line, count) => write!(f, "{count} × {line}"),
        }
    }
}

/// The limit of a budget was reached: how many bytes were requested, the limit, and who holds the bytes.
#[derive(Clone)]
pub struct OverBudget {
    pub(crate) asked_bytes: usize,
    pub(crate) label: Arc<Label>,
    pub(crate) limit_bytes: usize,
    pub(crate) reserved_bytes: usize,
    pub(crate) leased_bytes: usize,
    pub(crate) holders: Vec<BudgetHolder>,
}

/// Who holds bytes of a budget: the leases of one name that were made at one source line, or a pool
/// that is charged as a whole.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BudgetHolder {
    /// The scope, or else the arena, or else the shape that was leased.
    pub name: String,
    /// How many bytes it holds.
    pub bytes: usize,
    /// How many leases, or pools, these are.
    pub count: usize,
    /// Where they were made.
    pub at: &'static Location<'static>,
}

/// How many holders the text of [`OverBudget`] names.
const NAMED_HOLDERS: usize = 5;

impl OverBudget {
    /// How many bytes were asked for, in whole pages.
    pub fn asked_bytes(&self) -> usize {
        self.asked_bytes
    }

    /// The shape of the buffers, or of the rows, that were asked for.
    pub fn shape(&self) -> &[usize] {
        &self.label.shape
    }

    /// How many bytes the budget has.
    pub fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// How many of them were reserved, leased or not.
    pub fn reserved_bytes(&self) -> usize {
        self.reserved_bytes
    }

    /// How many of them were leased.
    pub fn leased_bytes(&self) -> usize {
        self.leased_bytes
    }

    /// All holders, the largest first.
    pub fn holders(&self) -> &[BudgetHolder] {
        &self.holders
    }
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OverBudget { asked_bytes, limit_bytes, reserved_bytes, leased_bytes, .. } = self;
        write!(f, "{} for ", Count(*asked_bytes, "byte"))?;
        self.label.write_contents(f)?;
        write!(f, " do not fit into a budget of {limit_bytes}")?;
        write!(f, ", of which {reserved_bytes} are reserved and {leased_bytes} leased")?;
        for (i, holder) in self.holders.iter().take(NAMED_HOLDERS).enumerate() {
            let BudgetHolder { name, bytes, count, at } = holder;
            f.write_str(if i == 0 { "; the largest holders: " } else { ", " })?;
            write!(f, "{name} {}", Count(*bytes, "byte"))?;
            if *count > 1 {
                write!(f, " in {count}")?;
            }
            write!(f, " at {at}")?;
        }
        match self.holders.len().saturating_sub(NAMED_HOLDERS) {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

/// Why a row was not appended to a [`RowBuilder`](crate::pattern::RowBuilder). The earlier rows are unchanged.
#[derive(Clone)]
#[non_exhaustive]
pub enum RowError {
    /// The row has another shape than the rows of the array.
    WrongShape {
        /// The shape it has.
        found: FewAxes,
        /// The shape it must have.
        needed: FewAxes,
    },
    /// There is no room for so many rows.
    Full {
        /// How many rows there can be.
        max_rows: usize,
        /// How many rows there are.
        rows: usize,
        /// How many were to be appended.
        asked: usize,
    },
    /// The [`Budget`](crate::Budget) does not have enough bytes left.
    OverBudget(Box<OverBudget>),
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowError::WrongShape { found, needed } => {
                write!(f, "a row has shape {found}, but must have shape {needed}")
            }
            RowError::Full { max_rows, rows, asked } => {
                let (asked, are) =
                    (Count(*asked, "more row"), if *rows == 1 { "is" } else { "are" });
                write!(f, "{asked} would not fit: there {are} {rows} of at most {max_rows}")
            }
            RowError::OverBudget(over_budget) => over_budget.fmt(f),
        }
    }
}

impl std::error::Error for RowError {}

/// A shape in an error, without heap memory: the first six axes, which nearly always are all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FewAxes {
    ndim: usize,
    lens: [usize; SHOWN_AXES],
}

/// How many axes a [`FewAxes`] remembers.
const SHOWN_AXES: usize = 6;

impl FewAxes {
    pub(crate) fn of(shape: &[usize]) -> Self {
        let mut lens = [0; SHOWN_AXES];
        for (to, from) in lens.iter_mut().zip(shape) {
            *to = *from;
        }
        FewAxes { ndim: shape.len(), lens }
    }

    /// How many axes the shape has.
    pub fn ndim(&self) -> usize {
        self.ndim
    }

    /// The lengths of its axes, or of the first six if there are more.
    pub fn as_slice(&self) -> &[usize] {
        &self.lens[..self.ndim.min(SHOWN_AXES)]
    }
}

/// Prints as a shape, with dots where axes are left out.
impl fmt::Display for FewAxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (axis, len) in self.as_slice().iter().enumerate() {
            write!(f, "{}{len}", if axis == 0 { "" } else { ", " })?;
        }
        f.write_str(if self.ndim > SHOWN_AXES { ", …]" } else { "]" })
    }
}

/// The name and shape of a pool in messages: shared with its errors, so that making one copies nothing.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) name: Option<Box<str>>,
    pub(crate) shape: Box<[usize]>,
    pub(crate) buffers: usize,
    /// "buffer", or what stands in its place.
    pub(crate) unit: &'static str,
    /// Whether the pool is the memory of a row builder: one buffer, which is filled row by row.
    pub(crate) is_growing: bool,
}

impl Label {
    /// `3 buffers of shape [2, 5]`
    fn write_contents(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Label { shape, buffers, unit, .. } = self;
        write!(f, "{} of shape {shape:?}", Count(*buffers, unit))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (true, [max_rows, row_shape @ ..]) = (self.is_growing, &*self.shape) {
            let rows = Count(*max_rows, "row");
            return write!(f, "the row builder of at most {rows} of shape {row_shape:?}");
        }
        match &self.name {
            Some(name) => write!(f, "pool {name:?}")?,
            None => f.write_str("the pool")?,
        }
        f.write_str(" of ")?;
        self.write_contents(f)
    }
}

/// A number of things: `1 byte`, `2 bytes`.
pub(crate) struct Count<'u>(pub(crate) usize, pub(crate) &'u str);

impl fmt::Display for Count<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(number, unit) = self;
        write!(f, "{number} {unit}{}", if *number == 1 { "" } else { "s" })
    }
}
