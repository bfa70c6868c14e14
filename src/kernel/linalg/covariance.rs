//! Covariances and correlations of variables.
//!
//! Observations are centred while they are in the cache, packed for a product of matrices
//! ([`deviations`](super::product::deviations)). Any centres will do in exact arithmetic:
//!
//! *Σ (x − x̄)(y − ȳ) = Σ (x − c)(y − d) − Σ (x − c) Σ (y − d) / n*
//!
//! With centres close to the means, the last term is small, and no digits cancel. So the means of a sample of the
//! observations suffice, and all of them are read once. Only weights may put the means far from those of a sample, so
//! that weighted observations are read twice.

use ndarray::{ArrayRef1, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, Slice};

use super::product::deviations::{DeviationProducts, Deviations, deviation_products_len};
use super::product::element::RealElement;
use super::workspace::{Workspace, bytes_of};
use crate::kernel::engine::check;
use crate::kernel::engine::tuning::{CENTRE_SAMPLE, MATMUL_DEPTH};

/// What the weights of observations mean: NumPy's `fweights` and `aweights`.
///
/// Weights are finite and not negative, and at least one is above zero.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Weights<'w, A> {
    /// How often each observation occurred.
    Frequency(&'w ArrayRef1<A>),
    /// How reliable, or important, each observation is. Only their ratios count.
    Analytic(&'w ArrayRef1<A>),
    /// Frequencies, and how reliable each observation is: the weight is their product.
    Both(&'w ArrayRef1<A>, &'w ArrayRef1<A>),
}

/// Computes the covariances of variables.
///
/// *out\[i, j\] = Σₖ (a\[k, i\] − meanᵢ) (a\[k, j\] − meanⱼ) / max(n − ddof, 0)*
///
/// `axis` is the axis of the observations: along `Axis(0)`, `a` is n×p, with a row for each of n observations and a
/// column for each of p variables; along `Axis(1)` it is p×n, NumPy's default. `out` is p×p, and exactly symmetric. Its
/// diagonal holds the variances that [`var_axis_into`](crate::kernel::var_axis_into) computes, up to rounding. `ddof`
/// is subtracted from the number of observations, and is 1 by default in NumPy.
///
/// Observations are read once, a block at a time; no centred copy of `a` is made. [`cov_workspace_bytes`] tells how
/// much workspace that takes.
///
/// **Accuracy.** With h = min(n, 256) + n/256, the error is at most (2h + 10) ε √(Vᵢ Vⱼ), where Vᵢ is the mean square
/// of the distances a\[k, i\] − cᵢ (divided by n − ddof), and cᵢ is the mean of at most 256 observations evenly spread
/// over the axis. So Vᵢ is the variance, or little more. A large mean costs no digits. Differences, and the sums of
/// their squares, must be neither too large nor too small for the element type.
///
/// NaN or an infinity in a variable makes its row and its column NaN. No observations give NaN; n ≤ `ddof` gives
/// infinities, or NaN for zero, as in NumPy (which warns). Without variables `out` is empty. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, if `out` does not have a row and a column for each variable, or if `workspace` is too
/// small; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.cov(a, rowvar=False, ddof=ddof)` and ndarray-stats' `a.cov(ddof)`, which both allocate a centred copy.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::{Workspace, cov_into, cov_workspace_bytes};
///
/// let a = array![[1.0, 10.0], [2.0, 8.0], [3.0, 9.0]]; // three observations of two variables
/// let mut out = Array2::zeros((2, 2));
/// let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(3, 2));
/// cov_into(&a, Axis(0), 1.0, &mut out, &mut workspace);
/// assert_eq!(out, array![[1.0, -0.5], [-0.5, 1.0]]);
/// ```
#[doc(alias = "covariance")]
#[track_caller]
pub fn cov_into<A: RealElement>(
    a: &ArrayRef2<A>,
    axis: Axis,
    ddof: A,
    out: &mut ArrayRef2<A>,
    workspace: &mut Workspace<'_>,
) {
    Observations::checked("cov_into", a, axis, None, out).covariances(ddof, out, workspace);
}

/// Computes the covariances of variables, of whose observations each has a weight.
///
/// *out\[i, j\] = Σₖ w\[k\] (a\[k, i\] − meanᵢ) (a\[k, j\] − meanⱼ) / max(W − ddof V, 0)*
///
/// The means are weighted too, and W is Σ w. V is 1 for [`Weights::Frequency`], so that the result is that of
/// observations which occur so many times. For [`Weights::Analytic`] V is Σ w² / W, so that with a `ddof` of 1 it is an
/// estimate without bias. For [`Weights::Both`], w is the product of f and g, and V is Σ f g² / W.
///
/// Shapes, workspace, special values and accuracy are those of [`cov_into`], where cᵢ is the weighted mean itself, and
/// mean squares are weighted. Observations are read twice.
///
/// # Panics
///
/// As [`cov_into`], and if there is not a weight for each observation, if a weight is negative, infinite or NaN, or if
/// all are zero.
///
/// # Replaces
///
/// NumPy's `np.cov(a, rowvar=False, ddof=ddof, fweights=f, aweights=g)`, which allocates two copies. ndarray has no
/// such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::{Weights, Workspace, cov_weighted_into, cov_workspace_bytes};
///
/// let (a, times) = (array![[1.0, 10.0], [2.0, 8.0], [3.0, 9.0]], array![1.0, 2.0, 1.0]);
/// let mut out = Array2::zeros((2, 2));
/// let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(3, 2));
/// cov_weighted_into(&a, Axis(0), Weights::Frequency(&times), 0.0, &mut out, &mut workspace);
/// assert_eq!(out, array![[0.5, -0.25], [-0.25, 0.6875]]);
/// ```
#[doc(alias = "cov")]
#[doc(alias = "fweights")]
#[doc(alias = "aweights")]
#[track_caller]
pub fn cov_weighted_into<A: RealElement>(
    a: &ArrayRef2<A>,
    axis: Axis,
    weights: Weights<'_, A>,
    ddof: A,
    out: &mut ArrayRef2<A>,
    workspace: &mut Workspace<'_>,
) {
    let observations = Observations::checked("cov_weighted_into", a, axis, Some(weights), out);
    observations.covariances(ddof, out, workspace);
}

/// Computes the correlations of variables: Pearson's coefficients.
///
/// *out\[i, j\] = Cᵢⱼ / √(Cᵢᵢ Cⱼⱼ)*, where C are the covariances
///
/// Shapes, layout and workspace are those of [`cov_into`]. `out` is exactly symmetric, its elements lie between −1 and
/// 1, and its diagonal is 1 or NaN. (In NumPy it may be off by a rounding error.)
///
/// **Accuracy.** The error is at most (4h + 24) ε, with h as in [`cov_into`], where the mean squares there are the
/// variances; else, so many times as much as they are larger.
///
/// A variable that is NaN or infinite somewhere, whose elements are all equal, or that has a single observation, has a
/// row and a column of NaN, as in NumPy. So has one whose squares are too small for the element type.
///
/// # Panics
///
/// As [`cov_into`].
///
/// # Replaces
///
/// NumPy's `np.corrcoef(a, rowvar=False)` and ndarray-stats' `a.pearson_correlation()`, which both allocate a centred
/// copy.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::{Workspace, corrcoef_into, cov_workspace_bytes};
///
/// let a = array![[1.0, 2.0, 3.0], [10.0, 8.0, 9.0]]; // three observations of two variables
/// let mut out = Array2::zeros((2, 2));
/// let mut workspace = Workspace::with_bytes(cov_workspace_bytes::<f64>(3, 2));
/// corrcoef_into(&a, Axis(1), &mut out, &mut workspace);
/// assert_eq!(out.diag(), array![1.0, 1.0]);
/// assert!(f64::abs(out[[0, 1]] + 0.5) < 1e-15);
/// ```
#[doc(alias = "correlation")]
#[doc(alias = "pearson_correlation")]
#[track_caller]
pub fn corrcoef_into<A: RealElement>(
    a: &ArrayRef2<A>,
    axis: Axis,
    out: &mut ArrayRef2<A>,
    workspace: &mut Workspace<'_>,
) {
    let observations = Observations::checked("corrcoef_into", a, axis, None, out);
    let (mut products, deviations) = observations.products(out, workspace);
    for (deviation, &square) in deviations.iter_mut().zip(products.diag()) {
        *deviation = if square > A::zero() { square.sqrt() } else { A::nan() };
    }
    for (i, mut row) in products.outer_iter_mut().enumerate() {
        for (product, &deviation) in row.iter_mut().zip(&deviations[..i]) {
            let correlation = *product / deviations[i] / deviation;
            // (NaN stays.)
            *product =
                if correlation.abs() > A::one() { correlation.signum() } else { correlation };
        }
        let is_number = row[i].is_finite() && !deviations[i].is_nan();
        row[i] = if is_number { A::one() } else { A::nan() };
    }
    mirror(products);
}

/// Returns the bytes of workspace that the covariances or correlations of so many variables need.
///
/// More observations or variables never need less. It is never much more than 1 MiB and two numbers for each variable.
///
/// # Example
///
/// ```
/// use ndarray_pool::kernel::cov_workspace_bytes;
///
/// assert!(cov_workspace_bytes::<f64>(usize::MAX, 50) < 200_000);
/// ```
pub fn cov_workspace_bytes<A: RealElement>(observations: usize, variables: usize) -> usize {
    bytes_of::<A>(workspace_len::<A>(observations, variables))
}

fn workspace_len<A: RealElement>(observations: usize, variables: usize) -> usize {
    let own = deviation_products_len::<A>(observations, variables);
    own.saturating_add(variables.saturating_mul(2))
}

/// The arguments of a kernel.
struct Observations<'a, A> {
    kernel: &'a str,
    /// A row for each variable.
    x: ArrayView2<'a, A>,
    weights: Option<Weights<'a, A>>,
}

