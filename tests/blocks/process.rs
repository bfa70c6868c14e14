//! What only a process of its own can show: peak memory, limits, a full disk, Ctrl-C.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ndarray::{Array1, Ix2};
use ndarray_pool::blocks::{BlockError, NpyHeader, NpyRows, NpyWriter, Sums, write_npy};
use ndarray_pool::memory::{prefault_code, reset_peak, usage};
use ndarray_pool::prelude::*;

use crate::files::numbers;
use crate::program::{Folder, PATIENCE, comes, end_of, limited, own_executable, signal};

const MIB: usize = 1 << 20;

/// Tells a child which file is meant.
const FILE: &str = "NDARRAY_POOL_BLOCKS_FILE";

/// Runs one test of this binary as a program behind a line of shell, and gives what it printed.
fn child(limit: &str, test: &str, file: &Path) -> (ExitStatus, String) {
    let folder = Folder::new();
    let program = folder.program_by(limited(limit), test).env(FILE, file).spawn().unwrap();
    let status = end_of(program);
    (status, folder.stdout() + &folder.stderr())
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
    let header = crate::npy::with_header(1, &format!("{header:117}\n"), &[]);
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
    let (status, text) = child(&limit, "process::read_by_blocks", &path);
    assert!(status.success(), "{text}");
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
    let (status, text) = child(limit, "process::write_too_much", &path);
    assert!(status.success(), "{text}");
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
    let limit = "ulimit -c 0; ulimit -f 200 &&";
    let (status, text) = child(limit, "process::write_too_much", &path);
    assert!(status.signal().is_some(), "SIGXFSZ ends it: {text}");
    assert_eq!(fs::read(&path).unwrap(), old);
}

/// Writes until somebody ends it.
#[test]
fn write_for_ever() {
    let Some(path) = told() else { return };
    let a = numbers(100, 3);
    let mut out = NpyWriter::<f64, Ix2>::create(&path).unwrap();
    let start = Instant::now();
    while start.elapsed() < 2 * PATIENCE {
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
        let outside = Folder::new();
        let mut program = outside.program(&own_executable(), "process::write_for_ever");
        let writing = program.env(FILE, &path).spawn().unwrap();
        let has_begun = comes(|| {
            let part = folder.names().into_iter().find(|name| name.ends_with(".part"));
            part.is_some_and(|name| folder.path(&name).metadata().is_ok_and(|it| it.len() > 0))
        });
        signal("INT", &writing.id().to_string());
        let status = end_of(writing);
        assert!(has_begun && status.signal() == Some(2), "{status}: {}", outside.left());
        match &old {
            None => assert!(!path.exists()),
            Some(_) => assert_eq!(NpyHeader::read(&path).unwrap().shape(), [5, 3]),
        }
    }
}
