//! Differences of any order along an axis, in one pass over memory.
//!
//! ```text
//! order up to MAX_DIRECT_DIFF_ORDER:  each result from its samples; DIFF_ROWS rows by DIFF_COLUMNS columns at a time
//! higher orders:                      block by block; each order is a pass over a block in L1
//! ```

use std::array;
use std::ops::Sub;

use ndarray::{ArrayRef, ArrayView1, ArrayViewMut1, Axis, Dimension, Slice, Zip};

use crate::kernel::engine::axes::{BehindFirst, align, first_before, lanes_are_narrow, to_front};
use crate::kernel::engine::cpu::stream::{self, Stream};
use crate::kernel::engine::tuning::{DIFF_COLUMNS, DIFF_ROWS, MAX_DIRECT_DIFF_ORDER};
use crate::kernel::engine::{check, copy, map};

/// The highest order of a difference: the last samples have to fit on the stack.
const MAX_DIFF_ORDER: usize = 16;

/// Computes the n-th differences along an axis.
///
/// *d⁰ = a, dᵐ\[k\] = dᵐ⁻¹\[k + 1\] − dᵐ⁻¹\[k\], out = dⁿ*
///
/// `a` has any shape with the axis `axis`, and `out` the same shape, but with n elements less along the axis (none if
/// there are fewer). n is at most 16.
///
/// Each difference is one subtraction, so higher orders are rounded as if first differences were taken n times, but
/// need no array in between; `n` = 0 copies.
///
/// NaN and infinities propagate to the differences they are part of. Differences of lower orders have the type `A` as
/// well: where one of them overflows, the result is infinite or NaN, as in NumPy. Empty arrays are fine. `out` cannot
/// overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, `out` does not have the shape described above, or `n` is above 16; nothing is written
/// then. Integers overflow as with `-`: with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.diff(a, n, axis)`, which has no `out` and makes an array for each order, and ndarray's `a.diff(n,
/// axis)`, which makes several.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::diff_axis_into;
///
/// let a = array![[1, 4, 9, 16], [0, 0, 1, 0]];
/// let mut out = array![[0, 0], [0, 0]];
/// diff_axis_into(&a, Axis(1), 2, &mut out);
/// assert_eq!(out, array![[2, 2], [1, -2]]);
/// ```
#[doc(alias = "diff")]
#[track_caller]
pub fn diff_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, n: usize, out: &mut ArrayRef<A, D>)
where
    A: Copy + Sub<Output = A> + 'static,
    D: Dimension,
{
    check::shortened("diff_axis_into", ("a", a), axis, n, out);
    check::no_more_than("diff_axis_into", ("n", n), MAX_DIFF_ORDER);
    if out.is_empty() {
        return;
    }
    check::arithmetic::<A, _>("diff_axis_into", || match n {
        0 => copy::copy(a.view(), out),
        1 => {
            let samples = |part: Slice| a.slice_axis(axis, part);
            let (earlier, later) = (samples((..-1).into()), samples((1..).into()));
            map::zip_map(later, earlier, out, A::sub);
        }
        2 => few_differences::<2, _, _>(a, axis, out),
        3 => few_differences::<3, _, _>(a, axis, out),
        4 => few_differences::<4, _, _>(a, axis, out),
        MAX_DIRECT_DIFF_ORDER => few_differences::<MAX_DIRECT_DIFF_ORDER, _, _>(a, axis, out),
        _ if size_of::<A>() <= 16 => many_differences::<2048, _, _>(a, axis, n, out),
        _ => many_differences::<256, _, _>(a, axis, n, out),
    });
}

