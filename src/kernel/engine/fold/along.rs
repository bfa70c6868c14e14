//! The drivers of reductions: they choose the walk through memory, and merge states in a tree.
//!
//! A [`Fold`] turns a few elements into a *state* (a sum, a smallest element, moments) and merges two states. The
//! drivers here know where the elements lie, and choose between two walks:
//!
//! - **Lanes.** The reduced axis has the narrowest step in memory: each lane is folded by itself, in blocks of
//!   [`FOLD_BLOCK`](crate::kernel::engine::tuning::FOLD_BLOCK) elements, strided ones after a copy to the stack. The
//!   states of the blocks are merged in a [binary tree](crate::kernel::engine::fold::tree) whose left half is the
//!   largest power of two of blocks that is possible.
//! - **Rows.** Another axis is narrower: rows that run across the lanes are folded into as many states side by side
//!   ([`rows`](super::rows)).
//!
//! Where lanes or rows are only a few elements long, many of them are folded side by side ([`short_lanes`],
//! [`few_columns`]).
//!
//! The shape of either tree depends on the number of elements alone. So results have the same bits for strided and for
//! contiguous memory, and rounding errors grow with the logarithm of the length.
//!
//! Code that depends on the number of axes is kept thin here, and calls code that does not: the latter is not compiled
//! again for each dimension.

use ndarray::{ArrayRef, ArrayView, Axis, Dimension, RemoveAxis, Zip};

use crate::kernel::engine::axes::{
    BehindFirst, align, columns_inside, first_before, lanes_are_narrow, same_order, slice_of_lanes,
    to_front,
};
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::few_columns::{self, Narrow};
use crate::kernel::engine::fold::finish::{Finish, see_all};
use crate::kernel::engine::fold::gather::Flow;
use crate::kernel::engine::fold::line::{Line, Pair};
use crate::kernel::engine::fold::rows::{columns_of, in_tiles, of_rows};
use crate::kernel::engine::fold::run::{Joined, Slice};
use crate::kernel::engine::fold::short_lanes::{self, Across, OfOne, OfTwo, Same};
use crate::kernel::engine::fold::tree::{of_block, of_run, tree};
use crate::kernel::engine::tuning::LANES;

/// Folds each lane of `a` along `axis`, and writes `finish` of its state to `out`. `axis` has elements.
pub(crate) fn along_axis<A, B, D, F>(
    a: ArrayView<'_, A, D>,
    axis: Axis,
    out: &mut ArrayRef<B, D::Smaller>,
    fold: &F,
    finish: impl Fn(F::State) -> B,
) where
    A: Copy,
    B: Copy,
    D: RemoveAxis,
    F: Fold<A>,
{
    along_axis_watched(a, axis, out, fold, finish);
}

/// [`along_axis`] with a [`Finish`], which is also shown the results.
pub(crate) fn along_axis_watched<A, B, D, F>(
    mut a: ArrayView<'_, A, D>,
    axis: Axis,
    out: &mut ArrayRef<B, D::Smaller>,
    fold: &F,
    finish: impl Finish<F::State, B>,
) where
    A: Copy,
    B: Copy,
    D: RemoveAxis,
    F: Fold<A>,
{
    if out.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = align(&mut [&mut BehindFirst(&mut a), &mut out]);
    let (len, inside) = (a.len_of(Axis(0)), columns_inside(&a));
    let are_narrow = lanes_are_narrow(&a, along);
    let are_short = are_narrow && short_lanes::are_short::<A>(len, out.len());
    if are_short && let Some(elements) = slice_of_lanes(&a) {
        short_lanes::of_lanes(OfOne { elements, len }, len, out, fold, &finish);
    } else if are_narrow && !are_short || !F::IS_ANYWHERE && inside < LANES {
        let lanes = a.lanes(Axis(0));
        Zip::from(&mut out).and(lanes).for_each(|out, lane| *out = finish.value(lane.state(fold)));
        see_all(&finish, &out);
    } else {
        let across = first_before(&mut a, along);
        if let Some(shape) = Narrow::of::<A, F>(len, inside, a.len_of(across)) {
            let outs = out.lanes_mut(along).into_iter();
            return few_columns::across_rows(&a, across, shape, outs, fold, &finish);
        }
        let are_slices = a.strides()[across.index()] == 1;
        let are_few = are_slices && short_lanes::are_few::<A>(len, a.len_of(across));
        if are_few {
            let mut rows = a.lanes(across).into_iter();
            for out in out.lanes_mut(along) {
                short_lanes::of_lanes(Across::of(&mut rows, len), len, out, fold, &finish);
            }
            return;
        }
        let most = columns_of::<_, F>(len, are_slices);
        in_tiles(&mut out, along, most, |columns, mut out| {
            let a = a.slice_axis(across, columns);
            let any = *a.first().expect("tiles have elements");
            let mut rows = a.lanes(across).into_iter();
            for out in out.lanes_mut(along) {
                of_rows(&mut rows, 0..len, any, out, fold, &finish);
            }
        });
    }
}

