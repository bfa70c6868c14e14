//! Means, along an axis and over all elements.
//!
//! A mean is never larger than the largest element, so it is always representable, but a sum may not be. Sums of
//! integers are accumulated in wider ones. Floating-point numbers are added as they are; where that overflows, they are
//! added again, scaled ([`second_look`]).

use crate::kernel::engine::fold::contract::Reads;
use std::ops::{Add, Div};

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, Dimension, RemoveAxis};
use num_traits::{Float, FromPrimitive, Zero};

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::kinds::combine::{Both, Combine, adding, from_zero};
use crate::kernel::engine::fold::run::Run;
use crate::kernel::engine::fold::second_look::{self, Scale, SecondLook, have_finite_sums};
use crate::kernel::engine::fold::{self, Fold};
use crate::kernel::engine::number::element::are_integers;
use crate::kernel::engine::number::standard::{
    Part, finite_parts_or, has_parts, is_complex, is_finite, is_large, is_u128, map_parts, narrow,
    widen,
};
use crate::kernel::engine::tuning::{FOLD_BLOCK, LANES};

/// Computes the mean of all elements.
///
/// *Σ a\[i\] / n*
///
/// `a` has any shape of n elements. Accuracy and NaN are as for [`mean_axis_into`].
///
/// The mean is always representable, even if the sum is not: that of `[200_u8, 200]` is 200, and that of `[1e308,
/// 1e308]` is 1e308. The mean of no elements is NaN, as 0/0 is.
///
/// # Panics
///
/// If there are no elements and they are integers. For types other than integers, floats and complex numbers: if n is
/// not representable in `A`.
///
/// # Replaces
///
/// NumPy's `np.mean(a)`, which is a float for integers, and ndarray's `a.mean()`, which is `None` for no elements. Both
/// overflow where the sum does, ndarray for integers as well.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::mean;
///
/// assert_eq!(mean(&array![[1.0, 2.0], [3.0, 6.0]]), 3.0);
/// assert_eq!(mean(&array![200_u8, 201]), 200);
/// assert!(mean(&ndarray::Array1::<f64>::zeros(0)).is_nan());
/// ```
#[must_use]
#[track_caller]
pub fn mean<A, D>(a: &ArrayRef<A, D>) -> A
where
    A: Copy + Zero + Div<Output = A> + FromPrimitive + 'static,
    D: Dimension,
{
    let n = a.len();
    if are_integers::<A>() {
        check_some("mean", n);
        return of_integers(OfAll(a.view()), n);
    }
    let sum = fold::of_all(a.view(), &adding()).map_or_else(A::zero, from_zero);
    let mean = divided_by("mean", n)(sum);
    if is_finite(&mean) { mean } else { scaled(a.view(), mean) }
}

/// Computes the mean of each lane along an axis.
///
/// *out\[j\] = Σᵢ a\[i, j\] / n*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// The axis has n elements.
///
/// **Accuracy.** The mean of integers is exact, and then rounded towards zero, as `/` divides them. That of
/// floating-point numbers has an error of at most (2 log₂ n + 30) ε Σ |a\[i, j\]| / n, in any layout: the error of
/// [`sum_axis_into`](crate::kernel::sum_axis_into), and that of the division. The parts of complex numbers (with the
/// feature `complex`) are averaged separately. Elements of other types are added and divided by their own `+` and `/`.
///
/// The mean is always representable, even if the sum is not. NaN in a lane gives NaN, and so do infinities of both
/// signs. The mean along an axis without elements is NaN, as 0/0 is. `out` cannot overlap `a`.
///
/// If a sum is not finite, and there is a finite element so large that a sum may have overflowed, lanes are read twice.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then. If the axis
/// has no elements and they are integers. For types other than integers, floats and complex numbers: if n is not
/// representable in `A`.
///
/// # Replaces
///
/// NumPy's `np.mean(a, axis, out=out)` and ndarray's `a.mean_axis(axis)`, which allocates, and is `None` for an
/// axis without elements.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::mean_axis_into;
///
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let mut out = array![0.0, 0.0];
/// mean_axis_into(&a, Axis(1), &mut out);
/// assert_eq!(out, array![1.5, 3.5]);
/// ```
#[doc(alias = "mean_axis")]
#[track_caller]
pub fn mean_axis_into<A, D>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D::Smaller>)
where
    A: Copy + Zero + Div<Output = A> + FromPrimitive + 'static,
    D: RemoveAxis,
{
    check::without_axis("mean_axis_into", ("a", a), axis, out);
    if out.is_empty() {
        return;
    }
    let n = a.len_of(axis);
    if are_integers::<A>() {
        check_some("mean_axis_into", n);
        return of_integers(AlongAxis { a: a.view(), axis, out }, n);
    }
    let divide = divided_by("mean_axis_into", n);
    if n == 0 {
        return out.fill(divide(A::zero()));
    }
    second_look::along_axis(a, axis, out, &adding(), after_zero(divide), &Means { n });
}

