//! Stacks of matrices: arrays whose last two axes are those of a matrix, taken one by one.

use ndarray::{
    ArrayView, ArrayView2, ArrayViewMut, ArrayViewMut2, Axis, Dimension, Ix2, Ix3, Ix4, Ix5, Ix6,
    IxDyn, RemoveAxis, s,
};

/// So many rows, or columns, are whole tiles of a product in any version.
#[cfg(feature = "rayon")]
const WHOLE_TILES: usize = 96;

/// Two stacks of inputs and one of outputs, equally many of each.
pub(crate) struct Stacks<'a, A, D> {
    pub(crate) a: ArrayView<'a, A, D>,
    pub(crate) b: ArrayView<'a, A, D>,
    pub(crate) out: ArrayViewMut<'a, A, D>,
}

/// What is done with two matrices and the output that belongs to them.
pub(crate) type Each<'f, A> =
    dyn FnMut(ArrayView2<'_, A>, ArrayView2<'_, A>, ArrayViewMut2<'_, A>) + 'f;

impl<'a, A, D: Dimension> Stacks<'a, A, D> {
    /// Calls `f` for each place in the stacks.
    pub(crate) fn each(self, f: &mut Each<'_, A>) {
        match self.out.ndim() {
            2 => {
                let Stacks { a, b, out } = self.of_dimension::<Ix2>();
                f(a, b, out);
            }
            // No recursion over `D::Smaller`: it ends with arrays that have no axis to remove.
            3 => self.of_dimension::<Ix3>().each_part(f),
            4 => self.of_dimension::<Ix4>().each_part(f),
            5 => self.of_dimension::<Ix5>().each_part(f),
            6 => {
                let Stacks { a, b, out } = self.of_dimension::<Ix6>();
                if out.shape()[..4] != [1; 4] {
                    return Stacks { a, b, out }.each_part(f);
                }
                let one = s![0, 0, 0, 0, .., ..];
                f(a.slice_move(one), b.slice_move(one), out.slice_move(one));
            }
            _ => self.of_dimension::<IxDyn>().each_part(f),
        }
    }

    /// Makes one matrix of those that lie below one another and belong to the same `b`.
    pub(crate) fn merge_rows(&mut self) {
        let Some(last) = self.out.ndim().checked_sub(3) else { return };
        let (above, rows) = (Axis(last), Axis(last + 1));
        if self.b.stride_of(above) == 0 && self.out.len_of(above) > 1 {
            let (mut a, mut out) = (self.a.view(), self.out.view_mut());
            if a.merge_axes(above, rows) && out.merge_axes(above, rows) {
                self.a.merge_axes(above, rows);
                self.out.merge_axes(above, rows);
                self.b.collapse_axis(above, 0);
            }
        }
    }

    /// Cuts off about `some` of `of` parts: some of the matrices if there are so many, else rows or columns of each. The
    /// whole if nothing is to be cut.
    #[cfg(feature = "rayon")]
    pub(crate) fn cut(self, some: usize, of: usize) -> Result<(Self, Self), Self> {
        let (lens, ndim) = (self.out.shape(), self.out.ndim());
        let (rows, columns) = (ndim - 2, ndim - 1);
        let longer = if lens[rows] >= lens[columns] { rows } else { columns };
        let axis = (0..rows).find(|&axis| lens[axis] >= of).unwrap_or(longer);
        let mut at = lens[axis] * some / of;
        if axis >= rows && at >= 4 * WHOLE_TILES {
            at -= at % WHOLE_TILES;
        }
        if at == 0 {
            return Err(self);
        }
        let axis = Axis(axis);
        let (one, other) = self.out.split_at(axis, at);
        let a = match axis == Axis(columns) {
            true => (self.a.clone(), self.a),
            false => self.a.split_at(axis, at),
        };
        let b = match axis == Axis(rows) {
            true => (self.b.clone(), self.b),
            false => self.b.split_at(axis, at),
        };
        Ok((Stacks { a: a.0, b: b.0, out: one }, Stacks { a: a.1, b: b.1, out: other }))
    }

    fn of_dimension<D2: Dimension>(self) -> Stacks<'a, A, D2> {
        let why = "the number of axes is this";
        Stacks {
            a: self.a.into_dimensionality().expect(why),
            b: self.b.into_dimensionality().expect(why),
            out: self.out.into_dimensionality().expect(why),
        }
    }
}

impl<A, D: RemoveAxis> Stacks<'_, A, D> {
    fn each_part(mut self, f: &mut Each<'_, A>) {
        let inputs = self.a.outer_iter().zip(self.b.outer_iter());
        for ((a, b), out) in inputs.zip(self.out.outer_iter_mut()) {
            Stacks { a, b, out }.each(f);
        }
    }
}
