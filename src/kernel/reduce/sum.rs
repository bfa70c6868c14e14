//! Sums and products, along an axis and over all elements.

use std::convert::identity;
use std::ops::Mul;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};
use num_traits::{One, Zero};

use crate::kernel::engine::check;
use crate::kernel::engine::fold::kinds::combine::{Combine, adding, from_zero};
use crate::kernel::engine::fold::{self, Fold};

/// Adds all elements.
///
/// *Σ a\[i\]*
///
/// `a` has any shape. Accuracy and NaN are as for [`sum_axis_into`]. The sum of no
/// elements is zero.
///
/// # Panics
///
/// Integers overflow as with `+`: with a panic where overflow checks are on. (NumPy widens small integers to 64 bits
/// first; here the result has the type of the elements.)
///
/// # Replaces
///
/// NumPy's `np.sum(a)` and ndarray's `a.sum()`, which adds sequentially into eight accumulators, and so has an error
/// that grows with n.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::sum;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(sum(&a), 10.0);
/// ```
#[doc(alias = "add.reduce")]
#[must_use]
#[track_caller]
pub fn sum<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Copy + Zero + 'static,
    D: Dimension,
{
    check::arithmetic::<A, _>("sum", || {
        fold::of_all(a.view(), &adding()).map_or_else(A::zero, from_zero)
    })
}

/// Adds the elements of each lane along an axis.
///
/// *out\[j\] = Σᵢ a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 28) ε Σ |a\[i\]| for n numbers, in any layout: the sum is
/// pairwise, over blocks. (Sequential summation has n ε.) The same values in the same memory order give the same bits,
/// with or without gaps between them.
///
/// NaN gives NaN, and so do infinities of both signs. The sum along an axis without elements is zero. `out` cannot
/// overlap `a`; what it held before does not matter.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then. Integers
/// overflow as [`sum`] says, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.sum(a, axis, out=out)` and ndarray's `a.sum_axis(axis)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::sum_axis_into;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// sum_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![4.0, 6.0]);
/// ```
#[doc(alias = "sum_axis")]
#[track_caller]
pub fn sum_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + Zero + 'static,
    D: RemoveAxis,
{
    check::without_axis("sum_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::zero());
    }
    check::arithmetic::<A, _>("sum_axis_into", || {
        fold::along_axis(a.view(), axis, out, &adding(), from_zero);
    });
}

/// Multiplies all elements.
///
/// *Π a\[i\]*
///
/// `a` has any shape. NaN and the order of multiplications are as for
/// [`prod_axis_into`]. The product of no elements is one.
///
/// # Panics
///
/// Integers overflow as with `*`: with a panic where overflow checks are on. (NumPy widens small integers to 64 bits
/// first; here the result has the type of the elements.)
///
/// # Replaces
///
/// NumPy's `np.prod(a)` and ndarray's `a.product()`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::prod;
///
/// assert_eq!(prod(&array![[1.0, 2.0], [3.0, 4.0]]), 24.0);
/// ```
#[doc(alias = "product")]
#[doc(alias = "multiply.reduce")]
#[must_use]
#[track_caller]
pub fn prod<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Copy + One + Mul<Output = A> + 'static,
    D: Dimension,
{
    check::arithmetic::<A, _>("prod", || {
        fold::of_all(a.view(), &multiplying()).unwrap_or_else(A::one)
    })
}

/// Multiplies the elements of each lane along an axis.
///
/// *out\[j\] = Πᵢ a\[i, j\]*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
///
/// NaN gives NaN. The product along an axis without elements is one. Products are pairwise, over blocks, so that their
/// order (not the number of roundings) differs from sequential multiplication: where that overflows on the way, this
/// may not, and the other way round. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then. Integers
/// overflow as [`prod`] says, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.prod(a, axis, out=out)` and ndarray's `a.product_axis(axis)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::prod_axis_into;
///
/// let a = array![[1, 2, 3], [4, 5, 6]];
/// let mut out = array![0, 0];
/// prod_axis_into(&a, Axis(1), &mut out);
/// assert_eq!(out, array![6, 120]);
/// ```
#[doc(alias = "product_axis")]
#[track_caller]
pub fn prod_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + One + Mul<Output = A> + 'static,
    D: RemoveAxis,
{
    check::without_axis("prod_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(A::one());
    }
    check::arithmetic::<A, _>("prod_axis_into", || {
        fold::along_axis(a.view(), axis, out, &multiplying(), identity);
    });
}

/// The fold of products.
fn multiplying<A: Copy + Mul<Output = A>>() -> impl Fold<A, State = A> {
    Combine { lift: |x: A| x, combine: |a: A, b: A| a * b }
}
