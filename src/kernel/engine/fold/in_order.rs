//! Reductions by closures that take one element after another, from the first to the last: no tree, because their order
//! is part of the result.
//!
//! Several lanes are folded side by side ([`CHAINED_LANES`] of them, or all lanes across a row), so that the latency of
//! one call does not delay the next.

use ndarray::{ArrayRef, ArrayView, ArrayView1, Axis, RemoveAxis};

use crate::kernel::engine::axes::{BehindFirst, align, first_before, lanes_are_narrow, to_front};
use crate::kernel::engine::tuning::{CHAINED_LANES, LANES};

/// Folds each lane of `a` along `axis` from its first element to its last, starting with `init`.
pub(crate) fn along_axis<A, B, D>(
    mut a: ArrayView<'_, A, D>,
    axis: Axis,
    init: B,
    out: &mut ArrayRef<B, D::Smaller>,
    mut f: impl FnMut(B, A) -> B,
) where
    A: Copy,
    B: Copy,
    D: RemoveAxis,
{
    if out.is_empty() {
        return;
    }
    let mut out = out.view_mut();
    to_front(&mut a, axis);
    let along = align(&mut [&mut BehindFirst(&mut a), &mut out]);
    if lanes_are_narrow(&a, along) {
        let (mut lanes, mut out) = (a.lanes(Axis(0)).into_iter(), out.iter_mut());
        // Values of 1 or 2 bytes are integers, whose lanes the compiler vectorises one by one.
        while size_of::<B>() >= 4 && lanes.len() >= CHAINED_LANES {
            let lanes: [_; CHAINED_LANES] =
                std::array::from_fn(|_| lanes.next().expect("counted above"));
            let values = beside(&lanes, init, &mut f);
            values.into_iter().zip(&mut out).for_each(|(value, out)| *out = value);
        }
        lanes.zip(out).for_each(|(lane, out)| [*out] = beside(&[lane], init, &mut f));
        return;
    }
    let len = a.len_of(Axis(0));
    let across = first_before(&mut a, along);
    out.fill(init);
    let columns = a.len_of(across);
    if len > 0
        && columns < LANES
        && let (Some(a), Some(out)) = (a.as_slice(), out.as_slice_mut())
    {
        for (out, rows) in out.chunks_exact_mut(columns).zip(a.chunks_exact(len * columns)) {
            for row in rows.chunks_exact(columns) {
                out.iter_mut().zip(row).for_each(|(out, &x)| *out = f(*out, x));
            }
        }
        return;
    }
    let mut rows = a.lanes(across).into_iter();
    for mut out in out.lanes_mut(along) {
        for row in rows.by_ref().take(len) {
            match (row.as_slice(), out.as_slice_mut()) {
                (Some(row), Some(out)) => {
                    out.iter_mut().zip(row).for_each(|(out, &x)| *out = f(*out, x));
                }
                _ => out.iter_mut().zip(row).for_each(|(out, &x)| *out = f(*out, x)),
            }
        }
    }
}

/// Folds lanes of equal length from their first element to their last, interleaved: the calls of one lane need not wait
/// for those of another.
fn beside<A: Copy, B: Copy, const N: usize>(
    lanes: &[ArrayView1<'_, A>; N],
    init: B,
    f: &mut impl FnMut(B, A) -> B,
) -> [B; N] {
    let len = lanes[0].len();
    let slices = lanes.each_ref().map(|lane| lane.as_slice().map(|lane| &lane[..len]));
    if slices.iter().any(Option::is_none) {
        return lanes.map(|lane| lane.iter().fold(init, |value, &x| f(value, x)));
    }
    let slices = slices.map(|lane| lane.expect("looked at above"));
    (0..len).fold([init; N], |values, at| std::array::from_fn(|k| f(values[k], slices[k][at])))
}
