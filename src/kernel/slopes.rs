//! Slopes and areas of evenly spaced samples along an axis.

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis, Slice, Zip};
use num_traits::Float;

use super::reduce::{adding_of, from_zero};
use super::{check, check_reduce, drive, fold};

/// Computes the slope of evenly spaced samples along an axis.
///
/// *out\[k\] = (a\[k + 1\] − a\[k − 1\]) / 2h; at the ends out\[0\] = (a\[1\] − a\[0\]) / h, and so at the other*
///
/// `a` and `out` have the same shape, with at least two elements along the axis `axis`; h is `spacing`.
///
/// Differences are second order inside and first order at the two ends, as is NumPy's default (`edge_order=1`).
///
/// NaN and infinities spread to their neighbours. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis` or not the shape of `out`, or the axis has less than two elements; nothing is written
/// then.
///
/// # Replaces
///
/// NumPy's `np.gradient(a, spacing, axis=axis)`, which has no `out`, and in ndarray a loop over `a.windows(..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::gradient_axis_into;
///
/// let a = array![0.0, 1.0, 4.0, 9.0];
/// let mut out = array![0.0, 0.0, 0.0, 0.0];
/// gradient_axis_into(&a, Axis(0), 0.5, &mut out);
/// assert_eq!(out, array![2.0, 4.0, 8.0, 10.0]);
/// ```
#[doc(alias = "gradient")]
#[doc(alias = "derivative")]
#[track_caller]
pub fn gradient_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    spacing: A,
    out: &mut ArrayRef<A, D>,
) where
    A: Float + 'static,
    D: Dimension,
{
    check::axis("gradient_axis_into", axis, ("a", a));
    check::same_shape("gradient_axis_into", ("a", a), ("out", out));
    check_reduce::at_least("gradient_axis_into", ("a", a), axis, 2);
    let twice = (A::one() + A::one()) * spacing;
    let mut slope = |later: Slice, earlier: Slice, place: Slice, distance: A| {
        let (later, earlier) = (a.slice_axis(axis, later), a.slice_axis(axis, earlier));
        let mut out = out.slice_axis_mut(axis, place);
        // Multiplying takes a fifth of the time of dividing, where it gives the same bits.
        match exact_reciprocal(distance) {
            Some(inverse) => drive::zip_map(later, earlier, &mut out, |y, x| (y - x) * inverse),
            None => drive::zip_map(later, earlier, &mut out, |y, x| (y - x) / distance),
        }
    };
    slope(Slice::from(1..2), Slice::from(..1), Slice::from(..1), spacing);
    slope(Slice::from(2..), Slice::from(..-2), Slice::new(1, Some(-1), 1), twice);
    slope(Slice::from(-1..), Slice::from(-2..-1), Slice::from(-1..), spacing);
}

/// Integrates evenly spaced samples along an axis by the trapezoidal rule.
///
/// *out\[j\] = Σₖ h (y\[k + 1, j\] + y\[k, j\]) / 2*
///
/// `y` has any shape with the axis `axis`, and `out` the shape of `y` without that axis; h is `spacing`.
///
/// **Accuracy.** Rounding errors are at most (log₂ n + 31) ε Σ h |y\[k\]|. The areas are summed as
/// [`sum_axis_into`](super::sum_axis_into) sums.
///
/// NaN gives NaN. Less than two samples enclose no area: zero. `out` cannot overlap `y`.
///
/// # Panics
///
/// If `y` has no axis `axis`, or `out` does not have the shape of `y` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.trapezoid(y, dx=spacing, axis=axis)`, which has no `out` and makes three arrays, and in ndarray
/// `y.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::trapezoid_axis_into;
///
/// let y = array![[0.0, 0.0], [1.0, 3.0], [2.0, 0.0]];
/// let mut out = array![0.0, 0.0];
/// trapezoid_axis_into(&y, Axis(0), 2.0, &mut out);
/// assert_eq!(out, array![4.0, 6.0]);
/// ```
#[doc(alias = "trapz")]
#[doc(alias = "integrate")]
#[track_caller]
pub fn trapezoid_axis_into<A, D>(
    y: &ArrayRef<A, D>,
    axis: Axis,
    spacing: A,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    check_reduce::without_axis("trapezoid_axis_into", ("y", y), axis, out);
    if y.len_of(axis) < 2 {
        return out.fill(A::zero());
    }
    // Each sample inside belongs to two trapezoids, with half of it in each.
    match y.len_of(axis) {
        2 => out.fill(A::zero()),
        _ => {
            let inside = y.slice_axis(axis, ndarray::Slice::new(1, Some(-1), 1));
            let areas = adding_of(|y| spacing * y);
            fold::along_axis(inside, axis, out, &areas, from_zero);
        }
    }
    let half = spacing / (A::one() + A::one());
    let (first, last) = (y.index_axis(axis, 0), y.index_axis(axis, y.len_of(axis) - 1));
    Zip::from(out).and(&first).and(&last).for_each(|out, &first, &last| {
        *out = *out + half * (first + last);
    });
}

/// 1 / x, if it is exact: then multiplying by it rounds the same number as dividing by x.
fn exact_reciprocal<A: Float>(x: A) -> Option<A> {
    let is_power_of_two = x.integer_decode().0.is_power_of_two();
    (is_power_of_two && x.recip().is_finite()).then(|| x.recip())
}
