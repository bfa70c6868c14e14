//! What keeps a comparison from being run at all.

use std::{error, fmt, io};

/// Why a comparison could not be run.
///
/// A *variant* that fails is not an error: it becomes a row of the report that says so.
#[non_exhaustive]
pub enum CompareError {
    /// The comparison contradicts itself: no variant, two of one name, a baseline that is none.
    #[non_exhaustive]
    Invalid {
        /// What was found and what is needed.
        reason: String,
    },
    /// A variant has no figures; see [`Report::require_figures`](super::Report::require_figures).
    #[non_exhaustive]
    NoFigures {
        /// Which variants, and why.
        reason: String,
    },
    /// A process that a variant started itself came to a comparison.
    Nested,
    /// The system refused a file or a process that the comparison needs.
    #[non_exhaustive]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system answered.
        source: io::Error,
    },
}

impl CompareError {
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid { reason: reason.into() }
    }

    /// For `map_err`: what was being done when the system refused.
    pub(super) fn io(doing: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { reason } | Self::NoFigures { reason } => write!(f, "{reason}"),
            Self::Nested => f.write_str(
                "a variant started a process that came to a comparison: a variant must not compare",
            ),
            Self::Io { doing, source } => write!(f, "cannot {doing}: {source}"),
        }
    }
}

/// As it is displayed: `main` and `unwrap` print an error by `Debug`.
impl fmt::Debug for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for CompareError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::CompareError;

    #[test]
    fn errors_print_as_they_read() {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        for (error, text) in [
            (CompareError::invalid("no variant"), "no variant"),
            (
                CompareError::io("start a process")(missing),
                "cannot start a process: entity not found",
            ),
        ] {
            assert_eq!(error.to_string(), text);
            assert_eq!((format!("{error:?}"), format!("{error:#?}")), (text.into(), text.into()));
        }
    }
}
