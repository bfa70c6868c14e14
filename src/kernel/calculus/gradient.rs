//! Gradients of samples along an axis.

use ndarray::{ArrayRef, ArrayRef1, Axis, Dimension};
use num_traits::Float;

use crate::kernel::calculus::samples::Samples;
use crate::kernel::calculus::spacing::{EdgeOrder, Spacing};
use crate::kernel::engine::check;
use crate::kernel::engine::cpu::stream;

/// Computes the gradient (the slope) of samples along an axis.
///
/// *out\[k\] = (a\[k + 1\] − a\[k − 1\]) / 2h* where samples are h apart, and with distances d before sample k and e
/// after it *out\[k\] = −e / (d (d + e)) · a\[k − 1\] + (e − d) / (d e) · a\[k\] + d / (e (d + e)) · a\[k + 1\]*
///
/// At the ends it is the difference of two samples divided by their distance, *(a\[1\] − a\[0\]) / e* and *(a\[n − 1\]
/// − a\[n − 2\]) / d*. With [`EdgeOrder::Second`] it is the slope of the parabola through three samples: *−(2d + e) /
/// (d (d + e)) · a\[0\] + (d + e) / (d e) · a\[1\] − d / (e (d + e)) · a\[2\]*, where d and e are the first two
/// distances, and *e / (d (d + e)) · a\[n − 3\] − (d + e) / (d e) · a\[n − 2\] + (d + 2e) / (e (d + e)) · a\[n − 1\]*,
/// where they are the last two.
///
/// `a` and `out` have the same shape, with at least two elements along the axis `axis`, or three for
/// [`EdgeOrder::Second`]. `spacing` is the distance h, or [`Spacing::At`] the coordinates of the samples; if these are
/// evenly spaced, they are treated as one distance.
///
/// **Accuracy.** Rounding errors of slopes of two samples are at most 1.6 ε |out\[k\]|, and those of three samples 5 ε
/// Σ |wᵢ a\[i\]|, where wᵢ is the weight of the sample in the formula (for the middle one between unequal distances,
/// with d + e in place of e − d). In both cases, add 2 units of the smallest number. The bounds hold for every slope
/// that is representable in `A`, however large or small samples and distances are: where a difference, a product or a
/// distance leaves the range, the slope is computed again with an unbounded exponent, which takes up to 1 µs.
///
/// NaN and infinities propagate to all slopes that they are part of. Where one of the divisors is zero, as between
/// equal coordinates, slopes are infinite or NaN. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis` or not the shape of `out`, the axis has too few elements, or there is not one coordinate
/// for each element; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.gradient(a, spacing, axis=axis, edge_order=1)` (or 2, and with coordinates in place of `spacing`), which
/// has no `out`, and in ndarray a loop over `a.windows(..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::{EdgeOrder, Spacing, gradient_axis_into};
///
/// let a = array![0.0, 1.0, 4.0, 9.0];
/// let mut out = array![0.0, 0.0, 0.0, 0.0];
/// gradient_axis_into(&a, Axis(0), 0.5, EdgeOrder::First, &mut out);
/// assert_eq!(out, array![2.0, 4.0, 8.0, 10.0]);
///
/// let x = array![0.0, 1.0, 2.0, 4.0];
/// let squares = &x * &x;
/// gradient_axis_into(&squares, Axis(0), Spacing::At(&x), EdgeOrder::Second, &mut out);
/// assert_eq!(out, 2.0 * &x);
/// ```
#[doc(alias = "gradient")]
#[doc(alias = "derivative")]
#[track_caller]
pub fn gradient_axis_into<'x, A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    spacing: impl Into<Spacing<'x, A>>,
    edge_order: EdgeOrder,
    out: &mut ArrayRef<A, D>,
) where
    A: Float + 'static,
    D: Dimension,
{
    let spacing = spacing.into();
    let least = match edge_order {
        EdgeOrder::First => 2,
        EdgeOrder::Second => 3,
    };
    check::axis("gradient_axis_into", axis, ("a", a));
    check::same_shape("gradient_axis_into", ("a", a), ("out", out));
    check::at_least("gradient_axis_into", ("a", a), axis, least);
    spacing.check("gradient_axis_into", axis, ("a", a));
    let streams = stream::pays::<A>(stream::bytes_of(a) + stream::bytes_of(out));
    let samples = Samples { a, axis, last: a.len_of(axis) - 1, streams };
    match spacing {
        Spacing::Even(step) => samples.even_slopes(step, edge_order, out),
        Spacing::At(x) => match only_distance(x) {
            Some(step) => samples.even_slopes(step, edge_order, out),
            None => samples.slopes_at(x, edge_order, out),
        },
    }
}

/// The distance between all neighbouring coordinates, of which there are at least two, if it is the same everywhere.
fn only_distance<A: Float>(x: &ArrayRef1<A>) -> Option<A> {
    let first = x[1] - x[0];
    let is_only = first.is_finite() && (2..x.len()).all(|k| x[k] - x[k - 1] == first);
    is_only.then_some(first)
}
