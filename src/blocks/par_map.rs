//! [`Blocks::par_map`]: several threads compute, and their results come in the order of the blocks.
//!
//! ```text
//!   free leases ──► a thread: fill (one at a time), map ──► ring, by number ──► the caller: each, in order
//!        ▲                                                                          │
//!        └──────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! A block is numbered when it is read, and has a lease from then until `each` has seen it. So the numbers that are
//! under way are consecutive and no more than the leases: the place of the ring at `number % leases` is one block's
//! alone, and nothing is allocated for a block. The end, an error and a panic have a number too, so the caller meets
//! them where a loop of one thread would. No code of a user runs under the lock of the ring.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::error::BlockError;
use super::filler::{Filled, Filler};
use super::looped::{Block, BlockOf, Blocks, LeaseOf, PoolHandle};
use super::source::RowSource;

impl<S, P> Blocks<S, P>
where
    S: RowSource + Send,
    P: PoolHandle<S::Elem, S::Dim>,
{
    /// Calls `map` with each block on one of `threads` threads, and then `each` with the block and the result on this
    /// thread, **in the order of the blocks**. So results that are combined in `each` have the same bits for any number
    /// of threads.
    ///
    /// The threads read in turn: while one reads, the others compute. `map` may change its block, and `each` sees it
    /// changed: to write it, say. With `threads` + 1 buffers of the pool, one block may be in `each` while all threads
    /// have one. If blocks take different times, more of them keep the threads busy: a loop that was told to
    /// [`read_ahead(n)`](Blocks::read_ahead) takes `threads` + n buffers. That is all the memory it takes; nothing is
    /// allocated for a block, except by `map` and `each`. `threads` = 0 counts as 1. Threads are of `std`: rayon's, which
    /// `map` may use, come on top of them.
    ///
    /// # Errors
    ///
    /// As [`next_block`](Blocks::next_block) (also if the pool has no buffer for a thread), and those of `each`. `each` has seen all blocks before the error and none
    /// after it; `map` may have seen some more. All leases have gone back and all threads have ended then, as after a
    /// panic of the source, of `map` or of `each`, which comes out here in the same order. [`BlockError::Thread`] if
    /// the system gives no thread.
    ///
    /// # Panics
    ///
    /// If a thread already reads ahead: if [`next_block`](Blocks::next_block) was called after `read_ahead`.
    ///
    /// ```
    /// use ndarray_pool::blocks::{BlockError, Moments, NpyRows, write_npy};
    /// use ndarray_pool::ndarray::{Array2, Ix2};
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-par-map-{}.npy", std::process::id()));
    /// write_npy(&path, &Array2::<f64>::from_shape_fn((1000, 3), |(i, j)| (i + j) as f64))?;
    /// let rows = NpyRows::<f64, Ix2>::open(&path)?;
    /// let pool = Pool2::<f64>::new((64, 3), 3)?;
    /// let of = |threads| {
    ///     let mut all = Moments::new(3);
    ///     rows.blocks(&pool).par_map(
    ///         threads,
    ///         |block| {
    ///             let mut moments = Moments::new(3);
    ///             moments.update(&block); // on one of the threads
    ///             moments
    ///         },
    ///         |_, moments| {
    ///             all.merge(&moments); // here, block after block
    ///             Ok(())
    ///         },
    ///     )?;
    ///     Ok::<_, BlockError>(all)
    /// };
    /// let (one, two) = (of(1)?, of(2)?);
    /// assert_eq!((two.count(), two.mean()[2]), (1000, 501.5));
    /// assert_eq!(one.var(0.0), two.var(0.0)); // to the last bit
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("map_blocks", "imap", "par_bridge", "par_for_each"))]
    #[track_caller]
    pub fn par_map<T: Send>(
        self,
        threads: usize,
        map: impl Fn(BlockOf<'_, S>) -> T + Sync,
        each: impl FnMut(BlockOf<'_, S>, T) -> Result<(), BlockError>,
    ) -> Result<(), BlockError> {
        let Some((pool, filler, spare)) = self.into_parts() else {
            panic!("Blocks::par_map: a thread already reads ahead");
        };
        let threads = threads.max(1);
        let mut free = Vec::new();
        for _ in 0..threads.saturating_add(spare) {
            free.push(pool.lease_one()?);
        }
        let ring = free.iter().map(|_| None).collect();
        let team = Team {
            source: Mutex::new((filler, 0)),
            ring: Mutex::new(Ring { free, done: ring, is_wanted: true }),
            freed: Condvar::new(),
            done: Condvar::new(),
        };
        thread::scope(|scope| {
            let _end = End(&team);
            for number in 0..threads {
                let thread = thread::Builder::new().name("blocks".into());
                match thread.spawn_scoped(scope, || team.work(&map)) {
                    Err(error) if number == 0 => return Err(BlockError::Thread(error)),
                    Err(_) => break, // the threads before it do the work
                    Ok(_) => {}
                }
            }
            team.collect(each)
        })
    }
}

/// What the threads and the caller share.
struct Team<S: RowSource, L, T> {
    /// With the number of the next block.
    source: Mutex<(Filler<S>, usize)>,
    ring: Mutex<Ring<L, T>>,
    /// For the threads: there is a free lease, or no need for more blocks.
    freed: Condvar,
    /// For the caller: there is a result.
    done: Condvar,
}

struct Ring<L, T> {
    free: Vec<L>,
    /// At `number % len`.
    done: Vec<Option<Outcome<L, T>>>,
    is_wanted: bool,
}

/// A block with its result, the end, an error, or a panic.
type Outcome<L, T> = Result<Result<Option<(L, Filled, T)>, BlockError>, Box<dyn Any + Send>>;

impl<S, P, T> Team<S, LeaseOf<S, P>, T>
where
    S: RowSource,
    P: PoolHandle<S::Elem, S::Dim>,
{
    /// What each thread does.
    fn work(&self, map: impl Fn(BlockOf<'_, S>) -> T) {
        while let Some(lease) = self.free_lease() {
            let (number, outcome) = self.next(lease, &map);
            let is_over = !matches!(outcome, Ok(Ok(Some(_))));
            let mut ring = lock(&self.ring);
            let at = number % ring.done.len();
            ring.done[at] = Some(outcome);
            drop(ring);
            self.done.notify_one();
            if is_over {
                return;
            }
        }
    }

    /// `None` if no more blocks are wanted.
    fn free_lease(&self) -> Option<LeaseOf<S, P>> {
        let mut ring = lock(&self.ring);
        while ring.is_wanted {
            if let Some(lease) = ring.free.pop() {
                return Some(lease);
            }
            ring = self.freed.wait(ring).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Reads the next block and computes its result.
    fn next(
        &self,
        mut lease: LeaseOf<S, P>,
        map: impl Fn(BlockOf<'_, S>) -> T,
    ) -> (usize, Outcome<LeaseOf<S, P>, T>) {
        let (number, filled) = {
            let (filler, next) = &mut *lock(&self.source);
            *next += 1;
            (*next - 1, catch_unwind(AssertUnwindSafe(|| filler.fill(&mut lease))))
        };
        let outcome = match filled {
            Ok(Ok(Some(filled))) => {
                let map = || map(Block::new(&mut lease, filled));
                let result = catch_unwind(AssertUnwindSafe(map));
                result.map(|result| Ok(Some((lease, filled, result))))
            }
            Ok(Ok(None)) => Ok(Ok(None)),
            Ok(Err(error)) => Ok(Err(error)),
            Err(panic) => Err(panic),
        };
        (number, outcome)
    }

    /// What the caller does.
    fn collect(
        &self,
        mut each: impl FnMut(BlockOf<'_, S>, T) -> Result<(), BlockError>,
    ) -> Result<(), BlockError> {
        let mut number = 0;
        loop {
            match self.wait_for(number) {
                Ok(Ok(Some((mut lease, filled, result)))) => {
                    each(Block::new(&mut lease, filled), result)?;
                    lock(&self.ring).free.push(lease);
                    self.freed.notify_one();
                }
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(panic) => resume_unwind(panic),
            }
            number += 1;
        }
    }

    fn wait_for(&self, number: usize) -> Outcome<LeaseOf<S, P>, T> {
        let mut ring = lock(&self.ring);
        let at = number % ring.done.len();
        loop {
            if let Some(outcome) = ring.done[at].take() {
                return outcome;
            }
            ring = self.done.wait(ring).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// However the caller leaves, the threads hear of it.
struct End<'t, S: RowSource, L, T>(&'t Team<S, L, T>);

impl<S: RowSource, L, T> Drop for End<'_, S, L, T> {
    fn drop(&mut self) {
        lock(&self.0.ring).is_wanted = false;
        self.0.freed.notify_all();
    }
}

fn lock<X>(mutex: &Mutex<X>) -> MutexGuard<'_, X> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
