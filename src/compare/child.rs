//! The child's side: running the one variant that this process is for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{env, process};

use super::comparison::Comparison;
use super::error::CompareError;
use super::handshake::{Job, Outcome, read_json, take, write_json};
use super::report::Report;
use super::run::Run;
use crate::child::message_of;

/// Runs the variant that `job` names, hands the outcome over, and ends the process.
pub(super) fn be(comparison: Comparison<'_>, job: &Job) -> Result<Report, CompareError> {
    take()?;
    let hand_over = |outcome: &Outcome| {
        write_json(&job.result, outcome).map_err(CompareError::io("write a child's figures"))
    };
    if job.directory.is_some() && job.directory != env::current_dir().ok() {
        hand_over(&Outcome::Elsewhere)?;
        process::exit(0)
    }
    let variant = comparison.variants.into_iter().find(|variant| variant.name == job.variant);
    let Some(variant) = variant else {
        let missing = format!("{:?} has no variant {:?} in this process", job.key, job.variant);
        return Err(CompareError::invalid(missing));
    };
    let mut run = Run::new(comparison.passes, comparison.warm_up_passes, job.is_watched);
    let body = AssertUnwindSafe(|| (variant.body)(&mut run));
    let (outcome, status) = match catch_unwind(body) {
        Err(payload) => (Outcome::Panicked { message: message_of(&*payload) }, 101),
        Ok(()) => match run.finish() {
            Some(finished) => (Outcome::Finished(Box::new(finished)), 0),
            None => (Outcome::NoPasses, 0),
        },
    };
    hand_over(&outcome)?;
    process::exit(status)
}

impl Job {
    /// The report of a comparison that was over before this process began.
    pub(super) fn earlier_report(&self, key: &str) -> Result<Report, CompareError> {
        let Some((_, path)) = self.earlier.iter().find(|(earlier, _)| earlier == key) else {
            return Err(CompareError::invalid(format!(
                "a process for the comparison {:?} came to {key:?}: the way to it must be the same \
                 in each process (see `child_args`)",
                self.key
            )));
        };
        read_json(path).map_err(CompareError::io("read an earlier report"))
    }
}
