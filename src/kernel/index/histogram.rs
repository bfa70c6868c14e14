//! Counting: how many values lie between edges, and how often each integer occurs.

use ndarray::{ArrayRef, ArrayRef1, Dimension};

use crate::kernel::engine::check;
use crate::kernel::engine::check::Bound;
use crate::kernel::engine::tuning::COUNTS_ON_STACK;
use crate::kernel::index::search::{Side, each, place};

/// Counts the values between each pair of neighbouring `edges`.
///
/// *out\[j\] = number of i with edges\[j\] ≤ values\[i\] < edges\[j + 1\]*; the last interval includes its upper end
///
/// `values` has any shape, `edges` n + 1 elements in ascending order, equal ones allowed, and `out` n. Between equal
/// edges nothing is counted, unless they are the last two. What `out` held before does not matter.
///
/// NaN among the values, and values outside the edges, are not counted. Without values all counts are zero. `out`
/// cannot overlap the inputs.
///
/// # Panics
///
/// If `edges` does not have one element more than `out`, or is not in ascending order, which no edges with NaN are;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.histogram(values, edges)`, which allocates. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::histogram_into;
///
/// let values = array![0.0, 0.5, 1.0, 2.0, 3.0, f64::NAN];
/// let mut counts = Array1::zeros(2);
/// histogram_into(&values, &array![0.0, 1.0, 2.0], &mut counts);
/// assert_eq!(counts, array![2, 2]);
/// ```
#[doc(alias = "hist")]
#[doc(alias = "count")]
#[track_caller]
pub fn histogram_into<A, D>(
    values: &ArrayRef<A, D>,
    edges: &ArrayRef1<A>,
    out: &mut ArrayRef1<usize>,
) where
    A: Copy + PartialOrd + 'static,
    D: Dimension,
{
    let what = "one more than `out`";
    check::len_is("histogram_into", ("edges", edges.len()), out.len() + 1, what);
    let rises = |one: A, next: A| one <= next;
    check::in_order("histogram_into", ("edges", edges), rises, "rise");
    out.fill(0);
    let last = edges[edges.len() - 1];
    each(values, |value| {
        let below = place(edges, value, Side::Right);
        if below > 0 && below < edges.len() {
            out[below - 1] += 1;
        } else if value == last && !out.is_empty() {
            out[below - 2] += 1;
        }
    });
}

/// Counts how often each integer occurs.
///
/// *out\[j\] = number of i with values\[i\] = j*
///
/// `values` has any shape, and `out` n elements, where n is larger than the largest value. What `out` held before does
/// not matter.
///
/// Without values all counts are zero. `values` and `out` cannot overlap.
///
/// # Panics
///
/// If a value is not below the length of `out`; nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.bincount(values, minlength=n)`, which allocates (and makes the result longer where a value is
/// larger). ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array};
/// use ndarray_pool::kernel::bincount_into;
///
/// let mut counts = Array1::zeros(5);
/// bincount_into(&array![0, 1, 1, 3, 1], &mut counts);
/// assert_eq!(counts, array![1, 3, 0, 1, 0]);
/// ```
#[doc(alias = "count")]
#[doc(alias = "tally")]
#[track_caller]
pub fn bincount_into<D>(values: &ArrayRef<usize, D>, out: &mut ArrayRef1<usize>)
where
    D: Dimension,
{
    if out.len() <= COUNTS_ON_STACK {
        // Counted on the stack, not in `out`: so nothing is written if a value turns out to be too large.
        let counts = &mut [0; COUNTS_ON_STACK][..out.len()];
        let mut all_fit = true;
        each(values, |value| match counts.get_mut(value) {
            Some(count) => *count += 1,
            None => all_fit = false,
        });
        if all_fit {
            return out.iter_mut().zip(counts).for_each(|(out, count)| *out = *count);
        }
    }
    let bound = Bound::LenOf("out");
    check::all_below("bincount_into", ("values", values), out.len(), bound);
    out.fill(0);
    match out.as_slice_mut() {
        Some(out) => each(values, |value| out[value] += 1),
        None => each(values, |value| out[value] += 1),
    }
}
