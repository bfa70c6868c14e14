//! What becomes of the states of lanes, and how results are watched while they are in the nearest cache.

use ndarray::{ArrayRef, Dimension};

/// Makes results of states, and may keep an eye on all results.
pub(crate) trait Finish<S, B> {
    fn value(&self, state: S) -> B;

    /// Is shown every result after it was written, many at a time.
    fn see(&self, results: &[B]);

    /// Is shown a result that was written.
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

/// Shows all results of an array.
#[inline(always)]
pub(crate) fn see_all<S, B, D: Dimension>(finish: &impl Finish<S, B>, results: &ArrayRef<B, D>) {
    match results.as_slice_memory_order() {
        Some(results) => finish.see(results),
        None => results.iter().for_each(|result| finish.see_one(result)),
    }
}
