//! Copies a row of memory after which another is copied that may lie anywhere.
//!
//! From 2 KiB to 1 MiB, glibc's `memcpy` takes the instruction `rep movsb`. Where the output begins at a multiple of 32 bytes
//! nothing is faster, because it does not read the lines that it overwrites. Elsewhere it is slow, and at
//! some places very slow (see [`runs`](super::runs)). There a row is copied in pieces that are too short for it, and while it is,
//! the next one is asked for, which the processor does not see coming.

use super::ahead::will_read;

/// Where an output has to begin for a copy at once.
const ALIGNED: usize = 32;

/// What is copied at once elsewhere.
const PIECE_BYTES: usize = 512;

/// `out` becomes `row`, before it becomes time to copy `next()`.
#[inline(always)]
pub(super) fn copy_row<'a, A: Copy + 'a>(row: &[A], out: &mut [A], next: impl FnOnce() -> &'a [A]) {
    if size_of_val(row) <= PIECE_BYTES || out.as_ptr().addr().is_multiple_of(ALIGNED) {
        out.copy_from_slice(row);
    } else {
        copy_in_pieces(row, out, next());
    }
}

#[inline(never)]
fn copy_in_pieces<A: Copy>(row: &[A], out: &mut [A], next: &[A]) {
    let piece = (PIECE_BYTES / size_of::<A>()).max(1);
    for (at, (row, out)) in row.chunks(piece).zip(out.chunks_mut(piece)).enumerate() {
        will_read(next.as_ptr().wrapping_add(at * piece));
        out.copy_from_slice(row);
    }
}
