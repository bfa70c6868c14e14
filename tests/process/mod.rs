//! For tests that look at their own process.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Lets one test at a time look at the process. The code is in memory by then, and in no figure.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    static CODE: Once = Once::new();
    let guard = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    CODE.call_once(|| {
        if let Err(error) = ndarray_pool::memory::prefault_code() {
            eprintln!("the code that runs first is in the figures: {error}");
        }
    });
    guard
}
