//! The memory behind operands, by which it is decided whether an output is streamed.

use std::mem;

use ndarray::{ArrayRef, Dimension};

/// The size of the memory behind an operand. What broadcasting repeats counts once.
pub(crate) fn bytes_of<A, D: Dimension>(array: &ArrayRef<A, D>) -> usize {
    let axes = array.shape().iter().zip(array.strides());
    // The steps of an array without elements are all zero.
    let is_there = |axis: &(&usize, &isize)| *axis.1 != 0 || *axis.0 <= 1;
    let elements: usize = axes.filter(is_there).map(|axis| *axis.0).product();
    elements.saturating_mul(mem::size_of::<A>())
}

/// The memory behind one or more views.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    address: usize,
    pub(crate) bytes: usize,
}

impl Extent {
    pub(crate) fn of<A, D: Dimension>(array: &ArrayRef<A, D>) -> Extent {
        Extent { address: array.as_ptr().addr(), bytes: bytes_of(array) }
    }

    /// The memory of both. If they are views of one array, as where neighbours are compared, it counts once.
    pub(crate) fn with(self, other: Extent) -> Extent {
        if other.bytes == 0 {
            return self;
        }
        let apart = self.address.abs_diff(other.address);
        let together = self.bytes.max(other.bytes).saturating_add(apart);
        let bytes = self.bytes.saturating_add(other.bytes).min(together);
        Extent { address: self.address.min(other.address), bytes }
    }
}
