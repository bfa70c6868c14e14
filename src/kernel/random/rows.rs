//! Shuffling rows along an axis. (All elements: [`elements`](crate::kernel::random::elements).)
//!
//! Which one to use:
//!
//! - **Into another array**, an axis of up to 4096 positions draws its order on the stack and moves every row once; a
//!   longer one is shuffled inside out, which moves every row about twice.
//! - A [`Permutation`](crate::kernel::Permutation) that is kept between iterations and applied by
//!   [`reorder_axis_into`](crate::kernel::reorder_axis_into) moves every row once at any length. Its memory is
//!   allocated once.
//! - **In place**, rows are swapped.
//!
//! All of them draw the same numbers ([`draw`]), so they give the same result from the same seed, and it depends on the
//! length of the axis alone: not on memory order, element type or the other axes.
//!
//! A "row" is everything that shares one position along the axis. Where the axis has the narrowest step in memory
//! (columns of a C-ordered matrix), rows are scattered, and the walk goes lane by lane instead: every lane is permuted
//! alike while it is in the cache.

use std::mem;

use ndarray::{ArrayRef, ArrayViewMut, Axis, RemoveAxis, Zip};
use rand::Rng;

use crate::kernel::engine::copy::rows::{gather, row_len, runs_along};
use crate::kernel::engine::tuning::{ORDER_ON_STACK, SHORT_ORDER};
use crate::kernel::engine::{check, copy};
use crate::kernel::random::draw;

/// Copies `a` with its rows in random order.
///
/// *out\[i, …\] = a\[p\[i\], …\]*, where p is one of the n! orders of n rows, each equally likely
///
/// `a` and `out` have the same shape; rows are taken along axis 0, and their contents stay together. It is
/// [`shuffle_axis_into`] along the first axis, whose page has everything else.
///
/// # Panics
///
/// If `a` has no axes or does not have the shape of `out`; nothing is written or drawn then.
///
/// # Replaces
///
/// NumPy's `rng.permutation(a)`, or `out[:] = a; rng.shuffle(out)`; ndarray's
/// `a.select(Axis(0), &shuffled_indices)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::shuffle_copy_into;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let a = array![[0, 1], [10, 11], [20, 21]];
/// let mut out = Array2::zeros((3, 2));
/// shuffle_copy_into(&a, &mut out, &mut SmallRng::seed_from_u64(1));
///
/// let mut rows: Vec<_> = out.rows().into_iter().collect();
/// rows.sort_by_key(|row| row[0]);
/// assert_eq!(rows, a.rows().into_iter().collect::<Vec<_>>());
/// ```
#[doc(alias = "permutation")]
#[doc(alias = "shuffle")]
#[track_caller]
pub fn shuffle_copy_into<A, D, R>(a: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>, rng: &mut R)
where
    A: Copy + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    check::axis("shuffle_copy_into", Axis(0), ("a", a));
    check::same_shape("shuffle_copy_into", ("a", a), ("out", out));
    shuffle_into_within::<ORDER_ON_STACK, _, _, _>(a, Axis(0), out, rng);
}

/// Copies `a` with its rows along an axis in random order.
///
/// *out\[…, i, …\] = a\[…, p\[i\], …\]*, with i at the place of `axis` and p one of the n! orders of its n
/// positions, each equally likely
///
/// `a` and `out` have the same shape. Up to 4096 positions, each row is written once; beyond, about twice (there
/// [`reorder_axis_into`](crate::kernel::reorder_axis_into) with a [`Permutation`](crate::kernel::Permutation) that is
/// kept between iterations is faster, and gives the same result). The n − 1 draws depend on the length of the axis
/// alone: memory order and element type do not change the result, and
/// [`Permutation::shuffle`](crate::kernel::Permutation::shuffle) and [`shuffle_axis_inplace`] agree with it.
///
/// The orders are equally likely if the words of `rng` are. The call returns with every `rng`: words that would make
/// some orders likelier are rejected, but not forever, so that a test may pass a generator that always returns the same
/// word.
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` has no such axis or does not have the shape of `out`; nothing is written or drawn then.
///
/// # Replaces
///
/// NumPy's `rng.permutation(a, axis)`, which allocates (`rng.permuted(a, axis, out=out)` shuffles each lane by
/// itself, not whole rows); ndarray's `a.select(axis, &shuffled_indices)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::{Permutation, reorder_axis_into, shuffle_axis_into};
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let a = array![[0, 1, 2, 3], [10, 11, 12, 13]];
/// let (mut out, mut same) = (Array2::zeros((2, 4)), Array2::zeros((2, 4)));
/// shuffle_axis_into(&a, Axis(1), &mut out, &mut SmallRng::seed_from_u64(1));
///
/// let mut order = Permutation::identity(4);
/// order.shuffle(&mut SmallRng::seed_from_u64(1));
/// reorder_axis_into(&a, Axis(1), &order, &mut same);
/// assert_eq!(out, same);
/// ```
#[doc(alias = "permutation")]
#[track_caller]
pub fn shuffle_axis_into<A, D, R>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D>,
    rng: &mut R,
) where
    A: Copy + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    check::axis("shuffle_axis_into", axis, ("a", a));
    check::same_shape("shuffle_axis_into", ("a", a), ("out", out));
    shuffle_into_within::<ORDER_ON_STACK, _, _, _>(a, axis, out, rng);
}

