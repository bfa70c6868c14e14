//! Weighted means, along an axis and over all elements.
//!
//! The products and the weights are each summed as in `sum`. Where a sum or a product left the range, elements and
//! weights are read again, both scaled ([`second_look`](crate::kernel::engine::fold::second_look)).

use ndarray::{ArrayRef, ArrayRef1, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::fold::kinds::combine::adding;
use crate::kernel::engine::fold::second_look::{
    Moderate, Scale, SecondLook, Watched, are_from, is_any, of_all_times, reduce_again,
};
use crate::kernel::engine::{check, fold};
use crate::kernel::reduce::norm::norm_max;
use crate::kernel::reduce::sum::sum;

/// Computes the weighted mean of all elements.
///
/// *Σ w\[i\] a\[i\] / Σ w\[i\]*
///
/// `a` and `weights` have the same shape.
///
/// **Accuracy.** For n elements the numerator has an error of at most (2 log₂ n + 29) ε Σ |w\[i\] a\[i\]|, the
/// denominator one of (2 log₂ n + 28) ε Σ |w\[i\]|. Neither has to be representable: where a sum or a product has
/// overflowed, or may have lost digits, elements and weights are read again, both scaled so that the largest is about
/// one. (Then products below about 10⁻³⁰⁰ of the largest weight times the largest element have fewer digits; 10⁻³⁷ for
/// `f32`.)
///
/// NaN gives NaN. Weights whose sum is zero, or no elements, give what the division gives: NaN or an infinity. (NumPy
/// raises an error.)
///
/// # Panics
///
/// If `weights` does not have the shape of `a`.
///
/// # Replaces
///
/// NumPy's `np.average(a, weights=w)`, and ndarray's `(&a * &w).sum() / w.sum()`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::average;
///
/// assert_eq!(average(&array![1.0, 5.0], &array![3.0, 1.0]), 2.0);
/// ```
#[doc(alias = "weighted_mean")]
#[must_use]
#[track_caller]
pub fn average<A, D>(a: &ArrayRef<A, D>, weights: &ArrayRef<A, D>) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::same_shape("average", ("weights", weights), ("a", a));
    let weighted = fold::of_all_of_two(a.view(), weights.view(), &A::mul, &adding());
    let total = sum(weights);
    let average = weighted.unwrap_or_else(A::zero) / total;
    match is_doubtful(average, least_average(total, a.len())) {
        true => scaled(a.view(), weights.view(), average),
        false => average,
    }
}

/// Computes the weighted mean along an axis, with a weight for each position on the axis.
///
/// *out\[j\] = Σᵢ w\[i\] a\[i, j\] / Σᵢ w\[i\]*
///
/// `a` has any shape with the axis `axis`, `weights` the length of that axis, and `out` the shape of `a` without it:
/// n×m and n along `Axis(0)` give m.
///
/// **Accuracy.** As [`average`].
///
/// NaN in a lane, or in the weights, gives NaN. Weights whose sum is zero, or no weights, give what the division gives:
/// NaN or an infinity. (NumPy raises an error.) `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no axis `axis`, `weights` does not have its length, or `out` does not have the shape of `a` without
/// it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.average(a, axis, weights=w)`, which has no `out`; in ndarray-stats `a.weighted_mean_axis(axis, &w)`;
/// both allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::average_axis_into;
///
/// let a = array![[1.0, 2.0], [5.0, 6.0]];
/// let mut out = array![0.0, 0.0];
/// average_axis_into(&a, &array![3.0, 1.0], Axis(0), &mut out);
/// assert_eq!(out, array![2.0, 3.0]);
/// ```
#[doc(alias = "weighted_mean_axis")]
#[track_caller]
pub fn average_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    weights: &ArrayRef1<A>,
    axis: Axis,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    const NAME: &str = "average_axis_into";
    check::without_axis(NAME, ("a", a), axis, out);
    check::len_of_axis(NAME, ("weights", weights.len()), axis, ("a", a));
    let total = sum(weights);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero() / total);
    }
    let n = weights.len();
    let look = Averages { weights, least: least_average(total, n), moderate: Moderate::of(n) };
    let finish = Watched::new(divided_by(total), &look);
    let all = along(weights, axis, a.raw_dim());
    fold::along_axis_of_two(a.view(), all, &A::mul, axis, out, &adding(), &finish);
    if finish.has_doubt() {
        reduce_again(a, axis, out, &look);
    }
}

