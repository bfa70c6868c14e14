//! Choosing between several arrays, element by element.

use ndarray::{ArrayRef, Dimension, Zip};

use super::check_index::{self, Bound};
use super::{check, drive};

/// Takes each element from the one of several arrays that `index` names.
///
/// *out\[i\] = choices\[index\[i\]\]\[i\]*
///
/// `index` and every one of `choices` have any shapes that broadcast, each by itself, to the shape of `out`; the
/// choices have equally many axes. Each index is below the number of choices. The arrays are walked once for
/// each choice, so this is for a handful of them; it does not matter where the indices point.
///
/// NaN is moved like any value. If `out` is empty, nothing happens, without choices too. `out` cannot overlap the
/// inputs.
///
/// # Panics
///
/// If `index` or a choice cannot be broadcast to the shape of `out`, or an index is not below the number of choices;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.choose(index, choices, out=out)` (which without `mode='clip'` makes a hidden copy of `out`), and with
/// conditions turned into indices `np.select`. ndarray has no such function.
///
/// # Example
///
/// ```
/// use ndarray::{Array1, array, aview1};
/// use ndarray_pool::kernel::choose_into;
///
/// let (calm, rough) = (array![1.0, 2.0, 3.0], array![10.0, 20.0, 30.0]);
/// let mut out = Array1::zeros(3);
/// choose_into(&array![0, 1, 2], &[&calm, &rough, &aview1(&[0.5])], &mut out);
/// assert_eq!(out, array![1.0, 20.0, 0.5]);
/// ```
#[doc(alias = "select")]
#[doc(alias = "case")]
#[track_caller]
pub fn choose_into<A, D1, D2, D>(
    index: &ArrayRef<usize, D1>,
    choices: &[&ArrayRef<A, D2>],
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D1: Dimension,
    D2: Dimension,
    D: Dimension,
{
    let place = check::broadcast("choose_into", "index", index, out);
    check_index::parts_broadcast("choose_into", "choices", choices, out);
    if out.is_empty() {
        return;
    }
    let bound = Bound::LenOf("choices");
    check_index::all_below("choose_into", ("index", index), choices.len(), bound);
    for (number, choice) in choices.iter().enumerate() {
        let choice = choice.broadcast(out.raw_dim()).expect("it was checked above");
        if number == 0 {
            drive::copy(choice, out);
        } else {
            Zip::from(&mut *out).and(&place).and(&choice).for_each(|out, &index, &choice| {
                *out = if index == number { choice } else { *out };
            });
        }
    }
}
