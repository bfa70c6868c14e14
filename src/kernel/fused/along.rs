//! Reductions of a formula along an axis: `fused!(sum(Axis(1)) out = |a, b| a * b)`. The first array gives the shape of
//! what is reduced.

use std::ops::{BitAnd, BitOr};

use ndarray::{Axis, Dimension, RemoveAxis};
use num_traits::{Float, Zero};

use crate::kernel::engine::check;
use crate::kernel::engine::cpu::dispatch::Simd;
use crate::kernel::engine::fold::kinds::combine::from_zero;
use crate::kernel::engine::fold::second_look::Scale;
use crate::kernel::engine::number::order::{larger, smaller};
use crate::kernel::fused::ValuesOf;
use crate::kernel::fused::given::{GivenInputs, Takes};
use crate::kernel::fused::outputs::Out;
use crate::kernel::fused::reduce::{Finish, reduction};
use crate::kernel::fused::whole::{Elements, count};

/// Where the results of inputs `I` go.
pub type Results<'a, 'o, I, T> = Out<'o, T, <<I as GivenInputs<'a>>::Dim as Dimension>::Smaller>;

/// The sums; zero along an axis without elements.
#[track_caller]
pub fn sum<'a, V, I, T, F>(simd: V, axis: Axis, out: Results<'a, '_, I, T>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Copy + Zero + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    let len = checked(axis, &out, &ins);
    if len == 0 {
        return out.array.fill(T::zero());
    }
    check::arithmetic::<T, _>("fused!", || {
        reduce(simd, axis, out, ins, &mut formula, T::zero(), T::add, &mut Sum);
    });
}

/// The means; NaN along an axis without elements. The formula is computed again if a sum is not finite.
#[track_caller]
pub fn mean<'a, V, I, T, F>(simd: V, axis: Axis, out: Results<'a, '_, I, T>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Float + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    let len = checked(axis, &out, &ins);
    if len == 0 {
        return out.array.fill(T::nan());
    }
    let mut mean = Mean { n: count::<T>(len), scale: None, all_finite: true };
    let Out { name, array } = out;
    let mut sum_by = |factor: T, mean: &mut Mean<T>| {
        let (out, formula) = (Out { name, array: &mut *array }, &mut |x| formula(x) * factor);
        reduce(simd, axis, out, ins, formula, T::zero(), T::add, mean);
    };
    sum_by(T::one(), &mut mean);
    if !mean.all_finite {
        let scale = Scale::of_sum(len);
        mean.scale = Some(scale);
        sum_by(scale.into, &mut mean);
    }
}

/// The smallest values, NaN where one is NaN.
#[track_caller]
pub fn min<'a, V, I, T, F>(simd: V, axis: Axis, out: Results<'a, '_, I, T>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Copy + Default + PartialOrd + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    extrema(simd, axis, out, ins, &mut formula, smaller);
}

/// The largest values, NaN where one is NaN.
#[track_caller]
pub fn max<'a, V, I, T, F>(simd: V, axis: Axis, out: Results<'a, '_, I, T>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Copy + Default + PartialOrd + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    extrema(simd, axis, out, ins, &mut formula, larger);
}

/// Whether any value is true; false along an axis without elements.
#[track_caller]
pub fn any<'a, V, I, F>(simd: V, axis: Axis, out: Results<'a, '_, I, bool>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    decide(simd, axis, out, ins, &mut formula, false, bool::bitor);
}

/// Whether all values are true; true along an axis without elements.
#[track_caller]
pub fn all<'a, V, I, F>(simd: V, axis: Axis, out: Results<'a, '_, I, bool>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    decide(simd, axis, out, ins, &mut formula, true, bool::bitand);
}

#[track_caller]
fn extrema<'a, V, I, T, F>(
    simd: V,
    axis: Axis,
    out: Results<'a, '_, I, T>,
    ins: I,
    formula: &mut F,
    combine: impl Fn(T, T) -> T + Copy,
) where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Copy + Default + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
{
    checked(axis, &out, &ins);
    check::at_least("fused!", ins.model(), axis, 1);
    reduce(simd, axis, out, ins, formula, T::default(), combine, &mut Found);
}

#[track_caller]
fn decide<'a, V, I, F>(
    simd: V,
    axis: Axis,
    out: Results<'a, '_, I, bool>,
    ins: I,
    formula: &mut F,
    of_none: bool,
    combine: impl Fn(bool, bool) -> bool + Copy,
) where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    if checked(axis, &out, &ins) == 0 {
        return out.array.fill(of_none);
    }
    reduce(simd, axis, out, ins, formula, false, combine, &mut Found);
}

/// Checks the axis and the shape of the output, and returns the length of the axis.
#[track_caller]
fn checked<'a, T, I>(axis: Axis, out: &Results<'a, '_, I, T>, ins: &I) -> usize
where
    T: Copy + 'static,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
{
    let (name, model) = ins.model();
    let (shape, has) = (model.shape(), (out.name, out.array.shape()));
    check::shape_without_axis("fused!", (name, shape), axis, has);
    ins.views(); // checks the other inputs
    shape[axis.index()]
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "each is of another kind")]
fn reduce<'a, V, I, T, F, C>(
    simd: V,
    axis: Axis,
    out: Results<'a, '_, I, T>,
    ins: I,
    formula: &mut F,
    any: T,
    combine: C,
    finish: &mut impl Finish<T>,
) where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Copy + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
    C: Fn(T, T) -> T + Copy,
{
    let (views, out) = (ins.views(), out.array.view_mut());
    reduction!(I, T, simd, formula, combine, views, |values: By| {
        By::along_axis(values, axis, out, finish, combine, any);
    });
}

/// Sums are zero, not −0, as if they began with it.
struct Sum;

impl<T: Zero> Finish<T> for Sum {
    #[inline(always)]
    fn finish(&mut self, out: &mut T, sum: T) {
        *out = from_zero(sum);
    }
}

/// Means of `n` values, which were scaled or not.
struct Mean<T> {
    n: T,
    scale: Option<Scale<T>>,
    /// Whether all sums of values that were not scaled are finite.
    all_finite: bool,
}

impl<T: Float> Finish<T> for Mean<T> {
    #[inline(always)]
    fn finish(&mut self, out: &mut T, sum: T) {
        match &self.scale {
            None => {
                self.all_finite &= sum.is_finite();
                *out = from_zero(sum) / self.n;
            }
            Some(scale) if !out.is_finite() => *out = scale.back_to_mean(sum / self.n),
            Some(_) => {}
        }
    }
}

/// The extreme value, or whether any or all are true.
struct Found;

impl<T> Finish<T> for Found {
    #[inline(always)]
    fn finish(&mut self, out: &mut T, found: T) {
        *out = found;
    }
}
