//! The difference of two states of a loop, and its norms.
//!
//! A convergence test wants the difference, its norms, or both, of arrays that are far larger than the cache. So
//! everything happens in one pass:
//!
//! ```text
//! for each block of 128 elements:
//!     difference on the stack, in L1
//!     add its norms to the totals
//!     write it to `out`
//! ```
//!
//! Blocks are filled across the ends of lanes, and summed [pairwise](crate::kernel::calculus::pairwise): the norms
//! depend on the order of the elements, never on how memory was cut.

use std::ops::{Range, Sub};

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut, ArrayViewMut1, Axis, Dimension, Zip};
use num_traits::Float;

use crate::kernel::calculus::pairwise::{NORM_BLOCK, NORM_LANES, Pairwise};
use crate::kernel::engine::axes::align;
use crate::kernel::engine::cpu::stream::{self, Stream};
use crate::kernel::engine::fold::kinds::combine::{adding, merge_all};
use crate::kernel::engine::fold::second_look::{Scale, small_root};
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
/// whatever the layout. (Pairwise summation with blocks of 128; sequential summation has n ε.) `max` is exact. The same
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

/// Walks all lanes in the memory order of `next`, and writes the differences if there is an output.
fn tally_all<A: Float + 'static, D: Dimension>(
    mut next: ArrayView<'_, A, D>,
    mut current: ArrayView<'_, A, D>,
    mut out: Option<ArrayViewMut<'_, A, D>>,
) -> DiffNorms<A> {
    let mut tally = Tally::new();
    if next.is_empty() {
        return tally.finish(); // an empty array may still have any number of lanes
    }
    let (first_next, first_current, least) =
        (next.clone(), current.clone(), small_root(next.len()));
    let along = match &mut out {
        Some(out) => align(&mut [&mut next, &mut current, out]),
        None => align(&mut [&mut next, &mut current]),
    };
    let operand_bytes =
        stream::bytes_of(&next) + stream::bytes_of(&current) + next.len() * size_of::<A>();
    let len = next.shape().get(along.index()).copied().unwrap_or(1);
    let streams = stream::pays_in_lanes::<A>(operand_bytes, len);
    let mut out_lanes = out.as_mut().map(|out| out.lanes_mut(along).into_iter());
    for (next, current) in next.lanes(along).into_iter().zip(current.lanes(along)) {
        let Some(mut out) = out_lanes.as_mut().and_then(Iterator::next) else {
            tally.add_lane(next, current, |_, _| ());
            continue;
        };
        match out.as_slice_mut() {
            Some(out) if streams => Stream::over(out, |out| {
                tally.add_lane(next, current, |part, diff| out.copy(part, diff));
            }),
            Some(out) => {
                tally.add_lane(next, current, |part, diff| out[part].copy_from_slice(diff));
            }
            None => tally.add_lane(next, current, |part, diff| {
                let mut out = out.slice_axis_mut(Axis(0), part.into());
                out.iter_mut().zip(diff).for_each(|(out, &diff)| *out = diff);
            }),
        }
    }
    let mut norms = tally.finish();
    let has_size = norms.max > A::zero() && norms.max.is_finite();
    if has_size && !(norms.l2 >= least && norms.l2.is_finite()) {
        norms.l2 = scaled_l2(first_next, first_current, Scale::of_size(norms.max));
    }
    norms
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

/// The norms of the differences so far, and the block that is being filled.
struct Tally<A> {
    block: [A; NORM_BLOCK],
    filled: usize,
    l1: Pairwise<A>,
    squares: Pairwise<A>,
    max: [A; NORM_LANES],
}

impl<A: Float + 'static> Tally<A> {
    fn new() -> Self {
        Tally {
            block: [A::zero(); NORM_BLOCK],
            filled: 0,
            l1: Pairwise::new(),
            squares: Pairwise::new(),
            max: [A::zero(); NORM_LANES],
        }
    }

    /// Adds the differences of two lanes, and passes them to `write` with their positions.
    fn add_lane(
        &mut self,
        next: ArrayView1<'_, A>,
        current: ArrayView1<'_, A>,
        mut write: impl FnMut(Range<usize>, &[A]),
    ) {
        let mut start = 0;
        while start < next.len() {
            let len = (NORM_BLOCK - self.filled).min(next.len() - start);
            let diff = &mut self.block[self.filled..self.filled + len];
            subtract(&next, &current, start, diff);
            write(start..start + len, diff);
            self.filled += len;
            start += len;
            if self.filled == NORM_BLOCK {
                self.close_block();
            }
        }
    }

    fn close_block(&mut self) {
        // Pads with zeros to a multiple of the lanes: they change neither a sum of absolute values nor a maximum.
        let filled = self.filled.next_multiple_of(NORM_LANES);
        self.block[self.filled..filled].fill(A::zero());
        let (mut l1, mut squares, mut max) =
            ([A::zero(); NORM_LANES], [A::zero(); NORM_LANES], self.max);
        for diff in self.block[..filled].as_chunks::<NORM_LANES>().0 {
            for lane in 0..NORM_LANES {
                let size = diff[lane].abs();
                l1[lane] = l1[lane] + size;
                squares[lane] = squares[lane] + size * size;
                // A comparison with NaN is false, so NaN is not seen here: `finish` sees it in the sum.
                max[lane] = if size > max[lane] { size } else { max[lane] };
            }
        }
        self.l1.push(merge_all(l1, |a, b| a + b));
        self.squares.push(merge_all(squares, |a, b| a + b));
        self.max = max;
        self.filled = 0;
    }

    fn finish(&mut self) -> DiffNorms<A> {
        if self.filled > 0 {
            self.close_block();
        }
        let (l1, l2) = (self.l1.total(), self.squares.total().sqrt());
        // A sum of absolute values is NaN exactly if one of them is.
        let max = if l1.is_nan() { l1 } else { self.max.into_iter().fold(A::zero(), A::max) };
        DiffNorms { l1, l2, max }
    }
}

/// Fills `diff` with the differences of the elements from number `start` on.
fn subtract<A: Float>(
    next: &ArrayView1<'_, A>,
    current: &ArrayView1<'_, A>,
    start: usize,
    diff: &mut [A],
) {
    let part = start..start + diff.len();
    if let (Some(next), Some(current)) = (next.as_slice(), current.as_slice()) {
        let states = next[part.clone()].iter().zip(&current[part]);
        diff.iter_mut().zip(states).for_each(|(diff, (&next, &current))| *diff = next - current);
    } else {
        Zip::from(ArrayViewMut1::from(diff))
            .and(next.slice_axis(Axis(0), part.clone().into()))
            .and(current.slice_axis(Axis(0), part.into()))
            .for_each(|diff, &next, &current| *diff = next - current);
    }
}
