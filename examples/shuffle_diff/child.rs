//! One variant in a process of its own: starting it, and being it.

use std::hash::{DefaultHasher, Hasher};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ndarray::ArrayRef2;
use ndarray_pool::memory::heap::thread_counts;
use ndarray_pool::memory::{Trace, Usage, reset_peak, usage};
use rand::SeedableRng;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::input::{self, ElementType, Number, Start};
use crate::options::{Child, Job};
use crate::variants::{self, Setting, Variant, Watch};

/// The growth table shows so many passes: the first has nothing to free yet, the second is as all
/// that follow, the third shows it.
const TRACED_PASSES: usize = 3;

/// What the undisturbed run of a variant saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// The most memory held, above what the process held before its set-up.
    pub(crate) peak_bytes: u64,
    pub(crate) faults_a_pass: u64,
    pub(crate) allocations_a_pass: u64,
    /// Quartiles of the time of a pass.
    pub(crate) pass_ns: [u64; 3],
    /// Of the bits of `a_current` and `a_diff` after the last pass.
    pub(crate) digest: u64,
}

/// Runs a variant in a process of its own and gives its growth table.
pub(crate) fn trace(variant: Variant, start: &Start, job: &Job) -> Result<String, String> {
    let passes = job.passes.min(TRACED_PASSES);
    let mut table = start_child(variant, start, job, passes, true)?;
    if passes < job.passes {
        table += &format!("   … and so on to pass {}\n", job.passes);
    }
    Ok(table)
}

/// Runs a variant in a process of its own and gives its figures.
pub(crate) fn time(variant: Variant, start: &Start, job: &Job) -> Result<Figures, String> {
    let output = start_child(variant, start, job, job.passes, false)?;
    Figures::from_line(&output)
        .ok_or_else(|| format!("{} ended without its figures: {output:?}", variant.name()))
}

fn start_child(
    variant: Variant,
    start: &Start,
    job: &Job,
    passes: usize,
    trace: bool,
) -> Result<String, String> {
    let failed = |e: std::io::Error| format!("cannot run {} by itself: {e}", variant.name());
    let child = Child {
        variant,
        shape: start.shape,
        passes,
        seed: job.seed,
        element_type: start.element_type,
        from_stdin: start.is_from_file(),
        trace,
    };
    let mut process = Command::new(std::env::current_exe().map_err(failed)?)
        .args(child.to_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // A child that dies before it has read its input has said why itself, so its status counts.
    let sent = start.send(process.stdin.take().expect("stdin is piped"));
    let output = process.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("{} ended early ({})", variant.name(), output.status));
    }
    sent.map_err(failed)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Is the child: runs the variant and gives the growth table or the line of figures.
pub(crate) fn run(child: Child) -> Result<String, String> {
    match child.element_type {
        ElementType::F32 => run_with::<f32>(&child),
        ElementType::F64 => run_with::<f64>(&child),
    }
}

fn run_with<A>(child: &Child) -> Result<String, String>
where
    A: Number,
    StandardUniform: Distribution<A>,
{
    let setting = Setting::<A> {
        shape: child.shape,
        passes: child.passes,
        fill: &|a_current, rng| input::fill(a_current, child, rng),
        rng: StdRng::seed_from_u64(child.seed),
    };
    if child.trace {
        let mut watch = Tracing(Trace::with_capacity(2 + 2 * child.passes));
        variants::run(child.variant, setting, &mut watch, |_, _| ())?;
        let array_bytes = child.shape.0 * child.shape.1 * size_of::<A>();
        Ok(watch.0.array_bytes(array_bytes).to_string())
    } else {
        let mut watch = Timing::with_capacity(child.passes);
        let digest = variants::run(child.variant, setting, &mut watch, digest)?;
        Ok(watch.figures(digest)?.to_line())
    }
}

