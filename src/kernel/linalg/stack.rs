//! Stacks of matrices: arrays whose last two axes are those of a matrix, taken one by one.

use ndarray::{
    ArrayView, ArrayView2, ArrayViewMut, ArrayViewMut2, Axis, Dimension, Ix2, Ix3, Ix4, Ix5, Ix6,
    IxDyn, RemoveAxis, s,
};

/// Two stacks of inputs and one of outputs, equally many of each.
pub(super) struct Stacks<'a, A, D> {
    pub(super) a: ArrayView<'a, A, D>,
    pub(super) b: ArrayView<'a, A, D>,
    pub(super) out: ArrayViewMut<'a, A, D>,
}

/// What is done with two matrices and the output that belongs to them.
pub(super) type Each<'f, A> =
    dyn FnMut(ArrayView2<'_, A>, ArrayView2<'_, A>, ArrayViewMut2<'_, A>) + 'f;

impl<'a, A, D: Dimension> Stacks<'a, A, D> {
    /// Calls `f` for each place in the stacks.
    pub(super) fn each(self, f: &mut Each<'_, A>) {
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
    pub(super) fn merge_rows(&mut self) {
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
