//! Steps that take too long, or too much.

use std::time::{Duration, Instant};

use ndarray_pool::isolate::{IsolateError, Steps};

use super::start;

/// Holds more and more memory, and touches it.
fn eat(bytes: usize) -> usize {
    let mut held = Vec::new();
    while held.len() << 20 < bytes {
        held.push(std::hint::black_box(vec![1_u8; 1 << 20]));
    }
    held.len()
}

#[test]
fn a_step_that_takes_too_long_is_ended() {
    let steps = Steps::new().with("sleep", |ms: u64| {
        std::thread::sleep(Duration::from_millis(ms));
        ms
    });
    let steps = start(steps, "limits::a_step_that_takes_too_long_is_ended");
    let limit = Duration::from_millis(300);
    let start = Instant::now();
    let error = steps.time_limit(limit).run::<_, u64>("sleep", &600_000).unwrap_err();
    assert!(matches!(error, IsolateError::TimeLimit { .. }), "{error}");
    assert_eq!(error.to_string(), "step \"sleep\" took longer than 300ms and was ended");
    assert!(start.elapsed() >= limit);
    let patient = steps.time_limit(Duration::from_secs(600));
    assert_eq!(patient.run::<_, u64>("sleep", &1).unwrap(), 1);
}

#[test]
fn a_step_that_computes_without_end_is_ended() {
    let steps = Steps::new().with("spin", |()| -> () {
        loop {
            std::hint::spin_loop();
        }
    });
    let steps = start(steps, "limits::a_step_that_computes_without_end_is_ended");
    let steps = steps.time_limit(Duration::from_millis(100));
    let error = steps.run::<_, ()>("spin", &()).unwrap_err();
    assert!(matches!(error, IsolateError::TimeLimit { .. }), "{error}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_step_that_eats_memory_is_ended_at_its_limit() {
    let steps = Steps::new().with("eat", eat);
    let steps = start(steps, "limits::a_step_that_eats_memory_is_ended_at_its_limit");
    let limited = steps.memory_limit(64 << 20);
    match limited.run::<_, usize>("eat", &(8_usize << 30)).unwrap_err() {
        IsolateError::MemoryLimit { limit_bytes, found_bytes, .. } => {
            assert_eq!(limit_bytes, 64 << 20);
            assert!(found_bytes > limit_bytes && found_bytes < 4 << 30, "{found_bytes}");
        }
        other => panic!("{other}"),
    }
    assert_eq!(limited.run::<_, usize>("eat", &(1_usize << 20)).unwrap(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_step_is_refused_what_its_address_space_does_not_hold() {
    let steps = Steps::new().with("eat", eat);
    let steps = start(steps, "limits::a_step_is_refused_what_its_address_space_does_not_hold");
    let limited = steps.address_space_limit(1 << 30);
    match limited.run::<_, usize>("eat", &(2_usize << 30)).unwrap_err() {
        error @ IsolateError::Killed { signal: 6, address_space_bytes: Some(bytes), .. } => {
            assert_eq!(bytes, 1 << 30);
            assert!(error.to_string().contains("limited to 1073741824 bytes"), "{error}");
        }
        other => panic!("{other}"),
    }
    assert_eq!(limited.run::<_, usize>("eat", &(1_usize << 20)).unwrap(), 1);
}
