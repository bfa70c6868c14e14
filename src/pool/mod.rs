//! Buffers of one shape, paid for once: [`Pool`] and its leases.
//!
//! Data flows one way: `storage` (one mapping) → `slots` (which parts of it are free) → `guard` (a part as an array) →
//! the user. The parts are private; the pool assembles them.

#[cfg(feature = "approx")]
mod approx;
mod builder;
#[cfg(doctest)]
mod compile_fail;
mod guard;
mod guard_traits;
mod holder;
mod lease;
mod slots;
mod stats;
pub(crate) mod storage;
mod sync;
pub(crate) mod tally;

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use ndarray::{Dimension, Ix1, Ix2, Ix3, Shape, ShapeBuilder};

pub use self::builder::PoolBuilder;
pub(crate) use self::builder::checked_len;
pub(crate) use self::guard::Claim;
pub use self::guard::{Guard, Lease, OwnedLease};
pub use self::stats::PoolStats;
pub use self::storage::HugePages;

use self::holder::Holder;
use self::slots::Slots;
use self::storage::Storage;
use self::tally::{Tallies, TallyId};
use crate::budget::Charge;
use crate::error::{AtLine, Exhausted, Label, OverBudget, PoolError};

/// The elements that a buffer can hold: plain data for which all-zero bytes are a valid value, such as the integers,
/// `f32`, `f64`, `bool`, arrays of them, and `Complex` with the feature `complex`.
///
/// It is implemented for every type that meets the bounds. A type of your own needs [`bytemuck::Zeroable`], which
/// bytemuck can derive. Its alignment may be at most a page (4096 bytes); a larger one does not compile.
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// #[derive(Clone, Copy)]
/// struct Particle {
///     place: [f64; 3],
///     cell: u32,
/// }
/// // SAFETY: Zero bytes are a value of both fields. (bytemuck's feature `derive` writes this.)
/// unsafe impl bytemuck::Zeroable for Particle {}
///
/// # fn main() -> Result<(), PoolError> {
/// let pool = Pool1::<Particle>::new(1000, 2)?;
/// assert_eq!(pool.lease_zeroed()[7].cell, 0);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of a pool",
    label = "is not plain data",
    note = "an element is `Copy + bytemuck::Zeroable + Send + Sync + 'static`: a number, a `bool`, an array of them",
    note = "for a struct of your own: `#[derive(Clone, Copy, bytemuck::Zeroable)]`, with bytemuck's feature `derive`"
)]
pub trait Element: Copy + bytemuck::Zeroable + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<A> Element for A where A: Copy + bytemuck::Zeroable + Send + Sync + 'static {}

/// A pool of buffers with one axis.
pub type Pool1<A = f64> = Pool<A, Ix1>;
/// A pool of buffers with two axes.
pub type Pool2<A = f64> = Pool<A, Ix2>;
/// A pool of buffers with three axes.
pub type Pool3<A = f64> = Pool<A, Ix3>;

/// Buffers of one shape in one piece of memory, all paid for when the pool is built.
///
/// [`lease`](Pool::lease) hands out a buffer as an array and takes it back when the guard is dropped; in between
/// nothing is allocated, and no page is touched for the first time. The memory is returned to the system when the pool
/// is dropped.
///
/// A pool is `Send + Sync`; leasing and returning is lock-free and costs some nanoseconds.
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// let pool = Pool2::<f64>::new((100, 200), 2)?;
/// let mut current = pool.lease_filled(1.0);
/// let mut next = pool.lease();
/// for _ in 0..10 {
///     map_into(&current, &mut next, |x| x / 2.0);
///     std::mem::swap(&mut current, &mut next); // swaps two guards, moves no data
/// }
/// assert_eq!(current[[99, 199]], 1.0 / 1024.0);
/// # Ok(())
/// # }
/// ```
pub struct Pool<A = f64, D = Ix2>
where
    A: Element,
    D: Dimension,
{
    /// The shape and memory order of every buffer.
    shape: Shape<D>,
    slots: Slots,
    holders: Box<[Holder]>,
    storage: Storage,
    fill_on_return: Option<A>,
    label: Arc<Label>,
    /// The tallies on which leases are counted, in a pool of an arena.
    tallies: Option<Arc<Tallies>>,
    /// Returned to its budget after `storage`: fields are dropped in declaration order.
    charge: Option<Charge>,
    /// A shared pool lends write access, so it is invariant in `A`, as `&Cell<A>` is. Without this field
    /// `&Pool<A>` would coerce to a pool of any supertype: write a value of the supertype through that one, read
    /// it as an `A` through this one (`compile_fail.rs` has the program).
    invariant: PhantomData<fn(A) -> A>,
}

