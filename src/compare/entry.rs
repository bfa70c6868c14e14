//! The ways in: which side of the handshake this process is on, and what it does there.

use super::child;
use super::comparison::Comparison;
use super::error::CompareError;
use super::handshake::{Position, position};
use super::parent;
use super::report::Report;
use super::sweep::Sweep;

impl Comparison<'_> {
    /// Runs all variants, each in processes of its own, and reports.
    ///
    /// In a process that a comparison has started, this does not return: it runs the one variant
    /// that the process is for, writes its figures down, and ends the process.
    ///
    /// # Errors
    ///
    /// If there is no variant, two have one name, the baseline is none of them, or `passes` or
    /// `repeats` is 0; if a comparison of this name has run in this process before; and if the
    /// system refuses to start the first process or to write temporary files. A variant that panics,
    /// dies or does not end is no error: see [`Report::failures`] and [`Report::require_figures`].
    pub fn run(self) -> Result<Report, CompareError> {
        self.check()?;
        match position()? {
            Position::Parent => parent::run(self),
            Position::Child(job) if job.key == self.key() => child::be(self, job),
            Position::Child(job) => job.earlier_report(&self.key()),
        }
    }
}

/// Runs the comparison that `build` makes for each of `sizes`, one after the other.
///
/// What a size is, is up to `build`: rows, elements, bytes. Names need not differ, as the size tells
/// the comparisons apart. The sizes should be given in the same order in each process, and `build`
/// should make no arrays itself: it runs in the children too (see [the module](super)).
///
/// ```no_run
/// use ndarray::Array1;
/// use ndarray_pool::compare::{Comparison, sweep};
///
/// let swept = sweep([1 << 16, 1 << 20, 1 << 24], |n| {
///     Comparison::new("double a vector")
///         .array_bytes(n * 8)
///         .variant("allocating", move |run| {
///             let mut a = Array1::<f64>::ones(n);
///             run.passes(|_| a = &a * 2.0);
///         })
///         .variant("in place", move |run| {
///             let mut a = Array1::<f64>::ones(n);
///             run.passes(|_| a *= 2.0);
///         })
/// })?;
/// println!("{swept}");
/// # Ok::<(), ndarray_pool::compare::CompareError>(())
/// ```
///
/// # Errors
///
/// As [`Comparison::run`]; and if there is no size, or one comes twice.
pub fn sweep<'a>(
    sizes: impl IntoIterator<Item = usize>,
    mut build: impl FnMut(usize) -> Comparison<'a>,
) -> Result<Sweep, CompareError> {
    let mut comparisons = Vec::new();
    for size in sizes {
        let mut comparison = build(size);
        comparison.size = Some(size);
        comparison.check()?;
        comparisons.push(comparison);
    }
    if comparisons.is_empty() {
        return Err(CompareError::invalid("a sweep has no size, but needs one at least"));
    }
    let reports = match position()? {
        Position::Parent => comparisons.into_iter().map(parent::run).collect::<Result<_, _>>()?,
        Position::Child(job) => {
            let mine = comparisons.iter().position(|comparison| comparison.key() == job.key);
            if let Some(index) = mine {
                child::be(comparisons.swap_remove(index), job)?;
            }
            let keys = comparisons.iter().map(Comparison::key);
            keys.map(|key| job.earlier_report(&key)).collect::<Result<_, _>>()?
        }
    };
    Ok(Sweep { reports })
}
