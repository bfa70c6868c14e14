//! How far samples along an axis lie apart.

use ndarray::{ArrayRef, ArrayRef1, Axis, Dimension};

use crate::kernel::engine::check;

/// Where the samples along an axis lie: NumPy's `dx` or `x`.
///
/// A number can be given in its place, and is [`Spacing::Even`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Spacing<'x, A> {
    /// Each lies so far behind the one before it.
    Even(A),
    /// Sample number k lies at the coordinate x\[k\]; there are as many coordinates as samples.
    At(&'x ArrayRef1<A>),
}

impl<A> From<A> for Spacing<'_, A> {
    fn from(step: A) -> Self {
        Spacing::Even(step)
    }
}

impl<A> Spacing<'_, A> {
    /// There is a coordinate for each sample of `array` (called `argument`).
    #[inline]
    #[track_caller]
    pub(crate) fn check<D: Dimension>(
        &self,
        kernel: &str,
        axis: Axis,
        (argument, array): (&str, &ArrayRef<A, D>),
    ) {
        if let Spacing::At(x) = self {
            check::len_of_axis(kernel, ("spacing", x.len()), axis, (argument, array));
        }
    }
}

/// How many samples are taken for the slope at either end of an axis: NumPy's `edge_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EdgeOrder {
    /// Two, as NumPy does by default: straight lines have their slopes there.
    #[default]
    First,
    /// Three: parabolas have theirs there too, as they have everywhere else.
    Second,
}
