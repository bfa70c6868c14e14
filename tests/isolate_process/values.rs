//! Plain values: what a step takes and returns through serde.

use std::collections::HashMap;

use ndarray_pool::isolate::Steps;
use serde::{Deserialize, Serialize};

use super::start;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Settings {
    name: String,
    limits: (i128, u64),
    weights: HashMap<(u32, u32), f32>,
    kind: Kind,
    missing: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Kind {
    Named { sigma: f64 },
    Plain(Vec<u8>),
}

#[test]
fn structs_maps_and_enums_come_back_as_they_went() {
    let steps = Steps::new().with("echo", |settings: Settings| settings);
    let steps = start(steps, "values::structs_maps_and_enums_come_back_as_they_went");
    let settings = Settings {
        name: "größer".into(),
        limits: (i128::MIN, u64::MAX),
        weights: [((1, 2), 0.1), ((3, 4), -0.0)].into(),
        kind: Kind::Named { sigma: 0.1 + 0.2 },
        missing: None,
    };
    assert_eq!(steps.run::<_, Settings>("echo", &settings).unwrap(), settings);
    let plain = Settings { kind: Kind::Plain(vec![0, 255]), ..settings };
    assert_eq!(steps.run::<_, Settings>("echo", &plain).unwrap(), plain);
}

#[test]
fn numbers_keep_their_bits() {
    let steps = Steps::new()
        .with("bits", |x: f64| (x, x.to_bits()))
        .with("single", |x: f32| (x, x.to_bits()))
        .with("some", |x: Option<f64>| x);
    let steps = start(steps, "values::numbers_keep_their_bits");
    let payload = f64::from_bits(f64::NAN.to_bits() | 12345);
    for x in [0.1 + 0.2, -0.0, f64::MIN_POSITIVE / 4.0, f64::MAX, f64::NEG_INFINITY, payload] {
        let (back, bits): (f64, u64) = steps.run("bits", &x).unwrap();
        assert_eq!((back.to_bits(), bits), (x.to_bits(), x.to_bits()), "{x}");
    }
    for x in [0.1_f32, f32::from_bits(f32::NAN.to_bits() | 123)] {
        let (back, bits): (f32, u32) = steps.run("single", &x).unwrap();
        assert_eq!((back.to_bits(), bits), (x.to_bits(), x.to_bits()), "{x}");
    }
    // What is there and is no number is not what is missing.
    let back: Option<f64> = steps.run("some", &Some(f64::NAN)).unwrap();
    assert!(back.is_some_and(f64::is_nan), "{back:?}");
}

#[test]
fn nothing_goes_and_comes() {
    let steps = Steps::new().with("nothing", |()| ());
    let steps = start(steps, "values::nothing_goes_and_comes");
    steps.run::<(), ()>("nothing", &()).unwrap();
}

#[test]
fn the_caller_may_lend_what_the_step_owns() {
    let steps = Steps::new().with("length", |(text, list): (String, Vec<i32>)| {
        text.len() + list.len() // both are owned here
    });
    let steps = start(steps, "values::the_caller_may_lend_what_the_step_owns");
    let n: usize = steps.run("length", &("abc", &[1, 2][..])).unwrap();
    assert_eq!(n, 5);
}

#[test]
fn megabytes_of_plain_values_travel_too() {
    let steps = Steps::new().with("backwards", |mut list: Vec<u64>| {
        list.reverse();
        list
    });
    let steps = start(steps, "values::megabytes_of_plain_values_travel_too");
    let list: Vec<u64> = (0..500_000).map(|i| i << 40).collect();
    let back: Vec<u64> = steps.run("backwards", &list).unwrap();
    assert!(back.iter().eq(list.iter().rev()));
}
