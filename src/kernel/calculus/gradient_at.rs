//! Slopes of samples at coordinates: sums of three samples, each with its weight.
//!
//! The weights of a place are computed once, for as many lanes as there are. Where something leaves the range of numbers on
//! the way to a slope, it is computed again with exponents that have no bounds.

use std::ops::{Add, Div, Mul, Neg, Range, Sub};

use ndarray::{ArrayRef, ArrayRef1, ArrayView, Dimension, Zip};
use num_traits::Float;

use crate::kernel::calculus::gradient::{EdgeOrder, Samples};
use crate::kernel::engine::copy::rows::runs_along;
use crate::kernel::engine::map::run::{self, Zipped3};
use crate::kernel::engine::map::{self};

use crate::kernel::engine::number::extended::Unbounded;
use crate::kernel::engine::tuning::{GRADIENT_BLOCK, GRADIENT_CONTIGUOUS_ROW, GRADIENT_ROW};

impl<A: Float + 'static, D: Dimension> Samples<'_, A, D> {
    /// The slopes of samples that lie at the coordinates `x`.
    pub(crate) fn slopes_at(
        &self,
        x: &ArrayRef1<A>,
        edge_order: EdgeOrder,
        out: &mut ArrayRef<A, D>,
    ) {
        let last = self.last;
        self.inside_at(x, out);
        match edge_order {
            EdgeOrder::First => {
                let half = half::<A>();
                let ends = [1, last].map(|k| [x[k] - x[k - 1], half * x[k] - half * x[k - 1]]);
                self.difference_at_ends(ends, out);
            }
            EdgeOrder::Second => {
                self.weighted(Triple::at(x, 0, Place::First), 0, 0, out);
                self.weighted(Triple::at(x, last - 2, Place::Last), last - 2, last, out);
            }
        }
    }

    /// The slopes between the ends.
    fn inside_at(&self, x: &ArrayRef1<A>, out: &mut ArrayRef<A, D>) {
        let row_len = out.len() / (self.last + 1);
        let contiguous_len: usize = self.a.shape()[self.axis.0 + 1..].iter().product();
        let are_rows_short = (2..GRADIENT_CONTIGUOUS_ROW).contains(&contiguous_len);
        if let (true, Some(a), Some(out)) = (are_rows_short, self.a.as_slice(), out.as_slice_mut())
        {
            self.in_blocks(x, |weights, places| {
                in_short_rows(a, out, contiguous_len, self.last + 1, weights, places);
            });
        } else if row_len >= GRADIENT_ROW && !runs_along(out, self.axis) {
            let inside = |k| Triple::at(x, k - 1, Place::Inside);
            (1..self.last).for_each(|k| self.weighted(inside(k), k - 1, k, out));
        } else {
            self.in_blocks(x, |weights, places| self.in_lanes(out, weights, places));
        }
    }

    /// Calls `fill` with blocks of places between the ends, and the weights there.
    fn in_blocks(&self, x: &ArrayRef1<A>, mut fill: impl FnMut(Weights<'_, A>, Range<usize>)) {
        let ordinary = Ordinary::new();
        for start in (1..self.last).step_by(GRADIENT_BLOCK) {
            let places = start..self.last.min(start + GRADIENT_BLOCK);
            let mut block = [[A::zero(); 3]; GRADIENT_BLOCK];
            let mut are_certain = true;
            let mut fill_in = |block: &mut [A; 3], [a, b, c]: [A; 3]| {
                let [d, e] = [b - a, c - b];
                *block = weights(Place::Inside, d, e);
                are_certain &= ordinary.are([d, e]);
            };
            match x.as_slice() {
                Some(x) => {
                    let x = x[start - 1..places.end + 1].windows(3);
                    let blocks = block.iter_mut().zip(x);
                    blocks.for_each(|(block, x)| fill_in(block, [x[0], x[1], x[2]]));
                }
                None => {
                    let blocks = block.iter_mut().zip(places.clone());
                    blocks.for_each(|(block, k)| fill_in(block, [x[k - 1], x[k], x[k + 1]]));
                }
            }
            let weights = &block[..places.len()];
            fill(Weights { weights, are_certain, x, first: start }, places);
        }
    }

    fn in_lanes(&self, out: &mut ArrayRef<A, D>, weights: Weights<'_, A>, places: Range<usize>) {
        let samples = self.part(places.start - 1..places.end + 1);
        let mut out = out.slice_axis_mut(self.axis, places.into());
        Zip::from(out.lanes_mut(self.axis)).and(samples.lanes(self.axis)).for_each(
            |mut out, samples| {
                let mut uncertain = u64::from(!weights.are_certain);
                let mut plain = |[a, b, c]: [A; 3], weights: &[A; 3]| {
                    counting(*weights, &mut uncertain)(a, b, c)
                };
                match samples.as_slice() {
                    Some(samples) => {
                        let samples = samples.windows(3);
                        for ((out, weights), a) in out.iter_mut().zip(weights.weights).zip(samples)
                        {
                            *out = plain([a[0], a[1], a[2]], weights);
                        }
                    }
                    None => {
                        for (k, (out, weights)) in out.iter_mut().zip(weights.weights).enumerate() {
                            *out = plain([samples[k], samples[k + 1], samples[k + 2]], weights);
                        }
                    }
                }
                if uncertain > 0 {
                    let three = |k| [samples[k], samples[k + 1], samples[k + 2]];
                    out.indexed_iter_mut().for_each(|(k, out)| *out = weights.settled(k, three(k)));
                }
            },
        );
    }
}

/// Fills the rows at `places` of each array of `rows` rows, of which `a` and `out` are a sequence.
fn in_short_rows<A: Float + 'static>(
    a: &[A],
    out: &mut [A],
    row_len: usize,
    rows: usize,
    weights: Weights<'_, A>,
    places: Range<usize>,
) {
    let part = places.start * row_len..places.end * row_len;
    let arrays = a.chunks_exact(rows * row_len).zip(out.chunks_exact_mut(rows * row_len));
    for (a, out) in arrays {
        let out = &mut out[part.clone()];
        let rows = |from: usize| a[from..][..part.len()].chunks_exact(row_len);
        let samples =
            || rows(part.start - row_len).zip(rows(part.start)).zip(rows(part.start + row_len));
        let mut uncertain = u64::from(!weights.are_certain);
        for ((out, ((a, b), c)), &weights) in
            out.chunks_exact_mut(row_len).zip(samples()).zip(weights.weights)
        {
            let f = counting(weights, &mut uncertain);
            run::write_run(Zipped3 { a, b, c, f }, out, false);
        }
        if uncertain > 0 {
            for (k, (out, ((a, b), c))) in out.chunks_exact_mut(row_len).zip(samples()).enumerate()
            {
                for (((out, &a), &b), &c) in out.iter_mut().zip(a).zip(b).zip(c) {
                    *out = weights.settled(k, [a, b, c]);
                }
            }
        }
    }
}

