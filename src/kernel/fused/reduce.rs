//! Reductions of formulas: their values are computed block by block into a tile on the stack, and the tile is folded
//! as an array is.
//!
//! ```text
//! all elements, or long lanes       tree of blocks: values to the tile, fold it
//! short lanes                       values of many lanes to the tile, fold each
//! lanes across the rows of memory   values of some rows to the tile, fold its columns; tree of the states of columns
//! ```

use ndarray::{ArrayView2, ArrayViewMut, ArrayViewMut1, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::axes::{self, Axes, lanes_are_narrow};
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::fold::tree::{of_block, tree};
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::engine::tuning::{
    COMBINED_ROWS, FUSED_COLUMNS, FUSED_ROWS_TILE, FUSED_TILE, LANES, MAX_BUFFERED_ELEMENT_BYTES,
};
use crate::kernel::fused::inputs::Inputs;
use crate::kernel::fused::order::{Operands, align};
use crate::kernel::fused::values::{Values, ValuesOf};
use crate::kernel::fused::walk::Compute;

/// A reduction of the values that `compute` computes.
pub(super) struct Reduction<'r, 'k, X: Inputs, T: Copy + 'static, F, G> {
    pub(super) compute: &'r mut Compute<'k, X, ValuesOf<T>>,
    pub(super) fold: F,
    /// What our kernels apply to a state: with the same functions, their compiled code is shared.
    pub(super) finish: G,
    /// Any value, for tiles.
    pub(super) any: T,
}

