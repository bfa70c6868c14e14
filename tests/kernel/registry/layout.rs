//! Arrays laid out in memory in every way that a view can be.

use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, Axis, Slice};

use super::operand::Element;

/// The numbers of layouts.
pub(crate) const C: usize = 0;
pub(crate) const F: usize = 1;
pub(crate) const BACKWARDS: usize = 3;
pub(crate) const HALF_BACKWARDS: usize = 4;
pub(crate) const EVERY_OTHER: usize = 5;
pub(crate) const NARROW: usize = 6;
pub(crate) const CUT: usize = 7;

/// How an array of some number of axes lies in memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    /// The axes, from the widest step in memory to the narrowest.
    pub(crate) order: Vec<usize>,
    /// Along each axis, every how manieth element of memory belongs to the array; backwards if negative.
    pub(crate) steps: Vec<isize>,
    /// Along each axis, whether one element stands for all (for inputs).
    pub(crate) repeats: Vec<bool>,
}

impl Layout {
    pub(crate) fn c(ndim: usize) -> Self {
        Layout { order: (0..ndim).collect(), steps: vec![1; ndim], repeats: vec![false; ndim] }
    }

    /// Layouts that an `out` can have. A number means the same for any number of axes; for few axes, several are the same.
    pub(crate) fn numbered(ndim: usize) -> [Layout; 8] {
        let c = Layout::c(ndim);
        let steps = |step| Layout { steps: vec![step; ndim], ..c.clone() };
        let mut f = c.clone();
        f.order.reverse();
        let mut rolled = c.clone();
        rolled.order.rotate_left(1.min(ndim));
        let mut half_backwards = rolled.clone();
        half_backwards.steps.iter_mut().step_by(2).for_each(|step| *step = -1);
        let mut narrow = f.clone();
        narrow.steps.iter_mut().take(1).for_each(|step| *step = -3);
        let mut cut = c.clone();
        cut.steps.iter_mut().skip(1).take(1).for_each(|step| *step = 2);
        [c.clone(), f, rolled, steps(-1), half_backwards, steps(2), narrow, cut]
    }

    /// An array of this layout with the elements of `logical` (the first of them along a repeated axis).
    pub(crate) fn lay<A: Element>(&self, logical: &ArrayD<A>) -> Laid<A> {
        self.lay_among(logical, A::GAP)
    }

    /// The same for any elements, in memory that is filled with `gap`.
    pub(crate) fn lay_among<A: Copy + PartialEq>(&self, logical: &ArrayD<A>, gap: A) -> Laid<A> {
        let memory_len = |&axis: &usize| match logical.len_of(Axis(axis)) {
            len if self.repeats[axis] => len.min(1),
            len => len * self.steps[axis].unsigned_abs(),
        };
        let memory_shape: Vec<usize> = self.order.iter().map(memory_len).collect();
        let memory = ArrayD::from_elem(memory_shape, gap);
        let (layout, shape) = (self.clone(), logical.shape().to_vec());
        let mut laid = Laid { memory, layout, shape, gap };
        let mut elements = logical.view();
        for axis in (0..self.order.len()).filter(|&axis| self.repeats[axis]) {
            let one = logical.len_of(Axis(axis)).min(1);
            elements.slice_axis_inplace(Axis(axis), Slice::from(..one));
        }
        laid.view_mut().assign(&elements);
        laid
    }
}

/// An array in the middle of memory that is not its own.
pub(crate) struct Laid<A = f64> {
    memory: ArrayD<A>,
    layout: Layout,
    shape: Vec<usize>,
    gap: A,
}

impl<A: Copy + PartialEq> Laid<A> {
    pub(crate) fn view(&self) -> ArrayViewD<'_, A> {
        if self.layout.repeats.contains(&true) {
            let plain =
                Layout { repeats: self.layout.repeats.clone(), ..Layout::c(self.shape.len()) };
            assert_eq!(self.layout, plain, "repeated axes are laid out plainly");
            return self.memory.broadcast(&self.shape[..]).expect("one element broadcasts");
        }
        let mut view = self.memory.view().permuted_axes(self.layout.places());
        for axis in 0..self.shape.len() {
            view.slice_axis_inplace(Axis(axis), self.layout.slice(axis));
        }
        view
    }

    /// (Along a repeated axis, this has one element.)
    pub(crate) fn view_mut(&mut self) -> ArrayViewMutD<'_, A> {
        let places = self.layout.places();
        let mut view = self.memory.view_mut().permuted_axes(places);
        for axis in 0..self.shape.len() {
            if !self.layout.repeats[axis] {
                view.slice_axis_inplace(Axis(axis), self.layout.slice(axis));
            }
        }
        view
    }

    /// Whether all memory around the array is as it was. Overwrites the array.
    pub(crate) fn gaps_are_untouched(&mut self) -> bool {
        let gap = self.gap;
        self.view_mut().fill(gap);
        self.memory.iter().all(|&element| element == gap)
    }
}

impl Layout {
    /// Where in memory order each axis is.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.order.len()];
        self.order.iter().enumerate().for_each(|(place, &axis)| places[axis] = place);
        places
    }

    fn slice(&self, axis: usize) -> Slice {
        Slice::new(0, None, self.steps[axis])
    }
}
