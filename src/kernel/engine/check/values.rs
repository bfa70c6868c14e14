//! Checks of what arguments hold: indices, edges, weights, divisors and other numbers; and integer overflow in the
//! arithmetic of a kernel.

use std::any::{Any, type_name};
use std::fmt::Arguments;
use std::ops::RangeInclusive;
use std::panic::{self, AssertUnwindSafe};

use ndarray::{ArrayRef, ArrayRef1, Axis, Dimension};
use num_traits::Float;

use super::{Named, fail};
use crate::kernel::engine::number::element;

/// Every index is below `bound`, which is `what`.
///
/// One loop without branches tests all indices before the caller writes anything: an index is below the bound if its
/// highest bit is clear, and becomes set when the bound is subtracted. (SSE2 can combine the bits of 64-bit integers,
/// but not compare them.)
#[inline]
#[track_caller]
pub(crate) fn all_below<D: Dimension>(
    kernel: &str,
    (argument, indices): Named<'_, '_, usize, D>,
    bound: usize,
    what: Bound<'_>,
) {
    let below = |marks: usize, &index: &usize| marks & !index & index.wrapping_sub(bound);
    let all_are_below = indices.fold(usize::MAX, below) >> (usize::BITS - 1) == 1;
    if !all_are_below {
        let mut beyond = indices.iter().enumerate().filter(|&(_, &index)| index >= bound);
        let (position, index) = beyond.next().expect("one was seen");
        let place = place_of(position, indices.shape());
        let needs = match what {
            Bound::AxisOf(Axis(axis), model) => format!("the length of axis {axis} of `{model}`"),
            Bound::LenOf(model) => format!("the length of `{model}`"),
        };
        fail(
            kernel,
            format_args!(
                "`{argument}` holds {index} at {place:?}, but must be below {needs}, {bound}"
            ),
        );
    }
}

/// What an index must be below.
pub(crate) enum Bound<'a> {
    /// The length of an axis of an argument.
    AxisOf(Axis, &'a str),
    /// The length of an argument.
    LenOf(&'a str),
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

/// Each of `edges` and the next one are in `order`; `demand` says so in the message.
#[inline]
#[track_caller]
pub(crate) fn in_order<A: Copy>(
    kernel: &str,
    (argument, edges): (&str, &ArrayRef1<A>),
    order: impl Fn(A, A) -> bool,
    demand: &str,
) {
    for (before, (&one, &next)) in edges.iter().zip(edges.iter().skip(1)).enumerate() {
        let place = before + 1;
        must!(order(one, next), kernel, "`{argument}` must {demand}, but at {place} it does not");
    }
}

/// `weights` are valid: none is negative, infinite or NaN, and if there are any, at least one is above zero.
#[inline]
#[track_caller]
pub(crate) fn weights<A: Float, D: Dimension>(kernel: &str, weights: &ArrayRef<A, D>) {
    for weight in weights {
        must!(
            *weight >= A::zero() && weight.is_finite(),
            kernel,
            "`weights` holds {}, but must hold finite numbers from zero on",
            weight.to_f64().unwrap_or(f64::NAN)
        );
    }
    must!(
        weights.is_empty() || !weights.iter().all(A::is_zero),
        kernel,
        "`weights` has the sum 0, but must have one above zero"
    );
}

/// No integer is divided by zero. `divisors` are checked before they are broadcast, so that each is read once; where
/// `out` is empty, nothing is divided.
#[inline]
#[track_caller]
pub(crate) fn divisors<A, B, D1, D>(
    kernel: &str,
    (argument, divisors): Named<'_, '_, A, D1>,
    out: &ArrayRef<B, D>,
) where
    A: Copy + 'static,
    D1: Dimension,
    D: Dimension,
{
    must!(
        out.is_empty() || !element::hold_integer_zero(divisors),
        kernel,
        "`{argument}` holds a zero, by which integers cannot be divided"
    );
}

/// Every lane of `array` along `axis` has a number. Reads each lane only up to its first number.
#[inline]
#[track_caller]
pub(crate) fn a_number_in_each_lane<A: Copy + PartialOrd, D: Dimension>(
    kernel: &str,
    (argument, array): Named<'_, '_, A, D>,
    axis: Axis,
) {
    let (shape, is_nan) = (array.shape(), |x: &A| x.partial_cmp(x).is_none());
    must!(
        !array.lanes(axis).into_iter().any(|lane| lane.iter().all(is_nan)),
        kernel,
        "`{argument}` has shape {shape:?}, and nothing but NaN in a lane along axis {}",
        axis.index()
    );
}

/// `value` (called `argument`) lies between zero and `most`; NaN does not.
#[inline]
#[track_caller]
pub(crate) fn between_zero_and(kernel: &str, (argument, value): (&str, f64), most: f64) {
    must!(
        (0.0..=most).contains(&value),
        kernel,
        "`{argument}` is {value}, but must lie between 0 and {most}"
    );
}

/// `value` (called `argument`) is at most `most`.
#[inline]
#[track_caller]
pub(crate) fn no_more_than(kernel: &str, (argument, value): (&str, usize), most: usize) {
    must!(value <= most, kernel, "`{argument}` is {value}, but must be at most {most}");
}

/// The subscripts of a product are as they must be: they `have` something.
#[inline]
#[track_caller]
pub(crate) fn subscripts(kernel: &str, subscripts: &str, holds: bool, have: Arguments<'_>) {
    must!(holds, kernel, "`subscripts` is {subscripts:?}, but must have {have}");
}

/// The length that an axis has in the subscripts is the one that it must have: they `give` something.
#[inline]
#[track_caller]
pub(crate) fn subscripts_fit(kernel: &str, subscripts: &str, holds: bool, give: Arguments<'_>) {
    must!(holds, kernel, "`subscripts` is {subscripts:?}, which needs length {give}");
}

/// There are as many of `argument` as `range` holds.
#[inline]
#[track_caller]
pub(crate) fn count(kernel: &str, (argument, has): (&str, usize), range: RangeInclusive<usize>) {
    let (least, most) = (range.start(), range.end());
    must!(
        range.contains(&has),
        kernel,
        "`{argument}` has length {has}, but must have {least} to {most}"
    );
}

/// Runs `work`, the arithmetic of a kernel on elements of the type `A`.
///
/// Where overflow checks are on, integers that overflow panic in the middle of it, at a line of this crate or of core.
/// In builds with debug assertions, which usually have these checks, that panic is caught here and raised again at the
/// caller's line, with the kernel's name. Any other panic passes through. Other builds just do the work.
#[inline(always)]
#[track_caller]
pub(crate) fn arithmetic<A, R>(kernel: &str, work: impl FnOnce() -> R) -> R {
    if !cfg!(debug_assertions) {
        return work();
    }
    // Unwind-safe, because the panic that follows gives up whatever was left half done.
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
