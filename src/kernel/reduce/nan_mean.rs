//! Means that ignore NaN, along an axis and over all elements.

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::combine::{Both, counting, from_zero};
use crate::kernel::engine::fold::second_look::{
    self, Scale, SecondLook, have_finite_sums, of_all_times,
};
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::reduce::nan_sum::adding_numbers;

/// Computes the mean of all elements that are not NaN.
///
/// *Σ a\[i\] / n over the n elements a\[i\] that are not NaN*
///
/// `a` has any shape. Accuracy is as for [`nanmean_axis_into`]. All NaN, or no
/// elements, give NaN, as 0/0 is.
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

/// Computes the mean of each lane along an axis, ignoring NaN.
///
/// *out\[j\] = Σᵢ a\[i, j\] / nⱼ over the nⱼ elements of the lane that are not NaN*
///
/// As [`mean_axis_into`](crate::kernel::mean_axis_into), with these differences:
///
/// **Accuracy.** The error is that of [`nansum_axis_into`](crate::kernel::nansum_axis_into), and one rounding each for
/// the division and for nⱼ. The mean is always representable, even if the sum is not: where the sum overflows, elements
/// are read again, scaled.
///
/// Lanes that are all NaN, or without elements, give NaN, as 0/0 is.
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
    check::without_axis("nanmean_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::nan());
    }
    let n = A::from(a.len_of(axis)).expect("a float counts with rounding");
    let look = Means { most: A::max_value() / (n + n) };
    second_look::along_axis(a, axis, out, &adding_and_counting(), mean_of, &look);
}

/// The fold of the sum of the numbers, and of their count.
fn adding_and_counting<A: Float>() -> impl Fold<A, State = (A, usize)> {
    Both(adding_numbers(), counting::<usize, _>(|x: A| !x.is_nan()))
}

fn mean_of<A: Float>((sum, count): (A, usize)) -> A {
    from_zero(sum) / A::from(count).expect("a float counts with rounding")
}

/// Doubts sums that are not finite: they may have overflowed if an element is larger than `most`.
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

/// The mean of elements whose sum may overflow. It is `plain` if there are no elements.
#[cold]
#[inline(never)]
fn scaled_mean<A: Float, D: Dimension>(a: ArrayView<'_, A, D>, plain: A) -> A {
    let scale = Scale::of_sum(a.len());
    let state = of_all_times(a, scale.into, &adding_and_counting());
    state.map_or(plain, |state| scale.back_to_mean(mean_of(state)))
}
