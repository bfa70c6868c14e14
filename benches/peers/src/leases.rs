//! What a lease of a buffer of 32 KiB and its return cost, contents aside.
//!
//! The peers do not all do the same. Whether each is sound was judged from its source, at the
//! version in the lock file; the two that are not have a test below which compiles only as long as that is so.
//! (With `Vec<f64>` and these allocators neither goes wrong here.)
//!
//! With two threads both do the same without a pause, and the time is that of one of them.

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crossbeam_queue::ArrayQueue;
use lockfree_object_pool::{LinearObjectPool, MutexObjectPool, SpinLockObjectPool};
use ndarray_pool::prelude::*;
use opool::PoolAllocator;

use crate::rounds::{Effort, machine, median, medians, ratio, version};

const LEN: usize = 4096;
const BUFFERS: usize = 8;

/// One way to get a buffer and to give it back.
struct Peer<'p> {
    name: String,
    is_sound: bool,
    /// In what it is not what `Pool::lease` is.
    differs: &'static str,
    /// Does it so often.
    lease: Box<dyn Fn(u32) + Sync + 'p>,
}

impl<'p> Peer<'p> {
    fn new<R>(
        name: impl Into<String>,
        differs: &'static str,
        lease: impl Fn() -> R + Sync + 'p,
    ) -> Self {
        let lease = move |repeats| {
            for _ in 0..repeats {
                lease(); // and return
            }
        };
        Peer { name: name.into(), is_sound: true, differs, lease: Box::new(lease) }
    }

    fn unsound(self) -> Self {
        Peer { is_sound: false, ..self }
    }
}

struct Vecs;

impl PoolAllocator<Vec<f64>> for Vecs {
    fn allocate(&self) -> Vec<f64> {
        vec![0.0; LEN]
    }
}

pub fn run(effort: Effort) {
    let new = || vec![0.0_f64; LEN];
    let named = |package, what| format!("{package} {}, `{what}`", version(package));

    let ours = Arc::new(Pool1::<f64>::new(LEN, BUFFERS).expect("256 KiB"));
    let queue = ArrayQueue::new(BUFFERS);
    (0..BUFFERS).for_each(|_| queue.push(new()).expect("as long as there are buffers"));
    let stack = Mutex::new(vec![new(); BUFFERS]);
    let object = Arc::new(object_pool::Pool::new(BUFFERS, new));
    let opool = opool::Pool::new_prefilled(BUFFERS, Vecs).to_rc();
    let linear = Arc::new(LinearObjectPool::new(new, |_| {}));
    let spin = SpinLockObjectPool::new(new, |_| {});
    let mutex = MutexObjectPool::new(new, |_| {});
    let sharded = sharded_slab::Pool::<Vec<f64>>::new();

    let borrowed = [
        Peer::new("ndarray-pool, `lease`", "", || black_box(ours.lease().as_ptr())),
        Peer::new(
            named("crossbeam-queue", "ArrayQueue"),
            "no guard; the coldest buffer first",
            || {
                let buffer = queue.pop().expect("a buffer");
                black_box(buffer.as_ptr());
                queue.push(buffer).expect("room for it");
            },
        ),
        Peer::new("std, `Mutex<Vec>`", "no guard", || {
            let buffer = stack.lock().unwrap().pop().expect("a buffer");
            black_box(buffer.as_ptr());
            stack.lock().unwrap().push(buffer);
        }),
        Peer::new(named("object-pool", "try_pull"), "", || {
            black_box(object.try_pull().expect("a buffer").as_ptr())
        }),
        Peer::new(named("opool", "try_get"), "the coldest buffer first", || {
            black_box(opool.try_get().expect("a buffer").as_ptr())
        })
        .unsound(),
        Peer::new(
            named("lockfree-object-pool", "LinearObjectPool"),
            "has no limit: makes 32 buffers more",
            || black_box(linear.pull().as_ptr()),
        )
        .unsound(),
        Peer::new(
            named("lockfree-object-pool", "SpinLockObjectPool"),
            "has no limit; spins",
            || black_box(spin.pull().as_ptr()),
        ),
        Peer::new(named("lockfree-object-pool", "MutexObjectPool"), "has no limit", || {
            black_box(mutex.pull().as_ptr())
        }),
        Peer::new(
            named("sharded-slab", "create` and `clear"),
            "buffers of each thread's own; contents are lost; has no limit",
            || {
                let buffer = sharded.create().expect("memory");
                black_box(buffer.as_ptr());
                let key = buffer.key();
                drop(buffer);
                sharded.clear(key)
            },
        ),
    ];
    let owned = [
        Peer::new("ndarray-pool, `lease_owned`", "", || black_box(ours.lease_owned().as_ptr())),
        Peer::new(named("object-pool", "try_pull_owned"), "", || {
            black_box(object.try_pull_owned().expect("a buffer").as_ptr())
        }),
        Peer::new(named("opool", "try_get_rc"), "the coldest buffer first", || {
            black_box(Arc::clone(&opool).try_get_rc().expect("a buffer").as_ptr())
        })
        .unsound(),
        Peer::new(
            named("lockfree-object-pool", "LinearObjectPool::pull_owned"),
            "has no limit: makes 32 buffers more",
            || black_box(linear.pull_owned().as_ptr()),
        )
        .unsound(),
    ];

    println!("Lease of 32 KiB and return; {BUFFERS} buffers; {}.", machine());
    println!(
        "Median of {} runs, each the median of {} rounds, in which all take turns.\n",
        effort.runs, effort.rounds
    );
    println!(
        "| lease and return | one thread, ns | × ours | two threads, ns | × ours | sound | differs in |"
    );
    println!("|---|---|---|---|---|---|---|");
    print_rows(effort, &borrowed);
    println!("| *guards that own a share of the pool* | | | | | | |");
    print_rows(effort, &owned);
}

