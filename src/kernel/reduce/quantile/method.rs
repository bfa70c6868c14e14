//! Where a quantile lies among sorted elements, by nine definitions from the literature and four more of NumPy; and the
//! interpolation between two elements.

use num_traits::Float;

/// How a quantile is defined where it does not coincide with an element: NumPy's `method=`.
///
/// Among n elements in ascending order, counted from 0, every method defines a position v. If v lies between two
/// positions, the value is interpolated linearly between the two elements there; a v before the first element gives the
/// first, and one after the last gives the last. Nine methods are those that Hyndman and Fan compare[^hf], with their
/// numbers.
///
/// | method | no. | v | |
/// |---|---|---|---|
/// | `InvertedCdf` | 1 | ⌈n q − 1⌉ | the smallest element that a share of q does not exceed |
/// | `AveragedInvertedCdf` | 2 | n q − ½ where n q is whole, else ⌈n q − 1⌉ | the same, and the mean of two where the share is met exactly |
/// | `ClosestObservation` | 3 | n q − 1, rounded to a whole number; halves to odd ones | |
/// | `InterpolatedInvertedCdf` | 4 | n q − 1 | |
/// | `Hazen` | 5 | n q − ½ | used in hydrology |
/// | `Weibull` | 6 | (n + 1) q − 1 | the mean share below the k-th element of n |
/// | `Linear` | 7 | (n − 1) q | NumPy's default, and R's |
/// | `MedianUnbiased` | 8 | (n + ⅓) q − ⅔ | close to unbiased for medians, whatever the distribution: what Hyndman and Fan recommend |
/// | `NormalUnbiased` | 9 | (n + ¼) q − ⅝ | close to unbiased for the normal distribution |
/// | `Lower` | | ⌊(n − 1) q⌋ | |
/// | `Higher` | | ⌈(n − 1) q⌉ | |
/// | `Midpoint` | | (⌊(n − 1) q⌋ + ⌈(n − 1) q⌉) / 2 | |
/// | `Nearest` | | (n − 1) q, rounded to a whole number; halves to even ones | |
///
/// The first three, `Lower`, `Higher` and `Nearest` always give an element of the array (except for the means of the
/// second).
///
/// [^hf]: R. J. Hyndman and Y. Fan, *Sample Quantiles in Statistical Packages*, The American Statistician 50 (4), 1996,
///     pages 361–365, <https://doi.org/10.1080/00031305.1996.10473566>
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{QuantileMethod, whole::quantile};
///
/// let (a, mut scratch) = (array![4.0, 1.0, 3.0, 2.0], [0.0; 4]);
/// assert_eq!(quantile(&a, 0.4, QuantileMethod::Linear, &mut scratch), 2.2);
/// assert_eq!(quantile(&a, 0.4, QuantileMethod::Hazen, &mut scratch), 2.1);
/// assert_eq!(quantile(&a, 0.4, QuantileMethod::Lower, &mut scratch), 2.0);
/// ```
#[doc(alias("interpolation", "inverted_cdf", "averaged_inverted_cdf", "closest_observation"))]
#[doc(alias("interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased"))]
#[doc(alias("normal_unbiased", "lower", "higher", "midpoint", "nearest"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuantileMethod {
    /// v = ⌈n q − 1⌉ (number 1): the inverse of the empirical distribution function.
    InvertedCdf,
    /// As `InvertedCdf`, with the mean of two elements where n q is whole (number 2).
    AveragedInvertedCdf,
    /// v = n q − 1, rounded, halves to odd numbers (number 3).
    ClosestObservation,
    /// v = n q − 1 (number 4).
    InterpolatedInvertedCdf,
    /// v = n q − ½ (number 5).
    Hazen,
    /// v = (n + 1) q − 1 (number 6).
    Weibull,
    /// v = (n − 1) q (number 7): the default.
    #[default]
    Linear,
    /// v = (n + ⅓) q − ⅔ (number 8).
    MedianUnbiased,
    /// v = (n + ¼) q − ⅝ (number 9).
    NormalUnbiased,
    /// v = ⌊(n − 1) q⌋.
    Lower,
    /// v = ⌈(n − 1) q⌉.
    Higher,
    /// The middle between the positions of `Lower` and `Higher`.
    Midpoint,
    /// v = (n − 1) q, rounded, halves to even numbers.
    Nearest,
}

