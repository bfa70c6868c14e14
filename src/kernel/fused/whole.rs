//! Reductions of all values of a formula: `fused!(sum |a, b| a * b)`. The first array gives the shape.

use std::ops::{BitAnd, BitOr};

use num_traits::{Float, Zero};

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::kinds::combine::from_zero;
use crate::kernel::engine::fold::second_look::Scale;
use crate::kernel::engine::number::order::{larger, smaller};
use crate::kernel::fused::ValuesOf;
use crate::kernel::fused::given::{GivenInputs, Takes};
use crate::kernel::fused::reduce::reduction;

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
        let sum = reduce(simd, ins, &mut formula, T::zero(), T::add);
        sum.map_or_else(T::zero, from_zero)
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
    ins.views(); // checks them; closures do not know their caller
    let n = ins.model().1.len();
    let mut sum_by =
        |scale: T| reduce(simd, ins, &mut |elements| formula(elements) * scale, T::zero(), T::add);
    match sum_by(T::one()) {
        None => T::nan(),
        Some(sum) if sum.is_finite() => from_zero(sum) / count(n),
        Some(sum) => {
            let scale = Scale::of_sum(n);
            sum_by(scale.into).map_or(sum, |sum| scale.back_to_mean(sum / count(n)))
        }
    }
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
    reduce(simd, ins, &mut formula, T::default(), smaller)
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
    reduce(simd, ins, &mut formula, T::default(), larger)
}

/// Whether any value is true.
#[track_caller]
pub fn any<'a, V, I, F>(simd: V, ins: I, mut formula: F) -> bool
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    find(simd, ins, &mut formula, bool::bitor, true)
}

/// Whether all values are true.
#[track_caller]
pub fn all<'a, V, I, F>(simd: V, ins: I, mut formula: F) -> bool
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    !find(simd, ins, &mut formula, bool::bitand, false)
}

/// Combines the values. `None` if there are none.
#[inline(always)]
#[track_caller]
fn reduce<'a, V, I, T, F, C>(simd: V, ins: I, formula: &mut F, any: T, combine: C) -> Option<T>
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<T>>,
    T: Copy + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
    C: Fn(T, T) -> T + Copy,
{
    let views = ins.views();
    reduction!(I, T, simd, formula, combine, views, |values: By| By::of_all(values, combine, any))
}

/// Combines the values until a block becomes `end`, and returns whether one does.
#[inline(always)]
#[track_caller]
fn find<'a, V, I, F, C>(simd: V, ins: I, formula: &mut F, combine: C, end: bool) -> bool
where
    V: Simd,
    I: GivenInputs<'a> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
    C: Fn(bool, bool) -> bool + Copy,
{
    let views = ins.views();
    reduction!(I, bool, simd, formula, combine, views, |values: By| By::find(values, combine, end))
}

pub(super) fn count<T: Float>(n: usize) -> T {
    T::from(n).expect("a float counts with rounding")
}
