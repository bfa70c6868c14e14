//! Functions of the elements of two to six arrays.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::cpu::stream;
use crate::kernel::engine::{check, map};

/// Applies `f` to each pair of elements of `a` and `b`.
///
/// *out\[i\] = f(a\[i\], b\[i\])*
///
/// `a` and `b` have any shapes that broadcast, each by itself, to the shape of `out`; all three element types
/// may differ. `f` is called once for each element of `out`, in no particular order.
///
/// NaN reaches `f` like any value. If `out` is empty, `f` is not called. `out` cannot overlap the inputs.
/// [`zip3_map_into`] to [`zip6_map_into`] take functions of more elements.
///
/// # Panics
///
/// If `a` or `b` cannot be broadcast to the shape of `out`; nothing is written then. A panic of `f` passes
/// through and leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's binary functions with `out=` (`np.hypot(a, b, out=out)`) and ndarray's
/// `Zip::from(&a).and(&b).map_collect(..)`, which allocates, or `azip!`.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::zip_map_into;
///
/// let (column, row) = (array![[3.0], [5.0]], array![4.0, 12.0]);
/// let mut out = Array2::zeros((2, 2));
/// zip_map_into(&column, &row, &mut out, f64::hypot);
/// assert_eq!(out, array![[5.0, 153_f64.sqrt()], [41_f64.sqrt(), 13.0]]);
/// ```
#[doc(alias = "azip")]
#[doc(alias = "map_collect")]
#[doc(alias("hypot", "arctan2", "atan2", "copysign", "nextafter", "ldexp", "gcd", "lcm"))]
#[track_caller]
pub fn zip_map_into<A, B, C, D1, D2, D, F>(
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
    let a = check::broadcast("zip_map_into", "a", a, out);
    let b = check::broadcast("zip_map_into", "b", b, out);
    map::zip_map(a, b, out, f);
}

/// Applies `f` to the elements of three arrays at each place.
///
/// *out\[i\] = f(a\[i\], b\[i\], c\[i\])*
///
/// `a`, `b` and `c` have any shapes that broadcast, each by itself, to the shape of `out`; all element types may
/// differ. `f` is called once for each element of `out`, in no particular order.
///
/// NaN reaches `f` like any value. If `out` is empty, `f` is not called. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `a`, `b` or `c` cannot be broadcast to the shape of `out`; nothing is written then. A panic of `f` passes through
/// and leaves `out` partly written.
///
/// # Replaces
///
/// An expression of three arrays in NumPy, with its temporaries, and ndarray's `azip!`, which does not broadcast by
/// itself.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array, aview0};
/// use ndarray_pool::kernel::zip3_map_into;
///
/// let (column, row) = (array![[2.0], [3.0]], array![10.0, 20.0]);
/// let mut out = Array2::zeros((2, 2));
/// zip3_map_into(&column, &row, &aview0(&0.5), &mut out, f64::mul_add);
/// assert_eq!(out, array![[20.5, 40.5], [30.5, 60.5]]);
/// ```
#[doc(alias("azip", "fma", "mul_add"))]
#[track_caller]
pub fn zip3_map_into<A, B, C, O, D1, D2, D3, D, F>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<B, D2>,
    c: &ArrayRef<C, D3>,
    out: &mut ArrayRef<O, D>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    O: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D3: Dimension,
    D: Dimension,
    F: FnMut(A, B, C) -> O,
{
    let a = check::broadcast("zip3_map_into", "a", a, out);
    let b = check::broadcast("zip3_map_into", "b", b, out);
    let c = check::broadcast("zip3_map_into", "c", c, out);
    map::write((a, (b, (c, ()))), out.view_mut(), stream::pays::<O>, f);
}

/// Applies a function to the elements of four arrays at each place.
///
/// *out\[i\] = f(a\[i\], b\[i\], c\[i\], d\[i\])*
///
/// As [`zip3_map_into`] in everything else.
///
/// # Panics
///
/// If `a`, `b`, `c` or `d` cannot be broadcast to the shape of `out`; nothing is written then. A panic of the function
/// passes through and leaves `out` partly written.
///
/// # Replaces
///
/// As [`zip3_map_into`].
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::zip4_map_into;
///
/// let [x, y] = [array![0.0, 3.0], array![0.0, 4.0]];
/// let (to_x, to_y) = (array![[1.0], [3.0]], array![[0.0], [4.0]]);
/// let mut distances = Array2::zeros((2, 2));
/// zip4_map_into(&x, &y, &to_x, &to_y, &mut distances, |x: f64, y: f64, to_x, to_y| {
///     (x - to_x).hypot(y - to_y)
/// });
/// assert_eq!(distances, array![[1.0, 20_f64.sqrt()], [5.0, 0.0]]);
/// ```
#[doc(alias = "azip")]
#[track_caller]
pub fn zip4_map_into<A, B, C, E, O, D1, D2, D3, D4, D, F>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<B, D2>,
    c: &ArrayRef<C, D3>,
    d: &ArrayRef<E, D4>,
    out: &mut ArrayRef<O, D>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    E: Copy + 'static,
    O: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D3: Dimension,
    D4: Dimension,
    D: Dimension,
    F: FnMut(A, B, C, E) -> O,
{
    let a = check::broadcast("zip4_map_into", "a", a, out);
    let b = check::broadcast("zip4_map_into", "b", b, out);
    let c = check::broadcast("zip4_map_into", "c", c, out);
    let d = check::broadcast("zip4_map_into", "d", d, out);
    map::write((a, (b, (c, (d, ())))), out.view_mut(), stream::pays::<O>, f);
}

