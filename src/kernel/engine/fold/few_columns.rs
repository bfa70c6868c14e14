//! Reductions across the rows of arrays with few columns: the rows are cut into a few blocks, which are folded side by
//! side.
//!
//! The overhead of a row, which does not depend on its length, would dominate otherwise. So the array is folded as one
//! of fewer, longer rows:
//!
//! ```text
//! cut the rows into b blocks of equal length
//! for k in 0..rows of a block:
//!     copy row k of every block to the stack, one behind the other: b * columns elements
//!     fold them as one row (module `rows`)
//! merge the states of the blocks in a tree
//! fold the remaining rows by themselves, and merge their states
//! ```
//!
//! Within a block rows stay in the order of memory, so that large numbers that cancel from row to row still do. The
//! number of blocks depends on the shape and on the order of the axes in memory alone, and everything is copied, so
//! results have the same bits for strided and for contiguous memory.

use std::convert::identity;

use ndarray::{ArrayView, ArrayView1, ArrayViewMut1, Axis, RemoveAxis};

use crate::kernel::engine::fold::columns::Columns;
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::finish::{Finish, see_all};
use crate::kernel::engine::fold::rows::{Lines, of_rows};
use crate::kernel::engine::fold::run::{Joined, Slice};
use crate::kernel::engine::tuning::{
    LANES, MAX_TILE_ELEMENT_BYTES, NARROW_CACHED_LEN, NARROW_COLUMNS, NARROW_COLUMNS_FROM_MEMORY,
    NARROW_ROWS,
};

/// The most elements that one row of each block makes together.
const MOST: usize = NARROW_COLUMNS + LANES;

/// Which rows are copied: one row of each block.
#[derive(Clone, Copy)]
struct Place {
    columns: usize,
    blocks: usize,
    /// The number of rows of a block.
    len: usize,
    /// The number of the row within its block.
    row: usize,
}

impl Place {
    fn width(self) -> usize {
        self.blocks * self.columns
    }
}

/// A two-dimensional array, whose elements are found by row and column.
trait Table {
    type Element: Copy;

    fn get(&self, row: usize, column: usize) -> Self::Element;

    /// Copies the row at `place` of each block to `out`, one behind the other.
    #[inline(always)]
    fn copy(&self, place: Place, out: &mut [Self::Element]) {
        for (block, out) in out.chunks_exact_mut(place.columns).enumerate() {
            let row = block * place.len + place.row;
            out.iter_mut().enumerate().for_each(|(column, out)| *out = self.get(row, column));
        }
    }
}

/// A table whose rows are contiguous in memory.
struct Contiguous<'a, A> {
    elements: &'a [A],
    columns: usize,
}

impl<A: Copy> Table for Contiguous<'_, A> {
    type Element = A;

    #[inline(always)]
    fn get(&self, row: usize, column: usize) -> A {
        self.elements[row * self.columns + column]
    }

    #[inline(always)]
    fn copy(&self, place: Place, out: &mut [A]) {
        match place.columns {
            2 => copy_rows::<2, _>(self.elements, place, out),
            3 => copy_rows::<3, _>(self.elements, place, out),
            4 => copy_rows::<4, _>(self.elements, place, out),
            5 => copy_rows::<5, _>(self.elements, place, out),
            6 => copy_rows::<6, _>(self.elements, place, out),
            7 => copy_rows::<7, _>(self.elements, place, out),
            8 => copy_rows::<8, _>(self.elements, place, out),
            columns => {
                for (block, out) in out.chunks_exact_mut(columns).enumerate() {
                    let row = block * place.len + place.row;
                    out.copy_from_slice(&self.elements[row * columns..][..columns]);
                }
            }
        }
    }
}

/// Copies rows of `N` elements, a few instructions each.
#[inline(never)]
fn copy_rows<const N: usize, A: Copy>(elements: &[A], place: Place, out: &mut [A]) {
    let rows = elements.as_chunks::<N>().0[place.row..].iter().step_by(place.len);
    out.as_chunks_mut::<N>().0.iter_mut().zip(rows).for_each(|(out, row)| *out = *row);
}

/// A table of at most [`LANES`] columns, each a view of its own.
struct Apart<'a, A>([ArrayView1<'a, A>; LANES]);

impl<'a, A> Apart<'a, A> {
    /// Takes the next `count` columns.
    fn next(columns: &mut impl Iterator<Item = ArrayView1<'a, A>>, count: usize) -> Self {
        let mut views = [ArrayView1::from(&[][..]); LANES];
        views[..count].iter_mut().zip(columns).for_each(|(view, column)| *view = column);
        Apart(views)
    }
}

impl<A: Copy> Table for Apart<'_, A> {
    type Element = A;

    #[inline(always)]
    fn get(&self, row: usize, column: usize) -> A {
        self.0[column][row]
    }
}

/// A table whose rows consist of one element, repeated.
struct PerRow<'a, A>(ArrayView1<'a, A>);

impl<A: Copy> Table for PerRow<'_, A> {
    type Element = A;

    #[inline(always)]
    fn get(&self, row: usize, _: usize) -> A {
        self.0[row]
    }
}

