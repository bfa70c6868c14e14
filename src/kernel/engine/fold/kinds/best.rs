//! Minima and maxima: the best element, and the position of the first of the best.
//!
//! One comparison suffices for two numbers, but three are needed where one might be NaN. So elements are folded with
//! one, and again with all three if NaN could have been lost, which is rare.

use std::convert::identity;

use num_traits::Float;

use crate::kernel::engine::cpu::dispatch::{Baseline, Simd};
use crate::kernel::engine::fold::contract::{Fold, Reads, each_accumulator};
use crate::kernel::engine::fold::kinds::combine::{Combine, merge_all};
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::number::order::{greater, is_nan, less};
use crate::kernel::engine::tuning::LANES;

/// Which of two elements is better.
///
/// With `SKIP_NAN`, NaN is worse than all numbers; otherwise it is better than all.
#[derive(Clone, Copy)]
pub(crate) struct Better<W, const SKIP_NAN: bool> {
    /// Whether the first of two numbers is better. (No comparison with NaN holds.)
    pub(crate) wins: W,
}

impl<W, const SKIP_NAN: bool> Better<W, SKIP_NAN> {
    /// Whether `late` is better than `early`, NaN or not.
    #[inline(always)]
    fn replaces<S: Copy + PartialEq>(&self, late: S, early: S) -> bool
    where
        W: Fn(S, S) -> bool,
    {
        match SKIP_NAN {
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

    /// [`best`](Self::best) with one comparison, for numbers. NaN is lost if it is late, and stays if it is early.
    #[inline(always)]
    fn of_numbers<S: Copy>(&self) -> impl Fn(S, S) -> S
    where
        W: Fn(S, S) -> bool,
    {
        |early, late| if (self.wins)(late, early) { late } else { early }
    }

    /// The best of `starts` and the chunks below it, column by column, and whether NaN could have been lost. If the
    /// columns are `fresh`, they start with the first chunk instead of `starts`.
    #[inline(always)]
    fn best_numbers<S: Copy + PartialEq, const N: usize>(
        &self,
        chunks: &[impl Fn(usize) -> S; N],
        starts: &[S; LANES],
        fresh: bool,
        lift: impl Fn(S) -> S,
    ) -> ([S; LANES], bool)
    where
        W: Fn(S, S) -> bool,
    {
        let (mut bests, mut doubt) = (*starts, false);
        for (i, best) in bests.iter_mut().enumerate() {
            let elements = chunks.each_ref().map(|chunk| lift(chunk(i)));
            let start = if fresh { elements[0] } else { *best };
            doubt |= match SKIP_NAN {
                true => is_nan(start),
                // One (unordered) comparison tests two elements.
                false => (0..N.div_ceil(2)).fold(false, |nan, k| {
                    nan | (is_nan(elements[k]) | is_nan(elements[N - 1 - k]))
                }),
            };
            *best = elements.into_iter().fold(start, self.of_numbers());
        }
        (bests, doubt)
    }
}

/// The best of the values `lift(x)` of the elements.
pub(crate) struct Best<L, W, const SKIP_NAN: bool> {
    pub(crate) lift: L,
    pub(crate) better: Better<W, SKIP_NAN>,
}

/// The fold of the best of `f(x)`.
pub(crate) fn best_of<A: Copy + PartialOrd, const SKIP_NAN: bool>(
    f: impl Fn(A) -> A,
    wins: impl Fn(A, A) -> bool,
) -> impl Fold<A, State = A> {
    Best::<_, _, SKIP_NAN> { lift: f, better: Better { wins } }
}

/// The fold of minima, in which NaN wins.
pub(crate) fn smallest<A: Copy + PartialOrd>() -> impl Fold<A, State = A> {
    best_of::<_, false>(identity, less)
}

/// The fold of maxima, in which NaN wins.
pub(crate) fn largest<A: Copy + PartialOrd>() -> impl Fold<A, State = A> {
    best_of::<_, false>(identity, greater)
}

/// The fold of the largest absolute value, in which NaN wins.
pub(crate) fn largest_size<A: Float>() -> impl Fold<A, State = A> {
    best_of::<_, false>(A::abs, greater)
}

impl<A, L, W, const SKIP_NAN: bool> Fold<A> for Best<L, W, SKIP_NAN>
where
    A: Copy + PartialEq,
    L: Fn(A) -> A,
    W: Fn(A, A) -> bool,
{
    type State = A;
    type Accumulators = [A; LANES];
    type States = [A; LANES];

    const READS: Reads = Reads { rows: usize::MAX, group: 4 };

    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> A {
        let Best { lift, better } = self;
        let chunks = elements.len() / LANES;
        if chunks == 0 {
            return self.exact_block(elements, at);
        }
        let chunk = |k| elements.chunk(k * LANES);
        let starts = [elements.get(0); LANES];
        let (mut bests, mut doubt) = better.best_numbers(&[chunk(0)], &starts, true, lift);
        for k in (1..chunks).step_by(2) {
            let lost;
            (bests, lost) = match k + 1 < chunks {
                true => better.best_numbers(&[chunk(k), chunk(k + 1)], &bests, false, lift),
                false => better.best_numbers(&[chunk(k)], &bests, false, lift),
            };
            doubt |= lost && !SKIP_NAN; // a number is not replaced by NaN
        }
        let mut best = merge_all(bests, better.of_numbers());
        for i in chunks * LANES..elements.len() {
            let late = lift(elements.get(i));
            doubt |= if SKIP_NAN { is_nan(best) } else { is_nan(late) };
            best = better.of_numbers()(best, late);
        }
        if doubt { self.exact_block(elements, at) } else { best }
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        _: usize,
        accumulators: &mut [[A; LANES]],
        fresh: bool,
    ) {
        let Best { lift, better } = self;
        for (accumulator, column) in each_accumulator(accumulators, rows[0].len()) {
            let chunks: [_; N] = std::array::from_fn(|k| rows[k].chunk(column));
            let doubt;
            (*accumulator, doubt) = better.best_numbers(&chunks, accumulator, fresh, lift);
            if doubt {
                self.add_again(rows, column, accumulator);
            }
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> [A; LANES] {
        [(self.lift)(element); LANES]
    }

    #[inline(always)]
    fn state(&self, accumulator: &[A; LANES], column: usize, _: usize) -> A {
        accumulator[column]
    }

    #[inline(always)]
    fn merge(&self, early: A, late: A) -> A {
        self.better.best(early, late)
    }
}

impl<L, W, const SKIP_NAN: bool> Best<L, W, SKIP_NAN> {
    /// [`Fold::block`] with all comparisons.
    #[inline(never)]
    fn exact_block<R: Run>(&self, elements: R, at: usize) -> R::Element
    where
        R::Element: PartialEq,
        L: Fn(R::Element) -> R::Element,
        W: Fn(R::Element, R::Element) -> bool,
    {
        let combine = |early, late| self.better.best(early, late);
        Combine { lift: &self.lift, combine }.block::<Baseline>(elements, at)
    }

    /// Adds rows with all comparisons. Adding them a second time changes nothing.
    #[inline(never)]
    fn add_again<R: Run, const N: usize>(
        &self,
        rows: &[R; N],
        column: usize,
        accumulator: &mut [R::Element; LANES],
    ) where
        R::Element: PartialEq,
        L: Fn(R::Element) -> R::Element,
        W: Fn(R::Element, R::Element) -> bool,
    {
        let chunks: [_; N] = std::array::from_fn(|k| rows[k].chunk(column));
        for (i, best) in accumulator.iter_mut().enumerate() {
            let values = chunks.each_ref().map(|chunk| (self.lift)(chunk(i)));
            *best = values.into_iter().fold(*best, |early, late| self.better.best(early, late));
        }
    }
}

/// The best element, and the position of the first that equals it.
pub(crate) struct First<W, const SKIP_NAN: bool> {
    pub(crate) better: Better<W, SKIP_NAN>,
}

impl<A, W, const SKIP_NAN: bool> Fold<A> for First<W, SKIP_NAN>
where
    A: Copy + PartialEq,
    W: Fn(A, A) -> bool,
{
    type State = (A, usize);
    type Accumulators = ([A; LANES], [usize; LANES]);
    type States = ([A; LANES], [usize; LANES]);

    const READS: Reads = Reads { rows: usize::MAX, group: 8 };

    /// The best value first, then a search for its position.
    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> (A, usize) {
        let better = Better { wins: &self.better.wins };
        let best = Best::<_, _, SKIP_NAN> { lift: |x| x, better }.block::<V>(elements, at);
        let place = match is_nan(best) {
            true => position(elements, is_nan),
            false => position(elements, |x| x == best),
        };
        (best, at + place.expect("the best element is one of them"))
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        accumulators: &mut [Self::Accumulators],
        fresh: bool,
    ) {
        let Better { wins } = &self.better;
        for (accumulator, column) in each_accumulator(accumulators, rows[0].len()) {
            let chunks: [_; N] = std::array::from_fn(|k| rows[k].chunk(column));
            let (bests, doubt) = self.better.best_numbers(&chunks, &accumulator.0, fresh, |x| x);
            if doubt {
                self.exact_rows(rows, column, at, accumulator, fresh);
                continue;
            }
            let (values, places) = accumulator;
            if N == 1 {
                // With one row there is nothing to search for: a few vector instructions do all.
                let stays = |i: usize| usize::from(!wins(bests[i], values[i])).wrapping_neg();
                *places = match fresh {
                    true => [at; LANES],
                    false => std::array::from_fn(|i| places[i] & stays(i) | at & !stays(i)),
                };
                *values = bests;
                continue;
            }
            if fresh {
                // Every column finds its best element here; in later groups, few columns find a better one.
                for k in (0..N - 1).rev() {
                    let is = |i: usize| usize::from(chunks[k](i) == bests[i]).wrapping_neg();
                    let later = |i: usize| if k == N - 2 { at + N - 1 } else { places[i] };
                    *places = std::array::from_fn(|i| (at + k) & is(i) | later(i) & !is(i));
                }
                *values = bests;
                continue;
            }
            let is_better = |i: usize| wins(bests[i], values[i]);
            if !(0..LANES).fold(false, |found, i| found | is_better(i)) {
                continue;
            }
            for (i, &best) in bests.iter().enumerate() {
                if wins(best, values[i]) {
                    values[i] = best;
                    let is_later = |k: &usize| chunks[*k](i) != best;
                    places[i] = at + (0..N - 1).take_while(is_later).count();
                }
            }
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> Self::Accumulators {
        ([element; LANES], [0; LANES])
    }

    #[inline(always)]
    fn state(&self, accumulator: &Self::Accumulators, column: usize, _: usize) -> (A, usize) {
        (accumulator.0[column], accumulator.1[column])
    }

    #[inline(always)]
    fn merge(&self, early: (A, usize), late: (A, usize)) -> (A, usize) {
        if self.better.replaces(late.0, early.0) { late } else { early }
    }

    #[inline(always)]
    fn behind(&self, (best, place): (A, usize), by: usize) -> (A, usize) {
        (best, place + by)
    }
}

impl<W, const SKIP_NAN: bool> First<W, SKIP_NAN> {
    /// [`Fold::rows`] for one accumulator, with all comparisons.
    #[inline(never)]
    fn exact_rows<R: Run, const N: usize>(
        &self,
        rows: &[R; N],
        column: usize,
        at: usize,
        (values, places): &mut ([R::Element; LANES], [usize; LANES]),
        fresh: bool,
    ) where
        R::Element: PartialEq,
        W: Fn(R::Element, R::Element) -> bool,
    {
        for i in 0..LANES {
            for (k, row) in rows.iter().enumerate() {
                let element = row.get(column + i);
                if (fresh && k == 0) || self.better.replaces(element, values[i]) {
                    (values[i], places[i]) = (element, at + k);
                }
            }
        }
    }
}

/// The position of the first element for which `is` holds.
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
