//! What reductions keep of their elements: one combined value, the best element and its place, or moments.

use num_traits::Float;

use super::extrema::larger;
use super::fold::Fold;
use super::fold_source::{BLOCK, LANES, Rows};

/// One value a lane: each element is lifted to a value, values are combined two by two.
///
/// There is no starting value, so that types without a zero (or a largest number) can be folded too.
pub(super) struct Combine<L, C> {
    pub(super) lift: L,
    pub(super) combine: C,
}

impl<A, S, L, C> Fold<A> for Combine<L, C>
where
    A: Copy,
    S: Copy,
    L: Fn(A) -> S,
    C: Fn(S, S) -> S,
{
    type State = S;

    /// Accumulators take every sixteenth element (which keeps vector registers busy), and meet in a fixed order.
    #[inline]
    fn block(&self, elements: &[A], _: usize) -> S {
        let (Combine { lift, combine }, (chunks, rest)) = (self, elements.as_chunks::<LANES>());
        let Some((first, chunks)) = chunks.split_first() else {
            let first = lift(elements[0]);
            return elements[1..].iter().fold(first, |value, &x| combine(value, lift(x)));
        };
        let mut lanes = first.map(lift);
        for chunk in chunks {
            for lane in 0..LANES {
                lanes[lane] = combine(lanes[lane], lift(chunk[lane]));
            }
        }
        lanes.iter_mut().zip(rest).for_each(|(value, &x)| *value = combine(*value, lift(x)));
        let mut width = LANES;
        while width > 1 {
            width /= 2;
            for lane in 0..width {
                lanes[lane] = combine(lanes[lane], lanes[lane + width]);
            }
        }
        lanes[0]
    }

    fn rows<const W: usize>(
        &self,
        rows: &mut impl Rows<A>,
        count: usize,
        _: usize,
        states: &mut [S],
    ) {
        let Combine { lift, combine } = self;
        rows.take(1, |row| {
            states.iter_mut().zip(row).for_each(|(value, &x)| *value = lift(x));
        });
        rows.take(count - 1, |row| {
            states.iter_mut().zip(row).for_each(|(value, &x)| *value = combine(*value, lift(x)));
        });
    }

    #[inline]
    fn merge(&self, early: S, late: S) -> S {
        (self.combine)(early, late)
    }
}

/// The first of the best elements and where it stands; NaN is better than anything.
pub(super) struct First<K> {
    /// Whether an earlier element is as good as a later one. (Never so with NaN, as comparisons are.)
    pub(super) keeps: K,
    /// Whether NaN counts as worse than anything instead.
    pub(super) skip_nan: bool,
}

impl<K> First<K> {
    /// Whether an earlier element stays the best beside a later one.
    #[inline]
    fn stays<A: PartialOrd + Copy>(&self, early: A, late: A) -> bool
    where
        K: Fn(A, A) -> bool,
    {
        (self.keeps)(early, late) | is_nan(if self.skip_nan { late } else { early })
    }
}

impl<A: Copy + PartialOrd, K: Fn(A, A) -> bool> Fold<A> for First<K> {
    type State = (A, usize);

    /// The best value first, which needs no branches, then its place.
    #[inline]
    fn block(&self, elements: &[A], at: usize) -> (A, usize) {
        let combine = |early, late| if self.stays(early, late) { early } else { late };
        let best = Combine { lift: |x| x, combine }.block(elements, at);
        let is_best = |&x: &A| if is_nan(best) { is_nan(x) } else { x == best };
        (best, at + elements.iter().position(is_best).expect("the best element is one of them"))
    }

    fn rows<const W: usize>(
        &self,
        rows: &mut impl Rows<A>,
        count: usize,
        mut at: usize,
        states: &mut [(A, usize)],
    ) {
        let (mut values, mut places) = ([states[0].0; W], [at; W]);
        rows.take(1, |row| values[..row.len()].copy_from_slice(row));
        rows.take(count - 1, |row| {
            at += 1;
            for ((value, place), &x) in values.iter_mut().zip(&mut places).zip(row) {
                let stays = self.stays(*value, x);
                *value = if stays { *value } else { x };
                *place = if stays { *place } else { at };
            }
        });
        let found = values.iter().zip(&places);
        states.iter_mut().zip(found).for_each(|(state, (&value, &place))| *state = (value, place));
    }

    #[inline]
    fn merge(&self, early: (A, usize), late: (A, usize)) -> (A, usize) {
        if self.stays(early.0, late.0) { early } else { late }
    }
}

/// Whether a value differs from itself, as only NaN does.
#[inline]
#[expect(
    clippy::eq_op,
    reason = "works for every type, and compiles to one instruction for floats"
)]
pub(super) fn is_nan<A: PartialEq>(x: A) -> bool {
    x != x
}

/// The number of elements, their mean, and the sum of their squared distances from it.
///
/// A mean of 10⁸ known to 16 digits is off by 10⁻⁸, and so would be the distance of two means. So the mean is
/// kept as the sum of two numbers, `near` and the much smaller `rest`, and only distances are rounded.
#[derive(Clone, Copy)]
pub(super) struct MomentsOf<A> {
    pub(super) count: A,
    near: A,
    rest: A,
    /// Σ (x − mean)²
    pub(super) squares: A,
}

