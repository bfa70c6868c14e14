//! Streamed rows: copies of rows, neighbouring rows that are written one after another, and equal parts of two outputs
//! that are written at once.

use std::mem;
use std::ops::Range;

use super::{Fill, LINE_BYTES, Stream, cut, store, store_block, store_edge, write_blocks};
use crate::kernel::engine::cpu::dispatch::{self, Loop, Simd};
use crate::kernel::engine::cpu::prefetch;
use crate::kernel::engine::tuning::STREAM_BLOCK;

/// Computes the elements of two outputs, a block of each at a time.
///
/// It is `Copy`, and copied for the ends of a part: what is lent to a function that is not inlined is reloaded for each
/// block.
pub(crate) trait FillBoth<B>: Copy {
    /// Computes the elements from number `at` on; both blocks are equally long.
    fn fill(&self, at: usize, first: &mut [B], second: &mut [B]);
}

/// Whether elements of the same number have the same offset within a cache line in both.
pub(crate) fn lie_alike<B>(first: &[B], second: &[B]) -> bool {
    first.as_ptr().addr().abs_diff(second.as_ptr().addr()).is_multiple_of(LINE_BYTES)
}

impl<B: Copy + 'static> Stream<'_, B> {
    /// Writes `a` to a part of the output that is as long.
    #[inline]
    pub(crate) fn copy(&mut self, part: Range<usize>, a: &[B]) {
        self.copy_with(part, a, |_| ());
    }

    /// [`copy`](Self::copy), and prefetches as many elements from `next` on, which is copied after this part.
    #[inline]
    pub(crate) fn copy_before(&mut self, part: Range<usize>, a: &[B], next: *const B) {
        self.copy_with(part, a, |at| prefetch::block_into_l2(next.wrapping_add(at)));
    }

    /// [`copy`](Self::copy), and calls `before` with the number of each block's first element.
    #[inline(always)]
    fn copy_with(&mut self, part: Range<usize>, a: &[B], before: impl Fn(usize)) {
        let out = &mut self.out[part];
        assert_eq!(a.len(), out.len(), "a part is as long as what is written to it");
        let (head, blocks, tail) = cut(out);
        let (a_head, a_rest) = a.split_at(head.len());
        let (a_blocks, a_tail) = a_rest.as_chunks();
        // SAFETY: `out` is of plain numbers, and the fence of `over` comes.
        unsafe { store_edge(a_head, head) };
        for (at, (a, out)) in a_blocks.iter().zip(blocks).enumerate() {
            before(at * STREAM_BLOCK);
            // SAFETY: the same, and `cut` has begun blocks on a line.
            unsafe { store(a, out) };
        }
        // SAFETY: as for the head.
        unsafe { store_edge(a_tail, tail) };
    }

    /// Writes a part; parts that follow each other in memory are written one after another. A cache line that two of
    /// them share is completed in the cache by plain stores. (With streamed pieces, rows took a sixth longer.)
    #[inline(always)]
    pub(crate) fn write_in_turn(&mut self, part: Range<usize>, fill: impl Fill<B>) {
        dispatch::run(InTurn { part, fill }, self);
    }

    /// Writes the same part of two outputs, which has the same offset within a cache line in both.
    #[inline(always)]
    pub(crate) fn write_both(outs: [&mut Self; 2], part: Range<usize>, fill: impl FillBoth<B>) {
        dispatch::run(Both { part, fill }, outs);
    }

    #[inline(always)]
    fn write_in_turn_by(&mut self, simd: impl Simd, part: Range<usize>, mut fill: impl Fill<B>) {
        let out = &mut self.out[part];
        let Some(&any) = out.first() else { return };
        let (head, blocks, tail) = cut(out);
        fill.fill(0, head);
        // SAFETY: `out` is of plain numbers, `cut` has begun these blocks on a line, and the fence of `over` comes.
        let at = unsafe { write_blocks(simd, head.len(), any, blocks, &mut fill) };
        let per_line = LINE_BYTES / mem::size_of::<B>();
        let (lines, tail) = tail.split_at_mut(tail.len() - tail.len() % per_line);
        let edge = &mut [any; STREAM_BLOCK][..lines.len()];
        fill.fill(at, edge);
        // SAFETY: `out` is of plain numbers, and the fence of `over` comes.
        unsafe { store_edge(edge, lines) };
        fill.fill(at + lines.len(), tail);
    }

    #[inline(always)]
    fn write_both_by(
        [first, second]: [&mut Self; 2],
        simd: impl Simd,
        part: Range<usize>,
        fill: impl FillBoth<B>,
    ) {
        assert!(lie_alike(first.out, second.out), "parts begin at the same place on a line");
        let Some(&any) = first.out[part.clone()].first() else { return };
        let (head, blocks, tail) = cut(&mut first.out[part.clone()]);
        let (other_head, others, other_tail) = cut(&mut second.out[part]);
        let mut at = head.len();
        // Where elements never begin on a cache line, the head is everything.
        for (part, pair) in
            head.chunks_mut(STREAM_BLOCK).zip(other_head.chunks_mut(STREAM_BLOCK)).enumerate()
        {
            // SAFETY: both are of plain numbers, and the fences of `over` come.
            unsafe { write_edges(part * STREAM_BLOCK, any, pair, fill) };
        }
        for (out, other) in blocks.iter_mut().zip(others) {
            let (mut block, mut other_block) = ([any; STREAM_BLOCK], [any; STREAM_BLOCK]);
            fill.fill(at, &mut block, &mut other_block);
            for (block, out) in [(&block, out), (&other_block, other)] {
                // SAFETY: both are of plain numbers, `cut` has begun these blocks on a line, and the fences of `over`
                // come.
                unsafe { store_block(simd, block, out) };
            }
            at += STREAM_BLOCK;
        }
        // SAFETY: as for the heads.
        unsafe { write_edges(at, any, (tail, other_tail), fill) };
    }
}

struct InTurn<F> {
    part: Range<usize>,
    fill: F,
}

impl<B: Copy + 'static, F: Fill<B>> Loop<&mut Stream<'_, B>> for InTurn<F> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, simd: V, out: &mut Stream<'_, B>) {
        out.write_in_turn_by(simd, self.part, self.fill);
    }
}

struct Both<F> {
    part: Range<usize>,
    fill: F,
}

impl<B: Copy + 'static, F: FillBoth<B>> Loop<[&mut Stream<'_, B>; 2]> for Both<F> {
    type Output = ();

    #[inline(always)]
    fn run<V: Simd>(self, simd: V, outs: [&mut Stream<'_, B>; 2]) {
        Stream::write_both_by(outs, simd, self.part, self.fill);
    }
}

/// Writes at most a block of both outputs, from number `at` on. (`any` is any value.)
///
/// # Safety
///
/// As for [`store_edge`].
#[inline(never)]
unsafe fn write_edges<B: Copy + 'static>(
    at: usize,
    any: B,
    (first, second): (&mut [B], &mut [B]),
    fill: impl FillBoth<B>,
) {
    let mut edges = [[any; STREAM_BLOCK]; 2];
    let [edge, other_edge] = &mut edges;
    let (edge, other_edge) = (&mut edge[..first.len()], &mut other_edge[..second.len()]);
    fill.fill(at, edge, other_edge);
    // SAFETY: demanded of the caller.
    unsafe { store_edge(edge, first) };
    // SAFETY: the same.
    unsafe { store_edge(other_edge, second) };
}
