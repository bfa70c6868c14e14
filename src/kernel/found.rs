//! Whether a truth value is found somewhere: a search that ends where it is.
//!
//! Runs of memory are looked at a [`CHUNK`] at a time, which is a few vector instructions and one branch. Where lanes
//! run across memory, rows are added to `out` one after another, and after 1, 2, 4, … of them it is looked whether all
//! lanes are decided: each look costs less than the rows since the last one.

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayViewMut1, Axis, Dimension, RemoveAxis, Zip};

use super::drive;
use super::fold;
use super::fold_kinds::Combine;
use super::lane_axes::{BehindFirst, first_before, lanes_are_narrow, to_front};

/// Elements that are looked at together.
const CHUNK: usize = 32;

/// So many lanes of so few elements are looked at side by side.
const MANY: usize = 64;
const SHORT: usize = 4;

/// The most rows that are added before it is looked again whether more are needed.
const PATIENCE: usize = 64;

/// Whether any element is `wanted`.
#[inline]
pub(super) fn in_all<D: Dimension>(a: ArrayView<'_, bool, D>, wanted: bool) -> bool {
    match a.as_slice().or_else(|| a.as_slice_memory_order()) {
        Some(elements) => in_slice(elements, wanted),
        None => in_all_lanes(a, wanted),
    }
}

#[inline(never)]
fn in_all_lanes<D: Dimension>(mut a: ArrayView<'_, bool, D>, wanted: bool) -> bool {
    if a.is_empty() {
        return false; // there may still be any number of empty lanes
    }
    let along = drive::align(&mut [&mut a]);
    a.lanes(along).into_iter().any(|lane| in_lane(lane, wanted))
}

/// Writes `wanted` for each lane of `a` along `axis` that has it, and its opposite for the others.
pub(super) fn along_axis<D: RemoveAxis>(
    mut a: ArrayView<'_, bool, D>,
    axis: Axis,
    out: &mut ArrayRef<bool, D::Smaller>,
    wanted: bool,
) {
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = drive::align(&mut [&mut BehindFirst(&mut a), &mut out]);
    if lanes_are_narrow(&a, along) {
        if (1..=SHORT).contains(&a.len_of(Axis(0))) && out.len() >= MANY {
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
            let is_time = seen.is_power_of_two() || seen.is_multiple_of(PATIENCE);
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
    let (chunks, rest) = elements.as_chunks::<CHUNK>();
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
