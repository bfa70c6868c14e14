//! Every way in which an arena or a budget says no, the whole text of it, and that nothing is lost.

use ndarray_pool::prelude::*;

use crate::panics::panic_of;

fn panic_message(f: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err();
    *panic.downcast::<String>().expect("a formatted message")
}

#[test]
fn over_budget_names_what_was_asked_and_the_largest_holders() {
    let budget = Budget::new(500_000);
    let pool = Pool2::<f64>::builder((100, 100)).buffers(1).name("state").budget(&budget);
    let _pool = pool.build().unwrap();
    let work = Arena::builder(&budget).name("work").build();
    let other = Arena::new(&budget);
    let solve = work.scope("solve");
    let assembly = solve.scope("assembly");
    let line = line!();
    let _a: Vec<_> = (0..3).map(|_| assembly.lease::<f64, _>((100, 50))).collect();
    let _b = solve.lease::<f32, _>((100, 100));
    let _c = work.lease::<u8, _>(30_000);
    let _d = other.lease::<u8, _>([20_000]);
    let _e = other.lease::<u8, _>(10_000);
    let at = |lines: u32, column: u32| format!("{}:{}:{column}", file!(), line + lines);
    let error = work.try_lease::<f64, _>((300, 100)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "241664 bytes for 1 buffer of shape [300, 100] do not fit into a budget of 500000, of \
             which 311296 are reserved and 301920 leased; the largest holders: \
             scope \"solve/assembly\" 120000 bytes in 3 at {}, \
             pool \"state\" of 1 buffer of shape [100, 100] 81920 bytes at {}:{}:22, \
             scope \"solve\" 40000 bytes at {}, \
             arena \"work\" 30000 bytes at {}, \
             shape [20000] 20000 bytes at {}, and 1 more",
            at(1, 46),
            file!(),
            line - 5,
            at(2, 20),
            at(3, 19),
            at(4, 20),
        )
    );
    assert_eq!(panic_message(|| drop(work.lease::<f64, _>((300, 100)))), error.to_string());
    let PoolError::OverBudget(over) = error else { panic!("{error:?}") };
    assert_eq!(
        (over.asked_bytes(), over.shape(), over.limit_bytes()),
        (241_664, &[300, 100][..], 500_000)
    );
    assert_eq!((over.reserved_bytes(), over.leased_bytes()), (311_296, 301_920));
    assert_eq!(over.holders().len(), 6);
}

#[test]
fn a_zero_budget_gives_nothing_but_empty_arrays() {
    let arena = Arena::new(&Budget::new(0));
    assert_eq!(
        arena.try_lease::<f64, _>((2, 3)).unwrap_err().to_string(),
        "4096 bytes for 1 buffer of shape [2, 3] do not fit into a budget of 0, of which 0 are \
         reserved and 0 leased"
    );
    assert_eq!(arena.lease::<f64, _>((0, 3)).shape(), [0, 3]);
    assert_eq!(arena.budget().reserved_bytes(), 0);
}

#[test]
fn shapes_that_do_not_fit_lose_nothing() {
    let budget = Budget::new(1_000_000);
    let arena = Arena::new(&budget);
    let kept = arena.lease_filled::<f64, _>(1000, 7.0);
    drop(arena.lease::<f64, _>(2000)); // idle
    let (reserved, stats) = (budget.reserved_bytes(), arena.stats());
    for shape in [(usize::MAX, 2), (1 << 61, 1), (usize::MAX, 1)] {
        let error = arena.try_lease::<f64, _>(shape).unwrap_err();
        assert!(matches!(error, PoolError::TooLarge { .. }), "{error:?}");
        assert!(arena.reserve::<f64, _>(shape, 2).is_err());
    }
    assert!(arena.reserve::<f64, _>((1, 1), usize::MAX).is_err());
    let error = arena.try_lease::<f64, _>((1000, 1000)).unwrap_err();
    assert!(matches!(error, PoolError::OverBudget(_)), "{error:?}");
    // What can never fit costs nobody their idle memory.
    assert_eq!((budget.reserved_bytes(), arena.stats()), (reserved, stats));
    assert_eq!(kept.sum(), 7000.0);
    assert_eq!(arena.lease_zeroed::<f64, _>((100, 1000)).len(), 100_000);
}

#[test]
fn a_mapping_that_the_system_refuses_gives_its_bytes_back() {
    let arena = Arena::new(&Budget::unlimited());
    let error = arena.try_lease::<f64, _>((1 << 40, 12)).unwrap_err();
    assert!(matches!(error, PoolError::Refused { os_error: Some(_), .. }), "{error:?}");
    assert_eq!(arena.budget().reserved_bytes(), 0);
    let budget = Budget::unlimited();
    let pool = Pool2::<f64>::builder((1 << 40, 12)).buffers(1).budget(&budget);
    assert!(matches!(pool.build().unwrap_err(), PoolError::Refused { .. }));
    assert_eq!(budget.reserved_bytes(), 0);
    assert_eq!(arena.lease_filled::<f64, _>((10, 10), 1.0).sum(), 100.0);
}

#[test]
fn a_plan_beyond_the_budget_keeps_nothing() {
    let (_, plan) = Arena::dry_run(|arena| {
        drop((arena.lease::<f64, _>((100, 100)), arena.lease::<f64, _>((200, 100))));
    });
    let budget = Budget::new(plan.bytes() - 1);
    assert!(matches!(Arena::from_plan(&plan, &budget).unwrap_err(), PoolError::OverBudget(_)));
    assert_eq!(budget.reserved_bytes(), 0);
    assert!(Arena::from_plan(&plan, &Budget::new(plan.bytes())).is_ok());
}

#[test]
fn leases_that_panic_blame_the_line_that_asked() {
    let arena = Arena::new(&Budget::new(0));
    let (scope, array) = (arena.scope("solve"), ndarray::Array2::<f64>::zeros((2, 2)));
    let inner = scope.scope("assembly");
    let line = line!();
    let leases: [Box<dyn Fn() + '_>; 8] = [
        Box::new(|| drop(arena.lease::<f64, _>((2, 2)))),
        Box::new(|| drop(arena.lease_zeroed::<f64, _>((2, 2)))),
        Box::new(|| drop(arena.lease_filled((2, 2), 1.0))),
        Box::new(|| drop(arena.lease_copy_of(&array))),
        Box::new(|| drop(scope.lease::<f64, _>((2, 2)))),
        Box::new(|| drop(scope.lease_zeroed::<f64, _>((2, 2)))),
        Box::new(|| drop(inner.lease_filled((2, 2), 1.0))),
        Box::new(|| drop(inner.lease_copy_of(&array))),
    ];
    for (number, lease) in (0..).zip(leases) {
        let panic = panic_of(lease);
        assert!(panic.message.starts_with("4096 bytes for 1 buffer of shape [2, 2]"));
        assert_eq!((&*panic.file, panic.line), (file!(), line + 2 + number));
    }
}

#[test]
fn one_byte_is_a_byte() {
    let budget = Budget::new(4096);
    let arena = Arena::new(&budget);
    let _one = arena.lease::<u8, _>([1]);
    let error = arena.try_lease::<u8, _>(5000).unwrap_err().to_string();
    assert!(error.contains("the largest holders: shape [1] 1 byte at "), "{error}");
}
