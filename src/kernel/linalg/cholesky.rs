//! The Cholesky factorisation.
//!
//! ```text
//! copy the lower triangle of `a` to `out`
//! for each block of TRIANGLE_SIDE columns of `out`
//!     subtract the product of the columns on its left and of their rows that belong to the block
//!     factor the triangle on the diagonal
//!     solve it for the rows below
//! ```

use ndarray::{ArrayRef2, ArrayViewMut2, Axis, s};

use super::error::LinalgError;
use super::product::element::RealElement;
use super::product::target::Start;
use super::product::{Factor, Product, blocks};
use super::triangular::block::{Block, with_memory};
use crate::kernel::engine::check;
use crate::kernel::engine::tuning::TRIANGLE_SIDE;

/// Computes the Cholesky factor of a symmetric matrix that is positive definite.
///
/// *Σₗ out\[i, l\] out\[j, l\] = a\[i, j\]*, where `out` is lower triangular
///
/// `a` and `out` are n×n. Of `a` the lower triangle alone is read, and taken for symmetric, as in NumPy; above its
/// diagonal, `out` becomes zero. It is good for up to a few hundred rows; any strides and both memory orders are fine.
/// [`solve_triangular_into`](crate::kernel::solve_triangular_into) solves systems of equations with the factor.
///
/// **Accuracy.** The factor is exact for some matrix whose elements differ from a\[i, j\] by at most (n + 3) ε √(a\[i,
/// i\] a\[j, j\]), as long as nothing under- or overflows. Multiplications and additions are fused, with the bits and
/// the cost that [`matmul_into`](crate::kernel::matmul_into) describes.
///
/// An empty matrix is fine. `out` cannot overlap `a`.
///
/// # Errors
///
/// [`LinalgError::NotPositiveDefinite`] if a square that must be positive is not, or is NaN, with the order of the
/// leading minor in which that shows; what `out` holds then has no meaning.
///
/// # Panics
///
/// If `a` is not square, or `out` does not have its shape; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.linalg.cholesky(a)` of one matrix, and ndarray-linalg's `a.cholesky(UPLO::Lower)`, which allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::cholesky_into;
///
/// let mut l = Array2::zeros((2, 2));
/// cholesky_into(&array![[4.0, 2.0], [2.0, 10.0]], &mut l)?;
/// assert_eq!(l, array![[2.0, 0.0], [1.0, 3.0]]);
///
/// let error = cholesky_into(&array![[1.0, 2.0], [2.0, 1.0]], &mut l).unwrap_err();
/// assert_eq!(error.to_string(), "not positive definite: the leading minor of order 2 is not");
/// # Ok::<(), ndarray_pool::kernel::LinalgError>(())
/// ```
#[doc(alias = "potrf")]
#[doc(alias = "llt")]
#[track_caller]
pub fn cholesky_into<A: RealElement>(
    a: &ArrayRef2<A>,
    out: &mut ArrayRef2<A>,
) -> Result<(), LinalgError> {
    check::is_square("cholesky_into", ("a", a));
    check::same_shape("cholesky_into", ("out", out), ("a", a));
    copy_lower(a, out);
    with_memory(a.nrows(), |memory| factor(out.view_mut(), memory))
}

/// Copies what is on and below the diagonal; the rest becomes zero.
fn copy_lower<A: RealElement>(a: &ArrayRef2<A>, out: &mut ArrayRef2<A>) {
    let [below, beside] = [0, 1].map(|axis| out.strides()[axis].unsigned_abs());
    let (mut a, mut out, by_columns) = (a.view(), out.view_mut(), below < beside);
    if by_columns {
        (a, out) = (a.reversed_axes(), out.reversed_axes());
    }
    for (i, (row, a)) in out.outer_iter_mut().zip(a.outer_iter()).enumerate() {
        let at = if by_columns { i } else { i + 1 };
        let (before, behind) = row.split_at(Axis(0), at);
        let (a_before, a_behind) = a.split_at(Axis(0), at);
        let (mut lower, a, mut upper) = match by_columns {
            true => (behind, a_behind, before),
            false => (before, a_before, behind),
        };
        lower.assign(&a);
        upper.fill(A::zero());
    }
}

/// Replaces the lower triangle by its factor.
fn factor<A: RealElement>(
    mut out: ArrayViewMut2<'_, A>,
    memory: &mut [A],
) -> Result<(), LinalgError> {
    for columns in blocks(0..out.nrows(), TRIANGLE_SIDE) {
        let (left, right) = out.view_mut().split_at(Axis(1), columns.start);
        let left = left.slice_move(s![columns.start.., ..]);
        let mut panel = right.slice_move(s![columns.start.., ..columns.len()]);
        if columns.start > 0 {
            let rows = left.slice(s![..columns.len(), ..]);
            let a = Factor { matrix: left.view(), scale: Some(-A::one()) };
            let (b, start) = (Factor::of(rows.reversed_axes()), Start::Out(A::one()));
            Product { a, b, start, out: panel.view_mut() }.compute_in(memory);
        }
        let (triangle, below) = panel.split_at(Axis(0), columns.len());
        let mut block = Block::of(triangle.view(), false, false);
        if let Some(row) = block.factor() {
            return Err(LinalgError::NotPositiveDefinite { order: columns.start + row + 1 });
        }
        block.write(triangle);
        block.solve(below.reversed_axes());
    }
    Ok(())
}
