//! Reductions of all values of a formula: `fused!(sum |a, b| a * b)`. The first array gives the shape.

use std::convert::identity;

use num_traits::{Float, Zero};

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::Fold;
use crate::kernel::engine::fold::kinds::best::{largest, smallest};
use crate::kernel::engine::fold::kinds::combine::{adding, adding_of, from_zero};
use crate::kernel::engine::fold::second_look::Scale;
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
    let n = ins.model().1.len();
    let Some(sum) = fold(simd, ins, &mut formula, T::zero(), adding()) else { return T::nan() };
    if sum.is_finite() {
        return from_zero(sum) / count(n);
    }
    let scale = Scale::of_sum(n);
    let again = fold(simd, ins, &mut formula, T::zero(), adding_of(|x| x * scale.into));
    again.map_or(sum, |sum| scale.back_to_mean(sum / count(n)))
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

pub(super) fn count<T: Float>(n: usize) -> T {
    T::from(n).expect("a float counts with rounding")
}
