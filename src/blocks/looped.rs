//! [`Blocks`]: the loop over blocks of rows, and the [`Block`] that it lends.

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

use ndarray::{ArrayRef, ArrayViewMut, Axis, Dimension, Slice};

use super::ahead::{self, Reader};
use super::error::BlockError;
use super::filler::{Filled, Filler, bytes_of_rows};
use super::plan::BlockPlan;
use super::source::RowSource;
use crate::error::PoolError;
use crate::pool::{Element, Guard, Pool};

/// A loop over the rows of a source, one leased block at a time.
///
/// A block has as many rows as the buffers of the pool; the last one has the remaining rows. Between blocks nothing is
/// allocated. All leases are taken with the first block and go back with the last one, with an error, a panic, or
/// when the loop is dropped.
///
/// ```
/// use ndarray_pool::blocks::{NpyRows, write_npy};
/// use ndarray_pool::ndarray::{Array2, Ix2};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-blocks-{}.npy", std::process::id()));
/// write_npy(&path, &Array2::<f64>::ones((1000, 3)))?;
/// let rows = NpyRows::<f64, Ix2>::open(&path)?;
/// let pool = Pool2::<f64>::new((300, 3), 1)?;
/// let (mut lens, mut sum) = (Vec::new(), 0.0);
/// let mut blocks = rows.blocks(&pool);
/// while let Some(block) = blocks.next_block()? {
///     lens.push(block.nrows());
///     sum += block.sum();
/// }
/// assert_eq!((&lens[..], sum), (&[300, 300, 300, 100][..], 3000.0));
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[doc(alias("chunks", "lazy", "out of core", "map_blocks"))]
#[must_use = "blocks are read when they are asked for"]
pub struct Blocks<S, P>
where
    S: RowSource,
    P: PoolHandle<S::Elem, S::Dim>,
{
    pool: P,
    feed: Feed<S, P>,
}

/// Who fills the blocks.
enum Feed<S, P>
where
    S: RowSource,
    P: PoolHandle<S::Elem, S::Dim>,
{
    Here {
        filler: Filler<S>,
        lease: Option<LeaseOf<S, P>>,
    },
    /// A thread, once the first block was asked for.
    Ahead {
        blocks: usize,
        overlap: usize,
        filler: Option<Filler<S>>,
        start: Start<S, P>,
        reader: Option<Reader<LeaseOf<S, P>>>,
    },
}

/// `ahead::start`, where the types may go to a thread.
type Start<S, P> = fn(Filler<S>, Vec<LeaseOf<S, P>>) -> io::Result<Reader<LeaseOf<S, P>>>;

pub(super) type LeaseOf<S, P> = Guard<P, <S as RowSource>::Elem, <S as RowSource>::Dim>;

/// The block that a loop over a source lends.
pub type BlockOf<'b, S> = Block<'b, <S as RowSource>::Elem, <S as RowSource>::Dim>;

