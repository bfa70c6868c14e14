//! [`RowSource`]: where rows come from, if not from a `.npy` file.

use std::fmt;
use std::marker::PhantomData;

use ndarray::{ArrayRef, RemoveAxis};

use super::error::BlockError;
use crate::pool::Element;

/// A source of rows (subarrays along the first axis): one method that fills a block.
///
/// [`NpyRows`](super::NpyRows) is one, [`from_fn`] makes one from a closure, and any reader of yours can implement it.
/// [`Blocks::new`](super::Blocks::new) takes it through a pool.
///
/// ```
/// use ndarray_pool::blocks::{BlockError, Blocks, RowSource};
/// use ndarray_pool::ndarray::{ArrayRef2, Ix2};
/// use ndarray_pool::prelude::*;
///
/// /// Lines of numbers.
/// struct Lines<R>(std::io::Lines<R>);
///
/// impl<R: std::io::BufRead> RowSource for Lines<R> {
///     type Elem = f64;
///     type Dim = Ix2;
///
///     fn fill(&mut self, rows: &mut ArrayRef2<f64>) -> Result<usize, BlockError> {
///         let Some(line) = self.0.next() else { return Ok(0) };
///         let line = line?;
///         let mut words = line.split(' ');
///         for x in rows.row_mut(0) {
///             let word = words.next().ok_or_else(|| BlockError::Source("a short line".into()))?;
///             *x = word.parse().map_err(|e| BlockError::Source(Box::new(e)))?;
///         }
///         Ok(1)
///     }
/// }
///
/// # fn main() -> Result<(), BlockError> {
/// let text = std::io::BufRead::lines("1 2\n3 4\n5 6".as_bytes());
/// let pool = Pool2::<f64>::new((2, 2), 1)?;
/// let mut sums = Vec::new();
/// Blocks::new(Lines(text), &pool).for_each(|block| sums.push(block.sum()))?;
/// assert_eq!(sums, [10.0, 11.0]);
/// # Ok(())
/// # }
/// ```
pub trait RowSource {
    /// The element.
    type Elem: Element;
    /// The dimension of a block of rows.
    type Dim: RemoveAxis + 'static;

    /// Writes the next rows into `rows`, from its first row on, and says how many: at least one and at most as many
    /// as `rows` has, or zero at the end. After the end it is not called again.
    ///
    /// The contents of `rows` on entry have no meaning, and neither has what it holds after the rows that were written.
    ///
    /// # Errors
    ///
    /// Any error: the loop over the blocks returns it and ends.
    fn fill(&mut self, rows: &mut ArrayRef<Self::Elem, Self::Dim>) -> Result<usize, BlockError>;
}

impl<S: RowSource + ?Sized> RowSource for &mut S {
    type Elem = S::Elem;
    type Dim = S::Dim;

    fn fill(&mut self, rows: &mut ArrayRef<Self::Elem, Self::Dim>) -> Result<usize, BlockError> {
        (**self).fill(rows)
    }
}

/// Makes a source from a closure that does what [`RowSource::fill`] does.
///
/// ```
/// use ndarray_pool::blocks::{self, BlockError, Blocks};
/// use ndarray_pool::ndarray::ArrayRef1;
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), BlockError> {
/// let mut next = 0..1_000_000_u64;
/// let numbers = blocks::from_fn(|rows: &mut ArrayRef1<u64>| {
///     Ok(rows.iter_mut().zip(&mut next).map(|(x, n)| *x = n).count())
/// });
/// let (pool, mut sum) = (Pool1::<u64>::new(4096, 1)?, 0);
/// Blocks::new(numbers, &pool).for_each(|block| sum += block.sum())?;
/// assert_eq!(sum, 499_999_500_000);
/// # Ok(())
/// # }
/// ```
pub fn from_fn<A, D, F>(fill: F) -> FromFn<A, D, F>
where
    A: Element,
    D: RemoveAxis + 'static,
    F: FnMut(&mut ArrayRef<A, D>) -> Result<usize, BlockError>,
{
    FromFn { fill, rows: PhantomData }
}

/// A source made from a closure by [`from_fn`].
pub struct FromFn<A, D, F> {
    fill: F,
    rows: PhantomData<fn(A) -> D>,
}

impl<A, D, F> fmt::Debug for FromFn<A, D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}

impl<A, D, F> RowSource for FromFn<A, D, F>
where
    A: Element,
    D: RemoveAxis + 'static,
    F: FnMut(&mut ArrayRef<A, D>) -> Result<usize, BlockError>,
{
    type Elem = A;
    type Dim = D;

    fn fill(&mut self, rows: &mut ArrayRef<A, D>) -> Result<usize, BlockError> {
        (self.fill)(rows)
    }
}
