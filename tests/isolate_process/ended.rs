//! What is left of a step: nothing, whatever ends it or its parent.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ndarray::Array1;
use ndarray_pool::isolate::{Carried, Runner, Steps};
use ndarray_pool::prelude::*;
use rustix::process::{getpgid, getppid, setpgid};

use super::program::{
    Folder, PATIENCE, REPLACEMENTS, comes, has_ended, kib, own_executable, signal, tell,
};
use super::{args_for, ones, start};

/// Starts a process of its own, says who the two are, and sleeps.
#[expect(clippy::zombie_processes, reason = "somebody else has to end it")]
fn wait_for_the_end(folder: PathBuf) {
    let mut sleep = Command::new("sleep");
    let grandchild = sleep.arg("600").stdin(Stdio::null()).spawn().unwrap();
    tell(&folder, "grandchild", grandchild.id().into());
    tell(&folder, "child", std::process::id().into());
    std::thread::sleep(10 * PATIENCE);
}

/// A program that waits for a step without end.
#[test]
fn endless() {
    let steps = start(Steps::new().with("wait", wait_for_the_end), "ended::endless");
    let Some(folder) = Folder::of_program() else { return };
    let result = steps.temporary_dir(std::env::temp_dir()).run::<_, ()>("wait", &folder);
    panic!("{result:?}");
}

#[test]
fn a_child_ends_with_its_parent_and_with_all_that_it_started() {
    for (name, is_for_group) in
        [("INT", true), ("INT", false), ("TERM", false), ("KILL", false), ("KILL", true)]
    {
        let folder = Folder::new();
        let program = folder.program(&own_executable(), "ended::endless").spawn();
        let mut program = program.unwrap();
        let (child, grandchild) = (folder.number("child"), folder.number("grandchild"));
        assert!(!has_ended(child) && !has_ended(grandchild), "{}", folder.stderr());
        let group = if is_for_group { "-" } else { "" };
        signal(name, &format!("{group}{}", program.id()));
        program.wait().unwrap();
        let is_gone = comes(|| has_ended(child) && has_ended(grandchild));
        if !is_gone {
            signal("KILL", &format!("-{child}"));
        }
        assert!(is_gone, "{name} to {group}: {child} or {grandchild} is there");
        assert!(folder.has_no_temporary_file());
    }
}

#[test]
fn what_a_step_started_ends_with_it() {
    let steps = Steps::new().with("leave", |()| {
        let mut sleep = Command::new("sleep");
        u64::from(sleep.arg("600").stdin(Stdio::null()).spawn().unwrap().id())
    });
    let steps = start(steps, "ended::what_a_step_started_ends_with_it");
    let left: u64 = steps.run("leave", &()).unwrap();
    let is_gone = comes(|| has_ended(left));
    if !is_gone {
        signal("KILL", &left.to_string());
    }
    assert!(is_gone, "{left} is there");
}

/// Leaves its process group for that of its parent, and waits to be ended.
fn leave_its_group(folder: PathBuf) {
    let parent = getpgid(getppid()).unwrap();
    setpgid(None, Some(parent)).unwrap();
    tell(&folder, "child", std::process::id().into());
    std::thread::sleep(PATIENCE);
    tell(&folder, "lived", 1);
}

#[test]
fn a_step_that_left_its_group_is_ended_too() {
    let test = "ended::a_step_that_left_its_group_is_ended_too";
    let steps = start(Steps::new().with("leave", leave_its_group), test);
    if let Some(folder) = Folder::of_program() {
        let result = steps.run::<_, ()>("leave", &folder);
        panic!("{result:?}");
    }
    let folder = Folder::new();
    let running = steps.spawn("leave", &folder.path("")).unwrap();
    let child = folder.number("child");
    drop(running);
    assert!(has_ended(child) && !folder.path("lived").exists(), "when it is dropped");

    let folder = Folder::new();
    let mut program = folder.program(&own_executable(), test).spawn().unwrap();
    let child = folder.number("child");
    signal("KILL", &program.id().to_string());
    program.wait().unwrap();
    assert!(comes(|| has_ended(child)) && !folder.path("lived").exists(), "with its parent");
}

#[test]
fn a_step_that_nobody_waits_for_is_ended() {
    let steps = Steps::new().with("wait", wait_for_the_end);
    let steps = start(steps, "ended::a_step_that_nobody_waits_for_is_ended");
    let folder = Folder::new();
    let running = steps.spawn("wait", &folder.path("")).unwrap();
    let grandchild = folder.number("grandchild");
    assert_eq!(folder.number("child"), u64::from(running.id()));
    assert!(!running.is_finished());
    let child = u64::from(running.id());
    drop(running);
    assert!(has_ended(child), "when it is dropped");
    assert!(comes(|| has_ended(grandchild)));
}

