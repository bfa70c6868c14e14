//! The figures of a comparison, held against those of tools that we did not write. Where a tool is
//! missing, its test is skipped, and says so.
//!
//! A child runs under the tool by `child_wrapper`; what the tool wrote stays of the last child, the
//! one that was timed.
#![cfg(target_os = "linux")]

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;

use ndarray_pool::compare::{Comparison, Repeat, Report};
use ndarray_pool::memory::heap::CountingAllocator;

#[global_allocator]
static COUNTER: CountingAllocator = CountingAllocator::system();

const ARRAY_BYTES: usize = 8_000_000;

/// Whether the tool is there; if it is not, says that the test is skipped. It starts no process: the
/// children come here too, and what a child starts would be counted by the tool that looks at it.
fn has(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|dir| dir.join(tool).is_file());
    if !is_there {
        eprintln!("skipped: there is no {tool} here");
    }
    is_there
}

/// A file that a tool writes, gone at the end of its test.
struct Output(PathBuf);

impl Output {
    fn new(name: &str) -> Self {
        Output(std::env::temp_dir().join(format!("ndarray-pool-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn read(&self) -> String {
        fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A loop that holds three arrays of 8 MB at its peak and faults two in anew in each pass, under a
/// tool; the one process that was timed.
fn arrays_under(test: &str, wrapper: &[&str]) -> Repeat {
    let comparison = Comparison::new(test).variant("arrays", |run| {
        let kept = black_box(vec![1_u8; ARRAY_BYTES]);
        run.passes(|_| drop(black_box((vec![1_u8; ARRAY_BYTES], vec![2_u8; ARRAY_BYTES]))));
        black_box(kept);
    });
    run_under(comparison, test, wrapper)
}

fn run_under(comparison: Comparison<'_>, test: &str, wrapper: &[&str]) -> Repeat {
    let report: Report = comparison
        .repeats(1)
        .child_args(["--exact", test, "--nocapture", "--test-threads=1"])
        .child_wrapper(wrapper.iter().copied())
        .run()
        .unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), []);
    report.variants[0].repeats[0].clone()
}

/// The highest RSS of the process, in bytes.
fn peak_bytes(repeat: &Repeat) -> i64 {
    let above = repeat.set_up_peak_bytes.max(repeat.passes_peak_bytes).unwrap();
    repeat.base_bytes.unwrap() as i64 + above
}

/// The tool sees the end of the process as well: the figures are written down then.
fn assert_agrees(repeat: &Repeat, tool_peak_bytes: i64, tool_faults: u64) {
    let peak_bytes = peak_bytes(repeat);
    assert!(peak_bytes > 3 * ARRAY_BYTES as i64, "{peak_bytes}");
    let off_bytes = (peak_bytes - tool_peak_bytes).abs();
    assert!(off_bytes < 1 << 20, "ours {peak_bytes}, the tool's {tool_peak_bytes}");
    let faults = repeat.process_minor_faults.unwrap();
    assert!(faults > 5_000, "{faults}");
    assert!(
        (faults..faults + 500).contains(&tool_faults),
        "ours {faults}, the tool's {tool_faults}"
    );
}

#[test]
fn peak_and_faults_agree_with_time() {
    if !has("time") {
        return;
    }
    let output = Output::new("time.txt");
    let wrapper = ["time", "-v", "-o", output.path()];
    let repeat = arrays_under("peak_and_faults_agree_with_time", &wrapper);
    let text = output.read();
    let figure = |name: &str| -> u64 {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name)).expect(name);
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    let peak_bytes = figure("Maximum resident set size (kbytes):") * 1024;
    let faults = figure("Minor (reclaiming a frame) page faults:");
    assert_agrees(&repeat, peak_bytes as i64, faults);
}

/// Runs what follows and writes down what the kernel says about it from outside.
const GETRUSAGE: &str = "
import resource, subprocess, sys
# What led to this interpreter may have had children of its own.
faults_before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
status = subprocess.run(sys.argv[2:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], 'w').write(f'{usage.ru_maxrss * 1024} {usage.ru_minflt - faults_before}')
sys.exit(status)
";

#[test]
fn peak_and_faults_agree_with_getrusage_from_outside() {
    if !has("python3") {
        return;
    }
    let output = Output::new("rusage.txt");
    let wrapper = ["python3", "-c", GETRUSAGE, output.path()];
    let repeat = arrays_under("peak_and_faults_agree_with_getrusage_from_outside", &wrapper);
    let text = output.read();
    let (peak_bytes, faults) = text.split_once(' ').unwrap();
    assert_agrees(&repeat, peak_bytes.parse().unwrap(), faults.parse().unwrap());
}

/// A thousand passes with ten requests each, of which three are reallocations, under a tool.
fn requests_under(test: &str, wrapper: &[&str]) -> Repeat {
    let comparison = Comparison::new(test).passes(1000).variant("requests", |run| {
        // The test harness has a thread that goes to sleep about now, and allocates for it.
        std::thread::sleep(std::time::Duration::from_millis(300));
        run.passes(|_| {
            for size in 1..=7 {
                let mut block = black_box(Vec::<u8>::with_capacity(size * 1000));
                if size > 4 {
                    block.reserve_exact(size * 2000);
                }
                black_box(block);
            }
        });
    });
    run_under(comparison, test, wrapper)
}

/// The tool sees what the C library allocates for itself as well, and the end of the process.
fn assert_counts_agree(repeat: &Repeat, tool_count: u64) {
    let mut passes = repeat.passes.iter().map(|pass| pass.allocations.unwrap());
    assert!(passes.all(|requests| requests == 10));
    let ours = repeat.process_allocations.unwrap();
    assert!(ours >= 10_000, "{ours}");
    assert!((ours..ours + 300).contains(&tool_count), "ours {ours}, the tool's {tool_count}");
}

#[test]
fn allocations_agree_with_valgrind() {
    if !has("valgrind") {
        return;
    }
    let output = Output::new("valgrind.txt");
    let log = format!("--log-file={}", output.path());
    let wrapper = ["valgrind", "--leak-check=no", "--undef-value-errors=no", &log];
    let repeat = requests_under("allocations_agree_with_valgrind", &wrapper);
    let text = output.read();
    let (_, line) = text.split_once("total heap usage: ").expect("valgrind sums up");
    let (allocations, _) = line.split_once(" allocs").unwrap();
    assert_counts_agree(&repeat, allocations.replace(',', "").parse().unwrap());
}

#[test]
fn allocations_agree_with_heaptrack() {
    if !has("heaptrack") || !has("heaptrack_print") {
        return;
    }
    let output = Output::new("heaptrack.zst");
    let without_ending = output.0.with_extension("");
    let wrapper = ["heaptrack", "-o", without_ending.to_str().unwrap()];
    let repeat = requests_under("allocations_agree_with_heaptrack", &wrapper);
    let print = Command::new("heaptrack_print").arg(&output.0).output().unwrap();
    let text = String::from_utf8_lossy(&print.stdout).into_owned();
    let (_, line) = text.split_once("calls to allocation functions: ").expect("it sums up");
    let (calls, _) = line.split_once(' ').unwrap();
    assert_counts_agree(&repeat, calls.parse().unwrap());
}

/// The loop as a person writes it with NumPy. Prints the most it held, in arrays: allocating, or with
/// the old difference freed first.
const NUMPY_LOOP: &str = "
import sys
import numpy as np

def status(key):
    for line in open('/proc/self/status'):
        if line.startswith(key):
            return int(line.split()[1]) * 1024

rng = np.random.default_rng(1)
warm_up = np.ones((4, 4)); rng.shuffle(warm_up); warm_up - warm_up.copy()
open('/proc/self/clear_refs', 'w').write('5')
base = status('VmRSS')
a_current = rng.random((1000, 1000))
a_diff = None
for _ in range(10):
    if sys.argv[1] == 'drop first':
        a_diff = None
    a_next = a_current.copy()
    rng.shuffle(a_next)
    a_diff = a_next - a_current
    a_current = a_next
    del a_next
print((status('VmHWM') - base) / a_current.nbytes)
";

#[test]
fn peaks_in_arrays_agree_with_numpy_s() {
    let ours = seed_loop("peaks_in_arrays_agree_with_numpy_s");
    let numpy = Command::new("python3").args(["-c", "import numpy"]).output();
    if !numpy.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no python3 with numpy here");
        return;
    }
    for (variant, arrays) in [("allocating", 4.0), ("drop first", 3.0)] {
        // NumPy asks for huge pages, of which a part may be counted that no array uses.
        let output = Command::new("python3")
            .args(["-c", NUMPY_LOOP, variant])
            .env("NUMPY_MADVISE_HUGEPAGE", "0")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let theirs: f64 = text.trim().parse().expect("NumPy's loop prints a number");
        let peak_bytes = ours.variant(variant).unwrap().summary.unwrap().peak_bytes.unwrap();
        let ours = peak_bytes as f64 / ARRAY_BYTES as f64;
        assert!((theirs - arrays).abs() < 0.1, "{variant}: NumPy holds {theirs} arrays");
        assert!((ours - theirs).abs() < 0.1, "{variant}: NumPy holds {theirs} arrays, we {ours}");
    }
}

fn seed_loop(test: &str) -> Report {
    use ndarray::{Array2, Axis};
    use ndarray_pool::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    let variant = |is_freed_first: bool| {
        move |run: &mut ndarray_pool::compare::Run| {
            let mut rng = StdRng::seed_from_u64(1);
            let mut order = Permutation::identity(1000);
            let mut a_current = Array2::<f64>::ones((1000, 1000));
            let mut a_diff = Array2::zeros((0, 0));
            run.passes(|_| {
                if is_freed_first {
                    a_diff = Array2::zeros((0, 0));
                }
                order.shuffle(&mut rng);
                let a_next = a_current.select(Axis(0), order.as_slice());
                a_diff = &a_next - &a_current;
                a_current = a_next;
            });
        }
    };
    Comparison::new(test)
        .repeats(3)
        .child_args(["--exact", test, "--nocapture", "--test-threads=1"])
        .variant("allocating", variant(false))
        .variant("drop first", variant(true))
        .run()
        .unwrap()
}
