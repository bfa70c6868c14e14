//! Functions of a list of elements, `(A, (B, ()))`: closures of one to six arguments.

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
