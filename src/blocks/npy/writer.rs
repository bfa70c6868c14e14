//! [`NpyWriter`]: rows out, into a file that is whole under its name or not there.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Seek, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use ndarray::{ArrayRef, Axis, Dimension, Ix2, RemoveAxis};

use super::element::NpyElement;
use super::header;
use crate::blocks::error::BlockError;

/// Small rows are collected up to this size before they go to the system.
const BUFFER_BYTES: usize = 64 << 10;

/// A longer name is left out of the name of the unfinished file, which would be too long for the system.
const MOST_NAME_BYTES: usize = 200;

/// Writes a `.npy` file row by row or block by block, without knowing how many rows there will be.
///
/// Until [`finish`](NpyWriter::finish) everything goes to a file with another name in the same directory
/// (`.NAME.PID-N.part`). Then its header is completed, it is synchronised to the disk, and renamed atomically. So
/// whatever happens (an error, a panic, Ctrl-C, a full disk, a power cut), under its own name there is the whole old
/// file or the whole new one. Dropping an unfinished writer removes its file; only a process that is killed leaves it.
///
/// The file is the one that `np.save` writes: version 1, C order, this machine's byte order.
///
/// ```
/// use ndarray_pool::blocks::{NpyWriter, read_npy_into};
/// use ndarray_pool::ndarray::{Array2, array};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-writer-{}.npy", std::process::id()));
/// let mut out = NpyWriter::create(&path)?;
/// out.write(&array![[1.0, 2.0], [3.0, 4.0]])?;
/// out.write(&array![[5.0, 6.0]])?;
/// assert!(!path.exists());
/// out.finish()?;
/// let mut back = Array2::<f64>::zeros((3, 2));
/// read_npy_into(&path, &mut back)?;
/// assert_eq!(back, array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[doc(alias("save", "open_memmap"))]
#[must_use = "there is no file until `finish`"]
pub struct NpyWriter<A = f64, D = Ix2> {
    part: Part,
    /// The shape of what was written: known with the first rows.
    shape: Option<D>,
    has_failed: bool,
    element: PhantomData<fn(A)>,
}

impl<A, D> NpyWriter<A, D>
where
    A: NpyElement,
    D: RemoveAxis,
{
    /// Starts a file. What may be there under this name stays until [`finish`](NpyWriter::finish); then it is
    /// replaced, and the new file has its permissions. A symbolic link is followed.
    ///
    /// # Errors
    ///
    /// [`BlockError::NotRegular`] if a directory, a pipe or a device has the name, [`BlockError::Write`] if the
    /// system lets no file be made in its directory.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, BlockError> {
        let part = Part::create(path.as_ref())?;
        Ok(NpyWriter { part, shape: None, has_failed: false, element: PhantomData })
    }

    /// Appends rows: a block, a lease, any array, in either memory order. The first ones fix the shape of all
    /// rows. Where they are contiguous nothing is copied and nothing allocated.
    ///
    /// # Errors
    ///
    /// [`BlockError::Shape`] if they have another shape than the rows before, and nothing is appended then.
    /// [`BlockError::Write`] if the system does not let them be written, as on a full disk; then the file cannot be
    /// finished any more.
    ///
    /// # Panics
    ///
    /// If `rows` has no axes, and so no rows.
    #[track_caller]
    pub fn write(&mut self, rows: &ArrayRef<A, D>) -> Result<(), BlockError> {
        assert!(rows.ndim() > 0, "NpyWriter::write: `rows` has no axes, but must have rows");
        if self.has_failed {
            return Err(BlockError::Ended);
        }
        if let Some(shape) = &self.shape {
            let (in_file, in_memory) = (&shape.slice()[1..], &rows.shape()[1..]);
            if in_file != in_memory {
                return Err(BlockError::Shape {
                    file: self.part.path.as_path().into(),
                    what: "rows",
                    in_file: in_file.into(),
                    in_memory: in_memory.into(),
                });
            }
        }
        self.has_failed = true;
        self.append(rows).map_err(|error| self.part.failed(error))?;
        self.has_failed = false;
        Ok(())
    }

    /// How many rows were written.
    pub fn rows(&self) -> usize {
        self.shape.as_ref().map_or(0, |shape| shape[0])
    }

    /// Completes the header, brings everything to the disk, and gives the file its name. Without any rows it has the
    /// shape of all zeros.
    ///
    /// # Errors
    ///
    /// [`BlockError::Write`] if the system does not let it; [`BlockError::Ended`] if rows could not be written
    /// before. The file is removed then, and what was there before is untouched.
    pub fn finish(mut self) -> Result<(), BlockError> {
        if self.has_failed {
            return Err(BlockError::Ended);
        }
        self.complete().map_err(|error| self.part.failed(error))
    }

    fn append(&mut self, rows: &ArrayRef<A, D>) -> io::Result<()> {
        let shape = match &mut self.shape {
            Some(shape) => shape,
            None => {
                let shape = start(&mut self.part, rows)?;
                self.shape.insert(shape)
            }
        };
        let out = self.part.out()?;
        match rows.as_slice() {
            Some(elements) => out.write_all(A::bytes(elements))?,
            None => {
                let mut tile = [A::zeroed(); 512];
                let mut elements = rows.iter();
                loop {
                    let mut len = 0;
                    tile.iter_mut()
                        .zip(&mut elements)
                        .for_each(|(to, from)| (*to, len) = (*from, len + 1));
                    if len == 0 {
                        break;
                    }
                    out.write_all(A::bytes(&tile[..len]))?;
                }
            }
        }
        shape[0] += rows.len_of(Axis(0));
        Ok(())
    }

    fn complete(&mut self) -> io::Result<()> {
        let axes = D::NDIM.unwrap_or(1);
        let shape = self.shape.take().unwrap_or_else(|| D::zeros(axes));
        let header = header::written(A::STORED, shape.slice())?;
        let out = self.part.out()?;
        out.rewind()?;
        out.write_all(&header)?;
        self.part.finish()
    }
}

