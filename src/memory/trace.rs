//! Which line of a loop grows the process: named marks, and the table of growth between them.

use std::borrow::Cow;
use std::fmt;
use std::hint::black_box;

use super::reading::{Usage, UsageGrowth};
use super::text::{Padded, plain, width};
use super::usage::{reset_peak, usage};

/// A record of how the process grew, from mark to mark.
///
/// Put a [`mark`](Trace::mark) behind each step whose memory you want to know, named after what the
/// step made; print the trace at the end. For each mark the table shows, side by side, how much
/// more is held than at the last mark (*current*) and how much more was needed in between (*peak*),
/// then both counted from the start. A step that makes a new array while the old one is still alive
/// shows up as a peak of one array and a current of none; if the allocator keeps the old one's
/// memory when it is freed, as in the last pass below, the current grows as well.
///
/// The figures are those of [`usage()`] for the whole process, with its limits: other threads are
/// in them, freed memory leaves when the allocator gives it back, and peaks are exact to some
/// hundred KiB.
///
/// **A trace resets the peak of the process at its start and at each mark**, as [`reset_peak`]
/// does: one trace at a time, and whoever wants the peak over all marks finds it in the trace
/// ([`Trace::total`]), no longer in [`usage()`]. What another thread reaches and leaves within the
/// microseconds of a mark itself may be missed. Where the system does not let the peak be reset, a
/// peak is given where it is known all the same (the process grew beyond all it had before) and is
/// `None`, printed as `-`, otherwise.
///
/// A mark costs about 30 µs, and neither allocates nor touches a new page, provided its name is a
/// `&'static str` and the trace has room for it: all storage is made, and touched, at the start. A
/// mark beyond the capacity is recorded all the same, and the growth of the storage then shows at
/// the mark after it. The code that runs between two marks for the first time is in the figures of
/// the second, unless [`prefault_code`](super::prefault_code) was called.
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::memory::{Trace, nbytes};
///
/// let mut trace = Trace::with_capacity(4);
/// let mut a = Array2::from_elem((1000, 1000), 1.0);
/// trace.mark("a");
/// for _ in 0..3 {
///     trace.start_pass();
///     a = &a * 0.5; // the new array is made before the old one is freed
///     trace.mark("a / 2");
/// }
/// assert_eq!(trace.marks()[3].name, "a / 2");
/// println!("{}", trace.array_bytes(nbytes(&a)));
/// ```
///
/// prints, with glibc:
///
/// ```text
/// growth                           since last mark                           since start
///                       current               peak            current               peak
/// pass mark        MiB   arrays       MiB   arrays       MiB   arrays       MiB   arrays
///    - a          7.63     1.00      7.63     1.00      7.63     1.00      7.63     1.00
///    1 a / 2      0.00     0.00      7.62     1.00      7.63     1.00     15.25     2.00
///    2 a / 2      0.00     0.00      7.62     1.00      7.63     1.00     15.26     2.00
///    3 a / 2      7.63     1.00      7.63     1.00     15.26     2.00     15.26     2.00
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    marks: Vec<Mark>,
    pass: usize,
    array_bytes: Option<usize>,
    start: Usage,
    last: Usage,
    /// The highest peak seen since the start, as far as it is known.
    peak_rss_bytes: Option<u64>,
    /// Whether the kernel's peak began again at `last`.
    is_peak_reset: bool,
}

impl Trace {
    /// A trace that starts now and has room for `marks` marks.
    #[must_use]
    pub fn with_capacity(marks: usize) -> Self {
        let mut trace = Self {
            marks: Vec::with_capacity(marks.max(1)),
            pass: 0,
            array_bytes: None,
            start: Usage::default(),
            last: Usage::default(),
            peak_rss_bytes: None,
            is_peak_reset: false,
        };
        // Touch all that a mark will touch: its storage, its code, its part of the stack.
        trace.marks.resize(trace.marks.capacity(), Mark::default());
        black_box(&mut trace.marks).clear();
        trace.mark("warm-up");
        trace.marks.clear();
        trace.restart();
        trace
    }

    /// Lets the table count in arrays of this many bytes as well; see [`nbytes`](super::nbytes). 0
    /// takes it back.
    #[must_use]
    pub fn array_bytes(mut self, bytes: usize) -> Self {
        self.array_bytes = Some(bytes).filter(|&bytes| bytes > 0);
        self
    }

    /// Says that another pass of the loop begins: the marks from here on belong to it.
    pub fn start_pass(&mut self) {
        self.pass += 1;
    }

    /// Records how the process grew since the last mark, and calls the step that ended here `name`.
    ///
    /// A name that has to be made first (`format!`) grows the process itself; for the number of the
    /// pass there is [`start_pass`](Trace::start_pass).
    pub fn mark(&mut self, name: impl Into<Cow<'static, str>>) {
        self.record(name.into(), usage());
        self.is_peak_reset = reset_peak().is_ok();
    }

