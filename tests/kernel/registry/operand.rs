//! Operands of any element type behind one interface, and the numbers they are filled with.

use std::any::Any;
use std::fmt::Debug;

use ndarray::{ArrayD, ArrayView, ArrayViewMut, Dimension};

use super::layout::{Laid, Layout};

/// What arrays are made of here.
pub(crate) trait Element: Copy + Debug + PartialEq + 'static {
    /// Stands in memory that a kernel must not touch.
    const GAP: Self;

    /// The `n`th number of an input, of which there are several.
    fn number(n: usize, input: usize, kind: Kind) -> Self;

    /// Whether they are the same, or but for roundings if `near`.
    fn is(self, other: Self, _near: bool) -> bool {
        self == other
    }
}

/// The kinds of floats an input is filled with. Sums of all of them are exact in any order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Whole numbers, all different in the first input.
    Distinct,
    /// Quarters of both signs. The second input equals the first here and there, and is never zero.
    Signed,
    /// Few whole numbers above zero, so that the best occurs more than once.
    Repeated,
    /// The same, but every fifth is NaN.
    WithNan,
}

impl Element for f64 {
    const GAP: f64 = -1e300;

    fn number(n: usize, input: usize, kind: Kind) -> f64 {
        match kind {
            Kind::Distinct if input == 0 => n as f64 + 1.0,
            Kind::Distinct => (n * 7 % 11) as f64 + 1.0,
            Kind::Signed if input == 1 && !n.is_multiple_of(3) => (n * 7 % 11) as f64 - 3.25,
            Kind::Signed => n as f64 * 0.75 - 6.25 + if n.is_multiple_of(3) { 0.0 } else { 0.25 },
            Kind::WithNan if n % 5 == 4 => f64::NAN,
            Kind::Repeated | Kind::WithNan => ((n + 3 * input) * 7 % 31) as f64 + 1.0,
        }
    }

    /// NaN is NaN. Unless they need only be near, 0 is not −0.
    fn is(self, other: f64, near: bool) -> bool {
        let size = self.abs().max(other.abs());
        self.to_bits() == other.to_bits()
            || (self.is_nan() && other.is_nan())
            || (near && (self == other || (self - other).abs() <= 1e-13 * size))
    }
}

impl Element for bool {
    const GAP: bool = true;

    fn number(n: usize, input: usize, _: Kind) -> bool {
        (n * 5 % 7).is_multiple_of(input + 2)
    }
}

impl Element for i64 {
    const GAP: i64 = -7_777_777;

    fn number(n: usize, input: usize, _: Kind) -> i64 {
        n as i64 * 1_000_003 - 3_000_000 * (input as i64 + 1)
    }
}

impl Element for i32 {
    const GAP: i32 = -77_777;

    fn number(n: usize, _: usize, _: Kind) -> i32 {
        n as i32 - 5
    }
}

/// Counts of bits, some of them wider than an integer.
impl Element for u32 {
    const GAP: u32 = 7_777_777;

    fn number(n: usize, _: usize, _: Kind) -> u32 {
        n as u32 * 13 % 71
    }
}

/// Small numbers, most of them different.
impl Element for usize {
    const GAP: usize = usize::MAX - 12;

    fn number(n: usize, _: usize, _: Kind) -> usize {
        n * 37 % 101 + 1
    }
}

pub(crate) fn filled<A: Element>(shape: &[usize], input: usize, kind: Kind) -> ArrayD<A> {
    let numbers = (0..shape.iter().product()).map(|n| A::number(n, input, kind));
    ArrayD::from_shape_vec(shape, numbers.collect()).expect("as many numbers as the shape has")
}

/// An array as it should logically be.
pub(crate) trait Operand: Any + Debug {
    fn shape(&self) -> &[usize];
    fn lay(&self, layout: &Layout) -> Box<dyn Placed>;
    fn is(&self, other: &dyn Operand, near: bool) -> bool;
    /// Whether nothing was written into it.
    fn is_gap(&self) -> bool;
}

impl<A: Element> Operand for ArrayD<A> {
    fn shape(&self) -> &[usize] {
        (**self).shape()
    }
    fn lay(&self, layout: &Layout) -> Box<dyn Placed> {
        Box::new(layout.lay(self))
    }
    fn is(&self, other: &dyn Operand, near: bool) -> bool {
        let other = array_of::<A>(other);
        self.shape() == other.shape() && self.iter().zip(other).all(|(x, y)| x.is(*y, near))
    }
    fn is_gap(&self) -> bool {
        self.iter().all(|&element| element == A::GAP)
    }
}

pub(crate) fn array_of<A: Element>(operand: &dyn Operand) -> &ArrayD<A> {
    (operand as &dyn Any).downcast_ref().expect("the operand has elements of this type")
}

/// An array that lies somewhere in memory.
pub(crate) trait Placed: Any {
    fn ndim(&self) -> usize;
    fn logical(&self) -> Box<dyn Operand>;
    /// Whether all memory around it is as it was. Overwrites the array.
    fn gaps_are_untouched(&mut self) -> bool;
}

