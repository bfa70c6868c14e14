//! What was measured: plain data, from one pass up to a variant's summary.
//!
//! These types are what `report.json` holds. A figure that the system does not offer is `None`
//! (`null`), never a guess.

use serde::{Deserialize, Serialize};

/// One pass of a loop.
///
/// In a process that is timed, the passes that count have only their time and their allocations:
/// asking the kernel between two of them would change the time of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PassFigures {
    /// How long it took.
    pub time_ns: u64,
    /// Page faults that needed no disk, of all threads.
    pub minor_faults: Option<u64>,
    /// Page faults that waited for a disk, of all threads.
    pub major_faults: Option<u64>,
    /// Requests for heap memory (allocations and reallocations) of all threads; `None` if the
    /// program counts none.
    pub allocations: Option<u64>,
    /// The bytes of these requests.
    pub allocated_bytes: Option<u64>,
    /// RSS after the pass, above the base.
    pub held_bytes: Option<i64>,
}

/// One process: a variant from its set-up to its last pass.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Repeat {
    /// RSS before the set-up. The figures below that speak of memory held are above it.
    pub base_bytes: Option<u64>,
    /// The most held during the set-up.
    pub set_up_peak_bytes: Option<i64>,
    /// The most held during the passes, those for warm-up included.
    pub passes_peak_bytes: Option<i64>,
    /// Whether the peak could be reset between set-up and passes; if not, `passes_peak_bytes` is
    /// that of both.
    pub is_peak_reset: bool,
    /// Held after the last pass, while the variant's arrays are alive.
    pub end_bytes: Option<i64>,
    /// The most bytes of heap memory alive at once, above what was alive before the set-up. Memory
    /// that does not come from the heap, as that of pools, is not in it.
    pub heap_peak_bytes: Option<u64>,
    /// Page faults of the passes that count, together, that needed no disk.
    pub passes_minor_faults: Option<u64>,
    /// Page faults of the passes that count, together, that waited for a disk.
    pub passes_major_faults: Option<u64>,
    /// Faults of the whole process until the last pass was over: what tools that look at it from
    /// outside see as well.
    pub process_minor_faults: Option<u64>,
    /// Requests for heap memory of the whole process until then.
    pub process_allocations: Option<u64>,
    /// How long the set-up took.
    pub set_up_ns: u64,
    /// The passes for warm-up, in their order.
    pub warm_up: Vec<PassFigures>,
    /// The passes that count, in their order.
    pub passes: Vec<PassFigures>,
    /// The digest that [`Run::outcome`](super::Run::outcome) made, in hexadecimal.
    pub outcome: Option<String>,
}

/// RSS over the time of one process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Curve {
    /// When it was read, since the variant began.
    pub time_ns: Vec<u64>,
    /// What was held then, above the base; as long as `time_ns`.
    pub held_bytes: Vec<i64>,
    /// When the passes began, those for warm-up first.
    pub pass_start_ns: Vec<u64>,
}

/// One row of the growth table: what a step added.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrowthRow {
    /// Which pass, counted from 1 with those for warm-up; 0 in the set-up.
    pub pass: usize,
    /// What the mark that ended the step is called.
    pub mark: String,
    /// How much more was held than at the last mark.
    pub current_bytes: Option<i64>,
    /// How much more was needed since the last mark, at most.
    pub peak_bytes: Option<i64>,
    /// How much more was held than at the start.
    pub total_current_bytes: Option<i64>,
    /// How much more than at the start was needed until here, at most.
    pub total_peak_bytes: Option<i64>,
}

/// Where the middle half of some figures lies, and their extremes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quartiles {
    /// The least.
    pub min: u64,
    /// A quarter lies below.
    pub q1: u64,
    /// Half lies below.
    pub median: u64,
    /// A quarter lies above.
    pub q3: u64,
    /// The most.
    pub max: u64,
}