/// (A function of its own, so that the type of its closure does not depend on the number of axes.)
fn divided_by<A: Float>(total: A) -> impl Fn(A) -> A {
    move |sum| sum / total
}

/// Doubts averages for which a sum or a product may have overflowed, or products may have lost digits that matter.
struct Averages<'w, A> {
    weights: &'w ArrayRef1<A>,
    least: A,
    moderate: Moderate<A>,
}

impl<A: Float + 'static> SecondLook<A> for Averages<'_, A> {
    #[inline(always)]
    fn may_doubt(&self, averages: &[A]) -> bool {
        !are_from(averages, self.least)
    }

    #[inline(always)]
    fn is_doubtful(&self, average: A) -> bool {
        is_doubtful(average, self.least)
    }

    /// (A product may also leave the range if a weight is extreme.)
    fn any_extreme(&self) -> bool {
        is_any(self.weights, |weight| self.moderate.is_extreme(weight))
    }

    fn is_extreme(&self, element: A) -> bool {
        self.moderate.is_extreme(element)
    }

    fn again(&self, lane: ArrayView1<'_, A>, average: A) -> A {
        scaled(lane, self.weights.view(), average)
    }
}

/// The average below which products with weights of this sum may have lost digits that matter.
fn least_average<A: Float>(total: A, n: usize) -> A {
    // (Many times as large as it has to be, so that the quotient is not subnormal, which is slow on many processors.)
    let n = A::from(n).expect("a float counts with rounding");
    match total.is_finite() {
        true => A::min_positive_value() / A::epsilon() * n / total.abs(),
        false => A::infinity(),
    }
}

#[inline(always)]
fn is_doubtful<A: Float>(average: A, least: A) -> bool {
    !((average.abs() >= least) & (average.abs() <= A::max_value()))
}

/// The average of scaled elements and weights. It is `plain` if there are none, or if all are zero, or if one is NaN.
#[cold]
#[inline(never)]
fn scaled<A: Float + 'static, D: Dimension>(
    a: ArrayView<'_, A, D>,
    weights: ArrayView<'_, A, D>,
    plain: A,
) -> A {
    let scale_of = |a: &ArrayRef<A, D>| {
        let size = norm_max(a);
        (size > A::zero()).then(|| Scale::of_size(size))
    };
    let (Some(of_a), Some(of_weights)) = (scale_of(&a), scale_of(&weights)) else { return plain };
    let is_mean = !is_any(&weights, |weight| weight < A::zero());
    let product = |x, weight| (x * of_a.into) * (weight * of_weights.into);
    let total = of_all_times(weights.view(), of_weights.into, &adding());
    let weighted = fold::of_all_of_two(a, weights, &product, &adding());
    match weighted.zip(total) {
        Some((weighted, total)) if is_mean => of_a.back_to_mean(weighted / total),
        Some((weighted, total)) => weighted / total * of_a.back,
        None => plain,
    }
}

/// The weights broadcast to the shape of the array: the same for all lanes along `axis`.
fn along<A, D: Dimension>(weights: &ArrayRef1<A>, axis: Axis, mut dim: D) -> ArrayView<'_, A, D> {
    let last = dim.ndim() - 1;
    dim.slice_mut().swap(axis.index(), last);
    let mut view = weights.broadcast(dim).expect("the last axis has the length of the weights");
    view.swap_axes(axis.index(), last);
    view
}
