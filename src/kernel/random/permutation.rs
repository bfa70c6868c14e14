//! Permutations that are drawn, kept and applied without allocating again.

use std::error::Error;
use std::fmt;

use ndarray::{ArrayRef, Axis, RemoveAxis};

use crate::kernel::engine::check;
use crate::kernel::engine::copy::rows::gather;

/// A permutation of `len` items: position `i` takes the item that was at `as_slice()[i]`.
///
/// Its memory is allocated when it is made; shuffling, resetting and inverting reuse it. Together with
/// [`reorder_axis_into`] it shuffles several arrays alike, or one array there and back. The index list is always a
/// permutation: there is no way to write into it directly.
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::{Permutation, reorder_axis_into};
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let samples = array![[0, 1], [10, 11], [20, 21]];
/// let (mut order, mut back) = (Permutation::identity(3), Permutation::identity(3));
/// let (mut shuffled, mut restored) = (Array2::zeros((3, 2)), Array2::zeros((3, 2)));
///
/// order.shuffle(&mut SmallRng::seed_from_u64(7));
/// reorder_axis_into(&samples, Axis(0), &order, &mut shuffled);
///
/// order.invert_into(&mut back);
/// reorder_axis_into(&shuffled, Axis(0), &back, &mut restored);
/// assert_eq!(restored, samples);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Permutation {
    indices: Vec<usize>,
}

impl Permutation {
    /// The permutation that leaves `len` items where they are. It is the only method that allocates.
    pub fn identity(len: usize) -> Self {
        Permutation { indices: (0..len).collect() }
    }

    /// The permutation that `indices` lists, if each index below its length occurs in it once.
    ///
    /// Checks in place: nothing is allocated.
    ///
    /// # Errors
    ///
    /// [`PermutationError`] names the first entry that is out of range, or else the first that repeats one.
    ///
    /// # Example
    ///
    /// ```
    /// use ndarray_pool::kernel::Permutation;
    ///
    /// assert_eq!(Permutation::from_vec(vec![2, 0, 1])?.as_slice(), [2, 0, 1]);
    ///
    /// let error = Permutation::from_vec(vec![0, 2, 2]).unwrap_err();
    /// assert_eq!(error.to_string(), "not a permutation: entry 2 is 2, which occurs before it");
    /// # Ok::<(), ndarray_pool::kernel::PermutationError>(())
    /// ```
    pub fn from_vec(mut indices: Vec<usize>) -> Result<Self, PermutationError> {
        // Entries are below the length of a `Vec<usize>`, so the top bit is free to mark what was seen.
        const SEEN: usize = 1 << (usize::BITS - 1);
        let len = indices.len();
        if let Some(position) = indices.iter().position(|&index| index >= len) {
            return Err(PermutationError::OutOfRange { position, index: indices[position], len });
        }
        for position in 0..len {
            let index = indices[position] & !SEEN;
            if indices[index] & SEEN != 0 {
                return Err(PermutationError::Repeated { position, index });
            }
            indices[index] |= SEEN;
        }
        indices.iter_mut().for_each(|index| *index &= !SEEN);
        Ok(Permutation { indices })
    }

