//! Parts of matrices that their diagonals bound, and the diagonals themselves.
//!
//! Diagonal `k` holds the elements of column − row = k: 0 is the main one, positive ones are above it.

use ndarray::{ArrayRef, ArrayRef1, ArrayRef2, ArrayView1, ArrayViewMut1, Axis, Dimension};
use num_traits::Zero;

use super::{check, check_index, drive, runs};

/// Copies what is on and above diagonal `k` of each matrix, with zeros below it.
///
/// *out\[…, i, j\] = a\[…, i, j\] if j − i ≥ k, else 0*
///
/// `a` and `out` have the same shape of two axes or more; the last two are the matrices, which need not be square.
/// Below the diagonal `a` is not read.
///
/// NaN is moved like any value. Empty arrays and diagonals outside the matrix are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` has fewer than two axes or does not have the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.triu(a, k)`, which allocates, and ndarray's `a.triu(k)`, which does too.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::triu_into;
///
/// let mut out = Array2::zeros((2, 3));
/// triu_into(&array![[1, 2, 3], [4, 5, 6]], 0, &mut out);
/// assert_eq!(out, array![[1, 2, 3], [0, 5, 6]]);
/// ```
#[doc(alias = "upper")]
#[track_caller]
pub fn triu_into<A, D>(a: &ArrayRef<A, D>, k: isize, out: &mut ArrayRef<A, D>)
where
    A: Copy + Zero + 'static,
    D: Dimension,
{
    check_index::has_two_axes("triu_into", ("a", a));
    check::same_shape("triu_into", ("a", a), ("out", out));
    copy_triangle(a, Part::Above(k), out);
}

/// Copies what is on and below diagonal `k` of each matrix, with zeros above it.
///
/// *out\[…, i, j\] = a\[…, i, j\] if j − i ≤ k, else 0*
///
/// `a` and `out` have the same shape of two axes or more; the last two are the matrices, which need not be square.
/// Above the diagonal `a` is not read.
///
/// NaN is moved like any value. Empty arrays and diagonals outside the matrix are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` has fewer than two axes or does not have the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.tril(a, k)`, which allocates, and ndarray's `a.tril(k)`, which does too.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::tril_into;
///
/// let mut out = Array2::zeros((2, 3));
/// tril_into(&array![[1, 2, 3], [4, 5, 6]], 1, &mut out);
/// assert_eq!(out, array![[1, 2, 0], [4, 5, 6]]);
/// ```
#[doc(alias = "lower")]
#[track_caller]
pub fn tril_into<A, D>(a: &ArrayRef<A, D>, k: isize, out: &mut ArrayRef<A, D>)
where
    A: Copy + Zero + 'static,
    D: Dimension,
{
    check_index::has_two_axes("tril_into", ("a", a));
    check::same_shape("tril_into", ("a", a), ("out", out));
    copy_triangle(a, Part::Below(k), out);
}

/// Makes the matrix that has `values` on diagonal `k` and zeros elsewhere.
///
/// *out\[i, j\] = values\[min(i, j)\] if j − i = k, else 0*
///
/// `values` has n elements and `out` any shape whose diagonal `k` is n long: n + |k| square, most often.
///
/// NaN is moved like any value. No values, for an `out` without that diagonal, are fine. `values` and `out` cannot
/// overlap.
///
/// # Panics
///
/// If `values` does not have the length of the diagonal; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.diag(values, k)` and ndarray's `Array2::from_diag(&values)`, which allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::diag_into;
///
/// let mut out = Array2::zeros((3, 3));
/// diag_into(&array![7, 8], 1, &mut out);
/// assert_eq!(out, array![[0, 7, 0], [0, 0, 8], [0, 0, 0]]);
/// ```
#[doc(alias = "diagflat")]
#[doc(alias = "from_diag")]
#[track_caller]
pub fn diag_into<A>(values: &ArrayRef1<A>, k: isize, out: &mut ArrayRef2<A>)
where
    A: Copy + Zero + 'static,
{
    let len = diagonal_len(out, k);
    let what = "the length of the diagonal of `out`";
    check_index::len_is("diag_into", ("values", values.len()), len, what);
    match out.as_slice_memory_order_mut() {
        Some(out) => out.fill(A::zero()),
        None => out.fill(A::zero()),
    }
    if len > 0 {
        let (row, column) = diagonal_start(k);
        let mut below = out.slice_axis_mut(Axis(0), (row..).into());
        below.slice_axis_mut(Axis(1), (column..).into()).diag_mut().assign(values);
    }
}

