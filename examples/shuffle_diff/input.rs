//! What the first array holds: random numbers, or a person's own `.npy` file.
//!
//! The processes that are measured must not read an `.npy` file themselves: that would leave freed
//! memory behind for the loop to use. So the parent reads it and writes the bare elements down, and
//! each child reads these straight into its first array.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use bytemuck::Pod;
use ndarray::{Array2, ArrayRef2, ArrayView2};
use ndarray_npy::{ReadNpyError, ReadableElement, ViewNpyError, ViewNpyExt, read_npy};
use ndarray_pool::Element;
use ndarray_pool::kernel::random_into;
use num_traits::Float;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::limits;
use crate::options::{Elements, Job};

/// The kinds of number that the loop runs on.
#[derive(Clone, Copy, Debug, PartialEq)]
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
pub(crate) trait Number: Element + Pod + Float {
    /// The same for the same number, and different for different ones.
    fn bits(self) -> u64;
}

impl Number for f32 {
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

impl Number for f64 {
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

/// The first array: its shape, and where its elements come from.
#[derive(Clone)]
pub(crate) struct Start {
    pub(crate) shape: (usize, usize),
    pub(crate) element_type: ElementType,
    /// The bare elements, row by row; without a file they are random numbers.
    elements: Option<Rc<ElementsFile>>,
}

/// A file of bare elements, gone with the process that wrote it.
struct ElementsFile {
    path: PathBuf,
    is_own: bool,
}

impl Drop for ElementsFile {
    fn drop(&mut self) {
        if self.is_own {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Start {
    /// Reads the `.npy` file if there is one.
    pub(crate) fn of(job: &Job) -> Result<Self, String> {
        match (&job.elements, &job.input) {
            (Some(elements), _) => Ok(Self::of_elements(elements)),
            (None, None) => Ok(Self::random(job.shape)),
            (None, Some(path)) => {
                Self::read(path).map_err(|e| format!("cannot start from {}: {e}", path.display()))
            }
        }
    }

    pub(crate) fn random(shape: (usize, usize)) -> Self {
        Start { shape, element_type: ElementType::F64, elements: None }
    }

    fn of_elements(elements: &Elements) -> Self {
        let file = ElementsFile { path: elements.path.clone(), is_own: false };
        let Elements { shape, element_type, .. } = *elements;
        Start { shape, element_type, elements: Some(Rc::new(file)) }
    }

    /// What leads a child to the bare elements; `None` if there are none.
    pub(crate) fn child_args(&self) -> Option<Vec<OsString>> {
        let path = self.elements.as_ref()?.path.clone();
        let elements = Elements { shape: self.shape, element_type: self.element_type, path };
        Some(std::env::args_os().skip(1).chain(elements.to_args()).collect())
    }

    /// One array, in bytes; `None` if it would not fit into the address space.
    pub(crate) fn checked_array_bytes(&self) -> Option<usize> {
        self.shape.0.checked_mul(self.shape.1)?.checked_mul(self.element_type.bytes())
    }

    /// One array, in bytes.
    pub(crate) fn array_bytes(&self) -> usize {
        self.checked_array_bytes().expect("the room was checked")
    }

    /// Fills the first array in a child. Nothing of its size is allocated on the way.
    pub(crate) fn fill<A: Number>(&self, a_current: &mut ArrayRef2<A>, rng: &mut StdRng)
    where
        StandardUniform: Distribution<A>,
    {
        let Some(elements) = &self.elements else {
            random_into(&StandardUniform, a_current, rng);
            return;
        };
        let slice = a_current.as_slice_mut().expect("the first array is in C order");
        File::open(&elements.path)
            .and_then(|mut file| file.read_exact(bytemuck::cast_slice_mut(slice)))
            .expect("the parent wrote all elements down");
    }

    fn read(path: &Path) -> Result<Self, String> {
        check_promise(path)?;
        match read_npy::<_, Array2<f64>>(path) {
            Ok(array) => Self::write_down(ElementType::F64, &array),
            Err(ReadNpyError::WrongDescriptor(_)) => {
                let array = read_npy::<_, Array2<f32>>(path).map_err(explain)?;
                Self::write_down(ElementType::F32, &array)
            }
            Err(e) => Err(explain(e)),
        }
    }

    fn write_down<A>(element_type: ElementType, array: &Array2<A>) -> Result<Self, String>
    where
        A: Number + ReadableElement,
    {
        let shape = array.dim();
        if array.is_empty() {
            let shape = array.shape();
            return Err(format!("its shape is {shape:?}, but must have rows and columns"));
        }
        // In logical order, whatever the order of the file.
        let elements = array.as_standard_layout();
        let elements = elements.as_slice().expect("standard layout is contiguous");
        let name = format!("shuffle-diff-{}.elements", std::process::id());
        let file = ElementsFile { path: std::env::temp_dir().join(name), is_own: true };
        fs::write(&file.path, bytemuck::cast_slice::<A, u8>(elements))
            .map_err(|e| format!("its elements cannot be handed on: {e}"))?;
        Ok(Start { shape, element_type, elements: Some(Rc::new(file)) })
    }
}

/// Holds what the header promises against what the file has and the system leaves, before anything
/// of that size is allocated. Whatever else may be wrong, the reader will say.
fn check_promise(path: &Path) -> Result<(), String> {
    const HEAD_BYTES: usize = 1 << 16;
    let mut words = vec![0_u64; HEAD_BYTES / 8]; // so that it is aligned to its elements
    let head: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    let file = File::open(path).map_err(|e| e.to_string())?;
    let file_bytes = file.metadata().map_err(|e| e.to_string())?.len();
    let mut read_bytes = 0;
    let mut limited = file.take(HEAD_BYTES as u64);
    loop {
        match limited.read(&mut head[read_bytes..]).map_err(|e| e.to_string())? {
            0 => break,
            more => read_bytes += more,
        }
    }
    let head = &head[..read_bytes];
    let missing_bytes = match ArrayView2::<f64>::view_npy(head) {
        Err(ViewNpyError::WrongDescriptor(_)) => missing_of(ArrayView2::<f32>::view_npy(head)),
        viewed => missing_of(viewed),
    };
    let promised_bytes = read_bytes as u64 + missing_bytes as u64;
    if promised_bytes > file_bytes {
        return Err(format!("it has {file_bytes} bytes, but its header asks for {promised_bytes}"));
    }
    limits::check_bytes("4 arrays of its size", usize::try_from(promised_bytes).ok())
}

fn missing_of<T>(viewed: Result<T, ViewNpyError>) -> usize {
    match viewed {
        Err(ViewNpyError::MissingBytes(bytes)) => bytes,
        _ => 0,
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
