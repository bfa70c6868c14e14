//! Guards of the kernels that move elements to other places: indices, and shapes that follow from others.
//!
//! As those of [`check`](crate::kernel::engine::check): they name the kernel, the argument, what it is and what it has to be,
//! report the caller's line, and format text on the failing path alone. An argument comes with its name.

use std::fmt::Arguments;

use ndarray::{ArrayRef, ArrayRef1, ArrayView, Axis, Dimension};

/// `array` has the shape of `model`, whatever their lengths along `axis`.
#[inline]
#[track_caller]
pub(crate) fn same_shape_apart_from<A, B, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D1>),
    axis: Axis,
    (model_name, model): (&str, &ArrayRef<B, D2>),
) {
    let (has, needs, axis) = (array.shape(), model.shape(), axis.index());
    if !same_apart_from(has, axis, needs) {
        fail(
            kernel,
            format_args!(
                "`{argument}` has shape {has:?}, \
                 but must have the shape of `{model_name}` apart from axis {axis}, {needs:?}"
            ),
        );
    }
}

/// Every one of `arrays` has the shape of `out`, whatever their lengths along `axis`.
#[inline]
#[track_caller]
pub(crate) fn parts_fit_apart_from<A, D: Dimension>(
    kernel: &str,
    arrays: &[&ArrayRef<A, D>],
    axis: Axis,
    out: &ArrayRef<A, D>,
) {
    let (needs, axis) = (out.shape(), axis.index());
    for (position, array) in arrays.iter().enumerate() {
        let has = array.shape();
        if !same_apart_from(has, axis, needs) {
            fail(
                kernel,
                format_args!(
                    "`arrays[{position}]` has shape {has:?}, \
                     but must have the shape of `out` apart from axis {axis}, {needs:?}"
                ),
            );
        }
    }
}

/// Every one of `arrays` has the shape that `out` has without `axis`.
#[inline]
#[track_caller]
pub(crate) fn parts_fit_without<A, D: Dimension>(
    kernel: &str,
    arrays: &[&ArrayRef<A, D>],
    axis: Axis,
    out: &ArrayRef<A, D::Larger>,
) {
    let (needs, axis) = (out.shape(), axis.index());
    for (position, array) in arrays.iter().enumerate() {
        let has = array.shape();
        if !has.iter().eq(needs[..axis].iter().chain(&needs[axis + 1..])) {
            fail(
                kernel,
                format_args!(
                    "`arrays[{position}]` has shape {has:?}, \
                     but must have the shape of `out` without axis {axis}, {needs:?}"
                ),
            );
        }
    }
}

/// Every one of `arrays` (called `argument`) can be broadcast to the shape of `out`.
#[inline]
#[track_caller]
pub(crate) fn parts_broadcast<A, D1: Dimension, D: Dimension>(
    kernel: &str,
    argument: &str,
    arrays: &[&ArrayRef<A, D1>],
    out: &ArrayRef<A, D>,
) {
    for (position, array) in arrays.iter().enumerate() {
        if array.broadcast(out.raw_dim()).is_none() {
            let (has, needs) = (array.shape(), out.shape());
            fail(
                kernel,
                format_args!(
                    "`{argument}[{position}]` has shape {has:?}, \
                     which cannot be broadcast to the shape of `out`, {needs:?}"
                ),
            );
        }
    }
}

/// `array` as a view of the shape of `model`, which is not `out`.
#[inline]
#[track_caller]
pub(crate) fn broadcast_to<'a, A, B, D1: Dimension, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &'a ArrayRef<A, D1>),
    (model_name, model): (&str, &ArrayRef<B, D>),
) -> ArrayView<'a, A, D> {
    if let Some(view) = array.broadcast(model.raw_dim()) {
        return view;
    }
    let (has, needs) = (array.shape(), model.shape());
    fail(
        kernel,
        format_args!(
            "`{argument}` has shape {has:?}, \
             which cannot be broadcast to the shape of `{model_name}`, {needs:?}"
        ),
    )
}

