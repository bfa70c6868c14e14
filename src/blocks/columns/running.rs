//! A sum that is kept in two numbers, so that its error does not grow with the number of blocks.

use std::ops::{Add, Sub};

use ndarray::{Array, ArrayRef, Dimension, Zip};

use super::zeros;
use crate::pool::Element;

/// Sums of arrays, element by element. Of each sum, `low` holds what was rounded off `high`: the error of every
/// addition is found exactly (D. Knuth, *The Art of Computer Programming* 2, section 4.2.2), and added up.
#[derive(Clone, Debug)]
pub(super) struct Running<A, D: Dimension> {
    high: Array<A, D>,
    low: Array<A, D>,
}

impl<A, D> Running<A, D>
where
    A: Element + Add<Output = A> + Sub<Output = A> + PartialEq,
    D: Dimension,
{
    pub(super) fn new(shape: D) -> Self {
        Running { high: zeros(shape.clone()), low: zeros(shape) }
    }

    pub(super) fn shape(&self) -> &[usize] {
        self.high.shape()
    }

    pub(super) fn add(&mut self, more: &ArrayRef<A, D>) {
        let Running { high, low } = self;
        Zip::from(high).and(low).and(more).for_each(|high, low, &more| {
            (*high, *low) = added((*high, *low), more);
        });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.add(&other.high);
        self.add(&other.low);
    }

    pub(super) fn total_into(&self, out: &mut ArrayRef<A, D>) {
        Zip::from(out)
            .and(&self.high)
            .and(&self.low)
            .for_each(|out, &high, &low| *out = high + low);
    }
}

/// `sum + more`, where the parts of the sum are a number and what was rounded off it. Of integers nothing is.
#[inline]
pub(super) fn added<A>((high, low): (A, A), more: A) -> (A, A)
where
    A: Copy + Add<Output = A> + Sub<Output = A> + PartialEq,
{
    let sum = high + more;
    let added = sum - high;
    let lost = (high - (sum - added)) + (more - added);
    // Infinities have no error: NaN is not itself.
    #[expect(clippy::eq_op, reason = "NaN is not equal to itself")]
    let is_number = lost == lost;
    (sum, if is_number { low + lost } else { low })
}
