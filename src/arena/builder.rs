//! [`ArenaBuilder`]: the options of an arena.

use std::sync::{Arc, Mutex, Weak};

use super::{Arena, Inner};
use crate::budget::Budget;

/// An arena to be built, from [`Arena::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ArenaBuilder {
    budget: Budget,
    name: Option<Box<str>>,
    max_idle_bytes: usize,
    prefault: bool,
}

impl ArenaBuilder {
    pub(super) fn new(budget: &Budget) -> Self {
        let budget = budget.clone();
        ArenaBuilder { budget, name: None, max_idle_bytes: usize::MAX, prefault: true }
    }

    /// The name of the arena in messages.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into().into_boxed_str());
        self
    }

    /// How much idle memory may stay when the arena grows. Defaults to all that the budget allows.
    ///
    /// With 0, the arena returns all idle memory to the system whenever it has to make a new pool: right for arrays
    /// that are replaced by ever larger ones, whose old shapes never recur.
    pub fn max_idle_bytes(mut self, bytes: usize) -> Self {
        self.max_idle_bytes = bytes;
        self
    }

    /// Whether the pages of a large buffer are touched when it is made. Defaults to `true`.
    pub fn prefault(mut self, prefault: bool) -> Self {
        self.prefault = prefault;
        self
    }

    /// An arena without pools.
    #[must_use]
    pub fn build(self) -> Arena {
        let ArenaBuilder { budget, name, max_idle_bytes, prefault } = self;
        let inner = Arc::new(Inner {
            budget,
            name,
            max_idle_bytes,
            prefault,
            shelves: Mutex::default(),
            tallies: Arc::default(),
        });
        let lender: Weak<Inner> = Arc::downgrade(&inner);
        inner.budget.add_lender(lender);
        Arena { inner, tally: None }
    }
}
