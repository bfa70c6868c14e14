//! Functions of a list of elements, `(A, (B, ()))`: closures of one to six arguments, and those with an argument that is
//! always the same.

/// A function of as many elements as the list has.
pub(crate) trait Function<Items> {
    /// What it returns.
    type Output;

    /// Applies it to the elements.
    fn call(&mut self, items: Items) -> Self::Output;
}

macro_rules! functions {
    ($($list:ty, $pattern:pat => ($($item:ident)*);)*) => {$(
        impl<T, Z, $($item),*> Function<$list> for T
        where
            T: FnMut($($item),*) -> Z,
        {
            type Output = Z;

            #[inline(always)]
            #[expect(non_snake_case, reason = "elements have the names of their types")]
            fn call(&mut self, $pattern: $list) -> Z {
                self($($item),*)
            }
        }
    )*};
}

functions! {
    (A, ()), (A, ()) => (A);
    (A, (B, ())), (A, (B, ())) => (A B);
    (A, (B, (C, ()))), (A, (B, (C, ()))) => (A B C);
    (A, (B, (C, (D, ())))), (A, (B, (C, (D, ())))) => (A B C D);
    (A, (B, (C, (D, (E, ()))))), (A, (B, (C, (D, (E, ()))))) => (A B C D E);
    (A, (B, (C, (D, (E, (F, ())))))), (A, (B, (C, (D, (E, (F, ())))))) => (A B C D E F);
}

/// A function whose first argument is always the same.
pub(crate) struct WithFirst<F, A> {
    pub(crate) f: F,
    pub(crate) first: A,
}

impl<F: Function<(A, R)>, A: Copy, R> Function<R> for WithFirst<F, A> {
    type Output = F::Output;

    #[inline(always)]
    fn call(&mut self, rest: R) -> F::Output {
        self.f.call((self.first, rest))
    }
}

/// A function whose second argument is always the same.
pub(crate) struct WithSecond<F, B> {
    pub(crate) f: F,
    pub(crate) second: B,
}

impl<F: Function<(A, (B, R))>, A, B: Copy, R> Function<(A, R)> for WithSecond<F, B> {
    type Output = F::Output;

    #[inline(always)]
    fn call(&mut self, (first, rest): (A, R)) -> F::Output {
        self.f.call((first, (self.second, rest)))
    }
}
