//! Names in tables: as long as they are, and without what a terminal would obey.

use std::fmt::{self, Write};

/// `text` as it may stand in a line of a terminal: a line break or a tab becomes a space, and of
/// every other control character its escape is shown.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

/// How many characters `text` has.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// A text with spaces behind it, up to a width. That of a format string ends at 65,535.
pub(crate) struct Padded<'a>(pub(crate) &'a str, pub(crate) usize);

impl fmt::Display for Padded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        (width(self.0)..self.1).try_for_each(|_| f.write_char(' '))
    }
}

#[cfg(test)]
mod tests {
    use super::{Padded, plain};

    #[test]
    fn a_terminal_obeys_nothing() {
        assert_eq!(plain("in place, 2 × ü"), "in place, 2 × ü");
        assert_eq!(
            plain("a\u{1b}[31m\r\nb\u{0}\u{9b}\u{7f}"),
            "a\\u{1b}[31m  b\\u{0}\\u{9b}\\u{7f}"
        );
    }

    #[test]
    fn any_width_will_do() {
        assert_eq!(Padded("ü", 3).to_string(), "ü  ");
        assert_eq!(Padded("abc", 2).to_string(), "abc");
        assert_eq!(Padded("", 70_000).to_string().len(), 70_000);
    }
}