#[test]
fn steps_run_side_by_side() {
    let steps = Steps::new().with("meet", |(folder, own, other): (PathBuf, String, String)| {
        tell(&folder, &own, 1);
        comes(|| folder.join(&other).exists())
    });
    let steps = start(steps, "ended::steps_run_side_by_side");
    let folder = Folder::new();
    let meet = |own, other| steps.spawn("meet", &(folder.path(""), own, other)).unwrap();
    let (one, other) = (meet("a", "b"), meet("b", "a"));
    assert!(one.wait::<bool>().unwrap() && other.wait::<bool>().unwrap());
}

#[test]
fn a_step_may_run_in_a_thread_that_ends_before_it() {
    let steps = Steps::new().with("when told", |folder: PathBuf| {
        assert!(comes(|| folder.join("go").exists()));
        ones(5)
    });
    let steps = start(steps, "ended::a_step_may_run_in_a_thread_that_ends_before_it");
    let folder = Folder::new();
    let path = folder.path("");
    let running = std::thread::scope(|scope| {
        scope.spawn(|| steps.spawn("when told", &path).unwrap()).join().unwrap()
    });
    tell(&folder.path(""), "go", 1);
    let mut out = Array1::<f64>::zeros(5);
    running.wait_into(&mut out).unwrap();
    assert_eq!(out.sum(), 5.0);
}

/// The descriptors and the children of this process.
fn held() -> (usize, String) {
    let children = fs::read_to_string("/proc/thread-self/children").unwrap();
    (fs::read_dir("/proc/self/fd").unwrap().count(), children)
}

fn many_runs(steps: &Runner, runs: usize) {
    if Folder::of_program().is_none() {
        return;
    }
    let mut out = Array1::<f64>::zeros(3);
    steps.run_into("ones", &3, &mut out).unwrap(); // opens what stays open
    let before = held();
    for run in 0..runs {
        match run % 4 {
            0 => steps.run_into("ones", &3, &mut out).unwrap(),
            1 => steps.spawn("ones", &3).unwrap().wait_into(&mut out).unwrap(),
            2 => drop(steps.spawn("ones", &3).unwrap()),
            _ => assert!(steps.run::<_, ()>("panic", &()).is_err()),
        }
    }
    assert_eq!(held(), before);
}

fn panicking(_: ()) {
    std::panic::set_hook(Box::new(|_| {})); // a thousand times is enough
    panic!("as told")
}

#[test]
fn many() {
    let steps = Steps::new().with("ones", ones).with("panic", panicking);
    many_runs(&start(steps, "ended::many").temporary_dir(std::env::temp_dir()), 1000);
}

#[test]
fn a_thousand_runs_leave_no_process_no_file_and_no_descriptor() {
    let folder = Folder::new();
    let program = folder.program(&own_executable(), "ended::many").spawn().unwrap();
    folder.assert_passed(program, "");
    assert!(folder.has_no_temporary_file());
}

#[test]
fn a_program_that_ignores_the_end_of_its_children_runs_steps_too() {
    let folder = Folder::new();
    let mut command = Command::new("env");
    command.arg("--ignore-signal=CHLD").arg(own_executable());
    let program = folder.program_by(command, "ended::ignoring").spawn().unwrap();
    folder.assert_passed(program, "");
}

#[test]
fn ignoring() {
    let exit = |()| -> () { std::process::exit(3) };
    let steps = start(Steps::new().with("ones", ones).with("exit", exit), "ended::ignoring");
    if Folder::of_program().is_some() {
        let mut out = Array1::<f64>::zeros(3);
        steps.run_into("ones", &3, &mut out).unwrap();
        assert_eq!(out.sum(), 3.0);
        let error = steps.run::<_, ()>("exit", &()).unwrap_err().to_string();
        assert!(error.starts_with("cannot learn how the process of a step ended"), "{error}");
    }
}

/// A program that runs a step when it is told, and leases what comes home.
fn large(steps: &Runner, n: usize) {
    let Some(folder) = Folder::of_program() else { return };
    let pool = Pool1::<f64>::new(n, 1).unwrap();
    let mut warm = Array1::<f64>::zeros(3);
    steps.run_into("ones", &3, &mut warm).unwrap(); // what runs for the first time
    tell(&folder, "ready", std::process::id().into());
    assert!(comes(|| folder.join("go").exists()));
    let mut out = pool.lease_filled(0.5);
    tell(&folder, "leased", 1);
    assert!(comes(|| folder.join("step").exists()));
    steps.run_into("ones", &n, &mut out).unwrap();
    tell(&folder, "done", 1);
    assert!(comes(|| folder.join("end").exists()));
    assert!(out.iter().all(|&x| x == 1.0));
}

#[test]
fn small_result() {
    large(&start(Steps::new().with("ones", ones), "ended::small_result"), (16 << 20) / 8);
}

