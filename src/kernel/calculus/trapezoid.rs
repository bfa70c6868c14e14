//! Integrals of samples along an axis, by the trapezoidal rule.
//!
//! The rule is a weighted sum of the samples, computed as one pairwise reduction. A lane in which an intermediate
//! result may have left the range is integrated again with an unbounded exponent.

use crate::kernel::engine::fold::contract::Reads;
use ndarray::{ArrayRef, ArrayView1, Axis, Dimension, RemoveAxis, Slice, Zip};
use num_traits::Float;

use crate::kernel::calculus::spacing::{Spacing, half};
use crate::kernel::engine::check;
use crate::kernel::engine::copy::rows::runs_along;
use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::gather::with_slice;
use crate::kernel::engine::fold::kinds::combine::{adding, adding_of, from_zero};
use crate::kernel::engine::fold::run::{Joined, Repeat, Run, Slice as Elements};
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::engine::map::run::any;
use crate::kernel::engine::number::extended::{Sum, Unbounded};

/// Integrates samples along an axis by the trapezoidal rule.
///
/// *out\[j\] = Σₖ (x\[k + 1\] − x\[k\]) (y\[k + 1, j\] + y\[k, j\]) / 2*
///
/// `y` has any shape with the axis `axis`, and `out` the shape of `y` without that axis. `spacing` is the distance
/// x\[k + 1\] − x\[k\] of all samples, or [`Spacing::At`] the coordinates x.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 34) ε Σₖ |wₖ y\[k, j\]|, where wₖ is half the distance between
/// the neighbours of sample k, and at the ends half the distance to the only neighbour. The areas are summed as by
/// [`sum_axis_into`](crate::kernel::sum_axis_into). The bound holds for every area that is representable in `A`,
/// however large or small samples and distances are: a lane in which a product or a sum over- or underflows is computed
/// again with an unbounded exponent, which takes some 200 ns a sample.
///
/// NaN gives NaN. With an infinite sample or coordinate the area is what the formula gives, an infinity or NaN; so an
/// infinite sample next to a distance of zero gives NaN. Fewer than two samples give zero. `out` cannot overlap `y`.
///
/// # Panics
///
/// If `y` has no axis `axis`, `out` does not have the shape of `y` without it, or there is not one coordinate for each
/// sample; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.trapezoid(y, dx=spacing, axis=axis)` and `np.trapezoid(y, x, axis=axis)`, which have no `out` and make
/// three arrays, and in ndarray `y.map_axis(axis, ..)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::{Spacing, trapezoid_axis_into};
///
/// let y = array![[0.0, 0.0], [1.0, 3.0], [2.0, 0.0]];
/// let mut out = array![0.0, 0.0];
/// trapezoid_axis_into(&y, Axis(0), 2.0, &mut out);
/// assert_eq!(out, array![4.0, 6.0]);
///
/// let x = array![0.0, 1.0, 4.0];
/// trapezoid_axis_into(&y, Axis(0), Spacing::At(&x), &mut out);
/// assert_eq!(out, array![5.0, 6.0]);
/// ```
#[doc(alias = "trapz")]
#[doc(alias = "integrate")]
#[track_caller]
pub fn trapezoid_axis_into<'x, A, D>(
    y: &ArrayRef<A, D>,
    axis: Axis,
    spacing: impl Into<Spacing<'x, A>>,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float + 'static,
    D: RemoveAxis,
{
    let spacing = spacing.into();
    check::without_axis("trapezoid_axis_into", ("y", y), axis, out);
    spacing.check("trapezoid_axis_into", axis, ("y", y));
    let len = y.len_of(axis);
    if len < 2 {
        return out.fill(A::zero());
    }
    // Each sample between the ends is part of two trapezoids, and contributes one half to each.
    let inside = y.slice_axis(axis, Slice::new(1, Some(-1), 1));
    match spacing {
        _ if len == 2 => out.fill(A::zero()),
        Spacing::Even(step) => {
            fold::along_axis(inside, axis, out, &adding_of(|y| step * y), from_zero);
        }
        Spacing::At(x) => {
            let areas = Areas { x: x.view(), adding: adding() };
            fold::along_axis(inside, axis, out, &areas, from_zero);
        }
    }
    let half: A = half();
    let (before, behind) = match spacing {
        Spacing::Even(step) => (step, step),
        Spacing::At(x) => (x[1] - x[0], x[len - 1] - x[len - 2]),
    };
    let (first, last) = (y.index_axis(axis, 0), y.index_axis(axis, len - 1));
    Zip::from(&mut *out).and(&first).and(&last).for_each(|out, &first, &last| {
        let ends = half * (before * first + behind * last);
        *out = match spacing {
            Spacing::Even(_) => *out + ends,
            Spacing::At(_) => half * *out + ends,
        };
    });
    let least = least_certain::<A>(len);
    let are_certain = match out.as_slice_memory_order() {
        Some(areas) => !any(areas, |area| !is_certain(area, least)),
        None => out.iter().all(|&area| is_certain(area, least)),
    };
    if !are_certain {
        settle(y, axis, spacing, out);
    }
}

/// Areas of `len` samples below this are doubtful: products may have underflowed. Each loses at most half of the
/// smallest number, all together ε / 2 of this.
fn least_certain<A: Float>(len: usize) -> A {
    A::from(len).map_or_else(A::infinity, |len| len * A::min_positive_value())
}

/// Whether nothing can have over- or underflowed in computing this area.
#[inline(always)]
fn is_certain<A: Float>(area: A, least: A) -> bool {
    (area.abs() >= least) & (area.abs() <= A::max_value())
}

