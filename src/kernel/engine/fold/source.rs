//! What is reduced, in its one canonical form: a matrix whose columns are the lanes. It is one array, or two that a
//! function joins.
//!
//! A [`Source`] hands out lanes (columns), or groups of rows. Rows that are contiguous are read in place; others are
//! copied to scratch memory first, so that a reduction reads whole vectors. A matrix of few columns can be *cut* into
//! blocks of rows that stand side by side (see [`blocks`](super::blocks)): then row *k* is row *k* of every block, one
//! behind the other.

use std::ops::Range;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, Axis, Zip};

use crate::kernel::engine::fold::line::{Line, Pair};
use crate::kernel::engine::fold::run::{Joined, Repeat, Run, Slice};
use crate::kernel::engine::tuning::LANES;

/// Lanes of equal length, as the columns of a matrix.
pub(crate) trait Source: Copy {
    type Element: Copy;
    type Lane: Line<Element = Self::Element>;
    type Row<'r>: Run<Element = Self::Element>
    where
        Self: 'r;
    /// The elements of the one or two matrices: `()` for a second that does not exist, or is not copied.
    type First: Copy;
    type Second: Copy;
    /// What [`cut`](Self::cut) returns.
    type Cut: Source<Element = Self::Element>;

    /// The number of columns, all blocks counted.
    fn width(&self) -> usize;

    /// The number of rows, of a block if there are several.
    fn rows_of_block(&self) -> usize;

    /// How many columns are best copied together: those of one block, if there are several.
    fn copied_together(&self) -> usize;

    /// An element.
    fn sample(&self) -> Self::Element;

    /// Column number `at`.
    fn lane(&self, at: usize) -> Self::Lane;

    /// Whether `width` columns of a row are read as they lie in memory.
    fn is_read_in_place(&self, width: usize) -> bool;

    /// The first `blocks` blocks of `rows` rows, side by side.
    fn cut(self, blocks: usize, rows: usize) -> Self::Cut;

    /// An element of each matrix.
    fn samples(&self) -> (Self::First, Self::Second);

    /// These columns of `N` rows, from number `row` on. They are copied to `scratch`, which has room for them (for
    /// [`LANES`] columns at least), or read in place if that is empty. Fewer than [`LANES`] columns are always copied, and
    /// filled up with the first.
    fn rows<'r, const N: usize>(
        &'r self,
        row: usize,
        columns: &Range<usize>,
        scratch: (&'r mut [Self::First], &'r mut [Self::Second]),
    ) -> [Self::Row<'r>; N];
}

/// One matrix.
#[derive(Debug)]
pub(crate) struct One<'a, A> {
    matrix: ArrayView2<'a, A>,
    /// How many blocks of rows stand side by side, and how many rows each has.
    blocks: usize,
    rows: usize,
}

impl<A> Clone for One<'_, A> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for One<'_, A> {}

impl<'a, A: Copy> One<'a, A> {
    pub(crate) fn new(matrix: ArrayView2<'a, A>) -> Self {
        One { blocks: 1, rows: matrix.nrows(), matrix }
    }

    /// Many matrices of so many rows and columns, one behind the other in memory, as one with all their columns.
    pub(crate) fn side_by_side(elements: &'a [A], rows: usize, columns: usize) -> Self {
        let shape = (elements.len() / columns, columns);
        let matrix = ArrayView2::from_shape(shape, elements).expect("whole matrices");
        One { blocks: shape.0 / rows, rows, matrix }
    }

