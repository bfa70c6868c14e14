//! Slopes of samples along an axis.

use std::ops::Range;

use ndarray::{ArrayRef, ArrayRef1, ArrayView, Axis, Dimension, Zip};
use num_traits::Float;

use super::gather::runs_along;
use super::spacing::Spacing;
use super::{check, check_reduce, drive, drive_more, stream};

/// How many samples are taken for the slope at either end of an axis: NumPy's `edge_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
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
    (2..x.len()).all(|k| x[k] - x[k - 1] == first).then_some(first)
}

struct Samples<'a, A, D: Dimension> {
    a: &'a ArrayRef<A, D>,
    axis: Axis,
    /// The last place along the axis.
    last: usize,
    /// How all of it is written.
    streams: bool,
}

impl<A: Float + 'static, D: Dimension> Samples<'_, A, D> {
    fn even_slopes(&self, step: A, edge_order: EdgeOrder, out: &mut ArrayRef<A, D>) {
        let (one, two, last) = (A::one(), A::one() + A::one(), self.last);
        self.difference_by(two * step, 2..last + 1, 0..last - 1, 1..last, out);
        match edge_order {
            EdgeOrder::First => self.difference_at_ends([step, step], out),
            EdgeOrder::Second => {
                let [half, three_halves] = [one / two, one + one / two];
                let first = [-three_halves / step, two / step, -half / step];
                self.weighted(0, first, 0, out);
                let last = [half / step, -two / step, three_halves / step];
                self.weighted(self.last - 2, last, self.last, out);
            }
        }
    }

    /// The slopes of samples that lie at the coordinates `x`.
    fn slopes_at(&self, x: &ArrayRef1<A>, edge_order: EdgeOrder, out: &mut ArrayRef<A, D>) {
        let (two, last) = (A::one() + A::one(), self.last);
        let distance = |k: usize| x[k + 1] - x[k];
        self.inside_at(x, out);
        match edge_order {
            EdgeOrder::First => self.difference_at_ends([distance(0), distance(last - 1)], out),
            EdgeOrder::Second => {
                let (d, e) = (distance(0), distance(1));
                let first = [-(two * d + e) / (d * (d + e)), (d + e) / (d * e), -d / (e * (d + e))];
                self.weighted(0, first, 0, out);
                let (d, e) = (distance(last - 2), distance(last - 1));
                let weights =
                    [e / (d * (d + e)), -(e + d) / (d * e), (two * e + d) / (e * (d + e))];
                self.weighted(last - 2, weights, last, out);
            }
        }
    }

    fn difference_at_ends(&self, [first, last]: [A; 2], out: &mut ArrayRef<A, D>) {
        let end = self.last;
        self.difference_by(first, 1..2, 0..1, 0..1, out);
        self.difference_by(last, end..end + 1, end - 1..end, end..end + 1, out);
    }

    /// The differences of some samples from others, divided by `distance`.
    fn difference_by(
        &self,
        distance: A,
        later: Range<usize>,
        earlier: Range<usize>,
        places: Range<usize>,
        out: &mut ArrayRef<A, D>,
    ) {
        let mut out = out.slice_axis_mut(self.axis, places.into());
        let (later, earlier) = (self.part(later), self.part(earlier));
        // Multiplying takes a fifth of the time of dividing, where it gives the same bits.
        match exact_reciprocal(distance) {
            Some(inverse) => drive::zip_map(later, earlier, &mut out, |y, x| (y - x) * inverse),
            None => drive::zip_map(later, earlier, &mut out, |y, x| (y - x) / distance),
        }
    }

    /// The sum of three samples, from number `first` on, each with its weight.
    fn weighted(&self, first: usize, weights: [A; 3], place: usize, out: &mut ArrayRef<A, D>) {
        let mut out = out.slice_axis_mut(self.axis, (place..place + 1).into());
        let streams = self.streams && stream::is_long_lane::<A>(out.len());
        let [a, b, c] = [first, first + 1, first + 2].map(|k| self.part(k..k + 1));
        drive_more::zip3_map_as(a, b, c, &mut out, streams, |a, b, c| sum_of([a, b, c], weights));
    }