/// The rows of some peers, of which the first is ours; and how ours stands to the fastest sound one.
fn print_rows(effort: Effort, peers: &[Peer<'_>]) {
    let [one, two] = [1, 2].map(|threads| {
        medians(effort, peers.len(), |peer, repeats| {
            if threads == 1 { alone(&peers[peer], repeats) } else { beside(&peers[peer], repeats) }
        })
    });
    for (peer, (one_ns, two_ns)) in peers.iter().zip(one.iter().zip(&two)) {
        println!(
            "| {} | {:.1} | {:.2} | {:.1} | {:.2} | {} | {} |",
            peer.name,
            median(one_ns),
            ratio(one_ns, &one[0]),
            median(two_ns),
            ratio(two_ns, &two[0]),
            if peer.is_sound { "yes" } else { "no" },
            peer.differs,
        );
    }
    let best = |times: &[Vec<f64>]| {
        let sound = peers.iter().zip(times).skip(1).filter(|(peer, _)| peer.is_sound);
        sound.map(|(_, ns)| ratio(&times[0], ns)).fold(0.0, f64::max)
    };
    let (one, two) = (best(&one), best(&two));
    println!("| *ours to the fastest sound one* | | {one:.2} | | {two:.2} | | |");
}

/// Nanoseconds for one lease and return.
fn alone(peer: &Peer<'_>, repeats: u32) -> f64 {
    let start = Instant::now();
    (peer.lease)(repeats);
    start.elapsed().as_nanos() as f64 / f64::from(repeats)
}

/// The same while another thread does the same.
fn beside(peer: &Peer<'_>, repeats: u32) -> f64 {
    let (has_begun, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            (peer.lease)(100);
            has_begun.store(true, Ordering::Release);
            while !is_over.load(Ordering::Relaxed) {
                (peer.lease)(100);
            }
        });
        while !has_begun.load(Ordering::Acquire) {
            spin_loop();
        }
        let ns = alone(peer, repeats);
        is_over.store(true, Ordering::Relaxed);
        ns
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;
    use std::sync::MutexGuard;

    use super::*;

    /// An allocator that must stay on its thread.
    struct Counted(Rc<()>);

    impl PoolAllocator<u8> for Counted {
        fn allocate(&self) -> u8 {
            Rc::strong_count(&self.0) as u8
        }
    }

    /// Such a pool can be sent to another thread, and its `Rc` with it.
    #[test]
    fn opool_is_send_whatever_its_allocator_is() {
        fn send<T: Send>() {}
        send::<opool::Pool<Counted, u8>>();
    }

    /// From such a pool another thread gets `&mut T`, by which it can take the `T` out, of a type that
    /// must not leave its thread. (Besides, a page that another thread made is read without Acquire.)
    #[test]
    fn a_linear_pool_is_sync_for_elements_that_are_not_send() {
        fn sync<T: Sync>() {}
        sync::<LinearObjectPool<MutexGuard<'static, ()>>>();
    }

    #[test]
    fn everything_runs() {
        run(Effort::QUICK);
    }
}
