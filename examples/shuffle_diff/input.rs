//! What the first array holds: random numbers, or a person's own `.npy` file.
//!
//! Every process that is measured reads the file itself, straight into its first array: nothing of that size is
//! allocated on the way, so no freed memory is left behind for the loop to use.

use std::path::Path;
use std::rc::Rc;

use bytemuck::Pod;
use ndarray::ArrayRef2;
use ndarray_pool::Element;
use ndarray_pool::blocks::{NpyElement, NpyHeader, read_npy_into};
use ndarray_pool::kernel::random_into;
use num_traits::Float;
use rand::distr::{Distribution, StandardUniform};
use rand::rngs::StdRng;

use crate::options::Job;

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
pub(crate) trait Number: Element + NpyElement + Pod + Float {
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
    /// The file; without one they are random numbers.
    input: Option<Rc<Path>>,
}

impl Start {
    /// Looks at the `.npy` file if there is one.
    pub(crate) fn of(job: &Job) -> Result<Self, String> {
        match &job.input {
            None => Ok(Self::random(job.shape)),
            Some(path) => Self::of_file(path),
        }
    }

    pub(crate) fn random(shape: (usize, usize)) -> Self {
        Start { shape, element_type: ElementType::F64, input: None }
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
        match &self.input {
            None => random_into(&StandardUniform, a_current, rng),
            Some(path) => read_npy_into(path, a_current).unwrap_or_else(|e| panic!("{e}")),
        }
    }

    /// What the header promises is there: that much was held against the file.
    fn of_file(path: &Path) -> Result<Self, String> {
        let header = NpyHeader::read(path).map_err(|e| e.to_string())?;
        let refused = |what: String| Err(format!("cannot start from {}: {what}", path.display()));
        let Some(element_type) = ElementType::named(header.element()) else {
            let found = header.element();
            return refused(format!("its elements are of type {found}, but must be f32 or f64"));
        };
        let &[rows, cols] = header.shape() else {
            let axes = header.shape().len();
            let axes = if axes == 1 { "1 axis".into() } else { format!("{axes} axes") };
            return refused(format!("it has {axes}, but must have 2"));
        };
        if rows == 0 || cols == 0 {
            return refused(format!(
                "its shape is [{rows}, {cols}], but must have rows and columns"
            ));
        }
        Ok(Start { shape: (rows, cols), element_type, input: Some(path.into()) })
    }
}