impl<'a, A: RealElement> Observations<'a, A> {
    #[track_caller]
    fn checked(
        kernel: &'a str,
        a: &'a ArrayRef2<A>,
        axis: Axis,
        weights: Option<Weights<'a, A>>,
        out: &ArrayRef2<A>,
    ) -> Self {
        check::axis(kernel, axis, ("a", a));
        let x = if axis == Axis(0) { a.t() } else { a.view() };
        let needs = [Some(x.nrows()); 2].into_iter();
        check::shape_is(kernel, ("out", out), needs, format_args!("the number of variables twice"));
        for weights in weights.iter().flat_map(Weights::factors).flatten() {
            check::len_of_axis(kernel, ("weights", weights.len()), axis, ("a", a));
            check::weights(kernel, weights);
        }
        Observations { kernel, x, weights }
    }

    #[track_caller]
    fn covariances(self, ddof: A, out: &mut ArrayRef2<A>, workspace: &mut Workspace<'_>) {
        let (total, lost) = self.total_and_lost();
        let divisor = total - ddof * lost;
        let divisor = if divisor <= A::zero() { A::zero() } else { divisor };
        let (mut products, _) = self.products(out, workspace);
        for (i, mut row) in products.outer_iter_mut().enumerate() {
            row.iter_mut().take(i + 1).for_each(|product| *product = *product / divisor);
        }
        mirror(products);
    }

