//! What the small examples share: runs each way of writing something in a process of its own, and
//! prints what each took. No example by itself.

use std::fs;
use std::process::Command;
use std::time::Instant;

use ndarray_pool::memory::heap::thread_counts;
use ndarray_pool::memory::{reset_peak, usage};

/// Each way runs so often, in turns; printed is the run with the median time.
const REPEATS: usize = 3;

/// One way of writing something.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    /// What the program did before; not measured.
    pub(crate) before: fn(),
    /// Gives a number that all ways must agree on to the bit.
    pub(crate) run: fn() -> f64,
}

/// What one run of a way took.
#[derive(Clone, Copy)]
struct Figures {
    /// The most memory held, above what the process held before.
    peak_bytes: u64,
    faults: u64,
    allocations: u64,
    ns: u64,
    result_bits: u64,
}

/// Is the child of this name, or starts one for each way and prints the table.
pub(crate) fn compare(title: &str, array: &str, array_bytes: usize, ways: &[Way]) {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("--child") {
        let name = args.next().expect("--child is for the program's own use");
        let way = ways.iter().find(|way| way.name == name).expect("a way of this program");
        println!("{}", measure(way).to_line());
        return;
    }
    let mut runs: Vec<Vec<Figures>> = ways.iter().map(|_| Vec::new()).collect();
    for _ in 0..REPEATS {
        ways.iter().zip(&mut runs).for_each(|(way, runs)| runs.push(run_by_itself(way)));
    }
    let medians: Vec<Figures> = runs
        .iter_mut()
        .map(|runs| {
            runs.sort_by_key(|figures| figures.ns);
            runs[REPEATS / 2]
        })
        .collect();

    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!("{title}\n({array} is the array below: {:.2} MiB)\n", mib(array_bytes as u64));
    println!("                               peak memory");
    println!("way                          MiB   arrays     faults  allocations         ms");
    for (way, figures) in ways.iter().zip(&medians) {
        println!(
            "{:22}{:>10.2}{:>9.2}{:>11}{:>13}{:>11.1}",
            way.name,
            mib(figures.peak_bytes),
            figures.peak_bytes as f64 / array_bytes as f64,
            figures.faults,
            figures.allocations,
            figures.ns as f64 / 1e6,
        );
        assert_eq!(figures.result_bits, medians[0].result_bits, "{} differs", way.name);
    }
    println!(
        "(each in a process of its own, the median of {REPEATS} runs; peak above what the process\n \
         held before; all ended with the same bits; huge pages: {})",
        huge_pages()
    );
}

fn measure(way: &Way) -> Figures {
    let allocations = || thread_counts().map_or(0, |counts| counts.allocations);
    (way.before)();
    // Where the peak cannot be reset, it is that of the whole process so far, which did nothing.
    let _ = reset_peak();
    let (before, allocations_before, start) = (usage(), allocations(), Instant::now());
    let result = (way.run)();
    let (ns, growth) = (start.elapsed().as_nanos() as u64, usage().since(&before));
    Figures {
        peak_bytes: growth.peak_rss_bytes.and_then(|bytes| bytes.try_into().ok()).unwrap_or(0),
        faults: growth.minor_faults.unwrap_or(0),
        allocations: allocations() - allocations_before,
        ns,
        result_bits: result.to_bits(),
    }
}

fn run_by_itself(way: &Way) -> Figures {
    let program = std::env::current_exe().expect("a program knows where it is");
    let output = Command::new(program).args(["--child", way.name]).output().expect("can start");
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} ended early: {complaint}", way.name);
    Figures::from_line(&text).expect("a child prints its figures")
}

impl Figures {
    fn to_line(self) -> String {
        let Figures { peak_bytes, faults, allocations, ns, result_bits } = self;
        format!("{peak_bytes} {faults} {allocations} {ns} {result_bits}")
    }

    fn from_line(line: &str) -> Option<Self> {
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let &[peak_bytes, faults, allocations, ns, result_bits] = numbers.as_slice() else {
            return None;
        };
        Some(Figures { peak_bytes, faults, allocations, ns, result_bits })
    }
}

fn huge_pages() -> String {
    fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled")
        .ok()
        .and_then(|modes| Some(modes.split_once('[')?.1.split_once(']')?.0.to_owned()))
        .unwrap_or_else(|| "unknown".into())
}
