//! [`Plan`]: the leases that a program needed, as a table from which another arena can be built.

use std::fmt;

use crate::budget::{Budget, Charge};
use crate::error::{Count, Label, PoolError};
use crate::memory::text::{Padded, plain, width};
use crate::pool::storage::{PAGE_BYTES, Plan as StoragePlan, Storage};
use crate::pool::{HugePages, checked_len};

/// How many leases of each shape a program needed at once: the result of a dry run.
///
/// Made by [`Arena::plan`](crate::Arena::plan); an arena is built from it by
/// [`Arena::from_plan`](crate::Arena::from_plan). It prints as a table, and can be saved with the feature `serde`. An
/// element type is identified by the name that the compiler gives it, which a later compiler may change; a plan that no
/// longer matches is no worse than none. A row that describes an impossible array is [`PoolError::InvalidPlan`] when an
/// arena is built.
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// let (_, plan) = Arena::dry_run(|arena| {
///     let a = arena.lease_filled::<f64, _>((100, 100), 1.0);
///     let b = arena.lease_copy_of(&a);
///     let c = arena.lease::<u8, _>(64);
///     assert_eq!(a, b);
/// });
/// assert_eq!(plan.bytes(), 167_936); // in whole pages
/// println!("{plan}");
/// ```
///
/// prints
///
/// ```text
/// element  shape       order  leases       bytes
/// f64      [100, 100]      C       2      160000
/// u8       [64]            C       1          64
/// total, in whole pages                   167936
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Plan {
    entries: Vec<PlanEntry>,
}

/// One row of a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PlanEntry {
    /// The name of the element type.
    pub element: String,
    /// The size of an element.
    pub element_bytes: usize,
    /// The alignment of an element.
    pub element_align: usize,
    /// The shape.
    pub shape: Vec<usize>,
    /// Whether it is in Fortran order, where that makes a difference.
    pub is_fortran: bool,
    /// The peak number of leases at once.
    pub buffers: usize,
}

impl Plan {
    pub(super) fn new(mut entries: Vec<PlanEntry>) -> Self {
        entries.retain(|entry| entry.buffers > 0);
        entries.sort();
        Plan { entries }
    }

    /// Its rows.
    pub fn entries(&self) -> &[PlanEntry] {
        &self.entries
    }

    /// The bytes that an arena built from it reserves. `usize::MAX` if they overflow, or if a row is invalid.
    pub fn bytes(&self) -> usize {
        let bytes = |entry: &PlanEntry| entry.checked().ok()?.page_bytes();
        self.entries
            .iter()
            .try_fold(0_usize, |sum, entry| sum.checked_add(bytes(entry)?))
            .unwrap_or(usize::MAX)
    }

    /// The memory for its rows. Rows without bytes need none.
    pub(super) fn spares(&self, budget: &Budget) -> Result<Vec<Spare>, PoolError> {
        let mut spares = Vec::new();
        for (row, entry) in self.entries.iter().enumerate() {
            let plan = entry.checked().map_err(|(field, reason)| PoolError::InvalidPlan {
                row,
                field,
                reason: reason.into(),
            })?;
            if plan.slot_bytes > 0 {
                spares.push(Spare::new(entry, plan, budget)?);
            }
        }
        Ok(spares)
    }
}

