//! What a process and a region of code do with memory.
//!
//! Three instruments, each for one question:
//!
//! - [`usage()`] and [`reset_peak`]: how much memory does the process hold, and how much did it
//!   hold at most? Read from the kernel's books.
//! - [`no_alloc()`] and [`count_allocs`]: does this piece of code allocate at all? Read from a
//!   counting allocator, which the program installs; see [`heap`].
//! - [`Trace`]: which line of the loop grows the process? The kernel's books again, at named marks.
//!
//! And two that look at arrays: [`nbytes`], the yardstick, is how many bytes the elements of an
//! array take; a [`Footprint`] is what a set of arrays holds, with what they share counted once.
//!
//! The two kinds of figures answer different questions and need not agree. The kernel counts
//! *pages* that are in memory, whoever asked for them and whether or not their owner still wants
//! them. The allocator counts *requests*: an array of zeros that nobody has touched is eight
//! megabytes to the allocator and nothing to the kernel, and a block that was freed may stay with
//! the process.
//!
//! None of this knows about pools or kernels: it measures any program.
//!
//! # Example
//!
//! ```standalone_crate
//! use ndarray_pool::memory::{self, heap::CountingAllocator};
//!
//! #[global_allocator]
//! static COUNTER: CountingAllocator = CountingAllocator::system();
//!
//! fn main() {
//!     let mut sums = [0.0; 3];
//!     memory::no_alloc(|| {
//!         for (index, sum) in sums.iter_mut().enumerate() {
//!             *sum = index as f64 / 2.0;
//!         }
//!     });
//!     assert_eq!(sums, [0.0, 0.5, 1.0]);
//! }
//! ```

#[cfg(target_os = "linux")]
mod code;
mod footprint;
pub mod heap;
mod nbytes;
mod no_alloc;
#[cfg(target_os = "linux")]
mod procfs;
mod reading;
mod resident;
pub(crate) mod text;
mod trace;
mod usage;

pub(crate) use self::resident::resident_bytes;
#[cfg(all(feature = "isolate", unix))]
pub(crate) use self::usage::rss_bytes_of;

pub use self::footprint::{Footprint, FootprintEntry};
pub use self::nbytes::nbytes;
pub use self::no_alloc::{RegionCounts, count_allocs, no_alloc};
pub use self::reading::{Usage, UsageGrowth};
pub use self::trace::{Mark, Trace};
pub use self::usage::{prefault_code, reset_peak, usage};
