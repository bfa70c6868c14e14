//! Triangular parts of matrices.
//!
//! Diagonal `k` holds the elements with column − row = k: 0 is the main diagonal, and positive ones are above it. Each
//! row (or column, where columns have the narrower step) is a copy of the kept part, with zeros before or after it.

use ndarray::{ArrayRef, ArrayView1, ArrayViewMut1, Axis, Dimension};
use num_traits::Zero;

use crate::kernel::engine::copy::slice;
use crate::kernel::engine::{check, copy};

/// Copies the elements on and above diagonal `k` of each matrix, and writes zeros below it.
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
    check::has_two_axes("triu_into", ("a", a));
    check::same_shape("triu_into", ("a", a), ("out", out));
    copy_triangle(a, Part::Above(k), out);
}

/// Copies the elements on and below diagonal `k` of each matrix, and writes zeros above it.
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
    check::has_two_axes("tril_into", ("a", a));
    check::same_shape("tril_into", ("a", a), ("out", out));
    copy_triangle(a, Part::Below(k), out);
}

/// The part of a matrix that is kept, as seen along a row; along a column it is the opposite one.
#[derive(Clone, Copy)]
enum Part {
    /// column − row ≥ k
    Above(isize),
    /// column − row ≤ k
    Below(isize),
}

impl Part {
    /// The range of columns that are kept of a row, or of rows that are kept of a column, among `len`.
    fn kept(self, position: usize, len: usize) -> std::ops::Range<usize> {
        let place = |k: isize| position.saturating_add_signed(k).min(len);
        match self {
            Part::Above(k) => place(k)..len,
            // Not `k + 1`, which could overflow; before the first position nothing is kept.
            Part::Below(k) if k < 0 && k.unsigned_abs() > position => 0..0,
            Part::Below(k) => 0..place(k).saturating_add(1).min(len),
        }
    }

    /// The same part as seen along columns: row − column ≤ −k, or ≥ −k.
    fn transposed(self) -> Self {
        // The one number without a negative is as far outside as its neighbour.
        match self {
            Part::Above(k) => Part::Below(k.checked_neg().unwrap_or(isize::MAX)),
            Part::Below(k) => Part::Above(k.checked_neg().unwrap_or(isize::MAX)),
        }
    }
}

/// Walks rows, or columns where these have the narrower step, and copies the kept part of each.
fn copy_triangle<A, D>(a: &ArrayRef<A, D>, part: Part, out: &mut ArrayRef<A, D>)
where
    A: Copy + Zero + 'static,
    D: Dimension,
{
    if out.is_empty() {
        return;
    }
    let (rows, columns) = (Axis(out.ndim() - 2), Axis(out.ndim() - 1));
    let step = |axis| out.stride_of(axis).unsigned_abs();
    // The other of the two axes is the last one left, so lanes come in its order, matrix after matrix.
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
        slice::copy_run(&a[kept.clone()], &mut out[kept.clone()], false);
        out[kept.end..].fill(A::zero());
    } else {
        out.slice_axis_mut(Axis(0), (..kept.start).into()).fill(A::zero());
        out.slice_axis_mut(Axis(0), (kept.end..).into()).fill(A::zero());
        let a = a.slice_axis(Axis(0), kept.clone().into());
        copy::copy(a, &mut out.slice_axis_mut(Axis(0), kept.into()));
    }
}
