//! Every check of arguments, and every message.
//!
//! Kernels call these functions before they write. Each message names the kernel, the argument, what it is and what it
//! must be, and the panic reports the caller's line (`#[track_caller]` all the way). Text is formatted only where a
//! check fails, so that a kernel that succeeds never allocates.

use std::fmt::Arguments;

use ndarray::ArrayRef;

/// Panics with a message about `kernel` unless the condition holds.
macro_rules! must {
    ($holds:expr, $kernel:expr, $($message:tt)*) => {
        if !$holds {
            $crate::kernel::engine::check::fail($kernel, format_args!($($message)*));
        }
    };
}

mod lens;
mod shapes;
mod values;

pub(crate) use lens::*;
pub(crate) use shapes::*;
pub(crate) use values::*;

/// An argument: its name and its array.
type Named<'n, 'a, A, D> = (&'n str, &'a ArrayRef<A, D>);

#[cold]
#[inline(never)]
#[track_caller]
fn fail(kernel: &str, what: Arguments<'_>) -> ! {
    panic!("{kernel}: {what}")
}
