//! What goes wrong, and that the error says which it was.

use std::process::Command;

use ndarray::{Array1, Array2};
use ndarray_pool::isolate::{Carried, IsolateError, Steps};
use ndarray_pool::prelude::*;

use super::program::{Folder, limited};
use super::{args_for, ones, start};

#[test]
fn a_panic_comes_home_with_its_message_and_its_line() {
    let steps = Steps::new()
        .with("formatted", |n: i32| assert!(n < 3, "{n} is too much"))
        .with("literal", |()| -> () { panic!("for no reason") })
        .with("in a thread", |()| -> () {
            let thread = std::thread::spawn(|| panic!("elsewhere"));
            std::panic::resume_unwind(thread.join().unwrap_err())
        })
        .with("something else", |()| -> () { std::panic::panic_any(7_u8) })
        .with("long", |()| -> () {
            std::panic::set_hook(Box::new(|_| {})); // nobody wants to read it
            panic!("{}", "ü".repeat(1 << 20))
        });
    let steps = start(steps, "errors::a_panic_comes_home_with_its_message_and_its_line");
    let panicked = |error| match error {
        IsolateError::Panicked { message, place, .. } => (message, place.unwrap_or_default()),
        other => panic!("{other}"),
    };
    let error = steps.run::<_, ()>("formatted", &4).unwrap_err();
    let text = error.to_string();
    let (message, place) = panicked(error);
    assert_eq!(message, "4 is too much");
    assert!(place.contains("errors.rs:"), "{place}");
    assert_eq!(text, format!("step \"formatted\" panicked at {place}: 4 is too much"));
    steps.run::<_, ()>("formatted", &2).unwrap();

    let (message, place) = panicked(steps.run::<_, ()>("literal", &()).unwrap_err());
    assert_eq!(message, "for no reason");
    assert!(place.contains("errors.rs:"), "{place}");
    let (message, place) = panicked(steps.run::<_, ()>("in a thread", &()).unwrap_err());
    assert_eq!(message, "elsewhere");
    assert!(place.contains("errors.rs:"), "{place}");
    let (message, _) = panicked(steps.run::<_, ()>("something else", &()).unwrap_err());
    assert_eq!(message, "no message");
    let (message, _) = panicked(steps.run::<_, ()>("long", &()).unwrap_err());
    assert!(message.starts_with("üü") && message.ends_with("ü…"), "{} bytes", message.len());
}

#[test]
fn a_process_that_ends_early_is_told_from_one_that_did_not_come_to_its_step() {
    let steps = Steps::new().with("exit", |code: i32| -> () { std::process::exit(code) });
    let test = "errors::a_process_that_ends_early_is_told_from_one_that_did_not_come_to_its_step";
    let steps = start(steps, test);
    for expected in [0, 3] {
        match steps.run::<_, ()>("exit", &expected).unwrap_err() {
            IsolateError::Exited { code, has_begun: true, .. } => assert_eq!(code, expected),
            other => panic!("{other}"),
        }
    }
    let lost = steps.child_args(["--exact", "no::such::test"]);
    let error = lost.run::<_, ()>("exit", &3).unwrap_err();
    assert!(error.to_string().contains("`Runner::child_args`"), "{error}");
    match error {
        IsolateError::Exited { code: 0, has_begun: false, .. } => {}
        other => panic!("{other}"),
    }
}

