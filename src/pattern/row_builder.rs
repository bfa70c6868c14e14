//! [`RowBuilder`]: an array that grows by rows and never moves.

use std::fmt;
use std::sync::Arc;

use ndarray::{
    ArrayRef, ArrayView, ArrayViewMut, Axis, Dimension, IntoDimension, Ix1, Ix2, Ix3, RemoveAxis,
    Slice,
};

use crate::budget::Budget;
use crate::error::{FewAxes, Label, PoolError, RowError};
use crate::pool::{Element, OwnedLease, Pool};

/// Builds an array with one axis, element by element.
pub type RowBuilder1<A = f64> = RowBuilder<A, Ix1>;
/// Builds an array with two axes, row by row.
pub type RowBuilder2<A = f64> = RowBuilder<A, Ix2>;
/// Builds an array with three axes, matrix by matrix.
pub type RowBuilder3<A = f64> = RowBuilder<A, Ix3>;

/// An array that grows by rows (subarrays along its first axis) and never moves.
///
/// It reserves address space for `max_rows` rows at once, which costs nothing, and takes memory as rows come: page by
/// page for the first 32 MiB, then in huge pages where the system has them. So a row stays where it is written, and the
/// peak memory is the data (plus 2 MiB where huge pages are in use). [`finish`](RowBuilder::finish) returns the array
/// without a copy.
///
/// Choose `max_rows` as an upper bound, not as an estimate: a thousand times too many costs nothing.
///
/// Replaces `Vec::extend_from_slice` with a reshape at the end, ndarray's `push_row` and
/// `concatenate`, and `numpy.concatenate` or `numpy.vstack` over a list of rows.
///
/// ```
/// use ndarray_pool::ndarray::array;
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut rows = RowBuilder2::<f64>::new(3, 1_000_000)?; // 24 MB of addresses, no memory
/// for line in "1 2 3\n4 5 6".lines() {
///     let mut numbers = line.split(' ');
///     rows.push_with(|row| row.map_inplace(|x| *x = numbers.next().unwrap().parse().unwrap()));
/// }
/// rows.push(&[7.0, 8.0, 9.0]);
/// let a = rows.finish(); // no copy: an `OwnedLease`, which is an array
/// assert_eq!(a, array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]);
/// # Ok(())
/// # }
/// ```
pub struct RowBuilder<A = f64, D = Ix2>
where
    A: Element,
    D: Dimension,
{
    /// All rows, including those to come: the only buffer of a pool of its own.
    all: OwnedLease<A, D>,
    rows: usize,
    row_bytes: usize,
    /// The bytes of rows that a budget was charged for; `usize::MAX` if there is none.
    charged_bytes: usize,
}

