//! One reading of the kernel's figures about a process, and the difference of two.

/// One reading of [`usage()`](super::usage()).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Usage {
    /// Memory of this process that has pages behind it now (`VmRSS`).
    pub current_rss_bytes: Option<u64>,
    /// The most there ever was since the process began or since
    /// [`reset_peak`](super::reset_peak) (`VmHWM`).
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
    /// [reset](super::reset_peak) at `earlier`; otherwise an older peak may still stand. The faults
    /// are `None` too if `earlier` turns out to be the later one.
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
