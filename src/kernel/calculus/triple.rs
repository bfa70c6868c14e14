//! The slope of three neighbouring samples: their sum, with weights that follow from their positions.
//!
//! Where an intermediate result leaves the range, the slope is computed again with an unbounded exponent.

use std::ops::{Add, Div, Mul, Neg, Sub};

use ndarray::{ArrayRef, ArrayRef1, ArrayView, Dimension};
use num_traits::Float;

use crate::kernel::engine::map;
use crate::kernel::engine::number::extended::Unbounded;

/// Weighted sums of three samples, and a count of those that are not finite.
///
/// The count is a number and not a `bool`, because it is vectorised with the sums; the function is returned by value,
/// so that the weights stay in registers. (With `is_finite` in place of the comparison, slopes took up to a fifth
/// longer.)
#[inline(always)]
pub(crate) fn counting_doubts<A: Float>(
    weights: [A; 3],
    not_finite: &mut u64,
) -> impl FnMut(A, A, A) -> A {
    move |a, b, c| {
        let sum = sum_of([a, b, c], weights);
        let is_finite = sum.abs() <= A::max_value();
        *not_finite += u64::from(!is_finite);
        sum
    }
}

/// At which of three samples the slope is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Position {
    /// At the first of them.
    First,
    /// At the middle one.
    Inside,
    /// At the last of them.
    Last,
}

/// Three neighbouring samples whose slope is computed for many lanes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triple<A> {
    /// The coordinates of the samples.
    x: [A; 3],
    place: Position,
    weights: [A; 3],
    /// Whether no intermediate result left the range when the weights were computed.
    is_certain: bool,
}

impl<A: Float> Triple<A> {
    /// Three samples at consecutive coordinates, from number `first` on.
    pub(crate) fn at(x: &ArrayRef1<A>, first: usize, place: Position) -> Self {
        let x = [x[first], x[first + 1], x[first + 2]];
        let [d, e] = [x[1] - x[0], x[2] - x[1]];
        Triple { x, place, weights: weights(place, d, e), is_certain: Ordinary::new().are([d, e]) }
    }

    /// Three samples that are `step` apart, at one end.
    pub(crate) fn even(step: A, place: Position) -> Self {
        let (one, two) = (A::one(), A::one() + A::one());
        let [half, three_halves] = [one / two, one + one / two];
        let [near, middle, far] = [three_halves / step, two / step, half / step];
        let weights = match place {
            Position::First => [-near, middle, -far],
            _ => [far, -middle, near],
        };
        let is_certain = weights.iter().all(|weight| weight.is_normal());
        Triple { x: [-step, A::zero(), step], place, weights, is_certain }
    }

    /// Writes the slopes of many samples.
    pub(crate) fn fill<D: Dimension>(
        &self,
        samples: [ArrayView<'_, A, D>; 3],
        out: &mut ArrayRef<A, D>,
        streams: bool,
    ) where
        A: 'static,
    {
        let (weights, mut uncertain) = (self.weights, u64::from(!self.is_certain));
        let [a, b, c] = samples.each_ref().map(|samples| samples.view());
        let f = counting_doubts(weights, &mut uncertain);
        let _ = map::write((a, (b, (c, ()))), out.view_mut(), |_| streams, f);
        if uncertain > 0 {
            let [a, b, c] = samples;
            let f = |a, b, c| self.settled([a, b, c]);
            let _ = map::write((a, (b, (c, ()))), out.view_mut(), |_| streams, f);
        }
    }

    /// The slope: in plain arithmetic if that certainly stays within the range, otherwise with an unbounded exponent.
    pub(crate) fn settled(&self, samples: [A; 3]) -> A {
        let plain = sum_of(samples, self.weights);
        let are_finite = samples.iter().chain(&self.x).all(|number| number.is_finite());
        if !are_finite || self.is_certain && plain.is_finite() {
            return plain;
        }
        let x = self.x.map(Unbounded::of);
        let [d, e] = [x[1] - x[0], x[2] - x[1]];
        if d.is_zero() || e.is_zero() || (d + e).is_zero() {
            return plain;
        }
        sum_of(samples.map(Unbounded::of), weights(self.place, d, e)).to_float()
    }
}

/// Distances so far from the ends of the range that neither a weight nor an intermediate result leaves it: four of them
/// can be multiplied.
pub(crate) struct Ordinary<A> {
    least: A,
    most: A,
}

impl<A: Float> Ordinary<A> {
    pub(crate) fn new() -> Self {
        let least = A::min_positive_value().sqrt().sqrt();
        Ordinary { least, most: least.recip() }
    }

    #[inline(always)]
    pub(crate) fn are(&self, distances: [A; 2]) -> bool {
        let [d, e] = distances.map(|distance| distance.abs());
        (d >= self.least) & (e >= self.least) & (d <= self.most) & (e <= self.most)
    }
}

/// The weights of three samples in their slope, with the distances d and e between them.
#[inline(always)]
pub(crate) fn weights<N: Number>(place: Position, d: N, e: N) -> [N; 3] {
    match place {
        Position::First => [-(d + d + e) / (d * (d + e)), (d + e) / (d * e), -d / (e * (d + e))],
        Position::Inside => [-e / (d * (d + e)), (e - d) / (d * e), d / (e * (d + e))],
        Position::Last => [e / (d * (d + e)), -(e + d) / (d * e), (e + e + d) / (e * (d + e))],
    }
}

#[inline(always)]
fn sum_of<N: Number>([a, b, c]: [N; 3], weights: [N; 3]) -> N {
    weights[0] * a + weights[1] * b + weights[2] * c
}

/// Numbers with a bounded or an unbounded exponent.
pub(crate) trait Number:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
}

impl<N> Number for N where
    N: Copy
        + Add<Output = N>
        + Sub<Output = N>
        + Mul<Output = N>
        + Div<Output = N>
        + Neg<Output = N>
{
}
