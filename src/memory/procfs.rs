//! Reads Linux's figures about this process from `/proc`, through a fixed buffer on the stack and
//! without allocating (private: [`usage()`](super::usage()) is the way in).
//!
//! Which file, and why: `status` has current and peak RSS in KiB, so no page size is needed, and is
//! the only one with the peak. `statm` is half as dear but has no peak; `smaps_rollup` walks the
//! page tables, 17 ms for 1 GiB of small pages. `stat` has the faults of all threads.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::str;

use super::reading::Usage;

/// Opening a path this short does not allocate: the standard library terminates it on the stack.
const STATUS: &str = "/proc/self/status";
const STAT: &str = "/proc/self/stat";
const CLEAR_REFS: &str = "/proc/self/clear_refs";

/// What the kernel takes for "forget the peak of the RSS", in `clear_refs`.
const FORGET_PEAK: &[u8] = b"5";

/// Enough for all of `stat`'s fields up to the faults, and for the lines of `status` that are
/// wanted.
const BUFFER_BYTES: usize = 1024;

pub(super) fn usage() -> Usage {
    let mut usage = Usage::default();
    if let Ok(file) = File::open(STATUS) {
        read_status(file, &mut usage);
    }
    if let Ok(file) = File::open(STAT) {
        read_stat(file, &mut usage);
    }
    usage
}

/// The RSS of the process `pid`; `None` if there is none, or it has ended.
#[cfg(feature = "isolate")]
pub(super) fn rss_bytes_of(pid: u32) -> Option<u64> {
    let mut usage = Usage::default();
    read_status(File::open(format!("/proc/{pid}/status")).ok()?, &mut usage);
    usage.current_rss_bytes
}

pub(super) fn reset_peak() -> io::Result<()> {
    OpenOptions::new().write(true).open(CLEAR_REFS)?.write_all(FORGET_PEAK)
}

/// `VmHWM:      1968 kB`, one figure a line. The name of the process has a line too, but its line
/// breaks are escaped: it cannot pass for another line.
fn read_status(file: impl Read, usage: &mut Usage) {
    // A read error ends the lines; what was not seen until then stays `None`.
    let _ = for_each_line(file, |line| {
        if let Some(figure) = line.strip_prefix(b"VmHWM:") {
            usage.peak_rss_bytes = parse_kib(figure);
        } else if let Some(figure) = line.strip_prefix(b"VmRSS:") {
            usage.current_rss_bytes = parse_kib(figure);
            return ControlFlow::Break(()); // the last one wanted
        }
        ControlFlow::Continue(())
    });
}

/// One line of fields, of which the second is the process's name in parentheses. The name may
/// contain anything, spaces and parentheses included, and what follows it may not: the fields are
/// counted from the last parenthesis.
fn read_stat(mut file: impl Read, usage: &mut Usage) {
    let mut buffer = [0; BUFFER_BYTES];
    let Ok(length) = fill(&mut file, &mut buffer) else { return };
    let stat = &buffer[..length];
    let Some(end_of_name) = stat.iter().rposition(|&byte| byte == b')') else { return };
    // As proc(5) numbers them: 3 is the state, 10 the minor faults, 11 those of waited-for
    // children, 12 the major faults.
    let mut from_third = stat[end_of_name + 1..].trim_ascii_start().split(|&byte| byte == b' ');
    usage.minor_faults = from_third.nth(10 - 3).and_then(parse_u64);
    usage.major_faults = from_third.nth(12 - 11).and_then(parse_u64);
}

