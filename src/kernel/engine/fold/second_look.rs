//! Results that may be wrong although the right one is in range: they are detected, and their lanes reduced again with
//! scaled elements.
//!
//! A sum of large numbers, or of squares, can overflow where the mean or the root of it would not, and squares of small
//! numbers lose digits by underflow. Scaling the elements of every reduction would cost time for every array. Instead,
//!
//! 1. the first pass notes results that are not finite, or so small that squares may have underflowed;
//! 2. if there is one, all elements are examined once: without a number near the ends of the range, the results stand
//!    as they are (an element was infinite or NaN, or all were zero);
//! 3. otherwise each doubtful lane is reduced again, with its elements multiplied by a power of two, which is exact.
//!
//! Whether a lane is doubtful, and its second result, depend on the elements of the lane alone.

use std::cell::Cell;

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis, Zip};
use num_traits::{Float, Zero};

use crate::kernel::engine::axes::align;
use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd};
use crate::kernel::engine::fold::along;
use crate::kernel::engine::fold::contract::Fold;
use crate::kernel::engine::fold::finish::Finish;
use crate::kernel::engine::fold::gather::Flow;
use crate::kernel::engine::fold::kinds::combine::{Combine, counting};
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::fold::tree::{of_block, tree};
use crate::kernel::engine::number::order::larger;
use crate::kernel::engine::tuning::{FOLD_BLOCK, LANES};

/// Which results of a reduction are doubtful, and how a lane with such a result is reduced again. Means, variances and
/// norms implement it.
pub(crate) trait SecondLook<A> {
    /// Whether any of the results may be doubtful. It examines all results of all reductions, so it should be quick;
    /// `true` may be a false alarm.
    fn may_doubt(&self, results: &[A]) -> bool;

    /// Whether this result may be wrong although the right one is in range.
    fn is_doubtful(&self, result: A) -> bool;

    /// Whether reducing the lane again may change its doubtful result. `first` is the first element of the lane.
    fn may_differ(&self, _first: A, _result: A) -> bool {
        true
    }

    /// Whether an element is so large, or so small, that sums or squares of such elements may leave the range. Zero,
    /// infinities and NaN are not extreme.
    fn is_extreme(&self, element: A) -> bool;

    /// Whether anything other than an element is extreme.
    fn any_extreme(&self) -> bool {
        false
    }

    /// The right result of a lane whose first `result` is doubtful.
    fn again(&self, lane: ArrayView1<'_, A>, result: A) -> A;
}

/// Folds each lane as [`along::along_axis`] does, and lanes with a doubtful result again. `axis` has elements.
pub(crate) fn along_axis<A, D, F>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D::Smaller>,
    fold: &F,
    finish: impl Fn(F::State) -> A,
    look: &impl SecondLook<A>,
) where
    A: Copy,
    D: RemoveAxis,
    F: Fold<A>,
{
    let finish = Watched::new(finish, look);
    along::along_axis(a.view(), axis, out, fold, &finish);
    if finish.has_doubt() {
        reduce_again(a, axis, out, look);
    }
}

/// A [`Finish`] that remembers whether any result is doubtful.
pub(crate) struct Watched<'l, F, L> {
    finish: F,
    look: &'l L,
    has_doubt: Cell<bool>,
}

impl<'l, F, L> Watched<'l, F, L> {
    pub(crate) fn new(finish: F, look: &'l L) -> Self {
        Watched { finish, look, has_doubt: Cell::new(false) }
    }

    pub(crate) fn has_doubt(&self) -> bool {
        self.has_doubt.get()
    }
}

impl<S, A: Copy, F: Fn(S) -> A, L: SecondLook<A>> Finish<S, A> for &Watched<'_, F, L> {
    #[inline(always)]
    fn value(&self, state: S) -> A {
        (self.finish)(state)
    }

    fn see(&self, results: &[A]) {
        self.has_doubt.set(self.has_doubt.get() | dispatch::run(MayDoubt(self.look), results));
    }

    #[inline(always)]
    fn see_one(&self, &result: &A) {
        self.has_doubt.set(self.has_doubt.get() | self.look.is_doubtful(result));
    }
}