/// `divide`, of a sum that started from zero. (A function of its own, so that the type of its closure does not depend on
/// the number of axes.)
fn after_zero<A: Zero>(divide: impl Fn(A) -> A) -> impl Fn(A) -> A {
    move |sum| divide(from_zero(sum))
}

#[track_caller]
fn check_some(kernel: &str, n: usize) {
    assert!(n > 0, "{kernel}: no elements have no mean among integers");
}

/// The function that turns the sum of `n` elements into their mean.
#[track_caller]
fn divided_by<A>(kernel: &str, n: usize) -> impl Fn(A) -> A
where
    A: Copy + Div<Output = A> + FromPrimitive + 'static,
{
    let Some(count) = A::from_usize(n) else {
        panic!("{kernel}: {n} elements are more than the element type can count")
    };
    move |sum| match is_complex::<A>() {
        // Part by part: the division of complex numbers would be by a complex number.
        true => map_parts(sum, &DividedBy(n)).expect("they have parts"),
        false => sum / count,
    }
}

struct DividedBy(usize);

impl Part for DividedBy {
    #[inline(always)]
    fn map<T: Float>(&self, part: T) -> T {
        part / T::from(self.0).expect("a float counts with rounding")
    }
}

/// Scales parts so that the sum of so many of them is in range.
struct ToRange(usize);

impl Part for ToRange {
    fn map<T: Float>(&self, part: T) -> T {
        part * Scale::of_sum(self.0).into
    }
}

/// Scales results of [`ToRange`] back.
struct Back(usize);

impl Part for Back {
    fn map<T: Float>(&self, part: T) -> T {
        Scale::of_sum(self.0).back_to_mean(part)
    }
}

/// Doubts means of `n` elements that are not finite.
struct Means {
    n: usize,
}

impl<A: Copy + Zero + 'static> SecondLook<A> for Means {
    /// (Elements of types without parts are not added here: their sum may panic.)
    #[inline(always)]
    fn may_doubt(&self, means: &[A]) -> bool {
        has_parts::<A>() && !have_finite_sums(means, |sum| is_finite(&sum))
    }

    #[inline(always)]
    fn is_doubtful(&self, mean: A) -> bool {
        !is_finite(&mean)
    }

    fn is_extreme(&self, element: A) -> bool {
        is_large(&element, 0.25 / self.n as f64)
    }

    fn again(&self, lane: ArrayView1<'_, A>, mean: A) -> A {
        scaled(lane, mean)
    }
}

/// The mean of floating-point numbers whose sum may overflow: the parts of `plain` that are finite, and for the others
/// those of the mean of scaled elements. (A small part would lose digits by scaling.) For other elements it is `plain`.
#[cold]
#[inline(never)]
fn scaled<A, D>(a: ArrayView<'_, A, D>, plain: A) -> A
where
    A: Copy + Add<Output = A> + 'static,
    D: Dimension,
{
    let n = a.len();
    let to_range = |x: A| map_parts(x, &ToRange(n)).unwrap_or(x);
    let sum = fold::of_all(a, &Combine { lift: to_range, combine: |a, b| a + b });
    let divided = sum.and_then(|sum| map_parts(sum, &DividedBy(n)));
    let mean = divided.and_then(|mean| map_parts(mean, &Back(n))).unwrap_or(plain);
    finite_parts_or(plain, mean)
}

/// A reduction to elements of the same type, with any fold.
trait Reduction<A: Copy> {
    type Output;

    fn by<F: Fold<A>>(self, fold: &F, finish: impl Fn(F::State) -> A) -> Self::Output;
}

/// The reduction of all elements, of which there is at least one.
struct OfAll<'a, A, D>(ArrayView<'a, A, D>);

impl<A: Copy, D: Dimension> Reduction<A> for OfAll<'_, A, D> {
    type Output = A;

    fn by<F: Fold<A>>(self, fold: &F, finish: impl Fn(F::State) -> A) -> A {
        finish(fold::of_all(self.0, fold).expect("there are elements"))
    }
}

/// The reduction of each lane.
struct AlongAxis<'a, 'o, A, D: RemoveAxis> {
    a: ArrayView<'a, A, D>,
    axis: Axis,
    out: &'o mut ArrayRef<A, D::Smaller>,
}