/// `array` as a view of the shape `dim`, which is `why`.
#[inline]
#[track_caller]
pub(crate) fn broadcast_to_dim<'a, A, D1: Dimension, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &'a ArrayRef<A, D1>),
    dim: D,
    why: &str,
) -> ArrayView<'a, A, D> {
    if let Some(view) = array.broadcast(dim.clone()) {
        return view;
    }
    let (has, needs) = (array.shape(), dim.slice());
    fail(
        kernel,
        format_args!(
            "`{argument}` has shape {has:?}, which cannot be broadcast to {why}, {needs:?}"
        ),
    )
}

/// `array` has as many elements as `model`, in whatever shape.
#[inline]
#[track_caller]
pub(crate) fn same_count<A, B, D1: Dimension, D2: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D1>),
    (model_name, model): (&str, &ArrayRef<B, D2>),
) {
    if array.len() != model.len() {
        let (has, needs) = (array.shape(), model.len());
        fail(
            kernel,
            format_args!(
                "`{argument}` has shape {has:?}, \
                 but must have as many elements as `{model_name}`, {needs}"
            ),
        );
    }
}

/// `array` has the shape `needs`, which `why` explains ("but must have …").
#[inline]
#[track_caller]
pub(crate) fn shape_is<A, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    mut needs: impl Iterator<Item = Option<usize>> + Clone,
    why: Arguments<'_>,
) {
    let has = array.shape();
    if !needs.clone().eq(has.iter().map(|&len| Some(len))) {
        // An overflow is longer than any axis.
        let needs: Vec<_> = needs.by_ref().map(|len| len.unwrap_or(usize::MAX)).collect();
        fail(
            kernel,
            format_args!("`{argument}` has shape {has:?}, but must have {why}, {needs:?}"),
        );
    }
}

/// `axis` of `array` has the length `needs`, which is `what`.
#[inline]
#[track_caller]
pub(crate) fn axis_len<A, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    axis: Axis,
    needs: usize,
    what: &str,
) {
    let (has, axis) = (array.len_of(axis), axis.index());
    if has != needs {
        fail(
            kernel,
            format_args!(
                "`{argument}` has length {has} along axis {axis}, but must have {what}, {needs}"
            ),
        );
    }
}

/// `argument` has the length `needs`, which is `what`.
#[inline]
#[track_caller]
pub(crate) fn len_is(kernel: &str, (argument, has): (&str, usize), needs: usize, what: &str) {
    if has != needs {
        fail(kernel, format_args!("`{argument}` has length {has}, but must have {what}, {needs}"));
    }
}

/// `out` is a whole multiple of `array` along every axis.
#[inline]
#[track_caller]
pub(crate) fn tiles<A, D1: Dimension, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D1>),
    out: &ArrayRef<A, D>,
) {
    let (has, needs) = (array.shape(), out.shape());
    let fits = |(&tile, &len): (&usize, &usize)| len == 0 || (tile > 0 && len % tile == 0);
    if has.len() > needs.len() || !has.iter().rev().zip(needs.iter().rev()).all(fits) {
        fail(
            kernel,
            format_args!(
                "`{argument}` has shape {has:?}, \
                 whose whole multiples do not give the shape of `out`, {needs:?}"
            ),
        );
    }
}

/// A mask holds as many trues as `axis` of `array` has positions.
#[inline]
#[track_caller]
pub(crate) fn true_count<A, D: Dimension>(
    kernel: &str,
    (argument, trues): (&str, usize),
    axis: Axis,
    (model_name, array): (&str, &ArrayRef<A, D>),
) {
    let (needs, axis) = (array.len_of(axis), axis.index());
    if trues != needs {
        fail(
            kernel,
            format_args!(
                "`{argument}` is true {trues} times, \
                 but must be so the length of axis {axis} of `{model_name}`, {needs}"
            ),
        );
    }
}

/// `array` has elements along every axis that is to be widened.
#[inline]
#[track_caller]
pub(crate) fn can_be_continued<A, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    widths: &[(usize, usize)],
) {
    let has = array.shape();
    let mut lens = has.iter().zip(widths);
    if let Some(axis) = lens.position(|(&len, &widths)| len == 0 && widths != (0, 0)) {
        fail(
            kernel,
            format_args!(
                "`{argument}` has shape {has:?}, \
                 but must have elements along axis {axis} to fill a margin with"
            ),
        );
    }
}