impl<S, P> Blocks<S, P>
where
    S: RowSource,
    P: PoolHandle<S::Elem, S::Dim>,
{
    /// Takes a source through the buffers of a pool: `&Pool`, or an `Arc<Pool>` to
    /// [read ahead](Blocks::read_ahead). The rows of the buffers must have the shape of the source's rows.
    ///
    /// For a `.npy` file, [`NpyRows::blocks`](super::NpyRows::blocks) does this.
    pub fn new(source: S, pool: P) -> Self {
        Blocks { pool, feed: Feed::Here { filler: Filler::new(source), lease: None } }
    }

    /// Lets each block begin with the last `rows` rows of the block before, as they were read. A window of `rows + 1`
    /// rows that moves over every block then moves over all rows of the source.
    ///
    /// The buffers must have more rows than that. An accumulator such as [`Moments`](super::Moments) counts the rows of
    /// the overlap again: give it `block.slice_axis(Axis(0), Slice::from(Block::overlap(&block)..))`.
    ///
    /// # Panics
    ///
    /// If a block was read before.
    ///
    /// ```
    /// use ndarray_pool::blocks::{self, Block, BlockError, Blocks};
    /// use ndarray_pool::ndarray::ArrayRef1;
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), BlockError> {
    /// let mut next = 0..10;
    /// let numbers = blocks::from_fn(|rows: &mut ArrayRef1<i32>| {
    ///     Ok(rows.iter_mut().zip(&mut next).map(|(x, n)| *x = n).count())
    /// });
    /// let pool = Pool1::<i32>::new(6, 1)?;
    /// let mut windows = Vec::new();
    /// Blocks::new(numbers, &pool).overlap(2).for_each(|block| {
    ///     let first = Block::row_range(&block).start;
    ///     windows.extend(block.windows(3).into_iter().map(|w| w.sum()).zip(first..));
    /// })?;
    /// assert_eq!(windows, [(3, 0), (6, 1), (9, 2), (12, 3), (15, 4), (18, 5), (21, 6), (24, 7)]);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("sliding_window_view", "map_overlap"))]
    #[track_caller]
    pub fn overlap(mut self, rows: usize) -> Self {
        let filler = match &mut self.feed {
            Feed::Here { filler, .. } | Feed::Ahead { filler: Some(filler), .. } => Some(filler),
            Feed::Ahead { filler: None, .. } => None,
        };
        match filler.filter(|filler| filler.is_new()) {
            Some(filler) => filler.set_overlap(rows),
            None => panic!("Blocks::overlap: a block was read before the overlap was set"),
        }
        if let Feed::Ahead { overlap, .. } = &mut self.feed {
            *overlap = rows;
        }
        self
    }

    /// What the loop will hold, before anything is leased or read.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ndarray_pool::blocks::{self, BlockError, Blocks};
    /// use ndarray_pool::ndarray::ArrayRef2;
    /// use ndarray_pool::prelude::*;
    ///
    /// # fn main() -> Result<(), BlockError> {
    /// let pool = Arc::new(Pool2::<f64>::new((512, 1024), 3)?);
    /// let source = blocks::from_fn(|_: &mut ArrayRef2<f64>| Ok(0));
    /// let blocks = Blocks::new(source, Arc::clone(&pool)).read_ahead(2);
    /// assert_eq!(blocks.plan().to_string(), "3 leases of 4194304 bytes: 12582912 bytes");
    /// # Ok(())
    /// # }
    /// ```
    pub fn plan(&self) -> BlockPlan {
        let (leases, overlap) = match &self.feed {
            Feed::Here { filler, .. } => (1, filler.overlap()),
            Feed::Ahead { blocks, overlap, .. } => (blocks.saturating_add(1), *overlap),
        };
        let shape = self.pool.raw_dim();
        BlockPlan {
            leases,
            bytes_per_lease: self.pool.stats().bytes_per_buffer,
            overlap_bytes: bytes_of_rows::<S::Elem, _>(&shape, overlap),
        }
    }

    /// Lends the next block, which may be changed; `None` after the last one.
    ///
    /// # Errors
    ///
    /// The errors of the source; [`BlockError::Pool`] if the pool has too few free buffers, [`BlockError::FewRows`] if
    /// they have no more rows than the overlap. All leases have gone back then. If no buffer was
    /// free, the loop can be tried again; after any other error further calls return [`BlockError::Ended`].
    #[track_caller]
    pub fn next_block(&mut self) -> Result<Option<BlockOf<'_, S>>, BlockError> {
        match &mut self.feed {
            Feed::Here { filler, lease } => {
                if lease.is_none() && filler.is_going() {
                    *lease = Some(self.pool.lease_one()?);
                }
                let filled = match lease {
                    Some(lease) => filler.fill(lease),
                    None => filler.ended(),
                };
                match (filled, lease) {
                    (Ok(Some(filled)), Some(lease)) => Ok(Some(Block::new(lease, filled))),
                    (filled, lease) => {
                        *lease = None;
                        filled.map(|_| None)
                    }
                }
            }
            Feed::Ahead { blocks, filler, start, reader, .. } => {
                if filler.is_some() {
                    let mut leases = Vec::new();
                    for _ in 0..=*blocks {
                        leases.push(self.pool.lease_one()?);
                    }
                    if let Some(filler) = filler.take() {
                        *reader = Some(start(filler, leases).map_err(BlockError::Thread)?);
                    }
                }
                let Some(reader) = reader else { return Err(BlockError::Ended) };
                let next = reader.next()?;
                Ok(next.map(|(lease, filled)| Block::new(lease, filled)))
            }
        }
    }

    /// Calls `f` with each block.
    ///
    /// # Errors
    ///
    /// As [`next_block`](Blocks::next_block): the blocks before the error were seen.
    #[track_caller]
    pub fn for_each(mut self, mut f: impl FnMut(BlockOf<'_, S>)) -> Result<(), BlockError> {
        while let Some(block) = self.next_block()? {
            f(block);
        }
        Ok(())
    }

    /// The pool, what fills the blocks, and how many leases more than those for the block at work were asked for;
    /// `None` if a thread reads ahead.
    pub(super) fn into_parts(self) -> Option<(P, Filler<S>, usize)> {
        match self.feed {
            Feed::Here { filler, .. } => Some((self.pool, filler, 1)),
            Feed::Ahead { blocks, filler, .. } => Some((self.pool, filler?, blocks)),
        }
    }
}

