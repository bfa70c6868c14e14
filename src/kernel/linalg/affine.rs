//! What layers of networks need besides products: a bias, and an update of rank one.

use std::ops::{Add, Mul};

use ndarray::{ArrayRef1, ArrayRef2, Axis};

use super::product::element::MatrixElement;
use super::product::target::Start;
use super::product::{Factor, Product, workspace_len};
use super::workspace::Workspace;
use crate::kernel::engine::check;
use crate::kernel::engine::map::update::update;

/// Multiplies two matrices and adds a row: a dense layer of a network.
///
/// *out\[i, j\] = bias\[j\] + Σₗ x\[i, l\] w\[l, j\]*
///
/// `x` is m×k, `w` k×n, `bias` has n elements and `out` is m×n. Rows of `out` are written, and what is added to them is
/// added, while they are in L1: one pass over memory for up to 256 terms, and one more for each further 256. Workspace, layouts and bits are those of
/// [`matmul_into`](crate::kernel::matmul_into), where the bias is the first term.
///
/// **Accuracy.** The bound is that of `matmul_into` for k + 1 terms.
///
/// NaN gives NaN. Without terms (k = 0), `out` becomes the bias. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `w` does not have a row for each column of `x`, if `bias` does not have the length of a row of `w`, if `out` does
/// not have the shape of the product, or if the workspace is too small; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.matmul(x, w, out=out); out += bias` and ndarray's `x.dot(&w) + &bias`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::{Workspace, affine_into};
///
/// let (x, w, bias) = (array![[1.0, 2.0]], array![[3.0, 0.0], [4.0, 1.0]], array![100.0, 200.0]);
/// let mut out = Array2::zeros((1, 2));
/// affine_into(&x, &w, &bias, &mut out, &mut Workspace::empty());
/// assert_eq!(out, array![[111.0, 202.0]]);
/// ```
#[doc(alias = "linear")]
#[doc(alias = "dense")]
#[doc(alias = "addmm")]
#[track_caller]
pub fn affine_into<A: MatrixElement>(
    x: &ArrayRef2<A>,
    w: &ArrayRef2<A>,
    bias: &ArrayRef1<A>,
    out: &mut ArrayRef2<A>,
    workspace: &mut Workspace<'_>,
) {
    let kernel = "affine_into";
    let ((m, k), n) = (x.dim(), w.ncols());
    check::last_two_axes(kernel, ("w", w), (k, n), "as many rows as `x` has columns");
    check::len_of_axis(kernel, ("bias", bias.len()), Axis(1), ("w", w));
    check::last_two_axes(kernel, ("out", out), (m, n), "the rows of `x` and the columns of `w`");
    let memory = workspace.checked(kernel, workspace_len::<A>(m, k, n));
    let start = Start::Array(bias.broadcast((m, n)).expect("it is as long as a row"));
    let (a, b) = (Factor::of(x.view()), Factor::of(w.view()));
    Product { a, b, start, out: out.view_mut() }.compute(memory);
}

/// Adds a multiple of the outer product of two vectors to a matrix: an update of rank one.
///
/// *a\[i, j\] ← a\[i, j\] + (α x\[i\]) y\[j\]*
///
/// `a` is n×m, `x` has n elements and `y` has m; `alpha` is α. Complex elements are not conjugated. It is one pass over
/// `a`, and needs no memory for the outer product.
///
/// NaN gives NaN, for α = 0 too. Empty arrays are fine. `a` cannot overlap the vectors.
///
/// # Panics
///
/// If a vector does not have the length of its axis of `a`; nothing is written then. Integers overflow as with `*` and
/// `+`: with a panic where overflow checks are on, which leaves `a` partly written.
///
/// # Replaces
///
/// NumPy's `a += alpha * np.outer(x, y)`, which allocates, SciPy's `scipy.linalg.blas.dger(alpha, x, y, a=a,
/// overwrite_a=True)`, and in ndarray a loop over rows with `scaled_add`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::ger_inplace;
///
/// let mut gradient = array![[1.0, 1.0], [1.0, 1.0]];
/// ger_inplace(&mut gradient, &array![1.0, 2.0], &array![10.0, 20.0], 0.5);
/// assert_eq!(gradient, array![[6.0, 11.0], [11.0, 21.0]]);
/// ```
#[doc(alias = "ger")]
#[doc(alias = "outer")]
#[doc(alias = "rank_one")]
#[track_caller]
pub fn ger_inplace<A>(a: &mut ArrayRef2<A>, x: &ArrayRef1<A>, y: &ArrayRef1<A>, alpha: A)
where
    A: Copy + Add<Output = A> + Mul<Output = A> + 'static,
{
    check::len_of_axis("ger_inplace", ("x", x.len()), Axis(0), ("a", a));
    check::len_of_axis("ger_inplace", ("y", y.len()), Axis(1), ("a", a));
    check::arithmetic::<A, _>("ger_inplace", || {
        let [below, beside] = [0, 1].map(|axis| a.strides()[axis].unsigned_abs());
        if beside <= below {
            for (mut row, &x) in a.outer_iter_mut().zip(x) {
                let x = alpha * x;
                update(&mut row, y.view(), |a, y| a + x * y);
            }
        } else {
            for (mut column, &y) in a.columns_mut().into_iter().zip(y) {
                update(&mut column, x.view(), |a, x| a + (alpha * x) * y);
            }
        }
    });
}
