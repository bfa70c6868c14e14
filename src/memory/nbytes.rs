//! How many bytes the elements of an array take: the yardstick beside every figure in bytes.

use ndarray::{ArrayRef, Dimension};

/// The bytes that the elements of `array` take: number of elements × size of one element.
///
/// Any shape. What NaN, infinity or another value an element holds makes no difference; an empty
/// array takes 0 bytes.
///
/// The figure is about *elements*, as NumPy's is: a view of every second row counts its own
/// elements only, a broadcast view counts a repeated element each time it appears, and neither
/// memory that the elements point to (a `String`'s text) nor the spare capacity of an owned array
/// is counted. Should the product pass the largest `usize`, which only a broadcast view can do,
/// that largest value is returned.
///
/// Replaces NumPy's `a.nbytes` and `a.len() * size_of::<A>()`.
///
/// # Example
///
/// ```
/// use ndarray::{Array2, s};
/// use ndarray_pool::memory::nbytes;
///
/// let a = Array2::<f64>::zeros((1000, 1000));
/// assert_eq!(nbytes(&a), 8_000_000);
/// assert_eq!(nbytes(&a.slice(s![..;2, ..])), 4_000_000);
/// ```
#[must_use]
pub fn nbytes<A, D: Dimension>(array: &ArrayRef<A, D>) -> usize {
    array.len().saturating_mul(size_of::<A>())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array0, Array2, ArrayD, IxDyn, arr0};

    use super::nbytes;

    #[test]
    fn counts_elements_times_their_size() {
        assert_eq!(nbytes(&Array2::<f32>::zeros((3, 5))), 60);
        assert_eq!(nbytes(&Array2::<u8>::zeros((0, 5))), 0);
        assert_eq!(nbytes(&Array2::<()>::from_elem((3, 5), ())), 0);
        assert_eq!(nbytes(&arr0(1_u16)), 2);
        assert_eq!(nbytes(&ArrayD::<bool>::from_elem(IxDyn(&[2, 1, 2, 1, 2, 1, 2]), true)), 16);
    }

    #[test]
    fn counts_the_elements_of_a_view_not_of_its_owner() {
        let mut owner = Array2::<f64>::zeros((10, 4));
        assert_eq!(nbytes(&owner.view().reversed_axes()), 320);
        assert_eq!(nbytes(&owner.row(3)), 32);
        assert_eq!(nbytes(&owner.row_mut(3)), 32);
        let one: Array0<f64> = arr0(1.0);
        assert_eq!(nbytes(&one.broadcast((10, 10)).unwrap()), 800);
        assert_eq!(nbytes(&one.broadcast(isize::MAX as usize).unwrap()), usize::MAX);
    }
}
