//! Which slots are free, and who waits for one. Private: it hands out plain numbers, and only the
//! guards of [`lease`](super::lease) may turn a number into memory.
//!
//! One bit is one slot, set while the slot is free. A word holds 63 of them; its highest bit says
//! that somebody waits. The two live in one word on purpose: whoever returns a slot learns from the
//! very instruction that returns it whether there is somebody to wake, so a wake-up cannot be lost
//! between two separate writes and the common return needs no fence.
//!
//! The lowest free bit goes first. That keeps the buffer that was used last, which is the one still
//! in the cache, in use; and it makes the number of slots ever claimed the peak number of leases.

use std::time::{Duration, Instant};

use super::sync::{AtomicU64, Condvar, Mutex, MutexGuard, Ordering};

const SLOTS_PER_WORD: usize = 63;
const SOMEBODY_WAITS: u64 = 1 << 63;

/// A claimed slot. It keeps its word and its bit apart, so that the return need not divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    word: usize,
    bit: u32,
}

impl Slot {
    /// Which of the pool's slots it is, from zero.
    #[inline]
    pub(crate) fn index(self) -> usize {
        self.word * SLOTS_PER_WORD + self.bit as usize
    }

    fn at(index: usize) -> Self {
        Slot { word: index / SLOTS_PER_WORD, bit: (index % SLOTS_PER_WORD) as u32 }
    }
}

/// The free slots of a pool.
#[derive(Debug)]
pub(crate) struct Slots {
    words: Box<[AtomicU64]>,
    len: usize,
    /// How many threads wait. The mark in the words is set while this is not zero.
    waiting: Mutex<usize>,
    returned: Condvar,
}