impl<S> Blocks<S, Arc<Pool<S::Elem, S::Dim>>>
where
    S: RowSource + Send + 'static,
{
    /// Lets a thread read up to `blocks` blocks ahead, into leases of their own, while the loop computes: 2 is enough
    /// where reading and computing take about the same time for each block. The pool needs one buffer more than
    /// that.
    ///
    /// The thread starts with the first block, and ends with the last one or when the loop is dropped. Dropping `Blocks`
    /// waits for the read that is under way. A panic of the source comes out of [`next_block`](Blocks::next_block).
    pub fn read_ahead(self, blocks: usize) -> Self {
        let Blocks { pool, feed } = self;
        let feed = match feed {
            Feed::Here { filler, .. } => {
                let overlap = filler.overlap();
                let start: Start<S, _> = ahead::start;
                Feed::Ahead { blocks, overlap, filler: Some(filler), start, reader: None }
            }
            Feed::Ahead { overlap, filler: Some(filler), start, reader, .. } => {
                Feed::Ahead { blocks, overlap, filler: Some(filler), start, reader }
            }
            // The thread runs, and has its leases.
            running => running,
        };
        Blocks { pool, feed }
    }
}

impl<S, P> fmt::Debug for Blocks<S, P>
where
    S: RowSource,
    P: PoolHandle<S::Elem, S::Dim>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocks").field("plan", &self.plan()).finish_non_exhaustive()
    }
}

/// A block of rows, lent by [`Blocks::next_block`]: an array, by `Deref` to [`ArrayViewMut`]. Kernels take `&block` and
/// `&mut block`, operators `*block`: `*block -= &mean`.
///
/// It has no methods of its own, which could hide one of the array's: call `Block::row_range(&block)`.
pub struct Block<'b, A, D> {
    rows: ArrayViewMut<'b, A, D>,
    filled: Filled,
}

impl<'b, A, D: Dimension> Block<'b, A, D> {
    pub(super) fn new(lease: &'b mut ArrayRef<A, D>, filled: Filled) -> Self {
        let rows = lease.slice_axis_mut(Axis(0), Slice::from(..filled.rows));
        Block { rows, filled }
    }

    /// Which rows of the source these are, those of the overlap included.
    pub fn row_range(this: &Self) -> Range<usize> {
        this.filled.first_row..this.filled.first_row + this.filled.rows
    }

    /// How many of its first rows were in the block before too: none in the first block, then as many as
    /// [`Blocks::overlap`] was given.
    pub fn overlap(this: &Self) -> usize {
        this.filled.overlap
    }
}

impl<'b, A, D: Dimension> Deref for Block<'b, A, D> {
    type Target = ArrayViewMut<'b, A, D>;

    fn deref(&self) -> &ArrayViewMut<'b, A, D> {
        &self.rows
    }
}

impl<A, D: Dimension> DerefMut for Block<'_, A, D> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.rows
    }
}

/// Prints the array.
impl<A: fmt::Display, D: Dimension> fmt::Display for Block<'_, A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

/// Prints the array.
impl<A: fmt::Debug, D: Dimension> fmt::Debug for Block<'_, A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

/// How a loop over blocks holds its pool: `&Pool`, or `Arc<Pool>` to read ahead.
///
/// It cannot be implemented elsewhere.
pub trait PoolHandle<A: Element, D: Dimension>:
    Deref<Target = Pool<A, D>> + Send + Sized + sealed::Sealed
{
    #[doc(hidden)]
    fn lease_one(&self) -> Result<Guard<Self, A, D>, PoolError>;
}

impl<'p, A: Element, D: Dimension> PoolHandle<A, D> for &'p Pool<A, D> {
    #[track_caller]
    fn lease_one(&self) -> Result<Guard<&'p Pool<A, D>, A, D>, PoolError> {
        let pool: &'p Pool<A, D> = self;
        pool.try_lease()
    }
}

impl<A: Element, D: Dimension> PoolHandle<A, D> for Arc<Pool<A, D>> {
    #[track_caller]
    fn lease_one(&self) -> Result<Guard<Self, A, D>, PoolError> {
        self.try_lease_owned()
    }
}

mod sealed {
    use std::sync::Arc;

    use ndarray::Dimension;

    use crate::pool::{Element, Pool};

    pub trait Sealed {}

    impl<A: Element, D: Dimension> Sealed for &Pool<A, D> {}

    impl<A: Element, D: Dimension> Sealed for Arc<Pool<A, D>> {}
}
