//! Reductions that leave NaN out: sums, products, means, variances and deviations.

use std::convert::identity;

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use super::check_reduce;
use super::deviations::Spread;
use super::fold::{self, Fold};
use super::fold_kinds::{Both, Combine, counting};
use super::fold_moments::NanMoments;
use super::reduce::from_zero;
use super::second_look::{self, Scale, SecondLook, have_finite_sums, of_all_times};

/// Adds all elements that are not NaN.
///
/// *Σ a\[i\] over the a\[i\] that are not NaN*
///
/// `a` has any shape.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 28) ε Σ |a\[i\]| for n numbers, in any layout: the sum is a
/// tree over blocks.
///
/// Nothing but NaN, or no elements, give zero. Infinities of both signs give NaN.
///
/// # Replaces
///
/// NumPy's `np.nansum(a)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nansum;
///
/// assert_eq!(nansum(&array![1.0, f64::NAN, 3.0]), 4.0);
/// ```
#[must_use]
pub fn nansum<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &adding()).map_or_else(A::zero, from_zero)
}

/// Adds along an axis, without those that are NaN.
///
/// *out\[j\] = Σᵢ a\[i, j\] over those that are not NaN*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 28) ε Σ |a\[i\]| for n numbers, in any layout: the sum is a
/// tree over blocks.
///
/// Lanes of nothing but NaN, or without elements, give zero. Infinities of both signs give NaN. `out` cannot
/// overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nansum(a, axis, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nansum_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nansum_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![4.0, 4.0]);
/// ```
#[track_caller]
pub fn nansum_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("nansum_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &adding(), from_zero);
}

/// Multiplies all elements that are not NaN.
///
/// *Π a\[i\] over the a\[i\] that are not NaN*
///
/// `a` has any shape.
///
/// As in [`prod`](super::whole::prod), products are formed over blocks.
///
/// Nothing but NaN, or no elements, give one. Zero times infinity gives NaN.
///
/// # Replaces
///
/// NumPy's `np.nanprod(a)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanprod;
///
/// assert_eq!(nanprod(&array![2.0, f64::NAN, 3.0]), 6.0);
/// ```
#[must_use]
pub fn nanprod<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    fold::of_all(a.view(), &multiplying()).unwrap_or_else(A::one)
}

/// Multiplies along an axis, without those that are NaN.
///
/// *out\[j\] = Πᵢ a\[i, j\] over those that are not NaN*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// As in [`prod`](super::whole::prod), products are formed over blocks.
///
/// Lanes of nothing but NaN, or without elements, give one. Zero times infinity gives NaN. `out` cannot overlap
/// `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanprod(a, axis, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanprod_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanprod_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![3.0, 4.0]);
/// ```
#[track_caller]
pub fn nanprod_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("nanprod_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::one());
    }
    fold::along_axis(a.view(), axis, out, &multiplying(), identity);
}

/// Averages all elements that are not NaN.
///
/// *Σ a\[i\] / n over the n elements a\[i\] that are not NaN*
///
/// `a` has any shape.
///
/// **Accuracy.** That of [`nansum`], and one rounding each for the division and the number of numbers. The mean
/// always fits, even if the sum does not: where that overflows, elements are read again, scaled.
///
/// Nothing but NaN, or no elements, give NaN, as 0/0 is.
///
/// # Replaces
///
/// NumPy's `np.nanmean(a)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanmean;
///
/// assert_eq!(nanmean(&array![1.0, f64::NAN, 3.0]), 2.0);
/// ```
#[must_use]
pub fn nanmean<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    let mean = fold::of_all(a.view(), &adding_and_counting()).map_or_else(A::nan, mean_of);
    if mean.is_finite() { mean } else { scaled_mean(a.view(), mean) }
}

/// Averages along an axis, without those that are NaN.
///
/// *out\[j\] = Σᵢ a\[i, j\] / nⱼ over the nⱼ elements of the lane that are not NaN*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** That of [`nansum`], and one rounding each for the division and the number of numbers. The mean
/// always fits, even if the sum does not: where that overflows, elements are read again, scaled.
///
/// Lanes of nothing but NaN, or without elements, give NaN, as 0/0 is. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanmean(a, axis, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanmean_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanmean_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![2.0, 4.0]);
/// ```
#[track_caller]
pub fn nanmean_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("nanmean_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    let n = A::from(a.len_of(axis)).expect("a float counts with rounding");
    let look = Means { most: A::max_value() / (n + n) };
    second_look::along_axis(a, axis, out, &adding_and_counting(), mean_of, &look);
}

/// Computes the variance of all elements that are not NaN.
///
/// *Σ (a\[i\] − mean)² / (n − ddof) over the n elements a\[i\] that are not NaN*
///
/// `a` has any shape.
///
/// **Accuracy.** That of [`var`](super::whole::var), for elements of any size.
///
/// Infinities give NaN, and so do n ≤ `ddof` numbers, as NumPy has it, and a `ddof` of NaN.
///
/// # Replaces
///
/// NumPy's `np.nanvar(a, ddof=ddof)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanvar;
///
/// assert_eq!(nanvar(&array![1.0, f64::NAN, 3.0], 0.0), 1.0);
/// ```
#[must_use]
pub fn nanvar<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, false, true> { ddof }.of_all(a, &NanMoments)
}

