//! [`Moments`]: count, mean, variance, smallest and largest number of each column.
//!
//! A block is cut into pieces that stay in the cache. The kernels find mean and variance of each piece, and these are
//! merged with what was before (T. F. Chan, G. H. Golub and R. J. LeVeque, *Algorithms for Computing the Sample
//! Variance*, The American Statistician 37 (3), 1983):
//!
//! ```text
//! δ = mean_piece − mean;  w = n_piece / (n + n_piece)
//! mean += δ w
//! var  += (var_piece − var) w + (δ w) (δ (1 − w))
//! ```
//!
//! Means and variances are kept in two numbers each, so that the roundings of many small steps do not add up. It is the
//! variance that is kept and not the sum of squares, which may overflow where the variance does not.

use ndarray::{Array, ArrayRef, ArrayView, Axis, IntoDimension, Ix2, RemoveAxis, Zip};
use num_traits::{Float, FromPrimitive};

use super::extrema::Extrema;
use super::running::added;
use super::{check_rows, zeros};
use crate::kernel;
use crate::pool::Element;

/// How much of a block the kernels look at in turn: it stays in L2.
const PIECE_BYTES: usize = 256 << 10;

/// With fewer rows, merging would cost more than the kernels do.
const LEAST_PIECE_ROWS: usize = 32;

/// The count, mean, variance, smallest and largest number of each column, over all blocks. The results of two threads,
/// or of two files, can be merged.
///
/// **Accuracy.** With m pieces of 256 KiB (of 32 rows, if those are more) a mean has the error of
/// [`mean_axis_into`](crate::kernel::mean_axis_into) for the rows of one piece, plus at most (4 + 4 ln m) ε times the
/// range of the column, plus ε |mean|; a variance has the relative error of
/// [`var_axis_into`](crate::kernel::var_axis_into) for one piece, plus (8 + 8 ln m) ε, plus what the errors of the means
/// make of it. That is: it hardly grows with the number of blocks. Minima and maxima have the bits of the kernels, and
/// so has the mean of a single piece.
///
/// Numbers may be of any size, as for the kernels. NaN gives NaN; infinities give an infinite or NaN mean, as for
/// the kernels, and the variance NaN.
///
/// Replaces `a.mean(axis=0)` and `a.var(axis=0)` of a file that does not fit into memory.
///
/// ```
/// use ndarray_pool::blocks::Moments;
/// use ndarray_pool::ndarray::array;
///
/// let (mut one, mut two) = (Moments::new(2), Moments::new(2));
/// one.update(&array![[1.0, 10.0], [2.0, 20.0]]);
/// two.update(&array![[3.0, 30.0]]);
/// one.merge(&two);
/// assert_eq!((one.count(), one.mean(), one.var(1.0)), (3, array![2.0, 20.0], array![1.0, 100.0]));
/// assert_eq!(one.max().unwrap(), array![3.0, 30.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Moments<A = f64, D = Ix2>
where
    D: RemoveAxis,
{
    count: usize,
    /// The mean, and what was rounded off it.
    mean: [Array<A, D::Smaller>; 2],
    /// The variance with a `ddof` of zero, and what was rounded off it.
    var: [Array<A, D::Smaller>; 2],
    extrema: Extrema<A, D>,
    piece_mean: Array<A, D::Smaller>,
    piece_var: Array<A, D::Smaller>,
}

