//! How much memory the process holds, as the kernel counts it: RSS, its peak, and page faults.

use std::io;

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

/// One reading of [`usage()`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Usage {
    /// Memory of this process that has pages behind it now (`VmRSS`).
    pub current_rss_bytes: Option<u64>,
    /// The most there ever was since the process began or since [`reset_peak`] (`VmHWM`).
    pub peak_rss_bytes: Option<u64>,
    /// Page faults of all threads so far, ended ones included, that needed no disk: mostly first
    /// touches of a page.
    pub minor_faults: Option<u64>,
    /// Page faults of all threads so far that had to wait for a disk.
    pub major_faults: Option<u64>,
}

impl Usage {
    /// What changed between `earlier` and this reading. A figure that either reading lacks is
    /// `None`.
    ///
    /// For the peak this is how far it rose above the *current* RSS of `earlier`: the memory that
    /// was needed in between, on top of what was there. It means that only if the peak was
    /// [reset](reset_peak) at `earlier`; otherwise an older peak may still stand. The faults are
    /// `None` too if `earlier` turns out to be the later one.
    ///
    /// # Example
    ///
    /// ```
    /// use ndarray_pool::memory::usage;
    ///
    /// let before = usage();
    /// let growth = usage().since(&before);
    /// assert!(growth.minor_faults.is_none_or(|faults| faults < 100));
    /// ```
    #[must_use]
    pub fn since(&self, earlier: &Self) -> UsageGrowth {
        UsageGrowth {
            current_rss_bytes: difference(self.current_rss_bytes, earlier.current_rss_bytes),
            peak_rss_bytes: difference(self.peak_rss_bytes, earlier.current_rss_bytes),
            minor_faults: increase(self.minor_faults, earlier.minor_faults),
            major_faults: increase(self.major_faults, earlier.major_faults),
        }
    }
}

/// The difference of two [`Usage`]s, made by [`Usage::since`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct UsageGrowth {
    /// How much more memory is held than before; negative if it became less.
    pub current_rss_bytes: Option<i64>,
    /// How far the peak lies above what was held before.
    pub peak_rss_bytes: Option<i64>,
    /// Page faults in between that needed no disk.
    pub minor_faults: Option<u64>,
    /// Page faults in between that had to wait for a disk.
    pub major_faults: Option<u64>,
}

fn difference(later: Option<u64>, earlier: Option<u64>) -> Option<i64> {
    i64::try_from(later?).ok()?.checked_sub(i64::try_from(earlier?).ok()?)
}

fn increase(later: Option<u64>, earlier: Option<u64>) -> Option<u64> {
    later?.checked_sub(earlier?)
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

    pub(super) fn reset_peak() -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Usage, UsageGrowth};

    const EARLIER: Usage = Usage {
        current_rss_bytes: Some(1000),
        peak_rss_bytes: Some(5000),
        minor_faults: Some(10),
        major_faults: Some(1),
    };

    #[test]
    fn growth_may_be_negative_and_peaks_count_from_the_earlier_current() {
        let later = Usage {
            current_rss_bytes: Some(400),
            peak_rss_bytes: Some(7000),
            minor_faults: Some(17),
            major_faults: Some(1),
        };
        let expected = UsageGrowth {
            current_rss_bytes: Some(-600),
            peak_rss_bytes: Some(6000),
            minor_faults: Some(7),
            major_faults: Some(0),
        };
        assert_eq!(later.since(&EARLIER), expected);
    }

    #[test]
    fn a_missing_figure_stays_missing() {
        assert_eq!(Usage::default().since(&EARLIER), UsageGrowth::default());
        assert_eq!(EARLIER.since(&Usage::default()), UsageGrowth::default());
        let impossible = Usage { current_rss_bytes: Some(u64::MAX), ..EARLIER };
        assert_eq!(impossible.since(&EARLIER).current_rss_bytes, None);
        let before = Usage { minor_faults: Some(9), ..EARLIER };
        assert_eq!(before.since(&EARLIER).minor_faults, None);
    }
}
