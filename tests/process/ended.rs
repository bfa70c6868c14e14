//! A comparison is a program of its own here, as a person's is: it is ended from outside, its
//! executable is replaced, it changes its directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use ndarray_pool::compare::{Comparison, Report};

use super::comparison;
use super::program::{
    Folder, PATIENCE, REPLACEMENTS, args_for, comes, has_ended, own_executable, signal, tell,
};

/// Says where the program is, and is busy for as long as anybody can be patient.
fn busy_program(wrapper: &[&str]) {
    let Some(folder) = Folder::of_program() else { return };
    let test = std::env::args().nth(2).unwrap();
    let report = Comparison::new("busy")
        .repeats(1)
        .child_args(args_for(&test))
        .child_wrapper(wrapper.iter().copied())
        .variant("busy", |run| {
            run.passes(|_| {
                tell(&folder, "child", std::process::id().into());
                let start = Instant::now();
                while start.elapsed() < 2 * PATIENCE {
                    std::hint::spin_loop();
                }
            });
        })
        .run();
    drop(report);
}

#[test]
fn busy() {
    busy_program(&[]);
}

#[test]
fn busy_behind_a_shell() {
    busy_program(&["sh", "-c", "\"$@\"; exit $?", "sh"]);
}

#[test]
fn busy_in_another_group() {
    busy_program(&["setsid", "--wait"]);
}

#[test]
fn a_comparison_that_is_ended_leaves_no_process_and_no_file() {
    if Folder::of_program().is_some() {
        return;
    }
    let mut tests = vec!["ended::busy", "ended::busy_behind_a_shell"];
    if Command::new("setsid").arg("--version").output().is_ok() {
        tests.push("ended::busy_in_another_group");
    }
    for test in tests {
        for (name, is_for_group) in
            [("INT", true), ("INT", false), ("TERM", true), ("TERM", false), ("KILL", false)]
        {
            let folder = Folder::new();
            let mut program = folder.program(&own_executable(), test).spawn().unwrap();
            let child = folder.number("child");
            assert!(!folder.has_no_temporary_file());
            let group = if is_for_group { "-" } else { "" };
            signal(name, &format!("{group}{}", program.id()));
            program.wait().unwrap();
            let is_gone = comes(|| has_ended(child));
            if !is_gone {
                signal("KILL", &child.to_string());
            }
            assert!(is_gone, "{test}, {name} to {group}: the child is busy");
            assert!(
                comes(|| folder.has_no_temporary_file()),
                "{test}, {name} to {group}: {}",
                folder.left()
            );
        }
    }
}

#[test]
fn what_a_dead_process_left_is_removed_and_what_a_living_one_needs_stays() {
    let test = "ended::what_a_dead_process_left_is_removed_and_what_a_living_one_needs_stays";
    if Folder::of_program().is_some() {
        let report = comparison(test).variant("a", |run| run.passes(|_| {})).run().unwrap();
        assert_eq!(report.failures().count(), 0, "{report}");
        return;
    }
    let folder = Folder::new();
    let mut gone = Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    let place = |pid: u32| folder.path("tmp").join(format!("ndarray-pool-compare-{pid}-0"));
    let (dead, living, others) =
        (place(gone.id()), place(std::process::id()), folder.path("tmp/ndarray-pool-compare-x"));
    for dir in [&dead, &living, &others] {
        fs::create_dir_all(dir).unwrap();
        fs::write(dir.join("figures.json"), "{").unwrap();
    }
    let link = folder.path("tmp").join(format!("ndarray-pool-compare-{}-1", gone.id()));
    std::os::unix::fs::symlink(&others, &link).unwrap();
    // A process in another namespace has a number that is nobody's here: it holds a lock.
    let elsewhere = folder.path("tmp").join(format!("ndarray-pool-compare-{}-2", gone.id()));
    fs::create_dir(&elsewhere).unwrap();
    let lock = fs::File::create(elsewhere.join("alive")).unwrap();
    lock.lock().unwrap();
    let program = folder.program(&own_executable(), test).spawn().unwrap();
    folder.assert_passed(program, "");
    assert!(!dead.exists(), "{}", folder.left());
    for dir in [&living, &others, &elsewhere] {
        assert!(dir.is_dir(), "{}: {}", dir.display(), folder.left());
    }
    assert!(others.join("figures.json").exists());
}

#[test]
fn temporary_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let test = "ended::temporary_files_are_for_their_owner_alone";
    let report = comparison(test)
        .variant("a", |run| {
            let job = PathBuf::from(std::env::var_os("NDARRAY_POOL_COMPARE_JOB").unwrap());
            let mode = fs::metadata(job.parent().unwrap()).unwrap().permissions().mode();
            run.passes(|_| assert_eq!(mode & 0o777, 0o700));
        })
        .run()
        .unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), []);
}

