//! Random leases, returns and trims in random shapes, types and threads, against what must hold
//! whatever the order: the budget is never passed, no buffer is held twice, every byte comes back.

use std::collections::HashMap;
use std::sync::Mutex;

use ndarray::{ArrayRef, Dimension, Ix1, Ix2, Ix3};
use ndarray_pool::OwnedLease;
use ndarray_pool::prelude::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    /// Of so many elements in one of six kinds.
    Lease(usize, usize),
    Return(usize),
    Trim,
    Reserve(usize, usize),
    /// A pool beside the arenas, on the same budget.
    Pool(usize),
    DropPools,
}

fn op() -> impl Strategy<Value = Op> {
    let len = || prop_oneof![3 => 0..40_usize, 1 => 1000..4000_usize];
    prop_oneof![
        8 => (len(), 0..6_usize).prop_map(|(len, kind)| Op::Lease(len, kind)),
        6 => any::<usize>().prop_map(Op::Return),
        1 => Just(Op::Trim),
        1 => (len(), 1..4_usize).prop_map(|(len, buffers)| Op::Reserve(len, buffers)),
        1 => len().prop_map(Op::Pool),
        1 => Just(Op::DropPools),
    ]
}

/// A lease of any kind, filled with a number of its own.
enum Held {
    F1(OwnedLease<f64, Ix1>, u16),
    F2(OwnedLease<f64, Ix2>, u16),
    I2(OwnedLease<i32, Ix2>, u16),
    U3(OwnedLease<u16, Ix3>, u16),
}

impl Held {
    fn lease(arena: &Arena, len: usize, kind: usize, stamp: u16) -> Result<Self, PoolError> {
        use ndarray::ShapeBuilder;
        Ok(match kind {
            0 => Held::F1(filled(arena.try_lease(len)?, f64::from(stamp)), stamp),
            1 => Held::F2(filled(arena.try_lease((len, 3))?, f64::from(stamp)), stamp),
            2 => Held::F2(filled(arena.try_lease((len, 3).f())?, f64::from(stamp)), stamp),
            3 => Held::I2(filled(arena.try_lease((2, len))?, i32::from(stamp)), stamp),
            4 => Held::U3(filled(arena.try_lease((len, 1, 2))?, stamp), stamp),
            _ => {
                Held::U3(filled(arena.scope("a").scope("b").try_lease((1, len, 2))?, stamp), stamp)
            }
        })
    }

    /// That nobody else wrote here.
    fn check(&self) {
        match self {
            Held::F1(a, stamp) => assert!(a.iter().all(|x| *x == f64::from(*stamp))),
            Held::F2(a, stamp) => assert!(a.iter().all(|x| *x == f64::from(*stamp))),
            Held::I2(a, stamp) => assert!(a.iter().all(|x| *x == i32::from(*stamp))),
            Held::U3(a, stamp) => assert!(a.iter().all(|x| *x == *stamp)),
        }
    }

    /// Where its elements begin and how many bytes they are.
    fn place(&self) -> (usize, usize) {
        fn of<A, D: Dimension>(a: &ArrayRef<A, D>) -> (usize, usize) {
            (a.as_ptr().addr(), a.len() * size_of::<A>())
        }
        match self {
            Held::F1(a, _) => of(a),
            Held::F2(a, _) => of(a),
            Held::I2(a, _) => of(a),
            Held::U3(a, _) => of(a),
        }
    }
}

fn filled<A: ndarray_pool::Element, D: Dimension>(
    mut lease: OwnedLease<A, D>,
    value: A,
) -> OwnedLease<A, D> {
    lease.fill(value);
    lease
}

/// Where each leased byte range begins, over all threads.
type Places = Mutex<HashMap<usize, usize>>;

