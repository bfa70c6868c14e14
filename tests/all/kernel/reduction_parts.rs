//! What the registry of reductions is made of: elements, aids of a call, and naive formulas over plain slices.

use ndarray::Array1;

/// What arrays are made of here.
pub(crate) trait Element: Copy + std::fmt::Debug + PartialEq + 'static {
    /// Stands in memory that a kernel must not touch.
    const GAP: Self;
    /// NaN, if there is one.
    const NAN: Self = Self::GAP;
    /// The n-th element of an input.
    fn number(n: usize) -> Self;
    /// Equal but for roundings.
    fn is_near(self, other: Self) -> bool;
}

impl Element for f64 {
    const GAP: f64 = -1e300;
    const NAN: f64 = f64::NAN;
    fn number(n: usize) -> f64 {
        (n * 7 % 31) as f64 + 1.0
    }
    fn is_near(self, other: f64) -> bool {
        let off = (self - other).abs();
        self == other
            || (self.is_nan() && other.is_nan())
            || off <= 1e-13 * self.abs().max(other.abs())
    }
}

impl Element for bool {
    const GAP: bool = true;
    fn number(n: usize) -> bool {
        n.is_multiple_of(3)
    }
    fn is_near(self, other: bool) -> bool {
        self == other
    }
}

impl Element for usize {
    const GAP: usize = usize::MAX;
    fn number(n: usize) -> usize {
        n * 7 % 31
    }
    fn is_near(self, other: usize) -> bool {
        self == other
    }
}

/// What a call needs besides arrays, made before anything is counted.
pub(crate) struct Aids {
    pub(crate) scratch: Vec<f64>,
    pub(crate) pairs: Vec<(f64, f64)>,
    pub(crate) weights: Array1<f64>,
}

impl Aids {
    /// For `len` elements of a lane, or of an array.
    pub(crate) fn new(len: usize) -> Self {
        Aids {
            scratch: vec![f64::NAN; len],
            pairs: vec![(f64::NAN, f64::NAN); len],
            weights: (0..len).map(f64::number).collect(),
        }
    }
}

/// The naive formulas.
pub(crate) mod naive {
    use ndarray::{ArrayView1, Axis};

    /// Where samples lie that are not evenly spaced.
    static COORDINATES: [f64; 4096] = {
        let (mut x, mut k) = ([0.0; 4096], 1);
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
        let repeated =
            x.iter().zip(weights).flat_map(|(&x, &w)| std::iter::repeat_n(x, w as usize));
        let mut sorted: Vec<f64> = repeated.collect();
        sorted.sort_by(f64::total_cmp);
        let place = (q * sorted.len() as f64).ceil() as usize;
        sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }
}