/// Shuffles the rows along an axis of `a`, in place.
///
/// *a\[…, i, …\] ← a\[…, p\[i\], …\]*, with i at the place of `axis` and p one of the n! orders of its n
/// positions, each equally likely
///
/// Rows are swapped: each is read and written about twice. [`shuffle_axis_into`] with another array is faster
/// and gives the same result from the same seed.
///
/// NaN is moved like any value. Empty arrays are fine.
///
/// # Panics
///
/// If `a` has no such axis; nothing is drawn then.
///
/// # Replaces
///
/// NumPy's `rng.shuffle(a, axis)`. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::shuffle_axis_inplace;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let mut a = array![[0, 1], [10, 11], [20, 21]];
/// shuffle_axis_inplace(&mut a, Axis(0), &mut SmallRng::seed_from_u64(1));
/// assert_eq!(a.column(0).sum(), 30);
/// assert!(a.rows().into_iter().all(|row| row[1] == row[0] + 1));
/// ```
#[doc(alias = "shuffle")]
#[track_caller]
pub fn shuffle_axis_inplace<A, D, R>(a: &mut ArrayRef<A, D>, axis: Axis, rng: &mut R)
where
    A: Copy + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    check::axis("shuffle_axis_inplace", axis, ("a", a));
    let (by_lanes, row_len) = (runs_along(a, axis), row_len(a, axis));
    draw::in_blocks(a.len_of(axis), rng, |first, others| {
        let swaps = others.iter().enumerate().map(|(k, &other)| (first + k, other));
        let swaps = swaps.filter(|(last, other)| other < last);
        if let (Some(len), Some(a)) = (row_len, a.as_slice_mut()) {
            for (last, other) in swaps {
                let (head, tail) = a.split_at_mut(last * len);
                head[other * len..][..len].swap_with_slice(&mut tail[..len]);
            }
        } else if by_lanes {
            for mut lane in a.lanes_mut(axis) {
                match lane.as_slice_mut() {
                    Some(lane) => swaps.clone().for_each(|(last, other)| lane.swap(last, other)),
                    None => swaps.clone().for_each(|(last, other)| lane.swap(last, other)),
                }
            }
        } else {
            for (last, other) in swaps {
                let (one, two) = two_rows(a, axis, other, last);
                Zip::from(one).and(two).for_each(mem::swap);
            }
        }
    });
}

/// [`shuffle_axis_into`] with a limit that tests can lower, so that both methods see every order.
pub(crate) fn shuffle_into_within<const LIMIT: usize, A, D, R>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D>,
    rng: &mut R,
) where
    A: Copy + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    match a.len_of(axis) {
        len if len <= SHORT_ORDER.min(LIMIT) => {
            gather_shuffled(a, axis, &mut [0; SHORT_ORDER][..len], out, rng);
        }
        len if len <= LIMIT => gather_shuffled(a, axis, &mut [0; LIMIT][..len], out, rng),
        _ => shuffle_inside_out(a, axis, out, rng),
    }
}

/// Draws an order into `order` and takes the rows of `a` in it.
fn gather_shuffled<A, D, R>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    order: &mut [u32],
    out: &mut ArrayRef<A, D>,
    rng: &mut R,
) where
    A: Copy + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    draw::order(order, |index| index as u32, rng);
    gather(a, axis, |position| order[position] as usize, out);
}

/// Appends each row of `a` in turn to the rows in `out`, and swaps it with one of them or itself.
fn shuffle_inside_out<A, D, R>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D>,
    rng: &mut R,
) where
    A: Copy + 'static,
    D: RemoveAxis,
    R: Rng + ?Sized,
{
    let (by_lanes, row_len) = (runs_along(out, axis), row_len(out, axis));
    draw::in_blocks(a.len_of(axis), rng, |first, others| {
        let moves = others.iter().enumerate().map(|(k, &other)| (first + k, other));
        if let (Some(len), Some(out), Some(a)) = (row_len, out.as_slice_mut(), a.as_slice()) {
            for (last, other) in moves {
                out.copy_within(other * len..(other + 1) * len, last * len);
                out[other * len..][..len].copy_from_slice(&a[last * len..][..len]);
            }
        } else if by_lanes {
            for (mut out, a) in out.lanes_mut(axis).into_iter().zip(a.lanes(axis)) {
                for (last, other) in moves.clone() {
                    out[last] = out[other];
                    out[other] = a[last];
                }
            }
        } else {
            for (last, other) in moves {
                if other < last {
                    let (other, mut last) = two_rows(out, axis, other, last);
                    copy::copy(other.view(), &mut last);
                }
                copy::copy(a.index_axis(axis, last), &mut out.index_axis_mut(axis, other));
            }
        }
    });
}

/// Two rows of one array, `low` before `high`.
fn two_rows<A, D: RemoveAxis>(
    array: &mut ArrayRef<A, D>,
    axis: Axis,
    low: usize,
    high: usize,
) -> (ArrayViewMut<'_, A, D::Smaller>, ArrayViewMut<'_, A, D::Smaller>) {
    let (head, tail) = array.view_mut().split_at(axis, high);
    (head.index_axis_move(axis, low), tail.index_axis_move(axis, 0))
}