impl<A, D> Moments<A, D>
where
    A: Element + Float + FromPrimitive,
    D: RemoveAxis,
{
    /// Starts with rows of a shape: a number of columns, or
    /// [`NpyRows::row_shape`](crate::blocks::NpyRows::row_shape).
    pub fn new(row_shape: impl IntoDimension<Dim = D::Smaller>) -> Self {
        let shape = row_shape.into_dimension();
        let new = || zeros(shape.clone());
        let (mean, var) = ([new(), new()], [new(), new()]);
        let extrema = Extrema::new(shape.clone());
        Moments { count: 0, mean, var, extrema, piece_mean: new(), piece_var: new() }
    }

    /// Takes all rows of a block.
    ///
    /// # Panics
    ///
    /// If they have another shape.
    #[track_caller]
    pub fn update(&mut self, block: &ArrayRef<A, D>) {
        check_rows("Moments::update", &block.shape()[1..], self.mean[0].shape());
        let row_bytes = self.mean[0].len() * size_of::<A>();
        let rows = PIECE_BYTES.checked_div(row_bytes).unwrap_or(usize::MAX).max(LEAST_PIECE_ROWS);
        for piece in block.axis_chunks_iter(Axis(0), rows) {
            kernel::mean_axis_into(&piece, Axis(0), &mut self.piece_mean);
            kernel::var_axis_into(&piece, Axis(0), A::zero(), &mut self.piece_var);
            self.extrema.update(&piece);
            self.take_piece(piece.len_of(Axis(0)));
        }
    }

    /// Takes over what another one has found.
    ///
    /// # Panics
    ///
    /// If its rows have another shape.
    #[track_caller]
    pub fn merge(&mut self, other: &Self) {
        check_rows("Moments::merge", other.mean[0].shape(), self.mean[0].shape());
        other.mean_into(&mut self.piece_mean);
        other.var_into(A::zero(), &mut self.piece_var);
        self.extrema.merge(&other.extrema);
        self.take_piece(other.count);
    }

    /// How many rows there were.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The mean of each column; NaN if there were no rows.
    #[must_use]
    pub fn mean(&self) -> Array<A, D::Smaller> {
        let mut mean = self.piece_mean.clone();
        self.mean_into(&mut mean);
        mean
    }

    /// The same, into an existing array.
    ///
    /// # Panics
    ///
    /// If `out` has not the shape of a row.
    #[track_caller]
    pub fn mean_into(&self, out: &mut ArrayRef<A, D::Smaller>) {
        check_rows("Moments::mean_into", out.shape(), self.mean[0].shape());
        if self.count == 0 {
            return out.fill(A::nan());
        }
        let [high, low] = &self.mean;
        Zip::from(out).and(high).and(low).for_each(|out, &high, &low| *out = high + low);
    }

    /// The variance of each column. `ddof` is subtracted from the number of rows: 0 for the variance of these numbers, 1
    /// for an estimate from a sample. Too few rows give what [`var_axis_into`](crate::kernel::var_axis_into) gives.
    #[must_use]
    pub fn var(&self, ddof: A) -> Array<A, D::Smaller> {
        let mut var = self.piece_var.clone();
        self.var_into(ddof, &mut var);
        var
    }

    /// The same, into an existing array.
    ///
    /// # Panics
    ///
    /// If `out` has not the shape of a row.
    #[track_caller]
    pub fn var_into(&self, ddof: A, out: &mut ArrayRef<A, D::Smaller>) {
        check_rows("Moments::var_into", out.shape(), self.var[0].shape());
        if self.count == 0 {
            return out.fill(A::nan());
        }
        let (count, [high, low]) = (number::<A>(self.count), &self.var);
        if ddof >= count {
            // Whether elements differ is known, even where their variance is too small for a number.
            let [min, max] = self.extrema.both();
            return Zip::from(out).and(high).and(min).and(max).for_each(|out, var, min, max| {
                let differ = min < max && !var.is_nan();
                *out = if differ { A::infinity() } else { A::nan() };
            });
        }
        let factor = if ddof.is_zero() { A::one() } else { count / (count - ddof) };
        Zip::from(out).and(high).and(low).for_each(|out, &high, &low| *out = (high + low) * factor);
    }

    /// The standard deviation of each column, with the `ddof` of [`var`](Moments::var).
    #[must_use]
    pub fn std(&self, ddof: A) -> Array<A, D::Smaller> {
        let mut std = self.var(ddof);
        std.mapv_inplace(A::sqrt);
        std
    }

    /// The smallest number of each column; `None` if there were no rows.
    pub fn min(&self) -> Option<ArrayView<'_, A, D::Smaller>> {
        self.extrema.min()
    }

    /// The largest number of each column; `None` if there were no rows.
    pub fn max(&self) -> Option<ArrayView<'_, A, D::Smaller>> {
        self.extrema.max()
    }

    /// Merges the piece of so many rows whose mean and variance were found.
    fn take_piece(&mut self, rows: usize) {
        if rows == 0 {
            return;
        }
        let ([mean, mean_low], [var, var_low]) = (&mut self.mean, &mut self.var);
        if self.count == 0 {
            mean.assign(&self.piece_mean);
            var.assign(&self.piece_var);
            mean_low.fill(A::zero());
            var_low.fill(A::zero());
        } else {
            let weight = number::<A>(rows) / number(self.count + rows);
            let rest = number::<A>(self.count) / number(self.count + rows);
            Zip::from(mean)
                .and(mean_low)
                .and(var)
                .and(var_low)
                .and(&self.piece_mean)
                .and(&self.piece_var)
                .for_each(|mean, mean_low, var, var_low, &piece_mean, &piece_var| {
                    let before = Column { mean: (*mean, *mean_low), var: (*var, *var_low) };
                    let after = before.merged(piece_mean, piece_var, weight, rest);
                    (*mean, *mean_low) = after.mean;
                    (*var, *var_low) = after.var;
                });
        }
        self.count += rows;
    }
}

/// The moments of one column, each with what was rounded off it.
#[derive(Clone, Copy)]
struct Column<A> {
    mean: (A, A),
    var: (A, A),
}

impl<A: Float> Column<A> {
    /// Merges a piece which is a share `weight` of all rows; the share of the rows before is `rest`.
    #[inline]
    fn merged(self, piece_mean: A, piece_var: A, weight: A, rest: A) -> Self {
        let (mean, var) = (self.mean, self.var);
        let (distance, change) = ((piece_mean - mean.0) - mean.1, (piece_var - var.0) - var.1);
        let spread = (distance * weight) * (distance * rest);
        if !(spread.is_finite() && change.is_finite()) {
            return self.merged_out_of_range(piece_mean, piece_var, weight, rest);
        }
        Column {
            mean: added(mean, distance * weight),
            var: added(added(var, change * weight), spread),
        }
    }

    #[cold]
    #[inline(never)]
    fn merged_out_of_range(self, piece_mean: A, piece_var: A, weight: A, rest: A) -> Self {
        let (mean, var) = (self.mean.0, self.var.0);
        let is_finite = mean.is_finite() && piece_mean.is_finite();
        // Of infinities and NaN the sum is what the mean of all rows is.
        let new_mean =
            if is_finite { mean * rest + piece_mean * weight } else { mean + piece_mean };
        let (two, four) = (A::one() + A::one(), A::one() + A::one() + A::one() + A::one());
        let half = piece_mean / two - mean / two;
        let spread = (half * weight) * (half * rest) * four;
        let new_var = var * rest + piece_var * weight + spread;
        let zero = A::zero();
        Column { mean: (new_mean, zero), var: (new_var, zero) }
    }
}

fn number<A: FromPrimitive>(count: usize) -> A {
    A::from_usize(count).expect("a float is near every count")
}
