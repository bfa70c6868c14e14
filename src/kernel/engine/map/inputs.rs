//! The inputs of an elementwise kernel, as a list that may have any length: `(a, (b, ()))`.
//!
//! A list of views ([`Inputs`]) is cut into planes ([`Rows`]) and lanes ([`Lane`]); these give lists of slices
//! ([`Slices`]), or of elements.

use std::{iter, slice};

use ndarray::iter::AxisIter;
use ndarray::{
    ArrayBase, ArrayView, ArrayView1, Axis, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, RawData,
};

use crate::kernel::engine::axes::{Axes, is_one_element, steps_alike};
use crate::kernel::engine::cpu::stream::Footprint;
use crate::kernel::engine::map::slices::Slices;
use crate::kernel::engine::tuning::MAX_TILE_ELEMENT_BYTES;

/// A list of views of the shape of the output.
pub(crate) trait Inputs<D: Dimension>: Axes {
    type Items;
    type Slices<'s>: Slices<Items = Self::Items>
    where
        Self: 's;
    type Cut<'s>: Inputs<Ix3, Items = Self::Items>
    where
        Self: 's;
    type Plane<'s>: Rows<Items = Self::Items>
    where
        Self: 's;

    /// The size of the largest element.
    const ELEMENT_BYTES: usize;
    /// The size of an element of each, together.
    const ALL_BYTES: usize;

    /// Adds the memory behind all views.
    fn add_to(&self, footprint: &mut Footprint);
    /// All views as slices in memory order, if each steps through memory as an array of these lengths and steps does, or
    /// was broadcast from one small element, which is all of its slice.
    fn as_slices(&self, lens: &[usize], steps: &[isize]) -> Option<Self::Slices<'_>>;
    /// The part of each view at a place along all axes but the last three.
    fn cut(&self, at: &[usize]) -> Self::Cut<'_>;
    /// The part of each view with three axes at a place along the first.
    fn plane(&self, at: usize) -> Self::Plane<'_>;
    /// How the views step along an axis.
    fn steps_along(&self, axis: Axis) -> Steps;
}

/// Which steps other than one there are along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Steps {
    /// A view that was broadcast repeats an element.
    pub(crate) repeat: bool,
    /// The elements of a view have gaps, or are in reverse.
    pub(crate) jump: bool,
}

impl<D: Dimension> Inputs<D> for () {
    type Items = ();
    type Slices<'s> = ();
    type Cut<'s> = ();
    type Plane<'s> = ();

    const ELEMENT_BYTES: usize = 0;
    const ALL_BYTES: usize = 0;

    fn add_to(&self, _: &mut Footprint) {}
    fn as_slices(&self, _: &[usize], _: &[isize]) -> Option<()> {
        Some(())
    }
    fn cut(&self, _: &[usize]) {}
    fn plane(&self, _: usize) {}
    fn steps_along(&self, _: Axis) -> Steps {
        Steps::default()
    }
}

impl<A: Copy, D: Dimension, R: Inputs<D>> Inputs<D> for (ArrayView<'_, A, D>, R) {
    type Items = (A, R::Items);
    type Slices<'s>
        = (&'s [A], R::Slices<'s>)
    where
        Self: 's;
    type Cut<'s>
        = (ArrayView<'s, A, Ix3>, R::Cut<'s>)
    where
        Self: 's;
    type Plane<'s>
        = (ArrayView<'s, A, Ix2>, R::Plane<'s>)
    where
        Self: 's;

    const ELEMENT_BYTES: usize =
        if size_of::<A>() > R::ELEMENT_BYTES { size_of::<A>() } else { R::ELEMENT_BYTES };
    const ALL_BYTES: usize = size_of::<A>() + R::ALL_BYTES;

    fn add_to(&self, footprint: &mut Footprint) {
        footprint.add(&self.0);
        self.1.add_to(footprint);
    }
    #[inline]
    fn as_slices(&self, lens: &[usize], steps: &[isize]) -> Option<Self::Slices<'_>> {
        let slice = if steps_alike(lens, self.0.strides(), steps) {
            self.0.as_slice_memory_order()?
        } else if size_of::<A>() <= MAX_TILE_ELEMENT_BYTES && is_one_element(lens, self.0.strides())
        {
            slice::from_ref(self.0.first()?)
        } else {
            return None;
        };
        Some((slice, self.1.as_slices(lens, steps)?))
    }
    fn cut(&self, at: &[usize]) -> Self::Cut<'_> {
        (three_axes(self.0.view(), at), self.1.cut(at))
    }
    #[inline]
    fn plane(&self, at: usize) -> Self::Plane<'_> {
        (plane(self.0.view(), at), self.1.plane(at))
    }
    #[inline]
    fn steps_along(&self, axis: Axis) -> Steps {
        let (rest, step) = (self.1.steps_along(axis), self.0.stride_of(axis));
        Steps { repeat: rest.repeat | (step == 0), jump: rest.jump | !matches!(step, 0 | 1) }
    }
}

/// No view: whatever has to be done to axes is done.
impl Axes for () {
    fn lens(&self) -> &[usize] {
        &[]
    }
    fn steps(&self) -> &[isize] {
        &[]
    }
    fn invert(&mut self, _: usize) {}
    fn swap(&mut self, _: usize, _: usize) {}
    fn merge(&mut self, _: usize, _: usize) {}
    fn can_merge(&self, _: usize, _: usize) -> bool {
        true
    }
}

