//! The ways to get a buffer: [`Pool::lease`] and its variants, and [`Pool::reclaim`]. Private: it adds
//! methods to [`Pool`] and no names.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use ndarray::{ArrayRef, Dimension};

use super::guard::{self, Lease, OwnedLease};
use super::{Element, Pool};
use crate::error::PoolError;

impl<A, D> Pool<A, D>
where
    A: Element,
    D: Dimension,
{
    /// Leases a buffer. **Its contents are stale**: whatever its last user left there, zero if
    /// there was none. Write before you read, or see [`lease_zeroed`](Pool::lease_zeroed) and
    /// [`PoolBuilder::fill_on_return`](super::PoolBuilder::fill_on_return).
    ///
    /// # Panics
    ///
    /// If no buffer is free. In a loop of known shape this is a bug, as an index out of bounds is,
    /// and the message names the source lines that hold the buffers. Where it is not, use
    /// [`try_lease`](Pool::try_lease) or [`lease_timeout`](Pool::lease_timeout).
    ///
    /// ```should_panic
    /// use ndarray_pool::prelude::*;
    ///
    /// let pool = Pool2::<f64>::new((2, 3), 1).unwrap();
    /// let a = pool.lease();
    /// let b = pool.lease(); // panics: the only buffer is `a`
    /// ```
    #[inline]
    #[track_caller]
    pub fn lease(&self) -> Lease<'_, A, D> {
        match self.claim(Location::caller()) {
            Some(lease) => lease,
            None => self.panic_exhausted(),
        }
    }

    /// Leases a buffer if one is free, with stale contents as [`lease`](Pool::lease) does. Neither success nor failure
    /// allocates (except in ndarray, for `IxDyn` shapes with more than four axes).
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free. As long as the buffers that are held and requested at any moment
    /// are no more than the pool has, this does not happen, whatever other threads do.
    #[inline]
    #[track_caller]
    pub fn try_lease(&self) -> Result<Lease<'_, A, D>, PoolError> {
        self.claim(Location::caller()).ok_or_else(|| self.exhausted(None))
    }

    /// Leases a buffer and sets all elements to zero, as `numpy.zeros` does.
    ///
    /// # Panics
    ///
    /// If no buffer is free.
    #[track_caller]
    pub fn lease_zeroed(&self) -> Lease<'_, A, D> {
        let mut lease = self.lease();
        set_zero(&mut lease);
        lease
    }

    /// Leases a buffer and sets all elements to zero, if one is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free, as [`try_lease`](Pool::try_lease).
    #[track_caller]
    pub fn try_lease_zeroed(&self) -> Result<Lease<'_, A, D>, PoolError> {
        let mut lease = self.try_lease()?;
        set_zero(&mut lease);
        Ok(lease)
    }

    /// Leases a buffer and sets all elements to `value`, as `numpy.full` does.
    ///
    /// # Panics
    ///
    /// If no buffer is free.
    #[track_caller]
    pub fn lease_filled(&self, value: A) -> Lease<'_, A, D> {
        let mut lease = self.lease();
        guard::set_all(&mut lease, value);
        lease
    }

    /// Leases a buffer and sets all elements to `value`, if one is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free, as [`try_lease`](Pool::try_lease).
    #[track_caller]
    pub fn try_lease_filled(&self, value: A) -> Result<Lease<'_, A, D>, PoolError> {
        let mut lease = self.try_lease()?;
        guard::set_all(&mut lease, value);
        Ok(lease)
    }

    /// Leases a buffer and copies an array of the same shape into it, as `numpy.copy` does.
    ///
    /// # Panics
    ///
    /// If the shapes differ, or if no buffer is free.
    ///
    /// ```
    /// use ndarray_pool::{ndarray::array, prelude::*};
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let a = array![[1, 2], [3, 4]];
    /// let pool = Pool2::<i32>::new(a.raw_dim(), 1)?;
    /// assert_eq!(pool.lease_copy_of(&a), a);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn lease_copy_of(&self, array: &ArrayRef<A, D>) -> Lease<'_, A, D> {
        self.check_shape_of_copy("lease_copy_of", array);
        let mut lease = self.lease();
        copy(array, &mut lease);
        lease
    }

    /// Leases a buffer and copies an array of the same shape into it, if one is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free, as [`try_lease`](Pool::try_lease).
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    #[track_caller]
    pub fn try_lease_copy_of(&self, array: &ArrayRef<A, D>) -> Result<Lease<'_, A, D>, PoolError> {
        self.check_shape_of_copy("try_lease_copy_of", array);
        let mut lease = self.try_lease()?;
        copy(array, &mut lease);
        Ok(lease)
    }

    /// Leases a buffer, waiting up to `timeout` for another thread to return one. The contents are stale, as
    /// [`lease`](Pool::lease) says. It blocks its thread; in async code, use
    /// [`try_lease_owned`](Pool::try_lease_owned).
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer became free in time.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool2::<f64>::new((2, 3), 1)?;
    /// let a = pool.lease_timeout(Duration::from_secs(1))?;
    /// assert!(pool.lease_timeout(Duration::from_millis(1)).is_err());
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn lease_timeout(&self, timeout: Duration) -> Result<Lease<'_, A, D>, PoolError> {
        self.claim_within(timeout, Location::caller()).ok_or_else(|| self.exhausted(Some(timeout)))
    }

    /// Leases a buffer that keeps the pool alive, with stale contents as [`lease`](Pool::lease)
    /// does: for struct fields, threads and tasks.
    ///
    /// # Panics
    ///
    /// If no buffer is free.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ndarray_pool::prelude::*;
    ///
    /// struct State {
    ///     field: OwnedLease,
    /// }
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Arc::new(Pool2::new((2, 3), 1)?);
    /// let state = State { field: pool.lease_owned() };
    /// drop(pool); // the buffer keeps it alive
    /// assert_eq!(state.field.sum(), 0.0);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[track_caller]
    pub fn lease_owned(self: &Arc<Self>) -> OwnedLease<A, D> {
        match self.claim_owned(Location::caller()) {
            Some(lease) => lease,
            None => self.panic_exhausted(),
        }
    }

    /// Leases a buffer that keeps the pool alive, if one is free, as [`try_lease`](Pool::try_lease)
    /// does.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free.
    #[inline]
    #[track_caller]
    pub fn try_lease_owned(self: &Arc<Self>) -> Result<OwnedLease<A, D>, PoolError> {
        self.claim_owned(Location::caller()).ok_or_else(|| self.exhausted(None))
    }

    /// Leases a buffer that keeps the pool alive, waiting up to `timeout` for another thread to
    /// return one, as [`lease_timeout`](Pool::lease_timeout) does: for a producer that hands
    /// buffers to a consumer.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer became free in time.
    ///
    /// ```
    /// use std::sync::{Arc, mpsc};
    /// use std::time::Duration;
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Arc::new(Pool1::<f64>::new(1000, 2)?);
    /// let (send, receive) = mpsc::channel::<OwnedLease<f64, _>>();
    /// let consumer = std::thread::spawn(move || receive.iter().map(|a| a[0]).sum::<f64>());
    /// for i in 0..100 {
    ///     let mut a = pool.lease_owned_timeout(Duration::from_secs(10))?;
    ///     a.fill(f64::from(i));
    ///     send.send(a).unwrap(); // the consumer returns the buffer
    /// }
    /// drop(send);
    /// assert_eq!(consumer.join().unwrap(), 4950.0);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn lease_owned_timeout(
        self: &Arc<Self>,
        timeout: Duration,
    ) -> Result<OwnedLease<A, D>, PoolError> {
        self.claim_owned_within(timeout, Location::caller())
            .ok_or_else(|| self.exhausted(Some(timeout)))
    }

    /// Leases a buffer that keeps the pool alive, and sets all elements to zero.
    ///
    /// # Panics
    ///
    /// If no buffer is free.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ndarray_pool::{ndarray::array, prelude::*};
    ///
    /// struct Solver {
    ///     state: OwnedLease,
    ///     rate: OwnedLease,
    ///     change: OwnedLease,
    /// }
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let start = array![[1.0, 2.0], [3.0, 4.0]];
    /// let pool = Arc::new(Pool2::new(start.raw_dim(), 3)?);
    /// let solver = Solver {
    ///     state: pool.lease_owned_copy_of(&start),
    ///     rate: pool.lease_owned_filled(0.5),
    ///     change: pool.lease_owned_zeroed(),
    /// };
    /// assert_eq!((solver.state.sum(), solver.rate.sum(), solver.change.sum()), (10.0, 2.0, 0.0));
    /// assert!(pool.try_lease_owned_zeroed().is_err()); // all three are leased
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn lease_owned_zeroed(self: &Arc<Self>) -> OwnedLease<A, D> {
        let mut lease = self.lease_owned();
        set_zero(&mut lease);
        lease
    }

    /// Leases a buffer that keeps the pool alive, and sets all elements to `value`.
    ///
    /// # Panics
    ///
    /// If no buffer is free.
    #[track_caller]
    pub fn lease_owned_filled(self: &Arc<Self>, value: A) -> OwnedLease<A, D> {
        let mut lease = self.lease_owned();
        guard::set_all(&mut lease, value);
        lease
    }

    /// Leases a buffer that keeps the pool alive, and copies an array of the same shape into it.
    ///
    /// # Panics
    ///
    /// If the shapes differ, or if no buffer is free.
    #[track_caller]
    pub fn lease_owned_copy_of(self: &Arc<Self>, array: &ArrayRef<A, D>) -> OwnedLease<A, D> {
        self.check_shape_of_copy("lease_owned_copy_of", array);
        let mut lease = self.lease_owned();
        copy(array, &mut lease);
        lease
    }

    /// Leases a buffer that keeps the pool alive, and sets all elements to zero, if one is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free.
    #[track_caller]
    pub fn try_lease_owned_zeroed(self: &Arc<Self>) -> Result<OwnedLease<A, D>, PoolError> {
        let mut lease = self.try_lease_owned()?;
        set_zero(&mut lease);
        Ok(lease)
    }

    /// Leases a buffer that keeps the pool alive, and sets all elements to `value`, if one is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free.
    #[track_caller]
    pub fn try_lease_owned_filled(
        self: &Arc<Self>,
        value: A,
    ) -> Result<OwnedLease<A, D>, PoolError> {
        let mut lease = self.try_lease_owned()?;
        guard::set_all(&mut lease, value);
        Ok(lease)
    }

    /// Leases a buffer that keeps the pool alive, and copies an array of the same shape into it, if one is free.
    ///
    /// # Errors
    ///
    /// [`PoolError::Exhausted`] if no buffer is free.
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    #[track_caller]
    pub fn try_lease_owned_copy_of(
        self: &Arc<Self>,
        array: &ArrayRef<A, D>,
    ) -> Result<OwnedLease<A, D>, PoolError> {
        self.check_shape_of_copy("try_lease_owned_copy_of", array);
        let mut lease = self.try_lease_owned()?;
        copy(array, &mut lease);
        Ok(lease)
    }

    /// Takes back the buffers of forgotten leases, and returns how many there were.
    ///
    /// A forgotten lease (`std::mem::forget`, a reference cycle, a leaked box) never returns its buffer. `&mut self`
    /// proves that no [`Lease`] can still be in use, so every buffer that is leased now was lost this way. (A forgotten
    /// [`OwnedLease`] keeps its pool alive, and a shared `Arc` gives no `&mut`.)
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let mut pool = Pool2::<f64>::new((2, 3), 1)?;
    /// std::mem::forget(pool.lease());
    /// assert!(pool.try_lease().is_err());
    /// assert_eq!(pool.reclaim(), 1);
    /// assert!(pool.try_lease().is_ok());
    /// # Ok(())
    /// # }
    /// ```
    pub fn reclaim(&mut self) -> usize {
        let lost = self.slots.leased();
        self.fill_slots(|pool, index| pool.slots.is_leased(index));
        self.slots.release_all();
        lost
    }

    #[track_caller]
    fn check_shape_of_copy(&self, method: &str, array: &ArrayRef<A, D>) {
        assert!(
            array.raw_dim() == *self.shape.raw_dim(),
            "{method}: `array` has shape {:?}, but must have the shape of the pool, {:?}",
            array.shape(),
            self.shape.raw_dim().slice(),
        );
    }
}

/// Sets all elements of a lease to zero.
fn set_zero<A, D>(lease: &mut ArrayRef<A, D>)
where
    A: Element,
    D: Dimension,
{
    if let Some(elements) = lease.as_slice_memory_order_mut() {
        bytemuck::fill_zeroes(elements); // faster than writing zeros one by one
    }
}

/// Copies an array of the same shape into a lease.
fn copy<A, D>(array: &ArrayRef<A, D>, lease: &mut ArrayRef<A, D>)
where
    A: Element,
    D: Dimension,
{
    if lease.strides() == array.strides()
        && let (Some(to), Some(from)) =
            (lease.as_slice_memory_order_mut(), array.as_slice_memory_order())
    {
        to.copy_from_slice(from);
    } else {
        lease.assign(array);
    }
}
