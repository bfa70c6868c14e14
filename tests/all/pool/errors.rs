//! Every way in which a pool says no, and the whole text of it.

use std::time::Duration;

use ndarray::{Array2, Ix2};
use ndarray_pool::PoolError;
use ndarray_pool::prelude::*;

fn message_of(panic: Box<dyn std::any::Any + Send>) -> String {
    *panic.downcast::<String>().expect("a formatted message")
}

fn panic_message(f: impl FnOnce()) -> String {
    message_of(std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).unwrap_err())
}

#[test]
fn zero_buffers() {
    let error = Pool2::<f64>::new((2, 2), 0).unwrap_err();
    assert!(matches!(error, PoolError::NoBuffers));
    assert_eq!(error.to_string(), "a pool has zero buffers, but needs at least one");
    assert!(matches!(Pool2::<f64>::builder((2, 2)).build().unwrap_err(), PoolError::NoBuffers));
}

#[test]
fn shapes_that_overflow() {
    let huge = usize::MAX;
    for (shape, buffers, elements) in [
        ((huge, huge), 1, None),
        ((huge, 1), 1, None),
        ((huge, 0), 1, None), // ndarray refuses it too
        ((isize::MAX as usize + 1, 1), 1, None),
        ((1 << 61, 1), 1, Some(1 << 61)),
        ((1 << 50, 1), 1 << 20, Some(1 << 50)),
    ] {
        let error = Pool2::<f64>::new(shape, buffers).unwrap_err();
        assert!(
            matches!(error, PoolError::TooLarge { buffers: b, elements: e, element_bytes: 8 }
                if b == buffers && e == elements),
            "{shape:?}: {error:?}"
        );
    }
    assert_eq!(
        Pool2::<f64>::new((1 << 61, 1), 3).unwrap_err().to_string(),
        "a pool of 3 buffers of 2305843009213693952 elements of 8 bytes is too large: \
         it must fit into 9223372036854775807 bytes"
    );
    assert_eq!(
        Pool2::<f64>::new((1 << 61, 1), 1).unwrap_err().to_string(),
        "a pool of 1 buffer of 2305843009213693952 elements of 8 bytes is too large: \
         it must fit into 9223372036854775807 bytes"
    );
    assert_eq!(
        Pool2::<u8>::new((huge, 2), 3).unwrap_err().to_string(),
        "a pool of 3 buffers of more than 9223372036854775807 elements of 1 byte is too large: \
         it must fit into 9223372036854775807 bytes"
    );
}

#[test]
fn more_memory_than_there_is() {
    // A hundred terabytes fit into the address space and into no machine that runs this.
    let error = Pool2::<f64>::new((1 << 40, 12), 1).unwrap_err();
    let PoolError::Refused { bytes, os_error } = error else { panic!("{error:?}") };
    assert!(bytes >= 12 << 43 && os_error.is_some());
    let start = format!("the system refused {bytes} bytes of memory for a pool: ");
    assert!(error.to_string().starts_with(&start), "{error}");
    // So many buffers that there is no room to say which are free.
    let error = Pool2::<f64>::new((0, 5), usize::MAX).unwrap_err();
    assert!(matches!(error, PoolError::Refused { .. }), "{error:?}");
}

#[test]
fn exhausted_pools_name_their_holders() {
    let pool = Pool2::<f64>::builder((10, 20)).buffers(2).name("state").build().unwrap();
    let _a = pool.lease();
    let _b = pool.lease_zeroed();
    let line = line!();
    let text = format!(
        "no buffer is free in pool \"state\" of 2 buffers of shape [10, 20]; \
         leased at {file}:{}:19, {file}:{}:19",
        line - 2,
        line - 1,
        file = file!(),
    );
    let error = pool.try_lease().unwrap_err();
    assert_eq!(error.to_string(), text);
    assert_eq!(panic_message(|| drop(pool.lease())), text);

    let PoolError::Exhausted(exhausted) = error else { panic!("{error:?}") };
    assert_eq!(exhausted.pool_name(), Some("state"));
    assert_eq!(exhausted.shape(), [10, 20]);
    assert_eq!(exhausted.buffers(), 2);
    assert_eq!(exhausted.holders().map(|at| at.line()).collect::<Vec<_>>(), [line - 2, line - 1]);

    let error = pool.lease_timeout(Duration::from_millis(2)).unwrap_err();
    assert!(error.to_string().starts_with("no buffer became free within 2ms in pool \"state\""));
}

