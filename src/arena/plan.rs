//! [`Plan`]: what an arena was needed for, as a table that another arena can be built from.

use std::fmt;

use crate::budget::{Budget, Charge};
use crate::error::{Label, PoolError};
use crate::pool::HugePages;
use crate::pool::storage::{Plan as StoragePlan, Storage};

/// How many leases of each shape a program needed at once: what a dry run finds out.
///
/// Made by [`Arena::plan`](crate::Arena::plan); an arena is built from it by
/// [`Arena::from_plan`](crate::Arena::from_plan). It prints as a table, and the feature `serde`
/// saves it. An element type is known by the name that the compiler gives it, which a later
/// compiler may change; a plan that does not fit any more costs what having none costs.
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
    /// Whether it is in Fortran order, and that makes a difference.
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

    /// What an arena built from it reserves. `usize::MAX` if it is more than that.
    pub fn bytes(&self) -> usize {
        let bytes = |entry: &PlanEntry| entry.storage_plan()?.page_bytes();
        self.entries
            .iter()
            .try_fold(0_usize, |sum, entry| sum.checked_add(bytes(entry)?))
            .unwrap_or(usize::MAX)
    }
}

impl PlanEntry {
    /// `None` if the bytes overflow, or if no type can be aligned so.
    fn storage_plan(&self) -> Option<StoragePlan> {
        let is_possible = self.element_align.is_power_of_two() && self.element_align <= 4096;
        Some(StoragePlan {
            slot_bytes: self.buffer_bytes().filter(|_| is_possible)?,
            align: self.element_align,
            slots: self.buffers,
            huge_pages: HugePages::Auto,
            is_growing: false,
        })
    }

    fn buffer_bytes(&self) -> Option<usize> {
        self.shape.iter().try_fold(self.element_bytes, |bytes, &len| bytes.checked_mul(len))
    }
}

/// The table, each line ended.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: &dyn Fn(&PlanEntry) -> String, least: usize| {
            self.entries.iter().map(|entry| text(entry).len()).max().unwrap_or(0).max(least)
        };
        let shape = |entry: &PlanEntry| format!("{:?}", entry.shape);
        let elements = width(&|entry| entry.element.clone(), 7);
        let shapes = width(&shape, 5);
        let head = ("element", "shape", "order", "leases", "bytes");
        writeln!(
            f,
            "{:elements$}  {:shapes$}  {:>5}  {:>6}  {:>10}",
            head.0, head.1, head.2, head.3, head.4
        )?;
        for entry in &self.entries {
            let order = if entry.is_fortran { "F" } else { "C" };
            let bytes = entry.buffer_bytes().and_then(|bytes| bytes.checked_mul(entry.buffers));
            writeln!(
                f,
                "{:elements$}  {:shapes$}  {order:>5}  {:>6}  {:>10}",
                entry.element,
                shape(entry),
                entry.buffers,
                bytes.unwrap_or(usize::MAX),
            )?;
        }
        let label_width = elements + shapes + 19;
        writeln!(f, "{:label_width$}{:>10}", "total, in whole pages", self.bytes())
    }
}

/// Memory that was made by a plan and waits for its shape to be leased. Memory has no type: the
/// pool that takes it over brings the type.
pub(super) struct Spare {
    pub(super) entry: PlanEntry,
    pub(super) storage: Storage,
    pub(super) charge: Charge,
    /// When it was made: nobody has used it since.
    pub(super) stamp: u64,
}

impl Spare {
    pub(super) fn new(entry: &PlanEntry, budget: &Budget) -> Result<Self, PoolError> {
        let too_large = || PoolError::TooLarge {
            buffers: entry.buffers,
            elements: entry.shape.iter().try_fold(1_usize, |n, &len| n.checked_mul(len)),
            element_bytes: entry.element_bytes,
        };
        let plan = entry.storage_plan().ok_or_else(too_large)?;
        let shape = entry.shape.clone().into();
        let label =
            Label { name: None, shape, buffers: entry.buffers, unit: "buffer", is_growing: false };
        let bytes = plan.page_bytes().ok_or_else(too_large)?;
        let charge = budget.charge(bytes, &label.into()).map_err(PoolError::OverBudget)?;
        let storage = Storage::map(plan).ok_or_else(too_large)??;
        Ok(Spare { entry: entry.clone(), storage, charge, stamp: budget.tick() })
    }

    pub(super) fn reserved_bytes(&self) -> usize {
        self.storage.used_bytes().next_multiple_of(4096)
    }
}