/// The same for the same bits, in the same places.
fn digest<A: Number>(a_current: &ArrayRef2<A>, a_diff: &ArrayRef2<A>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for array in [a_current, a_diff] {
        for x in array {
            hasher.write(bytemuck::bytes_of(x));
        }
    }
    hasher.finish()
}

/// Watches how the process grows.
struct Tracing(Trace);

impl Watch for Tracing {
    fn mark(&mut self, name: &'static str) {
        self.0.mark(name);
    }

    fn start_pass(&mut self) {
        self.0.start_pass();
    }

    fn end_pass(&mut self) {}
}

/// Counts and times each pass.
struct Timing {
    before_set_up: Usage,
    peak_of_set_up: Option<u64>,
    at_start: (Usage, u64, Instant),
    /// Faults, allocations and nanoseconds.
    passes: Vec<[u64; 3]>,
}

impl Timing {
    fn with_capacity(passes: usize) -> Self {
        let now = usage();
        // Filled once, so that no pass touches a page of it first.
        let mut rows = vec![[1; 3]; passes];
        rows.clear();
        Timing {
            before_set_up: now,
            peak_of_set_up: None,
            at_start: (now, 0, Instant::now()),
            passes: rows,
        }
    }

    fn figures(&self, digest: u64) -> Result<Figures, String> {
        let unknown = || String::from("this system does not tell how much memory a process uses");
        let end = usage();
        let peak = self.peak_of_set_up.max(end.peak_rss_bytes).ok_or_else(unknown)?;
        let base = self.before_set_up.current_rss_bytes.ok_or_else(unknown)?;
        Ok(Figures {
            peak_bytes: peak.saturating_sub(base),
            faults_a_pass: self.quartiles(0)[1],
            allocations_a_pass: self.quartiles(1)[1],
            pass_ns: self.quartiles(2),
            digest,
        })
    }

    fn quartiles(&self, column: usize) -> [u64; 3] {
        let mut sorted: Vec<u64> = self.passes.iter().map(|row| row[column]).collect();
        sorted.sort_unstable();
        let last = sorted.len() - 1;
        [last / 4, last / 2, last - last / 4].map(|i| sorted[i])
    }
}

impl Watch for Timing {
    fn mark(&mut self, _name: &'static str) {}

    fn start_pass(&mut self) {
        if self.passes.is_empty() {
            self.peak_of_set_up = usage().peak_rss_bytes;
            // Where it cannot be reset, the peak at the end is that of set-up and passes together.
            let _ = reset_peak();
        }
        let allocations = thread_counts().map_or(0, |counts| counts.allocations);
        self.at_start = (usage(), allocations, Instant::now());
    }

    fn end_pass(&mut self) {
        let (usage_before, allocations_before, start) = self.at_start;
        let elapsed: Duration = start.elapsed();
        let allocations = thread_counts().map_or(0, |counts| counts.allocations);
        let growth = usage().since(&usage_before);
        let faults = growth.minor_faults.unwrap_or(0) + growth.major_faults.unwrap_or(0);
        let ns = elapsed.as_nanos() as u64;
        self.passes.push([faults, allocations - allocations_before, ns]);
    }
}

impl Figures {
    fn to_line(self) -> String {
        let Figures { peak_bytes, faults_a_pass, allocations_a_pass, pass_ns, digest } = self;
        let [q1, median, q3] = pass_ns;
        format!(
            "figures {peak_bytes} {faults_a_pass} {allocations_a_pass} {q1} {median} {q3} {digest}"
        )
    }

    fn from_line(line: &str) -> Option<Self> {
        let numbers = line.strip_prefix("figures ")?.split_whitespace().map(str::parse);
        let numbers: Vec<u64> = numbers.collect::<Result<_, _>>().ok()?;
        let &[peak_bytes, faults_a_pass, allocations_a_pass, q1, median, q3, digest] =
            numbers.as_slice()
        else {
            return None;
        };
        let pass_ns = [q1, median, q3];
        Some(Figures { peak_bytes, faults_a_pass, allocations_a_pass, pass_ns, digest })
    }
}
