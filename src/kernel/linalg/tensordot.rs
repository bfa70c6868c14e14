//! Products of tensors: sums over axes of two arrays.

use ndarray::{ArrayRef, Axis, Dimension};

use super::contraction::Contraction;
use super::contraction::labelled::{Label, MOST_AXES, Operand, Target};
use super::product::element::MatrixElement;
use super::workspace::{Workspace, bytes_of};
use crate::kernel::engine::check;

/// Computes the dot product of two arrays: of vectors, of matrices, or of arrays of any axes.
///
/// *out\[i, …, j, …, m\] = Σₗ a\[i, …, l\] b\[j, …, l, m\]*
///
/// Products are summed over the last axis of `a` and the last but one of `b` (the only one of a vector). `out` has the
/// other axes of `a` and then those of `b`: none for two vectors, those of an
/// [`aview0`](ndarray::aview0)-like array. A number (an array without axes) multiplies every element. Arrays have up to
/// six axes, any strides and either memory order. Complex elements are not conjugated.
///
/// Unlike in [`matmul_into`](crate::kernel::matmul_into), stacks are not taken in pairs: each of `a` meets each of `b`.
///
/// The workspace is that of a product of matrices, of all rows of `a` and all columns of `b`:
/// [`matmul_workspace_bytes`](crate::kernel::matmul_workspace_bytes) of m, k and n, where k is the length that is summed
/// over, and m k and k n are the numbers of elements. None is needed where all three are at most 64, and none by a vector.
///
/// **Accuracy and bits** are those of `matmul_into`, or with a vector those of
/// [`matvec_into`](crate::kernel::matvec_into).
///
/// NaN gives NaN. Without terms the result is zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If the lengths that are summed over differ, if `out` does not have the shape above, if an array has more than six
/// axes, or if `workspace` is too small; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.dot(a, b, out=out)`, and ndarray's `a.dot(&b)`, which allocates and knows vectors and matrices alone.
///
/// # Example
///
/// ```
/// use ndarray::{Array0, Array3, array, aview1};
/// use ndarray_pool::kernel::{Workspace, dot_into};
///
/// let mut workspace = Workspace::empty();
/// let mut out = Array0::zeros(());
/// dot_into(&aview1(&[1.0, 2.0]), &aview1(&[3.0, 4.0]), &mut out, &mut workspace);
/// assert_eq!(out[()], 11.0);
///
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], Array3::<f64>::ones((5, 2, 6)));
/// let mut out = Array3::zeros((2, 5, 6));
/// dot_into(&a, &b, &mut out, &mut workspace);
/// assert_eq!(out[[1, 4, 5]], 7.0);
/// ```
#[doc(alias = "dot")]
#[doc(alias = "gemm")]
#[track_caller]
pub fn dot_into<A, D1, D2, D>(
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
    match (a.ndim().checked_sub(1), b.ndim().checked_sub(1)) {
        (Some(last_a), Some(last_b)) => {
            let axes = [&[last_a][..], &[last_b.saturating_sub(1)]];
            tensordot("dot_into", a, b, axes, out, workspace);
        }
        _ => tensordot("dot_into", a, b, [&[], &[]], out, workspace),
    }
}

/// Computes the inner product of two arrays: the dot product of each lane along the last axis of either.
///
/// *out\[i, …, j, …\] = Σₗ a\[i, …, l\] b\[j, …, l\]*
///
/// The last axes of `a` and `b` are equally long, and `out` has the other axes of `a` and then those of `b`. Numbers,
/// limits, workspace, accuracy and bits are those of [`dot_into`]. Complex elements are not conjugated, as in NumPy.
///
/// # Panics
///
/// As [`dot_into`].
///
/// # Replaces
///
/// NumPy's `np.inner(a, b)`, which allocates, and ndarray's `a.dot(&b.t())` of matrices.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::{Workspace, inner_into};
///
/// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
/// let mut out = Array2::zeros((2, 3));
/// inner_into(&a, &b, &mut out, &mut Workspace::empty());
/// assert_eq!(out, array![[1.0, 2.0, 3.0], [3.0, 4.0, 7.0]]);
/// ```
#[doc(alias = "inner")]
#[track_caller]
pub fn inner_into<A, D1, D2, D>(
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
    match (a.ndim().checked_sub(1), b.ndim().checked_sub(1)) {
        (Some(last_a), Some(last_b)) => {
            tensordot("inner_into", a, b, [&[last_a], &[last_b]], out, workspace);
        }
        _ => tensordot("inner_into", a, b, [&[], &[]], out, workspace),
    }
}

