//! How reductions walk their arrays: in the order of memory, as a tree over short blocks.
//!
//! A [`Fold`] knows how to turn a few elements into a *state* (a sum, a smallest element, moments) and how to
//! merge two states. The drivers here know where the elements lie, and choose between two walks:
//!
//! - **Lanes.** The reduced axis is the narrowest step in memory: each lane is folded by itself, in blocks of
//!   [`BLOCK`] elements, strided ones after a copy to the stack.
//! - **Rows.** Another axis is narrower: rows that run across the lanes are folded into as many states side by
//!   side, [`ROWS`] rows at a time, and as many columns as the states of all levels fit on the stack.
//!
//! Either way the states of the blocks meet in a binary tree whose left half is as large a power of two as
//! possible. Its shape depends on the number of elements alone, so results have the same bits for strided and
//! for contiguous memory, and rounding errors grow with the logarithm of the length.

use ndarray::{
    ArrayBase, ArrayRef, ArrayView, ArrayViewMut, Axis, Dimension, RawData, RemoveAxis, Slice, Zip,
};

use super::drive::{self, Axes};
use super::fold_source::{BLOCK, Flow, Lane, Pair, PairRows, PlainRows, Rows};

/// Rows that are folded one after another before their states meet those of other rows.
pub(super) const ROWS: usize = 32;

/// What is kept of some elements, and how.
pub(super) trait Fold<A: Copy> {
    type State: Copy;

    /// The state of 1 to [`BLOCK`] elements, the first of which is number `at` of its lane.
    fn block(&self, elements: &[A], at: usize) -> Self::State;

    /// The states of all columns of the next `count` rows, the first of which is number `at`.
    ///
    /// There are 1 to [`ROWS`] rows of at most `W` columns, as many as there are `states`.
    fn rows<const W: usize>(
        &self,
        rows: &mut impl Rows<A>,
        count: usize,
        at: usize,
        states: &mut [Self::State],
    );

    /// The state of the elements of both; `early` stands before `late` in its lane.
    fn merge(&self, early: Self::State, late: Self::State) -> Self::State;
}

/// Folds each lane of `a` along `axis`, and writes what `finish` makes of its state. `axis` has elements.
pub(super) fn along_axis<A, B, D, F>(
    mut a: ArrayView<'_, A, D>,
    axis: Axis,
    out: &mut ArrayRef<B, D::Smaller>,
    fold: &F,
    mut finish: impl FnMut(F::State) -> B,
) where
    A: Copy,
    D: RemoveAxis,
    F: Fold<A>,
{
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut a), &mut out]);
    if lanes_are_narrow(&a, along) {
        let lanes = a.lanes(Axis(0));
        Zip::from(&mut out).and(lanes).for_each(|out, lane| *out = finish(of_lane(&lane, fold)));
    } else {
        let len = a.len_of(Axis(0));
        let across = first_before(&mut a, along);
        let are_slices = a.strides()[across.index()] == 1;
        in_tiles(&mut out, along, columns_of::<F::State>(len, are_slices), |columns, out| {
            let a = a.slice_axis(across, columns);
            let mut rows = PlainRows(a.lanes(across).into_iter());
            of_rows(&mut rows, len, out, along, fold, &mut finish);
        });
    }
}

/// Folds *f(a\[i\], b\[i\])*, with `b` of the shape of `a`, and else as [`along_axis`].
pub(super) fn along_axis_of_two<A, B, C, E, D, F>(
    mut a: ArrayView<'_, A, D>,
    mut b: ArrayView<'_, B, D>,
    f: &impl Fn(A, B) -> C,
    axis: Axis,
    out: &mut ArrayRef<E, D::Smaller>,
    fold: &F,
    mut finish: impl FnMut(F::State) -> E,
) where
    A: Copy,
    B: Copy,
    C: Copy,
    D: RemoveAxis,
    F: Fold<C>,
{
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    to_front(&mut b, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut a), &mut BehindFirst(&mut b), &mut out]);
    if lanes_are_narrow(&a, along) {
        let (a, b) = (a.lanes(Axis(0)), b.lanes(Axis(0)));
        Zip::from(&mut out)
            .and(a)
            .and(b)
            .for_each(|out, a, b| *out = finish(of_lane(&Pair { a, b, f }, fold)));
    } else {
        let len = a.len_of(Axis(0));
        let across = first_before(&mut a, along);
        first_before(&mut b, along);
        in_tiles(&mut out, along, GATHERED, |columns, out| {
            let (a, b) = (a.slice_axis(across, columns), b.slice_axis(across, columns));
            let (a, b) = (a.lanes(across).into_iter(), b.lanes(across).into_iter());
            of_rows(&mut PairRows { a, b, f }, len, out, along, fold, &mut finish);
        });
    }
}

