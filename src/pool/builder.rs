//! [`PoolBuilder`]: the options of a pool, and the checks before anything is mapped.

use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use ndarray::{Dimension, Ix2, Shape};

use super::holder::Holder;
use super::slots::Slots;
use super::storage::{HugePages, Plan, Storage};
use super::tally::Tallies;
use super::{Element, Pool};
use crate::budget::{Budget, Charge};
use crate::error::{Label, PoolError};

/// A pool to be built, from [`Pool::builder`].
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// let pool = Pool2::<f64>::builder((100, 100))
///     .buffers(3)
///     .name("state")
///     .fill_on_return(f64::NAN) // a stale read shows as NaN
///     .build()?;
/// assert!(pool.lease()[[0, 0]].is_nan());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct PoolBuilder<A = f64, D = Ix2>
where
    A: Element,
    D: Dimension,
{
    shape: Shape<D>,
    buffers: usize,
    name: Option<Box<str>>,
    huge_pages: HugePages,
    prefault: bool,
    fill_on_return: Option<A>,
    is_growing: bool,
    budget: Option<Budget>,
}

impl<A, D> PoolBuilder<A, D>
where
    A: Element,
    D: Dimension,
{
    pub(crate) fn new(shape: Shape<D>) -> Self {
        const {
            assert!(align_of::<A>() <= 4096, "elements of a pool are aligned to a page at most");
        }
        PoolBuilder {
            shape,
            buffers: 0,
            name: None,
            huge_pages: HugePages::default(),
            prefault: true,
            fill_on_return: None,
            is_growing: false,
            budget: None,
        }
    }

    /// The number of buffers of the pool: as many as a loop holds at once. Required.
    pub fn buffers(mut self, buffers: usize) -> Self {
        self.buffers = buffers;
        self
    }

    /// The name of the pool in messages.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into().into_boxed_str());
        self
    }

    /// Whether to ask for huge pages. Defaults to [`HugePages::Auto`].
    pub fn huge_pages(mut self, huge_pages: HugePages) -> Self {
        self.huge_pages = huge_pages;
        self
    }

    /// Whether every page is touched in [`build`](PoolBuilder::build). Defaults to `true`.
    ///
    /// Without it, the first write to a page costs a page fault, and memory that is never used is never taken from the
    /// system.
    ///
    /// With the feature `rayon`, pools of 256 MiB or more are touched by several threads: as many as the rayon pool has
    /// in which `build` is called, otherwise as many as rayon starts by itself. On a machine with several memory nodes
    /// (NUMA) a page lies on the node of the thread that touches it first. So the pages of such a pool are spread over the
    /// nodes, 16 MiB at a time, and without prefault they follow the threads that write them first.
    pub fn prefault(mut self, prefault: bool) -> Self {
        self.prefault = prefault;
        self
    }

    /// Writes `value` into every buffer at construction and whenever one is returned, so that a read of stale contents
    /// is noticed: NaN, or a number that cannot be right.
    ///
    /// A tool for tests: it costs one pass over the buffer for each return.
    pub fn fill_on_return(mut self, value: A) -> Self {
        self.fill_on_return = Some(value);
        self
    }

    /// For buffers of which only the beginning may ever be used: reserves address space, and takes memory as it is
    /// written, small pages first.
    pub(crate) fn address_space_only(mut self) -> Self {
        self.prefault = false;
        self.is_growing = true;
        self
    }

    /// Counts the pool against a budget, for its whole life.
    ///
    /// ```
    /// use ndarray_pool::{Budget, prelude::*};
    ///
    /// let budget = Budget::new(1_000_000);
    /// let pool = Pool2::<f64>::builder((1000, 1000)).buffers(1).budget(&budget).build();
    /// assert!(matches!(pool, Err(PoolError::OverBudget(_))));
    /// ```
    pub fn budget(mut self, budget: &Budget) -> Self {
        self.budget = Some(budget.clone());
        self
    }

    /// Maps the memory and touches it.
    ///
    /// # Errors
    ///
    /// [`PoolError::NoBuffers`] if there are no buffers, [`PoolError::TooLarge`] if the bytes do not fit into the
    /// address space, [`PoolError::Refused`] if the system refuses them (see [`Pool::new`]), [`PoolError::OverBudget`]
    /// if they do not fit into the [`budget`](PoolBuilder::budget).
    #[track_caller]
    pub fn build(self) -> Result<Pool<A, D>, PoolError> {
        let plan = self.plan()?;
        let label = self.label();
        let charge = match &self.budget {
            Some(budget) => {
                let bytes = plan.page_bytes().ok_or_else(|| self.too_large())?;
                // A growing buffer is charged as it is written.
                let bytes = if self.is_growing { 0 } else { bytes };
                let charge = budget.charge(bytes, &label).map_err(PoolError::OverBudget)?;
                Some(charge.on_account(&label, Location::caller()))
            }
            None => None,
        };
        // The mapping first: absurd sizes are refused before anything is written.
        let storage = Storage::map(plan).ok_or_else(|| self.too_large())??;
        self.build_in(storage, label, charge, None)
    }

    /// A pool that belongs to an arena, in memory that is already mapped and charged.
    pub(crate) fn build_for_arena(
        self,
        storage: Storage,
        charge: Charge,
        tallies: Arc<Tallies>,
    ) -> Result<Pool<A, D>, PoolError> {
        let label = self.label();
        self.build_in(storage, label, Some(charge), Some(tallies))
    }

    /// Assembles the pool from its parts.
    fn build_in(
        self,
        mut storage: Storage,
        label: Arc<Label>,
        charge: Option<Charge>,
        tallies: Option<Arc<Tallies>>,
    ) -> Result<Pool<A, D>, PoolError> {
        // The memory of a plan was divided according to a file.
        assert!(storage.is_cut_by(&self.plan()?), "the memory of a pool is not as it was planned");
        let buffers = self.buffers;
        let refused = |bytes| PoolError::Refused { bytes, os_error: None };
        // The pools of an arena are leased from under its lock, one thread at a time.
        let slots = if tallies.is_some() { Slots::all_free_in_order } else { Slots::all_free };
        let slots = slots(buffers).ok_or_else(|| refused(buffers))?;
        let mut holders = Vec::new();
        holders
            .try_reserve_exact(buffers)
            .map_err(|_| refused(buffers.saturating_mul(size_of::<Holder>())))?;
        holders.resize_with(buffers, Holder::default);
        if self.prefault {
            storage.touch()?;
        }
        let mut pool = Pool {
            shape: self.shape,
            slots,
            holders: holders.into_boxed_slice(),
            storage,
            fill_on_return: self.fill_on_return,
            label,
            tallies,
            charge,
            invariant: PhantomData,
        };
        pool.fill_slots(|_, _| true);
        Ok(pool)
    }

    /// How the memory is to be divided. All errors of shape and number are found here.
    pub(crate) fn plan(&self) -> Result<Plan, PoolError> {
        if self.buffers == 0 {
            return Err(PoolError::NoBuffers);
        }
        let slot_bytes = checked_len(self.shape.raw_dim().slice())
            .and_then(|elements| elements.checked_mul(size_of::<A>()))
            .ok_or_else(|| self.too_large())?;
        let PoolBuilder { buffers: slots, huge_pages, is_growing, .. } = *self;
        Ok(Plan { slot_bytes, align: align_of::<A>(), slots, huge_pages, is_growing })
    }

    pub(crate) fn too_large(&self) -> PoolError {
        PoolError::TooLarge {
            buffers: self.buffers,
            elements: checked_len(self.shape.raw_dim().slice()),
            element_bytes: size_of::<A>(),
        }
    }

    /// The name of the pool in messages.
    pub(crate) fn label(&self) -> Arc<Label> {
        Arc::new(Label {
            name: self.name.clone(),
            shape: self.shape.raw_dim().slice().into(),
            buffers: self.buffers,
            unit: "buffer",
            is_growing: self.is_growing,
        })
    }
}