impl<A: Element> Placed for Laid<A> {
    fn ndim(&self) -> usize {
        self.view().ndim()
    }
    fn logical(&self) -> Box<dyn Operand> {
        Box::new(self.view().to_owned())
    }
    fn gaps_are_untouched(&mut self) -> bool {
        Laid::gaps_are_untouched(self)
    }
}

pub(crate) fn view<A: Element, D: Dimension>(placed: &dyn Placed) -> ArrayView<'_, A, D> {
    let laid: &Laid<A> = (placed as &dyn Any).downcast_ref().expect("it has such elements");
    laid.view().into_dimensionality().expect("it has as many axes")
}

pub(crate) fn view_mut<A, D>(placed: &mut dyn Placed) -> ArrayViewMut<'_, A, D>
where
    A: Element,
    D: Dimension,
{
    let laid: &mut Laid<A> = (placed as &mut dyn Any).downcast_mut().expect("it has such elements");
    laid.view_mut().into_dimensionality().expect("it has as many axes")
}

/// One element, or a tuple of elements, of arrays of the same length.
pub(crate) trait Elements: Sized + 'static {
    /// The arrays' elements in logical order, together.
    fn together(arrays: &[Box<dyn Operand>]) -> Vec<Self>;
    /// Arrays of this shape.
    fn apart(shape: &[usize], elements: Vec<Self>) -> Vec<Box<dyn Operand>>;
}

fn elements<A: Element>(operand: &dyn Operand) -> impl Iterator<Item = A> {
    array_of::<A>(operand).iter().copied()
}

fn shaped<A: Element>(shape: &[usize], elements: impl Iterator<Item = A>) -> Box<dyn Operand> {
    Box::new(ArrayD::from_shape_vec(shape, elements.collect()).expect("as many as the shape has"))
}

impl<A: Element> Elements for A {
    fn together(arrays: &[Box<dyn Operand>]) -> Vec<A> {
        elements(&*arrays[0]).collect()
    }
    fn apart(shape: &[usize], elements: Vec<A>) -> Vec<Box<dyn Operand>> {
        vec![shaped(shape, elements.into_iter())]
    }
}

impl<A: Element, B: Element> Elements for (A, B) {
    fn together(arrays: &[Box<dyn Operand>]) -> Vec<(A, B)> {
        elements(&*arrays[0]).zip(elements(&*arrays[1])).collect()
    }
    fn apart(shape: &[usize], elements: Vec<(A, B)>) -> Vec<Box<dyn Operand>> {
        vec![
            shaped(shape, elements.iter().map(|both| both.0)),
            shaped(shape, elements.iter().map(|both| both.1)),
        ]
    }
}

/// The elements of more inputs than there are outputs of any kernel.
macro_rules! elements_together {
    ($($($element:ident $k:tt),+;)*) => {$(
        impl<$($element: Element),+> Elements for ($($element,)+) {
            fn together(arrays: &[Box<dyn Operand>]) -> Vec<Self> {
                let len = array_of::<A>(&*arrays[0]).len();
                let mut elements = ($(elements::<$element>(&*arrays[$k]),)+);
                let together = (0..len).map(|_| Some(($(elements.$k.next()?,)+)));
                together.collect::<Option<_>>().expect("arrays of one length")
            }
            fn apart(_: &[usize], _: Vec<Self>) -> Vec<Box<dyn Operand>> {
                unreachable!("no kernel has so many outputs")
            }
        }
    )*};
}

elements_together! {
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
}

/// The lanes of one array, or of two, along an axis.
pub(crate) trait Lanes: Sized + 'static {
    type Lane;
    fn lanes(arrays: &[Box<dyn Operand>], axis: ndarray::Axis) -> Vec<Self::Lane>;
    /// All elements as one lane.
    fn all(arrays: &[Box<dyn Operand>]) -> Self::Lane;
}

impl<A: Element> Lanes for A {
    type Lane = Vec<A>;
    fn lanes(arrays: &[Box<dyn Operand>], axis: ndarray::Axis) -> Vec<Vec<A>> {
        array_of(&*arrays[0]).lanes(axis).into_iter().map(|lane| lane.to_vec()).collect()
    }
    fn all(arrays: &[Box<dyn Operand>]) -> Vec<A> {
        elements(&*arrays[0]).collect()
    }
}

impl<A: Element, B: Element> Lanes for (A, B) {
    type Lane = (Vec<A>, Vec<B>);
    fn lanes(arrays: &[Box<dyn Operand>], axis: ndarray::Axis) -> Vec<(Vec<A>, Vec<B>)> {
        let second = B::lanes(&arrays[1..], axis);
        A::lanes(arrays, axis).into_iter().zip(second).collect()
    }
    fn all(arrays: &[Box<dyn Operand>]) -> (Vec<A>, Vec<B>) {
        (elements(&*arrays[0]).collect(), elements(&*arrays[1]).collect())
    }
}
