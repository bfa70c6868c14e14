//! Moments, for variances: the number of elements, their mean, and the sum of their squared distances from it.
//!
//! Blocks are reduced in two steps, mean then distances, while they are in L1; states are merged by the formula of
//! Chan, Golub and LeVeque (1979).

use num_traits::Float;

use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::contract::{Fold, PerLane, Reads, each_accumulator};
use crate::kernel::engine::fold::kinds::combine::Combine;
use crate::kernel::engine::fold::run::{Run, Slice};
use crate::kernel::engine::number::order::larger;
use crate::kernel::engine::tuning::{FOLD_BLOCK, FOLD_ROWS, LANES};

/// The number of elements, their mean, and the sum of their squared distances from it.
///
/// A mean of 10⁸ known to 16 digits is off by 10⁻⁸, and so would be the distance of two means. Therefore the mean is
/// the sum of two numbers, `near` and the much smaller `rest`, and only distances are rounded.
#[derive(Clone, Copy)]
pub(crate) struct MomentsOf<A> {
    pub(crate) count: A,
    /// The mean, rounded.
    pub(crate) near: A,
    rest: A,
    /// Σ (x − mean)²
    pub(crate) squares: A,
}

/// The moments of [`LANES`] lanes that have equally many elements.
#[derive(Clone, Copy)]
pub(crate) struct MomentsPerLane<A> {
    count: A,
    near: [A; LANES],
    rest: [A; LANES],
    squares: [A; LANES],
}

impl<A: Copy> PerLane for MomentsPerLane<A> {
    type State = MomentsOf<A>;

    #[inline(always)]
    fn all(MomentsOf { count, near, rest, squares }: MomentsOf<A>) -> Self {
        let [near, rest, squares] = [near, rest, squares].map(|x| [x; LANES]);
        MomentsPerLane { count, near, rest, squares }
    }

    #[inline(always)]
    fn get(&self, lane: usize) -> MomentsOf<A> {
        let (near, rest, squares) = (self.near[lane], self.rest[lane], self.squares[lane]);
        MomentsOf { count: self.count, near, rest, squares }
    }

    #[inline(always)]
    fn update(&mut self, next: impl Fn(usize, MomentsOf<A>) -> MomentsOf<A>) {
        let before = *self;
        self.count = next(0, before.get(0)).count;
        for lane in 0..LANES {
            let MomentsOf { near, rest, squares, .. } = next(lane, before.get(lane));
            (self.near[lane], self.rest[lane], self.squares[lane]) = (near, rest, squares);
        }
    }
}

/// The fold of moments. NaN makes everything NaN.
///
/// Rows are read once: distances are summed from a number near the mean, and corrected once the mean is known.
pub(crate) struct Moments;

/// [`Moments`] of the elements that are not NaN.
pub(crate) struct NanMoments;

/// Accumulators of [`LANES`] columns: Σ (x − near) and Σ (x − near)².
#[derive(Clone, Copy)]
pub(crate) struct Distances<A> {
    near: [A; LANES],
    sums: [A; LANES],
    squares: [A; LANES],
}

impl<A: Float> Distances<A> {
    /// [`add`](Self::add) for vectors of 16 bytes. (Not inlined: within a longer function the compiler does not know
    /// that accumulators and rows do not overlap, and checks at each turn.)
    #[inline(never)]
    fn add_apart<const N: usize>(&mut self, chunks: &[impl Fn(usize) -> A; N], fresh: bool) {
        self.add(chunks, fresh);
    }

    /// Adds chunks column by column: sums and squares of all columns at once would not fit into the registers.
    #[inline(always)]
    fn add<const N: usize>(&mut self, chunks: &[impl Fn(usize) -> A; N], fresh: bool) {
        if fresh {
            self.near = std::array::from_fn(&chunks[0]);
            (self.sums, self.squares) = ([A::zero(); LANES], [A::zero(); LANES]);
        }
        for i in 0..LANES {
            let (mut sum, mut square) = (self.sums[i], self.squares[i]);
            for chunk in chunks {
                let distance = chunk(i) - self.near[i];
                sum = sum + distance;
                square = square + distance * distance;
            }
            (self.sums[i], self.squares[i]) = (sum, square);
        }
    }
}

impl<A: Float> Fold<A> for Moments {
    type State = MomentsOf<A>;
    type Accumulators = Distances<A>;
    type States = MomentsPerLane<A>;