/// Differences of order `N`, at most [`MAX_DIRECT_DIFF_ORDER`], each computed directly from its `N` + 1 samples.
///
/// That takes more subtractions than keeping the differences of lower orders would, but stores nothing except `out`,
/// and stores are the bottleneck of such a loop.
fn few_differences<const N: usize, A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Copy + Sub<Output = A> + 'static,
    D: Dimension,
{
    let operand_bytes = stream::bytes_of(a) + stream::bytes_of(out);
    let (mut a, mut out) = (a.view(), out.view_mut());
    to_front(&mut a, axis);
    to_front(&mut out, axis);
    let along = align(&mut [&mut BehindFirst(&mut out), &mut BehindFirst(&mut a)]);
    if lanes_are_narrow(&out, along) {
        let streams = stream::pays_in_lanes::<A>(operand_bytes, out.len_of(Axis(0)));
        let (out, a) = (out.lanes_mut(Axis(0)), a.lanes(Axis(0)));
        return Zip::from(out).and(a).for_each(|mut out, a| {
            if let (Some(a), Some(out)) = (a.to_slice(), out.as_slice_mut()) {
                let later: [&[A]; N] = array::from_fn(|order| &a[order + 1..]);
                let write = |at: usize, block: &mut [A]| {
                    differences::<N, A>(&a[at..], later.map(|later| &later[at..]), block);
                };
                if streams {
                    Stream::over(out, |out| out.write_all(write));
                } else {
                    write(0, out);
                }
            } else {
                let of = |place| difference::<N, A>(a[place], |order| a[place + order + 1]);
                out.iter_mut().enumerate().for_each(|(place, out)| *out = of(place));
            }
        });
    }
    let len = a.len_of(Axis(0));
    first_before(&mut out, along);
    let across = first_before(&mut a, along);
    let mut out_rows = out.lanes_mut(across).into_iter();
    let (mut rows, mut count) = ([ArrayView1::from(&[]); DIFF_ROWS + MAX_DIRECT_DIFF_ORDER], 0);
    for (at, row) in a.lanes(across).into_iter().enumerate() {
        rows[count] = row;
        count += 1;
        let is_last = at % len == len - 1;
        if count == DIFF_ROWS + N || (is_last && count > N) {
            let results = count - N;
            let out = array::from_fn(|k| if k < results { out_rows.next() } else { None });
            few_rows::<N, A>(&rows, out);
            rows.rotate_left(results);
            count = N;
        }
        if is_last {
            count = 0;
        }
    }
}