impl<A, D> RowBuilder<A, D>
where
    A: Element,
    D: RemoveAxis,
{
    /// Starts an array of at most `max_rows` rows of a shape: `3`, `(3, 4)`, `[3, 4]`, or `()` for
    /// the elements of an array with one axis.
    ///
    /// A row, or the array, may be empty.
    ///
    /// # Errors
    ///
    /// [`PoolError::NoAddressSpace`] if so many rows do not fit into the address space, or if the system refuses it:
    /// because of a limit (`ulimit -v`), or because it does not overcommit. Then choose a smaller `max_rows`.
    ///
    /// ```
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let mut images = RowBuilder3::<u8>::new((480, 640), 10_000)?;
    /// images.push_with(|image| image.fill(255));
    /// assert_eq!(images.finish().shape(), [1, 480, 640]);
    /// assert!(RowBuilder2::<f64>::new(3, usize::MAX).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new<Sh>(row_shape: Sh, max_rows: usize) -> Result<Self, PoolError>
    where
        Sh: IntoDimension<Dim = D::Smaller>,
    {
        Self::build(row_shape, max_rows, None)
    }

    /// Starts an array whose memory counts against a budget, in whole pages, from before the first row on them is
    /// written until the array is dropped. If need be, idle memory of the budget's arenas is returned to make room.
    ///
    /// A row that does not fit into the budget is [`RowError::OverBudget`]; the bound `max_rows` need not fit.
    ///
    /// # Errors
    ///
    /// As [`new`](RowBuilder::new).
    ///
    /// ```
    /// use ndarray_pool::{Budget, RowError, prelude::*};
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let budget = Budget::new(100_000);
    /// let mut rows = RowBuilder2::<f64>::with_budget(512, 1_000_000, &budget)?;
    /// while rows.try_push(&[0.5; 512]).is_ok() {}
    /// assert_eq!((rows.rows(), budget.reserved_bytes()), (24, 98_304));
    /// assert!(matches!(rows.try_push(&[0.5; 512]), Err(RowError::OverBudget(_))));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn with_budget<Sh>(
        row_shape: Sh,
        max_rows: usize,
        budget: &Budget,
    ) -> Result<Self, PoolError>
    where
        Sh: IntoDimension<Dim = D::Smaller>,
    {
        Self::build(row_shape, max_rows, Some(budget))
    }

    #[track_caller]
    fn build<Sh>(row_shape: Sh, max_rows: usize, budget: Option<&Budget>) -> Result<Self, PoolError>
    where
        Sh: IntoDimension<Dim = D::Smaller>,
    {
        let row_shape = row_shape.into_dimension();
        let mut shape = D::zeros(row_shape.ndim() + 1);
        shape[0] = max_rows;
        shape.slice_mut()[1..].copy_from_slice(row_shape.slice());
        let mut pool = Pool::builder(shape).buffers(1).name("RowBuilder").address_space_only();
        if let Some(budget) = budget {
            pool = pool.budget(budget);
        }
        let pool = pool.build().map_err(|error| match error {
            PoolError::TooLarge { .. } => {
                PoolError::NoAddressSpace { max_rows, bytes: None, os_error: None }
            }
            PoolError::Refused { bytes, os_error } => {
                PoolError::NoAddressSpace { max_rows, bytes: Some(bytes), os_error }
            }
            error => error,
        })?;
        let all = Arc::new(pool).lease_owned();
        let row_bytes =
            all.shape()[1..].iter().fold(size_of::<A>(), |n, &len| n.saturating_mul(len));
        let charged_bytes = if budget.is_some() { 0 } else { usize::MAX };
        Ok(RowBuilder { all, rows: 0, row_bytes, charged_bytes })
    }

    /// Touches the memory of the next `rows` rows now, or of all remaining ones if there are fewer: a hint that they
    /// will come, for a loop that must not cause page faults. Touches nothing if that exceeds the budget; then the
    /// first row without room returns the error.
    pub fn prefault(&mut self, rows: usize) {
        const SMALLEST_PAGE_BYTES: usize = 4096;
        let end = self.rows.saturating_add(rows).min(self.max_rows());
        if self.charge_until(end).is_err() {
            return;
        }
        let mut next = self.all.slice_axis_mut(Axis(0), Slice::from(self.rows..end));
        let Some(elements) = next.as_slice_memory_order_mut() else { return };
        let in_a_page = (SMALLEST_PAGE_BYTES / size_of::<A>().max(1)).max(1);
        for element in elements.iter_mut().step_by(in_a_page) {
            *element = A::zeroed();
        }
        if let Some(last) = elements.last_mut() {
            *last = A::zeroed();
        }
    }

    /// Appends a copy of a row: an array of the row's shape, a view, a lease, or for two axes a
    /// slice.
    ///
    /// # Panics
    ///
    /// If the row has another shape, if there are `max_rows` rows already, or if it exceeds the budget. Nothing is
    /// appended then.
    ///
    /// ```should_panic
    /// use ndarray_pool::prelude::*;
    ///
    /// let mut rows = RowBuilder2::<f64>::new(3, 10).unwrap();
    /// rows.push(&[1.0, 2.0]); // panics: two elements, and not three
    /// ```
    #[track_caller]
    pub fn push<'r>(&mut self, row: impl Into<ArrayView<'r, A, D::Smaller>>) {
        if let Err(error) = self.try_push(row) {
            panic!("RowBuilder::push: {error}");
        }
    }

    /// Appends a copy of a row if it has the right shape and there is room.
    ///
    /// # Errors
    ///
    /// [`RowError::WrongShape`], [`RowError::Full`] and [`RowError::OverBudget`]. Nothing is appended
    /// then, and the rows that are there stay.
    pub fn try_push<'r>(
        &mut self,
        row: impl Into<ArrayView<'r, A, D::Smaller>>,
    ) -> Result<(), RowError> {
        let row = row.into();
        let needed = &self.all.shape()[1..];
        if row.shape() != needed {
            let (found, needed) = (FewAxes::of(row.shape()), FewAxes::of(needed));
            return Err(RowError::WrongShape { found, needed });
        }
        self.try_push_with(|next| match (next.as_slice_mut(), row.as_slice()) {
            (Some(next), Some(row)) => next.copy_from_slice(row),
            _ => next.assign(&row),
        })
    }

    /// Appends a row that `write` writes in place. It starts with arbitrary contents, so write all of it. If `write`
    /// panics, nothing is appended.
    ///
    /// # Panics
    ///
    /// If there are `max_rows` rows already, or if one more exceeds the budget; `write` is not called then.
    #[track_caller]
    pub fn push_with<R>(&mut self, write: impl FnOnce(&mut ArrayRef<A, D::Smaller>) -> R) -> R {
        match self.try_push_with(write) {
            Ok(result) => result,
            Err(error) => panic!("RowBuilder::push_with: {error}"),
        }
    }

    /// Appends a row that `write` writes in place, as [`push_with`](RowBuilder::push_with) does, if
    /// there is room.
    ///
    /// # Errors
    ///
    /// [`RowError::Full`] and [`RowError::OverBudget`]; `write` is not called then.
    pub fn try_push_with<R>(
        &mut self,
        write: impl FnOnce(&mut ArrayRef<A, D::Smaller>) -> R,
    ) -> Result<R, RowError> {
        if self.rows == self.max_rows() {
            return Err(RowError::Full { max_rows: self.max_rows(), asked: 1, rows: self.rows });
        }
        self.charge_until(self.rows + 1)?;
        let result = write(&mut self.all.index_axis_mut(Axis(0), self.rows));
        self.rows += 1;
        Ok(result)
    }

    /// Appends copies of all rows of an array at once.
    ///
    /// # Panics
    ///
    /// If its rows have another shape, if there is no room for all of them, or if they exceed the budget. Nothing is
    /// appended then.
    ///
    /// ```
    /// use ndarray_pool::{ndarray::array, prelude::*};
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let mut rows = RowBuilder2::<i32>::new(2, 10)?;
    /// rows.push_rows(&array![[1, 2], [3, 4]]);
    /// rows.push_rows(&array![[5, 6]]);
    /// assert_eq!(rows.view(), array![[1, 2], [3, 4], [5, 6]]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn push_rows(&mut self, rows: &ArrayRef<A, D>) {
        if let Err(error) = self.try_push_rows(rows) {
            panic!("RowBuilder::push_rows: {error}");
        }
    }

    /// Appends copies of all rows of an array if they have the right shape and there is room.
    ///
    /// # Errors
    ///
    /// [`RowError::WrongShape`], [`RowError::Full`] and [`RowError::OverBudget`]. Nothing is appended
    /// then.
    pub fn try_push_rows(&mut self, rows: &ArrayRef<A, D>) -> Result<(), RowError> {
        let (found, needed) = (&rows.shape()[1..], &self.all.shape()[1..]);
        if found != needed {
            let (found, needed) = (FewAxes::of(found), FewAxes::of(needed));
            return Err(RowError::WrongShape { found, needed });
        }
        let asked = rows.len_of(Axis(0));
        if asked > self.max_rows() - self.rows {
            return Err(RowError::Full { max_rows: self.max_rows(), asked, rows: self.rows });
        }
        let end = self.rows + asked;
        self.charge_until(end)?;
        self.all.slice_axis_mut(Axis(0), Slice::from(self.rows..end)).assign(rows);
        self.rows = end;
        Ok(())
    }

    /// Charges the budget for so many rows in total.
    #[inline]
    fn charge_until(&mut self, rows: usize) -> Result<(), RowError> {
        let bytes = rows * self.row_bytes;
        if bytes <= self.charged_bytes { Ok(()) } else { self.charge(rows, bytes) }
    }

    #[cold]
    fn charge(&mut self, rows: usize, bytes: usize) -> Result<(), RowError> {
        let more = || Label {
            name: None,
            shape: self.all.shape()[1..].into(),
            buffers: rows - self.rows,
            unit: "row",
            is_growing: false,
        };
        let charged = OwnedLease::pool(&self.all).charge_beginning(bytes, more);
        self.charged_bytes = charged.map_err(RowError::OverBudget)?;
        Ok(())
    }

    /// The array so far.
    pub fn view(&self) -> ArrayView<'_, A, D> {
        self.all.slice_axis(Axis(0), Slice::from(..self.rows))
    }

    /// The array so far, to correct it in place.
    pub fn view_mut(&mut self) -> ArrayViewMut<'_, A, D> {
        let rows = self.rows;
        self.all.slice_axis_mut(Axis(0), Slice::from(..rows))
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows there can be.
    pub fn max_rows(&self) -> usize {
        self.all.len_of(Axis(0))
    }

    /// Removes all rows. Their memory stays, for the rows that come next.
    pub fn clear(&mut self) {
        self.rows = 0;
    }

    /// The array of exactly the rows that were pushed, without a copy: it is the memory they were pushed into, which is
    /// returned to the system when the guard is dropped.
    ///
    /// For an owned `Array`, use `rows.view().to_owned()`, which copies.
    pub fn finish(mut self) -> OwnedLease<A, D> {
        self.all.slice_axis_inplace(Axis(0), Slice::from(..self.rows));
        self.all
    }
}

impl<A, D> fmt::Debug for RowBuilder<A, D>
where
    A: Element,
    D: Dimension,
{
    /// Prints the size of the array so far, not its contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = self.all.shape();
        f.debug_struct("RowBuilder")
            .field("row_shape", &&shape[1..])
            .field("rows", &self.rows)
            .field("max_rows", &shape[0])
            .finish()
    }
}
