//! Copying between two memory orders, a square tile at a time.
//!
//! A transposed copy reads along one axis of memory and writes along another. Walked in the order of `out`, each
//! element read touches another cache line, which in a large array is gone again before its neighbour is wanted.
//! There the two axes are cut into squares: a square is read by its rows, turned on the stack, and written by its
//! rows, and every cache line on either side is used whole while it is there. The stack in between also makes it
//! harmless that at power-of-two sizes all rows of a square compete for the same few places in the cache.

use std::mem;

use ndarray::{ArrayView, ArrayView1, ArrayViewMut, Axis, Dimension};

/// The side of a square.
const SIDE: usize = 32;

/// A walk through `a` that is shorter leaves its cache lines where they are.
const MIN_LEN: usize = 64;

/// A longer walk in steps that are a multiple of this finds all its lines in a few places of the cache.
const CROWDED_BYTES: usize = 1 << 10;

/// A walk that spans as much touches more pages than the processor keeps addresses of (2048 of 4 KiB).
const FAR_BYTES: usize = 8 << 20;

/// The largest elements that a square on the stack is worth its space for (16 KiB then).
const MAX_ELEMENT_BYTES: usize = 16;

/// The axis along which to read, if `a` and `out` run through memory along different axes and squares pay.
///
/// `along` is the axis along which `out` does. Squares pay where a walk along it through `a` is crowded or far.
/// Otherwise the caches hold the lines that such a walk touches until they are wanted again, and a plain loop was
/// up to twice as fast.
pub(super) fn read_axis<A, D: Dimension>(a: &ArrayView<'_, A, D>, along: Axis) -> Option<Axis> {
    let (len, step) = (a.len_of(along), a.stride_of(along).unsigned_abs());
    let step_bytes = step * mem::size_of::<A>();
    let crowded = step_bytes.is_multiple_of(CROWDED_BYTES);
    let far = len * step_bytes > FAR_BYTES;
    if mem::size_of::<A>() > MAX_ELEMENT_BYTES || len < MIN_LEN || step == 0 || !(crowded || far) {
        return None;
    }
    let steps = (0..a.ndim()).map(|axis| (a.stride_of(Axis(axis)).unsigned_abs(), Axis(axis)));
    let wide = |axis: Axis| a.len_of(axis) >= SIDE / 2;
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

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, Slice};

    use super::*;

    /// Whatever `read_axis` thinks of it, along any two axes, forwards, backwards and with gaps.
    #[test]
    fn squares_copy_everything() {
        for shape in [(1, 1, 1), (33, 2, 40), (2, 64, 31), (32, 70, 3)] {
            let mut count = 0_u32;
            let a = Array3::from_shape_simple_fn(shape, || {
                count += 1;
                count
            });
            for (read, write) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
                for step in [1, -1, 2] {
                    let every = Slice::new(0, None, step);
                    let wide = (shape.0 * 2, shape.1 * 2, shape.2 * 2);
                    let mut memory = Array3::from_elem(if step == 2 { wide } else { shape }, 0);
                    let mut out = memory.view_mut();
                    for axis in 0..3 {
                        out.slice_axis_inplace(Axis(axis), every);
                    }
                    copy(a.view(), out.view_mut(), Axis(read), Axis(write));
                    assert_eq!(out, a, "{shape:?} read along {read}, written along {write}");
                    out.fill(0);
                    assert!(memory.iter().all(|&element| element == 0), "a gap was written");
                }
            }
        }
    }

    #[test]
    fn squares_are_for_crowded_and_far_walks() {
        let read_axis_of = |rows, columns| {
            let a = Array2::<f64>::zeros((rows, columns));
            read_axis(&a.t(), Axis(1))
        };
        assert_eq!(read_axis_of(64, 128), Some(Axis(0)));
        assert_eq!(read_axis_of(64, 129), None);
        assert_eq!(read_axis_of(63, 128), None);
        assert_eq!(read_axis_of(1000, 1000), None);
        assert_eq!(read_axis_of(1100, 1001), Some(Axis(0)));
        assert_eq!(read_axis_of(500_000, 3), None, "rows are too short to be cut");
        assert_eq!(read_axis_of(3, 500_000), None, "three lines stay");
        let one_row = Array2::<f64>::zeros((1, 128));
        let repeated = one_row.broadcast((64, 128)).expect("one row broadcasts");
        assert_eq!(read_axis(&repeated.t(), Axis(1)), None);
    }
}
