//! The difference of two states of a loop, and its norms.
//!
//! A convergence test wants the difference, its norms, or both, of arrays that are far larger than the cache. So
//! everything happens in one pass:
//!
//! ```text
//! for each block of elements:
//!     difference on the stack, in L1
//!     write it to `out`
//!     fold its norms, and merge them into the tree
//! ```
//!
//! Blocks are filled across the ends of lanes: the norms depend on the order of the elements, never on how memory was
//! cut.

use std::ops::Sub;

use ndarray::{ArrayRef, ArrayView, ArrayViewMut, ArrayViewMut1, Axis, Dimension};
use num_traits::Float;

use crate::kernel::engine::axes::align;
use crate::kernel::engine::cpu::stream::{self, Stream};
use crate::kernel::engine::fold::gather::Flow;
use crate::kernel::engine::fold::kinds::best::largest_size;
use crate::kernel::engine::fold::kinds::combine::{Both, adding, adding_of, square};
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::fold::second_look::{Scale, small_root};
use crate::kernel::engine::fold::tree::{of_block, tree};
use crate::kernel::engine::tuning::FOLD_BLOCK;
use crate::kernel::engine::{check, fold, map};

/// Three norms of a difference, `next - current`, taken as one long vector.
///
/// Each is NaN if any element of the difference is NaN, and zero if there are no elements.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DiffNorms<A> {
    /// The sum of the absolute values, Σ |d|.
    pub l1: A,
    /// The Euclidean norm, √(Σ d²). For matrices this is the Frobenius norm.
    pub l2: A,
    /// The largest absolute value, max |d|.
    pub max: A,
}

/// Subtracts the current state of a loop from the next one.
///
/// *out\[i\] = next\[i\] − current\[i\]*
///
/// `next`, `current` and `out` have the same shape: a state that would have to be broadcast is a mistake. With
/// broadcasting, use [`sub_into`](crate::kernel::sub_into).
///
/// NaN in either state gives NaN. Empty arrays are fine. `out` cannot overlap the states.
///
/// # Panics
///
/// If `next` or `current` does not have the shape of `out`; nothing is written then. Integers overflow as with `-`:
/// with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.subtract(next, current, out=out)` and ndarray's `&next - &current`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::diff_into;
///
/// let mut out = Array1::zeros(3);
/// diff_into(&array![4.0, 5.0, 6.0], &array![1.0, 1.0, 1.0], &mut out);
/// assert_eq!(out, array![3.0, 4.0, 5.0]);
/// ```
#[doc(alias = "subtract")]
#[track_caller]
pub fn diff_into<A, D>(next: &ArrayRef<A, D>, current: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Sub<Output = A> + 'static,
    D: Dimension,
{
    check::same_shape("diff_into", ("next", next), ("out", out));
    check::same_shape("diff_into", ("current", current), ("out", out));
    check::arithmetic::<A, _>("diff_into", || {
        map::zip_map(next.view(), current.view(), out, A::sub);
    });
}

/// Computes norms of the difference of two states of a loop, without storing the difference.
///
/// *l1 = Σ |d|, l2 = √(Σ d²), max = max |d|, where d = next − current*
///
/// `next` and `current` have the same shape. Each difference is rounded once, as by `-`.
///
/// **Accuracy.** For n elements the sums behind `l1` and `l2` have a relative error of at most (log₂ n + 13) ε,
/// whatever the layout. (Pairwise summation over blocks; sequential summation has n ε.) `max` is exact. The same
/// bits come out for the same values in the same memory order, whether contiguous or not, aligned or not; another order
/// of axes in the memory of `next` may change the last bits of `l1` and `l2`.
///
/// **NaN** in either state, or the difference of equal infinities, makes all three norms NaN: `max` does not ignore it.
/// **Range.** Differences may be of any magnitude: where squares have overflowed, or may have lost digits, the states
/// are read again for `l2`, scaled, with an error of at most (2 log₂ n + 30) ε. A difference that is larger than the
/// largest number is infinite. **Empty** states have a difference of zero. The states may overlap, since nothing is
/// written.
///
/// # Panics
///
/// If `current` does not have the shape of `next`.
///
/// # Replaces
///
/// NumPy's `np.abs(next - current).sum()`, `np.linalg.norm(next - current)` and `np.abs(next - current).max()`; in
/// ndarray the same folds over `&next - &current`. Both allocate, and read the arrays several times.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::diff_norms;
///
/// let norms = diff_norms(&array![4.0, 2.0], &array![1.0, 6.0]);
/// assert_eq!((norms.l1, norms.l2, norms.max), (7.0, 5.0, 4.0));
/// ```
#[doc(alias = "norm")]
#[doc(alias = "allclose")]
#[doc(alias = "l2_dist")]
#[must_use]
#[track_caller]
pub fn diff_norms<A, D>(next: &ArrayRef<A, D>, current: &ArrayRef<A, D>) -> DiffNorms<A>
where
    A: Float + 'static,
    D: Dimension,
{
    check::same_shape("diff_norms", ("current", current), ("next", next));
    tally_all(next.view(), current.view(), None)
}

/// Subtracts two states of a loop, and computes norms of the difference in the same pass over memory.
///
/// *out\[i\] = d\[i\] = next\[i\] − current\[i\]; l1 = Σ |d|, l2 = √(Σ d²), max = max |d|*
///
/// `next`, `current` and `out` have the same shape. The norms have the bits, and so the accuracy and limits, of
/// [`diff_norms`]; the elements have the bits of [`diff_into`]. Empty arrays are fine. `out` cannot overlap the states.
///
/// # Panics
///
/// If `next` or `current` does not have the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.subtract(next, current, out=out)` followed by `np.linalg.norm` and the like, which allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::diff_norms_into;
///
/// let mut out = Array1::zeros(2);
/// let norms = diff_norms_into(&array![4.0, 2.0], &array![1.0, 6.0], &mut out);
/// assert_eq!(out, array![3.0, -4.0]);
/// assert_eq!((norms.l1, norms.l2, norms.max), (7.0, 5.0, 4.0));
/// ```
#[track_caller]
pub fn diff_norms_into<A, D>(
    next: &ArrayRef<A, D>,
    current: &ArrayRef<A, D>,
    out: &mut ArrayRef<A, D>,
) -> DiffNorms<A>
where
    A: Float + 'static,
    D: Dimension,
{
    check::same_shape("diff_norms_into", ("next", next), ("out", out));
    check::same_shape("diff_norms_into", ("current", current), ("out", out));
    tally_all(next.view(), current.view(), Some(out.view_mut()))
}

/// Computes the norms in the memory order of `next`, and writes the differences if there is an output.
fn tally_all<A: Float + 'static, D: Dimension>(
    mut next: ArrayView<'_, A, D>,
    mut current: ArrayView<'_, A, D>,
    mut out: Option<ArrayViewMut<'_, A, D>>,
) -> DiffNorms<A> {
    if next.is_empty() {
        return DiffNorms { l1: A::zero(), l2: A::zero(), max: A::zero() };
    }
    let (first_next, first_current, least) =
        (next.clone(), current.clone(), small_root(next.len()));
    if let Some(out) = &mut out {
        align(&mut [&mut next, &mut current, out]);
    }
    // The states may permit to merge more axes than `out` does; the order stays.
    let along = align(&mut [&mut next, &mut current]);
    let operand_bytes =
        stream::bytes_of(&next) + stream::bytes_of(&current) + next.len() * size_of::<A>();
    let mut differences = Differences {
        next: Flow::new(next.lanes(along)),
        current: Flow::new(current.lanes(along)),
        block: [A::zero(); FOLD_BLOCK],
    };
    let n = next.len();
    let mut norms = match &mut out {
        None => differences.norms(n, &mut |_, _| ()),
        Some(out) => match out.as_slice_mut() {
            Some(out) if stream::pays::<A>(operand_bytes) => Stream::over(out, |out| {
                differences.norms(n, &mut |at, diff| out.copy(at..at + diff.len(), diff))
            }),
            Some(out) => differences.norms(n, &mut |at, diff| {
                out[at..at + diff.len()].copy_from_slice(diff);
            }),
            None => {
                let mut lanes = out.lanes_mut(along).into_iter();
                let mut lane = None;
                differences.norms(n, &mut |_, diff| write_across(&mut lane, &mut lanes, diff))
            }
        },
    };
    let has_size = norms.max > A::zero() && norms.max.is_finite();
    if has_size && !(norms.l2 >= least && norms.l2.is_finite()) {
        norms.l2 = scaled_l2(first_next, first_current, Scale::of_size(norms.max));
    }
    norms
}

