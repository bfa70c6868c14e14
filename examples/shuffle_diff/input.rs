//! What the first array holds: random numbers, or a person's own `.npy` file.

use std::io::{self, Read, Write};
use std::path::Path;

use bytemuck::Pod;
use ndarray::{Array2, ArrayRef2};
use ndarray_npy::{ReadNpyError, ReadableElement, read_npy};
use ndarray_pool::Element;
use ndarray_pool::kernel::random_into;
use num_traits::Float;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::options::{Child, Job};

/// The kinds of number that the loop runs on.
#[derive(Clone, Copy)]
pub(crate) enum ElementType {
    F32,
    F64,
}

impl ElementType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ElementType::F32 => "f32",
            ElementType::F64 => "f64",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [ElementType::F32, ElementType::F64].into_iter().find(|t| t.name() == name)
    }

    pub(crate) fn bytes(self) -> usize {
        match self {
            ElementType::F32 => 4,
            ElementType::F64 => 8,
        }
    }
}

/// A number that the loop can run on, in all variants.
pub(crate) trait Number: Element + Pod + Float {}

impl Number for f32 {}
impl Number for f64 {}

/// The first array, as the parent knows it.
pub(crate) struct Start {
    pub(crate) shape: (usize, usize),
    pub(crate) element_type: ElementType,
    /// The elements of a file, row by row.
    from_file: Option<Vec<u8>>,
}

impl Start {
    /// Reads the file if there is one.
    pub(crate) fn of(job: &Job) -> Result<Self, String> {
        match &job.input {
            None => Ok(Start { shape: job.shape, element_type: ElementType::F64, from_file: None }),
            Some(path) => {
                Self::read(path).map_err(|e| format!("cannot start from {}: {e}", path.display()))
            }
        }
    }

    pub(crate) fn is_from_file(&self) -> bool {
        self.from_file.is_some()
    }

    /// One array, in bytes; `None` if it would not fit into the address space.
    pub(crate) fn checked_array_bytes(&self) -> Option<usize> {
        self.shape.0.checked_mul(self.shape.1)?.checked_mul(self.element_type.bytes())
    }

    /// One array, in bytes.
    pub(crate) fn array_bytes(&self) -> usize {
        self.checked_array_bytes().expect("the room was checked")
    }

    /// Hands the elements of the file to a child.
    pub(crate) fn send(&self, mut to: impl Write) -> io::Result<()> {
        to.write_all(self.from_file.as_deref().unwrap_or_default())
    }

    fn read(path: &Path) -> Result<Self, String> {
        match read_npy::<_, Array2<f64>>(path) {
            Ok(array) => Self::of_array(ElementType::F64, &array),
            Err(ReadNpyError::WrongDescriptor(_)) => {
                let array = read_npy::<_, Array2<f32>>(path).map_err(explain)?;
                Self::of_array(ElementType::F32, &array)
            }
            Err(e) => Err(explain(e)),
        }
    }

    fn of_array<A>(element_type: ElementType, array: &Array2<A>) -> Result<Self, String>
    where
        A: Number + ReadableElement,
    {
        if array.is_empty() {
            return Err(format!(
                "its shape is {:?}, but must have rows and columns",
                array.shape()
            ));
        }
        // Through the pipe go the elements in logical order, whatever the order of the file.
        let elements = array.as_standard_layout();
        let elements = elements.as_slice().expect("standard layout is contiguous");
        let from_file = Some(bytemuck::cast_slice(elements).to_vec());
        Ok(Start { shape: array.dim(), element_type, from_file })
    }
}

fn explain(error: ReadNpyError) -> String {
    match error {
        ReadNpyError::WrongNdim(_, ndim) => {
            format!("it has {ndim} axes, but must have 2")
        }
        ReadNpyError::WrongDescriptor(found) => {
            format!("its elements are of type {found}, but must be f32 or f64")
        }
        ReadNpyError::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
            "it is too short for an .npy file".into()
        }
        ReadNpyError::Io(e) => e.to_string(),
        ReadNpyError::ParseHeader(e) => format!("it is no .npy file ({e})"),
        other => other.to_string(),
    }
}

/// Fills the first array in a child. Nothing of its size is allocated on the way.
pub(crate) fn fill<A>(
    a_current: &mut ArrayRef2<A>,
    child: &Child,
    rng: &mut StdRng,
) -> Result<(), String>
where
    A: Number,
    StandardUniform: Distribution<A>,
{
    if !child.from_stdin {
        random_into(&StandardUniform, a_current, rng);
        return Ok(());
    }
    let elements = a_current.as_slice_mut().expect("the first array is in C order");
    io::stdin()
        .lock()
        .read_exact(bytemuck::cast_slice_mut(elements))
        .map_err(|e| format!("the first array did not arrive: {e}"))
}
