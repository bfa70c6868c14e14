//! Rows of large arrays in another order: read as they lie, written past the cache to where they belong.
//!
//! A permutation can be applied from either side: row i of the output is *gathered* from row p\[i\], or row i of the
//! input is *scattered* to row p⁻¹\[i\]. To gather reads here and there, and the processor fetches only what lies ahead
//! of where a program reads: each row begins with a wait. To scatter writes here and there, and nobody waits
//! for what is streamed. Where the arrays leave the cache, streamed rows took 0.8 to 0.9 times as long scattered as
//! gathered (`docs/performance.md`); where they fit, streaming does not pay, and rows are gathered.

use std::mem;

use super::stream::{self, Stream};

/// Whether an array as large as `a` is better scattered.
pub(super) fn pays<A: 'static>(a: &[A]) -> bool {
    stream::pays::<A>(2 * mem::size_of_val(a))
}

/// Writes the order that undoes `source` into `target`: where row i goes if row `source(i)` comes to i.
pub(super) fn invert(source: impl Fn(usize) -> usize, target: &mut [u32]) {
    for position in 0..target.len() {
        target[source(position)] = position as u32; // rows are counted in 32 bits here
    }
}

/// Row i of `a` becomes row `target[i]` of `out`; rows have `len` elements.
pub(super) fn rows<A: Copy + 'static>(a: &[A], len: usize, target: &[u32], out: &mut [A]) {
    let mut out = Stream::over(out);
    for (row, &target) in a.chunks_exact(len).zip(target) {
        let start = target as usize * len;
        out.copy(start..start + len, row);
    }
}
