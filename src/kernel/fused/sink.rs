//! An output as a walk writes it: piece after piece of a span (a lane, or all of the output), each as a slice.
//!
//! Where the span is contiguous and not streamed, the slice is its own memory. Elsewhere it is a tile on the stack, from
//! which elements are streamed, or stored one by one.

use ndarray::{ArrayViewMut1, Slice};

use crate::kernel::engine::cpu::stream::{self, Fenced, Stream};

/// An output, of which pieces of at most `N` elements are written to a tile where they have to be.
#[expect(missing_debug_implementations, reason = "public for the macro alone")]
pub struct Sink<'a, 'f, A, const N: usize> {
    span: Span<'a, 'f, A>,
    /// How many elements of the span were written.
    written: usize,
    /// Made when it is needed: an array of elements has to be filled.
    tile: Option<[A; N]>,
}

enum Span<'a, 'f, A> {
    None,
    Slice(&'a mut [A]),
    Streamed(Stream<'f, A>),
    Strided(ArrayViewMut1<'a, A>),
}

impl<'a, 'f, A: Copy + 'static, const N: usize> Sink<'a, 'f, A, N> {
    pub(super) fn new() -> Self {
        Sink { span: Span::None, written: 0, tile: None }
    }

    /// Begins a span, which is streamed if it is contiguous and there is a fence.
    #[inline(never)]
    pub(super) fn begin(&mut self, span: ArrayViewMut1<'a, A>, fence: Option<&'f Fenced<'a>>) {
        self.written = 0;
        self.span = match (span.is_standard_layout(), fence) {
            (true, None) => Span::Slice(span.into_slice().expect("just seen")),
            (true, Some(fence)) => {
                let slice = span.into_slice().expect("just seen");
                if let (None, Some(&any)) = (&self.tile, slice.first()) {
                    self.tile = Some([any; N]);
                }
                Span::Streamed(Stream::new(slice, fence))
            }
            (false, _) => {
                self.tile.get_or_insert_with(|| [span[0]; N]);
                Span::Strided(span)
            }
        };
    }

    #[inline(never)]
    pub(super) fn lend(&mut self, len: usize, with_old: bool) -> &mut [A] {
        let part = self.written..self.written + len;
        match (&mut self.span, &mut self.tile) {
            (Span::Slice(slice), _) => &mut slice[part],
            (Span::Streamed(stream), Some(tile)) => {
                let tile = &mut tile[..len];
                if with_old {
                    tile.copy_from_slice(stream.old(part));
                }
                tile
            }
            (Span::Strided(span), Some(tile)) => {
                let tile = &mut tile[..len];
                if with_old {
                    let old = span.slice_axis(ndarray::Axis(0), Slice::from(part));
                    tile.iter_mut().zip(old).for_each(|(tile, &old)| *tile = old);
                }
                tile
            }
            _ => &mut [],
        }
    }

    #[inline(never)]
    pub(super) fn done(&mut self, len: usize) {
        let part = self.written..self.written + len;
        self.written += len;
        match (&mut self.span, &self.tile) {
            (Span::Streamed(stream), Some(tile)) => stream.copy(part, &tile[..len]),
            (Span::Strided(span), Some(tile)) => {
                let new = span.slice_axis_mut(ndarray::Axis(0), Slice::from(part));
                new.into_iter().zip(tile).for_each(|(new, &tile)| *new = tile);
            }
            _ => {}
        }
    }
}

/// What decides whether outputs are streamed: the memory of all operands, and a bit for each output that is read as
/// well, whose lines are in the cache when it is written.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    pub(super) operand_bytes: usize,
    pub(super) own: u8,
}

impl Streams {
    /// Whether the first output, of elements `A`, is streamed.
    #[inline]
    pub(super) fn first<A: 'static>(self) -> bool {
        self.own & 1 == 0 && stream::pays::<A>(self.operand_bytes)
    }

    /// What decides for the others.
    #[inline]
    pub(super) fn others(self) -> Self {
        Streams { own: self.own >> 1, ..self }
    }
}
