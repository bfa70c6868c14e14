//! [`Arena`]: arrays of any shape and element type, leased from pools that are made as they are
//! needed, under one [`Budget`].
//!
//! The parts: `shelf` keeps the pools by shape and knows which are idle, `idle` returns those to the system, `of` fixes
//! the type of the elements, `plan` turns the leases of a program into a table and back, `scope` counts leases under a
//! name.

mod builder;
mod idle;
mod of;
mod plan;
mod scope;
mod shelf;
mod stats;

use std::any::type_name;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ndarray::{ArrayRef, Dimension, Shape, ShapeBuilder};

pub use self::builder::ArenaBuilder;
pub use self::of::ArenaOf;
pub use self::plan::{Plan, PlanEntry};
pub use self::scope::{Scope, ScopeCounts, ScopeTable};
pub use self::stats::ArenaStats;

use self::plan::Spare;
use self::shelf::{Key, LARGE_BUFFER_BYTES, Shelves};
use crate::budget::{Budget, Charge};
use crate::error::PoolError;
use crate::pool::storage::Storage;
use crate::pool::tally::{Tallies, TallyId};
use crate::pool::{Element, OwnedLease, Pool, PoolBuilder};

/// Leases arrays of any shape, rank and element type, for loops whose shapes are not known beforehand.
///
/// The first lease of a shape makes a pool for it, and later ones use it; a returned buffer stays for the next lease of
/// its shape. All pools count against a [`Budget`]. Before a lease fails for lack of budget, idle pools are returned to
/// the system, the least recently used first; [`trim`](Arena::trim) does so explicitly. Leased memory can never be
/// returned: each [`OwnedLease`] keeps its pool alive.
///
/// It is a handle: a clone is the same arena, and threads may share it. Leasing a shape that is
/// known takes one lock and allocates nothing.
///
/// If the shapes are known, a [`Pool`] is simpler, and leasing from it is four times as fast.
///
/// ```
/// use ndarray_pool::{Budget, prelude::*};
///
/// let arena = Arena::new(&Budget::new(100_000_000));
/// let mut state = arena.of::<f64>().lease_filled((10, 10), 1.0);
/// for pass in 1..5 {
///     // Each state is larger than the last, and made from it.
///     let mut larger = arena.of::<f64>().lease_zeroed((10 + pass, 10));
///     larger.slice_mut(ndarray::s![..9 + pass, ..]).assign(&state);
///     state = larger; // the old state goes back to the arena
/// }
/// assert_eq!((state.shape(), state.sum()), (&[14, 10][..], 100.0));
/// # use ndarray_pool::ndarray;
/// ```
#[derive(Clone)]
pub struct Arena {
    inner: Arc<Inner>,
    /// The scope under which this handle leases.
    tally: Option<TallyId>,
}

struct Inner {
    budget: Budget,
    name: Option<Box<str>>,
    max_idle_bytes: usize,
    prefault: bool,
    shelves: Mutex<Shelves>,
    /// What the scopes count; shared with the pools, whose leases may outlive the arena.
    tallies: Arc<Tallies>,
}

impl Arena {
    /// An arena within a budget, which other arenas and pools may share.
    #[must_use]
    pub fn new(budget: &Budget) -> Self {
        Arena::builder(budget).build()
    }

    /// Starts an arena with options; see [`ArenaBuilder`].
    pub fn builder(budget: &Budget) -> ArenaBuilder {
        ArenaBuilder::new(budget)
    }

