//! The Kronecker product.

use std::ops::Mul;

use ndarray::{ArrayRef, Axis, Dimension, Zip};

use super::{check, check_index};

/// Multiplies every element of `a` with the whole of `b`: the Kronecker product.
///
/// *out\[n₀i + k, n₁j + l, …\] = a\[i, j, …\] · b\[k, l, …\]*, where b is n₀×n₁×…
///
/// `a`, `b` and `out` have equally many axes, and along each `out` is as long as the product of the other two.
///
/// NaN in either factor gives NaN. Empty arrays are fine. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `b` does not have as many axes as `a`, or `out` not the shape of the product; nothing is written then.
/// Integers overflow as `*` does: with a panic where overflow checks are on, which leaves `out` partly written.
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
    check_index::same_ndim("kron_into", ("b", b), ("a", a));
    let product = a.shape().iter().zip(b.shape()).map(|(a, &b)| a.checked_mul(b));
    let why = format_args!("the shape of `a` times that of `b`");
    check_index::shape_is("kron_into", ("out", out), product, why);
    if out.is_empty() {
        return; // there are no blocks without elements
    }
    let (mut a, mut b, mut out) = (a.view(), b.view(), out.view_mut());
    for axis in 0..out.ndim() {
        // ndarray's chunks overflow on negative strides. Turned around, all three are the same product.
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
