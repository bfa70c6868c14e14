//! Sums and products that ignore NaN, along an axis and over all elements.

use std::convert::identity;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::combine::{Combine, from_zero};
use crate::kernel::engine::fold::{self, Fold};

/// Adds all elements that are not NaN.
///
/// *Σ a\[i\] over the a\[i\] that are not NaN*
///
/// As [`sum`](crate::kernel::whole::sum), with zero in the place of NaN. All NaN gives zero.
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
    fold::of_all(a.view(), &adding_numbers()).map_or_else(A::zero, from_zero)
}

/// Adds the elements of each lane that are not NaN.
///
/// *out\[j\] = Σᵢ a\[i, j\] over those that are not NaN*
///
/// As [`sum_axis_into`](crate::kernel::sum_axis_into), with zero in the place of NaN. Lanes that are all NaN give zero.
/// Infinities of both signs give NaN.
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
    check::without_axis("nansum_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    fold::along_axis(a.view(), axis, out, &adding_numbers(), from_zero);
}

/// Multiplies all elements that are not NaN.
///
/// *Π a\[i\] over the a\[i\] that are not NaN*
///
/// As [`prod`](crate::kernel::whole::prod), with one in the place of NaN. All NaN gives one. Zero times infinity gives
/// NaN.
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

/// Multiplies the elements of each lane that are not NaN.
///
/// *out\[j\] = Πᵢ a\[i, j\] over those that are not NaN*
///
/// As [`prod_axis_into`](crate::kernel::prod_axis_into), with one in the place of NaN. Lanes that are all NaN give one.
/// Zero times infinity gives NaN.
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
    check::without_axis("nanprod_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::one());
    }
    fold::along_axis(a.view(), axis, out, &multiplying(), identity);
}

/// The fold of sums in which zero stands for NaN.
pub(crate) fn adding_numbers<A: Float>() -> impl Fold<A, State = A> {
    Combine { lift: |x: A| if x.is_nan() { A::zero() } else { x }, combine: |a, b| a + b }
}

/// The fold of products in which one stands for NaN.
fn multiplying<A: Float>() -> impl Fold<A, State = A> {
    Combine { lift: |x: A| if x.is_nan() { A::one() } else { x }, combine: |a, b| a * b }
}