impl PlanEntry {
    /// How its memory is divided; or the invalid field, with what it is and what it must be.
    fn checked(&self) -> Result<StoragePlan, (&'static str, String)> {
        let PlanEntry { element_bytes, element_align, shape, buffers, .. } = self;
        let most = isize::MAX as usize;
        if !element_align.is_power_of_two() || *element_align > PAGE_BYTES {
            let needed = format!("must be a power of two up to {PAGE_BYTES}");
            return Err(("element_align", format!("is {element_align}, but {needed}")));
        }
        if element_bytes % element_align != 0 {
            let needed = format!("must be a multiple of `element_align`, {element_align}");
            return Err(("element_bytes", format!("is {element_bytes}, but {needed}")));
        }
        let Some(slot_bytes) = self.buffer_bytes().filter(|&bytes| bytes <= most) else {
            let of = Count(*element_bytes, "byte");
            let needed = format!("an array of elements of {of} must fit into {most} bytes");
            return Err(("shape", format!("is {shape:?}, but {needed}")));
        };
        if *buffers == 0 {
            return Err(("buffers", "is 0, but must be at least 1".into()));
        }
        let (align, huge_pages) = (*element_align, HugePages::Auto);
        let plan =
            StoragePlan { slot_bytes, align, slots: *buffers, huge_pages, is_growing: false };
        if plan.page_bytes().is_none_or(|bytes| bytes > most) {
            let needed = format!("all buffers together must fit into {most} bytes");
            let found = format!("is {buffers}, but {needed}, and one takes {slot_bytes}");
            return Err(("buffers", found));
        }
        Ok(plan)
    }

    fn buffer_bytes(&self) -> Option<usize> {
        checked_len(&self.shape)?.checked_mul(self.element_bytes)
    }
}

/// The table, each line ended. A name or shape of more than 120 characters makes its line longer, and
/// control characters are escaped.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = |entry: &PlanEntry| format!("{:?}", entry.shape);
        let elements = column_width(self.entries.iter().map(|entry| plain(&entry.element)), 7);
        let shapes = column_width(self.entries.iter().map(shape), 5);
        let (element_head, shape_head) = (Padded("element", elements), Padded("shape", shapes));
        let (order, leases, bytes) = ("order", "leases", "bytes");
        writeln!(f, "{element_head}  {shape_head}  {order:>5}  {leases:>6}  {bytes:>10}")?;
        for entry in &self.entries {
            let order = if entry.is_fortran { "F" } else { "C" };
            let bytes = entry.buffer_bytes().and_then(|bytes| bytes.checked_mul(entry.buffers));
            writeln!(
                f,
                "{}  {}  {order:>5}  {:>6}  {:>10}",
                Padded(&plain(&entry.element), elements),
                Padded(&shape(entry), shapes),
                entry.buffers,
                bytes.unwrap_or(usize::MAX),
            )?;
        }
        let label = Padded("total, in whole pages", elements + shapes + 19);
        writeln!(f, "{label}{:>10}", self.bytes())
    }
}

/// The width of a table's column with these texts: at most 120 characters, so that a longer text makes only its own
/// line longer.
pub(super) fn column_width(texts: impl Iterator<Item = impl AsRef<str>>, least: usize) -> usize {
    texts.map(|text| width(text.as_ref())).max().unwrap_or(0).clamp(least, 120)
}

/// Memory that was mapped for a plan and waits for its shape to be leased. Memory has no type; the pool that takes it
/// over adds the type.
pub(super) struct Spare {
    pub(super) entry: PlanEntry,
    pub(super) storage: Storage,
    pub(super) charge: Charge,
    /// When it was made; nobody has used it since.
    pub(super) stamp: u64,
}

impl Spare {
    /// Maps and touches the memory of an entry, divided according to `plan`.
    fn new(entry: &PlanEntry, plan: StoragePlan, budget: &Budget) -> Result<Self, PoolError> {
        let too_large = || PoolError::TooLarge {
            buffers: entry.buffers,
            elements: checked_len(&entry.shape),
            element_bytes: entry.element_bytes,
        };
        let label = Label {
            name: None,
            shape: entry.shape.clone().into(),
            buffers: entry.buffers,
            unit: "buffer",
            is_growing: false,
        };
        let bytes = plan.page_bytes().ok_or_else(too_large)?;
        let charge = budget.charge(bytes, &label.into()).map_err(PoolError::OverBudget)?;
        let mut storage = Storage::map(plan).ok_or_else(too_large)??;
        storage.touch()?;
        Ok(Spare { entry: entry.clone(), storage, charge, stamp: budget.tick() })
    }

    pub(super) fn reserved_bytes(&self) -> usize {
        self.storage.used_bytes().next_multiple_of(PAGE_BYTES)
    }
}
