//! Which slots are free, and who waits for one. Private: it hands out plain numbers, and only the guards of
//! [`guard`](super::guard) may turn a number into memory.
//!
//! ```text
//! one word   | returns so far, 31 bits | somebody waits, 1 bit | free slots, 32 bits |
//! ```
//!
//! One bit is one slot, set while the slot is free. Returning a slot is one atomic instruction that changes and reads
//! everything: the slot is free, one more was returned, a waiter has to be woken. So a wake-up cannot be lost between
//! two separate writes, a return without waiters needs no fence, and a search that found nothing can tell whether a
//! slot was returned in the meantime.
//!
//! **The lowest free slot goes first.** That keeps the buffer that was used last, which is still in the cache, in use;
//! and it makes the number of slots ever claimed the peak number of leases.
//!
//! **Contending threads move apart.** A word that two threads write in turn moves from one cache to the other, which
//! takes several times as long as the lease itself. So a pool has more words than its bits need, each on its own cache
//! line. A thread that contended with another one for a slot begins its later searches at another word, its *home*. A
//! thread without contention stays at the lowest word.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::sync::{AtomicU64, Condvar, Mutex, MutexGuard, Ordering};

const SLOTS_PER_WORD: usize = 32;
const FREE: u64 = (1 << SLOTS_PER_WORD) - 1;
const SOMEBODY_WAITS: u64 = 1 << 32;
/// Returns are counted from this bit on. Overflow is harmless: only a change of the count matters.
const ONE_RETURN: u64 = 1 << 33;

/// The number of words of a shared pool, if it has at least as many slots.
const HOMES: usize = 16;

thread_local! {
    /// The home of this thread in every pool, modulo the number of words that are homes.
    static HOME: Cell<usize> = const { Cell::new(0) };
}

/// A claimed slot: its word and its bit, so that the return need not compute them.
///
/// (Both in one number cost 3 ns more: then the address of the return depends on the claim's result.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    word: usize,
    bit: u32,
}

/// The free slots of a pool.
#[derive(Debug)]
pub(crate) struct Slots {
    words: Box<[Word]>,
    /// The number of words that are homes, a power of two, minus one.
    home_mask: usize,
    len: usize,
    /// The number of waiting threads. The mark in the words is set while this is not zero.
    waiting: Mutex<usize>,
    returned: Condvar,
}

/// Some consecutive slots, on a cache line of their own.
#[derive(Debug)]
#[repr(align(64))]
struct Word {
    bits: AtomicU64,
    first_slot: usize,
    slots: usize,
}

impl Slots {
    /// `len` free slots. `None` if there is no memory for the words.
    pub(crate) fn all_free(len: usize) -> Option<Self> {
        Self::in_words(len, 1 << len.clamp(1, HOMES).ilog2())
    }

    /// [`all_free`](Self::all_free) with one home for all threads, so that slots have the same order for all: for pools
    /// that are leased from under a lock.
    pub(crate) fn all_free_in_order(len: usize) -> Option<Self> {
        Self::in_words(len, 1)
    }

