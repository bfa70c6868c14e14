//! How a job ends before its time: with one message, on all ranks.

use std::panic;

use mpi::topology::SimpleCommunicator;
use mpi::traits::*;

/// Why a rank ends.
pub enum Failure {
    /// An error of this rank, which reports it.
    Here(String),
    /// An error of another rank.
    Elsewhere,
}

/// Returns the value if no rank has an error. All ranks call it; of several that have an error the first one reports.
pub fn agree<T, E: ToString>(
    ranks: &impl CommunicatorCollectives,
    outcome: Result<T, E>,
) -> Result<T, Failure> {
    let (rank, all) = (ranks.rank(), ranks.size());
    let mine = if outcome.is_ok() { all } else { rank };
    let mut first = all;
    ranks.all_reduce_into(&mine, &mut first, mpi::collective::SystemOperation::min());
    match outcome {
        Ok(value) if first == all => Ok(value),
        Err(error) if first == rank => Err(Failure::Here(error.to_string())),
        _ => Err(Failure::Elsewhere),
    }
}

/// From now on a panic on one rank ends all of them, with its message and no backtrace. (Otherwise the others would wait
/// for messages of this one for ever.)
pub fn end_all_ranks_on_panic() {
    panic::set_hook(Box::new(|panic| {
        let world = SimpleCommunicator::world();
        let what = panic.payload();
        let what = what.downcast_ref::<String>().map(String::as_str);
        let what = what.or(panic.payload().downcast_ref::<&str>().copied()).unwrap_or("no message");
        let place = panic.location().map_or(String::new(), |at| format!(" at {at}"));
        eprintln!("heat_mpi: rank {} panicked{place}: {what}", world.rank());
        world.abort(101);
    }));
}
