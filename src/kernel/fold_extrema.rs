//! What is kept of the best elements: their value, and where the first of them stands.
//!
//! One comparison is enough for two numbers, three are needed where one might be NaN. So a block is folded with one,
//! and again with all three if NaN could have got lost, which is seldom.

use super::fold::Fold;
use super::fold_kinds::{Combine, meet};
use super::fold_source::{LANES, Run};

/// Which of two elements is better.
#[derive(Clone, Copy)]
pub(super) struct Better<W> {
    /// Whether the first of two numbers is. (No comparison with NaN holds.)
    pub(super) wins: W,
    /// Whether NaN is worse than all numbers. (Else it is better than all.)
    pub(super) skip_nan: bool,
}

impl<W> Better<W> {
    /// Whether `late` is better than `early`, NaN or not.
    #[inline(always)]
    fn replaces<S: Copy + PartialEq>(&self, late: S, early: S) -> bool
    where
        W: Fn(S, S) -> bool,
    {
        match self.skip_nan {
            true => (self.wins)(late, early) | is_nan(early),
            false => ((self.wins)(late, early) | is_nan(late)) & !is_nan(early),
        }
    }

    #[inline(always)]
    fn best<S: Copy + PartialEq>(&self, early: S, late: S) -> S
    where
        W: Fn(S, S) -> bool,
    {
        if self.replaces(late, early) { late } else { early }
    }
}

/// The best of the values to which elements are lifted.
pub(super) struct Best<L, W> {
    pub(super) lift: L,
    pub(super) better: Better<W>,
}

impl<A, S, L, W> Fold<A> for Best<L, W>
where
    A: Copy,
    S: Copy + PartialEq,
    L: Fn(A) -> S,
    W: Fn(S, S) -> bool,
{
    type State = S;
    type Side = [S; LANES];

    #[inline(always)]
    fn block(&self, elements: impl Run<Element = A>, at: usize) -> S {
        let Best { lift, better } = self;
        let chunks = elements.len() / LANES;
        if chunks == 0 {
            return self.exact_block(elements, at);
        }
        elements.reach(0);
        let chunk = elements.chunk(0);
        let mut values: [S; LANES] = std::array::from_fn(|i| lift(chunk(i)));
        let mut doubt = some_nan(|i| values[i]);
        for k in 1..chunks {
            let chunk = elements.chunk(k * LANES);
            let chunk = |i| lift(chunk(i));
            for i in 0..LANES {
                values[i] = if (better.wins)(chunk(i), values[i]) { chunk(i) } else { values[i] };
            }
            doubt |= !better.skip_nan & some_nan(chunk);
        }
        if doubt {
            return self.exact_block(elements, at);
        }
        let value = meet(values, |early, late| better.best(early, late));
        let rest = chunks * LANES..elements.len();
        rest.fold(value, |value, i| better.best(value, lift(elements.get(i))))
    }

    #[inline(always)]
    fn rows<R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        column: usize,
        at: usize,
        before: Option<&[S; LANES]>,
    ) -> [S; LANES] {
        let Best { lift, better } = self;
        let first = rows[0].chunk(column);
        let (mut values, rest) = match before {
            Some(&values) => (values, &rows[..]),
            None => (std::array::from_fn(|i| lift(first(i))), &rows[1..]),
        };
        let mut doubt = some_nan(|i| values[i]);
        for row in rest {
            let chunk = row.chunk(column);
            let chunk = |i| lift(chunk(i));
            for i in 0..LANES {
                values[i] = if (better.wins)(chunk(i), values[i]) { chunk(i) } else { values[i] };
            }
            doubt |= !better.skip_nan & some_nan(chunk);
        }
        if doubt {
            return self.exact_rows(rows, column, at, before);
        }
        values
    }

    #[inline(always)]
    fn state(&self, side: &[S; LANES], column: usize, _: usize) -> S {
        side[column]
    }

    #[inline(always)]
    fn merge(&self, early: S, late: S) -> S {
        self.better.best(early, late)
    }
}

