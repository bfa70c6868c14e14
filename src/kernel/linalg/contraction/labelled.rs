//! Arrays whose axes have labels: the form in which contractions see their operands, whatever number of axes they have.

use ndarray::{
    ArrayBase, ArrayRef, ArrayView, ArrayViewMut, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5,
    Ix6, RawData, Slice,
};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::copy;

/// Names an axis: a number below 64. Axes of two operands that have the same label are walked together.
pub(crate) type Label = u8;

/// In place of a label: an axis of length one, which is repeated along whatever axis it meets.
pub(crate) const NONE: Label = 0;

/// The most axes that an array has here.
pub(crate) const MOST_AXES: usize = 6;

/// The labels of six axes, or a group of up to six labels.
pub(crate) type Labels = [Label; MOST_AXES];

/// An array of six axes, those of length one included, and their labels.
#[derive(Debug)]
pub struct Labelled<V> {
    pub(crate) array: V,
    pub(crate) labels: Labels,
}

/// One that is read.
pub(crate) type Operand<'a, A> = Labelled<ArrayView<'a, A, Ix6>>;

/// One that is written to.
pub(crate) type Target<'a, A> = Labelled<ArrayViewMut<'a, A, Ix6>>;

/// A set of labels, a bit for each.
pub(crate) type Set = u64;

/// The set of these labels.
pub(crate) fn set(labels: &[Label]) -> Set {
    labels.iter().fold(0, |set, &label| set | 1 << label) & !(1 << NONE)
}

/// The labels of a group, without gaps.
pub(crate) fn each(group: &Labels) -> impl Iterator<Item = Label> + Clone + '_ {
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

    /// Its labels in a set, each once, in the order of its axes.
    pub(crate) fn labels_in(&self, mut set: Set) -> Labels {
        group(each(&self.labels).filter(|&label| {
            let is_first = set >> label & 1 == 1;
            set &= !(1 << label);
            is_first
        }))
    }

    /// The number of places along the axes of a set.
    pub(crate) fn len_of_all(&self, set: Set) -> usize {
        each(&self.labels_in(set)).map(|label| self.len_of(label)).product()
    }

    /// How far it steps through memory along an axis that it has; others come last.
    pub(crate) fn step_of(&self, label: Label) -> usize {
        self.axis(label).map_or(usize::MAX, |axis| self.array.stride_of(axis).unsigned_abs())
    }

    /// Merges the axes of both groups, each into its last, if strides permit that and no axis is there twice. Whether
    /// it did so.
    pub(crate) fn merge_if_possible(&mut self, alone: Set, terms: &Labels) -> bool {
        let alone = self.labels_in(alone);
        let pairs = |group| each(group).zip(each(group).skip(1));
        let all = pairs(&alone).chain(pairs(terms));
        let is_possible =
            self.repeated().is_none() && all.clone().all(|(take, into)| self.can_merge(take, into));
        if is_possible {
            all.for_each(|(take, into)| self.merge(take, into));
        }
        is_possible
    }

    /// At one place along the axis or the axes of a label.
    pub(crate) fn at(mut self, label: Label, place: usize) -> Self {
        while let Some(axis) = self.axis(label) {
            self.array.slice_axis_inplace(axis, Slice::from(place..place + 1));
            self.labels[axis.index()] = NONE;
        }
        self
    }

    /// A label that two axes have.
    pub(crate) fn repeated(&self) -> Option<Label> {
        let mut seen: Set = 0;
        each(&self.labels).find(|&label| {
            let is_there = seen >> label & 1 == 1;
            seen |= 1 << label;
            is_there
        })
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

    /// At one place along the first axis, whatever its label.
    pub(crate) fn at_first(mut self, place: usize) -> Self {
        self.array.slice_axis_inplace(Axis(0), Slice::from(place..place + 1));
        self.labels[0] = NONE;
        self
    }
}

impl<S: RawData> Labelled<ArrayBase<S, Ix6>> {
    /// The first axis of a label.
    pub(crate) fn axis(&self, label: Label) -> Option<Axis> {
        let place = self.labels.iter().position(|&other| other == label && label != NONE);
        place.map(Axis)
    }

    pub(crate) fn has(&self, label: Label) -> bool {
        self.axis(label).is_some()
    }

    /// The length of the first axis of a label: one, if there is none.
    pub(crate) fn len_of(&self, label: Label) -> usize {
        self.axis(label).map_or(1, |axis| self.array.len_of(axis))
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
