//! Systems of equations whose matrix is triangular.
//!
//! ```text
//! for each block of TRIANGLE_SIDE rows, from the top if the matrix is lower
//!     subtract the product of the block's rows of `a` and of what is solved
//!     solve the triangle on the diagonal for the block
//! ```
//!
//! A single right-hand side is solved row by row, or column by column, as the matrix lies in memory.

pub(crate) mod block;

use ndarray::{ArrayRef, ArrayRef2, ArrayViewMut, ArrayViewMut1, ArrayViewMut2, Axis, Dimension};

use super::error::LinalgError;
use super::product::element::RealElement;
use super::product::target::Start;
use super::product::{Factor, Product, blocks};
use crate::kernel::engine::fold::kinds::combine::adding;
use crate::kernel::engine::map::update::update;
use crate::kernel::engine::tuning::TRIANGLE_SIDE;
use crate::kernel::engine::{check, fold};

use block::{Block, with_memory};

/// Which triangle of a matrix is read, and whether its diagonal is.
///
/// The transpose of a lower triangular matrix is an upper one: of `l.t()`, take `Upper`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Triangle {
    /// The elements on and below the diagonal.
    Lower,
    /// The elements on and above the diagonal.
    Upper,
    /// The elements below the diagonal, which is taken to be one.
    UnitLower,
    /// The elements above the diagonal, which is taken to be one.
    UnitUpper,
}

/// Solves a system of equations whose matrix is triangular.
///
/// *Σⱼ a\[i, j\] out\[j, …\] = b\[i, …\]*, where the sum is over the triangle that `triangle` names
///
/// `a` is n×n, and of it the triangle alone is read; `b` and `out` are vectors of n elements, or matrices of n rows,
/// each of whose columns is a system of its own. Transposed systems are those of `a.t()`. It is good for up to a few
/// hundred rows; any strides and both memory orders are fine.
///
/// **Accuracy.** The solution is exact for some matrix whose elements differ from those of `a` by at most (n + 30) ε in
/// relation, as long as nothing under- or overflows. For a matrix `b` of two columns or more, multiplications and
/// additions are fused, with the bits and the cost that [`matmul_into`](crate::kernel::matmul_into) describes.
///
/// NaN gives NaN. Empty systems are fine. `out` cannot overlap the inputs.
///
/// # Errors
///
/// [`LinalgError::Singular`] if an element of the diagonal is zero; nothing is written then.
///
/// # Panics
///
/// If `a` is not square, `b` has neither one axis nor two, or another number of rows than `a`, or `out` does not have
/// the shape of `b`; nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.linalg.solve_triangular(a, b, lower=lower, unit_diagonal=unit)`, which allocates, and
/// ndarray-linalg's `a.solve_triangular(uplo, diag, &b)`.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::{Triangle, cholesky_into, solve_triangular_inplace, solve_triangular_into};
///
/// // A least-squares line through four points, by the normal equations xᵀx c = xᵀy.
/// let x = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
/// let y = array![1.0, 3.0, 5.0, 7.0];
/// let (mut l, mut c) = (Array2::zeros((2, 2)), array![0.0, 0.0]);
/// cholesky_into(&x.t().dot(&x), &mut l)?;
/// solve_triangular_into(&l, &x.t().dot(&y), Triangle::Lower, &mut c)?;
/// solve_triangular_inplace(&mut c, &l.t(), Triangle::Upper)?;
/// assert!((c - array![1.0, 2.0]).iter().all(|x: &f64| x.abs() < 1e-14));
/// # Ok::<(), ndarray_pool::kernel::LinalgError>(())
/// ```
#[doc(alias = "trsm")]
#[doc(alias = "trsv")]
#[track_caller]
pub fn solve_triangular_into<A: RealElement, D: Dimension>(
    a: &ArrayRef2<A>,
    b: &ArrayRef<A, D>,
    triangle: Triangle,
    out: &mut ArrayRef<A, D>,
) -> Result<(), LinalgError> {
    let kernel = "solve_triangular_into";
    let system = System::checked(kernel, a, b, triangle);
    check::same_shape(kernel, ("out", out), ("b", b));
    system.is_regular()?;
    out.assign(b);
    system.solve(out.view_mut());
    Ok(())
}

