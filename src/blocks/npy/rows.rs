//! [`NpyRows`]: the rows of a `.npy` file, by reading at a position.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use ndarray::{ArrayRef, ArrayViewMut, Axis, Dimension, Ix2, RemoveAxis, Slice};

use super::element::{self, NpyElement};
use super::file::Positioned;
use super::header::NpyHeader;
use crate::blocks::error::BlockError;
use crate::blocks::looped::{Blocks, PoolHandle};
use crate::blocks::source::RowSource;

/// The buffer for elements whose bytes differ in file and block: 16 KiB, which stay in L1.
const TILE_WORDS: usize = 2048;

/// The same for elements that are not contiguous in the block.
const TILE_ELEMENTS: usize = 512;

/// The rows of a `.npy` file (subarrays along its first axis), block by block.
///
/// The file is read at positions and never mapped: a file that is shortened meanwhile is an error and not a signal. It
/// may have either byte order, and C order or Fortran order; of the latter a block takes one read for each
/// column. Clones share the open file, and each begins at the first row.
///
/// ```
/// use ndarray_pool::blocks::{Moments, NpyRows, write_npy};
/// use ndarray_pool::ndarray::{Array2, Ix2};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-rows-{}.npy", std::process::id()));
/// write_npy(&path, &Array2::<f64>::from_shape_fn((1000, 3), |(i, j)| (i + j) as f64))?;
/// let rows = NpyRows::<f64, Ix2>::open(&path)?;
/// let pool = Pool2::<f64>::new(rows.block_shape(4 << 20), 1)?; // blocks of up to 4 MiB
/// let mut moments = Moments::new(rows.row_shape());
/// rows.blocks(&pool).for_each(|block| moments.update(&block))?;
/// assert_eq!(moments.mean()[2], 501.5);
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[doc(alias("memmap", "mmap", "load", "npy"))]
pub struct NpyRows<A = f64, D = Ix2> {
    file: Arc<Opened>,
    shape: D,
    /// How many elements a row has.
    row_len: usize,
    next_row: usize,
    element: PhantomData<fn() -> A>,
}

struct Opened {
    file: Positioned,
    header: NpyHeader,
}