impl<A, D> Pool<A, D>
where
    A: Element,
    D: Dimension,
{
    /// Builds a pool of `buffers` buffers of a shape, given as ndarray's constructors take it:
    /// `(n, m)`, `[n, m]`, `array.raw_dim()`, or `(n, m).f()` for Fortran order.
    ///
    /// All memory is mapped and touched here; every element starts as zero. A shape with an axis of
    /// length zero is fine.
    ///
    /// Choose it as you choose `numpy.empty` before a loop, for the arrays that live at once.
    ///
    /// # Errors
    ///
    /// [`PoolError::NoBuffers`] for zero buffers, [`PoolError::TooLarge`] if the bytes do not fit into the address
    /// space, [`PoolError::Refused`] if the system refuses them. Linux refuses absurd sizes, and those beyond a limit
    /// (`ulimit -v`). It grants memory that merely exceeds what is left, and kills a process when the pages are
    /// touched: check before, if that can happen.
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool3::<f32>::new((2, 3, 4), 5)?;
    /// assert_eq!(pool.lease().shape(), [2, 3, 4]);
    /// assert!(Pool2::<f64>::new((usize::MAX, 2), 1).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new<Sh>(shape: Sh, buffers: usize) -> Result<Self, PoolError>
    where
        Sh: ShapeBuilder<Dim = D>,
    {
        Self::builder(shape).buffers(buffers).build()
    }

    /// Starts a pool with options; see [`PoolBuilder`].
    pub fn builder<Sh>(shape: Sh) -> PoolBuilder<A, D>
    where
        Sh: ShapeBuilder<Dim = D>,
    {
        PoolBuilder::new(shape.into_shape_with_order())
    }

    /// The shape of every buffer, in the form that constructors take.
    ///
    /// ```
    /// use ndarray_pool::{ndarray::Array2, prelude::*};
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool2::<f64>::new((2, 3), 1)?;
    /// assert_eq!(pool.lease(), Array2::<f64>::zeros(pool.raw_dim()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw_dim(&self) -> D {
        self.shape.raw_dim().clone()
    }

    /// The name that [`PoolBuilder::name`] gave the pool.
    pub fn name(&self) -> Option<&str> {
        self.label.name.as_deref()
    }

    /// The pool's memory, and its leases so far.
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool2::<f64>::new((10, 10), 3)?;
    /// let a = pool.lease();
    /// drop(pool.lease());
    /// let stats = pool.stats();
    /// assert_eq!((stats.leased, stats.peak_leased, stats.total_leases), (1, 2, 2));
    /// assert_eq!(stats.bytes_per_buffer, 800);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stats(&self) -> PoolStats {
        PoolStats {
            buffers: self.slots.len(),
            leased: self.slots.leased(),
            peak_leased: self.holders.iter().filter(|holder| holder.leases() > 0).count(),
            total_leases: self.holders.iter().map(Holder::leases).sum(),
            bytes_per_buffer: self.bytes_per_buffer(),
            reserved_bytes: self.storage.used_bytes(),
        }
    }

    /// The source lines of the current leases, forgotten ones included, in the order of their buffers. (For a lease
    /// that another thread is just making or returning, this may be the line of the lease before it.)
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let pool = Pool2::<f64>::new((10, 10), 3)?;
    /// let a = pool.lease();
    /// let line = line!() - 1;
    /// let holders: Vec<_> = pool.holders().map(|at| at.line()).collect();
    /// assert_eq!(holders, [line]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn holders(&self) -> impl Iterator<Item = &'static Location<'static>> + '_ {
        self.holders
            .iter()
            .enumerate()
            .filter(|(slot, _)| self.slots.is_leased(*slot))
            .filter_map(|(_, holder)| holder.location())
    }

    /// Asserts, in a test, that every lease was returned.
    ///
    /// # Panics
    ///
    /// If one was not, with the source lines of all such leases.
    #[track_caller]
    pub fn assert_all_returned(&self) {
        let leased = self.slots.leased();
        if leased > 0 {
            let mut lines: Vec<AtLine> = Vec::new();
            for at in self.holders() {
                match lines.iter_mut().find(|AtLine(line, _)| *line == at) {
                    Some(AtLine(_, count)) => *count += 1,
                    None => lines.push(AtLine(at, 1)),
                }
            }
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            panic!(
                "{leased} of the buffers of {} not returned; leased at {}",
                self.label,
                lines.join(", ")
            );
        }
    }

    /// The source line and the tally of each leased slot.
    pub(crate) fn leases(
        &self,
    ) -> impl Iterator<Item = (&'static Location<'static>, Option<TallyId>)> + '_ {
        (0..self.slots.len()).filter(|&slot| self.slots.is_leased(slot)).filter_map(|slot| {
            let holder = &self.holders[slot];
            Some((holder.location()?, holder.tally()))
        })
    }

    /// The elements of one buffer, in bytes.
    fn bytes_per_buffer(&self) -> usize {
        self.shape.size() * size_of::<A>()
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.label.shape
    }

    /// Charges the pool's budget, if it has one, for the first `bytes` of a growing pool, the last of which are for
    /// `label`. Returns how many bytes are charged then.
    pub(crate) fn charge_beginning(
        &self,
        bytes: usize,
        label: impl FnOnce() -> Label,
    ) -> Result<usize, Box<OverBudget>> {
        let Some(charge) = &self.charge else { return Ok(usize::MAX) };
        let bytes = self.storage.page_bytes_of_beginning(bytes);
        charge.grow_to(bytes, &Arc::new(label()))?;
        Ok(bytes)
    }

    /// The addresses of all buffers.
    pub(crate) fn addresses(&self) -> std::ops::Range<usize> {
        self.storage.addresses()
    }

    fn exhausted(&self, waited: Option<Duration>) -> PoolError {
        PoolError::Exhausted(Exhausted::new(Arc::clone(&self.label), self.holders(), waited))
    }

    #[cold]
    #[track_caller]
    fn panic_exhausted(&self) -> ! {
        panic!("{}", self.exhausted(None));
    }
}

impl<A, D> fmt::Debug for Pool<A, D>
where
    A: Element,
    D: Dimension,
{
    /// Prints what the pool is and how much of it is leased, not the contents of the buffers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("name", &self.label.name)
            .field("shape", &self.label.shape)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