#[test]
fn leases_of_one_line_are_counted() {
    let pool = Pool1::<f64>::new(3, 17).unwrap();
    let lease = || pool.lease();
    let at = |lines: u32, column: u32| format!("{}:{}:{column}", file!(), lines);
    let line = line!();
    let first = pool.lease();
    let _five: Vec<_> = (0..5).map(|_| pool.lease()).collect();
    let _eleven: Vec<_> = (0..11).map(|_| lease()).collect();
    let places = [at(line + 1, 22), at(line + 2, 45), at(line - 2, 25)];
    let text = |ones: &str| {
        format!(
            "no buffer is free in the pool of 17 buffers of shape [3]; leased at {ones}, 5 × {}, \
             11 × {}",
            places[1], places[2]
        )
    };
    let error = pool.try_lease().unwrap_err();
    assert_eq!(error.to_string(), text(&places[0]));
    let PoolError::Exhausted(exhausted) = &error else { panic!("{error}") };
    assert_eq!(exhausted.holders().map(ToString::to_string).collect::<Vec<_>>(), places);
    // The order is that of the buffers: the first is leased again by the line that holds eleven.
    drop(first);
    let _twelfth = lease();
    assert_eq!(
        pool.try_lease().unwrap_err().to_string(),
        format!(
            "no buffer is free in the pool of 17 buffers of shape [3]; leased at 12 × {}, 5 × {}",
            places[2], places[1]
        )
    );
    assert_eq!(pool.holders().count(), 17);
    assert_eq!(
        panic_message(|| pool.assert_all_returned()),
        format!(
            "17 of the buffers of the pool of 17 buffers of shape [3] not returned; leased at \
             12 × {}, 5 × {}",
            places[2], places[1]
        )
    );
}

#[test]
fn more_than_six_lines_are_counted() {
    let pool = Pool1::<f64>::new(3, 12).unwrap();
    let line = line!();
    let _held = [
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
        pool.lease(),
    ];
    let _two: Vec<_> = (0..2).map(|_| pool.lease()).collect();
    let six: Vec<_> = (2..8).map(|n| format!("{}:{}:14", file!(), line + n)).collect();
    assert_eq!(
        pool.try_lease().unwrap_err().to_string(),
        format!(
            "no buffer is free in the pool of 12 buffers of shape [3]; leased at {}, \
             and 6 more (Pool::holders gives all)",
            six.join(", ")
        )
    );
    // A panic may allocate: it names all lines.
    let all = panic_message(|| pool.assert_all_returned());
    assert!(all.contains(&format!("{}:{}:14, 2 × ", file!(), line + 11)), "{all}");
}

#[test]
fn errors_print_as_they_read() {
    let pool = Pool1::<f64>::builder(3).buffers(1).name("state").build().unwrap();
    let _held = pool.lease();
    let small = Budget::new(1);
    let errors = [
        pool.try_lease().unwrap_err(),
        Pool1::<f64>::new(3, 0).unwrap_err(),
        Pool1::<u8>::new(usize::MAX, 1).unwrap_err(),
        Pool2::<f64>::new((1 << 40, 12), 1).unwrap_err(),
        Pool1::<f64>::builder(3).buffers(1).budget(&small).build().unwrap_err(),
        RowBuilder2::<f64>::new(3, usize::MAX).unwrap_err(),
    ];
    for error in errors {
        // What `main` prints, and `unwrap`.
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(format!("{error:#?}"), error.to_string());
        match &error {
            PoolError::Exhausted(e) => assert_eq!(format!("{e:?}"), e.to_string()),
            PoolError::OverBudget(e) => assert_eq!(format!("{e:?}"), e.to_string()),
            _ => {}
        }
    }
    let unwrapped = panic_message(|| drop(pool.try_lease().unwrap()));
    let expected =
        "called `Result::unwrap()` on an `Err` value: no buffer is free in pool \"state\"";
    assert!(unwrapped.starts_with(expected), "{unwrapped}");

    let mut rows = RowBuilder2::<f64>::with_budget(3, 1, &small).unwrap();
    let errors = [rows.try_push(&[1.0]), rows.try_push(&[1.0; 3])];
    for error in errors.map(Result::unwrap_err) {
        assert_eq!(format!("{error:?}"), error.to_string());
    }
}

#[test]
fn assert_all_returned_names_who_has_not() {
    let pool = Pool1::<f64>::builder(3).buffers(2).name("state").build().unwrap();
    pool.assert_all_returned();
    let _a = pool.lease();
    let at = format!("{}:{}:19", file!(), line!() - 1);
    assert_eq!(
        panic_message(|| pool.assert_all_returned()),
        format!(
            "1 of the buffers of pool \"state\" of 2 buffers of shape [3] not returned; \
             leased at {at}"
        )
    );
}

#[test]
fn a_copy_of_another_shape_leases_nothing() {
    let pool = Pool2::<f64>::new((2, 3), 1).unwrap();
    assert_eq!(
        panic_message(|| drop(pool.lease_copy_of(&Array2::zeros((3, 2))))),
        "lease_copy_of: `array` has shape [3, 2], but must have the shape of the pool, [2, 3]"
    );
    assert_eq!(pool.stats().total_leases, 0);
}

#[test]
fn errors_are_small_and_go_anywhere() {
    fn anywhere<E: std::error::Error + Send + Sync + Clone + 'static>() {}
    anywhere::<PoolError>();
    assert!(size_of::<PoolError>() <= 128);
    assert!(size_of::<Result<Lease<'_, f64, Ix2>, PoolError>>() <= 128);
}
