//! Contractions: sums of products of two arrays over the axes that they share, as all products of tensors are.
//!
//! ```text
//! sum each operand over the axes that neither the other operand nor `out` has
//! merge the axes of the terms, those that both operands have and `out` has not, into one
//!     copy an operand to the workspace where its strides do not permit that
//! if there are no terms:         multiply element by element, repeated where an axis is missing
//! if `a` or `b` has no axis of its own in `out`:   compute dot products, as `matvec_into` does
//! otherwise: merge axes of rows (of `a` and `out`) and of columns (of `b` and `out`) as far as strides permit,
//!            and multiply matrices for each place along the other axes of `out`
//! ```
//!
//! Terms are in the order of the axes of `a`, so that bits do not depend on the order of memory.

pub(crate) mod labelled;

use ndarray::{ArrayView, ArrayViewMut, ArrayViewMut5, Axis, Dimension, IntoDimension, Ix6};

use super::matvec::dots;
use super::product::element::MatrixElement;
use super::product::target::Start;
use super::product::{Factor, Product, workspace_len};
use super::stack::Stacks;
use super::workspace::{spaced, take};
use crate::kernel::engine::fold::kinds::combine::{adding, from_zero};
use crate::kernel::engine::{fold, map};

use labelled::{Label, Labels, MOST_AXES, NONE, Operand, Set, Target, each, group, set};

/// The two operands of a contraction and what is done with them.
#[derive(Debug)]
pub struct Contraction<'a, A> {
    a: Operand<'a, A>,
    b: Operand<'a, A>,
    /// Whether an operand is used as it lies in memory.
    is_merged: [bool; 2],
    /// The axes that are in `a` alone, in `b` alone, and in both but not in `out`.
    alone: [Set; 2],
    /// The last, in the order of `a`.
    terms: Labels,
    /// The axes of `out` that are from `a` alone, and from `b` alone.
    rows: Set,
    columns: Set,
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

impl<'a, A: MatrixElement> Contraction<'a, A> {
    /// Every label of `out` is one of `a` or `b`.
    pub(super) fn new(mut a: Operand<'a, A>, mut b: Operand<'a, A>, out: &[Label]) -> Self {
        let (in_a, in_b, in_out) = (set(&a.labels), set(&b.labels), set(out));
        let alone = [in_a & !in_b & !in_out, in_b & !in_a & !in_out];
        let terms = a.labels_in(in_a & in_b & !in_out);
        let is_merged =
            [a.merge_if_possible(alone[0], &terms), b.merge_if_possible(alone[1], &terms)];
        Contraction {
            a,
            b,
            is_merged,
            alone,
            terms,
            rows: in_a & !in_b & in_out,
            columns: in_b & !in_a & in_out,
        }
    }

    /// How many real numbers a workspace must have.
    pub(super) fn workspace_len(&self) -> usize {
        if self.a.array.is_empty() || self.b.array.is_empty() {
            return 0;
        }
        let a = preparation_len(&self.a, self.is_merged[0], self.alone[0]);
        let b = preparation_len(&self.b, self.is_merged[1], self.alone[1]);
        let product = match self.way() {
            Way::Matrices => {
                let m = self.a.len_of_all(self.rows);
                let k = self.a.len_of_all(set(&self.terms));
                workspace_len::<A>(m, k, self.b.len_of_all(self.columns))
            }
            _ => 0,
        };
        a.saturating_add(b).saturating_add(product)
    }

    fn way(&self) -> Way {
        match (set(&self.terms), self.rows, self.columns) {
            (0, _, _) => Way::Elements,
            (_, 0, _) | (_, _, 0) => Way::Lanes,
            _ => Way::Matrices,
        }
    }

    /// Computes it for an `out` that has the labels and lengths of the operands, in memory that suffices.
    pub(super) fn compute(self, mut out: Target<'_, A>, memory: &mut [A::Real]) {
        let (in_a, in_b) = (self.a.array.is_empty(), self.b.array.is_empty());
        if out.array.is_empty() || in_a || in_b {
            return out.array.fill(A::zero()); // no elements, or no terms
        }
        let way = self.way();
        let mut memory = &mut *memory;
        let a = prepared(&self.a, self.is_merged[0], self.alone[0], &self.terms, &mut memory);
        let b = prepared(&self.b, self.is_merged[1], self.alone[1], &self.terms, &mut memory);
        let term = each(&self.terms).last().unwrap_or(NONE);
        match way {
            Way::Elements => multiply_elements(a, b, out),
            Way::Lanes if a.array.len() < b.array.len() => fold_lanes(b, a, term, out),
            Way::Lanes => fold_lanes(a, b, term, out),
            Way::Matrices => {
                multiply_matrices((a, self.rows), (b, self.columns), term, out, memory);
            }
        }
    }
}

/// How many real numbers [`prepared`] takes from the workspace.
fn preparation_len<A: MatrixElement>(x: &Operand<'_, A>, is_merged: bool, alone: Set) -> usize {
    let len = |alone: Set| spaced::<A>(x.len_of_all(!alone));
    let copy = if is_merged { 0 } else { len(0) };
    copy.saturating_add(if alone == 0 { 0 } else { len(alone) })
}