    const READS: Reads = Reads { rows: FOLD_ROWS, group: 8 };

    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, _: usize) -> MomentsOf<A> {
        moments::<V, A>(elements)
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        _: usize,
        accumulators: &mut [Distances<A>],
        fresh: bool,
    ) {
        for (accumulator, column) in each_accumulator(accumulators, rows[0].len()) {
            let chunks: [_; N] = std::array::from_fn(|k| rows[k].chunk(column));
            match V::IS_AVX2 {
                true => accumulator.add(&chunks, fresh),
                false => accumulator.add_apart(&chunks, fresh),
            }
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> Distances<A> {
        let zero = [A::zero(); LANES];
        Distances { near: [element; LANES], sums: zero, squares: zero }
    }

    #[inline(always)]
    fn state(&self, accumulator: &Distances<A>, column: usize, count: usize) -> MomentsOf<A> {
        let count = A::from(count).expect("a small count");
        MomentsOf::about(
            accumulator.near[column],
            count,
            accumulator.sums[column],
            accumulator.squares[column],
        )
    }

    #[inline(always)]
    fn merge(&self, early: MomentsOf<A>, late: MomentsOf<A>) -> MomentsOf<A> {
        early.with(late)
    }
}

impl<A: Float> Fold<A> for NanMoments {
    type State = MomentsOf<A>;
    type Accumulators = (Distances<A>, [A; LANES]);
    type States = [MomentsOf<A>; LANES];

    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, _: usize) -> MomentsOf<A> {
        let mut numbers = [A::zero(); FOLD_BLOCK];
        let mut count = 0;
        for i in 0..elements.len() {
            let x = elements.get(i);
            numbers[count] = x;
            count += usize::from(!x.is_nan());
        }
        match count {
            0 => MomentsOf::none(),
            _ => moments::<V, A>(Slice::of(&numbers[..count])),
        }
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        _: usize,
        accumulators: &mut [Self::Accumulators],
        fresh: bool,
    ) {
        for ((accumulator, counts), column) in each_accumulator(accumulators, rows[0].len()) {
            let chunks: [_; N] = std::array::from_fn(|k| rows[k].chunk(column));
            for (i, counted) in counts.iter_mut().enumerate() {
                let (mut near, mut sum, mut square, mut count) = match fresh {
                    true => (chunks[0](i), A::zero(), A::zero(), A::zero()),
                    false => {
                        (accumulator.near[i], accumulator.sums[i], accumulator.squares[i], *counted)
                    }
                };
                for chunk in &chunks {
                    let x = chunk(i);
                    near = if near.is_nan() { x } else { near };
                    let distance = if x.is_nan() { A::zero() } else { x - near };
                    sum = sum + distance;
                    square = square + distance * distance;
                    count = count + if x.is_nan() { A::zero() } else { A::one() };
                }
                (accumulator.near[i], accumulator.sums[i], accumulator.squares[i]) =
                    (near, sum, square);
                *counted = count;
            }
        }
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> Self::Accumulators {
        (Moments.accumulator(element), [A::zero(); LANES])
    }

    #[inline(always)]
    fn state(
        &self,
        (accumulator, counts): &Self::Accumulators,
        column: usize,
        _: usize,
    ) -> MomentsOf<A> {
        match counts[column] {
            count if count.is_zero() => MomentsOf::none(),
            count => MomentsOf::about(
                accumulator.near[column],
                count,
                accumulator.sums[column],
                accumulator.squares[column],
            ),
        }
    }

    #[inline(always)]
    fn merge(&self, early: MomentsOf<A>, late: MomentsOf<A>) -> MomentsOf<A> {
        if early.count.is_zero() || late.count.is_zero() {
            return if late.count.is_zero() { early } else { late };
        }
        early.with(late)
    }
}

impl<A: Float> MomentsOf<A> {
    fn none() -> Self {
        let zero = A::zero();
        MomentsOf { count: zero, near: zero, rest: zero, squares: zero }
    }

    /// Moments with the mean `near + rest`, represented without loss (Knuth's exact sum of two numbers, TwoSum).
    #[inline(always)]
    fn new(count: A, near: A, rest: A, squares: A) -> Self {
        let sum = near + rest;
        let part = sum - near;
        let lost = (near - (sum - part)) + (rest - part);
        MomentsOf { count, near: sum, rest: lost, squares }
    }

    /// Moments from Σ (x − near) and Σ (x − near)², where `near` is the mean of some k of the n numbers.
    ///
    /// This choice of `near` bounds what the subtraction loses: Σ (x − mean)² is at least as large as what those k
    /// contribute, k times the squared distance of `near`, which is k / n of what is subtracted.
    #[inline(always)]
    fn about(near: A, count: A, sum: A, squares: A) -> Self {
        let mean = sum / count;
        // What is subtracted is finite, so that squares that overflowed stay infinite; what is added is zero, or NaN if
        // the sum is infinite or NaN.
        let excess = sum * mean;
        let excess = if excess > A::max_value() { A::max_value() } else { excess };
        let squares = larger(squares - excess, A::zero()) + A::zero() * sum;
        MomentsOf::new(count, near, mean, squares)
    }

    /// The moments of both (Chan, Golub and LeVeque).
    #[inline(always)]
    fn with(self, late: Self) -> Self {
        let count = self.count + late.count;
        let distance = (late.near - self.near) + (late.rest - self.rest);
        let share = late.count / count;
        let squares = self.squares + late.squares + distance * distance * (self.count * share);
        MomentsOf::new(count, self.near, self.rest + distance * share, squares)
    }

    /// Σ (x − mean)² / max(count − ddof, 0)
    #[inline]
    pub(crate) fn variance(self, ddof: A) -> A {
        self.squares / larger(self.count - ddof, A::zero())
    }
}

/// The moments of a block: first its mean, then the distances from it.
///
/// Distances are taken from `near`, the rounded mean, and Σ (x − near)² is n rest² more than Σ (x − mean)². No element
/// is nearer to the mean than `near` is, so what is subtracted is at most half.
#[inline(always)]
fn moments<V: Simd, A: Float>(elements: impl Run<Element = A>) -> MomentsOf<A> {
    let add = |a: A, b: A| a + b;
    let first = elements.get(0);
    let count = A::from(elements.len()).expect("a small count");
    let sum = Combine { lift: |x: A| x - first, combine: add }.block::<V>(elements, 0);
    let mean = MomentsOf::new(count, first, sum / count, A::zero());
    let square = |x: A| (x - mean.near) * (x - mean.near);
    let squares = Combine { lift: square, combine: add }.block::<V>(elements, 0);
    let squares = larger(squares - count * mean.rest * mean.rest, A::zero());
    MomentsOf { squares, ..mean }
}
