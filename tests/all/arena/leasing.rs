//! What an arena leases, keeps and gives back.

use std::time::{Duration, Instant};

use ndarray::{Array2, IxDyn, ShapeBuilder, array};
use ndarray_pool::prelude::*;

#[test]
fn a_returned_buffer_serves_the_next_lease_of_its_shape_only() {
    let arena = Arena::new(&Budget::new(10_000_000));
    let first = arena.lease_filled::<f64, _>((100, 50), 3.0);
    let address = first.as_ptr().addr();
    drop(first);
    assert_ne!(arena.lease::<f64, _>((50, 100)).as_ptr().addr(), address);
    assert_ne!(arena.lease::<i64, _>((100, 50)).as_ptr().addr(), address);
    assert_ne!(arena.lease::<f64, _>((100, 50).f()).as_ptr().addr(), address);
    assert_ne!(arena.lease::<f64, _>(IxDyn(&[100, 50])).as_ptr().addr(), address);
    let again = arena.lease::<f64, _>((100, 50));
    assert_eq!((again.as_ptr().addr(), again.sum()), (address, 15_000.0), "stale contents");
    assert_eq!(arena.stats().leased, 1);
}

#[test]
fn it_leases_arrays_as_they_are_asked_for() {
    let arena = Arena::new(&Budget::new(10_000_000));
    assert_eq!(arena.lease_zeroed::<u16, _>((2, 2)), array![[0, 0], [0, 0]]);
    assert_eq!(arena.lease_filled((2, 1), 1.5), array![[1.5], [1.5]]);
    let c = Array2::from_shape_fn((4, 3), |(i, j)| 10 * i + j);
    let copy = arena.lease_copy_of(&c);
    assert_eq!((copy.strides(), copy == c), (&[3, 1][..], true));
    let f = c.view().reversed_axes();
    let copy = arena.lease_copy_of(&f);
    assert_eq!((copy.strides(), copy == f), (&[1, 3][..], true));
    let every_second = c.slice(ndarray::s![..;2, ..]);
    assert_eq!(arena.lease_copy_of(&every_second), every_second);
    assert_eq!(arena.lease::<f64, _>(()).shape(), [0; 0]);
    // One axis is the same in both orders.
    let pools = arena.stats().pools;
    drop((arena.lease::<i8, _>(7), arena.lease::<i8, _>(7.f())));
    assert_eq!(arena.stats().pools, pools + 1);
}

#[test]
fn idle_memory_makes_room_least_recently_used_first_in_all_arenas_of_a_budget() {
    let budget = Budget::new(3 * 81_920);
    let (one, other) = (Arena::new(&budget), Arena::new(&budget));
    drop(one.lease::<f64, _>((100, 100)));
    drop(other.lease::<f64, _>((100, 101 - 1)));
    drop(one.lease::<f64, _>((50, 200)));
    drop(one.lease::<f64, _>((100, 100))); // now `other`'s is the oldest
    assert_eq!((one.stats().pools, other.stats().pools), (2, 1));
    let _new = one.lease::<f64, _>((200, 50));
    assert_eq!((one.stats().pools, other.stats().pools), (3, 0));
    let _new = other.lease::<f64, _>((200, 50));
    assert_eq!((one.stats().pools, other.stats().pools), (2, 1), "(50, 200) went");
    assert_eq!(budget.reserved_bytes(), budget.limit_bytes());
}

#[test]
fn trimming_frees_what_is_idle_and_nothing_that_is_leased() {
    let budget = Budget::new(10_000_000);
    let arena = Arena::new(&budget);
    let kept = arena.lease_filled::<f64, _>((100, 100), 2.0);
    let view = kept.view();
    drop((arena.lease::<f64, _>((100, 100)), arena.lease::<f64, _>((10, 1000))));
    assert_eq!(arena.stats().reserved_bytes, 3 * 81_920);
    assert_eq!(arena.trim(), 2 * 81_920);
    assert_eq!(arena.trim(), 0);
    assert_eq!(budget.reserved_bytes(), 81_920);
    assert_eq!(view.sum(), 20_000.0);
    drop(arena);
    assert_eq!(view.sum(), 20_000.0, "a lease outlives its arena");
    drop(kept);
    assert_eq!(budget.reserved_bytes(), 0);
}

#[test]
fn a_forgotten_lease_keeps_its_pool() {
    let budget = Budget::new(1_000_000);
    let arena = Arena::new(&budget);
    std::mem::forget(arena.lease::<f64, _>((100, 100)));
    assert_eq!((arena.trim(), arena.stats().leased), (0, 1));
}

#[test]
fn small_buffers_share_mappings_and_large_ones_do_not() {
    let arena = Arena::new(&Budget::new(100_000_000));
    let small: Vec<_> = (0..10_000).map(|_| arena.lease::<f64, _>(8)).collect();
    let stats = arena.stats();
    assert!(stats.pools < 40, "{} pools", stats.pools);
    assert!(stats.reserved_bytes < 64 * 10_000 * 5 / 4, "{stats:?}");
    drop(small);
    assert_eq!(arena.trim(), stats.reserved_bytes);
    let large: Vec<_> = (0..5).map(|_| arena.lease::<f64, _>(10_000)).collect();
    assert_eq!((arena.stats().pools, large.len()), (5, 5));
}

