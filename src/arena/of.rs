//! [`ArenaOf`]: an arena for one type of element.

use std::fmt;
use std::marker::PhantomData;

use ndarray::{ArrayRef, Dimension, ShapeBuilder};

use super::Arena;
use crate::error::PoolError;
use crate::pool::{Element, OwnedLease};

/// An [`Arena`] for one type of element, from [`Arena::of`]: its methods take the shape alone.
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// let arena = Arena::new(&Budget::unlimited());
/// let floats = arena.of::<f32>();
/// let layers = [784, 128, 10].map(|n| floats.lease_zeroed((64, n))); // shapes differ, the type does not
/// let labels = arena.of::<u8>().lease_filled(64, 1);
/// assert_eq!((layers[1].shape(), labels.len()), (&[64, 128][..], 64));
/// ```
pub struct ArenaOf<'a, A> {
    arena: &'a Arena,
    element: PhantomData<fn() -> A>,
}

impl<'a, A: Element> ArenaOf<'a, A> {
    pub(super) fn new(arena: &'a Arena) -> Self {
        ArenaOf { arena, element: PhantomData }
    }

    /// Leases an array with stale contents, as [`Arena::lease`].
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](ArenaOf::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease<Sh>(&self, shape: Sh) -> OwnedLease<A, Sh::Dim>
    where
        Sh: ShapeBuilder<Dim: 'static>,
    {
        self.arena.lease(shape)
    }

    /// Leases an array with stale contents, as [`Arena::try_lease`].
    ///
    /// # Errors
    ///
    /// As [`Arena::try_lease`].
    #[track_caller]
    pub fn try_lease<Sh>(&self, shape: Sh) -> Result<OwnedLease<A, Sh::Dim>, PoolError>
    where
        Sh: ShapeBuilder<Dim: 'static>,
    {
        self.arena.try_lease(shape)
    }

    /// Leases an array and sets all elements to zero, as `numpy.zeros` does.
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](ArenaOf::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease_zeroed<Sh>(&self, shape: Sh) -> OwnedLease<A, Sh::Dim>
    where
        Sh: ShapeBuilder<Dim: 'static>,
    {
        self.arena.lease_zeroed(shape)
    }

    /// Leases an array and sets all elements to `value`, as `numpy.full` does.
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](ArenaOf::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease_filled<Sh>(&self, shape: Sh, value: A) -> OwnedLease<A, Sh::Dim>
    where
        Sh: ShapeBuilder<Dim: 'static>,
    {
        self.arena.lease_filled(shape, value)
    }

    /// Leases an array of the shape of another and copies it, as [`Arena::lease_copy_of`].
    ///
    /// # Panics
    ///
    /// Where [`try_lease`](ArenaOf::try_lease) returns an error, with its text.
    #[track_caller]
    pub fn lease_copy_of<D>(&self, array: &ArrayRef<A, D>) -> OwnedLease<A, D>
    where
        D: Dimension + 'static,
    {
        self.arena.lease_copy_of(array)
    }

    /// Makes sure that so many arrays of a shape can be leased without a new mapping, as [`Arena::reserve`].
    ///
    /// # Errors
    ///
    /// As [`Arena::try_lease`].
    pub fn reserve<Sh>(&self, shape: Sh, buffers: usize) -> Result<(), PoolError>
    where
        Sh: ShapeBuilder<Dim: 'static>,
    {
        self.arena.reserve::<A, Sh>(shape, buffers)
    }
}

impl<A> Clone for ArenaOf<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for ArenaOf<'_, A> {}

impl<A> fmt::Debug for ArenaOf<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArenaOf").field("arena", self.arena).finish_non_exhaustive()
    }
}
