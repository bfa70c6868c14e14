//! Random sequences of operations on a pool, against a plain model of it: a list of slots, each
//! free, held or lost, and the one number that its buffer is filled with.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use ndarray::{Axis, s};
use ndarray_pool::prelude::*;
use proptest::prelude::*;

const SHAPE: [usize; 2] = [3, 5];
const SLOT_BYTES: usize = 128; // 120, up to the next cache line

#[derive(Clone, Debug)]
enum Op {
    Lease,
    LeaseUntilExhausted,
    Write(usize),
    Reshape(usize, usize),
    Swap(usize, usize),
    Return(usize),
    Forget(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let which = any::<usize>;
    prop_oneof![
        6 => Just(Op::Lease),
        1 => Just(Op::LeaseUntilExhausted),
        4 => which().prop_map(Op::Write),
        2 => (which(), which()).prop_map(|(g, how)| Op::Reshape(g, how)),
        2 => (which(), which()).prop_map(|(g, h)| Op::Swap(g, h)),
        5 => which().prop_map(Op::Return),
        1 => which().prop_map(Op::Forget),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Free,
    Out,
}

/// What the pool should be: the state and the contents of each slot.
struct Model {
    state: Vec<State>,
    contents: Vec<f64>,
    fill: Option<f64>,
    leases: u64,
    peak: usize,
}

impl Model {
    fn lease(&mut self) -> Option<usize> {
        let slot = self.state.iter().position(|state| *state == State::Free)?;
        self.state[slot] = State::Out;
        self.leases += 1;
        self.peak = self.peak.max(self.out());
        Some(slot)
    }

    fn give_back(&mut self, slot: usize) {
        self.state[slot] = State::Free;
        if let Some(value) = self.fill {
            self.contents[slot] = value;
        }
    }

    fn out(&self) -> usize {
        self.state.iter().filter(|state| **state == State::Out).count()
    }
}

/// A lease and the slot that the model says it is.
struct Held<'p> {
    lease: Lease<'p>,
    slot: usize,
}

/// Runs one round of operations; ends with every lease returned or forgotten.
fn run(pool: &Pool2, base: usize, model: &mut Model, ops: &[Op], stamp: &mut f64) {
    let mut held: Vec<Held<'_>> = Vec::new();
    for op in ops {
        match *op {
            Op::Lease => {
                lease(pool, base, model, &mut held);
            }
            Op::LeaseUntilExhausted => while lease(pool, base, model, &mut held) {},
            Op::Write(which) if !held.is_empty() => {
                let which = which % held.len();
                *stamp += 1.0;
                // Only a whole view fills a whole buffer.
                let Held { lease, slot } = &mut held[which];
                if lease.len() == SHAPE[0] * SHAPE[1] {
                    lease.fill(*stamp);
                    model.contents[*slot] = *stamp;
                }
            }
            Op::Reshape(which, how) if !held.is_empty() => {
                let which = which % held.len();
                let lease = &mut held[which].lease;
                match how % 3 {
                    0 => lease.swap_axes(0, 1),
                    1 => lease.invert_axis(Axis(how / 3 % 2)),
                    _ => lease.slice_collapse(s![..1, ..;2]),
                }
            }
            Op::Swap(one, other) if !held.is_empty() => {
                let (one, other) = (one % held.len(), other % held.len());
                if let Ok([one, other]) = held.get_disjoint_mut([one, other]) {
                    std::mem::swap(&mut one.lease, &mut other.lease);
                    std::mem::swap(&mut one.slot, &mut other.slot);
                }
            }
            Op::Return(which) if !held.is_empty() => {
                let which = which % held.len();
                let Held { lease, slot } = held.swap_remove(which);
                drop(lease);
                model.give_back(slot);
            }
            Op::Forget(which) if !held.is_empty() => {
                let which = which % held.len();
                std::mem::forget(held.swap_remove(which).lease);
            }
            _ => {}
        }
        for Held { lease, slot } in &held {
            assert!(lease.iter().all(|x| *x == model.contents[*slot]), "slot {slot} was disturbed");
        }
        let stats = pool.stats();
        assert_eq!(stats.leased, model.out());
        assert_eq!((stats.peak_leased, stats.total_leases), (model.peak, model.leases));
        assert_eq!(pool.holders().count(), model.out());
    }
    for Held { lease, slot } in held {
        drop(lease);
        model.give_back(slot);
    }
}

fn lease<'p>(pool: &'p Pool2, base: usize, model: &mut Model, held: &mut Vec<Held<'p>>) -> bool {
    match (pool.try_lease(), model.lease()) {
        (Ok(lease), Some(slot)) => {
            assert_eq!(lease.as_ptr().addr(), base + slot * SLOT_BYTES, "the lowest free slot");
            assert_eq!((lease.shape(), lease.strides()), (&SHAPE[..], &[5, 1][..]), "whole again");
            assert!(lease.iter().all(|x| *x == model.contents[slot]), "stale contents");
            held.push(Held { lease, slot });
            true
        }
        (Err(_), None) => false,
        (ours, expected) => panic!("the pool gave {ours:?}, the model {expected:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_pool_behaves_as_its_model(
        buffers in prop::sample::select(vec![1_usize, 2, 3, 63, 64, 65, 128]),
        fill in prop::option::of(Just(-1.0)),
        rounds in prop::collection::vec(prop::collection::vec(op(), 0..60), 1..4),
    ) {
        let mut builder = Pool2::builder(SHAPE).buffers(buffers);
        if let Some(value) = fill {
            builder = builder.fill_on_return(value);
        }
        let mut pool = builder.build().unwrap();
        let base = pool.lease().as_ptr().addr();
        let start = fill.unwrap_or(0.0);
        let (state, contents) = (vec![State::Free; buffers], vec![start; buffers]);
        let mut model = Model { state, contents, fill, leases: 1, peak: 1 };
        let mut stamp = 0.0;
        for ops in rounds {
            run(&pool, base, &mut model, &ops, &mut stamp);
            prop_assert_eq!(pool.reclaim(), model.out());
            for slot in 0..buffers {
                if model.state[slot] == State::Out {
                    model.give_back(slot);
                }
            }
            pool.assert_all_returned();
        }
    }

    /// The order of events is not known here, so the model is what must hold in every order: a
    /// buffer has one holder, who alone writes to it, and nothing is lost but what is forgotten.
    /// Some buffers are handed to the other thread, which returns them.
    #[test]
    fn two_threads_never_hold_one_buffer(
        buffers in prop::sample::select(vec![1_usize, 2, 63, 64, 65]),
        ops in prop::array::uniform2(prop::collection::vec(op(), 0..200)),
    ) {
        let mut pool = Pool2::<f64>::new(SHAPE, buffers).unwrap();
        let base = pool.lease().as_ptr().addr();
        let taken: Vec<AtomicBool> = (0..buffers).map(|_| AtomicBool::new(false)).collect();
        let forgotten = AtomicUsize::new(0);
        {
            let (pool, taken, forgotten) = (&pool, &taken[..], &forgotten);
            let ([send_0, send_1], [receive_0, receive_1]) = two_channels();
            std::thread::scope(|scope| {
                for (thread, ops, send, receive) in
                    [(0, &ops[0], send_1, receive_0), (1, &ops[1], send_0, receive_1)]
                {
                    scope.spawn(move || {
                        let (held, send) = (Vec::new(), Some(send));
                        Worker { pool, base, taken, forgotten, thread, held, send, receive }.run(ops);
                    });
                }
            });
        }
        prop_assert_eq!(pool.stats().leased, forgotten.load(Ordering::Relaxed));
        prop_assert_eq!(pool.reclaim(), forgotten.load(Ordering::Relaxed));
        let all: Vec<_> = std::iter::from_fn(|| pool.try_lease().ok()).collect();
        prop_assert_eq!(all.len(), buffers);
        prop_assert!(all.iter().all(|lease| lease.shape() == SHAPE));
    }
}

/// A lease, its slot, and the number that fills it.
type Stamped<'p> = (Lease<'p>, usize, f64);

