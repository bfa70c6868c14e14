//! Contractions: sums of products of two arrays over the axes that they share, as all products of tensors are.
//!
//! ```text
//! sum each operand over the axes that neither the other operand nor `out` has
//! merge the axes of the terms, those that both operands have and `out` has not, into one
//!     copy an operand to the workspace where its strides do not permit that
//! if no terms are left:            multiply element by element, repeated where an axis is missing
//! if `a` or `b` has no axis of its own in `out`:    fold products along the axis of the terms, as `matvec_into` does
//! otherwise: merge axes of rows (of `a` and `out`) and of columns (of `b` and `out`) as far as strides permit,
//!            and multiply matrices for each place along the other axes of `out`
//! ```
//!
//! Terms are in the order of the axes of `a`, so that bits do not depend on the order of memory.

pub(crate) mod labelled;

use ndarray::{ArrayView, ArrayViewMut, Axis, Dimension, IntoDimension, Ix5, Ix6};

use super::product::element::MatrixElement;
use super::product::target::Start;
use super::product::{Factor, Product, workspace_len};
use super::stack::Stacks;
use super::workspace::{spaced, take};
use crate::kernel::engine::fold::kinds::combine::{adding, from_zero};
use crate::kernel::engine::{fold, map};

use labelled::{Label, Labels, MOST_AXES, NONE, Operand, Target, each, group};

/// The two operands of a contraction and what is done with them.
#[derive(Debug)]
pub struct Contraction<'a, A> {
    a: Operand<'a, A>,
    b: Operand<'a, A>,
    /// The axes over which one operand is summed alone.
    alone: [Labels; 2],
    /// Those over which products are summed.
    terms: Labels,
    /// The axes of `out` that are from `a` alone, and from `b` alone.
    rows: Labels,
    columns: Labels,
}

impl<'a, A: MatrixElement> Contraction<'a, A> {
    /// Every label of `out` is one of `a` or `b`.
    pub(crate) fn new(a: Operand<'a, A>, b: Operand<'a, A>, out: &[Label]) -> Self {
        let distinct = |of: &Operand<A>, belongs: &dyn Fn(Label) -> bool| {
            let labels = of.labels;
            let is_first = move |&(at, label): &(usize, Label)| !labels[..at].contains(&label);
            let labels = labels.into_iter().enumerate().filter(is_first).map(|(_, label)| label);
            group(labels.filter(|&label| label != NONE && belongs(label)))
        };
        let is_kept = |label| out.contains(&label);
        Contraction {
            alone: [
                distinct(&a, &|label| !b.has(label) && !is_kept(label)),
                distinct(&b, &|label| !a.has(label) && !is_kept(label)),
            ],
            terms: distinct(&a, &|label| b.has(label) && !is_kept(label)),
            rows: distinct(&a, &|label| !b.has(label) && is_kept(label)),
            columns: distinct(&b, &|label| !a.has(label) && is_kept(label)),
            a,
            b,
        }
    }

    /// How many real numbers a workspace must have.
    pub(crate) fn workspace_len(&self) -> usize {
        let [a, b] = [(&self.a, &self.alone[0]), (&self.b, &self.alone[1])]
            .map(|(x, alone)| preparation_len(x, alone, &self.terms));
        let len = |x: &Operand<A>, labels| each(labels).map(|l| len_in(x, l)).product();
        let product = match self.way() {
            Way::Matrices => workspace_len::<A>(
                len(&self.a, &self.rows),
                len(&self.a, &self.terms),
                len(&self.b, &self.columns),
            ),
            _ => 0,
        };
        a.saturating_add(b).saturating_add(product)
    }

    fn way(&self) -> Way {
        let is_empty = |group| each(group).next().is_none();
        match is_empty(&self.rows) || is_empty(&self.columns) {
            _ if is_empty(&self.terms) => Way::Elements,
            true => Way::Lanes,
            false => Way::Matrices,
        }
    }