/// Room for copies of rows: up to [`NARROW_ROWS`] of each block.
struct Copies<E>([[E; MOST]; NARROW_ROWS]);

impl<E: Copy> Copies<E> {
    /// Copies `N` rows of each block, from `at` on.
    #[inline(always)]
    fn of<T: Table<Element = E>, const N: usize>(
        &mut self,
        table: &T,
        at: Place,
    ) -> [Slice<'_, E>; N] {
        for (k, row) in self.0[..N].iter_mut().enumerate() {
            table.copy(Place { row: at.row + k, ..at }, &mut row[..at.width()]);
            // The columns that fill up a chunk are folded too. They repeat the first column, so they bring in no other
            // value.
            if at.width() < LANES {
                let first = row[0];
                row[at.width()..LANES].fill(first);
            }
        }
        std::array::from_fn(|k| Slice::of(&self.0[k][..at.width().max(LANES)]))
    }
}

/// What is folded: one table, or two that a function joins, with room for copies.
trait Source {
    type Element: Copy;

    /// The element in the first row and column.
    fn first(&self) -> Self::Element;

    /// Copies `N` rows of each block, and adds them to the columns.
    fn add<F: Fold<Self::Element>, const N: usize>(
        &mut self,
        place: Place,
        columns: Columns<'_, F, F::Accumulators>,
    );
}

/// One table.
struct One<T: Table> {
    table: T,
    copies: Copies<T::Element>,
}

impl<T: Table> One<T> {
    fn new(table: T) -> Self {
        One { copies: Copies([[table.get(0, 0); MOST]; NARROW_ROWS]), table }
    }
}

impl<T: Table> Source for One<T> {
    type Element = T::Element;

    #[inline(always)]
    fn first(&self) -> T::Element {
        self.table.get(0, 0)
    }

    #[inline(always)]
    fn add<F: Fold<T::Element>, const N: usize>(
        &mut self,
        place: Place,
        columns: Columns<'_, F, F::Accumulators>,
    ) {
        columns.add(&self.copies.of::<_, N>(&self.table, place));
    }
}

/// Two tables, joined by `f`.
struct Two<'f, P: Table, Q: Table, F> {
    a: One<P>,
    b: One<Q>,
    f: &'f F,
}

impl<'f, P: Table, Q: Table, F> Two<'f, P, Q, F> {
    fn new(a: P, b: Q, f: &'f F) -> Self {
        Two { a: One::new(a), b: One::new(b), f }
    }
}

impl<P: Table, Q: Table, C: Copy, G: Fn(P::Element, Q::Element) -> C> Source for Two<'_, P, Q, G> {
    type Element = C;

    #[inline(always)]
    fn first(&self) -> C {
        (self.f)(self.a.first(), self.b.first())
    }

    #[inline(always)]
    fn add<F: Fold<C>, const N: usize>(
        &mut self,
        place: Place,
        columns: Columns<'_, F, F::Accumulators>,
    ) {
        let a = self.a.copies.of::<_, N>(&self.a.table, place);
        let b = self.b.copies.of::<_, N>(&self.b.table, place);
        columns.add(&std::array::from_fn::<_, N, _>(|k| Joined { a: a[k], b: b[k], f: self.f }));
    }
}

/// The shape of an array of few columns, and the number of blocks into which its rows are cut.
#[derive(Clone, Copy)]
pub(crate) struct Narrow {
    rows: usize,
    columns: usize,
    blocks: usize,
}

impl Narrow {
    /// The shape of `rows` rows of `columns` columns, if they are short and enough for several blocks: if at most a few
    /// columns lie `inside` one step from row to row, `columns` of them in a row.
    pub(crate) fn of<A: Copy, F: Fold<A>>(
        rows: usize,
        inside: usize,
        columns: usize,
    ) -> Option<Self> {
        let are_few = inside < LANES && columns <= inside;
        if !are_few || size_of::<A>() > MAX_TILE_ELEMENT_BYTES || !F::IS_ANYWHERE {
            return None;
        }
        let most = if rows * inside > NARROW_CACHED_LEN {
            NARROW_COLUMNS_FROM_MEMORY
        } else {
            NARROW_COLUMNS
        };
        let enough = (rows * inside / 32).clamp(LANES, most);
        let blocks = enough.div_ceil(inside);
        (blocks > 1 && rows >= 2 * blocks).then_some(Narrow { rows, columns, blocks })
    }

    /// The number of elements of the array.
    fn len(self) -> usize {
        self.rows * self.columns
    }