/// [`along_axis`] of *f(a\[i\], b\[i\])*, where `b` has the shape of `a`.
pub(crate) fn along_axis_of_two<A, B, C, E, D, F>(
    mut a: ArrayView<'_, A, D>,
    mut b: ArrayView<'_, B, D>,
    f: &impl Fn(A, B) -> C,
    axis: Axis,
    out: &mut ArrayRef<E, D::Smaller>,
    fold: &F,
    finish: impl Finish<F::State, E>,
) where
    A: Copy,
    B: Copy,
    C: Copy,
    E: Copy,
    D: RemoveAxis,
    F: Fold<C>,
{
    if out.is_empty() {
        return; // an empty array may still have any number of lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    to_front(&mut b, axis);
    let along = align(&mut [&mut BehindFirst(&mut a), &mut BehindFirst(&mut b), &mut out]);
    let (len, inside) = (a.len_of(Axis(0)), columns_inside(&a));
    let are_narrow = lanes_are_narrow(&a, along);
    let are_short = are_narrow && short_lanes::are_short::<C>(len, out.len());
    if are_short && let Some(elements) = slice_of_lanes(&a) {
        let a = OfOne { elements, len };
        if let Some(elements) = slice_of_lanes(&b) {
            let b = OfOne { elements, len };
            return short_lanes::of_lanes(OfTwo { a, b, f }, len, out, fold, &finish);
        }
        if b.strides()[1..].iter().all(|&step| step == 0) {
            let b = b.lanes(Axis(0)).into_iter().next().expect("there are lanes");
            return short_lanes::of_lanes(OfTwo { a, b: Same::of(b), f }, len, out, fold, &finish);
        }
    }
    if are_narrow && !are_short {
        let (a, b) = (a.lanes(Axis(0)), b.lanes(Axis(0)));
        Zip::from(&mut out)
            .and(a)
            .and(b)
            .for_each(|out, a, b| *out = finish.value(Pair { a, b, f }.state(fold)));
        see_all(&finish, &out);
    } else {
        let across = first_before(&mut a, along);
        first_before(&mut b, along);
        if let Some(shape) = Narrow::of::<C, F>(len, inside, a.len_of(across)) {
            let outs = out.lanes_mut(along).into_iter();
            return few_columns::across_rows_of_two(
                (&a, &b),
                f,
                across,
                shape,
                outs,
                fold,
                &finish,
            );
        }
        let are_slices =
            a.strides()[across.index()] == 1 && matches!(b.strides()[across.index()], 0 | 1);
        let most = columns_of::<_, F>(len, are_slices);
        in_tiles(&mut out, along, most, |columns, mut out| {
            let (a, b) = (a.slice_axis(across, columns), b.slice_axis(across, columns));
            let any =
                a.first().zip(b.first()).map(|(&a, &b)| f(a, b)).expect("tiles have elements");
            let pairs = a.lanes(across).into_iter().zip(b.lanes(across));
            let mut rows = pairs.map(|(a, b)| Pair { a, b, f });
            for out in out.lanes_mut(along) {
                of_rows(&mut rows, 0..len, any, out, fold, &finish);
            }
        });
    }
}

/// Folds all elements in the order of memory. `None` if there are none.
pub(crate) fn of_all<A, D, F>(mut a: ArrayView<'_, A, D>, fold: &F) -> Option<F::State>
where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    if let Some(elements) = a.as_slice_memory_order() {
        return of_slice(elements, fold);
    }
    let along = align(&mut [&mut a]);
    of_all_lanes(a, along, fold)
}

/// Folds all elements in logical order, which is the order of positions. `None` if there are none.
pub(crate) fn of_all_in_order<A, D, F>(a: ArrayView<'_, A, D>, fold: &F) -> Option<F::State>
where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    if let Some(elements) = a.as_slice() {
        return of_slice(elements, fold);
    }
    let last = Axis(a.ndim().saturating_sub(1));
    of_all_lanes(a, last, fold)
}

/// [`of_all`] of *f(a\[i\], b\[i\])*, where `b` has the shape of `a`, in the order of the memory of `a`.
#[inline]
pub(crate) fn of_all_of_two<A, B, C, D, F>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
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
        return None; // an empty array may still have any number of lanes
    }
    if same_order(&a, &b)
        && let (Some(a), Some(b)) = (a.as_slice_memory_order(), b.as_slice_memory_order())
    {
        return Some(of_run(Joined { a: Slice::of(a), b: Slice::of(b), f }, fold));
    }
    Some(of_all_lanes_of_two(a, b, f, fold))
}

#[inline(never)]
fn of_all_lanes_of_two<A, B, C, D, F>(
    mut a: ArrayView<'_, A, D>,
    mut b: ArrayView<'_, B, D>,
    f: &impl Fn(A, B) -> C,
    fold: &F,
) -> F::State
where
    A: Copy,
    B: Copy,
    C: Copy,
    D: Dimension,
    F: Fold<C>,
{
    let along = align(&mut [&mut a, &mut b]);
    let (mut flow_a, mut flow_b) = (Flow::new(a.lanes(along)), Flow::new(b.lanes(along)));
    let leaf: &mut dyn FnMut(usize, usize) -> F::State = &mut |at, len| {
        let mut state = None;
        flow_a.next(len, &mut |a| {
            flow_b.next(len, &mut |b| {
                state = Some(of_block(Joined { a: Slice::of(a), b: Slice::of(b), f }, at, fold));
            });
        });
        state.expect("a flow shows what is left")
    };
    tree(0, a.len(), leaf, fold)
}

fn of_slice<A: Copy, F: Fold<A>>(elements: &[A], fold: &F) -> Option<F::State> {
    (!elements.is_empty()).then(|| of_run(Slice::of(elements), fold))
}

fn of_all_lanes<A, D, F>(a: ArrayView<'_, A, D>, along: Axis, fold: &F) -> Option<F::State>
where
    A: Copy,
    D: Dimension,
    F: Fold<A>,
{
    if a.is_empty() {
        return None; // an empty array may still have any number of lanes
    }
    let mut flow = Flow::new(a.lanes(along));
    let leaf: &mut dyn FnMut(usize, usize) -> F::State = &mut |at, len| {
        let mut state = None;
        flow.next(len, &mut |block| state = Some(of_block(Slice::of(block), at, fold)));
        state.expect("a flow shows what is left")
    };
    Some(tree(0, a.len(), leaf, fold))
}