/// Sums an operand over the axes that it alone has, and merges those of the terms into the last of them.
fn prepared<'a, A: MatrixElement>(
    x: &'a Operand<'_, A>,
    is_merged: bool,
    alone: Set,
    terms: &Labels,
    memory: &mut &'a mut [A::Real],
) -> Operand<'a, A> {
    let mut prepared = x.view();
    if !is_merged {
        // Those of the terms lie behind the others, and behind them those that are summed alone.
        let others = x.labels_in(!alone & !set(terms));
        let alone_in_order = x.labels_in(alone);
        let order = group(each(&others).chain(each(terms)).chain(each(&alone_in_order)));
        let dim = order.map(|label| x.len_of(label)).into_dimension();
        let copy = take::<A>(memory, dim.size());
        let why = "it has these elements";
        x.view().copy_to(ArrayViewMut::from_shape(dim, &mut *copy).expect(why), order);
        let array = ArrayView::from_shape(dim, copy).expect(why);
        prepared = Operand { array, labels: order };
        let merged = prepared.merge_if_possible(alone, terms);
        debug_assert!(merged, "axes of a copy lie behind one another");
    }
    if let Some(axis) = each(&prepared.labels_in(alone)).next().and_then(|last| prepared.axis(last))
    {
        let mut dim = prepared.array.raw_dim();
        dim[axis.index()] = 1;
        let sums = take::<A>(memory, dim.size());
        let why = "it has these elements";
        let out = ArrayViewMut::from_shape(dim, &mut *sums).expect(why);
        let mut out: ArrayViewMut5<A> = out.index_axis_move(axis, 0);
        fold::along_axis(prepared.array, axis, &mut out, &adding(), from_zero);
        prepared.array = ArrayView::from_shape(dim, sums).expect(why);
        prepared.labels[axis.index()] = NONE;
    }
    prepared
}

const WHY: &str = "its axes are those of `out` and the terms";

/// Products of elements.
fn multiply_elements<A: MatrixElement>(
    a: Operand<'_, A>,
    b: Operand<'_, A>,
    mut out: Target<'_, A>,
) {
    let [a, b] = [a, b].map(|x| x.arranged(&out.labels));
    let [a, b] = [&a, &b].map(|x| x.broadcast(out.array.raw_dim()).expect(WHY));
    map::zip_map(a, b, &mut out.array, |a, b| a * b);
}

/// Dot products along the axis `term`, of which `a` determines the walk through memory.
fn fold_lanes<A: MatrixElement>(
    mut a: Operand<'_, A>,
    mut b: Operand<'_, A>,
    term: Label,
    mut out: Target<'_, A>,
) {
    let terms = a.len_of(term);
    let kept = out.labels;
    // Axes that both operands have, or one of them alone.
    let merges = |labels: &Operand<A>, other: &Operand<A>, take, into| {
        labels.can_merge(take, into) || !(labels.has(take) || labels.has(into)) && other.has(take)
    };
    let pairs = each(&kept).flat_map(|take| each(&kept).map(move |into| (take, into)));
    while let Some((take, into)) = pairs.clone().find(|&(take, into)| {
        let is_possible = take != into && out.can_merge(take, into);
        is_possible && merges(&a, &b, take, into) && merges(&b, &a, take, into)
    }) {
        a.merge(take, into);
        b.merge(take, into);
        out.merge(take, into);
    }
    let [first, others @ ..] = out.labels;
    let narrowest = each(&group(others.into_iter())).min_by_key(|&label| a.step_of(label));
    let lane = narrowest.unwrap_or(NONE);
    let mut order = group(each(&group(others.into_iter())).filter(|&label| label != lane));
    order[MOST_AXES - 2..].copy_from_slice(&[lane, NONE]);
    for place in 0..out.array.len_of(Axis(0)) {
        let out = Target { array: out.array.view_mut(), labels: out.labels };
        let out = out.at_first(place).arranged(&order);
        let [a, b] = [&a, &b].map(|x| {
            let mut order = order;
            order[MOST_AXES - 1] = term;
            x.view().at(first, place).arranged(&order)
        });
        let mut dim = out.raw_dim();
        dim[MOST_AXES - 1] = terms;
        let [a, b] = [&a, &b].map(|x| x.broadcast(dim).expect(WHY));
        Stacks { a, b, out }.each(&mut |a, b, out| dots(a, b, out.index_axis_move(Axis(1), 0)));
    }
}

/// Products of matrices with as many of the rows and columns as can be merged.
fn multiply_matrices<A: MatrixElement>(
    (mut a, rows): (Operand<'_, A>, Set),
    (mut b, columns): (Operand<'_, A>, Set),
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
    let [m, k, n] = [a.len_of(row), a.len_of(term), b.len_of(column)];
    let out = out.arranged(&order([row, column]));
    let dim = |rows, columns| {
        let [first, second, third, fourth, ..] = *out.raw_dim().slice() else { unreachable!() };
        Ix6(first, second, third, fourth, rows, columns)
    };
    let (a, b) = (a.arranged(&order([row, term])), b.arranged(&order([term, column])));
    let (a, b) = (a.broadcast(dim(m, k)).expect(WHY), b.broadcast(dim(k, n)).expect(WHY));
    Stacks { a, b, out }.each(&mut |a, b, out| {
        Product { a: Factor::of(a), b: Factor::of(b), start: Start::Zero, out }.compute(memory);
    });
}

/// Merges axes of `x` that `out` has too where both permit it, and returns the longest that is there then.
fn longest_axis<A>(x: &mut Operand<'_, A>, own: Set, out: &mut Target<'_, A>) -> Label {
    let labels = x.labels_in(own);
    let pairs = each(&labels).flat_map(|take| each(&labels).map(move |into| (take, into)));
    while let Some((take, into)) = pairs
        .clone()
        .find(|&(take, into)| take != into && x.can_merge(take, into) && out.can_merge(take, into))
    {
        x.merge(take, into);
        out.merge(take, into);
    }
    each(&labels).max_by_key(|&label| x.len_of(label)).unwrap_or(NONE)
}