    /// Folds each column, and writes its result to `out`.
    fn fold<S: Source, B, F: Fold<S::Element>>(
        self,
        mut source: S,
        mut out: ArrayViewMut1<'_, B>,
        fold: &F,
        finish: &impl Finish<F::State, B>,
    ) {
        let Narrow { rows, columns, blocks } = self;
        let (any, len) = (source.first(), rows / blocks);
        let mut states = [fold.state(&fold.accumulator(any), 0, 1); MOST];
        let mut of = |blocks, first, rows, states: &mut [F::State]| {
            let mut lines =
                Blocks { source: &mut source, next: Place { columns, blocks, len, row: first } };
            of_rows(&mut lines, first..rows, any, ArrayViewMut1::from(states), fold, &identity);
        };
        of(blocks, 0, len, &mut states[..blocks * columns]);
        for (block, states) in states[..blocks * columns].chunks_exact_mut(columns).enumerate() {
            states.iter_mut().for_each(|state| *state = fold.behind(*state, block * len));
        }
        let mut left = blocks;
        while left > 1 {
            for at in 0..left / 2 * columns {
                let early = at / columns * columns + at;
                states[at] = fold.merge(states[early], states[early + columns]);
            }
            if left % 2 == 1 {
                states.copy_within((left - 1) * columns..left * columns, left / 2 * columns);
            }
            left = left.div_ceil(2);
        }
        if blocks * len < rows {
            let (states, behind) = states.split_at_mut(columns);
            of(1, blocks * len, rows, &mut behind[..columns]);
            let pairs = states.iter_mut().zip(behind);
            pairs.for_each(|(early, late)| *early = fold.merge(*early, *late));
        }
        out.iter_mut().zip(states).for_each(|(out, state)| *out = finish.value(state));
        see_all(finish, &out);
    }
}

/// Folds the lanes across rows, which run along `across`, the last axis.
pub(crate) fn across_rows<'o, A, B, D, F>(
    a: &ArrayView<'_, A, D>,
    across: Axis,
    shape: Narrow,
    outs: impl Iterator<Item = ArrayViewMut1<'o, B>>,
    fold: &F,
    finish: &impl Finish<F::State, B>,
) where
    A: Copy,
    B: 'o,
    D: RemoveAxis,
    F: Fold<A>,
{
    let columns = a.len_of(across);
    if let Some(a) = a.as_slice() {
        for (out, elements) in outs.zip(a.chunks_exact(shape.len())) {
            shape.fold(One::new(Contiguous { elements, columns }), out, fold, finish);
        }
        return;
    }
    let mut lanes = a.lanes(Axis(across.index() - 1)).into_iter();
    for out in outs {
        shape.fold(One::new(Apart::next(&mut lanes, columns)), out, fold, finish);
    }
}

/// [`across_rows`] of *f(a\[i\], b\[i\])*.
pub(crate) fn across_rows_of_two<'o, A, B, C, E, D, F>(
    (a, b): (&ArrayView<'_, A, D>, &ArrayView<'_, B, D>),
    f: &impl Fn(A, B) -> C,
    across: Axis,
    shape: Narrow,
    outs: impl Iterator<Item = ArrayViewMut1<'o, E>>,
    fold: &F,
    finish: &impl Finish<F::State, E>,
) where
    A: Copy,
    B: Copy,
    C: Copy,
    E: 'o,
    D: RemoveAxis,
    F: Fold<C>,
{
    let (columns, reduced) = (a.len_of(across), Axis(across.index() - 1));
    let mut lanes = b.lanes(reduced).into_iter();
    if let Some(a) = a.as_slice() {
        let tables = a.chunks_exact(shape.len()).map(|elements| Contiguous { elements, columns });
        if let Some(b) = b.as_slice() {
            for ((out, a), elements) in outs.zip(tables).zip(b.chunks_exact(shape.len())) {
                shape.fold(Two::new(a, Contiguous { elements, columns }, f), out, fold, finish);
            }
            return;
        }
        if b.stride_of(across) == 0 {
            for (out, a) in outs.zip(tables) {
                let b = PerRow(lanes.next().expect("there is a lane for each column"));
                shape.fold(Two::new(a, b, f), out, fold, finish);
                lanes.by_ref().take(columns - 1).for_each(drop);
            }
            return;
        }
    }
    let mut a_lanes = a.lanes(reduced).into_iter();
    for out in outs {
        let (a, b) = (Apart::next(&mut a_lanes, columns), Apart::next(&mut lanes, columns));
        shape.fold(Two::new(a, b, f), out, fold, finish);
    }
}

/// The rows of all blocks, as the lines of [`of_rows`]: line *k* is row *k* of each block, one behind the other.
struct Blocks<'s, S> {
    source: &'s mut S,
    next: Place,
}

impl<S: Source> Blocks<'_, S> {
    #[inline(always)]
    fn add<F: Fold<S::Element>, const N: usize>(
        &mut self,
        columns: Columns<'_, F, F::Accumulators>,
    ) {
        self.source.add::<F, N>(self.next, columns);
        self.next.row += N;
    }
}

impl<S: Source, F: Fold<S::Element>> Lines<S::Element, F> for Blocks<'_, S> {
    fn add_one(&mut self, columns: Columns<'_, F, F::Accumulators>) {
        self.add::<F, 1>(columns);
    }

    fn add_group(&mut self, columns: Columns<'_, F, F::Accumulators>) {
        match F::READS.group {
            8 => self.add::<F, 8>(columns),
            _ => self.add::<F, 4>(columns),
        }
    }
}