/// Moments of blocks, merged as Chan, Golub and LeVeque did.
///
/// A block of a lane is looked at twice while it is in the nearest cache. Blocks of rows are too large for that:
/// distances are summed from the first row on, and corrected once the mean is known.
///
/// With `SKIP_NAN`, NaN is left out; else it makes everything NaN.
pub(super) struct Moments<const SKIP_NAN: bool>;

impl<const SKIP_NAN: bool, A: Float> Fold<A> for Moments<SKIP_NAN> {
    type State = MomentsOf<A>;

    fn block(&self, elements: &[A], _: usize) -> MomentsOf<A> {
        if !SKIP_NAN {
            return moments(elements);
        }
        let mut numbers = [A::zero(); BLOCK];
        let mut count = 0;
        for &x in elements {
            numbers[count] = x;
            count += usize::from(!x.is_nan());
        }
        moments(&numbers[..count])
    }

    fn rows<const W: usize>(
        &self,
        rows: &mut impl Rows<A>,
        count: usize,
        _: usize,
        states: &mut [MomentsOf<A>],
    ) {
        let zeros = [A::zero(); W];
        let (mut near, mut sums, mut squares) = (zeros, zeros, zeros);
        rows.look(1, |row| near[..row.len()].copy_from_slice(row));
        if !SKIP_NAN {
            rows.take(count, |row| {
                let columns = sums.iter_mut().zip(&mut squares).zip(&near);
                for (((sum, squares), &near), &x) in columns.zip(row) {
                    let distance = x - near;
                    *sum = *sum + distance;
                    *squares = *squares + distance * distance;
                }
            });
            let count = A::from(count).expect("a small count");
            for (column, state) in states.iter_mut().enumerate() {
                *state = MomentsOf::about(near[column], count, sums[column], squares[column]);
            }
            return;
        }
        rows.look(count, |row| {
            for (near, &x) in near.iter_mut().zip(row) {
                *near = if near.is_nan() { x } else { *near };
            }
        });
        let mut counts = zeros;
        rows.take(count, |row| {
            let columns = sums.iter_mut().zip(&mut squares).zip(&mut counts).zip(&near);
            for ((((sum, squares), count), &near), &x) in columns.zip(row) {
                let nan = x.is_nan();
                let distance = if nan { A::zero() } else { x - near };
                *sum = *sum + distance;
                *squares = *squares + distance * distance;
                *count = *count + if nan { A::zero() } else { A::one() };
            }
        });
        for (column, state) in states.iter_mut().enumerate() {
            *state = match counts[column] {
                count if count.is_zero() => MomentsOf::none(),
                count => MomentsOf::about(near[column], count, sums[column], squares[column]),
            };
        }
    }

    fn merge(&self, early: MomentsOf<A>, late: MomentsOf<A>) -> MomentsOf<A> {
        let count = early.count + late.count;
        if SKIP_NAN && (early.count.is_zero() || late.count.is_zero()) {
            return if late.count.is_zero() { early } else { late };
        }
        let distance = (late.near - early.near) + (late.rest - early.rest);
        let share = late.count / count;
        let squares = early.squares + late.squares + distance * distance * (early.count * share);
        MomentsOf::new(count, early.near, early.rest + distance * share, squares)
    }
}

impl<A: Float> MomentsOf<A> {
    pub(super) fn none() -> Self {
        let zero = A::zero();
        MomentsOf { count: zero, near: zero, rest: zero, squares: zero }
    }

    /// With a mean of `near + rest`, of which nothing is lost (Knuth's exact sum of two numbers).
    #[inline]
    fn new(count: A, near: A, rest: A, squares: A) -> Self {
        let sum = near + rest;
        let part = sum - near;
        let lost = (near - (sum - part)) + (rest - part);
        MomentsOf { count, near: sum, rest: lost, squares }
    }

    /// From Σ (x − near) and Σ (x − near)², where `near` is one of the numbers.
    ///
    /// That it is one of them keeps the subtraction from losing more than it may: Σ (x − mean)² is at least as
    /// large as the distance of `near` alone contributes, which is 1 / count of what is subtracted from.
    #[inline]
    fn about(near: A, count: A, sum: A, squares: A) -> Self {
        let mean = sum / count;
        let squares = match squares.is_infinite() && sum.is_finite() {
            true => squares, // overflow, which the difference of two infinities would hide
            false => larger(squares - sum * mean, A::zero()),
        };
        MomentsOf::new(count, near, mean, squares)
    }

    /// Σ (x − mean)² / max(count − ddof, 0)
    #[inline]
    pub(super) fn variance(self, ddof: A) -> A {
        self.squares / (self.count - ddof).max(A::zero())
    }
}

/// The moments of a block.
fn moments<A: Float>(elements: &[A]) -> MomentsOf<A> {
    let Some(&near) = elements.first() else {
        return MomentsOf::none();
    };
    let count = A::from(elements.len()).expect("a small count");
    let add = |a: A, b: A| a + b;
    let mean = Combine { lift: |x: A| x - near, combine: add }.block(elements, 0) / count;
    let square = |x: A| {
        let distance = (x - near) - mean;
        distance * distance
    };
    let squares = Combine { lift: square, combine: add }.block(elements, 0);
    MomentsOf::new(count, near, mean, squares)
}
