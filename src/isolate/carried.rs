//! Arrays on their way: written and read as bytes, piece by piece.

use std::any::type_name;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Deref;

use bytemuck::{CheckedBitPattern, NoUninit};
use ndarray::{Array, ArrayRef, Dimension};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::parcel::{Open, Parcel, ParcelError};
use crate::Element;

/// How much of an array is read at once: it stays in the L2 cache, where it is checked.
const PIECE_BYTES: usize = 64 << 10;

/// After so many bytes, what was read leaves the file, so that the system does not hold all of an
/// array in two places until its end.
const GIVE_BACK_BYTES: u64 = 2 << 20;

/// An element whose bytes mean the same in another process of the same program: an
/// [`Element`] of a pool without padding and without an address in it.
///
/// It is implemented for every type that meets the bounds: the integers, `f32`, `f64`, `bool`,
/// arrays of numbers, and `Complex` with the feature `complex`. For a struct of your own,
/// bytemuck's feature `derive` writes `NoUninit` and `CheckedBitPattern`.
#[diagnostic::on_unimplemented(
    message = "arrays of `{Self}` cannot go to another process",
    label = "is not plain bytes",
    note = "an element is a pool's element, `bytemuck::NoUninit` and `bytemuck::CheckedBitPattern`: a number, a `bool`, an array of numbers"
)]
pub trait Portable: Element + NoUninit + CheckedBitPattern {}

#[diagnostic::do_not_recommend]
impl<A: Element + NoUninit + CheckedBitPattern> Portable for A {}

/// An array that goes into a step or comes out of it, within a value of any shape.
///
/// Its elements do not go through serde: they are written to an unlinked file and read from there
/// into the array that the other side makes, or into a lease
/// ([`run_into`](super::Runner::run_into)). The elements arrive with the same bits and in the same
/// places; the memory order is that of a new array (C), whatever it was before.
///
/// The caller lends what it has, a step takes and returns owned arrays:
///
/// ```
/// use ndarray::{Array1, Array2};
/// use ndarray_pool::isolate::Carried;
///
/// /// The step `"scale"`: a number and an array go in, an array comes out.
/// fn scale((factor, Carried(a)): (f64, Carried<Array2<f64>>)) -> Carried<Array2<f64>> {
///     Carried(a * factor)
/// }
///
/// # fn with(steps: &ndarray_pool::isolate::Runner) -> Result<(), ndarray_pool::isolate::IsolateError> {
/// # use ndarray_pool::prelude::*;
/// # let pool = Pool2::<f64>::new((2, 3), 1).unwrap();
/// let raw = pool.lease_filled(1.0);
/// let scaled: Carried<Array2<f64>> = steps.run("scale", &(0.5, Carried::of(&raw)))?;
/// # Ok(())
/// # }
/// # let ones = Array2::<f64>::ones((2, 3));
/// # assert_eq!(scale((0.5, Carried(ones))).0.sum(), 3.0);
/// ```
///
/// Serialised anywhere else than on the way to a step or back, it is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried<T>(pub T);

impl<'a, A, D> Carried<&'a ArrayRef<A, D>> {
    /// An array, a view or a lease, lent.
    #[must_use]
    pub fn of(array: &'a ArrayRef<A, D>) -> Self {
        Self(array)
    }
}

/// What the message says of an array.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename = "Carried")]
struct Label {
    element: String,
    shape: Vec<usize>,
    offset: u64,
}

impl<T, A, D> Serialize for Carried<T>
where
    T: Deref<Target = ArrayRef<A, D>>,
    A: Portable,
    D: Dimension,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let offset = Open::with(|open| write(open, &self.0)).ok_or_else(elsewhere)?;
        let offset = offset.map_err(S::Error::custom)?;
        let shape = self.0.shape().to_vec();
        Label { element: type_name::<A>().into(), shape, offset }.serialize(serializer)
    }
}

impl<'de, A: Portable, D: Dimension> Deserialize<'de> for Carried<Array<A, D>> {
    fn deserialize<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
        let label = Label::deserialize(deserializer)?;
        label.check::<A>(D::NDIM).map_err(De::Error::custom)?;
        let mut shape = D::zeros(label.shape.len());
        shape.slice_mut().copy_from_slice(&label.shape);
        let elements = bytemuck::try_zeroed_vec::<A>(shape.size()).map_err(|()| {
            De::Error::custom(format!("there is no memory for an array of shape {:?}", label.shape))
        })?;
        let mut array = Array::from_shape_vec(shape, elements).map_err(De::Error::custom)?;
        let read = Open::with(|open| read(&mut open.file, label.offset, &mut array));
        match read {
            Some(read) => read.map_err(De::Error::custom)?,
            None => return Err(De::Error::custom(ELSEWHERE)),
        }
        Ok(Self(array))
    }
}

/// Why an array was not written into another.
pub(super) enum NotInto {
    Parcel(ParcelError),
    /// The shape that was found.
    Shape(Vec<usize>),
}

