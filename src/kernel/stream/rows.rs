//! Rows that are streamed one after another, and rows of two outputs that are streamed at once.

use std::mem;
use std::ops::Range;

use super::{BLOCK, Block, Fill, LINE_BYTES, Stream, cut, store_edge, write_blocks};

/// Computes elements of two outputs into a block each. (It is copied for the ends of a part: what is lent to a function that
/// is not inlined is read again for each block.)
pub(in crate::kernel) trait FillBoth<B>: Copy {
    /// Computes the elements from number `at` on; both blocks are equally long.
    fn fill(&self, at: usize, first: &mut [B], second: &mut [B]);
}

/// Whether elements of the same number lie at the same place on a line in both.
pub(in crate::kernel) fn lie_alike<B>(first: &[B], second: &[B]) -> bool {
    first.as_ptr().addr().abs_diff(second.as_ptr().addr()).is_multiple_of(LINE_BYTES)
}

impl<B: Copy + 'static> Stream<'_, B> {
    /// [`write_by`](Self::write_by) for parts that are written one after the other: a line that two of them share is put
    /// together in the cache. (Streamed in pieces, rows took a sixth longer.)
    #[inline(always)]
    pub(in crate::kernel) fn write_in_turn_by(
        &mut self,
        store: impl Fn(&Block<B>, &mut Block<B>),
        part: Range<usize>,
        mut fill: impl Fill<B>,
    ) {
        let out = &mut self.out[part];
        let Some(&any) = out.first() else { return };
        let (head, blocks, tail) = cut(out);
        fill.fill(0, head);
        let at = write_blocks(head.len(), any, blocks, &mut fill, store);
        let per_line = LINE_BYTES / mem::size_of::<B>().max(1);
        let (lines, tail) = tail.split_at_mut(tail.len() - tail.len() % per_line);
        let edge = &mut [any; BLOCK][..lines.len()];
        fill.fill(at, edge);
        store_edge(edge, lines);
        fill.fill(at + lines.len(), tail);
    }

    /// [`write_by`](Self::write_by) for the same part of two outputs, in which it begins at the same place on a line.
    #[inline(always)]
    pub(in crate::kernel) fn write_both_by(
        [first, second]: [&mut Self; 2],
        store: impl Fn(&Block<B>, &mut Block<B>),
        part: Range<usize>,
        fill: impl FillBoth<B>,
    ) {
        assert!(lie_alike(first.out, second.out), "parts begin at the same place on a line");
        let Some(&any) = first.out[part.clone()].first() else { return };
        let (head, blocks, tail) = cut(&mut first.out[part.clone()]);
        let (other_head, others, other_tail) = cut(&mut second.out[part]);
        let mut at = head.len();
        // The head is everything where elements never come to lie on a line.
        for (part, pair) in head.chunks_mut(BLOCK).zip(other_head.chunks_mut(BLOCK)).enumerate() {
            write_edges(part * BLOCK, any, pair, fill);
        }
        for (out, other) in blocks.iter_mut().zip(others) {
            let (mut block, mut other_block) = ([any; BLOCK], [any; BLOCK]);
            fill.fill(at, &mut block, &mut other_block);
            store(&block, out);
            store(&other_block, other);
            at += BLOCK;
        }
        write_edges(at, any, (tail, other_tail), fill);
    }
}

/// Writes at most a block of both outputs, from number `at` on. (`any` is any value.)
#[inline(never)]
fn write_edges<B: Copy + 'static>(
    at: usize,
    any: B,
    (first, second): (&mut [B], &mut [B]),
    fill: impl FillBoth<B>,
) {
    let mut edges = [[any; BLOCK]; 2];
    let [edge, other_edge] = &mut edges;
    let (edge, other_edge) = (&mut edge[..first.len()], &mut other_edge[..second.len()]);
    fill.fill(at, edge, other_edge);
    store_edge(edge, first);
    store_edge(other_edge, second);
}