impl<X, T, F, G> Reduction<'_, '_, X, T, F, G>
where
    X: Inputs,
    T: Copy + 'static,
    F: Fold<T>,
    G: Fn(F::State) -> F::State + Copy,
{
    /// Folds the values of all elements. `None` if there are none.
    pub(super) fn of_all<D: Dimension>(self, ins: X::Views<'_, D>) -> Option<F::State> {
        if const { are_small::<X, T>() } {
            self.of_all_by::<D, FUSED_TILE, FUSED_ROWS_TILE>(ins)
        } else {
            self.of_all_by::<D, 1, FUSED_TILE>(ins)
        }
    }

    fn of_all_by<D: Dimension, const N: usize, const R: usize>(
        mut self,
        mut ins: X::Views<'_, D>,
    ) -> Option<F::State> {
        let count = aligned::<X, D>(&mut ins)?;
        let mut values = Values::<X, D, N>::of(&ins, count.along);
        Some(self.tree(count.elements, &mut values, &mut [self.any; R]))
    }

    /// Folds the values of each lane along `axis`, which has elements, and shows the state to `write`, with the place
    /// of the result in `out`.
    pub(super) fn along_axis<B, D: RemoveAxis>(
        self,
        ins: X::Views<'_, D>,
        axis: Axis,
        out: ArrayViewMut<'_, B, D::Smaller>,
        write: &mut dyn FnMut(&mut B, F::State),
    ) {
        if const { are_small::<X, T>() } {
            self.along_axis_by::<B, D, FUSED_TILE, FUSED_ROWS_TILE>(ins, axis, out, write);
        } else {
            self.along_axis_by::<B, D, 1, FUSED_TILE>(ins, axis, out, write);
        }
    }

    fn along_axis_by<B, D: RemoveAxis, const N: usize, const R: usize>(
        mut self,
        mut ins: X::Views<'_, D>,
        axis: Axis,
        mut out: ArrayViewMut<'_, B, D::Smaller>,
        write: &mut dyn FnMut(&mut B, F::State),
    ) {
        if out.is_empty() {
            return; // an empty array may still have any number of lanes
        }
        X::each_mut(&mut ins, &mut |view| {
            (0..axis.index()).rev().for_each(|place| view.swap(place, place + 1));
        });
        let mut behind = BehindFirst::<X, D> { ins: &mut ins, out: &mut out };
        let along = axes::align(&mut [&mut behind]);
        let first = X::first(&ins).expect("there is an input");
        let (ndim, len) = (first.lens().len(), first.lens()[0]);
        if lanes_are_narrow(first, along) {
            first_to::<X, D>(&mut ins, ndim - 1);
            let mut values = Values::<X, D, N>::of(&ins, Axis(ndim - 1));
            if len <= FUSED_TILE / 2 {
                return self.short_lanes::<_, _, N, R>(len, &mut values, out.iter_mut(), write);
            }
            let mut tile = [self.any; R];
            for result in &mut out {
                write(result, self.tree(len, &mut values, &mut tile));
            }
            return;
        }
        first_to::<X, D>(&mut ins, along.index());
        // (A level of the tree holds as many states as a panel has columns.)
        if const { size_of::<T>() > MAX_BUFFERED_ELEMENT_BYTES } {
            self.across_rows::<B, D, N, R, LANES>(ins, along, out, write);
        } else if const { size_of::<T>() > 8 } || out.len_of(along) <= FUSED_COLUMNS {
            self.across_rows::<B, D, N, R, FUSED_COLUMNS>(ins, along, out, write);
        } else {
            self.across_rows::<B, D, N, R, FUSED_ROWS_TILE>(ins, along, out, write);
        }
    }

    /// Folds the columns below each lane of `out`, in panels of at most `W` columns.
    fn across_rows<B, D: RemoveAxis, const N: usize, const R: usize, const W: usize>(
        &mut self,
        ins: X::Views<'_, D>,
        along: Axis,
        mut out: ArrayViewMut<'_, B, D::Smaller>,
        write: &mut dyn FnMut(&mut B, F::State),
    ) {
        let Reduction { compute, fold, finish, any } = self;
        let (across, rows) = (Axis(along.index() + 1), X::first(&ins).expect("there is an input"));
        let rows = rows.lens()[along.index()];
        let (mut tile, mut new) = ([*any; R], States::<_, W>(None));
        let (mut states, mut from) = (None, 0);
        let panels = out.len_of(along).div_ceil(W);
        let width = out.len_of(along).div_ceil(panels).next_multiple_of(LANES);
        for mut out in out.axis_chunks_iter_mut(along, width) {
            let width = out.len_of(along);
            let panel = X::columns(&ins, across, from, from + width);
            from += width;
            let mut values = Values::<X, D, N>::of(&panel, across);
            for out in out.lanes_mut(along) {
                let mut leaf = |count: usize, states: &mut [F::State]| {
                    let most = R / width;
                    for row in (0..count).step_by(most) {
                        let rows = most.min(count - row);
                        let tile = &mut tile[..rows * width];
                        values.next(tile, *compute);
                        let new = new.of(tile, (rows, width), Axis(0), fold, *finish);
                        match row {
                            0 => states.copy_from_slice(new),
                            _ => merge(states, new, fold),
                        }
                    }
                };
                let state = || of_block(Slice::of(&[*any]), 0, fold);
                let states = &mut states.get_or_insert_with(|| [state(); W])[..width];
                tree_of_rows::<T, F, W>(rows, states, &mut leaf, fold);
                out.into_iter().zip(states).for_each(|(result, &mut state)| write(result, state));
            }
        }
    }

    /// The state of the next `count` values.
    fn tree<D: Dimension, const N: usize, const R: usize>(
        &mut self,
        count: usize,
        values: &mut Values<'_, X, D, N>,
        tile: &mut [T; R],
    ) -> F::State {
        let Reduction { compute, fold, .. } = self;
        let leaf: &mut dyn FnMut(usize, usize) -> F::State = &mut |at, len| {
            let from = at % tile.len();
            if from == 0 {
                values.next(&mut tile[..R.min(count - at)], *compute);
            }
            of_block(Slice::of(&tile[from..from + len]), at, fold)
        };
        tree(0, count, leaf, fold)
    }

    /// Lanes of `len` values, of which several fit into a tile.
    fn short_lanes<'o, B: 'o, D: Dimension, const N: usize, const R: usize>(
        &mut self,
        len: usize,
        values: &mut Values<'_, X, D, N>,
        mut results: impl ExactSizeIterator<Item = &'o mut B>,
        write: &mut dyn FnMut(&mut B, F::State),
    ) {
        let mut tile = [self.any; R];
        let mut states = States::<_, FUSED_COLUMNS>(None);
        while results.len() > 0 {
            let lanes = (R / len).min(FUSED_COLUMNS).min(results.len());
            let tile = &mut tile[..lanes * len];
            values.next(tile, self.compute);
            let states = states.of(tile, (lanes, len), Axis(1), &self.fold, self.finish);
            let results = results.by_ref().take(lanes);
            results.zip(states).for_each(|(result, &mut state)| write(result, state));
        }
    }
}

/// Whether inputs and values are small enough for large tiles.
const fn are_small<X: Inputs, T>() -> bool {
    X::LARGEST_BYTES <= MAX_BUFFERED_ELEMENT_BYTES && size_of::<T>() <= MAX_BUFFERED_ELEMENT_BYTES
}

/// Whether any value is `wanted`. The search ends with the block that decides it.
pub(super) fn search<X, D>(
    ins: X::Views<'_, D>,
    compute: &mut Compute<'_, X, ValuesOf<bool>>,
    wanted: bool,
) -> bool
where
    X: Inputs,
    D: Dimension,
{
    if const { X::LARGEST_BYTES <= MAX_BUFFERED_ELEMENT_BYTES } {
        search_by::<X, D, FUSED_TILE>(ins, compute, wanted)
    } else {
        search_by::<X, D, 1>(ins, compute, wanted)
    }
}

