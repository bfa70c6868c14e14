//! One line that tells how far a comparison is, on a terminal; silence in a pipe.

use std::io::{self, IsTerminal, Write};

use crate::memory::text::plain;

const BAR_CHARS: usize = 24;

/// The line. It goes again when this is dropped, and what is printed next takes its place.
pub(super) struct Progress {
    done: usize,
    total: usize,
    is_shown: bool,
}

impl Progress {
    pub(super) fn new(total: usize) -> Self {
        Self { done: 0, total, is_shown: io::stderr().is_terminal() }
    }

    /// Says what begins now.
    pub(super) fn step(&mut self, what: &str) {
        if self.is_shown {
            // A terminal that is gone takes nothing away from the figures.
            let _ = write!(io::stderr(), "\r\x1b[K{}", line(self.done, self.total, what));
        }
        self.done += 1;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(done: usize, total: usize, what: &str) -> String {
    let filled = BAR_CHARS * done / total.max(1);
    let (bar, rest) = ("━".repeat(filled), "·".repeat(BAR_CHARS - filled));
    let what: String = plain(what).chars().take(40).collect();
    format!("{bar}{rest} {done} of {total}  {what}")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_bar_fills() {
        assert_eq!(line(0, 4, "a"), "························ 0 of 4  a");
        assert_eq!(line(3, 4, "b"), "━━━━━━━━━━━━━━━━━━······ 3 of 4  b");
        assert_eq!(line(4, 4, "\u{1b}"), "━━━━━━━━━━━━━━━━━━━━━━━━ 4 of 4  \\u{1b}");
    }
}