impl QuantileMethod {
    /// The position of the element before the `q` quantile of `count` elements, at least one, and how far the quantile
    /// lies on the way to the next.
    ///
    /// Rounds as NumPy does, operation by operation: where n q is whole, the last bit decides which element it is.
    pub(crate) fn place(self, q: f64, count: usize) -> (usize, f64) {
        let (n, last) = (count as f64, (count - 1) as f64);
        // The position with the parameters α and β of Hyndman and Fan.
        let between = |alpha: f64, beta: f64| n * q + (alpha + q * (1.0 - alpha - beta)) - 1.0;
        let at = match self {
            Self::InvertedCdf => (n * q - 1.0).ceil(),
            Self::AveragedInvertedCdf => match n * q - 1.0 {
                at if at.fract() == 0.0 => at + 0.5,
                at => at.ceil(),
            },
            Self::ClosestObservation => match n * q - 1.0 - 0.5 {
                at if at.rem_euclid(2.0) == 1.0 => at,
                at => at.floor() + 1.0,
            },
            Self::InterpolatedInvertedCdf => between(0.0, 1.0),
            Self::Hazen => between(0.5, 0.5),
            Self::Weibull => between(0.0, 0.0),
            Self::Linear => last * q,
            Self::MedianUnbiased => between(1.0 / 3.0, 1.0 / 3.0),
            Self::NormalUnbiased => between(3.0 / 8.0, 3.0 / 8.0),
            Self::Lower => (last * q).floor(),
            Self::Higher => (last * q).ceil(),
            Self::Midpoint => 0.5 * ((last * q).floor() + (last * q).ceil()),
            Self::Nearest => (last * q).round_ties_even(),
        };
        let at = at.clamp(0.0, last);
        (at as usize, at.fract())
    }
}

/// The mean of two numbers, which is representable even if their sum is not.
pub(crate) fn middle<A: Float>(low: A, high: A) -> A {
    let two = A::one() + A::one();
    let sum = low + high;
    if sum.is_infinite() { middle_of_large(low, high) } else { sum / two }
}

#[cold]
#[inline(never)]
fn middle_of_large<A: Float>(low: A, high: A) -> A {
    let two = A::one() + A::one();
    low / two + high / two
}

/// Interpolates between two numbers as NumPy does, from the nearer of the two, so that the result never leaves their
/// range.
///
/// Two things are added to NumPy's formula. A distance that overflows is halved. And a result that is computed from
/// `low` is at most the one computed from `high` in the middle, where rounding could make the result fall as `part`
/// rises.
pub(crate) fn between<A: Float>(low: A, high: A, part: f64) -> A {
    let distance = high - low;
    match distance.is_infinite() {
        true => far_between(low, high, part),
        false => on_line(low, high, distance, part),
    }
}

#[inline(always)]
fn on_line<A: Float>(low: A, high: A, distance: A, part: f64) -> A {
    let fraction = |part: f64| A::from(part).expect("a float holds a fraction");
    if part >= 0.5 {
        return high - distance * fraction(1.0 - part);
    }
    let (value, middle) = (low + distance * fraction(part), high - distance * fraction(0.5));
    if value > middle { middle } else { value }
}

#[cold]
#[inline(never)]
fn far_between<A: Float>(low: A, high: A, part: f64) -> A {
    if low.is_infinite() || high.is_infinite() {
        return on_line(low, high, high - low, part);
    }
    let two = A::one() + A::one();
    let (low, high) = (low / two, high / two);
    on_line(low, high, high - low, part) * two
}

#[cfg(test)]
mod tests {
    use super::QuantileMethod::{self, *};

    const ALL: [QuantileMethod; 13] = [
        InvertedCdf,
        AveragedInvertedCdf,
        ClosestObservation,
        InterpolatedInvertedCdf,
        Hazen,
        Weibull,
        Linear,
        MedianUnbiased,
        NormalUnbiased,
        Lower,
        Higher,
        Midpoint,
        Nearest,
    ];

    /// By the formulas of the table above; with ten elements and quarters, every half and whole position is exact.
    #[test]
    fn places_are_those_of_the_table() {
        let places = |q| ALL.map(|method| method.place(q, 10)).map(|(at, part)| at as f64 + part);
        let third = 1.0 / 3.0;
        let near = |q: f64, expected: [f64; 13]| {
            for ((method, ours), expected) in ALL.iter().zip(places(q)).zip(expected) {
                assert!((ours - expected).abs() < 1e-12, "{method:?} at {q}: {ours}, {expected}");
            }
        };
        let (eighth, ninth) = (2.0 + third * 0.25 - 1.0 / 6.0, 10.25 * 0.25 - 0.625);
        near(0.25, [2., 2., 1., 1.5, 2., 1.75, 2.25, eighth, ninth, 2., 3., 2.5, 2.]);
        near(0.5, [4., 4.5, 4., 4., 4.5, 4.5, 4.5, 4.5, 4.5, 4., 5., 4.5, 4.]);
        near(0.0, [0.0; 13]);
        near(1.0, [9.0; 13]);
    }

    #[test]
    fn one_element_is_every_quantile() {
        for method in ALL {
            for q in [0.0, 0.3, 0.5, 1.0] {
                assert_eq!(method.place(q, 1), (0, 0.0), "{method:?} at {q}");
            }
        }
    }
}
