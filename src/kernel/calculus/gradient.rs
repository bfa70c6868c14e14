//! Slopes of samples along an axis.

use std::ops::Range;

use ndarray::{ArrayRef, ArrayRef1, ArrayView, Axis, Dimension, Zip};
use num_traits::Float;

use crate::kernel::calculus::gradient_at::{Place, Triple};
use crate::kernel::calculus::spacing::Spacing;
use crate::kernel::engine::axes::align;
use crate::kernel::engine::cpu::stream::{self, Fill};
use crate::kernel::engine::map::run::{self, Zipped};
use crate::kernel::engine::map::{self};
use crate::kernel::engine::tuning::MIN_DISPATCHED_GRADIENT;
use crate::kernel::engine::{check, check_reduce};

/// How many samples are taken for the slope at either end of an axis: NumPy's `edge_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EdgeOrder {
    /// Two, as NumPy does by default: straight lines have their slopes there.
    #[default]
    First,
    /// Three: parabolas have theirs there too, as they have everywhere else.
    Second,
}

/// Computes the slope of samples along an axis.
///
/// *out\[k\] = (a\[k + 1\] − a\[k − 1\]) / 2h* where samples are h apart, and with distances d before sample k and e
/// behind it *out\[k\] = −e / (d (d + e)) · a\[k − 1\] + (e − d) / (d e) · a\[k\] + d / (e (d + e)) · a\[k + 1\]*
///
/// At the ends it is the difference of two samples by their distance, *(a\[1\] − a\[0\]) / e* and *(a\[n − 1\] −
/// a\[n − 2\]) / d*. With [`EdgeOrder::Second`] it is the slope of the parabola through three samples:
/// *−(2d + e) / (d (d + e)) · a\[0\] + (d + e) / (d e) · a\[1\] − d / (e (d + e)) · a\[2\]*, where d and e are the first
/// two distances, and *e / (d (d + e)) · a\[n − 3\] − (d + e) / (d e) · a\[n − 2\] + (d + 2e) / (e (d + e)) · a\[n − 1\]*,
/// where they are the last two.
///
/// `a` and `out` have the same shape, with at least two elements along the axis `axis`, or three for
/// [`EdgeOrder::Second`]. `spacing` is the distance h, or [`Spacing::At`] the coordinates of the samples; if these turn
/// out to be evenly spaced, they are taken as such.
///
/// **Accuracy.** Rounding errors of slopes of two samples are at most 1.6 ε |out\[k\]|, those of three samples 5 ε Σ |wᵢ a\[i\]|,
/// where wᵢ is the weight of the sample in the formula (for the middle one between unequal distances with d + e in place of
/// e − d), and in both cases 2 units of the smallest number. The bounds hold for every slope that is a number of type `A`,
/// however large or small samples and distances are: where a difference, a product or a distance leaves the range, the slope is
/// computed again in another way, which takes up to 1 µs.
///
/// NaN and infinities spread to all slopes that they take part in. Where one of the divisors is zero, as between equal
/// coordinates, slopes are infinite or NaN. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis` or not the shape of `out`, the axis has too few elements, or there is not one coordinate
/// for each; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.gradient(a, spacing, axis=axis, edge_order=1)` (or 2, and with coordinates in place of `spacing`), which has
/// no `out`, and in ndarray a loop over `a.windows(..)`.
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
    check_reduce::at_least("gradient_axis_into", ("a", a), axis, least);
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

/// The distance of all coordinates, of which there are at least two, if there is but one.
fn only_distance<A: Float>(x: &ArrayRef1<A>) -> Option<A> {
    let first = x[1] - x[0];
    let is_only = first.is_finite() && (2..x.len()).all(|k| x[k] - x[k - 1] == first);
    is_only.then_some(first)
}

/// An array, and the axis along which its slopes are computed.
pub(crate) struct Samples<'a, A, D: Dimension> {
    pub(crate) a: &'a ArrayRef<A, D>,
    pub(crate) axis: Axis,
    /// The last place along the axis.
    pub(crate) last: usize,
    /// How all of it is written.
    streams: bool,
}

impl<A: Float + 'static, D: Dimension> Samples<'_, A, D> {
    fn even_slopes(&self, step: A, edge_order: EdgeOrder, out: &mut ArrayRef<A, D>) {
        let (two, last) = (A::one() + A::one(), self.last);
        self.difference_by([two * step, step], 2..last + 1, 0..last - 1, 1..last, out);
        match edge_order {
            EdgeOrder::First => self.difference_at_ends([[step, step / two]; 2], out),
            EdgeOrder::Second => {
                self.weighted(Triple::even(step, Place::First), 0, 0, out);
                self.weighted(Triple::even(step, Place::Last), last - 2, last, out);
            }
        }
    }

    /// The first and the last slope, of two samples each, by their distances and the halves of these.
    pub(crate) fn difference_at_ends(&self, [first, last]: [[A; 2]; 2], out: &mut ArrayRef<A, D>) {
        let end = self.last;
        self.difference_by(first, 1..2, 0..1, 0..1, out);
        self.difference_by(last, end..end + 1, end - 1..end, end..end + 1, out);
    }

