//! One voice for every mismatch: the guards that kernels call before they write.
//!
//! Each guard names the kernel, the argument, what the argument is and what it has to be. The caller's
//! line is reported (`#[track_caller]` all the way), and text is formatted on the failing path alone, so
//! that a kernel that succeeds never allocates.

use std::any::{Any, type_name};
use std::panic::{self, AssertUnwindSafe};

use ndarray::{ArrayRef, ArrayView, Axis, Dimension};

use crate::kernel::engine::number::element;

/// `argument` as a view of the shape of `out`, repeated where broadcasting asks for it.
#[inline]
#[track_caller]
pub(crate) fn broadcast<'a, A, B, D1, D>(
    kernel: &str,
    argument: &str,
    array: &'a ArrayRef<A, D1>,
    out: &ArrayRef<B, D>,
) -> ArrayView<'a, A, D>
where
    D1: Dimension,
    D: Dimension,
{
    broadcast_to(kernel, (argument, array), ("out", out))
}

/// `array` (called `argument`) as a view of the shape of `model` (called `model_name`).
#[inline]
#[track_caller]
pub(crate) fn broadcast_to<'a, A, B, D1, D>(
    kernel: &str,
    (argument, array): (&str, &'a ArrayRef<A, D1>),
    (model_name, model): (&str, &ArrayRef<B, D>),
) -> ArrayView<'a, A, D>
where
    D1: Dimension,
    D: Dimension,
{
    match array.broadcast(model.raw_dim()) {
        Some(view) => view,
        None => cannot_broadcast(kernel, argument, array.shape(), model_name, model.shape()),
    }
}

/// `array` (called `argument`) has the shape of `model` (called `model_name`).
#[inline]
#[track_caller]
pub(crate) fn same_shape<A, B, D1, D2>(
    kernel: &str,
    (argument, array): (&str, &ArrayRef<A, D1>),
    (model_name, model): (&str, &ArrayRef<B, D2>),
) where
    D1: Dimension,
    D2: Dimension,
{
    if array.shape() != model.shape() {
        wrong_shape(kernel, argument, array.shape(), model_name, model.shape());
    }
}

/// `axis` is one of the axes of `array` (called `argument`).
#[inline]
#[track_caller]
pub(crate) fn axis<A, D: Dimension>(
    kernel: &str,
    axis: Axis,
    (argument, array): (&str, &ArrayRef<A, D>),
) {
    if axis.index() >= array.ndim() {
        no_such_axis(kernel, axis, argument, array.shape());
    }
}

/// A permutation (called `argument`) has the length of `axis` of `array` (called `model_name`).
#[inline]
#[track_caller]
pub(crate) fn permutation_len<A, D: Dimension>(
    kernel: &str,
    (argument, len): (&str, usize),
    axis: Axis,
    (model_name, array): (&str, &ArrayRef<A, D>),
) {
    if len != array.len_of(axis) {
        wrong_permutation_len(kernel, argument, len, axis, model_name, array.len_of(axis));
    }
}

/// `argument` has `len` elements, as `model_name` has.
#[inline]
#[track_caller]
pub(crate) fn same_len(
    kernel: &str,
    (argument, len): (&str, usize),
    (model_name, need): (&str, usize),
) {
    if len != need {
        wrong_len(kernel, argument, len, model_name, need);
    }
}

/// No integer is divided by zero. `divisors` (called `argument`) are not repeated yet, so this look at them is short; and
/// where `out` is empty nothing is divided.
#[inline]
#[track_caller]
pub(crate) fn divisors<A, B, D1, D>(
    kernel: &str,
    (argument, divisors): (&str, &ArrayRef<A, D1>),
    out: &ArrayRef<B, D>,
) where
    A: Copy + 'static,
    D1: Dimension,
    D: Dimension,
{
    if !out.is_empty() && element::hold_integer_zero(divisors) {
        zero_divisor(kernel, argument);
    }
}

/// Does the arithmetic of a kernel on elements of the type `A`.
///
/// Where overflow checks are on, integers that overflow panic in the middle of it, at a line of this crate or of core. In
/// builds with debug assertions, which have these checks as a rule, that panic is caught here and becomes one at the caller's
/// line, with the kernel's name. Any other panic passes. Other builds just do the work.
#[inline(always)]
#[track_caller]
pub(crate) fn arithmetic<A, R>(kernel: &str, work: impl FnOnce() -> R) -> R {
    if !cfg!(debug_assertions) {
        return work();
    }
    // What the work has left half done is given up by the panic that follows.
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(payload) => overflow(kernel, type_name::<A>(), payload),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn overflow(kernel: &str, elements: &str, payload: Box<dyn Any + Send>) -> ! {
    match payload.downcast_ref() {
        Some(&message) if is_overflow(message) => {
            panic!("{kernel}: {elements} overflows: {message}")
        }
        _ => panic::resume_unwind(payload),
    }
}

/// Whether a message is one of core's, such as "attempt to add with overflow".
fn is_overflow(message: &str) -> bool {
    message.starts_with("attempt to ") && message.ends_with(" with overflow")
}

#[cold]
#[inline(never)]
#[track_caller]
fn cannot_broadcast(
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

#[cold]
#[inline(never)]
#[track_caller]
fn zero_divisor(kernel: &str, argument: &str) -> ! {
    panic!("{kernel}: `{argument}` holds a zero, by which integers cannot be divided")
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_shape(kernel: &str, argument: &str, has: &[usize], model: &str, needs: &[usize]) -> ! {
    panic!(
        "{kernel}: `{argument}` has shape {has:?}, \
         but must have the shape of `{model}`, {needs:?}"
    )
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_such_axis(kernel: &str, axis: Axis, argument: &str, shape: &[usize]) -> ! {
    panic!("{kernel}: `{argument}` has shape {shape:?}, which has no axis {}", axis.index())
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_permutation_len(
    kernel: &str,
    argument: &str,
    has: usize,
    axis: Axis,
    model: &str,
    needs: usize,
) -> ! {
    panic!(
        "{kernel}: `{argument}` has length {has}, \
         but must have the length of axis {} of `{model}`, {needs}",
        axis.index(),
    )
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_len(kernel: &str, argument: &str, has: usize, model: &str, needs: usize) -> ! {
    panic!(
        "{kernel}: `{argument}` has length {has}, but must have the length of `{model}`, {needs}"
    )
}
