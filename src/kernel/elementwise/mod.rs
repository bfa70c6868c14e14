//! Elementwise kernels with broadcasting: functions of one to six arrays, into one or two outputs.
//!
//! Every kernel checks its arguments and makes one call of a walk of the engine ([`map`]). The general ones, which take
//! a closure, are in this file and in [`zip`].

pub(crate) mod arithmetic;
pub(crate) mod bits;
pub(crate) mod comparison;
pub(crate) mod copy;
pub(crate) mod division;
pub(crate) mod error_function;
pub(crate) mod exponential;
pub(crate) mod functions;
pub(crate) mod gamma;
pub(crate) mod hyperbolic;
pub(crate) mod inplace;
pub(crate) mod inverse_trigonometric;
pub(crate) mod logarithm;
pub(crate) mod logic;
pub(crate) mod minmax;
pub(crate) mod power;
pub(crate) mod quotient;
pub(crate) mod root;
pub(crate) mod select;
pub(crate) mod special;
pub(crate) mod trigonometric;
pub(crate) mod zip;

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::{check, map};

/// Applies `f` to each element of `a`.
///
/// *out\[i\] = f(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `out`; the element types may differ. `f` is called once
/// for each element of `out`, in no particular order.
///
/// NaN reaches `f` like any value. If `out` is empty, `f` is not called. `a` and `out` cannot overlap: to change
/// an array in place use [`map_inplace`](crate::kernel::map_inplace).
///
/// Exponential functions, logarithms, sines and their kin have kernels of their own, such as
/// [`exp_into`](crate::kernel::exp_into): several times as fast as std's functions here.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then. A panic of `f` passes through
/// and leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's unary functions with `out=` (`np.floor(a, out=out)`;
/// [`docs/numpy.md`](https://docs.rs/crate/ndarray-pool/latest/source/docs/numpy.md) has the call for each) and
/// ndarray's `a.mapv(f)`, which allocates, or `Zip::from(&mut out).and(&a).for_each(..)`.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::map_into;
///
/// let a = array![1.0, 4.0, 9.0];
/// let mut roots = Array1::zeros(3);
/// map_into(&a, &mut roots, f64::sqrt);
/// assert_eq!(roots, array![1.0, 2.0, 3.0]);
///
/// let mut large = Array1::from_elem(3, false);
/// map_into(&a, &mut large, |x| x > 3.0);
/// assert_eq!(large, array![false, true, true]);
/// ```
#[doc(alias = "mapv")]
#[doc(alias = "apply")]
// The functions of NumPy that this replaces; `docs/numpy.md` has the call for each.
#[doc(alias(
    "abs",
    "absolute",
    "sqrt",
    "square",
    "reciprocal",
    "floor",
    "ceil",
    "trunc",
    "rint",
    "round",
    "fabs",
    "negative",
    "conj",
    "conjugate",
    "deg2rad",
    "rad2deg",
    "isnan",
    "isinf",
    "isfinite",
    "signbit",
    "bitwise_count"
))]
// Their names in NumPy 2.
#[doc(alias("acos", "acosh", "asin", "asinh", "atan", "atanh", "nan_to_num", "polyval", "sinc"))]
#[track_caller]
pub fn map_into<A, B, D1, D, F>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<B, D>, f: F)
where
    A: Copy + 'static,
    B: Copy + 'static,
    D1: Dimension,
    D: Dimension,
    F: FnMut(A) -> B,
{
    map::map(check::broadcast("map_into", "a", a, out), out, f);
}

/// Applies `f`, which returns a pair, to each element of `a`, and writes the pairs into two arrays.
///
/// *(first\[i\], second\[i\]) = f(a\[i\])*
///
/// `a` has any shape that broadcasts to the shape of `first` and `second`, which have the same shape; all element types
/// may differ. `f` is called once for each element of `first`, in no particular order.
///
/// NaN reaches `f` like any value. If `first` is empty, `f` is not called. The outputs cannot overlap `a` or each
/// other.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `first`, or if `second` does not have it; nothing is written then. A
/// panic of `f` passes through and leaves both outputs partly written.
///
/// # Replaces
///
/// NumPy's functions with two results and `out=(first, second)`, and in ndarray two passes, or `azip!`.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::map_unzip_into;
///
/// let (mut sines, mut cosines) = (Array1::zeros(2), Array1::zeros(2));
/// map_unzip_into(&array![0.0, 0.5], &mut sines, &mut cosines, f64::sin_cos);
/// assert_eq!(sines, array![0.0, 0.5_f64.sin()]);
/// assert_eq!(cosines, array![1.0, 0.5_f64.cos()]);
/// ```
#[doc(alias = "sin_cos")]
#[doc(alias = "unzip")]
#[track_caller]
pub fn map_unzip_into<A, B, C, D1, D, F>(
    a: &ArrayRef<A, D1>,
    first: &mut ArrayRef<B, D>,
    second: &mut ArrayRef<C, D>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    D1: Dimension,
    D: Dimension,
    F: FnMut(A) -> (B, C),
{
    let a = check::broadcast_to("map_unzip_into", ("a", a), ("first", first));
    check::same_shape("map_unzip_into", ("second", second), ("first", first));
    map::map_unzip(a, first, second, f);
}