/// Applies a function to the elements of five arrays at each place.
///
/// *out\[i\] = f(a\[i\], b\[i\], c\[i\], d\[i\], e\[i\])*
///
/// As [`zip3_map_into`] in everything else.
///
/// # Panics
///
/// If `a`, `b`, `c`, `d` or `e` cannot be broadcast to the shape of `out`; nothing is written then. A panic of the
/// function passes through and leaves `out` partly written.
///
/// # Replaces
///
/// As [`zip3_map_into`].
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::zip5_map_into;
///
/// let [a, b, c] = [array![1, 2], array![3, 4], array![5, 6]];
/// let (d, e) = (aview0(&10), aview0(&100));
/// let mut out = Array1::zeros(2);
/// zip5_map_into(&a, &b, &c, &d, &e, &mut out, |a, b, c, d, e| a * b + c * d + e);
/// assert_eq!(out, array![153, 168]);
/// ```
#[doc(alias = "azip")]
#[track_caller]
pub fn zip5_map_into<A, B, C, E, G, O, D1, D2, D3, D4, D5, D, F>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<B, D2>,
    c: &ArrayRef<C, D3>,
    d: &ArrayRef<E, D4>,
    e: &ArrayRef<G, D5>,
    out: &mut ArrayRef<O, D>,
    f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    E: Copy + 'static,
    G: Copy + 'static,
    O: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D3: Dimension,
    D4: Dimension,
    D5: Dimension,
    D: Dimension,
    F: FnMut(A, B, C, E, G) -> O,
{
    let a = check::broadcast("zip5_map_into", "a", a, out);
    let b = check::broadcast("zip5_map_into", "b", b, out);
    let c = check::broadcast("zip5_map_into", "c", c, out);
    let d = check::broadcast("zip5_map_into", "d", d, out);
    let e = check::broadcast("zip5_map_into", "e", e, out);
    map::write((a, (b, (c, (d, (e, ()))))), out.view_mut(), stream::pays::<O>, f);
}

/// Applies a function to the elements of six arrays at each place.
///
/// *out\[i\] = function(a\[i\], b\[i\], c\[i\], d\[i\], e\[i\], f\[i\])*
///
/// As [`zip3_map_into`] in everything else.
///
/// # Panics
///
/// If `a`, `b`, `c`, `d`, `e` or `f` cannot be broadcast to the shape of `out`; nothing is written then. A panic of the
/// function passes through and leaves `out` partly written.
///
/// # Replaces
///
/// As [`zip3_map_into`].
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview0};
/// use ndarray_pool::kernel::zip6_map_into;
///
/// let [a, b, c] = [array![1, 2], array![3, 4], array![5, 6]];
/// let (d, e, f) = (aview0(&10), aview0(&100), aview0(&1000));
/// let mut out = Array1::zeros(2);
/// zip6_map_into(&a, &b, &c, &d, &e, &f, &mut out, |a, b, c, d, e, f| a * d + b * e + c * f);
/// assert_eq!(out, array![5310, 6420]);
/// ```
#[doc(alias = "azip")]
#[expect(clippy::too_many_arguments, reason = "six arrays are six arguments")]
#[track_caller]
pub fn zip6_map_into<A, B, C, E, G, H, O, D1, D2, D3, D4, D5, D6, D, F>(
    a: &ArrayRef<A, D1>,
    b: &ArrayRef<B, D2>,
    c: &ArrayRef<C, D3>,
    d: &ArrayRef<E, D4>,
    e: &ArrayRef<G, D5>,
    f: &ArrayRef<H, D6>,
    out: &mut ArrayRef<O, D>,
    function: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    C: Copy + 'static,
    E: Copy + 'static,
    G: Copy + 'static,
    H: Copy + 'static,
    O: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D3: Dimension,
    D4: Dimension,
    D5: Dimension,
    D6: Dimension,
    D: Dimension,
    F: FnMut(A, B, C, E, G, H) -> O,
{
    let a = check::broadcast("zip6_map_into", "a", a, out);
    let b = check::broadcast("zip6_map_into", "b", b, out);
    let c = check::broadcast("zip6_map_into", "c", c, out);
    let d = check::broadcast("zip6_map_into", "d", d, out);
    let e = check::broadcast("zip6_map_into", "e", e, out);
    let f = check::broadcast("zip6_map_into", "f", f, out);
    map::write((a, (b, (c, (d, (e, (f, ())))))), out.view_mut(), stream::pays::<O>, function);
}
