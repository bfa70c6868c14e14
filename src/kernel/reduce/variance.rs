//! Variances and standard deviations, along an axis and over all elements.
//!
//! They take one pass over memory: [`Moments`] computes those of blocks, and merges them. Where squares left the range,
//! elements are read again, scaled ([`second_look`]).

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::moments::{Moments, MomentsOf};
use crate::kernel::engine::fold::second_look::{
    self, Moderate, SecondLook, are_from, have_finite_sums, of_all_times, scale_of_all, small_root,
};
use crate::kernel::engine::fold::{self, Fold};

/// Computes the variance of all elements.
///
/// *Σ (a\[i\] − mean)² / max(n − ddof, 0)*
///
/// `a` has any shape of n elements. Everything else is as for [`var_axis_into`]. No
/// elements give NaN.
///
/// # Replaces
///
/// NumPy's `np.var(a, ddof=ddof)` and ndarray's `a.var(ddof)`, which panics for n < `ddof`, and calls a library
/// function for every element.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::var;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(var(&a, 0.0), 1.25);
/// assert_eq!(var(&array![1e10, 1e10 + 1.0, 1e10 + 3.0], 0.0), 14.0 / 9.0);
/// ```
#[doc(alias = "variance")]
#[must_use]
pub fn var<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, false, false> { ddof }.of_all(a, &Moments)
}

/// Computes the variance of each lane.
///
/// *out\[j\] = Σᵢ (a\[i, j\] − meanⱼ)² / max(n − ddof, 0)*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// The axis has n elements. `ddof` (delta degrees of freedom) is subtracted from their number: 0 for the variance of
/// these numbers, 1 for an estimate from a sample.
///
/// **Accuracy.** The relative error is at most about (log₂ n + 100) ε, in any layout: only distances from the mean are
/// rounded, and the mean is represented by two numbers, so that a large mean costs no digits. Where the variance is
/// smaller than the smallest normal number, and so has fewer digits, the error is at most log₂ n + 3 times the smallest
/// number, times n / (n − ddof).
///
/// Elements may be of any magnitude: the variance is infinite only if it is larger than the largest number. Where
/// squares have overflowed, the lane is read again, scaled.
///
/// NaN and infinities give NaN, and so does a `ddof` of NaN. An axis without elements gives NaN; n ≤ `ddof` gives
/// infinity, or NaN if all elements are equal, as in NumPy. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.var(a, axis, ddof=ddof, out=out)` and ndarray's `a.var_axis(axis, ddof)`, which allocates, and calls
/// a library function for every element.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::var_axis_into;
///
/// let a = array![[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]];
/// let mut out = array![0.0, 0.0];
/// var_axis_into(&a, Axis(1), 1.0, &mut out);
/// assert_eq!(out, array![1.0, 100.0]);
/// ```
#[doc(alias = "var_axis")]
#[track_caller]
pub fn var_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("var_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, false, false> { ddof }.along_axis(a, axis, out, &Moments);
}

/// Computes the standard deviation of all elements.
///
/// *√(Σ (a\[i\] − mean)² / max(n − ddof, 0))*
///
/// `a` has any shape of n elements. Everything else is as for [`std_axis_into`]. No
/// elements give NaN.
///
/// # Replaces
///
/// NumPy's `np.std(a, ddof=ddof)` and ndarray's `a.std(ddof)`, which panics for n < `ddof`, and calls a library
/// function for every element.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::std;
///
/// let a = array![[1.0, 1.0], [5.0, 5.0]];
/// assert_eq!(std(&a, 0.0), 2.0);
/// ```
#[doc(alias = "standard_deviation")]
#[must_use]
pub fn std<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, true, false> { ddof }.of_all(a, &Moments)
}