impl Quartiles {
    /// The quartiles of `figures`, each one of the figures themselves; `None` if there are none.
    pub(super) fn of(figures: impl IntoIterator<Item = u64>) -> Option<Self> {
        let mut sorted: Vec<u64> = figures.into_iter().collect();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)?;
        Some(Self {
            min: sorted[0],
            q1: sorted[last / 4],
            median: sorted[last / 2],
            q3: sorted[last - last / 4],
            max: sorted[last],
        })
    }
}

/// A variant in a handful of figures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// The most held at any time, above the base: the higher one of the next two.
    pub peak_bytes: Option<i64>,
    /// The most held during the set-up; median of the repeats.
    pub set_up_peak_bytes: Option<i64>,
    /// The most held during the passes; median of the repeats.
    pub passes_peak_bytes: Option<i64>,
    /// Held after the last pass; median of the repeats.
    pub end_bytes: Option<i64>,
    /// By how much a pass leaves the process larger: three passes of four do by this or by more, in
    /// the process that was watched.
    pub growth_bytes_a_pass: Option<i64>,
    /// The most bytes of heap memory alive at once; median of the repeats.
    pub heap_peak_bytes: Option<u64>,
    /// Requests for heap memory; median of the passes.
    pub allocations_a_pass: Option<u64>,
    /// Bytes asked for; median of the passes.
    pub allocated_bytes_a_pass: Option<u64>,
    /// Page faults that needed no disk: the mean of a process's passes; median of the repeats.
    pub minor_faults_a_pass: Option<u64>,
    /// Page faults that waited for a disk: the mean of a process's passes; median of the repeats.
    pub major_faults_a_pass: Option<u64>,
    /// The time of a pass.
    pub pass_ns: Quartiles,
    /// The very first pass of a process; medians of the repeats.
    pub first_pass: PassFigures,
}

impl Summary {
    /// Sums up the processes that were timed and the one that was watched; `None` without a single
    /// pass that was timed.
    pub(super) fn of(repeats: &[Repeat], watched: Option<&Repeat>) -> Option<Self> {
        let passes: Vec<PassFigures> =
            repeats.iter().flat_map(|repeat| repeat.passes.iter().copied()).collect();
        let first: Vec<PassFigures> = repeats
            .iter()
            .filter_map(|r| r.warm_up.iter().chain(&r.passes).next().copied())
            .collect();
        let pass_ns = Quartiles::of(passes.iter().map(|pass| pass.time_ns))?;
        let set_up_peak_bytes = median(repeats.iter().map(|r| r.set_up_peak_bytes));
        let passes_peak_bytes = median(repeats.iter().map(|r| r.passes_peak_bytes));
        Some(
            Self {
                peak_bytes: set_up_peak_bytes.max(passes_peak_bytes),
                set_up_peak_bytes,
                passes_peak_bytes,
                end_bytes: median(repeats.iter().map(|r| r.end_bytes)),
                growth_bytes_a_pass: lower_quartile(watched.into_iter().flat_map(growths)),
                heap_peak_bytes: median(repeats.iter().map(|r| r.heap_peak_bytes)),
                minor_faults_a_pass: faults_a_pass(repeats, |r| r.passes_minor_faults),
                major_faults_a_pass: faults_a_pass(repeats, |r| r.passes_major_faults),
                pass_ns,
                ..Self::default()
            }
            .with_medians(median_pass(&passes), median_pass(&first)),
        )
    }

    fn with_medians(self, pass: PassFigures, first_pass: PassFigures) -> Self {
        Self {
            allocations_a_pass: pass.allocations,
            allocated_bytes_a_pass: pass.allocated_bytes,
            first_pass,
            ..self
        }
    }

    /// Page faults a pass of both kinds.
    #[must_use]
    pub fn faults_a_pass(&self) -> Option<u64> {
        Some(self.minor_faults_a_pass?.saturating_add(self.major_faults_a_pass?))
    }
}

/// Rounded: a fault in one pass of many is none a pass.
fn faults_a_pass(repeats: &[Repeat], of: impl Fn(&Repeat) -> Option<u64>) -> Option<u64> {
    median(repeats.iter().map(|repeat| {
        let passes = repeat.passes.len().max(1) as u64;
        Some((of(repeat)? + passes / 2) / passes)
    }))
}

