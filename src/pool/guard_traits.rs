//! Traits that let a guard be used like an array: printing, comparing, iterating, views, `Zip`, `+=`. Private: it adds
//! traits and no names. All of them go through [`ArrayRef`].

use std::fmt;
use std::ops::{AddAssign, Deref, DivAssign, MulAssign, SubAssign};

use ndarray::iter::{Iter, IterMut};
use ndarray::{
    ArrayBase, ArrayRef, ArrayView, ArrayViewMut, Data, DataMut, Dimension, IntoNdProducer,
    ScalarOperand,
};

use super::{Element, Guard, Pool};

impl<P, A, D> AsRef<ArrayRef<A, D>> for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    fn as_ref(&self) -> &ArrayRef<A, D> {
        self
    }
}

impl<P, A, D> AsMut<ArrayRef<A, D>> for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    fn as_mut(&mut self) -> &mut ArrayRef<A, D> {
        self
    }
}

/// Prints the array.
impl<P, A, D> fmt::Debug for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element + fmt::Debug,
    D: Dimension,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Prints the array.
impl<P, A, D> fmt::Display for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element + fmt::Display,
    D: Dimension,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<P, A, B, S, D> PartialEq<ArrayBase<S, D>> for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element + PartialEq<B>,
    S: Data<Elem = B>,
    D: Dimension,
{
    fn eq(&self, other: &ArrayBase<S, D>) -> bool {
        **self == **other
    }
}

impl<P, A, B, D> PartialEq<ArrayRef<B, D>> for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element + PartialEq<B>,
    D: Dimension,
{
    fn eq(&self, other: &ArrayRef<B, D>) -> bool {
        **self == *other
    }
}

impl<P, Q, A, B, D> PartialEq<Guard<Q, B, D>> for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    Q: Deref<Target = Pool<B, D>>,
    A: Element + PartialEq<B>,
    B: Element,
    D: Dimension,
{
    fn eq(&self, other: &Guard<Q, B, D>) -> bool {
        **self == **other
    }
}

impl<P, A, B, S, D> PartialEq<Guard<P, B, D>> for ArrayBase<S, D>
where
    P: Deref<Target = Pool<B, D>>,
    A: PartialEq<B>,
    B: Element,
    S: Data<Elem = A>,
    D: Dimension,
{
    fn eq(&self, other: &Guard<P, B, D>) -> bool {
        **self == **other
    }
}

impl<P, A, B, D> PartialEq<Guard<P, B, D>> for ArrayRef<A, D>
where
    P: Deref<Target = Pool<B, D>>,
    A: PartialEq<B>,
    B: Element,
    D: Dimension,
{
    fn eq(&self, other: &Guard<P, B, D>) -> bool {
        *self == **other
    }
}

impl<P, A, D> Eq for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element + Eq,
    D: Dimension,
{
}

impl<'a, P, A, D> IntoIterator for &'a Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    type Item = &'a A;
    type IntoIter = Iter<'a, A, D>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, P, A, D> IntoIterator for &'a mut Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    type Item = &'a mut A;
    type IntoIter = IterMut<'a, A, D>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// For `Zip` and `azip!`.
impl<'a, P, A, D> IntoNdProducer for &'a Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    type Item = &'a A;
    type Dim = D;
    type Output = ArrayView<'a, A, D>;

    fn into_producer(self) -> Self::Output {
        self.view()
    }
}

/// For `Zip` and `azip!`.
impl<'a, P, A, D> IntoNdProducer for &'a mut Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    type Item = &'a mut A;
    type Dim = D;
    type Output = ArrayViewMut<'a, A, D>;

    fn into_producer(self) -> Self::Output {
        self.view_mut()
    }
}

impl<'a, P, A, D> From<&'a Guard<P, A, D>> for ArrayView<'a, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    fn from(guard: &'a Guard<P, A, D>) -> Self {
        guard.view()
    }
}

impl<'a, P, A, D> From<&'a mut Guard<P, A, D>> for ArrayViewMut<'a, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element,
    D: Dimension,
{
    fn from(guard: &'a mut Guard<P, A, D>) -> Self {
        guard.view_mut()
    }
}

