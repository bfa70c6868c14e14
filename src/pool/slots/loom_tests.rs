//! Every interleaving and every allowed reordering of small cases, by loom:
//! `RUSTFLAGS="--cfg loom" cargo test --lib loom_tests`.
//!
//! Homes are given here and not kept in a thread-local, which loom would not reset.

use std::sync::atomic::AtomicBool;

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
    /// `len` slots in so many words, of which all but the last `free` are leased for good.
    fn with_free(len: usize, words: usize, free: usize) -> Arc<Self> {
        let slots = Slots::in_words(len, words).unwrap();
        for _ in free..len {
            slots.claim_from(0, &mut false).unwrap();
        }
        let contents = (0..len).map(|_| AtomicUsize::new(0)).collect();
        Arc::new(Model { slots, contents })
    }

    fn claim(&self, home: usize) -> Option<Slot> {
        self.slots.claim_from(home, &mut false)
    }

    /// One lease: reads the contents and writes the next number. Without an Acquire claim and
    /// a Release return this may read an old number, and the sum at the end is short. Two
    /// holders at once lose a number as well.
    fn use_slot(&self, slot: Slot) {
        let index = self.slots.index(slot);
        let seen = self.contents[index].load(Ordering::Relaxed);
        self.contents[index].store(seen + 1, Ordering::Relaxed);
        self.slots.release(slot);
    }

    fn uses(&self) -> usize {
        self.contents.iter().map(|c| c.load(Ordering::Relaxed)).sum()
    }
}

/// Checks a model in all interleavings, or in those that interrupt threads at most so often.
fn check(preemptions: Option<usize>, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.check(model);
}

#[test]
fn claims_exclude_each_other_and_pass_contents_on() {
    for (len, words, free) in [(1, 1, 1), (2, 1, 2), (3, 2, 1), (2, 2, 2), (3, 2, 3)] {
        check(if words == 1 { None } else { Some(3) }, move || {
            let model = Model::with_free(len, words, free);
            let threads: Vec<_> = (0..2)
                .map(|home| {
                    let model = model.clone();
                    thread::spawn(move || {
                        let mut uses = 0;
                        for _ in 0..2 {
                            if let Some(slot) = model.claim(home) {
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

/// One thread goes from slot to slot while another one searches. At no moment both slots are out, so the
/// search must end with one, even if it looks for the mover twice and finds it in its way each time.
#[test]
fn a_claim_fails_only_if_all_slots_are_out_at_once() {
    for moves in [1, 3] {
        check(None, move || {
            let slots = Arc::new(Slots::in_words(2, 2).unwrap());
            let mut held = slots.claim_from(0, &mut false).unwrap();
            let mover = {
                let slots = slots.clone();
                thread::spawn(move || {
                    for home in (0..moves).map(|n| 1 - n % 2) {
                        slots.release(held);
                        let slot = slots.claim_from(home, &mut false);
                        held = slot.expect("two slots for two threads");
                    }
                })
            };
            slots.claim_from(0, &mut false).expect("two slots for two threads");
            mover.join().unwrap();
        });
    }
}

#[test]
fn who_claims_is_a_rival_and_who_returns_is_none() {
    for is_claim in [true, false] {
        let had_rival = std::sync::Arc::new(AtomicBool::new(false));
        let seen = had_rival.clone();
        check(None, move || {
            let model = Model::with_free(3, 1, 3);
            let held = model.claim(0).unwrap();
            let other = {
                let model = model.clone();
                thread::spawn(move || match is_claim {
                    true => drop(model.claim(0).unwrap()),
                    false => model.use_slot(held),
                })
            };
            let mut has_rival = false;
            model.slots.claim_from(0, &mut has_rival).unwrap();
            seen.fetch_or(has_rival, std::sync::atomic::Ordering::Relaxed);
            other.join().unwrap();
        });
        assert_eq!(had_rival.load(std::sync::atomic::Ordering::Relaxed), is_claim);
    }
}

/// A lost wake-up leaves the waiter asleep for ever, which loom reports as a deadlock.
#[test]
fn a_return_wakes_the_waiter() {
    for (len, words) in [(1, 1), (2, 2)] {
        for home in 0..words {
            check(None, move || {
                let model = Model::with_free(len, words, 1);
                let held = model.claim(0).unwrap();
                let waiter = {
                    let model = model.clone();
                    thread::spawn(move || {
                        let slot = model.slots.claim_from_within(home, LONG);
                        model.use_slot(slot.expect("woken with a slot"));
                    })
                };
                model.use_slot(held);
                waiter.join().unwrap();
                assert_eq!(model.uses(), 2);
                assert_eq!(model.slots.leased(), len - 1);
            });
        }
    }
}

#[test]
fn two_waiters_share_one_slot() {
    for (len, words, preemptions) in [(1, 1, 3), (2, 2, 2)] {
        check(Some(preemptions), move || {
            let model = Model::with_free(len, words, 1);
            let held = model.claim(0).unwrap();
            let waiters: Vec<_> = (0..2)
                .map(|home| {
                    let model = model.clone();
                    thread::spawn(move || {
                        let slot = model.slots.claim_from_within(home, LONG);
                        model.use_slot(slot.expect("woken with a slot"));
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
