//! The thread that reads ahead.
//!
//! ```text
//!             free                              full
//!   loop  ── leases ──►  thread: fill, push ── blocks ──►  loop
//! ```
//!
//! Leases go round: the loop gives its last block back as a free lease and takes the oldest full one. Both queues
//! have room for all leases from the start, and waiting is on condition variables, so that nothing is allocated for
//! a block. No code of a user runs under the lock.

use std::collections::VecDeque;
use std::io;
use std::panic::resume_unwind;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::error::BlockError;
use super::filler::{Filled, Filler};
use super::source::RowSource;
use crate::pool::OwnedLease;

/// The loop's end of the two queues. Dropping it ends the thread, after the block that it reads.
pub(super) struct Reader<L> {
    shared: Arc<Shared<L>>,
    /// What the loop has now.
    current: Option<(L, Filled)>,
    thread: Option<JoinHandle<()>>,
    has_failed: bool,
}

struct Shared<L> {
    queues: Mutex<Queues<L>>,
    /// For the thread: there is a free lease, or no need for more.
    freed: Condvar,
    /// For the loop: there is a full block, or there will be no more.
    filled: Condvar,
}

struct Queues<L> {
    free: Vec<L>,
    full: VecDeque<(L, Filled)>,
    /// What the thread said when it ended; an `Ended` that nobody replaced is a panic.
    end: Option<Result<(), BlockError>>,
    is_wanted: bool,
}

impl<L> Shared<L> {
    fn lock(&self) -> MutexGuard<'_, Queues<L>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread with all leases that it may fill.
pub(super) fn start<S>(
    filler: Filler<S>,
    leases: Vec<OwnedLease<S::Elem, S::Dim>>,
) -> io::Result<Reader<OwnedLease<S::Elem, S::Dim>>>
where
    S: RowSource + Send + 'static,
{
    let full = VecDeque::with_capacity(leases.len());
    let queues = Mutex::new(Queues { free: leases, full, end: None, is_wanted: true });
    let shared = Arc::new(Shared { queues, freed: Condvar::new(), filled: Condvar::new() });
    let theirs = Arc::clone(&shared);
    let thread = thread::Builder::new()
        .name("read ahead".into())
        .spawn(move || Work { filler, shared: theirs }.run())?;
    Ok(Reader { shared, current: None, thread: Some(thread), has_failed: false })
}

impl<L> Reader<L> {
    /// The next full block, after the last one was given back.
    pub(super) fn next(&mut self) -> Result<Option<(&mut L, Filled)>, BlockError> {
        if self.has_failed {
            return Err(BlockError::Ended);
        }
        let mut queues = self.shared.lock();
        if let Some((lease, _)) = self.current.take() {
            queues.free.push(lease);
            self.shared.freed.notify_one();
        }
        while queues.full.is_empty() && queues.end.is_none() {
            queues = self.shared.filled.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
        let Some(next) = queues.full.pop_front() else {
            let end = queues.end.replace(Ok(()));
            queues.free.clear();
            drop(queues);
            if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
                self.has_failed = true;
                resume_unwind(panic);
            }
            return match end {
                Some(Err(error)) => {
                    self.has_failed = true;
                    Err(error)
                }
                _ => Ok(None),
            };
        };
        drop(queues);
        let (lease, filled) = self.current.insert(next);
        Ok(Some((lease, *filled)))
    }
}

impl<L> Drop for Reader<L> {
    fn drop(&mut self) {
        self.shared.lock().is_wanted = false;
        self.shared.freed.notify_one();
        if let Some(thread) = self.thread.take() {
            // `next` reports a panic of the thread; once the loop is dropped, nobody needs it.
            let _ = thread.join();
        }
    }
}

/// What runs on the thread.
struct Work<S: RowSource> {
    filler: Filler<S>,
    shared: Arc<Shared<OwnedLease<S::Elem, S::Dim>>>,
}

impl<S: RowSource> Work<S> {
    fn run(mut self) {
        while let Some(mut lease) = self.free_lease() {
            match self.filler.fill(&mut lease) {
                Ok(Some(filled)) => {
                    self.shared.lock().full.push_back((lease, filled));
                    self.shared.filled.notify_one();
                }
                Ok(None) => return self.end(Ok(())),
                Err(error) => return self.end(Err(error)),
            }
        }
    }

    /// `None` if the loop wants no more blocks.
    fn free_lease(&self) -> Option<OwnedLease<S::Elem, S::Dim>> {
        let mut queues = self.shared.lock();
        while queues.is_wanted {
            if let Some(lease) = queues.free.pop() {
                return Some(lease);
            }
            queues = self.shared.freed.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    fn end(&self, end: Result<(), BlockError>) {
        self.shared.lock().end = Some(end);
    }
}

impl<S: RowSource> Drop for Work<S> {
    /// However the thread ends, the loop hears of it.
    fn drop(&mut self) {
        self.shared.lock().end.get_or_insert(Err(BlockError::Ended));
        self.shared.filled.notify_one();
    }
}