    /// Computes it for an `out` that has the labels and lengths of the operands, in memory that suffices.
    pub(crate) fn compute(self, mut out: Target<'_, A>, memory: &mut [A::Real]) {
        if out.array.is_empty() {
            return;
        }
        let is_empty = |x: &Operand<A>, group| each(group).any(|label| len_in(x, label) == 0);
        let [alone_a, alone_b] = &self.alone;
        if is_empty(&self.a, alone_a)
            || is_empty(&self.b, alone_b)
            || is_empty(&self.a, &self.terms)
        {
            return out.array.fill(A::zero());
        }
        let way = self.way();
        let mut memory = memory;
        let a = prepared(&self.a, alone_a, &self.terms, &mut memory);
        let b = prepared(&self.b, alone_b, &self.terms, &mut memory);
        let term = each(&self.terms).last().unwrap_or(NONE);
        match way {
            Way::Elements => multiply_elements(a, b, out),
            Way::Lanes => fold_lanes(&a, &b, term, out),
            Way::Matrices => {
                multiply_matrices((a, &self.rows), (b, &self.columns), term, out, memory);
            }
        }
    }
}

/// How a contraction is computed.
#[derive(Clone, Copy)]
enum Way {
    /// Nothing is summed.
    Elements,
    /// As a dot product for each element of `out`.
    Lanes,
    /// As products of matrices.
    Matrices,
}

fn len_in<A>(x: &Operand<'_, A>, label: Label) -> usize {
    x.len_of(label).unwrap_or(1)
}

fn merged<'a, A>(x: Operand<'a, A>, alone: &Labels, terms: &Labels) -> Option<Operand<'a, A>> {
    if x.repeated().is_some() {
        return None;
    }
    x.merged(alone)?.merged(terms)
}

/// How many real numbers [`prepared`] takes from the workspace.
fn preparation_len<A: MatrixElement>(x: &Operand<'_, A>, alone: &Labels, terms: &Labels) -> usize {
    let order = order_of_copy(x, alone, terms);
    let len = |alone: &Labels| {
        let kept = each(&order).filter(|label| !alone.contains(label));
        spaced::<A>(kept.map(|label| len_in(x, label)).product())
    };
    let copy = if merged(x.view(), alone, terms).is_some() { 0 } else { len(&[NONE; MOST_AXES]) };
    copy + if each(alone).next().is_some() { len(alone) } else { 0 }
}

/// The axes of an operand's copy: those of the terms behind the others, and behind them those that are summed alone.
fn order_of_copy<A>(x: &Operand<'_, A>, alone: &Labels, terms: &Labels) -> Labels {
    let labels = &x.labels;
    let is_first = |&(at, label): &(usize, &Label)| !labels[..at].contains(label);
    let others = labels.iter().enumerate().filter(is_first).map(|(_, &label)| label);
    let others =
        others.filter(|label| *label != NONE && !alone.contains(label) && !terms.contains(label));
    group(others.chain(each(terms)).chain(each(alone)))
}

/// Sums an operand over the axes that it alone has, and merges those of the terms.
fn prepared<'a, A: MatrixElement>(
    x: &'a Operand<'_, A>,
    alone: &Labels,
    terms: &Labels,
    memory: &mut &'a mut [A::Real],
) -> Operand<'a, A> {
    let order = order_of_copy(x, alone, terms);
    let mut x = merged(x.view(), alone, terms).unwrap_or_else(|| {
        let dim = order.map(|label| len_in(x, label)).into_dimension();
        let copy = take::<A>(memory, dim.size());
        x.view().copy_to(ArrayViewMut::from_shape(dim, &mut *copy).expect("it is as long"), order);
        let array = ArrayView::from_shape(dim, copy).expect("it is as long");
        let copy = Operand { array, labels: order };
        merged(copy, alone, terms).expect("the axes of a copy lie behind one another")
    });
    if let Some(axis) = each(alone).last().and_then(|label| x.axis(label)) {
        let mut dim = x.array.raw_dim();
        dim[axis.index()] = 1;
        let sums = take::<A>(memory, dim.size());
        let mut out = ArrayViewMut::from_shape(dim, &mut *sums).expect("it is as long");
        let mut out: ArrayViewMut<A, Ix5> = out.view_mut().index_axis_move(axis, 0);
        fold::along_axis(x.array, axis, &mut out, &adding(), from_zero);
        x.array = ArrayView::from_shape(dim, sums).expect("it is as long");
        x.labels[axis.index()] = NONE;
    }
    x
}

