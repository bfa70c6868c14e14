//! The operands of an elementwise loop, as a list: `(&[A], (&[B], ()))`.
//!
//! A list of slices may hold some that are shorter than the output: each of these is one element, which broadcasting
//! repeats. [`Slices`] knows ways to turn such a list into [`Operands`], which a loop reads element by element:
//! [`resolve`](Slices::resolve), which compiles a loop for each combination, or [`or_blocks`](Slices::or_blocks), which
//! serves all of them.

/// What a loop reads: slices of its length, repeated elements, or blocks of one.
pub(crate) trait Operands: Copy {
    type Items;

    /// Element number `at` of each operand.
    fn items(self, at: usize) -> Self::Items;
    /// `len` elements of each, from number `at` on.
    fn part(self, at: usize, len: usize) -> Self;
    /// [`part`](Self::part) of slices of `whole` elements. Shorter slices are blocks of one repeated element.
    fn part_or_block(self, whole: usize, at: usize, len: usize) -> Self;
}

/// The first operand of a list.
pub(crate) trait Operand: Copy {
    type Item;

    fn item(self, at: usize) -> Self::Item;
    fn part(self, at: usize, len: usize) -> Self;
    fn part_or_block(self, whole: usize, at: usize, len: usize) -> Self;
}

impl<A: Copy> Operand for &[A] {
    type Item = A;

    #[inline(always)]
    fn item(self, at: usize) -> A {
        self[at]
    }
    #[inline(always)]
    fn part(self, at: usize, len: usize) -> Self {
        &self[at..][..len]
    }
    #[inline(always)]
    fn part_or_block(self, whole: usize, at: usize, len: usize) -> Self {
        self.part(if self.len() == whole { at } else { 0 }, len)
    }
}

/// A repeated element.
#[derive(Clone, Copy)]
pub(crate) struct Repeated<A>(A);

impl<A: Copy> Operand for Repeated<A> {
    type Item = A;

    #[inline(always)]
    fn item(self, _: usize) -> A {
        self.0
    }
    #[inline(always)]
    fn part(self, _: usize, _: usize) -> Self {
        self
    }
    #[inline(always)]
    fn part_or_block(self, _: usize, _: usize, _: usize) -> Self {
        self
    }
}

impl Operands for () {
    type Items = ();

    #[inline(always)]
    fn items(self, _: usize) {}
    #[inline(always)]
    fn part(self, _: usize, _: usize) {}
    #[inline(always)]
    fn part_or_block(self, _: usize, _: usize, _: usize) {}
}

impl<H: Operand, R: Operands> Operands for (H, R) {
    type Items = (H::Item, R::Items);

    #[inline(always)]
    fn items(self, at: usize) -> Self::Items {
        (self.0.item(at), self.1.items(at))
    }
    #[inline(always)]
    fn part(self, at: usize, len: usize) -> Self {
        (self.0.part(at, len), self.1.part(at, len))
    }
    #[inline(always)]
    fn part_or_block(self, whole: usize, at: usize, len: usize) -> Self {
        (self.0.part_or_block(whole, at, len), self.1.part_or_block(whole, at, len))
    }
}

/// Slices, each as long as the output or one repeated element.
pub(crate) trait Slices: Operands {
    /// The first element of each slice, `N` times.
    type Blocks<const N: usize>;
    type OrBlocks<'b>: Operands<Items = Self::Items>
    where
        Self: 'b;

    /// How many slices there are.
    const COUNT: usize;
    /// The size of the largest element.
    const ELEMENT_BYTES: usize;

    /// Whether each slice has `len` elements.
    fn are_long(self, len: usize) -> bool;
    /// Shows the list to `visitor`, with [`Repeated`] in place of each slice that has not `len` elements.
    fn resolve<V: Visitor<Self::Items>>(self, len: usize, visitor: V) -> V::Output;
    /// A block of each slice.
    fn blocks<const N: usize>(self) -> Self::Blocks<N>;
    /// Each slice of `len` elements, and blocks in place of the others.
    fn or_blocks<'b, const N: usize>(
        self,
        len: usize,
        blocks: &'b Self::Blocks<N>,
    ) -> Self::OrBlocks<'b>
    where
        Self: 'b;
}

impl Slices for () {
    type Blocks<const N: usize> = ();
    type OrBlocks<'b> = ();

    const COUNT: usize = 0;
    const ELEMENT_BYTES: usize = 0;

    #[inline(always)]
    fn are_long(self, _: usize) -> bool {
        true
    }
    #[inline(always)]
    fn resolve<V: Visitor<()>>(self, _: usize, visitor: V) -> V::Output {
        visitor.visit(())
    }
    #[inline(always)]
    fn blocks<const N: usize>(self) {}
    #[inline(always)]
    fn or_blocks<'b, const N: usize>(self, _: usize, (): &'b ())
    where
        Self: 'b,
    {
    }
}

impl<A: Copy, R: Slices> Slices for (&[A], R) {
    type Blocks<const N: usize> = ([A; N], R::Blocks<N>);
    type OrBlocks<'b>
        = (&'b [A], R::OrBlocks<'b>)
    where
        Self: 'b;

    const COUNT: usize = 1 + R::COUNT;
    const ELEMENT_BYTES: usize =
        if size_of::<A>() > R::ELEMENT_BYTES { size_of::<A>() } else { R::ELEMENT_BYTES };

    #[inline(always)]
    fn are_long(self, len: usize) -> bool {
        self.0.len() == len && self.1.are_long(len)
    }
    #[inline(always)]
    fn resolve<V: Visitor<(A, R::Items)>>(self, len: usize, visitor: V) -> V::Output {
        match self.0.len() == len {
            true => self.1.resolve(len, Behind { head: self.0, visitor }),
            false => self.1.resolve(len, Behind { head: Repeated(self.0[0]), visitor }),
        }
    }
    #[inline(always)]
    fn blocks<const N: usize>(self) -> Self::Blocks<N> {
        ([self.0[0]; N], self.1.blocks())
    }
    #[inline(always)]
    fn or_blocks<'b, const N: usize>(
        self,
        len: usize,
        blocks: &'b Self::Blocks<N>,
    ) -> Self::OrBlocks<'b>
    where
        Self: 'b,
    {
        (if self.0.len() == len { self.0 } else { &blocks.0 }, self.1.or_blocks(len, &blocks.1))
    }
}

/// Whoever wants to see operands of these items, whatever their types.
pub(crate) trait Visitor<Items> {
    type Output;

    fn visit<I: Operands<Items = Items>>(self, operands: I) -> Self::Output;
}

/// A visitor of a tail, which passes on the whole list.
struct Behind<H, V> {
    head: H,
    visitor: V,
}

impl<Items, H: Operand, V: Visitor<(H::Item, Items)>> Visitor<Items> for Behind<H, V> {
    type Output = V::Output;

    #[inline(always)]
    fn visit<I: Operands<Items = Items>>(self, tail: I) -> V::Output {
        self.visitor.visit((self.head, tail))
    }
}
