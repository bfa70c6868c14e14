//! Diagonals: matrices made from one, and the diagonal of a matrix.

use ndarray::{ArrayRef1, ArrayRef2, Axis};
use num_traits::Zero;

use crate::kernel::engine::check;

/// Makes the matrix that has `values` on diagonal `k` and zeros elsewhere.
///
/// *out\[i, j\] = values\[min(i, j)\] if j − i = k, else 0*
///
/// `values` has n elements and `out` any shape whose diagonal `k` has n elements, usually square with n + |k| rows.
///
/// NaN is moved like any value. No values are fine if `out` has no such diagonal. `values` and `out` cannot overlap.
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
    check::len_is("diag_into", ("values", values.len()), len, what);
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
    check::len_is("diagonal_into", ("out", out.len()), len, what);
    if len > 0 {
        let (row, column) = diagonal_start(k);
        let below = a.slice_axis(Axis(0), (row..).into());
        out.assign(&below.slice_axis(Axis(1), (column..).into()).diag());
    }
}

/// The row and the column at which diagonal `k` starts, if the matrix has it.
fn diagonal_start(k: isize) -> (usize, usize) {
    if k < 0 { (k.unsigned_abs(), 0) } else { (0, k.unsigned_abs()) }
}

fn diagonal_len<A>(matrix: &ArrayRef2<A>, k: isize) -> usize {
    let (row, column) = diagonal_start(k);
    matrix.nrows().saturating_sub(row).min(matrix.ncols().saturating_sub(column))
}
