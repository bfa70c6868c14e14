//! Arrays whose axes have labels: the form in which contractions see their operands, whatever number of axes they have.

use ndarray::{
    ArrayBase, ArrayRef, ArrayViewMut, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, RawData,
    Slice, ViewRepr,
};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::copy;

/// Names an axis. Axes of two operands that have the same label are walked together.
pub(crate) type Label = u8;

/// In place of a label: an axis of length one, which is repeated along whatever axis it meets.
pub(crate) const NONE: Label = 0;

/// The most axes that an array has here.
pub(crate) const MOST_AXES: usize = 6;

/// The labels of six axes, or a group of up to six labels.
pub(crate) type Labels = [Label; MOST_AXES];

/// An array of six axes, those of length one included, and their labels.
pub struct Labelled<S: RawData> {
    pub(crate) array: ArrayBase<S, Ix6>,
    pub(crate) labels: Labels,
}

impl<S: RawData> std::fmt::Debug for Labelled<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} of shape {:?}", self.labels, self.array.shape())
    }
}

/// One that is read.
pub(crate) type Operand<'a, A> = Labelled<ViewRepr<&'a A>>;

/// One that is written to.
pub(crate) type Target<'a, A> = Labelled<ViewRepr<&'a mut A>>;

/// The labels of a group, without gaps.
pub(crate) fn each(group: &Labels) -> impl DoubleEndedIterator<Item = Label> + Clone + '_ {
    group.iter().copied().filter(|&label| label != NONE)
}

/// A group of the labels that an iterator gives, which are six at most.
pub(crate) fn group(labels: impl Iterator<Item = Label>) -> Labels {
    let mut group = [NONE; MOST_AXES];
    group.iter_mut().zip(labels).for_each(|(place, label)| *place = label);
    group
}

/// Labels of an array's axes, behind the gaps of the axes that it is short of six, and with a gap for those of length
/// one.
fn behind_gaps(shape: &[usize], labels: &[Label]) -> Labels {
    let mut behind = [NONE; MOST_AXES];
    for ((place, &len), &label) in
        behind[MOST_AXES - shape.len()..].iter_mut().zip(shape).zip(labels)
    {
        *place = if len == 1 { NONE } else { label };
    }
    behind
}

impl<'a, A> Operand<'a, A> {
    pub(crate) fn new<D: Dimension>(array: &'a ArrayRef<A, D>, labels: &[Label]) -> Self {
        let mut dim = Ix6(1, 1, 1, 1, 1, 1);
        dim.slice_mut()[MOST_AXES - array.ndim()..].copy_from_slice(array.shape());
        let labels = behind_gaps(array.shape(), labels);
        Labelled { array: array.broadcast(dim).expect("axes of length one are added"), labels }
    }

    pub(crate) fn view(&self) -> Operand<'_, A> {
        Labelled { array: self.array.view(), labels: self.labels }
    }

    /// With the axes of a group merged into one, the last of them, if their strides permit that.
    pub(crate) fn merged(mut self, group: &Labels) -> Option<Self> {
        let is_merged = each(group).zip(each(group).skip(1)).all(|(take, into)| {
            self.can_merge(take, into).then(|| self.merge(take, into)).is_some()
        });
        is_merged.then_some(self)
    }

    /// At one place along the axis or the axes of a label.
    pub(crate) fn at(mut self, label: Label, place: usize) -> Self {
        while let Some(axis) = self.axis(label) {
            self.array.slice_axis_inplace(axis, Slice::from(place..place + 1));
            self.labels[axis.index()] = NONE;
        }
        self
    }

    /// The first label that two axes have.
    pub(crate) fn repeated(&self) -> Option<Label> {
        let labels = &self.labels;
        (1..MOST_AXES)
            .find(|&at| labels[at] != NONE && labels[..at].contains(&labels[at]))
            .map(|at| labels[at])
    }

    /// Copies it to an array whose axes have the labels `order`, of two axes of one label the diagonal.
    pub(crate) fn copy_to(self, mut out: ArrayViewMut<'_, A, Ix6>, mut order: Labels)
    where
        A: Copy + 'static,
    {
        let Some(label) = self.repeated() else {
            return copy::copy(self.arranged(&order), &mut out);
        };
        let axis = order.iter().position(|&other| other == label).expect("it has every label");
        order[axis] = NONE;
        for place in 0..out.shape()[axis] {
            let part = out.slice_axis_mut(Axis(axis), Slice::from(place..place + 1));
            self.view().at(label, place).copy_to(part, order);
        }
    }
}

impl<'a, A> Target<'a, A> {
    pub(crate) fn new<D: Dimension>(out: &'a mut ArrayRef<A, D>, labels: &[Label]) -> Self {
        let labels = behind_gaps(out.shape(), labels);
        Labelled { array: six_axes(out.view_mut()), labels }
    }
}

impl<S: RawData> Labelled<S> {
    /// The first axis of a label.
    pub(crate) fn axis(&self, label: Label) -> Option<Axis> {
        let place = self.labels.iter().position(|&other| other == label && label != NONE);
        place.map(Axis)
    }

    pub(crate) fn has(&self, label: Label) -> bool {
        self.axis(label).is_some()
    }

    pub(crate) fn len_of(&self, label: Label) -> Option<usize> {
        self.axis(label).map(|axis| self.array.len_of(axis))
    }

    /// Whether an axis can be merged into another.
    pub(crate) fn can_merge(&self, take: Label, into: Label) -> bool {
        match (self.axis(take), self.axis(into)) {
            (Some(take), Some(into)) => Axes::can_merge(&self.array, take.index(), into.index()),
            _ => false,
        }
    }

    /// Merges two axes, which is possible.
    pub(crate) fn merge(&mut self, take: Label, into: Label) {
        if let (Some(take), Some(into)) = (self.axis(take), self.axis(into)) {
            Axes::merge(&mut self.array, take.index(), into.index());
            self.labels[take.index()] = NONE;
        }
    }

    /// The array with its axes in the order of these labels, which contain all of its own. Axes that it does not have
    /// are of length one.
    pub(crate) fn arranged(self, order: &Labels) -> ArrayBase<S, Ix6> {
        let mut spare = (0..MOST_AXES).filter(|&axis| self.labels[axis] == NONE);
        let axes = order.map(|label| match self.axis(label) {
            Some(axis) => axis.index(),
            None => spare.next().expect("each of its labels is in `order`"),
        });
        drop(spare);
        self.array.permuted_axes(axes)
    }
}

/// The same array with axes of length one in front.
fn six_axes<A, D: Dimension>(out: ArrayViewMut<'_, A, D>) -> ArrayViewMut<'_, A, Ix6> {
    fn of<A, D: Dimension, D2: Dimension>(out: ArrayViewMut<'_, A, D>) -> ArrayViewMut<'_, A, D2> {
        out.into_dimensionality().expect("the number of axes is this")
    }
    let first = Axis(0);
    match out.ndim() {
        0 => six_axes(of::<_, _, Ix0>(out).insert_axis(first)),
        1 => six_axes(of::<_, _, Ix1>(out).insert_axis(first)),
        2 => six_axes(of::<_, _, Ix2>(out).insert_axis(first)),
        3 => six_axes(of::<_, _, Ix3>(out).insert_axis(first)),
        4 => six_axes(of::<_, _, Ix4>(out).insert_axis(first)),
        5 => of::<_, _, Ix5>(out).insert_axis(first),
        _ => of(out),
    }
}
