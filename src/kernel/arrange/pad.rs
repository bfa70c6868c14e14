//! Padding: a margin around an array.
//!
//! ```text
//! copy the array into the middle of `out`
//! for each axis:
//!     fill the margins along it from the elements between them
//! ```
//!
//! When an axis is padded, the elements between its margins already include the margins of the axes before it. So the
//! margins of later axes fill the corners, and no index is ever computed for more than one axis.

use ndarray::{ArrayRef, ArrayViewMut, Axis, RemoveAxis, Slice};

use crate::kernel::engine::copy::rows::runs_along;
use crate::kernel::engine::{check, copy};

/// How the margin of [`pad_into`] is filled: NumPy's modes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Pad<A> {
    /// The same value everywhere: `x x | a b c | x x`.
    Constant(A),
    /// Repeats the outermost element: `a a | a b c | c c`.
    Edge,
    /// Mirrored at the outermost element: `c b | a b c | b a`. Wide margins are mirrored repeatedly.
    Reflect,
    /// Mirrored at the edge, so that the outermost element occurs twice: `b a | a b c | c b`.
    Symmetric,
    /// Continued periodically, from the other end: `b c | a b c | a b`.
    Wrap,
}

/// Copies `a` into the middle of `out` and fills the margins around it.
///
/// *out\[before₀ + i, before₁ + j, …\] = a\[i, j, …\]*, and elsewhere the value that `pad` defines, along one axis
/// after the other
///
/// `widths` holds (before, after) for each axis, and along each axis the length of `out` is that of `a` and both
/// margins. Margins may be wider than the array, or zero.
///
/// NaN is moved like any value. An `a` without elements can be padded by [`Pad::Constant`], and in the other modes
/// along axes that have elements. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `widths` has not one pair for each axis, `out` not the shape of `a` with its margins, or a margin has
/// nothing to be filled with, because the axis has no elements; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.pad(a, widths, mode)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, Array2, array};
/// use ndarray_pool::kernel::{Pad, pad_into};
///
/// let mut out = Array1::zeros(7);
/// pad_into(&array![1, 2, 3], &[(2, 2)], Pad::Reflect, &mut out);
/// assert_eq!(out, array![3, 2, 1, 2, 3, 2, 1]);
///
/// let mut out = Array2::zeros((2, 4));
/// pad_into(&array![[1, 2]], &[(1, 0), (0, 2)], Pad::Constant(9), &mut out);
/// assert_eq!(out, array![[9, 9, 9, 9], [1, 2, 9, 9]]);
/// ```
#[doc(alias = "border")]
#[doc(alias = "margin")]
#[doc(alias = "halo")]
#[track_caller]
pub fn pad_into<A, D>(
    a: &ArrayRef<A, D>,
    widths: &[(usize, usize)],
    pad: Pad<A>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    let what = "the number of axes of `a`";
    check::len_is("pad_into", ("widths", widths.len()), a.ndim(), what);
    let padded = a.shape().iter().zip(widths);
    let padded = padded.map(|(len, &(before, after))| len.checked_add(before)?.checked_add(after));
    let why = format_args!("the shape of `a` with its margins");
    check::shape_is("pad_into", ("out", out), padded, why);
    if !matches!(pad, Pad::Constant(_)) {
        check::can_be_continued("pad_into", ("a", a), widths);
    }
    if out.is_empty() {
        return; // an empty array may still have any number of rows
    }
    let middle = |axis: usize| Slice::from(widths[axis].0..widths[axis].0 + a.len_of(Axis(axis)));
    let mut inner = out.view_mut();
    for axis in 0..inner.ndim() {
        inner.slice_axis_inplace(Axis(axis), middle(axis));
    }
    copy::copy(a.view(), &mut inner);
    for axis in (0..a.ndim()).filter(|&axis| widths[axis] != (0, 0)) {
        let mut wide = out.view_mut();
        for later in axis + 1..a.ndim() {
            wide.slice_axis_inplace(Axis(later), middle(later));
        }
        fill_margins(wide, Axis(axis), widths[axis].0, a.len_of(Axis(axis)), pad);
    }
}

/// Fills the margins along `axis`, before `before` and from `before + len` on, from the elements between them.
fn fill_margins<A: Copy + 'static, D: RemoveAxis>(
    mut out: ArrayViewMut<'_, A, D>,
    axis: Axis,
    before: usize,
    len: usize,
    pad: Pad<A>,
) {
    if out.is_empty() {
        return;
    }
    let margins = (0..before).chain(before + len..out.len_of(axis));
    if let Pad::Constant(value) = pad {
        let (mut low, rest) = out.split_at(axis, before);
        let (_, mut high) = rest.split_at(axis, len);
        low.fill(value);
        high.fill(value);
    } else if runs_along(&out, axis) {
        for mut lane in out.lanes_mut(axis) {
            for position in margins.clone() {
                lane[position] = lane[source(position, before, len, pad)];
            }
        }
    } else {
        for position in margins {
            let from = source(position, before, len, pad);
            let (low, high) = (from.min(position), from.max(position));
            let (head, mut tail) = out.view_mut().split_at(axis, high);
            let (_, mut head) = head.split_at(axis, low);
            head.slice_axis_inplace(axis, (..1).into());
            tail.slice_axis_inplace(axis, (..1).into());
            match position < from {
                true => copy::copy(tail.view(), &mut head),
                false => copy::copy(head.view(), &mut tail),
            }
        }
    }
}

/// The position that a margin's `position` is filled from, among the `len` positions from `before` on.
fn source<A>(position: usize, before: usize, len: usize, pad: Pad<A>) -> usize {
    // The distance from the first element, on an endless line; a multiple of the period makes it positive.
    let within = |period: usize| (position + before.div_ceil(period) * period - before) % period;
    let index = match pad {
        Pad::Constant(_) => unreachable!("a constant comes from nowhere"),
        Pad::Edge => position.clamp(before, before + len - 1) - before,
        Pad::Wrap => within(len),
        Pad::Symmetric => {
            let index = within(2 * len);
            index.min(2 * len - 1 - index)
        }
        Pad::Reflect if len == 1 => 0,
        Pad::Reflect => {
            let index = within(2 * len - 2);
            index.min(2 * len - 2 - index)
        }
    };
    before + index
}