    /// Draws a new order: each of the n! orders is equally likely, whatever the order was before.
    ///
    /// The same seed gives the same order that [`shuffle_axis_into`](crate::kernel::shuffle_axis_into) and its
    /// relatives use, so `order.shuffle(rng)` followed by [`reorder_axis_into`] is the same shuffle, bit for bit. To
    /// compose a new order with the old one, apply both in turn. It returns with every generator, even one that always
    /// returns the same word.
    ///
    /// # Replaces
    ///
    /// NumPy's `rng.permutation(n)`, which allocates, and rand's `indices.shuffle(rng)` on a list that
    /// has been reset.
    ///
    /// # Example
    ///
    /// ```
    /// use ndarray_pool::kernel::Permutation;
    /// use rand::{SeedableRng, rngs::SmallRng};
    ///
    /// let mut order = Permutation::identity(5);
    /// order.shuffle(&mut SmallRng::seed_from_u64(1));
    ///
    /// let mut sorted = order.as_slice().to_vec();
    /// sorted.sort();
    /// assert_eq!(sorted, [0, 1, 2, 3, 4]);
    /// ```
    #[cfg(feature = "rand")]
    pub fn shuffle<R: rand::Rng + ?Sized>(&mut self, rng: &mut R) {
        crate::kernel::random::draw::order(&mut self.indices, |index| index, rng);
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// The list of indices: position `i` takes the item that was at `as_slice()[i]`.
    pub fn as_slice(&self) -> &[usize] {
        &self.indices
    }

    /// Resets to the permutation that leaves everything where it is.
    pub fn reset(&mut self) {
        self.indices.iter_mut().enumerate().for_each(|(position, index)| *index = position);
    }

    /// Writes the inverse permutation to `out`.
    ///
    /// # Panics
    ///
    /// If `out` has another length; nothing is written then.
    ///
    /// # Replaces
    ///
    /// NumPy's `np.argsort(p)` or `inverse[p] = np.arange(n)`.
    ///
    /// # Example
    ///
    /// ```
    /// use ndarray_pool::kernel::Permutation;
    ///
    /// let order = Permutation::from_vec(vec![2, 0, 1])?;
    /// let mut back = Permutation::identity(3);
    /// order.invert_into(&mut back);
    /// assert_eq!(back.as_slice(), [1, 2, 0]);
    /// # Ok::<(), ndarray_pool::kernel::PermutationError>(())
    /// ```
    #[track_caller]
    pub fn invert_into(&self, out: &mut Permutation) {
        check::same_len("Permutation::invert_into", ("out", out.len()), ("self", self.len()));
        for (position, &index) in self.indices.iter().enumerate() {
            out.indices[index] = position;
        }
    }
}

impl TryFrom<Vec<usize>> for Permutation {
    type Error = PermutationError;

    fn try_from(indices: Vec<usize>) -> Result<Self, PermutationError> {
        Permutation::from_vec(indices)
    }
}

/// Why a list of indices is not a [`Permutation`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PermutationError {
    /// An entry is not below the length of the list.
    #[non_exhaustive]
    OutOfRange {
        /// Where the entry is.
        position: usize,
        /// What it says.
        index: usize,
        /// The length of the list.
        len: usize,
    },
    /// An entry repeats an earlier one.
    #[non_exhaustive]
    Repeated {
        /// Where the entry is.
        position: usize,
        /// What it says.
        index: usize,
    },
}

impl fmt::Display for PermutationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PermutationError::OutOfRange { position, index, len } => {
                write!(f, "not a permutation: entry {position} is {index}, but must be below {len}")
            }
            PermutationError::Repeated { position, index } => {
                write!(f, "not a permutation: entry {position} is {index}, which occurs before it")
            }
        }
    }
}

/// As displayed, because `main` and `unwrap` print errors by `Debug`.
impl fmt::Debug for PermutationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for PermutationError {}

/// Copies the rows along an axis in the order of a permutation.
///
/// *out\[…, i, …\] = a\[…, perm\[i\], …\]*, with i at the place of `axis`
///
/// `a` and `out` have the same shape, `perm` the length of `axis`. Each row is written once, as one block
/// where it is contiguous. This is the fastest way to shuffle in a loop, and the way to shuffle
/// several arrays alike.
///
/// NaN is moved like any value. Empty arrays are fine. `a` and `out` cannot overlap.
///
/// # Panics
///
/// If `a` has no such axis, `a` does not have the shape of `out`, or `perm` not the length of the axis;
/// nothing is written then.
///
/// # Replaces
///
/// NumPy's `np.take(a, perm, axis, out=out, mode='clip')` (without `mode` it makes a hidden copy) and ndarray's
/// `a.select(axis, &indices)`, which allocates.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, Axis, array};
/// use ndarray_pool::kernel::{Permutation, reorder_axis_into};
///
/// let order = Permutation::from_vec(vec![2, 0, 1])?;
/// let mut out = Array2::zeros((3, 2));
/// reorder_axis_into(&array![[0, 1], [10, 11], [20, 21]], Axis(0), &order, &mut out);
/// assert_eq!(out, array![[20, 21], [0, 1], [10, 11]]);
/// # Ok::<(), ndarray_pool::kernel::PermutationError>(())
/// ```
#[doc(alias = "take")]
#[doc(alias = "select")]
#[track_caller]
pub fn reorder_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    perm: &Permutation,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + 'static,
    D: RemoveAxis,
{
    check::axis("reorder_axis_into", axis, ("a", a));
    check::same_shape("reorder_axis_into", ("a", a), ("out", out));
    check::len_of_axis("reorder_axis_into", ("perm", perm.len()), axis, ("a", a));
    let perm = perm.as_slice();
    gather(a, axis, |position| perm[position], out);
}
