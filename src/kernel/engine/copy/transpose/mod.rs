//! Copies between two memory orders, a tile at a time.
//!
//! A transposed copy reads along one axis of memory and writes along another. Walked in the order of `out`, each
//! element read touches another cache line, which in a large array is evicted before its neighbour is wanted. So a few
//! rows of `a` are walked side by side:
//!
//! ```text
//! for each block of TRANSPOSED_COLUMNS columns:
//!     for each group of TRANSPOSED_ROWS rows:
//!         for each column of the block:
//!             write the elements of the group's rows in this column to `out`, where they are contiguous
//! ```
//!
//! Of every cache line, read or written, all elements are used while it is in the cache. Columns are cut into blocks
//! because each column of `out` is in another page, and the TLB holds a limited number of these.
//!
//! An output that would not stay in the cache is [streamed](crate::kernel::engine::cpu::stream) in whole cache lines.
//! The lines of neighbouring rows of `out` begin at different offsets, so they begin at different rows of `a`.
//!
//! A few long rows, such as the colours of a picture, are interleaved in the same way. An output that is not contiguous
//! is written in squares, which are read by rows, transposed on the stack, and written by rows.

mod streamed;

use std::ops::Range;
use std::{array, mem};

use ndarray::{ArrayView, ArrayView1, ArrayViewMut, Axis, Dimension};

use crate::kernel::engine::cpu::prefetch;
use crate::kernel::engine::cpu::stream::Stream;
use crate::kernel::engine::tuning::{
    ALIASED_STEP_BYTES, FAR_WALK_BYTES, FAR_WALK_BYTES_OF_SMALL, MAX_TILE_ELEMENT_BYTES,
    MIN_TRANSPOSED_LEN, TRANSPOSE_AHEAD, TRANSPOSE_SIDE, TRANSPOSED_COLUMNS, TRANSPOSED_ROWS,
};

/// The axis along which to read, if `a` and `out` have different memory orders and tiles pay.
///
/// `along` is the axis along which `out` is contiguous. Tiles pay where a walk along it through `a` is crowded (its
/// cache lines share a few sets) or far (it spans more than L1). Otherwise the caches hold the lines that such a walk
/// touches until they are wanted again, and a plain loop is as fast.
pub(crate) fn read_axis<A, D: Dimension>(a: &ArrayView<'_, A, D>, along: Axis) -> Option<Axis> {
    let (len, step) = (a.len_of(along), a.stride_of(along).unsigned_abs());
    let step_bytes = step * mem::size_of::<A>();
    let crowded = step_bytes.is_multiple_of(ALIASED_STEP_BYTES);
    let far_bytes = if mem::size_of::<A>() < 4 { FAR_WALK_BYTES_OF_SMALL } else { FAR_WALK_BYTES };
    let far = len * step_bytes > far_bytes;
    let few = (2..=TRANSPOSED_ROWS).contains(&len);
    if mem::size_of::<A>() > MAX_TILE_ELEMENT_BYTES || step == 0 {
        return None;
    }
    if !few && (len < MIN_TRANSPOSED_LEN || !(crowded || far)) {
        return None;
    }
    let steps = (0..a.ndim()).map(|axis| (a.stride_of(Axis(axis)).unsigned_abs(), Axis(axis)));
    let wide = |axis: Axis| a.len_of(axis) >= TRANSPOSE_SIDE / 2;
    let (narrowest, axis) = steps.filter(|&(step, axis)| step > 0 && wide(axis)).min()?;
    (narrowest < step && (!few || narrowest == 1)).then_some(axis)
}

/// `out = a`, where `a` is read along the axis `read` and `out` is written along the axis `write`.
///
/// `streams` says whether `out` would not stay in the cache.
pub(crate) fn copy<A: Copy + 'static, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, A, D>,
    read: Axis,
    write: Axis,
    streams: bool,
) {
    // Any element initialises the square.
    let Some(&first) = a.first() else { return };
    if let Some((plane, outer, count)) = Plane::first(&a, &out, read, write)
        && let (Some(a), Some(out)) = (a.as_slice_memory_order(), out.as_slice_memory_order_mut())
    {
        let outer = &outer[..count];
        let part = |start: usize, columns: &Range<usize>| &a[start..][columns.clone()];
        if plane.can_stream(streams, out) {
            return Stream::over(out, |out| {
                plane.each(outer, &mut |plane| {
                    plane.stream(
                        |row, columns| part(plane.a_start + row * plane.a_step, columns),
                        out,
                    );
                });
            });
        }
        return plane.each(outer, &mut |plane| {
            plane.copy(|row, columns| part(plane.a_start + row * plane.a_step, columns), out);
        });
    }
    let square = &mut [[first; TRANSPOSE_SIDE]; TRANSPOSE_SIDE];
    copy_planes(a, out, 0, (read, write), streams, square);
}