/// The rows of results that depend on these samples: each on a sample and the `N` after it.
fn few_rows<const N: usize, A>(
    samples: &[ArrayView1<'_, A>; DIFF_ROWS + MAX_DIRECT_DIFF_ORDER],
    out: [Option<ArrayViewMut1<'_, A>>; DIFF_ROWS],
) where
    A: Copy + Sub<Output = A>,
{
    let slices = samples.map(|row| row.to_slice());
    let out_are_slices = out.iter().flatten().all(|out| out.as_slice().is_some());
    if !out_are_slices || slices.iter().any(Option::is_none) {
        for (number, out) in out.into_iter().flatten().enumerate() {
            for (place, out) in out.into_iter().enumerate() {
                let sample = |order: usize| samples[number + order][place];
                *out = difference::<N, A>(sample(0), |order| sample(order + 1));
            }
        }
        return;
    }
    let samples = slices.map(Option::unwrap_or_default);
    let mut out = out.map(|out| out.and_then(ArrayViewMut1::into_slice).unwrap_or_default());
    for start in (0..samples[0].len()).step_by(DIFF_COLUMNS) {
        let columns = start..samples[0].len().min(start + DIFF_COLUMNS);
        for (number, out) in out.iter_mut().enumerate().filter(|(_, out)| !out.is_empty()) {
            let row = |order: usize| &samples[number + order][columns.clone()];
            let later = array::from_fn(|order| row(order + 1));
            differences::<N, A>(row(0), later, &mut out[columns.clone()]);
        }
    }
}

/// Differences of order `N`. (A function of its own, because of parameters the compiler knows that `out` does not
/// overlap the samples.)
#[inline(never)]
fn differences<const N: usize, A>(first: &[A], later: [&[A]; N], out: &mut [A])
where
    A: Copy + Sub<Output = A>,
{
    let (first, later) = (&first[..out.len()], later.map(|later| &later[..out.len()]));
    for (place, out) in out.iter_mut().enumerate() {
        *out = difference::<N, A>(first[place], |order| later[order][place]);
    }
}

/// The difference of order `N`.
#[inline(always)]
fn difference<const N: usize, A>(first: A, later: impl Fn(usize) -> A) -> A
where
    A: Copy + Sub<Output = A>,
{
    let mut last = first;
    let mut differences: [A; N] = array::from_fn(|order| {
        let difference = later(order) - last;
        last = later(order);
        difference
    });
    for order in 1..N {
        for place in 0..N - order {
            differences[place] = differences[place + 1] - differences[place];
        }
    }
    differences[0]
}

/// Differences of high orders, with room for `LEN` elements.
///
/// Each order is a pass over a block that stays in L1, so that memory is read once and written once.
fn many_differences<const LEN: usize, A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    n: usize,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Sub<Output = A>,
    D: Dimension,
{
    let (mut a, mut out) = (a.view(), out.view_mut());
    to_front(&mut a, axis);
    to_front(&mut out, axis);
    let along = align(&mut [&mut BehindFirst(&mut out), &mut BehindFirst(&mut a)]);
    let mut room = [*a.first().expect("there are samples, as there are differences"); LEN];
    if lanes_are_narrow(&out, along) {
        let (out, a) = (out.lanes_mut(Axis(0)), a.lanes(Axis(0)));
        return Zip::from(out).and(a).for_each(|out, a| differences_of_lane(a, n, out, &mut room));
    }
    let len = a.len_of(Axis(0));
    first_before(&mut out, along);
    let across = first_before(&mut a, along);
    let width = LEN / (n + 1);
    let chunks = a.axis_chunks_iter(across, width).zip(out.axis_chunks_iter_mut(across, width));
    for (a, mut out) in chunks {
        let mut out_rows = out.lanes_mut(across).into_iter();
        for (at, row) in a.lanes(across).into_iter().enumerate() {
            let (current, last) = room.split_at_mut(width);
            let (current, order) = (&mut current[..row.len()], (at % len).min(n));
            gather(row, current);
            let mut last = last.chunks_exact_mut(width);
            for last in last.by_ref().take(order) {
                for (current, last) in current.iter_mut().zip(last) {
                    (*current, *last) = (*current - *last, *current);
                }
            }
            if order < n {
                let last = last.next().expect("there is a row for each order");
                last[..current.len()].copy_from_slice(current);
            } else if let Some(out) = out_rows.next() {
                scatter(current, out);
            }
        }
    }
}

fn differences_of_lane<A>(
    a: ArrayView1<'_, A>,
    n: usize,
    mut out: ArrayViewMut1<'_, A>,
    room: &mut [A],
) where
    A: Copy + Sub<Output = A>,
{
    let most = room.len() - n;
    for (number, out) in out.axis_chunks_iter_mut(Axis(0), most).enumerate() {
        let samples = number * most..number * most + out.len() + n;
        let block = &mut room[..samples.len()];
        gather(a.slice_axis(Axis(0), samples.into()), block);
        for left in (out.len()..block.len()).rev() {
            for place in 0..left {
                block[place] = block[place + 1] - block[place];
            }
        }
        scatter(&block[..out.len()], out);
    }
}

/// `block = a`, both of the same length.
fn gather<A: Copy>(a: ArrayView1<'_, A>, block: &mut [A]) {
    match a.as_slice() {
        Some(a) => block.copy_from_slice(a),
        None => block.iter_mut().zip(a).for_each(|(block, &x)| *block = x),
    }
}

/// `out = block`, both of the same length.
fn scatter<A: Copy>(block: &[A], mut out: ArrayViewMut1<'_, A>) {
    match out.as_slice_mut() {
        Some(out) => out.copy_from_slice(block),
        None => out.iter_mut().zip(block).for_each(|(out, &x)| *out = x),
    }
}
