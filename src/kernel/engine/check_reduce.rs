//! What reductions ask of their arguments: the words of [`check`](crate::kernel::engine::check) for arrays of another shape.

use ndarray::{ArrayRef, Axis, Dimension};
use num_traits::Float;

use crate::kernel::engine::check;

/// `out` has the shape of `array` (called `argument`) without `axis`, which is one of its axes.
#[inline]
#[track_caller]
pub(crate) fn without_axis<A, B, D1, D2>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D1>),
    axis: Axis,
    out: &ArrayRef<B, D2>,
) where
    D1: Dimension,
    D2: Dimension,
{
    check::axis(kernel, axis, (argument, array));
    let (before, after) = array.shape().split_at(axis.index());
    let fits = out.ndim() == array.ndim() - 1
        && out.shape()[..before.len()] == *before
        && out.shape()[before.len()..] == after[1..];
    if !fits {
        wrong_remainder(kernel, argument, array.shape(), axis, out.shape());
    }
}

/// `axis` of `array` (called `argument`) is `shorter` elements longer than that of `out`, or both have none;
/// the other axes are equal.
#[inline]
#[track_caller]
pub(crate) fn shortened<A, B, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    axis: Axis,
    shorter: usize,
    out: &ArrayRef<B, D>,
) {
    check::axis(kernel, axis, (argument, array));
    let needs = |k: usize| match array.shape()[k] {
        len if k == axis.index() => len.saturating_sub(shorter),
        len => len,
    };
    if out.ndim() != array.ndim() || (0..array.ndim()).any(|k| out.shape()[k] != needs(k)) {
        let needs: Vec<usize> = (0..array.ndim()).map(needs).collect();
        wrong_shortened(kernel, out.shape(), argument, axis, shorter, &needs);
    }
}

/// `axis` of `array` (called `argument`) has at least `least` elements.
#[inline]
#[track_caller]
pub(crate) fn at_least<A, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    axis: Axis,
    least: usize,
) {
    if array.len_of(axis) < least {
        too_short(kernel, argument, array.shape(), axis, least);
    }
}

/// `scratch` has at least as many elements as are sorted in it.
#[inline]
#[track_caller]
pub(crate) fn scratch<A>(kernel: &str, scratch: &[A], needs: usize) {
    if scratch.len() < needs {
        small_scratch(kernel, scratch.len(), needs);
    }
}

/// Elements can count by their `weights`: none is negative, infinite or NaN, and if there are any, not all are zero.
#[inline]
#[track_caller]
pub(crate) fn weights<A: Float, D: Dimension>(kernel: &str, weights: &ArrayRef<A, D>) {
    if let Some(weight) =
        weights.iter().find(|&&weight| !(weight >= A::zero() && weight.is_finite()))
    {
        no_weight(kernel, weight.to_f64());
    }
    if !weights.is_empty() && weights.iter().all(A::is_zero) {
        no_weights(kernel);
    }
}

/// `value` (called `argument`) lies between zero and `most`; NaN does not.
#[inline]
#[track_caller]
pub(crate) fn between_zero_and(kernel: &str, (argument, value): (&str, f64), most: f64) {
    if !(0.0..=most).contains(&value) {
        out_of_range(kernel, argument, value, most);
    }
}

/// `value` (called `argument`) is at most `most`.
#[inline]
#[track_caller]
pub(crate) fn no_more_than(kernel: &str, (argument, value): (&str, usize), most: usize) {
    if value > most {
        too_many(kernel, argument, value, most);
    }
}

/// Every lane of `array` along `axis` has a number. Looks at no more of a lane than up to the first.
#[inline]
#[track_caller]
pub(crate) fn a_number_in_each_lane<A: Copy + PartialOrd, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    axis: Axis,
) {
    let is_nan = |x: &A| x.partial_cmp(x).is_none();
    if array.lanes(axis).into_iter().any(|lane| lane.iter().all(is_nan)) {
        only_nan(kernel, argument, array.shape(), axis);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn only_nan(kernel: &str, argument: &str, shape: &[usize], axis: Axis) -> ! {
    let axis = axis.index();
    panic!(
        "{kernel}: `{argument}` has shape {shape:?}, and nothing but NaN in a lane along axis {axis}"
    )
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_remainder(kernel: &str, argument: &str, shape: &[usize], axis: Axis, has: &[usize]) -> ! {
    let mut needs = shape.to_vec();
    needs.remove(axis.index());
    panic!(
        "{kernel}: `out` has shape {has:?}, \
         but must have the shape of `{argument}` without axis {}, {needs:?}",
        axis.index()
    )
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_shortened(
    kernel: &str,
    has: &[usize],
    argument: &str,
    axis: Axis,
    shorter: usize,
    needs: &[usize],
) -> ! {
    panic!(
        "{kernel}: `out` has shape {has:?}, \
         but must have the shape of `{argument}` with axis {} shorter by {shorter}, {needs:?}",
        axis.index()
    )
}

#[cold]
#[inline(never)]
#[track_caller]
fn too_short(kernel: &str, argument: &str, shape: &[usize], axis: Axis, least: usize) -> ! {
    let axis = axis.index();
    match least {
        1 => {
            panic!("{kernel}: `{argument}` has shape {shape:?}, whose axis {axis} has no elements")
        }
        _ => panic!(
            "{kernel}: `{argument}` has shape {shape:?}, \
             whose axis {axis} must have at least {least} elements"
        ),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn small_scratch(kernel: &str, has: usize, needs: usize) -> ! {
    panic!("{kernel}: `scratch` has length {has}, but must have at least {needs}")
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_weight(kernel: &str, weight: Option<f64>) -> ! {
    let weight = weight.unwrap_or(f64::NAN);
    panic!("{kernel}: `weights` holds {weight}, but must hold finite numbers from zero on")
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_weights(kernel: &str) -> ! {
    panic!("{kernel}: `weights` has the sum 0, but must have one above zero")
}

#[cold]
#[inline(never)]
#[track_caller]
fn too_many(kernel: &str, argument: &str, value: usize, most: usize) -> ! {
    panic!("{kernel}: `{argument}` is {value}, but must be at most {most}")
}

#[cold]
#[inline(never)]
#[track_caller]
fn out_of_range(kernel: &str, argument: &str, value: f64, most: f64) -> ! {
    panic!("{kernel}: `{argument}` is {value}, but must lie between 0 and {most}")
}
