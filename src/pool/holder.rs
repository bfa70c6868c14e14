//! Who holds a slot: the source line of its lease, and how often it was leased. Private: it is
//! written by the guards and read by [`Pool::holders`](super::Pool::holders) and
//! [`Pool::stats`](super::Pool::stats).
//!
//! This file is one of the crate's rooms for `unsafe`: a source line is kept as one atomic word,
//! so that writing it down costs a lease one plain store.
#![expect(unsafe_code, reason = "turns a stored `&'static Location` back into a reference")]

use std::num::NonZeroU32;
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

use super::tally::TallyId;

/// What is known of a slot's leases. On a cache line of its own: threads that hold neighbouring
/// slots would otherwise take the line from each other at every lease.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(crate) struct Holder {
    /// Null before the first lease; left as it is when a lease ends.
    location: AtomicPtr<Location<'static>>,
    leases: AtomicU64,
    /// For whom the lease is counted; 0 for nobody.
    tally: AtomicU32,
}

impl Holder {
    /// Writes a new lease down. Called by the slot's holder alone, so load and store suffice.
    #[inline]
    pub(crate) fn begin_lease(&self, location: &'static Location<'static>) {
        self.location.store(ptr::from_ref(location).cast_mut(), Ordering::Relaxed);
        self.leases.store(self.leases.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Where the last lease was made; `None` before the first.
    pub(crate) fn location(&self) -> Option<&'static Location<'static>> {
        let location = self.location.load(Ordering::Relaxed);
        // SAFETY: The pointer is null, for which `as_ref` gives `None`, or it was made from a
        // `&'static Location<'static>` in `begin_lease`, the only place that writes it. Such a
        // reference stays valid for ever, a location is never written, and it was fully written
        // before the program started, so no ordering is needed to read it from another thread.
        unsafe { location.as_ref() }
    }

    /// Writes down for whom the lease is counted. Called by the slot's holder alone, as is
    /// [`take_tally`](Holder::take_tally).
    pub(crate) fn set_tally(&self, TallyId(id): TallyId) {
        self.tally.store(id.get(), Ordering::Relaxed);
    }

    /// For whom the lease was counted, which is over.
    #[inline]
    pub(crate) fn take_tally(&self) -> Option<TallyId> {
        let tally = self.tally()?;
        self.tally.store(0, Ordering::Relaxed);
        Some(tally)
    }

    pub(crate) fn tally(&self) -> Option<TallyId> {
        NonZeroU32::new(self.tally.load(Ordering::Relaxed)).map(TallyId)
    }

    /// How many leases the slot has had.
    pub(crate) fn leases(&self) -> u64 {
        self.leases.load(Ordering::Relaxed)
    }
}
