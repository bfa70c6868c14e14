//! Sums and other combinations, counts, and two reductions at once.
//!
//! Extrema are in [`best`](crate::kernel::engine::fold::kinds::best), moments in
//! [`moments`](crate::kernel::engine::fold::kinds::moments).
//!
//! The compiler vectorises loops over the [`LANES`] of a chunk that do nothing else. So accumulators are arrays of that
//! length, which are merged in a loop of their own, and the remainder of a sequence is added after that.

use std::hint::black_box;
use std::marker::PhantomData;

use num_traits::{AsPrimitive, Float, PrimInt, Zero};

use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::contract::{Fold, Reads, each_accumulator};
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::tuning::{COMBINED_ROWS, FOLD_BLOCK, LANES};

/// Counters of one byte can count so many rows.
const _: () = assert!(COMBINED_ROWS <= u8::MAX as usize);

/// One value a lane: `lift` turns each element into a value, `combine` merges two values.
///
/// There is no initial value, so that types without a zero (or a largest number) can be reduced too.
pub(crate) struct Combine<L, C> {
    pub(crate) lift: L,
    pub(crate) combine: C,
}

impl<L, C> Combine<L, C> {
    /// Halves the number of accumulators: each of the first half is combined with its counterpart of the second, and
    /// then with an element of `rest` if `rest` has as many. Returns the accumulators and the remaining elements.
    #[inline(always)]
    fn halved<S, R, const N: usize, const HALF: usize>(
        &self,
        values: [S; N],
        rest: R,
    ) -> ([S; HALF], R)
    where
        S: Copy,
        R: Run,
        L: Fn(R::Element) -> S,
        C: Fn(S, S) -> S,
    {
        let Combine { lift, combine } = self;
        let mut half = [values[0]; HALF];
        for i in 0..HALF {
            half[i] = combine(values[i], values[i + HALF]);
        }
        if rest.len() < HALF {
            return (half, rest);
        }
        let elements = rest.part(0, HALF);
        for (i, value) in half.iter_mut().enumerate() {
            *value = combine(*value, lift(elements.get(i)));
        }
        (half, rest.part(HALF, rest.len() - HALF))
    }
}

impl<A, S, L, C> Fold<A> for Combine<L, C>
where
    A: Copy,
    S: Copy,
    L: Fn(A) -> S,
    C: Fn(S, S) -> S,
{
    type State = S;
    type Accumulators = [S; LANES];
    type States = [S; LANES];

    const READS: Reads = Reads { rows: COMBINED_ROWS, group: 8 };

    /// Accumulator *i* takes every sixteenth element from number *i* on, which keeps the vector registers busy. Then
    /// the accumulators are merged in a fixed order. The remainder of the last chunk joins them when as few of them are
    /// left: added one after another, its elements would form a chain of dependent additions.
    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, _: usize) -> S {
        let Combine { lift, combine } = self;
        let mut chunks = elements.chunks();
        let Some(first) = chunks.next() else {
            let first = lift(elements.get(0));
            return (1..elements.len())
                .fold(first, |value, i| combine(value, lift(elements.get(i))));
        };
        let mut values = [lift(first(0)); LANES];
        for (i, value) in values.iter_mut().enumerate() {
            *value = lift(first(i));
        }
        for chunk in chunks {
            add_chunk(&mut values, chunk, lift, combine);
        }
        let left = elements.len() % LANES;
        let rest = elements.part(elements.len() - left, left);
        let (values, rest): ([S; 8], _) = self.halved(values, rest);
        // The compiler chooses its vectors from the end: the last merge is of two pairs, and without this barrier the
        // loop above would get vectors of two as well.
        let values = if V::IS_AVX2 { black_box(values) } else { values };
        let (values, rest): ([S; 4], _) = self.halved(values, rest);
        let (values, rest): ([S; 2], _) = self.halved(values, rest);
        let ([value], _) = self.halved(values, rest);
        value
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        _: usize,
        accumulators: &mut [[S; LANES]],
        fresh: bool,
    ) {
        let Combine { lift, combine } = self;
        for (accumulator, column) in each_accumulator(accumulators, rows[0].len()) {
            let (first, mut values) = (rows[0].chunk(column), *accumulator);
            match fresh {
                true => {
                    values.iter_mut().enumerate().for_each(|(i, value)| *value = lift(first(i)));
                }
                false => add_chunk(&mut values, first, lift, combine),
            }
            for row in &rows[1..] {
                add_chunk(&mut values, row.chunk(column), lift, combine);
            }
            *accumulator = values;
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> [S; LANES] {
        [(self.lift)(element); LANES]
    }

    #[inline(always)]
    fn state(&self, accumulator: &[S; LANES], column: usize, _: usize) -> S {
        accumulator[column]
    }

    #[inline(always)]
    fn merge(&self, early: S, late: S) -> S {
        (self.combine)(early, late)
    }
}

#[inline(always)]
fn add_chunk<A, S: Copy>(
    values: &mut [S; LANES],
    chunk: impl Fn(usize) -> A,
    lift: impl Fn(A) -> S,
    combine: impl Fn(S, S) -> S,
) {
    for (i, value) in values.iter_mut().enumerate() {
        *value = combine(*value, lift(chunk(i)));
    }
}

/// Merges accumulators, always in this order: those of the second half into those of the first, until one is left.
#[inline(always)]
pub(crate) fn merge_all<S: Copy, const N: usize>(
    mut values: [S; N],
    combine: impl Fn(S, S) -> S,
) -> S {
    let mut width = N;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            values[i] = combine(values[i], values[i + width]);
        }
    }
    values[0]
}

