//! Outer products of two arrays with any function, and the Kronecker product.

use std::ops::Mul;

use ndarray::{ArrayRef, Axis, Dimension, Zip};

use crate::kernel::engine::{check, map};

/// Applies `f` to each element of `a` together with each element of `b`.
///
/// *out\[i, …, j, …\] = f(a\[i, …\], b\[j, …\])*
///
/// `out` has the axes of `a` followed by those of `b`: n and m give n×m. All three element types may differ. `f`
/// is called once for each element of `out`, in no particular order.
///
/// NaN reaches `f` like any value. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `out` does not have the shape of `a` followed by that of `b`; nothing is written then. A panic of `f` passes
/// through and leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `ufunc.outer(a, b, out=out)`, and `np.outer(a, b, out=out)` of two vectors with a product for `f`. In
/// ndarray it is `Zip::from(..).map_collect(..)` of two broadcast views, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::outer_into;
///
/// let mut table = Array2::zeros((2, 3));
/// outer_into(&array![1, 2], &array![10, 20, 30], &mut table, |x, y| x * y);
/// assert_eq!(table, array![[10, 20, 30], [20, 40, 60]]);
///
/// let mut later = Array2::from_elem((2, 2), false);
/// outer_into(&array![1.5, 3.0], &array![1.0, 2.0], &mut later, |x, y| x > y);
/// assert_eq!(later, array![[true, false], [true, true]]);
/// ```
#[doc(alias = "ufunc.outer")]
#[doc(alias = "tensor_product")]
#[doc(alias = "cartesian")]
#[track_caller]
pub fn outer_into<A, B, C, D1, D2, D, F>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<B, D2>,
    out: &mut ArrayRef<C, D>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
    F: FnMut(A, B) -> C,
{
    let both = a.shape().iter().chain(b.shape()).map(|&len| Some(len));
    let why = format_args!("the shape of `a` followed by that of `b`");
    check::shape_is("outer_into", ("out", out), both, why);
    // Broadcasting adds axes in front. With all axes reversed, the axes of `b` are in front of those of `a`.
    let mut backwards = out.raw_dim();
    backwards.slice_mut().reverse();
    let turned = a.t();
    let a = turned.broadcast(backwards).expect("`out` ends with the axes of `a`, seen from behind");
    let b = b.broadcast(out.raw_dim()).expect("`out` ends with the axes of `b`");
    map::zip_map(a.reversed_axes(), b, out, f);
}

/// Computes the Kronecker product: every element of `a` times the whole of `b`.
///
/// *out\[n₀i + k, n₁j + l, …\] = a\[i, j, …\] · b\[k, l, …\]*, where b is n₀×n₁×…
///
/// `a`, `b` and `out` have equally many axes, and along each `out` is as long as the product of the other two.
///
/// NaN in either factor gives NaN. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `b` does not have as many axes as `a`, or `out` not the shape of the product; nothing is written then. Integers
/// overflow as with `*`: with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.kron(a, b)` and ndarray's `kron(&a, &b)`, which allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::kron_into;
///
/// let mut out = Array2::zeros((2, 4));
/// kron_into(&array![[1, 10]], &array![[1, 2], [3, 4]], &mut out);
/// assert_eq!(out, array![[1, 2, 10, 20], [3, 4, 30, 40]]);
/// ```
#[doc(alias = "kronecker")]
#[doc(alias = "tensor_product")]
#[track_caller]
pub fn kron_into<A, D>(a: &ArrayRef<A, D>, b: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Mul<Output = A> + 'static,
    D: Dimension,
{
    check::same_ndim("kron_into", ("b", b), ("a", a));
    let product = a.shape().iter().zip(b.shape()).map(|(a, &b)| a.checked_mul(b));
    let why = format_args!("the shape of `a` times that of `b`");
    check::shape_is("kron_into", ("out", out), product, why);
    if out.is_empty() {
        return; // there are no blocks without elements
    }
    let (mut a, mut b, mut out) = (a.view(), b.view(), out.view_mut());
    for axis in 0..out.ndim() {
        // ndarray's chunks overflow on negative strides. With the axis inverted in all three arrays, the product is the
        // same.
        if out.strides()[axis] < 0 {
            a.invert_axis(Axis(axis));
            b.invert_axis(Axis(axis));
            out.invert_axis(Axis(axis));
        }
    }
    check::arithmetic::<A, _>("kron_into", || {
        Zip::from(out.exact_chunks_mut(b.raw_dim()))
            .and(&a)
            .for_each(|block, &a| Zip::from(block).and(&b).for_each(|out, &b| *out = a * b));
    });
}
