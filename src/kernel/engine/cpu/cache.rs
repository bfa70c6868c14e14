//! The cache policy: how much cache a kernel may count on, and from which size on it streams.
//!
//! The size that a system reports for its last-level cache can be that of a whole socket, of which a core gets a
//! fraction: 480 MiB were seen on a virtual machine with two processors. So a reported size is trusted up to
//! [`MOST_BYTES`] only. Beyond, the L2 cache of a core tells how large the processor is built:
//!
//! | reported last level | effective |
//! |---|---|
//! | at most 64 MiB | as reported |
//! | more | 16 × L2, at least 32 MiB and at most 64 MiB |
//! | nothing | 32 MiB |
//!
//! Threads that work at the same time share it: each gets its share, and never less than L2, which is its own. A kernel
//! that computes a part of an operation on several threads does not know that; the thread does
//! ([`while_computing_part`]).
//!
//! Whoever streams asks here; prefetches are unconditional. Time depends on the answer, a result never does: which
//! elements are computed, and in which order they are added, is chosen by lengths alone.

#[cfg(feature = "rayon")]
use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kernel::engine::tuning::MIN_STREAMED_BYTES;

const MIB: usize = 1 << 20;

/// The largest last-level cache that is trusted.
const MOST_BYTES: usize = 64 * MIB;

/// What a core of a processor of the last ten years can use at least; also assumed where the system reports nothing.
const ASSUMED_BYTES: usize = 32 * MIB;

/// The L2 cache that is assumed where the system reports none.
const ASSUMED_L2_BYTES: usize = MIB;

/// The environment variable that overrides the size from which on kernels stream, in bytes.
const VARIABLE: &str = "NDARRAY_POOL_STREAM_BYTES";

/// Linux's description of the first processor's caches, from L1 outwards. Paths this short are opened without an
/// allocation.
const CACHES: [[&str; 2]; 5] = [
    [
        "/sys/devices/system/cpu/cpu0/cache/index0/level",
        "/sys/devices/system/cpu/cpu0/cache/index0/size",
    ],
    [
        "/sys/devices/system/cpu/cpu0/cache/index1/level",
        "/sys/devices/system/cpu/cpu0/cache/index1/size",
    ],
    [
        "/sys/devices/system/cpu/cpu0/cache/index2/level",
        "/sys/devices/system/cpu/cpu0/cache/index2/size",
    ],
    [
        "/sys/devices/system/cpu/cpu0/cache/index3/level",
        "/sys/devices/system/cpu/cpu0/cache/index3/size",
    ],
    [
        "/sys/devices/system/cpu/cpu0/cache/index4/level",
        "/sys/devices/system/cpu/cpu0/cache/index4/size",
    ],
];

/// The size set by [`set_stream_bytes`]; [`UNSET`] if none is.
static OVERRIDE: AtomicUsize = AtomicUsize::new(UNSET);

const UNSET: usize = usize::MAX;

/// The size of the operands, read and written together and in bytes, from which on kernels write their output with
/// streaming (non-temporal) stores.
///
/// It defaults to five eighths of the last-level cache, as far as one core can count on it (at most 64 MiB, whatever
/// the system reports). [`set_stream_bytes`] and the environment variable `NDARRAY_POOL_STREAM_BYTES` override it.
/// Operands of less than 2 MiB are never streamed. Time depends on it, a result never does.
///
/// The system and the variable are read once, by the first call or by the first kernel on large arrays. If the variable
/// is set, that allocates a few bytes.
///
/// ```
/// use ndarray_pool::kernel::{set_stream_bytes, stream_bytes};
///
/// let of_this_machine = stream_bytes();
/// set_stream_bytes(Some(8 << 20)); // many neighbours share the cache
/// assert_eq!(stream_bytes(), 8 << 20);
/// set_stream_bytes(None);
/// assert_eq!(stream_bytes(), of_this_machine);
/// ```
#[doc(alias("cache", "non-temporal"))]
pub fn stream_bytes() -> usize {
    stream_bytes_on(1)
}

/// [`stream_bytes`] of an operation on several threads.
fn stream_bytes_on(threads: usize) -> usize {
    /// What the environment says, or else the machine.
    static UNLESS_SET: OnceLock<Result<usize, Policy>> = OnceLock::new();
    match OVERRIDE.load(Ordering::Relaxed) {
        UNSET => {
            let unless_set = UNLESS_SET.get_or_init(|| {
                let variable = std::env::var(VARIABLE).ok();
                variable
                    .as_deref()
                    .and_then(stream_bytes_of)
                    .ok_or_else(|| Policy::of(reported(CACHES.iter().map(|files| files.map(read)))))
            });
            unless_set.unwrap_or_else(|policy| policy.stream_bytes(threads))
        }
        bytes => bytes,
    }
}