/// Solves a system of equations whose matrix is triangular, in place: [`solve_triangular_into`] with `b` for `out`.
///
/// # Errors
///
/// [`LinalgError::Singular`] if an element of the diagonal is zero; nothing is written then.
///
/// # Panics
///
/// As [`solve_triangular_into`].
///
/// # Replaces
///
/// SciPy's `scipy.linalg.solve_triangular(a, b, lower=lower, overwrite_b=True)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{Triangle, solve_triangular_inplace};
///
/// let (a, mut b) = (array![[2.0, 0.0], [1.0, 4.0]], array![[2.0, 4.0], [9.0, 6.0]]);
/// solve_triangular_inplace(&mut b, &a, Triangle::Lower)?;
/// assert_eq!(b, array![[1.0, 2.0], [2.0, 1.0]]);
/// # Ok::<(), ndarray_pool::kernel::LinalgError>(())
/// ```
#[track_caller]
pub fn solve_triangular_inplace<A: RealElement, D: Dimension>(
    b: &mut ArrayRef<A, D>,
    a: &ArrayRef2<A>,
    triangle: Triangle,
) -> Result<(), LinalgError> {
    let system = System::checked("solve_triangular_inplace", a, b, triangle);
    system.is_regular()?;
    system.solve(b.view_mut());
    Ok(())
}

/// The left-hand side of a system.
struct System<'a, A> {
    a: &'a ArrayRef2<A>,
    is_upper: bool,
    is_unit: bool,
}

impl<'a, A: RealElement> System<'a, A> {
    #[track_caller]
    fn checked<D: Dimension>(
        kernel: &str,
        a: &'a ArrayRef2<A>,
        b: &ArrayRef<A, D>,
        triangle: Triangle,
    ) -> Self {
        check::is_square(kernel, ("a", a));
        check::one_or_two_axes(kernel, ("b", b));
        check::axis_len(kernel, ("b", b), Axis(0), a.nrows(), "as many rows as `a`");
        let is_upper = matches!(triangle, Triangle::Upper | Triangle::UnitUpper);
        let is_unit = matches!(triangle, Triangle::UnitLower | Triangle::UnitUpper);
        System { a, is_upper, is_unit }
    }

    fn is_regular(&self) -> Result<(), LinalgError> {
        match self.a.diag().iter().position(|x| x.is_zero()) {
            Some(index) if !self.is_unit => Err(LinalgError::Singular { index }),
            _ => Ok(()),
        }
    }

    fn solve<D: Dimension>(&self, b: ArrayViewMut<'_, A, D>) {
        let why = "the number of axes is this";
        if b.ndim() == 1 {
            return self.solve_vector(b.into_dimensionality().expect(why));
        }
        let mut b: ArrayViewMut2<'_, A> = b.into_dimensionality().expect(why);
        match b.ncols() {
            1 => self.solve_vector(b.column_mut(0)),
            _ => with_memory(self.a.nrows(), |memory| self.solve_matrix(b, memory)),
        }
    }

    fn solve_vector(&self, mut x: ArrayViewMut1<'_, A>) {
        let n = self.a.nrows();
        let [below, beside] = [0, 1].map(|axis| self.a.strides()[axis].unsigned_abs());
        for step in 0..n {
            let i = if self.is_upper { n - 1 - step } else { step };
            let (above, others) = x.view_mut().split_at(Axis(0), i);
            let (mut own, below_it) = others.split_at(Axis(0), 1);
            let own = &mut own[0];
            let (row, column) = (self.a.row(i), self.a.column(i));
            let ((row_before, row_behind), (column_before, column_behind)) =
                (row.split_at(Axis(0), i), column.split_at(Axis(0), i));
            let (solved, mut open, row, column) = match self.is_upper {
                true => (below_it, above, row_behind.split_at(Axis(0), 1).1, column_before),
                false => (above, below_it, row_before, column_behind.split_at(Axis(0), 1).1),
            };
            let by_rows = beside <= below;
            if by_rows {
                let product = fold::of_all_of_two(row, solved.view(), &A::mul, &adding());
                *own = *own - product.unwrap_or_else(A::zero);
            }
            if !self.is_unit {
                *own = *own / self.a[[i, i]];
            }
            if !by_rows {
                let own = *own;
                update(&mut open, column, |x, a| x - a * own);
            }
        }
    }

    fn solve_matrix(&self, mut b: ArrayViewMut2<'_, A>, memory: &mut [A]) {
        let n = self.a.nrows();
        for step in blocks(0..n, TRIANGLE_SIDE) {
            let rows = if self.is_upper { n - step.end..n - step.start } else { step };
            let (above, others) = b.view_mut().split_at(Axis(0), rows.start);
            let (mut block, below) = others.split_at(Axis(0), rows.len());
            let (solved, range) =
                if self.is_upper { (below, rows.end..n) } else { (above, 0..rows.start) };
            let a = self.a.slice_axis(Axis(0), rows.clone().into());
            let matrix = a.slice_axis(Axis(1), range.into());
            if !solved.is_empty() {
                let (a, b) = (Factor { matrix, scale: Some(-A::one()) }, Factor::of(solved.view()));
                let start = Start::Out(A::one());
                Product { a, b, start, out: block.view_mut() }.compute_in(memory);
            }
            let triangle = a.slice_axis(Axis(1), rows.into());
            Block::of(triangle, self.is_upper, self.is_unit).solve(block);
        }
    }
}