/// Where a pair of axes of two arrays lies in memory. Rows of `a` are columns of `out`; both are contiguous.
#[derive(Clone, Copy)]
struct Plane {
    rows: usize,
    columns: usize,
    /// Where the plane begins in `a`, and the step to its next row.
    a_start: usize,
    a_step: usize,
    /// Where the plane begins in `out`, and the step to its next column.
    out_start: usize,
    out_step: usize,
}

/// An axis that is none of a plane's two: its length, and its steps in both arrays.
#[derive(Clone, Copy, Default)]
struct Outer {
    len: usize,
    a_step: usize,
    out_step: usize,
}

/// The number of axes of the largest fixed-size dimension type, less the two of a plane.
const MAX_OUTER: usize = 4;

impl Plane {
    /// The first plane along two axes, and the outer axes along which the other planes follow (as many as the number at
    /// the end). `None` if a row is not contiguous in `a` or a column not in `out`.
    fn first<A, D: Dimension>(
        a: &ArrayView<'_, A, D>,
        out: &ArrayViewMut<'_, A, D>,
        read: Axis,
        write: Axis,
    ) -> Option<(Plane, [Outer; MAX_OUTER], usize)> {
        let (mut outer, mut count) = ([Outer::default(); MAX_OUTER], 0);
        let steps_of = |axis: usize| -> Option<(usize, usize)> {
            let steps = (a.stride_of(Axis(axis)), out.stride_of(Axis(axis)));
            Some((steps.0.try_into().ok()?, steps.1.try_into().ok()?))
        };
        for axis in (0..a.ndim()).filter(|&axis| axis != read.index() && axis != write.index()) {
            let len = a.len_of(Axis(axis));
            if len > 1 {
                let (a_step, out_step) = steps_of(axis)?;
                *outer.get_mut(count)? = Outer { len, a_step, out_step };
                count += 1;
            }
        }
        let ((1, out_step), (a_step, 1)) = (steps_of(read.index())?, steps_of(write.index())?)
        else {
            return None;
        };
        let (rows, columns) = (a.len_of(write), a.len_of(read));
        Some((Plane { rows, columns, a_start: 0, a_step, out_start: 0, out_step }, outer, count))
    }

    /// Whether planes like this one of `out` are streamed, where that pays. (Complex numbers need not be aligned to their
    /// size, and then never begin on a line.)
    fn can_stream<A>(&self, pays: bool, out: &[A]) -> bool {
        let is_aligned = out.as_ptr().addr().is_multiple_of(mem::size_of::<A>());
        pays && self.rows >= MIN_TRANSPOSED_LEN && is_aligned
    }

    /// Calls `copy` for this plane and all others along the outer axes.
    fn each(self, outer: &[Outer], copy: &mut impl FnMut(Plane)) {
        let Some((axis, outer)) = outer.split_first() else { return copy(self) };
        for position in 0..axis.len {
            let mut plane = self;
            plane.a_start += position * axis.a_step;
            plane.out_start += position * axis.out_step;
            plane.each(outer, copy);
        }
    }

    /// Copies all rows to `out`; `part(row, columns)` is a range of one row.
    fn copy<'a, A: Copy + 'a>(self, part: impl Fn(usize, &Range<usize>) -> &'a [A], out: &mut [A]) {
        for columns in blocks(self.columns, TRANSPOSED_COLUMNS) {
            let part = |row| part(row, &columns);
            for row in (0..self.rows).step_by(TRANSPOSED_ROWS) {
                let start = self.out_start + columns.start * self.out_step + row;
                let out = &mut out[start..];
                const { assert!(TRANSPOSED_ROWS == 8, "an arm for each remainder") };
                match self.rows - row {
                    1 => self.copy_rows::<1, _>(|k| part(row + k), out),
                    2 => self.copy_rows::<2, _>(|k| part(row + k), out),
                    3 => self.copy_rows::<3, _>(|k| part(row + k), out),
                    4 => self.copy_rows::<4, _>(|k| part(row + k), out),
                    5 => self.copy_rows::<5, _>(|k| part(row + k), out),
                    6 => self.copy_rows::<6, _>(|k| part(row + k), out),
                    7 => self.copy_rows::<7, _>(|k| part(row + k), out),
                    _ => self.copy_rows::<TRANSPOSED_ROWS, _>(|k| part(row + k), out),
                }
            }
        }
    }