/// Leaves room for the header; the shape of no rows yet.
fn start<A, D>(part: &mut Part, rows: &ArrayRef<A, D>) -> io::Result<D>
where
    A: NpyElement,
    D: RemoveAxis,
{
    let mut shape = rows.raw_dim();
    shape[0] = 0;
    let header = header::written(A::STORED, shape.slice())?;
    part.out()?.write_all(&vec![0; header.len()])?;
    Ok(shape)
}

impl<A, D: Dimension> fmt::Debug for NpyWriter<A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NpyWriter")
            .field("file", &self.part.path)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// The file under its other name.
struct Part {
    path: PathBuf,
    part: PathBuf,
    /// `None` once it has its own name.
    out: Option<BufWriter<File>>,
}

impl Part {
    fn create(path: &Path) -> Result<Self, BlockError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let failed = |error| BlockError::Write { file: path.into(), error };
        let path = match path.symlink_metadata() {
            Ok(it) if it.is_symlink() => fs::canonicalize(path).map_err(failed)?,
            _ => path.to_path_buf(),
        };
        let there = path.metadata().ok();
        if there.as_ref().is_some_and(|it| !it.is_file()) {
            return Err(BlockError::NotRegular { file: path.into() });
        }
        let Some(name) = path.file_name() else {
            return Err(failed(io::Error::new(
                ErrorKind::InvalidInput,
                "the path has no file name",
            )));
        };
        let (part, file) = loop {
            let mut part = OsString::from(".");
            if name.len() <= MOST_NAME_BYTES {
                part.push(name);
            }
            part.push(format!(".{}-{}.part", std::process::id(), COUNT.fetch_add(1, Relaxed)));
            let part = path.with_file_name(part);
            match File::create_new(&part) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => break (part, made.map_err(failed)?),
            }
        };
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        let this = Part { path, part, out: Some(file) };
        if let Some(there) = there {
            fs::set_permissions(&this.part, there.permissions()).map_err(|e| this.failed(e))?;
        }
        Ok(this)
    }

    fn out(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.out.as_mut().ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn finish(&mut self) -> io::Result<()> {
        let out = self.out()?;
        out.flush()?;
        // Some systems say only now that there was no room; and a name must not be on the disk before its data are.
        out.get_ref().sync_all()?;
        fs::rename(&self.part, &self.path)?;
        self.out = None;
        // So that the name is on the disk as well. (Where a directory cannot be opened, the system will do it in its time.)
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        Ok(())
    }

    fn failed(&self, error: io::Error) -> BlockError {
        BlockError::Write { file: self.path.as_path().into(), error }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(out) = self.out.take() {
            // What is still in the buffer is not wanted.
            drop(out.into_parts());
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// Writes an array to a `.npy` file: a lease, a view, an array, in either memory order. As with an [`NpyWriter`], the
/// file is whole under its name or not there.
///
/// Replaces `np.save(path, a)`, which writes into the file itself.
///
/// # Errors
///
/// As [`NpyWriter::create`] and [`NpyWriter::finish`].
///
/// ```
/// use ndarray_pool::blocks::{NpyHeader, write_npy};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("ndarray-pool-doc-write-{}.npy", std::process::id()));
/// let pool = Pool2::<f64>::new((100, 3), 1)?;
/// write_npy(&path, &pool.lease_filled(1.5))?;
/// assert_eq!(NpyHeader::read(&path)?.to_string(), "[100, 3] f64");
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[doc(alias("save", "tofile"))]
pub fn write_npy<A, D>(path: impl AsRef<Path>, a: &ArrayRef<A, D>) -> Result<(), BlockError>
where
    A: NpyElement,
    D: RemoveAxis,
{
    let mut out = NpyWriter::create(path)?;
    out.write(a)?;
    out.finish()
}