/// Sums products of two arrays over the given axes of both.
///
/// *out\[i, …, j, …\] = Σ a\[i, …, l, …\] b\[l, …, j, …\]*, where l, … run along `axes`
///
/// `axes` has the axes of `a` that are summed over, and those of `b` that belong to them, one by one: `[&[1, 2], &[0,
/// 1]]`. The others are the axes of `out`, those of `a` first. NumPy's `axes=2` are the last two axes of `a` and the first
/// two of `b`; without axes it is the outer product. Arrays have up to six axes, any strides and either memory order.
///
/// It is a product of matrices, without a copy where the axes that are summed over lie behind one another in memory, in
/// the order that they have in `a`. An array in which they do not is copied to `workspace` first.
/// [`tensordot_workspace_bytes`] tells how much is needed.
///
/// **Accuracy and bits** are those of [`matmul_into`](crate::kernel::matmul_into), with the terms in the order of the
/// axes of `a`. Where all axes of an array are summed over, they are those of
/// [`matvec_into`](crate::kernel::matvec_into).
///
/// NaN gives NaN. Without terms the result is zero. Complex elements are not conjugated. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `axes` names an axis that is not there, one twice, or more of one array than of the other, if lengths that belong
/// together differ, if `out` does not have the shape above, if an array has more than six axes, or if `workspace` is
/// too small; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.tensordot(a, b, axes=(…, …))`, which allocates copies of both and the result. In ndarray it is
/// `permuted_axes`, `to_shape` and `dot`.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, Array2, Array3};
/// use ndarray_pool::kernel::{Workspace, tensordot_into, tensordot_workspace_bytes};
///
/// let (a, b) = (Array3::<f64>::ones((3, 4, 5)), Array3::ones((4, 5, 2)));
/// let axes: [&[usize]; 2] = [&[1, 2], &[0, 1]];
/// let mut workspace = Workspace::with_bytes(tensordot_workspace_bytes(&a, &b, axes));
/// let mut out = Array2::zeros((3, 2));
/// tensordot_into(&a, &b, axes, &mut out, &mut workspace);
/// assert_eq!(out, Array2::from_elem((3, 2), 20.0));
/// ```
#[doc(alias = "tensordot")]
#[doc(alias = "contract")]
#[track_caller]
pub fn tensordot_into<A, D1, D2, D>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    axes: [&[usize]; 2],
    out: &mut ArrayRef<A, D>,
    workspace: &mut Workspace<'_>,
) where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    tensordot("tensordot_into", a, b, axes, out, workspace);
}

/// Returns the bytes of workspace that [`tensordot_into`] needs for arrays of these shapes and strides.
///
/// # Panics
///
/// As [`tensordot_into`].
///
/// # Example
///
/// ```
/// use ndarray::Array2;
/// use ndarray_pool::kernel::tensordot_workspace_bytes;
///
/// let (a, b) = (Array2::<f64>::ones((3, 4)), Array2::ones((4, 3)));
/// assert_eq!(tensordot_workspace_bytes(&a, &b, [&[1], &[0]]), 0);
/// // The order of axes of one of them has to change.
/// assert!(tensordot_workspace_bytes(&a, &b, [&[0, 1], &[1, 0]]) >= 12 * size_of::<f64>());
/// ```
#[track_caller]
pub fn tensordot_workspace_bytes<A, D1, D2>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    axes: [&[usize]; 2],
) -> usize
where
    A: MatrixElement,
    D1: Dimension,
    D2: Dimension,
{
    check_axes("tensordot_workspace_bytes", a, b, axes);
    let labels = Tensordot::of(a.ndim(), b.ndim(), axes);
    bytes_of::<A::Real>(labels.contraction(a, b).workspace_len())
}

