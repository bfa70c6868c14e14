//! [`Scope`]: an arena under a name, which counts what is leased under it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;

use super::Arena;
use super::plan::column_width;
use crate::memory::text::{Padded, plain};
use crate::pool::tally::{Counts, TallyId};

/// An [`Arena`] under a name: everything that is leased through it is counted for that name, and
/// for the scopes around it.
///
/// It derefs to the arena, so it leases, and opens scopes inside itself, as the arena does. A scope does not limit
/// lifetimes: a lease counts as current until it is returned, even if the scope was dropped. Opening a scope of the
/// same name again continues its counts.
///
/// ```
/// use ndarray_pool::{Budget, prelude::*};
///
/// let arena = Arena::new(&Budget::new(1_000_000));
/// let solve = arena.scope("solve");
/// let state = solve.lease_zeroed::<f64, _>(1000);
/// for _ in 0..10 {
///     let assembly = solve.scope("assembly");
///     let scratch = assembly.lease::<f64, _>((10, 10));
/// }
/// let counts = solve.scope("assembly").counts();
/// assert_eq!((counts.current_bytes, counts.peak_bytes, counts.total_bytes), (0, 800, 8000));
/// println!("{}", arena.scopes());
/// ```
///
/// prints
///
/// ```text
/// scope         current bytes    peak bytes   total bytes    leases
/// solve                  8000          8800         16000        11
///   assembly                0           800          8000        10
/// ```
#[derive(Clone)]
pub struct Scope {
    arena: Arena,
    tally: TallyId,
}

impl Scope {
    pub(super) fn new(arena: Arena, tally: TallyId) -> Self {
        Scope { arena, tally }
    }

    /// Its name, with those of the scopes around it: `solve/assembly`.
    pub fn path(&self) -> String {
        self.arena.inner.tallies.path(self.tally)
    }

    /// Its counts.
    pub fn counts(&self) -> ScopeCounts {
        ScopeCounts::of(self.arena.inner.tallies.counts(self.tally))
    }
}

impl Deref for Scope {
    type Target = Arena;

    fn deref(&self) -> &Arena {
        &self.arena
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

/// The counts of a [`Scope`], including those of the scopes inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ScopeCounts {
    /// What the scope is called.
    pub name: String,
    /// How many scopes are around it.
    pub depth: usize,
    /// The elements that are leased now, in bytes.
    pub current_bytes: usize,
    /// The most that was leased at once.
    pub peak_bytes: usize,
    /// All that was ever leased.
    pub total_bytes: u64,
    /// How many leases these were.
    pub total_leases: u64,
}

impl ScopeCounts {
    fn of(counts: Counts) -> Self {
        let Counts { name, depth, current_bytes, peak_bytes, total_bytes, total_leases, .. } =
            counts;
        ScopeCounts { name, depth, current_bytes, peak_bytes, total_bytes, total_leases }
    }
}

/// All scopes of an arena, each after the one that contains it. Prints as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeTable {
    rows: Vec<ScopeCounts>,
}

impl ScopeTable {
    /// `counts` in the order in which the scopes were opened.
    pub(super) fn of(counts: Vec<Counts>) -> Self {
        let mut below: HashMap<Option<TallyId>, Vec<Counts>> = HashMap::new();
        // From the last to the first, because lists are taken from their ends.
        counts
            .into_iter()
            .rev()
            .for_each(|scope| below.entry(scope.parent).or_default().push(scope));
        let mut rows = Vec::new();
        // The lists of the scopes around the next row, which is the last of the innermost. Not recursive: scopes may
        // nest deeper than the stack allows.
        let mut around: Vec<Vec<Counts>> = below.remove(&None).into_iter().collect();
        while let Some(list) = around.last_mut() {
            let Some(scope) = list.pop() else {
                around.pop();
                continue;
            };
            around.extend(below.remove(&Some(scope.id)));
            rows.push(ScopeCounts::of(scope));
        }
        ScopeTable { rows }
    }

    /// Its rows.
    pub fn rows(&self) -> &[ScopeCounts] {
        &self.rows
    }
}

/// Scopes deeper than this are printed as if they were so deep.
const DEEPEST: usize = 32;

/// The table, each line ended. A name of more than 120 characters makes its line longer, control
/// characters are escaped, and no scope is indented by more than 64 characters.
impl fmt::Display for ScopeTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name_of = |row: &ScopeCounts| {
            let indent = Padded("", 2 * row.depth.min(DEEPEST));
            format!("{indent}{}", plain(&row.name))
        };
        let names = column_width(self.rows.iter().map(name_of), 12);
        writeln!(
            f,
            "{}{:>15}{:>14}{:>14}{:>10}",
            Padded("scope", names),
            "current bytes",
            "peak bytes",
            "total bytes",
            "leases"
        )?;
        self.rows.iter().try_for_each(|row| {
            let ScopeCounts { current_bytes, peak_bytes, total_bytes, total_leases, .. } = row;
            let name = name_of(row);
            let name = Padded(&name, names);
            writeln!(
                f,
                "{name}{current_bytes:>15}{peak_bytes:>14}{total_bytes:>14}{total_leases:>10}"
            )
        })
    }
}
