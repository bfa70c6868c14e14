//! Whether any, or all, of some truth values are true: a search that ends as soon as the answer is known.
//!
//! ```text
//! contiguous memory:  test SEARCH_BLOCK values at a time, without a branch within a block
//! many short lanes:   reduce them side by side
//! across rows:        combine row after row into `out`; after 1, 2, 4, … rows, and every SEARCH_ROWS,
//!                     stop if every lane is decided
//! ```

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut1, Axis, Dimension, RemoveAxis, Zip};

use crate::kernel::engine::axes::{BehindFirst, align, first_before, lanes_are_narrow, to_front};
use crate::kernel::engine::fold::kinds::combine::Combine;
use crate::kernel::engine::tuning::{MAX_JOINED_LANE, MIN_SHORT_LANES, SEARCH_BLOCK, SEARCH_ROWS};
use crate::kernel::engine::{check, fold};

/// Tells whether any element is true.
///
/// *∃i: a\[i\]*
///
/// `a` has any shape. No elements give `false`. The search ends with the block of memory that decides it. For other
/// conditions, compare into a `bool` array first, or use ndarray's `a.iter().any(..)`.
///
/// # Replaces
///
/// NumPy's `np.any(a)` and ndarray's `a.iter().any(|&x| x)`, which goes element by element.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::any;
///
/// assert_eq!(any(&array![[false, true], [true, true]]), true);
/// ```
#[must_use]
#[inline]
pub fn any<D: Dimension>(a: &ArrayRef<bool, D>) -> bool {
    in_all(a.view(), true)
}

/// Tells for each lane whether any element is true.
///
/// *out\[j\] = ∃i: a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// An axis without elements gives `false`. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.any(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::any_axis_into;
///
/// let a = array![[true, false], [true, true], [false, false]];
/// let mut out = array![false, false, false];
/// any_axis_into(&a, Axis(1), &mut out);
/// assert_eq!(out, array![true, true, false]);
/// ```
#[doc(alias = "logical_or.reduce")]
#[track_caller]
pub fn any_axis_into<D>(a: &ArrayRef<bool, D>, axis: Axis, out: &mut ArrayRef<bool, D::Smaller>)
where
    D: RemoveAxis,
{
    check::without_axis("any_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(false);
    }
    along_axis(a.view(), axis, out, true);
}

/// Tells whether all elements are true.
///
/// *∀i: a\[i\]*
///
/// `a` has any shape. No elements give `true`. The search ends with the block of memory that decides it. For other
/// conditions, compare into a `bool` array first, or use ndarray's `a.iter().all(..)`.
///
/// # Replaces
///
/// NumPy's `np.all(a)` and ndarray's `a.iter().all(|&x| x)`, which goes element by element.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::all;
///
/// assert_eq!(all(&array![[false, true], [true, true]]), false);
/// ```
#[must_use]
#[inline]
pub fn all<D: Dimension>(a: &ArrayRef<bool, D>) -> bool {
    !in_all(a.view(), false)
}

/// Tells for each lane whether all elements are true.
///
/// *out\[j\] = ∀i: a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// An axis without elements gives `true`. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.all(a, axis, out=out)`, and in ndarray `a.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::all_axis_into;
///
/// let a = array![[true, false], [true, true], [false, false]];
/// let mut out = array![false, false, false];
/// all_axis_into(&a, Axis(1), &mut out);
/// assert_eq!(out, array![false, true, false]);
/// ```
#[doc(alias = "logical_and.reduce")]
#[track_caller]
pub fn all_axis_into<D>(a: &ArrayRef<bool, D>, axis: Axis, out: &mut ArrayRef<bool, D::Smaller>)
where
    D: RemoveAxis,
{
    check::without_axis("all_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(true);
    }
    along_axis(a.view(), axis, out, false);
}

/// Whether any element is `wanted`.
#[inline]
fn in_all<D: Dimension>(a: ArrayView<'_, bool, D>, wanted: bool) -> bool {
    match a.as_slice_memory_order() {
        Some(elements) => in_slice(elements, wanted),
        None => in_all_lanes(a, wanted),
    }
}

#[inline(never)]
fn in_all_lanes<D: Dimension>(mut a: ArrayView<'_, bool, D>, wanted: bool) -> bool {
    if a.is_empty() {
        return false;
    }
    let along = align(&mut [&mut a]);
    a.lanes(along).into_iter().any(|lane| in_lane(lane, wanted))
}

