//! One step of a loop that shuffles rows and subtracts the old state from the new one, fused into one pass by row.
//!
//! Done by two kernels, the step moves five arrays through memory: the current state is read twice, the next one
//! written and read again, the difference written. Fused, there are at most four: an element is still in a register
//! when its difference is computed. The order in which rows are visited is free:
//!
//! - **In memory order**, as long as the current state stays in the cache: its rows are read twice, from there.
//! - **Along the cycles of the permutation**, if one state alone makes streaming pay, and both outputs have the same
//!   offset within a cache line (as arrays of one pool have, and large ones on the heap). Row i of the next state is
//!   row p\[i\] of the current one, from which row i is subtracted. If row p\[i\] is visited next, the row to subtract
//!   is the one that was just moved: every row of the current state is fetched once, and three arrays go through
//!   memory.
//!
//! Rows of less than 512 bytes are too short for that to pay; the two kernels walk them regardless of where rows end.
//! All ways write the same bits. Times are in `docs/notebook/fused-step.md`.

use std::hint::black_box;
use std::mem;
use std::ops::Sub;

use ndarray::{ArrayRef, Axis, RemoveAxis};
use rand::Rng;

use crate::kernel::engine::copy::rows::row_len;
use crate::kernel::engine::cpu::stream::rows::{FillBoth, lie_alike};
use crate::kernel::engine::cpu::stream::{self, Block, Fill, Stream};
use crate::kernel::engine::map::run::fill_blocks;
use crate::kernel::engine::tuning::{
    MAX_BUFFERED_ELEMENT_BYTES, MIN_FUSED_ROW_BYTES, ORDER_ON_STACK, SHORT_ORDER,
};
use crate::kernel::engine::{check, map};
use crate::kernel::random::draw;
use crate::kernel::random::rows::shuffle_into_within;

/// Marks a row that has been moved. No row has this number: there are at most [`ORDER_ON_STACK`].
const MOVED: u32 = u32::MAX;

/// Copies the current state of a loop with its rows in random order, and subtracts it from the copy.
///
/// *next\[i, …\] = current\[p\[i\], …\]; diff\[i, …\] = next\[i, …\] − current\[i, …\]*, where p is one of the n!
/// orders of n rows, each equally likely
///
/// `current`, `next` and `diff` have the same shape; rows are taken along axis 0. Results and draws are those of
/// [`shuffle_copy_into`](crate::kernel::shuffle_copy_into) followed by [`diff_into`](crate::kernel::diff_into), to the
/// bit. Up to 4096 contiguous rows of 512 bytes or more are processed in one pass over the arrays; otherwise the two
/// kernels are called.
///
/// NaN is moved like any value, and gives NaN in the difference. Empty arrays are fine. The three arrays cannot
/// overlap.
///
/// # Panics
///
/// If `current` has no axes, or `next` or `diff` does not have its shape; nothing is written or drawn then. Integers
/// overflow as with `-`: with a panic where overflow checks are on, which leaves `next` and `diff` partly written.
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
        && rows <= ORDER_ON_STACK
        && len * size_of::<A>() >= MIN_FUSED_ROW_BYTES
        && size_of::<A>() <= MAX_BUFFERED_ELEMENT_BYTES
    {
        let mut by_row = |source: &mut [u32]| {
            draw::order(source, |index| index as u32, rng);
            Way::of(next, diff).go(current, len, source, next, diff);
        };
        return check::arithmetic::<A, _>("shuffle_diff_into", || match rows {
            ..=SHORT_ORDER => by_row(&mut [0; SHORT_ORDER][..rows]),
            _ => by_row(&mut [0; ORDER_ON_STACK][..rows]),
        });
    }
    shuffle_into_within::<ORDER_ON_STACK, _, _, _>(current, Axis(0), next, rng);
    check::arithmetic::<A, _>("shuffle_diff_into", || {
        map::zip_map(next.view(), current.view(), diff, A::sub);
    });
}

/// The order in which rows are visited, and the outputs that are written with streaming stores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    KeepBoth,
    KeepNext,
    AlongCycles,
}

impl Way {
    pub(crate) fn of<A: 'static>(next: &[A], diff: &[A]) -> Self {
        let bytes = size_of_val(next);
        if stream::pays::<A>(bytes) && lie_alike(next, diff) {
            Way::AlongCycles
        } else if stream::pays::<A>(3 * bytes) {
            Way::KeepNext
        } else {
            Way::KeepBoth
        }
    }

    /// Moves row `source[i]`, of `len` elements, to row i of `next`.
    fn go<A>(self, current: &[A], len: usize, source: &mut [u32], next: &mut [A], diff: &mut [A])
    where
        A: Copy + Sub<Output = A> + 'static,
    {
        match self {
            Way::KeepBoth => keep_both(current, len, source, next, diff),
            Way::KeepNext => keep_next(current, len, source, next, diff),
            Way::AlongCycles => along_cycles(current, len, source, next, diff),
        }
    }
}

