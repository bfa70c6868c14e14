//! [`Sums`]: the sums of all columns.

use std::ops::{Add, Sub};

use ndarray::{Array, ArrayRef, Axis, IntoDimension, Ix2, RemoveAxis};
use num_traits::Zero;

use super::running::Running;
use super::{check_rows, zeros};
use crate::kernel;
use crate::pool::Element;

/// Sums all blocks along their first axis: [`sum_axis_into`](crate::kernel::sum_axis_into) of more rows than fit into
/// memory.
///
/// The error is that of the kernel for the rows of one block, plus one rounding at the end, however many blocks there
/// are. Integers are exact.
///
/// ```
/// use ndarray_pool::blocks::Sums;
/// use ndarray_pool::ndarray::array;
///
/// let mut sums = Sums::<f64>::new(2);
/// for block in [array![[1e16, 1.0]], array![[1.0, 3.0]], array![[1.0, 4.0]]] {
///     sums.update(&block);
/// }
/// assert_eq!(sums.sum(), array![1e16 + 2.0, 8.0]); // no 1 is lost beside 1e16
/// ```
#[derive(Clone, Debug)]
pub struct Sums<A = f64, D = Ix2>
where
    D: RemoveAxis,
{
    total: Running<A, D::Smaller>,
    of_block: Array<A, D::Smaller>,
}

impl<A, D> Sums<A, D>
where
    A: Element + Zero + Add<Output = A> + Sub<Output = A> + PartialEq,
    D: RemoveAxis,
{
    /// Starts sums for rows of a shape: a number of columns, or
    /// [`NpyRows::row_shape`](crate::blocks::NpyRows::row_shape).
    pub fn new(row_shape: impl IntoDimension<Dim = D::Smaller>) -> Self {
        let shape = row_shape.into_dimension();
        Sums { total: Running::new(shape.clone()), of_block: zeros(shape) }
    }

    /// Adds all rows of a block.
    ///
    /// # Panics
    ///
    /// If they have another shape. Where overflow checks are on, if integers overflow.
    #[track_caller]
    pub fn update(&mut self, block: &ArrayRef<A, D>) {
        check_rows("Sums::update", &block.shape()[1..], self.total.shape());
        kernel::sum_axis_into(block, Axis(0), &mut self.of_block);
        self.total.add(&self.of_block);
    }

    /// Adds what another one has summed.
    ///
    /// # Panics
    ///
    /// If its rows have another shape.
    #[track_caller]
    pub fn merge(&mut self, other: &Self) {
        check_rows("Sums::merge", other.total.shape(), self.total.shape());
        self.total.merge(&other.total);
    }

    /// The sums of all rows so far.
    #[must_use]
    pub fn sum(&self) -> Array<A, D::Smaller> {
        let mut sum = self.of_block.clone();
        self.sum_into(&mut sum);
        sum
    }

    /// The same, into an existing array.
    ///
    /// # Panics
    ///
    /// If `out` has not the shape of a row.
    #[track_caller]
    pub fn sum_into(&self, out: &mut ArrayRef<A, D::Smaller>) {
        check_rows("Sums::sum_into", out.shape(), self.total.shape());
        self.total.total_into(out);
    }
}