/// The labels of axes: those of `b` that are summed over have the labels that they have in `a`.
struct Tensordot {
    a: [Label; MOST_AXES],
    b: [Label; MOST_AXES],
    out: [Label; 2 * MOST_AXES],
    kept: usize,
}

impl Tensordot {
    fn of(ndim_a: usize, ndim_b: usize, [axes_a, axes_b]: [&[usize]; 2]) -> Self {
        let a = [1, 2, 3, 4, 5, 6];
        let mut b = [7, 8, 9, 10, 11, 12];
        for (&of_a, &of_b) in axes_a.iter().zip(axes_b) {
            b[of_b] = a[of_a];
        }
        let mut out = [0; 2 * MOST_AXES];
        let kept_a = (0..ndim_a).filter(|axis| !axes_a.contains(axis)).map(|axis| a[axis]);
        let kept_b = (0..ndim_b).filter(|axis| !axes_b.contains(axis)).map(|axis| b[axis]);
        let kept = out.iter_mut().zip(kept_a.chain(kept_b)).map(|(out, label)| *out = label);
        let kept = kept.count();
        Tensordot { a, b, out, kept }
    }

    fn contraction<'a, A: MatrixElement, D1: Dimension, D2: Dimension>(
        &self,
        a: &'a ArrayRef<A, D1>,
        b: &'a ArrayRef<A, D2>,
    ) -> Contraction<'a, A> {
        Contraction::new(Operand::new(a, &self.a), Operand::new(b, &self.b), &self.out)
    }
}

#[track_caller]
fn check_axes<A, D1: Dimension, D2: Dimension>(
    kernel: &str,
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    [axes_a, axes_b]: [&[usize]; 2],
) {
    check::at_most_axes(kernel, ("a", a), MOST_AXES);
    check::at_most_axes(kernel, ("b", b), MOST_AXES);
    check::some_axes(kernel, ("axes[0]", axes_a), ("a", a));
    check::some_axes(kernel, ("axes[1]", axes_b), ("b", b));
    check::same_len(kernel, ("axes[1]", axes_b.len()), ("axes[0]", axes_a.len()));
    for (&of_a, &of_b) in axes_a.iter().zip(axes_b) {
        check::same_axis_len(kernel, ("b", b), Axis(of_b), ("a", a), Axis(of_a));
    }
}

#[track_caller]
fn tensordot<A: MatrixElement, D1: Dimension, D2: Dimension, D: Dimension>(
    kernel: &str,
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<A, D2>,
    axes: [&[usize]; 2],
    out: &mut ArrayRef<A, D>,
    workspace: &mut Workspace<'_>,
) {
    check_axes(kernel, a, b, axes);
    let [kept_a, kept_b] = [(a.shape(), axes[0]), (b.shape(), axes[1])].map(|(shape, axes)| {
        let kept = shape.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
        kept.map(|(_, &len)| Some(len))
    });
    let why = format_args!("the axes of `a` and then those of `b` that are not summed over");
    check::shape_is(kernel, ("out", &*out), kept_a.chain(kept_b), why);
    check::at_most_axes(kernel, ("out", &*out), MOST_AXES);
    let labels = Tensordot::of(a.ndim(), b.ndim(), axes);
    let contraction = labels.contraction(a, b);
    let memory = workspace.checked(kernel, contraction.workspace_len());
    A::contract(contraction, Target::new(out, &labels.out[..labels.kept]), memory);
}
