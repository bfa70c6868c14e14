//! What the formulas are made of, as one would write it first.

use std::convert::Infallible;

use ndarray::{Array1, ArrayView1, Axis};
use rand::TryRng;

use super::operand::{Element, Kind};

/// The weights of a lane of this length.
pub(crate) fn weights(len: usize) -> Array1<f64> {
    (0..len).map(|n| f64::number(n, 0, Kind::Repeated)).collect()
}

/// Where samples lie that are not evenly spaced.
static COORDINATES: [f64; 5200] = {
    let (mut x, mut k) = ([0.0; 5200], 1);
    while k < x.len() {
        x[k] = x[k - 1] + (1 + (k - 1) % 3) as f64 / 2.0;
        k += 1;
    }
    x
};

/// Those of the samples of an array along `axis`, if it has that axis.
pub(crate) fn coordinates(shape: &[usize], axis: Axis) -> ArrayView1<'static, f64> {
    let len = shape.get(axis.index()).copied().unwrap_or(0);
    ArrayView1::from(&COORDINATES[..len])
}

/// From coordinate number `k` to the next.
pub(crate) fn distance(k: usize) -> f64 {
    COORDINATES[k + 1] - COORDINATES[k]
}

/// The slope at sample number `at` of the parabola through it and its neighbours, or through the outermost three.
pub(crate) fn slope_of_parabola(samples: &[f64], at: usize) -> f64 {
    let middle = at.clamp(1, samples.len() - 2);
    let (d, e) = (distance(middle - 1), distance(middle));
    let [a, b, c] = match at {
        0 => [-(2.0 * d + e) / (d * (d + e)), (d + e) / (d * e), -d / (e * (d + e))],
        _ if at == middle => [-e / (d * (d + e)), (e - d) / (d * e), d / (e * (d + e))],
        _ => [e / (d * (d + e)), -(e + d) / (d * e), (2.0 * e + d) / (e * (d + e))],
    };
    a * samples[middle - 1] + b * samples[middle] + c * samples[middle + 1]
}

pub(crate) fn numbers(x: &[f64]) -> Vec<f64> {
    x.iter().copied().filter(|x| !x.is_nan()).collect()
}

pub(crate) fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

pub(crate) fn var(x: &[f64], ddof: f64) -> f64 {
    let mean = mean(x);
    let squares: f64 = x.iter().map(|x| (x - mean) * (x - mean)).sum();
    squares / (x.len() as f64 - ddof).max(0.0)
}

/// The best element, from the end to the start, so that the first of several stays.
pub(crate) fn best(x: &[f64], better: impl Fn(f64, f64) -> bool) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (i, &x) in x.iter().enumerate().filter(|(_, x)| !x.is_nan()).rev() {
        if best.is_none_or(|(_, b)| !better(b, x)) {
            best = Some((i, x));
        }
    }
    best
}

pub(crate) fn least(x: &[f64]) -> Option<f64> {
    best(x, |a, b| a < b).map(|(_, x)| x)
}

pub(crate) fn most(x: &[f64]) -> Option<f64> {
    best(x, |a, b| a > b).map(|(_, x)| x)
}

pub(crate) fn argleast(x: &[f64]) -> Option<usize> {
    best(x, |a, b| a < b).map(|(i, _)| i)
}

pub(crate) fn argmost(x: &[f64]) -> Option<usize> {
    best(x, |a, b| a > b).map(|(i, _)| i)
}

pub(crate) fn quantile(x: &[f64], q: f64) -> f64 {
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = q * last as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

/// Each element is there as often as its weight says, which is a whole number.
pub(crate) fn weighted_quantile(x: &[f64], weights: &[f64], q: f64) -> f64 {
    let repeated = x.iter().zip(weights).flat_map(|(&x, &w)| std::iter::repeat_n(x, w as usize));
    let mut sorted: Vec<f64> = repeated.collect();
    sorted.sort_by(f64::total_cmp);
    let place = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

pub(crate) fn average(x: &[f64], weights: &[f64]) -> f64 {
    dot(x, weights) / weights.iter().sum::<f64>()
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn frexp(mut a: f64) -> (f64, i32) {
    let mut exponent = 0;
    while a.abs() >= 1.0 {
        (a, exponent) = (a / 2.0, exponent + 1);
    }
    while a != 0.0 && a.abs() < 0.5 {
        (a, exponent) = (a * 2.0, exponent - 1);
    }
    (a, exponent)
}

/// Fisher and Yates as the books have it. Several draws in a row are one draw from the product of their bounds, by
/// plain rejection, and are read from it as digits.
pub(crate) fn order(len: usize, seed: u64) -> Vec<usize> {
    let mut rng = SplitMix(seed);
    let mut order: Vec<usize> = (0..len).collect();
    let mut first = 0;
    while len > 1 && first < len {
        let together = match first {
            0..960 => 6,
            960..3_840 => 5,
            3_840..32_640 => 4,
            32_640..1_048_320 => 3,
            _ => 2,
        };
        let last = len.min(first + together) - 1;
        let bound = |i: usize| i as u128 + 1;
        let (words, bounds) = (1_u128 << 64, (first..=last).map(bound).product::<u128>());
        let mut digits = loop {
            let scaled = u128::from(rng.next()) * bounds;
            if scaled % words >= words % bounds {
                break scaled / words;
            }
        };
        let mut others = vec![0; together];
        for i in (first..=last).rev() {
            others[i - first] = (digits % bound(i)) as usize;
            digits /= bound(i);
        }
        (first..=last).for_each(|i| order.swap(i, others[i - first]));
        first = last + 1;
    }
    order
}

/// Steele, Lea and Flood's SplitMix64: a generator whose words will never change.
#[derive(Clone)]
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}

impl TryRng for SplitMix {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