/// A copy of this executable in `folder`, under the name `program`.
fn copy_into(folder: &Folder) -> PathBuf {
    let copy = folder.path("program");
    fs::copy(own_executable(), &copy).unwrap();
    copy
}

/// Runs a comparison with `wrapper`, of which each process waits until the executable was replaced,
/// and writes the report down.
fn replaced_program(wrapper: &[&str]) {
    let Some(folder) = Folder::of_program() else { return };
    let test = std::env::args().nth(2).unwrap();
    let report = Comparison::new("replaced")
        .repeats(3)
        .child_args(args_for(&test))
        .child_wrapper(wrapper.iter().copied())
        .variant("a", |run| {
            fs::write(folder.join("started"), "").unwrap();
            assert!(comes(|| folder.join("replaced").exists()));
            run.passes(|_| {});
            run.outcome([1]);
        })
        .run()
        .unwrap();
    fs::write(folder.join("report.json"), report.to_json()).unwrap();
}

#[test]
fn replaced() {
    replaced_program(&[]);
}

#[test]
fn replaced_behind_a_shell() {
    replaced_program(&["sh", "-c", "\"$@\"; exit $?", "sh"]);
}

#[test]
fn a_comparison_goes_on_when_its_executable_is_replaced() {
    if Folder::of_program().is_some() {
        return;
    }
    for (way, replace) in REPLACEMENTS {
        for test in ["ended::replaced", "ended::replaced_behind_a_shell"] {
            let folder = Folder::new();
            let executable = copy_into(&folder);
            let program = folder.program(&executable, test).spawn().unwrap();
            assert!(comes(|| folder.path("started").exists()), "{way}: {}", folder.left());
            replace(&executable);
            fs::write(folder.path("replaced"), "").unwrap();
            folder.assert_passed(program, format_args!("{way}, {test}"));
            let json = fs::read_to_string(folder.path("report.json")).unwrap();
            let report: Report = serde_json::from_str(&json).unwrap();
            assert_eq!(report.failures().collect::<Vec<_>>(), [], "{way}, {test}");
            assert_eq!(report.variants[0].repeats.len(), 3);
        }
    }
}

#[test]
fn children_start_where_the_parent_started() {
    let test = "ended::children_start_where_the_parent_started";
    if let Some(folder) = Folder::of_program() {
        // As a program that is called in a folder and goes to where its data is.
        std::env::set_current_dir("data").unwrap();
        let report = comparison(test)
            .repeats(2)
            .variant("a", |run| {
                fs::read("input").unwrap();
                run.passes(|_| {});
            })
            .variant("b", |run| run.passes(|_| {}))
            .run()
            .unwrap();
        fs::write(folder.join("report.json"), report.to_json()).unwrap();
        return;
    }
    let folder = Folder::new();
    copy_into(&folder);
    fs::create_dir(folder.path("data")).unwrap();
    fs::write(folder.path("data/input"), "").unwrap();
    let own = own_executable();
    let absolute = own.to_str().unwrap();
    // By its own path, by one relative to the folder; and a `PWD` that is right, or that whoever
    // started the program did not keep.
    for (executable, pwd) in [
        (absolute, Some(folder.0.as_path())),
        (absolute, Some(Path::new("/"))),
        (absolute, None),
        ("./program", Some(folder.0.as_path())),
        ("./program", Some(Path::new("/"))),
    ] {
        let mut command = folder.program(Path::new(executable), test);
        command.current_dir(&folder.0).env_remove("PWD");
        pwd.map(|pwd| command.env("PWD", pwd));
        let program = command.spawn().unwrap();
        folder.assert_passed(program, format_args!("{executable}, {pwd:?}"));
        let json = fs::read_to_string(folder.path("report.json")).unwrap();
        fs::remove_file(folder.path("report.json")).unwrap();
        let report: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(report.failures().collect::<Vec<_>>(), [], "{executable}, {pwd:?}");
        assert!(folder.has_no_temporary_file());
    }
}

#[test]
fn a_program_that_goes_to_a_folder_of_its_own_in_each_process_is_compared_too() {
    let test = "ended::a_program_that_goes_to_a_folder_of_its_own_in_each_process_is_compared_too";
    let Some(folder) = Folder::of_program() else {
        let folder = Folder::new();
        let mut command = folder.program(&own_executable(), test);
        let program = command.current_dir(&folder.0).env("PWD", "/").spawn().unwrap();
        folder.assert_passed(program, "");
        return;
    };
    let own = folder.join(std::process::id().to_string());
    fs::create_dir(&own).unwrap();
    std::env::set_current_dir(&own).unwrap();
    let report = comparison(test).variant("a", |run| run.passes(|_| {})).run().unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), []);
}