    /// The differences of some samples from others, divided by a distance, whose half is given as well: that is a number even
    /// where the distance itself is too large.
    fn difference_by(
        &self,
        [distance, half_distance]: [A; 2],
        later: Range<usize>,
        earlier: Range<usize>,
        places: Range<usize>,
        out: &mut ArrayRef<A, D>,
    ) {
        let mut out = out.slice_axis_mut(self.axis, places.into());
        let (later, earlier) = (self.part(later), self.part(earlier));
        let half = (A::one() + A::one()).recip();
        let of_halves = |y: A, x: A| (half * y - half * x) / half_distance;
        // Multiplying takes a fifth of the time of dividing, where it gives the same bits.
        match exact_reciprocal(distance) {
            // By a distance of at most 1, a slope is too large where its difference is.
            Some(inverse) if inverse.abs() >= A::one() => {
                map::zip_map(later, earlier, &mut out, |y, x| (y - x) * inverse);
            }
            Some(inverse) => {
                slopes(later, earlier, &mut out, move |y, x| (y - x) * inverse, of_halves);
            }
            None if distance.abs() <= A::one() => {
                map::zip_map(later, earlier, &mut out, |y, x| (y - x) / distance);
            }
            None if distance.is_finite() => {
                slopes(later, earlier, &mut out, move |y, x| (y - x) / distance, of_halves);
            }
            None => map::zip_map(later, earlier, &mut out, of_halves),
        }
    }

    /// What three samples, from number `first` on, come to.
    pub(crate) fn weighted(
        &self,
        triple: Triple<A>,
        first: usize,
        to: usize,
        out: &mut ArrayRef<A, D>,
    ) {
        let mut out = out.slice_axis_mut(self.axis, (to..to + 1).into());
        let streams = self.streams && stream::is_long_lane::<A>(out.len());
        let [mut a, mut b, mut c] = [first, first + 1, first + 2].map(|k| self.part(k..k + 1));
        if out.as_slice_memory_order().is_some() {
            return triple.fill([a, b, c], &mut out, streams);
        }
        let along = align(&mut [&mut out, &mut a, &mut b, &mut c]);
        Zip::from(out.lanes_mut(along))
            .and(a.lanes(along))
            .and(b.lanes(along))
            .and(c.lanes(along))
            .for_each(|mut out, a, b, c| triple.fill([a, b, c], &mut out, streams));
    }

    pub(crate) fn part(&self, range: Range<usize>) -> ArrayView<'_, A, D> {
        self.a.slice_axis(self.axis, range.into())
    }
}

/// What `slope` makes of samples, and `of_halves` of those whose difference is too large.
fn slopes<A: Float + 'static, D: Dimension>(
    later: ArrayView<'_, A, D>,
    earlier: ArrayView<'_, A, D>,
    out: &mut ArrayRef<A, D>,
    slope: impl Fn(A, A) -> A + Copy,
    of_halves: impl Fn(A, A) -> A,
) {
    if any_is_infinite(later.view(), earlier.view(), out, slope) {
        map::zip_map(later, earlier, out, |y, x| match (y - x).is_infinite() {
            true => of_halves(y, x),
            false => slope(y, x),
        });
    }
}

/// `out[i] = slope(later[i], earlier[i])`, and whether any of these is infinite.
fn any_is_infinite<A: Float + 'static, D: Dimension>(
    mut later: ArrayView<'_, A, D>,
    mut earlier: ArrayView<'_, A, D>,
    out: &mut ArrayRef<A, D>,
    slope: impl Fn(A, A) -> A + Copy,
) -> bool {
    let mut infinite = 0;
    if out.as_slice_memory_order().is_some() {
        map::zip_map(later, earlier, out, counting(slope, &mut infinite));
        return infinite > 0;
    }
    let operand_bytes = stream::bytes_of_two(&later, &earlier) + stream::bytes_of(out);
    let mut out = out.view_mut();
    let along = align(&mut [&mut out, &mut later, &mut earlier]);
    let streams = stream::pays_in_lanes::<A>(operand_bytes, out.len_of(along));
    Zip::from(out.lanes_mut(along)).and(later.lanes(along)).and(earlier.lanes(along)).for_each(
        |mut out, a, b| {
            // A count for each lane, and another where it is passed on: both stay in registers then.
            infinite += match (a.to_slice(), b.to_slice(), out.as_slice_mut()) {
                (Some(a), Some(b), Some(out)) if out.len() >= MIN_DISPATCHED_GRADIENT => {
                    let mut infinite = 0;
                    let f = counting(slope, &mut infinite);
                    run::write_run(Zipped { a, b, f }, out, streams);
                    infinite
                }
                (Some(a), Some(b), Some(out)) => {
                    let mut infinite = 0;
                    let f = counting(slope, &mut infinite);
                    Zipped { a, b, f }.fill(0, out);
                    infinite
                }
                _ => {
                    let mut infinite = 0;
                    {
                        let mut f = counting(slope, &mut infinite);
                        Zip::from(&mut out).and(&a).and(&b).for_each(|out, &a, &b| *out = f(a, b));
                    }
                    infinite
                }
            };
        },
    );
    infinite > 0
}

/// `slope`, and a count of those that are infinite: a number, and not a `bool`, because that becomes part of the vectors.
#[inline(always)]
fn counting<A: Float>(slope: impl Fn(A, A) -> A, infinite: &mut u64) -> impl FnMut(A, A) -> A {
    move |y, x| {
        let slope = slope(y, x);
        *infinite += u64::from(slope.abs() == A::infinity());
        slope
    }
}

/// 1 / x, if it is exact: then multiplying by it rounds the same number as dividing by x.
fn exact_reciprocal<A: Float>(x: A) -> Option<A> {
    let is_power_of_two = x.is_finite() && x.integer_decode().0.is_power_of_two();
    (is_power_of_two && x.recip().is_finite()).then(|| x.recip())
}