#[test]
fn a_limit_for_idle_memory_holds_whenever_the_arena_grows() {
    let arena = Arena::builder(&Budget::unlimited()).max_idle_bytes(100_000).build();
    for n in 1..50 {
        drop(arena.lease::<f64, _>((n, 1000)));
        let last_bytes = (n * 8000_usize).next_multiple_of(4096);
        assert!(arena.stats().reserved_bytes <= 100_000 + last_bytes);
    }
    assert!(arena.trim() > 0);
}

#[test]
fn reserved_buffers_are_leased_without_a_new_mapping() {
    let budget = Budget::new(1_000_000);
    let arena = Arena::new(&budget);
    arena.reserve::<f64, _>((100, 100), 5).unwrap();
    arena.reserve::<f64, _>((100, 100), 3).unwrap(); // they are there
    let reserved_bytes = budget.reserved_bytes();
    let stats = arena.stats();
    assert_eq!((stats.pools, stats.buffers, reserved_bytes), (1, 5, 401_408));
    if let Some(resident_bytes) = stats.resident_bytes {
        assert_eq!(resident_bytes, reserved_bytes);
    }
    let all: Vec<_> = (0..5).map(|_| arena.lease::<f64, _>((100, 100))).collect();
    assert_eq!((budget.reserved_bytes(), all.len()), (reserved_bytes, 5));
}

#[test]
fn scopes_count_for_themselves_and_for_those_around_them() {
    let arena = Arena::new(&Budget::new(10_000_000));
    let outer = arena.scope("outer");
    let a = outer.lease::<f64, _>(100);
    let inner = outer.scope("inner");
    let b = inner.lease_zeroed::<f64, _>(200);
    let c = inner.lease_copy_of(&b);
    let _uncounted = arena.lease::<f64, _>(1000);
    drop(c);
    drop(a);
    let (outer, inner) = (outer.counts(), arena.scope("outer").scope("inner").counts());
    assert_eq!((inner.current_bytes, inner.peak_bytes, inner.total_bytes), (1600, 3200, 3200));
    assert_eq!((outer.current_bytes, outer.peak_bytes, outer.total_bytes), (1600, 4000, 4000));
    assert_eq!((outer.total_leases, inner.total_leases), (3, 2));
    drop(arena.scope("inner").lease::<u8, _>(1)); // another one
    drop(b);
    assert_eq!(
        arena.scopes().to_string(),
        "\
scope         current bytes    peak bytes   total bytes    leases
outer                     0          4000          4000         3
  inner                   0          3200          3200         2
inner                     0             1             1         1
"
    );
    // A buffer of a scope, leased without one, counts for nobody.
    drop(arena.lease::<f64, _>(100));
    assert_eq!(arena.scope("outer").counts().total_leases, 3);
}

/// An arena with 8000 idle shapes, and how long it took to lease them.
fn with_idle_shapes(budget: &Budget) -> (Arena, Duration) {
    let arena = Arena::builder(budget).prefault(false).build();
    let start = Instant::now();
    for n in 0..8000 {
        drop(arena.lease::<u8, _>(n + 1));
    }
    (arena, start.elapsed())
}

/// Work that grows with the square of the number of shapes took three hundred times as long as the
/// leases, and took two minutes for the scopes below.
#[test]
fn many_idle_shapes_are_given_back_in_one_go() {
    let budget = Budget::unlimited();
    let (arena, leased) = with_idle_shapes(&budget);
    let start = Instant::now();
    assert!(arena.trim() >= 8000 * 4096);
    let trimmed = start.elapsed();
    assert_eq!((arena.stats().pools, budget.reserved_bytes()), (0, 0));
    assert!(trimmed < 20 * leased, "{trimmed:?} to trim what was leased in {leased:?}");

    let budget = Budget::new(200 << 20);
    let (arena, leased) = with_idle_shapes(&budget);
    let start = Instant::now();
    let all = arena.lease::<u8, _>(200 << 20);
    let made_room = start.elapsed();
    assert_eq!((arena.stats().pools, all.len()), (1, 200 << 20));
    assert!(made_room < 20 * leased, "{made_room:?} to make room, {leased:?} to lease");
}

#[test]
fn room_is_made_by_what_was_used_least_recently_and_no_more() {
    let budget = Budget::new(10 * 4096);
    let (one, other) = (Arena::new(&budget), Arena::new(&budget));
    for n in 0..10 {
        let arena = if n % 2 == 0 { &one } else { &other };
        drop(arena.lease::<u8, _>((1, 4096 - n)));
    }
    // The four oldest are two of each arena.
    let _new = one.lease::<u8, _>(4 * 4096);
    assert_eq!((one.stats().pools, other.stats().pools), (4, 3));
    assert_eq!(budget.reserved_bytes(), budget.limit_bytes());
    let _kept = one.lease::<u8, _>((1, 4096 - 4)); // still there
    assert_eq!((one.stats().pools, other.stats().pools), (4, 3));
    // What is in use is passed over.
    let _more = other.lease::<u8, _>(3 * 4096);
    assert_eq!((one.stats().pools, other.stats().pools), (3, 2));
}

