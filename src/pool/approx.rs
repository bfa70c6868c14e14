//! Feature `approx`: guards as the left operand of `assert_abs_diff_eq!` and its relatives, with arrays or guards on
//! the right.

use std::ops::Deref;

use approx::{AbsDiffEq, RelativeEq, UlpsEq};
use ndarray::{ArrayBase, ArrayRef, Data, Dimension};

use super::{Element, Guard, Pool};

/// The three traits for a guard against one kind of right-hand side.
macro_rules! approx_traits {
    ($other:ty, <$param:ident> where $($bounds:tt)*) => {
        impl<P, A, B, D, $param> AbsDiffEq<$other> for Guard<P, A, D>
        where
            P: Deref<Target = Pool<A, D>>,
            A: Element + AbsDiffEq<B>,
            A::Epsilon: Clone,
            D: Dimension,
            $($bounds)*
        {
            type Epsilon = A::Epsilon;

            fn default_epsilon() -> A::Epsilon {
                A::default_epsilon()
            }

            fn abs_diff_eq(&self, other: &$other, epsilon: A::Epsilon) -> bool {
                let (this, other): (&ArrayRef<A, D>, &ArrayRef<B, D>) = (self, other);
                this.abs_diff_eq(other, epsilon)
            }
        }

        impl<P, A, B, D, $param> RelativeEq<$other> for Guard<P, A, D>
        where
            P: Deref<Target = Pool<A, D>>,
            A: Element + RelativeEq<B>,
            A::Epsilon: Clone,
            D: Dimension,
            $($bounds)*
        {
            fn default_max_relative() -> A::Epsilon {
                A::default_max_relative()
            }

            fn relative_eq(&self, other: &$other, epsilon: A::Epsilon, max: A::Epsilon) -> bool {
                let (this, other): (&ArrayRef<A, D>, &ArrayRef<B, D>) = (self, other);
                this.relative_eq(other, epsilon, max)
            }
        }

        impl<P, A, B, D, $param> UlpsEq<$other> for Guard<P, A, D>
        where
            P: Deref<Target = Pool<A, D>>,
            A: Element + UlpsEq<B>,
            A::Epsilon: Clone,
            D: Dimension,
            $($bounds)*
        {
            fn default_max_ulps() -> u32 {
                A::default_max_ulps()
            }

            fn ulps_eq(&self, other: &$other, epsilon: A::Epsilon, max_ulps: u32) -> bool {
                let (this, other): (&ArrayRef<A, D>, &ArrayRef<B, D>) = (self, other);
                this.ulps_eq(other, epsilon, max_ulps)
            }
        }
    };
}

approx_traits!(ArrayBase<S, D>, <S> where S: Data<Elem = B>,);
approx_traits!(Guard<Q, B, D>, <Q> where Q: Deref<Target = Pool<B, D>>, B: Element,);