impl<L, W> Best<L, W> {
    #[inline(never)]
    fn exact_block<A: Copy, S: Copy + PartialEq>(
        &self,
        elements: impl Run<Element = A>,
        at: usize,
    ) -> S
    where
        L: Fn(A) -> S,
        W: Fn(S, S) -> bool,
    {
        let combine = |early, late| self.better.best(early, late);
        Combine { lift: &self.lift, combine }.block(elements, at)
    }

    #[inline(never)]
    fn exact_rows<A: Copy, S: Copy + PartialEq, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        column: usize,
        at: usize,
        before: Option<&[S; LANES]>,
    ) -> [S; LANES]
    where
        L: Fn(A) -> S,
        W: Fn(S, S) -> bool,
    {
        let combine = |early, late| self.better.best(early, late);
        Combine { lift: &self.lift, combine }.rows(rows, column, at, before)
    }
}

/// The first of the best elements, and where it stands.
pub(super) struct First<W> {
    pub(super) better: Better<W>,
}

impl<A: Copy + PartialEq, W: Fn(A, A) -> bool> Fold<A> for First<W> {
    type State = (A, usize);
    type Side = ([A; LANES], [usize; LANES]);

    /// The best value first, then its place.
    #[inline(always)]
    fn block(&self, elements: impl Run<Element = A>, at: usize) -> (A, usize) {
        let better = Better { wins: &self.better.wins, skip_nan: self.better.skip_nan };
        let best = Best { lift: |x| x, better }.block(elements, at);
        let place = match is_nan(best) {
            true => position(elements, is_nan),
            false => position(elements, |x| x == best),
        };
        (best, at + place.expect("the best element is one of them"))
    }

    #[inline(always)]
    fn rows<R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        column: usize,
        at: usize,
        before: Option<&Self::Side>,
    ) -> Self::Side {
        let First { better } = self;
        let fold = |doubt: &mut bool, replaces: &dyn Fn(A, A) -> bool| {
            let first = rows[0].chunk(column);
            let (mut values, mut places, from) = match before {
                Some(&(values, places)) => (values, places, 0),
                None => (std::array::from_fn(first), [at; LANES], 1),
            };
            *doubt |= some_nan(|i| values[i]);
            for (row, at) in rows.iter().zip(at..).skip(from) {
                let chunk = row.chunk(column);
                for i in 0..LANES {
                    let replaces = replaces(chunk(i), values[i]);
                    values[i] = if replaces { chunk(i) } else { values[i] };
                    places[i] = if replaces { at } else { places[i] };
                }
                *doubt |= !better.skip_nan & some_nan(chunk);
            }
            (values, places)
        };
        let mut doubt = false;
        let side = fold(&mut doubt, &better.wins);
        if doubt { fold(&mut doubt, &|late, early| better.replaces(late, early)) } else { side }
    }

    #[inline(always)]
    fn state(&self, side: &Self::Side, column: usize, _: usize) -> (A, usize) {
        (side.0[column], side.1[column])
    }

    #[inline(always)]
    fn merge(&self, early: (A, usize), late: (A, usize)) -> (A, usize) {
        if self.better.replaces(late.0, early.0) { late } else { early }
    }
}

/// Where the first element stands of which `is` holds.
#[inline(always)]
fn position<R: Run>(elements: R, is: impl Fn(R::Element) -> bool) -> Option<usize> {
    for at in (0..elements.len() / LANES).map(|k| k * LANES) {
        let chunk = elements.chunk(at);
        if (0..LANES).fold(false, |found, i| found | is(chunk(i))) {
            return (0..LANES).find(|&i| is(chunk(i))).map(|i| at + i);
        }
    }
    (elements.len() / LANES * LANES..elements.len()).find(|&i| is(elements.get(i)))
}

/// Whether there is NaN in a chunk. (One comparison tells it of two elements.)
#[inline(always)]
fn some_nan<S: Copy + PartialEq>(chunk: impl Fn(usize) -> S) -> bool {
    const HALF: usize = LANES / 2;
    (0..HALF).fold(false, |nan, i| nan | (is_nan(chunk(i)) | is_nan(chunk(i + HALF))))
}

/// Whether a value differs from itself, as only NaN does.
#[inline(always)]
#[expect(
    clippy::eq_op,
    reason = "works for every type, and compiles to one instruction for floats"
)]
pub(super) fn is_nan<A: PartialEq>(x: A) -> bool {
    x != x
}