    /// The products of the distances from the means, on and below the diagonal, and memory for a number for each
    /// variable.
    #[track_caller]
    fn products<'o>(
        self,
        out: &'o mut ArrayRef2<A>,
        workspace: &'o mut Workspace<'_>,
    ) -> (ArrayViewMut2<'o, A>, &'o mut [A]) {
        let (p, n) = self.x.dim();
        let memory = workspace.checked(self.kernel, workspace_len::<A>(n, p));
        let (centres, memory) = memory.split_at_mut(p);
        let (sums, memory) = memory.split_at_mut(p);
        if n > 0 {
            self.find_centres(centres, sums, memory);
        }
        let [below, beside] = [0, 1].map(|axis| out.strides()[axis].unsigned_abs());
        let mut out = if below < beside { out.view_mut().reversed_axes() } else { out.view_mut() };
        let of = self.deviations(self.x.view(), centres);
        DeviationProducts { of, sums, products: Some(out.view_mut()) }.compute(memory);
        let (total, _) = self.total_and_lost();
        // An infinity makes NaN of all covariances.
        sums.iter_mut().filter(|sum| sum.is_infinite()).for_each(|sum| *sum = A::nan());
        for (i, mut row) in out.outer_iter_mut().enumerate() {
            let mean = sums[i] / total;
            for (product, &sum) in row.iter_mut().zip(&sums[..=i]) {
                *product = *product - mean * sum;
            }
            if row[i] < A::zero() {
                row[i] = A::zero();
            }
        }
        (out, sums)
    }

    /// Finds a centre for each variable, equal to its elements if these are all equal.
    fn find_centres(&self, centres: &mut [A], sums: &mut [A], memory: &mut [A]) {
        let step = match self.weights {
            None => self.x.ncols().div_ceil(CENTRE_SAMPLE),
            Some(_) => 1,
        };
        let sample = self.x.slice_axis(Axis(1), Slice::new(0, None, step.cast_signed()));
        let total = match self.weights {
            None => count(sample.ncols()),
            Some(_) => self.total_and_lost().0,
        };
        centres.iter_mut().zip(self.x.column(0)).for_each(|(centre, &x)| *centre = x);
        let of = self.deviations(sample, centres);
        DeviationProducts { of, sums, products: None }.compute(memory);
        centres.iter_mut().zip(sums).for_each(|(centre, &mut sum)| *centre = *centre + sum / total);
    }

    fn deviations<'d>(&self, x: ArrayView2<'d, A>, centres: &'d [A]) -> Deviations<'d, A>
    where
        'a: 'd,
    {
        let weights = self.weights.map_or([None; 2], |weights| weights.factors());
        Deviations { x, centres, weights: weights.map(|factor| factor.map(|factor| factor.view())) }
    }

    /// The sum of the weights, and what the divisor of the covariances loses for each degree of freedom.
    fn total_and_lost(&self) -> (A, A) {
        match self.weights {
            None => (count(self.x.ncols()), A::one()),
            Some(Weights::Frequency(f)) => (sum_of(f.len(), |k| f[k]), A::one()),
            Some(Weights::Analytic(g)) => {
                let total = sum_of(g.len(), |k| g[k]);
                (total, sum_of(g.len(), |k| g[k] * g[k]) / total)
            }
            Some(Weights::Both(f, g)) => {
                let total = sum_of(g.len(), |k| f[k] * g[k]);
                (total, sum_of(g.len(), |k| f[k] * g[k] * g[k]) / total)
            }
        }
    }
}

impl<'w, A> Weights<'w, A> {
    /// The arrays whose product the weights are.
    fn factors(&self) -> [Option<&'w ArrayRef1<A>>; 2] {
        match *self {
            Weights::Frequency(weights) | Weights::Analytic(weights) => [Some(weights), None],
            Weights::Both(frequencies, analytic) => [Some(frequencies), Some(analytic)],
        }
    }
}

/// The sum of `n` terms, in blocks.
fn sum_of<A: RealElement>(n: usize, term: impl Fn(usize) -> A) -> A {
    let block = |first| (first..n.min(first + MATMUL_DEPTH)).map(&term);
    let blocks = (0..n).step_by(MATMUL_DEPTH).map(|first| block(first).fold(A::zero(), A::add));
    blocks.fold(A::zero(), A::add)
}

fn count<A: RealElement>(n: usize) -> A {
    A::from(n).expect("a float counts with rounding")
}

/// Writes the transpose of what is below the diagonal above it.
fn mirror<A: Copy>(mut matrix: ArrayViewMut2<'_, A>) {
    for i in 0..matrix.nrows() {
        for j in 0..i {
            matrix[[j, i]] = matrix[[i, j]];
        }
    }
}
