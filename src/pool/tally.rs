//! Tallies: counts of leased bytes under the names of an arena's scopes.
//!
//! A slot remembers the number of the tally on which its lease is counted (see [`holder`](super::holder)). Private: the
//! scopes of an arena are built on it, and plain pools have none.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The number of a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TallyId(pub(super) NonZeroU32);

/// All tallies of an arena. Tallies are only ever added, so that the end of a lease finds its own without a lock: page
/// *p* has room for 16 · 2^*p* of them, and a page never moves.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    pages: [OnceLock<Box<[OnceLock<Tally>]>>; PAGES],
    /// The children: first those without a parent, then those of each tally in turn. Each list is sorted by name.
    below: Mutex<Vec<Vec<TallyId>>>,
}

const PAGES: usize = 28;
const FIRST_PAGE_LEN: u32 = 16;

/// Counts what is leased for one name, and for all names below it.
///
/// Leases begin under the lock of the arena, so the counters of beginnings are changed by a load and a store. They end
/// anywhere; one atomic counter is for that.
#[derive(Debug)]
struct Tally {
    name: Box<str>,
    parent: Option<TallyId>,
    depth: usize,
    begun_leases: AtomicU64,
    begun_bytes: AtomicU64,
    ended_bytes: AtomicU64,
    peak_bytes: AtomicUsize,
}

/// The counts of a tally. Each figure is right for a moment of its own.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    pub(crate) id: TallyId,
    pub(crate) parent: Option<TallyId>,
    pub(crate) name: String,
    pub(crate) depth: usize,
    pub(crate) current_bytes: usize,
    pub(crate) peak_bytes: usize,
    pub(crate) total_bytes: u64,
    pub(crate) total_leases: u64,
}

impl Tallies {
    /// The tally of a name below another one, a new one if there is none yet.
    pub(crate) fn open(&self, name: &str, parent: Option<TallyId>) -> TallyId {
        let mut below = self.below();
        if below.is_empty() {
            below.push(Vec::new());
        }
        let list = parent.map_or(0, |TallyId(id)| id.get() as usize);
        let found = below[list].binary_search_by(|&id| (*self.get(id).name).cmp(name));
        let at_name = match found {
            Ok(at) => return below[list][at],
            Err(at) => at,
        };
        let number = u32::try_from(below.len()).ok().and_then(NonZeroU32::new);
        let id = TallyId(number.expect("fewer than four billion scopes"));
        let (page, at) = place(id);
        let page = self.pages[page]
            .get_or_init(|| (0..FIRST_PAGE_LEN << page).map(|_| OnceLock::new()).collect());
        page[at].get_or_init(|| Tally {
            name: name.into(),
            parent,
            depth: parent.map_or(0, |parent| self.get(parent).depth + 1),
            begun_leases: AtomicU64::new(0),
            begun_bytes: AtomicU64::new(0),
            ended_bytes: AtomicU64::new(0),
            peak_bytes: AtomicUsize::new(0),
        });
        below[list].insert(at_name, id);
        below.push(Vec::new());
        id
    }

    fn below(&self) -> MutexGuard<'_, Vec<Vec<TallyId>>> {
        // No user code runs under the lock, so what a poisoned one guards is intact.
        self.below.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a lease for a name and for its parents. Called under the lock of the arena.
    pub(super) fn begin_lease(&self, id: TallyId, bytes: usize) {
        for tally in self.and_all_above(id) {
            let begun_bytes = tally.begun_bytes.load(Relaxed) + bytes as u64;
            let current_bytes = (begun_bytes - tally.ended_bytes.load(Relaxed)) as usize;
            tally.begun_bytes.store(begun_bytes, Relaxed);
            tally.begun_leases.store(tally.begun_leases.load(Relaxed) + 1, Relaxed);
            if current_bytes > tally.peak_bytes.load(Relaxed) {
                tally.peak_bytes.store(current_bytes, Relaxed);
            }
        }
    }

