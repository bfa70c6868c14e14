//! The output of an elementwise kernel, or two outputs.

use std::iter;

use ndarray::iter::AxisIterMut;
use ndarray::{ArrayViewMut, ArrayViewMut1, Axis, Dimension, Ix1, Ix2, Ix3};

use crate::kernel::engine::axes::Axes;
use crate::kernel::engine::cpu::dispatch;
use crate::kernel::engine::cpu::stream::Footprint;
use crate::kernel::engine::map::function::Function;
use crate::kernel::engine::map::inputs::{plane, three_axes};
use crate::kernel::engine::map::run::{self, Write};
use crate::kernel::engine::map::slices::{Operands, Slices, Visitor};
use crate::kernel::engine::tuning::{INPUT_BLOCK, MAX_TILE_ELEMENT_BYTES};

/// A view to write, or a pair of views of one shape. Lengths and steps are those of the first.
pub(crate) trait Outputs<D: Dimension>: Axes {
    /// What is written at one place.
    type Items;
    type Slices<'s>: OutSlices<Items = Self::Items>
    where
        Self: 's;
    type Cut<'s>: Outputs<Ix3, Items = Self::Items>
    where
        Self: 's;
    type Plane<'s>: OutRows<Items = Self::Items>
    where
        Self: 's;

    /// The size of an element.
    const ELEMENT_BYTES: usize;
    /// Whether blocks of elements may be written.
    const IS_ONE: bool;

    /// Adds the memory behind them.
    fn add_to(&self, footprint: &mut Footprint);
    /// Whether there is a step other than one along an axis.
    fn jumps_along(&self, axis: Axis) -> bool;
    /// All of the output, in memory order, if it is one and contiguous.
    fn as_slices(&mut self) -> Option<Self::Slices<'_>>;
    /// The part at a place along all axes but the last three.
    fn cut(&mut self, at: &[usize]) -> Self::Cut<'_>;
    /// The part of a view with three axes at a place along the first.
    fn plane(&mut self, at: usize) -> Self::Plane<'_>;
}

/// A view with two axes, or two.
pub(crate) trait OutRows {
    type Items;
    type Row<'s>: OutLane<Items = Self::Items>
    where
        Self: 's;
    type Iter<'s>: Iterator<Item = Self::Row<'s>>
    where
        Self: 's;

    /// The rows.
    fn rows(&mut self) -> Self::Iter<'_>;
}

/// A lane of an output, or one of each of two.
pub(crate) trait OutLane {
    type Items;
    type Slices<'s>: OutSlices<Items = Self::Items>
    where
        Self: 's;

    /// Whether it has at least `len` elements.
    fn reaches(&self, len: usize) -> bool;
    /// Writes element number `at`.
    fn set(&mut self, at: usize, items: Self::Items);
    /// The lane as a slice, if it is one.
    fn as_slices(&mut self) -> Option<Self::Slices<'_>>;
}

/// A slice to write, or two.
pub(crate) trait OutSlices {
    type Items;

    /// How many elements there are.
    fn len(&self) -> usize;
    /// Writes all elements, in code that is inlined into the caller.
    fn write_inline<I: Operands, F: Function<I::Items, Output = Self::Items>>(
        self,
        inputs: I,
        f: F,
    ) -> F;
    /// Writes all elements, in the version for this processor.
    fn write<I, F>(self, inputs: I, f: F, streams: bool) -> F
    where
        I: Operands,
        F: Function<I::Items, Output = Self::Items>;
    /// The same for slices of which some may be a repeated element.
    fn write_repeats<I, F>(self, inputs: I, f: F, streams: bool) -> F
    where
        I: Slices,
        F: Function<I::Items, Output = Self::Items>;
}

impl<O: Copy + 'static, D: Dimension> Outputs<D> for ArrayViewMut<'_, O, D> {
    type Items = O;
    type Slices<'s>
        = &'s mut [O]
    where
        Self: 's;
    type Cut<'s>
        = ArrayViewMut<'s, O, Ix3>
    where
        Self: 's;
    type Plane<'s>
        = ArrayViewMut<'s, O, Ix2>
    where
        Self: 's;

