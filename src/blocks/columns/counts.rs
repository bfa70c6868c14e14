//! [`Counts`] and [`Histogram`]: how often.

use std::fmt;

use ndarray::{
    Array, Array1, ArrayRef, ArrayView, ArrayView1, Axis, Dimension, IntoDimension, Ix2, RemoveAxis,
};

use super::check_rows;
use crate::kernel;
use crate::pool::Element;

/// Counts the elements of each column that are not zero, over all blocks:
/// [`count_nonzero_axis_into`](crate::kernel::count_nonzero_axis_into) of more rows than fit into memory.
///
/// ```
/// use ndarray_pool::blocks::Counts;
/// use ndarray_pool::ndarray::array;
///
/// let mut counts = Counts::new(2);
/// counts.update(&array![[true, false], [true, true]]);
/// counts.update(&array![[false, false]]);
/// assert_eq!((counts.nonzero(), counts.rows()), (array![2, 1].view(), 3));
/// ```
#[derive(Clone, Debug)]
pub struct Counts<D = Ix2>
where
    D: RemoveAxis,
{
    nonzero: Array<usize, D::Smaller>,
    of_block: Array<usize, D::Smaller>,
    rows: usize,
}

impl<D: RemoveAxis> Counts<D> {
    /// Starts with rows of a shape: a number of columns, or
    /// [`NpyRows::row_shape`](crate::blocks::NpyRows::row_shape).
    pub fn new(row_shape: impl IntoDimension<Dim = D::Smaller>) -> Self {
        let nonzero = Array::zeros(row_shape.into_dimension());
        Counts { of_block: nonzero.clone(), nonzero, rows: 0 }
    }

    /// Counts in all rows of a block.
    ///
    /// # Panics
    ///
    /// If they have another shape.
    #[track_caller]
    pub fn update<A>(&mut self, block: &ArrayRef<A, D>)
    where
        A: Copy + PartialEq + Default + 'static,
    {
        check_rows("Counts::update", &block.shape()[1..], self.nonzero.shape());
        kernel::count_nonzero_axis_into(block, Axis(0), &mut self.of_block);
        self.nonzero += &self.of_block;
        self.rows += block.len_of(Axis(0));
    }

    /// Adds what another one has counted.
    ///
    /// # Panics
    ///
    /// If its rows have another shape.
    #[track_caller]
    pub fn merge(&mut self, other: &Self) {
        check_rows("Counts::merge", other.nonzero.shape(), self.nonzero.shape());
        self.nonzero += &other.nonzero;
        self.rows += other.rows;
    }

    /// How many elements of each column are not zero.
    pub fn nonzero(&self) -> ArrayView<'_, usize, D::Smaller> {
        self.nonzero.view()
    }

    /// How many rows there were.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

/// Counts the elements of all blocks between edges: [`histogram_into`](crate::kernel::histogram_into) of more elements
/// than fit into memory.
///
/// ```
/// use ndarray_pool::blocks::Histogram;
/// use ndarray_pool::ndarray::array;
///
/// let mut histogram = Histogram::new(array![0.0, 1.0, 2.0]);
/// histogram.update(&array![[0.5, 1.5], [2.0, 7.0]]);
/// histogram.update(&array![[0.0, -1.0]]);
/// assert_eq!(histogram.counts(), array![2, 2]);
/// ```
#[derive(Clone)]
pub struct Histogram<A = f64> {
    edges: Array1<A>,
    counts: Array1<usize>,
    of_block: Array1<usize>,
}

impl<A: Element + PartialOrd> Histogram<A> {
    /// Starts with the edges of the bins, which rise.
    ///
    /// # Panics
    ///
    /// If there is no edge, or if they do not rise.
    #[track_caller]
    pub fn new(edges: Array1<A>) -> Self {
        assert!(!edges.is_empty(), "Histogram::new: `edges` is empty, but must have an edge");
        let rises = edges.windows(2).into_iter().all(|pair| pair[0] <= pair[1]);
        assert!(rises, "Histogram::new: `edges` must rise");
        let counts = Array1::zeros(edges.len() - 1);
        Histogram { of_block: counts.clone(), counts, edges }
    }

    /// Counts all elements of a block, of any shape.
    pub fn update<D: Dimension>(&mut self, block: &ArrayRef<A, D>) {
        kernel::histogram_into(block, &self.edges, &mut self.of_block);
        self.counts += &self.of_block;
    }

    /// Adds what another one has counted.
    ///
    /// # Panics
    ///
    /// If its edges are others.
    #[track_caller]
    pub fn merge(&mut self, other: &Self) {
        assert!(self.edges == other.edges, "Histogram::merge: `other` has other edges");
        self.counts += &other.counts;
    }

    /// The edges of the bins.
    pub fn edges(&self) -> ArrayView1<'_, A> {
        self.edges.view()
    }

    /// How many elements each bin has: its lower edge belongs to it, and to the last bin the upper one too.
    pub fn counts(&self) -> ArrayView1<'_, usize> {
        self.counts.view()
    }
}

impl<A> fmt::Debug for Histogram<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Histogram").field("counts", &self.counts).finish_non_exhaustive()
    }
}
