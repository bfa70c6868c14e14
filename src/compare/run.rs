//! What a variant is handed: it says where the set-up ends and what a pass is, and the figures are
//! taken around that.

use std::hash::{DefaultHasher, Hasher};
use std::time::Instant;

use super::figures::{Curve, GrowthRow, PassFigures, Repeat};
use super::handshake::{Finished, Watched};
use super::sampler::{self, Sampler};
use crate::memory::heap::{self, ProcessCounts};
use crate::memory::{self, Mark, Trace, Usage, usage};

/// The growth table shows so many passes: the first finds nothing to free, the second is as all
/// that follow, and the others show it.
const MARKED_PASSES: usize = 5;

/// Room for marks. If there are more, a few pages are touched in the middle of the watched run.
const MARKS: usize = 256;

/// A curve has at most so many points.
const CURVE_POINTS: usize = 400;

/// One run of a variant, in a process of its own.
///
/// A variant sets up what its loop needs and calls [`passes`](Run::passes) once. Marks are recorded
/// in the one process that is watched; in those that are timed they do nothing.
#[derive(Debug)]
pub struct Run {
    passes: usize,
    warm_up_passes: usize,
    start: Instant,
    base: Reading,
    set_up: Option<SetUp>,
    /// What was read before the first pass that counts.
    warmed_up: Reading,
    /// One for each pass so far. Its room was made and touched before the base was read.
    rows: Vec<PassFigures>,
    end: Option<Reading>,
    watch: Option<Watch>,
    outcome: Option<u64>,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    usage: Usage,
    heap: Option<ProcessCounts>,
}

#[derive(Debug)]
struct SetUp {
    peak_rss_bytes: Option<u64>,
    is_peak_reset: bool,
    time_ns: u64,
}

/// What looks on in the process that is watched.
#[derive(Debug)]
struct Watch {
    trace: Trace,
    sampler: Option<Sampler>,
    /// The clock of the samples, which starts a little before the variant.
    sampling_start: Instant,
    samples: Vec<sampler::Sample>,
    pass_start_ns: Vec<u64>,
}

/// One pass of the loop.
#[derive(Debug)]
pub struct Pass<'r> {
    run: &'r mut Run,
    index: usize,
}

impl Run {
    /// Calls `body` once for each pass, those for warm-up first, and measures each call.
    ///
    /// Where nobody watches, all passes after the first follow each other at once: between two of
    /// them lie the clock and the allocator's counters, and no call to the kernel, except for one
    /// reading where the warm-up ends.
    ///
    /// What `body` makes and does not hand out is dropped at its end, within the pass, as in the
    /// body of a loop.
    ///
    /// # Panics
    ///
    /// If it is called a second time: the figures would be those of both.
    pub fn passes(&mut self, mut body: impl FnMut(&mut Pass<'_>)) {
        assert!(
            self.set_up.is_none(),
            "a variant calls `passes` once, but this is the second time"
        );
        self.end_set_up();
        let mut before = Reading::now();
        for index in 0..self.total_passes() {
            if index == self.warm_up_passes {
                before = Reading::now();
                self.warmed_up = before;
            }
            self.begin_pass(index);
            let start = Instant::now();
            body(&mut Pass { run: self, index });
            let time_ns = start.elapsed().as_nanos() as u64;
            let is_read = self.watch.is_some() || index == 0;
            let after = if is_read { Reading::now() } else { Reading::of_heap() };
            self.rows.push(after.since(&before, time_ns, &self.base));
            before = after;
        }
        self.end = Some(Reading::now());
        if let Some(watch) = &mut self.watch {
            watch.samples = watch.sampler.take().map(Sampler::stop).unwrap_or_default();
        }
    }

    /// Names a step of the set-up that ends here, for the growth table.
    pub fn mark(&mut self, name: &'static str) {
        if let Some(watch) = &mut self.watch {
            watch.trace.mark(name);
        }
    }

    /// Says what the variant computed, as numbers that are the same if the result is:
    /// `run.outcome(a.iter().map(|x| x.to_bits()))`. Call it after the passes. The report tells
    /// whether all variants ended alike; only a digest is kept.
    pub fn outcome(&mut self, numbers: impl IntoIterator<Item = u64>) {
        let mut hasher = DefaultHasher::new();
        numbers.into_iter().for_each(|number| hasher.write_u64(number));
        self.outcome = Some(hasher.finish());
    }

    /// How many passes will run, those for warm-up included.
    #[must_use]
    pub fn total_passes(&self) -> usize {
        self.warm_up_passes + self.passes
    }

    /// Makes all storage, maps the program's code in, touches what a reading touches, so that none
    /// of it is in the figures, and reads the base: the variant begins now.
    pub(super) fn new(passes: usize, warm_up_passes: usize, is_watched: bool) -> Self {
        let _ = memory::prefault_code();
        let total = warm_up_passes + passes;
        let mut rows = vec![PassFigures { time_ns: 1, ..PassFigures::default() }; total];
        std::hint::black_box(&mut rows).clear();
        let watch = is_watched.then(|| {
            let mut pass_start_ns = vec![1; total];
            std::hint::black_box(&mut pass_start_ns).clear();
            let sampling_start = Instant::now();
            let (sampler, samples) = (Some(Sampler::start(sampling_start)), Vec::new());
            let trace = Trace::with_capacity(MARKS);
            Watch { trace, sampler, sampling_start, samples, pass_start_ns }
        });
        let _ = Reading::now();
        heap::reset_peak();
        // An earlier peak of the program must not pass for one of the set-up.
        let _ = memory::reset_peak();
        let base = Reading::now();
        let start = Instant::now();
        let (set_up, warmed_up, end, outcome) = (None, base, None, None);
        Self { passes, warm_up_passes, start, base, set_up, warmed_up, rows, end, watch, outcome }
    }

    fn end_set_up(&mut self) {
        let time_ns = self.start.elapsed().as_nanos() as u64;
        let peak_rss_bytes = usage().peak_rss_bytes;
        let is_peak_reset = memory::reset_peak().is_ok();
        self.set_up = Some(SetUp { peak_rss_bytes, is_peak_reset, time_ns });
    }

    fn begin_pass(&mut self, index: usize) {
        let Some(watch) = &mut self.watch else { return };
        watch.pass_start_ns.push(self.start.elapsed().as_nanos() as u64);
        if index < MARKED_PASSES {
            watch.trace.start_pass();
        }
    }

    /// The figures; `None` if [`passes`](Run::passes) was not called.
    pub(super) fn finish(mut self) -> Option<Finished> {
        let (set_up, end) = (self.set_up?, self.end?);
        let base = self.base.usage;
        let above_base = |bytes: Option<u64>| Some(bytes? as i64 - base.current_rss_bytes? as i64);
        let of_passes = end.usage.since(&self.warmed_up.usage);
        let passes = self.rows.split_off(self.warm_up_passes);
        let repeat = Repeat {
            base_bytes: base.current_rss_bytes,
            set_up_peak_bytes: above_base(set_up.peak_rss_bytes),
            passes_peak_bytes: above_base(end.usage.peak_rss_bytes),
            is_peak_reset: set_up.is_peak_reset,
            end_bytes: above_base(end.usage.current_rss_bytes),
            heap_peak_bytes: heap_peak_bytes(&self.base, &end),
            passes_minor_faults: of_passes.minor_faults,
            passes_major_faults: of_passes.major_faults,
            process_minor_faults: end.usage.minor_faults,
            process_allocations: end.heap.map(|heap| heap.total.requests()),
            set_up_ns: set_up.time_ns,
            warm_up: self.rows,
            passes,
            outcome: self.outcome.map(|digest| format!("{digest:016x}")),
        };
        let watched = self.watch.map(|watch| watch.finish(self.start, base.current_rss_bytes));
        Some(Finished { repeat, watched })
    }
}

impl Pass<'_> {
    /// Which pass this is, from 0; those for warm-up come first.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether no pass follows.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.index + 1 == self.run.total_passes()
    }

    /// Names the step that ends here, for the growth table, which shows the first passes.
    pub fn mark(&mut self, name: &'static str) {
        if self.index < MARKED_PASSES {
            self.run.mark(name);
        }
    }
}

