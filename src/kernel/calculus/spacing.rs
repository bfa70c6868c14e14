//! The spacing of samples along an axis, and the order of gradients at its ends.

use ndarray::{ArrayRef, ArrayRef1, Axis, Dimension};
use num_traits::Float;

use crate::kernel::engine::check;

/// The positions of samples along an axis: NumPy's `dx` or `x`.
///
/// A number can be given in its place, and is converted to [`Spacing::Even`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Spacing<'x, A> {
    /// The distance between neighbouring samples.
    Even(A),
    /// The coordinates of the samples: sample k is at x\[k\]. There are as many coordinates as samples.
    At(&'x ArrayRef1<A>),
}

impl<A> From<A> for Spacing<'_, A> {
    fn from(step: A) -> Self {
        Spacing::Even(step)
    }
}

impl<A> Spacing<'_, A> {
    /// Checks that there is a coordinate for each sample of `array` (called `argument`).
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

/// The number of samples from which the slope at either end of an axis is computed: NumPy's `edge_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EdgeOrder {
    /// Two samples, NumPy's default: exact for straight lines.
    #[default]
    First,
    /// Three samples: exact for parabolas, as the slopes between the ends are.
    Second,
}

/// One half.
pub(crate) fn half<A: Float>() -> A {
    (A::one() + A::one()).recip()
}