/// The number of elements of a shape, or `None` where ndarray would call it too large: the axes
/// that are not zero must have a product within `isize`, even if another axis is zero.
pub(crate) fn checked_len(shape: &[usize]) -> Option<usize> {
    let longest = shape
        .iter()
        .filter(|&&len| len != 0)
        .try_fold(1_usize, |product, &len| product.checked_mul(len))?;
    let len = if shape.contains(&0) { 0 } else { longest };
    (longest <= isize::MAX as usize).then_some(len)
}

#[cfg(test)]
mod tests {
    use ndarray::ShapeBuilder;

    use super::*;

    /// Views of the wrong memory would be out of bounds, so this is not a `debug_assert`.
    #[test]
    fn memory_that_is_cut_in_another_way_is_refused() {
        let builder = |len: usize, buffers| {
            PoolBuilder::<f64, ndarray::Ix1>::new(len.into_shape_with_order()).buffers(buffers)
        };
        let plan = builder(100, 2).plan().unwrap();
        let build = |builder: PoolBuilder<f64, ndarray::Ix1>, plan: Plan| {
            let storage = Storage::map(plan).unwrap().unwrap();
            let charge = Budget::unlimited().try_charge(0).unwrap();
            let build = || builder.build_for_arena(storage, charge, Arc::default()).unwrap();
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(build))
        };
        assert_eq!(build(builder(100, 2), plan).unwrap().lease().sum(), 0.0);
        for (len, buffers) in [(100, 3), (100, 1), (200, 2), (1, 2)] {
            assert!(build(builder(len, buffers), plan).is_err(), "{len}, {buffers}");
        }
        assert!(build(builder(100, 2), Plan { align: 4096, ..plan }).is_err());
    }
}