/// Writes a block to what is left of `lane`, and to the lanes that follow.
fn write_across<'o, A: Copy + 'o>(
    lane: &mut Option<ArrayViewMut1<'o, A>>,
    lanes: &mut impl Iterator<Item = ArrayViewMut1<'o, A>>,
    mut block: &[A],
) {
    while !block.is_empty() {
        let Some(current) = lane.take().or_else(|| lanes.next()) else { return };
        let (part, rest) = block.split_at(block.len().min(current.len()));
        let (mut filled, left) = current.split_at(Axis(0), part.len());
        match filled.as_slice_mut() {
            Some(filled) => filled.copy_from_slice(part),
            None => filled.iter_mut().zip(part).for_each(|(out, &diff)| *out = diff),
        }
        *lane = (!left.is_empty()).then_some(left);
        block = rest;
    }
}

/// The differences of two states, block by block on the stack.
struct Differences<'a, A, D> {
    next: Flow<'a, A, D>,
    current: Flow<'a, A, D>,
    block: [A; FOLD_BLOCK],
}

impl<A: Float, D: Dimension> Differences<'_, A, D> {
    /// The norms of all `n` differences. Calls `write` with the position of each block and its differences.
    fn norms(&mut self, n: usize, write: &mut dyn FnMut(usize, &[A])) -> DiffNorms<A> {
        let norms = Both(Both(adding_of(A::abs), adding_of(square)), largest_size());
        let leaf: &mut dyn FnMut(usize, usize) -> _ = &mut |at, len| {
            let block = &mut self.block[..len];
            self.next.next(len, &mut |next| {
                self.current.next(len, &mut |current| {
                    let states = next.iter().zip(current);
                    block
                        .iter_mut()
                        .zip(states)
                        .for_each(|(out, (&next, &current))| *out = next - current);
                });
            });
            write(at, block);
            of_block(Slice::of(block), at, &norms)
        };
        let ((l1, squares), max) = tree(0, n, leaf, &norms);
        DiffNorms { l1, l2: squares.sqrt(), max }
    }
}

/// The Euclidean norm of differences whose squares overflow or lose digits.
#[cold]
#[inline(never)]
fn scaled_l2<A: Float, D: Dimension>(
    next: ArrayView<'_, A, D>,
    current: ArrayView<'_, A, D>,
    scale: Scale<A>,
) -> A {
    let square = |next: A, current: A| {
        let size = (next - current) * scale.into;
        size * size
    };
    let squares = fold::of_all_of_two(next, current, &square, &adding());
    squares.map_or_else(A::zero, |squares| squares.sqrt() * scale.back)
}
