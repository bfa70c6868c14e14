//! What came out of a comparison: the figures of all variants, and the ways to look at them.

use serde::{Deserialize, Serialize};

use super::comparison::Variant;
use super::environment::{Environment, setting};
use super::error::CompareError;
use super::figures::{Curve, GrowthRow, Repeat, Summary};
use crate::memory::text::plain;
use crate::memory::{Mark, Trace, UsageGrowth};

/// The growth table in the terminal shows so many passes.
const SHOWN_PASSES: usize = 3;

/// RSS counts pages, and is exact to some dozens of them: of arrays smaller than this it says
/// nothing, and memory is printed in MiB.
const COUNTED_ARRAY_BYTES: u64 = 64 << 10;

/// The footnote of a growth table.
pub(super) const NEGATIVE_GROWTH: &str = "Negative: memory was freed and went back to the system.";

/// What [`Comparison::run`](super::Comparison::run) found. Printed, it is a table, a curve for each variant, and a sentence
/// for each finding. In what is printed a control character in a name is replaced: a line break or
/// tab by a space, another by its escape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// What the comparison is called.
    pub name: String,
    /// Which of a sweep's sizes this is.
    pub size: Option<usize>,
    /// The sentences of [`Comparison::note`](super::Comparison::note).
    pub notes: Vec<String>,
    /// When it ran: year, month and day (UTC).
    pub date: String,
    /// The bytes of one array, if the comparison named them.
    pub array_bytes: Option<u64>,
    /// Passes that count, in each process.
    pub passes: usize,
    /// Passes before those.
    pub warm_up_passes: usize,
    /// Processes that were timed for each variant.
    pub repeats: usize,
    /// The name of the variant that the others are compared with.
    pub baseline: String,
    /// The variants, in the order in which they were added.
    pub variants: Vec<VariantReport>,
    /// What the figures depend on besides the program.
    pub environment: Environment,
}

/// What is known about one variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VariantReport {
    /// What the comparison calls it.
    pub name: String,
    /// The environment variables that its processes ran with and others did not, as `NAME=value`; of a path, the last
    /// part.
    #[serde(default)]
    pub env: Vec<String>,
    /// Its figures; `None` if no process brought any.
    pub summary: Option<Summary>,
    /// The processes that were timed, in their order.
    pub repeats: Vec<Repeat>,
    /// The process that was watched: what each pass faulted and left behind. Its times include
    /// what watching costs.
    pub watched: Option<Repeat>,
    /// RSS over the time of the process that was watched.
    pub curve: Option<Curve>,
    /// How the process that was watched grew, mark by mark.
    pub growth: Vec<GrowthRow>,
    /// Why processes have no figures, one sentence for each.
    pub failures: Vec<String>,
}

