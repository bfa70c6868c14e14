//! What moments come to: variances and standard deviations, of numbers of any size.
//!
//! Squares of large numbers overflow, and those of small ones underflow, where the result may be in range. Then the lane
//! is scaled by the size of its largest number, as [`second_look`](super::second_look) tells.

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use super::extrema::{best_of, greater};
use super::fold::{self, Fold};
use super::fold_moments::MomentsOf;
use super::second_look::{
    self, Moderate, Scale, SecondLook, are_from, have_finite_sums, of_all_times, small_root,
};

/// A variance, or a standard deviation if it is the `ROOT`; of the `NUMBERS`, if NaN is left out.
#[derive(Clone, Copy)]
pub(super) struct Spread<A, const ROOT: bool, const NUMBERS: bool> {
    pub(super) ddof: A,
}

impl<A: Float + 'static, const ROOT: bool, const NUMBERS: bool> Spread<A, ROOT, NUMBERS> {
    /// Of all elements, whose moments `fold` finds.
    pub(super) fn of_all<D, F>(self, a: &ArrayRef<A, D>, fold: &F) -> A
    where
        D: Dimension,
        F: Fold<A, State = MomentsOf<A>>,
    {
        let Some(moments) = fold::of_all(a.view(), fold) else { return A::nan() };
        let (spread, look) = (self.of(moments), self.look(a.len(), fold));
        match look.is_doubtful(spread) && look.may_differ(moments.near, spread) {
            true => look.scaled(a.view(), spread),
            false => spread,
        }
    }

    /// Of each lane, whose moments `fold` finds. The axis has elements.
    pub(super) fn along_axis<D, F>(
        self,
        a: &ArrayRef<A, D>,
        axis: Axis,
        out: &mut ArrayRef<A, D::Smaller>,
        fold: &F,
    ) where
        D: RemoveAxis,
        F: Fold<A, State = MomentsOf<A>>,
    {
        let look = self.look(a.len_of(axis), fold);
        second_look::along_axis(a, axis, out, fold, |moments| self.of(moments), &look);
    }

    #[inline(always)]
    fn of(self, moments: MomentsOf<A>) -> A {
        let variance = match !NUMBERS || moments.count > self.ddof {
            true => moments.variance(self.ddof),
            false => A::nan(),
        };
        if ROOT { variance.sqrt() } else { variance }
    }

    /// At lanes of `n` elements.
    fn look<F>(self, n: usize, fold: &F) -> Look<'_, A, F, ROOT, NUMBERS> {
        let number = |x: usize| A::from(x).expect("a float counts with rounding");
        let share = (number(n) - self.ddof).max(A::zero());
        let least = if ROOT { small_root::<A>(n) / share.sqrt() } else { A::zero() };
        Look { spread: self, least, moderate: Moderate::of(n), fold }
    }
}

struct Look<'f, A, F, const ROOT: bool, const NUMBERS: bool> {
    spread: Spread<A, ROOT, NUMBERS>,
    /// Below this, squares may have lost digits that matter.
    least: A,
    moderate: Moderate<A>,
    fold: &'f F,
}

impl<A, F, const ROOT: bool, const NUMBERS: bool> Look<'_, A, F, ROOT, NUMBERS>
where
    A: Float + 'static,
    F: Fold<A, State = MomentsOf<A>>,
{
    /// The spread of elements that are scaled. If one is infinite, or there is none, it is `plain`.
    #[cold]
    #[inline(never)]
    fn scaled<D: Dimension>(&self, a: ArrayView<'_, A, D>, plain: A) -> A {
        let size = match NUMBERS {
            true => fold::of_all(a.view(), &best_of::<_, true>(A::abs, greater)),
            false => fold::of_all(a.view(), &best_of::<_, false>(A::abs, greater)),
        };
        let Some(size) = size.filter(|&size| size > A::zero() && size.is_finite()) else {
            return plain;
        };
        let scale = Scale::of_size(size);
        match of_all_times(a, scale.into, self.fold) {
            Some(moments) if ROOT => self.spread.of(moments) * scale.back,
            Some(moments) => self.spread.of(moments) * scale.back * scale.back,
            None => plain,
        }
    }
}

impl<A, F, const ROOT: bool, const NUMBERS: bool> SecondLook<A> for Look<'_, A, F, ROOT, NUMBERS>
where
    A: Float + 'static,
    F: Fold<A, State = MomentsOf<A>>,
{
    #[inline(always)]
    fn may_doubt(&self, spreads: &[A]) -> bool {
        match ROOT {
            true => !are_from(spreads, self.least),
            false => !have_finite_sums(spreads, A::is_finite),
        }
    }

    #[inline(always)]
    fn is_doubtful(&self, spread: A) -> bool {
        !((spread >= self.least) & (spread <= A::max_value()))
    }

    /// Numbers near one that is not small are equal if their spread is.
    fn may_differ(&self, first: A, spread: A) -> bool {
        !spread.is_finite() || self.moderate.is_below(first)
    }

    fn is_extreme(&self, element: A) -> bool {
        self.moderate.is_extreme(element)
    }

    fn again(&self, lane: ArrayView1<'_, A>, spread: A) -> A {
        self.scaled(lane, spread)
    }
}