/// The loop of [`SecondLook::may_doubt`], compiled for each instruction set.
struct MayDoubt<'l, L>(&'l L);

impl<A, L: SecondLook<A>> Loop<&[A]> for MayDoubt<'_, L> {
    type Output = bool;

    #[inline(always)]
    fn run<V: Simd>(self, _: V, results: &[A]) -> bool {
        self.0.may_doubt(results)
    }
}

/// Whether [`LANES`] interleaved sums of the results are finite. They are not if a result is not (nor if many results
/// are large).
#[inline(always)]
pub(crate) fn have_finite_sums<A: Copy + Zero>(
    results: &[A],
    is_finite: impl Fn(A) -> bool,
) -> bool {
    let (chunks, rest) = results.as_chunks::<LANES>();
    let mut sums = [A::zero(); LANES];
    for chunk in chunks {
        sums = std::array::from_fn(|lane| sums[lane] + chunk[lane]);
    }
    sums.iter().chain(rest).all(|&sum| is_finite(sum))
}

/// Whether the magnitude of every result is at least `least`, and their interleaved sums are finite.
#[inline(always)]
pub(crate) fn are_from<A: Float>(results: &[A], least: A) -> bool {
    let (chunks, rest) = results.as_chunks::<LANES>();
    let (mut sums, mut smallest) = ([A::zero(); LANES], [A::infinity(); LANES]);
    let smaller = |x: A, y: A| if x < y { x } else { y };
    for chunk in chunks {
        sums = std::array::from_fn(|lane| sums[lane] + chunk[lane]);
        smallest = std::array::from_fn(|lane| smaller(chunk[lane].abs(), smallest[lane]));
    }
    let is_from = |x: &A| x.abs() >= least;
    smallest.iter().all(is_from)
        && sums.iter().all(|sum| sum.is_finite())
        && rest.iter().all(|x| is_from(x) && x.is_finite())
}

/// Steps 2 and 3 of the module's algorithm.
#[cold]
#[inline(never)]
pub(crate) fn reduce_again<A: Copy, D: RemoveAxis>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D::Smaller>,
    look: &impl SecondLook<A>,
) {
    let firsts = a.index_axis(axis, 0);
    let may_differ =
        |&result: &A, &first: &A| look.is_doubtful(result) && look.may_differ(first, result);
    if !Zip::from(&*out).and(&firsts).any(may_differ) {
        return;
    }
    if !look.any_extreme() && !is_any(a, extremes(look)) {
        return;
    }
    Zip::from(out).and(a.lanes(axis)).for_each(|out, lane| {
        if look.is_doubtful(*out) {
            *out = look.again(lane, *out);
        }
    });
}

/// (A function of its own, so that the type of its closure does not depend on the number of axes.)
fn extremes<A: Copy, L: SecondLook<A>>(look: &L) -> impl Fn(A) -> bool {
    |x| look.is_extreme(x)
}

/// Whether `is` holds for any element.
pub(crate) fn is_any<A: Copy, D: Dimension>(a: &ArrayRef<A, D>, is: impl Fn(A) -> bool) -> bool {
    let count = match size_of::<A>() {
        ..=4 => along::of_all(a.view(), &counting::<u32, _>(is)),
        _ => along::of_all(a.view(), &counting::<usize, _>(is)),
    };
    count.is_some_and(|count| count > 0)
}

/// The state of all elements, each multiplied by `factor`. `None` if there are none.
pub(crate) fn of_all_times<A: Float, D: Dimension, F: Fold<A>>(
    mut a: ArrayView<'_, A, D>,
    factor: A,
    fold: &F,
) -> Option<F::State> {
    if a.is_empty() {
        return None;
    }
    let along = align(&mut [&mut a]);
    let mut flow = Flow::new(a.lanes(along));
    let mut scaled = [factor; FOLD_BLOCK];
    let leaf: &mut dyn FnMut(usize, usize) -> F::State = &mut |at, len| {
        let scaled = &mut scaled[..len];
        flow.next(len, &mut |block| {
            scaled.iter_mut().zip(block).for_each(|(scaled, &x)| *scaled = x * factor);
        });
        of_block(Slice::of(scaled), at, fold)
    };
    Some(tree(0, a.len(), leaf, fold))
}

