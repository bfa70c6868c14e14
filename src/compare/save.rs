//! The report as files: a page, JSON and CSV.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::figures::PassFigures;
use super::handshake;
use super::page;
use super::report::Report;
use super::sweep::Sweep;

const PAGE: &str = "index.html";

impl Report {
    /// Writes `index.html` (one page with charts, which needs nothing else), `report.json` (all
    /// figures) and `passes.csv` (a line for each pass) into `dir`, which is made if it is not
    /// there, and returns where the page is. If there is no room for all three, what was there
    /// before stays.
    ///
    /// In the CSV, a name that a spreadsheet could take for a formula is quoted.
    ///
    /// In a child it writes nothing: the parent does.
    ///
    /// # Errors
    ///
    /// What the system answers where it lets nothing be written.
    pub fn save(&self, dir: impl AsRef<Path>) -> io::Result<PathBuf> {
        save(dir.as_ref(), &page::report(self), "report.json", &self.to_json(), &[self])
    }

    /// All figures as JSON, as they stand in `report.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(self)
    }
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
        let reports: Vec<&Report> = self.reports.iter().collect();
        save(dir.as_ref(), &page::sweep(self), "sweep.json", &self.to_json(), &reports)
    }

    /// All figures as JSON, as they stand in `sweep.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(self)
    }
}

fn save(
    dir: &Path,
    page: &str,
    json_name: &str,
    json: &str,
    reports: &[&Report],
) -> io::Result<PathBuf> {
    let path = dir.join(PAGE);
    if handshake::is_child() {
        return Ok(path); // it would write over what the parent saved
    }
    fs::create_dir_all(dir)?;
    // The page comes last: where it is, what it links to is there too.
    write_all(dir, &[(json_name, json), ("passes.csv", &csv(reports)), (PAGE, page)])?;
    Ok(path)
}

/// Writes all files or, where the system does not let one be written, none: they have other names
/// until each is whole.
fn write_all(dir: &Path, files: &[(&str, &str)]) -> io::Result<()> {
    let part = |name: &str| dir.join(format!(".{name}.{}.part", std::process::id()));
    let written = files.iter().try_for_each(|(name, text)| write(&part(name), text));
    let renamed = written.and_then(|()| {
        files.iter().try_for_each(|(name, _)| fs::rename(part(name), dir.join(name)))
    });
    if renamed.is_err() {
        files.iter().for_each(|(name, _)| _ = fs::remove_file(part(name)));
    }
    renamed
}

/// Returns when the text is on the disk: some systems say only then that there was no room.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Indented, for people, except for long rows of figures.
fn json(value: &impl Serialize) -> String {
    // Plain data with text for keys: there is nothing that JSON could refuse.
    serde_json::to_string(value).expect("plain data is JSON")
}

/// A line for each pass of each process; `repeat` is a number, or `watched`.
pub(super) fn csv(reports: &[&Report]) -> String {
    let mut text = String::from(
        "comparison,size,variant,repeat,pass,is_warm_up,time_ns,minor_faults,major_faults,\
         allocations,allocated_bytes,held_bytes\n",
    );
    for report in reports {
        for variant in &report.variants {
            let timed = variant.repeats.iter().enumerate();
            let timed = timed.map(|(index, figures)| (index.to_string(), figures));
            let watched = variant.watched.iter().map(|figures| ("watched".to_owned(), figures));
            for (repeat, figures) in timed.chain(watched) {
                let all = figures.warm_up.iter().map(|pass| (pass, true));
                let all = all.chain(figures.passes.iter().map(|pass| (pass, false)));
                for (index, (pass, is_warm_up)) in all.enumerate() {
                    let size = report.size.map_or_else(String::new, |size| size.to_string());
                    let (comparison, name) = (field(&report.name), field(&variant.name));
                    let place = format!("{comparison},{size},{name},{repeat},{index},{is_warm_up}");
                    let _ = writeln!(text, "{place},{}", line(pass));
                }
            }
        }
    }
    text
}

fn line(pass: &PassFigures) -> String {
    fn or_empty(figure: Option<impl ToString>) -> String {
        figure.map_or_else(String::new, |figure| figure.to_string())
    }
    [
        pass.time_ns.to_string(),
        or_empty(pass.minor_faults),
        or_empty(pass.major_faults),
        or_empty(pass.allocations),
        or_empty(pass.allocated_bytes),
        or_empty(pass.held_bytes),
    ]
    .join(",")
}

/// Quoted if it has to be, or if a spreadsheet could take it for a formula.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with(['=', '+', '-', '@']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(field("in place"), "in place");
        assert_eq!(field("a, \"b\""), "\"a, \"\"b\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@a"] {
            assert_eq!(field(formula), format!("\"{formula}\""));
        }
        assert_eq!(field("a=b"), "a=b");
    }
}