/// The axes of all views. Lengths and steps are those of the first.
impl<A, D: Dimension, R: Axes> Axes for (ArrayView<'_, A, D>, R) {
    fn lens(&self) -> &[usize] {
        self.0.lens()
    }
    fn steps(&self) -> &[isize] {
        self.0.steps()
    }
    fn invert(&mut self, axis: usize) {
        self.0.invert(axis);
        self.1.invert(axis);
    }
    fn swap(&mut self, a: usize, b: usize) {
        self.0.swap(a, b);
        self.1.swap(a, b);
    }
    fn merge(&mut self, take: usize, into: usize) {
        self.0.merge(take, into);
        self.1.merge(take, into);
    }
    fn can_merge(&self, take: usize, into: usize) -> bool {
        self.0.can_merge(take, into) && self.1.can_merge(take, into)
    }
}

/// The part of `array` at a place along all axes but the last three; with new axes in front, if it has fewer.
///
/// # Panics
///
/// If `at` has not an index for each axis but three.
pub(crate) fn three_axes<S: RawData, D: Dimension>(
    array: ArrayBase<S, D>,
    at: &[usize],
) -> ArrayBase<S, Ix3> {
    const SEEN: &str = "this number of axes was just seen";
    let first = Axis(0);
    match array.ndim() {
        0 => {
            let number = array.into_dimensionality::<Ix0>().expect(SEEN);
            number.insert_axis(first).insert_axis(first).insert_axis(first)
        }
        1 => {
            let row = array.into_dimensionality::<Ix1>().expect(SEEN);
            row.insert_axis(first).insert_axis(first)
        }
        2 => array.into_dimensionality::<Ix2>().expect(SEEN).insert_axis(first),
        3 => array.into_dimensionality().expect(SEEN),
        4 => {
            let array = array.into_dimensionality::<Ix4>().expect(SEEN);
            array.index_axis_move(first, at[0])
        }
        5 => {
            let array = array.into_dimensionality::<Ix5>().expect(SEEN);
            array.index_axis_move(first, at[0]).index_axis_move(first, at[1])
        }
        6 => {
            let array = array.into_dimensionality::<Ix6>().expect(SEEN);
            let array = array.index_axis_move(first, at[0]);
            array.index_axis_move(first, at[1]).index_axis_move(first, at[2])
        }
        _ => {
            // ndarray has allocated for so many axes, too.
            let part =
                at.iter().fold(array.into_dyn(), |array, &at| array.index_axis_move(first, at));
            part.into_dimensionality().expect("there is an index for each axis but three")
        }
    }
}

/// The part of an array of three axes at a place along the first. (Not inlined, so that it is compiled once for all
/// operations.)
#[inline(never)]
pub(crate) fn plane<S: RawData, D: Dimension>(
    array: ArrayBase<S, D>,
    at: usize,
) -> ArrayBase<S, Ix2> {
    let array = array.into_dimensionality::<Ix3>().expect("there are three axes");
    array.index_axis_move(Axis(0), at)
}

/// A list of views with two axes.
pub(crate) trait Rows {
    type Items;
    type Row<'s>: Lane<Items = Self::Items>
    where
        Self: 's;
    type Iter<'s>: Iterator<Item = Self::Row<'s>>
    where
        Self: 's;

    /// The rows of all views.
    fn rows(&self) -> Self::Iter<'_>;
}

impl Rows for () {
    type Items = ();
    type Row<'s> = ();
    type Iter<'s> = iter::Repeat<()>;

    #[inline(always)]
    fn rows(&self) -> iter::Repeat<()> {
        iter::repeat(())
    }
}

impl<A: Copy, R: Rows> Rows for (ArrayView<'_, A, Ix2>, R) {
    type Items = (A, R::Items);
    type Row<'s>
        = (ArrayView1<'s, A>, R::Row<'s>)
    where
        Self: 's;
    type Iter<'s>
        = iter::Zip<AxisIter<'s, A, Ix1>, R::Iter<'s>>
    where
        Self: 's;

    #[inline(always)]
    fn rows(&self) -> Self::Iter<'_> {
        self.0.outer_iter().zip(self.1.rows())
    }
}

/// One lane of each input.
pub(crate) trait Lane {
    type Items;
    type Slices<'s>: Slices<Items = Self::Items>
    where
        Self: 's;

    /// Whether each lane has at least `len` elements.
    fn reaches(&self, len: usize) -> bool;
    /// Element number `at` of each lane.
    fn items(&self, at: usize) -> Self::Items;
    /// The lanes as slices.
    fn as_slices(&self) -> Option<Self::Slices<'_>>;
    /// The lanes as slices. The slice of a lane that is not contiguous is its first element.
    fn as_slices_or_first(&self) -> Self::Slices<'_>;
}

impl Lane for () {
    type Items = ();
    type Slices<'s> = ();

    #[inline(always)]
    fn reaches(&self, _: usize) -> bool {
        true
    }
    #[inline(always)]
    fn items(&self, _: usize) {}
    #[inline(always)]
    fn as_slices(&self) -> Option<()> {
        Some(())
    }
    #[inline(always)]
    fn as_slices_or_first(&self) {}
}

impl<A: Copy, R: Lane> Lane for (ArrayView1<'_, A>, R) {
    type Items = (A, R::Items);
    type Slices<'s>
        = (&'s [A], R::Slices<'s>)
    where
        Self: 's;

    #[inline(always)]
    fn reaches(&self, len: usize) -> bool {
        len <= self.0.len() && self.1.reaches(len)
    }
    #[inline(always)]
    fn items(&self, at: usize) -> Self::Items {
        (self.0[at], self.1.items(at))
    }
    #[inline(always)]
    fn as_slices(&self) -> Option<Self::Slices<'_>> {
        Some((self.0.to_slice()?, self.1.as_slices()?))
    }
    #[inline(always)]
    fn as_slices_or_first(&self) -> Self::Slices<'_> {
        let slice = self.0.to_slice().unwrap_or_else(|| slice::from_ref(&self.0[0]));
        (slice, self.1.as_slices_or_first())
    }
}