/// Writes `wanted` for each lane of `a` along `axis` that contains it, and its opposite for the others.
fn along_axis<D: RemoveAxis>(
    mut a: ArrayView<'_, bool, D>,
    axis: Axis,
    out: &mut ArrayRef<bool, D::Smaller>,
    wanted: bool,
) {
    if out.is_empty() {
        return;
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = align(&mut [&mut BehindFirst(&mut a), &mut out]);
    if lanes_are_narrow(&a, along) {
        if (1..=MAX_JOINED_LANE).contains(&a.len_of(Axis(0))) && out.len() >= MIN_SHORT_LANES {
            let found = Combine { lift: |x| x == wanted, combine: |a, b| a | b };
            return fold::along_axis(a, Axis(0), &mut out, &found, |found| found == wanted);
        }
        let lanes = a.lanes(Axis(0));
        Zip::from(&mut out).and(lanes).for_each(|out, lane| {
            *out = in_lane(lane, wanted) == wanted;
        });
        return;
    }
    let len = a.len_of(Axis(0));
    let across = first_before(&mut a, along);
    out.fill(!wanted);
    let mut rows = a.lanes(across).into_iter();
    let mut unread = 0;
    for mut out in out.lanes_mut(along) {
        let mut rows = rows.by_ref().skip(unread);
        unread = len;
        for row in rows.by_ref().take(len) {
            match wanted {
                true => add(row, &mut out, |out, x| out | x),
                false => add(row, &mut out, |out, x| out & x),
            }
            unread -= 1;
            let seen = len - unread;
            let is_time = seen.is_power_of_two() || seen.is_multiple_of(SEARCH_ROWS);
            if is_time && !in_lane(out.view(), !wanted) {
                break;
            }
        }
    }
}

fn add(
    row: ArrayView1<'_, bool>,
    out: &mut ArrayViewMut1<'_, bool>,
    join: impl Fn(bool, bool) -> bool,
) {
    match (row.as_slice(), out.as_slice_mut()) {
        (Some(row), Some(out)) => {
            out.iter_mut().zip(row).for_each(|(out, &x)| *out = join(*out, x));
        }
        _ => out.iter_mut().zip(row).for_each(|(out, &x)| *out = join(*out, x)),
    }
}

#[inline]
fn in_lane(lane: ArrayView1<'_, bool>, wanted: bool) -> bool {
    match lane.as_slice() {
        Some(lane) => in_slice(lane, wanted),
        None => lane.iter().any(|&x| x == wanted),
    }
}

#[inline]
fn in_slice(elements: &[bool], wanted: bool) -> bool {
    let (chunks, rest) = elements.as_chunks::<SEARCH_BLOCK>();
    chunks.iter().any(|chunk| chunk.iter().fold(false, |found, &x| found | (x == wanted)))
        || rest.contains(&wanted)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, s};

    use super::*;

    /// Lanes of some planes are decided after a few rows, those of others late or never.
    #[test]
    fn planes_that_are_decided_early_leave_the_next_ones_whole() {
        let first = |plane: usize, column: usize| [3, 40, 64, 65, 99, 500][plane] + column % 2;
        let rising = Array3::from_shape_fn((6, 100, 40), |(i, k, j)| k >= first(i, j));
        let ending = Array3::from_shape_fn((6, 100, 40), |(i, k, j)| k == first(i, j));
        for wanted in [false, true] {
            for a in [&rising, &ending].map(|a| a.map(|x| *x == wanted)) {
                let turned =
                    a.clone().reversed_axes().as_standard_layout().reversed_axes().to_owned();
                for a in [a.view(), turned.view(), a.slice(s![..;2, ..;-1, 1..;3])] {
                    for axis in [Axis(0), Axis(1), Axis(2)] {
                        let naive = a.map_axis(axis, |lane| lane.iter().any(|&x| x == wanted));
                        let mut out = naive.map(|_| true);
                        along_axis(a, axis, &mut out, wanted);
                        assert_eq!(out.map(|&x| x == wanted), naive, "{axis:?}, {wanted}");
                    }
                    assert_eq!(in_all(a, wanted), a.iter().any(|&x| x == wanted));
                }
            }
        }
    }
}