/// Each figure's own median.
fn median_pass(passes: &[PassFigures]) -> PassFigures {
    PassFigures {
        time_ns: median(passes.iter().map(|p| Some(p.time_ns))).unwrap_or(0),
        minor_faults: median(passes.iter().map(|p| p.minor_faults)),
        major_faults: median(passes.iter().map(|p| p.major_faults)),
        allocations: median(passes.iter().map(|p| p.allocations)),
        allocated_bytes: median(passes.iter().map(|p| p.allocated_bytes)),
        held_bytes: median(passes.iter().map(|p| p.held_bytes)),
    }
}

/// By how much each pass left the process larger than the one before it.
fn growths(repeat: &Repeat) -> impl Iterator<Item = Option<i64>> {
    repeat.passes.windows(2).map(|pair| Some(pair[1].held_bytes? - pair[0].held_bytes?))
}

/// The lower middle one; `None` if one figure is missing, or all are.
fn median<T: Ord + Copy>(figures: impl Iterator<Item = Option<T>>) -> Option<T> {
    quantile(figures, 2)
}

/// A loop that now gives memory back and now does not grows in half of its passes; one that keeps
/// what it makes grows in all.
fn lower_quartile<T: Ord + Copy>(figures: impl Iterator<Item = Option<T>>) -> Option<T> {
    quantile(figures, 4)
}

/// The figure below which the `part`th part of the others lies.
fn quantile<T: Ord + Copy>(figures: impl Iterator<Item = Option<T>>, part: usize) -> Option<T> {
    let mut sorted: Vec<T> = figures.collect::<Option<_>>()?;
    sorted.sort_unstable();
    sorted.get(sorted.len().checked_sub(1)? / part).copied()
}

#[cfg(test)]
mod tests {
    use super::{PassFigures, Quartiles, Repeat, Summary, median};

    #[test]
    fn quartiles_are_figures_themselves() {
        let of = |figures: &[u64]| Quartiles::of(figures.iter().copied());
        assert_eq!(of(&[]), None);
        let all = |n| Quartiles { min: n, q1: n, median: n, q3: n, max: n };
        assert_eq!(of(&[7]), Some(all(7)));
        let expected = Quartiles { min: 1, q1: 2, median: 3, q3: 4, max: 90 };
        assert_eq!(of(&[4, 90, 1, 3, 2]), Some(expected));
    }

    #[test]
    fn a_missing_figure_leaves_no_median() {
        assert_eq!(median([Some(3), Some(1), Some(2)].into_iter()), Some(2));
        assert_eq!(median([Some(3), None].into_iter()), None);
        assert_eq!(median::<u64>([].into_iter()), None);
    }

    fn pass(time_ns: u64, held_bytes: i64) -> PassFigures {
        PassFigures { time_ns, held_bytes: Some(held_bytes), ..PassFigures::default() }
    }

    #[test]
    fn a_summary_takes_the_higher_peak_the_steady_growth_and_the_first_pass() {
        let timed = Repeat {
            set_up_peak_bytes: Some(900),
            passes_peak_bytes: Some(700),
            end_bytes: Some(600),
            warm_up: vec![pass(99, 0)],
            passes: vec![pass(10, 0), pass(12, 0), pass(11, 0), pass(40, 0)],
            passes_minor_faults: Some(4 * 70 + 1),
            ..Repeat::default()
        };
        let watched = Repeat {
            passes: vec![pass(80, 100), pass(80, 200), pass(80, 300), pass(80, 350)],
            ..Repeat::default()
        };
        let summary = Summary::of(&[timed.clone(), timed], Some(&watched)).unwrap();
        assert_eq!((summary.peak_bytes, summary.end_bytes), (Some(900), Some(600)));
        assert_eq!(summary.growth_bytes_a_pass, Some(50)); // of 50, 100, 100
        assert_eq!((summary.pass_ns.median, summary.first_pass.time_ns), (11, 99));
        assert_eq!((summary.minor_faults_a_pass, summary.faults_a_pass()), (Some(70), None));
        assert_eq!(Summary::of(&[Repeat::default()], Some(&watched)), None);
    }
}
