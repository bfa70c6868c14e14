//! The number of elements that are not zero, along an axis and over all elements.

use std::convert::identity;

use ndarray::{ArrayRef, Axis, Dimension, RemoveAxis};

use crate::kernel::engine::fold::kinds::combine::counting;
use crate::kernel::engine::{check, fold};

/// Counts the elements that are not zero.
///
/// *|{i: a\[i\] ≠ 0}|*
///
/// `a` has any shape. Zero is `A::default()`: 0 for numbers, `false` for truth values.
///
/// NaN is not zero; −0 is. The count of no elements is 0.
///
/// # Replaces
///
/// NumPy's `np.count_nonzero(a)` and ndarray's `a.iter().filter(|&&x| x != 0.0).count()`.
///
/// # Example
///
/// ```
/// use ndarray::array;
/// use ndarray_pool::kernel::whole::count_nonzero;
///
/// assert_eq!(count_nonzero(&array![[0.0, 1.0], [-0.0, f64::NAN]]), 2);
/// assert_eq!(count_nonzero(&array![true, false, true]), 2);
/// ```
#[must_use]
pub fn count_nonzero<A, D>(a: &ArrayRef<A, D>) -> usize
where
    A: Copy + PartialEq + Default + 'static,
    D: Dimension,
{
    let count = match size_of::<A>() {
        1 => fold::of_all(a.view(), &counting::<u8, _>(is_nonzero)),
        2..=4 => fold::of_all(a.view(), &counting::<u32, _>(is_nonzero)),
        _ => fold::of_all(a.view(), &counting::<usize, _>(is_nonzero)),
    };
    count.unwrap_or(0)
}

/// Counts the elements of each lane that are not zero.
///
/// *out\[j\] = |{i: a\[i, j\] ≠ 0}|*
///
/// `a` has any shape with the axis `axis`, and `out` the shape of `a` without that axis: n×m along `Axis(0)` gives m.
/// Zero is `A::default()`: 0 for numbers, `false` for truth values.
///
/// NaN is not zero; −0 is. An axis without elements gives 0. `out` cannot overlap `a`.
///
/// # Panics
///
/// If `a` has no axis `axis`, or `out` does not have the shape of `a` without it; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.count_nonzero(a, axis)`, which has no `out`, and in ndarray `a.map_axis(axis, ..)`; both allocate.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::count_nonzero_axis_into;
///
/// let a = array![[0, 1], [2, 3]];
/// let mut out = array![0, 0];
/// count_nonzero_axis_into(&a, Axis(0), &mut out);
/// assert_eq!(out, array![1, 2]);
/// ```
#[track_caller]
pub fn count_nonzero_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<usize, D::Smaller>,
) where
    A: Copy + PartialEq + Default + 'static,
    D: RemoveAxis,
{
    check::without_axis("count_nonzero_axis_into", ("a", a), axis, out);
    if a.len_of(axis) == 0 {
        return out.fill(0);
    }
    match size_of::<A>() {
        1 => fold::along_axis(a.view(), axis, out, &counting::<u8, _>(is_nonzero), identity),
        2..=4 => fold::along_axis(a.view(), axis, out, &counting::<u32, _>(is_nonzero), identity),
        _ => fold::along_axis(a.view(), axis, out, &counting::<usize, _>(is_nonzero), identity),
    }
}

fn is_nonzero<A: PartialEq + Default>(x: A) -> bool {
    x != A::default()
}