/// The scale of the largest magnitude among all elements, NaN aside. `None` if that is zero or infinite.
pub(crate) fn scale_of_all<A: Float, D: Dimension>(a: ArrayView<'_, A, D>) -> Option<Scale<A>> {
    let size = along::of_all(a, &Combine { lift: size_of_number, combine: larger })?;
    (size > A::zero() && size.is_finite()).then(|| Scale::of_size(size))
}

fn size_of_number<A: Float>(x: A) -> A {
    if x.is_nan() { A::zero() } else { x.abs() }
}

/// A power of two and its inverse. Multiplying by either is exact for everything that stays in range.
#[derive(Clone, Copy)]
pub(crate) struct Scale<A> {
    /// The factor that brings elements into the middle of the range.
    pub(crate) into: A,
    /// The factor that scales results back.
    pub(crate) back: A,
}

impl<A: Float> Scale<A> {
    /// The scale that brings elements of at most this magnitude, which is not zero, to at most 4; infinite ones stay
    /// infinite.
    pub(crate) fn of_size(size: A) -> Self {
        let exponent = |x: A| {
            let (digits, exponent, _) = x.integer_decode();
            i32::from(exponent) + digits.checked_ilog2().map_or(0, |log| log as i32)
        };
        let least = exponent(A::min_positive_value()); // whose inverse is in range as well
        Self::of_exponent(exponent(size).clamp(least, -least))
    }

    /// The scale that keeps sums of `n` elements in range.
    pub(crate) fn of_sum(n: usize) -> Self {
        Self::of_exponent(exponent_of_sum(n))
    }

    fn of_exponent(exponent: i32) -> Self {
        let power = (A::one() + A::one()).powi(exponent.abs());
        let (large, small) = (power, power.recip());
        match exponent < 0 {
            true => Scale { into: large, back: small },
            false => Scale { into: small, back: large },
        }
    }

    /// Scales a mean back. It is no larger than the largest element; rounding must not make it so, and infinite.
    pub(crate) fn back_to_mean(&self, mean: A) -> A {
        let largest = if mean.is_finite() { A::max_value() } else { A::infinity() };
        // (Not `min`, which ignores NaN.)
        match mean * self.back {
            mean if mean > largest => largest,
            mean if mean < -largest => -largest,
            mean => mean,
        }
    }
}

/// Sums of `n` numbers are in range if each number is halved so many times.
fn exponent_of_sum(n: usize) -> i32 {
    n.checked_ilog2().map_or(1, |log| log as i32 + 2)
}

/// Magnitudes of elements whose squares, or products, neither overflow nor underflow when they are added up.
#[derive(Clone, Copy)]
pub(crate) struct Moderate<A> {
    least: A,
    most: A,
}

impl<A: Float> Moderate<A> {
    /// The range for `n` elements. The smallest differ by enough that squares of their differences do not underflow
    /// either.
    pub(crate) fn of(n: usize) -> Self {
        let number = |x: usize| A::from(x).expect("a float counts with rounding");
        let spacing = A::epsilon() / number(4);
        Moderate {
            least: small_root::<A>(n) / spacing,
            most: (A::max_value() / number(n.max(1))).sqrt() / number(8),
        }
    }

    /// Whether the magnitude of a number is outside this range; zero, infinities and NaN are not.
    #[inline(always)]
    pub(crate) fn is_extreme(&self, x: A) -> bool {
        let size = x.abs();
        (size < self.least) & (size > A::zero()) | (size > self.most) & (size <= A::max_value())
    }

    /// Whether numbers close to this one differ, if at all, by less than the smallest moderate magnitude.
    pub(crate) fn is_below(&self, x: A) -> bool {
        x.is_nan() || x.abs() < self.least
    }
}

/// The root of a sum of `n` squares below which the squares may have lost digits.
pub(crate) fn small_root<A: Float>(n: usize) -> A {
    A::from(n).expect("a float counts with rounding").sqrt() * A::min_positive_value().sqrt()
}
