//! Matrix times vector and vector times matrix, for a matrix of blocks.

use std::ops::{Add, Mul, Sub};

use ndarray::{ArrayRef1, Axis, Ix1, Ix2, Slice};
use num_traits::Zero;

use super::running::Running;
use super::zeros;
use crate::blocks::error::BlockError;
use crate::blocks::looped::{Block, Blocks, PoolHandle};
use crate::blocks::source::RowSource;
use crate::kernel;

/// Multiplies the matrix that the blocks make by a vector: [`matvec_into`](crate::kernel::matvec_into) of more rows than
/// fit into memory.
///
/// *out\[i\] = Σⱼ a\[i, j\] v\[j\]*
///
/// `a` has n rows of m columns, `v` m elements and `out` n. Each element of `out` has the bits that the kernel
/// gives for that row.
///
/// # Errors
///
/// As [`Blocks::next_block`]; `out` is partly written then.
///
/// # Panics
///
/// If `a` has not as many columns as `v` has elements, or not as many rows as `out`.
///
/// ```
/// use ndarray_pool::blocks::{self, BlockError, Blocks};
/// use ndarray_pool::ndarray::{Array1, ArrayRef2, array};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), BlockError> {
/// let mut next = 0..5;
/// let rows = blocks::from_fn(|rows: &mut ArrayRef2<f64>| {
///     Ok(rows.outer_iter_mut().zip(&mut next).map(|(mut row, n)| row.fill(f64::from(n))).count())
/// });
/// let (pool, mut out) = (Pool2::<f64>::new((2, 3), 1)?, Array1::zeros(5));
/// blocks::matvec_into(Blocks::new(rows, &pool), &array![1.0, 1.0, 2.0], &mut out)?;
/// assert_eq!(out, array![0.0, 4.0, 8.0, 12.0, 16.0]);
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn matvec_into<S, P>(
    mut a: Blocks<S, P>,
    v: &ArrayRef1<S::Elem>,
    out: &mut ArrayRef1<S::Elem>,
) -> Result<(), BlockError>
where
    S: RowSource<Dim = Ix2>,
    S::Elem: Zero + Mul<Output = S::Elem>,
    P: PoolHandle<S::Elem, Ix2>,
{
    let mut done = 0;
    while let Some(block) = a.next_block()? {
        let rows = Block::row_range(&block);
        check_rows("matvec_into", "out", rows.end, out.len());
        let mut out = out.slice_axis_mut(Axis(0), Slice::from(rows.clone()));
        kernel::matvec_into(&block, v, &mut out);
        done = rows.end;
    }
    check_all("matvec_into", "out", done, out.len());
    Ok(())
}

/// Multiplies a vector by the matrix that the blocks make: [`vecmat_into`](crate::kernel::vecmat_into) of more rows than
/// fit into memory.
///
/// *out\[j\] = Σᵢ v\[i\] a\[i, j\]*
///
/// `a` has n rows of m columns, `v` n elements and `out` m. The error is that of the kernel for the rows of one block,
/// plus one rounding at the end, however many blocks there are.
///
/// # Errors
///
/// As [`Blocks::next_block`]; `out` is not written then.
///
/// # Panics
///
/// If `a` has not as many rows as `v` has elements, or not as many columns as `out`.
///
/// ```
/// use ndarray_pool::blocks::{self, BlockError, Blocks};
/// use ndarray_pool::ndarray::{Array1, ArrayRef2, array};
/// use ndarray_pool::prelude::*;
///
/// # fn main() -> Result<(), BlockError> {
/// let mut next = 0..3;
/// let rows = blocks::from_fn(|rows: &mut ArrayRef2<f64>| {
///     Ok(rows.outer_iter_mut().zip(&mut next).map(|(mut row, n)| row.fill(f64::from(n))).count())
/// });
/// let (pool, mut out) = (Pool2::<f64>::new((2, 2), 1)?, Array1::zeros(2));
/// blocks::vecmat_into(&array![5.0, 1.0, 2.0], Blocks::new(rows, &pool), &mut out)?;
/// assert_eq!(out, array![5.0, 5.0]);
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn vecmat_into<S, P>(
    v: &ArrayRef1<S::Elem>,
    mut a: Blocks<S, P>,
    out: &mut ArrayRef1<S::Elem>,
) -> Result<(), BlockError>
where
    S: RowSource<Dim = Ix2>,
    S::Elem: Zero
        + Add<Output = S::Elem>
        + Sub<Output = S::Elem>
        + Mul<Output = S::Elem>
        + PartialEq
        + kernel::Conjugate,
    P: PoolHandle<S::Elem, Ix2>,
{
    let shape = Ix1(out.len());
    let (mut total, mut of_block) = (Running::<S::Elem, Ix1>::new(shape), zeros(shape));
    let mut done = 0;
    while let Some(block) = a.next_block()? {
        let (rows, overlap) = (Block::row_range(&block), Block::overlap(&block));
        check_rows("vecmat_into", "v", rows.end, v.len());
        let v = v.slice_axis(Axis(0), Slice::from(rows.start + overlap..rows.end));
        let new = block.slice_axis(Axis(0), Slice::from(overlap..));
        kernel::vecmat_into(&v, &new, &mut of_block);
        total.add(&of_block);
        done = rows.end;
    }
    check_all("vecmat_into", "v", done, v.len());
    total.total_into(out);
    Ok(())
}

#[track_caller]
fn check_rows(kernel: &str, name: &str, rows: usize, len: usize) {
    assert!(
        rows <= len,
        "{kernel}: `a` has more than {len} rows, but must have as many as `{name}` has elements"
    );
}

#[track_caller]
fn check_all(kernel: &str, name: &str, rows: usize, len: usize) {
    assert!(
        rows == len,
        "{kernel}: `a` has {rows} rows, but must have as many as `{name}` has elements, {len}"
    );
}