    const ELEMENT_BYTES: usize = size_of::<O>();
    const IS_ONE: bool = true;

    fn add_to(&self, footprint: &mut Footprint) {
        footprint.add(self);
    }
    #[inline]
    fn jumps_along(&self, axis: Axis) -> bool {
        self.stride_of(axis) != 1
    }
    #[inline]
    fn as_slices(&mut self) -> Option<&mut [O]> {
        self.as_slice_memory_order_mut()
    }
    fn cut(&mut self, at: &[usize]) -> ArrayViewMut<'_, O, Ix3> {
        three_axes(self.view_mut(), at)
    }
    #[inline]
    fn plane(&mut self, at: usize) -> ArrayViewMut<'_, O, Ix2> {
        plane(self.view_mut(), at)
    }
}

impl<O: Copy + 'static> OutRows for ArrayViewMut<'_, O, Ix2> {
    type Items = O;
    type Row<'s>
        = ArrayViewMut1<'s, O>
    where
        Self: 's;
    type Iter<'s>
        = AxisIterMut<'s, O, Ix1>
    where
        Self: 's;

    #[inline(always)]
    fn rows(&mut self) -> AxisIterMut<'_, O, Ix1> {
        self.outer_iter_mut()
    }
}

impl<O: Copy + 'static> OutLane for ArrayViewMut1<'_, O> {
    type Items = O;
    type Slices<'s>
        = &'s mut [O]
    where
        Self: 's;

    #[inline(always)]
    fn reaches(&self, len: usize) -> bool {
        len <= self.len()
    }
    #[inline(always)]
    fn set(&mut self, at: usize, item: O) {
        self[at] = item;
    }
    #[inline(always)]
    fn as_slices(&mut self) -> Option<&mut [O]> {
        self.as_slice_mut()
    }
}

impl<O: Copy + 'static> OutSlices for &mut [O] {
    type Items = O;

    #[inline(always)]
    fn len(&self) -> usize {
        (**self).len()
    }
    #[inline(always)]
    fn write_inline<I: Operands, F: Function<I::Items, Output = O>>(
        self,
        inputs: I,
        mut f: F,
    ) -> F {
        run::fill(inputs.part(0, self.len()), &mut f, self);
        f
    }
    #[inline(always)]
    fn write<I, F>(self, inputs: I, f: F, streams: bool) -> F
    where
        I: Operands,
        F: Function<I::Items, Output = O>,
    {
        dispatch::run_on_output(Write::<0, _, _> { inputs, f, streams }, self)
    }
    #[inline(always)]
    fn write_repeats<I, F>(self, inputs: I, f: F, streams: bool) -> F
    where
        I: Slices,
        F: Function<I::Items, Output = O>,
    {
        if const { I::COUNT <= 2 } {
            return inputs.resolve(self.len(), Writing { f, streams, out: self });
        }
        // (Blocks of large elements would take much of the stack.)
        if const { I::ELEMENT_BYTES > MAX_TILE_ELEMENT_BYTES } {
            unreachable!("repeated large elements are not slices");
        }
        let blocks = inputs.blocks::<INPUT_BLOCK>();
        let inputs = inputs.or_blocks(self.len(), &blocks);
        match self.len() {
            ..=INPUT_BLOCK => self.write_inline(inputs, f),
            _ => dispatch::run_on_output(Write::<INPUT_BLOCK, _, _> { inputs, f, streams }, self),
        }
    }
}

/// Writes all elements of `out`, whatever the operands are.
struct Writing<'o, O, F> {
    f: F,
    streams: bool,
    out: &'o mut [O],
}

impl<Items, O, F> Visitor<Items> for Writing<'_, O, F>
where
    O: Copy + 'static,
    F: Function<Items, Output = O>,
{
    type Output = F;

    #[inline(always)]
    fn visit<I: Operands<Items = Items>>(self, operands: I) -> F {
        self.out.write(operands, self.f, self.streams)
    }
}