/// Sets what [`stream_bytes`] returns, for all threads from now on; `None` goes back to what the machine or the
/// environment says. `Some(usize::MAX)` turns streaming off.
///
/// Measure before you use it: a value that is too low costs as much as one that is too high.
pub fn set_stream_bytes(bytes: Option<usize>) {
    OVERRIDE.store(bytes.map_or(UNSET, |bytes| bytes.min(UNSET - 1)), Ordering::Relaxed);
}

/// Whether operands of so many bytes are streamed; those of a [part](while_computing_part) count as the whole.
#[inline]
pub(crate) fn streams(operand_bytes: usize) -> bool {
    let Part { of, threads } = part();
    let bytes = operand_bytes.saturating_mul(of);
    bytes >= MIN_STREAMED_BYTES && bytes >= stream_bytes_on(threads)
}

/// What a thread computes: one of `of` parts of an operation on so many threads.
#[derive(Clone, Copy)]
struct Part {
    of: usize,
    threads: usize,
}

#[cfg(feature = "rayon")]
thread_local! {
    static PART: Cell<Part> = const { Cell::new(Part { of: 1, threads: 1 }) };
}

#[inline(always)]
fn part() -> Part {
    #[cfg(feature = "rayon")]
    return PART.get();
    #[cfg(not(feature = "rayon"))]
    Part { of: 1, threads: 1 }
}

/// Does `work`, which is one of `of` parts of an operation on so many threads: it streams if the whole operation would.
#[cfg(feature = "rayon")]
pub(crate) fn while_computing_part<R>(of: usize, threads: usize, work: impl FnOnce() -> R) -> R {
    /// Sets it back, even if the work panics.
    struct Before(Part);

    impl Drop for Before {
        fn drop(&mut self) {
            PART.set(self.0);
        }
    }

    let _before = Before(PART.replace(Part { of, threads }));
    work()
}

/// The value of the environment variable. One that is not a number counts as unset.
fn stream_bytes_of(variable: &str) -> Option<usize> {
    variable.trim().parse().ok()
}

/// What the system reports of the caches of its first processor.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
struct Reported {
    l2_bytes: Option<usize>,
    largest_bytes: Option<usize>,
}

/// The sizes that kernels decide by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Policy {
    l2_bytes: usize,
    effective_bytes: usize,
}

impl Policy {
    fn of(reported: Reported) -> Self {
        let l2_bytes = reported.l2_bytes.unwrap_or(ASSUMED_L2_BYTES);
        let effective_bytes = match reported.largest_bytes {
            Some(bytes) if bytes <= MOST_BYTES => bytes,
            Some(_) => l2_bytes.saturating_mul(16).clamp(ASSUMED_BYTES, MOST_BYTES),
            None => ASSUMED_BYTES,
        };
        Policy { l2_bytes, effective_bytes }
    }

    /// The cache that each of `threads` threads may count on if they work at the same time.
    fn share_bytes(self, threads: usize) -> usize {
        (self.effective_bytes / threads.max(1)).max(self.l2_bytes.min(self.effective_bytes))
    }

    /// The size of operands from which on `threads` threads that share them stream: from there on the output cannot
    /// stay in the caches together with what the caller uses next.
    fn stream_bytes(self, threads: usize) -> usize {
        self.share_bytes(threads).saturating_mul(threads.max(1)) / 8 * 5
    }
}

/// Summarises the level and the size of each cache, as far as they could be read.
fn reported(caches: impl Iterator<Item = [Option<usize>; 2]>) -> Reported {
    let mut reported = Reported::default();
    for [level, size] in caches {
        reported.largest_bytes = reported.largest_bytes.max(size);
        if level == Some(2) {
            reported.l2_bytes = reported.l2_bytes.max(size);
        }
    }
    reported
}

fn read(path: &str) -> Option<usize> {
    let mut text = [0; 32];
    let len = File::open(path).ok()?.read(&mut text).ok()?;
    parse(&text[..len])
}

