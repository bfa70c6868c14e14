//! The drivers of reductions: they bring lanes into one form, and choose the walk through memory once.
//!
//! A [`Fold`] turns a few elements into a *state* (a sum, a smallest element, moments) and merges two states. Here the
//! lanes of an array of any layout become the columns of matrices: the reduced axis goes to the front, the others into
//! the order of memory, merged where that is possible. [`Walk::choose`] looks at lengths and steps, and [`fold_matrix`]
//! does for each matrix what was chosen:
//!
//! - **Lanes.** The reduced axis has the narrowest step in memory: each lane is folded by itself, in blocks of
//!   [`FOLD_BLOCK`](crate::kernel::engine::tuning::FOLD_BLOCK) elements, strided ones after a copy to the stack. The
//!   states of the blocks are merged in a [binary tree](crate::kernel::engine::fold::tree).
//! - **Rows.** Another axis is narrower, or lanes are only a few elements long: rows that run across the lanes are folded
//!   into as many states side by side ([`tile`](super::tile)).
//! - **Blocks.** Rows are only a few elements long: those of several blocks are folded as one ([`blocks`](super::blocks)).
//!
//! The shape of either tree depends on the number of elements alone. So results have the same bits for strided and for
//! contiguous memory, and rounding errors grow with the logarithm of the length.
//!
//! What knows the number of axes is kept thin; [`fold_matrix`] and all below it are compiled once for each reduction.

use ndarray::{
    ArrayRef, ArrayView, ArrayView2, ArrayViewMut1, Axis, Dimension, Ix1, RemoveAxis, s,
};

use crate::kernel::engine::axes::{
    Axes, BehindFirst, align, columns_inside, first_before, lanes_are_narrow, same_order, to_front,
};
use crate::kernel::engine::fold::blocks::{blocks_of, fold_blocks};
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::finish::{Finish, see_all};
use crate::kernel::engine::fold::gather::Flow;
use crate::kernel::engine::fold::line::Line;
use crate::kernel::engine::fold::run::{Joined, Slice};
use crate::kernel::engine::fold::source::{One, PerRow, Source, Two};
use crate::kernel::engine::fold::tile::fold_rows;
use crate::kernel::engine::fold::tree::{of_block, of_run, tree};
use crate::kernel::engine::tuning::{
    LANES, MAX_SIDE_BY_SIDE_LEN, MAX_TILE_ELEMENT_BYTES, MIN_SHORT_LANES,
};

/// Folds each lane of `a` along `axis`, and writes `finish` of its state to `out`. `axis` has elements.
///
/// (`finish` may also inspect the results: see [`Finish`].)
pub(crate) fn along_axis<A, B, D, F>(
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
        return;
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = align(&mut [&mut BehindFirst(&mut a), &mut out]);
    let walk = Walk::choose::<A, F>(&a, along, out.len());
    let across = first_before(&mut a, along);
    if let Some((rows, columns)) = small_matrices(walk, &a, across)
        && let (Some(a), Some(out)) = (a.as_slice(), out.as_slice_mut())
    {
        return fold_matrix(walk, One::side_by_side(a, rows, columns), out.into(), fold, &finish);
    }
    for (place, out) in out.lanes_mut(along).into_iter().enumerate() {
        fold_matrix(walk, One::new(matrix(&a, place)), out, fold, &finish);
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
        return;
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    to_front(&mut b, axis);
    let along = align(&mut [&mut BehindFirst(&mut a), &mut BehindFirst(&mut b), &mut out]);
    let walk = Walk::choose::<C, F>(&a, along, out.len());
    let across = first_before(&mut a, along);
    first_before(&mut b, along);
    if let Some((rows, columns)) = small_matrices(walk, &a, across)
        && let (Some(a), Some(b), Some(out)) = (a.as_slice(), b.as_slice(), out.as_slice_mut())
    {
        let (a, b) = (One::side_by_side(a, rows, columns), One::side_by_side(b, rows, columns));
        return fold_matrix(walk, Two { a, b, f }, out.into(), fold, &finish);
    }
    for (place, out) in out.lanes_mut(along).into_iter().enumerate() {
        let (a, b) = (matrix(&a, place), matrix(&b, place));
        let repeats = b.strides()[1] == 0;
        let two = Two { a: One::new(a), b: One::new(b), f };
        match repeats {
            true => fold_matrix(walk, PerRow(two), out, fold, &finish),
            false => fold_matrix(walk, two, out, fold, &finish),
        }
    }
}

/// How the lanes of a matrix are walked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Walk {
    /// Lane by lane ([`line`](mod@super::line)): the lanes have the narrowest steps in memory.
    Lanes,
    /// Across the lanes, row by row ([`tile`](super::tile)).
    Rows,
    /// Across the lanes, the rows of so many blocks side by side ([`blocks`](super::blocks)): rows are short.
    Blocks(usize),
}

