//! A rectangle of an array as an MPI message: sent from where it lies, received where it belongs.
//!
//! A lease never moves, so MPI can read and write it while the program goes on. A row of it is contiguous; a column, or a
//! rectangle of several rows, has gaps. MPI's vector type describes both as `rows` runs of `columns` numbers, `stride`
//! apart, so nothing is packed here.
//!
//! This file is the only one with `unsafe` code: `mpi` trusts whoever gives it a pointer and a type of its own. What makes
//! it sound is one check: *the type of a message is that of the rectangle whose pointer goes with it*.
#![expect(unsafe_code, reason = "tells MPI where a rectangle lies")]

use mpi::datatype::{DynBuffer, DynBufferMut, UserDatatype};
use mpi::traits::*;
use ndarray::{ArrayRef2, ArrayView2, ArrayViewMut2};

/// The type of messages of one form.
pub struct Form {
    datatype: UserDatatype,
    layout: Layout,
}

/// How a rectangle lies in a row-major array.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    rows: usize,
    columns: usize,
    stride: isize,
}

impl Form {
    /// The form of this rectangle, and of all others of its shape in arrays of the same width.
    ///
    /// # Panics
    ///
    /// If it is empty, its rows are not contiguous, or MPI cannot count its elements.
    pub fn of(rectangle: &ArrayRef2<f64>) -> Self {
        let layout = Layout::of(rectangle);
        let [rows, columns] = [layout.rows, layout.columns].map(|n| i32::try_from(n).unwrap());
        let stride = i32::try_from(layout.stride).unwrap();
        let datatype = UserDatatype::vector(rows, columns, stride, &f64::equivalent_datatype());
        Form { datatype, layout }
    }

    /// What is to be sent.
    ///
    /// # Panics
    ///
    /// If the rectangle has another form.
    pub fn send<'a>(&'a self, rectangle: ArrayView2<'a, f64>) -> DynBuffer<'a> {
        assert_eq!(Layout::of(&rectangle), self.layout, "the form of a message");
        // SAFETY: The view borrows all its elements for `'a`, and its pointer is that of the first one. One item of the
        // datatype is `rows` runs of `columns` numbers that begin `stride` numbers apart, from the pointer on: with the
        // layout that was just compared, these are the elements of the view and no others. The datatype is
        // borrowed for `'a` as well, so it is not freed before.
        unsafe { DynBuffer::from_raw(rectangle.as_ptr(), 1, self.datatype.as_ref()) }
    }

    /// Where what is received goes.
    ///
    /// # Panics
    ///
    /// If the rectangle has another form.
    pub fn receive<'a>(&'a self, mut rectangle: ArrayViewMut2<'a, f64>) -> DynBufferMut<'a> {
        assert_eq!(Layout::of(&rectangle), self.layout, "the form of a message");
        // SAFETY: As above; and the view, which is consumed, was the only way to its elements for `'a`.
        unsafe { DynBufferMut::from_raw(rectangle.as_mut_ptr(), 1, self.datatype.as_ref()) }
    }
}

impl Layout {
    fn of(rectangle: &ArrayRef2<f64>) -> Self {
        let ((rows, columns), strides) = (rectangle.dim(), rectangle.strides());
        assert!(rows > 0 && columns > 0, "a message of {rows} × {columns}");
        assert!(columns == 1 || strides[1] == 1, "the rows of a message have gaps: {strides:?}");
        Layout { rows, columns, stride: strides[0] }
    }
}
