//! The axes of arrays that are walked lane by lane: [`to_front`] brings the axis of the lanes to the front, [`align`]
//! puts the others into the order of memory and merges them where it can.

use ndarray::{ArrayBase, ArrayRef, ArrayView, ArrayViewMut, Axis, Dimension, RawData};

/// Makes `axis` the first, and keeps the order of the others.
pub(crate) fn to_front<S: RawData, D: Dimension>(a: &mut ArrayBase<S, D>, axis: Axis) {
    (0..axis.index()).rev().for_each(|place| a.swap_axes(place, place + 1));
}

/// Moves the first axis directly before `along`, which is counted without the first axis, and returns `along` counted
/// with it.
pub(crate) fn first_before<S: RawData, D: Dimension>(a: &mut ArrayBase<S, D>, along: Axis) -> Axis {
    (0..along.index()).for_each(|place| a.swap_axes(place, place + 1));
    Axis(along.index() + 1)
}

/// Whether the first axis of `a` takes narrower steps through memory than `along` (counted without it).
pub(crate) fn lanes_are_narrow(a: &dyn Axes, along: Axis) -> bool {
    let across = along.index() + 1;
    match a.lens().get(across) {
        None | Some(1) => true,
        Some(_) => a.steps()[0].unsigned_abs() < a.steps()[across].unsigned_abs(),
    }
}

/// How many elements lie within one step along the first axis, if no other axis has gaps: equal for every view of one
/// shape and memory order.
pub(crate) fn columns_inside(a: &dyn Axes) -> usize {
    let (step, lens) = (a.steps()[0].unsigned_abs(), a.lens().iter().skip(1));
    let inside = lens.zip(&a.steps()[1..]).filter(|(_, other)| other.unsigned_abs() < step);
    inside.map(|(len, _)| len).product()
}

/// The lanes along the first axis as one contiguous slice, lane after lane in the order of the other axes, if they are
/// that.
pub(crate) fn slice_of_lanes<'a, A, D: Dimension>(a: &ArrayView<'a, A, D>) -> Option<&'a [A]> {
    let mut a = a.clone();
    let last = Axis(a.ndim() - 1);
    first_before(&mut a, last);
    a.to_slice()
}

/// [`slice_of_lanes`] of an array that is written to.
pub(crate) fn slice_of_lanes_mut<'a, A, D: Dimension>(
    mut a: ArrayViewMut<'a, A, D>,
) -> Option<&'a mut [A]> {
    let last = Axis(a.ndim() - 1);
    first_before(&mut a, last);
    a.into_slice()
}

/// All axes of an array but the first, for [`align`].
pub(crate) struct BehindFirst<'a>(pub(crate) &'a mut dyn Axes);

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

    /// Not if the step of the first axis lies between theirs, as overlapping windows allow: how lanes are walked
    /// depends on what lies within one step of the first axis.
    fn may_merge(&self, take: usize, into: usize) -> bool {
        let [first, take, into] =
            [0, take + 1, into + 1].map(|axis| self.0.steps()[axis].unsigned_abs());
        self.0.lens()[0] <= 1 || !(into < first && first < take)
    }
}

/// Whether all elements are one and the same.
#[inline]
pub(crate) fn is_one_element(lens: &[usize], steps: &[isize]) -> bool {
    lens.iter().zip(steps).all(|(&len, &step)| len <= 1 || step == 0)
}

/// Reorders, inverts and merges the axes of all operands alike, so that the first operand is walked forwards through
/// memory in lanes that are as long as possible. Returns the axis of these lanes.
///
/// ```text
/// invert every axis along which the first operand steps backwards
/// sort the axes by the steps of the first operand, widest first
/// merge outer axes into the last one, as long as every operand permits it
/// ```
///
/// The walk through `lanes(axis)` afterwards depends on the strides of the first operand alone: which axes could be
/// merged changes where the walk is cut, never its order.
pub(crate) fn align(operands: &mut [&mut dyn Axes]) -> Axis {
    let ndim = operands[0].lens().len();
    let Some(last) = ndim.checked_sub(1) else {
        return Axis(0); // `lanes` of an array without axes takes any axis
    };
    for axis in 0..ndim {
        if operands[0].steps()[axis] < 0 {
            operands.iter_mut().for_each(|operand| operand.invert(axis));
        }
    }
    // Insertion sort, widest step first: an array has a handful of axes, most often in order already. (Nothing is stepped
    // over along axes of length one, so they may as well be in front.)
    let width = |operand: &dyn Axes, axis: usize| match operand.lens()[axis] {
        ..=1 => isize::MAX,
        _ => operand.steps()[axis],
    };
    for sorted in 1..ndim {
        let mut axis = sorted;
        while axis > 0 && width(operands[0], axis - 1) < width(operands[0], axis) {
            operands.iter_mut().for_each(|operand| operand.swap(axis - 1, axis));
            axis -= 1;
        }
    }
    for axis in (0..last).rev() {
        if !operands.iter().all(|operand| operand.can_merge(axis, last)) {
            break; // merging an outer axis past this one would change the order of the walk
        }
        operands.iter_mut().for_each(|operand| operand.merge(axis, last));
    }
    Axis(last)
}

/// An array as [`align`] sees it: the lengths and steps of its axes, and the three ways to change them.
///
/// It can be made into an object, so that one compiled `align` serves operands of all element types and numbers of
/// axes.
pub trait Axes {
    /// The length of each axis.
    fn lens(&self) -> &[usize];
    /// The step along each axis, in elements.
    fn steps(&self) -> &[isize];
    /// Walks an axis backwards.
    fn invert(&mut self, axis: usize);
    /// Exchanges two axes.
    fn swap(&mut self, a: usize, b: usize);
    /// Makes the axes `take` and `into` one, at the place of `into`; `take` is left with length one. See
    /// `ArrayBase::merge_axes`.
    fn merge(&mut self, take: usize, into: usize);

    /// Whether [`merge`](Self::merge) would succeed. Every operand is asked before any of them is changed.
    fn can_merge(&self, take: usize, into: usize) -> bool {
        let (lens, steps) = (self.lens(), self.steps());
        let follows = steps[take] == steps[into] * lens[into] as isize;
        lens[take] <= 1 || lens[into] <= 1 || follows && self.may_merge(take, into)
    }

    /// Whether two axes whose steps allow it may be merged.
    fn may_merge(&self, _take: usize, _into: usize) -> bool {
        true
    }
}

impl<S: RawData, D: Dimension> Axes for ArrayBase<S, D> {
    fn lens(&self) -> &[usize] {
        self.shape()
    }
    fn steps(&self) -> &[isize] {
        self.strides()
    }
    fn invert(&mut self, axis: usize) {
        self.invert_axis(Axis(axis));
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.swap_axes(a, b);
    }
    fn merge(&mut self, take: usize, into: usize) {
        let merged = self.merge_axes(Axis(take), Axis(into));
        debug_assert!(merged, "`can_merge` has looked before");
    }
}

/// Whether both arrays step through memory alike.
#[inline]
pub(crate) fn same_order<A, B, D: Dimension>(a: &ArrayRef<A, D>, b: &ArrayRef<B, D>) -> bool {
    steps_alike(a.shape(), a.strides(), b.strides())
}

/// Whether axes of the same lengths have the same steps. (Steps along axes of length one do not matter.)
#[inline]
pub(crate) fn steps_alike(lens: &[usize], a: &[isize], b: &[isize]) -> bool {
    a == b || a.iter().zip(b).zip(lens).all(|((a, b), &len)| len <= 1 || a == b)
}