/// Computes the doubtful areas again, if something did over- or underflow.
#[cold]
#[inline(never)]
fn settle<A, D>(
    y: &ArrayRef<A, D>,
    axis: Axis,
    spacing: Spacing<'_, A>,
    out: &mut ArrayRef<A, D::Smaller>,
) where
    A: Float,
    D: RemoveAxis,
{
    // A check in memory order first: small areas are usually zero or due to cancellation, and there may be NaN
    // everywhere.
    let least = match may_underflow(y, spacing) {
        true => least_certain(y.len_of(axis)),
        false => A::zero(),
    };
    out.mapv_inplace(|area| if area.is_finite() { area } else { A::infinity() });
    if runs_along(y, axis) {
        Zip::from(&mut *out).and(y.lanes(axis)).for_each(|out, lane| {
            if out.is_infinite() && lane.iter().any(|y| y.is_nan()) {
                *out = A::nan();
            }
        });
    } else {
        for row in y.axis_iter(axis) {
            Zip::from(&mut *out).and(&row).for_each(|out, y| {
                *out = if out.is_infinite() & y.is_nan() { A::nan() } else { *out };
            });
        }
    }
    Zip::from(out).and(y.lanes(axis)).for_each(|out, lane| {
        if out.is_infinite() || out.abs() < least {
            *out = area(lane, spacing);
        }
    });
}

/// Whether the product of a sample and a distance may underflow.
fn may_underflow<A: Float, D: Dimension>(y: &ArrayRef<A, D>, spacing: Spacing<'_, A>) -> bool {
    let smaller = |least: A, x: A| if x.is_zero() || x.abs() > least { least } else { x.abs() };
    let smallest = match y.as_slice_memory_order() {
        Some(y) => y.iter().copied().fold(A::infinity(), smaller),
        None => y.iter().copied().fold(A::infinity(), smaller),
    };
    let distance = match spacing {
        Spacing::Even(step) => smaller(A::infinity(), step),
        Spacing::At(x) => {
            let apart = |k: usize| (k..x.len()).map(move |late| x[late] - x[late - k]);
            apart(1).chain(apart(2)).fold(A::infinity(), smaller)
        }
    };
    smallest * distance < A::min_positive_value()
}

/// The area of a lane, with each trapezoid computed by itself.
fn area<A: Float>(lane: ArrayView1<'_, A>, spacing: Spacing<'_, A>) -> A {
    let half = half::<A>();
    let (mut finite, mut infinite) = (Sum::zero(), None);
    for k in 1..lane.len() {
        let (early, late) = (lane[k - 1], lane[k]);
        let (from, to) = match spacing {
            Spacing::Even(step) => (A::zero(), step),
            Spacing::At(x) => (x[k - 1], x[k]),
        };
        if [early, late, from, to].iter().all(|number| number.is_finite()) {
            let [early, late, from, to] = [early, late, from, to].map(Unbounded::of);
            finite.add((to - from) * (early + late));
        } else {
            let part = (to - from) * (early + late);
            infinite = Some(infinite.map_or(part, |sum| sum + part));
        }
    }
    infinite.unwrap_or_else(|| (finite.total() * Unbounded::of(half)).to_float())
}

/// The fold of samples, each multiplied by the distance between its neighbours.
struct Areas<'x, A, F> {
    /// Sample number k of the fold is at x\[k + 1\].
    x: ArrayView1<'x, A>,
    adding: F,
}

impl<A: Float, F> Areas<'_, A, F> {
    /// The coordinates before and after each of `len` samples from number `at` on.
    fn neighbours(&self, at: usize, len: usize) -> [ArrayView1<'_, A>; 2] {
        [at, at + 2].map(|from| self.x.slice_axis(Axis(0), (from..from + len).into()))
    }
}

impl<A: Float, F: Fold<A>> Fold<A> for Areas<'_, A, F> {
    type State = F::State;
    type Accumulators = F::Accumulators;
    type States = F::States;

    const READS: Reads = F::READS;
    const IS_ANYWHERE: bool = false;

    #[inline(always)]
    fn block<V: Simd>(&self, samples: impl Run<Element = A>, at: usize) -> F::State {
        let [before, behind] = self.neighbours(at, samples.len());
        with_slice(&before, |before| {
            with_slice(&behind, |behind| {
                let (before, behind) = (Elements::of(before), Elements::of(behind));
                let widths = Joined { a: before, b: behind, f: &distance };
                self.adding.block::<V>(Joined { a: samples, b: widths, f: &A::mul }, at)
            })
        })
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        accumulators: &mut [F::Accumulators],
        fresh: bool,
    ) {
        let rows: [_; N] = std::array::from_fn(|k| {
            let element = distance(self.x[at + k], self.x[at + k + 2]);
            Joined { a: rows[k], b: Repeat { element, len: rows[k].len() }, f: &A::mul }
        });
        self.adding.rows::<V, _, N>(&rows, at, accumulators, fresh);
    }

    #[inline(always)]
    fn accumulator(&self, sample: A) -> F::Accumulators {
        self.adding.accumulator(sample)
    }

    #[inline(always)]
    fn state(&self, accumulator: &F::Accumulators, column: usize, count: usize) -> F::State {
        self.adding.state(accumulator, column, count)
    }

    #[inline(always)]
    fn merge(&self, early: F::State, late: F::State) -> F::State {
        self.adding.merge(early, late)
    }
}

#[inline(always)]
fn distance<A: Float>(before: A, behind: A) -> A {
    behind - before
}
