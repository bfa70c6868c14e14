//! One step of a loop that shuffles rows and looks at what changed, in one pass by row.
//!
//! Done by two kernels, the step moves six arrays through memory: the current state is read twice, the next one written
//! and read again, the difference written. Row by row there are four: a row that has been moved is in the nearest cache
//! when its difference is taken, and in which order rows are visited is free:
//!
//! - **As they lie**, if the current and the next state stay in the cache: rows of either are read twice, from there.
//! - **Along the cycles of the permutation**, if one state alone fills the cache. Row i of the next state is row p\[i\] of the current one, from
//!   which row i is subtracted. Going on with row p\[i\] finds there, as the one to subtract, the row that was just
//!   moved: every row of the current state is fetched once, and three arrays go through memory.
//!
//! In between, the two kernels are faster: to scatter rows is worth more there than to read them once. All ways write the
//! same bits. Times are in `docs/performance.md`.

use std::mem;
use std::ops::Sub;

use ndarray::{ArrayRef, Axis, RemoveAxis};
use rand::Rng;

use super::gather::{copy_row, row_len};
use super::permutation::draw_order;
use super::runs::{Route, Zipped, write_run};
use super::shuffle::{SHORT_LEN, STACK_LEN, shuffle_into_within};
use super::stream::{self, Stream};
use super::{check, drive, scatter, wide};

/// Marks a row that has been moved. No row has this number: there are at most [`STACK_LEN`].
const MOVED: u32 = u32::MAX;

/// Copies the current state of a loop with its rows in random order, and subtracts it from the copy.
///
/// *next\[i, …\] = current\[p\[i\], …\]; diff\[i, …\] = next\[i, …\] − current\[i, …\]*, where p is one of the n!
/// orders of n rows, each equally likely
///
/// `current`, `next` and `diff` have the same shape; rows are taken along axis 0. Results and draws are those of
/// [`shuffle_copy_into`](super::shuffle_copy_into) followed by [`diff_into`](super::diff_into), to the bit. Up to 4096 rows
/// that follow each other in memory are done in one pass over the arrays where that is faster; else the two kernels are called.
///
/// NaN is moved like any value, and gives NaN in the difference. Empty arrays are fine. None of the three can overlap.
///
/// # Panics
///
/// If `current` has no axes, or `next` or `diff` does not have its shape; nothing is written or drawn then. Integers
/// overflow as `-` does: with a panic where overflow checks are on, which leaves `next` and `diff` partly written.
///
/// # Replaces
///
/// NumPy's `next = rng.permutation(current); diff = next - current`; in ndarray `current.select(Axis(0), &indices)` and
/// `&next - &current`. Both allocate two arrays.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::shuffle_diff_into;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let current = array![[0, 1], [10, 11], [20, 21]];
/// let (mut next, mut diff) = (Array2::zeros((3, 2)), Array2::zeros((3, 2)));
/// shuffle_diff_into(&current, &mut next, &mut diff, &mut SmallRng::seed_from_u64(1));
/// assert_eq!(next, &current + &diff);
/// assert_eq!(diff.column(0), diff.column(1)); // rows stay together
/// ```
#[doc(alias = "permutation")]
#[doc(alias = "subtract")]
#[track_caller]
pub fn shuffle_diff_into<A, D, R>(
    current: &ArrayRef<A, D>,
    next: &mut ArrayRef<A, D>,
    diff: &mut ArrayRef<A, D>,
    rng: &mut R,
) where
    A: Copy + Sub<Output = A> + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    check::axis("shuffle_diff_into", Axis(0), ("current", current));
    check::same_shape("shuffle_diff_into", ("next", next), ("current", current));
    check::same_shape("shuffle_diff_into", ("diff", diff), ("current", current));
    let rows = current.len_of(Axis(0));
    if let (Some(len), Some(current), Some(next), Some(diff)) =
        (row_len(current, Axis(0)), current.as_slice(), next.as_slice_mut(), diff.as_slice_mut())
        && let Some(way) = Way::of(rows, current)
    {
        let mut by_row = |source: &mut [u32]| {
            draw_order(source, |index| index as u32, rng);
            match way {
                Way::KeepBoth => keep_both(current, len, source, next, diff),
                Way::KeepNext => keep_next(current, len, source, next, diff),
                Way::AlongCycles => along_cycles(current, len, source, next, diff),
            }
        };
        return match rows {
            ..=SHORT_LEN => by_row(&mut [0; SHORT_LEN][..rows]),
            _ => by_row(&mut [0; STACK_LEN][..rows]),
        };
    }
    shuffle_into_within::<STACK_LEN, _, _, _>(current, Axis(0), next, rng);
    drive::zip_map(next.view(), current.view(), diff, |next, current| next - current);
}

