//! Who a lease is counted for: [`Tally`] counts the bytes that are leased under a name, and
//! [`Tallies`] remembers for each slot of a pool which tally its lease is on, until the guard goes.
//! Private: an arena's scopes are made of it, and plain pools have none.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts what is leased for one name, and for all names below it.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) name: Box<str>,
    parent: Option<Arc<Tally>>,
    current_bytes: AtomicUsize,
    peak_bytes: AtomicUsize,
    total_bytes: AtomicU64,
    total_leases: AtomicU64,
}

/// What a tally has counted. Each figure is right for a moment of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) current_bytes: usize,
    pub(crate) peak_bytes: usize,
    pub(crate) total_bytes: u64,
    pub(crate) total_leases: u64,
}

impl Tally {
    pub(crate) fn new(name: &str, parent: Option<Arc<Tally>>) -> Arc<Self> {
        Arc::new(Tally {
            name: name.into(),
            parent,
            current_bytes: AtomicUsize::new(0),
            peak_bytes: AtomicUsize::new(0),
            total_bytes: AtomicU64::new(0),
            total_leases: AtomicU64::new(0),
        })
    }

    /// This tally, the one it is part of, and so on to the outermost.
    fn and_all_above(&self) -> impl Iterator<Item = &Tally> {
        std::iter::successors(Some(self), |tally| tally.parent.as_deref())
    }

    fn begin_lease(&self, bytes: usize) {
        for tally in self.and_all_above() {
            let current_bytes = tally.current_bytes.fetch_add(bytes, Relaxed) + bytes;
            tally.peak_bytes.fetch_max(current_bytes, Relaxed);
            tally.total_bytes.fetch_add(bytes as u64, Relaxed);
            tally.total_leases.fetch_add(1, Relaxed);
        }
    }

    fn end_lease(&self, bytes: usize) {
        for tally in self.and_all_above() {
            tally.current_bytes.fetch_sub(bytes, Relaxed);
        }
    }

    /// `outer/inner`.
    pub(crate) fn path(&self) -> String {
        let mut names: Vec<&str> = self.and_all_above().map(|tally| &*tally.name).collect();
        names.reverse();
        names.join("/")
    }

    pub(crate) fn depth(&self) -> usize {
        self.and_all_above().count() - 1
    }

    /// Whether its parent is this one, or it has none just as this.
    pub(crate) fn is_below(&self, parent: Option<&Arc<Tally>>) -> bool {
        self.parent.as_ref().map(Arc::as_ptr) == parent.map(Arc::as_ptr)
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            current_bytes: self.current_bytes.load(Relaxed),
            peak_bytes: self.peak_bytes.load(Relaxed),
            total_bytes: self.total_bytes.load(Relaxed),
            total_leases: self.total_leases.load(Relaxed),
        }
    }
}

/// For each slot of a pool, the tally its lease is on.
#[derive(Debug)]
pub(crate) struct Tallies {
    slots: Box<[Entry]>,
    bytes_per_buffer: usize,
}

/// Only the holder of the slot writes here; whoever makes a list of holders reads.
#[derive(Debug, Default)]
struct Entry {
    /// Spares leases that are on no tally the lock.
    is_set: AtomicBool,
    tally: Mutex<Option<Arc<Tally>>>,
}

impl Entry {
    fn lock(&self) -> MutexGuard<'_, Option<Arc<Tally>>> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tallies {
    pub(crate) fn new(slots: usize, bytes_per_buffer: usize) -> Self {
        Tallies { slots: (0..slots).map(|_| Entry::default()).collect(), bytes_per_buffer }
    }

    pub(crate) fn begin_lease(&self, slot: usize, tally: &Arc<Tally>) {
        tally.begin_lease(self.bytes_per_buffer);
        *self.slots[slot].lock() = Some(Arc::clone(tally));
        self.slots[slot].is_set.store(true, Relaxed);
    }

    /// Ends what [`begin_lease`](Tallies::begin_lease) began, if it did. Never panics.
    #[inline]
    pub(crate) fn end_lease(&self, slot: usize) {
        if self.slots[slot].is_set.load(Relaxed) {
            self.end_tallied(slot);
        }
    }

    #[cold]
    fn end_tallied(&self, slot: usize) {
        self.slots[slot].is_set.store(false, Relaxed);
        if let Some(tally) = self.slots[slot].lock().take() {
            tally.end_lease(self.bytes_per_buffer);
        }
    }

    pub(crate) fn get(&self, slot: usize) -> Option<Arc<Tally>> {
        self.slots[slot].lock().clone()
    }
}
