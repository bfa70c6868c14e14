//! Arithmetic in place, and any function in place.
//!
//! ndarray's `a += &b` does the same for owned arrays and views. These take whatever coerces to `&mut ArrayRef`, so leases
//! and parts of arrays too, name what does not fit, and are compiled for AVX2 as well.

use std::ops::{Add, Div, Mul, Sub};

use ndarray::{ArrayRef, Dimension, aview0};

use crate::kernel::elementwise::quotient;
use crate::kernel::engine::check;
use crate::kernel::engine::map::update::update;

/// Applies `f` to each element, in place.
///
/// *a\[i\] ← f(a\[i\])*
///
/// `f` is called once for each element, in no particular order. NaN reaches `f` like any value.
///
/// # Panics
///
/// Never by itself. A panic of `f` passes through and leaves `a` partly changed.
///
/// # Replaces
///
/// NumPy's unary functions with `out=a` (`np.sqrt(a, out=a)`), and ndarray's `a.mapv_inplace(f)`, which is not compiled
/// for AVX2.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::map_inplace;
///
/// let mut a = array![1.0, 4.0, 9.0];
/// map_inplace(&mut a, f64::sqrt);
/// assert_eq!(a, array![1.0, 2.0, 3.0]);
/// ```
#[doc(alias("mapv_inplace", "apply"))]
pub fn map_inplace<A, D, F>(a: &mut ArrayRef<A, D>, mut f: F)
where
    A: Copy,
    D: Dimension,
    F: FnMut(A) -> A,
{
    let shape = a.raw_dim();
    let nothing = aview0(&());
    let nothing = nothing.broadcast(shape).expect("one element fits any shape");
    update(a, nothing, |a, ()| f(a));
}

/// Applies `f` to each element and that of another array at its place, in place.
///
/// *a\[i\] ← f(a\[i\], b\[i\])*
///
/// `b` has any shape that broadcasts to the shape of `a`; its element type may differ. `f` is called once for each
/// element of `a`, in no particular order. NaN reaches `f` like any value. `a` cannot overlap `b`. For more inputs, or
/// several outputs, see [`fused!`](crate::fused).
///
/// # Panics
///
/// If `b` cannot be broadcast to the shape of `a`; nothing is changed then. A panic of `f` passes through and leaves
/// `a` partly changed.
///
/// # Replaces
///
/// NumPy's binary functions with `out=a` (`np.hypot(a, b, out=a)`), and ndarray's `a.zip_mut_with(&b, ..)`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::zip_map_inplace;
///
/// let mut a = array![[3.0, 5.0], [8.0, 0.0]];
/// zip_map_inplace(&mut a, &array![4.0, 12.0], f64::hypot);
/// assert_eq!(a, array![[5.0, 13.0], [80_f64.sqrt(), 12.0]]);
/// ```
#[doc(alias = "zip_mut_with")]
#[track_caller]
pub fn zip_map_inplace<A, B, D1, D, F>(a: &mut ArrayRef<A, D>, b: &ArrayRef<B, D1>, f: F)
where
    A: Copy + 'static,
    B: Copy + 'static,
    D1: Dimension,
    D: Dimension,
    F: FnMut(A, B) -> A,
{
    let b = check::broadcast_to("zip_map_inplace", ("b", b), ("a", a));
    update(a, b, f);
}

/// Adds another array, in place.
///
/// *a\[i\] ← a\[i\] + b\[i\]*
///
/// As [`add_into`](crate::kernel::add_into), bit for bit, with `b` of any shape that broadcasts to the shape of `a`.
/// `a` cannot overlap `b`; for `a + a` write [`map_inplace`].
///
/// # Panics
///
/// If `b` cannot be broadcast to the shape of `a`; nothing is changed then. Integers that overflow wrap in release
/// builds and panic in debug builds, which leaves `a` partly changed.
///
/// # Replaces
///
/// NumPy's `np.add(a, b, out=a)` or `a += b`, and ndarray's `a += &b`, which does not compile where `a` is an
/// `ArrayRef` and `b` a view or a lease.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::add_inplace;
///
/// let mut a = array![[1, 2], [3, 4]];
/// add_inplace(&mut a, &array![10, 20]);
/// assert_eq!(a, array![[11, 22], [13, 24]]);
/// ```
#[doc(alias = "add_assign")]
#[track_caller]
pub fn add_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>)
where
    A: Copy + Add<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    let b = check::broadcast_to("add_inplace", ("b", b), ("a", a));
    check::arithmetic::<A, _>("add_inplace", || update(a, b, A::add));
}

