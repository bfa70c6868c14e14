//! The axes of an array whose lanes along one of them belong together: that one is brought to the front, and the others
//! are put in the order of memory.

use ndarray::{ArrayBase, ArrayView, ArrayViewMut, Axis, Dimension, RawData};

use super::drive::Axes;

/// Makes `axis` the first, and keeps the order of the others.
pub(super) fn to_front<S: RawData, D: Dimension>(a: &mut ArrayBase<S, D>, axis: Axis) {
    (0..axis.index()).rev().for_each(|place| a.swap_axes(place, place + 1));
}

/// Moves the first axis behind the others except `along` (counted without it), which it gives with the
/// first axis counted.
pub(super) fn first_before<S: RawData, D: Dimension>(a: &mut ArrayBase<S, D>, along: Axis) -> Axis {
    (0..along.index()).for_each(|place| a.swap_axes(place, place + 1));
    Axis(along.index() + 1)
}

/// Whether the first axis of `a` takes narrower steps through memory than `along` (counted without it).
pub(super) fn lanes_are_narrow<S: RawData, D: Dimension>(a: &ArrayBase<S, D>, along: Axis) -> bool {
    let across = along.index() + 1;
    match a.shape().get(across) {
        None | Some(1) => true,
        Some(_) => a.strides()[0].unsigned_abs() < a.strides()[across].unsigned_abs(),
    }
}

/// How many elements lie within one step along the first axis, if no other axis has gaps: the same for every view of one
/// shape and memory order.
pub(super) fn columns_inside<S: RawData, D: Dimension>(a: &ArrayBase<S, D>) -> usize {
    let (step, lens) = (a.strides()[0].unsigned_abs(), a.shape().iter().skip(1));
    let inside = lens.zip(&a.strides()[1..]).filter(|(_, other)| other.unsigned_abs() < step);
    inside.map(|(len, _)| len).product()
}

/// The lanes along the first axis, if they are one slice of memory, in the order of the other axes.
pub(super) fn slice_of_lanes<'a, A, D: Dimension>(a: &ArrayView<'a, A, D>) -> Option<&'a [A]> {
    let mut a = a.clone();
    let last = Axis(a.ndim() - 1);
    first_before(&mut a, last);
    a.to_slice()
}

/// The same of an array that is written to.
pub(super) fn slice_of_lanes_mut<'a, A, D: Dimension>(
    mut a: ArrayViewMut<'a, A, D>,
) -> Option<&'a mut [A]> {
    let last = Axis(a.ndim() - 1);
    first_before(&mut a, last);
    a.into_slice()
}

/// The axes of an array without the first.
pub(super) struct BehindFirst<'a>(pub(super) &'a mut dyn Axes);

impl Axes for BehindFirst<'_> {
    fn lens(&self) -> &[usize] {
        &self.0.lens()[1..]
    }
    fn steps(&self) -> &[isize] {
        &self.0.steps()[1..]
    }
    fn invert(&mut self, axis: usize) {
        self.0.invert(axis + 1);
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.0.swap(a + 1, b + 1);
    }
    fn merge(&mut self, take: usize, into: usize) {
        self.0.merge(take + 1, into + 1);
    }

    /// Not around the first axis, which overlapping windows allow: how lanes are walked depends on what lies within one
    /// of its steps.
    fn may_merge(&self, take: usize, into: usize) -> bool {
        let [first, take, into] =
            [0, take + 1, into + 1].map(|axis| self.0.steps()[axis].unsigned_abs());
        self.0.lens()[0] <= 1 || !(into < first && first < take)
    }
}
