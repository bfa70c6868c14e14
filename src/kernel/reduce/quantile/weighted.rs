//! Quantiles of weighted elements, by sorting in scratch memory that the caller lends.

use ndarray::{ArrayRef, ArrayRef1, ArrayView1, Axis, Dimension, RemoveAxis, Zip};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::reduce::quantile::ascending;

/// Computes the `q` quantile of all elements, each of which has a weight.
///
/// *the smallest a\[i\] for which the weights of all elements up to a\[i\] sum to at least q Σ w*
///
/// `a` and `weights` have the same shape of n elements, and `scratch` has room for at least n pairs of an element and
/// its weight; its contents do not matter before, and have no meaning afterwards. This is
/// [`QuantileMethod::InvertedCdf`](super::QuantileMethod::InvertedCdf), as if each element occurred as often as its
/// weight says. Weights are added in `f64`, one after another, and scaled if their sum overflows. The result is an
/// element, and never falls as `q` rises.
///
/// Elements with zero weight are skipped. NaN gives NaN, with or without weight, and so do no elements.
///
/// # Panics
///
/// If `weights` does not have the shape of `a`, `q` does not lie between 0 and 1, `scratch` is shorter than `a`, a
/// weight is negative, infinite or NaN, or all are zero.
///
/// # Replaces
///
/// NumPy's `np.quantile(a, q, weights=weights, method='inverted_cdf')`, which makes four arrays. ndarray has no such
/// function.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::weighted_quantile;
///
/// let (a, weights) = (array![30.0, 10.0, 20.0], array![1.0, 1.0, 5.0]);
/// let mut scratch = [(0.0, 0.0); 3];
/// assert_eq!(weighted_quantile(&a, &weights, 0.5, &mut scratch), 20.0);
/// assert_eq!(weighted_quantile(&a, &weights, 0.9, &mut scratch), 30.0);
/// ```
#[doc(alias = "quantile")]
#[doc(alias = "percentile")]
#[must_use]
#[track_caller]
pub fn weighted_quantile<A, D>(
    a: &ArrayRef<A, D>,
    weights: &ArrayRef<A, D>,
    q: f64,
    scratch: &mut [(A, A)],
) -> A
where
    A: Float + 'static,
    D: Dimension,
{
    check::same_shape("weighted_quantile", ("weights", weights), ("a", a));
    check::between_zero_and("weighted_quantile", ("q", q), 1.0);
    check::scratch("weighted_quantile", scratch, a.len());
    check::weights("weighted_quantile", weights);
    select(a.iter().zip(weights), &mut scratch[..a.len()], q)
}

/// Computes the `q` quantile of each lane, with a weight for each position on the axis.
///
/// *out\[j\] = the smallest a\[i, j\] for which the weights of all elements of lane j up to it sum to at least q Σ w*
///
/// `a` has any shape with the axis `axis`, `weights` the length of that axis, and `out` the shape of `a` without it:
/// n×m and n along `Axis(0)` give m. `scratch` has at least the length of the axis. Everything else is as for
/// [`whole::weighted_quantile`](crate::kernel::whole::weighted_quantile).
///
/// NaN in a lane gives NaN, and so does an axis without elements. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a` has no axis `axis`, `weights` does not have its length, `out` does not have the shape of `a` without it, `q`
/// does not lie between 0 and 1, `scratch` is shorter than the axis, a weight is negative, infinite or NaN, or all are
/// zero; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.quantile(a, q, axis, weights=weights, method='inverted_cdf', out=out)`, which makes four arrays. ndarray
/// has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::weighted_quantile_axis_into;
///
/// let (a, weights) = (array![[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]], array![1.0, 1.0, 5.0]);
/// let (mut out, mut scratch) = (array![0.0, 0.0], [(0.0, 0.0); 3]);
/// weighted_quantile_axis_into(&a, &weights, Axis(1), 0.5, &mut out, &mut scratch);
/// assert_eq!(out, array![2.0, 5.0]);
/// ```
#[doc(alias = "quantile")]
#[doc(alias = "percentile")]
#[track_caller]
pub fn weighted_quantile_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    weights: &ArrayRef1<A>,
    axis: Axis,
    q: f64,
    out: &mut ArrayRef<A, D::Smaller>,
    scratch: &mut [(A, A)],
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    const NAME: &str = "weighted_quantile_axis_into";
    check::without_axis(NAME, ("a", a), axis, out);
    check::len_of_axis(NAME, ("weights", weights.len()), axis, ("a", a));
    check::between_zero_and(NAME, ("q", q), 1.0);
    check::scratch(NAME, scratch, a.len_of(axis));
    check::weights(NAME, weights);
    if out.is_empty() {
        return;
    }
    let scratch = &mut scratch[..weights.len()];
    Zip::from(out).and(a.lanes(axis)).for_each(|out, lane: ArrayView1<'_, A>| {
        *out = select(lane.iter().zip(weights), scratch, q);
    });
}

/// The quantile of elements with their weights, of which there are as many as `scratch` has room for.
fn select<'a, A: Float + 'a>(
    weighted: impl Iterator<Item = (&'a A, &'a A)>,
    scratch: &mut [(A, A)],
    q: f64,
) -> A {
    let mut any_nan = scratch.is_empty();
    for (place, (&element, &weight)) in scratch.iter_mut().zip(weighted) {
        any_nan |= element.is_nan();
        *place = (element, weight);
    }
    if any_nan {
        return A::nan();
    }
    scratch.sort_unstable_by(|a, b| ascending(&a.0, &b.0));
    share(scratch, q, 1.0).or_else(|| share(scratch, q, SMALL)).expect("scaled sums are finite")
}

/// The factor for weights whose sum overflows: there cannot be so many that the scaled sum does.
const SMALL: f64 = 1.0 / (1_u128 << 64) as f64;

/// The first of the sorted elements at which the sum of the weights reaches a share of `q`. `None` if the sum is
/// infinite.
fn share<A: Float>(weighted: &[(A, A)], q: f64, scale: f64) -> Option<A> {
    let sums = |sum: &mut f64, &(element, weight): &(A, A)| {
        *sum += weight.to_f64().expect("floats have a value in f64") * scale;
        Some((element, *sum))
    };
    let (_, total) = weighted.iter().scan(0.0, sums).last().expect("there are elements");
    let reached = |&(_, sum): &(A, f64)| sum > 0.0 && sum / total >= q;
    weighted.iter().scan(0.0, sums).find(reached).map(|(element, _)| element)
}
