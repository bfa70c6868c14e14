//! Softmax, its logarithm, and the logarithm of a sum of exponentials.
//!
//! The largest element of a lane is subtracted before exponentials are taken, so that none overflows and the largest is
//! one. Each lane is read twice, tile by tile, one lane after another.

use ndarray::{ArrayRef, ArrayView1, ArrayViewMut1, Axis, RemoveAxis, Zip, s};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::{self, OutputLoop, Simd};
use crate::kernel::engine::fold;
use crate::kernel::engine::fold::kinds::best;
use crate::kernel::engine::fold::kinds::combine::adding;
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::tuning::FOLD_BLOCK;
use crate::math;

/// Computes the softmax of each lane along an axis: exponentials, divided by their sum.
///
/// *out\[i, j\] = exp(a\[i, j\]) / Σₖ exp(a\[k, j\])*
///
/// `out` has the shape of `a`, which has the axis `axis`. Elements are `f64` or `f32`.
///
/// **Accuracy.** Exponentials are [`math::exp`](crate::math::exp), of differences from the largest element m of the lane.
/// With n elements, an element has a relative error of at most (2 |a\[i, j\] − m| + n/32 + 40) ε, and an absolute one of
/// the least number of its type. No exponential overflows.
///
/// NaN in a lane makes all of it NaN, and so does +∞, or a lane of nothing but −∞, as in SciPy; an element of −∞ among
/// others gives zero. Empty arrays are fine. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a`; nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.special.softmax(a, axis)`, and in ndarray three passes that allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::softmax_axis_into;
///
/// let scores = array![[0.0, 3_f64.ln()], [1000.0, 1000.0]];
/// let mut out = Array2::zeros((2, 2));
/// softmax_axis_into(&scores, Axis(1), &mut out);
/// assert!((out[[0, 0]] - 0.25).abs() < 1e-15);
/// assert_eq!(out.row(1), array![0.5, 0.5]);
/// ```
#[track_caller]
pub fn softmax_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Float + math::Float,
    D: RemoveAxis,
{
    check::axis("softmax_axis_into", axis, ("a", a));
    check::same_shape("softmax_axis_into", ("a", a), ("out", &*out));
    Zip::from(a.lanes(axis)).and(out.lanes_mut(axis)).for_each(|lane, mut out| {
        let mut at = 0;
        let sum = sum_of_exponentials(lane, largest(lane), |tile| {
            let mut out = out.slice_mut(s![at..at + tile.len()]);
            out.iter_mut().zip(tile).for_each(|(out, &x)| *out = x);
            at += tile.len();
        });
        out.mapv_inplace(|x| x / sum);
    });
}

/// Computes the logarithm of the softmax of each lane along an axis.
///
/// *out\[i, j\] = a\[i, j\] − log Σₖ exp(a\[k, j\])*
///
/// Shapes are those of [`softmax_axis_into`]. This form is right where the softmax itself underflows to zero.
///
/// **Accuracy.** With m the largest element of the lane and n elements, the error is at most
/// (2 |a\[i, j\] − m| + 2 r + n/32 + log n + 40) ε, where r is the difference between m and the least finite element. No
/// intermediate result overflows.
///
/// NaN in a lane makes all of it NaN, and so does a lane of nothing but −∞. An element of −∞ among others gives −∞. +∞
/// gives NaN, and the others −∞, as in SciPy. Empty arrays are fine. `out` cannot overlap `a`.
///
/// # Panics
///
/// As [`softmax_axis_into`].
///
/// # Replaces
///
/// SciPy's `scipy.special.log_softmax(a, axis)`.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, Axis, array};
/// use ndarray_pool::kernel::log_softmax_axis_into;
///
/// let mut out = Array1::zeros(2);
/// log_softmax_axis_into(&array![0.0, 1000.0], Axis(0), &mut out);
/// assert_eq!(out, array![-1000.0, 0.0]);
/// ```
#[track_caller]
pub fn log_softmax_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>)
where
    A: Float + math::Float,
    D: RemoveAxis,
{
    check::axis("log_softmax_axis_into", axis, ("a", a));
    check::same_shape("log_softmax_axis_into", ("a", a), ("out", &*out));
    Zip::from(a.lanes(axis)).and(out.lanes_mut(axis)).for_each(|lane, out| {
        let most = finite_or_zero(largest(lane));
        let log = math::log(sum_of_exponentials(lane, most, |_| {}));
        Zip::from(out).and(lane).for_each(|out, &x| *out = (x - most) - log);
    });
}

/// Computes the logarithm of the sum of the exponentials of each lane along an axis.
///
/// *out\[j\] = log Σᵢ exp(a\[i, j\])*
///
/// `out` has the shape of `a` without `axis`. Elements are `f64` or `f32`.
///
/// **Accuracy.** With m the largest element of a lane and n elements, the error is at most
/// (|m| + 2 r + n/32 + log n + 40) ε, where r is the difference between m and the least finite element. No intermediate
/// result overflows.
///
/// NaN in a lane gives NaN, and otherwise +∞ gives +∞. A lane without elements gives −∞, as one of nothing but −∞ does.
/// `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.special.logsumexp(a, axis)`, and NumPy's `np.logaddexp.reduce(a, axis, out=out)`.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::logsumexp_axis_into;
///
/// let mut out = array![0.0, 0.0];
/// logsumexp_axis_into(&array![[0.0, 0.0], [1000.0, f64::NEG_INFINITY]], Axis(1), &mut out);
/// assert_eq!(out, array![2_f64.ln(), 1000.0]);
/// ```
#[doc(alias = "lse")]
#[track_caller]
pub fn logsumexp_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Float + math::Float,
    D: RemoveAxis,
{
    check::without_axis("logsumexp_axis_into", ("a", a), axis, out);
    Zip::from(a.lanes(axis)).and(out).for_each(|lane, out| {
        let most = finite_or_zero(largest(lane));
        *out = most + math::log(sum_of_exponentials(lane, most, |_| {}));
    });
}

/// The largest element: −∞ if there is none, NaN if there is a NaN.
fn largest<A: Float + math::Float>(lane: ArrayView1<'_, A>) -> A {
    fold::of_all(lane, &best::largest()).unwrap_or_else(A::neg_infinity)
}

/// What is subtracted from a lane: nothing if its largest element is no number.
fn finite_or_zero<A: Float>(most: A) -> A {
    if most.is_finite() { most } else { A::zero() }
}

/// The sum of exp(x − most) over a lane, which is copied to a tile; `see` sees the exponentials of each.
fn sum_of_exponentials<A: Float + math::Float>(
    lane: ArrayView1<'_, A>,
    most: A,
    mut see: impl FnMut(&[A]),
) -> A {
    let (mut sum, mut tile) = (A::zero(), [A::zero(); FOLD_BLOCK]);
    for part in lane.axis_chunks_iter(Axis(0), FOLD_BLOCK) {
        let tile = &mut tile[..part.len()];
        ArrayViewMut1::from(&mut *tile).assign(&part);
        dispatch::run_widest_on_output(Exponentials { most }, tile);
        sum = sum + fold::of_run(Slice::of(tile), &adding());
        see(tile);
    }
    sum
}

struct Exponentials<A> {
    most: A,
}

impl<A: Float + math::Float> OutputLoop<A, (), (), ()> for Exponentials<A> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, tile: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        tile.iter_mut().for_each(|x| *x = math::exp(*x - self.most));
    }
}