/// Counts the elements for which `is` holds. Counters are as wide as the elements, so that as many of either fit into a
/// vector register.
pub(crate) struct Count<P, C> {
    is: P,
    counter: PhantomData<C>,
}

/// The fold that counts the elements for which `is` holds.
pub(crate) fn counting<C, P>(is: P) -> Count<P, C> {
    Count { is, counter: PhantomData }
}

impl<P, C: PrimInt + From<bool> + AsPrimitive<usize>> Count<P, C> {
    /// Counts at most as many elements as a counter can hold.
    #[inline(always)]
    fn few<R: Run>(&self, elements: R) -> usize
    where
        P: Fn(R::Element) -> bool,
    {
        let is = (0..elements.len()).map(|i| <C as From<bool>>::from((self.is)(elements.get(i))));
        is.fold(C::zero(), |count, is| count + is).as_()
    }
}

impl<A, P, C> Fold<A> for Count<P, C>
where
    A: Copy,
    P: Fn(A) -> bool,
    C: PrimInt + From<bool> + AsPrimitive<usize>,
{
    type State = usize;
    type Accumulators = [C; LANES];
    type States = [usize; LANES];

    const READS: Reads = Reads { rows: COMBINED_ROWS, group: 8 };

    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, _: usize) -> usize {
        let most = (C::max_value().as_() / 32 * 32).min(FOLD_BLOCK);
        let parts = (0..elements.len()).step_by(most);
        parts.map(|at| self.few(elements.part(at, most.min(elements.len() - at)))).sum()
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        _: usize,
        accumulators: &mut [[C; LANES]],
        fresh: bool,
    ) {
        for (accumulator, column) in each_accumulator(accumulators, rows[0].len()) {
            let mut counts = if fresh { [C::zero(); LANES] } else { *accumulator };
            for row in rows {
                let chunk = row.chunk(column);
                for (i, count) in counts.iter_mut().enumerate() {
                    *count = *count + <C as From<bool>>::from((self.is)(chunk(i)));
                }
            }
            *accumulator = counts;
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> [C; LANES] {
        [<C as From<bool>>::from((self.is)(element)); LANES]
    }

    #[inline(always)]
    fn state(&self, accumulator: &[C; LANES], column: usize, _: usize) -> usize {
        accumulator[column].as_()
    }

    #[inline(always)]
    fn merge(&self, early: usize, late: usize) -> usize {
        early + late
    }
}

/// Two folds of the same elements. (Each block is read twice, the second time from L1: the accumulators of one fold
/// fill the registers.)
pub(crate) struct Both<F, G>(pub(crate) F, pub(crate) G);

impl<A: Copy, F: Fold<A>, G: Fold<A>> Fold<A> for Both<F, G> {
    type State = (F::State, G::State);
    type Accumulators = (F::Accumulators, G::Accumulators);
    type States = (F::States, G::States);

    const READS: Reads = Reads {
        rows: if F::READS.rows < G::READS.rows { F::READS.rows } else { G::READS.rows },
        group: 4,
    };

    const IS_ANYWHERE: bool = F::IS_ANYWHERE && G::IS_ANYWHERE;

    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> Self::State {
        (self.0.block::<V>(elements, at), self.1.block::<V>(elements, at))
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        accumulators: &mut [Self::Accumulators],
        fresh: bool,
    ) {
        for (accumulator, column) in each_accumulator(accumulators, rows[0].len()) {
            let rows: [R; N] = std::array::from_fn(|k| rows[k].part(column, LANES));
            self.0.rows::<V, _, N>(&rows, at, std::slice::from_mut(&mut accumulator.0), fresh);
            self.1.rows::<V, _, N>(&rows, at, std::slice::from_mut(&mut accumulator.1), fresh);
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> Self::Accumulators {
        (self.0.accumulator(element), self.1.accumulator(element))
    }

    #[inline(always)]
    fn state(&self, accumulator: &Self::Accumulators, column: usize, count: usize) -> Self::State {
        (self.0.state(&accumulator.0, column, count), self.1.state(&accumulator.1, column, count))
    }

    #[inline(always)]
    fn merge(&self, early: Self::State, late: Self::State) -> Self::State {
        (self.0.merge(early.0, late.0), self.1.merge(early.1, late.1))
    }

    #[inline(always)]
    fn behind(&self, state: Self::State, by: usize) -> Self::State {
        (self.0.behind(state.0, by), self.1.behind(state.1, by))
    }
}

/// The fold of sums.
pub(crate) fn adding<A: Copy + Zero>() -> impl Fold<A, State = A> {
    adding_of(|x| x)
}

/// The fold of sums of `f(x)`.
pub(crate) fn adding_of<A: Copy + Zero>(f: impl Fn(A) -> A) -> impl Fold<A, State = A> {
    Combine { lift: f, combine: |a, b| a + b }
}

/// *x²*, for sums of squares.
pub(crate) fn square<A: Float>(x: A) -> A {
    x * x
}

/// A sum that started from zero, and so is never −0.
pub(crate) fn from_zero<A: Zero>(sum: A) -> A {
    A::zero() + sum
}
