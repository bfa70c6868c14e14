//! Copying between two memory orders, a square tile at a time.
//!
//! A transposed copy reads along one axis of memory and writes along another. Walked in the order of `out`, each
//! element read touches another cache line, which is gone again before its neighbour is wanted. So the two axes
//! are cut into squares: a square is read by its rows, turned on the stack, and written by its rows, and every
//! cache line on either side is used whole while it is there. The stack in between also makes it harmless that at
//! power-of-two sizes all rows of a square compete for the same few places in the cache.

use std::mem;

use ndarray::{ArrayView, ArrayView1, ArrayViewMut, Axis, Dimension};

/// The side of a square.
const SIDE: usize = 32;

/// The largest elements that a square on the stack is worth its space for (16 KiB then).
const MAX_ELEMENT_BYTES: usize = 16;

/// The axis along which to read, if `a` and `out` run through memory along different axes and squares pay.
///
/// `along` is the axis along which `out` does.
pub(super) fn read_axis<A, D: Dimension>(a: &ArrayView<'_, A, D>, along: Axis) -> Option<Axis> {
    let step = a.stride_of(along).unsigned_abs();
    let wide = |axis: Axis| a.len_of(axis) >= SIDE / 2;
    if mem::size_of::<A>() > MAX_ELEMENT_BYTES || !wide(along) {
        return None;
    }
    let steps = (0..a.ndim()).map(|axis| (a.stride_of(Axis(axis)).unsigned_abs(), Axis(axis)));
    let (narrowest, axis) = steps.filter(|&(step, axis)| step > 0 && wide(axis)).min()?;
    (narrowest < step).then_some(axis)
}

/// `out = a`, where `a` is read along the axis `read` and `out` is written along the axis `write`.
pub(super) fn copy<A: Copy, D: Dimension>(
    a: ArrayView<'_, A, D>,
    out: ArrayViewMut<'_, A, D>,
    read: Axis,
    write: Axis,
) {
    // Any element makes a square of elements to begin with.
    let Some(&first) = a.first() else { return };
    let square = &mut [[first; SIDE]; SIDE];
    copy_planes(a, out, 0, read, write, square);
}

/// Copies plane by plane: each position along the axes from `axis` on, other than the two, is a plane.
fn copy_planes<A: Copy, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, A, D>,
    axis: usize,
    read: Axis,
    write: Axis,
    square: &mut [[A; SIDE]; SIDE],
) {
    let outer = |&axis: &usize| Axis(axis) != read && Axis(axis) != write;
    let Some(axis) = (axis..a.ndim()).filter(outer).find(|&axis| a.len_of(Axis(axis)) > 1) else {
        return copy_plane(a, out, read, write, square);
    };
    for position in 0..a.len_of(Axis(axis)) {
        let (mut a, mut out) = (a.clone(), out.view_mut());
        a.collapse_axis(Axis(axis), position);
        out.collapse_axis(Axis(axis), position);
        copy_planes(a, out, axis + 1, read, write, square);
    }
}

fn copy_plane<A: Copy, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, A, D>,
    read: Axis,
    write: Axis,
    square: &mut [[A; SIDE]; SIDE],
) {
    for rows in blocks(a.len_of(write)) {
        let a = a.slice_axis(write, rows.clone().into());
        let mut out = out.slice_axis_mut(write, rows.into());
        for columns in blocks(a.len_of(read)) {
            let a = a.slice_axis(read, columns.clone().into());
            let mut out = out.slice_axis_mut(read, columns.into());
            for (place, row) in a.lanes(read).into_iter().enumerate() {
                turn_row(row, place, square);
            }
            for (mut out, row) in out.lanes_mut(write).into_iter().zip(&*square) {
                match out.as_slice_mut() {
                    Some(out) => out.copy_from_slice(&row[..out.len()]),
                    None => out.iter_mut().zip(row).for_each(|(out, &a)| *out = a),
                }
            }
        }
    }
}

/// Writes a row as a column of the square.
fn turn_row<A: Copy>(row: ArrayView1<'_, A>, place: usize, square: &mut [[A; SIDE]; SIDE]) {
    match row.to_slice() {
        Some(row) => square.iter_mut().zip(row).for_each(|(column, &a)| column[place] = a),
        None => square.iter_mut().zip(row).for_each(|(column, &a)| column[place] = a),
    }
}

fn blocks(len: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..len).step_by(SIDE).map(move |start| start..(start + SIDE).min(len))
}
