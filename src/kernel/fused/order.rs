//! The order in which operands are walked.

use ndarray::Axis;

use crate::kernel::engine::axes::{self, Axes};

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