    /// Copies parts of `N` rows side by side.
    #[inline]
    fn copy_rows<'a, const N: usize, A: Copy + 'a>(
        self,
        row: impl Fn(usize) -> &'a [A],
        out: &mut [A],
    ) {
        let rows: [&[A]; N] = array::from_fn(row);
        for column in 0..rows[0].len() {
            if N == TRANSPOSED_ROWS {
                let run = (column + TRANSPOSE_AHEAD) * self.out_step;
                prefetch::line(out.as_ptr().wrapping_add(run + N - 1));
            }
            let elements: [A; N] = array::from_fn(|k| rows[k][column]);
            out[column * self.out_step..][..N].copy_from_slice(&elements);
        }
    }
}

/// Copies plane by plane. Each position along the outer axes, from `axis` on, is a plane.
fn copy_planes<A: Copy + 'static, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, A, D>,
    axis: usize,
    (read, write): (Axis, Axis),
    streams: bool,
    square: &mut [[A; TRANSPOSE_SIDE]; TRANSPOSE_SIDE],
) {
    let outer = |&axis: &usize| Axis(axis) != read && Axis(axis) != write;
    let Some(axis) = (axis..a.ndim()).filter(outer).find(|&axis| a.len_of(Axis(axis)) > 1) else {
        return copy_plane(a, out, (read, write), streams, square);
    };
    for position in 0..a.len_of(Axis(axis)) {
        let (mut a, mut out) = (a.clone(), out.view_mut());
        a.collapse_axis(Axis(axis), position);
        out.collapse_axis(Axis(axis), position);
        copy_planes(a, out, axis + 1, (read, write), streams, square);
    }
}