/// Computes the variance of the elements of each lane, without those that are NaN.
///
/// *out\[j\] = Σᵢ (a\[i, j\] − meanⱼ)² / (nⱼ − ddof) over the nⱼ elements of the lane that are not NaN*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** That of [`var`](super::whole::var), for elements of any size.
///
/// Lanes with infinities, or with no more than `ddof` numbers, give NaN, as NumPy has it, and so does a `ddof` of
/// NaN. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanvar(a, axis, ddof=ddof, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`,
/// which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanvar_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanvar_axis_into(&a, Axis(0), 0.0, &mut out);
/// assert_eq!(out, array![1.0, 0.0]);
/// ```
#[track_caller]
pub fn nanvar_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("nanvar_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, false, true> { ddof }.along_axis(a, axis, out, &NanMoments);
}

/// Computes the standard deviation of all elements that are not NaN.
///
/// *√(Σ (a\[i\] − mean)² / (n − ddof)) over the n elements a\[i\] that are not NaN*
///
/// `a` has any shape.
///
/// **Accuracy.** That of [`std`](super::whole::std), for elements of any size.
///
/// Infinities give NaN, and so do n ≤ `ddof` numbers, as NumPy has it, and a `ddof` of NaN.
///
/// # Replaces
///
/// NumPy's `np.nanstd(a, ddof=ddof)`, which copies the array, and in ndarray a fold.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::nanstd;
///
/// assert_eq!(nanstd(&array![1.0, f64::NAN, 5.0], 0.0), 2.0);
/// ```
#[must_use]
pub fn nanstd<A, D>(a: &ArrayRef<A, D>, ddof: A) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    Spread::<A, true, true> { ddof }.of_all(a, &NanMoments)
}

/// Computes the standard deviation of the elements of each lane, without those that are NaN.
///
/// *out\[j\] = √(Σᵢ (a\[i, j\] − meanⱼ)² / (nⱼ − ddof)) over the nⱼ elements of the lane that are not NaN*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives
/// m.
///
/// **Accuracy.** That of [`std`](super::whole::std), for elements of any size.
///
/// Lanes with infinities, or with no more than `ddof` numbers, give NaN, as NumPy has it, and so does a `ddof` of
/// NaN. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.nanstd(a, axis, ddof=ddof, out=out)`, which copies the array, and in ndarray `a.map_axis(axis, ..)`,
/// which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::nanstd_axis_into;
///
/// let a = array![[1.0, f64::NAN], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// nanstd_axis_into(&a, Axis(0), 0.0, &mut out);
/// assert_eq!(out, array![1.0, 0.0]);
/// ```
#[track_caller]
pub fn nanstd_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("nanstd_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    Spread::<A, true, true> { ddof }.along_axis(a, axis, out, &NanMoments);
}

/// The fold of sums in which zero stands for NaN.
fn adding<A: Float>() -> impl Fold<A, State = A> {
    Combine { lift: |x: A| if x.is_nan() { A::zero() } else { x }, combine: |a, b| a + b }
}

/// The fold of products in which one stands for NaN.
fn multiplying<A: Float>() -> impl Fold<A, State = A> {
    Combine { lift: |x: A| if x.is_nan() { A::one() } else { x }, combine: |a, b| a * b }
}

/// The fold that keeps the sum of the numbers, and how many they are.
fn adding_and_counting<A: Float>() -> impl Fold<A, State = (A, usize)> {
    Both(adding(), counting::<usize, _>(|x: A| !x.is_nan()))
}

fn mean_of<A: Float>((sum, count): (A, usize)) -> A {
    from_zero(sum) / A::from(count).expect("a float counts with rounding")
}

/// Looks at sums that are not finite, which may be so if an element is larger than `most`.
struct Means<A> {
    most: A,
}

impl<A: Float> SecondLook<A> for Means<A> {
    #[inline(always)]
    fn may_doubt(&self, means: &[A]) -> bool {
        !have_finite_sums(means, A::is_finite)
    }

    #[inline(always)]
    fn is_doubtful(&self, mean: A) -> bool {
        !mean.is_finite()
    }

    fn is_extreme(&self, element: A) -> bool {
        (element.abs() > self.most) & (element.abs() <= A::max_value())
    }

    fn again(&self, lane: ArrayView1<'_, A>, mean: A) -> A {
        scaled_mean(lane, mean)
    }
}

/// The mean of elements whose sum may overflow; it is `plain` if there are none.
#[cold]
#[inline(never)]
fn scaled_mean<A: Float, D: Dimension>(a: ArrayView<'_, A, D>, plain: A) -> A {
    let scale = Scale::of_sum(a.len());
    let state = of_all_times(a, scale.into, &adding_and_counting());
    state.map_or(plain, |state| scale.back_to_mean(mean_of(state)))
}