/// Folds each lane of `a` along `axis` from its first element to its last.
pub(super) fn in_a_row<A, B, D>(
    mut a: ArrayView<'_, A, D>,
    axis: Axis,
    init: B,
    out: &mut ArrayRef<B, D::Smaller>,
    mut f: impl FnMut(B, A) -> B,
) where
    A: Copy,
    B: Copy,
    D: RemoveAxis,
{
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut a), &mut out]);
    if lanes_are_narrow(&a, along) {
        let lanes = a.lanes(Axis(0));
        Zip::from(&mut out).and(lanes).for_each(|out, lane| {
            *out = lane.iter().fold(init, |value, &x| f(value, x));
        });
        return;
    }
    let len = a.len_of(Axis(0));
    let across = first_before(&mut a, along);
    out.fill(init);
    let mut rows = a.lanes(across).into_iter();
    for mut out in out.lanes_mut(along) {
        for row in rows.by_ref().take(len) {
            match (row.as_slice(), out.as_slice_mut()) {
                (Some(row), Some(out)) => {
                    out.iter_mut().zip(row).for_each(|(out, &x)| *out = f(*out, x));
                }
                _ => out.iter_mut().zip(row).for_each(|(out, &x)| *out = f(*out, x)),
            }
        }
    }
}

/// Whether `found` says yes to any block of the elements; the rest is not looked at then.
pub(super) fn some_block<A: Copy, D: Dimension>(
    mut a: ArrayView<'_, A, D>,
    mut found: impl FnMut(&[A]) -> bool,
) -> bool {
    if a.is_empty() {
        return false; // there may still be any number of empty lanes
    }
    let along = drive::align(&mut [&mut a]);
    let mut flow = Flow::new(a.lanes(along));
    let mut left = a.len();
    while left > 0 {
        let len = left.min(BLOCK);
        if flow.next(len, &mut found) {
            return true;
        }
        left -= len;
    }
    false
}

/// Folds all elements in the order of memory; there is no state of nothing.
pub(super) fn of_all<A, D, F>(mut a: ArrayView<'_, A, D>, fold: &F) -> Option<F::State>
where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    let along = drive::align(&mut [&mut a]);
    of_all_lanes(a, along, fold)
}

/// Folds all elements in logical order, which is the order that positions count.
pub(super) fn of_all_in_order<A, D, F>(a: ArrayView<'_, A, D>, fold: &F) -> Option<F::State>
where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    let last = Axis(a.ndim().saturating_sub(1));
    of_all_lanes(a, last, fold)
}

/// Folds *f(a\[i\], b\[i\])*, with `b` of the shape of `a`, in the order of the memory of `a`.
pub(super) fn of_all_of_two<A, B, C, D, F>(
    mut a: ArrayView<'_, A, D>,
    mut b: ArrayView<'_, B, D>,
    f: &impl Fn(A, B) -> C,
    fold: &F,
) -> Option<F::State>
where
    A: Copy,
    B: Copy,
    C: Copy,
    D: Dimension,
    F: Fold<C>,
{
    if a.is_empty() {
        return None; // there may still be any number of empty lanes
    }
    let along = drive::align(&mut [&mut a, &mut b]);
    let (mut flow_a, mut flow_b) = (Flow::new(a.lanes(along)), Flow::new(b.lanes(along)));
    let mut leaf = |at, len| {
        flow_a.next(len, |a| {
            flow_b.next(len, |b| {
                Pair { a: a.into(), b: b.into(), f }.with(0, len, |block| fold.block(block, at))
            })
        })
    };
    Some(tree(0, a.len(), &mut leaf, &|early, late| fold.merge(early, late)))
}

fn of_all_lanes<A, D, F>(a: ArrayView<'_, A, D>, along: Axis, fold: &F) -> Option<F::State>
where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    if a.is_empty() {
        return None; // there may still be any number of empty lanes
    }
    let mut flow = Flow::new(a.lanes(along));
    let mut leaf = |at, len| flow.next(len, |block| fold.block(block, at));
    Some(tree(0, a.len(), &mut leaf, &|early, late| fold.merge(early, late)))
}

/// The state of one lane with elements.
#[inline]
fn of_lane<A: Copy, F: Fold<A>>(lane: &impl Lane<A>, fold: &F) -> F::State {
    let mut leaf = |at, len| lane.with(at, len, |block| fold.block(block, at));
    tree(0, lane.len(), &mut leaf, &|early, late| fold.merge(early, late))
}

/// The state of `count` elements from number `at` on, in blocks.
#[inline]
fn tree<S>(
    at: usize,
    count: usize,
    leaf: &mut impl FnMut(usize, usize) -> S,
    merge: &impl Fn(S, S) -> S,
) -> S {
    if count <= BLOCK { leaf(at, count) } else { branch(at, count, leaf, merge) }
}

fn branch<S>(
    at: usize,
    count: usize,
    leaf: &mut impl FnMut(usize, usize) -> S,
    merge: &impl Fn(S, S) -> S,
) -> S {
    let half = left_half(count, BLOCK);
    let early = tree(at, half, leaf, merge);
    let late = tree(at + half, count - half, leaf, merge);
    merge(early, late)
}

