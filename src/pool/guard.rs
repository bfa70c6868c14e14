//! The guards: [`Lease`] borrows its pool, [`OwnedLease`] keeps it alive. Each holds one slot, behaves as an array, and
//! returns the slot when it is dropped.
//!
//! Both are one type, [`Guard`], generic over how it holds its pool, so that everything is written once.
//!
//! This file is one of the crate's places for `unsafe`: it is the only one where a slot becomes an array. That is sound
//! because of one rule: *a guard exists only for a slot that it claimed, and the slot is returned only when the guard
//! is dropped*. Two things could break the rule:
//!
//! - **Moving the array out of its guard.** The guards deref to [`ArrayRef`], which is unsized: safe code can neither
//!   swap nor replace it. The view inside is private.
//! - **Forgetting a guard.** Then its slot stays claimed, which is a leak and not a danger. [`Pool::reclaim`] takes
//!   such slots back, and needs `&mut Pool`, which nobody can have while a guard that borrows the pool is alive.
#![expect(unsafe_code, reason = "turns claimed slots into arrays")]

use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::Arc;

use ndarray::{ArrayRef, ArrayViewMut, Dimension, Ix2};

use super::slots::Slot;
use super::tally::TallyId;
use super::{Element, Pool};

/// A buffer borrowed from its pool: an array that goes back to the pool on drop.
///
/// It starts with whatever its last user left in it (see [`Pool::lease`]). Forgetting it (`std::mem::forget`) loses
/// that one buffer until [`Pool::reclaim`].
///
/// The compiler calls it `Guard<&Pool, f64, Dim<[usize; 2]>>`: this name is an alias, and it
/// prints the type behind it, [`Guard`].
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// let pool = Pool2::<f64>::new((2, 3), 1)?;
/// let mut a: Lease<'_> = pool.lease_filled(1.5);
/// a[[0, 0]] = 0.0;
/// a *= 2.0;
/// assert_eq!(a.sum(), 15.0);
/// # Ok(())
/// # }
/// ```
pub type Lease<'p, A = f64, D = Ix2> = Guard<&'p Pool<A, D>, A, D>;

/// A buffer that keeps its pool alive. It is `'static`, so a struct can own it together with its pool, and it can move
/// to a thread or a task.
///
/// Made by [`Pool::lease_owned`] and [`Pool::try_lease_owned`]; in every other respect it is a [`Lease`]. Forgetting it
/// leaks its buffer and its pool.
///
/// The compiler calls it `Guard<Arc<Pool>, f64, Dim<[usize; 2]>>`: see [`Guard`].
///
/// ```
/// use std::sync::Arc;
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// let pool = Arc::new(Pool2::<f64>::new((2, 3), 1)?);
/// let mut a: OwnedLease = pool.lease_owned();
/// let a = std::thread::spawn(move || {
///     a.fill(2.0);
///     a
/// });
/// assert_eq!(a.join().unwrap().sum(), 12.0);
/// # Ok(())
/// # }
/// ```
pub type OwnedLease<A = f64, D = Ix2> = Guard<Arc<Pool<A, D>>, A, D>;

/// A buffer of a [`Pool`]: what [`Lease`] and [`OwnedLease`] have in common.
///
/// Those two are aliases of it, and the compiler prints the type behind an alias:
///
/// | The compiler says | It is |
/// |---|---|
/// | `Guard<&Pool, f64, Dim<[usize; 2]>>` | `Lease<'_>`, from [`Pool::lease`] |
/// | `Guard<Arc<Pool>, f64, Dim<[usize; 2]>>` | `OwnedLease`, from [`Pool::lease_owned`] or an [`Arena`](crate::Arena) |
/// | `Guard<&Pool<f32, Dim<[usize; 1]>>, f32, Dim<[usize; 1]>>` | `Lease<'_, f32, Ix1>` |
///
/// `P` is how the pool is held, `A` the element type, and `D` the number of axes, which ndarray calls `Ix1`, `Ix2`, …
/// What to write where the compiler refuses one is in [`docs/using-leases.md`].
///
/// [`docs/using-leases.md`]: https://docs.rs/crate/ndarray-pool/latest/source/docs/using-leases.md
///
/// It derefs to [`ArrayRef`], so every method of an array and every kernel of this crate works on
/// it, and it has the operators and conversions of an array. It has no methods of its own that
/// could hide one of the array's. Code for both kinds of guard is best written over `&ArrayRef` and
/// `&mut ArrayRef`, which fits arrays and views as well.
#[must_use = "a lease that is not kept goes back to its pool at once"]
pub struct Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    /// Not really `'static`: valid as long as `pool` is. It is never handed out with this lifetime.
    view: ArrayViewMut<'static, A, D>,
    slot: Slot,
    pool: P,
}