    /// The marks so far, in their order.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The growth from the start to the last mark, with the highest peak in between; nothing grew
    /// before the first mark.
    #[must_use]
    pub fn total(&self) -> UsageGrowth {
        self.marks.last().map_or_else(|| self.start.since(&self.start), |mark| mark.total)
    }

    /// What was held when the trace started: add it to a growth to get the absolute figure.
    #[must_use]
    pub fn start(&self) -> Usage {
        self.start
    }

    /// A trace that was recorded elsewhere, to be printed.
    #[cfg(any(test, all(feature = "compare", not(loom))))]
    pub(crate) fn of_marks(marks: Vec<Mark>) -> Self {
        Self {
            marks,
            pass: 0,
            array_bytes: None,
            start: Usage::default(),
            last: Usage::default(),
            peak_rss_bytes: None,
            is_peak_reset: false,
        }
    }

    fn restart(&mut self) {
        self.is_peak_reset = reset_peak().is_ok();
        self.start = usage();
        self.last = self.start;
        self.peak_rss_bytes = self.start.peak_rss_bytes.filter(|_| self.is_peak_reset);
    }

    /// The peak of a process that did not begin again at the last mark belongs to this step only if
    /// it has risen since.
    fn record(&mut self, name: Cow<'static, str>, now: Usage) {
        let peak_since_last = now.peak_rss_bytes.filter(|&peak| {
            self.is_peak_reset || self.last.peak_rss_bytes.is_some_and(|last| peak > last)
        });
        self.peak_rss_bytes = self.peak_rss_bytes.max(peak_since_last);
        self.marks.push(Mark {
            pass: self.pass,
            name,
            growth: Usage { peak_rss_bytes: peak_since_last, ..now }.since(&self.last),
            total: Usage { peak_rss_bytes: self.peak_rss_bytes, ..now }.since(&self.start),
        });
        self.last = now;
    }
}

/// One row of a [`Trace`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Mark {
    /// The pass of the loop it belongs to, from 1; 0 before the first.
    pub pass: usize,
    /// What the step that ended here is called.
    pub name: Cow<'static, str>,
    /// What changed since the last mark; the peak is the highest point in between.
    pub growth: UsageGrowth,
    /// What changed since the start; the peak is the highest point until here.
    pub total: UsageGrowth,
}

/// The widths of a column of figures: `-99999.99` MiB and `-9999.99` arrays fit, with a space
/// before them.
const MIB_WIDTH: usize = 10;
const ARRAYS_WIDTH: usize = 9;

/// The table of growth, each line ended, as the [type's documentation](Trace) shows it.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = Table {
            name_width: self
                .marks
                .iter()
                .map(|mark| width(&plain(&mark.name)))
                .max()
                .unwrap_or(0)
                .max("growth".len()),
            array_bytes: self.array_bytes,
            has_passes: self.marks.iter().any(|mark| mark.pass > 0),
        };
        table.write_head(f)?;
        self.marks.iter().try_for_each(|mark| table.write_row(f, mark))
    }
}

/// How the table is laid out: a name, then four cells of one or two figures each.
struct Table {
    name_width: usize,
    array_bytes: Option<usize>,
    has_passes: bool,
}

impl Table {
    fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pass = if self.has_passes { "pass " } else { "" };
        let (names, left) = (self.name_width, pass.len() + self.name_width);
        let cell = MIB_WIDTH + self.array_bytes.map_or(0, |_| ARRAYS_WIDTH);
        let pair = 2 * cell;
        let growth = Padded("growth", left);
        writeln!(f, "{growth}{:>pair$}{:>pair$}", "since last mark", "since start")?;
        write!(f, "{}", Padded("", left))?;
        for _ in 0..2 {
            write!(f, "{:>cell$}{:>cell$}", "current", "peak")?;
        }
        write!(f, "\n{pass}{}", Padded("mark", names))?;
        for _ in 0..4 {
            write!(f, "{:>MIB_WIDTH$}", "MiB")?;
            if self.array_bytes.is_some() {
                write!(f, "{:>ARRAYS_WIDTH$}", "arrays")?;
            }
        }
        writeln!(f)
    }

    fn write_row(&self, f: &mut fmt::Formatter<'_>, mark: &Mark) -> fmt::Result {
        match (self.has_passes, mark.pass) {
            (false, _) => {}
            (true, 0) => write!(f, "   - ")?,
            (true, pass) => write!(f, "{pass:>4} ")?,
        }
        write!(f, "{}", Padded(&plain(&mark.name), self.name_width))?;
        for growth in [&mark.growth, &mark.total] {
            self.write_cell(f, growth.current_rss_bytes)?;
            self.write_cell(f, growth.peak_rss_bytes)?;
        }
        writeln!(f)
    }

    fn write_cell(&self, f: &mut fmt::Formatter<'_>, bytes: Option<i64>) -> fmt::Result {
        write_ratio(f, bytes, 1024 * 1024, MIB_WIDTH)?;
        match self.array_bytes {
            Some(array_bytes) => write_ratio(f, bytes, array_bytes, ARRAYS_WIDTH),
            None => Ok(()),
        }
    }
}