#[test]
fn result_of_a_gibibyte() {
    large(&start(Steps::new().with("ones", ones), "ended::result_of_a_gibibyte"), (1 << 30) / 8);
}

/// Looks at a program from outside: with the lease, the step, and after it.
fn look_at(test: &str) {
    let folder = Folder::new();
    let program = folder.program(&own_executable(), test).spawn().unwrap();
    let pid = u32::try_from(folder.number("ready")).unwrap();
    tell(&folder.path(""), "go", 1);
    folder.number("leased");
    let before = kib(pid, "VmRSS:");
    tell(&folder.path(""), "step", 1);
    folder.number("done");
    let (after, peak) = (kib(pid, "VmRSS:"), kib(pid, "VmHWM:"));
    eprintln!("{test}: RSS {before} KiB with the lease, {after} after the step, peak {peak}");
    // The lease is the result: it was there, and written, before.
    assert!(after <= before + 1024 && peak <= before + 1024, "{before}, {after}, {peak} KiB");
    tell(&folder.path(""), "end", 1);
    folder.assert_passed(program, "");
}

#[test]
fn a_parent_grows_by_the_result_and_no_more() {
    look_at("ended::small_result");
}

#[test]
#[ignore = "takes 3 GiB of memory; .ci/deep runs it"]
fn a_parent_grows_by_a_gibibyte_and_no_more() {
    look_at("ended::result_of_a_gibibyte");
}

/// A program whose executable is replaced while it runs.
#[test]
fn replaced() {
    let steps =
        Steps::new().with("ones", ones).with("sum", |Carried(a): Carried<Array1<f64>>| a.sum());
    let steps = start(steps, "ended::replaced");
    let Some(folder) = Folder::of_program() else { return };
    let ones: Carried<Array1<f64>> = steps.run("ones", &7).unwrap();
    tell(&folder, "started", 1);
    assert!(comes(|| folder.join("go").exists()));
    assert_eq!(steps.run::<_, f64>("sum", &Carried::of(&ones.0)).unwrap(), 7.0);
}

#[test]
fn a_program_that_was_replaced_on_disk_goes_on_as_itself() {
    for (way, replace) in REPLACEMENTS {
        let folder = Folder::new();
        let executable = folder.path("program");
        fs::copy(own_executable(), &executable).unwrap();
        let program = folder.program(&executable, "ended::replaced").spawn().unwrap();
        folder.number("started");
        replace(&executable);
        tell(&folder.path(""), "go", 1);
        folder.assert_passed(program, format_args!("{way}"));
    }
}

/// A program that prints before its steps, in one, and after.
#[test]
#[expect(clippy::print_stdout, reason = "it is looked for from outside")]
fn printing() {
    let is_program = Folder::of_program().is_some();
    if is_program {
        println!("before the steps");
    }
    let steps = Steps::new().with("print", |text: String| {
        println!("{text}");
        eprintln!("{text}, as an error");
        let mut input = String::new();
        std::io::stdin().read_line(&mut input).unwrap()
    });
    let steps = start(steps, "ended::printing");
    if is_program {
        assert_eq!(steps.run::<_, usize>("print", "in the step").unwrap(), 0);
        println!("after the step");
    }
}

#[test]
fn what_a_step_prints_is_seen_and_what_main_prints_is_seen_once() {
    let folder = Folder::new();
    let program = folder.program(&own_executable(), "ended::printing").spawn().unwrap();
    folder.assert_passed(program, "");
    let lines = ["before the steps\n", "in the step\n", "after the step\n"];
    let stdout = folder.stdout();
    let places = lines.map(|line| stdout.match_indices(line).map(|it| it.0).collect::<Vec<_>>());
    assert!(places.iter().all(|found| found.len() == 1) && places.is_sorted(), "{stdout}");
    assert_eq!(folder.stderr(), "in the step, as an error\n");
}

#[test]
fn a_program_that_a_step_starts_is_no_step() {
    let test = "ended::a_program_that_a_step_starts_is_no_step";
    let steps = Steps::new().with("again", |folder: PathBuf| {
        let mut command = Command::new(own_executable());
        command.args(args_for("ended::inner")).env("NDARRAY_POOL_TEST_FOLDER", folder);
        command.stdout(Stdio::null()).status().unwrap().code()
    });
    let steps = start(steps, test);
    let folder = Folder::new();
    assert_eq!(steps.run::<_, Option<i32>>("again", &folder.path("")).unwrap(), Some(0));
    assert_eq!(folder.number("inner"), 3);
}

/// What the step above starts: it has steps of its own.
#[test]
fn inner() {
    let steps = start(Steps::new().with("ones", ones), "ended::inner");
    let Some(folder) = Folder::of_program() else { return };
    let ones: Carried<Array1<f64>> = steps.run("ones", &3).unwrap();
    tell(&folder, "inner", ones.0.len() as u64);
}