impl<P, A, D> Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    /// The pool to which the buffer will return.
    ///
    /// An associated function, so that it cannot hide a method of the array.
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool2::<f64>::new((2, 3), 2)?;
    /// let a = pool.lease();
    /// let b = Lease::pool(&a).lease_copy_of(&a);
    /// assert_eq!(a, b);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn pool(this: &Self) -> &P {
        &this.pool
    }

    /// The guard of a slot.
    ///
    /// # Safety
    ///
    /// `slot` was claimed from the pool and the claim is handed over. `pool` gives the same pool
    /// whenever it is dereferenced, and keeps it where it is for as long as the guard lives.
    #[inline(always)] // otherwise it is written to memory and copied from there
    unsafe fn of_claimed(pool: P, slot: Slot, location: &'static Location<'static>) -> Self {
        let index = pool.slots.index(slot);
        pool.holders[index].begin_lease(location);
        // SAFETY: The caller claimed the slot and made no view of it. The view is private and lent
        // out only while the guard is borrowed, so nobody sees its `'static`; the guard's `Drop`
        // is what ends the claim, and `pool` keeps the memory mapped until then.
        let view = unsafe { view_of_slot(&pool, index) };
        Guard { view, slot, pool }
    }
}

impl<P, A, D> Deref for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    type Target = ArrayRef<A, D>;

    #[inline]
    fn deref(&self) -> &ArrayRef<A, D> {
        &self.view
    }
}

impl<P, A, D> DerefMut for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    #[inline]
    fn deref_mut(&mut self) -> &mut ArrayRef<A, D> {
        &mut self.view
    }
}

impl<P, A, D> Drop for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    /// Returns the buffer. It cannot panic, and runs no user code: elements are copied as plain data, never by their
    /// `Clone`.
    #[inline]
    fn drop(&mut self) {
        if let Some(value) = self.pool.fill_on_return {
            // SAFETY: The guard holds the claim, and its own view is not used any more.
            unsafe { fill_slot(&self.pool, self.pool.slots.index(self.slot), value) };
        }
        if let Some(tallies) = &self.pool.tallies
            && let Some(tally) = self.pool.holders[self.pool.slots.index(self.slot)].take_tally()
        {
            tallies.end_lease(tally, self.pool.bytes_per_buffer());
        }
        self.pool.slots.release(self.slot);
    }
}

/// A claimed slot that is not an array yet. (Dropping it loses the slot, as forgetting a guard does.)
#[must_use = "the slot is lost without it"]
pub(crate) struct Claim<A: Element, D: Dimension> {
    slot: Slot,
    pool: Arc<Pool<A, D>>,
}

impl<A: Element, D: Dimension> Claim<A, D> {
    #[inline(always)] // as `of_claimed`
    pub(crate) fn into_lease(self, location: &'static Location<'static>) -> OwnedLease<A, D> {
        // SAFETY: `claim_share` claimed the slot, and the claim goes over to the guard. The guard's share
        // keeps the pool alive and in its place, because nobody can move a pool out of an `Arc`
        // that has two owners.
        unsafe { Guard::of_claimed(self.pool, self.slot, location) }
    }

    /// Counts the lease for a tally until it ends. Only for pools of an arena, under its lock.
    pub(crate) fn count_for(&self, tally: TallyId) {
        if let Some(tallies) = &self.pool.tallies {
            self.pool.holders[self.pool.slots.index(self.slot)].set_tally(tally);
            tallies.begin_lease(tally, self.pool.bytes_per_buffer());
        }
    }
}

