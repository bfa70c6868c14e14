//! [`History`]: the last states of a loop, in a ring buffer.

use std::ops::DerefMut;

use ndarray::{ArrayRef, ArrayView, Axis, Dimension, RemoveAxis, Slice};

use crate::error::Count;

/// The last states of a loop: a step adds a new one, and the oldest is dropped.
///
/// For multistep integrators, delay equations and convergence checks. States are numbered by their
/// *age*: 0 is the newest. A step writes the new state in place while all past ones can be read;
/// no state is ever copied or moved, and nothing is allocated.
///
/// `B` holds one array whose first axis counts the states, such as an
/// [`OwnedLease`](crate::OwnedLease), a [`Lease`](crate::Lease) or an `Array`: of shape (k + 1)×…
/// it remembers k states, because one more is being written.
///
/// Replaces `collections.deque(maxlen=k)` of arrays, `numpy.roll` on a stack of states, and a `VecDeque` of arrays,
/// which allocates an array for each state.
///
/// ```
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), PoolError> {
/// // Fibonacci's numbers and their doubles: each state is made of the last two.
/// let pool = Pool2::<f64>::new((3, 2), 1)?; // remembers 2 states of 2 numbers
/// let mut history = History::new(pool.lease());
/// history.push(&[0.0, 0.0]);
/// history.push(&[1.0, 2.0]);
/// for _ in 0..5 {
///     history.step(|past, new| add_into(&past.get(0), &past.get(1), new));
/// }
/// assert_eq!(history.newest().to_vec(), [8.0, 16.0]);
/// assert_eq!(history.get(1).to_vec(), [5.0, 10.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct History<B> {
    ring: B,
    /// Where the next state is written.
    next: usize,
    len: usize,
}

impl<B, A, D> History<B>
where
    B: DerefMut<Target = ArrayRef<A, D>>,
    A: 'static,
    D: RemoveAxis + 'static,
{
    /// An empty history in an array, whose contents do not matter.
    ///
    /// # Panics
    ///
    /// If the first axis is shorter than 2: room for one state and for the new one.
    #[track_caller]
    pub fn new(ring: B) -> Self {
        let slots = ring.len_of(Axis(0));
        assert!(
            slots >= 2,
            "History::new: `ring` has room for {} along its first axis, but must have room for 2 \
             or more: one more than it is to remember",
            Count(slots, "state"),
        );
        History { ring, next: 0, len: 0 }
    }

    /// One step: `write(past, new)` computes a new state from the past ones. It then is the newest, and the oldest is
    /// dropped if there are more than [`capacity`](History::capacity). Returns what `write` returns.
    ///
    /// `new` starts with arbitrary contents, so write all of it. If `write` panics, the history is unchanged.
    pub fn step<R>(
        &mut self,
        write: impl FnOnce(Past<'_, A, D>, &mut ArrayRef<A, D::Smaller>) -> R,
    ) -> R {
        let (before, from) = self.ring.view_mut().split_at(Axis(0), self.next);
        let (mut new, after) = from.split_at(Axis(0), 1);
        let past = Past::new(before.view(), after.view(), self.len);
        let result = write(past, &mut new.index_axis_mut(Axis(0), 0));
        self.next = (self.next + 1) % self.ring.len_of(Axis(0));
        self.len = (self.len + 1).min(self.capacity());
        result
    }

    /// Makes a copy of an array the newest state: for initial states, or states that are computed elsewhere.
    ///
    /// # Panics
    ///
    /// If the array does not have the shape of a state. The history is then unchanged.
    #[track_caller]
    pub fn push<'s>(&mut self, state: impl Into<ArrayView<'s, A, D::Smaller>>)
    where
        A: Clone,
    {
        let state = state.into();
        let needed = &self.ring.shape()[1..];
        assert!(
            state.shape() == needed,
            "History::push: `state` has shape {:?}, but must have the shape of a state, {needed:?}",
            state.shape(),
        );
        self.step(|_, new| new.assign(&state));
    }

    /// All states, read-only.
    pub fn past(&self) -> Past<'_, A, D> {
        let (before, from) = self.ring.view().split_at(Axis(0), self.next);
        let after = from.split_at(Axis(0), 1).1;
        Past::new(before, after, self.len)
    }

    /// The state of an age: 0 is the newest, `len() - 1` the oldest.
    ///
    /// # Panics
    ///
    /// If there is no such state.
    #[track_caller]
    pub fn get(&self, age: usize) -> ArrayView<'_, A, D::Smaller> {
        self.past().get(age)
    }

    /// The newest state.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn newest(&self) -> ArrayView<'_, A, D::Smaller> {
        self.past().get(0)
    }

    /// The states from the newest to the oldest.
    pub fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = ArrayView<'_, A, D::Smaller>> + ExactSizeIterator {
        self.past().into_views()
    }

    /// All states as one array, from the oldest (index 0) to the newest, if that is their order in memory: always until
    /// the history is full, and from then on in two of `capacity() + 1` steps. For all other cases, use
    /// [`parts`](History::parts).
    pub fn stacked(&self) -> Option<ArrayView<'_, A, D>> {
        let (older, newer) = self.past().parts();
        match (older.len_of(Axis(0)), newer.len_of(Axis(0))) {
            (0, _) => Some(newer),
            (_, 0) => Some(older),
            _ => None,
        }
    }

    /// All states as two arrays, each from its oldest to its newest state; all of the first are older than those of the
    /// second. Either may be empty.
    pub fn parts(&self) -> (ArrayView<'_, A, D>, ArrayView<'_, A, D>) {
        self.past().parts()
    }

    /// How many states there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no state yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many states it remembers.
    pub fn capacity(&self) -> usize {
        self.ring.len_of(Axis(0)) - 1
    }

    /// Drops the oldest state, and returns whether there was one.
    pub fn drop_oldest(&mut self) -> bool {
        let had_one = self.len > 0;
        self.len -= usize::from(had_one);
        had_one
    }

    /// Drops all states.
    pub fn clear(&mut self) {
        (self.next, self.len) = (0, 0);
    }

    /// Returns the array.
    pub fn into_inner(self) -> B {
        self.ring
    }
}

