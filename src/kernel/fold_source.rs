//! Where a reduction's elements come from: short slices of memory, or of the stack where memory has gaps.
//!
//! [`Lane`] and [`Flow`] give blocks, of one lane or across the ends of lanes; [`Rows`] gives the rows that run
//! across lanes. Two inputs are joined by a function into one, block by block.

use ndarray::iter::{Lanes, LanesIter};
use ndarray::{ArrayView1, Axis, Dimension};

use super::fold::GATHERED;

/// Accumulators within a block.
pub(super) const LANES: usize = 16;

/// Elements in a block: short enough to lie on the stack and for the error of adding in a row, long enough to
/// make the rest of the work cheap.
pub(super) const BLOCK: usize = 16 * LANES;

/// One lane, block by block.
pub(super) trait Lane<A> {
    fn len(&self) -> usize;

    /// Shows the `len` elements from number `at` on, at most [`BLOCK`].
    fn with<T>(&self, at: usize, len: usize, see: impl FnOnce(&[A]) -> T) -> T;
}

impl<A: Copy> Lane<A> for ArrayView1<'_, A> {
    #[inline]
    fn len(&self) -> usize {
        self.dim()
    }

    #[inline]
    fn with<T>(&self, at: usize, len: usize, see: impl FnOnce(&[A]) -> T) -> T {
        match self.as_slice() {
            Some(lane) => see(&lane[at..at + len]),
            None => {
                let mut block = [self[at]; BLOCK];
                gather(self, at, &mut block[..len]);
                see(&block[..len])
            }
        }
    }
}

/// Two lanes of equal length, joined by `f`.
pub(super) struct Pair<'a, 'f, A, B, F> {
    pub(super) a: ArrayView1<'a, A>,
    pub(super) b: ArrayView1<'a, B>,
    pub(super) f: &'f F,
}

impl<A: Copy, B: Copy, C: Copy, F: Fn(A, B) -> C> Lane<C> for Pair<'_, '_, A, B, F> {
    #[inline]
    fn len(&self) -> usize {
        self.a.len()
    }

    #[inline]
    fn with<T>(&self, at: usize, len: usize, see: impl FnOnce(&[C]) -> T) -> T {
        self.a.with(at, len, |a| {
            self.b.with(at, len, |b| {
                let mut block = [(self.f)(a[0], b[0]); BLOCK];
                join(a, b, self.f, &mut block[..len]);
                see(&block[..len])
            })
        })
    }
}

/// The elements of many lanes, one after another.
pub(super) struct Flow<'a, A, D> {
    lanes: LanesIter<'a, A, D>,
    lane: Option<ArrayView1<'a, A>>,
    /// How many elements of `lane` have been shown.
    seen: usize,
}

impl<'a, A: Copy, D: Dimension> Flow<'a, A, D> {
    pub(super) fn new(lanes: Lanes<'a, A, D>) -> Self {
        let mut lanes = lanes.into_iter();
        let lane = lanes.next();
        Flow { lanes, lane, seen: 0 }
    }

    /// Shows the next `len` elements, 1 to [`BLOCK`]; so many are left.
    pub(super) fn next<T>(&mut self, len: usize, see: impl FnOnce(&[A]) -> T) -> T {
        let lane = self.current();
        let seen = self.seen;
        if lane.len() - seen >= len {
            self.seen += len;
            return lane.with(seen, len, see);
        }
        let mut block = [lane[seen]; BLOCK];
        let mut filled = 0;
        while filled < len {
            let lane = self.current();
            let part = (len - filled).min(lane.len() - self.seen);
            gather(&lane, self.seen, &mut block[filled..filled + part]);
            filled += part;
            self.seen += part;
        }
        see(&block[..len])
    }

    /// The lane that has the next element.
    fn current(&mut self) -> ArrayView1<'a, A> {
        loop {
            match &self.lane {
                Some(lane) if self.seen < lane.len() => return *lane,
                _ => {
                    self.lane = Some(self.lanes.next().expect("there are elements left"));
                    self.seen = 0;
                }
            }
        }
    }
}

/// Rows of equal length, one after another. Those that are not slices have at most [`GATHERED`] elements.
pub(super) trait Rows<A> {
    /// Shows the next `count` rows, and stays before them.
    fn look(&self, count: usize, see: impl FnMut(&[A]));

    /// Shows the next `count` rows, and moves past them.
    fn take(&mut self, count: usize, see: impl FnMut(&[A]));
}

/// The rows of one array.
pub(super) struct PlainRows<'a, A, D>(pub(super) LanesIter<'a, A, D>);

impl<A: Copy, D: Dimension> Rows<A> for PlainRows<'_, A, D> {
    fn look(&self, count: usize, see: impl FnMut(&[A])) {
        PlainRows(self.0.clone()).take(count, see);
    }

    fn take(&mut self, count: usize, mut see: impl FnMut(&[A])) {
        for row in self.0.by_ref().take(count) {
            with_row(row, &mut see);
        }
    }
}

/// The rows of two arrays of the same shape, joined by `f`.
pub(super) struct PairRows<'a, 'f, A, B, D, F> {
    pub(super) a: LanesIter<'a, A, D>,
    pub(super) b: LanesIter<'a, B, D>,
    pub(super) f: &'f F,
}

impl<A, B, C, D, F> Rows<C> for PairRows<'_, '_, A, B, D, F>
where
    A: Copy,
    B: Copy,
    C: Copy,
    D: Dimension,
    F: Fn(A, B) -> C,
{
    fn look(&self, count: usize, see: impl FnMut(&[C])) {
        PairRows { a: self.a.clone(), b: self.b.clone(), f: self.f }.take(count, see);
    }

    fn take(&mut self, count: usize, mut see: impl FnMut(&[C])) {
        let rows = self.a.by_ref().zip(self.b.by_ref()).take(count);
        for (a, b) in rows {
            with_row(a, |a| {
                with_row(b, |b| {
                    let mut row = [(self.f)(a[0], b[0]); GATHERED];
                    let row = &mut row[..a.len()];
                    join(a, b, self.f, row);
                    see(row);
                });
            });
        }
    }
}

#[inline]
fn with_row<A: Copy, T>(row: ArrayView1<'_, A>, see: impl FnOnce(&[A]) -> T) -> T {
    match row.as_slice() {
        Some(row) => see(row),
        None => {
            let mut block = [row[0]; GATHERED];
            let block = &mut block[..row.len()];
            gather(&row, 0, block);
            see(block)
        }
    }
}

#[inline]
fn join<A: Copy, B: Copy, C>(a: &[A], b: &[B], f: &impl Fn(A, B) -> C, block: &mut [C]) {
    for ((block, &a), &b) in block.iter_mut().zip(a).zip(b) {
        *block = f(a, b);
    }
}

/// Copies the elements from number `at` on.
fn gather<A: Copy>(lane: &ArrayView1<'_, A>, at: usize, block: &mut [A]) {
    match lane.as_slice() {
        Some(lane) => block.copy_from_slice(&lane[at..at + block.len()]),
        None => {
            let part = lane.slice_axis(Axis(0), (at..at + block.len()).into());
            block.iter_mut().zip(part).for_each(|(block, &element)| *block = element);
        }
    }
}
