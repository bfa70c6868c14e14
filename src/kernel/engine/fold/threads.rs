//! The binary tree of a lane, with branches on several threads: the states and the bits of one thread.

use ndarray::{ArrayRef, ArrayView, Axis, Dimension};

use crate::kernel::engine::axes::{align, same_order};
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::gather::Flow;
use crate::kernel::engine::fold::run::{Joined, Run, Slice};
use crate::kernel::engine::fold::tree::{early_half, of_block, tree};
use crate::kernel::engine::tuning::FOLD_BLOCK;

/// Shorter lanes with gaps between them are folded by one thread: finding where a branch begins would take longer.
const MIN_LANE: usize = 64;

/// [`of_all`](super::of_all) on several threads, in branches of `least` elements and more.
pub(crate) fn of_all<A, D, F>(a: &ArrayRef<A, D>, fold: &F, least: usize) -> Option<F::State>
where
    A: Copy + Sync,
    D: Dimension,
    F: Fold<A, State: Send> + Sync,
{
    if a.is_empty() {
        return None;
    }
    if let Some(elements) = a.as_slice_memory_order() {
        return Some(of_run(Slice::of(elements), fold, least));
    }
    let mut view = a.view();
    let along = align(&mut [&mut view]);
    if view.len_of(along) < MIN_LANE {
        return super::of_all(a.view(), fold);
    }
    let lanes = Lanes { a: view, along };
    let leaf = |at, count| lanes.fold(at, count, fold);
    Some(branch(0, a.len(), least, fold, &leaf))
}

/// The same of *f(a\[i\], b\[i\])*, where `b` has the shape of `a`.
pub(crate) fn of_all_of_two<A, B, C, D, F>(
    a: &ArrayRef<A, D>,
    b: &ArrayRef<B, D>,
    f: &(impl Fn(A, B) -> C + Sync),
    fold: &F,
    least: usize,
) -> Option<F::State>
where
    A: Copy + Sync,
    B: Copy + Sync,
    C: Copy,
    D: Dimension,
    F: Fold<C, State: Send> + Sync,
{
    if !a.is_empty()
        && same_order(a, b)
        && let (Some(a), Some(b)) = (a.as_slice_memory_order(), b.as_slice_memory_order())
    {
        return Some(of_run(Joined { a: Slice::of(a), b: Slice::of(b), f }, fold, least));
    }
    super::of_all_of_two(a.view(), b.view(), f, fold)
}

fn of_run<R, F>(run: R, fold: &F, least: usize) -> F::State
where
    R: Run + Sync,
    F: Fold<R::Element, State: Send> + Sync,
{
    let leaf =
        |at, count| tree(at, count, &mut |at, len| of_block(run.part(at, len), at, fold), fold);
    branch(0, run.len(), least, fold, &leaf)
}

/// The state of `count` elements from number `at` on; `leaf` computes that of a branch without branches.
fn branch<A, F>(
    at: usize,
    count: usize,
    least: usize,
    fold: &F,
    leaf: &(dyn Fn(usize, usize) -> F::State + Sync),
) -> F::State
where
    A: Copy,
    F: Fold<A, State: Send> + Sync,
{
    if count < 2 * least.max(FOLD_BLOCK) {
        return leaf(at, count);
    }
    let half = early_half(count);
    let (early, late) = rayon::join(
        || branch(at, half, least, fold, leaf),
        || branch(at + half, count - half, least, fold, leaf),
    );
    fold.merge(early, late)
}

/// An array whose axes are aligned, lane by lane.
struct Lanes<'a, A, D> {
    a: ArrayView<'a, A, D>,
    along: Axis,
}

impl<A: Copy, D: Dimension> Lanes<'_, A, D> {
    fn fold<F: Fold<A>>(&self, at: usize, count: usize, fold: &F) -> F::State {
        let mut flow = Flow::from(self.a.lanes(self.along), at);
        let leaf: &mut dyn FnMut(usize, usize) -> F::State = &mut |at, len| {
            let mut state = None;
            flow.next(len, &mut |block| state = Some(of_block(Slice::of(block), at, fold)));
            state.expect("a flow shows what is left")
        };
        tree(at, count, leaf, fold)
    }
}
