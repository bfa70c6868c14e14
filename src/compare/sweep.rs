//! The same comparison over array sizes.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use serde::{Deserialize, Serialize};

use super::child::{self, Position};
use super::comparison::Comparison;
use super::error::CompareError;
use super::report::Report;
use super::table::{arrays, count, fixed, mib, ms, ratio, reason};
use super::{parent, save};
use crate::memory::text::{Padded, plain, width};

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
    let reports = match child::position()? {
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

/// What [`sweep()`] found. Printed, it is a table with a row for each size and variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sweep {
    /// One for each size, in the order of the sizes.
    pub reports: Vec<Report>,
}

impl Sweep {
    /// Writes `index.html` (charts over the sizes), `sweep.json` (all figures) and `passes.csv` (a
    /// line for each pass) into `dir`, which is made if it is not there, and returns where the page
    /// is. In a child it writes nothing.
    ///
    /// # Errors
    ///
    /// What the system answers where it lets nothing be written.
    pub fn save(&self, dir: impl AsRef<Path>) -> io::Result<PathBuf> {
        save::sweep(self, dir.as_ref())
    }

    /// All figures as JSON, as they stand in `sweep.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        save::json(self)
    }
}

impl fmt::Display for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.reports.first() else { return Ok(()) };
        let variants = self.reports.iter().flat_map(|report| &report.variants);
        let names = variants.map(|variant| width(&plain(&variant.name))).max().unwrap_or(0).max(7);
        let name = |name| Padded(name, names);
        writeln!(f, "{}\n", plain(&first.name))?;
        writeln!(
            f,
            "{:>10}{:>11}  {}{:>10}{:>13}{:>10}{:>12}{:>10}",
            "",
            "array",
            name(""),
            "arrays",
            "allocations",
            "faults",
            "time",
            "×"
        )?;
        writeln!(
            f,
            "{:>10}{:>11}  {}{:>10}{:>13}{:>10}{:>12}{:>10}",
            "size",
            "MiB",
            name("variant"),
            "at peak",
            "a pass",
            "a pass",
            "ms a pass",
            "baseline"
        )?;
        for report in &self.reports {
            let size = report.size.unwrap_or(0);
            let array = fixed(report.array_bytes.map(|bytes| mib(bytes as i64)), 2);
            for variant in &report.variants {
                write!(f, "{size:>10}{array:>11}  {}", Padded(&plain(&variant.name), names))?;
                let Some(s) = &variant.summary else {
                    writeln!(f, "  failed: {}", plain(reason(variant)))?;
                    continue;
                };
                writeln!(
                    f,
                    "{:>10}{:>13}{:>10}{:>12}{:>10}",
                    fixed(arrays(report, s.peak_bytes), 2),
                    count(s.allocations_a_pass),
                    count(s.faults_a_pass()),
                    fixed(Some(ms(s.pass_ns.median)), 3),
                    fixed(ratio(report, s), 2),
                )?;
            }
        }
        writeln!(f, "\n{}", first.environment)
    }
}
