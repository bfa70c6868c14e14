//! Reductions of all values of a formula: `fused!(sum |a, b| a * b)`. The first array gives the shape.

use std::convert::identity;

use num_traits::{Float, Zero};

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::Fold;
use crate::kernel::engine::fold::kinds::best::{Best, Better};
use crate::kernel::engine::fold::kinds::combine::{Combine, adding, from_zero};
use crate::kernel::engine::number::order::{greater, less};
use crate::kernel::fused::given::{GivenInputs, Takes};
use crate::kernel::fused::reduce::{Reduction, search};
use crate::kernel::fused::values::ValuesOf;
use crate::kernel::fused::with_loop;

/// What the formula takes.
pub type Elements<'a, I, T> = <I as Takes<'a, ValuesOf<T>>>::Elements;

/// The sum; zero if there are no elements.
#[track_caller]
pub fn sum<'a, V, I, T, F>(simd: V, ins: I, mut formula: F) -> T
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<T>>,
    T: Copy + Zero + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    ins.views(); // checks them; closures do not know their caller
    check::arithmetic::<T, _>("fused!", || {
        fold(simd, ins, &mut formula, T::zero(), adding()).map_or_else(T::zero, from_zero)
    })
}

/// The mean; NaN if there are no elements. The formula is computed again if the sum is not finite.
#[track_caller]
pub fn mean<'a, V, I, T, F>(simd: V, ins: I, mut formula: F) -> T
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<T>>,
    T: Float + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    let scale = Scale::of_sum(ins.model().1.len());
    let Some(sum) = fold(simd, ins, &mut formula, T::zero(), adding()) else { return T::nan() };
    if sum.is_finite() {
        return scale.mean(sum);
    }
    let again = fold(simd, ins, &mut formula, T::zero(), scale.adding());
    again.map_or(sum, |sum| scale.mean_of_scaled(sum))
}

/// The smallest value, NaN if one is NaN; `None` if there are no elements.
#[track_caller]
pub fn min<'a, V, I, T, F>(simd: V, ins: I, mut formula: F) -> Option<T>
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<T>>,
    T: Copy + Default + PartialOrd + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    fold(simd, ins, &mut formula, T::default(), smallest())
}

/// The largest value, NaN if one is NaN; `None` if there are no elements.
#[track_caller]
pub fn max<'a, V, I, T, F>(simd: V, ins: I, mut formula: F) -> Option<T>
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<T>>,
    T: Copy + Default + PartialOrd + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    fold(simd, ins, &mut formula, T::default(), largest())
}

/// Whether any value is true.
#[track_caller]
pub fn any<'a, V, I, F>(simd: V, ins: I, mut formula: F) -> bool
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    let views = ins.views();
    with_loop::<I, ValuesOf<bool>, _, _, _>(simd, &mut formula, |compute| {
        search::<I::Inputs, I::Dim>(views, compute, true)
    })
}

/// Whether all values are true.
#[track_caller]
pub fn all<'a, V, I, F>(simd: V, ins: I, mut formula: F) -> bool
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    let views = ins.views();
    !with_loop::<I, ValuesOf<bool>, _, _, _>(simd, &mut formula, |compute| {
        search::<I::Inputs, I::Dim>(views, compute, false)
    })
}

#[inline(always)]
#[track_caller]
fn fold<'a, V, I, T, F, R>(simd: V, ins: I, formula: &mut F, any: T, fold: R) -> Option<R::State>
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<T>>,
    T: Copy + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
    R: Fold<T>,
{
    let views = ins.views();
    with_loop::<I, ValuesOf<T>, _, _, _>(simd, formula, |compute| {
        Reduction::<I::Inputs, _, _, _> { compute, fold, finish: identity, any }
            .of_all::<I::Dim>(views)
    })
}

/// The fold of the smallest value.
pub(super) fn smallest<T: Copy + PartialOrd>() -> impl Fold<T, State = T> {
    Best::<_, _, false> { lift: |x| x, better: Better { wins: less::<T> } }
}

/// The fold of the largest value.
pub(super) fn largest<T: Copy + PartialOrd>() -> impl Fold<T, State = T> {
    Best::<_, _, false> { lift: |x| x, better: Better { wins: greater::<T> } }
}

/// The power of two by which values are multiplied so that the sum of so many of them is in range.
#[derive(Clone, Copy)]
pub(super) struct Scale<T> {
    count: T,
    factor: T,
}

impl<T: Float> Scale<T> {
    pub(super) fn of_sum(count: usize) -> Self {
        let bits = usize::BITS - count.leading_zeros() + 1;
        let two = T::one() + T::one();
        let count = T::from(count).expect("a float counts with rounding");
        Scale { count, factor: two.powi(-(bits as i32)) }
    }

    pub(super) fn mean(self, sum: T) -> T {
        sum / self.count
    }

    pub(super) fn mean_of_scaled(self, sum: T) -> T {
        sum / self.count / self.factor
    }

    /// The fold of sums of scaled values.
    pub(super) fn adding(self) -> impl Fold<T, State = T> {
        Combine { lift: move |x: T| x * self.factor, combine: |a: T, b: T| a + b }
    }
}