/// The states of a [`History`], read-only: 0 is the newest.
#[derive(Debug)]
pub struct Past<'h, A, D>
where
    D: Dimension,
{
    /// The older states, followed by the newer ones, each part from its oldest to its newest.
    older: ArrayView<'h, A, D>,
    newer: ArrayView<'h, A, D>,
}

impl<'h, A, D> Past<'h, A, D>
where
    A: 'static,
    D: RemoveAxis + 'static,
{
    /// The last `len` states of `after` followed by `before`, the parts of the ring before and after the slot of the
    /// next state.
    fn new(before: ArrayView<'h, A, D>, after: ArrayView<'h, A, D>, len: usize) -> Self {
        let newer_len = before.len_of(Axis(0)).min(len);
        let older_len = len - newer_len;
        Past { older: last(after, older_len), newer: last(before, newer_len) }
    }

    /// How many states there are.
    pub fn len(&self) -> usize {
        self.older.len_of(Axis(0)) + self.newer.len_of(Axis(0))
    }

    /// Whether there is no state yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The state of an age: 0 is the newest, `len() - 1` the oldest.
    ///
    /// # Panics
    ///
    /// If there is no such state.
    #[track_caller]
    pub fn get(&self, age: usize) -> ArrayView<'h, A, D::Smaller> {
        let len = self.len();
        let are = if len == 1 { "is" } else { "are" };
        assert!(age < len, "History::get: age {age}, but there {are} {}", Count(len, "state"));
        let (newer_len, older_len) = (self.newer.len_of(Axis(0)), self.older.len_of(Axis(0)));
        if age < newer_len {
            self.newer.clone().index_axis_move(Axis(0), newer_len - 1 - age)
        } else {
            self.older.clone().index_axis_move(Axis(0), older_len - 1 - (age - newer_len))
        }
    }

    /// The states from the newest to the oldest.
    pub fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = ArrayView<'h, A, D::Smaller>> + ExactSizeIterator {
        self.clone().into_views()
    }

    fn into_views(
        self,
    ) -> impl DoubleEndedIterator<Item = ArrayView<'h, A, D::Smaller>> + ExactSizeIterator {
        (0..self.len()).map(move |age| self.get(age))
    }

    fn parts(self) -> (ArrayView<'h, A, D>, ArrayView<'h, A, D>) {
        (self.older, self.newer)
    }
}

impl<A, D: Dimension> Clone for Past<'_, A, D> {
    fn clone(&self) -> Self {
        Past { older: self.older.clone(), newer: self.newer.clone() }
    }
}

/// The last `len` states.
fn last<A, D: RemoveAxis>(mut states: ArrayView<'_, A, D>, len: usize) -> ArrayView<'_, A, D> {
    let start = states.len_of(Axis(0)) - len;
    states.slice_axis_inplace(Axis(0), Slice::from(start..));
    states
}
