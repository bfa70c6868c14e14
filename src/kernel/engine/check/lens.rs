//! Checks of axes, their lengths, and lengths that have to match them.

use ndarray::{ArrayRef2, Axis, Dimension, Ix2};

use super::Named;

/// `axis` is one of the axes of `array`.
#[inline]
#[track_caller]
pub(crate) fn axis<A, D: Dimension>(
    kernel: &str,
    Axis(axis): Axis,
    (argument, array): Named<'_, '_, A, D>,
) {
    one_of_axes(kernel, axis, (argument, array.shape()));
}

/// `axis` is one of the axes of an array of this shape.
#[inline]
#[track_caller]
pub(crate) fn one_of_axes(kernel: &str, axis: usize, (argument, shape): (&str, &[usize])) {
    must!(axis < shape.len(), kernel, "`{argument}` has shape {shape:?}, which has no axis {axis}");
}

/// `argument` has the length of `axis` of `model`.
#[inline]
#[track_caller]
pub(crate) fn len_of_axis<A, D: Dimension>(
    kernel: &str,
    (argument, has): (&str, usize),
    axis: Axis,
    (model, array): Named<'_, '_, A, D>,
) {
    let (needs, axis) = (array.len_of(axis), axis.index());
    must!(
        has == needs,
        kernel,
        "`{argument}` has length {has}, but must have the length of axis {axis} of `{model}`, {needs}"
    );
}

/// `axis` of `array` has the length `needs`, which is `what`.
#[inline]
#[track_caller]
pub(crate) fn axis_len<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    axis: Axis,
    needs: usize,
    what: &str,
) {
    let (has, axis) = (array.len_of(axis), axis.index());
    must!(
        has == needs,
        kernel,
        "`{argument}` has length {has} along axis {axis}, but must have {what}, {needs}"
    );
}

/// `axis` of `array` has at least `least` elements.
#[inline]
#[track_caller]
pub(crate) fn at_least<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    axis: Axis,
    least: usize,
) {
    let (shape, len, axis) = (array.shape(), array.len_of(axis), axis.index());
    must!(
        len >= least || least > 1,
        kernel,
        "`{argument}` has shape {shape:?}, whose axis {axis} has no elements"
    );
    must!(
        len >= least,
        kernel,
        "`{argument}` has shape {shape:?}, whose axis {axis} must have at least {least} elements"
    );
}

/// `argument` has the length of `model`.
#[inline]
#[track_caller]
pub(crate) fn same_len(
    kernel: &str,
    (argument, has): (&str, usize),
    (model, needs): (&str, usize),
) {
    must!(
        has == needs,
        kernel,
        "`{argument}` has length {has}, but must have the length of `{model}`, {needs}"
    );
}

/// `argument` has the length `needs`, which is `what`.
#[inline]
#[track_caller]
pub(crate) fn len_is(kernel: &str, (argument, has): (&str, usize), needs: usize, what: &str) {
    must!(has == needs, kernel, "`{argument}` has length {has}, but must have {what}, {needs}");
}

/// A mask has as many true elements as `axis` of `array` has positions.
#[inline]
#[track_caller]
pub(crate) fn true_count<A, D: Dimension>(
    kernel: &str,
    (argument, trues): (&str, usize),
    axis: Axis,
    (model, array): Named<'_, '_, A, D>,
) {
    let (needs, axis) = (array.len_of(axis), axis.index());
    must!(
        trues == needs,
        kernel,
        "`{argument}` is true {trues} times, \
         but must be so the length of axis {axis} of `{model}`, {needs}"
    );
}

/// `array` has elements along every axis that gets a margin.
#[inline]
#[track_caller]
pub(crate) fn can_be_continued<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    widths: &[(usize, usize)],
) {
    let has = array.shape();
    for (axis, (&len, &widths)) in has.iter().zip(widths).enumerate() {
        must!(
            len > 0 || widths == (0, 0),
            kernel,
            "`{argument}` has shape {has:?}, \
             but must have elements along axis {axis} to fill a margin with"
        );
    }
}

/// `order` names every axis of `array` once.
#[inline]
#[track_caller]
pub(crate) fn order_of_axes<A, D: Dimension>(
    kernel: &str,
    (argument, order): (&str, &[usize]),
    (model, array): Named<'_, '_, A, D>,
) {
    let ndim = array.ndim();
    let once = |(place, axis): (usize, &usize)| *axis < ndim && !order[..place].contains(axis);
    must!(
        order.len() == ndim && order.iter().enumerate().all(once),
        kernel,
        "`{argument}` is {order:?}, but must name each of the {ndim} axes of `{model}` once"
    );
}