    /// Ends what [`begin_lease`](Tallies::begin_lease) began.
    pub(super) fn end_lease(&self, id: TallyId, bytes: usize) {
        for tally in self.and_all_above(id) {
            tally.ended_bytes.fetch_add(bytes as u64, Relaxed);
        }
    }

    /// `outer/inner`.
    pub(crate) fn path(&self, id: TallyId) -> String {
        let mut names: Vec<&str> = self.and_all_above(id).map(|tally| &*tally.name).collect();
        names.reverse();
        names.join("/")
    }

    pub(crate) fn counts(&self, id: TallyId) -> Counts {
        let tally = self.get(id);
        // Ends are read first: the beginning of every lease whose end is counted here is counted below.
        let ended_bytes = tally.ended_bytes.load(Relaxed);
        let total_bytes = tally.begun_bytes.load(Relaxed);
        Counts {
            id,
            parent: tally.parent,
            name: tally.name.to_string(),
            depth: tally.depth,
            current_bytes: total_bytes.saturating_sub(ended_bytes) as usize,
            peak_bytes: tally.peak_bytes.load(Relaxed),
            total_bytes,
            total_leases: tally.begun_leases.load(Relaxed),
        }
    }

    /// The counts of all, in the order in which they were opened.
    pub(crate) fn all(&self) -> Vec<Counts> {
        let len = self.below().len().saturating_sub(1);
        ids(len as u32).map(|id| self.counts(id)).collect()
    }

    /// This tally, its parent, and so on to the outermost.
    fn and_all_above(&self, id: TallyId) -> impl Iterator<Item = &Tally> {
        let above = |tally: &&Tally| Some(self.get(tally.parent?));
        std::iter::successors(Some(self.get(id)), above)
    }

    #[inline]
    fn get(&self, id: TallyId) -> &Tally {
        let (page, at) = place(id);
        let page = self.pages[page].get();
        page.and_then(|page| page[at].get()).expect("ids are given out for tallies that are there")
    }
}

fn ids(len: u32) -> impl Iterator<Item = TallyId> {
    (1..=len).filter_map(NonZeroU32::new).map(TallyId)
}

/// The page of a tally, and its position there.
#[inline]
fn place(TallyId(id): TallyId) -> (usize, usize) {
    let number = id.get() - 1 + FIRST_PAGE_LEN;
    let page = (number / FIRST_PAGE_LEN).ilog2();
    (page as usize, (number - (FIRST_PAGE_LEN << page)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tally_has_a_place_of_its_own() {
        let places: Vec<_> = ids(16 + 32 + 64).map(place).collect();
        let pages = (0..3).flat_map(|page| (0..16 << page).map(move |at| (page, at)));
        assert!(places.into_iter().eq(pages));
        let last = NonZeroU32::new(u32::MAX - FIRST_PAGE_LEN + 1).unwrap();
        assert_eq!(place(TallyId(last)), (PAGES - 1, (16 << 27) - 1));
    }

    #[test]
    fn a_name_is_opened_once_below_each_other() {
        let tallies = Tallies::default();
        let outer: Vec<_> = (0..100).map(|n| tallies.open(&n.to_string(), None)).collect();
        let inner = tallies.open("7", Some(outer[7]));
        assert_eq!(tallies.path(inner), "7/7");
        assert_eq!(tallies.open("7", None), outer[7]);
        assert_eq!(tallies.open("7", Some(outer[7])), inner);
        assert_eq!(tallies.all().len(), 101);
        tallies.begin_lease(inner, 10);
        tallies.begin_lease(outer[7], 5);
        tallies.end_lease(inner, 10);
        tallies.begin_lease(inner, 2);
        let figures = |id| {
            let counts = tallies.counts(id);
            (counts.current_bytes, counts.peak_bytes, counts.total_bytes, counts.total_leases)
        };
        assert_eq!(figures(inner), (2, 10, 12, 2));
        assert_eq!(figures(outer[7]), (7, 15, 17, 3));
        assert_eq!(figures(outer[8]), (0, 0, 0, 0));
    }
}
