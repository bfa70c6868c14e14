//! Products of a matrix and a vector, on either side, and of stacks of them.
//!
//! Both are reductions of products, and are walked in the memory order of the matrix: along its rows as one dot product
//! each; across them by adding groups of rows, each multiplied by its element of the vector, to the result. A stack is
//! one reduction of an array of more axes.

use std::num::Wrapping;
use std::ops::Mul;

use ndarray::{ArrayRef, ArrayView, ArrayView2, ArrayViewMut1, Axis, Dimension, RemoveAxis};
use num_traits::Zero;

use super::matmul::last_two;
use super::stack::Stacks;
use crate::kernel::engine::fold::kinds::combine::{adding, from_zero};
use crate::kernel::engine::fold::line::{Line, Pair};
use crate::kernel::engine::tuning::MIN_SHORT_LANES;
use crate::kernel::engine::{check, fold};

/// Numbers that have a complex conjugate: that of a real number is itself.
///
/// It is implemented for the numbers of Rust, for [`Wrapping`] ones, and with the feature `complex` for complex ones.
/// For a real type of your own, `impl Conjugate for Mine {}` is all.
pub trait Conjugate: Sized {
    /// The number with its imaginary part negated.
    #[inline(always)]
    fn conjugate(self) -> Self {
        self
    }
}

macro_rules! real {
    ($($Real:ty),*) => {$(
        impl Conjugate for $Real {}
        impl Conjugate for Wrapping<$Real> {}
    )*};
}

