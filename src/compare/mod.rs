//! Compares ways to write a loop: what each holds, faults, allocates and takes, in clean processes.
//!
//! Give [`Comparison`] the loop in two or more variants. [`run`](Comparison::run) starts the
//! program's own executable again for each variant and repeat, so that every figure comes from a
//! process in which nothing else has happened, and returns a [`Report`]: a table and plain
//! sentences for the terminal, and a page with charts for the browser.
//!
//! ```no_run
//! use ndarray::Array2;
//! use ndarray_pool::compare::Comparison;
//! use ndarray_pool::memory::heap::CountingAllocator;
//! use ndarray_pool::prelude::*;
//!
//! #[global_allocator]
//! static HEAP: CountingAllocator = CountingAllocator::system(); // counts allocations
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let n = 1000;
//!     let report = Comparison::new("halve an array")
//!         .array_bytes(n * n * 8) // so that the report counts in arrays
//!         .variant("allocating", |run| {
//!             let mut a = Array2::<f64>::ones((n, n));
//!             run.passes(|_| a = &a * 0.5);
//!         })
//!         .variant("in place", |run| {
//!             let pool = Pool2::<f64>::new((n, n), 1).unwrap();
//!             let mut a = pool.lease_filled(1.0);
//!             run.passes(|_| a *= 0.5);
//!         })
//!         .run()?;
//!     println!("{report}");
//!     report.save("report")?; // report/index.html, report.json, passes.csv
//!     Ok(())
//! }
//! ```
//!
//! # What may run before `run`
//!
//! A child is the same program, started again with the same arguments: **everything that `main`
//! does before [`run`](Comparison::run) it does in each child too.** Parsing arguments is fine. What
//! stays alive is part of the base that is subtracted. What is allocated there and freed again is
//! not: the loop may be given that memory, and its peak then looks smaller than it is. So make and
//! read arrays inside the variant, not before. A child ends inside `run`; what comes after it, and
//! all that it prints (its standard output is closed), belongs to the parent alone.
//!
//! Standard input is closed as well. A child that is to get other arguments than its parent gets
//! them by [`child_args`](Comparison::child_args). A **test** needs them, or the child would run all
//! tests: `.child_args(["--exact", "name_of_the_test", "--nocapture"])`, the name with its
//! modules. An example and a bench with `harness = false` need nothing.
//!
//! A child starts in the directory in which the program was started, also if that has changed its
//! directory since. Where the system cannot tell which one it was, the first child is started in the
//! likely ones (the present directory, `PWD`, up to three above the present one) until it comes to
//! [`run`](Comparison::run) in the directory in which the parent is; what `main` does before that is
//! done in each. A child starts from the executable that runs, also if its file was replaced since
//! (on Linux).
//!
//! Several comparisons may run in one program, one after the other, each under a name of its own. A
//! child that comes to one that was over before it was started does not run it again: it gets its
//! report.
//!
//! # How it ends
//!
//! A child lives no longer than its parent, and temporary files go with it: on Unix, a shell that
//! sleeps until the parent is gone ends the child's process group and removes the files, whether
//! the parent came to its end or was ended by Ctrl-C or a signal. If that shell is killed as well,
//! the next comparison removes the files (on Linux). They are in a directory that their owner alone
//! may enter.
//!
//! # What is measured
//!
//! Each variant runs once to be watched, then [`repeats`](Comparison::repeats) times to be timed,
//! with nothing watching: there the passes that count follow each other at once. The repeats take
//! turns, forwards and backwards through the variants. In each process:
//!
//! 1. the *base* is the RSS before the variant begins, with the program's code in memory (on Linux); all
//!    memory is reported above it, and the peak (`VmHWM`) is reset here, so that nothing older is
//!    in it;
//! 2. the set-up runs; its peak is read where [`Run::passes`] begins, and reset, once;
//! 3. the passes run: first those for [warm-up](Comparison::warm_up_passes), then those that count.
//!    Where a process is timed, nothing but the clock and the allocator's counters is read between
//!    two of the latter; where it is watched, faults and RSS after each pass as well;
//! 4. the peak is read again, and the RSS at the *end*, after the last pass.
//!
//! Time and allocations of a pass are medians over all timed passes; its faults are the mean over a
//! process's passes, and of that the median of the processes. Allocations are those of all threads,
//! and only known if the program installs a
//! [`CountingAllocator`](crate::memory::heap::CountingAllocator). **Processes that a variant starts or
//! forks are in none of the figures**: memory, faults and allocations are those of the one process
//! that runs it. `docs/measuring.md` says what
//! each figure leaves out, and how pitfalls are avoided.

mod chart;
mod child;
mod coincide;
mod comparison;
#[cfg(test)]
mod damaged;
mod entry;
mod environment;
mod error;
mod figures;
mod findings;
mod guardian;
mod handshake;
mod page;
mod parent;
mod process;
mod progress;
mod report;
mod run;
mod sampler;
mod save;
mod scratch;
mod start;
mod sweep;
mod table;
mod times;
mod words;

pub use self::comparison::{Comparison, HEAP_KEPT};
pub use self::entry::sweep;
pub use self::environment::Environment;
pub use self::error::CompareError;
pub use self::figures::{Curve, GrowthRow, PassFigures, Quartiles, Repeat, Summary};
pub use self::report::{Report, VariantReport};
pub use self::run::{Pass, Run};
pub use self::sweep::Sweep;
