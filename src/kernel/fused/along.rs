//! Reductions of a formula along an axis: `fused!(sum(Axis(1)) out = |a, b| a * b)`. The first array gives the shape of
//! what is reduced.

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
use crate::kernel::fused::reduce::reduction;
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
        let write = &mut |out: &mut T, sum| *out = from_zero(sum);
        reduce(simd, axis, out, ins, &mut formula, T::zero(), |a, b| a + b, write);
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
    let (n, mut all_finite) = (count::<T>(len), true);
    let Out { name, array } = out;
    let mut sum_by = |scale: T, write: &mut dyn FnMut(&mut T, T)| {
        let (out, formula) = (Out { name, array: &mut *array }, &mut |x| formula(x) * scale);
        reduce(simd, axis, out, ins, formula, T::zero(), |a, b| a + b, write);
    };
    sum_by(T::one(), &mut |out, sum| {
        all_finite &= sum.is_finite();
        *out = from_zero(sum) / n;
    });
    if !all_finite {
        let scale = Scale::of_sum(len);
        sum_by(scale.into, &mut |out, sum| {
            if !out.is_finite() {
                *out = scale.back_to_mean(sum / n);
            }
        });
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
    decide(simd, axis, out, ins, &mut formula, false, |a, b| a | b);
}

/// Whether all values are true; true along an axis without elements.
#[track_caller]
pub fn all<'a, V, I, F>(simd: V, axis: Axis, out: Results<'a, '_, I, bool>, ins: I, mut formula: F)
where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<bool>>,
    F: FnMut(Elements<'a, I, bool>) -> bool,
{
    decide(simd, axis, out, ins, &mut formula, true, |a, b| a & b);
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
    let write = &mut |out: &mut T, best| *out = best;
    reduce(simd, axis, out, ins, formula, T::default(), combine, write);
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
    let write = &mut |out: &mut bool, decided| *out = decided;
    reduce(simd, axis, out, ins, formula, false, combine, write);
}

/// Checks the axis and the shape of the output, and returns the length of the axis.
#[track_caller]
fn checked<'a, T, I>(axis: Axis, out: &Results<'a, '_, I, T>, ins: &I) -> usize
where
    T: Copy + 'static,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
{
    let (name, model) = ins.model();
    check::axis("fused!", axis, (name, model));
    let lens = model.shape().iter().enumerate().filter(|(at, _)| *at != axis.index());
    let why = format_args!("the shape of `{name}` without axis {}", axis.index());
    check::shape_is("fused!", (out.name, &*out.array), lens.map(|(_, &len)| Some(len)), why);
    ins.views(); // checks the other inputs
    model.len_of(axis)
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
    write: &mut dyn FnMut(&mut T, T),
) where
    V: Simd,
    I: GivenInputs<'a, Dim: RemoveAxis> + Takes<'a, ValuesOf<T>>,
    T: Copy + 'static,
    F: FnMut(Elements<'a, I, T>) -> T,
    C: Fn(T, T) -> T + Copy,
{
    let (views, out) = (ins.views(), out.array.view_mut());
    reduction!(I, T, simd, formula, combine, any, |it| {
        it.along_axis::<T, I::Dim>(views, axis, out, write);
    });
}
