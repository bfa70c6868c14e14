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
}

/// What loading a plan of one row says, or building an arena from it.
#[cfg(feature = "serde")]
fn refused(row: &str) -> String {
    let good = r#"{"element":"u8","element_bytes":1,"element_align":1,"shape":[64],
        "is_fortran":false,"buffers":1}"#;
    let plan: Plan = serde_json::from_str(&format!("{{\"entries\":[{good},{row}]}}")).unwrap();
    let budget = Budget::unlimited();
    let error = Arena::from_plan(&plan, &budget).unwrap_err();
    assert!(matches!(error, PoolError::InvalidPlan { row: 1, .. }), "{error}");
    assert_eq!(budget.reserved_bytes(), 0, "nothing is kept");
    assert_eq!(plan.bytes(), usize::MAX);
    assert!(plan.to_string().contains("f64"), "it is printed all the same");
    error.to_string()
}

#[cfg(feature = "serde")]
#[test]
fn a_damaged_row_of_a_plan_is_named_with_its_field() {
    let row = |field: &str, value: &str| {
        let row = r#"{"element":"f64","element_bytes":8,"element_align":8,"shape":[100,100],
            "is_fortran":false,"buffers":4}"#;
        let (start, rest) = row.split_once(&format!("\"{field}\":")).unwrap();
        let end = match field {
            "shape" => rest.find(']').unwrap() + 1,
            _ => rest.find([',', '}']).unwrap(),
        };
        format!("{start}\"{field}\":{value}{}", &rest[end..])
    };
    let cases = [
        ("buffers", "0", "is 0, but must be at least 1"),
        (
            "buffers",
            "1152921504606846976",
            "is 1152921504606846976, but all buffers together must fit into 9223372036854775807 \
             bytes, and one takes 80000",
        ),
        ("element_align", "0", "is 0, but must be a power of two up to 4096"),
        ("element_align", "3", "is 3, but must be a power of two up to 4096"),
        ("element_align", "8192", "is 8192, but must be a power of two up to 4096"),
        ("element_bytes", "12", "is 12, but must be a multiple of `element_align`, 8"),
        (
            "shape",
            "[100,1844674407370955161]",
            "is [100, 1844674407370955161], but an array of elements of 8 bytes must fit into \
             9223372036854775807 bytes",
        ),
        (
            "shape",
            "[0,18446744073709551615,2]",
            "is [0, 18446744073709551615, 2], but an array of elements of 8 bytes must fit into \
             9223372036854775807 bytes",
        ),
    ];
    for (field, value, text) in cases {
        assert_eq!(refused(&row(field, value)), format!("`entries[1].{field}` of the plan {text}"));
    }
    let all = "9223372036854775800"; // is a size, but not times the shape
    assert_eq!(
        refused(&row("element_bytes", all)),
        format!(
            "`entries[1].shape` of the plan is [100, 100], but an array of elements of {all} bytes \
             must fit into 9223372036854775807 bytes"
        )
    );
    // What is no number, or missing, is refused by who reads it.
    for (field, value) in [("buffers", "-1"), ("shape", "[1.5]"), ("is_fortran", "2")] {
        let text = format!("{{\"entries\":[{}]}}", row(field, value));
        assert!(serde_json::from_str::<Plan>(&text).is_err());
    }
    let text = format!("{{\"entries\":[{}]}}", row("buffers", "1").replace("\"buffers\"", "\"b\""));
    let missing = serde_json::from_str::<Plan>(&text).unwrap_err().to_string();
    assert!(missing.starts_with("missing field `buffers`"), "{missing}");
}

/// A name, or an order that makes no difference, may be damaged so that no lease fits the row. That
/// costs what having no plan costs.
#[cfg(feature = "serde")]
#[test]
fn a_row_that_nothing_fits_is_of_no_use_and_of_no_harm() {
    let ((), plan) = Arena::dry_run(program);
    let text = serde_json::to_string(&plan).unwrap();
    for (from, to) in [
        ("\"f64\"", "\"f65\""),
        ("\"f64\"", "\"\""),
        ("\"element_bytes\":8", "\"element_bytes\":16"),
        ("\"element_align\":8", "\"element_align\":4"),
        ("false", "true"),
        ("[100,100]", "[]"),
        ("[100,100]", "[0,100]"),
        ("\"buffers\":4", "\"buffers\":1"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        let changed: Plan = serde_json::from_str(&changed).unwrap();
        let arena = Arena::from_plan(&changed, &Budget::new(10_000_000)).unwrap();
        program(&arena);
        assert_eq!(arena.stats().leased, 0);
    }
}

/// So many empty buffers take no memory but that for the lists of a pool, which is taken with the
/// first lease.
#[cfg(feature = "serde")]
#[test]
fn rows_without_bytes_ask_for_nothing() {
    let row = r#"{"element":"f64","element_bytes":8,"element_align":8,"shape":[0,100],
        "is_fortran":false,"buffers":1000000000000}"#;
    let plan: Plan = serde_json::from_str(&format!("{{\"entries\":[{row}]}}")).unwrap();
    assert_eq!(plan.bytes(), 0);
    let arena = Arena::from_plan(&plan, &Budget::new(0)).unwrap();
    assert_eq!(arena.lease::<f64, _>((0, 100)).shape(), [0, 100]);
    assert!(arena.stats().buffers < 1000, "{:?}", arena.stats());
}

#[test]
fn planned_memory_is_there_before_it_is_leased() {
    let ((), plan) = Arena::dry_run(program);
    let arena = Arena::from_plan(&plan, &Budget::unlimited()).unwrap();
    let stats = arena.stats();
    assert_eq!(stats.reserved_bytes, plan.bytes());
    if let Some(resident_bytes) = stats.resident_bytes {
        assert_eq!(resident_bytes, plan.bytes());
    }
}

#[cfg(feature = "serde")]
#[test]
fn names_of_any_length_are_printed_and_no_control_character_is() {
    let row = |name: &str| {
        let name = serde_json::to_string(name).unwrap();
        format!(
            r#"{{"element":{name},"element_bytes":8,"element_align":8,"shape":[7],
                "is_fortran":false,"buffers":2}}"#
        )
    };
    let long = "x".repeat(70_000);
    let rows = format!("{{\"entries\":[{},{},{}]}}", row(&long), row("a\u{1b}[31m\nb"), row("é"));
    let plan: Plan = serde_json::from_str(&rows).unwrap();
    let text = plan.to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    assert_eq!(lines[1], format!("{long}  [7]        C       2         112"));
    // A name that is too long for its column makes no other row longer.
    assert!(lines[2].starts_with("a\\u{1b}[31m"));
    assert_eq!(lines[2].chars().count(), lines[3].chars().count());
    assert!(lines[2].len() < 300, "{}", lines[2].len());
}

#[test]
fn shapes_of_any_number_of_axes_are_printed() {
    let axes = vec![1; 30_000]; // 90,000 characters
    let ((), plan) = Arena::dry_run(|arena| drop(arena.lease::<u8, _>(ndarray::IxDyn(&axes))));
    assert_eq!(plan.to_string().lines().count(), 3);
}