/// How many of more than `unit` elements belong to the left half of the tree: whole units, a power of two.
fn left_half(count: usize, unit: usize) -> usize {
    let units = count.div_ceil(unit);
    unit << (units - 1).ilog2()
}

/// Calls `f` with the columns of each tile and the part of `out` above them.
fn in_tiles<B, D: Dimension>(
    out: &mut ArrayViewMut<'_, B, D>,
    along: Axis,
    most: usize,
    mut f: impl FnMut(Slice, ArrayViewMut<'_, B, D>),
) {
    let mut start = 0;
    for part in out.axis_chunks_iter_mut(along, most) {
        let width = part.len_of(along);
        f((start..start + width).into(), part);
        start += width;
    }
}

/// The most columns of a tile.
///
/// The wider, the longer are the runs of memory that are read; but the states of all levels of the tree have
/// to fit on the stack, and so have rows that are not slices of memory.
fn columns_of<S>(rows: usize, are_slices: bool) -> usize {
    const STACK_BYTES: usize = 256 << 10;
    match are_slices {
        true => (STACK_BYTES / size_of::<S>().max(8) / levels(rows)).clamp(1, WIDE),
        false => GATHERED,
    }
}

/// The most columns of any tile.
const WIDE: usize = 4096;

/// The most columns of a tile whose rows are first collected on the stack.
pub(super) const GATHERED: usize = 256;

/// How many states of a column are kept at once.
fn levels(rows: usize) -> usize {
    1 + rows.div_ceil(ROWS).next_power_of_two().ilog2() as usize
}

/// Folds `len` rows for each lane of `out`, which runs across the lanes of the input.
fn of_rows<A, B, D, F>(
    rows: &mut impl Rows<A>,
    len: usize,
    out: ArrayViewMut<'_, B, D>,
    along: Axis,
    fold: &F,
    finish: &mut impl FnMut(F::State) -> B,
) where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    match out.len_of(along) * levels(len) {
        0..=256 => tile::<256, _, _, _, _>(rows, len, out, along, fold, finish),
        257..=2048 => tile::<2048, _, _, _, _>(rows, len, out, along, fold, finish),
        2049..=8192 => tile::<8192, _, _, _, _>(rows, len, out, along, fold, finish),
        8193..=16384 => tile::<16384, _, _, _, _>(rows, len, out, along, fold, finish),
        _ => tile::<32768, _, _, _, _>(rows, len, out, along, fold, finish),
    }
}

/// [`of_rows`] with room for `N` states. (A function for each `N`, so that small tiles take little of the stack.)
#[inline(never)]
fn tile<const N: usize, A, B, D, F>(
    rows: &mut impl Rows<A>,
    len: usize,
    mut out: ArrayViewMut<'_, B, D>,
    along: Axis,
    fold: &F,
    finish: &mut impl FnMut(F::State) -> B,
) where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    let mut any_state = None;
    rows.look(1, |row| any_state = Some(fold.block(&row[..1], 0)));
    let mut states = [any_state.expect("a tile has rows"); N];
    let width = out.len_of(along);
    for out in out.lanes_mut(along) {
        tree_of_rows(rows, 0, len, &mut states, width, fold);
        out.into_iter().zip(&states).for_each(|(out, &state)| *out = finish(state));
    }
}

/// Leaves the states of `count` rows in the first `width` of `states`, and needs those behind them.
fn tree_of_rows<A: Copy, F: Fold<A>>(
    rows: &mut impl Rows<A>,
    at: usize,
    count: usize,
    states: &mut [F::State],
    width: usize,
    fold: &F,
) {
    if count <= ROWS {
        let states = &mut states[..width];
        return match width {
            0..=64 => fold.rows::<64>(rows, count, at, states),
            65..=256 => fold.rows::<256>(rows, count, at, states),
            257..=1024 => fold.rows::<1024>(rows, count, at, states),
            _ => fold.rows::<WIDE>(rows, count, at, states),
        };
    }
    let half = left_half(count, ROWS);
    tree_of_rows(rows, at, half, states, width, fold);
    let (states, behind) = states.split_at_mut(width);
    tree_of_rows(rows, at + half, count - half, behind, width, fold);
    states.iter_mut().zip(behind).for_each(|(state, &mut late)| *state = fold.merge(*state, late));
}

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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fold that writes the tree down: how many elements it saw, and how deep they lie.
    #[test]
    fn the_tree_is_balanced_and_in_order() {
        for count in [1, 255, 256, 257, 512, 513, 1280, 2000, 8192, 10_000] {
            let mut seen = 0;
            let mut leaf = |at, len| {
                assert_eq!(at, seen, "blocks come in order");
                seen += len;
                (len, 0_u32)
            };
            let (len, depth) = tree(0, count, &mut leaf, &|early, late| {
                assert!(early.0 >= late.0 && early.0.is_power_of_two());
                (early.0 + late.0, early.1.max(late.1) + 1)
            });
            assert_eq!((len, seen), (count, count));
            assert_eq!(depth, count.div_ceil(BLOCK).next_power_of_two().ilog2());
        }
    }
}