impl Slots {
    /// All of `len` slots, free. Returns `None` if there is no memory for the bits.
    pub(crate) fn all_free(len: usize) -> Option<Self> {
        let mut words = Vec::new();
        words.try_reserve_exact(len.div_ceil(SLOTS_PER_WORD)).ok()?;
        words.extend((0..len.div_ceil(SLOTS_PER_WORD)).map(|w| AtomicU64::new(full_word(len, w))));
        Some(Slots {
            words: words.into_boxed_slice(),
            len,
            waiting: Mutex::new(0),
            returned: Condvar::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Takes the lowest free slot.
    ///
    /// The words are read one after the other. Still, this finds a slot unless more slots are held
    /// and asked for at once than there are: say it finds none. When it saw the last word full, that
    /// word's holders and this claim were under way. Each of them had seen the word before it full;
    /// at the last of those moments all of them were under way already, and so were the holders
    /// of that word. So on down to the first word, where as many holders as there are slots, and this
    /// claim, are under way at one moment.
    ///
    /// Acquire: whatever the slot's last holder wrote into it happened before this returns.
    #[inline]
    pub(crate) fn claim(&self) -> Option<Slot> {
        for (w, word) in self.words.iter().enumerate() {
            let mut seen = word.load(Ordering::Relaxed);
            while seen & !SOMEBODY_WAITS != 0 {
                let bit = seen.trailing_zeros();
                match word.compare_exchange_weak(
                    seen,
                    seen & !(1 << bit),
                    Ordering::Acquire,
                    Ordering::Relaxed,
                ) {
                    Ok(_) => return Some(Slot { word: w, bit }),
                    Err(now) => seen = now,
                }
            }
        }
        None
    }

    /// Gives a claimed slot back, and wakes one waiter if there is any. Never panics.
    ///
    /// Release: what this holder wrote happens before the next claim of the slot.
    #[inline]
    pub(crate) fn release(&self, slot: Slot) {
        let bit = 1 << slot.bit;
        // The bit is not set, so adding it sets it. x86 adds and tells the old value in one
        // instruction; for `fetch_or` it needs a loop.
        let before = self.words[slot.word].fetch_add(bit, Ordering::Release);
        debug_assert_eq!(before & bit, 0, "{slot:?} was returned twice");
        if before & SOMEBODY_WAITS != 0 {
            self.wake_one();
        }
    }

    /// Takes the lowest free slot, waiting up to `timeout` for another thread to return one.
    pub(crate) fn claim_within(&self, timeout: Duration) -> Option<Slot> {
        if let Some(slot) = self.claim() {
            return Some(slot);
        }
        // A deadline beyond what the clock can express is no deadline.
        let deadline = Instant::now().checked_add(timeout);
        let mut waiting = self.lock();
        *waiting += 1;
        self.mark_waited();
        let claimed = loop {
            // After the mark: a slot that was returned before it is seen here, one returned after
            // it takes the lock, which this thread gives up only inside `wait`.
            if let Some(slot) = self.claim() {
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
        let slot = Slot::at(index);
        // Acquire: a holder that is read after this belongs to the lease seen, to a later one, or to
        // the one just before, because a guard writes its line down after its claim.
        self.words[slot.word].load(Ordering::Acquire) & (1 << slot.bit) == 0
    }

    /// How many slots are leased, each word read at its own moment.
    pub(crate) fn leased(&self) -> usize {
        let free = |word: &AtomicU64| {
            (word.load(Ordering::Relaxed) & !SOMEBODY_WAITS).count_ones() as usize
        };
        self.len - self.words.iter().map(free).sum::<usize>()
    }

    /// Makes every slot free. Nobody can hold or wait for one while this is borrowed uniquely,
    /// unless the holder was forgotten.
    pub(crate) fn release_all(&mut self) {
        for (w, word) in self.words.iter().enumerate() {
            word.store(full_word(self.len, w), Ordering::Relaxed);
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
            word.fetch_or(SOMEBODY_WAITS, Ordering::Relaxed);
        }
    }

    fn unmark_waited(&self) {
        for word in &self.words {
            word.fetch_and(!SOMEBODY_WAITS, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        // No code of a user runs under the lock, so a poisoned count is still right.
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Word `w` of `len` slots that are all free.
fn full_word(len: usize, w: usize) -> u64 {
    let here = (len - w * SLOTS_PER_WORD).min(SLOTS_PER_WORD);
    (1 << here) - 1
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_claimed_once_lowest_first() {
        for len in [1, 2, 62, 63, 64, 65, 126, 127, 128] {
            let slots = Slots::all_free(len).unwrap();
            let claimed: Vec<_> = std::iter::from_fn(|| slots.claim()).map(Slot::index).collect();
            assert_eq!(claimed, (0..len).collect::<Vec<_>>(), "{len} slots");
            assert_eq!(slots.leased(), len);

            for returned in [vec![len - 1], vec![len - 1, 0], vec![len / 2]] {
                let mut sorted = returned.clone();
                sorted.sort_unstable();
                sorted.dedup();
                sorted.iter().for_each(|&index| slots.release(Slot::at(index)));
                let again: Vec<_> = std::iter::from_fn(|| slots.claim()).map(Slot::index).collect();
                assert_eq!(again, sorted, "{len} slots");
            }
        }
    }

    #[test]
    fn a_wait_ends_at_its_deadline_and_leaves_no_mark() {
        let slots = Slots::all_free(1).unwrap();
        assert_eq!(slots.claim(), Some(Slot::at(0)));
        assert_eq!(slots.claim_within(Duration::ZERO), None);
        assert_eq!(slots.claim_within(Duration::from_millis(5)), None);
        assert_eq!(slots.words[0].load(Ordering::Relaxed), 0);
        slots.release(Slot::at(0));
        assert_eq!(slots.claim_within(Duration::MAX), Some(Slot::at(0)));
    }

    #[test]
    fn waiters_in_any_word_are_woken() {
        let slots = Slots::all_free(65).unwrap();
        while slots.claim().is_some() {}
        for slot in [0, 62, 63, 64].map(Slot::at) {
            std::thread::scope(|scope| {
                let waiter = scope.spawn(|| slots.claim_within(Duration::from_secs(60)));
                while slots.words[0].load(Ordering::Relaxed) & SOMEBODY_WAITS == 0 {
                    std::thread::yield_now();
                }
                slots.release(slot);
                assert_eq!(waiter.join().unwrap(), Some(slot));
            });
        }
    }
}

/// Every interleaving and every allowed reordering of small cases, by loom:
/// `RUSTFLAGS="--cfg loom" cargo test --release --lib loom_tests`.
#[cfg(all(test, loom))]
mod loom_tests {
    use loom::sync::Arc;
    use loom::sync::atomic::AtomicUsize;
    use loom::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    /// Slots with one number behind each: what a buffer's contents are to the pool.
    struct Model {
        slots: Slots,
        contents: Vec<AtomicUsize>,
    }

    impl Model {
        /// `len` slots of which all but the last `free` are leased for good.
        fn with_free(len: usize, free: usize) -> Arc<Self> {
            let slots = Slots::all_free(len).unwrap();
            for _ in free..len {
                slots.claim().unwrap();
            }
            let contents = (0..len).map(|_| AtomicUsize::new(0)).collect();
            Arc::new(Model { slots, contents })
        }

        /// One lease: reads the contents and writes the next number. Without an Acquire claim and
        /// a Release return this may read an old number, and the sum at the end is short. Two
        /// holders at once lose a number as well.
        fn use_slot(&self, slot: Slot) {
            let seen = self.contents[slot.index()].load(Ordering::Relaxed);
            thread::yield_now();
            self.contents[slot.index()].store(seen + 1, Ordering::Relaxed);
            self.slots.release(slot);
        }

        fn uses(&self) -> usize {
            self.contents.iter().map(|c| c.load(Ordering::Relaxed)).sum()
        }
    }

    #[test]
    fn claims_exclude_each_other_and_pass_contents_on() {
        for (len, free) in [(1, 1), (2, 2), (65, 1), (65, 3)] {
            loom::model(move || {
                let model = Model::with_free(len, free);
                let threads: Vec<_> = (0..2)
                    .map(|_| {
                        let model = model.clone();
                        thread::spawn(move || {
                            let mut uses = 0;
                            for _ in 0..2 {
                                if let Some(slot) = model.slots.claim() {
                                    model.use_slot(slot);
                                    uses += 1;
                                }
                            }
                            uses
                        })
                    })
                    .collect();
                let uses: usize = threads.into_iter().map(|t| t.join().unwrap()).sum();
                assert_eq!(model.uses(), uses);
                assert_eq!(model.slots.leased(), len - free);
            });
        }
    }

    /// A lost wake-up leaves the waiter asleep for ever, which loom reports as a deadlock.
    #[test]
    fn a_return_wakes_the_waiter() {
        for len in [1, 65] {
            loom::model(move || {
                let model = Model::with_free(len, 1);
                let held = model.slots.claim().unwrap();
                let waiter = {
                    let model = model.clone();
                    thread::spawn(move || {
                        let slot = model.slots.claim_within(LONG).expect("woken with a slot");
                        model.use_slot(slot);
                    })
                };
                model.use_slot(held);
                waiter.join().unwrap();
                assert_eq!(model.uses(), 2);
                assert_eq!(model.slots.leased(), len - 1);
            });
        }
    }

    #[test]
    fn two_waiters_share_one_slot() {
        for len in [1, 65] {
            let mut builder = loom::model::Builder::new();
            builder.preemption_bound = Some(3);
            builder.check(move || {
                let model = Model::with_free(len, 1);
                let held = model.slots.claim().unwrap();
                let waiters: Vec<_> = (0..2)
                    .map(|_| {
                        let model = model.clone();
                        thread::spawn(move || {
                            let slot = model.slots.claim_within(LONG).expect("woken with a slot");
                            model.use_slot(slot);
                        })
                    })
                    .collect();
                model.use_slot(held);
                for waiter in waiters {
                    waiter.join().unwrap();
                }
                assert_eq!(model.uses(), 3);
            });
        }
    }
}
