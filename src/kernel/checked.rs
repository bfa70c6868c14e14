//! The walks of kernels whose formula fails for a few numbers, which another, slower one is right for.
//!
//! `quick` gives a result and whether that is certain, `careful` the result where it is not. Doubts are collected and not
//! looked at one by one: so the loop has no branch, and is vectorised.

use ndarray::{ArrayRef, ArrayView, Dimension, Zip};

use super::drive::zip_map_as;
use super::runs::Route;
use super::stream;

/// `out[i] = quick(a[i], b[i])` where that is certain, and `careful(a[i], b[i])` elsewhere.
///
/// Doubts are counted and not looked at, so that the loop has no branch and is vectorised. All elements are looked at again if
/// there was one.
pub(super) fn zip_map<A, B, C, D>(
    a: ArrayView<'_, A, D>,
    b: ArrayView<'_, B, D>,
    out: &mut ArrayRef<C, D>,
    quick: impl Fn(A, B) -> (C, bool),
    careful: impl Fn(A, B) -> C,
) where
    A: Copy,
    B: Copy,
    C: Copy + 'static,
    D: Dimension,
{
    // As wide as the numbers that are compared, so that the masks of both go together.
    let (mut wide_doubts, mut doubts) = (0_u64, 0_u32);
    let operand_bytes = stream::bytes_of_two(&a, &b) + stream::bytes_of(out);
    zip_map_as(&a, &b, out, Route::of::<C>(operand_bytes), |a, b| {
        let (c, is_certain) = quick(a, b);
        match const { align_of::<C>() } {
            8 => wide_doubts |= u64::from(!is_certain),
            _ => doubts |= u32::from(!is_certain),
        }
        c
    });
    if wide_doubts != 0 || doubts != 0 {
        Zip::from(out).and(&a).and(&b).for_each(|out, &a, &b| {
            *out = match quick(a, b) {
                (c, true) => c,
                _ => careful(a, b),
            };
        });
    }
}
