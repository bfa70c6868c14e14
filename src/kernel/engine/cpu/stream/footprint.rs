//! The memory behind operands, by which it is decided whether an output is streamed.

use std::mem;

use ndarray::{ArrayRef, Dimension};

/// The size of the memory behind an operand. What broadcasting repeats counts once.
pub(crate) fn bytes_of<A, D: Dimension>(array: &ArrayRef<A, D>) -> usize {
    elements_of(array.shape(), array.strides()).saturating_mul(mem::size_of::<A>())
}

fn elements_of(lens: &[usize], steps: &[isize]) -> usize {
    let axes = lens.iter().zip(steps);
    // The steps of an array without elements are all zero.
    let is_there = |axis: &(&usize, &isize)| *axis.1 != 0 || *axis.0 <= 1;
    axes.filter(is_there).map(|axis| *axis.0).product()
}

/// The memory of operands. What broadcasting repeats counts once, and so do views of one array, as a stencil has them.
#[derive(Debug, Default)]
pub struct Footprint {
    /// Addresses and sizes of memory that lies apart.
    parts: [(usize, usize); 8],
    len: usize,
    /// The size of what found no place among the parts.
    more_bytes: usize,
}

impl Footprint {
    pub(crate) fn add<A, D: Dimension>(&mut self, array: &ArrayRef<A, D>) {
        self.add_bytes(array.as_ptr().addr(), bytes_of(array));
    }

    #[inline(never)]
    fn add_bytes(&mut self, addr: usize, bytes: usize) {
        for (other, known_bytes) in &mut self.parts[..self.len] {
            let apart = addr.abs_diff(*other);
            if apart < bytes.max(*known_bytes) {
                *known_bytes = bytes.max(*known_bytes) + apart;
                *other = addr.min(*other);
                return;
            }
        }
        match self.parts.get_mut(self.len) {
            Some(part) => (*part, self.len) = ((addr, bytes), self.len + 1),
            None => self.more_bytes = self.more_bytes.saturating_add(bytes),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let parts = self.parts[..self.len].iter();
        parts.fold(self.more_bytes, |sum, part| sum.saturating_add(part.1))
    }
}
