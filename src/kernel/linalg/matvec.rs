//! Products of a matrix and a vector, on either side.
//!
//! Both are reductions of products, and are walked in the memory order of the matrix: along its rows as one dot product
//! each; across them by adding groups of rows, each multiplied by its element of the vector, to the result.

use std::ops::Mul;

use ndarray::{ArrayRef1, ArrayRef2, Axis};
use num_traits::Zero;

use crate::kernel::engine::fold::kinds::combine::{adding, from_zero};
use crate::kernel::engine::{check, fold};

/// Multiplies a matrix by a vector.
///
/// *out\[i\] = Σⱼ a\[i, j\] v\[j\]*
///
/// `a` is n×m, `v` has m elements and `out` has n. Complex elements are not conjugated, as in NumPy.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ m + 29) ε Σⱼ |a\[i, j\] v\[j\]|, in any layout; each product is
/// rounded by itself.
///
/// NaN gives NaN. An empty sum is zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `v` does not have the length of axis 1 of `a`, or `out` that of axis 0; nothing is written then. Integers
/// overflow as with `*` and `+`: with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.matvec(a, v, out=out)` of one matrix, and ndarray's `a.dot(&v)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::matvec_into;
///
/// let (a, v) = (array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![10.0, 1.0]);
/// let mut out = array![0.0, 0.0, 0.0];
/// matvec_into(&a, &v, &mut out);
/// assert_eq!(out, array![12.0, 34.0, 56.0]);
/// ```
#[doc(alias = "matvec")]
#[doc(alias = "dot")]
#[doc(alias = "gemv")]
#[track_caller]
pub fn matvec_into<A>(a: &ArrayRef2<A>, v: &ArrayRef1<A>, out: &mut ArrayRef1<A>)
where
    A: Copy + Zero + Mul<Output = A> + 'static,
{
    check::len_of_axis("matvec_into", ("v", v.len()), Axis(1), ("a", a));
    check::without_axis("matvec_into", ("a", a), Axis(1), out);
    if v.is_empty() {
        return out.fill(A::zero());
    }
    let v = v.broadcast(a.raw_dim()).expect("a vector is broadcast along the last axis");
    check::arithmetic::<A, _>("matvec_into", || {
        fold::along_axis_of_two(a.view(), v, &A::mul, Axis(1), out, &adding(), from_zero);
    });
}

/// Multiplies a vector by a matrix.
///
/// *out\[j\] = Σᵢ v\[i\] a\[i, j\]*
///
/// `v` has n elements, `a` is n×m and `out` has m. Elements are real numbers, as their bound `PartialOrd` implies: for
/// complex ones NumPy conjugates the vector. With the conjugates of `v`, that product is `matvec_into(&a.t(),
/// &conjugates, &mut out)`.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 29) ε Σᵢ |v\[i\] a\[i, j\]|, in any layout; each product is
/// rounded by itself.
///
/// NaN gives NaN. An empty sum is zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `v` does not have the length of axis 0 of `a`, or `out` that of axis 1; nothing is written then. Integers
/// overflow as with `*` and `+`: with a panic where overflow checks are on, which leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.vecmat(v, a, out=out)` of one matrix, and ndarray's `v.dot(&a)`, which allocates, and reads a matrix in
/// C order column by column.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::vecmat_into;
///
/// let (v, a) = (array![10.0, 1.0], array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// let mut out = array![0.0, 0.0, 0.0];
/// vecmat_into(&v, &a, &mut out);
/// assert_eq!(out, array![14.0, 25.0, 36.0]);
/// ```
#[doc(alias = "vecmat")]
#[doc(alias = "dot")]
#[doc(alias = "gemv")]
#[track_caller]
pub fn vecmat_into<A>(v: &ArrayRef1<A>, a: &ArrayRef2<A>, out: &mut ArrayRef1<A>)
where
    A: Copy + Zero + Mul<Output = A> + PartialOrd + 'static,
{
    check::len_of_axis("vecmat_into", ("v", v.len()), Axis(0), ("a", a));
    check::without_axis("vecmat_into", ("a", a), Axis(0), out);
    if v.is_empty() {
        return out.fill(A::zero());
    }
    let (n, m) = a.dim();
    let v = v.broadcast((m, n)).expect("a vector is broadcast along the last axis");
    let v = v.reversed_axes();
    check::arithmetic::<A, _>("vecmat_into", || {
        fold::along_axis_of_two(a.view(), v, &A::mul, Axis(0), out, &adding(), from_zero);
    });
}

/// Complex numbers, for which NumPy conjugates the first factor, are rejected by `vecmat_into` and by dot products.
///
/// ```compile_fail,E0277
/// use ndarray::{Array1, Array2};
/// use ndarray_pool::kernel::vecmat_into;
/// type Number = num_complex::Complex<f64>;
/// let (v, a, mut out) = (Array1::<Number>::zeros(2), Array2::zeros((2, 3)), Array1::zeros(3));
/// vecmat_into(&v, &a, &mut out);
/// ```
///
/// ```compile_fail,E0277
/// use ndarray::{Array1, Array2, Axis};
/// use ndarray_pool::kernel::vecdot_axis_into;
/// type Number = num_complex::Complex<f64>;
/// let (a, mut out) = (Array2::<Number>::zeros((2, 3)), Array1::zeros(3));
/// vecdot_axis_into(&a, &a, Axis(0), &mut out);
/// ```
///
/// ```compile_fail,E0277
/// use ndarray::Array1;
/// use ndarray_pool::kernel::whole::vdot;
/// type Number = num_complex::Complex<f64>;
/// let a = Array1::<Number>::zeros(2);
/// let _ = vdot(&a, &a);
/// ```
///
/// Real numbers are accepted, and `matvec_into`, for which NumPy conjugates nothing, takes both.
///
/// ```
/// use ndarray::{Array1, Array2, Axis};
/// use ndarray_pool::kernel::{matvec_into, vecdot_axis_into, vecmat_into, whole::vdot};
/// type Number = f64;
/// let (v, a, mut out) = (Array1::<Number>::zeros(2), Array2::zeros((2, 3)), Array1::zeros(3));
/// vecmat_into(&v, &a, &mut out);
/// vecdot_axis_into(&a, &a, Axis(0), &mut out);
/// let _ = vdot(&a, &a);
/// type Complex = num_complex::Complex<f64>;
/// let (v, a, mut out) = (Array1::<Complex>::zeros(3), Array2::zeros((2, 3)), Array1::zeros(2));
/// matvec_into(&a, &v, &mut out);
/// ```
#[cfg(all(doctest, feature = "complex"))]
fn complex_vectors() {}