impl Reading {
    fn now() -> Self {
        Self { usage: usage(), ..Self::of_heap() }
    }

    /// The allocator's counters alone, for some nanoseconds. Asking the kernel takes tens of
    /// microseconds, and much of what a pass left in the caches.
    fn of_heap() -> Self {
        Self { usage: Usage::default(), heap: heap::process_counts() }
    }

    fn since(&self, before: &Self, time_ns: u64, base: &Self) -> PassFigures {
        let usage = self.usage.since(&before.usage);
        let heap = self.heap.zip(before.heap).map(|(now, then)| now.total.since(&then.total));
        PassFigures {
            time_ns,
            minor_faults: usage.minor_faults,
            major_faults: usage.major_faults,
            allocations: heap.map(|heap| heap.requests()),
            allocated_bytes: heap.map(|heap| heap.allocated_bytes),
            held_bytes: self.usage.since(&base.usage).current_rss_bytes,
        }
    }
}

fn heap_peak_bytes(base: &Reading, end: &Reading) -> Option<u64> {
    Some(end.heap?.peak_bytes.saturating_sub(base.heap?.current_bytes))
}

impl Watch {
    fn finish(self, start: Instant, base_bytes: Option<u64>) -> Watched {
        let base_bytes = base_bytes.unwrap_or(0) as i64;
        let before_ns = start.duration_since(self.sampling_start).as_nanos() as u64;
        let of_variant = self.samples.into_iter().filter(|sample| sample.0 >= before_ns);
        let samples: Vec<_> = of_variant.map(|(ns, rss)| (ns - before_ns, rss)).collect();
        let samples = sampler::reduce(&samples, CURVE_POINTS);
        let curve = Curve {
            time_ns: samples.iter().map(|sample| sample.0).collect(),
            held_bytes: samples.iter().map(|sample| sample.1 as i64 - base_bytes).collect(),
            pass_start_ns: self.pass_start_ns,
        };
        Watched { curve, growth: self.trace.marks().iter().map(GrowthRow::of).collect() }
    }
}

impl GrowthRow {
    fn of(mark: &Mark) -> Self {
        Self {
            pass: mark.pass,
            mark: mark.name.clone().into_owned(),
            current_bytes: mark.growth.current_rss_bytes,
            peak_bytes: mark.growth.peak_rss_bytes,
            total_current_bytes: mark.total.current_rss_bytes,
            total_peak_bytes: mark.total.peak_rss_bytes,
        }
    }
}