/// Products of elements.
fn multiply_elements<A: MatrixElement>(
    a: Operand<'_, A>,
    b: Operand<'_, A>,
    mut out: Target<'_, A>,
) {
    let (a, b) = (a.arranged(&out.labels), b.arranged(&out.labels));
    let [a, b] = [&a, &b].map(|x| x.broadcast(out.array.raw_dim()).expect("it has axes of `out`"));
    map::zip_map(a, b, &mut out.array, |a, b| a * b);
}

/// Sums of products along the axis `term`, for each element of `out`.
fn fold_lanes<'a, A: MatrixElement>(
    a: &Operand<'a, A>,
    b: &Operand<'a, A>,
    term: Label,
    mut out: Target<'_, A>,
) {
    let [first, lanes @ ..] = out.labels;
    let order = group(lanes.into_iter().chain([term]));
    let terms = len_in(a, term);
    // The walk through memory is that of the first.
    let (a, b) = if a.array.len() < b.array.len() { (b, a) } else { (a, b) };
    for (place, mut out) in out.array.outer_iter_mut().enumerate() {
        let mut dim = Ix6(1, 1, 1, 1, 1, terms);
        dim.slice_mut()[..MOST_AXES - 1].copy_from_slice(out.shape());
        let [a, b] = [a, b].map(|x| x.view().at(first, place).arranged(&order));
        let [a, b] =
            [&a, &b].map(|x| x.broadcast(dim).expect("it has axes of `out` and the terms"));
        let last = Axis(MOST_AXES - 1);
        fold::along_axis_of_two(a, b, &A::mul, last, &mut out, &adding(), from_zero);
    }
}

/// Products of matrices with as many of the rows and columns as can be merged.
fn multiply_matrices<A: MatrixElement>(
    (mut a, rows): (Operand<'_, A>, &Labels),
    (mut b, columns): (Operand<'_, A>, &Labels),
    term: Label,
    mut out: Target<'_, A>,
    memory: &mut [A::Real],
) {
    let row = longest_axis(&mut a, rows, &mut out);
    let column = longest_axis(&mut b, columns, &mut out);
    let stack = group(each(&out.labels).filter(|&label| label != row && label != column));
    let order = |last: [Label; 2]| {
        let mut order = stack;
        order[MOST_AXES - 2..].copy_from_slice(&last);
        order
    };
    let [m, k, n] = [len_in(&a, row), len_in(&a, term), len_in(&b, column)];
    let out = out.arranged(&order([row, column]));
    let dim = |rows, columns| {
        let mut dim = out.raw_dim();
        dim.slice_mut()[MOST_AXES - 2..].copy_from_slice(&[rows, columns]);
        dim
    };
    let (a, b) = (a.arranged(&order([row, term])), b.arranged(&order([term, column])));
    let why = "it has axes of `out` and the terms";
    let a = a.broadcast(dim(m, k)).expect(why);
    let b = b.broadcast(dim(k, n)).expect(why);
    Stacks { a, b, out }.each(&mut |a, b, out| {
        Product { a: Factor::of(a), b: Factor::of(b), start: Start::Zero, out }.compute(memory);
    });
}

/// Merges axes of `x` that `out` has too where both permit it, and returns the longest that is there then.
fn longest_axis<A>(x: &mut Operand<'_, A>, group: &Labels, out: &mut Target<'_, A>) -> Label {
    let pairs = each(group).flat_map(|take| each(group).map(move |into| (take, into)));
    while let Some((take, into)) = pairs
        .clone()
        .find(|&(take, into)| take != into && x.can_merge(take, into) && out.can_merge(take, into))
    {
        x.merge(take, into);
        out.merge(take, into);
    }
    each(group).max_by_key(|&label| x.len_of(label)).unwrap_or(NONE)
}
