//! Two leases a task, in rayon's pools of several sizes: how many buffers are enough, and what must not wait.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ndarray::{Array1, ArrayRef1};
use ndarray_pool::prelude::*;
use rayon::prelude::*;

const THREADS: [usize; 4] = [1, 2, 4, 8];
const TASKS: u32 = 2000;
/// If a test waits so long, it has failed.
const LONG: Duration = Duration::from_secs(60);

fn team(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// What a task does with its two buffers: 3 × 16 × task.
fn compute(task: u32, a: &mut ArrayRef1<f64>, b: &mut ArrayRef1<f64>) -> f64 {
    a.fill(f64::from(task));
    if task.is_multiple_of(3) {
        thread::yield_now();
    }
    map_into(a, b, |x| 2.0 * x);
    add_inplace(a, b);
    a.sum()
}

/// The sum over all tasks.
fn expected() -> f64 {
    48.0 * f64::from(TASKS * (TASKS - 1) / 2)
}

#[test]
fn with_two_buffers_for_each_thread_two_leases_a_task_never_wait() {
    for threads in THREADS {
        let pool = Pool1::<f64>::new(16, 2 * threads).unwrap();
        team(threads).install(|| {
            let tasks = (0..TASKS).into_par_iter();
            let sum: f64 =
                tasks.map(|task| compute(task, &mut pool.lease(), &mut pool.lease())).sum();
            assert_eq!(sum, expected());
            let tasks = (0..TASKS).into_par_iter();
            let leases = || (pool.lease(), pool.lease());
            let sum: f64 = tasks.map_init(leases, |(a, b), task| compute(task, a, b)).sum();
            assert_eq!(sum, expected());
        });
        pool.assert_all_returned();
    }
}

#[test]
fn one_after_the_other_two_leases_need_one_buffer_more_than_threads() {
    for threads in THREADS {
        let pool = Pool1::<f64>::new(16, threads + 1).unwrap();
        team(threads).install(|| {
            let work = |task| {
                let mut a = pool.lease_timeout(LONG)?;
                thread::yield_now(); // let all others take their first
                let mut b = pool.lease_timeout(LONG)?;
                Ok(compute(task, &mut a, &mut b))
            };
            let sum: Result<f64, PoolError> = (0..TASKS).into_par_iter().map(work).sum();
            assert_eq!(sum.unwrap(), expected());
        });
        pool.assert_all_returned();
    }
}

/// With as many buffers as threads, each holds one and waits for the other's.
#[test]
fn with_one_buffer_less_they_wait_for_each_other() {
    let pool = Pool1::<f64>::new(16, 2).unwrap();
    let held = std::sync::Barrier::new(2);
    let work = || {
        let _first = pool.lease();
        held.wait();
        let second = pool.lease_timeout(Duration::from_millis(20)).map(drop);
        held.wait();
        second.is_ok()
    };
    let (one, other) = team(2).install(|| rayon::join(work, work));
    assert!(!one && !other);
}

#[test]
fn taken_in_turn_two_leases_need_two_buffers() {
    for threads in THREADS {
        let pool = Pool1::<f64>::new(16, 2).unwrap();
        let turn = Mutex::new(());
        team(threads).install(|| {
            let work = |task| {
                let (mut a, mut b) = {
                    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
                    (pool.lease_timeout(LONG)?, pool.lease_timeout(LONG)?)
                };
                Ok(compute(task, &mut a, &mut b))
            };
            let sum: Result<f64, PoolError> = (0..TASKS).into_par_iter().map(work).sum();
            assert_eq!(sum.unwrap(), expected());
        });
        pool.assert_all_returned();
    }
}

/// A task of two threads that holds its leases while it waits for rayon: it is given another such task, and so on.
///
/// Whoever waits here for the other thread gets on: `has_begun` is set there by a task that nobody else can run.
fn nest(pool: &Pool1<f64>, depth: usize, found: &Mutex<Vec<bool>>) {
    let leases = pool.try_lease().and_then(|a| Ok((a, pool.try_lease()?)));
    found.lock().unwrap().push(leases.is_ok());
    if depth == 0 {
        return;
    }
    let (is_stolen, has_begun) = (AtomicBool::new(false), AtomicBool::new(false));
    rayon::scope(|scope| {
        rayon::join(
            || {
                spin_until(&is_stolen);
                // The other thread is busy: this one runs it, while it waits for the other.
                scope.spawn(|_| {
                    has_begun.store(true, SeqCst);
                    nest(pool, depth - 1, found);
                });
            },
            || {
                is_stolen.store(true, SeqCst);
                spin_until(&has_begun);
            },
        );
    });
    drop(leases);
}

fn spin_until(flag: &AtomicBool) {
    while !flag.load(SeqCst) {
        thread::yield_now();
    }
}

#[test]
fn a_task_that_calls_rayon_while_it_holds_leases_needs_more_than_that() {
    let pool = Pool1::<f64>::new(16, 4).unwrap();
    let found = Mutex::new(Vec::new());
    team(2).install(|| nest(&pool, 3, &found));
    assert_eq!(found.into_inner().unwrap(), [true, true, false, false]);
    pool.assert_all_returned();
}

/// Tasks that hold their leases across a call of rayon, and do without when there are none.
#[test]
fn nested_tasks_end_if_they_can_do_without_a_lease() {
    for threads in THREADS {
        let pool = Pool1::<f64>::new(16, 2 * threads).unwrap();
        let work = |task| {
            let on = |a: &mut ArrayRef1<f64>, b: &mut ArrayRef1<f64>| {
                let small = || (0..8).into_par_iter().map(f64::from).sum::<f64>();
                let (inner, ours) = rayon::join(small, || compute(task, a, b));
                inner - 28.0 + ours
            };
            match (pool.try_lease(), pool.try_lease()) {
                (Ok(mut a), Ok(mut b)) => on(&mut a, &mut b),
                _ => on(&mut Array1::zeros(16), &mut Array1::zeros(16)),
            }
        };
        let sum: f64 = team(threads).install(|| (0..TASKS).into_par_iter().map(work).sum());
        assert_eq!(sum, expected());
        pool.assert_all_returned();
    }
}

/// Several threads touch a pool of this size. If they were rayon's, the task that waits for them might be given another
/// one, which would wait for the lock that it holds itself.
#[test]
fn a_large_pool_can_be_built_in_a_task_under_a_lock() {
    let pool = LazyLock::new(|| Pool1::<f64>::new(1 << 20, 32).unwrap());
    let sum: f64 = team(4).install(|| {
        let tasks = (0..200).into_par_iter().with_max_len(1);
        tasks.map(|task| f64::from(task) + pool.lease()[(1 << 20) - 1]).sum()
    });
    assert_eq!(sum, 19_900.0);
}
