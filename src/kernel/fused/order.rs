//! The order in which operands are walked, and how much memory they take.

use ndarray::{ArrayRef, Axis, Dimension};

use crate::kernel::engine::axes::{self, Axes};
use crate::kernel::engine::cpu::stream;

/// Whether steps are the same along every axis that has more than one position.
#[inline]
pub(super) fn steps_alike(lens: &[usize], steps: &[isize], others: &[isize]) -> bool {
    let both = steps.iter().zip(others);
    steps == others || both.zip(lens).all(|((step, other), &len)| len <= 1 || step == other)
}

/// The operands of a walk: the first decides the order, the others follow.
pub(super) trait Operands {
    fn first(&self) -> &dyn Axes;
    fn each(&self, see: &mut dyn FnMut(&dyn Axes));
    fn each_mut(&mut self, change: &mut dyn FnMut(&mut dyn Axes));
}

/// [`align`](axes::align) of any number of operands. Returns the axis of the lanes.
pub(super) fn align(operands: &mut dyn Operands) -> Axis {
    axes::align(&mut [&mut Together(operands)])
}

/// All operands as one.
struct Together<'o>(&'o mut dyn Operands);

impl Axes for Together<'_> {
    fn lens(&self) -> &[usize] {
        self.0.first().lens()
    }

    fn steps(&self) -> &[isize] {
        self.0.first().steps()
    }

    fn invert(&mut self, axis: usize) {
        self.0.each_mut(&mut |operand| operand.invert(axis));
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.0.each_mut(&mut |operand| operand.swap(a, b));
    }

    fn merge(&mut self, take: usize, into: usize) {
        self.0.each_mut(&mut |operand| operand.merge(take, into));
    }

    fn may_merge(&self, take: usize, into: usize) -> bool {
        let mut all = true;
        self.0.each(&mut |operand| all = all && operand.can_merge(take, into));
        all
    }
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
    #[inline(never)]
    pub(super) fn add<A, D: Dimension>(&mut self, array: &ArrayRef<A, D>) {
        let (addr, bytes) = (array.as_ptr().addr(), stream::bytes_of(array));
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

    pub(super) fn bytes(&self) -> usize {
        let parts = self.parts[..self.len].iter();
        parts.fold(self.more_bytes, |sum, part| sum.saturating_add(part.1))
    }
}