/// One assignment operator, with every type that holds an array on the right; smaller ones are broadcast.
macro_rules! assign_operator {
    ($operator:ident, $method:ident) => {
        /// As on arrays: broadcasts `other` to the shape of the buffer, and panics where it cannot.
        impl<P, A, S, D, E> $operator<&ArrayBase<S, E>> for Guard<P, A, D>
        where
            P: Deref<Target = Pool<A, D>>,
            A: Element + $operator<A>,
            S: Data<Elem = A>,
            D: Dimension,
            E: Dimension,
        {
            #[track_caller]
            fn $method(&mut self, other: &ArrayBase<S, E>) {
                (**self).$method(&**other);
            }
        }

        /// As on arrays: broadcasts `other` to the shape of the buffer, and panics where it cannot.
        impl<P, A, D, E> $operator<&ArrayRef<A, E>> for Guard<P, A, D>
        where
            P: Deref<Target = Pool<A, D>>,
            A: Element + $operator<A>,
            D: Dimension,
            E: Dimension,
        {
            #[track_caller]
            fn $method(&mut self, other: &ArrayRef<A, E>) {
                (**self).$method(other);
            }
        }

        /// As on arrays: broadcasts `other` to the shape of the buffer, and panics where it cannot.
        impl<P, Q, A, D, E> $operator<&Guard<Q, A, E>> for Guard<P, A, D>
        where
            P: Deref<Target = Pool<A, D>>,
            Q: Deref<Target = Pool<A, E>>,
            A: Element + $operator<A>,
            D: Dimension,
            E: Dimension,
        {
            #[track_caller]
            fn $method(&mut self, other: &Guard<Q, A, E>) {
                (**self).$method(&**other);
            }
        }

        /// A lease on the right, as an array would be.
        impl<P, A, S, D, E> $operator<&Guard<P, A, E>> for ArrayBase<S, D>
        where
            P: Deref<Target = Pool<A, E>>,
            A: Element + $operator<A>,
            S: DataMut<Elem = A>,
            D: Dimension,
            E: Dimension,
        {
            #[track_caller]
            fn $method(&mut self, other: &Guard<P, A, E>) {
                (**self).$method(&**other);
            }
        }

        /// A lease on the right, as an array would be.
        impl<P, A, D, E> $operator<&Guard<P, A, E>> for ArrayRef<A, D>
        where
            P: Deref<Target = Pool<A, E>>,
            A: Element + $operator<A>,
            D: Dimension,
            E: Dimension,
        {
            #[track_caller]
            fn $method(&mut self, other: &Guard<P, A, E>) {
                self.$method(&**other);
            }
        }
    };
}

assign_operator!(AddAssign, add_assign);
assign_operator!(SubAssign, sub_assign);
assign_operator!(MulAssign, mul_assign);
assign_operator!(DivAssign, div_assign);

/// The operators with a scalar. One implementation per type, because one for every
/// [`ScalarOperand`] could overlap with those above.
macro_rules! scalar_assign_operators {
    ($($scalar:ty),*) => {$(
        scalar_assign_operators!(@ $scalar, AddAssign add_assign, SubAssign sub_assign);
        scalar_assign_operators!(@ $scalar, MulAssign mul_assign, DivAssign div_assign);
    )*};
    (@ $scalar:ty, $($operator:ident $method:ident),*) => {$(
        impl<P, D> $operator<$scalar> for Guard<P, $scalar, D>
        where
            P: Deref<Target = Pool<$scalar, D>>,
            $scalar: ScalarOperand,
            D: Dimension,
        {
            fn $method(&mut self, scalar: $scalar) {
                (**self).$method(scalar);
            }
        }
    )*};
}

scalar_assign_operators!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64);
#[cfg(feature = "complex")]
scalar_assign_operators!(num_complex::Complex<f32>, num_complex::Complex<f64>);

/// Serialises the array, as ndarray does.
#[cfg(feature = "serde")]
impl<P, A, D> serde::Serialize for Guard<P, A, D>
where
    P: Deref<Target = Pool<A, D>>,
    A: Element + serde::Serialize,
    D: Dimension + serde::Serialize,
{
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}