/// `array` has as many axes as `model` (static types see to that, but not `IxDyn`).
#[inline]
#[track_caller]
pub(crate) fn same_ndim<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    (model, shaped): Named<'_, '_, A, D>,
) {
    let (has, needs) = (array.shape(), shaped.shape());
    must!(
        has.len() == needs.len(),
        kernel,
        "`{argument}` has shape {has:?}, but must have as many axes as `{model}`, {needs:?}"
    );
}

/// `array` has two axes or more.
#[inline]
#[track_caller]
pub(crate) fn has_two_axes<A, D: Dimension>(kernel: &str, (argument, array): Named<'_, '_, A, D>) {
    let has = array.shape();
    must!(has.len() >= 2, kernel, "`{argument}` has shape {has:?}, but must have two axes or more");
}

/// `array` has no more than `most` axes.
#[inline]
#[track_caller]
pub(crate) fn at_most_axes<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    most: usize,
) {
    let has = array.shape();
    must!(
        has.len() <= most,
        kernel,
        "`{argument}` has shape {has:?}, but must have at most {most} axes"
    );
}

/// `axes` names axes of `array`, none of them twice.
#[inline]
#[track_caller]
pub(crate) fn some_axes<A, D: Dimension>(
    kernel: &str,
    (argument, axes): (&str, &[usize]),
    (model, array): Named<'_, '_, A, D>,
) {
    let ndim = array.ndim();
    let once = |(place, axis): (usize, &usize)| *axis < ndim && !axes[..place].contains(axis);
    must!(
        axes.iter().enumerate().all(once),
        kernel,
        "`{argument}` is {axes:?}, but must name some of the {ndim} axes of `{model}`, each once"
    );
}

/// An axis of `array` has the length of an axis of `model`.
#[inline]
#[track_caller]
pub(crate) fn same_axis_len<A, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D1>,
    axis: Axis,
    (model, shaped): Named<'_, '_, A, D2>,
    of_model: Axis,
) {
    let (has, needs) = (array.len_of(axis), shaped.len_of(of_model));
    let (axis, of_model) = (axis.index(), of_model.index());
    must!(
        has == needs,
        kernel,
        "`{argument}` has length {has} along axis {axis}, \
         but must have the length of axis {of_model} of `{model}`, {needs}"
    );
}

/// The last axis of `array`, which has one, has the length `needs`, which is `what`.
#[inline]
#[track_caller]
pub(crate) fn last_axis<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    needs: usize,
    what: &str,
) {
    let has = array.shape();
    must!(
        has.last() == Some(&needs),
        kernel,
        "`{argument}` has shape {has:?}, whose last axis must have length {needs}: {what}"
    );
}

/// Number `position` of a chain of matrices has as many rows as the one before it has columns.
#[inline]
#[track_caller]
pub(crate) fn rows_follow<A>(
    kernel: &str,
    (argument, position): (&str, usize),
    matrix: &ArrayRef2<A>,
    before: &ArrayRef2<A>,
) {
    let (has, needs, other) = (matrix.nrows(), before.ncols(), position - 1);
    must!(
        has == needs,
        kernel,
        "`{argument}[{position}]` has {has} rows, \
         but must have as many as `{argument}[{other}]` has columns, {needs}"
    );
}

/// `array` has one axis or two.
#[inline]
#[track_caller]
pub(crate) fn one_or_two_axes<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
) {
    let has = array.shape();
    let holds = (1..=2).contains(&has.len());
    must!(holds, kernel, "`{argument}` has shape {has:?}, but must have one axis or two");
}

/// `array` is a square matrix.
#[inline]
#[track_caller]
pub(crate) fn is_square<A>(kernel: &str, (argument, array): Named<'_, '_, A, Ix2>) {
    let has = array.shape();
    must!(has[0] == has[1], kernel, "`{argument}` has shape {has:?}, but must be square");
}

/// `scratch` has at least as many elements as are sorted in it.
#[inline]
#[track_caller]
pub(crate) fn scratch<A>(kernel: &str, scratch: &[A], needs: usize) {
    let has = scratch.len();
    must!(has >= needs, kernel, "`scratch` has length {has}, but must have at least {needs}");
}

/// `workspace` has enough bytes, as `holds` says.
#[inline]
#[track_caller]
pub(crate) fn workspace(kernel: &str, has: usize, needs: usize, holds: bool) {
    must!(holds, kernel, "`workspace` has {has} bytes, but must have at least {needs}");
}

/// The last two axes of `array`, which has them, have the lengths `needs`, which are `what`.
#[inline]
#[track_caller]
pub(crate) fn last_two_axes<A, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    needs: (usize, usize),
    what: &str,
) {
    let has = array.shape();
    let needs = [needs.0, needs.1];
    must!(
        has.ends_with(&needs),
        kernel,
        "`{argument}` has shape {has:?}, whose last two axes must be {needs:?}: {what}"
    );
}
