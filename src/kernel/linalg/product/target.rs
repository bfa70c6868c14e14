//! The matrix that is written to, and what the product is added to.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2, s};

use super::element::MatrixElement;
use super::tile::Rows;

/// What a product is added to.
#[derive(Clone, Debug)]
pub(crate) enum Start<'a, A> {
    /// Nothing; what `out` holds is not read.
    Zero,
    /// What `out` holds, times a number other than zero.
    Out(A),
    /// An array of the shape of `out`.
    Array(ArrayView2<'a, A>),
}

/// `out`, as the loop over tiles gets at its rows.
pub(super) enum Target<'a, A: MatrixElement> {
    /// Rows of so many elements, one behind the other in memory.
    Contiguous(&'a mut [A], usize),
    /// Any layout: rows are computed in the staging area and copied.
    Staged(ArrayViewMut2<'a, A>, &'a mut [A::Real]),
}

impl<A: MatrixElement> Start<'_, A> {
    /// What the part of `out` with these rows and columns is added to.
    pub(super) fn part(&self, rows: &Range<usize>, columns: &Range<usize>) -> Start<'_, A> {
        match self {
            Start::Zero => Start::Zero,
            Start::Out(scale) => Start::Out(*scale),
            Start::Array(start) => Start::Array(start.slice(s![rows.clone(), columns.clone()])),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        matches!(self, Start::Zero)
    }

    /// Whether `out` holds it already.
    fn is_there(&self) -> bool {
        matches!(self, Start::Out(scale) if *scale == A::one())
    }

    /// Writes it to `out`.
    pub(super) fn write(self, mut out: ArrayViewMut2<'_, A>) {
        match self {
            Start::Zero => out.fill(A::zero()),
            Start::Out(scale) if scale == A::one() => {} // (One times a complex infinity is not infinite.)
            Start::Out(scale) => out.mapv_inplace(|x| scale * x),
            Start::Array(start) => out.assign(&start),
        }
    }
}

impl<'a, A: MatrixElement> Target<'a, A> {
    pub(super) fn new(out: ArrayViewMut2<'a, A>, stage: &'a mut [A::Real]) -> Self {
        let columns = out.ncols();
        match out.is_standard_layout() {
            true => Target::Contiguous(out.into_slice().expect("it is contiguous"), columns),
            false => Target::Staged(out, stage),
        }
    }

    /// How many real numbers there is room for.
    pub(super) fn room(&self) -> usize {
        match self {
            Target::Contiguous(..) => usize::MAX,
            Target::Staged(_, stage) => stage.len(),
        }
    }

    /// Calls `add`, which adds to a part of `out`, or which writes to it if `start` is zero.
    pub(super) fn add(
        &mut self,
        rows: Range<usize>,
        columns: Range<usize>,
        start: Start<'_, A>,
        add: impl FnOnce(Rows<'_, A::Real>),
    ) {
        let (is_zero, is_there) = (start.is_zero(), start.is_there());
        match self {
            Target::Contiguous(out, len) => {
                let out = &mut out[*len * rows.start..*len * rows.end];
                if !is_zero && !is_there {
                    let out = ArrayViewMut2::from_shape((rows.len(), *len), &mut *out);
                    start.write(out.expect("rows are whole").slice_mut(s![.., columns.clone()]));
                }
                let columns = A::PARTS * columns.start..A::PARTS * columns.end;
                add(Rows { numbers: A::reals_mut(out), step: A::PARTS * *len, columns });
            }
            Target::Staged(out, stage) => {
                let mut out = out.slice_mut(s![rows, columns]);
                let numbers = &mut stage[..out.len() * A::PARTS];
                if !is_zero && !is_there {
                    start.write(out.view_mut());
                }
                if !is_zero {
                    let staged = A::elements_mut(numbers);
                    staged.iter_mut().zip(&out).for_each(|(staged, &x)| *staged = x);
                }
                let step = out.ncols() * A::PARTS;
                add(Rows { numbers, step, columns: 0..step });
                let staged = A::elements_mut(numbers);
                out.iter_mut().zip(staged).for_each(|(out, staged)| *out = *staged);
            }
        }
    }
}
