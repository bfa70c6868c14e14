//! What only a process of its own can show: peak memory, limits, a full disk, Ctrl-C.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ndarray::{Array1, Ix2};
use ndarray_pool::blocks::{BlockError, NpyHeader, NpyRows, NpyWriter, Sums, write_npy};
use ndarray_pool::memory::{prefault_code, reset_peak, usage};
use ndarray_pool::prelude::*;

use crate::files::{Folder, numbers};

const MIB: usize = 1 << 20;

/// Tells a child which file is meant.
const FILE: &str = "NDARRAY_POOL_BLOCKS_FILE";

/// Runs one test of this binary in a process of its own, behind a line of shell that limits it. Interrupts end it, also where
/// whoever started this process ignores them.
fn child(limit: &str, test: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{limit} exec env --default-signal=INT \"$0\" \"$@\""))
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(FILE, file);
    command
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The file that this process is for; `None` in the process that runs all tests.
fn told() -> Option<PathBuf> {
    std::env::var_os(FILE).map(PathBuf::from)
}

/// A file of zeros of about so many bytes, of which the disk holds the header alone.
fn sparse(folder: &Folder, bytes: usize) -> PathBuf {
    let path = folder.path("sparse.npy");
    let rows = bytes / (1024 * 8);
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 1024), }}");
    let header = crate::files::with_header(1, &format!("{header:117}\n"), &[]);
    fs::write(&path, &header).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len((header.len() + rows * 1024 * 8) as u64).unwrap();
    path
}

/// Reads the file by blocks with a thread that reads ahead, and prints by how much the peak of memory rose above
/// the leases.
#[test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
fn read_by_blocks() {
    let Some(path) = told() else { return };
    let rows = NpyRows::<f64, Ix2>::open(&path).unwrap();
    // The first time, code comes into memory that no figure should have.
    let _ = prefault_code();
    let small = Arc::new(Pool2::new((2, 1024), 3).unwrap());
    let mut blocks = rows.blocks(small).read_ahead(2);
    let mut sums = Sums::new(1024);
    sums.update(&blocks.next_block().unwrap().unwrap());
    drop(blocks);

    reset_peak().unwrap();
    let before = usage();
    let pool = Arc::new(Pool2::new(rows.block_shape(4 * MIB), 3).unwrap());
    let mut sums = Sums::new(1024);
    let blocks = rows.blocks(Arc::clone(&pool)).read_ahead(2);
    let plan = blocks.plan().bytes();
    blocks.for_each(|block| sums.update(&block)).unwrap();
    let peak = usage().since(&before).peak_rss_bytes.unwrap();
    assert_eq!(sums.sum(), Array1::<f64>::zeros(1024));
    println!("read {} rows; peak over plan: {}", rows.rows(), peak - plan as i64);
}

fn check_peak(bytes: usize, address_space: usize) {
    let folder = Folder::new();
    let path = sparse(&folder, bytes);
    let limit = format!("ulimit -v {} &&", address_space / 1024);
    let output = child(&limit, "process::read_by_blocks", &path).output().unwrap();
    let text = text(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains(&format!("read {} rows", bytes / (1024 * 8))), "{text}");
    let over = text.split("peak over plan: ").nth(1).and_then(|rest| rest.lines().next());
    let over: i64 = over.unwrap().parse().unwrap();
    assert!(over <= 4 * MIB as i64, "the peak is {over} bytes above the leases: {text}");
}

#[test]
fn a_file_larger_than_the_address_space_takes_the_leases_and_no_more() {
    check_peak(384 * MIB, 96 * MIB);
}

/// As above, with the figures of the promise.
#[test]
#[ignore = "reads a gibibyte: .ci/deep runs it, optimised"]
fn a_gibibyte_takes_the_leases_and_no_more() {
    check_peak(1024 * MIB, 256 * MIB);
}

/// Writes more than it may, and says what it was told.
#[test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
fn write_too_much() {
    let Some(path) = told() else { return };
    let a = numbers(1000, 3);
    let mut out = NpyWriter::<f64, Ix2>::create(&path).unwrap();
    let error = (0..1000).find_map(|_| out.write(&a).err()).expect("the file is limited");
    assert!(matches!(error, BlockError::Write { .. }));
    println!("told: {error}");
    assert!(matches!(out.write(&a), Err(BlockError::Ended)));
    assert!(matches!(out.finish(), Err(BlockError::Ended)));
}

#[test]
fn a_full_disk_leaves_the_old_file_and_says_so() {
    let folder = Folder::new();
    let path = folder.path("out.npy");
    write_npy(&path, &numbers(5, 3)).unwrap();
    let old = fs::read(&path).unwrap();
    // The signal that comes with the limit is ignored, so that the write fails, as it does on a full disk. A block
    // of `ulimit -f` has 512 or 1024 bytes.
    let limit = "trap '' XFSZ; ulimit -f 200 &&";
    let output = child(limit, "process::write_too_much", &path).output().unwrap();
    let text = text(&output);
    assert!(output.status.success(), "{text}");
    let told = format!("told: cannot write {}: ", path.display());
    assert!(
        text.contains(&told) && text.contains("what was under that name is untouched"),
        "{text}"
    );
    assert_eq!(fs::read(&path).unwrap(), old);
    assert_eq!(folder.names(), ["out.npy"]);
}

#[test]
fn a_process_that_the_limit_ends_leaves_the_old_file() {
    let folder = Folder::new();
    let path = folder.path("out.npy");
    write_npy(&path, &numbers(5, 3)).unwrap();
    let old = fs::read(&path).unwrap();
    let output =
        child("ulimit -c 0; ulimit -f 200 &&", "process::write_too_much", &path).output().unwrap();
    assert!(output.status.signal().is_some(), "SIGXFSZ ends it: {}", text(&output));
    assert_eq!(fs::read(&path).unwrap(), old);
}

/// Writes until somebody ends it.
#[test]
fn write_for_ever() {
    let Some(path) = told() else { return };
    let a = numbers(100, 3);
    let mut out = NpyWriter::<f64, Ix2>::create(&path).unwrap();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(120) {
        out.write(&a).unwrap();
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn ctrl_c_leaves_no_half_file_under_the_final_name() {
    for old in [None, Some(numbers(5, 3))] {
        let folder = Folder::new();
        let path = folder.path("out.npy");
        if let Some(old) = &old {
            write_npy(&path, old).unwrap();
        }
        let mut writing = child("", "process::write_for_ever", &path).spawn().unwrap();
        let is_written = || {
            let part = folder.names().into_iter().find(|name| name.ends_with(".part"));
            part.is_some_and(|name| folder.path(&name).metadata().is_ok_and(|it| it.len() > 0))
        };
        let start = Instant::now();
        while !is_written() && start.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(5));
        }
        let has_begun = is_written();
        let pid = writing.id().to_string();
        let sent = Command::new("kill").args(["-s", "INT", "--", &pid]).status().unwrap();
        if !sent.success() {
            let _ = writing.kill();
        }
        let status = writing.wait().unwrap();
        assert!(has_begun && sent.success() && status.signal() == Some(2), "{status}");
        match &old {
            None => assert!(!path.exists()),
            Some(_) => assert_eq!(NpyHeader::read(&path).unwrap().shape(), [5, 3]),
        }
    }
}