/// Copies diagonal `k` of a matrix.
///
/// *out\[i\] = a\[i + max(−k, 0), i + max(k, 0)\]*
///
/// `a` is n×m, and `out` has the length of its diagonal `k`. (Where a view of the main diagonal is enough,
/// ndarray's `a.diag()` moves nothing.)
///
/// NaN is moved like any value. A diagonal outside the matrix is empty. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `out` does not have the length of the diagonal; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.diagonal(a, k).copy()` (and `np.diag(a, k)` of a matrix) and ndarray's `a.diag().to_owned()`, which
/// allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::diagonal_into;
///
/// let mut out = Array1::zeros(2);
/// diagonal_into(&array![[1, 2, 3], [4, 5, 6]], 1, &mut out);
/// assert_eq!(out, array![2, 6]);
/// ```
#[doc(alias = "diag")]
#[track_caller]
pub fn diagonal_into<A>(a: &ArrayRef2<A>, k: isize, out: &mut ArrayRef1<A>)
where
    A: Copy + 'static,
{
    let len = diagonal_len(a, k);
    let what = "the length of the diagonal of `a`";
    check_index::len_is("diagonal_into", ("out", out.len()), len, what);
    if len > 0 {
        let (row, column) = diagonal_start(k);
        let below = a.slice_axis(Axis(0), (row..).into());
        out.assign(&below.slice_axis(Axis(1), (column..).into()).diag());
    }
}

/// The part of a matrix that is kept, seen along a row; along a column it is the other way round.
#[derive(Clone, Copy)]
enum Part {
    /// column − row ≥ k
    Above(isize),
    /// column − row ≤ k
    Below(isize),
}

impl Part {
    /// The columns that are kept of a row, or the rows of a column, among `len`.
    fn kept(self, position: usize, len: usize) -> std::ops::Range<usize> {
        let place = |k: isize| position.saturating_add_signed(k).min(len);
        match self {
            Part::Above(k) => place(k)..len,
            // No `k + 1`, which could overflow; below the first place there is none.
            Part::Below(k) if k < 0 && k.unsigned_abs() > position => 0..0,
            Part::Below(k) => 0..place(k).saturating_add(1).min(len),
        }
    }

    /// The same matrix seen along its columns: row − column ≤ −k, or ≥ −k.
    fn transposed(self) -> Self {
        // The one number without a counterpart is as far outside as its neighbour.
        match self {
            Part::Above(k) => Part::Below(k.checked_neg().unwrap_or(isize::MAX)),
            Part::Below(k) => Part::Above(k.checked_neg().unwrap_or(isize::MAX)),
        }
    }
}

/// Walks rows, or columns where these run through memory, and copies the kept part of each.
fn copy_triangle<A, D>(a: &ArrayRef<A, D>, part: Part, out: &mut ArrayRef<A, D>)
where
    A: Copy + Zero + 'static,
    D: Dimension,
{
    if out.is_empty() {
        return; // there may still be any number of empty lanes
    }
    let (rows, columns) = (Axis(out.ndim() - 2), Axis(out.ndim() - 1));
    let step = |axis| out.stride_of(axis).unsigned_abs();
    // The other of the two axes is the last that is left, so lanes come in its order, matrix after matrix.
    let (along, across, part) = match step(rows) < step(columns) {
        true => (rows, columns, part.transposed()),
        false => (columns, rows, part),
    };
    let (lanes, len) = (out.len_of(across), out.len_of(along));
    for (number, (out, a)) in out.lanes_mut(along).into_iter().zip(a.lanes(along)).enumerate() {
        copy_run(a, part.kept(number % lanes, len), out);
    }
}

fn copy_run<A: Copy + Zero + 'static>(
    a: ArrayView1<'_, A>,
    kept: std::ops::Range<usize>,
    mut out: ArrayViewMut1<'_, A>,
) {
    if let (Some(a), Some(out)) = (a.to_slice(), out.as_slice_mut()) {
        out[..kept.start].fill(A::zero());
        runs::copy_run(&a[kept.clone()], &mut out[kept.clone()], false);
        out[kept.end..].fill(A::zero());
    } else {
        out.slice_axis_mut(Axis(0), (..kept.start).into()).fill(A::zero());
        out.slice_axis_mut(Axis(0), (kept.end..).into()).fill(A::zero());
        let a = a.slice_axis(Axis(0), kept.clone().into());
        drive::copy(a, &mut out.slice_axis_mut(Axis(0), kept.into()));
    }
}

/// Where diagonal `k` starts, if it is in the matrix.
fn diagonal_start(k: isize) -> (usize, usize) {
    if k < 0 { (k.unsigned_abs(), 0) } else { (0, k.unsigned_abs()) }
}

fn diagonal_len<A>(matrix: &ArrayRef2<A>, k: isize) -> usize {
    let (row, column) = diagonal_start(k);
    matrix.nrows().saturating_sub(row).min(matrix.ncols().saturating_sub(column))
}