fn copy_plane<A: Copy + 'static, D: Dimension>(
    a: ArrayView<'_, A, D>,
    mut out: ArrayViewMut<'_, A, D>,
    (read, write): (Axis, Axis),
    streams: bool,
    square: &mut [[A; TRANSPOSE_SIDE]; TRANSPOSE_SIDE],
) {
    if let Some((plane, _, 0)) = Plane::first(&a, &out, read, write)
        && let Some(out) = out.as_slice_memory_order_mut()
    {
        let part = |row, columns: &_| part(&a, (write, row), (read, columns));
        if !plane.can_stream(streams, out) {
            return plane.copy(part, out);
        }
        return Stream::over(out, |out| plane.stream(part, out));
    }
    for rows in blocks(a.len_of(write), TRANSPOSE_SIDE) {
        let a = a.slice_axis(write, rows.clone().into());
        let mut out = out.slice_axis_mut(write, rows.into());
        for columns in blocks(a.len_of(read), TRANSPOSE_SIDE) {
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

/// A range of columns of a row that is contiguous.
fn part<'a, A, D: Dimension>(
    a: &ArrayView<'a, A, D>,
    (write, row): (Axis, usize),
    (read, columns): (Axis, &Range<usize>),
) -> &'a [A] {
    let mut part = a.clone();
    part.slice_axis_inplace(write, (row..row + 1).into());
    part.slice_axis_inplace(read, columns.clone().into());
    part.to_slice_memory_order().expect("a plane is read where it has steps of one element")
}

/// Writes a row as a column of the square.
fn turn_row<A: Copy>(
    row: ArrayView1<'_, A>,
    place: usize,
    square: &mut [[A; TRANSPOSE_SIDE]; TRANSPOSE_SIDE],
) {
    match row.to_slice() {
        Some(row) => square.iter_mut().zip(row).for_each(|(column, &a)| column[place] = a),
        None => square.iter_mut().zip(row).for_each(|(column, &a)| column[place] = a),
    }
}

fn blocks(len: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len).step_by(most).map(move |start| start..(start + most).min(len))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, ArrayView3, ArrayViewMut3, Slice};

    use super::*;
    use crate::kernel::engine::cpu::stream::LINE_BYTES;

    /// Whatever `read_axis` would choose: along any two axes, forwards, backwards and with gaps, streamed and not.
    #[test]
    fn tiles_copy_everything() {
        for shape in [(1, 1, 1), (33, 2, 40), (2, 64, 31), (32, 70, 3), (3, 7, 9)] {
            let mut count = 0_u32;
            let a = Array3::from_shape_simple_fn(shape, || {
                count += 1;
                count
            });
            for (read, write) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
                for (step, streams) in [(1, false), (1, true), (-1, false), (2, true)] {
                    let every = Slice::new(0, None, step);
                    let wide = (shape.0 * 2, shape.1 * 2, shape.2 * 2);
                    let mut memory = Array3::from_elem(if step == 2 { wide } else { shape }, 0);
                    let mut out = memory.view_mut();
                    for axis in 0..3 {
                        out.slice_axis_inplace(Axis(axis), every);
                    }
                    copy(a.view(), out.view_mut(), Axis(read), Axis(write), streams);
                    assert_eq!(out, a, "{shape:?} read along {read}, written along {write}");
                    out.fill(0);
                    assert!(memory.iter().all(|&element| element == 0), "a gap was written");
                }
            }
        }
    }

    /// Planes of contiguous arrays, at every offset within a cache line, plain and streamed, for every size of elements
    /// that streams.
    #[test]
    fn planes_are_copied_at_every_place_on_a_line() {
        fn at_every_place<A: Copy + Default + PartialEq + std::fmt::Debug + 'static>(
            number: impl Fn(usize) -> A,
        ) {
            for (rows, columns) in [(1, 1), (7, 5), (8, 8), (17, 3), (40, 1030), (70, 19)] {
                let len = 2 * rows * columns;
                let a: Vec<A> = (0..len).map(&number).collect();
                let a = ArrayView3::from_shape((2, rows, columns), &a).expect("as many");
                let turned = a.permuted_axes([0, 2, 1]);
                for start in 0..LINE_BYTES / mem::size_of::<A>() {
                    for streams in [false, true] {
                        let mut memory = vec![A::default(); start + len + 1];
                        let out = &mut memory[start..start + len];
                        let out = ArrayViewMut3::from_shape((2, columns, rows), out);
                        let mut out = out.expect("as many");
                        copy(turned, out.view_mut(), Axis(1), Axis(2), streams);
                        assert_eq!(out, turned, "{rows} {columns} {start} {streams}");
                        assert!(memory[..start].iter().all(|&a| a == A::default()));
                        assert_eq!(memory[start + len], A::default());
                    }
                }
            }
        }
        at_every_place(|i| i as f64 + 1.0);
        at_every_place(|i| i as f32 + 1.0);
        at_every_place(|i| i as i32 + 1);
        #[cfg(feature = "complex")]
        at_every_place(|i| num_complex::Complex::new(i as f64 + 1.0, -1.0));
    }

    #[test]
    fn tiles_are_for_crowded_and_far_walks() {
        let read_axis_of = |rows, columns| {
            let a = Array2::<f64>::zeros((rows, columns));
            read_axis(&a.t(), Axis(1))
        };
        assert_eq!(read_axis_of(64, 128), Some(Axis(0)));
        assert_eq!(read_axis_of(64, 129), None);
        assert_eq!(read_axis_of(63, 128), None);
        assert_eq!(read_axis_of(181, 181), None);
        assert_eq!(read_axis_of(182, 182), Some(Axis(0)));
        let bytes = Array2::<u8>::zeros((1000, 1000));
        assert_eq!(read_axis(&bytes.t(), Axis(1)), None);
        assert_eq!(read_axis_of(500_000, 3), None, "rows are too short to be cut");
        assert_eq!(read_axis_of(3, 500_000), Some(Axis(0)), "three rows are woven");
        assert_eq!(read_axis_of(9, 500_000), None, "nine lines stay");
        let one_row = Array2::<f64>::zeros((1, 128));
        let repeated = one_row.broadcast((64, 128)).expect("one row broadcasts");
        assert_eq!(read_axis(&repeated.t(), Axis(1)), None);
    }
}