    /// An arena made to measure: with the pools that a [`Plan`] lists, all their memory mapped and touched here. Pools
    /// that the plan does not list are made as they are needed.
    ///
    /// # Errors
    ///
    /// [`PoolError::InvalidPlan`] names the row and the field if a loaded plan describes an impossible array: no buffer
    /// at all, an alignment that is not a power of two, a shape that is too large. [`PoolError::OverBudget`],
    /// [`PoolError::TooLarge`] and [`PoolError::Refused`], as for a pool. Nothing stays reserved then.
    ///
    /// ```
    /// use ndarray_pool::{Budget, prelude::*};
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// fn program(arena: &Arena) {
    ///     let (a, b) = (arena.lease::<f64, _>((300, 300)), arena.lease::<f64, _>((300, 300)));
    /// }
    /// let ((), plan) = Arena::dry_run(program);
    /// let budget = Budget::new(plan.bytes());
    /// let arena = Arena::from_plan(&plan, &budget)?;
    /// program(&arena); // maps nothing
    /// assert_eq!(budget.peak_reserved_bytes(), plan.bytes());
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_plan(plan: &Plan, budget: &Budget) -> Result<Self, PoolError> {
        let spares = plan.spares(budget)?;
        let arena = Arena::new(budget);
        arena.inner.lock().spares = spares;
        Ok(arena)
    }

    /// Runs `f` with an unlimited arena, and returns the plan of what it needed. Memory is taken only as it is written.
    pub fn dry_run<R>(f: impl FnOnce(&Arena) -> R) -> (R, Plan) {
        let arena = Arena::builder(&Budget::unlimited()).prefault(false).build();
        let result = f(&arena);
        (result, arena.plan())
    }

