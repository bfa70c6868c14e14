//! Distances between points.

use ndarray::{ArrayRef2, Axis};

use super::product::element::RealElement;
use super::product::target::Start;
use super::product::{Factor, Product, workspace_len};
use super::workspace::Workspace;
use crate::kernel::engine::check;

/// Computes the squared Euclidean distances between all points of two sets.
///
/// *out\[i, j\] = Σₗ (a\[i, l\] − b\[j, l\])²*
///
/// The rows of `a` (n×d) and `b` (m×d) are points, `out` is n×m, and elements are `f64` or `f32`. The workspace is that of
/// a product of n×d and d×m, for which [`matmul_workspace_bytes`](crate::kernel::matmul_workspace_bytes) tells the
/// bytes; up to 64 points and 64 coordinates it may be empty.
///
/// **Accuracy.** As all terms are positive, the relative error is at most γ = (d + 2) u / (1 − (d + 2) u), u = ε/2, as
/// long as nothing under- or overflows. Equal points of finite coordinates are at a distance of zero. (The form ‖a‖² + ‖b‖² − 2 a·b, a product
/// of matrices, is faster for many coordinates, and loses all digits where points are close together.) Squares are
/// added by fused multiply-add, with the bits and the cost that [`matmul_into`](crate::kernel::matmul_into) describes.
///
/// NaN gives NaN. Without coordinates, distances are zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `b` has another number of columns than `a`, if `out` does not have the shape n×m, or if the workspace is too small;
/// nothing is written then.
///
/// # Replaces
///
/// SciPy's `scipy.spatial.distance.cdist(a, b, "sqeuclidean", out=out)`, NumPy's
/// `((a[:, None] - b) ** 2).sum(-1)`, and in ndarray two loops over `outer_iter`.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::{Workspace, pairwise_sqdist_into};
///
/// let (points, centres) = (array![[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]], array![[0.0, 0.0], [1.0, 0.0]]);
/// let mut out = Array2::zeros((3, 2));
/// pairwise_sqdist_into(&points, &centres, &mut out, &mut Workspace::empty());
/// assert_eq!(out, array![[0.0, 1.0], [25.0, 20.0], [2.0, 1.0]]);
/// ```
#[doc(alias = "cdist")]
#[doc(alias = "euclidean")]
#[track_caller]
pub fn pairwise_sqdist_into<A: RealElement>(
    a: &ArrayRef2<A>,
    b: &ArrayRef2<A>,
    out: &mut ArrayRef2<A>,
    workspace: &mut Workspace<'_>,
) {
    let kernel = "pairwise_sqdist_into";
    let ((n, d), m) = (a.dim(), b.nrows());
    check::axis_len(kernel, ("b", b), Axis(1), d, "as many coordinates as `a`");
    let needs = [Some(n), Some(m)].into_iter();
    check::shape_is(kernel, ("out", &*out), needs, format_args!("the numbers of points"));
    let memory = workspace.checked(kernel, workspace_len::<A>(n, d, m));
    let (a, b) = (Factor::of(a.view()), Factor::of(b.t()));
    let product = Product { a, b, start: Start::Zero, out: out.view_mut() };
    product.compute_by(A::square_distances, memory);
}
