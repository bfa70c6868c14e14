//! Binary search: the positions of values in a sorted list, and the intervals between edges that values lie in.
//!
//! The order is NumPy's: NaN comes after everything else. For numbers that cannot be NaN it is `<`.

use ndarray::{ArrayRef, ArrayRef1, ArrayView, Dimension};

use crate::kernel::engine::number::order::is_nan;
use crate::kernel::engine::{check, map};

/// On which side of equal elements [`searchsorted_into`] puts a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before equal elements.
    Left,
    /// After equal elements.
    Right,
}

/// Which end of an interval is part of it, in [`digitize_into`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closed {
    /// The lower end: low ≤ x < high, NumPy's `right=False`.
    Left,
    /// The upper end: low < x ≤ high, NumPy's `right=True`.
    Right,
}

/// Finds for each value the position at which it could be inserted into a sorted list, so that the list stays sorted.
///
/// *out\[i\] = number of s in `sorted` with s < values\[i\]* (with [`Side::Right`], s ≤ values\[i\])
///
/// `sorted` has n elements in ascending order, `values` any shape that broadcasts to the shape of `out`, and `out` gets
/// positions from 0 to n. Each is found by binary search, in about log₂ n steps. If the list is not sorted, which is
/// not checked, positions have no meaning.
///
/// NaN comes after everything else, in the list as in the values. Empty arrays are fine. `out` cannot overlap the
/// inputs.
///
/// # Panics
///
/// If `values` cannot be broadcast to the shape of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.searchsorted(sorted, values, side)`, which allocates, and `sorted.partition_point(|s| s < value)`
/// of std's slices for each value. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::{Side, searchsorted_into};
///
/// let (sorted, values) = (array![1.0, 2.0, 2.0, 3.0], array![0.5, 2.0, 9.0]);
/// let mut places = Array1::zeros(3);
/// searchsorted_into(&sorted, &values, Side::Left, &mut places);
/// assert_eq!(places, array![0, 1, 4]);
/// searchsorted_into(&sorted, &values, Side::Right, &mut places);
/// assert_eq!(places, array![0, 3, 4]);
/// ```
#[doc(alias = "partition_point")]
#[doc(alias = "binary_search")]
#[doc(alias = "lower_bound")]
#[doc(alias = "bisect")]
#[track_caller]
pub fn searchsorted_into<A, D1, D>(
    sorted: &ArrayRef1<A>,
    values: &ArrayRef<A, D1>,
    side: Side,
    out: &mut ArrayRef<usize, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D: Dimension,
{
    let values = check::broadcast("searchsorted_into", "values", values, out);
    map_places(sorted, side, values, out, |place| place);
}

/// Finds for each value the interval between `edges` that it lies in.
///
/// *out\[i\] = j, where edges\[j − 1\] ≤ values\[i\] < edges\[j\]* for ascending edges; 0 before the first, n after the
/// last
///
/// `edges` has n elements in ascending or descending order, equal ones allowed; `values` has any shape that broadcasts
/// to the shape of `out`. For descending edges, *edges\[j − 1\] > values\[i\] ≥ edges\[j\]*. This is for
/// [`Closed::Left`]; with [`Closed::Right`] the upper end is part of an interval instead of the lower one.
///
/// NaN counts as larger than everything else. Empty arrays are fine; without edges all values are in interval 0.
/// `out` cannot overlap the inputs.
///
/// # Panics
///
/// If `values` cannot be broadcast to the shape of `out`, or `edges` are in neither order; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.digitize(values, edges, right)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::{Closed, digitize_into};
///
/// let (values, edges) = (array![0.2, 1.0, 6.4, 3.0], array![0.0, 1.0, 2.5, 4.0]);
/// let mut intervals = Array1::zeros(4);
/// digitize_into(&values, &edges, Closed::Left, &mut intervals);
/// assert_eq!(intervals, array![1, 2, 4, 3]);
/// ```
#[doc(alias = "bin")]
#[doc(alias = "cut")]
#[track_caller]
pub fn digitize_into<A, D1, D>(
    values: &ArrayRef<A, D1>,
    edges: &ArrayRef1<A>,
    closed: Closed,
    out: &mut ArrayRef<usize, D>,
) where
    A: Copy + PartialOrd + 'static,
    D1: Dimension,
    D: Dimension,
{
    let values = check::broadcast("digitize_into", "values", values, out);
    let falls = edges.len() > 1 && comes_before(edges[edges.len() - 1], edges[0]);
    let in_order =
        |one, next| if falls { !comes_before(one, next) } else { !comes_before(next, one) };
    check::in_order("digitize_into", ("edges", edges), in_order, "rise or fall");
    let mut edges = edges.view();
    if falls {
        edges.invert_axis(ndarray::Axis(0));
    }
    let side = match closed {
        Closed::Left => Side::Right,
        Closed::Right => Side::Left,
    };
    match falls {
        false => map_places(&edges, side, values, out, |below| below),
        true => map_places(&edges, side, values, out, |below| edges.len() - below),
    }
}

/// Passes every value to `see`, in memory order where the values are contiguous.
pub(crate) fn each<A: Copy, D: Dimension>(values: &ArrayRef<A, D>, mut see: impl FnMut(A)) {
    match values.as_slice_memory_order() {
        Some(values) => values.iter().for_each(|&value| see(value)),
        None => values.iter().for_each(|&value| see(value)),
    }
}

/// `out[i] = f(position of values[i])`. (Conditions that do not depend on the value are tested before the loop: in it,
/// they took a quarter of the time.)
fn map_places<A, D>(
    sorted: &ArrayRef1<A>,
    side: Side,
    values: ArrayView<'_, A, D>,
    out: &mut ArrayRef<usize, D>,
    f: impl Fn(usize) -> usize,
) where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    match (sorted.as_slice(), side) {
        (Some(slice), Side::Left) => map::map(values, out, move |value| match is_nan(value) {
            true => f(place(sorted, value, side)),
            false => f(slice.partition_point(|&element| element < value)),
        }),
        (Some(slice), Side::Right) => map::map(values, out, move |value| match is_nan(value) {
            true => f(place(sorted, value, side)),
            false => f(slice.partition_point(|&element| element <= value)),
        }),
        (None, _) => map::map(values, out, move |value| f(place(sorted, value, side))),
    }
}

/// How many elements of `sorted` come before `value`, or with [`Side::Right`] not after it.
pub(crate) fn place<A: Copy + PartialOrd>(sorted: &ArrayRef1<A>, value: A, side: Side) -> usize {
    // Once the value is known to be a number, one comparison a step is enough.
    match side {
        Side::Left if is_nan(value) => count_before(sorted, |element| !is_nan(element)),
        Side::Right if is_nan(value) => sorted.len(),
        Side::Left => count_before(sorted, |element| element < value),
        Side::Right => count_before(sorted, |element| element <= value),
    }
}

/// How many elements at the start of `sorted` satisfy `before`.
fn count_before<A: Copy>(sorted: &ArrayRef1<A>, before: impl Fn(A) -> bool) -> usize {
    if let Some(sorted) = sorted.as_slice() {
        return sorted.partition_point(|&element| before(element));
    }
    let (mut low, mut high) = (0, sorted.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(sorted[middle]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// `a < b`, with NaN after everything else.
fn comes_before<A: Copy + PartialOrd>(a: A, b: A) -> bool {
    a < b || (is_nan(b) && !is_nan(a))
}
