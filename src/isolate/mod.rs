//! A step in a process of its own, which gives all its memory back when it ends.
//!
//! Memory that a program needs once, such as that of preprocessing with dozens of arrays, may stay with
//! it for as long as it runs, because the allocator keeps some of it. A process that ends gives back
//! everything. Run the heavy step there, and return the small result.
//!
//! ```no_run
//! use ndarray::{Array2, Axis};
//! use ndarray_pool::isolate::{Carried, IsolateError, Steps};
//! use ndarray_pool::prelude::*;
//!
//! /// Needs many arrays of `n` × `n`, and returns one of 3 × `n`.
//! fn distil(n: usize) -> Carried<Array2<f64>> {
//!     let raw: Vec<_> = (0..40).map(|k| Array2::from_elem((n, n), f64::from(k))).collect();
//!     let means: Vec<_> = raw[..3].iter().map(|a| a.mean_axis(Axis(0)).unwrap()).collect();
//!     let means: Vec<_> = means.iter().map(|mean| mean.view()).collect();
//!     Carried(ndarray::stack(Axis(0), &means).unwrap())
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let steps = Steps::new().with("distil", distil).start(); // first in `main`
//!
//!     let pool = Pool2::<f64>::new((3, 1000), 2)?;
//!     let mut means = pool.lease();
//!     steps.run_into("distil", &1000, &mut means)?; // 320 MB there, 24 KB here
//!     Ok(())
//! }
//! ```
//!
//! # How it works
//!
//! [`Runner::run`] starts the program's own executable anew, with the same arguments. **The child
//! runs `main` until it comes to [`Steps::start`]**, which runs the step and ends the process there. So
//! register steps first in `main`: code before `start` runs once more in each child (what it prints to
//! standard output is not shown again). That is why a step captures nothing: all it needs is in its
//! input.
//!
//! The child has the environment and the current directory of its parent, an empty standard input, and
//! the parent's standard output and error: what a step prints is seen. A child starts from the
//! executable that runs, also if its file was replaced since (on Linux).
//!
//! A **test** has to tell its children to come to the test, and not to run all of them:
//!
//! ```no_run
//! # use ndarray_pool::isolate::{IsolateError, Steps};
//! #[test]
//! fn halves() -> Result<(), IsolateError> {
//!     let steps = Steps::new().with("half", |x: f64| x / 2.0).start();
//!     let steps = steps.child_args(["--exact", "halves", "--nocapture"]); // its name with its modules
//!     assert_eq!(steps.run::<f64, f64>("half", &3.0)?, 1.5);
//!     Ok(())
//! }
//! ```
//!
//! An example, and a bench or test with `harness = false`, need nothing.
//!
//! # What travels, and how
//!
//! Plain values are serialised with serde as MessagePack: numbers keep their bits (NaN too), and
//! maps may have any keys. Caller and step name the types on their own sides; a value that does not fit
//! is [`IsolateError::WrongTypes`]. A number of another type fits if its value does.
//!
//! Arrays are [`Carried`]: their elements are written to a file without a name and read from it into
//! the array on the other side, in pieces of 64 KiB. Nothing is doubled in the parent: after
//! [`run_into`](Runner::run_into) it holds the lease that it held before. The file is in memory
//! (a memfd), and what was read leaves it, so the *system* holds an array twice only while it is on its
//! way; [`temporary_dir`](Runner::temporary_dir) puts the file on a disk.
//!
//! # How it ends
//!
//! A panic in a step is returned as [`IsolateError::Panicked`], and every other end has its error. A
//! process that exceeds its [time](Runner::time_limit) or [memory](Runner::memory_limit) is ended, and
//! so is one whose [`Running`] is dropped. A child lives no longer than its parent, whatever ends
//! that, Ctrl-C and `SIGKILL` included: a thread of the child waits for it. Each child leads a process
//! group, and whatever the step started in it ends with it.
//!
//! Nothing stays behind: files have no names, so they go with the last process that has them open.
//!
//! Unix only (on other systems this module does not exist), and tested on Linux.

mod carried;
mod child;
mod error;
mod handshake;
mod parcel;
mod process;
mod runner;
mod steps;

pub use self::carried::{Carried, Portable};
pub use self::error::IsolateError;
pub use self::runner::{Runner, Running};
pub use self::steps::Steps;