impl Parcel {
    /// Writes the array that this parcel is into `out`, if element and shape fit.
    pub(super) fn unpack_into<A: Portable, D: Dimension>(
        self,
        out: &mut ArrayRef<A, D>,
    ) -> Result<(), NotInto> {
        let file = self.file.try_clone();
        let mut file = file.map_err(|e| NotInto::Parcel(ParcelError::Io(e)))?;
        let label: Label = self.unpack().map_err(NotInto::Parcel)?;
        label.check::<A>(None).map_err(|e| NotInto::Parcel(ParcelError::Type(e)))?;
        if label.shape != out.shape() {
            return Err(NotInto::Shape(label.shape));
        }
        read(&mut file, label.offset, out).map_err(|e| NotInto::Parcel(ParcelError::Io(e)))
    }
}

impl Label {
    fn check<A>(&self, axes: Option<usize>) -> Result<(), String> {
        let (found, needed) = (&self.element, type_name::<A>());
        if found != needed {
            return Err(format!("an array of {found}, but one of {needed} was expected"));
        }
        match axes {
            Some(axes) if axes != self.shape.len() => {
                let found = self.shape.len();
                Err(format!("an array with {found} axes, but one with {axes} was expected"))
            }
            _ => Ok(()),
        }
    }
}

const ELSEWHERE: &str = "a `Carried` array goes to a step and back, and nowhere else";

fn elsewhere<E: serde::ser::Error>() -> E {
    E::custom(ELSEWHERE)
}

/// Writes the elements in logical order, and returns where they begin.
fn write<A: Portable, D: Dimension>(open: &mut Open, array: &ArrayRef<A, D>) -> io::Result<u64> {
    let start = open.append(&[])?.offset;
    if size_of::<A>() == 0 {
        return Ok(start);
    }
    if let Some(elements) = array.as_slice() {
        open.append(bytemuck::cast_slice(elements))?;
        return Ok(start);
    }
    let mut piece = Vec::with_capacity(PIECE_BYTES + size_of::<A>());
    for element in array {
        piece.extend_from_slice(bytemuck::bytes_of(element));
        if piece.len() >= PIECE_BYTES {
            open.append(&piece)?;
            piece.clear();
        }
    }
    open.append(&piece)?;
    Ok(start)
}

/// Reads the elements of `out`, in logical order.
fn read<A: Portable, D: Dimension>(
    file: &mut File,
    offset: u64,
    out: &mut ArrayRef<A, D>,
) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = GivingBack { file, from: offset, to: offset };
    let count = out.len();
    match out.as_slice_mut() {
        Some(elements) => read_pieces(&mut reader, count, elements.iter_mut()),
        None => read_pieces(&mut reader, count, out.iter_mut()),
    }
}

/// Reads a file that nobody reads again.
struct GivingBack<'f> {
    file: &'f mut File,
    /// What was read and is still in the file.
    from: u64,
    to: u64,
}

impl Read for GivingBack<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        self.to += read as u64;
        if self.to - self.from >= GIVE_BACK_BYTES {
            give_back(self.file, self.from, self.to - self.from);
            self.from = self.to;
        }
        Ok(read)
    }
}

/// What the system does not take back now, it takes with the file.
fn give_back(file: &File, offset: u64, bytes: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        let _ = fallocate(file, flags, offset, bytes);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (file, offset, bytes);
}

fn read_pieces<'a, A: Portable>(
    file: &mut impl Read,
    count: usize,
    mut out: impl Iterator<Item = &'a mut A>,
) -> io::Result<()> {
    let size = size_of::<A>();
    if size == 0 {
        return Ok(()); // all values of such a type are the same
    }
    let mut piece = vec![0; (PIECE_BYTES / size).max(1).min(count) * size];
    let mut left = count;
    while left > 0 {
        let now = left.min(piece.len() / size);
        let piece = &mut piece[..now * size];
        file.read_exact(piece)?;
        for (bytes, element) in piece.chunks_exact(size).zip(&mut out) {
            // Bytes of which not each is a value, as for `bool`, are checked.
            let value = bytemuck::checked::try_pod_read_unaligned(bytes);
            *element = value.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        }
        left -= now;
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use ndarray::Array1;

    use super::super::parcel::{Parcel, Place};
    use super::{Carried, GIVE_BACK_BYTES};

    #[test]
    fn what_was_read_is_no_longer_in_the_file() {
        let array = Array1::from_shape_fn(1 << 20, |i| i as f64);
        let parcel = Parcel::pack(&Carried::of(&array), &Place::Memory).unwrap();
        let file = parcel.file.try_clone().unwrap();
        let held_bytes = || file.metadata().unwrap().blocks() * 512;
        assert!(held_bytes() >= 8 << 20);
        let mut out = Array1::<f64>::zeros(1 << 20);
        assert!(parcel.unpack_into(&mut out).is_ok());
        assert_eq!(out, array);
        assert!(held_bytes() < GIVE_BACK_BYTES + (64 << 10), "{}", held_bytes());
    }
}
