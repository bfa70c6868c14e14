//! What a sweep found: the same comparison over array sizes, as data and as a table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::report::Report;
use super::table::{arrays, ratio};
use super::words::{count, fixed, mib, ms};
use crate::memory::text::{Padded, plain, width};

/// What [`sweep()`](super::sweep()) found. Printed, it is a table with a row for each size and variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sweep {
    /// One for each size, in the order of the sizes.
    pub reports: Vec<Report>,
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
                    writeln!(f, "  failed: {}", plain(variant.reason()))?;
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