impl Report {
    /// The variant called `name`.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&VariantReport> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// The variants and reasons of all processes that have no figures.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variants.iter().flat_map(|variant| {
            variant.failures.iter().map(|reason| (variant.name.as_str(), reason.as_str()))
        })
    }

    /// Whether all variants said the same to [`Run::outcome`](super::Run::outcome), in each process;
    /// `None` if one said nothing, or did not finish.
    #[must_use]
    pub fn is_same_outcome(&self) -> Option<bool> {
        if !self.variants.iter().all(VariantReport::has_finished) {
            return None;
        }
        is_same(self.variants.iter().flat_map(VariantReport::outcomes))
    }

    /// An error if a variant has no figures, for a program that is to fail then.
    ///
    /// ```no_run
    /// # use ndarray_pool::compare::Comparison;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let comparison = Comparison::new("x");
    /// let report = comparison.run()?;
    /// println!("{report}"); // the figures of the variants that have some, and who failed
    /// report.require_figures()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CompareError::NoFigures`] with the names of these variants, and why. A variant of which
    /// only some processes failed has figures: see [`failures`](Report::failures).
    pub fn require_figures(&self) -> Result<(), CompareError> {
        let without = self.variants.iter().filter(|variant| variant.summary.is_none());
        let reasons: Vec<String> = without
            .map(|variant| {
                let (name, reason) = (plain(&variant.name), plain(variant.reason()));
                format!("{name} has no figures: {reason}")
            })
            .collect();
        match reasons.is_empty() {
            true => Ok(()),
            false => Err(CompareError::NoFigures { reason: reasons.join("; ") }),
        }
    }

    /// How the variant called `name` grew from mark to mark in its first passes, as a table; `None`
    /// if there is no such variant or it has no marks.
    #[must_use]
    pub fn growth_table(&self, name: &str) -> Option<String> {
        let rows = &self.variant(name)?.growth;
        if rows.is_empty() {
            return None;
        }
        let shown = rows.iter().filter(|row| row.pass <= SHOWN_PASSES).map(mark_of).collect();
        let array_bytes = self.counted_array_bytes().map_or(0, |bytes| bytes as usize);
        let mut text = Trace::of_marks(shown).array_bytes(array_bytes).to_string();
        let passes = self.warm_up_passes.saturating_add(self.passes);
        if passes > SHOWN_PASSES && rows.iter().any(|row| row.pass > 0) {
            text += &format!("   … and so on to pass {passes}\n");
        }
        if rows.iter().any(|row| row.pass <= SHOWN_PASSES && is_negative(self, row)) {
            text += &format!("   {NEGATIVE_GROWTH}\n");
        }
        Some(text)
    }

    /// The bytes of one array, if memory can be counted in arrays of that size.
    pub(super) fn counted_array_bytes(&self) -> Option<u64> {
        self.array_bytes.filter(|&bytes| bytes >= COUNTED_ARRAY_BYTES)
    }

    /// The title: name and size.
    pub(super) fn title(&self) -> String {
        match self.size {
            Some(size) => format!("{}, {size}", self.name),
            None => self.name.clone(),
        }
    }

    /// The baseline's figures, unless it failed.
    pub(super) fn baseline_summary(&self) -> Option<&Summary> {
        self.variant(&self.baseline)?.summary.as_ref()
    }
}

impl VariantReport {
    pub(super) fn of(variant: &Variant<'_>) -> Self {
        let env = variant.env.iter();
        let env = env.map(|(name, value)| setting(&name.to_string_lossy(), value)).collect();
        Self { env, ..Self::named(&variant.name) }
    }

    pub(super) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            env: Vec::new(),
            summary: None,
            repeats: Vec::new(),
            watched: None,
            curve: None,
            growth: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Why it has no figures.
    pub(super) fn reason(&self) -> &str {
        self.failures.first().map_or("no process of it was timed", String::as_str)
    }

    /// Whether each of its processes brought what was asked for.
    pub(super) fn has_finished(&self) -> bool {
        self.failures.is_empty() && !self.repeats.is_empty()
    }

    /// What each process said of what it computed; `None` where it said nothing.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = Option<&str>> {
        self.repeats.iter().chain(&self.watched).map(|figures| figures.outcome.as_deref())
    }

    pub(super) fn sum_up(&mut self) {
        self.summary = Summary::of(&self.repeats, self.watched.as_ref());
    }
}

/// Whether a figure of the row prints with a minus.
pub(super) fn is_negative(report: &Report, row: &GrowthRow) -> bool {
    let unit_bytes = report.counted_array_bytes().unwrap_or(1 << 20) as f64;
    let figures =
        [row.current_bytes, row.peak_bytes, row.total_current_bytes, row.total_peak_bytes];
    figures.into_iter().flatten().any(|bytes| bytes as f64 / unit_bytes <= -0.005)
}

/// `None` if one of them is not known, or there is none.
pub(super) fn is_same<'a>(outcomes: impl IntoIterator<Item = Option<&'a str>>) -> Option<bool> {
    let mut outcomes = outcomes.into_iter();
    let first = outcomes.next()??;
    let mut is_same = true;
    for outcome in outcomes {
        is_same &= outcome? == first;
    }
    Some(is_same)
}

fn mark_of(row: &GrowthRow) -> Mark {
    let growth = |current_rss_bytes, peak_rss_bytes| UsageGrowth {
        current_rss_bytes,
        peak_rss_bytes,
        ..UsageGrowth::default()
    };
    Mark {
        pass: row.pass,
        name: row.mark.clone().into(),
        growth: growth(row.current_bytes, row.peak_bytes),
        total: growth(row.total_current_bytes, row.total_peak_bytes),
    }
}