/// Two decimals, without a minus in front of nothing.
fn write_ratio(
    f: &mut fmt::Formatter<'_>,
    bytes: Option<i64>,
    unit_bytes: usize,
    width: usize,
) -> fmt::Result {
    let Some(bytes) = bytes else { return write!(f, "{:>width$}", "-") };
    let ratio = bytes as f64 / unit_bytes as f64;
    let shown = if ratio.abs() < 0.005 { 0.0 } else { ratio };
    write!(f, "{shown:>width$.2}")
}

#[cfg(test)]
mod tests {
    use super::{Mark, Trace, Usage, UsageGrowth};

    const MIB: i64 = 1024 * 1024;

    fn growth(current_mib: i64, peak_mib: Option<i64>) -> UsageGrowth {
        UsageGrowth {
            current_rss_bytes: Some(current_mib * MIB),
            peak_rss_bytes: peak_mib.map(|peak_mib| peak_mib * MIB),
            ..UsageGrowth::default()
        }
    }

    fn mark(
        pass: usize,
        name: &'static str,
        last: (i64, Option<i64>),
        start: (i64, Option<i64>),
    ) -> Mark {
        let (growth, total) = (growth(last.0, last.1), growth(start.0, start.1));
        Mark { pass, name: name.into(), growth, total }
    }

    #[test]
    fn names_of_any_length_and_kind_can_be_shown() {
        let mut trace = Trace::with_capacity(2);
        trace.mark("long ".repeat(20_000));
        trace.mark("\u{1b}[2J");
        let text = trace.to_string();
        assert!(text.contains("\n\\u{1b}[2J ") && !text.contains('\u{1b}'));
    }

    #[test]
    fn table_counts_in_mib_and_arrays_by_pass() {
        let trace = Trace::of_marks(vec![
            mark(0, "a_current", (8, Some(8)), (8, Some(8))),
            mark(1, "a_next", (0, Some(12)), (8, Some(20))),
            mark(12, "ä", (-6, None), (2, Some(20))),
        ]);
        let expected = "\
     growth                               since last mark                           since start
                          current               peak            current               peak
pass mark            MiB   arrays       MiB   arrays       MiB   arrays       MiB   arrays
   - a_current      8.00     1.00      8.00     1.00      8.00     1.00      8.00     1.00
   1 a_next         0.00     0.00     12.00     1.50      8.00     1.00     20.00     2.50
  12 ä             -6.00    -0.75         -        -      2.00     0.25     20.00     2.50
";
        assert_eq!(trace.array_bytes(8 << 20).to_string(), expected);
    }

    #[test]
    fn table_without_passes_and_arrays_leaves_their_columns_out() {
        let mut nearly_nothing = mark(0, "a", (0, None), (100_000, None));
        nearly_nothing.growth.current_rss_bytes = Some(-4096);
        let expected = "\
growth     since last mark         since start
         current      peak   current      peak
mark         MiB       MiB       MiB       MiB
a           0.00         - 100000.00         -
";
        assert_eq!(Trace::of_marks(vec![nearly_nothing]).array_bytes(0).to_string(), expected);
    }

    fn reading(current_bytes: u64, peak_bytes: u64) -> Usage {
        Usage {
            current_rss_bytes: Some(current_bytes),
            peak_rss_bytes: Some(peak_bytes),
            ..Usage::default()
        }
    }

    #[test]
    fn without_resets_a_peak_is_known_only_where_it_rose() {
        let mut trace = Trace::of_marks(vec![]);
        (trace.start, trace.last) = (reading(50, 100), reading(50, 100));
        for now in [reading(60, 100), reading(60, 150), reading(70, 150)] {
            trace.record("step".into(), now);
        }
        let peaks =
            trace.marks.iter().map(|mark| (mark.growth.peak_rss_bytes, mark.total.peak_rss_bytes));
        assert!(peaks.eq([(None, None), (Some(90), Some(100)), (None, Some(100))]));
    }

    #[test]
    fn with_resets_each_step_has_its_own_peak_and_the_highest_is_kept() {
        let mut trace = Trace::of_marks(vec![]);
        trace.is_peak_reset = true;
        (trace.start, trace.last) = (reading(50, 50), reading(50, 50));
        for now in [reading(60, 160), reading(60, 80), reading(40, 60)] {
            trace.record("step".into(), now);
        }
        let peaks =
            trace.marks.iter().map(|mark| (mark.growth.peak_rss_bytes, mark.total.peak_rss_bytes));
        assert!(peaks.eq([(Some(110), Some(110)), (Some(20), Some(110)), (Some(0), Some(110))]));
    }

    #[test]
    fn a_trace_without_marks_is_a_head() {
        assert_eq!(Trace::of_marks(vec![]).to_string().lines().count(), 3);
        assert_eq!(Trace::with_capacity(0).marks(), []);
    }
}