impl<A, B, D> Outputs<D> for (ArrayViewMut<'_, A, D>, ArrayViewMut<'_, B, D>)
where
    A: Copy + 'static,
    B: Copy + 'static,
    D: Dimension,
{
    type Items = (A, B);
    type Slices<'s>
        = (&'s mut [A], &'s mut [B])
    where
        Self: 's;
    type Cut<'s>
        = (ArrayViewMut<'s, A, Ix3>, ArrayViewMut<'s, B, Ix3>)
    where
        Self: 's;
    type Plane<'s>
        = (ArrayViewMut<'s, A, Ix2>, ArrayViewMut<'s, B, Ix2>)
    where
        Self: 's;

    const ELEMENT_BYTES: usize = size_of::<A>() + size_of::<B>();
    const IS_ONE: bool = false;

    fn add_to(&self, footprint: &mut Footprint) {
        self.0.add_to(footprint);
        self.1.add_to(footprint);
    }
    fn jumps_along(&self, axis: Axis) -> bool {
        self.0.jumps_along(axis) | self.1.jumps_along(axis)
    }
    fn as_slices(&mut self) -> Option<Self::Slices<'_>> {
        None
    }
    fn cut(&mut self, at: &[usize]) -> Self::Cut<'_> {
        (self.0.cut(at), self.1.cut(at))
    }
    #[inline]
    fn plane(&mut self, at: usize) -> Self::Plane<'_> {
        (self.0.plane(at), self.1.plane(at))
    }
}

impl<A, B, D: Dimension> Axes for (ArrayViewMut<'_, A, D>, ArrayViewMut<'_, B, D>) {
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

impl<A, B> OutRows for (ArrayViewMut<'_, A, Ix2>, ArrayViewMut<'_, B, Ix2>)
where
    A: Copy + 'static,
    B: Copy + 'static,
{
    type Items = (A, B);
    type Row<'s>
        = (ArrayViewMut1<'s, A>, ArrayViewMut1<'s, B>)
    where
        Self: 's;
    type Iter<'s>
        = iter::Zip<AxisIterMut<'s, A, Ix1>, AxisIterMut<'s, B, Ix1>>
    where
        Self: 's;

    #[inline(always)]
    fn rows(&mut self) -> Self::Iter<'_> {
        self.0.outer_iter_mut().zip(self.1.outer_iter_mut())
    }
}

impl<A: Copy + 'static, B: Copy + 'static> OutLane
    for (ArrayViewMut1<'_, A>, ArrayViewMut1<'_, B>)
{
    type Items = (A, B);
    type Slices<'s>
        = (&'s mut [A], &'s mut [B])
    where
        Self: 's;

    #[inline(always)]
    fn reaches(&self, len: usize) -> bool {
        self.0.reaches(len) && self.1.reaches(len)
    }
    #[inline(always)]
    fn set(&mut self, at: usize, (a, b): (A, B)) {
        self.0[at] = a;
        self.1[at] = b;
    }
    #[inline(always)]
    fn as_slices(&mut self) -> Option<Self::Slices<'_>> {
        Some((self.0.as_slice_mut()?, self.1.as_slice_mut()?))
    }
}

impl<A: Copy + 'static, B: Copy + 'static> OutSlices for (&mut [A], &mut [B]) {
    type Items = (A, B);

    fn len(&self) -> usize {
        self.0.len()
    }
    #[inline(always)]
    fn write_inline<I: Operands, F: Function<I::Items, Output = (A, B)>>(
        self,
        inputs: I,
        mut f: F,
    ) -> F {
        let len = self.0.len();
        let (inputs, (a, b)) = (inputs.part(0, len), (&mut self.0[..len], &mut self.1[..len]));
        for at in 0..len {
            (a[at], b[at]) = f.call(inputs.items(at));
        }
        f
    }
    #[inline(always)]
    fn write<I, F>(self, inputs: I, f: F, _: bool) -> F
    where
        I: Operands,
        F: Function<I::Items, Output = (A, B)>,
    {
        self.write_inline(inputs, f)
    }
    fn write_repeats<I, F>(self, _: I, _: F, _: bool) -> F
    where
        I: Slices,
        F: Function<I::Items, Output = (A, B)>,
    {
        unreachable!("two outputs are not written so")
    }
}