/// In which order rows are visited, and what is written past the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    KeepBoth,
    KeepNext,
    AlongCycles,
}

impl Way {
    /// `None` if the two kernels are the better way.
    pub(super) fn of<A: 'static>(rows: usize, current: &[A]) -> Option<Self> {
        let bytes = mem::size_of_val(current);
        if rows > STACK_LEN {
            None
        } else if stream::pays::<A>(bytes / 8 * 5) {
            Some(Way::AlongCycles) // it fills the cache, of which five eighths make streaming pay
        } else if scatter::pays(current) {
            None
        } else if stream::pays::<A>(3 * bytes) {
            Some(Way::KeepNext)
        } else {
            Some(Way::KeepBoth)
        }
    }
}

/// Nothing of what is written would stay in the cache, nor what is read.
fn along_cycles<A>(current: &[A], len: usize, source: &mut [u32], next: &mut [A], diff: &mut [A])
where
    A: Copy + Sub<Output = A> + 'static,
{
    let (mut next, mut diff) = (Stream::over(next), Stream::over(diff));
    for start in 0..source.len() {
        let mut row = start;
        while source[row] != MOVED {
            let from = mem::replace(&mut source[row], MOVED) as usize;
            let (moved, old) = (&current[from * len..][..len], &current[row * len..][..len]);
            next.copy(row * len..(row + 1) * len, moved);
            wide::stream_difference(&mut diff, row * len, moved, old);
            row = from;
        }
    }
}

/// The next state is what the next step reads, and stays in the cache if the difference does not push it out.
fn keep_next<A>(current: &[A], len: usize, source: &[u32], next: &mut [A], diff: &mut [A])
where
    A: Copy + Sub<Output = A> + 'static,
{
    let mut diff = Stream::over(diff);
    let states = next.chunks_exact_mut(len).zip(current.chunks_exact(len)).zip(source);
    for (row, ((next, old), &from)) in states.enumerate() {
        let moved = row_of(current, from, len);
        copy_row(moved, next, || row_of(current, after(row, source), len));
        wide::stream_difference(&mut diff, row * len, moved, old);
    }
}

fn keep_both<A>(current: &[A], len: usize, source: &[u32], next: &mut [A], diff: &mut [A])
where
    A: Copy + Sub<Output = A> + 'static,
{
    let states = next.chunks_exact_mut(len).zip(current.chunks_exact(len)).zip(source);
    for (row, (((next, old), &from), diff)) in states.zip(diff.chunks_exact_mut(len)).enumerate() {
        let moved = row_of(current, from, len);
        copy_row(moved, next, || row_of(current, after(row, source), len));
        write_run(Zipped { a: moved, b: old, f: Sub::sub }, diff, Route::Near);
    }
}

#[inline(always)]
fn row_of<A>(current: &[A], row: u32, len: usize) -> &[A] {
    &current[row as usize * len..][..len]
}

/// Which row is moved after `row` is filled; any, after the last.
fn after(row: usize, source: &[u32]) -> u32 {
    source.get(row + 1).copied().unwrap_or_default()
}