impl Walk {
    /// The walk for an array whose first axis is reduced, and whose lanes lie next to each other along `along` (counted
    /// without the first); there are `lanes` of them. It is equal for every view of one shape and memory order.
    fn choose<A: Copy, F: Fold<A>>(a: &dyn Axes, along: Axis, lanes: usize) -> Walk {
        let (len, inside) = (a.lens()[0], columns_inside(a));
        let are_narrow = lanes_are_narrow(a, along);
        let are_small = size_of::<A>() <= MAX_TILE_ELEMENT_BYTES;
        if are_narrow {
            let are_short = len < LANES && lanes >= MIN_SHORT_LANES && are_small;
            return if are_short { Walk::Rows } else { Walk::Lanes };
        }
        if !F::IS_ANYWHERE && inside < LANES {
            return Walk::Lanes; // rows are too short, and blocks not possible
        }
        let columns = a.lens().get(along.index() + 1).copied().unwrap_or(1);
        match blocks_of::<A, F>(len, inside, columns) {
            Some(blocks) => Walk::Blocks(blocks),
            None => Walk::Rows,
        }
    }
}

/// The numbers of rows and columns of the matrices that the last two axes span, if rows are walked, and there are many
/// matrices, but small ones: one by one, what is done for each would take longer than what is done for its elements.
fn small_matrices(walk: Walk, a: &dyn Axes, across: Axis) -> Option<(usize, usize)> {
    let (rows, columns) = (a.lens()[across.index() - 1], *a.lens().get(across.index())?);
    let (len, all): (usize, usize) = (rows * columns, a.lens().iter().product());
    (walk == Walk::Rows && len <= MAX_SIDE_BY_SIDE_LEN && all > len).then_some((rows, columns))
}

/// Folds each column of `source`.
#[inline(never)]
fn fold_matrix<S, B, F, G>(
    walk: Walk,
    source: S,
    mut out: ArrayViewMut1<'_, B>,
    fold: &F,
    finish: &G,
) where
    S: Source,
    B: Copy,
    F: Fold<S::Element>,
    G: Finish<F::State, B>,
{
    match walk {
        Walk::Lanes => {
            for (at, out) in out.iter_mut().enumerate() {
                *out = finish.value(source.lane(at).state(fold));
            }
        }
        Walk::Blocks(blocks) => {
            let put = &mut |column, state| out[column] = finish.value(state);
            fold_blocks(source, source.rows_of_block(), blocks, fold, put);
        }
        Walk::Rows => {
            return fold_rows(source, 0..source.rows_of_block(), &mut out, fold, finish);
        }
    }
    see_all(finish, &out);
}