    /// `N` rows as slices, in place or copied to `scratch`.
    #[inline(always)]
    fn slices<'r, const N: usize>(
        &'r self,
        row: usize,
        columns: &Range<usize>,
        scratch: &'r mut [A],
    ) -> [Slice<'r, A>; N] {
        if scratch.is_empty() {
            return std::array::from_fn(|k| {
                let row = self.matrix.index_axis(Axis(0), row + k);
                Slice::of(&row.to_slice().expect("rows are contiguous")[columns.clone()])
            });
        }
        let width = columns.len().max(LANES);
        self.copy(row, columns, &mut scratch[..N * width]);
        std::array::from_fn(|k| Slice::of(&scratch[k * width..][..width]))
    }

    /// Copies these columns of as many rows as fit, from number `row` on.
    #[inline(never)]
    fn copy(&self, row: usize, columns: &Range<usize>, copies: &mut [A]) {
        let width = columns.len().max(LANES);
        let (is_slice, repeats) = (self.matrix.to_slice().is_some(), self.matrix.strides()[1] == 0);
        if self.blocks > 1 && !is_slice && !repeats && self.is_whole(columns) {
            self.copy_columns(row, columns, copies);
        } else {
            self.copy_rows(row, columns, copies);
        }
        // The columns that fill up a chunk are folded too. They repeat the first, and so bring in no other value.
        if columns.len() < LANES {
            for copy in copies.chunks_exact_mut(width) {
                let first = copy[0];
                copy[columns.len()..].fill(first);
            }
        }
    }

    /// Whether these are all columns of some blocks.
    fn is_whole(&self, columns: &Range<usize>) -> bool {
        let together = self.matrix.ncols();
        columns.start.is_multiple_of(together) && columns.end.is_multiple_of(together)
    }

    /// Copies row by row.
    fn copy_rows(&self, row: usize, columns: &Range<usize>, copies: &mut [A]) {
        let lanes = self.matrix.reversed_axes().to_slice();
        for (k, copy) in copies.chunks_exact_mut(columns.len().max(LANES)).enumerate() {
            let filled = &mut copy[..columns.len()];
            match (self.blocks, lanes) {
                (1, Some(lanes)) => {
                    let lanes = lanes[columns.start * self.rows..].chunks_exact(self.rows);
                    filled.iter_mut().zip(lanes).for_each(|(copy, lane)| *copy = lane[row + k]);
                }
                (1, None) => copy_line(self.matrix.row(row + k), columns.start, filled),
                _ => self.copy_blocks(row + k, columns, filled),
            }
        }
    }

    /// Copies all columns of some blocks one after the other: a view of a column is made less often than one of each
    /// short row would be.
    fn copy_columns(&self, row: usize, columns: &Range<usize>, copies: &mut [A]) {
        let together = self.matrix.ncols();
        let row = columns.start / together * self.rows + row;
        for (at, column) in self.matrix.columns().into_iter().enumerate() {
            for (k, copy) in copies.chunks_exact_mut(columns.len().max(LANES)).enumerate() {
                let places = copy[..columns.len()][at..].iter_mut().step_by(together);
                places.zip((row + k..).step_by(self.rows)).for_each(|(x, row)| *x = column[row]);
            }
        }
    }

    /// Copies these columns of row number `row`, as it runs through all blocks.
    fn copy_blocks(&self, row: usize, columns: &Range<usize>, copy: &mut [A]) {
        let (whole, start, columns) = (self.is_whole(columns), columns.start, self.matrix.ncols());
        let row = start / columns * self.rows + row;
        match (self.matrix.to_slice().filter(|_| whole), columns) {
            (Some(elements), 2) => self.copy_short_rows::<2>(elements, row, copy),
            (Some(elements), 3) => self.copy_short_rows::<3>(elements, row, copy),
            (Some(elements), 4) => self.copy_short_rows::<4>(elements, row, copy),
            (Some(elements), 5) => self.copy_short_rows::<5>(elements, row, copy),
            (Some(elements), 6) => self.copy_short_rows::<6>(elements, row, copy),
            (Some(elements), 7) => self.copy_short_rows::<7>(elements, row, copy),
            (Some(elements), 8) => self.copy_short_rows::<8>(elements, row, copy),
            _ => {
                let (mut row, mut start, mut copied) = (row, start % columns, 0);
                while copied < copy.len() {
                    let part = (columns - start).min(copy.len() - copied);
                    copy_line(self.matrix.row(row), start, &mut copy[copied..copied + part]);
                    (row, start, copied) = (row + self.rows, 0, copied + part);
                }
            }
        }
    }

    /// Copies rows of `N` elements, a few instructions each.
    #[inline(never)]
    fn copy_short_rows<const N: usize>(&self, elements: &[A], row: usize, copy: &mut [A]) {
        let rows = elements.as_chunks::<N>().0[row..].iter().step_by(self.rows);
        copy.as_chunks_mut::<N>().0.iter_mut().zip(rows).for_each(|(copy, row)| *copy = *row);
    }
}

/// Copies the elements of `line` from number `start` on, as many as fit.
#[inline(always)]
fn copy_line<A: Copy>(line: ArrayView1<'_, A>, start: usize, copy: &mut [A]) {
    match (line.as_slice(), line.strides()) {
        (Some(line), _) => copy.copy_from_slice(&line[start..][..copy.len()]),
        (_, [0]) => copy.fill(line[0]),
        _ => {
            let line = line.slice_axis_move(Axis(0), (start..start + copy.len()).into());
            Zip::from(ArrayViewMut1::from(copy)).and(line).for_each(|copy, &x| *copy = x);
        }
    }
}

impl<'a, A: Copy> Source for One<'a, A> {
    type Element = A;
    type Lane = ArrayView1<'a, A>;
    type Row<'r>
        = Slice<'r, A>
    where
        Self: 'r;
    type First = A;
    type Second = ();
    type Cut = Self;

    #[inline(always)]
    fn width(&self) -> usize {
        self.blocks * self.matrix.ncols()
    }

    #[inline(always)]
    fn rows_of_block(&self) -> usize {
        self.rows
    }

    #[inline(always)]
    fn copied_together(&self) -> usize {
        if self.blocks > 1 { self.matrix.ncols() } else { 1 }
    }

    #[inline(always)]
    fn sample(&self) -> A {
        self.matrix[[0, 0]]
    }

