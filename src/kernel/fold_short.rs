//! Lanes of a few elements: as many of them as fill some vectors are folded side by side.
//!
//! What a lane costs, whatever its length, would be most of the work else. Elements of equal number are collected on
//! the stack as a row, and rows are folded as rows across lanes are, in the same order.

use std::slice::ChunksExact;

use ndarray::ArrayView1;

use super::fold::Fold;
use super::fold_finish::Finish;
use super::fold_rows::each_side;
use super::fold_source::{LANES, Slice};
use super::wide;

/// Lanes of which elements are collected together: long after they were written one by one, vectors of them can be read
/// without waiting.
const BLOCK: usize = 8 * LANES;

/// Results that are looked at together after they were written, which they are while they are in the nearest cache.
const SEEN: usize = 8 * BLOCK;

/// The least lanes that are worth it.
const MANY: usize = 64;

/// Whether lanes of `len` elements are so short, and so many, that they are folded side by side.
pub(super) fn are_short<A>(len: usize, lanes: usize) -> bool {
    const ELEMENT_BYTES: usize = 16; // of which some thousand may be copied to the stack
    len < LANES && lanes >= MANY && size_of::<A>() <= ELEMENT_BYTES
}

/// The most rows of memory across which lanes are folded in the same way. (More of them are read faster if they are
/// asked for ahead.)
const FEW: usize = 8;

/// Whether lanes across `len` rows are folded side by side as short lanes are.
pub(super) fn are_few<A>(len: usize, lanes: usize) -> bool {
    len <= FEW && are_short::<A>(len, lanes)
}

/// Lanes of equal length, one after another in memory, of one array or of two that a function joins.
pub(super) trait Short {
    type Element: Copy;

    /// Some element.
    fn any(&self) -> Self::Element;

    /// Elements number `at` of the lanes from `first_lane` on, perhaps put into `room`, which is as long.
    fn row<'r>(
        &'r self,
        first_lane: usize,
        at: usize,
        room: &'r mut [Self::Element],
    ) -> &'r [Self::Element];
}

/// The lanes of an array.
pub(super) struct OfOne<'a, A> {
    pub(super) elements: &'a [A],
    pub(super) len: usize,
}

impl<A: Copy> Short for OfOne<'_, A> {
    type Element = A;

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [A]) -> &'r [A] {
        room.iter_mut().zip(self.lanes(first_lane)).for_each(|(room, lane)| *room = lane[at]);
        room
    }

    #[inline(always)]
    fn any(&self) -> A {
        self.elements[0]
    }
}

impl<'a, A> OfOne<'a, A> {
    #[inline(always)]
    fn lanes(&self, first_lane: usize) -> ChunksExact<'a, A> {
        self.elements[first_lane * self.len..].chunks_exact(self.len)
    }
}

/// One lane again and again.
pub(super) struct Same<B>([B; LANES]);

impl<B: Copy> Same<B> {
    /// The lane is short.
    pub(super) fn of(lane: ArrayView1<'_, B>) -> Self {
        let mut elements = [lane[0]; LANES];
        elements.iter_mut().zip(lane).for_each(|(element, &b)| *element = b);
        Same(elements)
    }
}

/// Lanes of two arrays, joined by `f`.
pub(super) struct OfTwo<'f, P, Q, F> {
    pub(super) a: P,
    pub(super) b: Q,
    pub(super) f: &'f F,
}

impl<A: Copy, B: Copy, C: Copy, F> Short for OfTwo<'_, OfOne<'_, A>, OfOne<'_, B>, F>
where
    F: Fn(A, B) -> C,
{
    type Element = C;

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [C]) -> &'r [C] {
        let lanes = self.a.lanes(first_lane).zip(self.b.lanes(first_lane));
        room.iter_mut().zip(lanes).for_each(|(room, (a, b))| *room = (self.f)(a[at], b[at]));
        room
    }

    #[inline(always)]
    fn any(&self) -> C {
        (self.f)(self.a.any(), self.b.any())
    }
}

impl<A: Copy, B: Copy, C: Copy, F> Short for OfTwo<'_, OfOne<'_, A>, Same<B>, F>
where
    F: Fn(A, B) -> C,
{
    type Element = C;

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [C]) -> &'r [C] {
        let b = self.b.0[at];
        let lanes = self.a.lanes(first_lane);
        room.iter_mut().zip(lanes).for_each(|(room, a)| *room = (self.f)(a[at], b));
        room
    }

    #[inline(always)]
    fn any(&self) -> C {
        (self.f)(self.a.any(), self.b.0[0])
    }
}

/// Lanes that run across a few rows of memory.
pub(super) struct Across<'a, A>([&'a [A]; FEW]);

impl<'a, A> Across<'a, A> {
    /// The lanes across the next `len` rows, each a run of memory.
    pub(super) fn of(rows: &mut impl Iterator<Item = ArrayView1<'a, A>>, len: usize) -> Self {
        let mut slices = [&[][..]; FEW];
        for (slice, row) in slices[..len].iter_mut().zip(rows) {
            *slice = row.to_slice().expect("rows are runs of memory");
        }
        Across(slices)
    }
}

impl<A: Copy> Short for Across<'_, A> {
    type Element = A;

    #[inline(always)]
    fn row<'r>(&'r self, first_lane: usize, at: usize, room: &'r mut [A]) -> &'r [A] {
        &self.0[at][first_lane..][..room.len()]
    }

    #[inline(always)]
    fn any(&self) -> A {
        self.0[0][0]
    }
}

/// Writes the results of the lanes, of which there are as many as elements of `out`, at least [`LANES`].
pub(super) fn of_lanes<S: Short, B, F: Fold<S::Element>>(
    lanes: S,
    len: usize,
    out: &mut [B],
    fold: &F,
    finish: &impl Finish<F::State, B>,
) {
    let last = out.len() - LANES;
    for first in (0..out.len()).step_by(SEEN) {
        let first = first.min(last); // lanes at the end are folded twice rather than alone
        let most = (first + SEEN).min(out.len());
        let out = &mut out[first..most];
        wide::of_short_lanes(ShortLanes { lanes: &lanes, first, len, fold, finish }, out);
        finish.see(out);
    }
}

/// What is made of short lanes, from number `first` on.
pub(super) struct ShortLanes<'f, S, F, G> {
    lanes: &'f S,
    first: usize,
    len: usize,
    fold: &'f F,
    finish: &'f G,
}

impl<S: Short, F: Fold<S::Element>, G> ShortLanes<'_, S, F, G> {
    /// [`of_lanes`] for the processors that the caller is compiled for.
    #[inline(always)]
    pub(super) fn write_here<const WIDE: bool, B>(&self, out: &mut [B])
    where
        G: Finish<F::State, B>,
    {
        let &ShortLanes { lanes, first, len, fold, finish } = self;
        let any = lanes.any();
        let mut room = [any; BLOCK];
        let mut sides = [fold.side(any); BLOCK / LANES];
        let last = out.len() - LANES;
        for start in (0..out.len()).step_by(BLOCK) {
            let start = start.min(last); // as above
            let out = &mut out[start..];
            let width = out.len().min(BLOCK);
            let out = &mut out[..width];
            let sides = &mut sides[..width.div_ceil(LANES)];
            for at in 0..len {
                let row = lanes.row(first + start, at, &mut room[..width]);
                fold.rows::<WIDE, _, 1>(&[Slice::of(row)], at, sides, at == 0);
            }
            for (side, column) in each_side(sides, width) {
                for (lane, out) in out[column..column + LANES].iter_mut().enumerate() {
                    *out = finish.value(fold.state(side, lane, len));
                }
            }
        }
    }
}