/// Hands each line, without its end, to `visit` until that breaks. Of a line longer than the buffer
/// only the beginning is handed over: the list of groups, which can be very long, stands before the
/// figures.
fn for_each_line(
    mut file: impl Read,
    mut visit: impl FnMut(&[u8]) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut buffer = [0; BUFFER_BYTES];
    let mut filled = 0;
    let mut is_inside_long_line = false;
    loop {
        let read = read_some(&mut file, &mut buffer[filled..])?;
        filled += read;
        let is_last = read == 0;
        let mut start = 0;
        while let Some(length) = buffer[start..filled].iter().position(|&byte| byte == b'\n') {
            let line = &buffer[start..start + length];
            start += length + 1;
            if !is_inside_long_line && visit(line).is_break() {
                return Ok(());
            }
            is_inside_long_line = false;
        }
        let is_full = start == 0 && filled == buffer.len();
        if is_full || is_last {
            if filled > start && !is_inside_long_line && visit(&buffer[start..filled]).is_break() {
                return Ok(());
            }
            if is_last {
                return Ok(());
            }
            is_inside_long_line = true;
            start = filled;
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_some(file, &mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// One read, taken up again if a signal came between.
fn read_some(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn parse_kib(figure: &[u8]) -> Option<u64> {
    parse_u64(figure.trim_ascii().strip_suffix(b" kB")?)?.checked_mul(1024)
}

fn parse_u64(figure: &[u8]) -> Option<u64> {
    str::from_utf8(figure).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{BUFFER_BYTES, read_stat, read_status};
    use crate::memory::Usage;

    /// Hands out `bytes` in pieces of `piece` bytes, each time after one interruption.
    struct Pieces<'a> {
        bytes: &'a [u8],
        piece: usize,
        is_interrupted: bool,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.is_interrupted = !self.is_interrupted;
            if self.is_interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let length = self.piece.min(buffer.len()).min(self.bytes.len());
            buffer[..length].copy_from_slice(&self.bytes[..length]);
            self.bytes = &self.bytes[length..];
            Ok(length)
        }
    }

    fn rss_of(status: &str, piece: usize) -> (Option<u64>, Option<u64>) {
        let mut usage = Usage::default();
        read_status(Pieces { bytes: status.as_bytes(), piece, is_interrupted: false }, &mut usage);
        (usage.current_rss_bytes, usage.peak_rss_bytes)
    }

    fn faults_of(stat: &str) -> (Option<u64>, Option<u64>) {
        let mut usage = Usage::default();
        let pieces = Pieces { bytes: stat.as_bytes(), piece: 7, is_interrupted: false };
        read_stat(pieces, &mut usage);
        (usage.minor_faults, usage.major_faults)
    }

    #[test]
    fn status_is_found_behind_lines_of_any_length_and_in_pieces_of_any_size() {
        for padding in [0, 1, BUFFER_BYTES - 9, BUFFER_BYTES - 8, BUFFER_BYTES, 5 * BUFFER_BYTES] {
            let groups = "7".repeat(padding);
            let status = format!(
                "Name:\tx\\nVmRSS: 1 kB\nGroups: {groups}\n\
                 VmHWM:\t  1968 kB\nVmRSS:\t    20 kB\nVmRSS: 3 kB\n"
            );
            for piece in [1, 3, 100, 10_000] {
                assert_eq!(rss_of(&status, piece), (Some(20 * 1024), Some(1968 * 1024)));
            }
        }
    }

    #[test]
    fn a_long_line_cannot_pass_for_a_figure_inside_it() {
        let status =
            format!("Groups: {}VmRSS: 1 kB\nVmHWM: 8 kB\n", "7".repeat(2 * BUFFER_BYTES - 8));
        assert_eq!(rss_of(&status, 10_000), (None, Some(8192)));
    }

    #[test]
    fn status_without_figures_or_with_nonsense_gives_none() {
        assert_eq!(rss_of("", 10), (None, None));
        assert_eq!(rss_of("Name:\tkthread\nThreads: 1", 10), (None, None));
        assert_eq!(rss_of("VmHWM: many kB\nVmRSS: 12 MB\n", 10), (None, None));
        assert_eq!(rss_of("VmHWM: 18446744073709551615 kB\nVmRSS: -1 kB\n", 10), (None, None));
        assert_eq!(rss_of("VmHWM: 4 kB\nVmRSS: 2 kB", 10), (Some(2048), Some(4096)));
    }

    #[test]
    fn stat_is_counted_from_the_end_of_the_name() {
        let fields = "R 5633 5633 2748 0 -1 4194304 100 11 12 13 0 0 0 0 20 0 1 0 51520";
        for name in ["cat", "a b", ") R 1 2 3 4 5 6 7 8 9 (", "((", "line\nbreak", "ü)"] {
            assert_eq!(faults_of(&format!("5636 ({name}) {fields}\n")), (Some(100), Some(12)));
        }
    }

    #[test]
    fn a_short_or_strange_stat_gives_none() {
        assert_eq!(faults_of(""), (None, None));
        assert_eq!(faults_of("1 (x"), (None, None));
        assert_eq!(faults_of("1 (x)"), (None, None));
        assert_eq!(faults_of("1 (x) R 2 3 4 5 6 7 8 9"), (Some(8), None));
        assert_eq!(faults_of("1 (x) R 2 3 4 5 6 7 -8 9 x 1"), (None, None));
    }
}