    #[inline(always)]
    fn lane(&self, at: usize) -> ArrayView1<'a, A> {
        self.matrix.index_axis_move(Axis(1), at)
    }

    fn is_read_in_place(&self, width: usize) -> bool {
        self.blocks == 1 && width >= LANES && self.matrix.strides()[1] == 1
    }

    fn cut(self, blocks: usize, rows: usize) -> Self {
        One { blocks, rows, ..self }
    }

    #[inline(always)]
    fn samples(&self) -> (A, ()) {
        (self.matrix[[0, 0]], ())
    }

    #[inline(always)]
    fn rows<'r, const N: usize>(
        &'r self,
        row: usize,
        columns: &Range<usize>,
        (scratch, _): (&'r mut [A], &'r mut [()]),
    ) -> [Slice<'r, A>; N] {
        self.slices(row, columns, scratch)
    }
}

/// Two matrices of equal shape, joined element by element by `f`.
pub(crate) struct Two<'a, 'f, A, B, F> {
    pub(crate) a: One<'a, A>,
    pub(crate) b: One<'a, B>,
    pub(crate) f: &'f F,
}

impl<A, B, F> Clone for Two<'_, '_, A, B, F> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B, F> Copy for Two<'_, '_, A, B, F> {}

impl<'a, 'f, A: Copy, B: Copy, C: Copy, F: Fn(A, B) -> C> Source for Two<'a, 'f, A, B, F> {
    type Element = C;
    type Lane = Pair<'a, 'f, A, B, F>;
    type Row<'r>
        = Joined<'f, Slice<'r, A>, Slice<'r, B>, F>
    where
        Self: 'r;
    type First = A;
    type Second = B;
    type Cut = Self;

    #[inline(always)]
    fn width(&self) -> usize {
        self.a.width()
    }

    #[inline(always)]
    fn rows_of_block(&self) -> usize {
        self.a.rows_of_block()
    }

    #[inline(always)]
    fn copied_together(&self) -> usize {
        self.a.copied_together()
    }

    #[inline(always)]
    fn sample(&self) -> C {
        (self.f)(self.a.sample(), self.b.sample())
    }

    #[inline(always)]
    fn lane(&self, at: usize) -> Self::Lane {
        Pair { a: self.a.lane(at), b: self.b.lane(at), f: self.f }
    }

    fn is_read_in_place(&self, width: usize) -> bool {
        self.a.is_read_in_place(width) && self.b.is_read_in_place(width)
    }

    fn cut(self, blocks: usize, rows: usize) -> Self {
        Two { a: self.a.cut(blocks, rows), b: self.b.cut(blocks, rows), ..self }
    }

    #[inline(always)]
    fn samples(&self) -> (A, B) {
        (self.a.samples().0, self.b.samples().0)
    }

    #[inline(always)]
    fn rows<'r, const N: usize>(
        &'r self,
        row: usize,
        columns: &Range<usize>,
        (a, b): (&'r mut [A], &'r mut [B]),
    ) -> [Self::Row<'r>; N] {
        let (a, b) = (self.a.slices::<N>(row, columns, a), self.b.slices::<N>(row, columns, b));
        std::array::from_fn(|k| Joined { a: a[k], b: b[k], f: self.f })
    }
}

/// [`Two`] matrices, the second of which has the same element throughout each row.
pub(crate) struct PerRow<'a, 'f, A, B, F>(pub(crate) Two<'a, 'f, A, B, F>);

impl<A, B, F> Clone for PerRow<'_, '_, A, B, F> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B, F> Copy for PerRow<'_, '_, A, B, F> {}

impl<'a, 'f, A: Copy, B: Copy, C: Copy, F: Fn(A, B) -> C> Source for PerRow<'a, 'f, A, B, F> {
    type Element = C;
    type Lane = Pair<'a, 'f, A, B, F>;
    type Row<'r>
        = Joined<'f, Slice<'r, A>, Repeat<B>, F>
    where
        Self: 'r;
    type First = A;
    type Second = ();
    type Cut = Two<'a, 'f, A, B, F>;

    #[inline(always)]
    fn width(&self) -> usize {
        self.0.width()
    }

    #[inline(always)]
    fn rows_of_block(&self) -> usize {
        self.0.rows_of_block()
    }

    #[inline(always)]
    fn copied_together(&self) -> usize {
        self.0.copied_together()
    }

    #[inline(always)]
    fn sample(&self) -> C {
        self.0.sample()
    }

    #[inline(always)]
    fn lane(&self, at: usize) -> Self::Lane {
        self.0.lane(at)
    }

    fn is_read_in_place(&self, width: usize) -> bool {
        self.0.a.is_read_in_place(width)
    }

    fn cut(self, blocks: usize, rows: usize) -> Self::Cut {
        self.0.cut(blocks, rows)
    }

    #[inline(always)]
    fn samples(&self) -> (A, ()) {
        self.0.a.samples()
    }

    #[inline(always)]
    fn rows<'r, const N: usize>(
        &'r self,
        row: usize,
        columns: &Range<usize>,
        (scratch, _): (&'r mut [A], &'r mut [()]),
    ) -> [Self::Row<'r>; N] {
        let a = self.0.a.slices::<N>(row, columns, scratch);
        std::array::from_fn(|k| {
            let b = Repeat { element: self.0.b.matrix[[row + k, 0]], len: a[k].len() };
            Joined { a: a[k], b, f: self.0.f }
        })
    }
}
