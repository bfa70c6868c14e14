//! Copies that move elements: transposed, taken by index, shuffled.

use ndarray::{
    ArrayRef, ArrayRef1, ArrayView, ArrayView1, Axis, Dimension, IntoDimension, RemoveAxis,
};

use crate::kernel;
use crate::kernel::Permutation;
use crate::kernel::arrange::transpose::{permuted, transposed};
use crate::kernel::engine::check;
use crate::kernel::engine::check::Bound;
use crate::kernel::engine::pieces::{self, Operand, Work};

/// [`transpose_into`](kernel::transpose_into) on all cores.
#[track_caller]
pub fn transpose_into<A, D>(a: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Send + Sync + 'static,
    D: Dimension,
{
    copy("transpose_into", transposed("par::transpose_into", a, out), out);
}

/// [`permute_axes_into`](kernel::permute_axes_into) on all cores.
#[track_caller]
pub fn permute_axes_into<A, D, T>(a: &ArrayRef<A, D>, axes: T, out: &mut ArrayRef<A, D>)
where
    A: Copy + Send + Sync + 'static,
    D: Dimension,
    T: IntoDimension<Dim = D>,
{
    let a = permuted("par::permute_axes_into", a, axes.into_dimension(), out);
    copy("permute_axes_into", a, out);
}

/// Copies `a` to `out`, which has its shape.
#[track_caller]
fn copy<A, D>(name: &str, a: ArrayView<'_, A, D>, out: &mut ArrayRef<A, D>)
where
    A: Copy + Send + Sync + 'static,
    D: Dimension,
{
    let Some(least) = Work::Moving.pieces_of(out.len()) else { return kernel::copy_into(&a, out) };
    pieces::each(name, least, None, (out.view_mut(), (a, ())), |(mut out, (a, ()))| {
        kernel::copy_into(&a, &mut out);
    });
}

/// [`take_axis_into`](kernel::take_axis_into) on all cores.
#[track_caller]
pub fn take_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    indices: &ArrayRef1<usize>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Send + Sync + 'static,
    D: RemoveAxis,
{
    const NAME: &str = "par::take_axis_into";
    check::axis(NAME, axis, ("a", a));
    check::same_shape_apart_from(NAME, ("a", a), axis, ("out", out));
    check::len_of_axis(NAME, ("indices", indices.len()), axis, ("out", out));
    check::all_below(NAME, ("indices", indices), a.len_of(axis), Bound::AxisOf(axis, "a"));
    take("take_axis_into", a, axis, indices.view(), out);
}

/// [`reorder_axis_into`](kernel::reorder_axis_into) on all cores.
#[track_caller]
pub fn reorder_axis_into<A, D>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    perm: &Permutation,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Send + Sync + 'static,
    D: RemoveAxis,
{
    const NAME: &str = "par::reorder_axis_into";
    check::axis(NAME, axis, ("a", a));
    check::same_shape(NAME, ("a", a), ("out", out));
    check::len_of_axis(NAME, ("perm", perm.len()), axis, ("a", a));
    take("reorder_axis_into", a, axis, perm.as_slice().into(), out);
}

/// [`shuffle_copy_into`](kernel::shuffle_copy_into) on all cores.
///
/// The order is drawn by the calling thread. More than 4096 rows are moved by it, too: for so many, shuffle a
/// [`Permutation`], and use [`reorder_axis_into`].
#[cfg(feature = "rand")]
#[cfg_attr(docsrs, doc(cfg(all(feature = "rand", feature = "rayon"))))]
#[track_caller]
pub fn shuffle_copy_into<A, D, R>(a: &ArrayRef<A, D>, out: &mut ArrayRef<A, D>, rng: &mut R)
where
    A: Copy + Send + Sync + 'static,
    D: RemoveAxis,
    R: rand::Rng + ?Sized,
{
    check::axis("par::shuffle_copy_into", Axis(0), ("a", a));
    check::same_shape("par::shuffle_copy_into", ("a", a), ("out", out));
    shuffle(a, Axis(0), out, rng);
}

/// [`shuffle_axis_into`](kernel::shuffle_axis_into) on all cores, as [`shuffle_copy_into`] says.
#[cfg(feature = "rand")]
#[cfg_attr(docsrs, doc(cfg(all(feature = "rand", feature = "rayon"))))]
#[track_caller]
pub fn shuffle_axis_into<A, D, R>(
    a: &ArrayRef<A, D>,
    axis: Axis,
    out: &mut ArrayRef<A, D>,
    rng: &mut R,
) where
    A: Copy + Send + Sync + 'static,
    D: RemoveAxis,
    R: rand::Rng + ?Sized,
{
    check::axis("par::shuffle_axis_into", axis, ("a", a));
    check::same_shape("par::shuffle_axis_into", ("a", a), ("out", out));
    shuffle(a, axis, out, rng);
}

#[cfg(feature = "rand")]
#[track_caller]
fn shuffle<A, D, R>(a: &ArrayRef<A, D>, axis: Axis, out: &mut ArrayRef<A, D>, rng: &mut R)
where
    A: Copy + Send + Sync + 'static,
    D: RemoveAxis,
    R: rand::Rng + ?Sized,
{
    use crate::kernel::engine::tuning::ORDER_ON_STACK;
    use crate::kernel::random::draw;

    let len = a.len_of(axis);
    if len > ORDER_ON_STACK || Work::Moving.pieces_of(a.len()).is_none() {
        return kernel::shuffle_axis_into(a, axis, out, rng);
    }
    let order = &mut [0; ORDER_ON_STACK][..len];
    draw::order(order, |index| index, rng);
    take("shuffle_axis_into", a, axis, ArrayView1::from(&*order), out);
}

/// Takes the rows at `indices`, which are valid.
#[track_caller]
fn take<A, D>(
    name: &str,
    a: &ArrayRef<A, D>,
    axis: Axis,
    indices: ArrayView1<'_, usize>,
    out: &mut ArrayRef<A, D>,
) where
    A: Copy + Send + Sync + 'static,
    D: RemoveAxis,
{
    let Some(least) = Work::Moving.pieces_of(out.len()) else {
        return kernel::take_axis_into(a, axis, &indices, out);
    };
    let operands = (out.view_mut(), Taken { a: a.view(), axis, indices });
    pieces::each(name, least, None, operands, |(mut out, Taken { a, indices, .. })| {
        kernel::take_axis_into(&a, axis, &indices, &mut out);
    });
}

/// Rows, and which of them are taken: a piece has some of the indices, or a part of each row.
struct Taken<'a, A, D> {
    a: ArrayView<'a, A, D>,
    axis: Axis,
    indices: ArrayView1<'a, usize>,
}

impl<A: Sync, D: Dimension> Operand for Taken<'_, A, D> {
    fn cut(self, axis: Axis, at: usize) -> (Self, Self) {
        let (a, indices) = match axis == self.axis {
            true => ((self.a.clone(), self.a), self.indices.split_at(Axis(0), at)),
            false => (self.a.split_at(axis, at), (self.indices, self.indices)),
        };
        let taken = |a, indices| Taken { a, axis: self.axis, indices };
        (taken(a.0, indices.0), taken(a.1, indices.1))
    }
}
