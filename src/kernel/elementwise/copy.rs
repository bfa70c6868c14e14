//! Copying into an array that is already there.

use ndarray::{ArrayRef, Dimension};

use crate::kernel::engine::{check, copy};

/// Copies `a` into `out`, repeating it where broadcasting asks for it.
///
/// *out\[i\] = a\[i\]*
///
/// `a` has any shape that broadcasts to the shape of `out`: `out` n×m takes an `a` of n×m, 1×m, n×1, m, 1 or
/// no axes. Arrays of the same memory layout are copied as one block.
///
/// NaN is copied like any value, with its payload. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.copyto(out, a)` and ndarray's `out.assign(&a)`.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, array};
/// use ndarray_pool::kernel::copy_into;
///
/// let row = array![1, 2, 3];
/// let mut out = Array2::zeros((2, 3));
/// copy_into(&row, &mut out);
/// assert_eq!(out, array![[1, 2, 3], [1, 2, 3]]);
/// ```
#[doc(alias = "copyto")]
#[doc(alias = "assign")]
#[doc(alias = "broadcast_to")]
#[track_caller]
pub fn copy_into<A, D1, D>(a: &ArrayRef<A, D1>, out: &mut ArrayRef<A, D>)
where
    A: Copy + 'static,
    D1: Dimension,
    D: Dimension,
{
    copy::copy(check::broadcast("copy_into", "a", a, out), out);
}
