//! Products of matrices, and of stacks of matrices.

use ndarray::{ArrayRef, ArrayView2, ArrayViewMut2, Dimension};

use super::product::element::MatrixElement;
use super::product::target::Start;
use super::product::{Factor, Product, workspace_len};
use super::stack::Stacks;
use super::workspace::{Workspace, bytes_of};
use crate::kernel::engine::check;

/// Multiplies matrices, or stacks of matrices.
///
/// *out\[…, i, j\] = Σₗ a\[…, i, l\] b\[…, l, j\]*
///
/// The last two axes of `a` are m×k, those of `b` k×n and those of `out` m×n. The axes in front of them are those of the
/// stacks: the stacks of `a` and `b` are broadcast, each by itself, to that of `out`. So one matrix can be multiplied by
/// each of a stack. Transposed matrices (`a.t()`), any strides and both memory orders are fine. The products of a matrix
/// and a vector are [`matvec_into`](crate::kernel::matvec_into) and [`vecmat_into`](crate::kernel::vecmat_into).
///
/// Matrices are packed into `workspace`, as in every fast product. [`matmul_workspace_bytes`] tells how much of it is
/// needed. If m, k and n are at most 64, nothing is, and [`Workspace::empty`] will do.
///
/// **Accuracy.** An element has an error of at most γ Σₗ |a\[i, l\] b\[l, j\]|, where γ = k u / (1 − k u) with the unit
/// roundoff u = ε/2 (2k for each part of complex numbers), as long as no product underflows.
///
/// **Bits.** A product of matrices is *defined* with fused multiply-add ([`f64::mul_add`]), in blocks of 256 terms. An
/// element's bits depend on its row of `a` and its column of `b` alone: not on the processor, on the memory order, on
/// the workspace, or on which rows and columns are computed together. Where the processor has no such instruction (on
/// x86-64, one without FMA), each is a call of the C library, and a product takes some hundred times as long.
///
/// NaN and infinities propagate as in the sum above; complex numbers are multiplied part by part. Without terms (k = 0)
/// the result is zero. Empty arrays are fine. What `out` held is not read. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If an array has fewer than two axes, if the last two axes or the stacks do not fit as above, or if `workspace` is too
/// small; nothing is written then. The message names the bytes that are needed.
///
/// # Replaces
///
/// NumPy's `np.matmul(a, b, out=out)` and `a @ b` of two or more axes, and ndarray's `a.dot(&b)` and
/// `general_mat_mul(1.0, &a, &b, 0.0, &mut out)`, which both allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Array3, array};
/// use ndarray_pool::kernel::{Workspace, matmul_into, matmul_workspace_bytes};
///
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[0.0, 1.0, 5.0], [1.0, 0.0, 6.0]]);
/// let mut out = Array2::zeros((2, 3));
/// matmul_into(&a, &b, &mut out, &mut Workspace::empty());
/// assert_eq!(out, array![[2.0, 1.0, 17.0], [4.0, 3.0, 39.0]]);
///
/// // A layer of a network for a stack of batches.
/// let (x, w) = (Array3::<f32>::ones((10, 32, 100)), Array2::ones((100, 20)));
/// let mut y = Array3::zeros((10, 32, 20));
/// let mut workspace = Workspace::with_bytes(matmul_workspace_bytes::<f32>(320, 100, 20));
/// matmul_into(&x, &w, &mut y, &mut workspace);
/// assert_eq!(y[[9, 31, 19]], 100.0);
/// ```
#[doc(alias = "dot")]
#[doc(alias = "gemm")]
#[doc(alias = "general_mat_mul")]
#[track_caller]
pub fn matmul_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    out: &mut ArrayRef<A, D>,
    workspace: &mut Workspace<'_>,
) where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let (stacks, memory) = checked("matmul_into", a, b, out, workspace);
    stacks.each(&mut |a, b, out| matmul(a, b, out, memory));
}

/// The product of two matrices.
pub(crate) fn matmul<A: MatrixElement>(
    a: ArrayView2<'_, A>,
    b: ArrayView2<'_, A>,
    out: ArrayViewMut2<'_, A>,
    memory: &mut [A::Real],
) {
    Product { a: Factor::of(a), b: Factor::of(b), start: Start::Zero, out }.compute(memory);
}