impl<A, D> NpyRows<A, D>
where
    A: NpyElement,
    D: RemoveAxis + 'static,
{
    /// Opens a file whose elements are of type `A`.
    ///
    /// # Errors
    ///
    /// As [`NpyHeader::read`]; [`BlockError::Header`] if the elements are of another type, or if there is another
    /// number of axes.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BlockError> {
        Self::open_if(path.as_ref(), |header| header.stored == A::STORED)
    }

    /// Opens a file and converts its elements to `A`, if they are of another type: booleans and integers to any
    /// number, floating-point numbers to floating-point and complex ones, and complex ones to complex ones.
    ///
    /// Each becomes the nearest value of `A`, as by `as`. An integer that `A` cannot hold is
    /// [`BlockError::Value`] when its block is read.
    ///
    /// # Errors
    ///
    /// As [`open`](NpyRows::open).
    ///
    /// ```
    /// use ndarray_pool::blocks::{NpyRows, write_npy};
    /// use ndarray_pool::ndarray::{Ix2, array};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-convert-{}.npy", std::process::id()));
    /// write_npy(&path, &array![[1_u8, 2]])?;
    /// let error = NpyRows::<f64, Ix2>::open(&path).unwrap_err();
    /// assert!(error.to_string().ends_with("`descr` is '|u1' (u8), but f64 is read"));
    /// assert!(NpyRows::<f64, Ix2>::open_converting(&path).is_ok());
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_converting(path: impl AsRef<Path>) -> Result<Self, BlockError> {
        Self::open_if(path.as_ref(), |header| header.stored.converts_to(A::STORED))
    }

    fn open_if(path: &Path, is_read: impl Fn(&NpyHeader) -> bool) -> Result<Self, BlockError> {
        let file = Positioned::open(path)?;
        let header = NpyHeader::of(&file)?;
        if !is_read(&header) {
            let (descr, found) = (header.descr(), header.element());
            let reason = format!("is '{descr}' ({found}), but {} is read", A::STORED.name());
            return Err(BlockError::header(path, "descr", reason));
        }
        let axes = header.shape.len();
        let wrong_axes = |needed: String| {
            let reason = format!("is {:?}, but must have {needed}", header.shape);
            BlockError::header(path, "shape", reason)
        };
        match D::NDIM {
            Some(1) if axes != 1 => return Err(wrong_axes("1 axis".into())),
            Some(needed) if axes != needed => return Err(wrong_axes(format!("{needed} axes"))),
            None if axes == 0 => return Err(wrong_axes("an axis".into())),
            _ => {}
        }
        let mut shape = D::zeros(axes);
        shape.slice_mut().copy_from_slice(&header.shape);
        // (A file without rows may say that a row has any length.)
        let row_len = header.shape[1..].iter().fold(1_usize, |len, &axis| len.saturating_mul(axis));
        let file = Arc::new(Opened { file, header });
        Ok(NpyRows { file, shape, row_len, next_row: 0, element: PhantomData })
    }

    /// What the file's header says.
    pub fn header(&self) -> &NpyHeader {
        &self.file.header
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        self.shape.slice()
    }

    /// How many rows the file has.
    pub fn rows(&self) -> usize {
        self.shape[0]
    }

    /// The shape of a row, as it can be given to a constructor.
    pub fn row_shape(&self) -> D::Smaller {
        self.shape.remove_axis(Axis(0))
    }

    /// The shape of a block of at most `bytes` bytes, for the pool: one row at least, and no more rows than the file
    /// has.
    ///
    /// Blocks of 1 to 8 MiB are right for nearly everything: reading one takes far longer than asking for it, and it
    /// stays in the cache for the loop.
    pub fn block_shape(&self, bytes: usize) -> D {
        let row_bytes = self.row_len.saturating_mul(size_of::<A>());
        let mut shape = self.shape.clone();
        // Rows without elements take no bytes: one block has all of them.
        shape[0] = bytes.checked_div(row_bytes).unwrap_or(usize::MAX).min(self.rows()).max(1);
        shape
    }

    /// A loop over the rows from the first one on, in blocks that are leased from a pool: `&pool`, or an `Arc` of it
    /// to [read ahead](Blocks::read_ahead). As many loops as you like may read at once.
    ///
    /// A buffer of the pool may have any number of rows of the file's [`row_shape`](NpyRows::row_shape), and either
    /// memory order.
    pub fn blocks<P: PoolHandle<A, D>>(&self, pool: P) -> Blocks<Self, P> {
        Blocks::new(self.clone(), pool)
    }

    /// Reads a range of elements, counted as they lie in the file, into an array in that order.
    fn read_in_order<E: Dimension>(
        &self,
        first: usize,
        mut out: ArrayViewMut<'_, A, E>,
    ) -> Result<(), BlockError> {
        if let Some(elements) = out.as_slice_mut() {
            return self.read_elements(first, elements);
        }
        let mut tile = [A::zeroed(); TILE_ELEMENTS];
        let (mut out, mut first) = (out.iter_mut(), first);
        while out.len() > 0 {
            let len = out.len().min(tile.len());
            self.read_elements(first, &mut tile[..len])?;
            tile[..len].iter().zip(&mut out).for_each(|(from, to)| *to = *from);
            first += len;
        }
        Ok(())
    }

    /// Reads elements that lie in a row, in the file as in memory.
    fn read_elements(&self, first: usize, out: &mut [A]) -> Result<(), BlockError> {
        let Opened { file, header } = &*self.file;
        let stored = header.stored;
        let offset = |at: usize| header.data_offset + at as u64 * stored.bytes() as u64;
        let is_swapped = header.is_big_endian != cfg!(target_endian = "big");
        let read = |bytes: &mut [u8], at: usize| {
            let read = file.read(bytes, offset(at))?;
            if read < bytes.len() {
                let needed_bytes = header.data_offset + header.data_bytes();
                let found_bytes = file.bytes()?;
                let file = file.path().into();
                return Err(BlockError::Truncated { file, found_bytes, needed_bytes });
            }
            if is_swapped {
                element::swap_bytes(bytes, stored.part_bytes());
            }
            Ok(())
        };
        if stored == A::STORED
            && let Some(bytes) = A::bytes_mut(out)
        {
            return read(bytes, first);
        }
        let mut tile = [0_u64; TILE_WORDS];
        let tile: &mut [u8] = bytemuck::cast_slice_mut(&mut tile);
        let mut at = first;
        for out in out.chunks_mut(tile.len() / stored.bytes()) {
            let bytes = &mut tile[..out.len() * stored.bytes()];
            read(bytes, at)?;
            element::convert(stored, bytes, out)
                .map_err(|bad| self.bad_value(at + bad, bytes, bad))?;
            at += out.len();
        }
        Ok(())
    }

    fn bad_value(&self, at: usize, bytes: &[u8], bad: usize) -> BlockError {
        let Opened { file, header } = &*self.file;
        let row = if header.is_fortran_order { at % self.rows() } else { at / self.row_len };
        let reason = match header.stored.name() {
            "bool" => format!("has the byte {}, but a bool is 0 or 1", bytes[bad]),
            name => format!("has a value of type {name} that {} cannot hold", A::STORED.name()),
        };
        BlockError::Value { file: file.path().into(), row, reason: reason.into() }
    }
}

