//! [`Extrema`]: the smallest and the largest number of each column.

use ndarray::{Array, ArrayRef, ArrayView, Axis, IntoDimension, Ix2, RemoveAxis};

use super::{check_rows, zeros};
use crate::kernel;
use crate::pool::Element;

/// Finds the smallest and the largest element of each column over all blocks, with the bits of
/// [`min_axis_into`](crate::kernel::min_axis_into) and [`max_axis_into`](crate::kernel::max_axis_into). NaN in a column
/// gives NaN.
///
/// ```
/// use ndarray_pool::blocks::Extrema;
/// use ndarray_pool::ndarray::array;
///
/// let mut extrema = Extrema::new(2);
/// extrema.update(&array![[1, 9], [3, 7]]);
/// extrema.update(&array![[2, 8]]);
/// assert_eq!((extrema.min().unwrap(), extrema.max().unwrap()), (array![1, 7].view(), array![3, 9].view()));
/// ```
#[derive(Clone, Debug)]
pub struct Extrema<A = f64, D = Ix2>
where
    D: RemoveAxis,
{
    min: Array<A, D::Smaller>,
    max: Array<A, D::Smaller>,
    of_block: Array<A, D::Smaller>,
    is_empty: bool,
}

impl<A, D> Extrema<A, D>
where
    A: Element + PartialOrd,
    D: RemoveAxis,
{
    /// Starts with rows of a shape: a number of columns, or
    /// [`NpyRows::row_shape`](crate::blocks::NpyRows::row_shape).
    pub fn new(row_shape: impl IntoDimension<Dim = D::Smaller>) -> Self {
        let shape = row_shape.into_dimension();
        let (min, max) = (zeros(shape.clone()), zeros(shape.clone()));
        Extrema { min, max, of_block: zeros(shape), is_empty: true }
    }

    /// Looks at all rows of a block.
    ///
    /// # Panics
    ///
    /// If they have another shape.
    #[track_caller]
    pub fn update(&mut self, block: &ArrayRef<A, D>) {
        check_rows("Extrema::update", &block.shape()[1..], self.min.shape());
        if block.len_of(Axis(0)) == 0 {
            return;
        }
        if self.is_empty {
            kernel::min_axis_into(block, Axis(0), &mut self.min);
            kernel::max_axis_into(block, Axis(0), &mut self.max);
        } else {
            kernel::min_axis_into(block, Axis(0), &mut self.of_block);
            kernel::minimum_inplace(&mut self.min, &self.of_block);
            kernel::max_axis_into(block, Axis(0), &mut self.of_block);
            kernel::maximum_inplace(&mut self.max, &self.of_block);
        }
        self.is_empty = false;
    }

    /// Takes over what another one has found.
    ///
    /// # Panics
    ///
    /// If its rows have another shape.
    #[track_caller]
    pub fn merge(&mut self, other: &Self) {
        check_rows("Extrema::merge", other.min.shape(), self.min.shape());
        if other.is_empty {
            return;
        }
        if self.is_empty {
            self.min.assign(&other.min);
            self.max.assign(&other.max);
        } else {
            kernel::minimum_inplace(&mut self.min, &other.min);
            kernel::maximum_inplace(&mut self.max, &other.max);
        }
        self.is_empty = false;
    }

    /// Both; zeros if there were no rows.
    pub(super) fn both(&self) -> [&Array<A, D::Smaller>; 2] {
        [&self.min, &self.max]
    }

    /// The smallest of each column; `None` if there were no rows.
    pub fn min(&self) -> Option<ArrayView<'_, A, D::Smaller>> {
        (!self.is_empty).then(|| self.min.view())
    }

    /// The largest of each column; `None` if there were no rows.
    pub fn max(&self) -> Option<ArrayView<'_, A, D::Smaller>> {
        (!self.is_empty).then(|| self.max.view())
    }
}
