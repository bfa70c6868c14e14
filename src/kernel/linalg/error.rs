//! What a matrix can lack.

use std::error::Error;
use std::fmt;

/// Why a matrix has no factorisation, or a system of equations no solution: NumPy's `LinAlgError`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinalgError {
    /// A leading part of a matrix is not positive definite.
    #[non_exhaustive]
    NotPositiveDefinite {
        /// The order of the smallest such part: it has so many rows and columns.
        order: usize,
    },
    /// An element of the diagonal of a triangular matrix is zero.
    #[non_exhaustive]
    Singular {
        /// Its row and column.
        index: usize,
    },
}

impl fmt::Display for LinalgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinalgError::NotPositiveDefinite { order } => {
                write!(f, "not positive definite: the leading minor of order {order} is not")
            }
            LinalgError::Singular { index } => {
                write!(f, "singular: the diagonal of the triangular matrix is zero at {index}")
            }
        }
    }
}

/// As displayed, because `main` and `unwrap` print errors by `Debug`.
impl fmt::Debug for LinalgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for LinalgError {}
