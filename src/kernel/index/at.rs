//! Accumulation at indices: values are combined into the elements that an index array names, which may repeat.

use ndarray::{ArrayRef, ArrayRef1, Axis, Dimension, RemoveAxis, Zip};

use crate::kernel::engine::check;
use crate::kernel::engine::check::Bound;
use crate::kernel::engine::copy::rows::runs_along;

/// Combines each row of `values` with the row of `a` that an index names, with any function.
///
/// *a\[…, indices\[i\], …\] ← f(a\[…, indices\[i\], …\], values\[…, i, …\])*, with i at the place of `axis`, from
/// the first i to the last
///
/// `a` has any length n along the axis, and `indices` m elements below n. `values` has any shape that broadcasts to the
/// shape of `a` with m positions along the axis: one value is `&aview0(&x)`. Rows that no index names are unchanged; a
/// row that is named several times is combined with each of its values. The first argument of `f` is the element of
/// `a`.
///
/// NaN reaches `f` like any value. Empty arrays are fine. `a` cannot overlap the other two.
///
/// # Panics
///
/// If `a` has no such axis, `values` cannot be broadcast to the shape described above, or an index is not below the
/// length of the axis; nothing is written then. A panic of `f` passes through and leaves `a` partly changed.
///
/// # Replaces
///
/// NumPy's `ufunc.at(a, indices, values)`, such as `np.add.at`, and the `weights` of `np.bincount` and
/// `np.histogram`. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Axis, array};
/// use ndarray_pool::kernel::at_axis_inplace;
///
/// let (cities, rain) = (array![0, 2, 0, 2], array![1.5, 4.0, 2.0, 8.0]);
/// let mut total = array![0.0, 0.0, 0.0];
/// at_axis_inplace(&mut total, Axis(0), &cities, &rain, |sum, x| sum + x);
/// assert_eq!(total, array![3.5, 0.0, 12.0]);
/// ```
#[doc(alias = "ufunc.at")]
#[doc(alias = "scatter_add")]
#[doc(alias = "index_add")]
#[track_caller]
pub fn at_axis_inplace<A, B, D1, D, F>(
    a: &mut ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef1<usize>,
    values: &ArrayRef<B, D1>,
    mut f: F,
) where
    A: Copy + 'static,
    B: Copy + 'static,
    D1: Dimension,
    D: RemoveAxis,
    F: FnMut(A, B) -> A,
{
    const NAME: &str = "at_axis_inplace";
    check::axis(NAME, axis, ("a", a));
    let mut dim = a.raw_dim();
    dim[axis.index()] = indices.len();
    let why = "the shape of `a` with the length of `indices` along the axis";
    let values = check::broadcast_to_dim(NAME, ("values", values), dim, why);
    let bound = Bound::AxisOf(axis, "a");
    check::all_below(NAME, ("indices", indices), a.len_of(axis), bound);
    if values.is_empty() {
        return;
    }
    if runs_along(a, axis) {
        for (mut a, values) in a.lanes_mut(axis).into_iter().zip(values.lanes(axis)) {
            let mut bring = |(&index, &value)| a[index] = f(a[index], value);
            match values.as_slice() {
                Some(values) => indices.iter().zip(values).for_each(&mut bring),
                None => indices.iter().zip(values).for_each(&mut bring),
            }
        }
    } else {
        for (&index, values) in indices.iter().zip(values.axis_iter(axis)) {
            let mut row = a.index_axis_mut(axis, index);
            Zip::from(&mut row).and(&values).for_each(|a, &value| *a = f(*a, value));
        }
    }
}