/// `order` names every axis of `array` once.
#[inline]
#[track_caller]
pub(crate) fn order_of_axes<A, D: Dimension>(
    kernel: &str,
    (argument, order): (&str, &[usize]),
    (model_name, array): (&str, &ArrayRef<A, D>),
) {
    let ndim = array.ndim();
    let once = |(place, axis): (usize, &usize)| *axis < ndim && !order[..place].contains(axis);
    if order.len() != ndim || !order.iter().enumerate().all(once) {
        fail(
            kernel,
            format_args!(
                "`{argument}` is {order:?}, \
                 but must name each of the {ndim} axes of `{model_name}` once"
            ),
        );
    }
}

/// `array` has as many axes as `model` (static types see to that, but not `IxDyn`).
#[inline]
#[track_caller]
pub(crate) fn same_ndim<A, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
    (model_name, model): (&str, &ArrayRef<A, D>),
) {
    if array.ndim() != model.ndim() {
        let (has, needs) = (array.shape(), model.shape());
        fail(
            kernel,
            format_args!(
                "`{argument}` has shape {has:?}, \
                 but must have as many axes as `{model_name}`, {needs:?}"
            ),
        );
    }
}

/// `array` has two axes or more.
#[inline]
#[track_caller]
pub(crate) fn has_two_axes<A, D: Dimension>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D>),
) {
    if array.ndim() < 2 {
        let has = array.shape();
        fail(
            kernel,
            format_args!("`{argument}` has shape {has:?}, but must have two axes or more"),
        );
    }
}

/// Every index is below `bound`, which is `what`.
///
/// All are looked at, in one loop without branches, before the caller writes anything. An index below the bound is one
/// that has no highest bit, and gets it when the bound is subtracted. (SSE2 joins the bits of wide
/// integers, and has no instruction that compares them.)
#[inline]
#[track_caller]
pub(crate) fn all_below<D: Dimension>(
    kernel: &str,
    (argument, indices): (&str, &ArrayRef<usize, D>),
    bound: usize,
    what: Bound<'_>,
) {
    let below = |marks: usize, &index: &usize| marks & !index & index.wrapping_sub(bound);
    let all_are_below = indices.fold(usize::MAX, below) >> (usize::BITS - 1) == 1;
    if !all_are_below {
        let mut beyond = indices.iter().enumerate().filter(|&(_, &index)| index >= bound);
        let (position, index) = beyond.next().expect("one was seen");
        let place = place_of(position, indices.shape());
        match what {
            Bound::AxisOf(Axis(axis), model) => fail(
                kernel,
                format_args!(
                    "`{argument}` holds {index} at {place:?}, \
                     but must be below the length of axis {axis} of `{model}`, {bound}"
                ),
            ),
            Bound::LenOf(model) => fail(
                kernel,
                format_args!(
                    "`{argument}` holds {index} at {place:?}, \
                     but must be below the length of `{model}`, {bound}"
                ),
            ),
        }
    }
}

/// What an index must be below.
pub(crate) enum Bound<'a> {
    /// The length of an axis of an argument.
    AxisOf(Axis, &'a str),
    /// The length of an argument.
    LenOf(&'a str),
}

/// Each of `edges` and the next are in `order`; `must` says it in words.
#[inline]
#[track_caller]
pub(crate) fn in_order<A: Copy>(
    kernel: &str,
    (argument, edges): (&str, &ArrayRef1<A>),
    order: impl Fn(A, A) -> bool,
    must: &str,
) {
    let pairs = edges.iter().zip(edges.iter().skip(1));
    if let Some(before) = pairs.into_iter().position(|(&one, &next)| !order(one, next)) {
        let place = before + 1;
        fail(kernel, format_args!("`{argument}` must {must}, but at {place} it does not"));
    }
}

fn same_apart_from(one: &[usize], axis: usize, other: &[usize]) -> bool {
    let mut lens = one.iter().zip(other).enumerate();
    one.len() == other.len() && lens.all(|(at, (a, b))| at == axis || a == b)
}

/// The index of the element at `position` in logical order.
fn place_of(mut position: usize, shape: &[usize]) -> Vec<usize> {
    let mut place = shape.to_vec();
    for (place, &len) in place.iter_mut().zip(shape).rev() {
        *place = position % len;
        position /= len;
    }
    place
}

#[cold]
#[inline(never)]
#[track_caller]
fn fail(kernel: &str, what: Arguments<'_>) -> ! {
    panic!("{kernel}: {what}")
}
