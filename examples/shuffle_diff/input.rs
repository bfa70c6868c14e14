//! What the first array holds: random numbers, or a person's own `.npy` file.
//!
//! The processes that are measured must not read an `.npy` file themselves: that would leave freed
//! memory behind for the loop to use. So the parent reads it and writes the bare elements down, and
//! each child reads these straight into its first array.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use bytemuck::Pod;
use ndarray::{Array2, ArrayRef2};
use ndarray_npy::{ReadNpyError, ReadableElement, read_npy};
use ndarray_pool::Element;
use ndarray_pool::kernel::random_into;
use num_traits::Float;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::limits;
use crate::npy::Header;
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

/// A file of bare elements, for its owner alone, gone with the process that wrote it.
struct ElementsFile {
    path: PathBuf,
    /// Of the process that wrote it, which keeps it open.
    own: Option<File>,
}

impl ElementsFile {
    fn of(elements: &[u8]) -> io::Result<Self> {
        let mut options = File::options();
        options.write(true).create_new(true); // follows no link that somebody put there
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let temporary = std::path::absolute(std::env::temp_dir())?;
        let (path, mut file) = (0..1000)
            .map(|number| {
                let name = format!("shuffle-diff-{}-{number}.elements", std::process::id());
                let path = temporary.join(name);
                options.open(&path).map(|file| (path, file))
            })
            .find(|opened| !matches!(opened, Err(e) if e.kind() == io::ErrorKind::AlreadyExists))
            .unwrap_or(Err(io::ErrorKind::AlreadyExists.into()))?;
        let mut elements_file = ElementsFile { path, own: None };
        // A file without a name is gone with the last process that has it open, whatever ends that.
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;

            let open = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
            if Path::new(&open).exists() {
                fs::remove_file(&elements_file.path)?;
                elements_file.path = open.into();
            }
        }
        let written = file.write_all(elements);
        elements_file.own = Some(file);
        written.map(|()| elements_file)
    }
}

impl Drop for ElementsFile {
    fn drop(&mut self) {
        if self.own.is_some() && !self.path.starts_with("/proc") {
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
        let file = ElementsFile { path: elements.path.clone(), own: None };
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
        match check_header(path)? {
            ElementType::F64 => Self::write_down(ElementType::F64, &array::<f64>(path)?),
            ElementType::F32 => Self::write_down(ElementType::F32, &array::<f32>(path)?),
        }
    }

    fn write_down<A>(element_type: ElementType, array: &Array2<A>) -> Result<Self, String>
    where
        A: Number + ReadableElement,
    {
        let shape = array.dim();
        // In logical order, whatever the order of the file.
        let elements = array.as_standard_layout();
        let elements = elements.as_slice().expect("standard layout is contiguous");
        let file = ElementsFile::of(bytemuck::cast_slice::<A, u8>(elements))
            .map_err(|e| format!("its elements cannot be handed on: {e}"))?;
        Ok(Start { shape, element_type, elements: Some(Rc::new(file)) })
    }
}

/// Reads the header, and holds what it promises against what the file has and the system leaves,
/// before anything of that size is allocated. What the reader of the elements then meets is a header
/// of the plainest form.
fn check_header(path: &Path) -> Result<ElementType, String> {
    let mut file = File::open(path).map_err(|e| e.to_string())?;
    let file_bytes = file.metadata().map_err(|e| e.to_string())?.len();
    let Header { descr, shape, data_offset } = Header::read(&mut file)?;
    let element_type = match descr.trim_matches(['\'', '"']) {
        "<f8" | ">f8" => ElementType::F64,
        "<f4" | ">f4" => ElementType::F32,
        _ => return Err(format!("its elements are of type {descr}, but must be f32 or f64")),
    };
    let &[rows, cols] = &shape[..] else {
        let axes = if shape.len() == 1 { "1 axis".into() } else { format!("{} axes", shape.len()) };
        return Err(format!("it has {axes}, but must have 2"));
    };
    if rows == 0 || cols == 0 {
        return Err(format!("its shape is {shape:?}, but must have rows and columns"));
    }
    let array_bytes = rows.checked_mul(cols).and_then(|n| n.checked_mul(element_type.bytes()));
    let promised_bytes = array_bytes.and_then(|bytes| data_offset.checked_add(bytes as u64));
    if let Some(promised_bytes) = promised_bytes.filter(|&promised| promised > file_bytes) {
        let bytes = if file_bytes == 1 { "byte" } else { "bytes" };
        return Err(format!(
            "it has {file_bytes} {bytes}, but its header asks for {promised_bytes}"
        ));
    }
    limits::check_bytes("4 arrays of its size", array_bytes)?;
    Ok(element_type)
}

fn array<A: ReadableElement>(path: &Path) -> Result<Array2<A>, String> {
    read_npy(path).map_err(|e| match e {
        ReadNpyError::Io(e) => e.to_string(),
        other => other.to_string(),
    })
}