#[test]
fn scopes_nest_as_deep_as_anybody_likes() {
    const DEPTH: usize = 30_000;
    let arena = Arena::new(&Budget::new(10_000_000));
    let mut scopes = vec![arena.scope("0")];
    for depth in 1..DEPTH {
        let inner = scopes[depth - 1].scope(if depth % 2 == 0 { "even" } else { "odd" });
        scopes.push(inner);
    }
    let lease = scopes[DEPTH - 1].lease::<u8, _>(100);
    let path = scopes[DEPTH - 1].path();
    assert!(path.starts_with("0/odd/even/") && path.ends_with("/even/odd"));
    assert_eq!(path.len(), 1 + DEPTH / 2 * 9 - 5);
    let table = arena.scopes();
    assert_eq!(table.rows().len(), DEPTH);
    assert!(table.rows().iter().enumerate().all(|(n, row)| row.depth == n));
    assert!(table.rows().iter().all(|row| row.current_bytes == 100));
    let text = table.to_string();
    assert_eq!(text.lines().count(), DEPTH + 1);
    assert!(text.len() < DEPTH * 300, "{} bytes", text.len());
    // They go in any order, and so does the lease.
    scopes.reverse();
    drop((scopes, arena, lease));
}

#[test]
fn many_scopes_beside_each_other_keep_their_order() {
    let (arena, start) = (Arena::new(&Budget::new(10_000_000)), Instant::now());
    for n in 0..30_000 {
        let outer = arena.scope(if n % 3 == 0 { "a" } else { "b" });
        drop(outer.scope(&n.to_string()).lease::<u8, _>(1));
    }
    let table = arena.scopes();
    let names: Vec<_> = table.rows().iter().map(|row| (row.depth, &*row.name)).collect();
    assert_eq!(names[..3], [(0, "a"), (1, "0"), (1, "3")]);
    assert_eq!(names[10_001..10_003], [(0, "b"), (1, "1")]);
    assert_eq!((names.len(), names[30_001]), (30_002, (1, "29999")));
    assert_eq!((table.rows()[0].total_leases, table.rows()[10_001].total_leases), (10_000, 20_000));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn scopes_of_any_name_are_printed_and_no_control_character_is() {
    let arena = Arena::new(&Budget::new(10_000_000));
    let long = "x".repeat(70_000);
    drop((arena.scope(&long), arena.scope("a\u{1b}]0;title\u{7}\tb\u{9b}")));
    let text = arena.scopes().to_string();
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with(&long) && lines[1].ends_with(" 0         0"));
    assert!(lines[2].starts_with("a\\u{1b}]0;title\\u{7}"));
    assert!(lines[2].len() < 300);
}

/// Memory goes from one type to another only if it is new: a stale value of the one would be read as
/// the other, which has fewer values.
#[test]
fn types_that_differ_in_lifetimes_alone_share_no_memory() {
    type Any = Option<&'static for<'a> fn(&'a str) -> usize>;
    type Static = Option<&'static fn(&'static str) -> usize>;
    static LENGTH: fn(&'static str) -> usize = |text| text.len();
    let arena = Arena::new(&Budget::new(1_000_000));
    let written = arena.lease_filled::<Static, _>(4, Some(&LENGTH));
    let address = written.as_ptr().addr();
    drop(written);
    let other = arena.lease::<Any, _>(4);
    assert_ne!(other.as_ptr().addr(), address);
    assert!(other.iter().all(Option::is_none));
    drop(other);
    assert_eq!(arena.lease::<Static, _>(4)[0].unwrap()("four"), 4);
}

#[test]
fn arenas_and_budgets_go_anywhere() {
    fn anywhere<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    anywhere::<Arena>();
    anywhere::<Budget>();
    anywhere::<ndarray_pool::Scope>();
    anywhere::<ndarray_pool::Plan>();
}

#[test]
fn an_arena_of_one_element_type_leases_what_the_arena_does() {
    let arena = Arena::new(&Budget::new(10_000_000));
    let scope = arena.scope("floats");
    let floats = scope.of::<f32>();
    let a = floats.lease_filled((2, 3), 1.5);
    let address = a.as_ptr().addr();
    assert_eq!((a.sum(), floats.lease_zeroed(4).sum()), (9.0, 0.0));
    assert_eq!(floats.lease_copy_of(&a), a);
    drop(a);
    assert_eq!(arena.lease::<f32, _>((2, 3)).as_ptr().addr(), address, "the same shelf");
    floats.reserve((5, 5), 2).unwrap();
    let pools = arena.stats().pools;
    drop((floats.lease((5, 5)), floats.lease((5, 5))));
    assert_eq!(arena.stats().pools, pools);
    assert_eq!(scope.counts().total_leases, 5);
    let error = floats.try_lease((10_000, 10_000)).unwrap_err();
    assert!(matches!(error, PoolError::OverBudget(_)), "{error}");
}