    fn part(&self, range: Range<usize>) -> ArrayView<'_, A, D> {
        self.a.slice_axis(self.axis, range.into())
    }

    /// The slopes between the ends.
    fn inside_at(&self, x: &ArrayRef1<A>, out: &mut ArrayRef<A, D>) {
        let row_len = out.len() / (self.last + 1);
        let contiguous_len: usize = self.a.shape()[self.axis.0 + 1..].iter().product();
        let are_rows_short = (2..MANY).contains(&contiguous_len);
        if let (true, Some(a), Some(out)) = (are_rows_short, self.a.as_slice(), out.as_slice_mut())
        {
            self.in_blocks(x, |weights, places| {
                in_short_rows(a, out, contiguous_len, self.last + 1, weights, places);
            });
        } else if row_len >= SOME && !runs_along(out, self.axis) {
            (1..self.last).for_each(|k| self.weighted(k - 1, weights(x, k), k, out));
        } else {
            self.in_blocks(x, |weights, places| self.in_lanes(out, weights, places));
        }
    }

    /// Calls `fill` with blocks of places between the ends, and the weights there.
    fn in_blocks(&self, x: &ArrayRef1<A>, mut fill: impl FnMut(&[[A; 3]], Range<usize>)) {
        for start in (1..self.last).step_by(BLOCK) {
            let places = start..self.last.min(start + BLOCK);
            let mut block = [[A::zero(); 3]; BLOCK];
            block.iter_mut().zip(places.clone()).for_each(|(block, k)| *block = weights(x, k));
            fill(&block, places);
        }
    }

    fn in_lanes(&self, out: &mut ArrayRef<A, D>, weights: &[[A; 3]], places: Range<usize>) {
        let samples = self.part(places.start - 1..places.end + 1);
        let mut out = out.slice_axis_mut(self.axis, places.into());
        Zip::from(out.lanes_mut(self.axis)).and(samples.lanes(self.axis)).for_each(
            |mut out, samples| match samples.as_slice() {
                Some(samples) => {
                    for ((out, weights), a) in out.iter_mut().zip(weights).zip(samples.windows(3)) {
                        *out = sum_of([a[0], a[1], a[2]], *weights);
                    }
                }
                None => {
                    for (k, (out, weights)) in out.iter_mut().zip(weights).enumerate() {
                        *out = sum_of([samples[k], samples[k + 1], samples[k + 2]], *weights);
                    }
                }
            },
        );
    }
}

/// Rows of so many elements are worth being taken as arrays of their own, where the rows of an array do not follow
/// each other in memory.
const SOME: usize = 64;

/// The same, where they do: then a plain loop has the least to do for each.
const MANY: usize = 512;

/// Places along a lane whose weights are computed once and lie on the stack.
const BLOCK: usize = 64;

/// Fills the rows at `places` of each array of `rows` rows, of which `a` and `out` are a sequence.
fn in_short_rows<A: Float>(
    a: &[A],
    out: &mut [A],
    row_len: usize,
    rows: usize,
    weights: &[[A; 3]],
    places: Range<usize>,
) {
    let first = places.start * row_len;
    let arrays = a.chunks_exact(rows * row_len).zip(out.chunks_exact_mut(rows * row_len));
    for (a, out) in arrays {
        let out = out[first..places.end * row_len].chunks_exact_mut(row_len);
        let samples = a[first - row_len..].windows(3 * row_len).step_by(row_len);
        for ((out, samples), &weights) in out.zip(samples).zip(weights) {
            let (before, rest) = samples.split_at(row_len);
            let (at, behind) = rest.split_at(row_len);
            for (((out, &a), &b), &c) in out.iter_mut().zip(before).zip(at).zip(behind) {
                *out = sum_of([a, b, c], weights);
            }
        }
    }
}

/// What the samples before, at and behind place `k` count in its slope.
fn weights<A: Float>(x: &ArrayRef1<A>, k: usize) -> [A; 3] {
    let (d, e) = (x[k] - x[k - 1], x[k + 1] - x[k]);
    [-e / (d * (d + e)), (e - d) / (d * e), d / (e * (d + e))]
}

#[inline(always)]
fn sum_of<A: Float>([a, b, c]: [A; 3], weights: [A; 3]) -> A {
    weights[0] * a + weights[1] * b + weights[2] * c
}

/// 1 / x, if it is exact: then multiplying by it rounds the same number as dividing by x.
fn exact_reciprocal<A: Float>(x: A) -> Option<A> {
    let is_power_of_two = x.integer_decode().0.is_power_of_two();
    (is_power_of_two && x.recip().is_finite()).then(|| x.recip())
}
