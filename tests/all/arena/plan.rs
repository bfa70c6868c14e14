//! Dry runs, their plans, and arenas that are built from them.

use ndarray::ShapeBuilder;
use ndarray_pool::Plan;
use ndarray_pool::prelude::*;

fn program(arena: &Arena) {
    let a = arena.lease_filled::<f64, _>((100, 100), 1.0);
    for pass in 0..3 {
        let b: Vec<_> = (0..=pass).map(|_| arena.lease_copy_of(&a)).collect();
        let small = arena.lease_zeroed::<u8, _>((3, 4).f());
        assert_eq!((b[pass].sum(), small.len()), (10_000.0, 12));
    }
    drop(arena.lease::<[f32; 4], _>([5]));
}

#[test]
fn a_dry_run_tells_the_peak_of_each_shape() {
    let ((), plan) = Arena::dry_run(program);
    assert_eq!(
        plan.to_string(),
        "\
element   shape       order  leases       bytes
[f32; 4]  [5]             C       1          80
f64       [100, 100]      C       4      320000
u8        [3, 4]          F       1          12
total, in whole pages                    331776
"
    );
    assert_eq!(plan.bytes(), 331_776);
    assert_eq!(Plan::default().bytes(), 0);
}

#[test]
fn an_arena_from_a_plan_maps_no_more_and_lacks_nothing() {
    let ((), plan) = Arena::dry_run(program);
    let budget = Budget::new(plan.bytes());
    let arena = Arena::from_plan(&plan, &budget).unwrap();
    let before = arena.stats();
    assert_eq!((before.pools, before.buffers, before.reserved_bytes), (3, 6, plan.bytes()));
    program(&arena);
    let after = arena.stats();
    assert_eq!((after.pools, after.reserved_bytes), (3, plan.bytes()));
    assert_eq!(arena.plan(), plan);
    // A shape that nobody planned makes room by what is idle.
    assert_eq!(arena.lease_zeroed::<f64, _>((10, 20)).len(), 200);
    drop(arena);
    assert_eq!(budget.reserved_bytes(), 0);
}

#[test]
fn planned_memory_that_nobody_leased_can_be_trimmed() {
    let ((), plan) = Arena::dry_run(program);
    let arena = Arena::from_plan(&plan, &Budget::unlimited()).unwrap();
    let kept = arena.lease::<f64, _>((100, 100));
    assert_eq!(arena.trim(), 8192);
    assert_eq!(arena.budget().reserved_bytes(), 323_584);
    assert_eq!(kept.sum(), 0.0);
}

#[cfg(feature = "serde")]
#[test]
fn a_plan_is_saved_and_loaded() {
    let ((), plan) = Arena::dry_run(program);
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    // One that was tampered with is refused or of no use, and never wrong.
    for (from, to) in
        [("\"element_align\":8", "\"element_align\":3"), ("100,100", "100,1844674407370955161")]
    {
        let tampered: Plan = serde_json::from_str(&text.replace(from, to)).unwrap();
        assert!(matches!(
            Arena::from_plan(&tampered, &Budget::unlimited()).unwrap_err(),
            PoolError::TooLarge { .. }
        ));
    }
    let text = text.replace("\"element_bytes\":8", "\"element_bytes\":4");
    let tampered: Plan = serde_json::from_str(&text).unwrap();
    let arena = Arena::from_plan(&tampered, &Budget::unlimited()).unwrap();
    program(&arena);
}