real!(f32, f64, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

#[cfg(feature = "complex")]
impl<T: Clone + num_traits::Num + std::ops::Neg<Output = T>> Conjugate for num_complex::Complex<T> {
    #[inline(always)]
    fn conjugate(self) -> Self {
        self.conj()
    }
}

/// Multiplies a matrix by a vector, or stacks of them.
///
/// *out\[…, i\] = Σⱼ a\[…, i, j\] v\[…, j\]*
///
/// The last two axes of `a` are n×m, `v` has m elements along its last axis and `out` has n. The axes in front of them
/// are those of the stacks: the stacks of `a` and `v` are broadcast, each by itself, to that of `out`. Complex elements
/// are not conjugated, as in NumPy.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ m + 29) ε Σⱼ |a\[i, j\] v\[j\]|, in any layout; each product is
/// rounded by itself.
///
/// NaN gives NaN. An empty sum is zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `v` does not have the length of the last axis of `a`, or `out` that of the last but one, or if the stacks do not
/// fit; nothing is written then. Integers overflow as with `*` and `+`: with a panic where overflow checks are on, which
/// leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.matvec(a, v, out=out)`, and ndarray's `a.dot(&v)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::matvec_into;
///
/// let (a, v) = (array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![10.0, 1.0]);
/// let mut out = array![0.0, 0.0, 0.0];
/// matvec_into(&a, &v, &mut out);
/// assert_eq!(out, array![12.0, 34.0, 56.0]);
///
/// let vectors = array![[10.0, 1.0], [1.0, 0.0]];
/// let mut out = Array2::zeros((2, 3));
/// matvec_into(&a, &vectors, &mut out);
/// assert_eq!(out, array![[12.0, 34.0, 56.0], [1.0, 3.0, 5.0]]);
/// ```
#[doc(alias = "matvec")]
#[doc(alias = "dot")]
#[doc(alias = "gemv")]
#[track_caller]
pub fn matvec_into<A, D1, D2, D>(a: &ArrayRef<A, D1>, v: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Zero + Mul<Output = A> + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension<Larger: RemoveAxis<Smaller = D>>,
{
    let kernel = "matvec_into";
    check::has_two_axes(kernel, ("a", a));
    let (n, m) = last_two(a.shape());
    check::last_axis(kernel, ("v", v), m, "that of the rows of `a`");
    check::last_axis(kernel, ("out", out), n, "that of the columns of `a`");
    let dim = dim_of(out, [n, m]);
    let a = check::broadcast_to_dim(kernel, ("a", a), dim.clone(), "the stack of `out`");
    if v.ndim() > 1 {
        let v = vectors(kernel, v, out).insert_axis(Axis(out.ndim() - 1));
        let v = v.broadcast(dim).expect("a vector is repeated for each row");
        let last = Axis(out.ndim());
        let out = out.view_mut().insert_axis(last);
        return check::arithmetic::<A, _>(kernel, || {
            Stacks { a, b: v, out }
                .each(&mut |a, v, out| dots(a, v, out.index_axis_move(Axis(1), 0)));
        });
    }
    if m == 0 {
        return out.fill(A::zero());
    }
    let v = v.broadcast(dim).expect("a vector is repeated for each row");
    check::arithmetic::<A, _>(kernel, || {
        let along = Axis(a.ndim() - 1);
        fold::along_axis_of_two(a, v, &A::mul, along, out, &adding(), from_zero);
    });
}

/// Multiplies a vector by a matrix, or stacks of them.
///
/// *out\[…, j\] = Σᵢ v\[…, i\]\* a\[…, i, j\]*
///
/// `v` has n elements along its last axis, the last two axes of `a` are n×m and `out` has m. The axes in front of them
/// are those of the stacks: the stacks of `v` and `a` are broadcast, each by itself, to that of `out`. Of complex numbers
/// the vector is [conjugated](Conjugate), as in NumPy; without that the product is `matvec_into(&a.t(), &v, &mut out)`.
///
/// **Accuracy.** Rounding errors are at most (2 log₂ n + 29) ε Σᵢ |v\[i\] a\[i, j\]|, in any layout; each product is
/// rounded by itself.
///
/// NaN gives NaN. An empty sum is zero. `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `v` does not have the length of the last axis but one of `a`, or `out` that of the last, or if the stacks do not
/// fit; nothing is written then. Integers overflow as with `*` and `+`: with a panic where overflow checks are on, which
/// leaves `out` partly written.
///
/// # Replaces
///
/// NumPy's `np.vecmat(v, a, out=out)`, and ndarray's `v.dot(&a)`, which allocates, and reads a matrix in C order column
/// by column.
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
pub fn vecmat_into<A, D1, D2, D>(v: &ArrayRef<A, D1>, a: &ArrayRef<A, D2>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Zero + Mul<Output = A> + Conjugate + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension<Larger: RemoveAxis<Smaller = D>>,
{
    let kernel = "vecmat_into";
    check::has_two_axes(kernel, ("a", a));
    let (n, m) = last_two(a.shape());
    check::last_axis(kernel, ("v", v), n, "that of the columns of `a`");
    check::last_axis(kernel, ("out", out), m, "that of the rows of `a`");
    let dim = dim_of(out, [n, m]);
    let v = vectors(kernel, v, out).insert_axis(Axis(out.ndim()));
    let a = check::broadcast_to_dim(kernel, ("a", a), dim.clone(), "the stack of `out`");
    if n == 0 {
        return out.fill(A::zero());
    }
    let v = v.broadcast(dim).expect("an element of a vector is repeated along its row");
    check::arithmetic::<A, _>(kernel, || {
        let (along, times) = (Axis(a.ndim() - 2), |a: A, v: A| a * v.conjugate());
        fold::along_axis_of_two(a, v, &times, along, out, &adding(), from_zero);
    });
}

/// The shape of a stack like that of `out`, of matrices of n×m.
fn dim_of<A, D: Dimension>(out: &ArrayRef<A, D>, lens: [usize; 2]) -> D::Larger {
    let stack = out.ndim() - 1;
    let mut dim = out.view().insert_axis(Axis(stack)).raw_dim();
    [dim[stack], dim[stack + 1]] = lens;
    dim
}

/// A stack of vectors like that of `out`.
#[track_caller]
fn vectors<'a, A, D1: Dimension, D: Dimension>(
    kernel: &str,
    v: &'a ArrayRef<A, D1>,
    out: &ArrayRef<A, D>,
) -> ArrayView<'a, A, D> {
    let (mut dim, last) = (out.raw_dim(), Axis(v.ndim() - 1));
    dim[out.ndim() - 1] = v.len_of(last);
    check::broadcast_to_dim(kernel, ("v", v), dim, "the stack of `out`")
}

/// The dot products of the rows of two matrices, as a fold computes them that does not know how few they are.
pub(super) fn dots<A>(a: ArrayView2<'_, A>, b: ArrayView2<'_, A>, mut out: ArrayViewMut1<'_, A>)
where
    A: Copy + Zero + Mul<Output = A> + 'static,
{
    if a.ncols() == 0 {
        return out.fill(A::zero());
    }
    let is_by_rows = a.strides()[1] == 1 && b.strides()[1] == 1;
    if !is_by_rows || out.len() >= MIN_SHORT_LANES {
        return fold::along_axis_of_two(a, b, &A::mul, Axis(1), &mut out, &adding(), from_zero);
    }
    for ((a, b), out) in a.outer_iter().zip(b.outer_iter()).zip(&mut out) {
        *out = from_zero(Pair { a, b, f: &A::mul }.state(&adding()));
    }
}

/// Complex numbers, for which NumPy conjugates the first factor, are rejected by dot products.
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
/// Real numbers are accepted. `matvec_into`, for which NumPy conjugates nothing, and `vecmat_into`, which conjugates the
/// vector, take both.
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
/// vecmat_into(&v, &a.t(), &mut out);
/// ```
#[cfg(all(doctest, feature = "complex"))]
fn complex_vectors() {}