/// Adds a multiple of a product of matrices to a multiple of what `out` holds: [`matmul_into`] in its general form.
///
/// *out\[…, i, j\] = Σₗ (α a\[…, i, l\]) b\[…, l, j\] + β out\[…, i, j\]*
///
/// `alpha` and `beta` are α and β. With α = 0 neither `a` nor `b` is read, and with β = 0 `out` is not, as in BLAS: NaN
/// in what is not read does not show. Shapes, stacks, workspace and bits are those of [`matmul_into`].
///
/// **Accuracy.** The bound is that of [`matmul_into`] for k + 2 terms, of which β out\[i, j\] is one.
///
/// # Panics
///
/// As [`matmul_into`].
///
/// # Replaces
///
/// SciPy's `scipy.linalg.blas.dgemm(alpha, a, b, beta, c, overwrite_c=True)`, NumPy's `out += a @ b`, and ndarray's
/// `general_mat_mul(alpha, &a, &b, beta, &mut out)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::{Workspace, gemm_into};
///
/// let (a, b) = (array![[1.0, 2.0]], array![[3.0], [4.0]]);
/// let mut out = array![[100.0]];
/// gemm_into(&a, &b, 2.0, 1.0, &mut out, &mut Workspace::empty()); // out += 2 a b
/// assert_eq!(out, array![[122.0]]);
/// ```
#[doc(alias = "dgemm")]
#[doc(alias = "addmm")]
#[doc(alias = "general_mat_mul")]
#[track_caller]
pub fn gemm_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    alpha: A,
    beta: A,
    out: &mut ArrayRef<A, D>,
    workspace: &mut Workspace<'_>,
) where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let (stacks, memory) = checked("gemm_into", a, b, out, workspace);
    stacks.each(&mut |a, b, out| gemm(a, b, alpha, beta, out, memory));
}

/// *alpha · a · b + beta · out* of matrices.
pub(crate) fn gemm<A: MatrixElement>(
    a: ArrayView2<'_, A>,
    b: ArrayView2<'_, A>,
    alpha: A,
    beta: A,
    out: ArrayViewMut2<'_, A>,
    memory: &mut [A::Real],
) {
    let scale = (alpha != A::one()).then_some(alpha);
    let start = if beta == A::zero() { Start::Zero } else { Start::Out(beta) };
    let (a, b) = (Factor { matrix: a, scale }, Factor::of(b));
    Product { a, b, start, out }.compute(memory);
}

/// Returns the bytes of workspace that the product of an m×k and a k×n matrix needs.
///
/// That is 0 if m, k and n are at most 64, and never much more than 1 MiB. A shape that is longer along each axis never
/// needs less, so that a loop asks once, for the greatest lengths in it. A stack of matrices needs no more than one of
/// them; but if all are multiplied by the same matrix, and the workspace suffices for m times the length of the stack,
/// they are multiplied as one.
///
/// # Example
///
/// ```
/// use ndarray_pool::kernel::matmul_workspace_bytes;
///
/// assert_eq!(matmul_workspace_bytes::<f64>(64, 64, 64), 0);
/// assert!(matmul_workspace_bytes::<f64>(usize::MAX, usize::MAX, usize::MAX) < 5 << 18);
/// ```
pub fn matmul_workspace_bytes<A: MatrixElement>(m: usize, k: usize, n: usize) -> usize {
    bytes_of::<A::Real>(workspace_len::<A>(m, k, n))
}

/// Checks the arguments, broadcasts the factors to the stack of `out`, and returns the memory of the workspace.
#[track_caller]
pub(crate) fn checked<'a, A: MatrixElement, D1: Dimension, D2: Dimension, D: Dimension>(
    kernel: &str,
    a: &'a ArrayRef<A, D1>,
    b: &'a ArrayRef<A, D2>,
    out: &'a mut ArrayRef<A, D>,
    workspace: &'a mut Workspace<'_>,
) -> (Stacks<'a, A, D>, &'a mut [A::Real]) {
    check::has_two_axes(kernel, ("a", a));
    check::has_two_axes(kernel, ("b", b));
    check::has_two_axes(kernel, ("out", out));
    let (m, k) = last_two(a.shape());
    let (_, n) = last_two(b.shape());
    check::last_two_axes(kernel, ("b", b), (k, n), "as many rows as `a` has columns");
    check::last_two_axes(kernel, ("out", out), (m, n), "the rows of `a` and the columns of `b`");
    let stack = |lens: [usize; 2]| {
        let mut dim = out.raw_dim();
        let first = dim.ndim() - 2;
        dim.slice_mut()[first..].copy_from_slice(&lens);
        dim
    };
    let a = check::broadcast_to_dim(kernel, ("a", a), stack([m, k]), "the stack of `out`");
    let b = check::broadcast_to_dim(kernel, ("b", b), stack([k, n]), "the stack of `out`");
    let memory = workspace.checked(kernel, workspace_len::<A>(m, k, n));
    let mut stacks = Stacks { a, b, out: out.view_mut() };
    if memory.len() >= workspace_len::<A>(stacks.out.len() / n.max(1), k, n) {
        stacks.merge_rows();
    }
    (stacks, memory)
}

pub(crate) fn last_two(shape: &[usize]) -> (usize, usize) {
    (shape[shape.len() - 2], shape[shape.len() - 1])
}
