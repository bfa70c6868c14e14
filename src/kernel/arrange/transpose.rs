//! Transposed copies: the same elements with their axes in another order, in memory too.

use ndarray::{ArrayRef, ArrayView, Axis, Dimension, IntoDimension};

use crate::kernel::engine::{check, copy};

/// Copies `a` with its axes in reverse order.
///
/// *out\[j, i\] = a\[i, j\]*, and *out\[…, j, i\] = a\[i, j, …\]* with more axes
///
/// `a` is n×m and `out` m×n; with more axes the shape is reversed. Large arrays are read and written in tiles, so that
/// every cache line is used as a whole on either side. (Where a view is enough, ndarray's `a.t()` moves nothing.)
///
/// NaN is moved like any value. Empty arrays, and those of one axis or none, are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `out` does not have the shape of `a` in reverse; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.copyto(out, a.T)` and ndarray's `out.assign(&a.t())`, which does not allocate but reads memory in long
/// strides.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::transpose_into;
///
/// let mut out = Array2::zeros((3, 2));
/// transpose_into(&array![[1, 2, 3], [4, 5, 6]], &mut out);
/// assert_eq!(out, array![[1, 4], [2, 5], [3, 6]]);
/// ```
#[doc(alias = "t")]
#[doc(alias = "reversed_axes")]
#[doc(alias = "matrix_transpose")]
#[track_caller]
pub fn transpose_into<A, D>(a: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: Dimension,
{
    copy::copy(transposed("transpose_into", a, out), out);
}

/// `a` with its axes in reverse order, after a check of `out`.
#[track_caller]
pub(crate) fn transposed<'a, A, D: Dimension>(
    kernel: &str,
    a: &'a ArrayRef<A, D>,
    out: &ArrayRef<A, D>,
) -> ArrayView<'a, A, D> {
    let reversed = a.shape().iter().rev().copied().map(Some);
    check::shape_is(kernel, ("out", out), reversed, format_args!("the shape of `a` in reverse"));
    a.t()
}

/// Copies `a` with its axes in another order.
///
/// *out\[…, iₖ, …\] = a\[…, i_axes\[k\], …\]*: axis k of `out` is axis `axes[k]` of `a`
///
/// `axes` names every axis of `a` once, as ndarray's `permuted_axes` takes it, and `out` has the lengths of `a` in
/// that order. Swapping two axes and moving one are such orders. Large arrays are read and written in tiles.
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `axes` does not name every axis of `a` once, or `out` does not have the lengths of `a` in that order;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.copyto(out, np.transpose(a, axes))` (and with it `moveaxis` and `swapaxes`) and ndarray's
/// `out.assign(&a.view().permuted_axes(axes))`, which does not allocate but reads memory in long strides.
///
/// # Example
///
/// ```
/// use ndarray::{Array, Array3};
/// use ndarray_pool::kernel::permute_axes_into;
///
/// let pixels = Array::from_shape_fn((4, 5, 3), |(row, column, colour)| 100 * row + 10 * column + colour);
/// let mut planes = Array3::zeros((3, 4, 5));
/// permute_axes_into(&pixels, [2, 0, 1], &mut planes);
/// assert_eq!(planes[[2, 0, 4]], pixels[[0, 4, 2]]);
/// ```
#[doc(alias = "transpose")]
#[doc(alias = "permuted_axes")]
#[doc(alias = "moveaxis")]
#[doc(alias = "swapaxes")]
#[doc(alias = "rollaxis")]
#[doc(alias = "permute_dims")]
#[track_caller]
pub fn permute_axes_into<A, D, T>(a: &ArrayRef<A, D>, axes: T, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D: Dimension,
    T: IntoDimension<Dim = D>,
{
    copy::copy(permuted("permute_axes_into", a, axes.into_dimension(), out), out);
}

/// `a` with its axes in the order `axes`, after a check of these and of `out`.
#[track_caller]
pub(crate) fn permuted<'a, A, D: Dimension>(
    kernel: &str,
    a: &'a ArrayRef<A, D>,
    axes: D,
    out: &ArrayRef<A, D>,
) -> ArrayView<'a, A, D> {
    check::order_of_axes(kernel, ("axes", axes.slice()), ("a", a));
    let permuted = axes.slice().iter().map(|&axis| Some(a.len_of(Axis(axis))));
    check::shape_is(
        kernel,
        ("out", out),
        permuted,
        format_args!("the shape of `a` in the order {:?}", axes.slice()),
    );
    a.view().permuted_axes(axes)
}