/// Along cycles; both outputs are streamed, because nothing that is written or read would stay in the cache.
fn along_cycles<A>(current: &[A], len: usize, source: &mut [u32], next: &mut [A], diff: &mut [A])
where
    A: Copy + Sub<Output = A> + 'static,
{
    Stream::over(next, |next| {
        Stream::over(diff, |diff| {
            for start in 0..source.len() {
                let mut row = start;
                while source[row] != MOVED {
                    let from = mem::replace(&mut source[row], MOVED);
                    let part = row * len..(row + 1) * len;
                    let moving = Move::of(current, len, row, from);
                    Stream::write_both([next, diff], part, moving);
                    row = from as usize;
                }
            }
        });
    });
}

/// In memory order; only the difference is streamed. The next state is what the next step reads: it stays in the cache
/// if the difference does not evict it.
fn keep_next<A>(current: &[A], len: usize, source: &[u32], next: &mut [A], diff: &mut [A])
where
    A: Copy + Sub<Output = A> + 'static,
{
    Stream::over(diff, |diff| {
        for (row, next) in next.chunks_exact_mut(len).enumerate() {
            let moving = MoveTo::next(current, len, source, row, next);
            diff.write_in_turn(row * len..(row + 1) * len, moving);
        }
    });
}

fn keep_both<A>(current: &[A], len: usize, source: &[u32], next: &mut [A], diff: &mut [A])
where
    A: Copy + Sub<Output = A> + 'static,
{
    let rows = next.chunks_exact_mut(len).zip(diff.chunks_exact_mut(len));
    for (row, (next, diff)) in rows.enumerate() {
        fill_blocks(diff, MoveTo::next(current, len, source, row, next));
    }
}

/// A row that is moved, and from which the old row is subtracted at the same time.
///
/// One after the other took a fifth longer, and up to half as long again where the processor mispredicted the end of
/// the first loop, because no loads were in flight then.
#[derive(Clone, Copy)]
struct Move<'a, A> {
    moved: &'a [A],
    /// The row that it replaces.
    old: &'a [A],
}

impl<'a, A> Move<'a, A> {
    #[inline(always)]
    fn of(current: &'a [A], len: usize, to: usize, from: u32) -> Self {
        Move { moved: row_of(current, len, from), old: &current[to * len..][..len] }
    }
}

impl<A: Copy + Sub<Output = A>> FillBoth<A> for Move<'_, A> {
    #[inline(always)]
    fn fill(&self, at: usize, next: &mut [A], diff: &mut [A]) {
        let (moved, old) = (&self.moved[at..][..next.len()], &self.old[at..][..next.len()]);
        if let (Ok(&moved), Ok(&old), Ok(next), Ok(diff)) = (
            <&Block<A>>::try_from(moved),
            <&Block<A>>::try_from(old),
            <&mut Block<A>>::try_from(&mut *next),
            <&mut Block<A>>::try_from(&mut *diff),
        ) {
            // Both were loaded as a whole, so the compiler need not consider that `next` or `diff` overlaps them.
            *next = moved;
            *diff = std::array::from_fn(|i| moved[i] - old[i]);
            return;
        }
        for (((next, diff), &moved), &old) in next.iter_mut().zip(diff).zip(moved).zip(old) {
            *next = black_box(moved); // or the compiler calls `memcpy` for a few elements
            *diff = moved - old;
        }
    }
}

/// A [`Move`] together with its row of the next state, so that the difference is the only output to fill.
struct MoveTo<'a, A> {
    moving: Move<'a, A>,
    next: &'a mut [A],
}

impl<'a, A> MoveTo<'a, A> {
    #[inline(always)]
    fn next(current: &'a [A], len: usize, source: &[u32], row: usize, next: &'a mut [A]) -> Self {
        MoveTo { moving: Move::of(current, len, row, source[row]), next }
    }
}

impl<A: Copy + Sub<Output = A>> Fill<A> for MoveTo<'_, A> {
    #[inline(always)]
    fn fill(&mut self, at: usize, diff: &mut [A]) {
        self.moving.fill(at, &mut self.next[at..][..diff.len()], diff);
    }
}

