//! Checks of shapes: of inputs that are broadcast, and of outputs that follow from inputs.

use std::fmt::Arguments;

use ndarray::{ArrayRef, ArrayView, Axis, Dimension};

use super::{Named, fail, lens};

/// `array` (called `argument`) as a view of the shape of `out`, repeated where broadcasting requires it.
#[inline]
#[track_caller]
pub(crate) fn broadcast<'a, A, B, D1: Dimension, D: Dimension>(
    kernel: &str,
    argument: &str,
    array: &'a ArrayRef<A, D1>,
    out: &ArrayRef<B, D>,
) -> ArrayView<'a, A, D> {
    broadcast_to(kernel, (argument, array), ("out", out))
}

/// `array` as a view of the shape of `model`.
#[inline]
#[track_caller]
pub(crate) fn broadcast_to<'a, A, B, D1: Dimension, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, 'a, A, D1>,
    (model, shaped): Named<'_, '_, B, D>,
) -> ArrayView<'a, A, D> {
    let Some(view) = array.broadcast(shaped.raw_dim()) else {
        cannot_broadcast(kernel, argument, array.shape(), model, shaped.shape())
    };
    view
}

/// `array` as a view of the shape `dim`, which is `why`.
#[inline]
#[track_caller]
pub(crate) fn broadcast_to_dim<'a, A, D1: Dimension, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, 'a, A, D1>,
    dim: D,
    why: &str,
) -> ArrayView<'a, A, D> {
    let Some(view) = array.broadcast(dim.clone()) else {
        let (has, needs) = (array.shape(), dim.slice());
        fail(
            kernel,
            format_args!(
                "`{argument}` has shape {has:?}, which cannot be broadcast to {why}, {needs:?}"
            ),
        )
    };
    view
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn cannot_broadcast(
    kernel: &str,
    argument: &str,
    has: &[usize],
    model: &str,
    needs: &[usize],
) -> ! {
    panic!(
        "{kernel}: `{argument}` has shape {has:?}, \
         which cannot be broadcast to the shape of `{model}`, {needs:?}"
    )
}

/// `array` has the shape of `model`.
#[inline]
#[track_caller]
pub(crate) fn same_shape<A, B, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D1>,
    (model, shaped): Named<'_, '_, B, D2>,
) {
    let (has, needs) = (array.shape(), shaped.shape());
    must!(
        has == needs,
        kernel,
        "`{argument}` has shape {has:?}, but must have the shape of `{model}`, {needs:?}"
    );
}

/// `array` has the shape of `model` apart from `axis`.
#[inline]
#[track_caller]
pub(crate) fn same_shape_apart_from<A, B, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D1>,
    Axis(axis): Axis,
    (model, shaped): Named<'_, '_, B, D2>,
) {
    let (has, needs) = (array.shape(), shaped.shape());
    must!(
        same_apart_from(has, axis, needs),
        kernel,
        "`{argument}` has shape {has:?}, \
         but must have the shape of `{model}` apart from axis {axis}, {needs:?}"
    );
}

/// Each of `arrays` has the shape of `out` apart from `axis`.
#[inline]
#[track_caller]
pub(crate) fn parts_fit_apart_from<A, D: Dimension>(
    kernel: &str,
    arrays: &[&ArrayRef<A, D>],
    Axis(axis): Axis,
    out: &ArrayRef<A, D>,
) {
    let needs = out.shape();
    for (position, array) in arrays.iter().enumerate() {
        let has = array.shape();
        must!(
            same_apart_from(has, axis, needs),
            kernel,
            "`arrays[{position}]` has shape {has:?}, \
             but must have the shape of `out` apart from axis {axis}, {needs:?}"
        );
    }
}

/// Each of `arrays` has the shape of `out` without `axis`.
#[inline]
#[track_caller]
pub(crate) fn parts_fit_without<A, D: Dimension>(
    kernel: &str,
    arrays: &[&ArrayRef<A, D>],
    Axis(axis): Axis,
    out: &ArrayRef<A, D::Larger>,
) {
    let needs = out.shape();
    for (position, array) in arrays.iter().enumerate() {
        let has = array.shape();
        must!(
            is_without(has, needs, axis),
            kernel,
            "`arrays[{position}]` has shape {has:?}, \
             but must have the shape of `out` without axis {axis}, {needs:?}"
        );
    }
}

/// Each of `arrays` (called `argument`) can be broadcast to the shape of `out`.
#[inline]
#[track_caller]
pub(crate) fn parts_broadcast<A, D1: Dimension, D: Dimension>(
    kernel: &str,
    argument: &str,
    arrays: &[&ArrayRef<A, D1>],
    out: &ArrayRef<A, D>,
) {
    for (position, array) in arrays.iter().enumerate() {
        let (has, needs) = (array.shape(), out.shape());
        must!(
            array.broadcast(out.raw_dim()).is_some(),
            kernel,
            "`{argument}[{position}]` has shape {has:?}, \
             which cannot be broadcast to the shape of `out`, {needs:?}"
        );
    }
}

