//! How much memory the process holds, as the kernel counts it: RSS, its peak, and page faults.

use std::io;

use super::reading::Usage;
/// What the kernel says about this process's memory now.
///
/// Reading allocates nothing, takes no lock, touches no new page once its own code has run and costs about 25 µs. A figure
/// that the system does not offer is `None`; away from Linux all of them are.
///
/// **Resident set size (RSS)** is the memory that has pages behind it. It counts what was
/// *touched*, not what was asked for: an array of zeros enters it page by page as it is written. It
/// does not see what was swapped out, what the kernel holds for the process (page cache, page
/// tables, sockets) or memory on a graphics card; it does see shared libraries and files that are
/// mapped, whole, in every process that shares them. Freed memory leaves it when the allocator
/// gives it back, which may be never. With huge pages one touched byte brings in 2 MiB, and one
/// fault stands for 512.
///
/// **How exact it is.** `current_rss_bytes` is exact on Linux 6.18 (it equalled a walk of the page
/// tables in each of 2000 trials). Older kernels show their counters without the parts that are not
/// yet posted: up to 64 pages for each thread before Linux 6.2, and from then on some dozen pages
/// for each CPU that the process ran on, more on machines with many CPUs. The kernel notes
/// `peak_rss_bytes` with such counters on every version, whenever memory is unmapped: in 6000
/// trials on two CPUs it was up to 0.4 MiB too low. It is never below the `current_rss_bytes` that
/// is read with it, so a peak that is still held when it is read is as exact as that.
/// `docs/measuring.md` has the commands.
///
/// Replaces `psutil.Process().memory_info().rss` and `resource.getrusage(RUSAGE_SELF)`. The
/// latter's `ru_maxrss` is inherited from the parent across `exec` and cannot be reset; the figures
/// here have neither fault.
///
/// # Example
///
/// ```
/// use ndarray_pool::memory::usage;
/// use std::hint::black_box;
///
/// let before = usage();
/// let ones = black_box(vec![1_u8; 50_000_000]); // touches every page
/// let growth = usage().since(&before);
/// if cfg!(target_os = "linux") {
///     assert!(growth.current_rss_bytes.unwrap() > 49_000_000);
/// }
/// # drop(ones);
/// ```
#[must_use]
pub fn usage() -> Usage {
    imp::usage()
}

/// Lets the peak RSS of this process begin again at its current RSS.
///
/// This changes the one peak that the process has: whoever else reads `VmHWM`, in this process or
/// from outside, sees the new one. (`ru_maxrss`, which `/usr/bin/time` reports, is not lowered
/// while the process lives.)
///
/// It writes `5` to `/proc/self/clear_refs`, which needs no privilege, allocates nothing and costs
/// about 5 µs.
///
/// # Errors
///
/// What the system answers where that file is missing or may not be written, as in some sandboxes,
/// and [`io::ErrorKind::Unsupported`] away from Linux. The peak then goes on from where it was.
///
/// # Example
///
/// ```
/// use ndarray_pool::memory::{reset_peak, usage};
/// use std::hint::black_box;
///
/// drop(black_box(vec![1_u8; 50_000_000]));
/// if reset_peak().is_ok() {
///     let now = usage();
///     let above_bytes = now.peak_rss_bytes.unwrap() - now.current_rss_bytes.unwrap();
///     assert!(above_bytes < 10_000_000);
/// }
/// ```
pub fn reset_peak() -> io::Result<()> {
    imp::reset_peak()
}

/// Brings the program's own code and constants into memory, so that no later reading is charged for
/// them.
///
/// A page of code comes into memory, and into the RSS, when it first runs. Where arrays are small
/// that is no small part: without optimisation, half a MiB in the loop of `examples/shuffle_diff`,
/// 0.7 arrays of 300 × 300 `f64`. Call this once, before the reading from which growth is counted;
/// `Comparison` (of the feature `compare`) does so for each variant. The code of shared
/// libraries is left out.
///
/// It reads one byte of each page through `/proc/self/mem`, which takes about 2 µs a page and
/// allocates.
///
/// # Errors
///
/// What the system answers where `/proc` may not be read, and [`io::ErrorKind::Unsupported`] away
/// from Linux. Readings then contain what runs for the first time.
///
/// # Example
///
/// ```
/// use ndarray_pool::memory::{prefault_code, usage};
///
/// if prefault_code().is_ok() {
///     let before = usage();
///     let root: f64 = std::hint::black_box(2.0_f64).sqrt();
///     let growth_bytes = usage().since(&before).current_rss_bytes.unwrap();
///     assert!(growth_bytes < 1_000_000, "{growth_bytes}");
///     # assert!(root > 1.4);
/// }
/// ```
pub fn prefault_code() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    return super::code::prefault_code();
    #[cfg(not(target_os = "linux"))]
    Err(io::ErrorKind::Unsupported.into())
}

/// The RSS of the process `pid`; `None` if there is none, it has ended, or the system does not tell.
#[cfg(all(feature = "isolate", unix))]
pub(crate) fn rss_bytes_of(pid: u32) -> Option<u64> {
    imp::rss_bytes_of(pid)
}

#[cfg(target_os = "linux")]
use super::procfs as imp;

#[cfg(not(target_os = "linux"))]
mod imp {
    //! Where there is no `/proc`, there is no figure.

    use std::io;

    use super::Usage;

    pub(super) fn usage() -> Usage {
        Usage::default()
    }

    #[cfg(all(feature = "isolate", unix))]
    pub(super) fn rss_bytes_of(_pid: u32) -> Option<u64> {
        None
    }

    pub(super) fn reset_peak() -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
