//! [`DoubleBuffer`]: the state of a loop and a buffer for its next state.

use std::mem;
use std::ops::DerefMut;

use ndarray::{ArrayRef, Dimension};

/// Two arrays of one shape: the current state of a loop and the buffer for the next.
///
/// [`step`](DoubleBuffer::step) computes the next state from the current one and swaps the two. It swaps the two
/// holders; no data moves. `B` is any type that holds an array: a [`Lease`](crate::Lease), an
/// [`OwnedLease`](crate::OwnedLease), or an owned `Array`.
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// let pool = Pool1::<f64>::new(4, 2)?;
/// let mut state = DoubleBuffer::new(pool.lease_filled(8.0), pool.lease());
/// for _ in 0..3 {
///     state.step(|current, next| map_into(current, next, |x| x / 2.0));
/// }
/// assert_eq!(state.current()[0], 1.0);
/// # Ok(())
/// # }
/// ```
///
/// A struct can own its pool and its state:
///
/// ```
/// use std::sync::Arc;
/// use ndarray_pool::prelude::*;
///
/// /// Heat in a rod whose ends are kept at their temperatures.
/// struct Rod {
///     heat: DoubleBuffer<OwnedLease<f64, Ix1>>,
///     pool: Arc<Pool1>,
/// }
///
/// impl Rod {
///     fn new(start: &[f64]) -> Result<Self, PoolError> {
///         let pool = Arc::new(Pool1::new(start.len(), 2)?);
///         let mut heat = DoubleBuffer::new(pool.lease_owned(), pool.lease_owned());
///         heat.current_mut().assign(&aview1(start));
///         Ok(Rod { heat, pool })
///     }
///
///     fn pass(&mut self) {
///         self.heat.step(|now, then| {
///             then.assign(now);
///             for i in 1..now.len() - 1 {
///                 then[i] += (now[i - 1] - 2.0 * now[i] + now[i + 1]) / 4.0;
///             }
///         });
///     }
/// }
///
/// # use ndarray_pool::ndarray::{Ix1, aview1};
/// # fn main() -> Result<(), PoolError> {
/// let mut rod = Rod::new(&[0.0, 0.0, 4.0, 0.0, 0.0])?;
/// rod.pass();
/// assert_eq!(rod.heat.current().to_vec(), [0.0, 1.0, 2.0, 1.0, 0.0]);
/// assert_eq!(rod.pool.stats().leased, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DoubleBuffer<B> {
    current: B,
    next: B,
}

impl<B, A, D> DoubleBuffer<B>
where
    B: DerefMut<Target = ArrayRef<A, D>>,
    D: Dimension,
{
    /// Makes a double buffer of two arrays of one shape. The contents of `next` do not matter.
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    #[track_caller]
    pub fn new(current: B, next: B) -> Self {
        assert!(
            current.shape() == next.shape(),
            "DoubleBuffer::new: `next` has shape {:?}, but must have the shape of `current`, {:?}",
            next.shape(),
            current.shape(),
        );
        DoubleBuffer { current, next }
    }

    /// The current state.
    pub fn current(&self) -> &ArrayRef<A, D> {
        &self.current
    }

    /// The current state, to set it up or to correct it in place.
    pub fn current_mut(&mut self) -> &mut ArrayRef<A, D> {
        &mut self.current
    }

    /// The state before the last step, if that step did not change it: the other buffer, whose contents the next step
    /// overwrites.
    pub fn previous(&self) -> &ArrayRef<A, D> {
        &self.next
    }

    /// The buffer for the next state, to set up what no step changes, such as fixed boundaries.
    pub fn next_mut(&mut self) -> &mut ArrayRef<A, D> {
        &mut self.next
    }

    /// One step: `write(current, next)` computes the next state, which then becomes the current
    /// one. Returns what `write` returns.
    ///
    /// `next` starts with the state before the current one, so write all of it, and leave its shape as it is. If
    /// `write` panics nothing is swapped: the current state is still the current state. An error that it returns is a
    /// result like any other, and the two are swapped; otherwise use [`try_step`](DoubleBuffer::try_step).
    pub fn step<R>(&mut self, write: impl FnOnce(&ArrayRef<A, D>, &mut ArrayRef<A, D>) -> R) -> R {
        let result = write(&self.current, &mut self.next);
        mem::swap(&mut self.current, &mut self.next);
        result
    }

    /// One step that may fail: the next state becomes the current one only if `write` returns `Ok`.
    ///
    /// # Errors
    ///
    /// What `write` returns; the current state is then still the current state.
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool1::<f64>::new(2, 2)?;
    /// let mut state = DoubleBuffer::new(pool.lease_filled(1.0), pool.lease());
    /// let failed: Result<(), _> = state.try_step(|_, next| {
    ///     next.fill(f64::NAN);
    ///     Err("no convergence")
    /// });
    /// assert_eq!(failed, Err("no convergence"));
    /// assert_eq!(state.current()[0], 1.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_step<R, E>(
        &mut self,
        write: impl FnOnce(&ArrayRef<A, D>, &mut ArrayRef<A, D>) -> Result<R, E>,
    ) -> Result<R, E> {
        let result = write(&self.current, &mut self.next)?;
        mem::swap(&mut self.current, &mut self.next);
        Ok(result)
    }

    /// Returns both arrays: the current state, and the other buffer.
    pub fn into_inner(self) -> (B, B) {
        (self.current, self.next)
    }
}