/// Parses a number and a line break: `2`, or with a unit `32768K`.
fn parse(text: &[u8]) -> Option<usize> {
    let text = str::from_utf8(text).ok()?.trim_end();
    let (number, unit) = match text.strip_suffix('K') {
        Some(number) => (number, 1 << 10),
        None => (text, 1),
    };
    number.parse::<usize>().ok()?.checked_mul(unit).filter(|&number| number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(l2_kib: usize, last_mib: usize) -> Policy {
        let size = |bytes: usize| Some(bytes).filter(|&bytes| bytes > 0);
        let caches = [
            [Some(1), Some(48 << 10)],
            [Some(2), size(l2_kib << 10)],
            [Some(3), size(last_mib << 20)],
        ];
        Policy::of(reported(caches.into_iter()))
    }

    #[test]
    fn a_cache_is_believed_as_far_as_a_core_can_have_it() {
        for (l2_kib, last_mib, effective_mib) in [
            (2048, 480, 32), // a socket behind two virtual processors
            (1024, 96, 32),  // stacked cache
            (4096, 96, 64),
            (8192, 480, 64),
            (1024, 32, 32),
            (1280, 54, 54),
            (256, 6, 6),
            (0, 300, 32),
            (1024, 64, 64),
            (1024, 65, 32),
        ] {
            let policy = policy(l2_kib, last_mib);
            assert_eq!(policy.share_bytes(1), effective_mib << 20, "{l2_kib} KiB, {last_mib} MiB");
            assert_eq!(policy.stream_bytes(1), (effective_mib << 20) / 8 * 5);
        }
    }

    #[test]
    fn where_nothing_can_be_read_a_usual_cache_is_assumed() {
        let unreadable = CACHES.map(|_| [None, None]);
        assert_eq!(Policy::of(reported(unreadable.into_iter())).share_bytes(1), 32 << 20);
        assert_eq!(Policy::of(reported(std::iter::empty())).stream_bytes(1), 20 << 20);
        // Without a third level, the second is the last.
        let two = [[Some(1), Some(32 << 10)], [Some(2), Some(4 << 20)]];
        assert_eq!(Policy::of(reported(two.into_iter())).share_bytes(1), 4 << 20);
    }

    #[test]
    fn threads_share_the_cache_but_not_their_l2() {
        let policy = policy(2048, 480);
        for (threads, mib) in [(0, 32), (1, 32), (2, 16), (8, 4), (16, 2), (1000, 2)] {
            assert_eq!(policy.share_bytes(threads), mib << 20, "{threads}");
            let all = threads.max(1) * (mib << 20);
            assert_eq!(policy.stream_bytes(threads), all / 8 * 5, "{threads}");
        }
    }

    #[test]
    #[cfg(feature = "rayon")]
    fn a_part_streams_where_the_whole_does() {
        let bytes = stream_bytes().max(MIN_STREAMED_BYTES);
        assert!(streams(bytes) && !streams(bytes / 4));
        while_computing_part(4, 1, || {
            assert!(streams(bytes / 4) && !streams(bytes / 4 - 1));
            while_computing_part(1, 1, || assert!(!streams(bytes / 4)));
            assert!(streams(bytes / 4));
        });
        let panicked = std::panic::catch_unwind(|| while_computing_part(8, 8, || panic!("over")));
        assert!(panicked.is_err() && !streams(bytes / 4));
    }

    #[test]
    fn the_variable_is_the_size_from_which_on_kernels_stream() {
        for bytes in [0, 40, 8_388_608, 500 << 20, usize::MAX] {
            assert_eq!(stream_bytes_of(&format!(" {bytes}\n")), Some(bytes));
        }
        for odd in ["", "many", "-1", "1e6", "8M"] {
            assert_eq!(stream_bytes_of(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn sizes_and_levels_are_read_as_linux_writes_them() {
        assert_eq!(parse(b"32768K\n"), Some(32 << 20));
        assert_eq!(parse(b"1024K"), Some(1 << 20));
        assert_eq!(parse(b"2\n"), Some(2));
        for odd in
            [&b""[..], b"K\n", b"0K\n", b"32M\n", b"-1K\n", b"99999999999999999999K\n", b"\xff"]
        {
            assert_eq!(parse(odd), None, "{odd:?}");
        }
        assert_eq!(read("/sys/devices/system/cpu/there/is/none"), None);
    }

    #[test]
    fn this_machine_has_a_cache() {
        let effective =
            Policy::of(reported(CACHES.iter().map(|files| files.map(read)))).share_bytes(1);
        assert!((64 << 10..=MOST_BYTES).contains(&effective), "{effective}");
    }
}
