//! How an arena returns idle memory: by itself, and when its budget is needed elsewhere. Private: it adds methods to
//! `Inner` and no names.
//!
//! One pass over all pools finds what has to go, and a second one takes it off the shelves, however many pools there
//! are; it is unmapped without holding the lock.

use std::panic::Location;

use super::{ArenaStats, Inner};
use crate::budget::{Lender, newest_of};

impl Inner {
    /// Returns idle pools to the system, the least recently used first, until at most `max_idle_bytes` are idle.
    pub(super) fn trim_to(&self, max_idle_bytes: usize) -> usize {
        if max_idle_bytes == usize::MAX {
            return 0;
        }
        let taken = {
            let mut shelves = self.lock();
            let mut idle = Vec::new();
            shelves.each_idle(|stamp, bytes| idle.push((stamp, bytes)));
            let all_bytes: usize = idle.iter().map(|(_, bytes)| bytes).sum();
            match newest_of(&mut idle, all_bytes.saturating_sub(max_idle_bytes)) {
                Some(stamp) => shelves.take_idle(stamp),
                None => Vec::new(),
            }
        };
        taken.iter().map(|idle| idle.bytes).sum() // unmapped here, without holding the lock
    }
}

impl Lender for Inner {
    fn each_idle(&self, tell: &mut dyn FnMut(u64, usize)) {
        self.lock().each_idle(tell);
    }

    fn give_back(&self, stamp: u64) {
        let taken = self.lock().take_idle(stamp);
        drop(taken); // unmapped here, without holding the lock
    }

    fn leased_bytes(&self) -> usize {
        ArenaStats::leased_bytes_of(&self.lock())
    }

    fn tell_holders(&self, tell: &mut dyn FnMut(String, usize, &'static Location<'static>)) {
        self.lock().each_pool(|pool, _| {
            let bytes = pool.figures().bytes_per_buffer;
            pool.each_lease(&mut |at, tally| {
                let name = match (tally, &self.name) {
                    (Some(tally), _) => format!("scope {:?}", self.tallies.path(tally)),
                    (None, Some(name)) => format!("arena {name:?}"),
                    (None, None) => format!("shape {:?}", pool.shape()),
                };
                tell(name, bytes, at);
            });
        });
    }
}