fn two_channels<T>() -> ([Sender<T>; 2], [Receiver<T>; 2]) {
    let ((send_0, receive_0), (send_1, receive_1)) = (channel(), channel());
    ([send_0, send_1], [receive_0, receive_1])
}

struct Worker<'p> {
    pool: &'p Pool2,
    base: usize,
    /// For each slot, whether somebody holds it.
    taken: &'p [AtomicBool],
    forgotten: &'p AtomicUsize,
    thread: usize,
    held: Vec<Stamped<'p>>,
    send: Option<Sender<Stamped<'p>>>,
    receive: Receiver<Stamped<'p>>,
}

impl<'p> Worker<'p> {
    fn run(mut self, ops: &[Op]) {
        for (number, op) in ops.iter().enumerate() {
            let len = self.held.len().max(1);
            match *op {
                Op::Lease => {
                    self.lease(number);
                }
                Op::LeaseUntilExhausted => while self.lease(number) {},
                Op::Write(which) => {
                    // Here: handed to the other thread, which sees what was written.
                    if let (Some(given), Some(send)) = (self.take(which), &self.send) {
                        assert!(send.send(given).is_ok(), "the other thread receives to its end");
                    }
                    self.receive.try_iter().for_each(|stamped| self.give_back(stamped));
                }
                Op::Swap(one, other) => {
                    if let Ok([one, other]) = self.held.get_disjoint_mut([one % len, other % len]) {
                        std::mem::swap(one, other);
                    }
                }
                Op::Reshape(which, how) => {
                    if let Some((lease, ..)) = self.held.get_mut(which % len) {
                        match how % 3 {
                            0 => lease.swap_axes(0, 1),
                            1 => lease.invert_axis(Axis(0)),
                            _ => lease.slice_collapse(s![..1, ..;2]),
                        }
                    }
                }
                Op::Return(which) => {
                    if let Some(stamped) = self.take(which) {
                        self.give_back(stamped);
                    }
                }
                Op::Forget(which) => {
                    if let Some((lease, ..)) = self.take(which) {
                        std::mem::forget(lease);
                        self.forgotten.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        }
        for stamped in std::mem::take(&mut self.held) {
            self.give_back(stamped);
        }
        self.send = None; // ends the other thread's list of what comes
        self.receive.iter().for_each(|stamped| self.give_back(stamped));
    }

    fn lease(&mut self, number: usize) -> bool {
        let Ok(mut lease) = self.pool.try_lease() else { return false };
        let slot = (lease.as_ptr().addr() - self.base) / SLOT_BYTES;
        assert!(!self.taken[slot].swap(true, Ordering::Relaxed), "slot {slot} is held twice");
        assert_eq!((lease.shape(), lease.strides()), (&SHAPE[..], &[5, 1][..]), "whole again");
        let stamp = (1000 * self.thread + number) as f64;
        lease.fill(stamp);
        self.held.push((lease, slot, stamp));
        true
    }

    fn take(&mut self, which: usize) -> Option<Stamped<'p>> {
        let len = self.held.len();
        (len > 0).then(|| self.held.swap_remove(which % len))
    }

    fn give_back(&self, (lease, slot, stamp): Stamped<'p>) {
        assert!(lease.iter().all(|x| *x == stamp), "slot {slot} was written by another thread");
        assert!(self.taken[slot].swap(false, Ordering::Relaxed));
        drop(lease);
    }
}
