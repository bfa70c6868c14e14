//! What becomes of the states of lanes: results, which may be inspected while they are still in L1.

use ndarray::{ArrayRef, Dimension};

/// Turns the state of a lane into its result, and may inspect results after they were written.
///
/// Every closure `Fn(S) -> B` is one that inspects nothing. [`Watched`](super::second_look::Watched) is one that
/// remembers whether a result is doubtful.
pub(crate) trait Finish<S, B> {
    /// The result of a lane.
    fn value(&self, state: S) -> B;

    /// Is shown results after they were written, many at a time; each result is shown here or to
    /// [`see_one`](Self::see_one).
    fn see(&self, results: &[B]);

    /// Is shown a single result after it was written.
    fn see_one(&self, result: &B);
}

impl<S, B, F: Fn(S) -> B> Finish<S, B> for F {
    #[inline(always)]
    fn value(&self, state: S) -> B {
        self(state)
    }

    #[inline(always)]
    fn see(&self, _: &[B]) {}

    #[inline(always)]
    fn see_one(&self, _: &B) {}
}

/// Shows all results of an array to `finish`.
#[inline(always)]
pub(crate) fn see_all<S, B, D: Dimension>(finish: &impl Finish<S, B>, results: &ArrayRef<B, D>) {
    match results.as_slice_memory_order() {
        Some(results) => finish.see(results),
        None => results.iter().for_each(|result| finish.see_one(result)),
    }
}