    /// The arena for one type of element: `arena.of::<f64>().lease((n, m))` is `arena.lease::<f64, _>((n, m))`.
    pub fn of<A: Element>(&self) -> ArenaOf<'_, A> {
        ArenaOf::new(self)
    }

    /// Leases an array. **Its contents are stale**: whatever its last user left there, zero if
    /// there was none. The shape is given as ndarray's constructors take it, `.f()` included.
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](Arena::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease<A, Sh>(&self, shape: Sh) -> OwnedLease<A, Sh::Dim>
    where
        A: Element,
        Sh: ShapeBuilder<Dim: 'static>,
    {
        match self.try_lease(shape) {
            Ok(lease) => lease,
            Err(error) => panic!("{error}"), // not in a closure, which would not know the caller
        }
    }

    /// Leases an array, with stale contents as [`lease`](Arena::lease) does. Idle memory of every arena of the budget
    /// is returned to the system if that makes room.
    ///
    /// # Errors
    ///
    /// [`PoolError::OverBudget`] if the budget does not have enough bytes left: the error says how many were requested,
    /// the limit, how many are in use, and who holds most of them. [`PoolError::TooLarge`] if the shape overflows,
    /// [`PoolError::Refused`] if the system refuses the memory. Nothing is lost then; the arena can be used as before.
    ///
    /// ```
    /// use ndarray_pool::{Budget, prelude::*};
    ///
    /// let arena = Arena::new(&Budget::new(100_000));
    /// let a = arena.lease::<f64, _>((100, 100));
    /// let error = arena.try_lease::<f64, _>((100, 100)).unwrap_err();
    /// assert!(matches!(error, PoolError::OverBudget(_)));
    /// drop(a);
    /// assert!(arena.try_lease::<f32, _>((50, 200)).is_ok()); // `a` made room
    /// ```
    #[inline]
    #[track_caller]
    pub fn try_lease<A, Sh>(&self, shape: Sh) -> Result<OwnedLease<A, Sh::Dim>, PoolError>
    where
        A: Element,
        Sh: ShapeBuilder<Dim: 'static>,
    {
        let at = Location::caller();
        let shape = shape.into_shape_with_order();
        let stamp = self.inner.budget.tick();
        let known = {
            let mut shelves = self.inner.lock();
            // After taking the lock: the key copies a shape that was just written, which would wait for store
            // forwarding, but the lock has waited for all stores anyway.
            let key = Key::of(&shape);
            shelves.typed::<A, Sh::Dim>().claim(&key, stamp, self.tally)
        };
        match known {
            Some(claim) => Ok(claim.into_lease(at)),
            None => self.inner.lease_new(shape, self.tally, at),
        }
    }

    /// Leases an array and sets all elements to zero, as `numpy.zeros` does.
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](Arena::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease_zeroed<A, Sh>(&self, shape: Sh) -> OwnedLease<A, Sh::Dim>
    where
        A: Element,
        Sh: ShapeBuilder<Dim: 'static>,
    {
        self.lease_filled(shape, A::zeroed())
    }

    /// Leases an array and sets all elements to `value`, as `numpy.full` does.
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](Arena::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease_filled<A, Sh>(&self, shape: Sh, value: A) -> OwnedLease<A, Sh::Dim>
    where
        A: Element,
        Sh: ShapeBuilder<Dim: 'static>,
    {
        let mut lease = self.lease(shape);
        lease.fill(value);
        lease
    }

    /// Leases an array of the shape of another and copies it, as `numpy.copy` does. The copy is in
    /// Fortran order if the array is, and in C order otherwise.
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](Arena::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease_copy_of<A, D>(&self, array: &ArrayRef<A, D>) -> OwnedLease<A, D>
    where
        A: Element,
        D: Dimension + 'static,
    {
        let is_fortran = array.view().reversed_axes().is_standard_layout();
        let is_c = array.is_standard_layout();
        let mut lease = self.lease(array.raw_dim().set_f(is_fortran && !is_c));
        lease.assign(array);
        lease
    }

    /// Makes sure that so many arrays of a shape can be leased without a new mapping, with their pages touched: for
    /// leases that are known to come. Like all idle memory, it is returned to the system when the budget is needed
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// As [`try_lease`](Arena::try_lease).
    ///
    /// ```
    /// use ndarray_pool::{Budget, prelude::*};
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let arena = Arena::new(&Budget::new(1_000_000));
    /// arena.reserve::<f64, _>((100, 100), 3)?;
    /// assert_eq!(arena.stats().reserved_bytes, 241_664); // 3 × 80,000, in whole pages
    /// # Ok(())
    /// # }
    /// ```
    pub fn reserve<A, Sh>(&self, shape: Sh, buffers: usize) -> Result<(), PoolError>
    where
        A: Element,
        Sh: ShapeBuilder<Dim: 'static>,
    {
        let shape = shape.into_shape_with_order();
        let key = Key::of(&shape);
        let missing = {
            let mut shelves = self.inner.lock();
            buffers.saturating_sub(shelves.typed::<A, Sh::Dim>().free_buffers(&key))
        };
        if missing == 0 {
            return Ok(());
        }
        let builder = self.inner.builder::<A, _>(shape).buffers(missing);
        let pool = Arc::new(self.inner.build(builder)?);
        let stamp = self.inner.budget.tick();
        self.inner.lock().typed().add(key, pool, stamp);
        Ok(())
    }

    /// Returns all idle pools to the system, and tells how many bytes these were. A pool with a leased buffer stays as
    /// a whole. The time it takes grows with the number of pools.
    pub fn trim(&self) -> usize {
        self.inner.trim_to(0)
    }

    /// The arena under a name, which counts what is leased through it; see [`Scope`].
    pub fn scope(&self, name: &str) -> Scope {
        let tally = self.inner.tallies.open(name, self.tally);
        Scope::new(Arena { inner: Arc::clone(&self.inner), tally: Some(tally) }, tally)
    }

    /// The counts of all scopes.
    pub fn scopes(&self) -> ScopeTable {
        ScopeTable::of(self.inner.tallies.all())
    }

    /// The peak number of leases of each shape so far.
    pub fn plan(&self) -> Plan {
        let mut entries = Vec::new();
        self.inner.lock().each_shelf(|entry| entries.push(entry));
        Plan::new(entries)
    }

    /// The budget against which the arena counts.
    pub fn budget(&self) -> &Budget {
        &self.inner.budget
    }

    /// The arena's figures.
    pub fn stats(&self) -> ArenaStats {
        ArenaStats::of(&self.inner.lock())
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena")
            .field("name", &self.inner.name)
            .field("budget", &self.inner.budget)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl Inner {
    #[inline]
    fn lock(&self) -> MutexGuard<'_, Shelves> {
        // No user code runs under the lock, so what a poisoned one guards is intact.
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lease from a new pool, which is put on its shelf with that lease already taken: nobody else can claim the
    /// buffer, or see the pool as idle.
    #[cold]
    fn lease_new<A: Element, D: Dimension + 'static>(
        &self,
        shape: Shape<D>,
        tally: Option<TallyId>,
        at: &'static Location<'static>,
    ) -> Result<OwnedLease<A, D>, PoolError> {
        let key = Key::of(&shape);
        let builder = self.builder::<A, D>(shape).buffers(1);
        let stride_bytes = builder.plan()?.stride_bytes().ok_or_else(|| builder.too_large())?;
        let spare = self.take_spare::<A, D>(&key);
        let pool = match spare {
            Some(Spare { entry, storage, charge, .. }) => {
                let tallies = Arc::clone(&self.tallies);
                let builder = builder.buffers(entry.buffers).prefault(false); // its pages are touched already
                builder.build_for_arena(storage, charge, tallies)?
            }
            None => {
                let buffers = self.lock().typed::<A, D>().next_buffers(&key, stride_bytes);
                let prefault = self.prefault && stride_bytes >= LARGE_BUFFER_BYTES;
                self.build_some(builder.prefault(prefault), buffers)?
            }
        };
        let pool = Arc::new(pool);
        let stamp = self.budget.tick();
        let mut shelves = self.lock();
        let claim = pool.claim_share().expect("a new pool has a free buffer");
        if let Some(tally) = tally {
            claim.count_for(tally);
        }
        shelves.typed().add(key, pool, stamp);
        Ok(claim.into_lease(at))
    }

    fn builder<A: Element, D: Dimension>(&self, shape: Shape<D>) -> PoolBuilder<A, D> {
        let builder = PoolBuilder::new(shape);
        match &self.name {
            Some(name) => builder.name(&**name),
            None => builder,
        }
    }

    fn take_spare<A: Element, D: Dimension>(&self, key: &Key<D>) -> Option<Spare> {
        let mut shelves = self.lock();
        let at = shelves.spares.iter().position(|Spare { entry, .. }| {
            entry.shape == key.dim.slice()
                && entry.is_fortran == key.is_fortran
                && (entry.element_bytes, entry.element_align) == (size_of::<A>(), align_of::<A>())
                && entry.element == type_name::<A>()
        })?;
        Some(shelves.spares.remove(at))
    }

    /// A pool of `buffers` buffers if the budget has room for so many, and of one otherwise.
    fn build_some<A: Element, D: Dimension>(
        &self,
        builder: PoolBuilder<A, D>,
        buffers: usize,
    ) -> Result<Pool<A, D>, PoolError> {
        let many = builder.clone().buffers(buffers);
        if buffers > 1
            && let Some(bytes) = many.plan()?.page_bytes()
            && let Some(charge) = self.budget.try_charge(bytes)
        {
            return self.build_charged(many, charge);
        }
        self.build(builder.buffers(1))
    }

    fn build<A: Element, D: Dimension>(
        &self,
        builder: PoolBuilder<A, D>,
    ) -> Result<Pool<A, D>, PoolError> {
        self.trim_to(self.max_idle_bytes);
        let bytes = builder.plan()?.page_bytes().ok_or_else(|| builder.too_large())?;
        let charge = self.budget.charge(bytes, &builder.label()).map_err(PoolError::OverBudget)?;
        self.build_charged(builder, charge)
    }

    /// Maps memory that was charged. If the system refuses it, idle memory is returned first, and the call repeated.
    fn build_charged<A: Element, D: Dimension>(
        &self,
        builder: PoolBuilder<A, D>,
        charge: Charge,
    ) -> Result<Pool<A, D>, PoolError> {
        let map = || Storage::map(builder.plan()?).ok_or_else(|| builder.too_large())?;
        let storage = match map() {
            Err(PoolError::Refused { .. }) if self.trim_to(0) > 0 => map()?,
            mapped => mapped?,
        };
        builder.build_for_arena(storage, charge, Arc::clone(&self.tallies))
    }
}