fn run(arenas: &[Arena], budget: &Budget, places: &Places, ops: &[Op], thread: u16) {
    let mut held: Vec<Held> = Vec::new();
    let mut pools = Vec::new();
    let give_back = |lease: Held| {
        lease.check();
        let (start, bytes) = lease.place();
        // Taken off the list before it is returned, or another thread might be faster.
        assert!(bytes == 0 || places.lock().unwrap().remove(&start) == Some(bytes));
        drop(lease);
    };
    for (number, op) in ops.iter().enumerate() {
        let arena = &arenas[number % arenas.len()];
        match *op {
            Op::Lease(len, kind) => {
                let stamp = 1000 * thread + number as u16 + 1;
                let Ok(lease) = Held::lease(arena, len, kind, stamp) else { continue };
                let (start, bytes) = lease.place();
                let is_new = bytes == 0 || places.lock().unwrap().insert(start, bytes).is_none();
                assert!(is_new, "a buffer is held twice");
                held.push(lease);
            }
            Op::Return(which) if !held.is_empty() => {
                give_back(held.swap_remove(which % held.len()));
            }
            Op::Return(_) => {}
            Op::Trim => {
                arena.trim();
            }
            Op::Reserve(len, buffers) => {
                let _ = arena.reserve::<f64, _>((len, 3), buffers);
            }
            Op::Pool(len) => {
                let pool = Pool1::<f64>::builder(len).buffers(2).budget(budget).build();
                pools.extend(pool.ok());
            }
            Op::DropPools => pools.clear(),
        }
        assert!(budget.reserved_bytes() <= budget.limit_bytes());
        held.iter().for_each(Held::check);
    }
    held.into_iter().for_each(give_back);
}

/// All ranges that are out, that none overlaps another, and that they are what the arenas say.
fn check_books(arenas: &[Arena], budget: &Budget) {
    for arena in arenas {
        let stats = arena.stats();
        assert_eq!((stats.leased, stats.leased_bytes), (0, 0));
        assert!(stats.reserved_bytes <= budget.reserved_bytes());
        arena.scopes().rows().iter().for_each(|row| assert_eq!(row.current_bytes, 0));
        arena.trim();
        assert_eq!(arena.stats().reserved_bytes, 0);
    }
    assert_eq!(budget.reserved_bytes(), 0, "bytes are left");
    assert!(budget.peak_reserved_bytes() <= budget.limit_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn one_thread_keeps_the_books(
        limit_bytes in prop::sample::select(vec![0_usize, 4096, 50_000, 300_000, 10_000_000]),
        max_idle_bytes in prop::sample::select(vec![0_usize, 10_000, usize::MAX]),
        ops in prop::collection::vec(op(), 0..150),
    ) {
        let budget = Budget::new(limit_bytes);
        let build = || Arena::builder(&budget).max_idle_bytes(max_idle_bytes).build();
        let arenas = [build(), build()];
        run(&arenas, &budget, &Places::default(), &ops, 0);
        check_books(&arenas, &budget);
    }

    #[test]
    fn three_threads_keep_the_books(
        limit_bytes in prop::sample::select(vec![20_000_usize, 300_000, 10_000_000]),
        ops in prop::array::uniform3(prop::collection::vec(op(), 0..100)),
    ) {
        let budget = Budget::new(limit_bytes);
        let arenas = [Arena::new(&budget), Arena::builder(&budget).max_idle_bytes(9000).build()];
        let places = Places::default();
        std::thread::scope(|scope| {
            for (thread, ops) in ops.iter().enumerate() {
                let (arenas, budget, places) = (&arenas, &budget, &places);
                scope.spawn(move || run(arenas, budget, places, ops, thread as u16));
            }
        });
        check_books(&arenas, &budget);
    }
}

/// Without a budget in the way every lease must succeed, and the arena's counts are the model's.
#[test]
fn the_figures_are_those_of_the_leases() {
    let arena = Arena::new(&Budget::unlimited());
    let mut leases = Vec::new();
    let mut bytes = 0;
    for n in 0..200_u16 {
        let lease = Held::lease(&arena, usize::from(n) * 7 % 50, usize::from(n) % 6, n).unwrap();
        bytes += lease.place().1;
        leases.push(lease);
        if n % 3 == 2 {
            let lease = leases.swap_remove(usize::from(n) % leases.len());
            bytes -= lease.place().1;
        }
        let stats = arena.stats();
        assert_eq!((stats.leased, stats.leased_bytes), (leases.len(), bytes));
        assert_eq!(stats.reserved_bytes, arena.budget().reserved_bytes());
    }
}
