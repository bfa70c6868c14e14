//! Who holds a slot: the source line of its lease, and how often it was leased. Private: written by the guards and read
//! by [`Pool::holders`](super::Pool::holders) and [`Pool::stats`](super::Pool::stats).
//!
//! This file is one of the crate's places for `unsafe`: a source line is stored as one atomic word, so that recording
//! it costs a lease one plain store.
#![expect(unsafe_code, reason = "turns a stored `&'static Location` back into a reference")]

use std::num::NonZeroU32;
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

use super::tally::TallyId;

/// The record of a slot's leases, on a cache line of its own: otherwise threads that hold neighbouring slots would
/// contend for the line at every lease (false sharing).
#[derive(Debug, Default)]
#[repr(align(64))]
pub(crate) struct Holder {
    /// Null before the first lease; left as it is when a lease ends.
    location: AtomicPtr<Location<'static>>,
    leases: AtomicU64,
    /// The tally on which the lease is counted; 0 for none.
    tally: AtomicU32,
}

impl Holder {
    /// Records a new lease. Only the slot's holder calls it, so a load and a store suffice.
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

    /// Records the tally on which the lease is counted. Only the slot's holder calls it, and
    /// [`take_tally`](Holder::take_tally).
    pub(crate) fn set_tally(&self, TallyId(id): TallyId) {
        self.tally.store(id.get(), Ordering::Relaxed);
    }

    /// The tally on which the lease was counted that ends now.
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