#[inline(always)]
fn row_of<A>(current: &[A], len: usize, row: u32) -> &[A] {
    &current[row as usize * len..][..len]
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::num::Wrapping;

    use super::*;

    const SOURCE: [u32; 6] = [3, 1, 4, 0, 5, 2]; // two cycles, and a row that stays

    /// With rows of all lengths, at all offsets within a cache line, and guards around them.
    fn moves_and_subtracts<A>(ways: &[Way], number: impl Fn(usize) -> A)
    where
        A: Copy + Sub<Output = A> + PartialEq + Debug + 'static,
    {
        let stale = number(1_000_003);
        for len in (1..=40).chain([63, 64, 65, 130, 500]) {
            let current: Vec<A> = (0..SOURCE.len() * len).map(&number).collect();
            let element = |at: usize| current[SOURCE[at / len] as usize * len + at % len];
            for (start, apart) in [(0, 0), (1, 0), (5, 0), (0, 16), (2, 3), (7, 1), (3, 2)] {
                for &way in ways {
                    let mut next = vec![stale; current.len() + 100];
                    let mut diff = next.clone();
                    // The same offset within a cache line for both, wherever the vectors are.
                    let to_line = |run: &[A]| match run.as_ptr().align_offset(64) {
                        usize::MAX => 0, // zero-sized elements
                        elements => elements,
                    };
                    let places = [start + to_line(&next), start + apart + to_line(&diff)];
                    let [of_next, of_diff] = places.map(|start| start..start + current.len());
                    let outs = (&mut next[of_next.clone()], &mut diff[of_diff.clone()]);
                    if way == Way::AlongCycles && !lie_alike(outs.0, outs.1) {
                        continue;
                    }
                    way.go(&current, len, &mut SOURCE.clone(), outs.0, outs.1);
                    for (at, &next) in next.iter().enumerate() {
                        let inside = of_next.contains(&at);
                        let expected = if inside { element(at - of_next.start) } else { stale };
                        assert_eq!(next, expected, "{way:?}, {len}, {start}, {apart}: {at}");
                    }
                    for (at, &diff) in diff.iter().enumerate() {
                        let expected = match at.checked_sub(of_diff.start) {
                            Some(at) if at < current.len() => element(at) - current[at],
                            _ => stale,
                        };
                        assert_eq!(diff, expected, "{way:?}, {len}, {start}, {apart}: {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_way_writes_the_same_and_nothing_else() {
        let all = &[Way::KeepBoth, Way::KeepNext, Way::AlongCycles];
        let all = if cfg!(target_arch = "x86_64") { &all[..] } else { &all[..1] };
        moves_and_subtracts(all, |i| i as f64 * 0.37);
        moves_and_subtracts(all, |i| i as f32);
        moves_and_subtracts(all, |i| i as i64 * 7 % 1001);
        moves_and_subtracts(all, |i| i as i32);
        #[cfg(feature = "complex")]
        moves_and_subtracts(all, |i| num_complex::Complex::new(i as f64, -1.0));
        moves_and_subtracts(&all[..1], |i| Wrapping(i as u8));
        moves_and_subtracts(&all[..1], |i| Wrapping(i as u16));
        moves_and_subtracts(&all[..1], |i| Wrapping(i as u128));
    }

    /// No element of these begins on a line.
    #[cfg(all(feature = "complex", target_arch = "x86_64"))]
    #[test]
    fn complex_numbers_may_lie_between_lines() {
        use num_complex::Complex;

        for len in [1, 15, 16, 17, 40, 300] {
            let number = |i: usize| Complex::new(i as f64, -0.5);
            let current: Vec<_> = (0..SOURCE.len() * len).map(number).collect();
            for way in [Way::KeepBoth, Way::KeepNext, Way::AlongCycles] {
                let mut memory = [(); 2].map(|()| vec![0.0; 2 * current.len() + 9]);
                let [next, diff] = memory.each_mut().map(|memory| {
                    let start = memory.as_ptr().align_offset(64) + 1;
                    let numbers = &mut memory[start..start + 2 * current.len()];
                    bytemuck::cast_slice_mut::<f64, Complex<f64>>(numbers)
                });
                way.go(&current, len, &mut SOURCE.clone(), next, diff);
                for (at, (&next, &diff)) in next.iter().zip(&*diff).enumerate() {
                    let moved = current[SOURCE[at / len] as usize * len + at % len];
                    assert_eq!((next, diff), (moved, moved - current[at]), "{way:?}, {len}: {at}");
                }
            }
        }
    }

    /// On a stack of the default size of threads.
    #[test]
    fn elements_may_be_large() {
        #[derive(Clone, Copy, PartialEq)]
        struct Large([f64; 625]);
        impl Sub for Large {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Large([self.0[0] - other.0[0]; 625])
            }
        }
        use ndarray::Array2;
        use rand::{SeedableRng, rngs::SmallRng};

        let current = Array2::from_shape_fn((3, 4), |(i, _)| Large([i as f64; 625]));
        let (mut next, mut diff) = (current.clone(), current.clone());
        shuffle_diff_into(&current, &mut next, &mut diff, &mut SmallRng::seed_from_u64(1));
        for ((next, diff), current) in next.iter().zip(&diff).zip(&current) {
            assert_eq!(diff.0[624], next.0[0] - current.0[0]);
        }
    }

    #[test]
    fn nothing_is_moved_by_elements_of_no_size() {
        #[derive(Clone, Copy, Debug, PartialEq)]
        struct Nothing;
        impl Sub for Nothing {
            type Output = Self;
            fn sub(self, _: Self) -> Self {
                self
            }
        }
        moves_and_subtracts(&[Way::KeepBoth], |_| Nothing);
    }
}