/// `array` has as many elements as `model`, in whatever shape.
#[inline]
#[track_caller]
pub(crate) fn same_count<A, B, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D1>,
    (model, counted): Named<'_, '_, B, D2>,
) {
    let (has, needs) = (array.shape(), counted.len());
    must!(
        array.len() == needs,
        kernel,
        "`{argument}` has shape {has:?}, but must have as many elements as `{model}`, {needs}"
    );
}

/// `array` has the shape `needs`, which `why` explains ("but must have …").
#[inline]
#[track_caller]
pub(crate) fn shape_is<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    mut needs: impl Iterator<Item = Option<usize>> + Clone,
    why: Arguments<'_>,
) {
    let has = array.shape();
    if !needs.clone().eq(has.iter().map(|&len| Some(len))) {
        // A length that overflows is longer than any axis.
        let needs: Vec<_> = needs.by_ref().map(|len| len.unwrap_or(usize::MAX)).collect();
        fail(
            kernel,
            format_args!("`{argument}` has shape {has:?}, but must have {why}, {needs:?}"),
        );
    }
}

/// `out` has the shape of `array` without `axis`, which is one of its axes.
#[inline]
#[track_caller]
pub(crate) fn without_axis<A, B, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D1>,
    axis: Axis,
    out: &ArrayRef<B, D2>,
) {
    shape_without_axis(kernel, (argument, array.shape()), axis, ("out", out.shape()));
}

/// `has`, the shape of `out`, is that of `argument` without `axis`, which is one of its axes.
#[inline]
#[track_caller]
pub(crate) fn shape_without_axis(
    kernel: &str,
    (argument, shape): (&str, &[usize]),
    Axis(axis): Axis,
    (out, has): (&str, &[usize]),
) {
    lens::one_of_axes(kernel, axis, (argument, shape));
    if !is_without(has, shape, axis) {
        wrong_remainder(kernel, (argument, shape), axis, (out, has));
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_remainder(
    kernel: &str,
    (argument, shape): (&str, &[usize]),
    axis: usize,
    (out, has): (&str, &[usize]),
) -> ! {
    let mut needs = shape.to_vec();
    needs.remove(axis);
    panic!(
        "{kernel}: `{out}` has shape {has:?}, \
         but must have the shape of `{argument}` without axis {axis}, {needs:?}"
    )
}

/// `axis` of `array` is `shorter` elements longer than that of `out`, or both have none; the other axes are equal.
#[inline]
#[track_caller]
pub(crate) fn shortened<A, B, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    axis: Axis,
    shorter: usize,
    out: &ArrayRef<B, D>,
) {
    lens::axis(kernel, axis, (argument, array));
    let (has, axis) = (out.shape(), axis.index());
    let needs = |k: usize| match array.shape()[k] {
        len if k == axis => len.saturating_sub(shorter),
        len => len,
    };
    if has.len() != array.ndim() || (0..array.ndim()).any(|k| has[k] != needs(k)) {
        let needs: Vec<usize> = (0..array.ndim()).map(needs).collect();
        fail(
            kernel,
            format_args!(
                "`out` has shape {has:?}, \
                 but must have the shape of `{argument}` with axis {axis} shorter by {shorter}, {needs:?}"
            ),
        );
    }
}

/// Along every axis, the length of `out` is a multiple of that of `array`.
#[inline]
#[track_caller]
pub(crate) fn tiles<A, D1: Dimension, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D1>,
    out: &ArrayRef<A, D>,
) {
    let (has, needs) = (array.shape(), out.shape());
    let fits = |(&tile, &len): (&usize, &usize)| len == 0 || (tile > 0 && len % tile == 0);
    must!(
        has.len() <= needs.len() && has.iter().rev().zip(needs.iter().rev()).all(fits),
        kernel,
        "`{argument}` has shape {has:?}, \
         whose whole multiples do not give the shape of `out`, {needs:?}"
    );
}

fn same_apart_from(one: &[usize], axis: usize, other: &[usize]) -> bool {
    let mut lens = one.iter().zip(other).enumerate();
    one.len() == other.len() && lens.all(|(at, (a, b))| at == axis || a == b)
}

/// Whether `shape` is `whole` without `axis`.
#[inline]
fn is_without(shape: &[usize], whole: &[usize], axis: usize) -> bool {
    shape.len() + 1 == whole.len()
        && shape[..axis] == whole[..axis]
        && shape[axis..] == whole[axis + 1..]
}