/// Subtracts another array, in place.
///
/// *a\[i\] ← a\[i\] − b\[i\]*
///
/// As [`sub_into`](crate::kernel::sub_into), bit for bit; shapes and panics as [`add_inplace`].
///
/// # Panics
///
/// As [`add_inplace`].
///
/// # Replaces
///
/// NumPy's `np.subtract(a, b, out=a)` or `a -= b`, and ndarray's `a -= &b`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::sub_inplace;
///
/// let mut a = array![[11.0, 22.0], [13.0, 24.0]];
/// sub_inplace(&mut a, &array![[1.0], [3.0]]);
/// assert_eq!(a, array![[10.0, 21.0], [10.0, 21.0]]);
/// ```
#[doc(alias("sub_assign", "subtract"))]
#[track_caller]
pub fn sub_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>)
where
    A: Copy + Sub<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    let b = check::broadcast_to("sub_inplace", ("b", b), ("a", a));
    check::arithmetic::<A, _>("sub_inplace", || update(a, b, A::sub));
}

/// Multiplies by another array, element by element and in place.
///
/// *a\[i\] ← a\[i\] · b\[i\]*
///
/// As [`mul_into`](crate::kernel::mul_into), bit for bit; shapes and panics as [`add_inplace`].
///
/// # Panics
///
/// As [`add_inplace`].
///
/// # Replaces
///
/// NumPy's `np.multiply(a, b, out=a)` or `a *= b`, and ndarray's `a *= &b`.
///
/// # Example
///
/// ```
/// use ndarray::{array, aview0};
/// use ndarray_pool::kernel::mul_inplace;
///
/// let mut a = array![1.0, 2.0, 3.0];
/// mul_inplace(&mut a, &aview0(&2.0));
/// assert_eq!(a, array![2.0, 4.0, 6.0]);
/// ```
#[doc(alias("mul_assign", "multiply"))]
#[track_caller]
pub fn mul_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>)
where
    A: Copy + Mul<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    let b = check::broadcast_to("mul_inplace", ("b", b), ("a", a));
    check::arithmetic::<A, _>("mul_inplace", || update(a, b, A::mul));
}

/// Divides by another array, element by element and in place.
///
/// *a\[i\] ← a\[i\] / b\[i\]*
///
/// As [`div_into`](crate::kernel::div_into), bit for bit, with `b` of any shape that broadcasts to the shape of `a`.
/// `a` cannot overlap `b`.
///
/// # Panics
///
/// If `b` cannot be broadcast to the shape of `a`, or holds an integer zero while `a` is not empty; nothing is changed
/// then.
///
/// # Replaces
///
/// NumPy's `np.divide(a, b, out=a)` or `a /= b`, and ndarray's `a /= &b`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::div_inplace;
///
/// let mut a = array![[10.0, 20.0], [30.0, 40.0]];
/// div_inplace(&mut a, &array![10.0, 20.0]);
/// assert_eq!(a, array![[1.0, 1.0], [3.0, 2.0]]);
/// ```
#[doc(alias("div_assign", "divide", "true_divide"))]
#[track_caller]
pub fn div_inplace<A, D1, D>(a: &mut ArrayRef<A, D>, b: &ArrayRef<A, D1>)
where
    A: Copy + Div<Output = A> + 'static,
    D1: Dimension,
    D: Dimension,
{
    let repeated = check::broadcast_to("div_inplace", ("b", b), ("a", a));
    check::divisors("div_inplace", ("b", b), a);
    quotient::update(a, repeated);
}