impl<A, D> Pool<A, D>
where
    A: Element,
    D: Dimension,
{
    /// A guard for a free slot, if there is one.
    #[inline]
    pub(super) fn claim(&self, location: &'static Location<'static>) -> Option<Lease<'_, A, D>> {
        let slot = self.slots.claim()?;
        // SAFETY: The slot was claimed just now, and the guard borrows the pool.
        Some(unsafe { Guard::of_claimed(self, slot, location) })
    }

    /// A guard for a slot that is free or becomes free within `timeout`.
    pub(super) fn claim_within(
        &self,
        timeout: std::time::Duration,
        location: &'static Location<'static>,
    ) -> Option<Lease<'_, A, D>> {
        let slot = self.slots.claim_within(timeout)?;
        // SAFETY: The slot was claimed just now, and the guard borrows the pool.
        Some(unsafe { Guard::of_claimed(self, slot, location) })
    }

    /// A guard for a free slot that owns a share of the pool.
    #[inline(always)] // as `of_claimed`
    pub(crate) fn claim_owned(
        self: &Arc<Self>,
        location: &'static Location<'static>,
    ) -> Option<OwnedLease<A, D>> {
        Some(self.claim_share()?.into_lease(location))
    }

    /// A claimed slot that owns a share of the pool, and can be turned into a guard later.
    #[inline]
    pub(crate) fn claim_share(self: &Arc<Self>) -> Option<Claim<A, D>> {
        let slot = self.slots.claim()?;
        Some(Claim { slot, pool: Arc::clone(self) })
    }

    /// [`claim_owned`](Self::claim_owned) of a slot that is free or becomes free within `timeout`.
    pub(super) fn claim_owned_within(
        self: &Arc<Self>,
        timeout: std::time::Duration,
        location: &'static Location<'static>,
    ) -> Option<OwnedLease<A, D>> {
        let slot = self.slots.claim_within(timeout)?;
        // SAFETY: As in `Claim::into_lease`.
        Some(unsafe { Guard::of_claimed(Arc::clone(self), slot, location) })
    }

    /// Writes the value of `fill_on_return`, if there is one, into each slot that `which` selects.
    pub(super) fn fill_slots(&mut self, which: impl Fn(&Self, usize) -> bool) {
        let Some(value) = self.fill_on_return else { return };
        for index in (0..self.slots.len()).filter(|&index| which(self, index)) {
            // SAFETY: No guard of the pool is in use, because the pool is borrowed uniquely; as `of_claimed` nobody can
            // claim a slot meanwhile.
            unsafe { fill_slot(self, index, value) };
        }
    }
}

/// The array in a slot, in the shape and order of its pool, whatever an earlier holder did to its own view.
///
/// # Safety
///
/// The caller holds the claim of slot `index` (or the whole pool), uses no second view of it, and lets go
/// of the view before the claim ends and before the pool goes.
#[inline]
unsafe fn view_of_slot<'v, A, D>(pool: &Pool<A, D>, index: usize) -> ArrayViewMut<'v, A, D>
where
    A: Element,
    D: Dimension,
{
    let start = pool.storage.slot(index).cast::<A>();
    // SAFETY: `Storage::slot` gives an address that is not null, aligned for `A`, and valid for the
    // bytes of the slot; whoever builds a pool checks that a slot holds the shape without overflow
    // (`build_in`), and the shape is contiguous, so all elements lie in it and no two overlap. They
    // are initialised: the mapping starts as zero bytes, which `A: Zeroable` makes a value, and after
    // that only values of `A` were written. The claim makes the view the only access to them; its
    // Acquire orders it behind all that the last holder wrote.
    unsafe { ArrayViewMut::from_shape_ptr(pool.shape.clone(), start.as_ptr()) }
}

/// Writes `value` into every element of a slot.
///
/// # Safety
///
/// The caller holds the claim of slot `index` (or the whole pool), and uses no view of it meanwhile.
#[cold] // keeps the loop out of the drop of every guard
#[inline(never)]
unsafe fn fill_slot<A, D>(pool: &Pool<A, D>, index: usize, value: A)
where
    A: Element,
    D: Dimension,
{
    // SAFETY: The caller holds the claim and uses no other view; this one goes at once.
    let mut view = unsafe { view_of_slot(pool, index) };
    set_all(&mut view, value);
}

/// Writes `value` into every element of an array in the layout of a pool.
pub(super) fn set_all<A, D>(array: &mut ArrayRef<A, D>, value: A)
where
    A: Element,
    D: Dimension,
{
    let Some(elements) = array.as_slice_memory_order_mut() else {
        debug_assert!(false, "the layout of a pool is contiguous");
        return;
    };
    for element in elements {
        // Not `fill`: that may run a `Clone` written by hand.
        *element = value;
    }
}
