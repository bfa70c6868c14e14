//! `peers loops` as a whole, without Python or C++: whether the contestants compute the same, not how fast.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn loops(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peers"));
    command.args(["loops", "--python", "/nowhere/no-python", "--cxx", "/nowhere/no-compiler"]);
    command.args(args);
    command
}

#[test]
fn tables_have_a_row_for_everybody() {
    let output = loops(&["--quick", "--sides", "33,20"]).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(!text.contains("wrong"), "{text}");

    let rows =
        |start: &str| text.lines().filter(|line| line.starts_with(start)).collect::<Vec<_>>();
    assert_eq!(rows("### "), ["### 33²", "### 20²"]);
    for (row, absent) in [
        ("| ndarray-pool, kernel by kernel |", 0),
        ("| ndarray-pool, fused |", 10),
        ("| ndarray, allocating |", 0),
        ("| ndarray in place: its methods, rows swapped |", 3),
        ("| ndarray in place: slices, rows gathered |", 0),
    ] {
        for row in rows(row) {
            assert_eq!(row.split('|').filter(|cell| cell.trim() == "–").count(), absent, "{row}");
        }
        assert_eq!(rows(row).len(), 2);
    }
    for (row, reason) in [
        ("| NumPy on small pages, `out=` |", "| *not installed: `no-python`* |"),
        ("| Eigen |", "| *not installed: `no-compiler`* |"),
        ("| xtensor, `-march=native` |", "| *not installed: `no-compiler`* |"),
    ] {
        assert_eq!(rows(row).iter().filter(|row| row.contains(reason)).count(), 2, "{text}");
    }
}

#[test]
fn children_end_with_a_driver_that_is_killed() {
    let mut driver = loops(&["--sides", "64", "--rounds", "10000"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut children = Vec::new();
    let both_live = wait_until(|| {
        children = children_of(driver.id());
        children.len() == 2
    });
    driver.kill().expect("it runs");
    driver.wait().expect("it ended");
    assert!(both_live);
    assert!(wait_until(|| !children.iter().any(|process| process.exists())));
}

fn children_of(process: u32) -> Vec<PathBuf> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("it lives");
    let children = threads.filter_map(|thread| {
        fs::read_to_string(thread.expect("it is listed").path().join("children")).ok()
    });
    let children: Vec<String> = children.collect();
    children
        .iter()
        .flat_map(|all| all.split_whitespace())
        .map(|id| format!("/proc/{id}").into())
        .collect()
}

fn wait_until(mut holds: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !holds() {
        if start.elapsed() > Duration::from_secs(30) {
            return false;
        }
        sleep(Duration::from_millis(10));
    }
    true
}