impl<A, D> RowSource for NpyRows<A, D>
where
    A: NpyElement,
    D: RemoveAxis + 'static,
{
    type Elem = A;
    type Dim = D;

    fn fill(&mut self, rows: &mut ArrayRef<A, D>) -> Result<usize, BlockError> {
        let (in_memory, in_file) = (&rows.shape()[1..], &self.shape.slice()[1..]);
        if in_memory != in_file {
            return Err(BlockError::Shape {
                file: self.file.file.path().into(),
                what: "rows",
                in_file: in_file.into(),
                in_memory: in_memory.into(),
            });
        }
        let all = self.rows();
        let new = rows.len_of(Axis(0)).min(all - self.next_row);
        let mut rows = rows.slice_axis_mut(Axis(0), Slice::from(..new));
        if rows.is_empty() {
            // There are rows without elements.
        } else if !self.file.header.is_fortran_order {
            self.read_in_order(self.next_row * self.row_len, rows)?;
        } else if new == all {
            self.read_in_order(0, rows.reversed_axes())?;
        } else {
            // In this order of the axes, lanes follow one another as columns do in the file.
            let mut columns = rows.view_mut().reversed_axes();
            let last = Axis(columns.ndim() - 1);
            for (column, lane) in columns.lanes_mut(last).into_iter().enumerate() {
                self.read_in_order(column * all + self.next_row, lane)?;
            }
        }
        self.next_row += new;
        Ok(new)
    }
}

impl<A, D: Clone> Clone for NpyRows<A, D> {
    /// The same open file, from the first row on.
    fn clone(&self) -> Self {
        let (file, shape) = (Arc::clone(&self.file), self.shape.clone());
        NpyRows { file, shape, row_len: self.row_len, next_row: 0, element: PhantomData }
    }
}

impl<A, D> fmt::Debug for NpyRows<A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NpyRows")
            .field("file", &self.file.file.path())
            .field("header", &self.file.header)
            .field("next_row", &self.next_row)
            .finish_non_exhaustive()
    }
}

/// Reads a `.npy` file into an existing array of the same shape and element type, such as a lease. File and array may
/// each have either memory order.
///
/// Replaces `np.load(path)`, which allocates, and `np.copyto(out, np.load(path, mmap_mode="r"))`.
///
/// # Errors
///
/// As [`NpyRows::open`]; [`BlockError::Shape`] if the shapes differ, before anything is written. After another
/// error `out` is partly written.
///
/// ```
/// use ndarray_pool::blocks::{read_npy_into, write_npy};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-into-{}.npy", std::process::id()));
/// let pool = Pool2::<f64>::new((100, 3), 2)?;
/// write_npy(&path, &pool.lease_filled(1.5))?;
/// let mut state = pool.lease();
/// read_npy_into(&path, &mut state)?;
/// assert_eq!(state.sum(), 450.0);
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[doc(alias("load", "read_npy"))]
pub fn read_npy_into<A, D>(
    path: impl AsRef<Path>,
    out: &mut ArrayRef<A, D>,
) -> Result<(), BlockError>
where
    A: NpyElement,
    D: RemoveAxis + 'static,
{
    let mut rows = NpyRows::<A, D>::open(path)?;
    if rows.shape() != out.shape() {
        return Err(BlockError::Shape {
            file: rows.file.file.path().into(),
            what: "array",
            in_file: rows.shape().into(),
            in_memory: out.shape().into(),
        });
    }
    rows.fill(out).map(|_| ())
}