#[test]
fn a_signal_is_named() {
    let steps = Steps::new().with("end", |signal: String| {
        let own = std::process::id().to_string();
        Command::new("kill").args(["-s", &signal, &own]).status().unwrap();
        std::thread::sleep(std::time::Duration::from_secs(60));
    });
    let steps = start(steps, "errors::a_signal_is_named");
    for (name, number) in [("KILL", 9), ("TERM", 15), ("ABRT", 6)] {
        let error = steps.run::<_, ()>("end", name).unwrap_err();
        let IsolateError::Killed { signal, address_space_bytes: None, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(signal, number);
        assert!(error.to_string().contains(&format!("signal {number}")), "{error}");
    }
}

#[test]
fn an_unknown_step_is_an_error_and_starts_no_process() {
    let steps = Steps::new().with("one", |x: f64| x).with("two", |x: f64| x);
    let steps = start(steps, "errors::an_unknown_step_is_an_error_and_starts_no_process");
    let steps = steps.child_args(["--no-such-option"]); // a process would end otherwise
    let error = steps.run::<_, f64>("three", &1.0).unwrap_err();
    assert_eq!(error.to_string(), "there is no step \"three\", but [\"one\", \"two\"]");
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(steps.spawn("three", &1.0).is_err());
}

#[test]
#[should_panic(expected = "two steps are called \"one\"")]
fn two_steps_of_one_name_are_refused() {
    let _ = Steps::new().with("one", |x: f64| x).with("one", |x: f64| x);
}

/// Marks a child that registers other steps than its parent.
const OTHERS: &str = "with-other-steps";

#[test]
fn a_child_with_other_steps_is_noticed() {
    let test = "errors::a_child_with_other_steps_is_noticed";
    let steps = match std::env::args().any(|arg| arg == OTHERS) {
        false => Steps::new()
            .with("gone", |x: f64| x)
            .with("takes", |x: f64| x)
            .with("gives", |x: f64| x)
            .with("array", |()| ones(3)),
        true => Steps::new()
            .with("takes", |x: String| x.len() as f64)
            .with("gives", |x: f64| x.to_string())
            .with("array", |()| Carried(Array1::<f32>::ones(3))),
    };
    let steps = steps.start().child_args([&args_for(test)[..], &["--skip", OTHERS]].concat());
    match steps.run::<_, f64>("gone", &1.0).unwrap_err() {
        IsolateError::UnknownStep { known, .. } => assert_eq!(known, ["takes", "gives", "array"]),
        other => panic!("{other}"),
    }
    let error = steps.run::<_, f64>("takes", &1.0).unwrap_err().to_string();
    let expected =
        "step \"takes\": what goes in: invalid type: floating point `1.0`, expected a string";
    assert_eq!(error, expected);
    let error = steps.run::<_, f64>("gives", &1.0).unwrap_err().to_string();
    let expected = "step \"gives\": what comes out: f64 was expected, but it is FixStr(1)";
    assert_eq!(error, expected);
    let error = steps.run::<_, Carried<Array1<f64>>>("array", &()).unwrap_err().to_string();
    assert!(error.ends_with("an array of f32, but one of f64 was expected"), "{error}");
}

#[test]
fn an_array_that_does_not_fit_changes_nothing() {
    let steps = Steps::new()
        .with("ones", ones)
        .with("number", |x: f64| x)
        .with("array", |Carried(a): Carried<Array2<f64>>| a.sum());
    let steps = start(steps, "errors::an_array_that_does_not_fit_changes_nothing");
    let pool = Pool1::<f64>::new(5, 1).unwrap();
    let mut out = pool.lease_filled(0.5);
    let error = steps.run_into("ones", &4, &mut out).unwrap_err();
    let expected = "step \"ones\" returned an array of shape [4], but it is to be written into one \
                    of shape [5]";
    assert_eq!(error.to_string(), expected);
    let mut single = Array1::<f32>::from_elem(4, 0.5);
    let error = steps.run_into("ones", &4, &mut single).unwrap_err().to_string();
    assert!(error.ends_with("an array of f64, but one of f32 was expected"), "{error}");
    let error = steps.run_into("number", &4.0, &mut out).unwrap_err();
    assert!(matches!(error, IsolateError::WrongTypes { .. }), "{error}");
    assert!(out.iter().all(|&x| x == 0.5) && single.iter().all(|&x| x == 0.5));

    let error = steps.run::<_, Carried<Array2<f64>>>("ones", &4).unwrap_err().to_string();
    assert!(error.ends_with("an array with 1 axes, but one with 2 was expected"), "{error}");
    let error = steps.run::<_, f64>("array", &Carried::of(&out)).unwrap_err().to_string();
    assert!(error.ends_with("an array with 1 axes, but one with 2 was expected"), "{error}");
    let error = steps.run::<_, f64>("array", &1.0).unwrap_err();
    assert!(matches!(error, IsolateError::WrongTypes { .. }), "{error}");
}

#[test]
fn a_directory_without_room_is_an_error_on_either_side() {
    let test = "errors::a_directory_without_room_is_an_error_on_either_side";
    let steps = Steps::new()
        .with("ones", ones)
        .with("sum", |Carried(a): Carried<Array1<f64>>| a.sum())
        .with("remove", |(path, n): (std::path::PathBuf, usize)| {
            std::fs::remove_dir_all(path).unwrap();
            ones(n)
        });
    let steps = start(steps, test);
    let refused = |error: IsolateError| match error {
        IsolateError::Io { doing, source, .. } => {
            (doing, source.raw_os_error().unwrap_or_default())
        }
        other => panic!("{other}"),
    };
    let (input, output) = (
        "put the input of a step into temporary space",
        "put the result of a step into temporary space",
    );
    if Folder::of_program().is_some() {
        // No file may be larger than 128 KiB here.
        const TOO_LARGE: i32 = 27;
        let a = Array1::<f64>::ones(100_000);
        for steps in [steps.clone(), steps.temporary_dir(std::env::temp_dir())] {
            let error = steps.run::<_, f64>("sum", &Carried::of(&a)).unwrap_err();
            assert_eq!(refused(error), (input, TOO_LARGE));
            let mut out = Array1::from_elem(100_000, 0.5);
            let error = steps.run_into("ones", &100_000, &mut out).unwrap_err();
            assert_eq!(refused(error), (output, TOO_LARGE));
            assert!(out.iter().all(|&x| x == 0.5));
            assert_eq!(steps.run::<_, Carried<Array1<f64>>>("ones", &100).unwrap().0.sum(), 100.0);
        }
        return;
    }
    const MISSING: i32 = 2;
    let folder = Folder::new();
    let missing = steps.temporary_dir(folder.path("missing"));
    assert_eq!(refused(missing.run::<_, f64>("ones", &1).unwrap_err()), (input, MISSING));
    let place = folder.path("place");
    std::fs::create_dir(&place).unwrap();
    let error = steps.temporary_dir(&place).run::<_, f64>("remove", &(&place, 1)).unwrap_err();
    assert_eq!(refused(error), (output, MISSING));

    // Like a full disk, but without one: the signal that comes with it is ignored.
    let limited = limited("trap '' XFSZ; ulimit -f 128;");
    let program = folder.program_by(limited, test).spawn().unwrap();
    folder.assert_passed(program, "");
}