/// Matrix number `place` of those that the last two axes span; of an array with one axis, the matrix of one column.
fn matrix<'a, A, D: Dimension>(a: &'a ArrayView<'_, A, D>, place: usize) -> ArrayView2<'a, A> {
    let outer = |axis| {
        (place / a.shape()[axis + 1..a.ndim() - 2].iter().product::<usize>()) % a.shape()[axis]
    };
    let dimension = "of this number of axes";
    match a.ndim() {
        1 => a.view().into_dimensionality::<Ix1>().expect(dimension).insert_axis(Axis(1)),
        2 => a.view().into_dimensionality().expect(dimension),
        // `broadcast` gives any number of axes a number that is known here, and allocates nothing.
        3..=6 => {
            let mut shape = [1; 6];
            shape[6 - a.ndim()..].copy_from_slice(a.shape());
            let at: [usize; 4] =
                std::array::from_fn(|axis| match (axis + a.ndim()).checked_sub(6) {
                    Some(axis) => outer(axis),
                    None => 0,
                });
            let a = a.broadcast(shape).expect("leading axes of length one");
            a.slice_move(s![at[0], at[1], at[2], at[3], .., ..])
        }
        _ => {
            let mut a = a.view().into_dyn();
            for axis in 0..a.ndim() - 2 {
                a.collapse_axis(Axis(axis), outer(axis));
            }
            while a.ndim() > 2 {
                a = a.index_axis_move(Axis(0), 0);
            }
            a.into_dimensionality().expect(dimension)
        }
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
        return None;
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
        return None;
    }
    let mut flow = Flow::new(a.lanes(along));
    let leaf: &mut dyn FnMut(usize, usize) -> F::State = &mut |at, len| {
        let mut state = None;
        flow.next(len, &mut |block| state = Some(of_block(Slice::of(block), at, fold)));
        state.expect("a flow shows what is left")
    };
    Some(tree(0, a.len(), leaf, fold))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, ArrayBase, Data, IntoDimension, s};

    use super::*;
    use crate::kernel::engine::fold::kinds::combine::adding;

    /// The walk of a sum along an axis.
    fn walk<S: Data<Elem = f64>, D: RemoveAxis>(a: &ArrayBase<S, D>, axis: usize) -> Walk {
        fn chosen<F: Fold<f64>>(a: &dyn Axes, along: Axis, lanes: usize, _: &F) -> Walk {
            Walk::choose::<f64, F>(a, along, lanes)
        }
        let mut a = a.view();
        let mut out = Array::<f64, _>::zeros(a.raw_dim().remove_axis(Axis(axis)));
        to_front(&mut a, Axis(axis));
        let along = align(&mut [&mut BehindFirst(&mut a), &mut out.view_mut()]);
        chosen(&a, along, out.len(), &adding())
    }

    fn zeros<D: IntoDimension>(shape: D) -> Array<f64, D::Dim> {
        Array::zeros(shape)
    }

    #[test]
    fn lanes_are_walked_where_steps_are_narrowest() {
        assert_eq!(walk(&zeros(100), 0), Walk::Lanes);
        assert_eq!(walk(&zeros((64, 64)), 1), Walk::Lanes);
        assert_eq!(walk(&zeros((64, 64)).reversed_axes(), 0), Walk::Lanes);
        assert_eq!(walk(&zeros((64, 64)), 0), Walk::Rows);
        assert_eq!(walk(&zeros((20, 30, 40)), 1), Walk::Rows);
        assert_eq!(walk(&zeros((20, 30, 40)), 2), Walk::Lanes);
    }

    #[test]
    fn short_lanes_are_walked_across_if_there_are_many() {
        assert_eq!(walk(&zeros((1000, 8)), 1), Walk::Rows);
        assert_eq!(walk(&zeros((1000, LANES)), 1), Walk::Lanes);
        assert_eq!(walk(&zeros((MIN_SHORT_LANES - 1, 8)), 1), Walk::Lanes);
    }

    #[test]
    fn few_columns_are_cut_into_blocks() {
        assert!(matches!(walk(&zeros((20_000, 3)), 0), Walk::Blocks(2..)));
        assert_eq!(walk(&zeros((20_000, LANES)), 0), Walk::Rows);
        assert_eq!(walk(&zeros((4, 3)), 0), Walk::Rows);
    }

    /// Or results would depend on gaps between the rows.
    #[test]
    fn the_walk_is_that_of_the_array_without_gaps() {
        for (rows, columns) in [(1000, 3), (64, 64), (3, 1000), (2000, 12)] {
            let (whole, wide) = (zeros((rows, columns)), zeros((2 * rows, 2 * columns)));
            let gaps = wide.slice(s![..;2, ..;2]);
            for axis in [0, 1] {
                assert_eq!(walk(&gaps, axis), walk(&whole, axis), "{rows}x{columns}, {axis}");
            }
        }
        let wide = zeros((50, 40, 30));
        for axis in 0..3 {
            assert_eq!(walk(&wide.slice(s![.., 3..9, 2..7]), axis), walk(&zeros((50, 6, 5)), axis));
        }
    }

    #[test]
    fn matrices_are_those_of_the_last_two_axes() {
        let a = Array::from_shape_fn((2, 3, 4, 5), |(i, j, k, l)| i * 1000 + j * 100 + k * 10 + l);
        let dynamic = a.clone().into_shape_with_order(ndarray::IxDyn(&[1, 2, 1, 3, 1, 4, 5]));
        let dynamic = dynamic.expect("as many elements");
        for place in 0..6 {
            let expected = a.slice(s![place / 3, place % 3, .., ..]);
            assert_eq!(matrix(&a.view(), place), expected);
            assert_eq!(matrix(&dynamic.view(), place), expected);
        }
    }
}