/// Sums of three samples, each with its weight, and a count of those that are not finite.
///
/// A number, and not a `bool`, because that becomes part of the vectors; by value, so that the weights stay in registers. (With
/// `is_finite` in place of the comparison, slopes took up to a fifth longer.)
#[inline(always)]
fn counting<A: Float>(weights: [A; 3], not_finite: &mut u64) -> impl FnMut(A, A, A) -> A {
    move |a, b, c| {
        let sum = sum_of([a, b, c], weights);
        let is_finite = sum.abs() <= A::max_value();
        *not_finite += u64::from(!is_finite);
        sum
    }
}

/// The weights of a block of places between the ends.
#[derive(Clone, Copy)]
struct Weights<'w, A> {
    weights: &'w [[A; 3]],
    /// Whether nothing left the range on the way to them.
    are_certain: bool,
    x: &'w ArrayRef1<A>,
    /// The place of the first weights.
    first: usize,
}

impl<A: Float> Weights<'_, A> {
    /// The slope at a place of the block, by [`Triple::settled`].
    #[cold]
    #[inline(never)]
    fn settled(&self, number: usize, samples: [A; 3]) -> A {
        Triple::at(self.x, self.first + number - 1, Place::Inside).settled(samples)
    }
}

/// Where a slope is taken of three samples.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// At the first of them.
    First,
    /// At the one in the middle.
    Inside,
    /// At the last of them.
    Last,
}

/// Three neighbouring samples whose slope is computed for many lanes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triple<A> {
    /// Where the samples lie.
    x: [A; 3],
    place: Place,
    weights: [A; 3],
    /// Whether nothing left the range on the way to the weights.
    pub(crate) is_certain: bool,
}

impl<A: Float> Triple<A> {
    /// Samples at three of many coordinates, from number `first` on.
    pub(crate) fn at(x: &ArrayRef1<A>, first: usize, place: Place) -> Self {
        let x = [x[first], x[first + 1], x[first + 2]];
        let [d, e] = [x[1] - x[0], x[2] - x[1]];
        Triple { x, place, weights: weights(place, d, e), is_certain: Ordinary::new().are([d, e]) }
    }

    /// Samples that lie `step` apart, at one end.
    pub(crate) fn even(step: A, place: Place) -> Self {
        let (one, two) = (A::one(), A::one() + A::one());
        let [half, three_halves] = [one / two, one + one / two];
        let [near, middle, far] = [three_halves / step, two / step, half / step];
        let weights = match place {
            Place::First => [-near, middle, -far],
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
        map::zip3_map_as(a, b, c, out, streams, counting(weights, &mut uncertain));
        if uncertain > 0 {
            let [a, b, c] = samples;
            map::zip3_map_as(a, b, c, out, streams, |a, b, c| self.settled([a, b, c]));
        }
    }

    /// The slope, in plain arithmetic only if that is certain to stay within the range.
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

/// Distances that are so far from the ends of the range that no weight, and nothing on the way to one, leaves it: four of
/// them can be multiplied.
struct Ordinary<A> {
    least: A,
    most: A,
}

impl<A: Float> Ordinary<A> {
    fn new() -> Self {
        let least = A::min_positive_value().sqrt().sqrt();
        Ordinary { least, most: least.recip() }
    }

    #[inline(always)]
    fn are(&self, distances: [A; 2]) -> bool {
        let [d, e] = distances.map(|distance| distance.abs());
        (d >= self.least) & (e >= self.least) & (d <= self.most) & (e <= self.most)
    }
}

/// What each of three samples, with the distances d and e between them, counts in their slope.
#[inline(always)]
fn weights<N: Number>(place: Place, d: N, e: N) -> [N; 3] {
    match place {
        Place::First => [-(d + d + e) / (d * (d + e)), (d + e) / (d * e), -d / (e * (d + e))],
        Place::Inside => [-e / (d * (d + e)), (e - d) / (d * e), d / (e * (d + e))],
        Place::Last => [e / (d * (d + e)), -(e + d) / (d * e), (e + e + d) / (e * (d + e))],
    }
}

#[inline(always)]
fn sum_of<N: Number>([a, b, c]: [N; 3], weights: [N; 3]) -> N {
    weights[0] * a + weights[1] * b + weights[2] * c
}

/// With bounds to the exponent or without.
trait Number:
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

fn half<A: Float>() -> A {
    (A::one() + A::one()).recip()
}