/// Computes the standard deviation of each lane.
///
/// *out\[j\] = √(Σᵢ (a\[i, j\] − meanⱼ)² / max(n − ddof, 0))*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// The axis has n elements. `ddof` (delta degrees of freedom) is subtracted from their number: 0 for the deviation of
/// these numbers, 1 for an estimate from a sample.
///
/// **Accuracy.** The relative error is at most about (log₂ n + 100) ε, in any layout: only distances from the mean are
/// rounded, and the mean is represented by two numbers, so that a large mean costs no digits.
///
/// Elements may be of any magnitude, since the deviation is no larger than the largest of them. Where squares have
/// overflowed, or numbers are so small that squares may have lost digits, the lane is read again, scaled.
///
/// NaN and infinities give NaN, and so does a `ddof` of NaN. An axis without elements gives NaN; n ≤ `ddof` gives
/// infinity, or NaN if all elements are equal, as in NumPy. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.std(a, axis, ddof=ddof, out=out)` and ndarray's `a.std_axis(axis, ddof)`, which allocates, and calls
/// a library function for every element.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::std_axis_into;
///
/// let a = array![[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]];
/// let mut out = array![0.0, 0.0];
/// std_axis_into(&a, Axis(1), 1.0, &mut out);
/// assert_eq!(out, array![1.0, 10.0]);
/// ```
#[doc(alias = "std_axis")]
#[track_caller]
pub fn std_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check::without_axis("std_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, true, false> { ddof }.along_axis(a, axis, out, &Moments);
}

/// A variance, or with `ROOT` a standard deviation; with `NUMBERS`, of the elements that are not NaN.
#[derive(Clone, Copy)]
pub(crate) struct Spread<A, const ROOT: bool, const NUMBERS: bool> {
    pub(crate) ddof: A,
}

impl<A: Float + 'static, const ROOT: bool, const NUMBERS: bool> Spread<A, ROOT, NUMBERS> {
    /// The spread of all elements, whose moments `fold` computes.
    pub(crate) fn of_all<D, F>(self, a: &ArrayRef<A, D>, fold: &F) -> A
    where
        D: Dimension,
        F: Fold<A, State = MomentsOf<A>>,
    {
        fold::of_all(a.view(), fold).map_or_else(A::nan, |moments| self.looked_at(moments, a, fold))
    }

    /// The spread of all elements, which have these moments: computed again where these have left the range.
    pub(crate) fn looked_at<D, F>(self, moments: MomentsOf<A>, a: &ArrayRef<A, D>, fold: &F) -> A
    where
        D: Dimension,
        F: Fold<A, State = MomentsOf<A>>,
    {
        let (spread, look) = (self.of(moments), self.look(a.len(), fold));
        match look.is_doubtful(spread) && look.may_differ(moments.near, spread) {
            true => look.scaled(a.view(), spread),
            false => spread,
        }
    }

    /// The spread of each lane, whose moments `fold` computes. The axis has elements.
    pub(crate) fn along_axis<D, F>(
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
        second_look::along_axis(a, axis, out, fold, self.finish(), &look);
    }

    /// [`of`](Self::of), as a function whose type does not depend on the number of axes.
    fn finish(self) -> impl Fn(MomentsOf<A>) -> A {
        move |moments| self.of(moments)
    }

    #[inline(always)]
    fn of(self, moments: MomentsOf<A>) -> A {
        let variance = match !NUMBERS || moments.count > self.ddof {
            true => moments.variance(self.ddof),
            false => A::nan(),
        };
        if ROOT { variance.sqrt() } else { variance }
    }

    /// The second look at lanes of `n` elements.
    fn look<F>(self, n: usize, fold: &F) -> Look<'_, A, F, ROOT, NUMBERS> {
        let number = |x: usize| A::from(x).expect("a float counts with rounding");
        let share = (number(n) - self.ddof).max(A::zero());
        let least = if ROOT { small_root::<A>(n) / share.sqrt() } else { A::zero() };
        Look { spread: self, least, moderate: Moderate::of(n), fold }
    }
}

struct Look<'f, A, F, const ROOT: bool, const NUMBERS: bool> {
    spread: Spread<A, ROOT, NUMBERS>,
    /// Results below this are doubtful: squares may have lost digits that matter.
    least: A,
    moderate: Moderate<A>,
    fold: &'f F,
}

impl<A, F, const ROOT: bool, const NUMBERS: bool> Look<'_, A, F, ROOT, NUMBERS>
where
    A: Float + 'static,
    F: Fold<A, State = MomentsOf<A>>,
{
    /// The spread of scaled elements. It is `plain` if one is infinite, or if there are none.
    #[cold]
    #[inline(never)]
    fn scaled<D: Dimension>(&self, a: ArrayView<'_, A, D>, plain: A) -> A {
        let Some(scale) = scale_of_all(a.view()) else { return plain };
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

    /// Elements this close to a first one that is not small are equal to it: their spread is zero, and right.
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