impl<A: Copy, D: RemoveAxis> Reduction<A> for AlongAxis<'_, '_, A, D> {
    type Output = ();

    fn by<F: Fold<A>>(self, fold: &F, finish: impl Fn(F::State) -> A) {
        fold::along_axis(self.a, self.axis, self.out, fold, finish);
    }
}

/// The means of `n` primitive integers.
fn of_integers<A: Copy + 'static, R: Reduction<A>>(reduction: R, n: usize) -> R::Output {
    if const { size_of::<A>() <= 2 } {
        let fold = Combine { lift: |x: A| widen(x) as i32, combine: |a, b| a + b };
        reduction.by(&Widened { fold, widen: i128::from }, |sum| narrow(quotient(sum, n)))
    } else if const { size_of::<A>() == 4 } {
        let fold = Combine { lift: |x: A| widen(x) as i64, combine: |a, b| a + b };
        reduction.by(&Widened { fold, widen: i128::from }, |sum| narrow(quotient(sum, n)))
    } else if const { size_of::<A>() == 8 } {
        // In halves, whose sums fit into 64-bit lanes of vectors.
        let high = Combine { lift: |x: A| (widen(x) >> 32) as i64, combine: |a, b| a + b };
        let low = Combine { lift: |x: A| i64::from(widen(x) as u32), combine: |a, b| a + b };
        let widen = |(high, low)| (i128::from(high) << 32) + i128::from(low);
        reduction.by(&Widened { fold: Both(high, low), widen }, |sum| narrow(quotient(sum, n)))
    } else {
        let add = |a: (i128, i128), b: (i128, i128)| (a.0 + b.0, a.1 + b.1);
        reduction.by(&Combine { lift: halves::<A>, combine: add }, |sum| narrow(mean_of(sum, n)))
    }
}

/// A sum divided by `n`, rounded towards zero.
fn quotient(sum: i128, n: usize) -> i128 {
    match (i64::try_from(sum), i64::try_from(n)) {
        (Ok(sum), Ok(n)) => (sum / n).into(), // a few times as fast
        _ => sum / n as i128,
    }
}

/// The high and the low half of an integer of 128 bits: high · 2⁶⁴ + low. Each half is summed in 128 bits.
#[inline(always)]
fn halves<A: Copy + 'static>(x: A) -> (i128, i128) {
    let bits = widen(x);
    let high = bits >> 64;
    (if is_u128::<A>() { high & i128::from(u64::MAX) } else { high }, bits & i128::from(u64::MAX))
}

/// A sum of halves divided by `n`, rounded towards zero: its bits.
fn mean_of((high, low): (i128, i128), n: usize) -> i128 {
    let n = n as i128;
    let (high, low) = (high + (low >> 64), low & i128::from(u64::MAX));
    // Long division with two digits of 64 bits. The remainder of the first is less than n, which has at most 63 bits.
    let (first, left) = (high.div_euclid(n), high.rem_euclid(n));
    let left = (left << 64) | low;
    let floor = (first << 64).wrapping_add(left / n);
    if high < 0 && left % n > 0 { floor + 1 } else { floor }
}

/// The sum of a block of 16-bit integers fits into 32 bits.
const _: () = assert!(FOLD_BLOCK <= (i32::MAX / u16::MAX as i32) as usize);

/// A fold of sums: each block is summed in integers that are wide enough for it, and block sums are added in wider
/// ones.
struct Widened<F, W> {
    fold: F,
    widen: W,
}

impl<A: Copy, F: Fold<A>, W: Fn(F::State) -> i128> Fold<A> for Widened<F, W> {
    type State = i128;
    type Accumulators = F::Accumulators;
    type States = [i128; LANES];

    const READS: Reads = F::READS;

    #[inline(always)]
    fn block<V: Simd>(&self, elements: impl Run<Element = A>, at: usize) -> i128 {
        (self.widen)(self.fold.block::<V>(elements, at))
    }

    #[inline(always)]
    fn rows<V: Simd, R: Run<Element = A>, const N: usize>(
        &self,
        rows: &[R; N],
        at: usize,
        accumulators: &mut [F::Accumulators],
        fresh: bool,
    ) {
        self.fold.rows::<V, _, N>(rows, at, accumulators, fresh);
    }

    #[inline(always)]
    fn accumulator(&self, element: A) -> F::Accumulators {
        self.fold.accumulator(element)
    }

    #[inline(always)]
    fn state(&self, accumulator: &F::Accumulators, column: usize, count: usize) -> i128 {
        (self.widen)(self.fold.state(accumulator, column, count))
    }

    #[inline(always)]
    fn merge(&self, early: i128, late: i128) -> i128 {
        early + late
    }
}
