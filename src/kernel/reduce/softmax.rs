//! Softmax, its logarithm, and the logarithm of a sum of exponentials.
//!
//! The largest element of a lane is subtracted before exponentials are taken, so that none overflows and the largest is
//! one. Exponentials are computed in a tile on the stack, those of many short lanes at once:
//!
//! ```text
//! for each group of LANES lanes, or as many as have FOLD_BLOCK elements (or for each part of a longer lane):
//!     copy the differences from the largest element of their lane to the tile
//!     compute all exponentials, then the sum of each lane
//! ```

use ndarray::{ArrayRef, ArrayView1, ArrayViewMut1, Axis, RemoveAxis, Zip, s};
use num_traits::Float;

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::{self, OutputLoop, Simd};
use crate::kernel::engine::fold;
use crate::kernel::engine::fold::kinds::best;
use crate::kernel::engine::fold::kinds::combine::adding;
use crate::kernel::engine::fold::run::Slice;
use crate::kernel::engine::tuning::{FOLD_BLOCK, LANES};
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
    let (mut outs, mut out) = (out.lanes_mut(axis).into_iter(), None);
    each_lane(a.lanes(axis), |most| most, false, &mut |part| match part {
        Part::Exponentials(at, exponentials) => {
            if at == 0 {
                out = outs.next();
            }
            if let Some(out) = &mut out {
                let mut out = out.slice_mut(s![at..at + exponentials.len()]);
                out.assign(&ArrayView1::from(exponentials));
            }
        }
        Part::End { sum, lane, .. } => match (out.take(), lane) {
            (Some(mut out), _) => out.mapv_inplace(|x| x / sum),
            (None, lane) => {
                let out = outs.next().expect("there are as many lanes");
                Zip::from(out).and(lane).for_each(|out, &x| *out = x / sum);
            }
        },
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
    let mut lanes = a.lanes(axis).into_iter().zip(out.lanes_mut(axis));
    each_lane(a.lanes(axis), finite_or_zero, true, &mut |part| {
        if let Part::End { most, sum: log, .. } = part
            && let Some((lane, out)) = lanes.next()
        {
            Zip::from(out).and(lane).for_each(|out, &x| *out = (x - most) - log);
        }
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
    let mut outs = out.iter_mut();
    each_lane(a.lanes(axis), finite_or_zero, true, &mut |part| {
        if let Part::End { most, sum: log, .. } = part
            && let Some(out) = outs.next()
        {
            *out = most + log;
        }
    });
}

/// What is subtracted from a lane: nothing if its largest element is no number.
fn finite_or_zero<A: Float>(most: A) -> A {
    if most.is_finite() { most } else { A::zero() }
}

/// What is seen of a lane.
enum Part<'t, A> {
    /// Of a long lane, the exponentials from this element on.
    Exponentials(usize, &'t [A]),
    /// The end: what was subtracted, the sum of all exponentials or its logarithm, and those of a short lane.
    End { most: A, sum: A, lane: &'t [A] },
}

/// Shows the parts of each lane to `see`. `shift` makes what is subtracted of the largest element, which is −∞ in a lane
/// without elements and NaN if there is a NaN.
fn each_lane<'a, A: Float + math::Float>(
    lanes: impl IntoIterator<Item = ArrayView1<'a, A>>,
    shift: fn(A) -> A,
    takes_logarithm: bool,
    see: &mut dyn FnMut(Part<'_, A>),
) {
    let mut lanes = lanes.into_iter().peekable();
    let Some(len) = lanes.peek().map(|lane| lane.len()) else { return };
    let together = FOLD_BLOCK.checked_div(len).unwrap_or(LANES).clamp(1, LANES);
    let mut tile = [A::zero(); FOLD_BLOCK];
    let (mut mosts, mut sums) = ([A::zero(); LANES], [A::zero(); LANES]);
    while lanes.peek().is_some() {
        let mut count = 0;
        for lane in lanes.by_ref().take(together) {
            let most = fold::of_all(lane, &best::largest()).unwrap_or_else(A::neg_infinity);
            let most = shift(most);
            (mosts[count], sums[count]) = (most, A::zero());
            if len <= FOLD_BLOCK {
                differences(lane, most, &mut tile[count * len..][..len]);
            } else {
                for (k, part) in lane.axis_chunks_iter(Axis(0), FOLD_BLOCK).enumerate() {
                    let tile = &mut tile[..part.len()];
                    differences(part, most, tile);
                    dispatch::run_widest_on_output(Exponentials, tile);
                    sums[count] = sums[count] + sum_of(tile);
                    see(Part::Exponentials(k * FOLD_BLOCK, tile));
                }
            }
            count += 1;
        }
        let sums = &mut sums[..count];
        if (1..=FOLD_BLOCK).contains(&len) {
            let tile = &mut tile[..count * len];
            dispatch::run_widest_on_output(Exponentials, tile);
            sums.iter_mut().zip(tile.chunks_exact(len)).for_each(|(sum, lane)| *sum = sum_of(lane));
        }
        if takes_logarithm {
            dispatch::run_widest_on_output(Logarithms, sums);
        }
        for (k, (&most, &sum)) in mosts.iter().zip(&*sums).enumerate() {
            let lane = if len <= FOLD_BLOCK { &tile[k * len..][..len] } else { &[] };
            see(Part::End { most, sum, lane });
        }
    }
}

fn differences<A: Float>(lane: ArrayView1<'_, A>, most: A, tile: &mut [A]) {
    Zip::from(ArrayViewMut1::from(tile)).and(lane).for_each(|tile, &x| *tile = x - most);
}

fn sum_of<A: Float>(tile: &[A]) -> A {
    fold::of_run(Slice::of(tile), &adding())
}

struct Exponentials;

impl<A: math::Float> OutputLoop<A, (), (), ()> for Exponentials {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, tile: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        tile.iter_mut().for_each(|x| *x = math::exp(*x));
    }
}

struct Logarithms;

impl<A: math::Float> OutputLoop<A, (), (), ()> for Logarithms {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, _: V, sums: &mut [A], _: &mut [()], _: &mut [()], _: &mut [()]) {
        sums.iter_mut().for_each(|x| *x = math::log(*x));
    }
}