fn search_by<X, D, const N: usize>(
    mut ins: X::Views<'_, D>,
    compute: &mut Compute<'_, X, ValuesOf<bool>>,
    wanted: bool,
) -> bool
where
    X: Inputs,
    D: Dimension,
{
    let Some(count) = aligned::<X, D>(&mut ins) else { return false };
    let mut values = Values::<X, D, N>::of(&ins, count.along);
    let mut tile = [false; FUSED_TILE];
    (0..count.elements).step_by(FUSED_TILE).any(|at| {
        let tile = &mut tile[..FUSED_TILE.min(count.elements - at)];
        values.next(tile, compute);
        tile.contains(&wanted)
    })
}

/// The axis of the lanes of aligned inputs, and how many elements they have.
struct Count {
    along: Axis,
    elements: usize,
}

/// Aligns inputs, of which the first decides. `None` if they have no elements.
fn aligned<X, D>(ins: &mut X::Views<'_, D>) -> Option<Count>
where
    X: Inputs,
    D: Dimension,
{
    let elements = X::first(ins)?.lens().iter().product();
    (elements > 0).then(|| Count { along: align(&mut All::<X, D>(ins)), elements })
}

struct All<'v, 'a, X: Inputs, D: Dimension>(&'v mut X::Views<'a, D>);

impl<X: Inputs, D: Dimension> Operands for All<'_, '_, X, D> {
    fn first(&self) -> &dyn Axes {
        X::first(self.0).expect("there is an input")
    }

    fn each(&self, see: &mut dyn FnMut(&dyn Axes)) {
        X::each(self.0, see);
    }

    fn each_mut(&mut self, change: &mut dyn FnMut(&mut dyn Axes)) {
        X::each_mut(self.0, change);
    }
}

/// All axes of the inputs but the first, and those of the output, for [`align`](axes::align).
struct BehindFirst<'v, 'a, X: Inputs, D: Dimension> {
    ins: &'v mut X::Views<'a, D>,
    out: &'v mut dyn Axes,
}

impl<X: Inputs, D: Dimension> Axes for BehindFirst<'_, '_, X, D> {
    fn lens(&self) -> &[usize] {
        self.out.lens()
    }

    fn steps(&self) -> &[isize] {
        &X::first(self.ins).expect("there is an input").steps()[1..]
    }

    fn invert(&mut self, axis: usize) {
        X::each_mut(self.ins, &mut |view| view.invert(axis + 1));
        self.out.invert(axis);
    }

    fn swap(&mut self, a: usize, b: usize) {
        X::each_mut(self.ins, &mut |view| view.swap(a + 1, b + 1));
        self.out.swap(a, b);
    }

    fn merge(&mut self, take: usize, into: usize) {
        X::each_mut(self.ins, &mut |view| view.merge(take + 1, into + 1));
        self.out.merge(take, into);
    }

    fn may_merge(&self, take: usize, into: usize) -> bool {
        let mut all = self.out.can_merge(take, into);
        X::each(self.ins, &mut |view| all = all && view.can_merge(take + 1, into + 1));
        all
    }
}

/// Moves the first axis of each input to `place`.
fn first_to<X, D>(ins: &mut X::Views<'_, D>, place: usize)
where
    X: Inputs,
    D: Dimension,
{
    X::each_mut(ins, &mut |view| (0..place).for_each(|at| view.swap(at, at + 1)));
}

/// States of the lanes of a tile, made when there is one.
struct States<S, const W: usize>(Option<[S; W]>);

impl<S: Copy, const W: usize> States<S, W> {
    fn of<T: Copy, F: Fold<T, State = S>>(
        &mut self,
        tile: &[T],
        shape: (usize, usize),
        axis: Axis,
        fold: &F,
        finish: impl Fn(S) -> S,
    ) -> &mut [S] {
        let any = || of_block(Slice::of(&tile[..1]), 0, fold);
        let states = self.0.get_or_insert_with(|| [any(); W]);
        let tile =
            ArrayView2::from_shape(shape, tile).expect("a tile is as long as its shape says");
        let states = &mut states[..tile.len() / tile.len_of(axis)];
        fold::along_axis(tile, axis, &mut ArrayViewMut1::from(&mut *states), fold, finish);
        states
    }
}

/// The states of the columns of `count` rows: a tree whose leaves are [`COMBINED_ROWS`] rows.
fn tree_of_rows<T: Copy, F: Fold<T>, const W: usize>(
    count: usize,
    states: &mut [F::State],
    leaf: &mut dyn FnMut(usize, &mut [F::State]),
    fold: &F,
) {
    if count <= COMBINED_ROWS {
        return leaf(count, states);
    }
    let half = COMBINED_ROWS << (count.div_ceil(COMBINED_ROWS) - 1).ilog2();
    tree_of_rows::<T, F, W>(half, states, leaf, fold);
    let late = &mut [states[0]; W][..states.len()];
    tree_of_rows::<T, F, W>(count - half, late, leaf, fold);
    merge(states, late, fold);
}

/// Merges the early state of each column with its late one.
fn merge<T: Copy, F: Fold<T>>(early: &mut [F::State], late: &[F::State], fold: &F) {
    for (early, &late) in early.iter_mut().zip(late) {
        *early = fold.merge(*early, late);
    }
}
