//! Reductions are right wherever the element type can represent the result, however large or small what they add up
//! is: near the ends of the range, and on every way that memory is walked.

mod averages;
#[cfg(feature = "complex")]
mod complex;
mod elementwise;
mod means;
mod norms;
mod quantiles;
mod spreads;

use ndarray::{Array, Array2, Array3, ArrayD, ArrayViewD, Axis, IxDyn, s};

use crate::registry::naive::SplitMix;

/// How many lanes there are: few columns, whole vectors and what is left of them, many short lanes.
const LANES: [usize; 7] = [1, 3, 16, 17, 40, 66, 130];

/// How long a lane is: short, a block of rows and what is left of it, several blocks.
const LENGTHS: [usize; 9] = [2, 3, 5, 8, 16, 35, 128, 513, 1100];

/// The results for these lanes, of equal length, wherever they lie in memory, with a name for each layout.
fn on_layouts<A: Copy, B: Copy>(
    lanes: &[Vec<A>],
    gap: A,
    blank: B,
    kernel: impl Fn(&ArrayViewD<'_, A>, Axis, &mut ArrayD<B>),
) -> Vec<(&'static str, Vec<B>)> {
    let (m, n) = (lanes.len(), lanes[0].len());
    let mut results = Vec::new();
    let mut see = |name, a: ArrayViewD<'_, A>, axis: Axis| {
        let mut shape = a.shape().to_vec();
        shape.remove(axis.index());
        let mut out = Array::from_elem(IxDyn(&shape), blank);
        kernel(&a, axis, &mut out);
        results.push((name, out.iter().copied().collect()));
    };
    let rows = Array2::from_shape_fn((m, n), |(j, i)| lanes[j][i]);
    let columns = rows.t().as_standard_layout().into_owned();
    see("contiguous lanes", rows.view().into_dyn(), Axis(1));
    see("contiguous lanes, transposed", rows.t().into_dyn(), Axis(0));
    see("across rows", columns.view().into_dyn(), Axis(0));
    let mut apart = Array2::from_elem((2 * m, 3 * n), gap);
    apart.slice_mut(s![1..;2, ..;3]).assign(&rows);
    see("lanes with gaps", apart.slice(s![1..;2, ..;3]).into_dyn(), Axis(1));
    let mut apart = Array2::from_elem((2 * n, 3 * m), gap);
    apart.slice_mut(s![..;2, 1..;3]).assign(&columns);
    see("across rows with gaps", apart.slice(s![..;2, 1..;3]).into_dyn(), Axis(0));
    let turned = rows.slice(s![..;-1, ..;-1]).as_standard_layout().into_owned();
    see("backwards", turned.slice(s![..;-1, ..;-1]).into_dyn(), Axis(1));
    if m.is_multiple_of(2) {
        let middle = Array3::from_shape_fn((2, n, m / 2), |(p, i, q)| lanes[p * (m / 2) + q][i]);
        see("the axis in the middle", middle.view().into_dyn(), Axis(1));
    }
    results
}

/// The lane under test at both ends and in the middle, `m` lanes in all, among others.
fn among<A: Copy>(lane: &[A], m: usize, other: impl Fn(usize, usize) -> A) -> Vec<Vec<A>> {
    let is_under_test = |j| j == 0 || j == m / 2 || j == m - 1;
    (0..m)
        .map(|j| match is_under_test(j) {
            true => lane.to_vec(),
            false => (0..lane.len()).map(|i| other(j, i)).collect(),
        })
        .collect()
}

/// Small numbers with a mean and a spread of their own in each lane.
fn ordinary(j: usize, i: usize) -> f64 {
    ((i * 31 + j * 17) % 23) as f64 - 3.0 + j as f64
}

/// Checks the result for this lane on every layout, beside other lanes, whose results must have the bits that they have
/// without it.
fn check_lane<A: num_traits::Float + std::fmt::Debug>(
    lane: &[A],
    kernel: impl Fn(&ArrayViewD<'_, A>, Axis, &mut ArrayD<A>),
    is_right: impl Fn(A) -> bool,
) {
    let other = |j, i| A::from(ordinary(j, i)).unwrap();
    let plain: Vec<A> = (0..lane.len()).map(|i| other(0, i)).collect();
    // (Of long lanes there need not be many: how they are walked does not change further.)
    for m in LANES.into_iter().filter(|m| m * lane.len() <= 20_000) {
        let ours = on_layouts(&among(lane, m, other), A::infinity(), A::nan(), &kernel);
        let others = on_layouts(&among(&plain, m, other), A::infinity(), A::nan(), &kernel);
        for ((name, ours), (_, others)) in ours.iter().zip(&others) {
            let context = || format!("{name}, {m} lanes of {}, {:?}", lane.len(), &lane[..2]);
            for (j, (&ours, &other)) in ours.iter().zip(others).enumerate() {
                match j == 0 || j == m / 2 || j == m - 1 {
                    true => assert!(is_right(ours), "{}: {ours:?}", context()),
                    false => assert!(ours == other, "{}: lane {j}: {ours:?}", context()),
                }
            }
        }
    }
}

/// Small whole numbers with a unit, and what is exact of them.
struct Units {
    numbers: Vec<i128>,
}

impl Units {
    /// Numbers up to `most` of both signs.
    fn spread(n: usize, most: i128) -> Self {
        let mut rng = SplitMix(n as u64);
        let mut next = || i128::from(rng.next() >> 8) % (2 * most + 1) - most;
        let mut numbers: Vec<i128> = (0..n).map(|_| next()).collect();
        numbers[..2].copy_from_slice(&[most, -most]);
        Units { numbers }
    }

    fn len(&self) -> f64 {
        self.numbers.len() as f64
    }

    /// The numbers as floats, each times 2^`exponent`.
    fn times_two_to<A: num_traits::Float>(&self, exponent: i32) -> Vec<A> {
        self.numbers.iter().map(|&x| A::from(scaled(x as f64, exponent)).unwrap()).collect()
    }

    fn mean(&self) -> f64 {
        self.numbers.iter().sum::<i128>() as f64 / self.len()
    }

    /// Σ (x − mean)² / (n − ddof), by whole numbers.
    fn variance(&self, ddof: f64) -> f64 {
        let n = self.numbers.len() as i128;
        let (sum, squares) = (self.numbers.iter().sum::<i128>(), self.squares());
        (n * squares - sum * sum) as f64 / (self.len() * (self.len() - ddof))
    }

    fn squares(&self) -> i128 {
        self.numbers.iter().map(|x| x * x).sum()
    }
}

/// x · 2^`exponent`, rounded at most once.
fn scaled(x: f64, exponent: i32) -> f64 {
    libm::scalbn(x, exponent)
}

/// Whether `ours` is `exact` · 2^`exponent` but for a relative error, or as much as the smallest number is where digits
/// run out. (`ours` may be an `f32`.)
fn is_within(ours: f64, exact: f64, exponent: i32, error: f64, smallest: f64) -> bool {
    let exact = scaled(exact, exponent);
    ours == exact || (ours - exact).abs() <= error * exact.abs() + smallest
}

/// From the smallest numbers to the largest, and where squares leave the range.
fn exponents_of_f64() -> impl Iterator<Item = i32> {
    (-1074..=1010).step_by(60).chain([-560, -537, -500, 490, 500, 501, 505, 1013])
}

fn exponents_of_f32() -> impl Iterator<Item = i32> {
    (-149..=117).step_by(7).chain([50, 52, 53, 54])
}