    fn in_words(len: usize, homes: usize) -> Option<Self> {
        debug_assert!(homes.is_power_of_two());
        let count = len.div_ceil(SLOTS_PER_WORD).max(homes);
        let mut words = Vec::new();
        words.try_reserve_exact(count).ok()?;
        let mut first_slot = 0;
        words.extend((0..count).map(|w| {
            let slots = len / count + usize::from(w < len % count);
            let word = Word { bits: AtomicU64::new((1 << slots) - 1), first_slot, slots };
            first_slot += slots;
            word
        }));
        Some(Slots {
            words: words.into_boxed_slice(),
            home_mask: homes - 1,
            len,
            waiting: Mutex::new(0),
            returned: Condvar::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Which of the pool's slots it is, from zero.
    #[inline]
    pub(crate) fn index(&self, slot: Slot) -> usize {
        self.words[slot.word].first_slot + slot.bit as usize
    }

    /// Claims the lowest free slot, in the order of words that begins at the thread's home. It finds none only if at
    /// one moment during the call all slots were claimed.
    ///
    /// Acquire: whatever the slot's last holder wrote into it happened before this returns.
    #[inline]
    pub(crate) fn claim(&self) -> Option<Slot> {
        from_home(|home, has_rival| self.claim_from(home, has_rival))
    }

    #[inline]
    fn claim_from(&self, home: usize, has_rival: &mut bool) -> Option<Slot> {
        let first = home & self.home_mask;
        match self.words[first].claim(Ordering::Relaxed, has_rival) {
            Ok(bit) => Some(Slot { word: first, bit }),
            Err(_) => self.claim_anywhere(first).map(|(word, bit)| Slot { word, bit }),
        }
    }

    /// Searches all words, from `first` on.
    ///
    /// A single search is not enough: if a slot is returned to a word that was already searched, and another one is
    /// claimed from a word that was not, the search sees neither, though one slot was free all the time. So an
    /// unsuccessful search is repeated until one of two successive searches finds a slot, or none was returned between
    /// them: then each word was full from the first look at it to the second, and all of them were when the first
    /// search ended.
    #[inline(never)]
    fn claim_anywhere(&self, first: usize) -> Option<(usize, u32)> {
        let mut returns_before = None;
        loop {
            let mut returns = 0_u64;
            for w in (first..self.words.len()).chain(0..first) {
                // Acquire: the second look comes after the first, and sees what happened before the claims
                // that the first one saw.
                match self.words[w].claim(Ordering::Acquire, &mut false) {
                    Ok(bit) => return Some((w, bit)),
                    Err(full) => returns = returns.wrapping_add(full / ONE_RETURN),
                }
            }
            if returns_before == Some(returns) || self.words.len() == 1 {
                return None;
            }
            returns_before = Some(returns);
        }
    }

    /// Returns a claimed slot, and wakes one waiter if there is any. Never panics.
    ///
    /// Release: what this holder wrote happens before the next claim of the slot.
    #[inline]
    pub(crate) fn release(&self, slot: Slot) {
        let bit = 1 << slot.bit;
        // The bit is not set, so adding it sets it.
        let before = self.words[slot.word].bits.fetch_add(bit + ONE_RETURN, Ordering::Release);
        debug_assert_eq!(before & bit, 0, "{slot:?} was returned twice");
        if before & SOMEBODY_WAITS != 0 {
            self.wake_one();
        }
    }

    /// Claims a free slot, waiting up to `timeout` for another thread to return one.
    pub(crate) fn claim_within(&self, timeout: Duration) -> Option<Slot> {
        self.claim_from_within(HOME.get(), timeout)
    }

    fn claim_from_within(&self, home: usize, timeout: Duration) -> Option<Slot> {
        if let Some(slot) = self.claim_from(home, &mut false) {
            return Some(slot);
        }
        // A deadline that the clock cannot represent is none.
        let deadline = Instant::now().checked_add(timeout);
        let mut waiting = self.lock();
        *waiting += 1;
        self.mark_waited();
        let claimed = loop {
            // After the mark: a slot that was returned before it is seen here, one returned after
            // it takes the lock, which this thread gives up only inside `wait`.
            if let Some(slot) = self.claim_from(home, &mut false) {
                break Some(slot);
            }
            let left = match deadline.map(|at| at.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => break None,
                Some(left) => left,
                None => Duration::MAX,
            };
            waiting = match self.returned.wait_timeout(waiting, left) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        };
        *waiting -= 1;
        if *waiting == 0 {
            self.unmark_waited();
        }
        claimed
    }

    pub(crate) fn is_leased(&self, index: usize) -> bool {
        let w = self.words.partition_point(|word| word.first_slot + word.slots <= index);
        let bit = index - self.words[w].first_slot;
        // Acquire: a holder that is read after this belongs to the lease seen, to a later one, or to
        // the one just before, because a guard writes its line down after its claim.
        self.words[w].bits.load(Ordering::Acquire) & (1 << bit) == 0
    }

    /// How many slots are leased, each word read at its own moment.
    pub(crate) fn leased(&self) -> usize {
        let free = |word: &Word| (word.bits.load(Ordering::Relaxed) & FREE).count_ones() as usize;
        self.len - self.words.iter().map(free).sum::<usize>()
    }

    /// Makes every slot free. While this is borrowed uniquely, nobody waits for a slot, and only forgotten guards hold
    /// one.
    pub(crate) fn release_all(&mut self) {
        for word in &self.words {
            word.bits.store((1 << word.slots) - 1, Ordering::Relaxed);
        }
    }

    #[cold]
    fn wake_one(&self) {
        // The lock orders this after a waiter that is between its mark and its wait.
        let _waiting = self.lock();
        self.returned.notify_one();
    }

    fn mark_waited(&self) {
        for word in &self.words {
            word.bits.fetch_or(SOMEBODY_WAITS, Ordering::Relaxed);
        }
    }

    fn unmark_waited(&self) {
        for word in &self.words {
            word.bits.fetch_and(!SOMEBODY_WAITS, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        // No user code runs under the lock, so a poisoned count is still right.
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Runs a search from this thread's home. If it met contention, the next one begins at another home.
#[inline]
fn from_home<R>(search: impl FnOnce(usize, &mut bool) -> R) -> R {
    let home = HOME.get();
    let mut has_rival = false;
    let found = search(home, &mut has_rival);
    if has_rival {
        HOME.set(home.wrapping_add(1));
    }
    found
}

impl Word {
    /// Claims the lowest free slot of this word, and returns its bit; or the word, if none was free. A rival is another
    /// thread that claimed a slot here in the meantime. (A thread that returned a slot is not one: it may be at the
    /// other end of a queue of buffers.)
    #[inline]
    fn claim(&self, load: Ordering, has_rival: &mut bool) -> Result<u32, u64> {
        self.claim_after(self.bits.load(load), load, has_rival)
    }

    /// [`claim`](Self::claim) for a caller that has already loaded the word.
    ///
    /// A claim is a Release, too: a search that sees the word full sees what its holder did before.
    #[inline]
    fn claim_after(&self, mut seen: u64, load: Ordering, has_rival: &mut bool) -> Result<u32, u64> {
        while seen & FREE != 0 {
            let bit = seen.trailing_zeros();
            let without = seen & !(1 << bit);
            // Not the weak form, which may fail without a rival.
            match self.bits.compare_exchange(seen, without, Ordering::AcqRel, load) {
                Ok(_) => return Ok(bit),
                Err(now) => {
                    *has_rival |=
                        now / ONE_RETURN == seen / ONE_RETURN && now & FREE != seen & FREE;
                    seen = now;
                }
            }
        }
        Err(seen)
    }
}

#[cfg(all(test, loom))]
mod loom_tests;

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const LENS: [usize; 12] = [1, 2, 3, 5, 31, 32, 33, 62, 63, 64, 65, 128];

    fn claim_all(slots: &Slots, home: usize) -> Vec<usize> {
        let claim = || slots.claim_from(home, &mut false).map(|slot| slots.index(slot));
        std::iter::from_fn(claim).collect()
    }

    /// The slot of an index, as its holder has it.
    fn slot_at(slots: &Slots, index: usize) -> Slot {
        let word = slots.words.iter().rposition(|word| word.first_slot <= index && word.slots > 0);
        let word = word.unwrap();
        Slot { word, bit: (index - slots.words[word].first_slot) as u32 }
    }

    #[test]
    fn every_slot_is_claimed_once_lowest_first() {
        for len in LENS {
            for slots in [Slots::all_free(len), Slots::all_free_in_order(len)] {
                let slots = slots.unwrap();
                assert_eq!(claim_all(&slots, 0), (0..len).collect::<Vec<_>>(), "{len} slots");
                assert_eq!(slots.leased(), len);

                for returned in [vec![len - 1], vec![len - 1, 0], vec![len / 2]] {
                    let mut sorted = returned.clone();
                    sorted.sort_unstable();
                    sorted.dedup();
                    sorted.iter().for_each(|&index| slots.release(slot_at(&slots, index)));
                    (0..len).for_each(|i| assert_eq!(slots.is_leased(i), !sorted.contains(&i)));
                    assert_eq!(claim_all(&slots, 0), sorted, "{len} slots");
                }
            }
        }
    }

    #[test]
    fn a_search_begins_at_its_home_and_misses_no_slot() {
        for len in LENS {
            for home in [1, 2, 7, 15, 16, usize::MAX] {
                let slots = Slots::all_free(len).unwrap();
                let claimed = claim_all(&slots, home);
                let start = claimed[0];
                assert_eq!(start, slots.words[home & slots.home_mask].first_slot);
                assert!(claimed.into_iter().eq((start..len).chain(0..start)), "{len}, {home}");

                let ordered = Slots::all_free_in_order(len).unwrap();
                assert!(claim_all(&ordered, home).into_iter().eq(0..len));
            }
        }
    }

    /// Simulates contention between the load of a word and the claim: two threads that run at once might never collide
    /// there, and on one processor they do not. (The loom tests go through every interleaving.)
    fn claim_after_another_thread(slots: &Slots, other: impl FnOnce() + Send) -> Option<usize> {
        from_home(|home, has_rival| {
            let word = home & slots.home_mask;
            let seen = slots.words[word].bits.load(Ordering::Relaxed);
            std::thread::scope(|scope| scope.spawn(other).join().unwrap());
            let claimed = slots.words[word].claim_after(seen, Ordering::Relaxed, has_rival);
            claimed.ok().map(|bit| slots.index(Slot { word, bit }))
        })
    }

    #[test]
    fn threads_that_claim_in_one_word_part() {
        // Each in a thread of its own: a home is the thread's.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let slots = Slots::all_free(64).unwrap(); // four in each of 16 words
                let other = || assert_eq!(slots.claim().map(|slot| slots.index(slot)), Some(0));
                assert_eq!(claim_after_another_thread(&slots, other), Some(1));
                assert_eq!(HOME.get(), 1);
                assert_eq!(slots.claim().map(|slot| slots.index(slot)), Some(4), "a word further");
                assert_eq!(HOME.get(), 1, "and there it stays, without a rival");
            });
        });
    }

    #[test]
    fn a_thread_that_returns_a_slot_is_no_rival() {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let slots = Slots::all_free(64).unwrap();
                let held = slots.claim().unwrap();
                let other = || slots.release(held);
                assert_eq!(claim_after_another_thread(&slots, other), Some(0));
                assert_eq!(HOME.get(), 0);
                let nothing = || {};
                assert_eq!(claim_after_another_thread(&slots, nothing), Some(1));
                assert_eq!(HOME.get(), 0);
            });
        });
    }

    #[test]
    fn counting_returns_beyond_what_a_word_can_hold_disturbs_nothing() {
        let slots = Slots::all_free(2).unwrap();
        slots.words[0].bits.fetch_or(!(FREE | SOMEBODY_WAITS), Ordering::Relaxed);
        let slot = slots.claim().unwrap();
        slots.release(slot);
        assert_eq!(slots.words[0].bits.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_wait_ends_at_its_deadline_and_leaves_no_mark() {
        let slots = Slots::all_free(1).unwrap();
        let slot = slots.claim();
        assert_eq!(slots.claim_within(Duration::ZERO), None);
        assert_eq!(slots.claim_within(Duration::from_millis(5)), None);
        assert_eq!(slots.words[0].bits.load(Ordering::Relaxed), 0);
        slots.release(slot.unwrap());
        assert_eq!(slots.claim_within(Duration::MAX), slot);
    }

    #[test]
    fn waiters_are_woken_by_a_return_to_any_word() {
        let slots = Slots::all_free(65).unwrap();
        while slots.claim().is_some() {}
        for slot in [0, 4, 5, 63, 64].map(|index| slot_at(&slots, index)) {
            std::thread::scope(|scope| {
                let waiter = scope.spawn(|| slots.claim_within(Duration::from_secs(60)));
                let is_waiting =
                    || slots.words[0].bits.load(Ordering::Relaxed) & SOMEBODY_WAITS != 0;
                while !is_waiting() && !waiter.is_finished() {
                    std::thread::yield_now();
                }
                slots.release(slot);
                assert_eq!(waiter.join().unwrap(), Some(slot));
            });
        }
    }
}
